//! What policy files may say: one schema per kind of file, and one document of them all.
//!
//! Names that policies define (checks, forms, materials, applicability keys and their values) are the loaded ones, so that
//! an editor completes them. What only loading can tell, such as whether a condition has the right type, is not here.

mod layer;
mod shared;
mod values;

use serde_json::{Map, Value, json};

use super::parts::{DIALECT, put, reference};
use crate::policy::World;
use values::Values;

/// A kind of policy file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PolicyFile {
    /// `facts.toml` of a layer.
    Facts,
    /// `rules.toml` of a layer.
    Rules,
    /// `cases.toml` of a layer.
    Cases,
    /// A file of `checks/`.
    Checks,
    /// `materials.toml`.
    Materials,
    /// `forms.toml`.
    Forms,
    /// `functions.toml`.
    Functions,
    /// `topics.toml`.
    Topics,
    /// A file of `tables/`.
    Table,
    /// `schema.toml`.
    Schema,
}

impl PolicyFile {
    /// All kinds.
    pub const ALL: [Self; 10] = [
        Self::Facts,
        Self::Rules,
        Self::Cases,
        Self::Checks,
        Self::Materials,
        Self::Forms,
        Self::Functions,
        Self::Topics,
        Self::Table,
        Self::Schema,
    ];

    /// The name that `--file` takes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Facts => "facts",
            Self::Rules => "rules",
            Self::Cases => "cases",
            Self::Checks => "checks",
            Self::Materials => "materials",
            Self::Forms => "forms",
            Self::Functions => "functions",
            Self::Topics => "topics",
            Self::Table => "table",
            Self::Schema => "schema",
        }
    }

    /// Where such files are, below `policies/`.
    pub fn place(self) -> &'static str {
        match self {
            Self::Facts => "facts.toml of a layer",
            Self::Rules => "rules.toml of a layer",
            Self::Cases => "cases.toml of a layer",
            Self::Checks => "a file of checks/",
            Self::Materials => "materials.toml",
            Self::Forms => "forms.toml",
            Self::Functions => "functions.toml",
            Self::Topics => "topics.toml",
            Self::Table => "a file of tables/",
            Self::Schema => "schema.toml",
        }
    }

    /// The kind of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|file| file.name() == name)
    }

    /// The kind of a file by its path below `policies/`; `None` for filings, scripts and what is no policy file.
    pub fn of_path(path: &str) -> Option<Self> {
        let stem = path.strip_suffix(".toml")?;
        match stem.rsplit_once('/') {
            Some(("checks", _)) => Some(Self::Checks),
            Some(("tables", _)) => Some(Self::Table),
            Some(("bases", _)) => None,
            Some((_, name)) => [Self::Facts, Self::Rules, Self::Cases].into_iter().find(|file| file.name() == name),
            None => [Self::Materials, Self::Forms, Self::Functions, Self::Topics, Self::Schema]
                .into_iter()
                .find(|file| file.name() == stem),
        }
    }

    /// Keys at the top of such a file that no other kind has there.
    fn own_keys(self) -> &'static [&'static str] {
        match self {
            Self::Facts => &["layer", "fact"],
            Self::Rules => &["rule", "functions"],
            Self::Cases => &["case", "base"],
            Self::Checks => &["check"],
            Self::Materials => &["material", "category"],
            Self::Forms => &["form"],
            Self::Functions => &["function"],
            Self::Topics => &["topic"],
            Self::Table => &["table", "row", "rows"],
            Self::Schema => &["enum", "record", "collect", "applicability"],
        }
    }

    fn definition(self) -> String {
        format!("file.{}", self.name())
    }

    fn schema(self, values: &Values<'_>) -> Value {
        match self {
            Self::Facts => layer::facts(values),
            Self::Rules => layer::rules(values),
            Self::Cases => layer::cases(values),
            Self::Checks => shared::checks(values),
            Self::Materials => shared::materials(),
            Self::Forms => shared::forms(values),
            Self::Functions => shared::functions(values),
            Self::Topics => shared::topics(),
            Self::Table => shared::table_file(),
            Self::Schema => shared::schema(),
        }
    }
}

/// The schema of one kind of policy file.
pub fn policy_file(world: &World, file: PolicyFile) -> Value {
    let values = Values::new(world);
    let mut schema = file.schema(&values);
    put(&mut schema, "$schema", json!(DIALECT));
    put(&mut schema, "title", json!(format!("beian policies: {}", file.name())));
    put(&mut schema, "$defs", Value::Object(values.definitions()));
    schema
}

/// One schema for all policy files: the keys at the top of a file say which kind it is.
pub fn policy(world: &World) -> Value {
    let values = Values::new(world);
    let mut definitions = values.definitions();
    let mut choices = Vec::new();
    let mut known = vec![json!({ "required": ["source"] }), json!({ "maxProperties": 0 })];
    for file in PolicyFile::ALL {
        let own: Vec<Value> = file.own_keys().iter().map(|key| json!({ "required": [key] })).collect();
        known.extend(own.iter().cloned());
        choices.push(json!({ "if": { "anyOf": own }, "then": reference(&file.definition()) }));
        definitions.insert(file.definition(), file.schema(&values));
    }
    json!({
        "$schema": DIALECT,
        "title": "beian policies",
        "description": "any policy file; the keys at its top say which kind it is",
        "type": "object",
        "properties": known_keys(&definitions),
        "anyOf": known,
        "allOf": choices,
        "$defs": definitions,
    })
}

/// The keys of all kinds, so that an editor completes them in a new file.
fn known_keys(definitions: &Map<String, Value>) -> Map<String, Value> {
    let mut keys = Map::new();
    for file in PolicyFile::ALL {
        let properties = definitions.get(&file.definition()).and_then(|schema| schema.get("properties"));
        for key in properties.and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key) {
            keys.insert(key.clone(), Value::Bool(true));
        }
    }
    keys
}
