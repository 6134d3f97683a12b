//! A checked expression as a program over slots: only the outcome, nothing recorded, nothing allocated in the usual case.
//!
//! The tree of the expression becomes a tree of [`Node`]s in which names are offsets, most conditions are one [`Test`] of
//! one slot, negations are pushed down to the tests, and the cheaper parts of a conjunction come first: outcomes do not
//! depend on the order, because one decisive part settles it whatever the others are. What has no form here is walked as
//! a tree by `eval`; both must agree, and tests compare them.

mod build;
mod each;
mod list;
mod number;
mod test;
mod text;

use super::eval::{Context, Failure, Frame, STEP_BYTES, evaluate_within, ordered};
use super::typed::{Base, Expr, SlotRef, TextMethod};
use super::value::Value;
use crate::filing::{Document, Slot};
use crate::schema::RecordId;
use each::{Each, Unrolled};
use list::Holds;
use number::{Int, Num};
use test::Test;
use text::{Call, Said, Text, WellFormed};

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
    #[inline]
    fn of(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }

    /// The outcome of the opposite condition, when `negate`.
    #[inline]
    fn flipped(self, negate: bool) -> Self {
        match self {
            Self::False => Self::of(negate),
            Self::True => Self::of(!negate),
            open => open,
        }
    }

    /// The outcome of what consists of this and another part, both of which it needs: a failure says more.
    fn worse(self, other: Self) -> Self {
        if self == Self::Failed || other == Self::Failed { Self::Failed } else { Self::Unknown }
    }
}

/// A compiled condition.
pub struct Program {
    node: Node,
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Program")
    }
}

impl Program {
    /// Compiles a condition.
    pub fn new(expr: &Expr) -> Self {
        Self { node: build::Builder::default().condition(expr, false) }
    }

    /// The outcome on a document.
    #[inline]
    pub fn run(&self, context: &Context<'_>, frame: &mut Frame) -> Tri {
        frame.steps = 0;
        let run = Run::new(context);
        if let Node::All(parts) = &self.node
            && let Some(Node::Slot(ask)) = parts.first()
            && ask.run(run, frame, 0) == Tri::False
        {
            // most rules end here: they are about others
            return Tri::False;
        }
        self.node.run(run, frame, 0)
    }
}

/// A compiled expression of any type, for fields that are computed.
pub(crate) struct Formula {
    of: Typed,
}

impl std::fmt::Debug for Formula {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Formula")
    }
}

enum Typed {
    Condition(Node),
    Number(Num),
    Text(Text),
    Walk(Box<Expr>),
}

/// What a formula came to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Computed {
    /// A slot, as it may stand in the document.
    Slot(Slot),
    /// A value that does not stand in the document yet.
    Value(Value<'static>),
}

impl Formula {
    /// Compiles an expression.
    pub(crate) fn new(expr: &Expr) -> Self {
        let builder = build::Builder::default();
        let of = match &expr.ty {
            super::typed::Ty::Bool => Typed::Condition(builder.condition(expr, false)),
            super::typed::Ty::Text => Typed::Text(builder.text(expr)),
            ty if ty.is_integral() => Typed::Number(builder.number(expr)),
            _ => Typed::Walk(Box::new(expr.clone())),
        };
        Self { of }
    }

    /// Its value; `None` when it is unknown or fails.
    pub(crate) fn run(&self, context: &Context<'_>, frame: &mut Frame) -> Option<Computed> {
        frame.steps = 0;
        let run = Run::new(context);
        match &self.of {
            Typed::Condition(node) => match node.run(run, frame, 0) {
                Tri::True => Some(Computed::Slot(Slot::Bool(true))),
                Tri::False => Some(Computed::Slot(Slot::Bool(false))),
                _ => None,
            },
            Typed::Number(number) => match number.run(run, frame, 0) {
                Int::Known(value) => Some(Computed::Slot(Slot::Int(value))),
                _ => None,
            },
            Typed::Text(text) => text.computed(run, frame),
            Typed::Walk(expr) => {
                let value = evaluate_within(expr, context, frame).ok()?;
                (!value.is_missing()).then(|| Computed::Value(value.into_owned()))
            }
        }
    }
}

/// What a program reads: two pointers, so that it is passed in registers.
#[derive(Clone, Copy)]
struct Run<'a> {
    document: &'a Document,
    context: &'a Context<'a>,
}

impl<'a> Run<'a> {
    #[inline(always)]
    fn new(context: &'a Context<'a>) -> Self {
        Self { document: context.document, context }
    }

