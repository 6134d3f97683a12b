//! Layers side by side as Markdown: a table for a few layers, a list for many.

use super::{MAX_COLUMNS, entry_words, layer_name, together};
use crate::condition::Language;
use crate::maintain::compare::{Comparison, Row};
use crate::report::text::paint::say;

/// Layers side by side; `all`: also what all of them share equally.
pub fn compare_markdown(comparison: &Comparison, all: bool, language: Language) -> String {
    let names: Vec<String> = comparison.layers.iter().map(|layer| escaped(&layer.name)).collect();
    let mut text = format!("# {}\n", names.join(" · "));
    let mut folded = 0;
    for topic in &comparison.topics {
        let rows: Vec<&Row> = topic.rows.iter().filter(|row| all || !row.equal).collect();
        folded += topic.rows.len() - rows.len();
        if rows.is_empty() {
            continue;
        }
        text.push_str(&format!("\n## {}\n\n", escaped(&topic.label)));
        if comparison.layers.len() <= MAX_COLUMNS {
            text.push_str(&head(say(language, "要求", "requirement"), &names));
            rows.iter().for_each(|row| text.push_str(&table_row(comparison, row, language)));
        } else {
            rows.iter().for_each(|row| text.push_str(&list(comparison, row, language)));
        }
    }
    if folded > 0 {
        let zh = format!("另有 {folded} 项各家相同，没有列出。");
        text.push_str(&format!("\n{}\n", say(language, zh, format!("{folded} more are the same in all of them."))));
    }
    text
}

/// The head of a table.
pub(super) fn head(first: &str, names: &[String]) -> String {
    let rule = "---|".repeat(names.len() + 1);
    format!("| {first} | {} |\n|{rule}\n", names.join(" | "))
}

fn table_row(comparison: &Comparison, row: &Row, language: Language) -> String {
    let mut line = format!("| {} |", escaped(&row.title));
    for layer in &comparison.layers {
        let rules = row.cells.iter().find(|cell| cell.layer == layer.id).map(|cell| &cell.rules);
        let mut parts = Vec::new();
        for entry in rules.into_iter().flatten() {
            parts.extend(entry_words(row, entry, language).into_iter().map(|(_, text)| escaped(&text)));
            parts.push(format!("`{}`", entry.rule));
        }
        line.push_str(&format!(" {} |", parts.join("<br>")));
    }
    line + "\n"
}

fn list(comparison: &Comparison, row: &Row, language: Language) -> String {
    let mut text = format!("- **{}**\n", escaped(&row.title));
    for group in together(row, language) {
        let words: Vec<&str> = group.words.iter().map(|(_, text)| text.as_str()).collect();
        let named: Vec<String> = group
            .rules
            .iter()
            .map(|(layer, rule)| format!("{} `{rule}`", escaped(layer_name(comparison, layer))))
            .collect();
        let (words, named) = (escaped(&words.join(" · ")), named.join(say(language, "、", ", ")));
        text.push_str(&format!("  - {words}{}{named}\n", say(language, "：", ": ")));
    }
    text
}

/// A text without what Markdown would take for its own.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '|' | '*' | '_' | '`' | '<' | '>' | '[' | ']' | '\\' => escaped.extend(['\\', c]),
            '\n' | '\r' => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
