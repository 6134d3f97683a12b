//! The JSON Schemas say what the readers accept: real files, wrong files, and files made at random.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod filing;
mod kinds;
mod policy;
mod report;

use std::sync::{Arc, OnceLock};

use beian::policy::{Files, Policies};
use beian::source::{Node, NodeValue, SourceFile, parse_toml};
use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// The built-in policies, loaded once.
fn policies() -> &'static Policies {
    static POLICIES: OnceLock<Policies> = OnceLock::new();
    POLICIES.get_or_init(|| Policies::load(&Files::Embedded).unwrap_or_else(|problems| panic!("{problems}")))
}

fn read(path: &str) -> Arc<SourceFile> {
    Files::Embedded.read(path).expect("is readable").expect("is there")
}

/// TOML as JSON; dates become texts, as validators of TOML see them.
fn json_of(file: &Arc<SourceFile>) -> Value {
    value_of(&parse_toml(file).unwrap_or_else(|problems| panic!("{problems}")))
}

fn value_of(node: &Node) -> Value {
    match &node.value {
        NodeValue::Null => Value::Null,
        NodeValue::Bool(value) => json!(value),
        NodeValue::Integer(value) => json!(value),
        NodeValue::Float(value) => json!(value),
        NodeValue::Text(text) | NodeValue::DateTime(text) => json!(text),
        NodeValue::Date(date) => json!(date.to_string()),
        NodeValue::Array(items) => items.iter().map(value_of).collect(),
        NodeValue::Table(entries) => {
            entries.iter().map(|entry| (entry.key.clone(), value_of(&entry.node))).collect::<Map<_, _>>().into()
        }
    }
}

/// A validator that takes dates seriously; the schema itself must be valid.
fn validator(schema: &Value) -> Validator {
    if let Err(error) = jsonschema::draft202012::meta::validate(schema) {
        panic!("{} at {}", error, error.instance_path());
    }
    jsonschema::draft202012::options().should_validate_formats(true).build(schema).expect("compiles")
}

/// All mistakes of a value, one a line; empty when it is right.
fn mistakes(validator: &Validator, value: &Value) -> String {
    let lines = validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path()));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn schemas_are_of_the_draft_that_they_name() {
    let world = &policies().world;
    let mut all =
        vec![beian::json_schema::filing(world), beian::json_schema::policy(world), beian::json_schema::report()];
    all.extend(beian::json_schema::PolicyFile::ALL.map(|file| beian::json_schema::policy_file(world, file)));
    for schema in all {
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        let _ = validator(&schema);
        let text = beian::json_schema::text(&schema);
        assert!(text.ends_with("}\n"));
        assert_eq!(serde_json::from_str::<Value>(&text).expect("is JSON"), schema);
    }
}

#[test]
fn the_command_prints_them() {
    let world = &policies().world;
    let printed = |arguments: &[&str]| {
        let mut command = assert_cmd::Command::cargo_bin("beian").expect("is built");
        let output = command.arg("schema").args(arguments).assert().success().get_output().stdout.clone();
        String::from_utf8(output).expect("is UTF-8")
    };
    let text = beian::json_schema::text;
    assert_eq!(printed(&["filing"]), text(&beian::json_schema::filing(world)));
    assert_eq!(printed(&["policy"]), text(&beian::json_schema::policy(world)));
    assert_eq!(printed(&["report"]), text(&beian::json_schema::report()));
    for file in beian::json_schema::PolicyFile::ALL {
        let printed = printed(&["policy", "--file", file.name()]);
        assert_eq!(printed, text(&beian::json_schema::policy_file(world, file)), "{}", file.name());
    }
}
