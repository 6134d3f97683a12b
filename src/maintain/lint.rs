//! Everything that can be wrong with policies: all layers are loaded, and what loading alone does not see is checked.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::policy::{Layer, Policies, check_shared};
use crate::source::{Diagnostic, Diagnostics};

/// Checks the set, or one layer of it (by id).
pub fn lint(policies: &Policies, only: Option<&str>) -> Diagnostics {
    let mut out = Diagnostics::new();
    let mut layers = Vec::new();
    for folder in policies.folders() {
        match policies.layer(folder) {
            Ok(layer) => {
                out.extend(layer.check());
                layers.push(layer);
            }
            Err(problems) => out.extend(problems),
        }
    }
    if let Some(first) = layers.first() {
        out.extend(check_shared(first));
    }
    out.extend(policies.world.check_functions());
    let ids = rule_ids(&layers, &mut out);
    for layer in &layers {
        if only.is_none_or(|only| only == layer.id) {
            encoded(layer, &mut out);
            prefixes(layer, &mut out);
            topics(policies, layer, &mut out);
            folder(layer, &mut out);
            replaced(layer, &ids, &layers, &mut out);
        }
    }
    out.extend(policies.world.tables.problems());
    out
}

/// Rule ids are unique in all layers.
fn rule_ids<'a>(layers: &'a [Arc<Layer>], out: &mut Diagnostics) -> FxHashMap<&'a str, &'a Layer> {
    let mut ids: FxHashMap<&str, &Layer> = FxHashMap::default();
    for layer in layers {
        for rule in &layer.rules {
            if let Some(other) = ids.insert(&rule.id, layer)
                && let Some((_, first)) = other.rule(&rule.id)
            {
                out.push(
                    Diagnostic::error("duplicate-id", format!("the rule `{}` stands in two layers", rule.id))
                        .at(&rule.file, rule.span.clone(), "again here")
                        .related(&first.file, first.span.clone(), "first here"),
                );
            }
        }
    }
    ids
}

/// Every fact is encoded by a rule, or says why it is not; not both.
fn encoded(layer: &Layer, out: &mut Diagnostics) {
    let encoded: FxHashSet<usize> = layer.rules.iter().flat_map(|rule| rule.facts.iter().copied()).collect();
    for (index, fact) in layer.facts().facts.iter().enumerate() {
        let file = &layer.facts().file;
        match (encoded.contains(&index), &fact.not_encoded) {
            (false, None) => out.push(
                Diagnostic::error("fact-not-encoded", format!("no rule encodes the fact `{}`", fact.id))
                    .at(file, fact.span.clone(), "")
                    .help("write a rule with this id, name it in a rule's `facts`, or say why not in `not_encoded`"),
            ),
            (true, Some(_)) => out.push(
                Diagnostic::error(
                    "fact-encoded-after-all",
                    format!("the fact `{}` says that no rule encodes it, but one does", fact.id),
                )
                .at(file, fact.span.clone(), "")
                .help("take `not_encoded` away, or the fact out of the rule's `facts`"),
            ),
            (false, Some(reason)) if reason.trim().is_empty() => {
                out.push(Diagnostic::error("no-reason", format!("`not_encoded` of `{}` gives no reason", fact.id)).at(
                    file,
                    fact.span.clone(),
                    "",
                ))
            }
            _ => {}
        }
    }
    let cited: FxHashSet<usize> = layer.facts().facts.iter().flat_map(|fact| fact.sources.iter().copied()).collect();
    for (index, source) in layer.facts().sources.iter().enumerate() {
        if !cited.contains(&index) {
            out.push(Diagnostic::warning("unused-source", format!("no fact cites the source `{}`", source.id)).at(
                &layer.facts().file,
                source.span.clone(),
                "",
            ));
        }
    }
}

/// Ids begin with their layer's, so that a report's line says whose rule it is.
fn prefixes(layer: &Layer, out: &mut Diagnostics) {
    let prefix = format!("{}.", layer.id);
    let facts = layer.facts().facts.iter().map(|fact| (&fact.id, &layer.facts().file, &fact.span));
    let rules = layer.rules.iter().map(|rule| (&rule.id, &rule.file, &rule.span));
    for (id, file, span) in facts.chain(rules) {
        if !id.starts_with(&prefix) {
            out.push(
                Diagnostic::error("foreign-id", format!("`{id}` does not begin with `{prefix}`"))
                    .at(file, span.clone(), "")
                    .help(format!("ids of this layer begin with `{prefix}`")),
            );
        }
    }
}

/// Facts are about topics that there are. A set without `topics.toml` has none to be wrong about.
fn topics(policies: &Policies, layer: &Layer, out: &mut Diagnostics) {
    let ids: Vec<&str> = policies.world.topics.iter().map(|topic| topic.id.0.as_str()).collect();
    if ids.is_empty() {
        return;
    }
    let facts = layer.facts();
    for fact in facts.facts.iter().filter(|fact| !ids.contains(&fact.topic.as_str())) {
        let message = format!("the fact `{}` is about `{}`, which is no topic", fact.id, fact.topic);
        out.push(
            Diagnostic::error("unknown-topic", message)
                .at(&facts.file, fact.span.clone(), "")
                .help(format!("the topics are {}", ids.join(", ")))
                .suggest(&fact.topic, ids.iter().copied()),
        );
    }
}

/// The folder is found by its name, so its name must be what the layer says.
fn folder(layer: &Layer, out: &mut Diagnostics) {
    let name = layer.folder.rsplit('/').next().unwrap_or_default();
    let ok = match layer.folder.split('/').next() {
        Some("provinces") => name.split_once('-').is_some_and(|(code, _)| code == layer.id),
        Some("providers") => name == layer.id,
        _ => true,
    };
    if !ok {
        let (id, span) = &layer.facts().head.id;
        out.push(
            Diagnostic::error("other-folder", format!("the layer `{id}` stands in the folder `{}`", layer.folder))
                .at(&layer.facts().file, span.clone(), "")
                .help("a province's folder is `NN-name` with its code, a provider's is its id"),
        );
    }
}

/// What is replaced is there, in a lower layer.
fn replaced(layer: &Layer, ids: &FxHashMap<&str, &Layer>, layers: &[Arc<Layer>], out: &mut Diagnostics) {
    let rank = |layer: &Layer| match layer.folder.split('/').next() {
        Some("provinces") => 2,
        Some("providers") => 1,
        _ => 0,
    };
    for rule in &layer.rules {
        for id in &rule.head.replaces {
            match ids.get(id.as_str()) {
                None => out.push(
                    Diagnostic::error("unknown-rule", format!("`{}` replaces `{id}`, which does not exist", rule.id))
                        .at(&rule.file, rule.span.clone(), "")
                        .suggest(id, layers.iter().flat_map(|layer| layer.rules.iter().map(|rule| rule.id.as_str()))),
                ),
                Some(other) if rank(other) >= rank(layer) => out.push(
                    Diagnostic::error(
                        "replaces-sideways",
                        format!("`{}` replaces `{id}`, which is no lower layer's", rule.id),
                    )
                    .at(&rule.file, rule.span.clone(), "")
                    .help("a province replaces rules of the nation and of providers, a provider those of the nation"),
                ),
                Some(_) => {}
            }
        }
    }
}
