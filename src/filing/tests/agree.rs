//! The two ways to read JSON, and TOML, read the same from the same filing and refuse the same.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::super::explain::Explain;
use super::super::read::read_tree;
use super::super::read_json_into;
use super::*;
use crate::source::parse_json;

/// A value of a filing as it can be written.
#[derive(Debug, Clone)]
enum Written {
    Null,
    Scalar { json: String, toml: String },
    List(Vec<Written>),
    Record(Vec<(String, Written)>),
}

impl Written {
    fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self::Scalar { json: text.clone(), toml: text }
    }

    fn json(&self) -> String {
        match self {
            Self::Null => "null".into(),
            Self::Scalar { json, .. } => json.clone(),
            Self::List(items) => format!("[{}]", items.iter().map(Self::json).collect::<Vec<_>>().join(", ")),
            Self::Record(entries) => {
                let entries = entries.iter().map(|(key, value)| format!("{}: {}", quote(key), value.json()));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
            }
        }
    }

    fn toml(&self) -> String {
        match self {
            Self::Null => unreachable!("TOML has no null"),
            Self::Scalar { toml, .. } => toml.clone(),
            Self::List(items) => format!("[{}]", items.iter().map(Self::toml).collect::<Vec<_>>().join(", ")),
            Self::Record(_) => format!("{{ {} }}", self.toml_entries().join(", ")),
        }
    }

    fn toml_entries(&self) -> Vec<String> {
        let Self::Record(entries) = self else { unreachable!("a record") };
        let given = entries.iter().filter(|(_, value)| !matches!(value, Self::Null));
        given.map(|(key, value)| format!("{} = {}", quote(key), value.toml())).collect()
    }

    /// All records in it, to break one.
    fn records(&mut self) -> Vec<&mut Vec<(String, Written)>> {
        let mut found = Vec::new();
        let mut left = vec![self];
        while let Some(next) = left.pop() {
            match next {
                Self::List(items) => left.extend(items),
                Self::Record(entries) => {
                    // either the record itself or what is in it, as both cannot be lent at once
                    if entries.iter().any(|(_, value)| matches!(value, Self::Record(_) | Self::List(_))) {
                        left.extend(entries.iter_mut().map(|(_, value)| value));
                    } else {
                        found.push(entries);
                    }
                }
                _ => {}
            }
        }
        found
    }
}

fn quote(text: &str) -> String {
    serde_json::to_string(text).expect("is a text").replace('\u{7f}', "\\u007f")
}

fn day() -> impl Strategy<Value = String> {
    (0..=9999, 1..=12, 1..=28).prop_map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}"))
}

fn date() -> BoxedStrategy<Written> {
    (day(), any::<bool>())
        .prop_map(|(day, text)| {
            let json = format!("\"{day}\"");
            Written::Scalar { toml: if text { json.clone() } else { day }, json }
        })
        .boxed()
}

fn value(schema: &Schema, ty: &Type, depth: u32) -> BoxedStrategy<Written> {
    match ty {
        Type::Text => prop_oneof![any::<String>(), "[a-z0-9 中文\"\\\\]{0,30}"]
            .prop_map(|text| Written::same(quote(&text)))
            .boxed(),
        Type::Bool => any::<bool>().prop_map(|value| Written::same(value.to_string())).boxed(),
        Type::Integer => any::<i64>().prop_map(|value| Written::same(value.to_string())).boxed(),
        Type::Date => date(),
        Type::Expiry => prop_oneof![date(), Just(Written::same("\"long_term\""))].boxed(),
        Type::Region2 => "[0-9]{2}".prop_map(|code| Written::same(quote(&code))).boxed(),
        Type::Region6 => "[0-9]{6}".prop_map(|code| Written::same(quote(&code))).boxed(),
        Type::Enum(id) => {
            let ids: Vec<String> = schema.enumeration(*id).ids().map(str::to_owned).collect();
            select(ids).prop_map(|id| Written::same(quote(&id))).boxed()
        }
        Type::Record(id) => record(schema, *id, depth),
        Type::List(element) => vec(value(schema, element, depth), 0..4).prop_map(Written::List).boxed(),
    }
}

