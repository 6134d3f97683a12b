//! Layers side by side, and a filing in one place and in another.
//!
//! In: layers, or a filing and where it could go. Out: data, whose JSON forms are public interfaces. It must not know how
//! they are printed.

mod filing;
mod model;
mod rows;
mod words;

pub use filing::{
    Changed, Changes, Finding, Judged, Material, Move, MoveRow, Moves, Standing, Where, judge, judge_everywhere, moved,
};
pub use model::{Audience, Cell, Comparison, Entry, Parameter, Row, TopicRows, VERSION};
pub use rows::compare;
