//! JSON text → [`Node`] tree, for messages: slower than serde_json, but every key and value has its place.
//! `jsonc-parser` (of Deno) gives ranges and a bounded depth; all its liberties beyond JSON are switched off.

use std::sync::Arc;

use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use rustc_hash::FxHashMap;

use super::{Diagnostic, Diagnostics, Entry, Node, NodeValue, SourceFile, Span};

/// Parses a JSON file.
///
/// # Errors
/// The first syntax error; every duplicate key and every number that does not fit 64 bits.
pub fn parse_json(file: &Arc<SourceFile>) -> Result<Node, Diagnostics> {
    let options = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let parsed = parse_to_ast(&file.text, &CollectOptions::default(), &options).map_err(|error| {
        let range = error.range();
        let message = lower_first(&error.kind().to_string());
        Diagnostic::error("json-syntax", message).at(file, range.start..range.end, "")
    })?;
    let Some(value) = parsed.value else {
        return Err(Diagnostic::error("json-syntax", "the file is empty").at(file, 0..0, "").into());
    };
    let mut out = Diagnostics::new();
    let node = read(file, &value, &mut out);
    if out.has_errors() { Err(out) } else { Ok(node) }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}

fn read(file: &Arc<SourceFile>, value: &Value<'_>, out: &mut Diagnostics) -> Node {
    let range = value.range();
    let span = range.start..range.end;
    let value = match value {
        Value::NullKeyword(_) => NodeValue::Null,
        Value::BooleanLit(literal) => NodeValue::Bool(literal.value),
        Value::StringLit(literal) => NodeValue::Text(literal.value.to_string()),
        Value::NumberLit(literal) => read_number(file, literal.value, span.clone(), out),
        Value::Array(array) => NodeValue::Array(array.elements.iter().map(|item| read(file, item, out)).collect()),
        Value::Object(object) => {
            let mut entries: Vec<Entry> = Vec::with_capacity(object.properties.len());
            let mut known: FxHashMap<String, usize> = FxHashMap::default();
            for property in &object.properties {
                let range = property.name.range();
                let key_span = range.start..range.end;
                let key = match &property.name {
                    ObjectPropName::String(name) => name.value.to_string(),
                    ObjectPropName::Word(name) => name.value.to_owned(),
                };
                let node = read(file, &property.value, out);
                match known.get(&key).and_then(|first| entries.get(*first)) {
                    Some(first) => out.push_error(|| {
                        Diagnostic::error("duplicate-key", format!("the key `{key}` stands twice"))
                            .at(file, key_span, "again here")
                            .related(file, first.key_span.clone(), "first here")
                    }),
                    None => {
                        known.insert(key.clone(), entries.len());
                        entries.push(Entry { key, key_span, node });
                    }
                }
            }
            NodeValue::Table(entries)
        }
    };
    Node { span, value }
}

fn read_number(file: &Arc<SourceFile>, text: &str, span: Span, out: &mut Diagnostics) -> NodeValue {
    if let Ok(number) = text.parse::<i64>() {
        return NodeValue::Integer(number);
    }
    if text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
        out.push(
            Diagnostic::error("number-too-large", format!("the number `{text}` does not fit 64 bits"))
                .at(file, span, ""),
        );
    }
    NodeValue::Float(text.parse().unwrap_or(f64::NAN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duplicate_keys_are_errors_with_both_places() {
        let file = SourceFile::new("a.json", r#"{"a": 1, "b": {"x": 1, "x": 2}}"#);
        let errors = parse_json(&file).expect_err("is wrong");
        assert_eq!(errors.iter().next().map(Diagnostic::code), Some("duplicate-key"));
    }

    #[test]
    fn liberties_beyond_json_are_refused() {
        for text in ["{a: 1}", "{\"a\": 1,}", "// c\n1", "[1 2]", "'a'", ""] {
            let file = SourceFile::new("a.json", text);
            assert!(parse_json(&file).is_err(), "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_an_error_and_not_a_stack_overflow() {
        let file = SourceFile::new("a.json", "[".repeat(100_000));
        assert!(parse_json(&file).is_err());
    }
}
