//! Why a rule came out as it did: each part of its conditions with its value and the fields behind it.
//!
//! In: a bundle, a document and a rule. Out: an [`Explanation`], as data; its text is made elsewhere. It walks the tree
//! of the conditions, which is also what the compiled rules are tested against.

use serde::Serialize;

use super::build::Options;
use super::model::Place;
use super::places::{Places, public_values};
use crate::condition::{Context, Registers, Site, Trace, Ty, Unknowns, Value, evaluate_traced, words};
use crate::filing::Document;
use crate::policy::{Body, Bundle, Clause, Obstacle, Rule, RuleRef};

/// Why a rule came out as it did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// The rule.
    pub rule: String,
    /// What must hold.
    pub title: String,
    /// What it does: `assert`, `require`, `manual`, `notice`.
    pub kind: &'static str,
    /// Why the filing does not need it; empty when it does.
    pub obstacles: Vec<String>,
    /// What it is evaluated on.
    pub targets: Vec<TargetExplanation>,
}

/// A rule on one target.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TargetExplanation {
    /// The target, as a path; absent for the filing as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Its conditions, in the order of evaluation.
    pub parts: Vec<PartExplanation>,
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PartExplanation {
    /// `when`, `assert`, or the form of a material.
    pub role: String,
    /// The file and line that it is written at.
    pub written: String,
    /// What came out of it.
    pub tree: Node,
}

/// A part of a condition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Node {
    /// As it is written.
    pub text: String,
    /// What came out: `true`, `false`, `unknown`, a value in words.
    pub value: String,
    /// The fields that it read itself.
    pub places: Vec<Place>,
    /// Its parts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Node>,
}

/// Explains a rule on a document.
pub fn explain(bundle: &Bundle, document: &Document, reference: RuleRef, options: &Options) -> Option<Explanation> {
    let rule = bundle.rule(reference)?;
    let public = public_values(&bundle.world, document);
    let places = Places { world: &bundle.world, document, options, public };
    let scripts = bundle.layer(reference).and_then(|layer| layer.scripts());
    let context = Context { schema: &bundle.world.schema, document, knows: bundle.world.knows(), scripts };
    let explainer = Explainer { context, places };
    let obstacles = bundle.obstacles(document, reference).iter().map(|obstacle| explainer.obstacle(obstacle)).collect();
    let mut targets = Vec::new();
    let mut registers = Registers::default();
    rule.target.visit(document, &mut registers, &mut |site, registers| {
        targets.push(match site {
            Site::Here => explainer.target(rule, registers),
            Site::Missing(list) => {
                let at = document.path(&bundle.world.schema, list);
                TargetExplanation { at, parts: Vec::new() }
            }
        });
    });
    let mut found: Vec<&mut Place> = Vec::new();
    for part in targets.iter_mut().flat_map(|target| &mut target.parts) {
        collect(&mut part.tree, &mut found);
    }
    explainer.places.locate(&mut found);
    let title = rule.title.render(&explainer.context, &Registers::default(), options.language, &super::mask);
    Some(Explanation { rule: rule.id.clone(), title, kind: rule.kind(), obstacles, targets })
}

fn collect<'n>(node: &'n mut Node, found: &mut Vec<&'n mut Place>) {
    found.extend(node.places.iter_mut());
    for child in &mut node.children {
        collect(child, found);
    }
}

struct Explainer<'a> {
    context: Context<'a>,
    places: Places<'a>,
}

