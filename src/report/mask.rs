//! Sensitive values as they may be shown.
//!
//! [`mask`] shortens a value for a sentence; [`cover`] keeps its length, so that places in a text stay what they are.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use crate::schema::Sensitivity;

/// How many characters are kept at the start and at the end.
fn ends(sensitivity: Sensitivity) -> (usize, usize) {
    match sensitivity {
        Sensitivity::Phone | Sensitivity::Id => (3, 4),
        Sensitivity::Email => (1, 0),
    }
}

/// Hides the middle of a value: enough is left to recognise one's own.
pub fn mask(sensitivity: Sensitivity, value: &str) -> String {
    let (start, end) = ends(sensitivity);
    match (sensitivity, value.split_once('@')) {
        (Sensitivity::Email, Some((name, domain))) => format!("{}@{domain}", keep(name, start, end)),
        _ => keep(value, start, end),
    }
}

/// Hides the same characters, each behind a sign of the same bytes and, as far as there is one, of the same width.
pub fn cover(sensitivity: Sensitivity, value: &str) -> String {
    let (start, end) = ends(sensitivity);
    match (sensitivity, value.split_once('@')) {
        (Sensitivity::Email, Some((name, domain))) => format!("{}@{domain}", cover_middle(name, start, end)),
        _ => cover_middle(value, start, end),
    }
}

fn cover_middle(value: &str, start: usize, end: usize) -> String {
    let count = value.chars().count();
    let (start, end) = if long_enough(count, start, end) { (start, end) } else { (0, 0) };
    let hidden = |(index, c): (usize, char)| {
        if index < start || index >= count - end { Cow::from(c.to_string()) } else { sign(c) }
    };
    value.chars().enumerate().map(hidden).collect()
}

fn sign(c: char) -> Cow<'static, str> {
    match c.len_utf8() {
        2 => "×".into(),
        3 => "＊".into(),
        bytes => "*".repeat(bytes).into(),
    }
}

/// Covers what looks like a mobile number, a number of an identity card or an e-mail address in a text of any kind.
pub fn cover_patterns(text: &str) -> Cow<'_, str> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let (Some(patterns), true) = (PATTERNS.as_ref(), digits >= 11 || text.contains('@')) else {
        return Cow::Borrowed(text);
    };
    patterns.replace_all(text, |found: &regex::Captures<'_>| {
        let kinds = [("id", Sensitivity::Id), ("phone", Sensitivity::Phone), ("email", Sensitivity::Email)];
        let kind = kinds.into_iter().find(|(name, _)| found.name(name).is_some());
        let whole = found.get(0).map(|whole| whole.as_str()).unwrap_or_default();
        kind.map(|(_, kind)| cover(kind, whole)).unwrap_or_else(|| whole.to_owned())
    })
}

/// Word boundaries are ASCII ones: Chinese stands right before and after numbers.
static PATTERNS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let id = r"(?P<id>[0-9]{6}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx])";
    let phone = r"(?P<phone>(?:86)?1[3-9][0-9](?:[0-9]{8}|[- ][0-9]{4}[- ][0-9]{4}))";
    let email = r"(?P<email>[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)";
    Regex::new(&format!(r"(?-u:\b)(?:{id}|{phone}|{email})(?-u:\b)")).ok()
});

/// Keeps the ends of a text that is long enough; hides a short one wholly.
fn keep(value: &str, start: usize, end: usize) -> String {
    let chars: Vec<char> = value.chars().collect();
    if !long_enough(chars.len(), start, end) {
        return "****".to_owned();
    }
    let first: String = chars.iter().take(start).collect();
    let last: String = chars.iter().skip(chars.len() - end).collect();
    format!("{first}****{last}")
}

/// About as much is hidden as is shown.
fn long_enough(count: usize, start: usize, end: usize) -> bool {
    count >= 2 * (start + end).max(1) - (start + end).min(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_kept_and_the_middle_is_hidden() {
        assert_eq!(mask(Sensitivity::Phone, "13800000000"), "138****0000");
        assert_eq!(mask(Sensitivity::Id, "440305199001011234"), "440****1234");
        assert_eq!(mask(Sensitivity::Email, "zhangsan@example.cn"), "z****@example.cn");
        assert_eq!(mask(Sensitivity::Phone, "138"), "****");
        assert_eq!(mask(Sensitivity::Id, "1234567"), "****");
        assert_eq!(mask(Sensitivity::Email, ""), "****");
    }

    #[test]
    fn a_cover_keeps_bytes_and_places() {
        assert_eq!(cover(Sensitivity::Phone, "13800000000"), "138****0000");
        assert_eq!(cover(Sensitivity::Id, "440305199001011234"), "440***********1234");
        assert_eq!(cover(Sensitivity::Email, "zhangsan@example.cn"), "z*******@example.cn");
        assert_eq!(cover(Sensitivity::Id, "护照E1234567"), "护照E***4567");
        for text in ["", "1", "护照", "é１２３４５６７８９０１２", "😀😀😀😀😀😀😀😀😀😀😀"]
        {
            let covered = cover(Sensitivity::Id, text);
            assert_eq!(covered.len(), text.len(), "{text}");
            assert!(text.is_empty() || covered != text, "{text}");
        }
    }

    #[test]
    fn what_looks_sensitive_is_covered_wherever_it_stands() {
        let covered = cover_patterns("电话13800000000或138-0000-0000，证件44030519900101123X，邮箱a.b@example.cn。");
        assert_eq!(covered, "电话138****0000或138******0000，证件440***********123X，邮箱a**@example.cn。");
        for plain in [
            "粤ICP备12345678901号-1",
            "91440300708461136T",
            "订单20261124000011112222333344",
            "@ 2026-11-24 2026-11-25",
        ] {
            assert_eq!(cover_patterns(plain), plain);
        }
    }
}
