//! The condition language: parse, check against the schema, compile, evaluate, explain.
//!
//! In: the text of an expression (a strict subset of Rhai's syntax) and the scope it stands in. Out: an [`Expr`] that
//! can be evaluated on a document with three-valued outcomes, and a [`Program`], the same compiled for speed.
//! It must not know policies, layers or reports.

mod ast;
mod builtin;
mod check;
mod compile;
mod eval;
mod fold;
mod lexer;
mod parse;
mod place;
mod scope;
mod template;
mod typed;
mod value;

pub use crate::filing::Language;
pub use ast::{Ast, AstKind, BinaryOp, Problem};
pub(crate) use builtin::Parameter;
pub use builtin::{Builtin, Knows, Reason};
pub use check::{Checker, FunctionDef, Library, ScriptDef};
pub(crate) use compile::{Computed, Formula};
pub use compile::{Program, Tri};
pub use eval::{Context, Failure, Frame, Registers, ScriptEnd, Scripts, Trace, Unknowns, evaluate, evaluate_traced};
pub(crate) use eval::{arithmetic, call_builtin, is_given};
pub use fold::fold;
pub(crate) use lexer::meant_by;
pub use parse::parse;
pub use place::{Place, Site, Target, WrongPath, ids, targets};
pub use scope::{Scope, Variable};
pub use template::{Mask, Part, Template, words};
pub use typed::{Base, Expr, FieldRef, Kind, SlotRef, Ty};
pub use value::{Duration, Row, Value};
