//! Values that depend on the loaded policies: types, constants of a type, applicability, places to evaluate per.

use serde_json::{Map, Value, json};

use super::super::parts::{boolean, day, described, integer, list, literal, one_of, put, reference, text};
use crate::condition::{Ty, targets};
use crate::policy::World;
use crate::schema::{EnumId, Type};

/// What a value of a `require` in a check may be instead: a parameter of the check.
const PARAMETER: &str = r"^\{[A-Za-z0-9_]*\}$";

/// A path of fields.
const PATH: &str = r"^[^.\s]+(\.[^.\s]+)*$";

/// May a value be the name of a parameter?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parameters {
    /// In checks.
    Yes,
    /// In rules.
    No,
}

/// Writes values with the names of the loaded policies.
pub(super) struct Values<'a> {
    pub(super) world: &'a World,
}

impl<'a> Values<'a> {
    pub(super) fn new(world: &'a World) -> Self {
        Self { world }
    }

    /// The definitions that the other functions refer to.
    pub(super) fn definitions(&self) -> Map<String, Value> {
        let mut definitions = Map::new();
        for values in &self.world.schema.enums {
            definitions.insert(format!("enum.{}", values.name), one_of(values.ids()));
            let groups = values.groups.iter().map(|(name, _)| name.as_str());
            definitions.insert(format!("members.{}", values.name), one_of(values.ids().chain(groups)));
        }
        definitions.insert("type".to_owned(), self.types());
        definitions.insert("each".to_owned(), self.each());
        definitions
    }

    /// A type, as `list of enum role`.
    fn types(&self) -> Value {
        let schema = &self.world.schema;
        let simple = ["text", "bool", "integer", "date", "expiry", "region2", "region6"].map(str::to_owned);
        let enums = schema.enums.iter().map(|values| format!("enum {}", values.name));
        let records = schema.records.iter().map(|record| format!("record {}", record.name));
        let single: Vec<String> = simple.into_iter().chain(enums).chain(records).collect();
        let lists = single.iter().map(|name| format!("list of {name}"));
        let named = one_of(single.iter().cloned().chain(lists));
        let names: Vec<String> = single.iter().map(|name| literal(name)).collect();
        let nested = format!("^(list of )+({})$", names.join("|"));
        json!({ "type": "string", "anyOf": [named, { "pattern": nested }] })
    }

    /// What a rule is evaluated per.
    fn each(&self) -> Value {
        json!({ "type": "string", "anyOf": [one_of(targets(&self.world.schema)), { "pattern": PATH }] })
    }

    /// Values of an enumeration and names of its groups.
    pub(super) fn members(&self, id: EnumId) -> Value {
        reference(&format!("members.{}", self.world.schema.enumeration(id).name))
    }

    /// A constant of a type, as policy files write it.
    pub(super) fn constant(&self, ty: &Ty, parameters: Parameters) -> Value {
        let value = match ty {
            Ty::Bool => boolean(),
            Ty::Int => integer(),
            Ty::Date | Ty::Expiry => day(),
            Ty::Region2 => json!({ "type": "string", "pattern": "^[0-9]{2}$" }),
            Ty::Region6 => json!({ "type": "string", "pattern": "^[0-9]{6}$" }),
            Ty::Enum(id) => reference(&format!("enum.{}", self.world.schema.enumeration(*id).name)),
            Ty::List(element) => match **element {
                Ty::Enum(id) => list(or_parameter(self.members(id), parameters)),
                ref element => list(self.constant(element, parameters)),
            },
            // no constant of another type can be written
            Ty::Text => text(),
            _ => Value::Bool(false),
        };
        or_parameter(value, parameters)
    }

    /// The values that make a layer apply, by the fields of a filing.
    pub(super) fn applies(&self) -> Value {
        let schema = &self.world.schema;
        let mut properties = Map::new();
        let record = schema.record_named("filing").map(|id| schema.record(id));
        for field in record.into_iter().flat_map(|record| &record.fields) {
            if matches!(field.ty, Type::Enum(_) | Type::Region2 | Type::Region6) {
                let value = self.constant(&Ty::from(&field.ty), Parameters::No);
                properties.insert(field.name.clone(), described(value, &field.label.zh));
            }
        }
        json!({ "type": "object", "properties": properties, "additionalProperties": false })
    }

    /// A path in a filing, with the number of the element after each list.
    pub(super) fn document_path(&self) -> String {
        let root = self.world.schema.root();
        let names = root.fields.iter().filter(|field| !field.collected).map(|field| literal(&field.name));
        let names: Vec<String> = names.collect();
        format!(r"^({})(\[[0-9]+\])*(\.[^.\[\]\s]+(\[[0-9]+\])*)*$", names.join("|"))
    }

    /// The names of the filings that cases start from.
    pub(super) fn bases(&self) -> Value {
        let paths = self.world.files.list();
        let names: Vec<&str> =
            paths.iter().filter_map(|path| path.strip_prefix("bases/")?.strip_suffix(".toml")).collect();
        if names.is_empty() { text() } else { one_of(names) }
    }
}

fn or_parameter(value: Value, parameters: Parameters) -> Value {
    match parameters {
        Parameters::No => value,
        Parameters::Yes => json!({ "anyOf": [value, { "type": "string", "pattern": PARAMETER }] }),
    }
}

/// A path of fields, through lists without numbers.
pub(super) fn path() -> Value {
    let mut path = text();
    put(&mut path, "pattern", json!(PATH));
    path
}
