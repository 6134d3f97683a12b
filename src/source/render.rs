//! The lines of a file that a diagnostic shows.
//!
//! The renderer looks at all of the text that it gets, so of a large file it gets the lines in question only, and of a line
//! that nobody can read it gets the number.

use std::sync::Arc;

use annotate_snippets::{Annotation, AnnotationKind, Element, Origin, Snippet};

use super::diagnostic::Label;
use super::{SourceFile, Span};

/// A text up to this many bytes is given as a whole.
const WHOLE: usize = 16 << 10;

/// Labels of one file.
type Labels<'a> = Vec<(&'a Label, AnnotationKind)>;

/// The parts of files that labels point at: one per file, or one per label where they are far apart.
pub(super) fn snippets<'a>(labels: impl Iterator<Item = (&'a Label, AnnotationKind)>) -> Vec<Element<'a>> {
    let mut files: Vec<(&Arc<SourceFile>, Labels<'_>)> = Vec::new();
    for (label, kind) in labels {
        match files.iter_mut().find(|(file, _)| Arc::ptr_eq(file, &label.file)) {
            Some((_, labels)) => labels.push((label, kind)),
            None => files.push((&label.file, vec![(label, kind)])),
        }
    }
    let mut elements = Vec::new();
    for (file, labels) in files {
        match snippet(file, &labels) {
            Some(element) => elements.push(element),
            None => elements.extend(labels.iter().map(|label| snippet(file, &[*label]).unwrap_or(number(label.0)))),
        }
    }
    elements
}

/// The lines that labels point at; `None` when they are too many bytes.
fn snippet<'a>(file: &'a SourceFile, labels: &[(&'a Label, AnnotationKind)]) -> Option<Element<'a>> {
    let text = file.text.as_str();
    let window = if text.len() <= WHOLE { 0..text.len() } else { window(file, labels)? };
    let annotation = |(label, kind): &(&'a Label, AnnotationKind)| -> Annotation<'a> {
        let span = clamp(text, &label.span);
        let annotation = kind.span(span.start - window.start..span.end - window.start);
        if label.text.is_empty() { annotation } else { annotation.label(label.text.as_str()) }
    };
    let annotations = labels.iter().map(annotation);
    let lines = Snippet::source(text.get(window.clone())?).line_start(file.line_column(window.start).0);
    Some(lines.path(file.name.as_str()).fold(true).annotations(annotations).into())
}

/// From the beginning of the first line to the end of the last.
fn window(file: &SourceFile, labels: &[(&Label, AnnotationKind)]) -> Option<Span> {
    let spans = || labels.iter().map(|(label, _)| clamp(&file.text, &label.span));
    let first = file.line_start(spans().map(|span| span.start).min()?);
    let last = spans().map(|span| span.end).max()?;
    let end = file.text.get(last..)?.find('\n').map_or(file.text.len(), |length| last + length);
    (end - first <= WHOLE).then_some(first..end)
}

/// Only where it is.
fn number(label: &Label) -> Element<'_> {
    let (line, column) = label.file.line_column(label.span.start);
    Origin::path(label.file.name.as_str()).line(line).char_column(column).into()
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

#[cfg(test)]
mod tests {
    use annotate_snippets::Renderer;

    use super::super::{Diagnostic, SourceFile};

    /// What is shown of the third line, after so many lines.
    fn shown(before: usize, line: &str) -> String {
        let text = "x\n".repeat(before) + line + "\nlast\n";
        let file = SourceFile::new("a.toml", text.as_str());
        let at = 2 * before + line.len() - 3;
        let problem = Diagnostic::error("code", "message").at(&file, at..at + 3, "label").related(&file, 0..1, "first");
        problem.render(&Renderer::plain())
    }

    #[test]
    fn lines_of_large_files_are_shown_as_those_of_small_ones() {
        let small = shown(100, "a = abc");
        assert!(
            small.contains("a.toml:101:5") && small.contains("101 | a = abc") && small.contains("^^^ label"),
            "{small}"
        );
        let large = shown(100_000, "a = abc");
        assert!(large.contains("a.toml:100001:5") && large.contains("100001 | a = abc"), "{large}");
        assert!(large.contains("^^^ label") && large.contains("first"), "{large}");
    }

    #[test]
    fn a_line_that_nobody_can_read_is_named_only() {
        let long = shown(5, &format!("a = {}", "b".repeat(100_000)));
        assert!(long.contains("a.toml:6:100002") && long.len() < 1_000, "{long}");
    }
}
