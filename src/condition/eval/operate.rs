//! Operations on values that need nothing of the document.

use chrono::{Datelike, Days, Months, NaiveDate};
use rustc_hash::FxHashSet;

use super::super::ast::BinaryOp;
use super::super::builtin::{Builtin, Knows};
use super::super::typed::{ListMethod, TextMethod, Ty};
use super::super::value::{Duration, Value};
use super::{Failure, Unknowns, is_equality};

/// The longest text that a condition puts together, in bytes.
pub(in crate::condition) const MAX_TEXT: usize = 256 << 10;

pub(in crate::condition) fn overflow() -> Failure {
    Failure::new("a number does not fit 64 bits")
}

/// Equality of two known values; `None` when one is unknown.
pub(in crate::condition) fn equal(left: &Value<'_>, right: &Value<'_>) -> Option<bool> {
    match (left, right) {
        (Value::Missing, _) | (_, Value::Missing) => None,
        (Value::Text(a), Value::Text(b)) => Some(a == b),
        (a, b) => Some(a == b),
    }
}

pub(super) fn compare<'d>(op: BinaryOp, left: &Value<'d>, right: &Value<'d>) -> Value<'d> {
    if is_equality(op) {
        return match equal(left, right) {
            Some(same) => Value::Bool(same == (op == BinaryOp::Equal)),
            None => Value::Missing,
        };
    }
    let (Some(left), Some(right)) = (left.as_int(), right.as_int()) else { return Value::Missing };
    Value::Bool(ordered(op, left, right))
}

pub(in crate::condition) fn ordered(op: BinaryOp, left: i64, right: i64) -> bool {
    match op {
        BinaryOp::Less => left < right,
        BinaryOp::LessEqual => left <= right,
        BinaryOp::Greater => left > right,
        BinaryOp::GreaterEqual => left >= right,
        BinaryOp::NotEqual => left != right,
        _ => left == right,
    }
}

pub(crate) fn arithmetic<'d>(op: BinaryOp, left: Value<'d>, right: Value<'d>, ty: &Ty) -> Result<Value<'d>, Failure> {
    Ok(match (left, right) {
        (Value::Int(day), Value::Duration(by)) => {
            let by = if op == BinaryOp::Subtract { negate(by)? } else { by };
            // long term stays long term
            if matches!(ty, Ty::Expiry) && day == i64::MAX { Value::Int(day) } else { Value::Int(shift(day, by)?) }
        }
        (Value::Int(a), Value::Int(b)) => Value::Int(integer(op, a, b)?),
        (Value::Duration(a), Value::Duration(b)) => {
            let b = if op == BinaryOp::Subtract { negate(b)? } else { b };
            let months = a.months.checked_add(b.months).ok_or_else(overflow)?;
            let days = a.days.checked_add(b.days).ok_or_else(overflow)?;
            Value::Duration(Duration { months, days })
        }
        (Value::Text(a), Value::Text(b)) if a.len() + b.len() > MAX_TEXT => {
            return Err(Failure::new("a text becomes too long"));
        }
        (Value::Text(a), Value::Text(b)) => Value::text(format!("{a}{b}")),
        _ => Value::Missing,
    })
}

fn negate(by: Duration) -> Result<Duration, Failure> {
    let months = by.months.checked_neg().ok_or_else(overflow)?;
    let days = by.days.checked_neg().ok_or_else(overflow)?;
    Ok(Duration { months, days })
}

pub(in crate::condition) fn integer(op: BinaryOp, a: i64, b: i64) -> Result<i64, Failure> {
    if b == 0 && matches!(op, BinaryOp::Divide | BinaryOp::Remainder) {
        return Err(Failure::new("division by zero"));
    }
    let result = match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Subtract => a.checked_sub(b),
        BinaryOp::Multiply => a.checked_mul(b),
        BinaryOp::Divide => a.checked_div(b),
        _ => a.checked_rem(b),
    };
    result.ok_or_else(overflow)
}

/// A day moved by months (to the same day of the month, or its last), then by days.
pub(in crate::condition) fn shift(day: i64, by: Duration) -> Result<i64, Failure> {
    let beyond = || Failure::new("a date lies beyond the calendar");
    let date = i32::try_from(day).ok().and_then(NaiveDate::from_num_days_from_ce_opt).ok_or_else(beyond)?;
    let months = Months::new(by.months.unsigned_abs());
    let date = if by.months < 0 { date.checked_sub_months(months) } else { date.checked_add_months(months) };
    let days = Days::new(by.days.unsigned_abs());
    let date =
        date.and_then(|date| if by.days < 0 { date.checked_sub_days(days) } else { date.checked_add_days(days) });
    date.map(|date| i64::from(date.num_days_from_ce())).ok_or_else(beyond)
}

