//! `rules.toml` and `checks/*.toml`: rules and shared checks as written.

use std::sync::Arc;

use super::layer::{duplicates, read_severity};
use super::{Placed, Severity, expression, placed};
use crate::schema::Expression;
use crate::source::{Diagnostic, Diagnostics, Entry, Fields, Node, SourceFile, Span};

/// What a rule or a check does.
#[derive(Debug, Clone)]
pub enum RawBody {
    /// Where `when` holds, this must hold.
    Assert(Expression),
    /// Materials, with their form.
    Require(Box<RawRequire>),
    /// A question for a reviewer.
    Manual(Expression),
    /// Information for the filer.
    Notice(Expression),
    /// A shared check.
    Use {
        /// Its id.
        check: Placed,
        /// The parameters.
        with: Vec<Entry>,
        /// Where they are written.
        with_span: Span,
    },
}

/// A requirement as written: the engine's own keys, and the forms by their ids.
#[derive(Debug, Clone)]
pub struct RawRequire {
    /// The table's place.
    pub span: Span,
    /// The file.
    pub file: Arc<SourceFile>,
    /// One material.
    pub material: Option<Node>,
    /// One of these.
    pub any_of: Option<Node>,
    /// All of these.
    pub all_of: Option<Node>,
    /// What the handed-in material must say that it is for.
    pub for_whom: Option<Expression>,
    /// Words for the line.
    pub note: Option<Expression>,
    /// Which handed-in materials count.
    pub filter: Option<Expression>,
    /// The engine's own keys, for messages.
    pub keys: Vec<&'static str>,
    /// Forms.
    pub forms: Vec<Entry>,
}

/// What rules and checks have in common.
#[derive(Debug, Clone)]
pub struct RawCommon {
    /// The id and its place.
    pub id: Placed,
    /// The file.
    pub file: Arc<SourceFile>,
    /// What it is evaluated per.
    pub each: Option<Placed>,
    /// When it applies.
    pub when: Option<Expression>,
    /// What must hold, as a title.
    pub title: Option<Expression>,
    /// What to do.
    pub fix: Option<Expression>,
    /// What else to know.
    pub note: Option<Expression>,
    /// Where a violation points.
    pub at: Vec<Placed>,
}

/// A rule's applicability key and the values it lists.
#[derive(Debug, Clone)]
pub struct RawApplicability {
    /// The key.
    pub key: Placed,
    /// The values.
    pub values: Vec<Placed>,
}

/// A rule.
#[derive(Debug, Clone)]
pub struct RawRule {
    /// What checks have as well.
    pub common: RawCommon,
    /// What it does.
    pub body: RawBody,
    /// Of whom it holds.
    pub applicability: Vec<RawApplicability>,
    /// How bad a violation is.
    pub severity: Option<Severity>,
    /// The facts it encodes; absent means the one of its own id.
    pub facts: Option<Vec<Placed>>,
    /// The rules whose place it takes.
    pub replaces: Vec<Placed>,
    /// From this day.
    pub from: Option<chrono::NaiveDate>,
    /// To this day.
    pub until: Option<chrono::NaiveDate>,
}

/// A shared check.
#[derive(Debug, Clone)]
pub struct RawCheck {
    /// What rules have as well.
    pub common: RawCommon,
    /// What it does.
    pub body: RawBody,
    /// Parameters and their types.
    pub parameters: Vec<(Placed, Placed)>,
    /// Defaults of parameters.
    pub defaults: Vec<Entry>,
    /// Which way a parameter is stricter: `greater` or `less`.
    pub stricter: Vec<(Placed, Placed)>,
}

/// A script function that a layer declares.
#[derive(Debug, Clone)]
pub struct RawScript {
    /// Its name.
    pub name: Placed,
    /// Types of its parameters.
    pub parameters: Vec<Placed>,
    /// Its result.
    pub returns: Placed,
}

/// A `rules.toml`.
#[derive(Debug, Clone)]
pub struct RawRules {
    /// The file.
    pub file: Arc<SourceFile>,
    /// Declared script functions.
    pub scripts: Vec<RawScript>,
    /// The rules.
    pub rules: Vec<RawRule>,
}

/// Reads a `rules.toml`; `dimensions` are the applicability keys of the schema.
pub fn read_rules(
    file: &Arc<SourceFile>,
    node: &Node,
    dimensions: &[String],
    out: &mut Diagnostics,
) -> Option<RawRules> {
    let mut top = Fields::new(file, "a rules file", node, out)?;
    let functions = top.table("functions", out);
    let nodes = top.tables("rule", out);
    top.finish(out);
    let mut scripts = Vec::new();
    for entry in functions {
        scripts.extend(read_script(file, entry, out));
    }
    let mut rules: Vec<RawRule> = Vec::with_capacity(nodes.len());
    for node in nodes {
        rules.extend(read_rule(file, node, dimensions, out));
    }
    duplicates(file, rules.iter().map(|rule| (rule.common.id.0.as_str(), &rule.common.id.1)), "rule", out);
    Some(RawRules { file: Arc::clone(file), scripts, rules })
}

