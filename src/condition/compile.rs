//! A checked expression as closures over slots: only the outcome, nothing recorded, nothing allocated in the usual case.
//!
//! What has no fast form here is walked as a tree by `eval`; both must agree, and tests compare them.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use super::ast::BinaryOp;
use super::eval::{Context, Frame, STEP_BYTES, evaluate_within, is_given, shift, values_equal};
use super::typed::{Base, Expr, Kind, Quantifier, SlotRef, TextMethod, Ty};
use super::value::Value;
use crate::filing::{Document, Slot};

/// The outcome of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tri {
    /// It does not hold.
    False,
    /// It holds.
    True,
    /// It needs a field that is not given.
    Unknown,
    /// It could not be evaluated.
    Failed,
}

impl Tri {
    fn of(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

type Condition = Box<dyn for<'d> Fn(&Context<'d>, &mut Frame) -> Tri + Send + Sync>;
/// An integral value; `None` is unknown.
type Number = Box<dyn for<'d> Fn(&Context<'d>, &mut Frame) -> Result<Option<i64>, Tri> + Send + Sync>;

/// A compiled condition.
pub struct Program {
    run: Condition,
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Program")
    }
}

impl Program {
    /// Compiles a condition.
    pub fn new(expr: &Expr) -> Self {
        Self { run: condition(expr) }
    }

    /// The outcome on a document.
    #[inline]
    pub fn run(&self, context: &Context<'_>, frame: &mut Frame) -> Tri {
        frame.steps = 0;
        (self.run)(context, frame)
    }
}

#[inline]
fn place(at: SlotRef, frame: &Frame) -> u32 {
    match at.base {
        Base::Root => at.offset,
        Base::Register(register) => frame.get(register) + at.offset,
    }
}

#[inline]
fn read(document: &Document, at: SlotRef, frame: &Frame) -> Slot {
    document.slot(place(at, frame))
}

fn condition(expr: &Expr) -> Condition {
    match &expr.kind {
        Kind::Const(Value::Bool(value)) => {
            let value = Tri::of(*value);
            Box::new(move |_, _| value)
        }
        Kind::Expanded { body, .. } => condition(body),
        Kind::Slot(at, _) if expr.ty == Ty::Bool => {
            let at = *at;
            Box::new(move |context, frame| match read(context.document, at, frame) {
                Slot::Bool(value) => Tri::of(value),
                _ => Tri::Unknown,
            })
        }
        Kind::Not(of) => {
            let of = condition(of);
            Box::new(move |context, frame| match of(context, frame) {
                Tri::True => Tri::False,
                Tri::False => Tri::True,
                other => other,
            })
        }
        Kind::And(parts) => connect(parts, Tri::False, Tri::True),
        Kind::Or(parts) => connect(parts, Tri::True, Tri::False),
        Kind::If(choice, then, otherwise) => {
            let (choice, then, otherwise) = (condition(choice), condition(then), condition(otherwise));
            Box::new(move |context, frame| match choice(context, frame) {
                Tri::True => then(context, frame),
                Tri::False => otherwise(context, frame),
                other => other,
            })
        }
        Kind::Given(of) => given(expr, of),
        Kind::Compare(op, left, right) => compare(expr, *op, left, right),
        Kind::In(element, list) => contains(expr, element, list),
        Kind::Quantify { quantifier, list, register, body } => quantify(expr, *quantifier, list, *register, body),
        Kind::OfText(TextMethod::ContainsAny, of, arguments) => contains_any(expr, of, arguments),
        _ => walk(expr),
    }
}

/// The slow way: exact, but it allocates.
fn walk(expr: &Expr) -> Condition {
    let expr = expr.clone();
    Box::new(move |context, frame| match evaluate_within(&expr, context, frame) {
        Ok(Value::Bool(value)) => Tri::of(value),
        Ok(_) => Tri::Unknown,
        Err(_) => Tri::Failed,
    })
}

fn connect(parts: &[Expr], decisive: Tri, neutral: Tri) -> Condition {
    let parts: Box<[Condition]> = parts.iter().map(condition).collect();
    Box::new(move |context, frame| {
        let mut result = neutral;
        for part in &parts {
            let outcome = part(context, frame);
            if outcome == decisive {
                return decisive;
            }
            if outcome == Tri::Failed || (outcome == Tri::Unknown && result != Tri::Failed) {
                result = outcome;
            }
        }
        result
    })
}

fn given(expr: &Expr, of: &Expr) -> Condition {
    match (&of.kind, &of.ty) {
        (Kind::Slot(at, _), _) => {
            let at = *at;
            Box::new(move |context, frame| Tri::of(is_given(read(context.document, at, frame))))
        }
        (Kind::Record(at), Ty::Record(record)) => {
            let (at, record) = (*at, *record);
            Box::new(move |context, frame| {
                let base = place(at, frame);
                Tri::of(context.document.record_given(context.schema.record(record), base))
            })
        }
        _ => walk(expr),
    }
}

