//! The files of a layer: facts, rules, cases.

use serde_json::{Map, Value, json};

use super::super::parts::{
    Key, day, exactly_one, key, list, names, needed, one_of, put, reference, some, table, text, words,
};
use super::values::{Parameters, Values, path};
use crate::condition::Ty;
use crate::policy::raw::Expectation;
use crate::policy::{Check, Severity};

/// `facts.toml`.
pub(super) fn facts(values: &Values<'_>) -> Value {
    let layer = table(vec![
        needed(
            "id",
            "`miit` for the nation, a provider's id, a province's code; ids of rules and facts begin with it",
            words(),
        ),
        needed("name", "the name of the province or provider", words()),
        needed("authority", "who makes the rules", words()),
        key("applies", "the fields of `filing` and the values that make the layer apply", values.applies()),
    ]);
    let source = table(vec![
        needed("id", "the id that facts name", words()),
        needed("publisher", "who published it", words()),
        needed("title", "its title", words()),
        key("locator", "where it is", text()),
        key("dated", "when it was written, in words", text()),
    ]);
    let fact = table(vec![
        needed("id", "unique in all layers", words()),
        needed("topic", "for grouping", words()),
        needed("kind", "what it is about", one_of(["restriction", "material", "process", "advice"])),
        needed("severity", "how bad it is when it is not met", severity()),
        needed("statement", "the requirement, in our own words", words()),
        key("effective_from", "since when", day()),
        needed("sources", "ids of sources of this file", some(text())),
        needed("confidence", "how sure it is", one_of(["high", "medium", "low"])),
        key("note", "conflicts between sources, and which one was taken and why", text()),
        key("not_encoded", "why no rule encodes it", text()),
    ]);
    table(vec![
        needed("layer", "who makes these rules, and for which filings", layer),
        key("source", "what facts rest on", list(source)),
        key("fact", "what is asked for", list(fact)),
    ])
}

fn severity() -> Value {
    one_of(Severity::NAMES)
}

/// The keys that rules and checks share.
pub(super) fn common() -> Vec<Key> {
    vec![
        key("each", "what it is evaluated per: `filing`, or a list of records", reference("each")),
        key("when", "a condition: when it applies", text()),
        key("title", "what must hold, in words; `{expression}` is replaced", text()),
        key("fix", "what to do, in words; `{expression}` is replaced", text()),
        key("note", "what else to know; `{expression}` is replaced", text()),
        key("at", "the fields that a violation points at", list(path())),
    ]
}

/// The bodies that rules and checks share.
pub(super) fn bodies(values: &Values<'_>, parameters: Parameters) -> Vec<Key> {
    vec![
        key("assert", "a condition: what must hold", text()),
        key("require", "materials, with their form", require(values, parameters)),
        key("manual", "a question for a reviewer; `{expression}` is replaced", text()),
        key("notice", "what the filer should know; `{expression}` is replaced", text()),
    ]
}

fn require(values: &Values<'_>, parameters: Parameters) -> Value {
    let material = values.world.schema.enum_named("material").map(Ty::Enum);
    let one = |many: bool| match &material {
        Some(ty) if many => values.constant(&Ty::List(Box::new(ty.clone())), parameters),
        Some(ty) => values.constant(ty, parameters),
        None => Value::Bool(false),
    };
    let mut keys = vec![
        key("material", "this material", one(false)),
        key("any_of", "one of these materials", one(true)),
        key("all_of", "all of these materials, one line each", one(true)),
        key("for", "a text expression: what the material must say that it is for", text()),
        key("note", "words for the line; `{expression}` is replaced", text()),
        key("where", "a condition on `material`: which ones count at all", text()),
    ];
    for form in &values.world.forms {
        keys.push(key(form.id.as_str(), &form.raw.label.text, values.constant(&form.ty, parameters)));
    }
    let mut require = table(keys);
    exactly_one(&mut require, &["material", "any_of", "all_of"]);
    require
}

/// `rules.toml`.
pub(super) fn rules(values: &Values<'_>) -> Value {
    let function = table(vec![
        key("params", "the types of its parameters", list(reference("type"))),
        needed("returns", "the type of its result", reference("type")),
        key("doc", "what it does", text()),
    ]);
    table(vec![
        key("functions", "the functions of scripts.rhai", names(function)),
        key("rule", "the rules", list(rule(values))),
    ])
}

