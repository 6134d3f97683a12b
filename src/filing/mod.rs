//! A filing document: TOML or JSON into slots by the schema.
//!
//! In: a text and the [`Schema`](crate::schema::Schema). Out: a [`Document`], or everything that is wrong with the text.
//! It must not know what any rule asks.

mod document;

pub use document::{Document, Slot};
