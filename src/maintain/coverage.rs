//! Which rules have cases for both outcomes.

use rustc_hash::FxHashMap;

use super::test::{CaseResult, LayerResult};
use crate::policy::raw::Expectation;
use crate::policy::{Body, Rule};
use crate::source::Diagnostic;

/// A rule and the expectations that no case has of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The rule.
    pub rule: String,
    /// What is missing, in the words of a case.
    pub missing: Vec<&'static str>,
}

/// The rules of a layer whose cases do not show both outcomes.
pub fn gaps(result: &LayerResult) -> Vec<Gap> {
    let seen = expectations(&result.cases);
    let mut gaps = Vec::new();
    for rule in &result.layer.rules {
        let shown = seen.get(rule.id.as_str()).map_or(&[][..], Vec::as_slice);
        let missing = missing(rule, shown);
        if !missing.is_empty() {
            gaps.push(Gap { rule: rule.id.clone(), missing });
        }
    }
    gaps
}

/// The same as diagnostics at the rules.
pub fn diagnose(result: &LayerResult) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for gap in gaps(result) {
        let Some((_, rule)) = result.layer.rule(&gap.rule) else { continue };
        out.push(
            Diagnostic::error("no-case", format!("no case shows `{}` as {}", gap.rule, gap.missing.join(" nor as ")))
                .at(&rule.file, rule.span.clone(), "")
                .help("add a case to cases.toml of this layer"),
        );
    }
    out
}

fn expectations(cases: &[CaseResult]) -> FxHashMap<&str, Vec<Expectation>> {
    let mut seen: FxHashMap<&str, Vec<Expectation>> = FxHashMap::default();
    for judged in cases.iter().flat_map(|case| &case.judged).filter(|judged| judged.ok) {
        seen.entry(judged.rule.as_str()).or_default().push(judged.expected);
    }
    seen
}

fn missing(rule: &Rule, shown: &[Expectation]) -> Vec<&'static str> {
    let has = |expectation: Expectation| shown.contains(&expectation);
    // applicability through a list is a condition too, but it is the rule's key that says it
    let conditional = rule.when.iter().any(|clause| clause.is_written());
    let mut missing = Vec::new();
    match &rule.body {
        Body::Assert(_) => {
            if !has(Expectation::Violates) {
                missing.push("violates");
            }
            if !has(Expectation::Passes) {
                missing.push("passes");
            }
        }
        Body::Require(require) => {
            if !has(Expectation::Missing) {
                missing.push("missing");
            }
            if !has(Expectation::Provided) {
                missing.push("provided");
            }
            if conditional && !has(Expectation::Inapplicable) {
                missing.push("inapplicable");
            }
            if !require.demands.is_empty() && !has(Expectation::Deficient) {
                missing.push("deficient");
            }
        }
        Body::Broken(_) => {}
        Body::Manual(_) | Body::Notice(_) => {
            let speaks = if matches!(rule.body, Body::Manual(_)) { Expectation::Asks } else { Expectation::Notices };
            if !has(speaks) {
                missing.push(speaks.key());
            }
            if conditional && !has(Expectation::Inapplicable) {
                missing.push("inapplicable");
            }
        }
    }
    missing
}
