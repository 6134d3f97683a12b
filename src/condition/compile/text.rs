//! Expressions that come to a text, and functions of the engine on texts and numbers.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::super::ast::BinaryOp;
use super::super::builtin::Builtin;
use super::super::eval::{MAX_TEXT, Unknowns, call};
use super::super::typed::{Expr, FieldRef, Kind, Ty};
use super::super::value::Value;
use super::build::Builder;
use super::number::{Int, Num};
use super::{At, Computed, Node, Run, Tri};
use crate::condition::Frame;
use crate::filing::Slot;
use crate::schema::format::Format;
use crate::schema::{EnumId, Type};

/// A compiled text.
pub(super) enum Text {
    Const(Box<str>),
    Missing,
    Slot(At),
    /// The id of an enumeration's value.
    Id(Box<(Num, EnumId)>),
    /// The digits of a region: so many at least.
    Digits(Box<Num>, usize),
    Join(Box<(Self, Self)>),
    If(Box<(Node, Self, Self)>),
    Call(Box<Call>),
    Walk(Box<Expr>),
}

/// What a text came to.
pub(super) enum Said<'a> {
    Known(Cow<'a, str>),
    Unknown,
    Failed,
}

impl<'a> Said<'a> {
    /// What is the outcome of a condition that needs it, when it is not known?
    pub(super) fn open(&self) -> Tri {
        if matches!(self, Self::Failed) { Tri::Failed } else { Tri::Unknown }
    }

    fn of(value: Value<'a>) -> Self {
        match value {
            Value::Text(text) => Self::Known(text),
            _ => Self::Unknown,
        }
    }

    fn from_open(open: Tri) -> Self {
        if open == Tri::Failed { Self::Failed } else { Self::Unknown }
    }
}

impl Text {
    pub(super) fn run<'a>(&'a self, run: Run<'a>, frame: &mut Frame, here: u32) -> Said<'a> {
        match self {
            Self::Const(text) => Said::Known(Cow::Borrowed(text)),
            Self::Missing => Said::Unknown,
            Self::Slot(at) => match run.slot(at.slot(frame, here)) {
                Slot::Text { start, len } => Said::Known(Cow::Borrowed(run.text(*start, *len))),
                _ => Said::Unknown,
            },
            Self::Id(of) => match of.0.run(run, frame, here) {
                Int::Known(index) => match run.context.schema.enumeration(of.1).value(index) {
                    Some(value) => Said::Known(Cow::Borrowed(&value.id)),
                    None => Said::Unknown,
                },
                open => Said::from_open(open.open()),
            },
            Self::Digits(of, width) => match of.run(run, frame, here) {
                Int::Known(code) => Said::Known(Cow::Owned(format!("{code:0width$}"))),
                open => Said::from_open(open.open()),
            },
            Self::Join(pair) => match (pair.0.run(run, frame, here), pair.1.run(run, frame, here)) {
                (Said::Known(a), Said::Known(b)) if a.len() + b.len() > MAX_TEXT => Said::Failed,
                (Said::Known(a), Said::Known(b)) => Said::Known(a + b),
                (Said::Failed, _) | (_, Said::Failed) => Said::Failed,
                _ => Said::Unknown,
            },
            Self::If(parts) => match parts.0.run(run, frame, here) {
                Tri::True => parts.1.run(run, frame, here),
                Tri::False => parts.2.run(run, frame, here),
                open => Said::from_open(open),
            },
            Self::Call(call) => match call.run(run, frame, here) {
                Ok(value) => Said::of(value),
                Err(open) => Said::from_open(open),
            },
            Self::Walk(expr) => run.walk(expr, frame).map_or(Said::Failed, Said::of),
        }
    }

    /// The text as it may stand in the document: the slot of one that stands there already.
    pub(super) fn computed(&self, run: Run<'_>, frame: &mut Frame) -> Option<Computed> {
        match self {
            Self::Slot(at) => match run.slot(at.slot(frame, 0)) {
                text @ Slot::Text { .. } => Some(Computed::Slot(*text)),
                _ => None,
            },
            Self::If(parts) => match parts.0.run(run, frame, 0) {
                Tri::True => parts.1.computed(run, frame),
                Tri::False => parts.2.computed(run, frame),
                _ => None,
            },
            other => match other.run(run, frame, 0) {
                Said::Known(text) => Some(Computed::Value(Value::Text(Cow::Owned(text.into_owned())))),
                _ => None,
            },
        }
    }

    /// Is it surely the same text?
    pub(super) fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Const(a), Self::Const(b)) => a == b,
            (Self::Slot(a), Self::Slot(b)) => a == b,
            (Self::Join(a), Self::Join(b)) => a.0.same(&b.0) && a.1.same(&b.1),
            (Self::Call(a), Self::Call(b)) => a.same(b),
            _ => false,
        }
    }

    pub(super) fn cost(&self) -> u32 {
        match self {
            Self::Const(_) | Self::Missing => 0,
            Self::Slot(_) => 2,
            Self::Id(_) => 4,
            Self::Digits(..) => 20,
            Self::Join(pair) => 20 + pair.0.cost() + pair.1.cost(),
            Self::If(parts) => parts.0.cost() + parts.1.cost() + parts.2.cost(),
            Self::Call(_) => 40,
            Self::Walk(_) => 200,
        }
    }
}

/// A call of a function of the engine.
pub(super) struct Call {
    builtin: Builtin,
    arguments: Box<[Argument]>,
}

enum Argument {
    Number(Num),
    Text(Text),
}

/// No function has more arguments.
const MOST: usize = 2;

