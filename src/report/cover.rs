//! A filing's text as it may be shown: sensitive values are covered, and every byte stays where it is.
//!
//! In: a file, as far as it can be parsed, and the schema. Out: [`Shown`], from which snippets are cut.

use std::borrow::Cow;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, MatchKind};
use rustc_hash::FxHashMap;

use super::mask::{cover, cover_patterns};
use super::places::{is_sensitive, public_values};
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
    /// Finds the texts that are covered.
    search: Option<AhoCorasick>,
    /// What stands in the place of each.
    signs: Vec<String>,
    patterns: bool,
}

impl Shown {
    /// Nothing is covered.
    pub fn as_it_is(file: &Arc<SourceFile>) -> Self {
        Self { file: Arc::clone(file), search: None, signs: Vec::new(), patterns: false }
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
        finder.found.sort_by_key(|(span, _)| span.start);
        let public = document.map(|document| public_values(world, document)).unwrap_or_default();
        let mut text = String::with_capacity(file.text.len());
        let mut copied = 0;
        let mut covered: FxHashMap<String, String> = FxHashMap::default();
        for (span, sensitivity) in finder.found {
            let literal = file.text.get(span.clone()).unwrap_or_default();
            let inner = literal.trim_matches(['"', '\'']);
            if public.iter().any(|known| known == inner) {
                continue;
            }
            let start = span.start + literal.find(inner).unwrap_or(0);
            let sign = cover(sensitivity, inner);
            text.push_str(file.text.get(copied..start).unwrap_or_default());
            text.push_str(&sign);
            copied = start + inner.len();
            if inner.len() >= MIN_REPEATED {
                covered.insert(inner.to_owned(), sign);
            }
        }
        text.push_str(file.text.get(copied..).unwrap_or_default());
        let (values, signs): (Vec<String>, Vec<String>) = covered.into_iter().unzip();
        // a value that is part of another must not break it up
        let search = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(values).ok();
        let mut shown = Self { file: Arc::clone(file), search, signs, patterns: true };
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
        let text = match &self.search {
            Some(search) if search.is_match(text) => Cow::Owned(search.replace_all(text, &self.signs)),
            _ => Cow::Borrowed(text),
        };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Files;

    fn world() -> World {
        let schema = r#"
[enum.nature]
label = "性质"
values = [{ id = "individual", label = "个人" }, { id = "enterprise", label = "企业" }]
[record.person]
label = "人员"
[record.person.fields]
name = { type = "text", label = "姓名" }
id_number = { type = "text", label = "证件号码", sensitive = "id" }
phone = { type = "text", label = "手机", sensitive = "phone" }
number = { type = "text", label = "号码", sensitive = "id", sensitive_when = 'nature == "individual"' }
[record.root.fields]
nature = { type = "enum nature", label = "性质" }
remark = { type = "text", label = "备注" }
people = { type = "list of record person", element = "person", label = "人员" }
"#;
        let files = [("schema.toml", schema), ("materials.toml", ""), ("forms.toml", ""), ("functions.toml", "")];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
        World::load(&Files::Memory(files.into())).unwrap_or_else(|problems| panic!("{problems}"))
    }

    fn covered(text: &str, form: InputForm) -> String {
        let file = SourceFile::new("filing", text);
        let shown = Shown::covered(&world(), None, &file, form);
        assert_eq!(shown.file().text.len(), text.len());
        shown.file().text.clone()
    }

    #[test]
    fn values_of_sensitive_fields_are_covered_wherever_they_stand() {
        let text = "remark = \"见 E123456789 或 a.b@example.cn\"\n[[people]]\nname = \"张三\"\nid_number = \"E123456789\"  # E123456789\n";
        let expected = "remark = \"见 E12***6789 或 a**@example.cn\"\n[[people]]\nname = \"张三\"\nid_number = \"E12***6789\"  # E12***6789\n";
        assert_eq!(covered(text, InputForm::Toml), expected);
        let text = r#"{"people": [{"phone": 13800000000, "id_number": ["护照 E1"]}], "nobody": {"phone": "010 6234"}}"#;
        let expected =
            r#"{"people": [{"phone": 138****0000, "id_number": ["＊＊***"]}], "nobody": {"phone": "********"}}"#;
        assert_eq!(covered(text, InputForm::Json), expected);
    }

    #[test]
    fn what_is_no_toml_is_covered_by_its_lines() {
        let found = covered("[[people]\nid_number = \"E123456789\nphone: 1380000\nname = \"张三\"\n", InputForm::Toml);
        assert!(!found.contains("E123456789") && !found.contains("1380000"), "{found}");
        assert!(found.contains("张三"), "{found}");
    }

    #[test]
    fn a_document_decides_what_is_sensitive_in_it() {
        for (nature, shows) in [("enterprise", true), ("individual", false)] {
            let world = world();
            let text = format!("nature = \"{nature}\"\npeople = [{{ number = \"91440300MA5HGL2RXP\" }}]\n");
            let file = SourceFile::new("filing.toml", text);
            let document = crate::filing::read_filing(&world.schema, &file, InputForm::Toml);
            let document = document.unwrap_or_else(|problems| panic!("{problems}"));
            let shown = Shown::covered(&world, Some(&document), &file, InputForm::Toml);
            assert_eq!(shown.file().text.contains("91440300MA5HGL2RXP"), shows, "{nature}");
            assert_eq!(shown.words("91440300MA5HGL2RXP") == "91440300MA5HGL2RXP", shows, "{nature}");
        }
    }
}
