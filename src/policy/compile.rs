//! A rule as written → a [`Rule`]: its check is looked up, everything in it is checked and compiled.

use std::sync::Arc;

use chrono::Datelike;

use super::layer::LayerParts;
use super::raw::{RawBody, RawCommon, RawRule, Severity};
use super::rule::{APPLICABILITY, Body, Clause, Rule, RuleHead, Use};
use super::world::{Check, World, constant};
use crate::condition::{Base, Checker, Expr, Kind, Place, Scope, Target, Template, Ty, Value, WrongPath};
use crate::schema::Expression;
use crate::source::{Diagnostic, Diagnostics, Entry, Node, SourceFile, Span, place_in_literal};

mod require;

/// Compiles a rule; problems go to `out`.
pub(super) fn compile_rule(layer: &LayerParts, head: &RuleHead, raw: &RawRule, out: &mut Diagnostics) -> Option<Rule> {
    Compiler { world: &layer.world, layer }.rule(head, raw, out)
}

/// What selects a rule; problems go to `out`.
pub(super) fn head(layer: &LayerParts, raw: &RawRule, out: &mut Diagnostics) -> RuleHead {
    let (applies, written) = Compiler { world: &layer.world, layer }.applies(raw, out);
    let each = match &raw.body {
        RawBody::Use { check, .. } => layer.world.checks.get(&check.0).and_then(|check| check.raw.common.each.as_ref()),
        _ => raw.common.each.as_ref(),
    };
    let day = |date: chrono::NaiveDate| i64::from(date.num_days_from_ce());
    RuleHead {
        id: raw.common.id.0.clone(),
        applies,
        written,
        each: each.map_or_else(|| "filing".to_owned(), |(each, _)| each.clone()),
        from: raw.from.map(day),
        until: raw.until.map(day),
        replaces: raw.replaces.iter().map(|(id, _)| id.clone()).collect(),
    }
}

/// A rule that could not be compiled.
pub(super) fn broken(head: &RuleHead, raw: &RawRule, message: String) -> Rule {
    Rule {
        id: head.id.clone(),
        uses: None,
        target: Target::document(),
        when: Vec::new(),
        body: Body::Broken(message),
        severity: Severity::Block,
        facts: Vec::new(),
        title: Template::plain(head.id.clone()),
        fix: None,
        note: None,
        at: Vec::new(),
        file: Arc::clone(&raw.common.file),
        span: raw.common.id.1.clone(),
    }
}

/// Checks a shared check by itself, its parameters unknown, so that one that no rule uses is checked too.
pub(super) fn check_alone(layer: &LayerParts, check: &Check, out: &mut Diagnostics) {
    let compiler = Compiler { world: &layer.world, layer };
    let unknown = check.parameters.iter().map(|(name, ty)| (name.clone(), Value::Missing, ty.clone())).collect();
    let common = &check.raw.common;
    if let Some((target, scope)) = compiler.scope(common, &common.each, &unknown, out) {
        let parts = Parts { common, body: &check.raw.body, own: None };
        compiler.parts(&parts, target, scope, &unknown, out);
    }
    for entry in &check.raw.defaults {
        match check.parameters.iter().find(|(name, _)| *name == entry.key) {
            Some((_, ty)) => {
                constant(compiler.world, &common.file, ty, &entry.node, out);
            }
            None => unknown_parameter(&common.file, entry, check, out),
        }
    }
}

fn unknown_parameter(file: &Arc<SourceFile>, entry: &Entry, check: &Check, out: &mut Diagnostics) {
    let names: Vec<&str> = check.parameters.iter().map(|(name, _)| name.as_str()).collect();
    let id = &check.raw.common.id.0;
    out.push(
        Diagnostic::error("unknown-parameter", format!("the check `{id}` has no parameter `{}`", entry.key))
            .at(file, entry.key_span.clone(), "no such parameter")
            .help(match names.is_empty() {
                true => "it has no parameters".to_owned(),
                false => format!("its parameters are {}", names.join(", ")),
            })
            .suggest(&entry.key, names),
    );
}

