//! Expressions that come to a number, a day or a value of an enumeration.

use super::super::ast::BinaryOp;
use super::super::eval::{integer, shift};
use super::super::typed::{Expr, Kind, ListMethod, Quantifier, TextMethod, Ty};
use super::super::value::{Duration, Value};
use super::build::Builder;
use super::each::Each;
use super::text::{Call, Said, Text};
use super::{At, Node, Run, Tri};
use crate::condition::Frame;
use crate::filing::Slot;
use crate::schema::EnumId;

/// A compiled number.
pub(super) enum Num {
    Const(Int),
    Slot(At),
    /// A day, moved.
    Shift(Box<Self>, Duration),
    Arithmetic(BinaryOp, Box<(Self, Self)>),
    Negate(Box<Self>),
    If(Box<(Node, Self, Self)>),
    ListLen(At),
    TextLen(Box<Text>),
    Count(Box<Each>),
    Call(Box<Call>, Option<EnumId>),
    Walk(Box<Expr>),
}

/// What a number came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Int {
    Known(i64),
    Unknown,
    Failed,
}

impl Int {
    /// What is the outcome of a condition that needs it, when it is not known?
    pub(super) fn open(self) -> Tri {
        if self == Self::Failed { Tri::Failed } else { Tri::Unknown }
    }

    fn of(value: Value<'_>) -> Self {
        match value {
            Value::Int(value) => Self::Known(value),
            _ => Self::Unknown,
        }
    }

    fn or_failed<E>(value: Result<i64, E>) -> Self {
        value.map_or(Self::Failed, Self::Known)
    }
}

impl Num {
    pub(super) fn run(&self, run: Run<'_>, frame: &mut Frame, here: u32) -> Int {
        match self {
            Self::Const(value) => *value,
            Self::Slot(at) => match run.slot(at.slot(frame, here)) {
                Slot::Int(value) => Int::Known(*value),
                _ => Int::Unknown,
            },
            Self::Shift(day, by) => match day.run(run, frame, here) {
                Int::Known(day) => Int::or_failed(shift(day, *by)),
                open => open,
            },
            Self::Arithmetic(op, pair) => match (pair.0.run(run, frame, here), pair.1.run(run, frame, here)) {
                (Int::Known(a), Int::Known(b)) => Int::or_failed(integer(*op, a, b)),
                (Int::Failed, _) | (_, Int::Failed) => Int::Failed,
                _ => Int::Unknown,
            },
            Self::Negate(of) => match of.run(run, frame, here) {
                Int::Known(value) => value.checked_neg().map_or(Int::Failed, Int::Known),
                open => open,
            },
            Self::If(parts) => match parts.0.run(run, frame, here) {
                Tri::True => parts.1.run(run, frame, here),
                Tri::False => parts.2.run(run, frame, here),
                Tri::Unknown => Int::Unknown,
                Tri::Failed => Int::Failed,
            },
            Self::ListLen(at) => match run.slot(at.slot(frame, here)) {
                Slot::List { len, .. } | Slot::Refs { len, .. } => Int::Known(i64::from(*len)),
                _ => Int::Unknown,
            },
            Self::TextLen(text) => match text.run(run, frame, here) {
                Said::Known(text) if !frame.look_at(&text) => Int::Failed,
                Said::Known(text) => Int::Known(text.chars().count() as i64),
                Said::Unknown => Int::Unknown,
                Said::Failed => Int::Failed,
            },
            Self::Count(each) => each.count(run, frame, here),
            Self::Call(call, ids) => match (call.run(run, frame, here), ids) {
                (Ok(Value::Text(id)), Some(ids)) => {
                    let index = run.context.schema.enumeration(*ids).index(&id);
                    index.map_or(Int::Unknown, |index| Int::Known(i64::from(index)))
                }
                (Ok(value), _) => Int::of(value),
                (Err(open), _) => Int::from_open(open),
            },
            Self::Walk(expr) => run.walk(expr, frame).map_or(Int::Failed, Int::of),
        }
    }

    pub(super) fn cost(&self) -> u32 {
        match self {
            Self::Const(_) => 0,
            Self::Slot(_) | Self::ListLen(_) => 1,
            Self::Shift(of, _) => 10 + of.cost(),
            Self::Arithmetic(_, pair) => 1 + pair.0.cost() + pair.1.cost(),
            Self::Negate(of) => of.cost(),
            Self::If(parts) => parts.0.cost() + parts.1.cost() + parts.2.cost(),
            Self::TextLen(text) => 4 + text.cost(),
            Self::Count(each) => each.cost(),
            Self::Call(..) => 40,
            Self::Walk(_) => 200,
        }
    }
}

impl Int {
    fn from_open(open: Tri) -> Self {
        if open == Tri::Failed { Self::Failed } else { Self::Unknown }
    }
}

impl Builder {
    /// Compiles an expression of an integral type.
    pub(super) fn number(self, expr: &Expr) -> Num {
        if let Some(at) = self.place(expr) {
            return Num::Slot(at);
        }
        match &expr.kind {
            Kind::Const(Value::Int(value)) => Num::Const(Int::Known(*value)),
            Kind::Const(Value::Missing) => Num::Const(Int::Unknown),
            Kind::Expanded { body, .. } => self.number(body),
            Kind::Negate(of) => Num::Negate(Box::new(self.number(of))),
            Kind::If(choice, then, otherwise) => {
                let choice = self.condition(choice, false);
                Num::If(Box::new((choice, self.number(then), self.number(otherwise))))
            }
            Kind::Arithmetic(op @ (BinaryOp::Add | BinaryOp::Subtract), day, by) if expr.ty == Ty::Date => {
                let Some(Value::Duration(by)) = by.as_const().cloned() else { return walk(expr) };
                let by = if *op == BinaryOp::Add { by } else { by.reversed() };
                Num::Shift(Box::new(self.number(day)), by)
            }
            Kind::Arithmetic(op, left, right) if left.ty == Ty::Int && right.ty == Ty::Int => {
                Num::Arithmetic(*op, Box::new((self.number(left), self.number(right))))
            }
            Kind::OfList(ListMethod::Len, list) => self.len(expr, list),
            Kind::OfText(TextMethod::Len, text, _) => Num::TextLen(Box::new(self.text(text))),
            Kind::Quantify { quantifier: Quantifier::Count, list, register, body } => {
                self.count(list, *register, body).unwrap_or_else(|| walk(expr))
            }
            Kind::Call(builtin, arguments) => match self.call(*builtin, arguments) {
                // a function answers with the id where the schema has an enumeration
                Some(call) => Num::Call(Box::new(call), if let Ty::Enum(ids) = expr.ty { Some(ids) } else { None }),
                None => walk(expr),
            },
            _ => walk(expr),
        }
    }

    fn len(self, expr: &Expr, list: &Expr) -> Num {
        match &list.kind {
            Kind::Expanded { body, .. } => self.len(expr, body),
            Kind::Slot(..) => self.place(list).map_or_else(|| walk(expr), Num::ListLen),
            // how many are kept is how many hold
            Kind::Quantify { quantifier: Quantifier::Filter, list, register, body } => {
                self.count(list, *register, body).unwrap_or_else(|| walk(expr))
            }
            _ => walk(expr),
        }
    }

    fn count(self, list: &Expr, register: u8, body: &Expr) -> Option<Num> {
        Some(Num::Count(Box::new(self.each(list, register, body, false)?)))
    }
}

fn walk(expr: &Expr) -> Num {
    Num::Walk(Box::new(expr.clone()))
}
