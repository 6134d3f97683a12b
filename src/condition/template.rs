//! Texts with `{expression}` in them: titles, fixes, notes, questions.

use super::check::{Checker, MAX_PROBLEMS};
use super::eval::{Context, Frame, Unknowns, evaluate};
use super::parse::MAX_LENGTH;
use super::scope::Scope;
use super::typed::{Expr, Kind, Ty};
use super::value::{Duration, Value};
use crate::filing::Language;
use crate::schema::{Expression, Schema, Sensitivity};
use crate::source::{Diagnostic, Diagnostics, place_in_literal};

/// A part of a text.
#[derive(Debug, Clone)]
pub enum Part {
    /// As written.
    Text(String),
    /// A value, and how it is masked.
    Value(Box<Expr>, Option<Sensitivity>),
}

/// A checked text.
#[derive(Debug, Clone)]
pub struct Template {
    parts: Vec<Part>,
}

/// Hides a sensitive value.
pub type Mask<'a> = &'a dyn Fn(Sensitivity, &str) -> String;

impl Template {
    /// A text without values.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { parts: vec![Part::Text(text.into())] }
    }

    /// Checks a text; problems go to `out`.
    pub fn check(checker: &mut Checker<'_>, source: &Expression, scope: &Scope, out: &mut Diagnostics) -> Option<Self> {
        if source.text.len() > MAX_LENGTH {
            out.push(
                Diagnostic::error("too-long", format!("the text is longer than {MAX_LENGTH} bytes"))
                    .at(&source.file, source.span.start..source.span.start + 1, "")
                    .help("say it in a few sentences"),
            );
            return None;
        }
        let before = out.error_count();
        let mut parts = Vec::new();
        let mut ok = true;
        for piece in split(&source.text) {
            if out.error_count() >= before + MAX_PROBLEMS {
                break;
            }
            match piece {
                Piece::Text(text) => parts.push(Part::Text(text)),
                Piece::Value(span) => match checker.check_part(source, span, scope, None, out) {
                    Some(expr) => {
                        let sensitivity = sensitivity(checker.schema_ref(), &expr);
                        parts.push(Part::Value(Box::new(expr), sensitivity));
                    }
                    None => ok = false,
                },
                Piece::Unclosed(at) => {
                    ok = false;
                    let span = place_in_literal(&source.file.text, &source.span, at..at + 1);
                    out.push(
                        Diagnostic::error("unclosed-brace", "this `{` has no `}`")
                            .at(&source.file, span, "")
                            .help("a brace that is meant as such is written `{{` or `}}`"),
                    );
                }
            }
        }
        ok.then_some(Self { parts })
    }

    /// The parts.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The expressions in it, for folding.
    pub fn expressions_mut(&mut self) -> impl Iterator<Item = &mut Expr> {
        self.parts.iter_mut().filter_map(|part| match part {
            Part::Value(expr, _) => Some(&mut **expr),
            Part::Text(_) => None,
        })
    }

    /// The text with its values filled in; what is unknown shows as `…`.
    pub fn render(&self, context: &Context<'_>, frame: &Frame, language: Language, mask: Mask<'_>) -> String {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Value(expr, sensitivity) => {
                    let value = evaluate(expr, context, frame, &mut Unknowns::default()).unwrap_or(Value::Missing);
                    let words = words(&value, &expr.ty, context, language);
                    match sensitivity {
                        Some(sensitivity) => text.push_str(&mask(*sensitivity, &words)),
                        None => text.push_str(&words),
                    }
                }
            }
        }
        text
    }
}

/// Is anything in the value sensitive? Then all of it is masked.
fn sensitivity(schema: &Schema, expr: &Expr) -> Option<Sensitivity> {
    if !matches!(expr.ty, Ty::Text | Ty::List(_)) {
        return None;
    }
    let mut found = None;
    expr.walk(&mut |part| {
        if let Kind::Slot(_, field) = &part.kind {
            let field = &schema.record(field.record).fields[usize::from(field.field)];
            found = found.or(field.sensitive);
        }
    });
    found
}

