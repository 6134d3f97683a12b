//! Filing numbers, such as 粤ICP备12345678号-1.
//!
//! In: the table of their formats. Out: whether a text is one. Licence numbers, which the table has as well, are none.

use super::hanzi;
use super::pattern::{Pattern, any_matches};
use crate::source::Diagnostics;
use crate::table::{ColumnType, Table};

/// The formats of filing numbers.
#[derive(Debug)]
pub struct FilingNumbers {
    patterns: Vec<Pattern>,
}

impl FilingNumbers {
    /// Reads `filing_number_formats`: `kind` (rows of the kind `filing` count) and `pattern`.
    ///
    /// # Errors
    /// Missing columns.
    pub fn new(table: &Table) -> Result<Self, Diagnostics> {
        let [kind, pattern] = table.require([("kind", ColumnType::Text), ("pattern", ColumnType::Text)])?;
        let rows = (0..table.rows.len()).filter(|row| table.cell(*row, kind).as_text() == Some("filing"));
        let patterns = rows.filter_map(|row| Some(Pattern::new(table.cell(row, pattern).as_text()?, row))).collect();
        Ok(Self { patterns })
    }

    /// What is wrong with the patterns of the table it was made from.
    pub fn problems(&self, table: &Table) -> Diagnostics {
        self.patterns.iter().filter_map(|pattern| pattern.problem(table)).collect()
    }

    /// Is this a filing number? Full-width letters, small letters and spaces do not matter.
    pub fn is_filing_number(&self, text: &str) -> Option<bool> {
        any_matches(&self.patterns, &hanzi::fold(text))
    }
}
