//! What works on policies rather than on filings: lint, the tests by cases, and layers side by side.
//!
//! In: a set of policies. Out: diagnostics, and what cases show. It must not know how they are printed.

mod across;
mod bases;
pub mod compare;
mod coverage;
mod lint;
pub mod test;

pub use across::across;
pub use bases::Bases;
pub use coverage::{Gap, diagnose, gaps};
pub use lint::lint;
