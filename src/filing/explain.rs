//! What is wrong with a filing, in words: one function per mistake, each with its place and what to do.
//!
//! It must not decide what is wrong: the [reader](super::tree) does.

use std::sync::Arc;

use super::advice::{Advice, date_meant, places_of};
use super::scalar::LONG_TERM;
use super::{InputForm, Slot};
use crate::schema::{Enum, Field, RecordId, Schema, Type};
use crate::source::{Diagnostic, Node, NodeValue, SourceFile, Span, nearest};

/// How many values or places a message lists.
const LISTED: usize = 12;

/// What all messages about one file need to know.
#[derive(Clone, Copy)]
pub(super) struct Explain<'a> {
    pub(super) schema: &'a Schema,
    pub(super) file: &'a Arc<SourceFile>,
    pub(super) form: InputForm,
}

impl Explain<'_> {
    fn error(&self, code: &'static str, message: String, span: &Span, label: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, message).at(self.file, span.clone(), label)
    }

    /// Nothing in the file is of a filing.
    pub(super) fn not_a_filing(&self, node: &Node) -> Diagnostic {
        let root = self.schema.root();
        let names: Vec<&str> =
            root.fields.iter().filter(|field| !field.collected).map(|field| field.name.as_str()).collect();
        let Some(entries) = node.entries() else {
            let found = node.kind();
            let start = node.span.start..node.span.end.min(node.span.start + 1);
            return self
                .error("not-a-filing", format!("this is no filing: a filing is a table, not {found}"), &start, "")
                .help(format!("the keys of a filing are {}", quoted(names)));
        };
        let span = entries.first().map_or(0..0, |entry| entry.key_span.clone());
        let near = entries.iter().find_map(|entry| Some((&entry.key, nearest(&entry.key, names.iter().copied())?)));
        let help = match near {
            Some((key, near)) => format!("did you mean `{near}` where it says `{key}`?"),
            None => format!("the keys of a filing are {}", quoted(names)),
        };
        self.error("not-a-filing", "this is no filing: it has none of the keys of one".into(), &span, "not a filing's")
            .help(help)
    }

    /// The file holds nothing.
    pub(super) fn empty(&self) -> Diagnostic {
        let root = self.schema.root();
        let names = root.fields.iter().filter(|field| !field.collected).map(|field| field.name.as_str());
        self.error("not-a-filing", "this is no filing: the file is empty".into(), &(0..0), "")
            .help(format!("the keys of a filing are {}", quoted(names)))
    }

    /// The text is longer than a filing can be.
    pub(super) fn too_large(&self, limit: usize) -> Diagnostic {
        let message = format!("the file is too large for a filing: more than {} MiB", limit >> 20);
        self.error("too-large", message, &(0..0), "").help("a file holds one filing")
    }

    /// What only the strict JSON reader noticed.
    pub(super) fn json(&self, error: &serde_json::Error) -> Diagnostic {
        let text = error.to_string();
        let message = text.split(" at line ").next().unwrap_or_default();
        let line =
            self.file.text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
        let at = line + error.column().saturating_sub(1);
        let help = if message.starts_with("control character") {
            "write it as an escape such as `\\n`"
        } else {
            "write a whole number such as `0`"
        };
        self.error("json-syntax", message.to_owned(), &(at..at + 1), "").help(help)
    }

    /// A field that the document itself computes.
    pub(super) fn collected(&self, field: &Field, span: &Span) -> Diagnostic {
        let name = &field.name;
        let collection = self.schema.collections.iter().find(|collection| collection.name == *name);
        let places = collection.map(|found| found.from.iter().map(|from| from.path.join(".")).collect::<Vec<_>>());
        let places = places.unwrap_or_default();
        self.error(
            "collected-key",
            format!("`{name}` is gathered from other places and not written"),
            span,
            "remove it",
        )
        .help(format!("write what belongs here at {}", quoted(places.iter().map(String::as_str))))
    }

    /// A key that the record does not have.
    pub(super) fn unknown_key(&self, record: RecordId, path: &str, key: &str, span: &Span) -> Diagnostic {
        let message = if path.is_empty() {
            format!("a filing has no key `{key}`")
        } else {
            format!("`{path}` has no key `{key}`")
        };
        self.error("unknown-key", message, span, "unknown key").help(self.key_help(record, path, key))
    }

    fn key_help(&self, id: RecordId, path: &str, key: &str) -> String {
        let record = self.schema.record(id);
        let fields = || record.fields.iter().filter(|field| !field.collected);
        if let Some(field) = fields().find(|field| is_label(&field.label.zh, &field.label.en, key)) {
            return format!("`{key}` is written `{}`", field.name);
        }
        if let Some((first, rest)) = key.split_once('.').filter(|(first, _)| record.field(first).is_some()) {
            return format!("`{key}` is a path, not a key: write `{rest}` inside `{first}`");
        }
        let near = nearest(key, fields().map(|field| field.name.as_str()));
        match (places_of(self.schema, key, path), near) {
            (Some(places), Some(near)) => format!("`{key}` belongs to {places}; or did you mean `{near}`?"),
            (Some(places), None) => format!("`{key}` belongs to {places}"),
            (None, Some(near)) => format!("did you mean `{near}`?"),
            (None, None) => format!("the keys here are {}", quoted(fields().map(|field| field.name.as_str()))),
        }
    }

    /// A field whose value follows from its place.
    pub(super) fn constant(&self, path: &str, ty: &Type, place: Slot, span: &Span) -> Diagnostic {
        let id = match (ty, place) {
            (Type::Enum(id), Slot::Int(index)) => self.schema.enumeration(*id).value(index),
            _ => None,
        };
        let id = id.map(|value| value.id.as_str()).unwrap_or_default();
        self.error("fixed-value", format!("`{path}` is always `{id}`: its place says so"), span, format!("not `{id}`"))
            .help("leave it out")
    }

    /// More elements than a document holds.
    pub(super) fn too_long(&self, path: &str, span: &Span) -> Diagnostic {
        let start = span.start..span.end.min(span.start + 1);
        self.error("too-large", format!("`{path}` has more elements than a filing can hold"), &start, "")
            .help("a file holds one filing")
    }

    /// A text that is longer than any.
    pub(super) fn long_text(&self, path: &str, limit: usize, span: &Span) -> Diagnostic {
        let start = span.start..span.end.min(span.start + 1);
        self.error("too-large", format!("`{path}` is a text of more than {} KiB", limit >> 10), &start, "")
            .help("write down what stands in the form, not a document")
    }

    /// `null` in a list.
    pub(super) fn null_element(&self, path: &str, span: &Span) -> Diagnostic {
        self.error("null-element", format!("`{path}` is `null`, and a list holds only values"), span, "remove it")
            .help("leave the element out; an empty list is `[]`")
    }

    /// A value of another type.
    pub(super) fn wrong_type(&self, path: &str, ty: &Type, key: Option<&str>, node: &Node) -> Diagnostic {
        let (expected, found) = (self.expected(ty), self.found(node));
        let message = format!("`{path}` is {expected}, not {found}");
        let span = match node.value {
            // underlining many lines helps nobody
            NodeValue::Array(_) | NodeValue::Table(_) => self.first_line(&node.span),
            _ => node.span.clone(),
        };
        let advice = Advice { schema: self.schema, file: self.file, form: self.form };
        self.error("wrong-type", message, &span, format!("expected {expected}")).help(advice.write(path, ty, key, node))
    }

    /// A text that stands for nothing in this type.
    pub(super) fn wrong_text(&self, path: &str, ty: &Type, key: Option<&str>, text: &str, node: &Node) -> Diagnostic {
        match ty {
            Type::Enum(id) => self.unknown_value(path, self.schema.enumeration(*id), text, &node.span),
            Type::Date | Type::Expiry => self.wrong_date(path, ty, key, text, node),
            Type::Region2 | Type::Region6 => {
                let message = format!("`{path}` is {}, not `{}`", self.expected(ty), short(text));
                let advice = Advice { schema: self.schema, file: self.file, form: self.form };
                self.error("wrong-region", message, &node.span, "no such code").help(advice.write(path, ty, key, node))
            }
            _ => self.wrong_type(path, ty, key, node),
        }
    }

    fn unknown_value(&self, path: &str, values: &Enum, text: &str, span: &Span) -> Diagnostic {
        self.error("unknown-value", format!("`{path}` has no value `{}`", short(text)), span, "no such value")
            .help(value_help(values, text))
    }

    fn wrong_date(&self, path: &str, ty: &Type, key: Option<&str>, text: &str, node: &Node) -> Diagnostic {
        let advice = Advice { schema: self.schema, file: self.file, form: self.form };
        let help = advice.write(path, ty, key, node);
        if looks_like_date(text) {
            let help = date_meant(text).map_or(help, |last| format!("that month ends on {last}"));
            return self
                .error("no-such-date", format!("the date `{text}` does not exist"), &node.span, "no such day")
                .help(help);
        }
        let message = format!("`{path}` is {}, not `{}`", self.expected(ty), short(text));
        self.error("wrong-date", message, &node.span, "not a date of this form").help(help)
    }

    /// A type in words.
    fn expected(&self, ty: &Type) -> String {
        match ty {
            Type::Text => "a text".into(),
            Type::Bool => "`true` or `false`".into(),
            Type::Integer => "an integer".into(),
            Type::Date => "a date".into(),
            Type::Expiry => format!("a date or `{LONG_TERM}`"),
            Type::Region2 => "a text of 2 digits".into(),
            Type::Region6 => "a text of 6 digits".into(),
            Type::Enum(_) => "a text that names a value".into(),
            Type::Record(_) => "a table".into(),
            Type::List(element) if matches!(**element, Type::Record(_)) => "a list of tables".into(),
            Type::List(_) => "a list".into(),
        }
    }

    /// What was found, with its text where that is short.
    fn found(&self, node: &Node) -> String {
        match &node.value {
            NodeValue::Text(text) if text.chars().count() <= 20 => format!("the text `{text}`"),
            NodeValue::Integer(_) | NodeValue::Float(_) | NodeValue::Bool(_) => {
                let text = self.file.text.get(node.span.clone()).unwrap_or_default();
                let kind = node.kind();
                let kind = kind.strip_prefix("an ").or_else(|| kind.strip_prefix("a ")).unwrap_or(kind);
                if text.is_empty() { node.kind().into() } else { format!("the {kind} `{}`", short(text)) }
            }
            _ => node.kind().into(),
        }
    }

    fn first_line(&self, span: &Span) -> Span {
        let text = self.file.text.get(span.clone()).unwrap_or_default();
        span.start..span.start + text.find('\n').unwrap_or(text.len())
    }
}

