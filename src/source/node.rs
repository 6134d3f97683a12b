//! A tree of values with places, and a way to read a table that forgets no key.

use std::sync::Arc;

use chrono::NaiveDate;

use super::{Diagnostic, Diagnostics, SourceFile, Span};

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The bytes of the value, quotes and brackets included.
    pub span: Span,
    /// What it is.
    pub value: NodeValue,
}

/// What a value is, in TOML's and JSON's common terms.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeValue {
    /// JSON only; means "not given".
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number that fits 64 bits.
    Integer(i64),
    /// Any other number; nothing here takes one, but the message should say what was found.
    Float(f64),
    /// A string, decoded.
    Text(String),
    /// A TOML date without a time.
    Date(NaiveDate),
    /// Any other TOML date or time.
    DateTime(String),
    /// A list.
    Array(Vec<Node>),
    /// A table or object, in the order of the file.
    Table(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key, decoded.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub node: Node,
}

impl Node {
    /// The value's type in words, for messages.
    pub fn kind(&self) -> &'static str {
        match self.value {
            NodeValue::Null => "null",
            NodeValue::Bool(_) => "a boolean",
            NodeValue::Integer(_) => "an integer",
            NodeValue::Float(_) => "a decimal number",
            NodeValue::Text(_) => "a text",
            NodeValue::Date(_) => "a date",
            NodeValue::DateTime(_) => "a date with time",
            NodeValue::Array(_) => "a list",
            NodeValue::Table(_) => "a table",
        }
    }

    /// The entries, if it is a table.
    pub fn entries(&self) -> Option<&[Entry]> {
        match &self.value {
            NodeValue::Table(entries) => Some(entries),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub fn items(&self) -> Option<&[Node]> {
        match &self.value {
            NodeValue::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            NodeValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a key, if it is a table that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries()?.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }
}

/// Reads the keys of a table: each getter marks its key as known, [`Fields::finish`] reports the rest.
///
/// Every getter reports a value of the wrong type and then gives `None`, so that one mistake hides no other.
pub struct Fields<'a> {
    file: &'a Arc<SourceFile>,
    what: &'a str,
    span: Span,
    entries: &'a [Entry],
    known: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// Starts on a table; `what` names it in messages ("a rule", "the table `[layer]`").
    /// Anything but a table is reported, and `None` given.
    pub fn new(file: &'a Arc<SourceFile>, what: &'a str, node: &'a Node, out: &mut Diagnostics) -> Option<Self> {
        match &node.value {
            NodeValue::Table(entries) => Some(Self { file, what, span: node.span.clone(), entries, known: Vec::new() }),
            _ => {
                out.push(Diagnostic::error("wrong-type", format!("{what} is a table, not {}", node.kind())).at(
                    file,
                    node.span.clone(),
                    "expected a table",
                ));
                None
            }
        }
    }

    /// The whole table's place.
    pub fn span(&self) -> Span {
        self.span.clone()
    }

    /// The entry of a key.
    pub fn entry(&mut self, key: &'static str) -> Option<&'a Entry> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The node of a key.
    pub fn node(&mut self, key: &'static str) -> Option<&'a Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    /// A text.
    pub fn text(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<(&'a str, Span)> {
        let node = self.node(key)?;
        match &node.value {
            NodeValue::Text(text) => Some((text.as_str(), node.span.clone())),
            _ => self.wrong(key, "a text", node, out),
        }
    }

    /// A text that must be there and not be empty.
    pub fn required_text(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<(&'a str, Span)> {
        if self.entry(key).is_none() {
            out.push(Diagnostic::error("missing-key", format!("{} needs the key `{key}`", self.what)).at(
                self.file,
                self.head(),
                "",
            ));
            return None;
        }
        let (text, span) = self.text(key, out)?;
        if text.trim().is_empty() {
            out.push(Diagnostic::error("empty-text", format!("`{key}` of {} is empty", self.what)).at(
                self.file,
                span,
                "write something here",
            ));
            return None;
        }
        Some((text, span))
    }

    /// A boolean.
    pub fn bool(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<bool> {
        let node = self.node(key)?;
        match node.value {
            NodeValue::Bool(value) => Some(value),
            _ => self.wrong(key, "`true` or `false`", node, out),
        }
    }

    /// A whole number.
    pub fn integer(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<i64> {
        let node = self.node(key)?;
        match node.value {
            NodeValue::Integer(value) => Some(value),
            _ => self.wrong(key, "an integer", node, out),
        }
    }

    /// A date: a TOML date, or a text `2026-11-24`.
    pub fn date(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<NaiveDate> {
        let node = self.node(key)?;
        let date = match &node.value {
            NodeValue::Date(date) => Some(*date),
            NodeValue::Text(text) => NaiveDate::parse_from_str(text, "%Y-%m-%d").ok(),
            _ => None,
        };
        match date {
            Some(date) => Some(date),
            None => self.wrong(key, "a date such as 2026-11-24", node, out),
        }
    }

    /// A list of texts; absent gives an empty one.
    pub fn texts(&mut self, key: &'static str, out: &mut Diagnostics) -> Vec<(&'a str, Span)> {
        let Some(node) = self.node(key) else { return Vec::new() };
        let NodeValue::Array(items) = &node.value else {
            let _: Option<()> = self.wrong(key, "a list of texts", node, out);
            return Vec::new();
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            match &item.value {
                NodeValue::Text(text) => texts.push((text.as_str(), item.span.clone())),
                _ => {
                    let _: Option<()> = self.wrong(key, "a list of texts", item, out);
                }
            }
        }
        texts
    }

    /// A list of tables (`[[key]]`); absent gives an empty one.
    pub fn tables(&mut self, key: &'static str, out: &mut Diagnostics) -> &'a [Node] {
        let Some(node) = self.node(key) else { return &[] };
        match &node.value {
            NodeValue::Array(items) => items,
            _ => {
                let _: Option<()> = self.wrong(key, "a list of tables", node, out);
                &[]
            }
        }
    }

    /// A table (`[key]`) as its entries; absent gives none.
    pub fn table(&mut self, key: &'static str, out: &mut Diagnostics) -> &'a [Entry] {
        let Some(node) = self.node(key) else { return &[] };
        match &node.value {
            NodeValue::Table(entries) => entries,
            _ => {
                let _: Option<()> = self.wrong(key, "a table", node, out);
                &[]
            }
        }
    }

    /// Entries whose keys no getter asked for; they count as known from now on.
    pub fn rest(&mut self) -> Vec<&'a Entry> {
        let rest: Vec<&Entry> = self.entries.iter().filter(|entry| !self.known.contains(&entry.key.as_str())).collect();
        self.entries = &[];
        rest
    }

    /// The keys that getters asked for so far.
    pub fn known(&self) -> &[&'static str] {
        &self.known
    }

    /// What is wrong with a key that no getter asked for; `more` are keys that the policies add.
    pub fn unknown_key(&self, entry: &Entry, more: &[String]) -> Diagnostic {
        let keys: Vec<&str> = self.known.iter().copied().chain(more.iter().map(String::as_str)).collect();
        Diagnostic::error("unknown-key", format!("{} has no key `{}`", self.what, entry.key))
            .at(self.file, entry.key_span.clone(), "unknown key")
            .help(format!("the keys are {}", list(&keys)))
            .suggest(&entry.key, keys)
    }

    /// Reports every key that no getter asked for.
    pub fn finish(self, out: &mut Diagnostics) {
        for entry in self.entries {
            if !self.known.contains(&entry.key.as_str()) {
                out.push(self.unknown_key(entry, &[]));
            }
        }
    }

    /// The first line of the table, to point at when something is missing in it.
    fn head(&self) -> Span {
        let start = self.entries.first().map_or(self.span.start, |entry| entry.key_span.start);
        let text = self.file.text.get(start..).unwrap_or_default();
        start..start + text.find('\n').unwrap_or(text.len())
    }

    fn wrong<T>(&self, key: &str, expected: &str, node: &Node, out: &mut Diagnostics) -> Option<T> {
        out.push(
            Diagnostic::error("wrong-type", format!("`{key}` of {} is {expected}, not {}", self.what, node.kind())).at(
                self.file,
                node.span.clone(),
                format!("expected {expected}"),
            ),
        );
        None
    }
}

fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
