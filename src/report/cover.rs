//! A filing's text as it may be shown: sensitive values are covered, and every byte stays where it is.
//!
//! In: a file, as far as it can be parsed, and the schema. Out: [`Shown`], from which snippets are cut.

use std::borrow::Cow;
use std::sync::Arc;

use super::mask::{cover, cover_patterns};
use super::places::is_sensitive;
use crate::filing::{Document, InputForm};
use crate::policy::World;
use crate::schema::{Field, RecordId, Schema, Sensitivity, Type};
use crate::source::{Diagnostic, Diagnostics, Node, NodeValue, SourceFile, Span, parse_json, parse_toml};

/// Values shorter than this are not looked for elsewhere: they would be found everywhere.
const MIN_REPEATED: usize = 6;

/// A filing's text as it may be shown.
#[derive(Debug, Clone)]
pub struct Shown {
    file: Arc<SourceFile>,
    /// Texts that are covered, and how.
    covered: Vec<(String, String)>,
    patterns: bool,
}

impl Shown {
    /// Nothing is covered.
    pub fn as_it_is(file: &Arc<SourceFile>) -> Self {
        Self { file: Arc::clone(file), covered: Vec::new(), patterns: false }
    }

    /// Covers the values of sensitive fields, the same values elsewhere, and what looks like one. Without a document
    /// every field that can be sensitive is taken to be so.
    pub fn covered(world: &World, document: Option<&Document>, file: &Arc<SourceFile>, form: InputForm) -> Self {
        let tree = match form {
            InputForm::Toml => parse_toml(file),
            InputForm::Json => parse_json(file),
        };
        let mut finder = Finder { world, document, found: Vec::new() };
        match tree {
            Ok(root) => finder.record(Some(world.schema.root), &root),
            Err(_) => finder.lines(&file.text),
        }
        let mut text = file.text.clone();
        let mut covered: Vec<(String, String)> = Vec::new();
        for (span, sensitivity) in finder.found {
            let literal = file.text.get(span.clone()).unwrap_or_default();
            let inner = literal.trim_matches(['"', '\'']);
            let start = span.start + literal.find(inner).unwrap_or(0);
            let sign = cover(sensitivity, inner);
            text.replace_range(start..start + inner.len(), &sign);
            if inner.len() >= MIN_REPEATED && !covered.iter().any(|(known, _)| known == inner) {
                covered.push((inner.to_owned(), sign));
            }
        }
        // a value that is part of another must not break it up
        covered.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
        let mut shown = Self { file: Arc::clone(file), covered, patterns: true };
        let text = shown.words(&text).into_owned();
        shown.file = SourceFile::new(file.name.as_str(), text);
        shown
    }

    /// The file to cut snippets from.
    pub fn file(&self) -> &Arc<SourceFile> {
        &self.file
    }

    /// A text with what is covered in the file covered too.
    pub fn words<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        for (value, sign) in &self.covered {
            if text.contains(value.as_str()) {
                text = text.replace(value.as_str(), sign).into();
            }
        }
        match (self.patterns, text) {
            (false, text) => text,
            (true, Cow::Borrowed(text)) => cover_patterns(text),
            (true, Cow::Owned(text)) => cover_patterns(&text).into_owned().into(),
        }
    }

    /// Diagnostics about the file, as they may be shown.
    pub fn diagnostics(&self, original: &Arc<SourceFile>, diagnostics: Diagnostics) -> Diagnostics {
        let file = |file: &Arc<SourceFile>| Arc::clone(if Arc::ptr_eq(file, original) { &self.file } else { file });
        let words = |text: &str| self.words(text).into_owned();
        diagnostics.into_iter().map(|diagnostic: Diagnostic| diagnostic.shown_as(&file, &words)).collect()
    }
}

/// Looks for the values of sensitive fields.
struct Finder<'a> {
    world: &'a World,
    document: Option<&'a Document>,
    found: Vec<(Span, Sensitivity)>,
}

impl Finder<'_> {
    /// Below a key that the schema does not have, names alone decide.
    fn record(&mut self, record: Option<RecordId>, node: &Node) {
        match &node.value {
            NodeValue::Table(entries) => {
                for entry in entries {
                    self.entry(record, &entry.key, &entry.node);
                }
            }
            NodeValue::Array(items) => items.iter().for_each(|item| self.record(record, item)),
            _ => {}
        }
    }

    fn entry(&mut self, record: Option<RecordId>, key: &str, node: &Node) {
        let schema = &self.world.schema;
        let known = record.and_then(|id| Some((id, schema.record(id).field(key)?)));
        let (sensitivity, inner) = match known {
            Some((id, field)) => (self.sensitivity(id, field), inner_record(&field.ty)),
            None => (named(schema, key), None),
        };
        match sensitivity {
            Some(sensitivity) => self.scalars(node, sensitivity),
            None => self.record(inner, node),
        }
    }

    fn sensitivity(&self, record: RecordId, field: &Field) -> Option<Sensitivity> {
        let sensitivity = field.sensitive?;
        let hidden = self.document.is_none_or(|document| is_sensitive(self.world, document, field, record));
        hidden.then_some(sensitivity)
    }

    fn scalars(&mut self, node: &Node, sensitivity: Sensitivity) {
        match &node.value {
            NodeValue::Table(entries) => entries.iter().for_each(|entry| self.scalars(&entry.node, sensitivity)),
            NodeValue::Array(items) => items.iter().for_each(|item| self.scalars(item, sensitivity)),
            NodeValue::Null | NodeValue::Bool(_) => {}
            _ => self.found.push((node.span.clone(), sensitivity)),
        }
    }

    /// A file that is not even TOML or JSON: everything after a sensitive key, to the end of the line.
    fn lines(&mut self, text: &str) {
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let place = line.char_indices().find(|(_, c)| matches!(c, '=' | ':' | '：' | '＝'));
            if let Some((at, sign)) = place {
                let key = line.get(..at).unwrap_or_default().trim().trim_matches(['"', '\'', '{', '}', ',', ' ']);
                if let Some(sensitivity) = named(&self.world.schema, key) {
                    let from = start + at + sign.len_utf8();
                    self.found.push((from..start + line.trim_end().len().max(at + sign.len_utf8()), sensitivity));
                }
            }
            start += line.len();
        }
    }
}

fn inner_record(ty: &Type) -> Option<RecordId> {
    match ty {
        Type::Record(id) => Some(*id),
        Type::List(element) => inner_record(element),
        _ => None,
    }
}

/// Is there a sensitive field of this name anywhere?
fn named(schema: &Schema, key: &str) -> Option<Sensitivity> {
    schema.records.iter().find_map(|record| record.field(key)?.sensitive)
}
