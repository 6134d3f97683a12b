//! A file → a [`Document`], or everything that is wrong with it.

use std::path::Path;
use std::sync::Arc;

use super::Document;
use super::explain::Explain;
use super::json::read_json_into;
use super::scalar::MAX_BYTES;
use super::tree::TreeReader;
use crate::schema::Schema;
use crate::source::{Diagnostics, Node, SourceFile, parse_json, parse_toml};

/// How a filing is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputForm {
    /// TOML.
    Toml,
    /// JSON.
    Json,
}

impl InputForm {
    /// By the ending of a file's name.
    pub fn of_name(path: impl AsRef<Path>) -> Option<Self> {
        let ending = path.as_ref().extension()?.to_str()?;
        if ending.eq_ignore_ascii_case("toml") {
            Some(Self::Toml)
        } else if ending.eq_ignore_ascii_case("json") {
            Some(Self::Json)
        } else {
            None
        }
    }

    /// The tree of a file.
    pub(super) fn parse(self, file: &Arc<SourceFile>) -> Result<Node, Diagnostics> {
        match self {
            Self::Toml => parse_toml(file),
            Self::Json => parse_json(file),
        }
    }
}

/// Reads a filing.
///
/// # Errors
/// Everything that is wrong in it; nothing of such a filing is to be evaluated.
pub fn read_filing(schema: &Schema, file: &Arc<SourceFile>, form: InputForm) -> Result<Document, Diagnostics> {
    let explain = Explain { schema, file, form };
    if file.text.len() > MAX_BYTES {
        return Err(explain.too_large(MAX_BYTES).into());
    }
    if file.text.trim().is_empty() {
        return Err(explain.empty().into());
    }
    let mut document = Document::default();
    match form {
        InputForm::Toml => {
            document.clear(schema);
            let node = parse_toml(file)?;
            read_tree(explain, &node, &mut document)?;
        }
        InputForm::Json => {
            if let Err(error) = read_json_into(schema, &file.text, &mut document) {
                document.clear(schema);
                let node = parse_json(file)?;
                read_tree(explain, &node, &mut document)?;
                // the parser with places takes a little more than JSON allows
                return Err(explain.json(&error).into());
            }
        }
    }
    Ok(document)
}

/// Fills an empty document from a tree.
pub(super) fn read_tree(explain: Explain<'_>, node: &Node, document: &mut Document) -> Result<(), Diagnostics> {
    let schema = explain.schema;
    let root = schema.root();
    let known = node
        .entries()
        .is_some_and(|entries| entries.is_empty() || entries.iter().any(|entry| root.field(&entry.key).is_some()));
    if !known {
        return Err(explain.not_a_filing(node).into());
    }
    let mut reader = TreeReader::new(explain, document, "");
    reader.record(schema.root, &root.template, 0, node.entries().unwrap_or_default());
    reader.finish()
}
