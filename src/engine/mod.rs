//! Select the rules that apply, evaluate them, and say what came out, by reference.
//!
//! In: a [`Bundle`](crate::policy::Bundle) and a completed document. Out: an [`Assessment`]. No words are made here.

mod assess;
mod checklist;
mod unknowns;

pub use assess::{Assessment, Outcome, RuleOutcome, SiteOutcome, assess, assess_rule};
pub use checklist::{LineOutcome, LineStatus};
pub use unknowns::why_unknown;
