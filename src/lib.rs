//! beian
pub mod condition;
pub mod engine;
pub mod filing;
pub mod knowledge;
pub mod maintain;
pub mod policy;
pub mod report;
pub mod schema;
pub mod script;
pub mod source;
pub mod table;
