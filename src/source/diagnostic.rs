//! One thing that is wrong, where, why and what to do.
//!
//! Style: lower case, one line, no full stop, what the user wrote in backticks, the help apart from the message.

use std::fmt;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level as Snip, Renderer, Snippet};

use super::{SourceFile, Span};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Worth knowing; nothing is refused.
    Warning,
    /// The document or the policy is refused.
    Error,
}

#[derive(Debug, Clone)]
struct Label {
    file: Arc<SourceFile>,
    span: Span,
    text: String,
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
            message: message.into(),
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
        self.0.primary = Some(Label { file: Arc::clone(file), span, text: label.into() });
        self
    }

    /// A second place that explains the first.
    #[must_use]
    pub fn related(mut self, file: &Arc<SourceFile>, span: Span, label: impl Into<String>) -> Self {
        self.0.related.push(Label { file: Arc::clone(file), span, text: label.into() });
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
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
        let mut group = level
            .primary_title(self.0.message.as_str())
            .id(self.0.code)
            .elements(Vec::<annotate_snippets::Element<'_>>::new());
        let labels = self.0.primary.iter().map(|label| (label, AnnotationKind::Primary));
        let labels = labels.chain(self.0.related.iter().map(|label| (label, AnnotationKind::Context)));
        let mut by_file: Vec<(&Arc<SourceFile>, Vec<annotate_snippets::Annotation<'_>>)> = Vec::new();
        for (label, kind) in labels {
            let span = clamp(&label.file.text, &label.span);
            let mut annotation = kind.span(span);
            if !label.text.is_empty() {
                annotation = annotation.label(label.text.as_str());
            }
            match by_file.iter_mut().find(|(file, _)| Arc::ptr_eq(file, &label.file)) {
                Some((_, annotations)) => annotations.push(annotation),
                None => by_file.push((&label.file, vec![annotation])),
            }
        }
        for (file, annotations) in by_file {
            group = group.element(
                Snippet::source(file.text.as_str()).path(file.name.as_str()).fold(true).annotations(annotations),
            );
        }
        if let Some(help) = &self.0.help {
            group = group.element(Snip::HELP.message(help.as_str()));
        }
        renderer.render(&[group])
    }
}

/// Spans come from parsers, but an empty file or a last line without a newline must not break the renderer.
fn clamp(text: &str, span: &Span) -> Span {
    let mut start = span.start.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = span.end.clamp(start, text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
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

/// Everything that is wrong, in the order it was found.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds all of another list.
    pub fn extend(&mut self, other: impl IntoIterator<Item = Diagnostic>) {
        self.0.extend(other);
    }

    /// Is any of them an error?
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|d| d.level() == Level::Error)
    }

    /// How many errors.
    pub fn error_count(&self) -> usize {
        self.0.iter().filter(|d| d.level() == Level::Error).count()
    }

    /// Nothing at all?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many, warnings included.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// One after the other.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// All of them rendered, a blank line between two.
    pub fn render(&self, renderer: &Renderer) -> String {
        let parts: Vec<String> = self.0.iter().map(|d| d.render(renderer)).collect();
        parts.join("\n\n")
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(iter: I) -> Self {
        Self(iter.into_iter().collect())
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{diagnostic}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}
