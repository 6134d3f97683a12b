//! Evaluation by walking the tree: exact, explains itself, and the oracle of the compiled form.
//!
//! Three-valued: what needs a field that is not given is unknown, and only the unknown parts of an unknown result say
//! which fields would settle it.

use std::borrow::Cow;
use std::sync::Arc;

use super::ast::{BinaryOp, Bytes};
use super::builtin::{Builtin, Knows, Reason};
use super::typed::{Base, Expr, FieldRef, Kind, ListMethod, Quantifier, SlotRef, TextMethod, Ty};
use super::value::Value;
use crate::filing::{Document, Slot};
use crate::schema::{Expression, Schema, Type};
use crate::table::Cell;

mod operate;

pub(crate) use operate::arithmetic;
pub(super) use operate::{MAX_TEXT, call, integer, ordered, shift};

/// How many elements of lists one evaluation looks at: far more than any rule on any filing, but not without end.
pub(super) const MAX_STEPS: u32 = 1 << 21;

/// Bytes of a text that count as one element.
pub(super) const STEP_BYTES: usize = 256;

/// Registers of one expression: the first slots of the records that its variables stand for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Registers {
    slots: [u32; Self::COUNT],
    /// Elements that were looked at.
    pub(super) steps: u32,
}

impl PartialEq for Registers {
    fn eq(&self, other: &Self) -> bool {
        self.slots == other.slots
    }
}

impl Eq for Registers {}

impl Registers {
    /// One more than the checker allows, for the engine's own use.
    pub const COUNT: usize = 16;

    /// The slot of a register.
    #[inline]
    pub fn get(&self, register: u8) -> u32 {
        self.slots[usize::from(register) & (Self::COUNT - 1)]
    }

    /// Sets a register.
    #[inline]
    pub fn set(&mut self, register: u8, slot: u32) {
        self.slots[usize::from(register) & (Self::COUNT - 1)] = slot;
    }

    /// Counts elements that are looked at; false when there were too many.
    #[inline]
    pub(super) fn look(&mut self, elements: u32) -> bool {
        self.steps = self.steps.saturating_add(elements);
        self.steps <= MAX_STEPS
    }
}

/// What one variable holds while the tree is walked.
#[derive(Debug, Clone)]
enum Held<'d> {
    /// Slots of the document.
    At(u32),
    /// A value of a list that stands outside of it.
    Value(Value<'d>),
}

/// The variables of an evaluation.
pub type Frame = Registers;

/// Functions of scripts, as evaluation sees them.
pub trait Scripts {
    /// Calls a function; `types` are its arguments'.
    fn call<'d>(&self, index: usize, arguments: &[Value<'d>], context: &Context<'d>) -> Result<Value<'d>, ScriptEnd>;
}

/// How a script can end without a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScriptEnd {
    /// It read a field that is not given: its slot.
    Missing(u32),
    /// A function had no answer, for the reason where there is one to tell.
    Unknown(Option<Reason>),
    /// It failed.
    Failed(String),
}

/// What an evaluation reads.
#[derive(Clone, Copy)]
pub struct Context<'d> {
    /// The schema.
    pub schema: &'d Schema,
    /// The filing.
    pub document: &'d Document,
    /// Tables and functions.
    pub knows: &'d dyn Knows,
    /// Scripts, where there are any.
    pub scripts: Option<&'d dyn Scripts>,
}

/// The evaluation could not end with a value: a number overflowed, a script failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What happened, in words.
    pub message: String,
}

impl Failure {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

/// Why a value is unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unknowns {
    /// Fields that would settle it.
    pub slots: Vec<u32>,
    /// What no field settles: a year without a holiday calendar, a number outside of the table.
    pub reasons: Vec<String>,
}

impl Unknowns {
    fn mark(&self) -> (usize, usize) {
        (self.slots.len(), self.reasons.len())
    }

    fn forget(&mut self, mark: (usize, usize)) {
        self.slots.truncate(mark.0);
        self.reasons.truncate(mark.1);
    }
}

