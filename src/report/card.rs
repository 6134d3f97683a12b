//! One rule or one fact of any layer, as people ask for it: what, of whom, since when, who says so.
//!
//! In: the layers and an id. Out: a card, whose JSON form is a public interface. No filing is needed; what a text says of
//! a filing is shown by the name of its field.

use std::sync::Arc;

use serde::Serialize;

use super::build::day_words;
use super::findings::cited_in;
use super::model::{Choice, Citation};
use crate::condition::{Context, Expr, FieldRef, Kind, Language, Part, Registers, Template, Unknowns, evaluate, words};
use crate::filing::Document;
use crate::policy::{Body, Fact, Layer, Require, Rule, RuleHead, Use, World};
use crate::source::{SourceFile, Span};

/// The version of the JSON form.
pub const VERSION: u32 = 1;

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleCard {
    /// The version of this form.
    pub version: u32,
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub layer: LayerName,
    /// `assert`, `require`, `manual` or `notice`.
    pub kind: &'static str,
    /// `block`, `warn` or `info`.
    pub severity: &'static str,
    /// What must hold.
    pub title: String,
    /// Of whom it holds: each key that does not allow everything.
    pub applies: Vec<Dimension>,
    /// What it is evaluated per, as a path.
    pub each: String,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The shared check that it makes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<CheckUse>,
    /// Conditions under which it applies.
    pub when: Vec<String>,
    /// The condition that must hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// The materials that it asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requires: Option<Requirement>,
    /// The question for a reviewer, or what the filer is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// What else to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Rules whose place it takes.
    pub replaces: Vec<String>,
    /// Rules that take its place.
    pub replaced_by: Vec<String>,
    /// The facts that it encodes.
    pub facts: Vec<FactCard>,
    /// Rules of any layer that make the same check.
    pub same_check: Vec<OtherRule>,
    /// Its test cases.
    pub cases: Vec<CaseName>,
    /// Where it is written.
    pub written: Written,
}

/// One fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FactCard {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub layer: LayerName,
    /// What it is about.
    pub topic: String,
    /// `restriction`, `material`, `process` or `advice`.
    pub kind: &'static str,
    /// `block`, `warn` or `info`.
    pub severity: &'static str,
    /// What is said.
    pub statement: String,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// How sure it is.
    pub confidence: &'static str,
    /// What else to know.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Who says so.
    pub sources: Vec<Citation>,
    /// The rules that encode it.
    pub rules: Vec<String>,
    /// Why no rule does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_encoded: Option<String>,
    /// Where it is written.
    pub written: Written,
}

/// A layer by its names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LayerName {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Who makes its rules.
    pub authority: String,
}

/// Of whom a rule holds, by one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dimension {
    /// The key.
    pub key: String,
    /// The field behind it, in words.
    pub label: String,
    /// The values.
    pub values: Vec<Named>,
}

/// A value and its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    /// As documents write it.
    pub id: String,
    /// As people read it.
    pub label: String,
}

/// A shared check and the parameters that a rule gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckUse {
    /// Its id.
    pub id: String,
    /// The parameters, in words.
    pub with: Vec<Parameter>,
}

/// A parameter of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value in words.
    pub value: String,
}

/// What a rule asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Requirement {
    /// Each line: one of these.
    pub materials: Vec<Vec<Choice>>,
    /// The form, in words.
    pub form: Vec<String>,
    /// What the material must say that it is for, as a condition.
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    pub for_whom: Option<String>,
    /// Which materials count.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// Words for the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Another rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherRule {
    /// Its id.
    pub id: String,
    /// Its layer's name.
    pub layer: String,
    /// What must hold.
    pub title: String,
}

/// A test case of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseName {
    /// The case.
    pub name: String,
    /// What it expects of the rule.
    pub expects: &'static str,
}

/// A place in a policy file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Written {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

/// Makes cards.
pub struct Cards<'a> {
    world: &'a World,
    layers: &'a [Arc<Layer>],
    language: Language,
    empty: Document,
}

impl<'a> Cards<'a> {
    /// All layers that could be read.
    pub fn new(world: &'a World, layers: &'a [Arc<Layer>], language: Language) -> Self {
        Self { world, layers, language, empty: Document::empty(&world.schema) }
    }

