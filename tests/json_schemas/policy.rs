//! Policy files against their schemas, and the schemas against the readers, key by key.

use std::collections::{BTreeMap, BTreeSet};

use beian::json_schema::{PolicyFile, policy, policy_file};
use beian::policy::{Files, Policies, raw};
use beian::schema::{EnumValue, ValueSource, Words, read_schema};
use beian::source::{Diagnostics, SourceFile, parse_toml};
use jsonschema::Validator;
use serde_json::Value;

use super::kinds::{Kind, kinds};
use super::{json_of, mistakes, policies, read, validator};

#[test]
fn every_policy_file_is_valid() {
    let world = &policies().world;
    let any = validator(&policy(world));
    let mut seen = BTreeSet::new();
    for path in Files::Embedded.list() {
        let Some(file) = PolicyFile::of_path(&path) else { continue };
        seen.insert(file.name());
        let value = json_of(&read(&path));
        for validator in [&validator(&policy_file(world, file)), &any] {
            let found = mistakes(validator, &value);
            assert!(found.is_empty(), "{path}\n{found}");
        }
    }
    assert_eq!(seen.len(), PolicyFile::ALL.len(), "{seen:?}");
}

#[test]
fn names_of_the_loaded_policies_are_known_and_others_are_not() {
    let world = &policies().world;
    let rules = validator(&policy_file(world, PolicyFile::Rules));
    let valid = |rule: &str| rules.is_valid(&json_of(&SourceFile::new("rules.toml", format!("[[rule]]\n{rule}"))));
    let (id, check) = world
        .checks
        .iter()
        .filter(|(_, check)| check.parameters.is_empty())
        .min_by_key(|(id, _)| id.as_str())
        .expect("a check without parameters");
    assert_eq!(check.raw.common.id.0, *id);
    assert!(valid(&format!("id = \"x\"\nuse = \"{id}\"")));
    for wrong in [
        format!("id = \"x\"\nuse = \"{id}x\""),
        format!("id = \"x\"\nuse = \"{id}\"\nwith = {{ no_such_parameter = 1 }}"),
        format!("id = \"x\"\nuse = \"{id}\"\nassert = 'true'"),
        "id = \"x\"".to_owned(),
        "id = \"x\"\nassert = 'true'\nwith = { a = 1 }".to_owned(),
        "id = \"x\"\nassert = 'true'\nseverity = \"blok\"".to_owned(),
        "id = \"x\"\nassert = 'true'\nnature = [\"individul\"]".to_owned(),
        "id = \"x\"\nassert = 'true'\nnature = []".to_owned(),
        "id = \"x\"\nassert = 'true'\neffective = { since = 2026-01-01 }".to_owned(),
        "id = \"x\"\nrequire = { material = \"no_such_material\" }".to_owned(),
        "id = \"x\"\nrequire = { material = \"{parameter}\" }".to_owned(),
        "id = \"x\"\nrequire = { material = \"other\", any_of = [] }".to_owned(),
    ] {
        assert!(!valid(&wrong), "{wrong}");
    }
    let needs = world.checks.iter().find(|(_, check)| !check.parameters.is_empty() && check.raw.defaults.is_empty());
    let (id, _) = needs.expect("a check with parameters");
    assert!(!valid(&format!("id = \"x\"\nuse = \"{id}\"")), "`{id}` needs parameters");
    assert!(valid("id = \"x\"\nassert = 'true'\nnature = [\"org\", \"individual\"]\neach = \"services.domains\""));
}

#[test]
fn files_of_two_kinds_or_of_none_are_refused() {
    let any = validator(&policy(&policies().world));
    for (text, right) in [
        ("", true),
        ("[[rule]]\nid = \"x\"\nassert = 'true'", true),
        ("[[rule]]\nid = \"x\"\nassert = 'true'\n[[check]]\nid = \"y\"\nassert = 'true'", false),
        ("[[rul]]\nid = \"x\"", false),
        ("[[rule]]\nid = \"x\"\nasert = 'true'", false),
        ("[[form]]\nid = \"x\"", false),
    ] {
        assert_eq!(any.is_valid(&json_of(&SourceFile::new("any.toml", text))), right, "{text}");
    }
}