/// The evaluation of one part of an expression, for explanations.
#[derive(Debug, Clone)]
pub struct Trace {
    /// The part's bytes in its source.
    pub span: Bytes,
    /// The source, where it is another than the parent's.
    pub source: Option<Arc<Expression>>,
    /// The name of the function that was expanded here.
    pub expanded: Option<String>,
    /// Its type.
    pub ty: Ty,
    /// What came out.
    pub value: Value<'static>,
    /// The slots that the part itself read.
    pub slots: Vec<u32>,
    /// The parts that were evaluated.
    pub children: Vec<Trace>,
}

/// Evaluates an expression; why it is unknown goes to `unknowns`.
///
/// # Errors
/// A [`Failure`].
pub fn evaluate<'d>(
    expr: &Expr,
    context: &Context<'d>,
    frame: &Frame,
    unknowns: &mut Unknowns,
) -> Result<Value<'d>, Failure> {
    let mut frame = *frame;
    frame.steps = 0;
    Evaluator { context, frame: &mut frame, values: Vec::new(), unknowns, trace: None }.eval(expr)
}

/// The same as a part of an evaluation that has looked at elements before.
pub(super) fn evaluate_within<'d>(expr: &Expr, context: &Context<'d>, frame: &mut Frame) -> Result<Value<'d>, Failure> {
    let mut unknowns = Unknowns::default();
    Evaluator { context, frame, values: Vec::new(), unknowns: &mut unknowns, trace: None }.eval(expr)
}

/// The same, with a record of every part that was evaluated.
///
/// # Errors
/// A [`Failure`]; its trace is lost.
pub fn evaluate_traced<'d>(
    expr: &Expr,
    context: &Context<'d>,
    frame: &Frame,
    unknowns: &mut Unknowns,
) -> Result<(Value<'d>, Option<Trace>), Failure> {
    let mut frame = *frame;
    frame.steps = 0;
    let (values, trace) = (Vec::new(), Some(Vec::new()));
    let mut evaluator = Evaluator { context, frame: &mut frame, values, unknowns, trace };
    let value = evaluator.eval(expr)?;
    let trace = evaluator.trace.and_then(|mut roots| roots.pop());
    Ok((value, trace))
}

/// Calls a function of the engine on known arguments, for scripts; an unknown says why where there is a reason.
pub(crate) fn call_builtin(
    builtin: Builtin,
    arguments: &[Value<'static>],
    knows: Option<&dyn Knows>,
) -> Result<Value<'static>, ScriptEnd> {
    let mut unknowns = Unknowns::default();
    let value = match (operate::of_time(builtin, arguments), knows) {
        (Some(value), _) => value,
        (None, Some(knows)) => call(builtin, arguments, knows, &mut unknowns),
        (None, None) => Err(Failure::new(format!("`{}` is not available here", builtin.name()))),
    };
    match value {
        Ok(Value::Missing) => Err(ScriptEnd::Unknown(unknowns.reasons.pop())),
        Ok(value) => Ok(value),
        Err(failure) => Err(ScriptEnd::Failed(failure.message)),
    }
}

