//! Numbers of certificates: which are well formed, and what they say about their holder.
//!
//! In: the kinds of certificates, the formats of their numbers (patterns, check characters, where a birth date stands) and
//! the provinces. Out: answers by the id of a kind, or of a format. Which kinds there are is the tables' affair.

pub mod checksum;

#[cfg(test)]
mod tests;

use chrono::{Datelike, NaiveDate};
use rustc_hash::FxHashMap;

use self::checksum::Checksum;
use super::pattern::{Pattern, any_matches};
use super::{hanzi, places};
use crate::source::{Diagnostic, Diagnostics};
use crate::table::{Cell, ColumnType, Table};

/// The word in `regions` that stands for all provinces in which filings are made.
const PROVINCES: &str = "provinces";

/// What a number says of a person's gender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    /// An odd digit.
    Male,
    /// An even digit.
    Female,
}

impl Gender {
    /// The id that documents and conditions use.
    pub fn id(self) -> &'static str {
        match self {
            Self::Male => "male",
            Self::Female => "female",
        }
    }
}

/// One format of numbers. Positions count from 0 here.
#[derive(Debug)]
struct Format {
    patterns: Vec<Pattern>,
    checksum: Option<Checksum>,
    region_at: Option<usize>,
    /// What may stand at `region_at`; empty when anything may.
    regions: Vec<Box<str>>,
    birth_at: Option<usize>,
    gender_at: Option<usize>,
}

/// Checks and reads numbers of certificates.
#[derive(Debug)]
pub struct Numbers {
    formats: Vec<Format>,
    /// The formats that a kind of certificate may have; a format's own id counts as a kind.
    kinds: FxHashMap<Box<str>, Vec<usize>>,
}

impl Numbers {
    /// Reads `certificates` (`id`, `formats`), `certificate_formats` (`id`, `patterns`, `checksum`, and, counted from 1,
    /// `region_at`, `birth_at`, `gender_at`; `regions`) and `provinces` (`code`, `filing`).
    ///
    /// # Errors
    /// Missing columns, unknown check characters, and formats that do not exist.
    pub fn new(certificates: &Table, formats: &Table, provinces: &Table) -> Result<Self, Diagnostics> {
        let mut out = Diagnostics::new();
        let mut kinds: FxHashMap<Box<str>, Vec<usize>> = FxHashMap::default();
        let formats = read_formats(formats, &filing_provinces(provinces)?, &mut kinds, &mut out)?;
        let [id, of] = certificates.require([("id", ColumnType::Text), ("formats", ColumnType::Texts)])?;
        let mut found = Vec::new();
        for row in 0..certificates.rows.len() {
            let Some(kind) = certificates.cell(row, id).as_text() else { continue };
            let mut own = Vec::new();
            for format in certificates.cell(row, of).as_texts().unwrap_or_default() {
                match kinds.get(format) {
                    Some(indices) => own.extend(indices),
                    None => out.push(
                        certificates
                            .row_error(row, "unknown-format", format!("there is no format `{format}` of numbers"))
                            .suggest(format, kinds.keys().map(|id| &**id)),
                    ),
                }
            }
            found.push((kind.into(), own));
        }
        kinds.extend(found);
        if out.is_empty() { Ok(Self { formats, kinds }) } else { Err(out) }
    }

    /// What is wrong with the patterns of the table of formats that it was made from.
    pub fn problems(&self, formats: &Table) -> Diagnostics {
        self.formats.iter().flat_map(|format| &format.patterns).filter_map(|pattern| pattern.problem(formats)).collect()
    }

    /// Is the number well formed for this kind of certificate? `None` when no format is known for the kind.
    pub fn number_ok(&self, kind: &str, number: &str) -> Option<bool> {
        let number = hanzi::normalize(number);
        let mut known = None;
        for format in self.formats(kind) {
            match format.fits(&number) {
                Some(true) => return Some(true),
                Some(false) => known = Some(false),
                None => {}
            }
        }
        known
    }

    /// The birth date that a number carries, as days since 0001-01-01; `None` as well when the number is not well formed.
    pub fn birth_date(&self, kind: &str, number: &str) -> Option<i64> {
        self.read(kind, number, |format, number| date_at(number, format.birth_at?))
    }

    /// The gender that a number carries.
    pub fn gender(&self, kind: &str, number: &str) -> Option<Gender> {
        self.read(kind, number, |format, number| {
            let digit = number.as_bytes().get(format.gender_at?).filter(|digit| digit.is_ascii_digit())?;
            Some(if digit % 2 == 1 { Gender::Male } else { Gender::Female })
        })
    }

    /// The province whose authority gave out the number.
    pub fn issuing_region(&self, kind: &str, number: &str) -> Option<u8> {
        self.read(kind, number, |format, number| places::province_code(digits(number, format.region_at?, 2)?))
    }