/// Tables and materials of which all is known.
struct Anything;

impl ValueSource for Anything {
    fn table(&self, _: &str, _: &str, _: &str) -> Option<Vec<EnumValue>> {
        Some(vec![EnumValue { id: "x".into(), label: Words::default() }])
    }

    fn materials(&self) -> Vec<EnumValue> {
        Vec::new()
    }
}

fn dimensions() -> Vec<String> {
    policies().world.keys.iter().map(|key| key.dimension.name.clone()).collect()
}

/// What the reader says.
fn problems(file: PolicyFile, text: &str) -> Diagnostics {
    let source = SourceFile::new("x.toml", text);
    let node = match parse_toml(&source) {
        Ok(node) => node,
        Err(problems) => panic!("{text}\n{problems}"),
    };
    let mut out = Diagnostics::new();
    match file {
        PolicyFile::Facts => drop(raw::read_facts(&source, &node, &mut out)),
        PolicyFile::Rules => drop(raw::read_rules(&source, &node, &dimensions(), &mut out)),
        PolicyFile::Cases => drop(raw::read_cases(&source, &node, &mut out)),
        PolicyFile::Checks => drop(raw::read_checks(&source, &node, &mut out)),
        PolicyFile::Materials => drop(raw::read_materials(&source, &node, &mut out)),
        PolicyFile::Forms => drop(raw::read_forms(&source, &node, &mut out)),
        PolicyFile::Functions => drop(raw::read_functions(&source, &node, &mut out)),
        PolicyFile::Topics => drop(raw::read_topics(&source, &node, &mut out)),
        PolicyFile::Table => out.extend(beian::table::read_table(&source).err().unwrap_or_default()),
        PolicyFile::Schema => out.extend(read_schema(&source, &node, &Anything).err().unwrap_or_default()),
    }
    out
}

/// A file with these keys in the table of a kind. `@` and `#` stand for what the loaded policies have.
fn file(kind: &Kind, keys: &[(&str, &str)]) -> String {
    let world = &policies().world;
    let mut text = kind.before.to_owned();
    for (key, value) in keys {
        text.push_str(&format!("{key} = {value}\n"));
    }
    text.push_str(kind.after);
    let free = world.checks.iter().filter(|(_, check)| check.parameters.is_empty()).map(|(id, _)| id.as_str());
    let check = free.min().expect("a check without parameters");
    let material = world.material_id(0);
    let base = Files::Embedded
        .list()
        .iter()
        .find_map(|path| Some(path.strip_prefix("bases/")?.strip_suffix(".toml")?.to_owned()));
    let text = text.replace("material = \"@\"", &format!("material = \"{material}\"")).replace('@', check);
    text.replace('#', &base.expect("a base"))
}

/// The keys that a message lists.
fn listed(problems: &Diagnostics) -> Option<BTreeSet<String>> {
    let help = problems.iter().find(|problem| problem.code() == "unknown-key")?.help_text()?;
    let list = help.strip_prefix("the keys are ")?;
    Some(list.split(", ").map(|key| key.trim_matches('`').to_owned()).collect())
}

/// The keys of the table at a path of keys, through references, items and names of the writer's choice.
fn declared(schema: &Value, at: &str) -> BTreeSet<String> {
    let mut node = schema;
    for step in at.split('.').filter(|step| !step.is_empty()) {
        node = through(schema, &node["properties"][step]);
    }
    node["properties"].as_object().expect("a table").keys().cloned().collect()
}

fn through<'a>(schema: &'a Value, mut node: &'a Value) -> &'a Value {
    loop {
        if let Some(name) = node["$ref"].as_str() {
            node = schema.pointer(name.trim_start_matches('#')).expect("is there");
        } else if node["items"].is_object() {
            node = &node["items"];
        } else if node["additionalProperties"].is_object() {
            node = &node["additionalProperties"];
        } else {
            return node;
        }
    }
}

