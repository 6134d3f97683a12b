//! One thing that is wrong, where, why and what to do.
//!
//! Style: lower case, one line, no full stop, what the user wrote in backticks, the help apart from the message.

use std::fmt;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level as Snip, Renderer};

use super::render::snippets;
use super::{SourceFile, Span};

/// The longest message, in characters. Words of users come into messages as they are.
const MESSAGE: usize = 400;
/// The longest help, which may list keys.
const HELP: usize = 2_000;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Worth knowing; nothing is refused.
    Warning,
    /// The document or the policy is refused.
    Error,
}

/// A place and what to say of it.
#[derive(Debug, Clone)]
pub(super) struct Label {
    pub(super) file: Arc<SourceFile>,
    pub(super) span: Span,
    pub(super) text: String,
}

/// One thing that is wrong. (Boxed: it travels in results whose other side is small.)
#[derive(Debug, Clone)]
pub struct Diagnostic(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    level: Level,
    code: &'static str,
    message: String,
    primary: Option<Label>,
    related: Vec<Label>,
    help: Option<String>,
}

impl Diagnostic {
    /// An error; `code` is stable and short, such as `unknown-field`.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            level: Level::Error,
            code,
            message: tidy(message.into(), MESSAGE),
            primary: None,
            related: Vec::new(),
            help: None,
        }))
    }

    /// A warning.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        let mut warning = Self::error(code, message);
        warning.0.level = Level::Warning;
        warning
    }

    /// The place it is about, and what to say under the underlined word (may be empty).
    #[must_use]
    pub fn at(mut self, file: &Arc<SourceFile>, span: Span, label: impl Into<String>) -> Self {
        let text = tidy(label.into(), MESSAGE);
        self.0.primary = Some(Label { file: Arc::clone(file), span, text });
        self
    }

    /// A second place that explains the first.
    #[must_use]
    pub fn related(mut self, file: &Arc<SourceFile>, span: Span, label: impl Into<String>) -> Self {
        let text = tidy(label.into(), MESSAGE);
        self.0.related.push(Label { file: Arc::clone(file), span, text });
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(tidy(help.into(), HELP));
        self
    }

    /// Help that names the near miss, when there is one; else leaves the diagnostic as it is.
    #[must_use]
    pub fn suggest<'a>(self, word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        match super::nearest(word, candidates) {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None => self,
        }
    }

    /// Error or warning.
    pub fn level(&self) -> Level {
        self.0.level
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// The message alone.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The help alone.
    pub fn help_text(&self) -> Option<&str> {
        self.0.help.as_deref()
    }

    /// The file and the bytes it points at.
    pub fn place(&self) -> Option<(&Arc<SourceFile>, Span)> {
        self.0.primary.as_ref().map(|label| (&label.file, label.span.clone()))
    }

    /// The same about other texts of the same bytes, and with other words: for values that must not be shown.
    #[must_use]
    pub fn shown_as(
        mut self,
        file: &dyn Fn(&Arc<SourceFile>) -> Arc<SourceFile>,
        words: &dyn Fn(&str) -> String,
    ) -> Self {
        let parts = &mut *self.0;
        parts.message = words(&parts.message);
        parts.help = parts.help.take().map(|help| words(&help));
        for label in parts.primary.iter_mut().chain(&mut parts.related) {
            label.file = file(&label.file);
            label.text = words(&label.text);
        }
        self
    }

    /// As rustc would print it: file, line, column, the word underlined, the help.
    pub fn render(&self, renderer: &Renderer) -> String {
        let level = match self.0.level {
            Level::Error => Snip::ERROR,
            Level::Warning => Snip::WARNING,
        };
        let labels = self.0.primary.iter().map(|label| (label, AnnotationKind::Primary));
        let labels = labels.chain(self.0.related.iter().map(|label| (label, AnnotationKind::Context)));
        let title = level.primary_title(self.0.message.as_str()).id(self.0.code);
        let mut group = title.elements(snippets(labels));
        if let Some(help) = &self.0.help {
            group = group.element(Snip::HELP.message(help.as_str()));
        }
        renderer.render(&[group])
    }
}

impl fmt::Display for Diagnostic {
    /// One line: `file:line:column: error[code]: message`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((file, span)) = self.place() {
            let (line, column) = file.line_column(span.start);
            write!(f, "{}:{line}:{column}: ", file.name)?;
        }
        let level = match self.0.level {
            Level::Error => "error",
            Level::Warning => "warning",
        };
        write!(f, "{level}[{}]: {}", self.0.code, self.0.message)
    }
}

/// A text on one line, of a length that can be read: characters that would move the cursor are written as escapes, and of a
/// text that is too long the middle is left out.
fn tidy(text: String, longest: usize) -> String {
    let moves = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let count = if text.len() > longest { text.chars().count() } else { 0 };
    if count <= longest && !text.contains(moves) {
        return text;
    }
    let mut tidy = String::new();
    let head = longest / 4 * 3;
    let tail = if count > longest { count - longest / 4 } else { head };
    for (at, c) in text.chars().enumerate() {
        match c {
            _ if (head..tail).contains(&at) => {
                if at == head {
                    tidy.push('…');
                }
            }
            c if moves(c) => tidy.extend(c.escape_default()),
            c => tidy.push(c),
        }
    }
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_users_stay_on_the_line_and_are_cut() {
        let problem = Diagnostic::error("x", "there is no `a\nb\u{1b}[31m\u{202e}`").help("\t");
        assert_eq!(problem.message(), "there is no `a\\nb\\u{1b}[31m\\u{202e}`");
        assert_eq!(problem.help_text(), Some("\\t"));
        let problem = Diagnostic::error("x", format!("`{}` is no name", "名".repeat(100_000)));
        assert_eq!(problem.message().chars().count(), MESSAGE + 1);
        assert!(problem.message().starts_with("`名") && problem.message().ends_with("` is no name"));
    }
}
