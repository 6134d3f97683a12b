//! Parts that all schemas are made of.

use serde_json::{Map, Value, json};

/// The dialect that all schemas are written in.
pub(super) const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// A day, as TOML and JSON write it.
pub(super) const DAY: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";

/// A text that is not blank.
const SOMETHING: &str = r"\S";

/// A key, what it takes, and whether it must be there.
pub(super) struct Key {
    name: String,
    schema: Value,
    required: bool,
}

/// A key that may be left out.
pub(super) fn key(name: impl Into<String>, what: &str, schema: Value) -> Key {
    Key { name: name.into(), schema: described(schema, what), required: false }
}

/// A key that must be there.
pub(super) fn needed(name: impl Into<String>, what: &str, schema: Value) -> Key {
    Key { required: true, ..key(name, what, schema) }
}

/// A table with these keys and no others.
pub(super) fn table(keys: Vec<Key>) -> Value {
    let required: Vec<&str> = keys.iter().filter(|key| key.required).map(|key| key.name.as_str()).collect();
    let required = json!(required);
    let properties: Map<String, Value> = keys.into_iter().map(|key| (key.name, key.schema)).collect();
    let mut table = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if required.as_array().is_some_and(|required| !required.is_empty()) {
        put(&mut table, "required", required);
    }
    table
}

/// A table whose keys are names of the writer's choice.
pub(super) fn names(values: Value) -> Value {
    json!({ "type": "object", "additionalProperties": values })
}

/// A list.
pub(super) fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

/// A list that is not empty.
pub(super) fn some(items: Value) -> Value {
    json!({ "type": "array", "items": items, "minItems": 1 })
}

/// A text.
pub(super) fn text() -> Value {
    json!({ "type": "string" })
}

/// A text that must say something.
pub(super) fn words() -> Value {
    json!({ "type": "string", "pattern": SOMETHING })
}

/// True or false.
pub(super) fn boolean() -> Value {
    json!({ "type": "boolean" })
}

/// A whole number of 64 bits.
pub(super) fn integer() -> Value {
    json!({ "type": "integer", "format": "int64" })
}

/// A day.
pub(super) fn day() -> Value {
    json!({ "type": "string", "format": "date", "pattern": DAY })
}

/// One of these texts.
pub(super) fn one_of<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> Value {
    let texts: Vec<Value> = texts.into_iter().map(|text| json!(text.as_ref())).collect();
    json!({ "type": "string", "enum": texts })
}

/// Exactly one of these keys.
pub(super) fn exactly_one(table: &mut Value, keys: &[&str]) {
    let choices: Vec<Value> = keys.iter().map(|key| json!({ "required": [key] })).collect();
    put(table, "oneOf", json!(choices));
}

/// Says what something is, unless that is said already.
pub(super) fn described(mut schema: Value, what: &str) -> Value {
    if !what.is_empty() {
        put(&mut schema, "description", json!(what));
    }
    schema
}

/// Sets a keyword.
pub(super) fn put(schema: &mut Value, keyword: &str, value: Value) {
    if let Value::Object(keywords) = schema {
        keywords.insert(keyword.to_owned(), value);
    }
}

/// A reference to a definition of the same document.
pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{}", pointer(name)) })
}

/// A name as a part of a pointer in the fragment of an address.
fn pointer(name: &str) -> String {
    let mut pointer = String::new();
    for byte in name.bytes() {
        match byte {
            b'~' => pointer.push_str("~0"),
            b'/' => pointer.push_str("~1"),
            b'-' | b'.' | b'_' => pointer.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => pointer.push(char::from(byte)),
            _ => pointer.push_str(&format!("%{byte:02X}")),
        }
    }
    pointer
}

/// A text as a part of a pattern.
pub(super) fn literal(text: &str) -> String {
    let mut pattern = String::new();
    for c in text.chars() {
        if c.is_ascii_punctuation() && !matches!(c, '_' | '-') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_any_kind_can_be_referred_to() {
        assert_eq!(reference("enum.nature")["$ref"], "#/$defs/enum.nature");
        assert_eq!(reference("a/b~c d")["$ref"], "#/$defs/a~1b~0c%20d");
        assert_eq!(reference("名")["$ref"], "#/$defs/%E5%90%8D");
    }
}