impl Call {
    fn same(&self, other: &Self) -> bool {
        let pairs = || self.arguments.iter().zip(&*other.arguments);
        self.builtin == other.builtin
            && self.arguments.len() == other.arguments.len()
            && pairs().all(|pair| match pair {
                (Argument::Text(a), Argument::Text(b)) => a.same(b),
                (Argument::Number(Num::Const(a)), Argument::Number(Num::Const(b))) => a == b,
                (Argument::Number(Num::Slot(a)), Argument::Number(Num::Slot(b))) => a == b,
                _ => false,
            })
    }

    /// `Err` when an argument is not known, or the function fails.
    pub(super) fn run<'a>(&'a self, run: Run<'a>, frame: &mut Frame, here: u32) -> Result<Value<'a>, Tri> {
        let mut values: [Value<'a>; MOST] = [Value::Missing, Value::Missing];
        let mut open = None;
        for (argument, value) in self.arguments.iter().zip(&mut values) {
            let outcome = match argument {
                Argument::Number(number) => match number.run(run, frame, here) {
                    Int::Known(number) => {
                        *value = Value::Int(number);
                        continue;
                    }
                    other => other.open(),
                },
                Argument::Text(text) => match text.run(run, frame, here) {
                    Said::Known(text) if !frame.look_at(&text) => Tri::Failed,
                    Said::Known(text) => {
                        *value = Value::Text(text);
                        continue;
                    }
                    other => other.open(),
                },
            };
            open = Some(open.map_or(outcome, |open: Tri| open.worse(outcome)));
        }
        match open {
            Some(open) => Err(open),
            None => {
                let values = values.get(..self.arguments.len()).unwrap_or_default();
                call(self.builtin, values, run.context.knows, &mut Unknowns::default()).map_err(|_| Tri::Failed)
            }
        }
    }
}

/// Is a text of the form that its field asks for?
pub(super) struct WellFormed {
    at: At,
    field: FieldRef,
    form: OnceLock<Option<Form>>,
}

/// A field's format, and where the field that it depends on stands from it.
struct Form {
    format: Format,
    of: Option<(i64, EnumId)>,
}

impl WellFormed {
    pub(super) fn run(&self, run: Run<'_>, frame: &Frame, here: u32) -> Tri {
        let schema = run.context.schema;
        let form = self.form.get_or_init(|| {
            let record = schema.record(self.field.record);
            let declared = record.fields.get(usize::from(self.field.field))?;
            let sibling = declared.format_of.as_deref().and_then(|name| record.field(name));
            let of = sibling.and_then(|sibling| match sibling.ty {
                Type::Enum(id) => Some((i64::from(sibling.offset) - i64::from(declared.offset), id)),
                _ => None,
            });
            Some(Form { format: declared.format?, of })
        });
        let Some(Form { format, of }) = form else { return Tri::Unknown };
        let at = self.at.slot(frame, here);
        let Slot::Text { start, len } = run.slot(at) else { return Tri::Unknown };
        let of = of.and_then(|(distance, id)| match run.slot(u32::try_from(i64::from(at) + distance).ok()?) {
            Slot::Int(index) => schema.enumeration(id).value(*index).map(|value| value.id.as_str()),
            _ => None,
        });
        run.context.knows.well_formed(*format, run.text(*start, *len), of).map_or(Tri::Unknown, Tri::of)
    }
}

impl Builder {
    /// Compiles a text.
    pub(super) fn text(self, expr: &Expr) -> Text {
        if let Some(at) = self.place(expr) {
            return Text::Slot(at);
        }
        match &expr.kind {
            Kind::Const(Value::Text(text)) => Text::Const(text.as_ref().into()),
            Kind::Const(Value::Missing) => Text::Missing,
            Kind::Expanded { body, .. } => self.text(body),
            Kind::If(choice, then, otherwise) => {
                let choice = self.condition(choice, false);
                Text::If(Box::new((choice, self.text(then), self.text(otherwise))))
            }
            Kind::Arithmetic(BinaryOp::Add, left, right) => Text::Join(Box::new((self.text(left), self.text(right)))),
            Kind::Id(of) => match &of.ty {
                Ty::Enum(id) => Text::Id(Box::new((self.number(of), *id))),
                Ty::Region2 => Text::Digits(Box::new(self.number(of)), 2),
                Ty::Region6 => Text::Digits(Box::new(self.number(of)), 6),
                _ => walk(expr),
            },
            Kind::Call(builtin, arguments) => {
                self.call(*builtin, arguments).map_or_else(|| walk(expr), |call| Text::Call(Box::new(call)))
            }
            _ => walk(expr),
        }
    }

    pub(super) fn call(self, builtin: Builtin, arguments: &[Expr]) -> Option<Call> {
        if arguments.len() > MOST {
            return None;
        }
        let argument = |argument: &Expr| match &argument.ty {
            Ty::Text => Some(Argument::Text(self.text(argument))),
            ty if ty.is_integral() => Some(Argument::Number(self.number(argument))),
            _ => None,
        };
        let arguments = arguments.iter().map(argument).collect::<Option<Vec<_>>>()?;
        Some(Call { builtin, arguments: arguments.into() })
    }

    pub(super) fn well_formed(self, of: &Expr, field: FieldRef) -> Option<WellFormed> {
        // what is expanded does not say which field the form depends on
        if !matches!((&of.kind, &of.ty), (Kind::Slot(..), Ty::Text)) {
            return None;
        }
        Some(WellFormed { at: self.place(of)?, field, form: OnceLock::new() })
    }
}

fn walk(expr: &Expr) -> Text {
    Text::Walk(Box::new(expr.clone()))
}
