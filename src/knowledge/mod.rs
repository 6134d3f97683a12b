//! What the engine knows without being told in a filing: places, working days, phone numbers, numbers of certificates,
//! domain names, Chinese text.
//!
//! In: tables, each read when something first needs it. Out: [`Knowledge`], which answers the functions of the condition
//! language from many threads at once; a part whose table is missing or wrong answers "unknown", and says so when asked
//! ([`Knowledge::check`]). Each part is a type of its own and knows nothing of the others, of filings or of rules.

mod filing_numbers;
mod parts;
mod pattern;
mod platforms;

pub mod calendar;
pub mod domains;
pub mod hanzi;
pub mod numbers;
pub mod phones;
pub mod places;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use calendar::{Calendar, UnknownYear, add_months, years_between};
pub use domains::Domains;
pub use filing_numbers::FilingNumbers;
pub use hanzi::{fold, han_count, normalize, pinyin};
pub use numbers::{Gender, Numbers};
pub use parts::{Knowledge, Part};
pub use phones::PhoneRegions;
pub use places::{Place, Places};
pub use platforms::Platforms;
