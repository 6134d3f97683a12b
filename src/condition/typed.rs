//! The tree after checking: names are slots, literals have the type that is asked of them, everything has a type.

use std::sync::Arc;

use regex::Regex;

use super::ast::{BinaryOp, Bytes};
use super::builtin::Builtin;
use super::value::Value;
use crate::schema::{EnumId, Expression, RecordId, Schema, Type};
use crate::table::Table;

/// The type of an expression: a field's, or one that only expressions have.
#[derive(Debug, Clone)]
pub enum Ty {
    /// Text.
    Text,
    /// Bool.
    Bool,
    /// Integer.
    Int,
    /// A day.
    Date,
    /// A day or long term.
    Expiry,
    /// A province.
    Region2,
    /// A division.
    Region6,
    /// A value of an enumeration.
    Enum(EnumId),
    /// A length of time.
    Duration,
    /// A record of the document.
    Record(RecordId),
    /// A row of a table.
    Row(Arc<Table>),
    /// A list.
    List(Box<Ty>),
    /// The element type of `[]`: fits every list.
    Nothing,
}

impl PartialEq for Ty {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Enum(a), Self::Enum(b)) => a == b,
            (Self::Record(a), Self::Record(b)) => a == b,
            (Self::Row(a), Self::Row(b)) => Arc::ptr_eq(a, b),
            (Self::List(a), Self::List(b)) => a == b,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

impl From<&Type> for Ty {
    fn from(ty: &Type) -> Self {
        match ty {
            Type::Text => Self::Text,
            Type::Bool => Self::Bool,
            Type::Integer => Self::Int,
            Type::Date => Self::Date,
            Type::Expiry => Self::Expiry,
            Type::Region2 => Self::Region2,
            Type::Region6 => Self::Region6,
            Type::Enum(id) => Self::Enum(*id),
            Type::Record(id) => Self::Record(*id),
            Type::List(element) => Self::List(Box::new(Self::from(&**element))),
        }
    }
}

impl Ty {
    /// The type in words, for messages.
    pub fn words(&self, schema: &Schema) -> String {
        match self {
            Self::Text => "a text".into(),
            Self::Bool => "true or false".into(),
            Self::Int => "an integer".into(),
            Self::Date => "a date".into(),
            Self::Expiry => "an expiry (a date or \"long_term\")".into(),
            Self::Region2 => "a province code".into(),
            Self::Region6 => "a division code".into(),
            Self::Enum(id) => format!("a value of `{}`", schema.enumeration(*id).name),
            Self::Duration => "a length of time".into(),
            Self::Record(id) => format!("a record `{}`", schema.record(*id).name),
            Self::Row(table) => format!("a row of the table `{}`", table.name),
            Self::List(element) => match &**element {
                Self::Nothing => "an empty list".into(),
                element => format!("a list of {}", bare(&element.words(schema))),
            },
            Self::Nothing => "nothing".into(),
        }
    }

    /// Is it held as an integer?
    pub fn is_integral(&self) -> bool {
        matches!(self, Self::Int | Self::Date | Self::Expiry | Self::Region2 | Self::Region6 | Self::Enum(_))
    }
}

/// Words without their article.
fn bare(words: &str) -> &str {
    words.strip_prefix("a ").or_else(|| words.strip_prefix("an ")).unwrap_or(words)
}

/// Where a path starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Base {
    /// The document.
    Root,
    /// The record (or the element) that a register points at.
    Register(u8),
}

/// A slot, known but for its base.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SlotRef {
    /// From where.
    pub base: Base,
    /// How far.
    pub offset: u32,
}

/// A field of the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FieldRef {
    /// The record.
    pub record: RecordId,
    /// The field's index in it.
    pub field: u16,
}

/// What a quantifier over a list does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the methods'")]
pub enum Quantifier {
    All,
    Any,
    None,
    Count,
    Filter,
    Map,
}

/// What a method of a whole list gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the methods'")]
pub enum ListMethod {
    Len,
    IsEmpty,
    Distinct,
    Sum,
    Flatten,
}

/// What a method of a text gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the methods'")]
pub enum TextMethod {
    StartsWith,
    EndsWith,
    Contains,
    ContainsAny,
    Len,
    IsEmpty,
}

/// A checked expression.
#[derive(Debug, Clone)]
pub struct Expr {
    /// What it is.
    pub kind: Kind,
    /// Its type.
    pub ty: Ty,
    /// Its bytes in the source it was written in.
    pub span: Bytes,
}

