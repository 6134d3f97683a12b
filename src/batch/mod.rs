//! Streams of filings: many in, as many reports out, in the same order, on all cores and in constant memory.
//!
//! In: files or the standard input with one filing per line or a list of filings, plain or compressed. Out: one line of JSON
//! for each, and a [`Summary`]. What is wrong with a filing is said in its line and stops nothing.
//!
//! One thread reads and cuts ([`Input`], `split`), workers evaluate ([`Settings`], `check`), the caller's thread writes in
//! order ([`Output`]) and counts. It must not know of terminals or signals: a flag tells it to stop.

mod check;
mod input;
mod output;
mod record;
mod run;
mod settings;
mod split;
mod summary;

pub use input::{Compression, Input};
pub use output::Output;
pub use record::{Mistake, Part, Record};
pub use run::{Limits, Progress, run};
pub use settings::{Overrides, Settings};
pub use summary::{Ended, MaterialCount, Named, RuleCount, Summary, Verdicts};
