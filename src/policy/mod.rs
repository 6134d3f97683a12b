//! Policy files: read, checked, compiled, and selected for a filing.
//!
//! In: [`Files`] (built in, a folder, or memory). Out: a [`Bundle`]: the rules of one province, one provider and one day.
//! It must not know how outcomes become a report.

mod bundle;
mod compile;
mod derive;
mod files;
mod knows;
mod layer;
mod lazy;
mod rule;
mod set;
mod tables;
mod world;

pub mod raw;

pub use bundle::{Bundle, Except, Obstacle, RuleRef, Selected};
pub use derive::Derivations;
pub use files::Files;
pub use layer::{Applies, Layer, check_shared};
pub use lazy::LazyRule;
pub use raw::{Confidence, Fact, FactKind, Severity, Source, Topic};
pub use rule::{Body, Clause, Demand, Require, Rule, RuleHead, Use};
pub use set::{Policies, Wanted, day};
pub use tables::Tables;
pub use world::{Check, Form, Key, LayerLibrary, Stricter, World};