    #[inline(always)]
    fn slot(self, index: u32) -> &'a Slot {
        self.document.slots().get(index as usize).unwrap_or(&Slot::Missing)
    }

    #[inline(always)]
    fn text(self, start: u32, len: u32) -> &'a str {
        self.document.text(start, len)
    }

    /// The slow way: exact, but it allocates.
    #[cold]
    #[inline(never)]
    fn walk(self, expr: &Expr, frame: &mut Frame) -> Result<Value<'a>, Failure> {
        evaluate_within(expr, self.context, frame)
    }
}

impl Frame {
    /// Counts a text that is looked at; false when there was too much.
    fn look_at(&mut self, text: &str) -> bool {
        self.look((text.len() / STEP_BYTES) as u32)
    }
}

/// Where a slot is: from the document's start, from the element that the innermost loop is at, or from a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Root(u32),
    Here(u32),
    Register(u8, u32),
}

impl At {
    /// `here` is the register of the innermost loop, whose element is at hand.
    fn new(at: SlotRef, here: Option<u8>) -> Self {
        match at.base {
            Base::Root => Self::Root(at.offset),
            Base::Register(register) if here == Some(register) => Self::Here(at.offset),
            Base::Register(register) => Self::Register(register, at.offset),
        }
    }

    #[inline(always)]
    fn slot(self, frame: &Frame, here: u32) -> u32 {
        match self {
            Self::Root(offset) => offset,
            Self::Here(offset) => here + offset,
            Self::Register(register, offset) => frame.get(register) + offset,
        }
    }
}

/// A question to a slot, or its opposite.
struct Ask {
    at: At,
    negate: bool,
    test: Test,
}

impl Ask {
    #[inline(always)]
    fn run(&self, run: Run<'_>, frame: &mut Frame, here: u32) -> Tri {
        self.test.on(run.slot(self.at.slot(frame, here)), run, frame, self.negate)
    }

    /// All must hold, or one of them, when `any`.
    #[inline(always)]
    fn run_all(asks: &[Self], any: bool, run: Run<'_>, frame: &mut Frame, here: u32) -> Tri {
        let decisive = Tri::of(any);
        let mut result = Tri::of(!any);
        for ask in asks {
            match ask.run(run, frame, here) {
                outcome if outcome == decisive => return decisive,
                Tri::False | Tri::True => {}
                Tri::Unknown if result == Tri::Failed => {}
                open => result = open,
            }
        }
        result
    }
}

/// A compiled condition.
enum Node {
    Const(Tri),
    /// One slot against a constant.
    Slot(Ask),
    /// All of it must hold, or one part of it.
    Asks(Box<[Ask]>, bool),
    /// All must hold.
    All(Box<[Self]>),
    /// One must hold.
    Any(Box<[Self]>),
    Not(Box<Self>),
    If(Box<[Self; 3]>),
    /// One element of a list of the document must hold, all must, none must.
    Each(Box<Each>),
    /// The same of a list of constants.
    Constants(Box<Unrolled>),
    /// Two numbers, in this order.
    Numbers(Box<(super::ast::BinaryOp, Num, Num)>),
    Number(Box<(Num, Test)>),
    Text(Box<(Text, Test)>),
    SameTexts(Box<(Text, Text)>),
    /// A text and a part of it.
    Part(Box<(TextMethod, Text, Text)>),
    SameBooleans(Box<(Self, Self)>),
    /// A list of the document and what it may hold.
    Holds(Box<Holds>),
    GivenRecord(At, RecordId),
    WellFormed(Box<WellFormed>),
    Call(Box<Call>),
    Walk(Box<Expr>),
}

impl Node {
    /// The outcome; `here` is the element that the innermost loop is at.
    #[inline(always)]
    fn run(&self, run: Run<'_>, frame: &mut Frame, here: u32) -> Tri {
        match self {
            Self::Slot(ask) => ask.run(run, frame, here),
            Self::Each(each) => each.run(run, frame, here),
            other => other.run_larger(run, frame, here),
        }
    }

    #[inline(never)]
    fn run_larger(&self, run: Run<'_>, frame: &mut Frame, here: u32) -> Tri {
        match self {
            Self::Asks(asks, any) => Ask::run_all(asks, *any, run, frame, here),
            Self::All(parts) => Self::connect(parts, Tri::False, Tri::True, run, frame, here),
            Self::Any(parts) => Self::connect(parts, Tri::True, Tri::False, run, frame, here),
            other => other.run_rarer(run, frame, here),
        }
    }

    #[inline(always)]
    fn connect(parts: &[Self], decisive: Tri, neutral: Tri, run: Run<'_>, frame: &mut Frame, here: u32) -> Tri {
        let mut result = neutral;
        for part in parts {
            let outcome = part.run(run, frame, here);
            if outcome == decisive {
                return decisive;
            }
            if outcome != neutral {
                result = if result == neutral { outcome } else { result.worse(outcome) };
            }
        }
        result
    }

