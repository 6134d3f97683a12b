//! From the tree of an expression to its nodes.

use super::super::ast::BinaryOp;
use super::super::eval::is_equality;
use super::super::typed::{Base, Expr, Kind, ListMethod, SlotRef, TextMethod, Ty};
use super::super::value::Value;
use super::list::{Element, Holds};
use super::test::{Search, Test};
use super::text::Text;
use super::{Ask, At, Node, Tri};

/// Compiles expressions at one place of a tree.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Builder {
    /// The register of the innermost loop.
    pub(super) here: Option<u8>,
}

impl Builder {
    /// The place of a slot; `None` when the expression is something else.
    pub(super) fn place(self, expr: &Expr) -> Option<At> {
        match &expr.kind {
            Kind::Slot(at, _) => Some(At::new(*at, self.here)),
            // loops over other lists than those of the document are not compiled, so that it is a slot here
            Kind::Local(register) => Some(At::new(SlotRef { base: Base::Register(*register), offset: 0 }, self.here)),
            Kind::Expanded { body, .. } => self.place(body),
            _ => None,
        }
    }

    /// Compiles a condition, or its opposite.
    pub(super) fn condition(self, expr: &Expr, negate: bool) -> Node {
        let node = match &expr.kind {
            Kind::Const(Value::Bool(value)) => Some(Node::Const(Tri::of(*value != negate))),
            Kind::Const(_) => Some(Node::Const(Tri::Unknown)),
            Kind::Expanded { body, .. } => Some(self.condition(body, negate)),
            Kind::Slot(..) | Kind::Local(_) => self.place(expr).map(|at| Node::slot(at, Test::True).negated(negate)),
            Kind::Not(of) => Some(self.condition(of, !negate)),
            // De Morgan: the opposite of "all" is "one is not"
            Kind::And(parts) => Some(self.connect(parts, negate, negate)),
            Kind::Or(parts) => Some(self.connect(parts, negate, !negate)),
            Kind::If(choice, then, otherwise) => {
                let parts =
                    [self.condition(choice, false), self.condition(then, negate), self.condition(otherwise, negate)];
                Some(Node::If(Box::new(parts)))
            }
            Kind::Quantify { .. } => self.quantifier(expr, negate),
            Kind::Given(of) => self.given(of).map(|node| node.negated(negate)),
            Kind::Compare(op, left, right) => self.compare(*op, left, right).map(|node| node.negated(negate)),
            Kind::In(element, list) => self.membership(element, list).map(|node| node.negated(negate)),
            Kind::OfText(method, of, arguments) => {
                self.of_text(*method, of, arguments).map(|node| node.negated(negate))
            }
            Kind::OfList(ListMethod::IsEmpty, list) => self.empty_list(list).map(|node| node.negated(negate)),
            Kind::Matches(of, regex) => {
                Some(self.text_test(of, Test::Matches(Box::new(regex.clone()))).negated(negate))
            }
            Kind::WellFormed(of, field) => {
                self.well_formed(of, *field).map(|of| Node::WellFormed(Box::new(of)).negated(negate))
            }
            Kind::Call(builtin, arguments) => {
                self.call(*builtin, arguments).map(|call| Node::Call(Box::new(call)).negated(negate))
            }
            _ => None,
        };
        node.unwrap_or_else(|| Node::Walk(Box::new(expr.clone())).negated(negate))
    }

    fn connect(self, parts: &[Expr], negate: bool, any: bool) -> Node {
        join(parts.iter().map(|part| self.condition(part, negate)).collect(), any)
    }

    fn given(self, of: &Expr) -> Option<Node> {
        match (&of.kind, &of.ty) {
            (Kind::Slot(..), _) => self.place(of).map(|at| Node::slot(at, Test::Given)),
            (Kind::Record(at), Ty::Record(id)) => Some(Node::GivenRecord(At::new(*at, self.here), *id)),
            // what is not a field itself need only be known
            _ => self.place(of).map(|at| Node::slot(at, Test::Known)),
        }
    }

