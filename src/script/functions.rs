//! What scripts can call beside Rhai's own functions: the functions of the engine, `given`, and the methods of lists
//! and texts that conditions have and Rhai has not.

use std::cell::RefCell;
use std::rc::Rc;

use regex::{Regex, RegexBuilder};
use rhai::{Array, Dynamic, Engine, EvalAltResult, FnPtr, ImmutableString, NativeCallContext};

use super::date::{Date, Length};
use super::end::End;
use super::view::{Call, MAX_ITEMS, View, kind};
use crate::condition::{Builtin, Parameter, ScriptEnd, Ty, Value, call_builtin};

type Outcome<T> = Result<T, Box<EvalAltResult>>;

/// Patterns that a thread keeps; a script that makes more of them has them compiled again.
const MAX_PATTERNS: usize = 32;

/// Gives an engine all of them.
pub(super) fn register(engine: &mut Engine) {
    for (name, builtin) in Builtin::ALL {
        // no function takes more than two arguments
        match builtin.parameters().len() {
            1 => engine.register_fn(name, move |context: NativeCallContext, a: Dynamic| -> Outcome<Dynamic> {
                call(builtin, &[a], &context)
            }),
            _ => engine.register_fn(
                name,
                move |context: NativeCallContext, a: Dynamic, b: Dynamic| -> Outcome<Dynamic> {
                    call(builtin, &[a, b], &context)
                },
            ),
        };
    }
    register_records(engine);
    register_lists(engine);
    register_texts(engine);
}

/// Calls a function of the engine.
fn call(builtin: Builtin, arguments: &[Dynamic], context: &NativeCallContext) -> Outcome<Dynamic> {
    let mut values = Vec::with_capacity(arguments.len());
    for (argument, parameter) in arguments.iter().zip(builtin.parameters()) {
        values.push(argument_of(builtin, argument, *parameter)?);
    }
    let current = context.tag().and_then(|tag| tag.clone().try_cast::<Rc<Call>>());
    let knows = current.as_ref().and_then(|call| call.knows.as_deref());
    match call_builtin(builtin, &values, knows) {
        Ok(value) => Ok(result_of(&value, &builtin.result(None))),
        Err(ScriptEnd::Unknown(reason)) => Err(End::Unknown(reason).into_error()),
        Err(ScriptEnd::Failed(message)) => fail(message),
        Err(ScriptEnd::Missing(slot)) => Err(End::Missing(slot).into_error()),
    }
}

fn argument_of(builtin: Builtin, value: &Dynamic, parameter: Parameter) -> Outcome<Value<'static>> {
    let text = || value.as_immutable_string_ref().ok().map(|text| text.to_string());
    let (found, wants) = match parameter {
        Parameter::Int => (value.as_int().ok().map(Value::Int), "an integer"),
        Parameter::Day => (value.clone().try_cast::<Date>().map(|date| Value::Int(date.0)), "a date"),
        Parameter::Text => (text().map(Value::text), "a text"),
        Parameter::CertificateKind => (text().map(Value::text), "a kind of certificate"),
        // scripts have division codes as texts, and no address is six digits
        Parameter::TextOrRegion => (text().map(text_or_region), "a text or a division code"),
    };
    match found {
        Some(found) => Ok(found),
        None => fail(format!("`{}` takes {wants}, not {}", builtin.name(), kind(value))),
    }
}

fn text_or_region(text: String) -> Value<'static> {
    match text.parse() {
        Ok(code) if text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit()) => Value::Int(code),
        _ => Value::text(text),
    }
}

fn result_of(value: &Value<'_>, ty: &Ty) -> Dynamic {
    match (value, ty) {
        (Value::Int(day), Ty::Date | Ty::Expiry) => Dynamic::from(Date(*day)),
        (Value::Int(code), Ty::Region2) => format!("{code:02}").into(),
        (Value::Int(code), Ty::Region6) => format!("{code:06}").into(),
        (Value::Int(value), _) => (*value).into(),
        (Value::Bool(value), _) => (*value).into(),
        (Value::Text(text), _) => ImmutableString::from(text.as_ref()).into(),
        (Value::Duration(length), _) => Dynamic::from(Length(*length)),
        _ => Dynamic::UNIT,
    }
}

fn fail<T>(message: impl Into<String>) -> Outcome<T> {
    Err(End::Failed(message.into()).into_error())
}

fn register_records(engine: &mut Engine) {
    engine.register_type_with_name::<View>("Record");
    // a closure shares what it captures, and `s.domains.any(|d| d.name == s.name)` would find `s` in use: records are
    // views, so a copy is as good
    #[allow(deprecated, reason = "it is not; it is only said to change, and the version is pinned")]
    engine.on_var(|name, _, context| {
        let shared = context.scope().get(name).filter(|value| value.is_shared() && value.is::<View>());
        Ok(shared.map(Dynamic::flatten_clone))
    });
    engine.register_indexer_get(|view: &mut View, name: ImmutableString| view.get_unlisted(&name));
    engine.register_fn("given", |view: View, name: ImmutableString| -> Outcome<bool> { Ok(view.given(&name)?) });
    engine.register_fn("given", |view: View| view.any_given());
    engine.register_fn("given", |_: Dynamic| -> Outcome<bool> {
        fail("`given` takes a record and the name of its field: `given(person, \"birth_date\")`")
    });
    engine.register_fn("to_string", |view: View| view.name().to_owned());
    engine.register_fn("to_debug", |view: View| view.name().to_owned());
}