    #[inline(never)]
    fn run_rarer(&self, run: Run<'_>, frame: &mut Frame, here: u32) -> Tri {
        match self {
            Self::Const(outcome) => *outcome,
            Self::Not(of) => of.run(run, frame, here).flipped(true),
            Self::If(parts) => {
                let [choice, then, otherwise] = &**parts;
                match choice.run(run, frame, here) {
                    Tri::True => then.run(run, frame, here),
                    Tri::False => otherwise.run(run, frame, here),
                    open => open,
                }
            }
            Self::Constants(unrolled) => unrolled.run(run, frame, here),
            Self::Numbers(pair) => {
                let (op, left, right) = &**pair;
                match (left.run(run, frame, here), right.run(run, frame, here)) {
                    (Int::Known(left), Int::Known(right)) => Tri::of(ordered(*op, left, right)),
                    (left, right) => left.open().worse(right.open()),
                }
            }
            Self::Number(pair) => {
                let (number, test) = &**pair;
                match number.run(run, frame, here) {
                    Int::Known(value) => test.on(&Slot::Int(value), run, frame, false),
                    open => open.open(),
                }
            }
            Self::Text(pair) => {
                let (text, test) = &**pair;
                match text.run(run, frame, here) {
                    Said::Known(text) if !frame.look_at(&text) => Tri::Failed,
                    Said::Known(text) => test.on_text(&text),
                    open => open.open(),
                }
            }
            Self::SameTexts(pair) => {
                let (left, right) = &**pair;
                match (left.run(run, frame, here), right.run(run, frame, here)) {
                    (Said::Known(left), Said::Known(right)) => Tri::of(left == right),
                    (left, right) => left.open().worse(right.open()),
                }
            }
            Self::Part(parts) => {
                let (method, text, part) = &**parts;
                match (text.run(run, frame, here), part.run(run, frame, here)) {
                    (Said::Known(text), Said::Known(_)) if !frame.look_at(&text) => Tri::Failed,
                    (Said::Known(text), Said::Known(part)) => Tri::of(match method {
                        TextMethod::StartsWith => text.starts_with(&*part),
                        TextMethod::EndsWith => text.ends_with(&*part),
                        _ => text.contains(&*part),
                    }),
                    (text, part) => text.open().worse(part.open()),
                }
            }
            Self::SameBooleans(pair) => {
                let (left, right) = (pair.0.run(run, frame, here), pair.1.run(run, frame, here));
                match (left, right) {
                    (Tri::True | Tri::False, Tri::True | Tri::False) => Tri::of(left == right),
                    _ => left.worse(right),
                }
            }
            Self::Holds(holds) => holds.run(run, frame, here),
            Self::GivenRecord(at, record) => {
                let record = run.context.schema.record(*record);
                Tri::of(run.context.document.record_given(record, at.slot(frame, here)))
            }
            Self::WellFormed(of) => of.run(run, frame, here),
            Self::Call(call) => match call.run(run, frame, here) {
                Ok(Value::Bool(value)) => Tri::of(value),
                Ok(_) => Tri::Unknown,
                Err(open) => open,
            },
            Self::Walk(expr) => match run.walk(expr, frame) {
                Ok(Value::Bool(value)) => Tri::of(value),
                Ok(_) => Tri::Unknown,
                Err(_) => Tri::Failed,
            },
            // the common ones were seen to before
            Self::Slot(_) | Self::Asks(..) | Self::All(_) | Self::Any(_) | Self::Each(_) => self.run(run, frame, here),
        }
    }

    /// How much it takes, roughly: cheaper parts of a conjunction come first.
    fn cost(&self) -> u32 {
        let sum = |parts: &[Self]| parts.iter().map(Self::cost).sum::<u32>();
        match self {
            Self::Const(_) => 0,
            Self::Slot(ask) => ask.test.cost(),
            Self::Asks(asks, _) => asks.iter().map(|ask| ask.test.cost()).sum(),
            Self::All(parts) | Self::Any(parts) => sum(parts),
            Self::Not(of) => of.cost(),
            Self::If(parts) => sum(&**parts),
            Self::Each(each) => each.cost(),
            Self::GivenRecord(..) | Self::Holds(_) => 10,
            Self::Numbers(pair) => pair.1.cost() + pair.2.cost(),
            Self::Number(pair) => pair.0.cost(),
            Self::Text(pair) => pair.0.cost() + pair.1.cost(),
            Self::SameTexts(pair) => pair.0.cost() + pair.1.cost(),
            Self::Part(parts) => parts.1.cost() + parts.2.cost() + 4,
            Self::SameBooleans(pair) => pair.0.cost() + pair.1.cost(),
            Self::Constants(_) => 60,
            Self::WellFormed(_) | Self::Call(_) => 40,
            Self::Walk(_) => 200,
        }
    }
}
