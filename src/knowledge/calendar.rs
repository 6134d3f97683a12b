//! Days: months and years that are added or counted, and working days.
//!
//! In: the table of days off and of weekend days on which people work, and the table of the years it is complete for.
//! Out: counts of days; a year that is not complete is an error, never a guess.

use chrono::{Datelike, Months, NaiveDate};

use crate::source::{Diagnostic, Diagnostics};
use crate::table::{Cell, ColumnType, Table};

/// A year whose days off are not known (yet).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the working days of {0} are not known")]
pub struct UnknownYear(pub i32);

/// One complete year.
#[derive(Debug)]
struct Year {
    year: i32,
    /// The day before 1 January.
    eve: i64,
    /// Working days from 1 January up to and with the day of that index; 0 for the eve.
    sums: Vec<u16>,
}

/// Knows which days are working days.
#[derive(Debug)]
pub struct Calendar {
    years: Vec<Year>,
}

impl Calendar {
    /// Reads `holidays` (`date`, `kind`: holiday or workday) and `holiday_years` (`year`, and `complete` if there is such a
    /// column).
    ///
    /// # Errors
    /// Missing columns, and kinds that are neither of the two.
    pub fn new(holidays: &Table, holiday_years: &Table) -> Result<Self, Diagnostics> {
        let [date, kind] = holidays.require([("date", ColumnType::Date), ("kind", ColumnType::Text)])?;
        let [year] = holiday_years.require([("year", ColumnType::Integer)])?;
        let complete = holiday_years.optional("complete", ColumnType::Bool)?;
        let mut out = Diagnostics::new();
        let mut exceptions: Vec<(i64, bool)> = Vec::with_capacity(holidays.rows.len());
        for row in 0..holidays.rows.len() {
            let Some(day) = holidays.cell(row, date).as_date() else { continue };
            match holidays.cell(row, kind).as_text() {
                Some("holiday") => exceptions.push((day, false)),
                Some("workday") => exceptions.push((day, true)),
                other => out.push(
                    holidays
                        .row_error(row, "unknown-value", format!("`{}` is no kind of day", other.unwrap_or_default()))
                        .help("write `holiday` or `workday`"),
                ),
            }
        }
        exceptions.sort_unstable();
        let mut years = Vec::new();
        for row in 0..holiday_years.rows.len() {
            if complete.is_some_and(|column| *holiday_years.cell(row, column) == Cell::Bool(false)) {
                continue;
            }
            let Some(number) = holiday_years.cell(row, year).as_integer() else { continue };
            match i32::try_from(number).ok().and_then(|number| Year::new(number, &exceptions)) {
                Some(year) => years.push(year),
                None => out.push(year_error(holiday_years, row, number)),
            }
        }
        years.sort_by_key(|year| year.year);
        if out.is_empty() { Ok(Self { years }) } else { Err(out) }
    }

    /// Working days after `from`, up to and with `to`; negative when `to` is before `from`.
    ///
    /// # Errors
    /// A year between the two is not complete in the table.
    pub fn workdays_between(&self, from: i64, to: i64) -> Result<i64, UnknownYear> {
        if to < from {
            return self.workdays_between(to, from).map(|days| -days);
        }
        if from == to {
            return Ok(0);
        }
        let first = year_of(from + 1).ok_or(UnknownYear(i32::MAX))?;
        let last = year_of(to).ok_or(UnknownYear(i32::MAX))?;
        let mut days = 0;
        for number in first..=last {
            let year = self.year(number).ok_or(UnknownYear(number))?;
            days += year.worked(to) - year.worked(from);
        }
        Ok(days)
    }

    /// Is this a working day?
    ///
    /// # Errors
    /// Its year is not complete in the table.
    pub fn is_workday(&self, day: i64) -> Result<bool, UnknownYear> {
        self.workdays_between(day - 1, day).map(|days| days == 1)
    }

    fn year(&self, number: i32) -> Option<&Year> {
        self.years.binary_search_by_key(&number, |year| year.year).ok().and_then(|at| self.years.get(at))
    }
}

impl Year {
    fn new(year: i32, exceptions: &[(i64, bool)]) -> Option<Self> {
        let first = NaiveDate::from_ymd_opt(year, 1, 1)?;
        let eve = i64::from(first.num_days_from_ce()) - 1;
        let mut sums = Vec::with_capacity(367);
        let mut sum = 0;
        sums.push(sum);
        for date in first.iter_days().take_while(|date| date.year() == year) {
            let day = i64::from(date.num_days_from_ce());
            let works = match exceptions.binary_search_by_key(&day, |(day, _)| *day) {
                Ok(at) => exceptions.get(at).is_some_and(|(_, works)| *works),
                Err(_) => date.weekday().num_days_from_monday() < 5,
            };
            sum += u16::from(works);
            sums.push(sum);
        }
        Some(Self { year, eve, sums })
    }

    /// Working days of this year up to and with a day; none before the year, all after it.
    fn worked(&self, day: i64) -> i64 {
        let last = self.sums.len().saturating_sub(1);
        let index = usize::try_from(day - self.eve).unwrap_or(0).min(last);
        self.sums.get(index).copied().map_or(0, i64::from)
    }
}

fn year_error(table: &Table, row: usize, number: i64) -> Diagnostic {
    table.row_error(row, "no-such-date", format!("`{number}` is no year"))
}

fn date(day: i64) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(i32::try_from(day).ok()?)
}

fn year_of(day: i64) -> Option<i32> {
    date(day).map(|date| date.year())
}

/// The same day of a later (or, with a negative number, earlier) month; the month's last day where there is no such day.
pub fn add_months(day: i64, months: i32) -> Option<i64> {
    let date = date(day)?;
    let moved = if months < 0 {
        date.checked_sub_months(Months::new(months.unsigned_abs()))
    } else {
        date.checked_add_months(Months::new(months.unsigned_abs()))
    }?;
    Some(i64::from(moved.num_days_from_ce()))
}

/// Whole years from one day to another; negative when `to` is before `from`.
///
/// A year is full on the corresponding day, so `years_between(a, b) >= n` is the same as `a + years(n) <= b`. Who was born
/// on 29 February is a year older on 28 February of a common year: by article 202 of the Civil Code a term of years ends on
/// the corresponding day and, where there is none, on the last day of the month. 1 March would contradict that article,
/// and would make the two ways to write a rule about age disagree.
pub fn years_between(from: i64, to: i64) -> Option<i64> {
    if to < from {
        return years_between(to, from).map(|years| -years);
    }
    let years = year_of(to)? - year_of(from)?;
    let full = add_months(from, years.checked_mul(12)?)? <= to;
    Some(i64::from(years) - i64::from(!full))
}