    fn formats(&self, kind: &str) -> impl Iterator<Item = &Format> {
        self.kinds.get(kind).into_iter().flatten().filter_map(|index| self.formats.get(*index))
    }

    /// What a well-formed number says; a wrong one says nothing that one could rely on.
    fn read<T>(&self, kind: &str, number: &str, part: impl Fn(&Format, &str) -> Option<T>) -> Option<T> {
        let number = hanzi::normalize(number);
        self.formats(kind).filter(|format| format.fits(&number) == Some(true)).find_map(|format| part(format, &number))
    }
}

impl Format {
    fn fits(&self, number: &str) -> Option<bool> {
        let fits = any_matches(&self.patterns, number)?
            && self.checksum.is_none_or(|checksum| checksum.holds(number))
            && self.birth_at.is_none_or(|at| date_at(number, at).is_some())
            && self.region_at.is_none_or(|at| self.region_fits(number, at));
        Some(fits)
    }

    fn region_fits(&self, number: &str, at: usize) -> bool {
        self.regions.is_empty() || self.regions.iter().any(|region| digits(number, at, region.len()) == Some(&**region))
    }
}

/// The codes of the provinces in which filings are made.
fn filing_provinces(provinces: &Table) -> Result<Vec<Box<str>>, Diagnostics> {
    let [code] = provinces.require([("code", ColumnType::Text)])?;
    let filing = provinces.optional("filing", ColumnType::Bool)?;
    let rows = (0..provinces.rows.len())
        .filter(|row| filing.is_none_or(|column| *provinces.cell(*row, column) != Cell::Bool(false)));
    Ok(rows.filter_map(|row| provinces.cell(row, code).as_text().map(Box::from)).collect())
}

fn read_formats(
    table: &Table,
    provinces: &[Box<str>],
    kinds: &mut FxHashMap<Box<str>, Vec<usize>>,
    out: &mut Diagnostics,
) -> Result<Vec<Format>, Diagnostics> {
    let [id, patterns, checksum] =
        table.require([("id", ColumnType::Text), ("patterns", ColumnType::Texts), ("checksum", ColumnType::Text)])?;
    let region_at = table.optional("region_at", ColumnType::Integer)?;
    let birth_at = table.optional("birth_at", ColumnType::Integer)?;
    let gender_at = table.optional("gender_at", ColumnType::Integer)?;
    let regions = table.optional("regions", ColumnType::Texts)?;
    let mut formats = Vec::with_capacity(table.rows.len());
    for row in 0..table.rows.len() {
        let mut position = |column: Option<usize>| -> Option<usize> {
            let number = table.cell(row, column?).as_integer()?;
            let position = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
            if position.is_none() {
                out.push(table.row_error(
                    row,
                    "unknown-value",
                    format!("`{number}` is no position, which count from 1"),
                ));
            }
            position
        };
        let (region_at, birth_at, gender_at) = (position(region_at), position(birth_at), position(gender_at));
        let checksum = match table.cell(row, checksum).as_text().filter(|name| !name.is_empty()) {
            Some(name) => Checksum::named(name).or_else(|| {
                out.push(unknown_checksum(table, row, name));
                None
            }),
            None => None,
        };
        let regions = regions.and_then(|column| table.cell(row, column).as_texts()).unwrap_or_default();
        let regions =
            regions.iter().flat_map(|word| if **word == *PROVINCES { provinces } else { std::slice::from_ref(word) });
        let texts = table.cell(row, patterns).as_texts().unwrap_or_default();
        let patterns = texts.iter().map(|text| Pattern::new(text, row)).collect();
        if let Some(id) = table.cell(row, id).as_text() {
            kinds.insert(id.into(), vec![formats.len()]);
        }
        formats.push(Format {
            patterns,
            checksum,
            region_at,
            regions: regions.cloned().collect(),
            birth_at,
            gender_at,
        });
    }
    Ok(formats)
}

fn unknown_checksum(table: &Table, row: usize, name: &str) -> Diagnostic {
    table
        .row_error(row, "unknown-checksum", format!("there is no check character `{name}`"))
        .help(format!("write one of {}", Checksum::NAMES.join(", ")))
        .suggest(name, Checksum::NAMES)
}

fn digits(number: &str, at: usize, count: usize) -> Option<&str> {
    number.get(at..at.checked_add(count)?).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The day that eight digits name, if there is such a day.
fn date_at(number: &str, at: usize) -> Option<i64> {
    let year = digits(number, at, 4)?.parse().ok()?;
    let month = digits(number, at + 4, 2)?.parse().ok()?;
    let day = digits(number, at + 6, 2)?.parse().ok()?;
    NaiveDate::from_ymd_opt(year, month, day).map(|date| i64::from(date.num_days_from_ce()))
}
