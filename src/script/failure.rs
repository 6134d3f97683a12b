//! How a script ended, in words and with its place.

use rhai::{EvalAltResult, LexError, ParseErrorType, Position};

use super::end::End;
use super::sandbox::{MAX_CALLS, MAX_STEPS, MAX_TEXT};
use super::scan::scan;
use super::view::{MAX_ITEMS, kind_of};
use crate::condition::{ScriptEnd, meant_by};
use crate::source::SourceFile;

/// What a call of a function ended with instead of a value: the first thing that ended it, and Rhai's error.
pub(super) fn end(first: Option<End>, error: Option<&EvalAltResult>, name: &str, file: &SourceFile) -> ScriptEnd {
    let message = match (first, error) {
        (Some(End::Failed(message)), _) => message,
        (Some(end), _) => return end.into_script_end(),
        (None, Some(error)) => words(error.unwrap_inner()),
        (None, None) => "it gave no value".to_owned(),
    };
    match error.and_then(|error| place(error, file)) {
        Some(place) => ScriptEnd::Failed(format!("{place}: {message}")),
        None => of_function(&message, name, file),
    }
}

/// A failure that is placed at the function itself.
pub(super) fn of_function(message: &str, name: &str, file: &SourceFile) -> ScriptEnd {
    let words = scan(&file.text);
    let text = |index: usize| words.get(index).and_then(|word| file.text.get(word.span.clone()));
    let at = (1..words.len()).find(|index| text(index - 1) == Some("fn") && text(*index) == Some(name));
    let (line, column) = file.line_column(at.and_then(|index| words.get(index)).map_or(0, |word| word.span.start));
    ScriptEnd::Failed(format!("{}:{line}:{column}: {message}", file.name))
}

/// `file:line:column` of the innermost place that is known.
fn place(error: &EvalAltResult, file: &SourceFile) -> Option<String> {
    let mut at = error.position();
    let mut error = error;
    while let EvalAltResult::ErrorInFunctionCall(_, _, inner, _) = error {
        error = inner;
        if !error.position().is_none() {
            at = error.position();
        }
    }
    let (line, column) = file.line_column(byte_of(&file.text, at)?);
    Some(format!("{}:{line}:{column}", file.name))
}

/// The byte of a place; Rhai counts lines and characters from 1, and 0 is the start of a line.
pub(super) fn byte_of(text: &str, at: Position) -> Option<usize> {
    let line = at.line()?;
    let start = match line {
        0 | 1 => 0,
        _ => text.match_indices('\n').nth(line - 2)?.0 + 1,
    };
    let rest = text.get(start..)?;
    let before = at.position().unwrap_or(1).saturating_sub(1);
    let column = rest.char_indices().nth(before).map_or(rest.len(), |(byte, _)| byte);
    Some(start + column)
}

fn words(error: &EvalAltResult) -> String {
    use EvalAltResult as E;
    match error {
        E::ErrorFunctionNotFound(signature, _) => not_found(signature),
        E::ErrorTooManyOperations(_) => format!("more than {MAX_STEPS} steps; does a loop never end?"),
        E::ErrorStackOverflow(_) => format!("more than {MAX_CALLS} calls inside of each other"),
        E::ErrorDataTooLarge(what, _) => {
            let most = if what.starts_with("Length of string") || what.contains("tring") {
                format!("a text of more than {MAX_TEXT} bytes")
            } else {
                format!("a list or a map of more than {MAX_ITEMS} elements")
            };
            format!("{most}; does a loop never end?")
        }
        E::ErrorMismatchDataType(wants, found, _) | E::ErrorMismatchOutputType(wants, found, _) => {
            format!("expected {}, found {}", type_words(wants), type_words(found))
        }
        E::ErrorRuntime(token, _) => match token.as_immutable_string_ref() {
            Ok(text) => text.to_string(),
            Err(_) => format!("the script threw {}", super::view::kind(token)),
        },
        E::ErrorDataRace(..) => {
            "a closure uses the variable that it runs over; give it a copy: `let n = list.len();`".to_owned()
        }
        E::ErrorAssignmentToConstant(name, _) => format!("`{name}` cannot be changed"),
        E::ErrorPropertyNotFound(name, _) => format!("there is no `{name}` in this map"),
        E::ErrorVariableNotFound(name, _) => format!("there is no `{name}` here"),
        E::ErrorDotExpr(text, _) if text.contains("setter") => "a record cannot be changed".to_owned(),
        E::ErrorFor(_) => "`for` needs a list, a range or a text's characters".to_owned(),
        E::ErrorArithmetic(..) => arithmetic(error),
        other => {
            let mut bare = other.to_string();
            // the place stands before the message
            if let Some(at) = bare.rfind(" (line ") {
                bare.truncate(at);
            }
            plain(&bare)
        }
    }
}

