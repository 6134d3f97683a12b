//! A script's text as words with places: enough to find functions and calls, which Rhai's tree does not show.

use crate::source::Span;

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or a word of the language.
    Name,
    /// A text without values in it, quotes included.
    Text,
    /// A number.
    Number,
    /// One character of an operator or bracket.
    Sign(char),
}

/// A word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) kind: Kind,
    pub(super) span: Span,
}

/// Splits a text into words; comments and what stands in quotes hide what looks like code, `${…}` does not.
pub(super) fn scan(text: &str) -> Vec<Word> {
    let mut scanner = Scanner { text, at: 0, words: Vec::new() };
    scanner.code(false);
    scanner.words
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    words: Vec<Word>,
}

impl Scanner<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn push(&mut self, kind: Kind, len: usize) {
        self.words.push(Word { kind, span: self.at..self.at + len });
        self.at += len;
    }

    /// Code up to the end, or up to the brace that ends a value inside of a text.
    fn code(&mut self, in_text: bool) {
        let mut depth = 0_usize;
        while let Some(c) = self.rest().chars().next() {
            let rest = self.rest();
            if c.is_whitespace() {
                self.at += c.len_utf8();
            } else if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.comment();
            } else if c.is_ascii_alphabetic() || c == '_' {
                self.push(Kind::Name, word_len(rest));
            } else if c.is_ascii_digit() {
                self.push(Kind::Number, word_len(rest));
            } else if c == '"' {
                self.push(Kind::Text, quoted_len(rest, '"'));
            } else if c == '\'' {
                self.push(Kind::Text, quoted_len(rest, '\''));
            } else if c == '#' && raw_len(rest).is_some() {
                self.push(Kind::Text, raw_len(rest).unwrap_or(1));
            } else if c == '`' {
                self.interpolated();
            } else {
                if in_text && c == '}' && depth == 0 {
                    return;
                }
                depth = match c {
                    '{' => depth + 1,
                    '}' => depth.saturating_sub(1),
                    _ => depth,
                };
                self.push(Kind::Sign(c), c.len_utf8());
            }
        }
    }

    /// Comments may stand inside of each other.
    fn comment(&mut self) {
        let mut depth = 0;
        while let Some(c) = self.rest().chars().next() {
            if self.rest().starts_with("/*") {
                depth += 1;
                self.at += 2;
            } else if self.rest().starts_with("*/") {
                depth -= 1;
                self.at += 2;
                if depth == 0 {
                    return;
                }
            } else {
                self.at += c.len_utf8();
            }
        }
    }

    /// A text in back-ticks: two of them are one, `${` begins code.
    fn interpolated(&mut self) {
        self.at += 1;
        while let Some(c) = self.rest().chars().next() {
            if self.rest().starts_with("``") {
                self.at += 2;
            } else if c == '`' {
                self.at += 1;
                return;
            } else if self.rest().starts_with("${") {
                self.at += 2;
                self.code(true);
                self.at = (self.at + 1).min(self.text.len());
            } else {
                self.at += c.len_utf8();
            }
        }
    }
}

fn word_len(rest: &str) -> usize {
    rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len())
}

fn quoted_len(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// `#"…"#`, with as many signs at the end as at the start.
fn raw_len(rest: &str) -> Option<usize> {
    let signs = rest.len() - rest.trim_start_matches('#').len();
    let body = rest.get(signs..)?.strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(signs));
    let len = body.find(&close).map_or(body.len(), |at| at + close.len());
    Some(signs + 1 + len)
}
