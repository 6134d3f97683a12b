//! Mobile numbers and the province they were issued in.
//!
//! In: the table of number ranges. Out: a province, or nothing for ranges that the table does not have: which network a
//! number is in today cannot be seen from it, and new ranges come every year.

use crate::source::Diagnostics;
use crate::table::{ColumnType, Table};

/// The digits that decide the province.
const PREFIX: u32 = 7;

/// Numbers from `first` to `last`, both included, by their first seven digits.
#[derive(Debug, Clone, Copy)]
struct Range {
    first: u32,
    last: u32,
    province: u8,
}

/// Where mobile numbers were issued.
#[derive(Debug)]
pub struct PhoneRegions {
    ranges: Vec<Range>,
}

impl PhoneRegions {
    /// Reads `phone_regions`: `province` (two digits) and `ranges`, a list of texts such as `1300010-1300011` or `1301019`.
    ///
    /// # Errors
    /// Missing columns, texts that are no range, and ranges of two provinces that overlap.
    pub fn new(table: &Table) -> Result<Self, Diagnostics> {
        let [province, ranges] = table.require([("province", ColumnType::Text), ("ranges", ColumnType::Texts)])?;
        let mut out = Diagnostics::new();
        let mut found: Vec<(Range, usize)> = Vec::new();
        for row in 0..table.rows.len() {
            let text = table.cell(row, province).as_text().unwrap_or_default();
            let Some(code) = super::places::province_code(text) else {
                out.push(table.row_error(row, "unknown-value", format!("`{text}` is no code of a province")));
                continue;
            };
            for text in table.cell(row, ranges).as_texts().unwrap_or_default() {
                match range(text, code) {
                    Some(range) => found.push((range, row)),
                    None => out.push(
                        table
                            .row_error(row, "unknown-value", format!("`{text}` is no range of numbers"))
                            .help("write the first seven digits, such as `1300010-1300011` or `1301019`"),
                    ),
                }
            }
        }
        found.sort_unstable_by_key(|(range, _)| (range.first, range.last));
        for ((before, _), (after, row)) in found.iter().zip(found.iter().skip(1)) {
            if after.first <= before.last {
                let message = format!("the range that begins with `{}` stands twice", after.first);
                out.push(table.row_error(*row, "duplicate-key", message));
            }
        }
        let ranges = found.into_iter().map(|(range, _)| range).collect();
        if out.is_empty() { Ok(Self { ranges }) } else { Err(out) }
    }

    /// The province of a mobile number.
    pub fn region(&self, text: &str) -> Option<u8> {
        let number = mobile_digits(text)?;
        let prefix = u32::try_from(number / 10_u64.pow(11 - PREFIX)).ok()?;
        let after = self.ranges.partition_point(|range| range.first <= prefix);
        let range = self.ranges.get(after.checked_sub(1)?)?;
        (prefix <= range.last).then_some(range.province)
    }
}

/// Reads a range; shorter prefixes stand for all numbers that begin with them.
fn range(text: &str, province: u8) -> Option<Range> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let widen = |digits: &str, filler: u32| -> Option<u32> {
        let missing = (PREFIX as usize).checked_sub(digits.len())?;
        if digits.len() < 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let number = digits.bytes().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
        Some((0..missing).fold(number, |number, _| number * 10 + filler))
    };
    let range = Range { first: widen(first, 0)?, last: widen(last, 9)?, province };
    (range.first <= range.last).then_some(range)
}

/// The eleven digits of a mobile number of mainland China, without spaces, dashes and the country's code.
pub fn mobile_digits(text: &str) -> Option<u64> {
    let mut digits = [0_u8; 15];
    let mut count = 0;
    for (at, c) in text.trim().chars().enumerate() {
        let digit = match c {
            '0'..='9' => c as u32 - '0' as u32,
            '０'..='９' => c as u32 - '０' as u32,
            '+' | '＋' if at == 0 => continue,
            '-' | '－' | '‑' | '–' | '—' => continue,
            c if c.is_whitespace() => continue,
            _ => return None,
        };
        *digits.get_mut(count)? = digit as u8;
        count += 1;
    }
    let number = match digits.get(..count)? {
        [0, 0, 8, 6, rest @ ..] | [8, 6, rest @ ..] if rest.len() == 11 => rest,
        all if all.len() == 11 => all,
        _ => return None,
    };
    let shaped = matches!(number, [1, second, ..] if *second >= 3);
    shaped.then(|| number.iter().fold(0, |sum, digit| sum * 10 + u64::from(*digit)))
}
