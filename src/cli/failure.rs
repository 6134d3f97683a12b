//! Why a command could not do what was asked: the exit status is 2, and the reason goes to the standard error.

use std::path::Path;

use crate::source::{Diagnostic, Diagnostics};

/// The exit status of a command that ran.
pub(super) type Done = Result<u8, Failure>;

/// Why a command did not.
#[derive(Debug)]
pub(super) struct Failure(pub(super) Diagnostics);

impl Failure {
    /// Something with a file.
    pub(super) fn file(code: &'static str, doing: &str, path: &Path, error: &std::io::Error) -> Self {
        Diagnostic::error(code, format!("`{}` cannot be {doing}: {}", path.display(), io_words(error))).into()
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(diagnostic.into())
    }
}

impl From<Diagnostics> for Failure {
    fn from(diagnostics: Diagnostics) -> Self {
        Self(diagnostics)
    }
}

/// The system's reason without its number.
pub(super) fn io_words(error: &std::io::Error) -> String {
    let text = error.to_string();
    let words = text.split(" (os error").next().unwrap_or_default();
    let mut chars = words.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}