type Parameters = Vec<(String, Value<'static>, Ty)>;

/// What a rule is made of: its own keys, and those of the check it uses.
struct Parts<'a> {
    /// The check's keys, or the rule's own when it uses none.
    common: &'a RawCommon,
    body: &'a RawBody,
    /// The rule's keys over the check's.
    own: Option<&'a RawCommon>,
}

/// The checked parts.
struct Compiled {
    target: Target,
    scope: Scope,
    when: Vec<Clause>,
    body: Option<Body>,
    title: Option<Template>,
    fix: Option<Template>,
    note: Option<Template>,
    at: Vec<Place>,
}

struct Compiler<'a> {
    world: &'a World,
    layer: &'a LayerParts,
}

impl Compiler<'_> {
    fn rule(&self, head: &RuleHead, raw: &RawRule, out: &mut Diagnostics) -> Option<Rule> {
        let before = out.error_count();
        let file = &raw.common.file;
        let facts = self.facts(raw, out);
        let (compiled, uses) = match &raw.body {
            RawBody::Use { check, with, with_span } => {
                let Some(found) = self.world.checks.get(&check.0) else {
                    out.push(
                        Diagnostic::error("unknown-check", format!("there is no check `{}`", check.0))
                            .at(file, check.1.clone(), "no such check")
                            .suggest(&check.0, self.world.checks.keys().map(String::as_str)),
                    );
                    return None;
                };
                let parameters = self.with(file, found, with, with_span, out)?;
                let each = &found.raw.common.each;
                if let Some((own, span)) = &raw.common.each
                    && each.as_ref().is_none_or(|(each, _)| each != own)
                {
                    let shared = each.as_ref().map_or("filing", |(each, _)| each.as_str());
                    out.push(
                        Diagnostic::error(
                            "other-each",
                            format!("the check is evaluated per `{shared}`, not per `{own}`"),
                        )
                        .at(file, span.clone(), "")
                        .help("leave `each` out: it is the check's"),
                    );
                }
                let (target, scope) = self.scope(&found.raw.common, each, &parameters, out)?;
                let parts = Parts { common: &found.raw.common, body: &found.raw.body, own: Some(&raw.common) };
                let compiled = self.parts(&parts, target, scope, &parameters, out);
                (compiled, Some(used(found, parameters)))
            }
            body => {
                let (target, scope) = self.scope(&raw.common, &raw.common.each, &Vec::new(), out)?;
                let parts = Parts { common: &raw.common, body, own: None };
                (self.parts(&parts, target, scope, &Vec::new(), out), None)
            }
        };
        let mut when = compiled.when;
        let narrowed = self.narrow(&compiled.target, &compiled.scope, &head.applies, out);
        when.splice(0..0, narrowed);
        let severity = raw.severity.or_else(|| facts.first().map(|fact| self.layer.facts.facts[*fact].severity));
        let severity =
            severity.or(matches!(compiled.body, Some(Body::Manual(_) | Body::Notice(_))).then_some(Severity::Info));
        let title = match (&raw.common.title, facts.first()) {
            (None, Some(fact)) => Some(Template::plain(self.layer.facts.facts[*fact].statement.clone())),
            _ => compiled.title,
        };
        if severity.is_none() {
            out.push(
                Diagnostic::error("no-severity", format!("the rule `{}` needs a severity", raw.common.id.0))
                    .at(file, raw.common.id.1.clone(), "")
                    .help("write `severity = \"block\"`, `\"warn\"` or `\"info\"`, or name the fact that it encodes"),
            );
        }
        if title.is_none() && out.error_count() == before {
            out.push(
                Diagnostic::error("no-title", format!("the rule `{}` needs a title", raw.common.id.0))
                    .at(file, raw.common.id.1.clone(), "")
                    .help("write `title = \"…\"`, or name the fact that it encodes"),
            );
        }
        if !raw.replaces.is_empty() && raw.common.note.is_none() {
            out.push(
                Diagnostic::error("no-reason", "a rule that replaces another must say why")
                    .at(file, raw.common.id.1.clone(), "")
                    .help("write `note = \"…\"`"),
            );
        }
        if out.error_count() > before {
            return None;
        }
        Some(Rule {
            id: raw.common.id.0.clone(),
            uses,
            target: compiled.target,
            when,
            body: compiled.body?,
            severity: severity?,
            facts,
            title: title?,
            fix: compiled.fix,
            note: compiled.note,
            at: compiled.at,
            file: Arc::clone(file),
            span: raw.common.id.1.clone(),
        })
    }

    /// The target and the names of a rule.
    fn scope(
        &self,
        common: &RawCommon,
        each: &Option<(String, Span)>,
        parameters: &Parameters,
        out: &mut Diagnostics,
    ) -> Option<(Target, Scope)> {
        let mut scope = Scope::root();
        let target = match each {
            None => Target::document(),
            Some((path, span)) => match Target::resolve(&self.world.schema, &mut scope, path) {
                Ok(target) => target,
                Err(wrong) => {
                    out.push(wrong_path(&common.file, span, path, &wrong, "`each` names no list of records"));
                    return None;
                }
            },
        };
        for (name, value, ty) in parameters {
            scope.bind_constant(name, Expr::constant(value.clone(), ty.clone(), (0, 0)));
        }
        Some((target, scope))
    }

    fn parts(
        &self,
        parts: &Parts<'_>,
        target: Target,
        scope: Scope,
        parameters: &Parameters,
        out: &mut Diagnostics,
    ) -> Compiled {
        let library = self.world.library(&self.layer.scripts);
        let mut checker = Checker::new(&library);
        let mut when = Vec::new();
        let own_when = parts.own.and_then(|own| own.when.as_ref());
        for source in parts.common.when.iter().chain(own_when) {
            when.extend(self.clause(&mut checker, source, &scope, &Ty::Bool, out));
        }
        let body = match parts.body {
            RawBody::Assert(source) => {
                self.clause(&mut checker, source, &scope, &Ty::Bool, out).map(|clause| Body::Assert(Box::new(clause)))
            }
            RawBody::Require(raw) => {
                self.require(&mut checker, raw, &scope, parameters, out).map(|require| Body::Require(Box::new(require)))
            }
            RawBody::Manual(text) => self.template(&mut checker, text, &scope, out).map(Body::Manual),
            RawBody::Notice(text) => self.template(&mut checker, text, &scope, out).map(Body::Notice),
            RawBody::Use { .. } => None,
        };
        let own = |get: fn(&RawCommon) -> &Option<Expression>| {
            parts.own.and_then(|own| get(own).as_ref()).or_else(|| get(parts.common).as_ref())
        };
        let title = own(|common| &common.title);
        let (fix, note) = (own(|common| &common.fix), own(|common| &common.note));
        let title = title.and_then(|text| self.template(&mut checker, text, &scope, out));
        let fix = fix.and_then(|text| self.template(&mut checker, text, &scope, out));
        let note = note.and_then(|text| self.template(&mut checker, text, &scope, out));
        let mut at = Vec::new();
        let with_at = parts.own.filter(|own| !own.at.is_empty()).unwrap_or(parts.common);
        for (path, span) in &with_at.at {
            match Place::resolve(&self.world.schema, &scope, path) {
                Ok(place) => at.push(place),
                Err(wrong) => out.push(wrong_path(&with_at.file, span, path, &wrong, "`at` leads nowhere")),
            }
        }
        if let (true, Some(Body::Assert(clause))) = (at.is_empty(), &body) {
            at = self.read_by(&clause.expr, &scope);
        }
        Compiled { target, scope, when, body, title, fix, note, at }
    }

    fn clause(
        &self,
        checker: &mut Checker<'_>,
        source: &Expression,
        scope: &Scope,
        expected: &Ty,
        out: &mut Diagnostics,
    ) -> Option<Clause> {
        let expr = self.world.expression(checker, source, scope, Some(expected), out)?;
        Some(Clause::new(expr, source.clone()))
    }

    fn template(
        &self,
        checker: &mut Checker<'_>,
        text: &Expression,
        scope: &Scope,
        out: &mut Diagnostics,
    ) -> Option<Template> {
        let mut template = Template::check(checker, text, scope, out)?;
        for expr in template.expressions_mut() {
            crate::condition::fold(expr, &self.world.schema, self.world.knows());
        }
        Some(template)
    }

    /// The fields that a condition reads: where a violation points when the rule does not say.
    fn read_by(&self, expr: &Expr, scope: &Scope) -> Vec<Place> {
        let mut at: Vec<Place> = Vec::new();
        expr.walk(&mut |part| {
            if let Kind::Slot(slot, field) = &part.kind {
                let outer = match slot.base {
                    Base::Root => true,
                    Base::Register(register) => register < scope.registers(),
                };
                let place = Place::of_slot(*slot, *field);
                if outer && !at.contains(&place) {
                    at.push(place);
                }
            }
        });
        at
    }

    /// Parameters from `with`, defaults of the check, and what is missing or too many.
    fn with(
        &self,
        file: &Arc<SourceFile>,
        check: &Check,
        with: &[Entry],
        with_span: &Span,
        out: &mut Diagnostics,
    ) -> Option<Parameters> {
        for entry in with {
            if !check.parameters.iter().any(|(name, _)| *name == entry.key) {
                unknown_parameter(file, entry, check, out);
            }
        }
        let mut parameters = Vec::new();
        let mut complete = true;
        for (name, ty) in &check.parameters {
            let given = with.iter().find(|entry| entry.key == *name).map(|entry| (file, entry));
            let default = check.raw.defaults.iter().find(|entry| entry.key == *name);
            match given.or(default.map(|entry| (&check.raw.common.file, entry))) {
                Some((file, entry)) => match self.parameter(file, ty, &entry.node, out) {
                    Some(value) => parameters.push((name.clone(), value, ty.clone())),
                    None => complete = false,
                },
                None => {
                    complete = false;
                    let id = &check.raw.common.id.0;
                    let words = ty.words(&self.world.schema);
                    out.push(
                        Diagnostic::error(
                            "missing-parameter",
                            format!("the check `{id}` needs the parameter `{name}`"),
                        )
                        .at(file, with_span.clone(), format!("`{name}` is missing: {words}"))
                        .related(
                            &check.raw.common.file,
                            check.raw.common.id.1.clone(),
                            "the check",
                        ),
                    );
                }
            }
        }
        complete.then_some(parameters)
    }

    /// A parameter's value: written out, or for a list an expression in quotes, such as `'words("finance")'`.
    fn parameter(&self, file: &Arc<SourceFile>, ty: &Ty, node: &Node, out: &mut Diagnostics) -> Option<Value<'static>> {
        let (Ty::List(_), Some(text)) = (ty, node.as_text()) else { return constant(self.world, file, ty, node, out) };
        let source = Expression { text: text.to_owned(), file: Arc::clone(file), span: node.span.clone() };
        let library = self.world.library(&[]);
        let mut checker = Checker::new(&library);
        let expr = self.world.expression(&mut checker, &source, &Scope::root(), Some(ty), out)?;
        match expr.as_const() {
            Some(value) => Some(value.clone()),
            None => {
                out.push(
                    Diagnostic::error("not-constant", "a parameter cannot depend on the filing")
                        .at(file, node.span.clone(), "")
                        .help("use tables and word lists only, such as `'words(\"finance\")'`"),
                );
                None
            }
        }
    }

    fn facts(&self, raw: &RawRule, out: &mut Diagnostics) -> Vec<usize> {
        let Some(named) = &raw.facts else {
            return self.layer.fact(&raw.common.id.0).into_iter().collect();
        };
        let mut facts = Vec::new();
        for (id, span) in named {
            match self.layer.fact(id) {
                Some(fact) => facts.push(fact),
                None => out.push(
                    Diagnostic::error("unknown-fact", format!("there is no fact `{id}` in this layer"))
                        .at(&raw.common.file, span.clone(), "no such fact")
                        .suggest(id, self.layer.facts.facts.iter().map(|fact| fact.id.as_str())),
                ),
            }
        }
        facts
    }

    /// The sets of values for which a rule holds, one per applicability key.
    fn applies(&self, raw: &RawRule, out: &mut Diagnostics) -> (Vec<u64>, Vec<(String, Vec<String>)>) {
        let mut sets: Vec<u64> = self.world.keys.iter().map(|key| key.dimension.default).collect();
        let mut written = Vec::new();
        for applicability in &raw.applicability {
            let Some(index) = self.world.keys.iter().position(|key| key.dimension.name == applicability.key.0) else {
                continue;
            };
            let enumeration = self.world.schema.enumeration(self.world.keys[index].dimension.values);
            let mut set = 0;
            for (id, span) in &applicability.values {
                if let Some(value) = enumeration.index(id) {
                    set |= 1 << value;
                } else if let Some((_, group)) = enumeration.groups.iter().find(|(name, _)| name == id) {
                    set |= group.iter().fold(0, |set, value| set | (1 << value));
                } else {
                    let groups = enumeration.groups.iter().map(|(name, _)| name.as_str());
                    out.push(
                        Diagnostic::error("unknown-value", format!("`{id}` is no value of `{}`", enumeration.name))
                            .at(&raw.common.file, span.clone(), "no such value")
                            .suggest(id, enumeration.ids().chain(groups)),
                    );
                }
            }
            sets[index] = set;
            let values = applicability.values.iter().map(|(id, _)| id.clone()).collect();
            written.push((applicability.key.0.clone(), values));
        }
        (sets, written)
    }

    /// Applicability through a list becomes a condition: on the element where the rule has one, else on any of the list.
    fn narrow(&self, target: &Target, scope: &Scope, applies: &[u64], out: &mut Diagnostics) -> Vec<Clause> {
        let library = self.world.library(&[]);
        let mut checker = Checker::new(&library);
        let mut clauses = Vec::new();
        for (key, set) in self.world.keys.iter().zip(applies).filter(|(key, _)| key.through_list) {
            let enumeration = self.world.schema.enumeration(key.dimension.values);
            let all = enumeration.values.len();
            let ids: Vec<String> = (0..all)
                .filter(|value| set >> value & 1 == 1)
                .filter_map(|value| enumeration.values.get(value))
                .map(|value| format!("\"{}\"", value.id))
                .collect();
            if ids.len() == all {
                continue;
            }
            let list = ids.join(", ");
            let element = target
                .elements
                .iter()
                .rev()
                .find_map(|name| key.dimension.element.iter().find(|(element, _)| element == name));
            let text = match element {
                Some((element, field)) => format!("{element}.{field} in [{list}]"),
                None => {
                    let own = through_list(&key.dimension.path, &list);
                    let list_path = key.dimension.path.split_last().map(|(_, list)| list.join("."));
                    match (&key.dimension.otherwise, list_path) {
                        (Some(otherwise), Some(empty)) => {
                            format!("{own} || ({empty}.is_empty() && {})", through_list(otherwise, &list))
                        }
                        _ => own,
                    }
                }
            };
            let file = SourceFile::new(APPLICABILITY, text.clone());
            let source = Expression { span: 0..text.len(), text, file };
            clauses.extend(self.clause(&mut checker, &source, scope, &Ty::Bool, out));
        }
        clauses
    }
}