pub(super) fn of_text<'d>(method: TextMethod, text: &str, argument: &Value<'d>) -> Value<'d> {
    match (method, argument) {
        (TextMethod::Len, _) => Value::Int(text.chars().count() as i64),
        (TextMethod::IsEmpty, _) => Value::Bool(text.is_empty()),
        (TextMethod::StartsWith, Value::Text(part)) => Value::Bool(text.starts_with(&**part)),
        (TextMethod::EndsWith, Value::Text(part)) => Value::Bool(text.ends_with(&**part)),
        (TextMethod::Contains, Value::Text(part)) => Value::Bool(text.contains(&**part)),
        _ => Value::Missing,
    }
}

/// A value that can be looked up: lists in filings may be long.
#[derive(PartialEq, Eq, Hash)]
enum Scalar {
    Int(i64),
    Bool(bool),
    Text(String),
}

impl Scalar {
    fn of(value: &Value<'_>) -> Option<Self> {
        match value {
            Value::Int(value) => Some(Self::Int(*value)),
            Value::Bool(value) => Some(Self::Bool(*value)),
            Value::Text(text) => Some(Self::Text(text.to_string())),
            _ => None,
        }
    }
}

pub(super) fn of_list(method: ListMethod, values: Vec<Value<'_>>) -> Result<Value<'_>, Failure> {
    if method == ListMethod::Len {
        return Ok(Value::Int(values.len() as i64));
    }
    if method == ListMethod::IsEmpty {
        return Ok(Value::Bool(values.is_empty()));
    }
    if values.iter().any(Value::is_missing) {
        return Ok(Value::Missing);
    }
    Ok(match method {
        ListMethod::Distinct => {
            let mut known: FxHashSet<Scalar> = FxHashSet::default();
            let mut distinct: Vec<Value<'_>> = Vec::with_capacity(values.len());
            for value in values {
                if Scalar::of(&value).map_or_else(|| !distinct.contains(&value), |scalar| known.insert(scalar)) {
                    distinct.push(value);
                }
            }
            Value::list(distinct)
        }
        ListMethod::Sum => {
            let mut sum = 0_i64;
            for value in &values {
                sum = sum.checked_add(value.as_int().unwrap_or_default()).ok_or_else(overflow)?;
            }
            Value::Int(sum)
        }
        _ => {
            let mut flat = Vec::new();
            for value in values {
                match value {
                    Value::Values(inner) => flat.extend(inner.iter().cloned()),
                    // lists of the document are joined by the evaluator before they come here
                    other => flat.push(other),
                }
            }
            Value::list(flat)
        }
    })
}

/// Calls a function of the engine on known arguments.
pub(in crate::condition) fn call<'d>(
    builtin: Builtin,
    arguments: &[Value<'d>],
    knows: &dyn Knows,
    unknowns: &mut Unknowns,
) -> Result<Value<'d>, Failure> {
    if let Some(value) = of_time(builtin, arguments) {
        return value;
    }
    Ok(match knows.call(builtin, arguments) {
        Ok(value) => value,
        Err(reason) => {
            unknowns.reasons.extend(reason);
            Value::Missing
        }
    })
}

/// Lengths of time, for which nothing need be known; `None` for every other function.
pub(super) fn of_time<'d>(builtin: Builtin, arguments: &[Value<'d>]) -> Option<Result<Value<'d>, Failure>> {
    let int = |index: usize| arguments.get(index).and_then(Value::as_int).unwrap_or_default();
    let months = |count: Option<i64>| {
        let months = count.and_then(|count| i32::try_from(count).ok()).ok_or_else(overflow)?;
        Ok(Value::Duration(Duration { months, days: 0 }))
    };
    Some(match builtin {
        Builtin::Days => Ok(Value::Duration(Duration { months: 0, days: int(0) })),
        Builtin::Months => months(Some(int(0))),
        Builtin::Years => months(int(0).checked_mul(12)),
        Builtin::DaysBetween => match (int(0), int(1)) {
            // from or to "long term" there is no number of days
            (i64::MAX, _) | (_, i64::MAX) => Ok(Value::Missing),
            (a, b) => b.checked_sub(a).map(Value::Int).ok_or_else(overflow),
        },
        _ => return None,
    })
}
