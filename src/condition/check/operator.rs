//! Operators: which types go together, and how one side takes the type of the other.

use super::super::ast::{Ast, AstKind, BinaryOp, Bytes, Problem};
use super::super::scope::Scope;
use super::super::typed::{Expr, Kind, Ty};
use super::Checker;

impl Checker<'_> {
    /// Two operands that take each other's type: a literal that of the other side.
    pub(super) fn pair(
        &mut self,
        left: &Ast,
        right: &Ast,
        scope: &Scope,
        expected: Option<&Ty>,
    ) -> Option<(Expr, Expr)> {
        if expected.is_none() && is_literal(left) && !is_literal(right) {
            let right = self.expression(right, scope, None);
            let left = self.expression(left, scope, right.as_ref().map(|right| &right.ty));
            return Some((left?, right?));
        }
        let left = self.expression(left, scope, expected);
        let hint = expected.cloned().or_else(|| left.as_ref().map(|left| left.ty.clone()));
        let right = self.expression(right, scope, hint.as_ref());
        Some((left?, right?))
    }

    pub(super) fn binary(
        &mut self,
        op: BinaryOp,
        op_span: Bytes,
        left: &Ast,
        right: &Ast,
        span: Bytes,
        scope: &Scope,
    ) -> Option<Expr> {
        match op {
            BinaryOp::And | BinaryOp::Or => self.connective(op, left, right, span, scope),
            BinaryOp::In => self.membership(op_span, left, right, span, scope),
            BinaryOp::Equal | BinaryOp::NotEqual => {
                let (left, right) = self.pair(left, right, scope, None)?;
                self.equality(op, op_span, left, right, span)
            }
            BinaryOp::Less | BinaryOp::LessEqual | BinaryOp::Greater | BinaryOp::GreaterEqual => {
                let (left, right) = self.pair(left, right, scope, None)?;
                let ok = match (&left.ty, &right.ty) {
                    (Ty::Int, Ty::Int) => true,
                    (a, b) => is_day(a) && is_day(b),
                };
                if !ok {
                    return self.mismatch(op, op_span, &left, &right, "two numbers or two dates");
                }
                Some(Expr { kind: Kind::Compare(op, Box::new(left), Box::new(right)), ty: Ty::Bool, span })
            }
            _ => {
                let (left, right) = self.pair(left, right, scope, None)?;
                self.arithmetic(op, op_span, left, right, span)
            }
        }
    }

    fn connective(&mut self, op: BinaryOp, left: &Ast, right: &Ast, span: Bytes, scope: &Scope) -> Option<Expr> {
        // `a && b && c` stands as `(a && b) && c`: its operands are taken one after the other, however many there are
        let mut operands = vec![right];
        let mut first = left;
        while let AstKind::Binary { op: inner, left, right, .. } = &first.kind
            && *inner == op
        {
            operands.push(right);
            first = left;
        }
        operands.push(first);
        let checked: Vec<Option<Expr>> =
            operands.into_iter().rev().map(|operand| self.typed(operand, scope, &Ty::Bool)).collect();
        let mut parts = Vec::new();
        for part in checked.into_iter().collect::<Option<Vec<Expr>>>()? {
            match part.kind {
                Kind::And(inner) if op == BinaryOp::And => parts.extend(inner),
                Kind::Or(inner) if op == BinaryOp::Or => parts.extend(inner),
                _ => parts.push(part),
            }
        }
        let kind = if op == BinaryOp::And { Kind::And(parts) } else { Kind::Or(parts) };
        Some(Expr { kind, ty: Ty::Bool, span })
    }

    fn membership(&mut self, op_span: Bytes, left: &Ast, right: &Ast, span: Bytes, scope: &Scope) -> Option<Expr> {
        let (element, list) = if is_literal(left) {
            let list = self.expression(right, scope, None)?;
            let hint = match &list.ty {
                Ty::List(element) => Some((**element).clone()),
                _ => None,
            };
            (self.expression(left, scope, hint.as_ref())?, list)
        } else {
            let element = self.expression(left, scope, None);
            let hint = element.as_ref().map(|element| Ty::List(Box::new(element.ty.clone())));
            let list = self.expression(right, scope, hint.as_ref());
            (element?, list?)
        };
        let Ty::List(of) = list.ty.clone() else {
            let found = self.words(&list.ty);
            let problem = Problem::new(list.span, format!("`in` looks into a list, not into {found}"));
            return self.problem(if matches!(list.ty, Ty::Text) {
                problem.help("for a part of a text write `text.contains(…)`")
            } else {
                problem
            });
        };
        match meet(element, list, &of) {
            Ok((element, list)) => Some(Expr { kind: Kind::In(Box::new(element), Box::new(list)), ty: Ty::Bool, span }),
            Err((element, list)) => {
                self.mismatch(BinaryOp::In, op_span, &element, &list, "a value and a list of its own type")
            }
        }
    }

    fn equality(&mut self, op: BinaryOp, op_span: Bytes, left: Expr, right: Expr, span: Bytes) -> Option<Expr> {
        if matches!(left.ty, Ty::Record(_)) || matches!(right.ty, Ty::Record(_)) {
            return self.problem(
                Problem::new(op_span, "records cannot be compared as a whole")
                    .help("compare a field, or use a function such as `same_person(a, b)`"),
            );
        }
        if matches!(left.ty, Ty::List(_)) || matches!(right.ty, Ty::List(_)) {
            return self.problem(
                Problem::new(op_span, "lists cannot be compared as a whole")
                    .help("use `.contains(…)`, `.all(|x| …)` or `x in list`"),
            );
        }
        let (left, right) = match (&left.ty, &right.ty) {
            (Ty::Text, ty) if has_id(ty) => (left, to_id(right)),
            (ty, Ty::Text) if has_id(ty) => (to_id(left), right),
            _ => (left, right),
        };
        let ok = match (&left.ty, &right.ty) {
            (Ty::Duration | Ty::Row(_), _) => false,
            (a, b) => a == b || is_day(a) && is_day(b),
        };
        if !ok {
            return self.mismatch(op, op_span, &left, &right, "two values of the same type");
        }
        Some(Expr { kind: Kind::Compare(op, Box::new(left), Box::new(right)), ty: Ty::Bool, span })
    }

    fn arithmetic(&mut self, op: BinaryOp, op_span: Bytes, left: Expr, right: Expr, span: Bytes) -> Option<Expr> {
        if let (Ty::List(a), BinaryOp::Add, Ty::List(_)) = (&left.ty, op, &right.ty)
            && !matches!(**a, Ty::Record(_) | Ty::Row(_))
            && let Some((left, right, ty)) = unify(left.clone(), right.clone())
        {
            return Some(Expr { kind: Kind::Arithmetic(op, Box::new(left), Box::new(right)), ty, span });
        }
        let ty = match (&left.ty, op, &right.ty) {
            (Ty::Int, _, Ty::Int) => Ty::Int,
            (Ty::Text, BinaryOp::Add, Ty::Text) => Ty::Text,
            (Ty::Date, BinaryOp::Add | BinaryOp::Subtract, Ty::Duration) => Ty::Date,
            (Ty::Expiry, BinaryOp::Add | BinaryOp::Subtract, Ty::Duration) => Ty::Expiry,
            (Ty::Duration, BinaryOp::Add | BinaryOp::Subtract, Ty::Duration) => Ty::Duration,
            (a, BinaryOp::Subtract, b) if is_day(a) && is_day(b) => {
                return self.problem(
                    Problem::new(op_span, "dates cannot be subtracted").help("write `days_between(earlier, later)`"),
                );
            }
            (a, BinaryOp::Add | BinaryOp::Subtract, Ty::Int) if is_day(a) => {
                return self.problem(
                    Problem::new(op_span, "a number cannot be added to a date")
                        .help("write `days(n)`, `months(n)` or `years(n)`"),
                );
            }
            (Ty::Text, BinaryOp::Add, _) | (_, BinaryOp::Add, Ty::Text) => {
                return self.problem(
                    Problem::new(op_span, "only texts can be joined to a text")
                        .help("in titles and fixes, write `{…}` around each value"),
                );
            }
            _ => {
                return self.mismatch(
                    op,
                    op_span,
                    &left,
                    &right,
                    "two numbers, a date and a length of time, two texts or two lists",
                );
            }
        };
        Some(Expr { kind: Kind::Arithmetic(op, Box::new(left), Box::new(right)), ty, span })
    }

    fn mismatch<T>(&mut self, op: BinaryOp, at: Bytes, left: &Expr, right: &Expr, goes: &str) -> Option<T> {
        let (left, right) = (self.words(&left.ty), self.words(&right.ty));
        self.problem(
            Problem::new(at, format!("`{}` cannot stand between {left} and {right}", op.sign()))
                .help(format!("it stands between {goes}")),
        )
    }
}

