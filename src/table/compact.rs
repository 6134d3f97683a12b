//! Rows scanned straight into cells: the big tables are read at every start of the program, and a tree of values for them
//! takes most of that time.
//!
//! Only a plain part of TOML is understood: one `rows = [[…], …]` in `[table]` or above it, or `[[row]]`s up to the end of
//! the file; basic strings without escapes, decimal integers, booleans, dates, lists of such strings, comments. For
//! anything else [`scan`] gives `None`, and the file is read by the TOML parser.

use chrono::{Datelike, NaiveDate};

use super::Cell;
use crate::source::Span;

/// What [`scan`] found; cells are of the types that they are written as.
pub(super) struct Scanned<'t> {
    /// The rows.
    pub(super) rows: Rows<'t>,
    /// The place of each row.
    pub(super) spans: Vec<Span>,
    /// The file without the rows; everything in it is where it was.
    pub(super) rest: String,
}

/// Rows of one of the two kinds.
pub(super) enum Rows<'t> {
    /// In the order of the columns.
    Compact(Vec<Vec<Cell>>),
    /// With the names of the columns.
    Named(Vec<Vec<(&'t str, Cell)>>),
}

/// Scans the rows of a file.
pub(super) fn scan(text: &str) -> Option<Scanned<'_>> {
    let (at, compact) = first_rows(text)?;
    let mut scanner = Scanner { text, at };
    let mut spans = Vec::new();
    let mut rest = text.get(..at)?.to_owned();
    let rows = if compact {
        let rows = scanner.compact(&mut spans)?;
        // Spaces, so that what follows stays where it is.
        rest.extend(std::iter::repeat_n(' ', scanner.at - at));
        rest.push_str(text.get(scanner.at..)?);
        Rows::Compact(rows)
    } else {
        Rows::Named(scanner.named(&mut spans)?)
    };
    Some(Scanned { rows, spans, rest })
}

