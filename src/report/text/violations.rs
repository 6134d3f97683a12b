//! Violations as rustc shows mistakes: the header, the filing's lines with the values underlined, and what to know.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use super::Page;
use super::paint::{BLUE, BOLD, PLAIN, RED, YELLOW, severity};
use super::wrap::{width, wrap};
use crate::policy::{Confidence, Severity};
use crate::report::model::{Citation, Place, Violation};
use crate::source::{SourceFile, Span};

/// Places of one violation that are shown.
const MAX_PLACES: usize = 8;
/// Sources of one violation that are named.
const MAX_SOURCES: usize = 3;
/// The gutter where no snippet makes one.
const GUTTER: usize = 2;

impl Page<'_> {
    /// All violations, the worst first.
    pub(super) fn violations(&mut self, violations: &[Violation]) {
        for violation in violations {
            self.blank();
            self.violation(violation);
        }
    }

    fn violation(&mut self, violation: &Violation) {
        let (word, style) = severity(&violation.severity, self.options.language);
        self.header(&format!("{word}[{}]", violation.rule), style, &violation.title);
        let marks = self
            .options
            .source
            .map(|shown| marks(&violation.at, shown.file(), self.say("；", "; "), |place| self.label(place)));
        let gutter = match (self.options.source, &marks) {
            (Some(shown), Some(marks)) if !marks.is_empty() => self.snippet(shown.file(), &violation.severity, marks),
            _ => GUTTER,
        };
        let without = |place: &&Place| self.options.source.is_none() || place.span.is_none();
        let unplaced: Vec<String> = violation.at.iter().filter(without).map(|place| self.placed(place)).collect();
        for place in unplaced.iter().take(MAX_PLACES) {
            self.note(gutter, self.say("位置", "at"), place);
        }
        if violation.at.len() > MAX_PLACES {
            let rest = violation.at.len() - MAX_PLACES;
            let text = self.say(format!("另有 {rest} 处也是这样"), format!("{rest} more places"));
            self.note(gutter, self.say("位置", "at"), &text);
        }
        if let Some(fix) = &violation.fix {
            self.note(gutter, self.say("怎么办", "fix"), fix);
        }
        if let Some(note) = &violation.note {
            self.note(gutter, self.say("说明", "note"), note);
        }
        self.basis(gutter, violation);
    }

    fn basis(&mut self, gutter: usize, violation: &Violation) {
        let sources = self.citations(&violation.sources, MAX_SOURCES);
        if !sources.is_empty() {
            self.note(gutter, self.say("依据", "basis"), &sources);
        }
        let others: Vec<String> = violation.rules.iter().filter(|id| **id != violation.rule).cloned().collect();
        if !others.is_empty() {
            self.note(gutter, self.say("同样要求", "also asked by"), &others.join(self.say("、", ", ")));
        }
        let sure = violation.confidence.as_deref().is_none_or(|confidence| confidence == Confidence::High.id());
        if let (false, Some(confidence)) = (sure, &violation.confidence) {
            let words = self.confidence(confidence);
            self.note(gutter, self.say("可信度", "confidence"), words);
        }
    }

    /// How sure a fact is, in words.
    pub(super) fn confidence(&self, id: &str) -> &'static str {
        match id {
            "high" => self.say("高", "high"),
            "medium" => self.say("中", "medium"),
            _ => self.say("低", "low"),
        }
    }

    /// `error[rule]: what must hold`.
    pub(super) fn header(&mut self, code: &str, style: anstyle::Style, title: &str) {
        let lead = format!("{code}: ");
        let lines = wrap(&format!("{lead}{title}"), self.options.width);
        for (index, line) in lines.iter().enumerate() {
            match (index, line.strip_prefix(lead.trim_end())) {
                (0, Some(rest)) => {
                    let code = self.paint.style(style, code);
                    let rest = self.paint.style(BOLD, &format!(":{rest}"));
                    self.line(&format!("{code}{rest}"));
                }
                _ => {
                    let line = self.paint.style(BOLD, line);
                    self.line(&line);
                }
            }
        }
    }

    /// `= label: text`, its further lines under the first.
    pub(super) fn note(&mut self, gutter: usize, label: &str, text: &str) {
        let equals = format!("{}= ", " ".repeat(gutter + 1));
        let indent = width(&equals) + width(label) + 2;
        let equals = self.paint.style(BLUE, &equals);
        let label = self.paint.style(BOLD, label);
        for (index, line) in wrap(text, self.options.width.saturating_sub(indent)).iter().enumerate() {
            match index {
                0 => self.line(&format!("{equals}{label}: {line}")),
                _ => self.line(&format!("{}{line}", " ".repeat(indent))),
            }
        }
    }

    /// The lines of the filing; gives the width of the line numbers.
    fn snippet(&mut self, file: &SourceFile, severity: &str, marks: &[Mark]) -> usize {
        let last = marks.iter().map(|mark| file.line_column(mark.span.end).0).max().unwrap_or(1);
        let gutter = last.to_string().len();
        let room = self.options.width.saturating_sub(gutter + 4);
        let annotation = |mark: &Mark| -> Annotation<'_> {
            AnnotationKind::Primary.span(mark.span.clone()).label(mark.fitting(file, room).map(str::to_owned))
        };
        let level = match Severity::named(severity) {
            Some(Severity::Block) => Level::ERROR,
            Some(Severity::Warn) => Level::WARNING,
            _ => Level::INFO,
        };
        let (near, far) = within(file, marks, room);
        let snippet = Snippet::source(file.text.as_str())
            .path(file.name.as_str())
            .fold(true)
            .annotations(near.iter().copied().map(annotation));
        let renderer = if self.options.color { Renderer::styled() } else { Renderer::plain() };
        let rendered = renderer.term_width(self.options.width).render(&[Group::with_level(level).element(snippet)]);
        for line in rendered.lines() {
            self.line(line);
        }
        let bar = self.paint.style(BLUE, &format!("{}|", " ".repeat(gutter + 1)));
        self.line(&bar);
        for mark in near.iter().filter(|mark| mark.fitting(file, room).is_none()) {
            self.note(gutter, self.say("位置", "at"), &mark.full);
        }
        for mark in far {
            let (line, column) = file.line_column(mark.span.start);
            self.note(gutter, self.say("位置", "at"), &format!("{} ({line}:{column})", mark.full));
        }
        gutter
    }

    /// What is said under a value.
    fn label(&self, place: &Place) -> Label {
        let value = match &place.value {
            Some(_) if place.exact => None,
            Some(value) if value.is_empty() => Some(self.say("空", "empty").to_owned()),
            Some(value) => Some(value.clone()),
            None => Some(self.say("未填", "not given").to_owned()),
        };
        let colon = self.say("：", ": ");
        let full =
            |label: &str| value.as_ref().map_or_else(|| label.to_owned(), |value| format!("{label}{colon}{value}"));
        // the field and the record it is in; the line says the rest
        let mut parts = place.label.rsplitn(3, " · ");
        let short = parts.next().unwrap_or_default();
        let long = parts.next().map_or_else(|| short.to_owned(), |record| format!("{record} · {short}"));
        Label { full: full(&long), short: full(short) }
    }

    /// A place that stands nowhere in the file.
    fn placed(&self, place: &Place) -> String {
        let value = match place.value.as_deref() {
            Some("") => self.say("空", "empty"),
            Some(value) => value,
            None => self.say("未填", "not given"),
        };
        self.say(
            format!("{}：{value}（{}）", place.label, place.path),
            format!("{}: {value} ({})", place.label, place.path),
        )
    }

    /// Who says so, each publication once.
    pub(super) fn citations(&self, sources: &[Citation], limit: usize) -> String {
        let mut named: Vec<String> = Vec::new();
        for source in sources {
            // how the date was found stands with the rule
            let dated = source.dated.split(['；', ';', '（', '(']).next().unwrap_or_default().trim();
            let dated = match dated {
                "" => String::new(),
                dated => self.say(format!("（{dated}）"), format!(" ({dated})")),
            };
            let citation = format!("{}《{}》{dated}", source.publisher, source.title);
            if !named.contains(&citation) {
                named.push(citation);
            }
        }
        let count = named.len();
        named.truncate(limit);
        let mut text = named.join(self.say("；", "; "));
        if count > limit {
            text.push_str(&self.say(format!("，等 {count} 处"), format!(", and {} more", count - limit)));
        }
        text
    }

    /// The style of a severity's mark.
    pub(super) fn severity_style(&self, severity: &str) -> anstyle::Style {
        match Severity::named(severity) {
            Some(Severity::Block) => RED,
            Some(Severity::Warn) => YELLOW,
            _ => PLAIN,
        }
    }
}

