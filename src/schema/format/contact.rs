//! Landline numbers and e-mail addresses.

use crate::knowledge::{Knowledge, fold};

/// A landline number with its area code, such as `0755-12345678`, `(010)12345678` or `021-12345678-8001`.
pub(super) fn is_landline(text: &str) -> bool {
    let folded = fold(text);
    let rest = folded.strip_prefix('+').unwrap_or(&folded);
    let (abroad, rest) = rest.strip_prefix("86").map_or((false, rest), |rest| (true, rest.trim_start_matches('-')));
    let rest = rest.strip_prefix('(').unwrap_or(rest);
    let rest = match rest.strip_prefix('0') {
        Some(rest) => rest,
        // From abroad the zero is left out.
        None if abroad => rest,
        None => return false,
    };
    // 10 and 20 to 29 are area codes, all others have a third digit.
    let length = match rest.as_bytes() {
        [b'1', b'0', ..] | [b'2', b'0'..=b'9', ..] => 2,
        [b'3'..=b'9', b'1'..=b'9', b'0'..=b'9', ..] => 3,
        _ => return false,
    };
    let Some((_, rest)) = rest.split_at_checked(length) else { return false };
    let rest = rest.strip_prefix(')').unwrap_or(rest);
    let rest = rest.strip_prefix('-').unwrap_or(rest);
    let (number, extension) =
        rest.split_once('-').map_or((rest, None), |(number, extension)| (number, Some(extension)));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let shortest = if length == 2 { 8 } else { 7 };
    digits(number)
        && (shortest..=8).contains(&number.len())
        && !number.starts_with(['0', '1'])
        && extension.is_none_or(|extension| digits(extension) && (1..=6).contains(&extension.len()))
}

/// An e-mail address: a local part without quotes and comments, and a domain under a suffix that exists.
pub(super) fn is_email(text: &str, known: &Knowledge) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let atom = |atom: &str| {
        !atom.is_empty()
            && atom.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&byte))
    };
    text.len() <= 254
        && (1..=64).contains(&local.len())
        && local.split('.').all(atom)
        && !domain.ends_with('.')
        && !domain.contains(char::is_whitespace)
        && known.is_domain(domain)
}