/// Where the rows begin, and whether they are compact. Above them there must be no string of several lines, in which a line
/// could look like anything, and no other table that could own the rows.
fn first_rows(text: &str) -> Option<(usize, bool)> {
    let mut at = 0;
    let mut within_table = true;
    for line in text.split_inclusive('\n') {
        if line.starts_with("[[row]]") {
            return Some((at, false));
        }
        if line.starts_with("rows") && within_table {
            return Some((at, true));
        }
        if line.contains("\"\"\"") || line.contains("'''") {
            return None;
        }
        if line.trim_start().starts_with('[') {
            within_table = line.trim_end() == "[table]";
        }
        at += line.len();
    }
    None
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    /// `rows = [[…], …]`.
    fn compact(&mut self, spans: &mut Vec<Span>) -> Option<Vec<Vec<Cell>>> {
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        let mut width = 0;
        self.word("rows")?;
        self.equals()?;
        self.word("[")?;
        self.list(|scanner| {
            let start = scanner.at;
            scanner.word("[")?;
            let mut row = Vec::with_capacity(width);
            scanner.list(|scanner| {
                row.push(scanner.cell()?);
                Some(())
            })?;
            width = row.len();
            rows.push(row);
            spans.push(start..scanner.at);
            Some(())
        })?;
        self.end_of_line()?;
        Some(rows)
    }

    /// `[[row]]`s, each with its keys, up to the end of the file.
    fn named(&mut self, spans: &mut Vec<Span>) -> Option<Vec<Vec<(&'a str, Cell)>>> {
        let mut rows: Vec<Vec<(&'a str, Cell)>> = Vec::new();
        while self.peek().is_some() {
            if self.word("[[row]]").is_some() {
                rows.push(Vec::new());
                spans.push(self.at - "[[row]]".len()..self.at);
            } else {
                let length = self.rest().find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'))?;
                let key = self.rest().get(..length).filter(|key| !key.is_empty())?;
                self.at += length;
                self.equals()?;
                let cell = self.cell()?;
                rows.last_mut()?.push((key, cell));
            }
            self.end_of_line()?;
            self.blank()?;
        }
        Some(rows)
    }

    fn equals(&mut self) -> Option<()> {
        self.spaces();
        self.word("=")?;
        self.spaces();
        Some(())
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn word(&mut self, word: &str) -> Option<()> {
        self.rest().starts_with(word).then(|| self.at += word.len())
    }

    fn spaces(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    /// White space, line ends and comments. A comment with a control character in it is not plain.
    fn blank(&mut self) -> Option<()> {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\n') => self.at += 1,
                Some(b'\r') if self.text.as_bytes().get(self.at + 1) == Some(&b'\n') => self.at += 2,
                Some(b'#') => {
                    let line = self.rest().find(['\n', '\r']).unwrap_or(self.rest().len());
                    let comment = self.rest().get(..line)?;
                    if comment.bytes().any(|byte| (byte < b' ' && byte != b'\t') || byte == 0x7f) {
                        return None;
                    }
                    self.at += line;
                }
                _ => return Some(()),
            }
        }
    }

    /// After a value or a header, nothing but a comment may stand on its line.
    fn end_of_line(&mut self) -> Option<()> {
        self.spaces();
        matches!(self.peek(), None | Some(b'\n' | b'\r' | b'#')).then_some(())
    }

    /// The items of a list whose bracket is open, up to and with the closing one.
    fn list(&mut self, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        loop {
            self.blank()?;
            if self.word("]").is_some() {
                return Some(());
            }
            item(self)?;
            self.blank()?;
            match self.peek()? {
                b',' => self.at += 1,
                b']' => {}
                _ => return None,
            }
        }
    }

    fn cell(&mut self) -> Option<Cell> {
        match self.peek()? {
            b'"' => self.string().map(|text| Cell::Text(text.into())),
            b'[' => {
                self.at += 1;
                let mut texts: Vec<Box<str>> = Vec::new();
                self.list(|scanner| {
                    texts.push(scanner.string()?.into());
                    Some(())
                })?;
                Some(Cell::Texts(texts))
            }
            b't' => self.word("true").map(|()| Cell::Bool(true)),
            b'f' => self.word("false").map(|()| Cell::Bool(false)),
            b'0'..=b'9' | b'-' => self.number_or_date(),
            _ => None,
        }
    }

    /// A basic string without escapes; `"""` is left to the parser, as are control characters.
    fn string(&mut self) -> Option<&'a str> {
        self.word("\"")?;
        let start = self.at;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' | 0x7f => return None,
                byte if byte < b' ' && byte != b'\t' => return None,
                _ => self.at += 1,
            }
        }
        let text = self.text.get(start..self.at)?;
        self.at += 1;
        (!(text.is_empty() && self.peek() == Some(b'"'))).then_some(text)
    }

    fn number_or_date(&mut self) -> Option<Cell> {
        let rest = self.rest();
        let length = rest.find(|c: char| !(c.is_ascii_digit() || c == '-')).unwrap_or(rest.len());
        let token = rest.get(..length)?;
        // A date may be followed by a time, a number by a fraction: neither is plain.
        let after = rest.get(length..)?.trim_start_matches(' ').bytes().next();
        if !matches!(after, None | Some(b',' | b']' | b'\t' | b'\n' | b'\r' | b'#')) {
            return None;
        }
        self.at += length;
        if let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = token.as_bytes() {
            let number = |digits: &[u8]| digits.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
            let all = [*y1, *y2, *y3, *y4, *m1, *m2, *d1, *d2];
            if !all.iter().all(u8::is_ascii_digit) {
                return None;
            }
            let (year, month, day) = (number(&all[..4]), number(&all[4..6]), number(&all[6..]));
            let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
            return Some(Cell::Date(i64::from(date.num_days_from_ce())));
        }
        let digits = token.strip_prefix('-').unwrap_or(token);
        if digits.contains('-') || (digits.len() > 1 && digits.starts_with('0')) {
            return None;
        }
        token.parse().ok().map(Cell::Integer)
    }
}