fn record(schema: &Schema, id: RecordId, depth: u32) -> BoxedStrategy<Written> {
    let mut fields = Vec::new();
    for field in &schema.record(id).fields {
        let ends = depth == 0 && matches!(field.ty, Type::List(_));
        // a role is given by the place of its person
        if field.collected || field.name == "role" || ends {
            continue;
        }
        let name = field.name.clone();
        let inner = if matches!(field.ty, Type::List(_)) { depth - 1 } else { depth };
        let written = prop_oneof![6 => value(schema, &field.ty, inner), 1 => Just(Written::Null)];
        fields.push(proptest::option::weighted(0.6, written).prop_map(move |value| (name.clone(), value)));
    }
    let given = |fields: Vec<(String, Option<Written>)>| {
        fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect::<Vec<_>>()
    };
    fields.prop_map(given).prop_shuffle().prop_map(Written::Record).boxed()
}

fn filing() -> impl Strategy<Value = Written> {
    let schema = schema();
    record(&schema, schema.root, 3)
}

fn by_stream(schema: &Schema, text: &str) -> Option<Vec<String>> {
    let mut document = Document::empty(schema);
    read_json_into(schema, text, &mut document).ok()?;
    Some(contents(schema, &document))
}

fn by_tree(schema: &Schema, text: &str) -> Option<Vec<String>> {
    let file = SourceFile::new("f.json", text);
    let mut document = Document::empty(schema);
    let node = parse_json(&file).ok()?;
    read_tree(Explain { schema, file: &file, form: InputForm::Json }, &node, &mut document).ok()?;
    Some(contents(schema, &document))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn all_ways_read_the_same(first in filing(), second in filing()) {
        let schema = schema();
        let (json, toml) = (second.json(), second.toml_entries().join("\n"));
        let expected = by_tree(&schema, &json);
        prop_assert!(expected.is_some());
        prop_assert_eq!(&by_stream(&schema, &json), &expected);
        let from_toml = read_toml(&schema, &format!("# a filing\n{toml}"));
        let from_toml = from_toml.map_err(|errors| TestCaseError::fail(errors.to_string()))?;
        prop_assert_eq!(Some(contents(&schema, &from_toml)), expected.clone());
        // a used document leaves no traces
        let mut used = Document::empty(&schema);
        prop_assert!(read_json_into(&schema, &first.json(), &mut used).is_ok());
        prop_assert!(read_json_into(&schema, &json, &mut used).is_ok());
        prop_assert_eq!(Some(contents(&schema, &used)), expected);
    }

    #[test]
    fn a_broken_filing_is_refused_by_all(mut written in filing(), which in any::<Index>(), how in 0..4) {
        let mut records = written.records();
        prop_assume!(!records.is_empty());
        let at = which.index(records.len());
        let record = &mut records[at];
        match how {
            0 => record.push(("no_such_key".into(), Written::same("1"))),
            1 => record.insert(0, ("".into(), Written::same("\"\""))),
            2 => match record.iter_mut().find(|(_, value)| matches!(value, Written::Scalar { .. })) {
                Some((_, value)) => *value = Written::same("1.5"),
                None => return Ok(()),
            },
            _ => match record.iter().find(|(_, value)| matches!(value, Written::Scalar { .. })).cloned() {
                Some(again) => record.push(again),
                None => return Ok(()),
            },
        }
        let schema = schema();
        prop_assert_eq!(by_stream(&schema, &written.json()), None);
        prop_assert_eq!(by_tree(&schema, &written.json()), None);
        prop_assert!(read_json(&schema, &written.json()).is_err());
        prop_assert!(read_toml(&schema, &written.toml_entries().join("\n")).is_err());
    }

    #[test]
    fn a_damaged_text_is_never_read_otherwise(written in filing(), at in any::<Index>(), put in "[]\\[{}\",:0-9a.\\\\ \u{1}-]{0,2}", cut in 0..3usize) {
        let schema = schema();
        let mut text: Vec<char> = written.json().chars().collect();
        let at = at.index(text.len());
        let end = (at + cut).min(text.len());
        text.splice(at..end, put.chars());
        let text: String = text.into_iter().collect();
        let streamed = by_stream(&schema, &text);
        if streamed.is_some() {
            prop_assert_eq!(&by_tree(&schema, &text), &streamed);
        }
        prop_assert_eq!(read_json(&schema, &text).is_ok(), streamed.is_some());
        // nor does TOML panic
        let _ = read_toml(&schema, &text);
    }
}
