//! A regular expression of a table, compiled when it is first used.

use std::sync::OnceLock;

use regex::Regex;

use crate::source::Diagnostic;
use crate::table::Table;

/// A regular expression and the row it stands in.
#[derive(Debug)]
pub(super) struct Pattern {
    text: Box<str>,
    row: usize,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub(super) fn new(text: &str, row: usize) -> Self {
        Self { text: text.into(), row, compiled: OnceLock::new() }
    }

    /// Does it match? `None` when it is no regular expression ([`Pattern::problem`] says so when policies are loaded).
    pub(super) fn matches(&self, text: &str) -> Option<bool> {
        self.compiled.get_or_init(|| Regex::new(&self.text).ok()).as_ref().map(|regex| regex.is_match(text))
    }

    /// What is wrong with it.
    pub(super) fn problem(&self, table: &Table) -> Option<Diagnostic> {
        let error = Regex::new(&self.text).err()?;
        let reason = error.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        Some(
            table
                .row_error(self.row, "invalid-pattern", format!("`{}` is no regular expression", self.text))
                .help(reason),
        )
    }
}

/// Does any of them match? `None` when there is none that can say.
pub(super) fn any_matches<'a>(patterns: impl IntoIterator<Item = &'a Pattern>, text: &str) -> Option<bool> {
    let mut known = None;
    for pattern in patterns {
        match pattern.matches(text) {
            Some(true) => return Some(true),
            Some(false) => known = Some(false),
            None => {}
        }
    }
    known
}
