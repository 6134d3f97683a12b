//! Rules on their targets.

use super::checklist::{LineOutcome, Materials};
use crate::condition::{Context, Registers, Site, Tri};
use crate::filing::Document;
use crate::policy::{Body, Bundle, Clause, Rule, RuleRef, Selected};

/// What came out of a rule on one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// What must hold does not.
    Violated,
    /// It cannot be told.
    Unknown,
    /// It could not be evaluated.
    Failed,
    /// Materials are asked for.
    Required(Vec<LineOutcome>),
    /// A reviewer is asked.
    Asks,
    /// The filer is told.
    Speaks,
}

/// An outcome and the target it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteOutcome {
    /// The target.
    pub registers: Registers,
    /// The list that is missing, so that it is not known on how many targets.
    pub missing_list: Option<u32>,
    /// What came out.
    pub outcome: Outcome,
}

/// What came out of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleOutcome {
    /// The rule.
    pub rule: RuleRef,
    /// Fields that decide whether it applies and are not given.
    pub unknown: Vec<u32>,
    /// Targets on which it holds.
    pub holds: u32,
    /// Targets to which it does not apply.
    pub inapplicable: u32,
    /// Everything else.
    pub sites: Vec<SiteOutcome>,
}

/// What came out of all rules that a filing needs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Assessment {
    /// In the order of the layers and their files.
    pub rules: Vec<RuleOutcome>,
}

/// Evaluates every rule that a filing needs.
pub fn assess(bundle: &Bundle, document: &Document) -> Assessment {
    let selected = bundle.select(document);
    let materials = Materials::new(bundle, document);
    let mut rules = Vec::with_capacity(selected.len());
    for selected in selected.iter() {
        if let Some(rule) = bundle.rule(selected.rule) {
            rules.push(evaluate(bundle, document, &materials, selected, rule));
        }
    }
    Assessment { rules }
}

/// Evaluates one rule, if the filing needs it.
pub fn assess_rule(bundle: &Bundle, document: &Document, rule: RuleRef) -> Option<RuleOutcome> {
    let selected = bundle.select(document);
    let selected = selected.iter().find(|selected| selected.rule == rule)?;
    let materials = Materials::new(bundle, document);
    Some(evaluate(bundle, document, &materials, selected, bundle.rule(rule)?))
}

fn evaluate(
    bundle: &Bundle,
    document: &Document,
    materials: &Materials,
    selected: &Selected,
    rule: &Rule,
) -> RuleOutcome {
    let world = &bundle.world;
    let scripts = bundle.layer(selected.rule).and_then(|layer| layer.scripts());
    let context = Context { schema: &world.schema, document, knows: world.knows(), scripts };
    let mut outcome = RuleOutcome {
        rule: selected.rule,
        unknown: selected.unknown.clone(),
        holds: 0,
        inapplicable: 0,
        sites: Vec::new(),
    };
    let open = !selected.unknown.is_empty();
    let mut registers = Registers::default();
    rule.target.visit(document, &mut registers, &mut |site, registers| {
        if let Site::Missing(list) = site {
            // a rule that applies to nothing for other reasons need not know the list
            if document_level(rule, &context) == Tri::False {
                outcome.inapplicable += 1;
            } else {
                outcome.sites.push(SiteOutcome {
                    registers: *registers,
                    missing_list: Some(list),
                    outcome: Outcome::Unknown,
                });
            }
            return;
        }
        if selected.except.iter().any(|except| except.holds(document, registers)) {
            outcome.inapplicable += 1;
            return;
        }
        let when = conjunction(&rule.when, &context, registers);
        let when = if open && when == Tri::True { Tri::Unknown } else { when };
        let found = match when {
            Tri::False => {
                outcome.inapplicable += 1;
                return;
            }
            Tri::Failed => Some(Outcome::Failed),
            _ => body(rule, when, &context, materials, registers),
        };
        match found {
            Some(found) => {
                outcome.sites.push(SiteOutcome { registers: *registers, missing_list: None, outcome: found });
            }
            None => outcome.holds += 1,
        }
    });
    outcome
}

/// The part of `when` that reads no element: what can be told before the elements are known.
fn document_level(rule: &Rule, context: &Context<'_>) -> Tri {
    let mut registers = Registers::default();
    let clauses = rule.when.iter().filter(|clause| !reads_registers(&clause.expr));
    let mut result = Tri::True;
    for clause in clauses {
        match clause.program.run(context, &mut registers) {
            Tri::False => return Tri::False,
            Tri::True => {}
            other => result = other,
        }
    }
    result
}

fn reads_registers(expr: &crate::condition::Expr) -> bool {
    use crate::condition::{Base, Kind};
    let mut reads = false;
    expr.walk(&mut |part| {
        let at = match &part.kind {
            Kind::Slot(at, _) | Kind::Record(at) => Some(at),
            _ => None,
        };
        reads |= at.is_some_and(|at| matches!(at.base, Base::Register(_)));
    });
    reads
}

fn conjunction(clauses: &[Clause], context: &Context<'_>, registers: &mut Registers) -> Tri {
    let mut result = Tri::True;
    for clause in clauses {
        match clause.program.run(context, registers) {
            Tri::False => return Tri::False,
            Tri::True => {}
            Tri::Failed => result = Tri::Failed,
            Tri::Unknown => {
                if result == Tri::True {
                    result = Tri::Unknown;
                }
            }
        }
    }
    result
}

/// `None`: it holds.
fn body(
    rule: &Rule,
    when: Tri,
    context: &Context<'_>,
    materials: &Materials,
    registers: &mut Registers,
) -> Option<Outcome> {
    match &rule.body {
        Body::Assert(clause) => match (when, clause.program.run(context, registers)) {
            (_, Tri::True) => None,
            (Tri::True, Tri::False) => Some(Outcome::Violated),
            (_, Tri::Failed) => Some(Outcome::Failed),
            _ => Some(Outcome::Unknown),
        },
        Body::Require(require) => {
            Some(Outcome::Required(materials.lines(require, when == Tri::Unknown, context, registers)))
        }
        Body::Manual(_) if when == Tri::True => Some(Outcome::Asks),
        Body::Notice(_) if when == Tri::True => Some(Outcome::Speaks),
        Body::Manual(_) | Body::Notice(_) => Some(Outcome::Unknown),
        Body::Broken(_) => Some(Outcome::Failed),
    }
}