fn rule(values: &Values<'_>) -> Value {
    let checks = sorted(values);
    let ids: Vec<&str> = checks.iter().map(|(id, _)| *id).collect();
    let effective = table(vec![key("from", "from this day on", day()), key("until", "up to and with this day", day())]);
    let mut keys = vec![
        needed("id", "unique in all layers; a fact of the same id is what it encodes", words()),
        key("use", "a shared check", one_of(ids)),
        key("with", "the parameters of the check", json!({ "type": "object" })),
        key("severity", "how bad a violation is; its fact's when left out", severity()),
        key("facts", "the facts that it encodes; the one of its own id when left out", list(text())),
        key("replaces", "the rules of lower layers whose place it takes; `note` says why", list(text())),
        key("effective", "the days on which it is in force", effective),
    ];
    keys.extend(common());
    keys.extend(bodies(values, Parameters::No));
    for dimension in values.world.keys.iter().map(|key| &key.dimension) {
        let what = format!("the values of `{}` for which it holds; all when left out", dimension.path.join("."));
        keys.push(key(dimension.name.as_str(), &what, some(values.members(dimension.values))));
    }
    let mut rule = table(keys);
    exactly_one(&mut rule, &["use", "assert", "require", "manual", "notice"]);
    put(&mut rule, "dependentRequired", json!({ "with": ["use"] }));
    put(&mut rule, "allOf", Value::Array(checks.iter().map(|(id, check)| with(values, id, check)).collect()));
    rule
}

fn sorted<'w>(values: &Values<'w>) -> Vec<(&'w str, &'w Check)> {
    let mut checks: Vec<(&str, &Check)> = values.world.checks.iter().map(|(id, check)| (id.as_str(), check)).collect();
    checks.sort_unstable_by_key(|(id, _)| *id);
    checks
}

/// The parameters of a check, for the rules that use it.
fn with(values: &Values<'_>, id: &str, check: &Check) -> Value {
    let has_default = |name: &str| check.raw.defaults.iter().any(|entry| entry.key == name);
    let mut properties = Map::new();
    for (name, ty) in &check.parameters {
        let written = values.constant(ty, Parameters::No);
        // a list may also be an expression in quotes, such as `'words("finance")'`
        let value = match ty {
            Ty::List(_) => json!({ "anyOf": [written, { "type": "string" }] }),
            _ => written,
        };
        properties.insert(name.clone(), value);
    }
    let needed: Vec<&str> =
        check.parameters.iter().map(|(name, _)| name.as_str()).filter(|name| !has_default(name)).collect();
    let mut with = json!({ "properties": properties, "additionalProperties": false });
    let mut then = json!({});
    if !needed.is_empty() {
        put(&mut with, "required", json!(needed));
        put(&mut then, "required", json!(["with"]));
    }
    put(&mut then, "properties", json!({ "with": with }));
    json!({ "if": { "properties": { "use": { "const": id } }, "required": ["use"] }, "then": then })
}

/// `cases.toml`.
pub(super) fn cases(values: &Values<'_>) -> Value {
    let paths = values.document_path();
    let by_path = |value: Value| json!({ "type": "object", "propertyNames": { "pattern": paths }, "additionalProperties": value });
    let mut keys = vec![
        needed("name", "what it shows", words()),
        key("base", "the filing that it starts from; the file's when left out", values.bases()),
        key("as_of", "the day of the report; 2026-11-24 when left out", day()),
        key("set", "paths and the values they get", by_path(Value::Bool(true))),
        key("add", "lists and the elements they get", by_path(json!({ "type": "array" }))),
        key("unset", "paths that are taken away", list(json!({ "type": "string", "pattern": paths }))),
        key("violates_at", "exactly where a rule is violated", names(some(text()))),
    ];
    for (name, expectation) in Expectation::KEYS {
        keys.push(key(name, expected(expectation), list(text())));
    }
    let mut case = table(keys);
    let mut expects: Vec<Value> = Expectation::KEYS
        .iter()
        .map(|(name, _)| json!({ "required": [name], "properties": { *name: { "minItems": 1 } } }))
        .collect();
    expects.push(json!({ "required": ["violates_at"], "properties": { "violates_at": { "minProperties": 1 } } }));
    put(&mut case, "anyOf", json!(expects));
    table(vec![
        key("base", "the filing that cases start from", values.bases()),
        key("case", "filings and what the rules of this layer say of them", list(case)),
    ])
}

fn expected(expectation: Expectation) -> &'static str {
    match expectation {
        Expectation::Violates => "rules that are violated on at least one target",
        Expectation::Passes => "rules that hold on all targets, of which there is one",
        Expectation::Inapplicable => "rules that apply to no target",
        Expectation::Unknown => "rules that are unknown on a target and violated on none",
        Expectation::Missing => "rules whose material is not there",
        Expectation::Provided => "rules whose material is there in the right form",
        Expectation::Deficient => "rules whose material is there in a wrong form",
        Expectation::Conditional => "rules of which it is open whether their material is asked for, or right",
        Expectation::Asks => "rules that ask a reviewer",
        Expectation::Notices => "rules that tell the filer",
        Expectation::Fails => "rules that cannot be evaluated",
    }
}