/// A value in the words that people read.
pub fn words(value: &Value<'_>, ty: &Ty, context: &Context<'_>, language: Language) -> String {
    let schema = context.schema;
    match (value, ty) {
        (Value::Missing, _) => "…".to_owned(),
        (Value::Int(index), Ty::Enum(id)) => match schema.enumeration(*id).value(*index) {
            Some(value) if language == Language::En => value.label.en.clone(),
            Some(value) => value.label.zh.clone(),
            None => "…".to_owned(),
        },
        (Value::Int(i64::MAX), Ty::Expiry) => match language {
            Language::Zh => "长期".to_owned(),
            Language::En => "long term".to_owned(),
        },
        (Value::Int(day), Ty::Date | Ty::Expiry) => date_words(*day),
        (Value::Int(code), Ty::Region2 | Ty::Region6) => {
            context.knows.region_name(*code).unwrap_or_else(|| code.to_string())
        }
        (Value::Int(value), _) => value.to_string(),
        (Value::Bool(value), _) => match (value, language) {
            (true, Language::Zh) => "是".to_owned(),
            (false, Language::Zh) => "否".to_owned(),
            (true, Language::En) => "yes".to_owned(),
            (false, Language::En) => "no".to_owned(),
        },
        (Value::Text(text), _) => text.to_string(),
        (Value::Duration(duration), _) => duration_words(*duration, language),
        (Value::Values(values), Ty::List(element)) => {
            let parts: Vec<String> = values.iter().map(|value| words(value, element, context, language)).collect();
            parts.join(if language == Language::Zh { "、" } else { ", " })
        }
        (Value::Slots(list, width), Ty::List(element)) => {
            let document = context.document;
            let count = document.len(*list).unwrap_or(0);
            let slots = (0..count).filter_map(|index| document.element(*list, index, *width));
            let parts: Vec<String> =
                slots.map(|slot| words(&scalar(document, slot), element, context, language)).collect();
            parts.join(if language == Language::Zh { "、" } else { ", " })
        }
        (Value::Record(_) | Value::Row(_) | Value::Values(_) | Value::Slots(..), _) => "…".to_owned(),
    }
}

fn scalar(document: &crate::filing::Document, slot: u32) -> Value<'_> {
    use crate::filing::Slot;
    match document.slot(slot) {
        Slot::Bool(value) => Value::Bool(value),
        Slot::Int(value) => Value::Int(value),
        Slot::Text { start, len } => Value::text(document.text(start, len)),
        _ => Value::Missing,
    }
}

fn date_words(day: i64) -> String {
    let date = i32::try_from(day).ok().and_then(chrono::NaiveDate::from_num_days_from_ce_opt);
    date.map_or_else(|| "…".to_owned(), |date| date.format("%Y-%m-%d").to_string())
}

fn duration_words(duration: Duration, language: Language) -> String {
    let (months, days) = (duration.months, duration.days);
    match (language, months, days) {
        (Language::Zh, 0, days) => format!("{days}天"),
        (Language::Zh, months, 0) => format!("{months}个月"),
        (Language::Zh, ..) => format!("{months}个月{days}天"),
        (Language::En, 0, days) => format!("{days} days"),
        (Language::En, months, 0) => format!("{months} months"),
        (Language::En, ..) => format!("{months} months and {days} days"),
    }
}

enum Piece {
    Text(String),
    /// The bytes between the braces.
    Value(std::ops::Range<usize>),
    /// The byte of a brace that nothing closes.
    Unclosed(usize),
}

/// Splits a text at its braces; braces inside of the expression's own texts and branches count as theirs.
fn split(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(at..).unwrap_or_default();
        if rest.starts_with("{{") || rest.starts_with("}}") {
            plain.push(c);
            at += 2;
        } else if c == '{' {
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            match closing(rest) {
                Some(len) => {
                    pieces.push(Piece::Value(at + 1..at + len));
                    at += len + 1;
                }
                None => {
                    pieces.push(Piece::Unclosed(at));
                    return pieces;
                }
            }
        } else {
            plain.push(c);
            at += c.len_utf8();
        }
    }
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    pieces
}

/// The byte of the `}` that closes the `{` at the start.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '{' if !quoted => depth += 1,
            '}' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}
