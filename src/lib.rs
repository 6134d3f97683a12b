//! beian
pub mod condition;
pub mod filing;
pub mod schema;
pub mod source;
pub mod table;
