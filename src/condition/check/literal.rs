//! Literals take the type that is asked of them; tables give theirs.

use chrono::{Datelike, NaiveDate};

use super::super::ast::{Bytes, Problem};
use super::super::typed::{Expr, Ty};
use super::super::value::Value;
use super::Checker;
use crate::source::nearest;
use crate::table::{Cell, ColumnType, Table};

impl Checker<'_> {
    /// A text in quotes: a text, unless an enumeration, a region or a date is asked for.
    pub(super) fn literal(&mut self, text: &str, span: Bytes, expected: Option<&Ty>) -> Option<Expr> {
        let value = match expected {
            Some(Ty::Enum(id)) => {
                let schema = self.schema();
                let enumeration = schema.enumeration(*id);
                let Some(index) = enumeration.index(text) else {
                    let mut problem = Problem::new(span, format!("`{text}` is no value of `{}`", enumeration.name));
                    let labelled = enumeration.values.iter().find(|value| value.label.zh == text);
                    problem = match (labelled, nearest(text, enumeration.ids())) {
                        (Some(value), _) => problem.help(format!("`{text}` is written `{}`", value.id)),
                        (None, Some(near)) => problem.help(format!("did you mean `{near}`?")),
                        (None, None) => {
                            let ids: Vec<&str> = enumeration.ids().take(12).collect();
                            problem.help(format!("its values are {} …", ids.join(", ")))
                        }
                    };
                    return self.problem(problem);
                };
                Value::Int(i64::from(index))
            }
            Some(Ty::Region2) => return self.region(text, span, 2, Ty::Region2),
            Some(Ty::Region6) => return self.region(text, span, 6, Ty::Region6),
            Some(Ty::Expiry) if text == "long_term" => Value::Int(i64::MAX),
            Some(Ty::Date | Ty::Expiry) => match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
                Ok(date) => {
                    return Some(Expr::constant(Value::Int(i64::from(date.num_days_from_ce())), Ty::Date, span));
                }
                Err(_) => {
                    let help = match expected {
                        Some(Ty::Expiry) => "dates are written \"2026-11-24\", or \"long_term\"",
                        _ => "dates are written \"2026-11-24\"",
                    };
                    return self.problem(Problem::new(span, format!("`{text}` is no date")).help(help));
                }
            },
            _ => return Some(Expr::constant(Value::text(text.to_owned()), Ty::Text, span)),
        };
        Some(Expr::constant(value, expected.cloned().unwrap_or(Ty::Text), span))
    }

    fn region(&mut self, text: &str, span: Bytes, digits: usize, ty: Ty) -> Option<Expr> {
        match text.parse::<i64>() {
            Ok(code) if text.len() == digits && text.bytes().all(|b| b.is_ascii_digit()) => {
                Some(Expr::constant(Value::Int(code), ty, span))
            }
            _ => self.problem(
                Problem::new(span, format!("`{text}` is no code of {digits} digits")).help(if digits == 2 {
                    "for example \"44\" for 广东"
                } else {
                    "for example \"440305\""
                }),
            ),
        }
    }
}

/// The type of a column's cells.
pub(super) fn column_type(table: &Table, column: usize) -> Ty {
    match table.columns.get(column).map(|column| column.ty) {
        Some(ColumnType::Integer) => Ty::Int,
        Some(ColumnType::Bool) => Ty::Bool,
        Some(ColumnType::Date) => Ty::Date,
        Some(ColumnType::Texts) => Ty::List(Box::new(Ty::Text)),
        _ => Ty::Text,
    }
}

/// The texts of one cell.
pub(super) fn texts(table: &Table, row: usize, column: usize) -> Option<Vec<String>> {
    match table.rows.get(row)?.get(column)? {
        Cell::Texts(texts) => Some(texts.iter().map(ToString::to_string).collect()),
        _ => None,
    }
}

/// All texts of a column.
pub(super) fn column_texts(table: &Table, column: &str) -> Vec<String> {
    let Some(column) = table.column(column) else { return Vec::new() };
    let cells = table.rows.iter().filter_map(|row| row.get(column));
    cells
        .filter_map(|cell| match cell {
            Cell::Text(text) => Some(text.to_string()),
            _ => None,
        })
        .collect()
}
