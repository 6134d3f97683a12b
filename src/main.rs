//! beian
fn main() {}
