//! The only clock: everything behind the command line is told the day.

use chrono::NaiveDate;

/// Today, where the program runs.
pub(super) fn today() -> NaiveDate {
    chrono::Local::now().date_naive()
}
