//! The description of the report has every key that reports have, and no other.

use std::collections::BTreeSet;

use serde_json::Value;

use super::markdown::code;
use super::read;

/// Every property that a schema names.
pub fn properties(schema: &Value, out: &mut BTreeSet<String>) {
    match schema {
        Value::Object(entries) => {
            for (key, value) in entries {
                if let ("properties", Value::Object(named)) = (key.as_str(), value) {
                    out.extend(named.keys().cloned());
                }
                properties(value, out);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| properties(item, out)),
        _ => {}
    }
}

#[test]
fn every_key_is_described() {
    let mut known = BTreeSet::new();
    properties(&beian::json_schema::report(), &mut known);
    let document = read("docs/report.md");
    let tables = document.text.split("\n## The report\n").nth(1).expect("the report");
    let rows = tables.lines().filter(|line| line.starts_with("| `"));
    let cell = |row: &str| row.trim_matches('|').split('|').next().unwrap_or_default().to_owned();
    let said: BTreeSet<String> = rows.flat_map(|row| code(&cell(row))).collect();
    assert_eq!(said, known);
}

#[test]
fn verdicts_are_described() {
    let document = read("docs/report.md");
    let said: Vec<String> = document.table("## Verdict").iter().flat_map(|row| code(&row[0])).collect();
    assert_eq!(said, ["rejected", "needs_information", "needs_review", "ready"]);
}