/// Does the expression consist of literals only, so that it can take another's type?
fn is_literal(ast: &Ast) -> bool {
    match &ast.kind {
        AstKind::Text(_) => true,
        AstKind::List(items) => items.iter().all(is_literal),
        AstKind::If { then, otherwise, .. } => is_literal(then) && is_literal(otherwise),
        _ => false,
    }
}

pub(super) fn is_day(ty: &Ty) -> bool {
    matches!(ty, Ty::Date | Ty::Expiry)
}

/// Types that a text can be compared with by their id.
fn has_id(ty: &Ty) -> bool {
    matches!(ty, Ty::Enum(_) | Ty::Region2 | Ty::Region6)
}

fn to_id(expr: Expr) -> Expr {
    let span = expr.span;
    let ty = match &expr.ty {
        Ty::List(_) => Ty::List(Box::new(Ty::Text)),
        _ => Ty::Text,
    };
    Expr { kind: Kind::Id(Box::new(expr)), ty, span }
}

/// Brings an element and a list of `of` to one type; gives both back when they do not meet.
#[allow(clippy::result_large_err, reason = "both sides come back either way")]
pub(super) fn meet(element: Expr, list: Expr, of: &Ty) -> Result<(Expr, Expr), (Expr, Expr)> {
    match (&element.ty, of) {
        (_, Ty::Nothing) => Ok((element, list)),
        (Ty::Text, ty) if has_id(ty) => Ok((element, to_id(list))),
        (ty, Ty::Text) if has_id(ty) => Ok((to_id(element), list)),
        (Ty::Record(_) | Ty::List(_) | Ty::Duration | Ty::Row(_), _) => Err((element, list)),
        (a, b) if a == b || is_day(a) && is_day(b) => Ok((element, list)),
        _ => Err((element, list)),
    }
}

