//! Conditions on the elements of a list: of the document, or of constants.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::super::fold::fold_in;
use super::super::typed::{Expr, Kind, Quantifier, Ty};
use super::super::value::Value;
use super::build::{Builder, join};
use super::number::Int;
use super::test::{Test, holds};
use super::{Ask, At, Node, Run, Tri};
use crate::condition::Frame;
use crate::filing::Slot;
use crate::schema::RecordId;

/// A list of the document, and what one of its elements must be.
pub(super) struct Each {
    list: At,
    /// What the elements are, when they are records.
    record: Option<RecordId>,
    /// Slots of one element.
    width: OnceLock<u32>,
    register: u8,
    body: Node,
    /// The outcome when an element is so; else its opposite.
    found: bool,
}

/// One slot of every element.
#[derive(Clone, Copy)]
struct Column {
    first: u32,
    len: u32,
    width: u32,
}

impl Each {
    /// What comes out when no element is so.
    fn otherwise(&self) -> Tri {
        Tri::of(!self.found)
    }

    pub(super) fn found(mut self, found: bool) -> Self {
        self.found = found;
        self
    }

    pub(super) fn run(&self, run: Run<'_>, frame: &mut Frame, here: u32) -> Tri {
        match run.slot(self.list.slot(frame, here)) {
            Slot::List { len, .. } | Slot::Refs { len, .. } if !frame.look(*len) => Tri::Failed,
            Slot::List { start, len } => {
                let width = self.width(run);
                match &self.body {
                    Node::Slot(Ask { at: At::Here(offset), negate, test }) => {
                        let column = Column { first: start + offset, len: *len, width };
                        self.search_slots(column, run, frame, test, *negate)
                    }
                    _ => self.search_list(*start, *len, width, run, frame),
                }
            }
            Slot::Refs { start, len } => self.search_collected(*start, *len, run, frame),
            _ => Tri::Unknown,
        }
    }

    #[inline(never)]
    fn search_list(&self, start: u32, len: u32, width: u32, run: Run<'_>, frame: &mut Frame) -> Tri {
        self.search((0..len).map(|index| start + index * width), run, frame)
    }

    #[inline(never)]
    fn search_collected(&self, start: u32, len: u32, run: Run<'_>, frame: &mut Frame) -> Tri {
        self.search(elements(run, start, len), run, frame)
    }

    /// Slots of one element; no list is of records without fields.
    #[inline(always)]
    fn width(&self, run: Run<'_>) -> u32 {
        *self.width.get_or_init(|| self.record.map_or(1, |id| run.context.schema.record(id).size.max(1)))
    }

    /// The same question to a slot of every element: the commonest ones have a loop of their own.
    #[inline(always)]
    fn search_slots(&self, column: Column, run: Run<'_>, frame: &mut Frame, test: &Test, negate: bool) -> Tri {
        match test {
            Test::True => self.scan(column, run, |slot| match slot {
                Slot::Bool(value) => Tri::of(*value != negate),
                _ => Tri::Unknown,
            }),
            Test::Among(set) => self.scan(column, run, |slot| match slot {
                Slot::Int(value) => Tri::of(holds(*set, *value) != negate),
                _ => Tri::Unknown,
            }),
            Test::Equal(number) => self.scan(column, run, |slot| match slot {
                Slot::Int(value) => Tri::of((value == number) != negate),
                _ => Tri::Unknown,
            }),
            Test::Less(number) => self.scan(column, run, |slot| match slot {
                Slot::Int(value) => Tri::of((value < number) != negate),
                _ => Tri::Unknown,
            }),
            Test::Greater(number) => self.scan(column, run, |slot| match slot {
                Slot::Int(value) => Tri::of((value > number) != negate),
                _ => Tri::Unknown,
            }),
            _ => self.scan_other(column, run, frame, test, negate),
        }
    }

    #[inline(never)]
    fn scan_other(&self, column: Column, run: Run<'_>, frame: &mut Frame, test: &Test, negate: bool) -> Tri {
        self.scan(column, run, |slot| test.on(slot, run, frame, negate))
    }

    #[inline(always)]
    fn scan(&self, column: Column, run: Run<'_>, mut ask: impl FnMut(&Slot) -> Tri) -> Tri {
        let slots = run.document.slots();
        let (mut at, mut outcome) = (column.first as usize, self.otherwise());
        for _ in 0..column.len {
            match ask(slots.get(at).unwrap_or(&Slot::Missing)) {
                Tri::True => return Tri::of(self.found),
                Tri::False => {}
                Tri::Unknown if outcome == Tri::Failed => {}
                open => outcome = open,
            }
            at += column.width as usize;
        }
        outcome
    }

    #[inline(always)]
    fn search(&self, elements: impl Iterator<Item = u32>, run: Run<'_>, frame: &mut Frame) -> Tri {
        let mut outcome = self.otherwise();
        if let Node::Asks(asks, any) = &self.body {
            // nothing below reads the register but as the element at hand
            for element in elements {
                match Ask::run_all(asks, *any, run, frame, element) {
                    Tri::True => return Tri::of(self.found),
                    Tri::False => {}
                    Tri::Unknown if outcome == Tri::Failed => {}
                    open => outcome = open,
                }
            }
            return outcome;
        }
        let before = frame.get(self.register);
        for element in elements {
            frame.set(self.register, element);
            match self.body.run(run, frame, element) {
                Tri::True => {
                    outcome = Tri::of(self.found);
                    break;
                }
                Tri::False => {}
                Tri::Unknown if outcome == Tri::Failed => {}
                open => outcome = open,
            }
        }
        frame.set(self.register, before);
        outcome
    }

