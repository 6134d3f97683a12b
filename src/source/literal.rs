//! From a byte of a decoded string back to its byte in the file, so that a word inside a condition can be underlined.

use super::Span;

/// The place in the file of the bytes `inner` of a string that was decoded from the literal at `literal`.
///
/// Works for the four string kinds of TOML and for JSON strings. A literal that cannot be followed gives itself.
pub fn place_in_literal(text: &str, literal: &Span, inner: Span) -> Span {
    let Some(raw) = text.get(literal.clone()) else { return literal.clone() };
    let map = Decoder::new(raw);
    let start = map.offset_of(inner.start);
    let end = map.offset_of(inner.end).max(start);
    let (start, end) = (literal.start + start, (literal.start + end).min(literal.end));
    start..end.max(start)
}

/// Walks a raw literal and knows, for each decoded byte, where it came from.
struct Decoder<'a> {
    raw: &'a str,
    body: usize,
    end: usize,
    escapes: bool,
}

impl<'a> Decoder<'a> {
    fn new(raw: &'a str) -> Self {
        let (quotes, escapes) = if raw.starts_with("\"\"\"") {
            (3, true)
        } else if raw.starts_with("'''") {
            (3, false)
        } else if raw.starts_with('"') {
            (1, true)
        } else if raw.starts_with('\'') {
            (1, false)
        } else {
            (0, false)
        };
        let mut body = quotes;
        if quotes == 3 {
            let rest = raw.get(body..).unwrap_or_default();
            if rest.starts_with("\r\n") {
                body += 2;
            } else if rest.starts_with('\n') {
                body += 1;
            }
        }
        Self { raw, body, end: raw.len().saturating_sub(quotes), escapes }
    }

    fn offset_of(&self, target: usize) -> usize {
        let mut decoded = 0;
        let mut at = self.body;
        while at < self.end && decoded < target {
            let (raw_len, decoded_len) = self.step(at);
            if decoded_len > 0 && decoded + decoded_len > target {
                break;
            }
            at += raw_len.max(1);
            decoded += decoded_len;
        }
        // a skipped line end before the target belongs to what came before it
        while at < self.end {
            let (raw_len, decoded_len) = self.step(at);
            if decoded_len > 0 {
                break;
            }
            at += raw_len.max(1);
        }
        at.min(self.end)
    }

    /// Bytes that the next unit takes in the file, and in the decoded text.
    fn step(&self, at: usize) -> (usize, usize) {
        let rest = self.raw.get(at..).unwrap_or_default();
        let mut chars = rest.chars();
        let Some(first) = chars.next() else { return (1, 1) };
        if first != '\\' || !self.escapes {
            return (first.len_utf8(), first.len_utf8());
        }
        match chars.next() {
            Some('x') => hex(rest, 2),
            Some('u') => hex(rest, 4),
            Some('U') => hex(rest, 8),
            Some(c) if c == '\n' || c == '\r' || c == ' ' || c == '\t' => {
                let body = rest.get(1..).unwrap_or_default();
                (1 + body.len() - body.trim_start().len(), 0)
            }
            Some(c) => (1 + c.len_utf8(), 1),
            None => (1, 1),
        }
    }
}

fn hex(rest: &str, digits: usize) -> (usize, usize) {
    let value = rest.get(2..2 + digits).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let len = value.and_then(char::from_u32).map_or(1, char::len_utf8);
    (2 + digits, len)
}

#[cfg(test)]
mod tests {
    use super::place_in_literal;

    fn word<'a>(text: &'a str, decoded: &str, word: &str) -> &'a str {
        let literal = text.find(['"', '\'']).unwrap()..text.len();
        let at = decoded.find(word).unwrap();
        &text[place_in_literal(text, &literal, at..at + word.len())]
    }

    #[test]
    fn all_kinds_of_literals() {
        assert_eq!(word("a = 'x == y'", "x == y", "y"), "y");
        assert_eq!(word(r#"a = "x == \"中\" && y""#, "x == \"中\" && y", "y"), "y");
        assert_eq!(word("a = '''\nx == y'''", "x == y", "y"), "y");
        assert_eq!(word("a = \"\"\"\nx \\\n   == y\"\"\"", "x == y", "=="), "==");
        assert_eq!(word(r#"a = "\u4e2d == y""#, "中 == y", "y"), "y");
    }
}
