//! Days and lengths of time in scripts.

use chrono::{Datelike, NaiveDate};
use rhai::{Engine, EvalAltResult, ImmutableString};

use super::end::End;
use crate::condition::{BinaryOp, Duration, Ty, Value, arithmetic};

/// The day that is later than every day.
pub(super) const LONG_TERM: i64 = i64::MAX;

/// A day, or long term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Date(pub(super) i64);

/// A length of time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Length(pub(super) Duration);

type Outcome<T> = Result<T, Box<EvalAltResult>>;

impl Date {
    /// As documents write it.
    pub(super) fn parse(text: &str) -> Result<Self, End> {
        if text == "long_term" {
            return Ok(Self(LONG_TERM));
        }
        match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            Ok(date) => Ok(Self(i64::from(date.num_days_from_ce()))),
            Err(_) => Err(End::Failed(format!("`{text}` is no date; dates are written \"2026-11-24\""))),
        }
    }

    fn words(self) -> String {
        if self.0 == LONG_TERM {
            return "long_term".to_owned();
        }
        let date = i32::try_from(self.0).ok().and_then(NaiveDate::from_num_days_from_ce_opt);
        date.map_or_else(String::new, |date| date.format("%Y-%m-%d").to_string())
    }
}

/// Gives an engine the two types and what can be done with them.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Date>("Date").register_type_with_name::<Length>("Length");
    engine.register_fn("date", |text: ImmutableString| -> Outcome<Date> { Ok(Date::parse(&text)?) });
    engine.register_fn("to_string", |date: Date| date.words()).register_fn("to_debug", |date: Date| date.words());
    for (name, op) in [("+", BinaryOp::Add), ("-", BinaryOp::Subtract)] {
        engine.register_fn(name, move |date: Date, by: Length| -> Outcome<Date> { moved(op, date, by) });
        engine.register_fn(name, move |a: Length, b: Length| -> Outcome<Length> { joined(op, a, b) });
        engine.register_fn(name, move |_: Date, _: i64| -> Outcome<Date> {
            fail("a number cannot be added to a date; write `days(n)`, `months(n)` or `years(n)`")
        });
    }
    engine.register_fn("-", |_: Date, _: Date| -> Outcome<i64> {
        fail("dates cannot be subtracted; write `days_between(earlier, later)`")
    });
}

fn fail<T>(message: &str) -> Outcome<T> {
    Err(End::Failed(message.to_owned()).into_error())
}

fn moved(op: BinaryOp, Date(day): Date, Length(by): Length) -> Outcome<Date> {
    match arithmetic(op, Value::Int(day), Value::Duration(by), &Ty::Expiry) {
        Ok(Value::Int(day)) => Ok(Date(day)),
        Ok(_) => fail("a date lies beyond the calendar"),
        Err(failure) => fail(&failure.message),
    }
}

fn joined(op: BinaryOp, Length(a): Length, Length(b): Length) -> Outcome<Length> {
    match arithmetic(op, Value::Duration(a), Value::Duration(b), &Ty::Duration) {
        Ok(Value::Duration(length)) => Ok(Length(length)),
        Ok(_) => fail("a length of time is too long"),
        Err(failure) => fail(&failure.message),
    }
}