    /// How many elements are so.
    pub(super) fn count(&self, run: Run<'_>, frame: &mut Frame, here: u32) -> Int {
        match run.slot(self.list.slot(frame, here)) {
            Slot::List { len, .. } | Slot::Refs { len, .. } if !frame.look(*len) => Int::Failed,
            Slot::List { start, len } => {
                let width = self.width(run);
                self.count_of((0..*len).map(|index| start + index * width), run, frame)
            }
            Slot::Refs { start, len } => self.count_of(elements(run, *start, *len), run, frame),
            _ => Int::Unknown,
        }
    }

    fn count_of(&self, elements: impl Iterator<Item = u32>, run: Run<'_>, frame: &mut Frame) -> Int {
        let before = frame.get(self.register);
        let (mut count, mut open) = (0, None);
        for element in elements {
            frame.set(self.register, element);
            match self.body.run(run, frame, element) {
                Tri::True => count += 1,
                Tri::False => {}
                outcome => open = Some(open.map_or(outcome, |open: Tri| open.worse(outcome))),
            }
        }
        frame.set(self.register, before);
        match open {
            None => Int::Known(count),
            Some(Tri::Failed) => Int::Failed,
            Some(_) => Int::Unknown,
        }
    }

    pub(super) fn cost(&self) -> u32 {
        4 + 3 * self.body.cost()
    }
}

/// The elements of a collected list.
fn elements(run: Run<'_>, start: u32, len: u32) -> impl Iterator<Item = u32> {
    (start..start + len).filter_map(move |index| match run.slot(index) {
        Slot::At(at) => Some(*at),
        _ => None,
    })
}

/// A condition on the elements of a constant list: one condition per element, once it has proved worth the work.
pub(super) struct Unrolled {
    expr: Expr,
    /// How many elements the list has.
    len: u32,
    negate: bool,
    builder: Builder,
    runs: AtomicU32,
    node: OnceLock<Node>,
}

/// A filing that is checked alone should not pay for the next thousand.
const WORTH: u32 = 16;

impl Unrolled {
    pub(super) fn run(&self, run: Run<'_>, frame: &mut Frame, here: u32) -> Tri {
        if let Some(node) = self.node.get() {
            return if frame.look(self.len) { node.run(run, frame, here) } else { Tri::Failed };
        }
        if self.runs.fetch_add(1, Ordering::Relaxed) >= WORTH {
            return self.node.get_or_init(|| self.unroll(run)).run(run, frame, here);
        }
        match run.walk(&self.expr, frame) {
            Ok(Value::Bool(value)) => Tri::of(value).flipped(self.negate),
            Ok(_) => Tri::Unknown,
            Err(_) => Tri::Failed,
        }
    }

    fn unroll(&self, run: Run<'_>) -> Node {
        let Kind::Quantify { quantifier, list, register, body } = &self.expr.kind else {
            return Node::Walk(Box::new(self.expr.clone()));
        };
        // `all` is that none is not so
        let (opposite, found) = match quantifier {
            Quantifier::All => (true, self.negate),
            Quantifier::None => (false, self.negate),
            _ => (false, !self.negate),
        };
        let Some(Value::Values(values)) = list.as_const() else { return Node::Walk(Box::new(self.expr.clone())) };
        let parts = values.iter().map(|value| {
            let mut body = (**body).clone();
            substitute(&mut body, *register, value);
            fold_in(&mut body, run.context);
            self.builder.condition(&body, opposite == found)
        });
        join(parts.collect(), found)
    }
}

/// Puts a value in the place of a variable.
fn substitute(expr: &mut Expr, register: u8, value: &Value<'static>) {
    if matches!(expr.kind, Kind::Local(local) if local == register) {
        expr.kind = Kind::Const(value.clone());
    }
    for child in expr.children_mut() {
        substitute(child, register, value);
    }
}

impl Builder {
    /// `any`, `all` and `none`.
    pub(super) fn quantifier(self, expr: &Expr, negate: bool) -> Option<Node> {
        let Kind::Quantify { quantifier, list, register, body } = &expr.kind else { return None };
        let (opposite, found) = match quantifier {
            Quantifier::Any => (false, !negate),
            Quantifier::None => (false, negate),
            Quantifier::All => (true, negate),
            Quantifier::Count | Quantifier::Filter | Quantifier::Map => return None,
        };
        if let Some(Value::Values(values)) = list.as_const() {
            let (expr, len) = (expr.clone(), values.len() as u32);
            let unrolled =
                Unrolled { expr, len, negate, builder: self, runs: AtomicU32::new(0), node: OnceLock::new() };
            return Some(Node::Constants(Box::new(unrolled)));
        }
        let each = self.each(list, *register, body, opposite)?.found(found);
        Some(Node::Each(Box::new(each)))
    }

    /// The elements of a list of the document.
    pub(super) fn each(self, list: &Expr, register: u8, body: &Expr, negate: bool) -> Option<Each> {
        let Ty::List(element) = &list.ty else { return None };
        let record = match **element {
            Ty::Record(id) => Some(id),
            _ => None,
        };
        let list = self.place(list)?;
        let body = Self { here: Some(register) }.condition(body, negate);
        Some(Each { list, record, width: OnceLock::new(), register, body, found: true })
    }
}
