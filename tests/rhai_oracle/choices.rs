//! Random choices as a sequence of numbers: what shrinks the sequence shrinks what is made of it.

/// A sequence that is used up from the front; past its end every choice is the first.
pub struct Choices<'a> {
    numbers: &'a [u16],
}

impl<'a> Choices<'a> {
    pub fn new(numbers: &'a [u16]) -> Self {
        Self { numbers }
    }

    /// A number below `count`.
    pub fn below(&mut self, count: usize) -> usize {
        let Some((first, rest)) = self.numbers.split_first() else { return 0 };
        self.numbers = rest;
        usize::from(*first) % count
    }

    /// One of several; the first should be the simplest.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// True once in `out_of`.
    pub fn once_in(&mut self, out_of: usize) -> bool {
        self.below(out_of) == out_of - 1
    }
}
