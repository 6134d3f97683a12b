//! A diagnostic as data, for programs.

use serde::Serialize;

use super::{Diagnostic, Diagnostics, Level};

/// A diagnostic as data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// `error` or `warning`.
    pub level: &'static str,
    /// The stable code.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// The file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column, from 1, in characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl From<&Diagnostic> for Problem {
    fn from(diagnostic: &Diagnostic) -> Self {
        let place = diagnostic.place();
        let at = place.as_ref().map(|(file, span)| file.line_column(span.start));
        Self {
            level: match diagnostic.level() {
                Level::Error => "error",
                Level::Warning => "warning",
            },
            code: diagnostic.code(),
            message: diagnostic.message().to_owned(),
            file: place.map(|(file, _)| file.name.clone()),
            line: at.map(|(line, _)| line),
            column: at.map(|(_, column)| column),
            help: diagnostic.help_text().map(str::to_owned),
        }
    }
}

impl Diagnostics {
    /// All of them as data.
    pub fn problems(&self) -> Vec<Problem> {
        self.iter().chain(&self.rest()).map(Problem::from).collect()
    }
}
