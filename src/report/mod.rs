//! What an assessment means, in words, with places, masks and citations; and one file per rendering.
//!
//! In: a bundle, a document and its assessment. Out: a [`Report`], whose JSON form is a public interface.
//! It must not evaluate rules.

mod build;
pub mod card;
mod cover;
pub mod explain;
pub mod fields;
mod findings;
mod items;
mod mask;
mod model;
mod places;
pub mod text;

pub use build::{Options, build};
pub use cover::Shown;
pub use mask::mask;
pub use model::{
    Choice, Citation, ErrorEntry, FilingHead, HeadWords, Item, ItemStatus, ManualCheck, Notice, Place, PolicyEntry,
    Question, Report, VERSION, Verdict, Violation,
};