/// The words under a value: with the whole path, and with the field alone.
struct Label {
    full: String,
    short: String,
}

/// A place in the file and what is said under it.
struct Mark {
    span: Span,
    labels: Vec<Label>,
    full: String,
    short: String,
}

impl Mark {
    /// The longer words where they fit beside the underlined text, else the shorter ones where those do.
    fn fitting(&self, file: &SourceFile, room: usize) -> Option<&str> {
        let start = file.text.get(..self.span.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        let before = width(file.text.get(start..self.span.end).unwrap_or_default());
        [&self.full, &self.short].into_iter().find(|words| before + 1 + width(words) <= room).map(String::as_str)
    }
}

/// The marks that the page can show, and those too far along a line from its first.
fn within<'m>(file: &SourceFile, marks: &'m [Mark], room: usize) -> (Vec<&'m Mark>, Vec<&'m Mark>) {
    let line_start = |mark: &Mark| file.text.get(..mark.span.start).and_then(|text| text.rfind('\n')).unwrap_or(0);
    marks.iter().partition(|mark| {
        let same = marks.iter().filter(|other| line_start(other) == line_start(mark));
        let first = same.map(|other| other.span.start).min().unwrap_or(mark.span.start);
        // the signs that say a line is cut take some columns
        first == mark.span.start || width(file.text.get(first..mark.span.end).unwrap_or_default()) + 16 <= room
    })
}

/// Places by their span: several fields that are not given stand at the same record.
fn marks(places: &[Place], file: &SourceFile, separator: &str, label: impl Fn(&Place) -> Label) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    for place in places.iter().take(MAX_PLACES) {
        let Some(span) = &place.span else { continue };
        // of what goes on for many lines the first is enough
        let first = file.text.get(span.clone()).and_then(|text| text.find('\n'));
        let span = span.start..first.map_or(span.end, |end| span.start + end);
        match marks.iter_mut().find(|mark| mark.span == span) {
            Some(mark) => mark.labels.push(label(place)),
            None => marks.push(Mark {
                span: span.clone(),
                labels: vec![label(place)],
                full: String::new(),
                short: String::new(),
            }),
        }
    }
    for mark in &mut marks {
        let words = |pick: fn(&Label) -> &str| mark.labels.iter().map(pick).collect::<Vec<_>>().join(separator);
        let (full, short) = (words(|label| &label.full), words(|label| &label.short));
        (mark.full, mark.short) = (full, short);
    }
    marks
}
