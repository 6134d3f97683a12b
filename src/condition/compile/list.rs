//! Does a list of the document hold a value that is computed?

use super::number::{Int, Num};
use super::test::has;
use super::text::{Said, Text};
use super::{At, Run, Tri};
use crate::condition::Frame;
use crate::filing::Slot;

/// A list of the document and what it may hold.
pub(super) struct Holds {
    pub(super) list: At,
    pub(super) element: Element,
}

pub(super) enum Element {
    Number(Num),
    Text(Text),
}

impl Holds {
    pub(super) fn run(&self, run: Run<'_>, frame: &mut Frame, here: u32) -> Tri {
        let list = run.slot(self.list.slot(frame, here));
        match &self.element {
            Element::Number(number) => match number.run(run, frame, here) {
                Int::Known(number) => has(run, frame, list, |value| *value == Slot::Int(number)),
                open => Self::open(list, open.open()),
            },
            Element::Text(text) => match text.run(run, frame, here) {
                Said::Known(text) => has(run, frame, list, |value| match value {
                    Slot::Text { start, len } => run.text(*start, *len) == text,
                    _ => false,
                }),
                open => Self::open(list, open.open()),
            },
        }
    }

    /// An empty list holds nothing, whatever it is.
    fn open(list: &Slot, open: Tri) -> Tri {
        match list {
            Slot::List { len: 0, .. } if open == Tri::Unknown => Tri::False,
            _ => open,
        }
    }
}
