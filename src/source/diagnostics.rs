//! Everything that is wrong with a file, or with several.

use std::fmt;

use annotate_snippets::Renderer;

use super::{Diagnostic, Level};

/// How many are kept. Nobody reads more, and a file may have a mistake in every byte; the rest is counted.
const KEPT: usize = 1_000;

/// Everything that is wrong, in the order it was found.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    kept: Vec<Diagnostic>,
    more_errors: usize,
    more_warnings: usize,
}

impl Diagnostics {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if self.kept.len() < KEPT {
            self.kept.push(diagnostic);
        } else if diagnostic.level() == Level::Error {
            self.more_errors += 1;
        } else {
            self.more_warnings += 1;
        }
    }

    /// Adds an error that is made only while there is room for it: the words cost more than finding it.
    pub fn push_error(&mut self, error: impl FnOnce() -> Diagnostic) {
        if self.kept.len() < KEPT {
            self.kept.push(error());
        } else {
            self.more_errors += 1;
        }
    }

    /// Adds all of another list.
    pub fn extend(&mut self, other: impl IntoIterator<Item = Diagnostic>) {
        other.into_iter().for_each(|diagnostic| self.push(diagnostic));
    }

    /// Is any of them an error?
    pub fn has_errors(&self) -> bool {
        self.more_errors > 0 || self.kept.iter().any(|d| d.level() == Level::Error)
    }

    /// How many errors.
    pub fn error_count(&self) -> usize {
        self.more_errors + self.kept.iter().filter(|d| d.level() == Level::Error).count()
    }

    /// Nothing at all?
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// How many, warnings included.
    pub fn len(&self) -> usize {
        self.kept.len() + self.more_errors + self.more_warnings
    }

    /// One after the other, as far as they are kept.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.kept.iter()
    }

    /// Says how many are not kept, where that are any.
    pub fn rest(&self) -> Option<Diagnostic> {
        let count = self.more_errors + self.more_warnings;
        let message = format!("and {count} more");
        match (self.more_errors, count) {
            (_, 0) => None,
            (0, _) => Some(Diagnostic::warning("more", message)),
            _ => Some(Diagnostic::error("more", message)),
        }
    }

    /// All of them rendered, a blank line between two.
    pub fn render(&self, renderer: &Renderer) -> String {
        let parts: Vec<String> = self.kept.iter().chain(&self.rest()).map(|d| d.render(renderer)).collect();
        parts.join("\n\n")
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::iter::Chain<std::vec::IntoIter<Diagnostic>, std::option::IntoIter<Diagnostic>>;
    fn into_iter(self) -> Self::IntoIter {
        let rest = self.rest();
        self.kept.into_iter().chain(rest)
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { kept: vec![diagnostic], ..Self::default() }
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(iter: I) -> Self {
        let mut all = Self::new();
        all.extend(iter);
        all
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.kept.iter().chain(&self.rest()).enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{diagnostic}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_kept_is_counted() {
        let mut many: Diagnostics = (0..KEPT).map(|_| Diagnostic::warning("w", "w")).collect();
        assert!(many.rest().is_none() && !many.has_errors());
        many.push(Diagnostic::warning("w", "w"));
        assert_eq!((many.len(), many.error_count()), (KEPT + 1, 0));
        many.push_error(|| unreachable!("there is no room"));
        assert_eq!((many.len(), many.error_count()), (KEPT + 2, 1));
        assert!(many.to_string().ends_with("\nerror[more]: and 2 more"), "{many}");
        let mut all = Diagnostics::new();
        all.extend(many);
        assert!(all.has_errors());
    }
}