    /// The rule of an id; its cases come from the caller.
    pub fn rule(&self, id: &str, cases: Vec<CaseName>) -> Option<RuleCard> {
        let (layer, rule, head) = self.layers.iter().find_map(|layer| {
            let (_, lazy) = layer.rule(id)?;
            Some((layer, &**lazy, &lazy.head))
        })?;
        let (condition, requires, text) = match &rule.body {
            Body::Assert(clause) => (Some(clause.source.text.clone()), None, None),
            Body::Require(require) => (None, Some(self.requirement(require)), None),
            Body::Manual(text) | Body::Notice(text) => (None, None, Some(self.words(text))),
            Body::Broken(message) => (None, None, Some(message.clone())),
        };
        let words = |template: &Option<Template>| template.as_ref().map(|template| self.words(template));
        Some(RuleCard {
            version: VERSION,
            id: rule.id.clone(),
            layer: name(layer),
            kind: rule.kind(),
            severity: rule.severity.id(),
            title: self.words(&rule.title),
            applies: self.applies(head),
            each: head.each.clone(),
            from: head.from.map(day_words),
            until: head.until.map(day_words),
            check: rule.uses.as_ref().map(|uses| self.check(uses)),
            // what the key `service` says stands under `applies` already
            when: rule
                .when
                .iter()
                .filter(|clause| clause.is_written())
                .map(|clause| clause.source.text.clone())
                .collect(),
            condition,
            requires,
            text,
            fix: words(&rule.fix),
            note: words(&rule.note),
            replaces: head.replaces.clone(),
            replaced_by: self.replaced_by(id),
            facts: rule
                .facts
                .iter()
                .filter_map(|fact| layer.fact(*fact))
                .map(|fact| self.fact_of(layer, fact))
                .collect(),
            same_check: rule.uses.as_ref().map(|uses| self.same_check(id, &uses.check)).unwrap_or_default(),
            cases,
            written: written(&rule.file, &rule.span),
        })
    }

    /// The fact of an id.
    pub fn fact(&self, id: &str) -> Option<FactCard> {
        self.layers.iter().find_map(|layer| {
            let fact = layer.facts().facts.iter().find(|fact| fact.id == id)?;
            Some(self.fact_of(layer, fact))
        })
    }

    /// The ids of all rules and facts.
    pub fn ids(&self) -> Vec<&'a str> {
        let rules = self.layers.iter().flat_map(|layer| layer.rules.iter().map(|rule| rule.head.id.as_str()));
        let facts = self.layers.iter().flat_map(|layer| layer.facts().facts.iter().map(|fact| fact.id.as_str()));
        let mut ids: Vec<&str> = rules.chain(facts).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    fn fact_of(&self, layer: &Layer, fact: &Fact) -> FactCard {
        let encodes =
            |rule: &Rule| rule.facts.iter().filter_map(|fact| layer.fact(*fact)).any(|known| known.id == fact.id);
        FactCard {
            id: fact.id.clone(),
            layer: name(layer),
            topic: fact.topic.clone(),
            kind: fact.kind.id(),
            severity: fact.severity.id(),
            statement: fact.statement.clone(),
            from: fact.effective_from.map(|day| day.to_string()),
            confidence: fact.confidence.id(),
            note: fact.note.clone(),
            sources: cited_in(layer, fact),
            rules: layer.rules.iter().filter(|rule| encodes(rule)).map(|rule| rule.id.clone()).collect(),
            not_encoded: fact.not_encoded.clone(),
            written: written(&layer.facts().file, &fact.span),
        }
    }

    /// Keys that do not allow everything.
    fn applies(&self, head: &RuleHead) -> Vec<Dimension> {
        let schema = &self.world.schema;
        let mut applies = Vec::new();
        for (key, set) in self.world.keys.iter().zip(&head.applies) {
            let values = &schema.enumeration(key.dimension.values).values;
            let allowed: Vec<_> = values.iter().zip(0_u32..).filter(|(_, bit)| set >> (bit % 64) & 1 == 1).collect();
            if allowed.len() == values.len() {
                continue;
            }
            let field = key.place.field.map(|field| self.label(field)).unwrap_or_default();
            let named = |value: &crate::schema::EnumValue| Named {
                id: value.id.clone(),
                label: self.pick(&value.label.zh, &value.label.en).to_owned(),
            };
            applies.push(Dimension {
                key: key.dimension.name.clone(),
                label: field.to_owned(),
                values: allowed.into_iter().map(|(value, _)| named(value)).collect(),
            });
        }
        applies
    }

