//! What a filing may say, from the schema of its fields.
//!
//! It accepts what the reader accepts: every field may be absent (or `null`, in JSON), and the form of a phone number or
//! the like is no business of the reader: rules ask for it. `x-format`, `x-sensitive` and `x-derived` tell of it.

use serde_json::{Map, Value, json};

use super::parts::{DAY, DIALECT, boolean, day, integer, put, reference, text};
use crate::filing::Slot;
use crate::policy::World;
use crate::schema::format::Format;
use crate::schema::{Enum, Field, Record, RecordId, Schema, Sensitivity, Type, Words};

/// Up to how many values an enumeration is written with the label of each.
const LABELLED: usize = 64;

/// The schema of a filing.
pub fn filing(world: &World) -> Value {
    let mut writer = Writer { world, schema: &world.schema, definitions: Map::new() };
    let mut filing = writer.record(writer.schema.root);
    put(&mut filing, "$schema", json!(DIALECT));
    put(&mut filing, "title", json!("备案订单"));
    put(&mut filing, "description", json!("one ICP filing, in TOML or JSON; every key may be left out"));
    put(&mut filing, "$defs", Value::Object(writer.definitions));
    filing
}

struct Writer<'a> {
    world: &'a World,
    schema: &'a Schema,
    definitions: Map<String, Value>,
}

impl Writer<'_> {
    fn record(&mut self, id: RecordId) -> Value {
        let schema = self.schema;
        let record = schema.record(id);
        let mut properties = Map::new();
        for field in record.fields.iter().filter(|field| !field.collected) {
            properties.insert(field.name.clone(), self.field(record, field));
        }
        let mut table = json!({ "type": "object", "properties": properties, "additionalProperties": false });
        label(&mut table, &record.label, "");
        table
    }

    fn field(&mut self, record: &Record, field: &Field) -> Value {
        let mut of = self.of(&field.ty);
        if let Type::Record(inner) = field.ty {
            let constants = constants(self.schema, record, field, self.schema.record(inner));
            if !constants.is_empty() {
                put(&mut of, "properties", Value::Object(constants));
            }
        }
        let mut property = or_null(of);
        label(&mut property, &field.label, &field.doc);
        if let Some(default) = field.default.as_ref().and_then(|text| default(&field.ty, text)) {
            put(&mut property, "default", default);
        }
        if let Some(format) = field.format {
            put(&mut property, "x-format", json!(format_name(format)));
        }
        if let Some(sensitivity) = field.sensitive {
            put(&mut property, "x-sensitive", json!(sensitivity_name(sensitivity)));
        }
        if field.derive.is_some() {
            put(&mut property, "x-derived", json!(true));
        }
        property
    }

    fn of(&mut self, ty: &Type) -> Value {
        match ty {
            Type::Text => text(),
            Type::Bool => boolean(),
            Type::Integer => integer(),
            Type::Date => day(),
            Type::Expiry => json!({
                "type": "string",
                "anyOf": [
                    { "const": "long_term", "title": "长期" },
                    { "format": "date", "pattern": DAY },
                ],
            }),
            Type::Region2 => self.defined("region2", |writer| writer.provinces()),
            Type::Region6 => json!({ "type": "string", "pattern": "^[0-9]{6}$" }),
            Type::Enum(id) => {
                let values = self.schema.enumeration(*id);
                self.defined(&format!("enum.{}", values.name), |_| enumeration(values))
            }
            Type::Record(id) => {
                let name = format!("record.{}", self.schema.record(*id).name);
                self.defined(&name, |writer| writer.record(*id))
            }
            Type::List(element) => {
                let items = self.of(element);
                json!({ "type": "array", "items": items })
            }
        }
    }

    /// A reference to a definition, which is made when it is first needed. Records may contain lists of themselves.
    fn defined(&mut self, name: &str, make: impl FnOnce(&mut Self) -> Value) -> Value {
        if !self.definitions.contains_key(name) {
            self.definitions.insert(name.to_owned(), Value::Bool(true));
            let made = make(self);
            self.definitions.insert(name.to_owned(), made);
        }
        reference(name)
    }

    /// Two digits; those that stand for a province have its name.
    fn provinces(&self) -> Value {
        let named = (0..100).filter_map(|code| Some((code, self.world.knows().region_name(code)?)));
        let mut choices: Vec<Value> =
            named.map(|(code, name)| json!({ "const": format!("{code:02}"), "title": name })).collect();
        choices.push(json!({ "pattern": "^[0-9]{2}$" }));
        json!({ "type": "string", "anyOf": choices })
    }
}

/// An absent value may be written as `null`.
fn or_null(mut of: Value) -> Value {
    match of.get("type").and_then(Value::as_str).map(str::to_owned) {
        Some(ty) if of.get("anyOf").is_none() => {
            put(&mut of, "type", json!([ty, "null"]));
            of
        }
        _ => json!({ "anyOf": [of, { "type": "null" }] }),
    }
}

/// What the place of a record says about the record's fields: a person's role, where the person stands.
fn constants(schema: &Schema, record: &Record, place: &Field, inner: &Record) -> Map<String, Value> {
    let mut constants = Map::new();
    for field in &inner.fields {
        let Type::Enum(id) = field.ty else { continue };
        let own = inner.template.get(field.offset as usize);
        let here = record.template.get((place.offset + field.offset) as usize);
        if let (Some(Slot::Int(value)), true) = (here, here != own)
            && let Some(value) = schema.enumeration(id).value(*value)
        {
            constants.insert(field.name.clone(), json!({ "enum": [value.id, null] }));
        }
    }
    constants
}

fn enumeration(values: &Enum) -> Value {
    let mut schema = if values.values.len() <= LABELLED {
        let choice = |value: &crate::schema::EnumValue| {
            let mut choice = json!({ "const": value.id });
            label(&mut choice, &value.label, "");
            choice
        };
        json!({ "type": "string", "oneOf": values.values.iter().map(choice).collect::<Vec<_>>() })
    } else {
        json!({ "type": "string", "enum": values.ids().collect::<Vec<_>>() })
    };
    label(&mut schema, &values.label, "");
    schema
}

/// The Chinese label as the title; the explanation and the English label as the description.
fn label(schema: &mut Value, words: &Words, doc: &str) {
    if !words.zh.is_empty() {
        put(schema, "title", json!(words.zh));
    }
    let en = if words.en == words.zh { "" } else { words.en.as_str() };
    let description = match (doc, en) {
        ("", en) => en.to_owned(),
        (doc, "") => doc.to_owned(),
        (doc, en) => format!("{doc}（{en}）"),
    };
    if !description.is_empty() {
        put(schema, "description", json!(description));
    }
}

/// What an absent value means, as documents would write it.
fn default(ty: &Type, text: &str) -> Option<Value> {
    Some(match ty {
        Type::Bool => json!(text == "true"),
        Type::Integer => json!(text.parse::<i64>().ok()?),
        Type::List(_) => json!([]),
        Type::Text | Type::Enum(_) => json!(text),
        _ => return None,
    })
}

fn format_name(format: Format) -> &'static str {
    Format::NAMES.into_iter().find(|name| Format::named(name) == Some(format)).unwrap_or_default()
}

fn sensitivity_name(sensitivity: Sensitivity) -> &'static str {
    match sensitivity {
        Sensitivity::Id => "id",
        Sensitivity::Phone => "phone",
        Sensitivity::Email => "email",
    }
}
