//! What an expression evaluates to.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::filing::Slot;
use crate::table::Table;

/// A length of time: months first (clamped to the end of the month), then days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Duration {
    /// Calendar months.
    pub months: i32,
    /// Days.
    pub days: i64,
}

impl Duration {
    /// The same length backwards. (A month count of `i32::MIN` cannot come out of `months`.)
    #[must_use]
    pub fn reversed(self) -> Self {
        Self { months: self.months.saturating_neg(), days: self.days.saturating_neg() }
    }
}

/// A row of a table.
#[derive(Clone)]
pub struct Row {
    /// The table.
    pub table: Arc<Table>,
    /// The row's index.
    pub index: usize,
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.table.name, self.index)
    }
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.table, &other.table) && self.index == other.index
    }
}

/// A value. Days, enumerations and regions are integers; their type says which.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'d> {
    /// Unknown.
    Missing,
    /// A truth value.
    Bool(bool),
    /// An integer, a day, an index of an enumeration, a region.
    Int(i64),
    /// A text.
    Text(Cow<'d, str>),
    /// A length of time.
    Duration(Duration),
    /// A record of the document: its first slot.
    Record(u32),
    /// A row of a table.
    Row(Row),
    /// A list that stands in the document, and the width of its elements.
    Slots(Slot, u32),
    /// A list of values.
    Values(Arc<[Value<'d>]>),
}

impl<'d> Value<'d> {
    /// A text.
    pub fn text(text: impl Into<Cow<'d, str>>) -> Self {
        Self::Text(text.into())
    }

    /// A list of values.
    pub fn list(values: impl Into<Arc<[Value<'d>]>>) -> Self {
        Self::Values(values.into())
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The integer, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Is it unknown?
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }

    /// The same, owning its texts. Only values outside of a document can be: a list in a document stays there.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Missing => Value::Missing,
            Self::Bool(value) => Value::Bool(value),
            Self::Int(value) => Value::Int(value),
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::Duration(value) => Value::Duration(value),
            Self::Record(at) => Value::Record(at),
            Self::Row(row) => Value::Row(row),
            Self::Slots(slot, width) => Value::Slots(slot, width),
            Self::Values(values) => Value::Values(values.iter().cloned().map(Value::into_owned).collect()),
        }
    }
}
