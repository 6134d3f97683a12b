//! TOML text → [`Node`] tree. The `toml` crate parses; it gives spans of keys and values and all syntax errors at once.

use std::sync::Arc;

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Diagnostic, Diagnostics, Entry, Node, NodeValue, SourceFile};

/// Parses a TOML file.
///
/// # Errors
/// Every syntax error, and every number or date that does not exist, with its place.
pub fn parse_toml(file: &Arc<SourceFile>) -> Result<Node, Diagnostics> {
    let mut out = Diagnostics::new();
    let (table, errors) = DeTable::parse_recoverable(&file.text);
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        out.push_error(|| Diagnostic::error("toml-syntax", first_line(error.message())).at(file, span, ""));
    }
    let span = table.span();
    let entries = read_table(file, table.get_ref(), &mut out);
    if out.has_errors() { Err(out) } else { Ok(Node { span, value: NodeValue::Table(entries) }) }
}

fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().to_owned()
}

fn read_table(file: &Arc<SourceFile>, table: &DeTable<'_>, out: &mut Diagnostics) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(table.len());
    for (key, value) in table {
        entries.push(Entry {
            key: key.get_ref().to_string(),
            key_span: key.span(),
            node: read_value(file, value, out),
        });
    }
    entries
}

fn read_value(file: &Arc<SourceFile>, value: &Spanned<DeValue<'_>>, out: &mut Diagnostics) -> Node {
    let span = value.span();
    let read = match value.get_ref() {
        DeValue::String(text) => NodeValue::Text(text.to_string()),
        DeValue::Boolean(value) => NodeValue::Bool(*value),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => NodeValue::Integer(number),
            Err(_) => {
                out.push(
                    Diagnostic::error(
                        "number-too-large",
                        format!("the number `{}` does not fit 64 bits", number.as_str()),
                    )
                    .at(file, span.clone(), ""),
                );
                NodeValue::Null
            }
        },
        DeValue::Float(number) => NodeValue::Float(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Datetime(datetime) => match (datetime.date, datetime.time) {
            (Some(date), None) => {
                match NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day)) {
                    Some(date) => NodeValue::Date(date),
                    None => {
                        out.push(
                            Diagnostic::error("no-such-date", format!("the date `{datetime}` does not exist")).at(
                                file,
                                span.clone(),
                                "no such day",
                            ),
                        );
                        NodeValue::Null
                    }
                }
            }
            _ => NodeValue::DateTime(datetime.to_string()),
        },
        DeValue::Array(array) => NodeValue::Array(array.iter().map(|item| read_value(file, item, out)).collect()),
        DeValue::Table(table) => NodeValue::Table(read_table(file, table, out)),
    };
    Node { span, value: read }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bytes_of_keys_and_values() {
        let file = SourceFile::new("a.toml", "名 = 1\n".replace('名', "\"名\"") + "[a]\nb = \"中\" # c\n");
        let node = parse_toml(&file).expect("parses");
        let b = node.get("a").and_then(|a| a.entries()).and_then(|e| e.first()).expect("a.b");
        assert_eq!(&file.text[b.key_span.clone()], "b");
        assert_eq!(&file.text[b.node.span.clone()], "\"中\"");
    }

    #[test]
    fn all_errors_at_once() {
        let file = SourceFile::new("a.toml", "a = 2026-02-30\nb = = 1\nb = 2\nb = 3\n");
        let errors = parse_toml(&file).expect_err("is wrong");
        assert!(errors.len() >= 2, "{errors}");
    }

    #[test]
    fn deep_nesting_is_an_error_and_not_a_stack_overflow() {
        let file = SourceFile::new("a.toml", format!("a = {}", "[".repeat(10_000)));
        assert!(parse_toml(&file).is_err());
    }
}