/// Makes an expression a type where that loses nothing; gives it back otherwise.
#[allow(clippy::result_large_err, reason = "the expression comes back either way")]
pub(super) fn coerce(mut expr: Expr, to: &Ty) -> Result<Expr, Expr> {
    match (&expr.ty, to) {
        (a, b) if a == b => Ok(expr),
        (Ty::Date, Ty::Expiry) => Ok(expr),
        (Ty::List(element), Ty::List(_)) if **element == Ty::Nothing => {
            expr.ty = to.clone();
            Ok(expr)
        }
        (Ty::List(a), Ty::List(b)) if is_day(a) && is_day(b) => Ok(expr),
        (ty, Ty::Text) if has_id(ty) => Ok(to_id(expr)),
        (Ty::List(a), Ty::List(b)) if has_id(a) && **b == Ty::Text => Ok(to_id(expr)),
        _ => Err(expr),
    }
}

/// The common type of two branches.
pub(super) fn unify(left: Expr, right: Expr) -> Option<(Expr, Expr, Ty)> {
    if is_day(&left.ty) && is_day(&right.ty) && left.ty != right.ty {
        return Some((left, right, Ty::Expiry));
    }
    match coerce(right, &left.ty) {
        Ok(right) => {
            let ty = left.ty.clone();
            Some((left, right, ty))
        }
        Err(right) => match coerce(left, &right.ty) {
            Ok(left) => {
                let ty = right.ty.clone();
                Some((left, right, ty))
            }
            Err(_) => None,
        },
    }
}
