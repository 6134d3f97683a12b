//! A filing document: TOML and JSON into slots by the schema, edits, collections, and words and places for reports.
//!
//! In: a text and the [`Schema`](crate::schema::Schema). Out: a [`Document`], or everything that is wrong with the text.
//! It must not know what any rule asks.

mod advice;
mod collect;
mod document;
mod edit;
mod explain;
mod json;
mod path;
mod position;
mod read;
mod scalar;
mod tree;
mod value;

#[cfg(test)]
mod tests;

pub use collect::collect;
pub use document::{Document, Slot};
pub use edit::{add, set, unset};
pub use json::read_json_into;
pub use position::{locate, locate_nearest};
pub use read::{InputForm, read_filing};
pub use scalar::MAX_BYTES;
pub use value::{Language, display};
