//! Comparisons in scripts. Rhai finds values of different types silently unequal; here that ends the script.

use std::cmp::Ordering;

use rhai::{Dynamic, Engine, EvalAltResult};

use super::date::{Date, Length};
use super::end::End;
use super::view::{View, kind};

type Holds = fn(Ordering) -> bool;

const OPERATORS: [(&str, Holds); 6] = [
    ("==", Ordering::is_eq),
    ("!=", Ordering::is_ne),
    ("<", Ordering::is_lt),
    ("<=", Ordering::is_le),
    (">", Ordering::is_gt),
    (">=", Ordering::is_ge),
];

/// Gives an engine the six comparisons; its own are then never asked.
pub(super) fn register(engine: &mut Engine) {
    engine.set_fast_operators(false);
    for (sign, holds) in OPERATORS {
        engine.register_fn(sign, move |a: Dynamic, b: Dynamic| -> Result<bool, Box<EvalAltResult>> {
            let (a, b) = (a.flatten(), b.flatten());
            // `()` is nothing: unlike everything else, and in no order with it
            if a.is_unit() != b.is_unit() && matches!(sign, "==" | "!=") {
                return Ok(sign == "!=");
            }
            match order(&a, &b)? {
                Some(order) => Ok(holds(order)),
                None => {
                    let message = format!("`{sign}` cannot stand between {} and {}", kind(&a), kind(&b));
                    Err(End::Failed(message).into_error())
                }
            }
        });
    }
}

/// `None` when the two do not go together.
fn order(a: &Dynamic, b: &Dynamic) -> Result<Option<Ordering>, End> {
    if let (Ok(a), Ok(b)) = (a.as_int(), b.as_int()) {
        return Ok(Some(a.cmp(&b)));
    }
    if let (Ok(a), Ok(b)) = (a.as_immutable_string_ref(), b.as_immutable_string_ref()) {
        return Ok(Some(a.as_str().cmp(b.as_str())));
    }
    if let (Ok(a), Ok(b)) = (a.as_bool(), b.as_bool()) {
        return Ok(Some(a.cmp(&b)));
    }
    if let (Some(a), Some(b)) = (number(a), number(b)) {
        return Ok(a.partial_cmp(&b));
    }
    if a.is_unit() && b.is_unit() {
        return Ok(Some(Ordering::Equal));
    }
    if a.is::<View>() && b.is::<View>() {
        return Err(End::Failed("records cannot be compared as a whole; compare a field".into()));
    }
    if a.is::<Length>() && b.is::<Length>() {
        return Err(End::Failed("lengths of time cannot be compared; add them to a date".into()));
    }
    if a.is::<Date>() || b.is::<Date>() {
        // the other side may be written as documents write dates
        return Ok(day(a)?.zip(day(b)?).map(|(a, b)| a.cmp(&b)));
    }
    Ok(character(a).zip(character(b)).map(|(a, b)| a.cmp(&b)))
}

fn day(value: &Dynamic) -> Result<Option<Date>, End> {
    if let Ok(text) = value.as_immutable_string_ref() {
        return Date::parse(&text).map(Some);
    }
    Ok(value.clone().try_cast::<Date>())
}

/// A character is compared with a text as a text of one.
fn character(value: &Dynamic) -> Option<String> {
    match value.as_char() {
        Ok(character) => Some(character.to_string()),
        Err(_) => value.as_immutable_string_ref().ok().map(|text| text.to_string()),
    }
}

fn number(value: &Dynamic) -> Option<f64> {
    value.as_float().ok().or_else(|| value.as_int().ok().map(|int| int as f64))
}
