//! What a text stands for in a field that keeps a number: days, regions, values of enumerations.
//!
//! Both ways to read a filing ask here, so that they cannot differ in it.

use chrono::{Datelike, NaiveDate};

use crate::schema::{Schema, Type};

/// How documents write that something does not expire.
pub(super) const LONG_TERM: &str = "long_term";

/// The day that means "does not expire": later than every other.
pub(super) const LONG_TERM_DAY: i64 = i64::MAX;

/// The longest filing, in bytes: far beyond every one, and its places fit a slot.
pub const MAX_BYTES: usize = 8 << 20;

/// The longest text in a filing, in bytes. A scope of business takes a few thousand; rules compare and search texts.
pub(super) const MAX_TEXT: usize = 64 << 10;

/// How many slots the lists of one filing may take: a few bytes of text can ask for a record of hundreds of slots. That is
/// some hundred services, or some thousand domains; a report has a line for each of them and for each rule.
pub(super) const MAX_LIST_SLOTS: usize = 1 << 17;

/// The number that a text stands for in a field of a type; `None` when it stands for nothing there.
#[inline]
pub(super) fn number_of(schema: &Schema, ty: &Type, text: &str) -> Option<i64> {
    match ty {
        Type::Enum(id) => schema.enumeration(*id).index(text).map(i64::from),
        Type::Date => day(text),
        Type::Expiry if text == LONG_TERM => Some(LONG_TERM_DAY),
        Type::Expiry => day(text),
        Type::Region2 => digits(text, 2),
        Type::Region6 => digits(text, 6),
        Type::Text | Type::Bool | Type::Integer | Type::Record(_) | Type::List(_) => None,
    }
}

/// A day as a slot keeps it.
pub(super) fn day_number(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce())
}

/// `2026-11-24`, exactly so.
fn day(text: &str) -> Option<i64> {
    let (year, rest) = text.split_at_checked(4)?;
    let (dash, rest) = rest.split_at_checked(1)?;
    let (month, rest) = rest.split_at_checked(2)?;
    let (second_dash, day) = rest.split_at_checked(1)?;
    if dash != "-" || second_dash != "-" {
        return None;
    }
    let year = i32::try_from(digits(year, 4)?).ok()?;
    let month = u32::try_from(digits(month, 2)?).ok()?;
    let day = u32::try_from(digits(day, 2)?).ok()?;
    NaiveDate::from_ymd_opt(year, month, day).map(day_number)
}

/// A text of exactly so many ASCII digits.
fn digits(text: &str, count: usize) -> Option<i64> {
    if text.len() != count {
        return None;
    }
    text.bytes().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0')))
}
