//! Colours, and the program's own words in two languages.

use anstyle::{AnsiColor, Effects, Style};

use crate::condition::Language;
use crate::policy::Severity;

/// Colours, or none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint {
    pub(super) on: bool,
}

pub(super) const BOLD: Style = Style::new().effects(Effects::BOLD);
pub(super) const DIM: Style = Style::new().effects(Effects::DIMMED);
pub(super) const RED: Style = AnsiColor::BrightRed.on_default().effects(Effects::BOLD);
pub(super) const YELLOW: Style = AnsiColor::Yellow.on_default().effects(Effects::BOLD);
pub(super) const CYAN: Style = AnsiColor::BrightCyan.on_default().effects(Effects::BOLD);
pub(super) const GREEN: Style = AnsiColor::Green.on_default().effects(Effects::BOLD);
pub(super) const BLUE: Style = AnsiColor::BrightBlue.on_default().effects(Effects::BOLD);
pub(super) const PLAIN: Style = Style::new();

impl Paint {
    /// The text in a style.
    pub(super) fn style(self, style: Style, text: &str) -> String {
        if self.on && style != PLAIN && !text.is_empty() {
            format!("{}{text}{}", style.render(), style.render_reset())
        } else {
            text.to_owned()
        }
    }
}

/// One of two words.
pub(super) fn say<T>(language: Language, zh: T, en: T) -> T {
    match language {
        Language::Zh => zh,
        Language::En => en,
    }
}

/// A severity's word and colour.
pub(super) fn severity(id: &str, language: Language) -> (&'static str, Style) {
    match Severity::named(id) {
        Some(Severity::Block) => (say(language, "错误", "error"), RED),
        Some(Severity::Warn) => (say(language, "警告", "warning"), YELLOW),
        _ => (say(language, "提示", "note"), CYAN),
    }
}

/// A count and its noun, in English with its plural.
pub(super) fn counted(count: usize, noun: &str) -> String {
    let many = match (count, noun.strip_suffix('y')) {
        (1, _) => return format!("1 {noun}"),
        (_, Some(stem)) => format!("{stem}ies"),
        _ => format!("{noun}s"),
    };
    format!("{count} {many}")
}