/// What to write for a value that an enumeration does not have.
pub(super) fn value_help(values: &Enum, text: &str) -> String {
    let wanted = text.trim();
    let labelled = || values.values.iter().map(|value| (value, value.label.zh.as_str(), value.label.en.as_str()));
    if let Some((value, ..)) = labelled().find(|(_, zh, en)| is_label(zh, en, wanted)) {
        return format!("`{wanted}` is written `{}`", value.id);
    }
    let folded = wanted.to_lowercase().replace([' ', '-'], "_");
    let by_id = nearest(&folded, values.ids()).and_then(|id| values.value(i64::from(values.index(id)?)));
    let by_label = || {
        let part =
            |(_, zh, _): &(_, &str, _)| wanted.chars().count() > 1 && (zh.contains(wanted) || wanted.contains(*zh));
        let near = nearest(wanted, values.values.iter().map(|value| value.label.zh.as_str()));
        let near = |(_, zh, _): &(_, &str, _)| Some(*zh) == near;
        labelled().find(part).or_else(|| labelled().find(near)).map(|(value, ..)| value)
    };
    match by_id.or_else(by_label) {
        Some(value) => format!("did you mean `{}` ({})?", value.id, value.label.zh),
        None => format!("the values are {}", quoted(values.ids())),
    }
}

fn is_label(zh: &str, en: &str, text: &str) -> bool {
    zh == text || en.eq_ignore_ascii_case(text)
}

/// `2026-02-30` rather than something else.
fn looks_like_date(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() })
}

/// The beginning of a text that may be long.
fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line.to_owned(),
    }
}

/// Words in backticks; the rest of a long list is counted.
pub(super) fn quoted<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<&str> = words.into_iter().collect();
    let mut text = words.iter().take(LISTED).map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    if words.len() > LISTED {
        text.push_str(&format!(" and {} more", words.len() - LISTED));
    }
    text
}