impl Explainer<'_> {
    fn obstacle(&self, obstacle: &Obstacle) -> String {
        let chinese = self.places.options.language == crate::condition::Language::Zh;
        match (obstacle, chinese) {
            (Obstacle::NotInForce { from, until }, true) => format!(
                "施行期间是 {} 至 {}，不含这一天",
                from.as_deref().unwrap_or("…"),
                until.as_deref().unwrap_or("…")
            ),
            (Obstacle::NotInForce { from, until }, false) => format!(
                "in force from {} to {}, which is not this day",
                from.as_deref().unwrap_or("…"),
                until.as_deref().unwrap_or("…")
            ),
            (Obstacle::Key { key, allowed, found }, true) => {
                format!("{key} 限于 {}，这份备案是 {}", allowed.join("、"), found.join("、"))
            }
            (Obstacle::Key { key, allowed, found }, false) => {
                format!("{key} is one of {}, this filing has {}", allowed.join(", "), found.join(", "))
            }
            (Obstacle::Replaced { by }, true) => format!("由 {by} 取代"),
            (Obstacle::Replaced { by }, false) => format!("replaced by {by}"),
        }
    }

    fn target(&self, rule: &Rule, registers: &Registers) -> TargetExplanation {
        let parts = rule.when.iter().map(|clause| (clause.is_written(), self.part("when", clause, registers)));
        // that the kind of service is right need not be proved
        let parts = parts.filter(|(written, part)| *written || part.tree.value != "true");
        let mut parts: Vec<PartExplanation> = parts.map(|(_, part)| part).collect();
        if let Body::Assert(clause) = &rule.body {
            parts.push(self.part("assert", clause, registers));
        }
        let at = rule.target.innermost().and_then(|register| {
            let path = self.context.document.path(self.context.schema, registers.get(register))?;
            path.rsplit_once('.').map(|(record, _)| record.to_owned())
        });
        TargetExplanation { at, parts }
    }

    fn part(&self, role: &str, clause: &Clause, registers: &Registers) -> PartExplanation {
        let source = &clause.source;
        let written = match clause.is_written() {
            true => format!("{}:{}", source.file.name, source.file.line_column(source.span.start).0),
            false => String::new(),
        };
        let traced = evaluate_traced(&clause.expr, &self.context, registers, &mut Unknowns::default());
        let tree = match traced {
            Ok((_, Some(trace))) => self.node(&trace, &source.text),
            Ok((value, None)) => self.leaf(&source.text, self.value(&value, &clause.expr.ty)),
            Err(failure) => self.leaf(&source.text, failure.message),
        };
        PartExplanation { role: role.to_owned(), written, tree }
    }

    fn leaf(&self, text: &str, value: String) -> Node {
        Node { text: one_line(text), value, places: Vec::new(), children: Vec::new() }
    }

    fn node(&self, trace: &Trace, source: &str) -> Node {
        let text = source.get(trace.span.0 as usize..trace.span.1 as usize).unwrap_or(source);
        let inner = trace.source.as_ref().map_or(source, |expression| expression.text.as_str());
        let children: Vec<Node> =
            trace.children.iter().filter(|child| !is_constant(child)).map(|child| self.node(child, inner)).collect();
        let places = self.places.of(&trace.slots);
        let value = match places.first().and_then(|place| place.value.clone()) {
            // a field's own value comes masked where it must be
            Some(value) if trace.ty != Ty::Bool => value,
            _ if self.shows_secret(trace) => "****".to_owned(),
            _ => self.value(&trace.value, &trace.ty),
        };
        Node { text: one_line(text), value, places, children }
    }

    fn value(&self, value: &Value<'_>, ty: &Ty) -> String {
        match value {
            Value::Missing => "unknown".to_owned(),
            Value::Bool(value) => value.to_string(),
            value => words(value, ty, &self.context, self.places.options.language),
        }
    }

    /// Would a text made of sensitive fields be shown?
    fn shows_secret(&self, trace: &Trace) -> bool {
        if self.places.options.show_sensitive || !matches!(trace.ty, Ty::Text | Ty::List(_)) {
            return false;
        }
        let own = trace.slots.iter().any(|slot| self.places.is_hidden(*slot));
        own || trace.children.iter().any(|child| self.shows_secret_below(child))
    }

    fn shows_secret_below(&self, trace: &Trace) -> bool {
        trace.slots.iter().any(|slot| self.places.is_hidden(*slot))
            || trace.children.iter().any(|child| self.shows_secret_below(child))
    }
}

/// A literal says nothing that the text does not.
fn is_constant(trace: &Trace) -> bool {
    trace.children.is_empty() && trace.slots.is_empty() && trace.expanded.is_none() && !trace.value.is_missing()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
