//! The report as text for a terminal: rustc's snippets in a consultant's letter.
//!
//! In: a [`Report`], and the filing's text as it may be shown. Out: lines of a given width. It must not know where they go.

mod card;
mod checklist;
mod compare;
mod explain;
mod head;
mod lists;
mod paint;
mod violations;
mod wrap;

#[cfg(test)]
mod tests;

pub use card::{fact_text, rule_text};
pub use compare::{compare_markdown, compare_text, move_markdown, move_text, moves_markdown, moves_text};
pub use explain::explain_text;

use anstyle::Style;

use super::cover::Shown;
use super::model::Report;
use crate::condition::Language;
use paint::{BOLD, DIM, Paint, say};
use wrap::{width, wrap};

/// How text is laid out.
#[derive(Debug, Clone, Copy)]
pub struct TextOptions<'a> {
    /// The language of the program's own words.
    pub language: Language,
    /// Columns.
    pub width: usize,
    /// With ANSI colours.
    pub color: bool,
    /// The filing's text, to cut snippets from; without it places are paths.
    pub source: Option<&'a Shown>,
}

/// The whole report.
pub fn report_text(report: &Report, options: &TextOptions<'_>) -> String {
    let mut page = Page::new(options);
    page.head(report, page.say("备案核对", "Filing"));
    page.verdict(report);
    page.violations(&report.violations);
    page.checklist(&report.checklist, false);
    page.questions(&report.questions);
    page.manual(&report.manual);
    page.notices(&report.notices);
    page.errors(&report.errors);
    page.summary(report);
    page.text
}

/// Only the materials; `planned`: there is no filing yet, so nothing can be missing from it.
pub fn checklist_text(report: &Report, options: &TextOptions<'_>, planned: bool) -> String {
    let mut page = Page::new(options);
    page.head(report, page.say("备案材料", "Materials of a filing"));
    page.gaps(report);
    page.checklist(&report.checklist, planned);
    page.deciding(&report.checklist);
    page.errors(&report.errors);
    page.text
}

/// Text as it grows.
struct Page<'a> {
    options: &'a TextOptions<'a>,
    paint: Paint,
    text: String,
}

impl<'a> Page<'a> {
    fn new(options: &'a TextOptions<'a>) -> Self {
        Self { options, paint: Paint { on: options.color }, text: String::new() }
    }

    fn say<T>(&self, zh: T, en: T) -> T {
        say(self.options.language, zh, en)
    }

    fn is_english(&self) -> bool {
        self.options.language == Language::En
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn blank(&mut self) {
        self.text.push('\n');
    }

    /// A heading with a blank line before it.
    fn heading(&mut self, title: &str, rest: &str) {
        self.blank();
        let title = self.paint.style(BOLD, title);
        self.line(&if rest.is_empty() { title } else { format!("{title}  {rest}") });
    }

    /// A text after a lead such as a mark or a label; its further lines stand under its first.
    fn hang(&mut self, lead: &str, lead_style: Style, text: &str, style: Style) {
        let indent = width(lead);
        for (index, line) in wrap(text, self.options.width.saturating_sub(indent)).iter().enumerate() {
            let styled = self.paint.style(style, line);
            let lead = if index == 0 { self.paint.style(lead_style, lead) } else { " ".repeat(indent) };
            self.line(&format!("{lead}{styled}"));
        }
    }

    /// As [`Page::hang`], with the rule's id at the end.
    fn tagged(&mut self, lead: &str, lead_style: Style, text: &str, rule: &str) {
        let indent = width(lead);
        let tag = format!("[{rule}]");
        for (index, line) in
            wrap(&format!("{text} {tag}"), self.options.width.saturating_sub(indent)).iter().enumerate()
        {
            let lead = if index == 0 { self.paint.style(lead_style, lead) } else { " ".repeat(indent) };
            match line.strip_suffix(tag.as_str()) {
                Some(text) => {
                    let tag = self.paint.style(DIM, &tag);
                    self.line(&format!("{lead}{text}{tag}"));
                }
                None => self.line(&format!("{lead}{line}")),
            }
        }
    }

    /// Texts of a list in one.
    fn joined(&self, texts: &[String]) -> String {
        texts.join(self.say("、", ", "))
    }
}
