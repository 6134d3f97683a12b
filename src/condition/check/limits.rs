//! Bounds on what a condition may be, and on what it may become once named functions are put in: everything after the
//! checker walks its trees without counting, on a stack that ends.

use super::super::ast::{Bytes, Problem};
use super::super::typed::Expr;
use super::Checker;

/// Parts in parts: some times what the deepest condition of the policies has.
const MAX_DEPTH: usize = 100;

/// Parts of one condition: some times what the largest has.
const MAX_PARTS: usize = 20_000;

/// Problems that are reported of one condition.
pub(in crate::condition) const MAX_PROBLEMS: usize = 20;

/// Rows of a table that count as one part.
const ROWS: usize = 16;

/// What a pattern counts as: its automaton is much larger than a part.
pub(super) const PATTERN: usize = 500;

/// What one condition has taken so far.
#[derive(Debug, Default)]
pub(super) struct Taken {
    depth: usize,
    parts: usize,
    /// It was too much, which is said once.
    over: bool,
}

impl Checker<'_> {
    /// Begins a part; false when there is no room for it. Is to be followed by `leave`.
    pub(super) fn enter(&mut self, span: Bytes) -> bool {
        self.taken.depth += 1;
        self.room(1, 0, span)
    }

    /// Ends a part.
    pub(super) fn leave(&mut self) {
        self.taken.depth -= 1;
    }

    /// Takes room for parts that come at once, and are so deep; false when there is none.
    pub(super) fn room(&mut self, parts: usize, depth: usize, span: Bytes) -> bool {
        self.taken.parts += parts;
        let problem = if self.taken.depth + depth > MAX_DEPTH {
            format!("the condition has more than {MAX_DEPTH} levels, named functions included")
        } else if self.taken.parts > MAX_PARTS {
            format!("the condition has more than {MAX_PARTS} parts, named functions included")
        } else {
            return !self.taken.over;
        };
        if !std::mem::replace(&mut self.taken.over, true) {
            self.problems.push(Problem::new(span, problem).help("write several rules, or a table that is looked up"));
        }
        false
    }

    /// Takes room for a copy of an expression.
    pub(super) fn room_for(&mut self, expr: &Expr, span: Bytes) -> bool {
        let (mut parts, mut depth) = (0, 0);
        measure(expr, 1, &mut parts, &mut depth);
        self.room(parts, depth, span)
    }

    /// Takes room for the rows of a table.
    pub(super) fn room_for_rows(&mut self, rows: usize, span: Bytes) -> bool {
        self.room(rows / ROWS, 0, span)
    }

    /// Adds a problem, while there are not too many to read.
    pub(super) fn problem<T>(&mut self, problem: Problem) -> Option<T> {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
        None
    }
}

fn measure(expr: &Expr, level: usize, parts: &mut usize, depth: &mut usize) {
    *parts += 1;
    *depth = (*depth).max(level);
    for child in expr.children() {
        measure(child, level + 1, parts, depth);
    }
}