    fn compare(self, op: BinaryOp, left: &Expr, right: &Expr) -> Option<Node> {
        if left.as_const().is_some() && right.as_const().is_none() {
            return self.compare(mirrored(op), right, left);
        }
        let constant = right.as_const();
        match (&left.ty, &right.ty) {
            (Ty::Text, Ty::Text) if is_equality(op) => {
                let node = match constant {
                    Some(Value::Text(text)) => self.text_test(left, Test::is(text)),
                    _ => Node::SameTexts(Box::new((self.text(left), self.text(right)))),
                };
                Some(node.negated(op == BinaryOp::NotEqual))
            }
            (Ty::Bool, Ty::Bool) if is_equality(op) => Some(match constant {
                Some(Value::Bool(value)) => self.condition(left, *value != (op == BinaryOp::Equal)),
                _ => Node::SameBooleans(Box::new((self.condition(left, false), self.condition(right, false))))
                    .negated(op == BinaryOp::NotEqual),
            }),
            (a, b) if a.is_integral() && b.is_integral() => Some(match constant {
                Some(Value::Int(number)) => {
                    let (test, negate) = match op {
                        BinaryOp::Less => (Test::Less(*number), false),
                        BinaryOp::GreaterEqual => (Test::Less(*number), true),
                        BinaryOp::Greater => (Test::Greater(*number), false),
                        BinaryOp::LessEqual => (Test::Greater(*number), true),
                        _ => (Test::Equal(*number), op == BinaryOp::NotEqual),
                    };
                    self.number_test(left, test).negated(negate)
                }
                _ => Node::Numbers(Box::new((op, self.number(left), self.number(right)))),
            }),
            _ => None,
        }
    }

    /// `element in list`, `list.contains(element)`.
    fn membership(self, element: &Expr, list: &Expr) -> Option<Node> {
        if let Some(Value::Values(values)) = list.as_const() {
            if values.is_empty() {
                return self.place(element).map(|_| Node::Const(Tri::False));
            }
            if element.ty.is_integral() {
                let numbers = values.iter().map(Value::as_int).collect::<Option<Vec<i64>>>()?;
                return Some(self.number_test(element, Test::among(numbers)));
            }
            let texts = values.iter().map(|value| value.as_text().map(Box::from)).collect::<Option<Vec<Box<str>>>>()?;
            return (element.ty == Ty::Text).then(|| self.text_test(element, Test::among_texts(texts)));
        }
        let at = self.place(list)?;
        match (element.as_const(), &element.ty) {
            (Some(Value::Int(number @ 0..64)), _) => Some(Node::slot(at, Test::Has(1 << number))),
            (Some(Value::Int(number)), _) => Some(Node::slot(at, Test::HasNumber(*number))),
            (Some(Value::Text(text)), _) => Some(Node::slot(at, Test::HasText(text.as_ref().into()))),
            (Some(_), _) => None,
            (None, Ty::Text) => {
                Some(Node::Holds(Box::new(Holds { list: at, element: Element::Text(self.text(element)) })))
            }
            (None, ty) if ty.is_integral() => {
                Some(Node::Holds(Box::new(Holds { list: at, element: Element::Number(self.number(element)) })))
            }
            (None, _) => None,
        }
    }

    fn of_text(self, method: TextMethod, of: &Expr, arguments: &[Expr]) -> Option<Node> {
        let argument = arguments.first();
        let test = match (method, argument.and_then(Expr::as_const)) {
            (TextMethod::IsEmpty, _) => Test::EmptyText,
            (TextMethod::StartsWith, Some(Value::Text(text))) => Test::starts_with(text),
            (TextMethod::EndsWith, Some(Value::Text(text))) => Test::EndsWith(text.as_ref().into()),
            (TextMethod::Contains, Some(Value::Text(text))) => Test::Contains(text.as_ref().into()),
            (TextMethod::ContainsAny, Some(Value::Values(words))) => {
                let words = words.iter().map(|word| word.as_text().map(Box::from)).collect::<Option<Vec<Box<str>>>>();
                Test::ContainsAny(Box::new(Search::new(words?)))
            }
            (TextMethod::StartsWith | TextMethod::EndsWith | TextMethod::Contains, None) => {
                let (text, part) = (self.text(of), self.text(argument?));
                return Some(Node::Part(Box::new((method, text, part))));
            }
            _ => return None,
        };
        Some(self.text_test(of, test))
    }

    fn empty_list(self, list: &Expr) -> Option<Node> {
        self.place(list).map(|at| Node::slot(at, Test::EmptyList))
    }

    fn number_test(self, of: &Expr, test: Test) -> Node {
        match self.place(of) {
            Some(at) => Node::slot(at, test),
            None => Node::Number(Box::new((self.number(of), test))),
        }
    }

    fn text_test(self, of: &Expr, test: Test) -> Node {
        match self.place(of) {
            Some(at) => Node::slot(at, test),
            None => Node::Text(Box::new((self.text(of), test))),
        }
    }
}

/// The operator that says the same with its sides exchanged.
fn mirrored(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Less => BinaryOp::Greater,
        BinaryOp::LessEqual => BinaryOp::GreaterEqual,
        BinaryOp::Greater => BinaryOp::Less,
        BinaryOp::GreaterEqual => BinaryOp::LessEqual,
        other => other,
    }
}