fn arithmetic(error: &EvalAltResult) -> String {
    let text = error.to_string();
    if text.to_lowercase().contains("zero") {
        "division by zero".into()
    } else {
        "a number does not fit 64 bits".into()
    }
}

/// `name (type, type)`, as Rhai writes the call that nothing answers.
fn not_found(signature: &str) -> String {
    let (name, types) = signature.split_once(" (").unwrap_or((signature, ""));
    let types = types.trim_end_matches(')');
    let types: Vec<String> = types.split(", ").filter(|ty| !ty.is_empty()).map(type_words).collect();
    let is_operator = !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    match types.as_slice() {
        [] => format!("there is no function `{name}` without arguments"),
        [left, right] if is_operator => format!("`{name}` cannot stand between {left} and {right}"),
        types => format!("there is no function `{name}` for {}", types.join(" and ")),
    }
}

fn type_words(name: &str) -> String {
    kind_of(name).unwrap_or_else(|| format!("`{name}`"))
}

/// A message of Rhai in the style of ours: lower case, no full stop, what was written in backticks.
pub(super) fn plain(message: &str) -> String {
    let mut chars = message.trim_end_matches('.').chars();
    let first = chars.next().map(|c| c.to_ascii_lowercase());
    let mut out = String::with_capacity(message.len());
    let mut quoted = false;
    let mut before = ' ';
    for c in first.into_iter().chain(chars) {
        // an apostrophe inside of a word is none
        if c == '\'' && (quoted || !before.is_alphanumeric()) {
            quoted = !quoted;
            out.push('`');
        } else {
            out.push(if c == '\n' { ' ' } else { c });
        }
        before = c;
    }
    out
}

/// What does not parse, and what to do about it.
pub(super) fn syntax(error: &ParseErrorType) -> (String, String) {
    use ParseErrorType as P;
    let help = match error {
        P::VariableUndefined(_) => "a script sees its parameters and what it defines itself, not the document",
        P::ExprTooDeep => "split it, with `let` for its parts",
        P::Reserved(_) => "a field of such a name has an `alias` in the schema",
        P::WrongFnDefinition => "write it beside the others",
        _ => "",
    };
    let message = match error {
        P::VariableUndefined(name) => format!("there is no `{name}` here"),
        P::ExprTooDeep => "this is nested too deeply".to_owned(),
        P::Reserved(name) => format!("`{name}` is a reserved word"),
        P::FnDuplicatedParam(name, parameter) => format!("`{name}` has two parameters `{parameter}`"),
        P::FnDuplicatedDefinition(name, _) => format!("`{name}` stands twice, with as many parameters"),
        P::WrongFnDefinition => "a function cannot stand inside of another".to_owned(),
        P::BadInput(LexError::UnexpectedInput(found)) => match found.chars().next().and_then(meant_by) {
            Some(meant) => return (format!("`{found}` is a full-width character"), format!("write `{meant}`")),
            None => plain(&error.to_string()),
        },
        other => plain(&other.to_string()),
    };
    (message, help.to_owned())
}