/// `services.any(|x| x.kind in […])` for a path `services.kind`.
fn through_list(path: &[String], list: &str) -> String {
    let (last, init) = path.split_last().map_or(("", &[][..]), |(last, init)| (last.as_str(), init));
    format!("{}.any(|x| x.{last} in [{list}])", init.join("."))
}

fn used(check: &Check, parameters: Parameters) -> Use {
    let mut key = String::new();
    let mut ordered = Vec::new();
    for (name, value, _) in &parameters {
        match check.stricter.iter().find(|(ordered, _)| ordered == name) {
            Some((_, way)) => ordered.push((value.as_int().unwrap_or_default(), *way)),
            None => key.push_str(&format!("{name}={value:?};")),
        }
    }
    Use { check: check.raw.common.id.0.clone(), key, ordered, with: parameters }
}

pub(super) fn wrong_path(
    file: &Arc<SourceFile>,
    span: &Span,
    path: &str,
    wrong: &WrongPath,
    message: &str,
) -> Diagnostic {
    let inner = wrong.at..wrong.at + wrong.name.len();
    let place = place_in_literal(&file.text, span, inner);
    Diagnostic::error("unknown-path", format!("{message}: there is no `{}` in `{path}`", wrong.name))
        .at(file, place, "")
        .suggest(&wrong.name, wrong.candidates.iter().map(String::as_str))
}
