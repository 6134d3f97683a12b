//! `.rhai` functions of a layer: compiled and looked through once, then called from conditions inside a sandbox.
//!
//! In: a script file and the functions that `rules.toml` declares of it. Out: a [`Script`] that conditions call through
//! [`Scripts`]: values in, one value of the declared type out, or why there is none. A script sees the document through
//! typed getters, calls the functions of the engine, and can do nothing else: no files, no modules, no clock, no output,
//! and only so much work. It must not know rules, layers or reports.

mod compare;
mod date;
mod end;
mod failure;
mod functions;
mod known;
mod review;
mod sandbox;
mod scan;
mod view;

#[cfg(test)]
mod tests;

use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, Weak};

use rhai::Dynamic;

use crate::condition::{Context, ScriptEnd, Scripts, Ty, Value};
use crate::schema::Schema;
use crate::source::{Diagnostics, SourceFile, Span};
use view::Call;

/// A function that `rules.toml` declares.
#[derive(Debug, Clone)]
pub struct Declared {
    /// Its name.
    pub name: String,
    /// Types of its parameters.
    pub parameters: Vec<Ty>,
    /// Its result.
    pub returns: Ty,
    /// The file of the declaration.
    pub file: Arc<SourceFile>,
    /// Where it stands there.
    pub span: Span,
}

/// A script file and what is declared of it.
#[derive(Debug)]
pub struct ScriptSource {
    /// The script.
    pub file: Arc<SourceFile>,
    /// The functions; a call names one by its index.
    pub declared: Vec<Declared>,
}

/// A script that can be called.
#[derive(Debug)]
pub struct Script {
    source: ScriptSource,
    /// Each thread keeps its compiled form under this number, and drops it when the token is gone.
    id: u64,
    token: Arc<()>,
    /// The schema whose ids the declared types hold, shared with the getters.
    schema: OnceLock<Arc<Schema>>,
}

impl Script {
    /// Looks a script through and compiles it.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place.
    pub fn compile(source: ScriptSource) -> Result<Self, Diagnostics> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let problems = review::review(&source);
        if problems.has_errors() {
            return Err(problems);
        }
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        Ok(Self { source, id, token: Arc::new(()), schema: OnceLock::new() })
    }

    fn alive(&self) -> Weak<()> {
        Arc::downgrade(&self.token)
    }

    fn schema(&self, context: &Context<'_>) -> Arc<Schema> {
        let known = self.schema.get_or_init(|| Arc::new(context.schema.clone()));
        if Arc::ptr_eq(&known.file, &context.schema.file) {
            return Arc::clone(known);
        }
        Arc::new(context.schema.clone())
    }
}

impl Scripts for Script {
    fn call<'d>(&self, index: usize, arguments: &[Value<'d>], context: &Context<'d>) -> Result<Value<'d>, ScriptEnd> {
        let Some(declared) = self.source.declared.get(index) else {
            return Err(ScriptEnd::Failed("there is no such function in the script".into()));
        };
        let call = Rc::new(Call::new(self.schema(context), context, &declared.parameters));
        let mut values: Vec<Dynamic> = Vec::with_capacity(arguments.len());
        for (value, ty) in arguments.iter().zip(&declared.parameters) {
            values.push(view::to_script(value, ty, &call).map_err(end::End::into_script_end)?);
        }
        let result = sandbox::run(self, &declared.name, values, &call)?;
        view::from_script(&result, &declared.returns, &call).map_err(|problem| {
            failure::of_function(&format!("`{}` {problem}", declared.name), &declared.name, &self.source.file)
        })
    }
}
