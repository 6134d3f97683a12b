//! Scripts. (stub)
use crate::condition::{Context, ScriptEnd, Scripts, Ty, Value};
use crate::source::{Diagnostics, SourceFile, Span};
use std::sync::Arc;
/// d
#[derive(Debug, Clone)]
pub struct Declared {
    /// n
    pub name: String,
    /// p
    pub parameters: Vec<Ty>,
    /// r
    pub returns: Ty,
    /// f
    pub file: Arc<SourceFile>,
    /// s
    pub span: Span,
}
/// s
#[derive(Debug)]
pub struct ScriptSource {
    /// f
    pub file: Arc<SourceFile>,
    /// d
    pub declared: Vec<Declared>,
}
/// s
#[derive(Debug)]
pub struct Script;
impl Script {
    /// c
    /// # Errors
    /// e
    pub fn compile(_source: ScriptSource) -> Result<Self, Diagnostics> {
        Ok(Self)
    }
}
impl Scripts for Script {
    fn call<'d>(&self, _i: usize, _a: &[Value<'d>], _c: &Context<'d>) -> Result<Value<'d>, ScriptEnd> {
        Err(ScriptEnd::Failed("no scripts".into()))
    }
}
