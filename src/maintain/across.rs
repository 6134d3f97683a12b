//! Consistency over layers: the same words encoded differently, and rules that hold for others than their facts say.
//!
//! What it finds is not always wrong (two bureaus may be of different strictness with the same words), so these are
//! warnings that are asked for, each with all the places that differ.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::policy::{Layer, LazyRule, Policies};
use crate::source::{Diagnostic, Diagnostics};

/// A rule and the fact it encodes.
struct Encoding<'a> {
    layer: &'a Layer,
    rule: &'a LazyRule,
    fact: usize,
}

/// Compares the layers with each other.
pub fn across(policies: &Policies) -> Diagnostics {
    let mut out = Diagnostics::new();
    let mut layers: Vec<Arc<Layer>> = Vec::new();
    for folder in policies.folders() {
        match policies.layer(folder) {
            Ok(layer) => layers.push(layer),
            Err(problems) => out.extend(problems),
        }
    }
    audiences(policies, &layers, &mut out);
    statements(&layers, &mut out);
    out
}

/// The second part of a fact's id says whom it is about; where it names a group of natures, its rules hold for no others.
fn audiences(policies: &Policies, layers: &[Arc<Layer>], out: &mut Diagnostics) {
    let world = &policies.world;
    // a change is judged by the nature on record, so a rule that restricts either of the two is narrow enough
    let keys: Vec<usize> = world
        .keys
        .iter()
        .enumerate()
        .filter(|(_, key)| world.schema.enumeration(key.dimension.values).name == NATURE)
        .map(|(index, _)| index)
        .collect();
    let Some(groups) = world.schema.enum_named(NATURE).map(|id| &world.schema.enumeration(id).groups) else { return };
    for layer in layers {
        for rule in &layer.rules {
            for fact in rule.facts.iter().filter_map(|fact| layer.fact(*fact)) {
                let audience = fact.id.split('.').nth(1).unwrap_or_default();
                let Some((_, members)) = groups.iter().find(|(name, _)| name == audience) else { continue };
                let set = members.iter().fold(0_u64, |set, member| set | 1 << member);
                let narrow = keys.iter().any(|key| rule.head.applies.get(*key).is_some_and(|own| own & !set == 0));
                if !narrow {
                    out.push(
                        Diagnostic::warning(
                            "other-audience",
                            format!("`{}` holds for others than its fact `{}` is about", rule.head.id, fact.id),
                        )
                        .at(&rule.file, rule.span.clone(), "")
                        .related(&layer.facts().file, fact.span.clone(), "the fact")
                        .help(format!("write `nature = [\"{audience}\"]`, or leave the fact out of `facts`")),
                    );
                }
            }
        }
    }
}

/// The enumeration that audiences are groups of.
const NATURE: &str = "nature";

/// Facts of several layers with the same words, encoded by the same check and parameters, but not alike.
fn statements(layers: &[Arc<Layer>], out: &mut Diagnostics) {
    let mut by_words: FxHashMap<(&str, &str, &str), Vec<Encoding<'_>>> = FxHashMap::default();
    for layer in layers {
        for rule in &layer.rules {
            let Some(uses) = &rule.uses else { continue };
            for fact in &rule.facts {
                let Some(found) = layer.fact(*fact) else { continue };
                let key = (found.statement.as_str(), uses.check.as_str(), uses.key.as_str());
                by_words.entry(key).or_default().push(Encoding { layer, rule, fact: *fact });
            }
        }
    }
    let mut groups: Vec<_> = by_words.into_iter().collect();
    groups.sort_by(|a, b| a.0.cmp(&b.0));
    for ((statement, check, _), encodings) in groups {
        let Some(first) = encodings.first() else { continue };
        let other = encodings.iter().find(|other| other.layer.id != first.layer.id && !alike(first, other));
        let Some(other) = other else { continue };
        let count = encodings.iter().filter(|encoding| !alike(first, encoding)).count();
        let mut diagnostic = Diagnostic::warning(
            "other-encoding",
            format!("“{statement}” is encoded by `{check}` in {} rules, {count} of them differently", encodings.len()),
        )
        .at(&other.rule.file, other.rule.span.clone(), describe(other))
        .related(&first.rule.file, first.rule.span.clone(), describe(first));
        if let Some(fact) = other.layer.fact(other.fact) {
            diagnostic = diagnostic.help(format!(
                "confidence is {}: say in `note` why they differ, or make them alike",
                fact.confidence.id()
            ));
        }
        out.push(diagnostic);
    }
}

/// The same severity, of the same filings.
fn alike(a: &Encoding<'_>, b: &Encoding<'_>) -> bool {
    a.rule.severity == b.rule.severity && a.rule.head.applies == b.rule.head.applies
}

fn describe(encoding: &Encoding<'_>) -> String {
    let keys = encoding.rule.head.written.iter().map(|(key, values)| format!("{key} = {}", values.join("/")));
    let mut words = vec![encoding.rule.severity.id().to_owned()];
    words.extend(keys);
    words.join(", ")
}
