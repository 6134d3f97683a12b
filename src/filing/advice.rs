//! What to write instead: the user's own value in the right form where that can be told, else an example.

use std::sync::Arc;

use chrono::NaiveDate;

use super::InputForm;
use super::explain::{quoted, value_help};
use super::scalar::LONG_TERM;
use crate::schema::{RecordId, Schema, Type};
use crate::source::{Node, NodeValue, SourceFile};

/// An example of a date.
const DAY: &str = "2026-11-24";

/// How people say that something does not expire.
const LONG_TERM_WORDS: [&str; 9] =
    ["长期", "长期有效", "永久", "永久有效", "long term", "long-term", "longterm", "permanent", "forever"];

/// How people say yes.
const YES: [&str; 6] = ["true", "yes", "y", "1", "是", "有"];

/// How people say no.
const NO: [&str; 7] = ["false", "no", "n", "0", "否", "无", "没有"];

/// How many places of a key are named.
const PLACES: usize = 3;

/// Words of help for one file.
pub(super) struct Advice<'a> {
    pub(super) schema: &'a Schema,
    pub(super) file: &'a Arc<SourceFile>,
    pub(super) form: InputForm,
}

impl Advice<'_> {
    /// What to write at a path, for a value of this type, where `node` stands.
    pub(super) fn write(&self, path: &str, ty: &Type, key: Option<&str>, node: &Node) -> String {
        let path = without_indices(path).replace("[]", "");
        match (ty, key, self.form) {
            (Type::Record(_), Some(_), InputForm::Toml) => format!("write a table `[{path}]` with keys below it"),
            (Type::Record(_), _, _) => "write `{ … }` with keys in it".into(),
            (Type::List(element), Some(_), InputForm::Toml) if matches!(**element, Type::Record(_)) => {
                format!("write one table `[[{path}]]` per element")
            }
            (Type::Enum(id), _, _) => match &node.value {
                NodeValue::Integer(_) | NodeValue::Bool(_) => value_help(self.schema.enumeration(*id), self.raw(node)),
                _ => value_help(self.schema.enumeration(*id), ""),
            },
            _ => {
                let literal = self.literal(ty, node);
                match (key, self.form) {
                    (Some(key), InputForm::Toml) => format!("write `{key} = {literal}`"),
                    (Some(key), InputForm::Json) => format!("write `\"{key}\": {literal}`"),
                    (None, _) => format!("write `{literal}`"),
                }
            }
        }
    }

    fn raw(&self, node: &Node) -> &str {
        self.file.text.get(node.span.clone()).unwrap_or_default()
    }

    fn literal(&self, ty: &Type, node: &Node) -> String {
        let written = node.as_text().unwrap_or_else(|| self.raw(node)).trim();
        let scalar = !matches!(node.value, NodeValue::Array(_) | NodeValue::Table(_));
        match ty {
            Type::Text if scalar && !written.is_empty() => format!("\"{written}\""),
            Type::Bool if NO.contains(&written.to_lowercase().as_str()) => "false".into(),
            Type::Bool if YES.contains(&written.to_lowercase().as_str()) => "true".into(),
            Type::Bool => "true".into(),
            Type::Integer => integer(written).unwrap_or_else(|| "3".into()),
            Type::Date => self.date(written),
            Type::Expiry if LONG_TERM_WORDS.contains(&written.to_lowercase().as_str()) => format!("\"{LONG_TERM}\""),
            Type::Expiry => self.date(written),
            Type::Region2 => format!("\"{}\"", region(written, 2)),
            Type::Region6 => format!("\"{}\"", region(written, 6)),
            Type::List(element) if scalar && !matches!(**element, Type::Record(_)) => {
                format!("[{}]", if written.is_empty() { "…" } else { self.raw(node) })
            }
            Type::List(element) if matches!(**element, Type::Record(_)) => "[{ … }]".into(),
            Type::List(_) => "[…]".into(),
            Type::Text | Type::Enum(_) => "\"…\"".into(),
            Type::Record(_) => "{ … }".into(),
        }
    }

    fn date(&self, written: &str) -> String {
        let date = date_meant(written).map_or_else(|| DAY.to_owned(), |date| date.to_string());
        match self.form {
            InputForm::Toml => date,
            InputForm::Json => format!("\"{date}\""),
        }
    }
}

