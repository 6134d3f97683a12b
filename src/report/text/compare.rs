//! Layers side by side as text: columns for a few layers, a list for many; and a filing in two places.

use anstyle::Style;

use super::paint::{BOLD, CYAN, DIM, PLAIN, severity};
use super::wrap::{width, wrap};
use super::{Page, TextOptions};
use crate::condition::Language;
use crate::maintain::compare::{Comparison, Entry, Row};
use crate::policy::Severity;

mod filing;
mod markdown;

pub use filing::{move_markdown, move_text, moves_markdown, moves_text};
pub use markdown::compare_markdown;

/// More layers than this are a list.
const MAX_COLUMNS: usize = 4;
/// A column that is narrower is no help.
const MIN_COLUMN: usize = 16;
const GAP: usize = 2;
/// More layers than this are counted rather than named at the top.
const MAX_NAMES: usize = 8;
/// Layers of a list whose rules are named.
const MAX_NAMED: usize = 3;
/// Stands for a parameter that differs.
const OPEN: char = '…';

/// A line of a cell.
type Line = (Style, String);

/// Layers side by side; `all`: also what all of them share equally.
pub fn compare_text(comparison: &Comparison, all: bool, options: &TextOptions<'_>) -> String {
    let mut page = Page::new(options);
    let names = comparison.layers.iter().map(|layer| format!("{} ({})", layer.name, layer.id));
    let names = match comparison.layers.len() {
        count @ ..=MAX_NAMES => names.take(count).collect::<Vec<_>>().join(" · "),
        count => page.say(format!("{count} 家"), format!("{count} layers")),
    };
    let title = page.say("对照", "Side by side");
    let lead = format!("{title}  ");
    page.hang(&lead, BOLD, &names, PLAIN);
    let columns = columns(comparison.layers.len(), options.width);
    let mut folded = 0;
    for topic in &comparison.topics {
        let rows: Vec<&Row> = topic.rows.iter().filter(|row| all || !row.equal).collect();
        folded += topic.rows.len() - rows.len();
        if rows.is_empty() {
            continue;
        }
        page.heading(&topic.label, &page.say(format!("{} 项", rows.len()), rows.len().to_string()));
        if let Some(columns) = &columns {
            page.column_heads(comparison, columns);
        }
        for row in rows {
            match &columns {
                Some(columns) => page.requirement_row(comparison, row, columns),
                None => page.listed(comparison, row),
            }
        }
    }
    page.compared(comparison, folded);
    page.text
}

/// The widths of the columns, the requirement's first; `None` when a list is better.
fn columns(layers: usize, page: usize) -> Option<Vec<usize>> {
    if layers > MAX_COLUMNS {
        return None;
    }
    let usable = page.saturating_sub(GAP * layers);
    // the requirement is a sentence, the cells are a few words
    let first = (usable / (layers + 1) + 4).min(usable);
    let each = (usable - first) / layers.max(1);
    if each < MIN_COLUMN {
        return None;
    }
    let mut columns = vec![first];
    columns.extend(std::iter::repeat_n(each, layers));
    Some(columns)
}

/// The words of one rule of a row, without its id: how bad it is, with which parameters, of whom, since when.
pub(super) fn entry_words(row: &Row, entry: &Entry, language: Language) -> Vec<Line> {
    let english = language == Language::En;
    let say = |zh: &'static str, en: &'static str| if english { en } else { zh };
    let comma = say("；", "; ");
    let (mut word, mut style) = severity(entry.severity, language);
    if matches!(entry.kind, "manual" | "notice") && entry.severity == Severity::Info.id() {
        word = if entry.kind == "manual" { say("人工核对", "by a person") } else { say("须知", "to know") };
        style = CYAN;
    }
    let parameters = parameters(row, entry);
    let mut lines = vec![(style, [word, parameters.as_str()].join(" ").trim_end().to_owned())];
    let mut rest: Vec<String> = Vec::new();
    let audience: Vec<&str> = entry.applies.iter().map(|audience| audience.words.as_str()).collect();
    rest.extend((!audience.is_empty()).then(|| audience.join(comma)));
    rest.extend((!entry.when.is_empty()).then(|| say("另有前提", "on a further condition").to_owned()));
    rest.extend(match (&entry.from, &entry.until) {
        (Some(from), Some(until)) => Some(format!("{from} {} {until}", say("至", "to"))),
        (Some(from), None) if english => Some(format!("from {from}")),
        (Some(from), None) => Some(format!("{from} 起")),
        (None, Some(until)) if english => Some(format!("until {until}")),
        (None, Some(until)) => Some(format!("{until} 止")),
        (None, None) => None,
    });
    lines.extend(rest.into_iter().map(|text| (PLAIN, text)));
    lines
}

/// The values that differ; a single one fills the gap in the title and needs no name.
fn parameters(row: &Row, entry: &Entry) -> String {
    match entry.with.as_slice() {
        [one] if row.title.matches(OPEN).count() == 1 => one.value.clone(),
        several => {
            let parts = several.iter().map(|parameter| format!("{} = {}", parameter.name, parameter.value));
            parts.collect::<Vec<_>>().join(", ")
        }
    }
}

