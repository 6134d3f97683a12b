//! Lines of a given width, with Chinese: a Han character takes two columns, a line may break before any of them, and
//! closing punctuation never begins a line nor opening punctuation ends one.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What must not begin a line.
const CLOSING: &str = "，。、；：？！）》」』】〕〉”’…—％·,.;:?!)]}%～";
/// What must not end a line.
const OPENING: &str = "（《「『【〔〈“‘([{";

/// Columns that a text takes.
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// A text of exactly so many columns, or more when it is longer.
pub fn pad(text: &str, columns: usize) -> String {
    let mut text = text.to_owned();
    text.push_str(&" ".repeat(columns.saturating_sub(width(&text))));
    text
}

/// Breaks a text into lines of at most `columns`; a line break in it stays one. There is always a line.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(8);
    text.split('\n').flat_map(|paragraph| wrap_paragraph(paragraph.trim_end(), columns)).collect()
}

fn wrap_paragraph(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for unit in units(text) {
        let wide = width(unit);
        if used > 0 && used + width(unit.trim_end()) > columns {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            used = 0;
        }
        let unit = if used == 0 && !lines.is_empty() { unit.trim_start() } else { unit };
        if wide <= columns {
            line.push_str(unit);
            used += width(unit);
            continue;
        }
        // longer than a line by itself: an address, a long id
        let mut rest = unit;
        while width(rest) > columns {
            let (head, tail) = rest.split_at(cut(rest, columns));
            lines.push(head.to_owned());
            rest = tail;
        }
        line.push_str(rest);
        used = width(rest);
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// Where to break what is too long: after a sign between its parts when there is one, else where the line is full.
fn cut(text: &str, columns: usize) -> usize {
    let mut used = 0;
    let mut full = 0;
    let mut sign = 0;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > columns {
            break;
        }
        full = at + c.len_utf8();
        if matches!(c, '.' | '/' | '-' | '_' | '?' | '&' | '=') {
            sign = full;
        }
    }
    match (sign, full) {
        // a line of a few characters would be worse than a broken word
        (sign, _) if sign * 3 > columns => sign,
        (_, 0) => text.chars().next().map_or(text.len(), char::len_utf8),
        (_, full) => full,
    }
}

/// Parts that no line may break: words with the spaces after them, and Han characters with the punctuation that clings.
fn units(text: &str) -> Vec<&str> {
    let mut units = Vec::new();
    let mut start = 0;
    let mut previous: Option<char> = None;
    for (at, c) in text.char_indices() {
        if let Some(before) = previous
            && may_break(before, c)
        {
            units.extend(text.get(start..at));
            start = at;
        }
        previous = Some(c);
    }
    units.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    units
}

fn may_break(before: char, after: char) -> bool {
    if after == ' ' || OPENING.contains(before) || CLOSING.contains(after) {
        return false;
    }
    // between two narrow characters only at a space: words, ids, dates and addresses stay whole
    before == ' ' || is_wide(before) || is_wide(after)
}

fn is_wide(c: char) -> bool {
    c.width() == Some(2) || matches!(c, '“' | '”' | '‘' | '’' | '…' | '—')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_never_too_wide() {
        let text = "通信地址补写到门牌号或房间号；确实没有的，在主体备注写明“通信地址已为最详细” (44.all.subject.address) https://example.cn/a/very/long/path/that/does/not/fit";
        for columns in 8..60 {
            let lines = wrap(text, columns);
            assert!(lines.iter().all(|line| width(line) <= columns), "{columns}: {lines:?}");
            let joined: String = lines.concat().split_whitespace().collect();
            assert_eq!(joined, text.split_whitespace().collect::<String>(), "{columns}");
        }
    }

    #[test]
    fn punctuation_stays_where_it_belongs() {
        for columns in 8..40 {
            for line in wrap("域名（含子域名），须“实名认证”；见《办法》第五条。", columns)
            {
                let first = line.chars().next().unwrap_or('x');
                let last = line.chars().last().unwrap_or('x');
                assert!(!CLOSING.contains(first), "{columns}: {line}");
                assert!(!OPENING.contains(last), "{columns}: {line}");
            }
        }
    }

    #[test]
    fn words_and_paragraphs_stay_whole() {
        assert_eq!(wrap("rule 44.all.contact", 10), ["rule", "44.all.", "contact"]);
        assert_eq!(wrap("规则 44.all 说明", 8), ["规则", "44.all", "说明"]);
        assert_eq!(wrap("一\n二", 20), ["一", "二"]);
        assert_eq!(wrap("", 20), [""]);
    }

    #[test]
    fn padding_counts_columns() {
        assert_eq!(pad("缺", 4), "缺  ");
        assert_eq!(pad("abcdef", 4), "abcdef");
    }
}
