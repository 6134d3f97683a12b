//! Reference tables: typed rows out of `policies/tables/NAME.toml`.
//!
//! In: a file with a `[table]` head, its sources, and rows, either one `[[row]]` each or all of them compactly as
//! `rows = [[…], …]` in the order of the columns. Out: a [`Table`] whose cells have the types of its columns, or
//! everything that is wrong with the file. It must not know what any table is about.

mod compact;
mod read;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

pub use read::read_table;

use crate::source::{Diagnostic, Diagnostics, SourceFile, Span, nearest};

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// True or false.
    Bool,
    /// A day.
    Date,
    /// A list of texts.
    Texts,
}

impl ColumnType {
    /// The names that `columns` may use.
    pub const NAMES: [&'static str; 5] = ["text", "integer", "bool", "date", "list of text"];

    /// The type of a name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "text" => Self::Text,
            "integer" => Self::Integer,
            "bool" => Self::Bool,
            "date" => Self::Date,
            "list of text" => Self::Texts,
            _ => return None,
        })
    }

    /// The name, as `columns` writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Bool => "bool",
            Self::Date => "date",
            Self::Texts => "list of text",
        }
    }

    /// In words, for messages.
    fn words(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Integer => "an integer",
            Self::Bool => "`true` or `false`",
            Self::Date => "a date such as 2026-11-24",
            Self::Texts => "a list of texts",
        }
    }
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What its cells are.
    pub ty: ColumnType,
    /// Where the name stands in the file.
    pub span: Span,
}

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// The row leaves the column out: unknown.
    Missing,
    /// Text.
    Text(Box<str>),
    /// A whole number.
    Integer(i64),
    /// True or false.
    Bool(bool),
    /// A day, as days since 0001-01-01 (`NaiveDate::num_days_from_ce`).
    Date(i64),
    /// A list of texts.
    Texts(Vec<Box<str>>),
}

impl Cell {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The day, if it is one.
    pub fn as_date(&self) -> Option<i64> {
        match self {
            Self::Date(day) => Some(*day),
            _ => None,
        }
    }

    /// The texts, if it is a list.
    pub fn as_texts(&self) -> Option<&[Box<str>]> {
        match self {
            Self::Texts(texts) => Some(texts),
            _ => None,
        }
    }

    /// The order of keys; cells of one column have one type.
    fn key_order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Integer(a), Self::Integer(b)) | (Self::Date(a), Self::Date(b)) => a.cmp(b),
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            _ => Ordering::Equal,
        }
    }
}

/// Where a table's content was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// Its name within the file.
    pub id: String,
    /// Who published it.
    pub publisher: String,
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub locator: String,
    /// When it was published.
    pub dated: String,
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// The file it was read from.
    pub file: Arc<SourceFile>,
    /// Its name, by which conditions call it.
    pub name: String,
    /// What people read.
    pub title: String,
    /// What a maintainer should know.
    pub note: String,
    /// The column that identifies a row.
    pub key: Option<usize>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows; each has as many cells as there are columns.
    pub rows: Vec<Vec<Cell>>,
    /// Where the content comes from.
    pub sources: Vec<Source>,
    /// The place of `columns`.
    columns_span: Span,
    /// The place of each row.
    row_spans: Vec<Span>,
    /// Row numbers in the order of their keys; empty without a key.
    order: Vec<u32>,
}

impl Table {
    /// The index of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// A cell; [`Cell::Missing`] where there is none.
    pub fn cell(&self, row: usize, column: usize) -> &Cell {
        self.rows.get(row).and_then(|cells| cells.get(column)).unwrap_or(&Cell::Missing)
    }

    /// The place of a row in the file.
    pub fn row_span(&self, row: usize) -> Span {
        self.row_spans.get(row).cloned().unwrap_or_else(|| self.columns_span.clone())
    }

    /// The number of the row with this key, written as the file writes it (a date as `2026-11-24`).
    pub fn row_number_by_key(&self, key: &str) -> Option<usize> {
        let column = self.key?;
        let wanted = match self.columns.get(column)?.ty {
            ColumnType::Text => {
                // No cell is made for a text: this is the look-up that rules use.
                let found = self
                    .order
                    .binary_search_by(|row| self.cell(*row as usize, column).as_text().unwrap_or_default().cmp(key));
                return found.ok().and_then(|at| self.order.get(at)).map(|row| *row as usize);
            }
            ColumnType::Integer => Cell::Integer(key.parse().ok()?),
            ColumnType::Bool => Cell::Bool(key.parse().ok()?),
            ColumnType::Date => Cell::Date(day(key)?),
            ColumnType::Texts => return None,
        };
        let found = self.order.binary_search_by(|row| self.cell(*row as usize, column).key_order(&wanted));
        found.ok().and_then(|at| self.order.get(at)).map(|row| *row as usize)
    }

    /// The row with this key.
    pub fn row_by_key(&self, key: &str) -> Option<&[Cell]> {
        self.row_number_by_key(key).and_then(|row| self.rows.get(row)).map(Vec::as_slice)
    }

    /// The columns that some code needs, by name and type.
    ///
    /// # Errors
    /// One diagnostic for each that is not there or is of another type.
    pub fn require<const N: usize>(&self, wanted: [(&str, ColumnType); N]) -> Result<[usize; N], Diagnostics> {
        let mut out = Diagnostics::new();
        let found = wanted.map(|(name, ty)| match self.column(name) {
            Some(index) => {
                self.expect_type(index, ty, &mut out);
                index
            }
            None => {
                let names = self.columns.iter().map(|column| column.name.as_str());
                let mut diagnostic = Diagnostic::error(
                    "missing-column",
                    format!("the table `{}` needs the column `{name}` ({})", self.name, ty.name()),
                )
                .at(&self.file, self.columns_span.clone(), "");
                if let Some(near) = nearest(name, names) {
                    diagnostic = diagnostic.help(format!("is it the column `{near}`?"));
                }
                out.push(diagnostic);
                usize::MAX
            }
        });
        if out.is_empty() { Ok(found) } else { Err(out) }
    }

    /// A column that some code can do without.
    ///
    /// # Errors
    /// The column is there and of another type.
    pub fn optional(&self, name: &str, ty: ColumnType) -> Result<Option<usize>, Diagnostics> {
        let Some(index) = self.column(name) else { return Ok(None) };
        let mut out = Diagnostics::new();
        self.expect_type(index, ty, &mut out);
        if out.is_empty() { Ok(Some(index)) } else { Err(out) }
    }

    /// An error about one row.
    pub fn row_error(&self, row: usize, code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, message).at(&self.file, self.row_span(row), "")
    }

    fn expect_type(&self, index: usize, ty: ColumnType, out: &mut Diagnostics) {
        let Some(column) = self.columns.get(index).filter(|column| column.ty != ty) else { return };
        out.push(
            Diagnostic::error(
                "wrong-type",
                format!(
                    "the column `{}` of the table `{}` is {}, not {}",
                    column.name,
                    self.name,
                    ty.name(),
                    column.ty.name()
                ),
            )
            .at(&self.file, column.span.clone(), format!("expected `{}`", ty.name())),
        );
    }
}

/// The day that a text such as `2026-11-24` names.
fn day(text: &str) -> Option<i64> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    (text.len() == 10).then(|| i64::from(date.num_days_from_ce()))
}
