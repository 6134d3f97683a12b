//! Rhai with what conditions have and Rhai has not, written anew: dates, lengths of time, methods of lists and texts.

use std::cmp::Ordering;

use rhai::packages::{CorePackage, Package};
use rhai::{Array, Dynamic, Engine, EvalAltResult, FnPtr, ImmutableString, Map, NativeCallContext};

type Outcome<T> = Result<T, Box<EvalAltResult>>;

/// A day of the calendar, or long term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Day {
    On { year: i64, month: i64, day: i64 },
    LongTerm,
}

#[derive(Debug, Clone, Copy)]
struct Length {
    months: i64,
    days: i64,
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Day {
    pub fn parse(text: &str) -> Self {
        let part = |range: std::ops::Range<usize>| text[range].parse().expect("a number");
        match text {
            "long_term" => Self::LongTerm,
            _ => Self::On { year: part(0..4), month: part(5..7), day: part(8..10) },
        }
    }

    fn moved(self, by: Length) -> Outcome<Self> {
        let Self::On { year, month, day } = self else { return Ok(self) };
        // dates of these tests are not led far: beyond, both sides fail or the test says nothing
        if by.months.unsigned_abs() > 5_000 || by.days.unsigned_abs() > 100_000 {
            return Err("too far".into());
        }
        let months = year * 12 + month - 1 + by.months;
        let (mut year, mut month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
        let mut day = day.min(days_in(year, month)) + by.days;
        while day < 1 {
            (year, month) = if month == 1 { (year - 1, 12) } else { (year, month - 1) };
            day += days_in(year, month);
        }
        while day > days_in(year, month) {
            day -= days_in(year, month);
            (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        }
        Ok(Self::On { year, month, day })
    }

    /// Days since some day; `None` of long term.
    fn number(self) -> Option<i64> {
        let Self::On { year, month, day } = self else { return None };
        let years: i64 = (1900..year).map(|year| 337 + days_in(year, 2)).sum();
        let months: i64 = (1..month).map(|month| days_in(year, month)).sum();
        Some(years + months + day)
    }
}

fn equal(context: &NativeCallContext, a: &Dynamic, b: &Dynamic) -> Outcome<bool> {
    context.call_native_fn("==", (a.clone(), b.clone()))
}

/// An engine that evaluates conditions on a filing.
pub fn engine(root: Map) -> Engine {
    let mut engine = Engine::new_raw();
    CorePackage::new().register_into_engine(&mut engine);
    rhai::packages::MoreStringPackage::new().register_into_engine(&mut engine);
    rhai::packages::BasicArrayPackage::new().register_into_engine(&mut engine);
    rhai::packages::BasicMapPackage::new().register_into_engine(&mut engine);
    engine.set_max_expr_depths(0, 0).set_fail_on_invalid_map_property(true);
    // the document is no variable: a closure would share what it runs over, and find it in use
    #[allow(deprecated, reason = "it is only said to change")]
    engine.on_var(move |name, _, context| {
        Ok(match context.scope().get(name) {
            Some(value) if value.is_shared() => Some(value.flatten_clone()),
            Some(_) => None,
            None => root.get(name).cloned(),
        })
    });
    register_days(&mut engine);
    register_lists(&mut engine);
    engine.register_fn("contains_any", |text: ImmutableString, words: Array| {
        words.iter().any(|word| text.contains(word.clone().cast::<ImmutableString>().as_str()))
    });
    engine.register_fn("given", |value: Dynamic| match value.type_name() {
        "string" => !value.cast::<ImmutableString>().is_empty(),
        _ => true,
    });
    engine
}

fn register_days(engine: &mut Engine) {
    engine.register_fn("date", |text: ImmutableString| Day::parse(&text));
    engine.register_fn("days", |days: i64| Length { months: 0, days });
    let months = |months: i64| -> Outcome<Length> {
        if i32::try_from(months).is_ok() { Ok(Length { months, days: 0 }) } else { Err("overflow".into()) }
    };
    engine.register_fn("months", months);
    engine.register_fn("years", move |years: i64| months(years.checked_mul(12).ok_or("overflow")?));
    let negative = |by: Length| -> Outcome<Length> {
        Ok(Length {
            months: by.months.checked_neg().ok_or("overflow")?,
            days: by.days.checked_neg().ok_or("overflow")?,
        })
    };
    engine.register_fn("+", |day: Day, by: Length| day.moved(by));
    engine.register_fn("-", move |day: Day, by: Length| day.moved(negative(by)?));
    for (sign, holds) in [
        ("==", Ordering::is_eq as fn(Ordering) -> bool),
        ("!=", Ordering::is_ne),
        ("<", Ordering::is_lt),
        ("<=", Ordering::is_le),
        (">", Ordering::is_gt),
        (">=", Ordering::is_ge),
    ] {
        engine.register_fn(sign, move |a: Day, b: Day| holds(a.cmp(&b)));
        engine.register_fn(sign, move |a: Day, b: ImmutableString| holds(a.cmp(&Day::parse(&b))));
        engine.register_fn(sign, move |a: ImmutableString, b: Day| holds(Day::parse(&a).cmp(&b)));
    }
    engine.register_fn("days_between", |a: Day, b: Day| -> Outcome<i64> {
        match (a.number(), b.number()) {
            (Some(a), Some(b)) => Ok(b - a),
            // unknown in conditions
            _ => Err("no number of days".into()),
        }
    });
}

fn register_lists(engine: &mut Engine) {
    for (name, decisive, result) in [("any", true, true), ("none", true, false), ("all", false, false)] {
        engine.register_fn(name, move |context: NativeCallContext, list: Array, test: FnPtr| -> Outcome<bool> {
            for item in list {
                if test.call_within_context::<bool>(&context, (item,))? == decisive {
                    return Ok(result);
                }
            }
            Ok(!result)
        });
    }
    engine.register_fn("filter", |context: NativeCallContext, list: Array, test: FnPtr| -> Outcome<Array> {
        let mut kept = Array::new();
        for item in list {
            if test.call_within_context::<bool>(&context, (item.clone(),))? {
                kept.push(item);
            }
        }
        Ok(kept)
    });
    engine.register_fn("count", |context: NativeCallContext, list: Array, test: FnPtr| -> Outcome<i64> {
        let mut count = 0;
        for item in list {
            count += i64::from(test.call_within_context::<bool>(&context, (item,))?);
        }
        Ok(count)
    });
    engine.register_fn("map", |context: NativeCallContext, list: Array, of: FnPtr| -> Outcome<Array> {
        list.into_iter().map(|item| of.call_within_context::<Dynamic>(&context, (item,))).collect()
    });
    engine.register_fn("contains", |context: NativeCallContext, list: Array, item: Dynamic| -> Outcome<bool> {
        for known in &list {
            if equal(&context, known, &item)? {
                return Ok(true);
            }
        }
        Ok(false)
    });
    engine.register_fn("distinct", |context: NativeCallContext, list: Array| -> Outcome<Array> {
        let mut distinct = Array::new();
        'items: for item in list {
            for known in &distinct {
                if equal(&context, known, &item)? {
                    continue 'items;
                }
            }
            distinct.push(item);
        }
        Ok(distinct)
    });
    engine.register_fn("flatten", |list: Array| list.into_iter().flat_map(Dynamic::cast::<Array>).collect::<Array>());
    engine.register_fn("sum", |list: Array| -> Outcome<i64> {
        list.into_iter().try_fold(0_i64, |sum, item| Ok(sum.checked_add(item.cast::<i64>()).ok_or("overflow")?))
    });
}

/// Does the error stand for what fails or is unknown in conditions as well? All else would be a mistake of this test.
pub fn is_expected(error: &EvalAltResult) -> bool {
    match error.unwrap_inner() {
        EvalAltResult::ErrorArithmetic(..) => true,
        EvalAltResult::ErrorRuntime(text, _) => {
            let text = text.to_string();
            ["overflow", "too far", "no number of days"].contains(&text.as_str())
        }
        _ => false,
    }
}