    fn check(&self, uses: &Use) -> CheckUse {
        let context = self.context();
        let with = uses.with.iter().map(|(name, value, ty)| Parameter {
            name: name.clone(),
            value: words(value, ty, &context, self.language),
        });
        CheckUse { id: uses.check.clone(), with: with.collect() }
    }

    fn requirement(&self, require: &Require) -> Requirement {
        let choice = |option: &usize| {
            let name =
                self.world.materials.get(*option).map(|material| self.pick(&material.name.zh, &material.name.en));
            Choice { material: self.world.material_id(*option).to_owned(), name: name.unwrap_or_default().to_owned() }
        };
        let english = self.language == Language::En;
        Requirement {
            materials: require.lines.iter().map(|line| line.iter().map(choice).collect()).collect(),
            form: require
                .demands
                .iter()
                .map(|demand| self.words(if english { &demand.label_en } else { &demand.label }))
                .collect(),
            for_whom: require.for_whom.as_ref().map(|clause| clause.source.text.clone()),
            filter: require.filter.as_ref().map(|clause| clause.source.text.clone()),
            note: require.note.as_ref().map(|note| self.words(note)),
        }
    }

    fn replaced_by(&self, id: &str) -> Vec<String> {
        let heads = self.layers.iter().flat_map(|layer| &layer.rules).map(|rule| &rule.head);
        heads.filter(|head| head.replaces.iter().any(|replaced| replaced == id)).map(|head| head.id.clone()).collect()
    }

    fn same_check(&self, id: &str, check: &str) -> Vec<OtherRule> {
        let mut others = Vec::new();
        for layer in self.layers {
            for rule in layer.rules.iter().filter(|rule| rule.check() == Some(check) && rule.head.id != id) {
                let title = self.words(&rule.title);
                others.push(OtherRule { id: rule.head.id.clone(), layer: layer.name.clone(), title });
            }
        }
        others
    }

    fn context(&self) -> Context<'_> {
        Context { schema: &self.world.schema, document: &self.empty, knows: self.world.knows(), scripts: None }
    }

    /// A text without a filing: what it would say of one is shown as 〈the field's name〉.
    pub(crate) fn words(&self, template: &Template) -> String {
        let context = self.context();
        let mut text = String::new();
        for part in template.parts() {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Value(expr, _) => {
                    let fields = fields_of(expr);
                    match fields.as_slice() {
                        [] => {
                            let value = evaluate(expr, &context, &Registers::default(), &mut Unknowns::default());
                            let value = value.unwrap_or(crate::condition::Value::Missing);
                            text.push_str(&words(&value, &expr.ty, &context, self.language));
                        }
                        [field] => text.push_str(&format!("〈{}〉", self.label(*field))),
                        _ => text.push('…'),
                    }
                }
            }
        }
        text
    }

    fn label(&self, field: FieldRef) -> &str {
        let declared = self.world.schema.record(field.record).fields.get(usize::from(field.field));
        declared.map(|field| self.pick(&field.label.zh, &field.label.en)).unwrap_or_default()
    }

    fn pick<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.language {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}

/// The fields that an expression reads, each once.
fn fields_of(expr: &Expr) -> Vec<FieldRef> {
    let mut fields = Vec::new();
    expr.walk(&mut |part| {
        if let Kind::Slot(_, field) = &part.kind
            && !fields.contains(field)
        {
            fields.push(*field);
        }
    });
    fields
}

fn name(layer: &Layer) -> LayerName {
    LayerName { id: layer.id.clone(), name: layer.name.clone(), authority: layer.authority.clone() }
}

fn written(file: &SourceFile, span: &Span) -> Written {
    Written { file: file.name.clone(), line: file.line_column(span.start).0 }
}