fn compare(expr: &Expr, op: BinaryOp, left: &Expr, right: &Expr) -> Condition {
    if left.ty == Ty::Text && right.ty == Ty::Text {
        return compare_texts(expr, op, left, right);
    }
    if left.ty == Ty::Bool || right.ty == Ty::Bool {
        return walk(expr);
    }
    // the commonest of all: an enumeration or a day against a constant
    if let (Kind::Slot(at, _), Some(Value::Int(constant))) = (&left.kind, right.as_const()) {
        let (at, constant) = (*at, *constant);
        let against = move |holds: fn(i64, i64) -> bool| -> Condition {
            Box::new(move |context, frame| match read(context.document, at, frame) {
                Slot::Int(value) => Tri::of(holds(value, constant)),
                _ => Tri::Unknown,
            })
        };
        return match op {
            BinaryOp::Equal => Box::new(move |context, frame| match read(context.document, at, frame) {
                Slot::Int(value) => Tri::of(value == constant),
                _ => Tri::Unknown,
            }),
            BinaryOp::NotEqual => Box::new(move |context, frame| match read(context.document, at, frame) {
                Slot::Int(value) => Tri::of(value != constant),
                _ => Tri::Unknown,
            }),
            BinaryOp::Less => against(|a, b| a < b),
            BinaryOp::LessEqual => against(|a, b| a <= b),
            BinaryOp::Greater => against(|a, b| a > b),
            _ => against(|a, b| a >= b),
        };
    }
    let (left, right) = (number(left), number(right));
    Box::new(move |context, frame| {
        let left = match left(context, frame) {
            Ok(value) => value,
            Err(outcome) => return outcome,
        };
        let right = match right(context, frame) {
            Ok(value) => value,
            Err(outcome) => return outcome,
        };
        match (left, right) {
            (Some(left), Some(right)) => Tri::of(super::eval::ordered(op, left, right)),
            _ => Tri::Unknown,
        }
    })
}

fn compare_texts(expr: &Expr, op: BinaryOp, left: &Expr, right: &Expr) -> Condition {
    let equal = op == BinaryOp::Equal;
    match (&left.kind, &right.kind, right.as_const()) {
        (Kind::Slot(at, _), _, Some(Value::Text(constant))) => {
            let (at, constant) = (*at, constant.clone());
            Box::new(move |context, frame| match read(context.document, at, frame) {
                Slot::Text { start, len } => Tri::of((context.document.text(start, len) == &*constant) == equal),
                _ => Tri::Unknown,
            })
        }
        (Kind::Slot(a, _), Kind::Slot(b, _), _) => {
            let (a, b) = (*a, *b);
            Box::new(move |context, frame| {
                let document = context.document;
                match (read(document, a, frame), read(document, b, frame)) {
                    (Slot::Text { start: a, len: m }, Slot::Text { start: b, len: n }) => {
                        Tri::of((document.text(a, m) == document.text(b, n)) == equal)
                    }
                    _ => Tri::Unknown,
                }
            })
        }
        _ => walk(expr),
    }
}

/// An integral expression.
fn number(expr: &Expr) -> Number {
    match &expr.kind {
        Kind::Const(Value::Int(value)) => {
            let value = Some(*value);
            Box::new(move |_, _| Ok(value))
        }
        Kind::Expanded { body, .. } => number(body),
        Kind::Slot(at, _) => {
            let at = *at;
            Box::new(move |context, frame| {
                Ok(match read(context.document, at, frame) {
                    Slot::Int(value) => Some(value),
                    _ => None,
                })
            })
        }
        Kind::Arithmetic(op @ (BinaryOp::Add | BinaryOp::Subtract), left, right) if expr.ty == Ty::Date => {
            let Some(Value::Duration(by)) = right.as_const().cloned() else { return walk_number(expr) };
            let (left, by) = (number(left), if *op == BinaryOp::Add { by } else { by.reversed() });
            Box::new(move |context, frame| match left(context, frame)? {
                Some(day) => shift(day, by).map(Some).map_err(|_| Tri::Failed),
                None => Ok(None),
            })
        }
        Kind::OfList(super::typed::ListMethod::Len, list) => {
            let Kind::Slot(at, _) = list.kind else { return walk_number(expr) };
            Box::new(move |context, frame| {
                let document = context.document;
                Ok(document.len(read(document, at, frame)).map(i64::from))
            })
        }
        _ => walk_number(expr),
    }
}