/// `"3"`, `3.0`, `3 个`.
fn integer(written: &str) -> Option<String> {
    let end = written.find(|c: char| !c.is_ascii_digit()).unwrap_or(written.len());
    written.get(..end)?.parse::<i64>().ok().map(|number| number.to_string())
}

/// The day that was meant by `2026/11/24`, `2026年11月24日`, `20261124`, `2026-11-24T08:00:00` or `2026-02-30`.
pub(super) fn date_meant(written: &str) -> Option<NaiveDate> {
    let mut numbers = written.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let first = numbers.next()?;
    let (year, month, day) = if first.len() == 8 {
        (first.get(..4)?, first.get(4..6)?, first.get(6..)?)
    } else {
        (first, numbers.next()?, numbers.next()?)
    };
    if year.len() != 4 {
        return None;
    }
    let (year, month, day): (i32, u32, u32) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    // a day after the month's last: the last
    (1..=31)
        .contains(&day)
        .then(|| (0..4).find_map(|back| NaiveDate::from_ymd_opt(year, month, day.checked_sub(back)?)))?
}

/// A code made of what was written: cut or filled up with zeros, as a province or a city stands in longer codes.
fn region(written: &str, digits: usize) -> String {
    let given = written.len();
    if written.bytes().all(|byte| byte.is_ascii_digit()) && [2, 4, 6].contains(&given) {
        return if given >= digits {
            written.get(..digits).unwrap_or_default().into()
        } else {
            format!("{written:0<6}")
        };
    }
    if digits == 2 { "11".into() } else { "110000".into() }
}

/// Where else a key may stand, in words: paths of records that have it, the nearest to `path` first.
pub(super) fn places_of(schema: &Schema, key: &str, path: &str) -> Option<String> {
    if schema.root().field(key).is_some_and(|field| !field.collected) {
        return Some("the top of the file".into());
    }
    let mut found = Vec::new();
    collect_places(schema, schema.root, key, &mut String::new(), &mut Vec::new(), &mut found);
    let here = without_indices(path);
    let shared = |place: &str| here.split('.').zip(place.split('.')).take_while(|(a, b)| a == b).count();
    found.sort_by_key(|place| (std::cmp::Reverse(shared(place)), place.matches('.').count()));
    found.truncate(PLACES);
    (!found.is_empty()).then(|| quoted(found.iter().map(String::as_str)))
}

fn collect_places(
    schema: &Schema,
    id: RecordId,
    key: &str,
    path: &mut String,
    above: &mut Vec<RecordId>,
    found: &mut Vec<String>,
) {
    if above.contains(&id) {
        return;
    }
    above.push(id);
    let keep = path.len();
    for field in &schema.record(id).fields {
        if field.collected {
            continue;
        }
        if field.name == key {
            found.push(path.clone());
        }
        let (inner, suffix) = match &field.ty {
            Type::List(element) => (&**element, "[]"),
            other => (other, ""),
        };
        if let Type::Record(inner) = inner {
            if keep > 0 {
                path.push('.');
            }
            path.push_str(&field.name);
            path.push_str(suffix);
            collect_places(schema, *inner, key, path, above, found);
            path.truncate(keep);
        }
    }
    above.pop();
}

/// `services[0].domains[12]` as `services[].domains[]`.
fn without_indices(path: &str) -> String {
    let mut inside = false;
    path.chars()
        .filter(|c| {
            let keep = !inside || *c == ']';
            inside = (inside || *c == '[') && *c != ']';
            keep
        })
        .collect()
}
