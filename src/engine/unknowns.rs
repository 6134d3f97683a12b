//! Which fields would settle an outcome that cannot be told.

use super::assess::{Outcome, RuleOutcome, SiteOutcome};
use super::checklist::LineStatus;
use crate::condition::{Context, Unknowns, Value, evaluate};
use crate::policy::{Body, Rule};

/// Collects the fields and the reasons, and the message of a failure.
pub fn why_unknown(
    rule: &Rule,
    outcome: &RuleOutcome,
    site: &SiteOutcome,
    context: &Context<'_>,
    unknowns: &mut Unknowns,
) -> Option<String> {
    unknowns.slots.extend(&outcome.unknown);
    if let Some(list) = site.missing_list {
        unknowns.slots.push(list);
        return None;
    }
    if let Body::Broken(message) = &rule.body {
        return Some(message.clone());
    }
    let mut failure = None;
    let mut part = |expr, unknowns: &mut Unknowns| {
        if let Err(error) = evaluate(expr, context, &site.registers, unknowns) {
            failure = failure.take().or(Some(error.message));
        }
    };
    for clause in &rule.when {
        part(&clause.expr, unknowns);
    }
    if let Body::Assert(clause) = &rule.body {
        // fields that only decide whether the rule applies are asked for even where the rest is known to be wrong
        let mark = unknowns.clone();
        match evaluate(&clause.expr, context, &site.registers, unknowns) {
            Ok(Value::Bool(_)) => *unknowns = mark,
            Ok(_) => {}
            Err(error) => failure = failure.or(Some(error.message)),
        }
    }
    if let Outcome::Required(lines) = &site.outcome {
        for line in lines {
            if let LineStatus::Conditional(slots) = &line.status {
                unknowns.slots.extend(slots);
            }
        }
    }
    unknowns.slots.sort_unstable();
    unknowns.slots.dedup();
    failure
}