fn walk_number(expr: &Expr) -> Number {
    let expr = expr.clone();
    Box::new(move |context, frame| match evaluate_within(&expr, context, frame) {
        Ok(Value::Int(value)) => Ok(Some(value)),
        Ok(_) => Ok(None),
        Err(_) => Err(Tri::Failed),
    })
}

/// `element in list`, `list.contains(element)`.
fn contains(expr: &Expr, element: &Expr, list: &Expr) -> Condition {
    if let (Kind::Slot(at, _), Some(Value::Values(values))) = (&element.kind, list.as_const()) {
        let at = *at;
        let ints: Option<Vec<i64>> = values.iter().map(Value::as_int).collect();
        if let Some(ints) = ints.filter(|_| element.ty.is_integral()) {
            // enumerations are small: a set of bits
            if ints.iter().all(|value| (0..64).contains(value)) {
                let set = ints.iter().fold(0_u64, |set, value| set | 1 << value);
                let empty = ints.is_empty();
                return Box::new(move |context, frame| match read(context.document, at, frame) {
                    Slot::Int(value) => Tri::of((0..64).contains(&value) && set >> value & 1 == 1),
                    _ if empty => Tri::False,
                    _ => Tri::Unknown,
                });
            }
            let ints = ints.into_boxed_slice();
            return Box::new(move |context, frame| match read(context.document, at, frame) {
                Slot::Int(value) => Tri::of(ints.contains(&value)),
                _ => Tri::Unknown,
            });
        }
    }
    if let (Some(constant), Kind::Slot(at, _)) = (element.as_const(), &list.kind)
        && !constant.is_missing()
    {
        let (constant, at) = (constant.clone(), *at);
        return Box::new(move |context, frame| {
            let document = context.document;
            let list = read(document, at, frame);
            let Some(len) = document.len(list) else { return Tri::Unknown };
            if !frame.look(len) {
                return Tri::Failed;
            }
            let mut result = Tri::False;
            for index in 0..len {
                let slot = document.element(list, index, 1).map_or(Slot::Missing, |at| document.slot(at));
                match values_equal(document, slot, &constant) {
                    Some(true) => return Tri::True,
                    Some(false) => {}
                    None => result = Tri::Unknown,
                }
            }
            result
        });
    }
    walk(expr)
}

fn quantify(expr: &Expr, quantifier: Quantifier, list: &Expr, register: u8, body: &Expr) -> Condition {
    let (Kind::Slot(at, _), Ty::List(element)) = (&list.kind, &list.ty) else { return walk(expr) };
    let (decisive, result, otherwise) = match quantifier {
        Quantifier::Any => (Tri::True, Tri::True, Tri::False),
        Quantifier::All => (Tri::False, Tri::False, Tri::True),
        Quantifier::None => (Tri::True, Tri::False, Tri::True),
        _ => return walk(expr),
    };
    let record = match **element {
        Ty::Record(id) => Some(id),
        _ => None,
    };
    let (at, body) = (*at, condition(body));
    Box::new(move |context, frame| {
        let document = context.document;
        let list = read(document, at, frame);
        let Some(len) = document.len(list) else { return Tri::Unknown };
        let width = record.map_or(1, |id| context.schema.record(id).size);
        let before = frame.get(register);
        let mut outcome = otherwise;
        for index in 0..len {
            let Some(element) = document.element(list, index, width) else { continue };
            if !frame.look(1) {
                outcome = Tri::Failed;
                break;
            }
            frame.set(register, element);
            match body(context, frame) {
                found if found == decisive => {
                    outcome = result;
                    break;
                }
                Tri::Failed => outcome = Tri::Failed,
                Tri::Unknown if outcome != Tri::Failed => outcome = Tri::Unknown,
                _ => {}
            }
        }
        frame.set(register, before);
        outcome
    })
}

/// Words that are known at load are searched for all at once.
fn contains_any(expr: &Expr, of: &Expr, arguments: &[Expr]) -> Condition {
    let (Kind::Slot(at, _), Some(Value::Values(words))) = (&of.kind, arguments.first().and_then(Expr::as_const)) else {
        return walk(expr);
    };
    let words: Vec<String> = words.iter().filter_map(Value::as_text).map(str::to_owned).collect();
    // made when it is first needed: most rules of a set are never run by one filing
    let search: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let at = *at;
    Box::new(move |context, frame| match read(context.document, at, frame) {
        Slot::Text { len, .. } if !frame.look(len / STEP_BYTES as u32) => Tri::Failed,
        Slot::Text { start, len } => match search.get_or_init(|| AhoCorasick::new(&words).ok()) {
            Some(search) => Tri::of(search.is_match(context.document.text(start, len))),
            None => Tri::Failed,
        },
        _ => Tri::Unknown,
    })
}