impl Page<'_> {
    fn column_heads(&mut self, comparison: &Comparison, columns: &[usize]) {
        let mut cells = vec![vec![(DIM, self.say("要求", "requirement").to_owned())]];
        cells.extend(comparison.layers.iter().map(|layer| vec![(BOLD, layer.name.clone())]));
        self.side_by_side(&cells, columns);
        self.rule(columns);
    }

    fn rule(&mut self, columns: &[usize]) {
        let total = columns.iter().sum::<usize>() + GAP * columns.len().saturating_sub(1);
        let rule = self.paint.style(DIM, &"─".repeat(total));
        self.line(&rule);
    }

    fn requirement_row(&mut self, comparison: &Comparison, row: &Row, columns: &[usize]) {
        let mut cells = vec![vec![(PLAIN, row.title.clone())]];
        for layer in &comparison.layers {
            let rules = row.cells.iter().find(|cell| cell.layer == layer.id).map(|cell| &cell.rules);
            let mut lines = Vec::new();
            for entry in rules.into_iter().flatten() {
                lines.extend(entry_words(row, entry, self.options.language));
                lines.push((DIM, entry.rule.clone()));
            }
            if lines.is_empty() {
                lines.push((DIM, "—".to_owned()));
            }
            cells.push(lines);
        }
        self.side_by_side(&cells, columns);
        self.blank();
    }

    /// Cells of one row, each wrapped in its column.
    fn side_by_side(&mut self, cells: &[Vec<Line>], columns: &[usize]) {
        let mut wrapped: Vec<Vec<Line>> = Vec::new();
        for (lines, columns) in cells.iter().zip(columns) {
            let lines = lines.iter().flat_map(|(style, text)| {
                wrap(text, *columns).into_iter().map(|line| (*style, line)).collect::<Vec<_>>()
            });
            wrapped.push(lines.collect());
        }
        for index in 0..wrapped.iter().map(Vec::len).max().unwrap_or(0) {
            let mut line = String::new();
            for (cell, columns) in wrapped.iter().zip(columns) {
                let (style, text) = cell.get(index).map_or((PLAIN, ""), |(style, text)| (*style, text.as_str()));
                line.push_str(&self.paint.style(style, text));
                line.push_str(&" ".repeat((columns + GAP).saturating_sub(width(text))));
            }
            self.line(&line);
        }
    }

    /// A row of many layers: those that say the same stand together.
    fn listed(&mut self, comparison: &Comparison, row: &Row) {
        let count = match (row.check.is_some(), row.cells.len(), comparison.layers.len()) {
            (true, some, all) => self.say(format!("（{some}/{all}）"), format!(" ({some} of {all})")),
            (false, ..) => String::new(),
        };
        self.hang("  ", PLAIN, &format!("{}{count}", row.title), BOLD);
        for group in together(row, self.options.language) {
            let words: Vec<&str> = group.words.iter().map(|(_, text)| text.as_str()).collect();
            let style = group.words.first().map_or(PLAIN, |(style, _)| *style);
            self.hang("    ", PLAIN, &words.join(" · "), style);
            let with_ids = group.rules.len() <= MAX_NAMED;
            let named = group.rules.iter().map(|(layer, rule)| {
                let name = layer_name(comparison, layer);
                if with_ids { format!("{name} [{rule}]") } else { name.to_owned() }
            });
            let named = self.joined(&named.collect::<Vec<_>>());
            self.hang("      ", PLAIN, &named, PLAIN);
        }
        self.blank();
    }

    fn compared(&mut self, comparison: &Comparison, folded: usize) {
        if !self.text.ends_with("\n\n") {
            self.blank();
        }
        if comparison.topics.is_empty() {
            let none = self.say("没有规则", "there are no rules");
            self.line(none);
        } else if folded > 0 {
            let text = self.say(
                format!("另有 {folded} 项各家相同，没有列出（--all 列出）"),
                format!("{folded} more are the same in all of them (`--all` shows them)"),
            );
            self.hang("", PLAIN, &text, DIM);
        }
        self.text.truncate(self.text.trim_end().len());
        self.text.push('\n');
    }
}

/// Rules of a row in the same words.
pub(super) struct Together<'a> {
    /// The words.
    pub(super) words: Vec<Line>,
    /// Layer and rule.
    pub(super) rules: Vec<(&'a str, &'a str)>,
}

/// The rules of a row by their words, the most frequent first.
pub(super) fn together(row: &Row, language: Language) -> Vec<Together<'_>> {
    let mut groups: Vec<Together<'_>> = Vec::new();
    for (layer, entry) in row.cells.iter().flat_map(|cell| cell.rules.iter().map(move |entry| (&cell.layer, entry))) {
        let words = entry_words(row, entry, language);
        let rule = (layer.as_str(), entry.rule.as_str());
        match groups.iter_mut().find(|group| group.words == words) {
            Some(group) => group.rules.push(rule),
            None => groups.push(Together { words, rules: vec![rule] }),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.rules.len()));
    groups
}

/// The name of a layer.
pub(super) fn layer_name<'a>(comparison: &'a Comparison, id: &'a str) -> &'a str {
    comparison.layers.iter().find(|layer| layer.id == id).map_or(id, |layer| layer.name.as_str())
}