impl Node {
    fn slot(at: At, test: Test) -> Self {
        Self::Slot(Ask { at, negate: false, test })
    }

    /// The opposite, when `negate`.
    fn negated(self, negate: bool) -> Self {
        if !negate {
            return self;
        }
        match self {
            Self::Const(outcome) => Self::Const(outcome.flipped(true)),
            Self::Slot(ask) => Self::Slot(Ask { negate: !ask.negate, ..ask }),
            Self::Not(of) => *of,
            other => Self::Not(Box::new(other)),
        }
    }
}

/// All parts, or one of them: the cheapest first, questions to the same slot put together.
pub(super) fn join(parts: Vec<Node>, any: bool) -> Node {
    let decisive = Tri::of(any);
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Node::Any(inner) if any => flat.extend(inner),
            Node::All(inner) if !any => flat.extend(inner),
            Node::Asks(asks, inner) if inner == any => flat.extend(asks.into_iter().map(Node::Slot)),
            Node::Const(outcome) if outcome == decisive => return Node::Const(decisive),
            Node::Const(Tri::True | Tri::False) => {}
            other => flat.push(other),
        }
    }
    let mut joined: Vec<Node> = Vec::with_capacity(flat.len());
    for part in flat {
        match part {
            Node::Slot(ask) => add(&mut joined, ask, any),
            Node::Text(pair) if any => add_text(&mut joined, *pair, any),
            Node::Not(of) if !any && matches!(*of, Node::Text(_)) => {
                if let Node::Text(pair) = *of {
                    add_text(&mut joined, *pair, any);
                }
            }
            other => joined.push(other),
        }
    }
    joined.sort_by_key(Node::cost);
    if joined.len() < 2 {
        return joined.pop().unwrap_or(Node::Const(Tri::of(!any)));
    }
    if joined.iter().all(|part| matches!(part, Node::Slot(_))) {
        let asks = joined.into_iter().filter_map(|part| match part {
            Node::Slot(ask) => Some(ask),
            _ => None,
        });
        return Node::Asks(asks.collect(), any);
    }
    if any { Node::Any(joined.into()) } else { Node::All(joined.into()) }
}

/// Adds a question; "a or b", and "neither a nor b", of the same slot are one.
fn add(joined: &mut Vec<Node>, ask: Ask, any: bool) {
    let Ask { at, negate, test } = ask;
    let same = joined.iter_mut().find_map(|known| match known {
        Node::Slot(known) if known.at == at && known.negate == negate && negate != any => Some(&mut known.test),
        _ => None,
    });
    let rest = match same {
        Some(known) => either(known, test),
        None => Some(test),
    };
    joined.extend(rest.map(|test| Node::Slot(Ask { at, negate, test })));
}

/// Adds a question to a computed text: a text that is asked several things is computed once.
fn add_text(joined: &mut Vec<Node>, (text, test): (Text, Test), any: bool) {
    let same = joined.iter_mut().find_map(|known| match known {
        Node::Text(known) if any && known.0.same(&text) => Some(&mut known.1),
        Node::Not(known) if !any => match &mut **known {
            Node::Text(known) if known.0.same(&text) => Some(&mut known.1),
            _ => None,
        },
        _ => None,
    });
    match same {
        Some(Test::OneOf(tests)) => tests.push(test),
        Some(known) => {
            let first = std::mem::replace(known, Test::Known);
            *known = Test::OneOf(Box::new(vec![first, test]));
        }
        None => joined.push(Node::Text(Box::new((text, test))).negated(!any)),
    }
}

/// Makes of two tests of one slot the test whether one of them holds; gives the second back when there is none.
fn either(known: &mut Test, test: Test) -> Option<Test> {
    let numbers = |test: &Test| match test {
        Test::Equal(number @ 0..64) => Some(1 << number),
        Test::Among(set) => Some(*set),
        _ => None,
    };
    if let (Some(a), Some(b)) = (numbers(known), numbers(&test)) {
        *known = Test::Among(a | b);
        return None;
    }
    match (known, test) {
        (Test::Has(known), Test::Has(set)) => *known |= set,
        (known @ (Test::Contains(_) | Test::ContainsAny(_)), Test::Contains(word)) => {
            let mut words = match &*known {
                Test::Contains(word) => vec![word.clone()],
                Test::ContainsAny(search) => search.words().to_vec(),
                _ => Vec::new(),
            };
            words.push(word);
            *known = Test::ContainsAny(Box::new(Search::new(words)));
        }
        (_, test) => return Some(test),
    }
    None
}