#[test]
fn schemas_and_readers_know_the_same_keys() {
    let mut tested: BTreeMap<(&str, &str), BTreeSet<String>> = BTreeMap::new();
    for kind in kinds() {
        let keys: Vec<_> = kind.base.iter().copied().chain([("zzzzzz", "1")]).collect();
        let text = file(&kind, &keys);
        let schema = policy_file(&policies().world, kind.file);
        let known = listed(&problems(kind.file, &text)).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(declared(&schema, kind.at), known, "{} {}", kind.file.name(), kind.at);
        let mut known = known;
        if kind.at == "rule" {
            dimensions().iter().for_each(|key| assert!(known.remove(key), "{key}"));
        }
        let tested = tested.entry((kind.file.name(), kind.at)).or_insert(known);
        for (key, ..) in kind.keys {
            assert!(tested.remove(*key), "`{key}` is no key of {} {}", kind.file.name(), kind.at);
        }
    }
    for ((file, at), left) in tested {
        assert!(left.is_empty(), "no value is tried for {left:?} of {file} {at}");
    }
}

#[test]
fn the_keys_of_a_requirement_are_those_of_the_engine_and_the_forms() {
    let mut files: BTreeMap<String, String> = Files::Embedded
        .list()
        .into_iter()
        .filter(|path| !path.ends_with(".rhai"))
        .map(|path| {
            let text = read(&path).text.clone();
            (path, text)
        })
        .collect();
    let material = policies().world.material_id(0);
    let rule = format!("[[rule]]\nid = \"x\"\nrequire = {{ material = \"{material}\", zzzzzz = true }}\n");
    files.insert("national/rules.toml".into(), rule);
    let changed = Policies::load(&Files::Memory(files)).unwrap_or_else(|problems| panic!("{problems}"));
    let problems = changed.layer("national").expect_err("an unknown key");
    let known = listed(&problems).unwrap_or_else(|| panic!("{problems}"));
    for file in [PolicyFile::Rules, PolicyFile::Checks] {
        let schema = policy_file(&policies().world, file);
        let at = if file == PolicyFile::Rules { "rule.require" } else { "check.require" };
        assert_eq!(declared(&schema, at), known, "{}", file.name());
    }
}

#[test]
fn schemas_and_readers_take_the_same_kinds_of_values() {
    let wrong_kinds = [
        ("true", "bool"),
        ("7", "integer"),
        ("\"some\"", "text"),
        ("2026-01-01", "date"),
        ("[\"some\"]", "list"),
        ("[7]", "other list"),
        ("{}", "table"),
    ];
    for kind in kinds() {
        let validator = validator(&policy_file(&policies().world, kind.file));
        for (key, right, replaced) in kind.keys {
            let base: Vec<_> = kind.base.iter().copied().filter(|(base, _)| base != key && base != replaced).collect();
            let with = |value| file(&kind, &base.iter().copied().chain([(*key, value)]).collect::<Vec<_>>());
            agree(&validator, kind.file, &with(right), Some(true));
            for (wrong, name) in wrong_kinds {
                // a date is a text to a JSON Schema, and what `default` takes depends on the field's type
                let same = name == kind_of(right) || (name == "date" && kind_of(right) == "text");
                if !same && *key != "default" {
                    agree(&validator, kind.file, &with(wrong), None);
                }
            }
        }
        for left_out in kind.base {
            let keys: Vec<_> = kind.base.iter().copied().filter(|key| key != left_out).collect();
            agree(&validator, kind.file, &file(&kind, &keys), None);
        }
    }
}

fn kind_of(value: &str) -> &'static str {
    match value.as_bytes() {
        [b'"' | b'\'', ..] => "text",
        [b'[', ..] => "list",
        [b'{', ..] => "table",
        [b't' | b'f', ..] => "bool",
        _ if value.contains('-') => "date",
        _ => "integer",
    }
}

/// The reader and the schema say the same of a file; `right`: that it is right.
fn agree(validator: &Validator, file: PolicyFile, text: &str, right: Option<bool>) {
    let problems = problems(file, text);
    let found = mistakes(validator, &json_of(&SourceFile::new("x.toml", text)));
    let reads = !problems.has_errors();
    assert_eq!(reads, found.is_empty(), "{}\n{text}\nreader: {problems}\nschema: {found}", file.name());
    assert!(right.is_none_or(|right| right == reads), "{}\n{text}\n{problems}", file.name());
}
