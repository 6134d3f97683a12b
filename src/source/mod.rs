//! Text with places: a file, the tree of values in it, and what is wrong with it.
//!
//! In: the bytes of a TOML or JSON file. Out: a [`Node`] tree in which every key and value knows its byte range, and
//! [`Diagnostic`]s that point into the file. It must not know what a filing or a policy is.

mod diagnostic;
mod diagnostics;
mod json;
mod literal;
mod node;
mod problem;
mod render;
mod suggest;
mod toml;

use std::sync::{Arc, OnceLock};

pub use diagnostic::{Diagnostic, Level};
pub use diagnostics::Diagnostics;
pub use json::parse_json;
pub use literal::place_in_literal;
pub use node::{Entry, Fields, Node, NodeValue};
pub use problem::Problem;
pub use suggest::nearest;
pub use toml::parse_toml;

/// A half-open range of bytes in a [`SourceFile`].
pub type Span = std::ops::Range<usize>;

/// A file as it was read: the name that messages show, and the text (without a byte order mark).
#[derive(Debug)]
pub struct SourceFile {
    /// The path as the user gave it, or `<stdin>`.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// Where lines begin, once someone asks for a line.
    lines: OnceLock<Vec<usize>>,
}

impl PartialEq for SourceFile {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.text) == (&other.name, &other.text)
    }
}

impl Eq for SourceFile {}

impl SourceFile {
    /// Wraps a text; a UTF-8 byte order mark is dropped.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        let mut text: String = text.into();
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        Arc::new(Self { name: name.into(), text, lines: OnceLock::new() })
    }

    /// Decodes bytes.
    ///
    /// # Errors
    /// A diagnostic that names the first byte that is not UTF-8.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Result<Arc<Self>, Diagnostic> {
        let name = name.into();
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self::new(name, text)),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let bytes = error.into_bytes();
                let good = String::from_utf8_lossy(bytes.get(..at).unwrap_or_default()).into_owned();
                let byte = bytes.get(at).copied().unwrap_or_default();
                let end = good.len();
                let file = Self::new(name, good);
                let end = end.min(file.text.len());
                Err(Diagnostic::error("invalid-utf8", "the file is not valid UTF-8")
                    .at(&file, end..end, format!("byte 0x{byte:02x} follows here"))
                    .help("save the file as UTF-8; Windows editors often write GBK"))
            }
        }
    }

    /// Line and column of a byte, both from 1; columns count characters.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.lines().partition_point(|start| *start <= offset);
        let column = self.text.get(self.line_start(offset)..offset).unwrap_or_default().chars().count() + 1;
        (line, column)
    }

    /// Where the line of a byte begins.
    pub(crate) fn line_start(&self, offset: usize) -> usize {
        let line = self.lines().partition_point(|start| *start <= offset);
        self.lines().get(line.saturating_sub(1)).copied().unwrap_or_default()
    }

    fn lines(&self) -> &[usize] {
        self.lines.get_or_init(|| {
            let ends = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect()
        })
    }
}
