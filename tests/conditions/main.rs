//! The condition language from outside: what is wrong with an expression and what is said about it, and what a right
//! one comes to.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod right;
mod world;
mod wrong;