/// Reads a file of `checks/`.
pub fn read_checks(file: &Arc<SourceFile>, node: &Node, out: &mut Diagnostics) -> Vec<RawCheck> {
    let Some(mut top) = Fields::new(file, "a file of checks", node, out) else { return Vec::new() };
    let nodes = top.tables("check", out);
    top.finish(out);
    let mut checks: Vec<RawCheck> = Vec::with_capacity(nodes.len());
    for node in nodes {
        checks.extend(read_check(file, node, out));
    }
    checks
}

fn read_script(file: &Arc<SourceFile>, entry: &Entry, out: &mut Diagnostics) -> Option<RawScript> {
    let mut fields = Fields::new(file, "a script function", &entry.node, out)?;
    let parameters = fields.texts("params", out).into_iter().map(placed).collect();
    let returns = fields.required_text("returns", out).map(placed);
    let _ = fields.text("doc", out);
    fields.finish(out);
    Some(RawScript { name: (entry.key.clone(), entry.key_span.clone()), parameters, returns: returns? })
}

fn read_common(file: &Arc<SourceFile>, fields: &mut Fields<'_>, out: &mut Diagnostics) -> Option<RawCommon> {
    let id = fields.required_text("id", out).map(placed);
    let each = fields.text("each", out).map(placed);
    let when = expression(fields, "when", file, out);
    let title = expression(fields, "title", file, out);
    let fix = expression(fields, "fix", file, out);
    let note = expression(fields, "note", file, out);
    let at = fields.texts("at", out).into_iter().map(placed).collect();
    Some(RawCommon { id: id?, file: Arc::clone(file), each, when, title, fix, note, at })
}

/// The bodies that are written in place; `use` is a rule's only.
fn read_bodies(file: &Arc<SourceFile>, fields: &mut Fields<'_>, out: &mut Diagnostics) -> Vec<(&'static str, RawBody)> {
    let mut bodies = Vec::new();
    if let Some(assert) = expression(fields, "assert", file, out) {
        bodies.push(("assert", RawBody::Assert(assert)));
    }
    if let Some(node) = fields.node("require")
        && let Some(require) = read_require(file, node, out)
    {
        bodies.push(("require", RawBody::Require(Box::new(require))));
    }
    if let Some(manual) = expression(fields, "manual", file, out) {
        bodies.push(("manual", RawBody::Manual(manual)));
    }
    if let Some(notice) = expression(fields, "notice", file, out) {
        bodies.push(("notice", RawBody::Notice(notice)));
    }
    bodies
}

