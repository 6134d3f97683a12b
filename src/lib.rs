//! beian
pub mod filing;
pub mod schema;
pub mod source;
