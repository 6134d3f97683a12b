//! The engine that scripts run on, one per thread, and what bounds them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Weak;
use std::time::{Duration, Instant};

use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicFnPackage, BasicIteratorPackage, BasicMapPackage, BasicStringPackage,
    LogicPackage, MoreStringPackage, Package,
};
use rhai::{AST, CallFnOptions, Dynamic, Engine, OptimizationLevel, Scope};
use rustc_hash::{FxHashMap, FxHashSet};

use super::end::End;
use super::view::{Call, MAX_ITEMS};
use super::{Script, compare, date, failure, functions};
use crate::condition::ScriptEnd;

/// Steps of one call: some hundred times what a check of a filing takes.
pub(super) const MAX_STEPS: u64 = 100_000;
/// What the engine does in one step (sorting, say) is bounded by time.
pub(super) const MAX_TIME: Duration = Duration::from_millis(250);
/// Calls inside of each other.
pub(super) const MAX_CALLS: usize = 32;
/// Bytes of a text.
pub(super) const MAX_TEXT: usize = 8 * 1024;
/// Nested expressions. The parser and the evaluation recurse as deep; a flat chain of operators counts as nested.
const MAX_DEPTH: usize = 96;
/// Bytes of the stack: what nests calls and expressions at once must not end the process.
const MAX_STACK: usize = 512 * 1024;
/// The clock is looked at once in so many steps.
const STEPS_PER_LOOK: u64 = 128;

/// A compiled script, and the token that says whether it is still needed.
type Compiled = (Weak<()>, Rc<AST>);

#[derive(Default)]
struct Sandbox {
    engine: RefCell<Engine>,
    /// Names of fields that the engine has getters for.
    fields: RefCell<FxHashSet<String>>,
    /// Compiled scripts by their number.
    compiled: RefCell<FxHashMap<u64, Compiled>>,
}

/// Where one call began.
#[derive(Clone, Copy)]
struct Bounds {
    deadline: Instant,
    stack: usize,
}

impl Bounds {
    /// Asked at every step.
    fn exceeded(self, steps: u64) -> Option<String> {
        if stack().abs_diff(self.stack) > MAX_STACK {
            return Some("calls and expressions are nested too deeply".to_owned());
        }
        let late = steps.is_multiple_of(STEPS_PER_LOOK) && Instant::now() >= self.deadline;
        late.then(|| format!("longer than {} ms at work", MAX_TIME.as_millis()))
    }
}

/// About where the stack ends now.
#[inline(never)]
fn stack() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(&here).addr()
}

thread_local! {
    static SANDBOX: Sandbox = Sandbox { engine: RefCell::new(engine()), ..Sandbox::default() };
    static BOUNDS: Cell<Option<Bounds>> = const { Cell::new(None) };
}

/// An engine with everything that a script may use, and nothing else.
fn engine() -> Engine {
    let mut engine = Engine::new_raw();
    // not the whole core package: it can sleep, end the process and parse JSON
    ArithmeticPackage::new().register_into_engine(&mut engine);
    BasicStringPackage::new().register_into_engine(&mut engine);
    BasicIteratorPackage::new().register_into_engine(&mut engine);
    BasicFnPackage::new().register_into_engine(&mut engine);
    LogicPackage::new().register_into_engine(&mut engine);
    BasicArrayPackage::new().register_into_engine(&mut engine);
    BasicMapPackage::new().register_into_engine(&mut engine);
    MoreStringPackage::new().register_into_engine(&mut engine);
    for word in super::known::FORBIDDEN {
        engine.disable_symbol(word);
    }
    engine
        .set_optimization_level(OptimizationLevel::None)
        .set_strict_variables(true)
        .set_fail_on_invalid_map_property(true)
        .set_max_modules(0)
        .set_max_operations(MAX_STEPS)
        .set_max_call_levels(MAX_CALLS)
        .set_max_expr_depths(MAX_DEPTH, MAX_DEPTH)
        .set_max_string_size(MAX_TEXT)
        .set_max_array_size(MAX_ITEMS)
        .set_max_map_size(MAX_ITEMS)
        .set_max_variables(256)
        .on_progress(|steps| {
            let exceeded = BOUNDS.get().and_then(|bounds| bounds.exceeded(steps));
            exceeded.map(|message| {
                End::Failed(message).note();
                Dynamic::UNIT
            })
        });
    date::register(&mut engine);
    compare::register(&mut engine);
    functions::register(&mut engine);
    engine
}

/// Compiles a text, to see whether it can be.
pub(super) fn parse(text: &str) -> Result<(), rhai::ParseError> {
    SANDBOX.with(|sandbox| sandbox.engine.borrow().compile(text).map(|_| ()))
}

/// Calls a function of a script.
pub(super) fn run(script: &Script, name: &str, values: Vec<Dynamic>, call: &Rc<Call>) -> Result<Dynamic, ScriptEnd> {
    SANDBOX.with(|sandbox| {
        let ast = sandbox.compiled(script, call).map_err(ScriptEnd::Failed)?;
        BOUNDS.set(Some(Bounds { deadline: Instant::now() + MAX_TIME, stack: stack() }));
        let options = CallFnOptions::new().eval_ast(false).with_tag(Rc::clone(call));
        let engine = sandbox.engine.borrow();
        End::take_first();
        let result = engine.call_fn_with_options::<Dynamic>(options, &mut Scope::new(), &ast, name, values);
        match (End::take_first(), result) {
            (None, Ok(value)) => Ok(value.flatten()),
            (first, result) => Err(failure::end(first, result.err().as_deref(), name, &script.source.file)),
        }
    })
}

impl Sandbox {
    /// The script, made ready on this thread when it is first called.
    fn compiled(&self, script: &Script, call: &Call) -> Result<Rc<AST>, String> {
        if let Some((_, ast)) = self.compiled.borrow().get(&script.id) {
            return Ok(Rc::clone(ast));
        }
        let mut engine = self.engine.borrow_mut();
        let mut fields = self.fields.borrow_mut();
        for name in call.field_names() {
            if fields.insert(name.to_owned()) {
                functions::register_field(&mut engine, name);
            }
        }
        // it was compiled before, when it was looked through
        let ast = engine.compile(&script.source.file.text).map_err(|error| error.to_string())?;
        let ast = Rc::new(ast);
        let mut compiled = self.compiled.borrow_mut();
        compiled.retain(|_, (token, _)| token.strong_count() > 0);
        compiled.insert(script.id, (script.alive(), Rc::clone(&ast)));
        Ok(ast)
    }
}