struct Evaluator<'e, 'd> {
    context: &'e Context<'d>,
    /// Where the variables' records stand, and how many elements of lists were looked at.
    frame: &'e mut Frame,
    /// The variables that stand for a value outside of the document, the innermost last.
    values: Vec<(u8, Value<'d>)>,
    unknowns: &'e mut Unknowns,
    trace: Option<Vec<Trace>>,
}

impl<'d> Evaluator<'_, 'd> {
    fn eval(&mut self, expr: &Expr) -> Result<Value<'d>, Failure> {
        let mark = self.unknowns.mark();
        let siblings = self.trace.as_mut().map(std::mem::take);
        let value = self.eval_kind(expr)?;
        if self.frame.steps > MAX_STEPS {
            return Err(Failure::new("the condition looks at too many elements of lists"));
        }
        // a list may be known and some of its elements not: what is asked of it may need them
        if self.unknowns.mark() != mark && is_known(&value) {
            self.unknowns.forget(mark);
        }
        if let (Some(mut siblings), Some(children)) = (siblings, self.trace.take()) {
            let (source, expanded) = match &expr.kind {
                Kind::Expanded { source, name, .. } => (source.clone(), Some(name.clone())),
                _ => (None, None),
            };
            let slots = match &expr.kind {
                Kind::Slot(at, _) => vec![self.at(*at)],
                _ => Vec::new(),
            };
            let (span, ty, value) = (expr.span, expr.ty.clone(), value.clone().into_owned());
            siblings.push(Trace { span, source, expanded, ty, value, slots, children });
            self.trace = Some(siblings);
        }
        Ok(value)
    }

    fn at(&self, at: SlotRef) -> u32 {
        match at.base {
            Base::Root => at.offset,
            Base::Register(register) => self.frame.get(register) + at.offset,
        }
    }

    fn missing(&mut self, slot: u32) -> Value<'d> {
        self.unknowns.slots.push(slot);
        Value::Missing
    }

    fn read(&mut self, slot: u32, ty: &Ty) -> Value<'d> {
        let document = self.context.document;
        match document.slot(slot) {
            Slot::Missing => self.missing(slot),
            Slot::Bool(value) => Value::Bool(value),
            Slot::Int(value) => Value::Int(value),
            Slot::Text { start, len } => Value::Text(Cow::Borrowed(document.text(start, len))),
            list @ (Slot::List { .. } | Slot::Refs { .. }) => Value::Slots(list, self.width(ty)),
            Slot::At(at) => Value::Record(at),
        }
    }

    fn width(&self, list: &Ty) -> u32 {
        match list {
            Ty::List(element) => match **element {
                Ty::Record(id) => self.context.schema.record(id).size,
                _ => 1,
            },
            _ => 1,
        }
    }

    fn eval_kind(&mut self, expr: &Expr) -> Result<Value<'d>, Failure> {
        Ok(match &expr.kind {
            Kind::Const(value) => value.clone(),
            Kind::Slot(at, _) => {
                let slot = self.at(*at);
                self.read(slot, &expr.ty)
            }
            Kind::Record(at) => Value::Record(self.at(*at)),
            Kind::Local(register) => match self.values.iter().rev().find(|(held, _)| held == register) {
                Some((_, value)) => value.clone(),
                None => self.read(self.frame.get(*register), &expr.ty),
            },
            Kind::Column(of, column) => match self.eval(of)? {
                Value::Row(row) => cell(row.table.rows.get(row.index).and_then(|cells| cells.get(*column))),
                _ => Value::Missing,
            },
            Kind::Not(of) => match self.eval(of)? {
                Value::Bool(value) => Value::Bool(!value),
                _ => Value::Missing,
            },
            Kind::Negate(of) => match self.eval(of)? {
                Value::Int(value) => Value::Int(value.checked_neg().ok_or_else(operate::overflow)?),
                _ => Value::Missing,
            },
            Kind::And(parts) => self.connect(parts, false)?,
            Kind::Or(parts) => self.connect(parts, true)?,
            Kind::Compare(op, left, right) => {
                let (left, right) = (self.eval(left)?, self.eval(right)?);
                operate::compare(*op, &left, &right)
            }
            Kind::Arithmetic(op, left, right) => {
                let (a, b) = (self.eval(left)?, self.eval(right)?);
                if let Ty::List(_) = expr.ty {
                    // lists are joined
                    return Ok(match (self.values(&a), self.values(&b)) {
                        (Some(a), Some(b)) => Value::list(a.into_iter().chain(b).collect::<Vec<_>>()),
                        _ => Value::Missing,
                    });
                }
                arithmetic(*op, a, b, &expr.ty)?
            }
            Kind::In(element, list) => {
                let element = self.eval(element)?;
                let list = self.eval(list)?;
                self.contains(&element, &list)
            }
            Kind::If(condition, then, otherwise) => match self.eval(condition)? {
                Value::Bool(true) => self.eval(then)?,
                Value::Bool(false) => self.eval(otherwise)?,
                _ => Value::Missing,
            },
            Kind::List(items) => {
                let mut values = Vec::with_capacity(items.len());
                for item in items {
                    values.push(self.eval(item)?);
                }
                Value::list(values)
            }
            Kind::Given(of) => self.given(of)?,
            Kind::Quantify { quantifier, list, register, body } => {
                let list = self.eval(list)?;
                self.quantify(*quantifier, list, *register, body)?
            }
            Kind::OfList(method, of) => {
                let list = self.eval(of)?;
                self.of_list(*method, list)?
            }
            Kind::OfText(method, of, arguments) => self.of_text(*method, of, arguments)?,
            Kind::Matches(of, regex) => match self.eval(of)? {
                Value::Text(text) => {
                    self.look(text.len() / STEP_BYTES);
                    Value::Bool(regex.is_match(&text))
                }
                _ => Value::Missing,
            },
            Kind::Call(builtin, arguments) => {
                let Some(values) = self.known_arguments(arguments)? else { return Ok(Value::Missing) };
                let bytes = values.iter().filter_map(Value::as_text).map(str::len).sum::<usize>();
                self.look(bytes / STEP_BYTES);
                let value = call(*builtin, &values, self.context.knows, self.unknowns)?;
                self.value_of_id(value, &expr.ty)
            }
            Kind::WellFormed(of, field) => {
                let value = self.eval(of)?;
                let of = self.format_of(of, *field);
                self.well_formed(&value, *field, of)
            }
            Kind::Label(of) => {
                let value = self.eval(of)?;
                self.label(&value, &of.ty)
            }
            Kind::Id(of) => {
                let value = self.eval(of)?;
                self.id(&value, &of.ty)
            }
            Kind::Script { index, arguments } => {
                let Some(values) = self.known_arguments(arguments)? else { return Ok(Value::Missing) };
                self.script(*index, &values)?
            }
            Kind::Expanded { body, .. } => self.eval(body)?,
        })
    }

    /// `&&` with `decisive` false, `||` with true: one decisive part settles it whatever the others are.
    fn connect(&mut self, parts: &[Expr], decisive: bool) -> Result<Value<'d>, Failure> {
        let mut unknown = false;
        let mut failure = None;
        for part in parts {
            match self.eval(part) {
                Ok(Value::Bool(value)) if value == decisive => return Ok(Value::Bool(decisive)),
                Ok(Value::Bool(_)) => {}
                Ok(_) => unknown = true,
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        match failure {
            Some(failure) => Err(failure),
            None if unknown => Ok(Value::Missing),
            None => Ok(Value::Bool(!decisive)),
        }
    }

    /// All arguments, or `None` when one is unknown.
    fn known_arguments(&mut self, arguments: &[Expr]) -> Result<Option<Vec<Value<'d>>>, Failure> {
        let mut values = Vec::with_capacity(arguments.len());
        let mut known = true;
        for argument in arguments {
            let value = self.eval(argument)?;
            known &= !value.is_missing();
            values.push(value);
        }
        Ok(known.then_some(values))
    }

    fn script(&mut self, index: usize, arguments: &[Value<'d>]) -> Result<Value<'d>, Failure> {
        let Some(scripts) = self.context.scripts else {
            return Err(Failure::new("scripts are not available here"));
        };
        match scripts.call(index, arguments, self.context) {
            Ok(value) => Ok(value),
            Err(ScriptEnd::Missing(slot)) => Ok(self.missing(slot)),
            Err(ScriptEnd::Unknown(reason)) => {
                self.unknowns.reasons.extend(reason);
                Ok(Value::Missing)
            }
            Err(ScriptEnd::Failed(message)) => Err(Failure::new(message)),
        }
    }

    fn given(&mut self, of: &Expr) -> Result<Value<'d>, Failure> {
        let document = self.context.document;
        Ok(Value::Bool(match (&of.kind, &of.ty) {
            (Kind::Slot(at, _), _) => is_given(document.slot(self.at(*at))),
            (Kind::Record(at), Ty::Record(id)) => document.record_given(self.context.schema.record(*id), self.at(*at)),
            _ => !self.eval(of)?.is_missing(),
        }))
    }

    /// Counts elements that are looked at. When there were too many, the evaluation ends soon: see `eval`.
    fn look(&mut self, elements: usize) -> Option<()> {
        self.frame.look(u32::try_from(elements).unwrap_or(u32::MAX)).then_some(())
    }

    /// How many elements a list has, all of which will be looked at; `None` when it is missing, or there are too many.
    fn count(&mut self, list: &Value<'d>) -> Option<usize> {
        let len = match list {
            Value::Values(values) => values.len(),
            Value::Slots(slot, _) => self.context.document.len(*slot)? as usize,
            _ => return None,
        };
        self.look(len)?;
        Some(len)
    }

    fn item(&self, list: &Value<'d>, index: usize) -> Option<Held<'d>> {
        match list {
            Value::Values(values) => values.get(index).map(|value| match value {
                Value::Record(at) => Held::At(*at),
                other => Held::Value(other.clone()),
            }),
            Value::Slots(slot, width) => self.context.document.element(*slot, index as u32, *width).map(Held::At),
            _ => None,
        }
    }

    /// Evaluates a closure's body on one element.
    fn eval_with(&mut self, register: u8, item: &Held<'d>, body: &Expr) -> Result<Value<'d>, Failure> {
        match item {
            Held::At(slot) => {
                self.frame.set(register, *slot);
                self.eval(body)
            }
            Held::Value(value) => {
                self.values.push((register, value.clone()));
                let value = self.eval(body);
                self.values.pop();
                value
            }
        }
    }

    fn quantify(
        &mut self,
        quantifier: Quantifier,
        list: Value<'d>,
        register: u8,
        body: &Expr,
    ) -> Result<Value<'d>, Failure> {
        let Some(len) = self.count(&list) else { return Ok(Value::Missing) };
        let before = self.frame.get(register);
        let mut unknown = false;
        let mut failure = None;
        let mut count = 0;
        let mut kept: Vec<Value<'d>> = Vec::new();
        let mut settled = None;
        for index in 0..len {
            let Some(item) = self.item(&list, index) else { continue };
            let value = match self.eval_with(register, &item, body) {
                Ok(value) => value,
                Err(error) if self.frame.steps > MAX_STEPS => return Err(error),
                Err(error) => {
                    failure = failure.or(Some(error));
                    continue;
                }
            };
            match (quantifier, &value) {
                (Quantifier::Any, Value::Bool(true)) => settled = Some(true),
                (Quantifier::All, Value::Bool(false)) | (Quantifier::None, Value::Bool(true)) => settled = Some(false),
                (Quantifier::Count, Value::Bool(true)) => count += 1,
                (Quantifier::Filter, Value::Bool(true)) => kept.push(match item {
                    Held::At(slot) => self.element(slot, &list),
                    Held::Value(value) => value,
                }),
                (Quantifier::Map, _) => kept.push(value),
                (_, Value::Bool(_)) => {}
                _ => unknown = true,
            }
            if settled.is_some() {
                break;
            }
        }
        self.frame.set(register, before);
        if let Some(settled) = settled {
            return Ok(Value::Bool(settled));
        }
        if let Some(failure) = failure {
            return Err(failure);
        }
        Ok(match quantifier {
            _ if unknown => Value::Missing,
            Quantifier::Any => Value::Bool(false),
            Quantifier::All | Quantifier::None => Value::Bool(true),
            Quantifier::Count => Value::Int(count),
            Quantifier::Filter | Quantifier::Map => Value::list(kept),
        })
    }

    /// An element of a list of the document, as a value.
    fn element(&mut self, slot: u32, list: &Value<'d>) -> Value<'d> {
        match list {
            Value::Slots(_, 1) => self.read(slot, &Ty::Nothing),
            _ => Value::Record(slot),
        }
    }

    fn values(&mut self, list: &Value<'d>) -> Option<Vec<Value<'d>>> {
        let len = self.count(list)?;
        let mut values = Vec::with_capacity(len);
        for index in 0..len {
            match self.item(list, index) {
                Some(Held::At(slot)) => values.push(self.element(slot, list)),
                Some(Held::Value(value)) => values.push(value),
                None => {}
            }
        }
        Some(values)
    }

    fn contains(&mut self, element: &Value<'d>, list: &Value<'d>) -> Value<'d> {
        let Some(values) = self.values(list) else { return Value::Missing };
        if values.is_empty() {
            return Value::Bool(false);
        }
        if element.is_missing() {
            return Value::Missing;
        }
        if values.iter().any(|value| operate::equal(value, element) == Some(true)) {
            return Value::Bool(true);
        }
        if values.iter().any(Value::is_missing) { Value::Missing } else { Value::Bool(false) }
    }

    fn of_list(&mut self, method: ListMethod, list: Value<'d>) -> Result<Value<'d>, Failure> {
        if let Value::Slots(slot, _) = list {
            match (method, self.context.document.len(slot)) {
                (ListMethod::Len, Some(len)) => return Ok(Value::Int(i64::from(len))),
                (ListMethod::IsEmpty, Some(len)) => return Ok(Value::Bool(len == 0)),
                _ => {}
            }
        }
        let Some(mut values) = self.values(&list) else { return Ok(Value::Missing) };
        if method == ListMethod::Flatten {
            // lists of the document become lists of values, so that they can be joined
            for value in &mut values {
                if let Value::Slots(..) = value {
                    let inner = self.values(value);
                    *value = inner.map_or(Value::Missing, Value::list);
                }
            }
        }
        operate::of_list(method, values)
    }

    fn of_text(&mut self, method: TextMethod, of: &Expr, arguments: &[Expr]) -> Result<Value<'d>, Failure> {
        let text = self.eval(of)?;
        let argument = match arguments.first() {
            Some(argument) => self.eval(argument)?,
            None => Value::Missing,
        };
        let Value::Text(text) = text else { return Ok(Value::Missing) };
        self.look(text.len() / STEP_BYTES);
        if method == TextMethod::ContainsAny {
            let Some(words) = self.values(&argument) else { return Ok(Value::Missing) };
            self.look(words.len() * text.len() / STEP_BYTES);
            let hit = words.iter().any(|word| word.as_text().is_some_and(|word| text.contains(word)));
            return Ok(match hit {
                true => Value::Bool(true),
                false if words.iter().any(Value::is_missing) => Value::Missing,
                false => Value::Bool(false),
            });
        }
        Ok(operate::of_text(method, &text, &argument))
    }

    /// The id of the sibling field that a format depends on.
    fn format_of(&self, of: &Expr, field: FieldRef) -> Option<&'d str> {
        let schema = self.context.schema;
        let record = schema.record(field.record);
        let declared = &record.fields[usize::from(field.field)];
        let sibling = record.field(declared.format_of.as_deref()?)?;
        let (Kind::Slot(at, _), Type::Enum(id)) = (&of.kind, &sibling.ty) else { return None };
        match self.context.document.slot(self.at(*at) - declared.offset + sibling.offset) {
            Slot::Int(index) => schema.enumeration(*id).value(index).map(|value| value.id.as_str()),
            _ => None,
        }
    }

    fn well_formed(&mut self, value: &Value<'d>, field: FieldRef, of: Option<&str>) -> Value<'d> {
        let declared = &self.context.schema.record(field.record).fields[usize::from(field.field)];
        let Some(format) = declared.format else { return Value::Missing };
        let known = match value {
            Value::Text(text) => self.context.knows.well_formed(format, text, of),
            Value::Missing => None,
            list => {
                let Some(values) = self.values(list) else { return Value::Missing };
                let each = values.iter().map(|value| value.as_text().map(|text| (format, text)));
                let all: Option<Vec<bool>> = each
                    .map(|pair| pair.and_then(|(format, text)| self.context.knows.well_formed(format, text, of)))
                    .collect();
                all.map(|all| all.into_iter().all(|ok| ok))
            }
        };
        known.map_or(Value::Missing, Value::Bool)
    }

    fn label(&self, value: &Value<'d>, ty: &Ty) -> Value<'d> {
        let schema = self.context.schema;
        match (value, ty) {
            (Value::Int(index), Ty::Enum(id)) => match schema.enumeration(*id).value(*index) {
                Some(value) => Value::Text(Cow::Borrowed(value.label.zh.as_str())),
                None => Value::Missing,
            },
            (Value::Int(code), Ty::Region2 | Ty::Region6) => match self.context.knows.region_name(*code) {
                Some(name) => Value::text(name),
                None => Value::text(code.to_string()),
            },
            (Value::Bool(value), _) => Value::Text(Cow::Borrowed(if *value { "是" } else { "否" })),
            _ => Value::Missing,
        }
    }

    /// What documents write for a value: an enumeration's id, a region's digits.
    fn id(&mut self, value: &Value<'d>, ty: &Ty) -> Value<'d> {
        let schema = self.context.schema;
        match (value, ty) {
            (Value::Missing, _) => Value::Missing,
            (Value::Int(index), Ty::Enum(id)) => match schema.enumeration(*id).value(*index) {
                Some(value) => Value::Text(Cow::Borrowed(value.id.as_str())),
                None => Value::Missing,
            },
            (Value::Int(code), Ty::Region2) => Value::text(format!("{code:02}")),
            (Value::Int(code), Ty::Region6) => Value::text(format!("{code:06}")),
            (list, Ty::List(element)) => match self.values(list) {
                Some(values) => Value::list(values.iter().map(|value| self.id(value, element)).collect::<Vec<_>>()),
                None => Value::Missing,
            },
            _ => Value::Missing,
        }
    }

    /// A function that answers with an id, where the schema has an enumeration.
    fn value_of_id(&self, value: Value<'d>, ty: &Ty) -> Value<'d> {
        match (&value, ty) {
            (Value::Text(id), Ty::Enum(enumeration)) => match self.context.schema.enumeration(*enumeration).index(id) {
                Some(index) => Value::Int(i64::from(index)),
                None => Value::Missing,
            },
            _ => value,
        }
    }
}

/// A cell as a value.
fn cell<'d>(cell: Option<&Cell>) -> Value<'d> {
    match cell {
        Some(Cell::Text(text)) => Value::text(text.to_string()),
        Some(Cell::Integer(value) | Cell::Date(value)) => Value::Int(*value),
        Some(Cell::Bool(value)) => Value::Bool(*value),
        Some(Cell::Texts(texts)) => {
            Value::list(texts.iter().map(|text| Value::text(text.to_string())).collect::<Vec<_>>())
        }
        _ => Value::Missing,
    }
}

/// Is all of it known, elements of lists included?
fn is_known(value: &Value<'_>) -> bool {
    match value {
        Value::Missing => false,
        Value::Values(values) => values.iter().all(is_known),
        _ => true,
    }
}

/// Is the operator one of equality?
pub(super) fn is_equality(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Equal | BinaryOp::NotEqual)
}

/// Is a slot given? An empty text says nothing; a list that is written as `[]` is given, one that is empty by default is not.
pub(crate) fn is_given(slot: Slot) -> bool {
    match slot {
        Slot::Missing => false,
        Slot::Text { len, .. } => len > 0,
        Slot::List { start, len } => start > 0 || len > 0,
        _ => true,
    }
}