/// Gives an engine a getter for a field: faster than the index that would answer otherwise, and failures have places.
pub(super) fn register_field(engine: &mut Engine, name: &str) {
    let field = name.to_owned();
    engine.register_get(name, move |view: &mut View| -> Outcome<Dynamic> { Ok(view.get(&field)?) });
}

fn register_lists(engine: &mut Engine) {
    let holds = |context: &NativeCallContext, test: &FnPtr, item: Dynamic| -> Outcome<bool> {
        let found: Dynamic = test.call_within_context(context, (item,))?;
        match found.as_bool() {
            Ok(holds) => Ok(holds),
            Err(_) => fail(format!("the closure gives {}, not true or false", kind(&found))),
        }
    };
    // Rhai has `all`, `some` and `filter` too, but takes there whatever is not true for false
    for (name, decisive, result) in
        [("any", true, true), ("some", true, true), ("none", true, false), ("all", false, false)]
    {
        engine.register_fn(name, move |context: NativeCallContext, list: Array, test: FnPtr| -> Outcome<bool> {
            for item in list {
                if holds(&context, &test, item)? == decisive {
                    return Ok(result);
                }
            }
            Ok(!result)
        });
    }
    engine.register_fn("filter", move |context: NativeCallContext, list: Array, test: FnPtr| -> Outcome<Array> {
        let mut kept: Array = Vec::new();
        for item in list {
            if holds(&context, &test, item.clone())? {
                kept.push(item);
            }
        }
        Ok(kept)
    });
    engine.register_fn("count", move |context: NativeCallContext, list: Array, test: FnPtr| -> Outcome<i64> {
        let mut count = 0;
        for item in list {
            count += i64::from(holds(&context, &test, item)?);
        }
        Ok(count)
    });
    engine.register_fn("distinct", |context: NativeCallContext, list: Array| -> Outcome<Array> {
        let mut distinct: Array = Vec::new();
        'items: for item in list {
            for known in &distinct {
                if context.call_native_fn::<bool>("==", (known.clone(), item.clone()))? {
                    continue 'items;
                }
            }
            distinct.push(item);
        }
        Ok(distinct)
    });
    engine.register_fn("sum", |list: Array| -> Outcome<i64> {
        let mut sum = 0_i64;
        for item in &list {
            let Ok(value) = item.as_int() else { return fail(format!("`sum` adds integers, not {}", kind(item))) };
            let Some(added) = sum.checked_add(value) else { return fail("a number does not fit 64 bits") };
            sum = added;
        }
        Ok(sum)
    });
    engine.register_fn("flatten", |list: Array| -> Outcome<Array> {
        let mut flat: Array = Vec::new();
        for item in list {
            match item.into_array() {
                Ok(inner) => flat.extend(inner),
                Err(found) => return fail(format!("`flatten` joins lists, not {found}")),
            }
            if flat.len() > MAX_ITEMS {
                return fail(format!("a list of more than {MAX_ITEMS} elements"));
            }
        }
        Ok(flat)
    });
}

fn register_texts(engine: &mut Engine) {
    engine.register_fn("contains_any", |text: ImmutableString, words: Array| -> Outcome<bool> {
        for word in &words {
            let Ok(word) = word.as_immutable_string_ref() else {
                return fail(format!("`contains_any` takes a list of texts, not of {}", kind(word)));
            };
            if text.contains(word.as_str()) {
                return Ok(true);
            }
        }
        Ok(false)
    });
    engine.register_fn("matches", |text: ImmutableString, pattern: ImmutableString| -> Outcome<bool> {
        match compiled(&pattern) {
            Some(regex) => Ok(regex.is_match(&text)),
            None => fail(format!("`{pattern}` is no valid pattern")),
        }
    });
}

fn compiled(pattern: &str) -> Option<Regex> {
    thread_local! {
        static KNOWN: RefCell<Vec<Regex>> = const { RefCell::new(Vec::new()) };
    }
    KNOWN.with_borrow_mut(|known| {
        if let Some(regex) = known.iter().find(|regex| regex.as_str() == pattern) {
            return Some(regex.clone());
        }
        // the limit bounds what a pattern may cost to compile; matching is linear in the text
        let regex = RegexBuilder::new(pattern).size_limit(1 << 18).build().ok()?;
        if known.len() == MAX_PATTERNS {
            known.remove(0);
        }
        known.push(regex.clone());
        Some(regex)
    })
}
