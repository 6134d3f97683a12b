//! What does not depend on the document is computed once, when the policy is loaded.

use super::builtin::Knows;
use super::eval::{Context, Frame, MAX_STEPS, evaluate_within};
use super::typed::{Expr, Kind, Ty};
use super::value::Value;
use crate::filing::Document;
use crate::schema::Schema;

/// How many elements of lists a constant part may look at: the whole of the largest table, some times.
const FOLD_STEPS: u32 = 1 << 17;

/// Replaces constant parts by their values, and drops branches that cannot be reached.
pub fn fold(expr: &mut Expr, schema: &Schema, knows: &dyn Knows) {
    let document = Document::empty(schema);
    fold_in(expr, &Context { schema, document: &document, knows, scripts: None });
}

/// The same where there is a document already, of which nothing is read.
pub(super) fn fold_in(expr: &mut Expr, context: &Context<'_>) {
    Folder { context: *context }.fold(expr);
}

struct Folder<'a> {
    context: Context<'a>,
}

impl Folder<'_> {
    fn fold(&self, expr: &mut Expr) {
        if !matches!(expr.kind, Kind::Const(_)) && closed(expr, &mut Vec::new()) {
            let mut frame = Frame::default();
            frame.steps = MAX_STEPS - FOLD_STEPS;
            // what fails or is unknown stays as it is: the report should say so where it matters
            if let Ok(value) = evaluate_within(expr, &self.context, &mut frame)
                && !value.is_missing()
            {
                expr.kind = Kind::Const(value.into_owned());
                return;
            }
        }
        self.fold_parts(expr);
        self.simplify(expr);
    }

    fn fold_parts(&self, expr: &mut Expr) {
        match &mut expr.kind {
            Kind::Const(_) | Kind::Slot(..) | Kind::Record(_) | Kind::Local(_) => {}
            Kind::Column(of, _)
            | Kind::Not(of)
            | Kind::Negate(of)
            | Kind::OfList(_, of)
            | Kind::Matches(of, _)
            | Kind::Label(of)
            | Kind::Id(of)
            | Kind::Expanded { body: of, .. } => self.fold(of),
            Kind::Given(_) | Kind::WellFormed(..) => {}
            Kind::And(parts) | Kind::Or(parts) | Kind::List(parts) | Kind::Call(_, parts) => {
                parts.iter_mut().for_each(|part| self.fold(part));
            }
            Kind::Script { arguments, .. } => arguments.iter_mut().for_each(|part| self.fold(part)),
            Kind::Compare(_, a, b) | Kind::Arithmetic(_, a, b) | Kind::In(a, b) => {
                self.fold(a);
                self.fold(b);
            }
            Kind::If(a, b, c) => {
                self.fold(a);
                self.fold(b);
                self.fold(c);
            }
            Kind::Quantify { list, body, .. } => {
                self.fold(list);
                self.fold(body);
            }
            Kind::OfText(_, of, arguments) => {
                self.fold(of);
                arguments.iter_mut().for_each(|part| self.fold(part));
            }
        }
    }

    fn simplify(&self, expr: &mut Expr) {
        match &mut expr.kind {
            Kind::If(condition, then, otherwise) => {
                if let Some(Value::Bool(value)) = condition.as_const() {
                    let chosen = if *value { &mut **then } else { &mut **otherwise };
                    let mut chosen = std::mem::replace(chosen, nothing());
                    chosen.ty = expr.ty.clone();
                    *expr = chosen;
                }
            }
            Kind::And(_) => connect(expr, false),
            Kind::Or(_) => connect(expr, true),
            _ => {}
        }
    }
}

fn nothing() -> Expr {
    Expr::constant(Value::Missing, Ty::Nothing, (0, 0))
}

/// Drops the parts that decide nothing; one decisive constant decides all.
fn connect(expr: &mut Expr, decisive: bool) {
    let span = expr.span;
    let (Kind::And(parts) | Kind::Or(parts)) = &mut expr.kind else { return };
    if parts.iter().any(|part| part.as_const() == Some(&Value::Bool(decisive))) {
        *expr = Expr::constant(Value::Bool(decisive), Ty::Bool, span);
        return;
    }
    parts.retain(|part| part.as_const() != Some(&Value::Bool(!decisive)));
    match parts.len() {
        0 => *expr = Expr::constant(Value::Bool(!decisive), Ty::Bool, span),
        1 => {
            if let Some(only) = parts.pop() {
                *expr = only;
            }
        }
        _ => {}
    }
}

/// Reads it nothing of the document, and no variable but its own closures'?
fn closed(expr: &Expr, bound: &mut Vec<u8>) -> bool {
    match &expr.kind {
        Kind::Slot(..) | Kind::Record(_) | Kind::Script { .. } => false,
        Kind::Const(value) => !value.is_missing(),
        Kind::Local(register) => bound.contains(register),
        Kind::Quantify { list, register, body, .. } => {
            if !closed(list, bound) {
                return false;
            }
            bound.push(*register);
            let closed = closed(body, bound);
            bound.pop();
            closed
        }
        _ => expr.children().into_iter().all(|child| closed(child, bound)),
    }
}