/// What a checked expression is.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Kind {
    Const(Value<'static>),
    /// A scalar or a list of the document.
    Slot(SlotRef, FieldRef),
    /// A record of the document.
    Record(SlotRef),
    /// The closure's variable when it is no record.
    Local(u8),
    Column(Box<Expr>, usize),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Compare(BinaryOp, Box<Expr>, Box<Expr>),
    Arithmetic(BinaryOp, Box<Expr>, Box<Expr>),
    /// The element, the list.
    In(Box<Expr>, Box<Expr>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    List(Vec<Expr>),
    Given(Box<Expr>),
    Quantify {
        quantifier: Quantifier,
        list: Box<Expr>,
        register: u8,
        body: Box<Expr>,
    },
    OfList(ListMethod, Box<Expr>),
    OfText(TextMethod, Box<Expr>, Vec<Expr>),
    Matches(Box<Expr>, Regex),
    Call(Builtin, Vec<Expr>),
    WellFormed(Box<Expr>, FieldRef),
    /// The Chinese label of a value.
    Label(Box<Expr>),
    /// The id of an enumeration's value or the code of a region, as a text (or a list of them).
    Id(Box<Expr>),
    Script {
        index: usize,
        arguments: Vec<Expr>,
    },
    /// A named function or a parameter, expanded in place; `source` is where the body was written.
    Expanded {
        name: String,
        body: Box<Expr>,
        source: Option<Arc<Expression>>,
    },
}

impl Expr {
    /// A constant.
    pub fn constant(value: Value<'static>, ty: Ty, span: Bytes) -> Self {
        Self { kind: Kind::Const(value), ty, span }
    }

    /// The constant, seen through expansions.
    pub fn as_const(&self) -> Option<&Value<'static>> {
        match &self.kind {
            Kind::Const(value) => Some(value),
            Kind::Expanded { body, .. } => body.as_const(),
            _ => None,
        }
    }

    /// The parts, in the order of evaluation.
    pub fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            Kind::Const(_) | Kind::Slot(..) | Kind::Record(_) | Kind::Local(_) => Vec::new(),
            Kind::Column(of, _)
            | Kind::Not(of)
            | Kind::Negate(of)
            | Kind::Given(of)
            | Kind::OfList(_, of)
            | Kind::Matches(of, _)
            | Kind::WellFormed(of, _)
            | Kind::Label(of)
            | Kind::Id(of)
            | Kind::Expanded { body: of, .. } => vec![of],
            Kind::And(parts) | Kind::Or(parts) | Kind::List(parts) | Kind::Call(_, parts) => parts.iter().collect(),
            Kind::Script { arguments, .. } => arguments.iter().collect(),
            Kind::Compare(_, a, b) | Kind::Arithmetic(_, a, b) | Kind::In(a, b) => vec![a, b],
            Kind::If(a, b, c) => vec![a, b, c],
            Kind::Quantify { list, body, .. } => vec![list, body],
            Kind::OfText(_, of, arguments) => std::iter::once(&**of).chain(arguments).collect(),
        }
    }

    /// The same, to be changed.
    pub(super) fn children_mut(&mut self) -> Vec<&mut Self> {
        match &mut self.kind {
            Kind::Const(_) | Kind::Slot(..) | Kind::Record(_) | Kind::Local(_) => Vec::new(),
            Kind::Column(of, _)
            | Kind::Not(of)
            | Kind::Negate(of)
            | Kind::Given(of)
            | Kind::OfList(_, of)
            | Kind::Matches(of, _)
            | Kind::WellFormed(of, _)
            | Kind::Label(of)
            | Kind::Id(of)
            | Kind::Expanded { body: of, .. } => vec![of],
            Kind::And(parts) | Kind::Or(parts) | Kind::List(parts) | Kind::Call(_, parts) => parts.iter_mut().collect(),
            Kind::Script { arguments, .. } => arguments.iter_mut().collect(),
            Kind::Compare(_, a, b) | Kind::Arithmetic(_, a, b) | Kind::In(a, b) => vec![a, b],
            Kind::If(a, b, c) => vec![a, b, c],
            Kind::Quantify { list, body, .. } => vec![list, body],
            Kind::OfText(_, of, arguments) => std::iter::once(&mut **of).chain(arguments).collect(),
        }
    }

    /// Every part, this one first.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        visit(self);
        for child in self.children() {
            child.walk(visit);
        }
    }
}