fn one_body(
    file: &Arc<SourceFile>,
    id: &Placed,
    mut bodies: Vec<(&'static str, RawBody)>,
    may: &str,
    out: &mut Diagnostics,
) -> Option<RawBody> {
    match bodies.len() {
        1 => bodies.pop().map(|(_, body)| body),
        0 => {
            out.push(Diagnostic::error("no-body", format!("`{}` says nothing: it needs one of {may}", id.0)).at(
                file,
                id.1.clone(),
                "",
            ));
            None
        }
        _ => {
            let found: Vec<&str> = bodies.iter().map(|(name, _)| *name).collect();
            out.push(
                Diagnostic::error(
                    "two-bodies",
                    format!("`{}` has {}: only one is possible", id.0, found.join(" and ")),
                )
                .at(file, id.1.clone(), "")
                .help("write two rules; both may name the same fact"),
            );
            None
        }
    }
}

fn read_require(file: &Arc<SourceFile>, node: &Node, out: &mut Diagnostics) -> Option<RawRequire> {
    let mut fields = Fields::new(file, "`require`", node, out)?;
    let material = fields.node("material").cloned();
    let any_of = fields.node("any_of").cloned();
    let all_of = fields.node("all_of").cloned();
    let for_whom = expression(&mut fields, "for", file, out);
    let note = expression(&mut fields, "note", file, out);
    let filter = expression(&mut fields, "where", file, out);
    let keys = fields.known().to_vec();
    let forms = fields.rest().into_iter().cloned().collect();
    let named = [&material, &any_of, &all_of].into_iter().flatten().count();
    if named != 1 {
        out.push(Diagnostic::error("no-material", "`require` needs exactly one of `material`, `any_of`, `all_of`").at(
            file,
            node.span.clone(),
            "",
        ));
        return None;
    }
    let (span, file) = (node.span.clone(), Arc::clone(file));
    Some(RawRequire { span, file, material, any_of, all_of, for_whom, note, filter, keys, forms })
}

fn read_rule(file: &Arc<SourceFile>, node: &Node, dimensions: &[String], out: &mut Diagnostics) -> Option<RawRule> {
    let mut fields = Fields::new(file, "a rule", node, out)?;
    let common = read_common(file, &mut fields, out);
    let mut bodies = read_bodies(file, &mut fields, out);
    let check = fields.text("use", out).map(placed);
    let with = fields.entry("with");
    let severity = read_severity(file, &mut fields, out);
    let facts = fields.node("facts").map(|_| fields.texts("facts", out).into_iter().map(placed).collect());
    let replaces = fields.texts("replaces", out).into_iter().map(placed).collect();
    let (from, until) = read_effective(file, &mut fields, out);
    let rest = fields.rest();
    let mut applicability = Vec::new();
    for entry in rest {
        if dimensions.contains(&entry.key) {
            applicability.push(read_applicability(file, entry, out));
        } else {
            out.push(fields.unknown_key(entry, dimensions));
        }
    }
    let common = common?;
    match (check, with) {
        (Some(check), with) => {
            let (entries, span) = match with {
                Some(entry) => match entry.node.entries() {
                    Some(entries) => (entries.to_vec(), entry.key_span.clone()),
                    None => {
                        out.push(
                            Diagnostic::error("wrong-type", format!("`with` is a table, not {}", entry.node.kind()))
                                .at(file, entry.node.span.clone(), "expected `{ parameter = value }`"),
                        );
                        return None;
                    }
                },
                None => (Vec::new(), check.1.clone()),
            };
            bodies.push(("use", RawBody::Use { check, with: entries, with_span: span }));
        }
        (None, Some(entry)) => out.push(
            Diagnostic::error("with-without-use", "`with` gives parameters to a shared check, and there is no `use`")
                .at(file, entry.key_span.clone(), ""),
        ),
        (None, None) => {}
    }
    let body = one_body(file, &common.id, bodies, "`use`, `assert`, `require`, `manual`, `notice`", out)?;
    Some(RawRule { common, body, applicability, severity, facts, replaces, from, until })
}

fn read_effective(
    file: &Arc<SourceFile>,
    fields: &mut Fields<'_>,
    out: &mut Diagnostics,
) -> (Option<chrono::NaiveDate>, Option<chrono::NaiveDate>) {
    let Some(node) = fields.node("effective") else { return (None, None) };
    let Some(mut inner) = Fields::new(file, "`effective`", node, out) else { return (None, None) };
    let from = inner.date("from", out);
    let until = inner.date("until", out);
    inner.finish(out);
    if let (Some(from), Some(until)) = (from, until)
        && until < from
    {
        out.push(Diagnostic::error("never-effective", "`until` lies before `from`: the rule would never hold").at(
            file,
            node.span.clone(),
            "",
        ));
    }
    (from, until)
}

fn read_applicability(file: &Arc<SourceFile>, entry: &Entry, out: &mut Diagnostics) -> RawApplicability {
    let mut values = Vec::new();
    match entry.node.items() {
        Some(items) => {
            for item in items {
                match item.as_text() {
                    Some(text) => values.push((text.to_owned(), item.span.clone())),
                    None => out.push(
                        Diagnostic::error("wrong-type", format!("`{}` lists texts, not {}", entry.key, item.kind()))
                            .at(file, item.span.clone(), "expected a text"),
                    ),
                }
            }
            if items.is_empty() {
                out.push(
                    Diagnostic::error("never-applies", format!("`{}` is empty: the rule would never hold", entry.key))
                        .at(file, entry.node.span.clone(), "")
                        .help("leave the key out to mean all"),
                );
            }
        }
        None => out.push(
            Diagnostic::error("wrong-type", format!("`{}` is a list, not {}", entry.key, entry.node.kind())).at(
                file,
                entry.node.span.clone(),
                "expected a list of values",
            ),
        ),
    }
    RawApplicability { key: (entry.key.clone(), entry.key_span.clone()), values }
}

fn read_check(file: &Arc<SourceFile>, node: &Node, out: &mut Diagnostics) -> Option<RawCheck> {
    let mut fields = Fields::new(file, "a check", node, out)?;
    let common = read_common(file, &mut fields, out);
    let bodies = read_bodies(file, &mut fields, out);
    let parameters = pairs(file, fields.table("params", out), out);
    let defaults = fields.table("default", out).to_vec();
    let stricter = pairs(file, fields.table("stricter", out), out);
    fields.finish(out);
    let common = common?;
    let body = one_body(file, &common.id, bodies, "`assert`, `require`, `manual`, `notice`", out)?;
    Some(RawCheck { common, body, parameters, defaults, stricter })
}

pub(super) fn pairs(file: &Arc<SourceFile>, entries: &[Entry], out: &mut Diagnostics) -> Vec<(Placed, Placed)> {
    let mut pairs = Vec::with_capacity(entries.len());
    for entry in entries {
        match entry.node.as_text() {
            Some(text) => {
                let key = (entry.key.clone(), entry.key_span.clone());
                pairs.push((key, (text.to_owned(), entry.node.span.clone())));
            }
            None => {
                out.push(
                    Diagnostic::error("wrong-type", format!("`{}` is a text, not {}", entry.key, entry.node.kind()))
                        .at(file, entry.node.span.clone(), "expected a text"),
                )
            }
        }
    }
    pairs
}
