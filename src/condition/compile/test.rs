//! What is asked of one slot, the constants known: nearly all that rules are made of.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use regex::Regex;
use rustc_hash::FxHashSet;

use super::super::eval::{Frame, STEP_BYTES, is_given};
use super::{Run, Tri};
use crate::filing::Slot;

/// A question to one slot.
pub(super) enum Test {
    /// A boolean that is true.
    True,
    Equal(i64),
    Less(i64),
    Greater(i64),
    /// One of some small numbers: values of an enumeration.
    Among(u64),
    /// One of some numbers, sorted.
    AmongMany(Box<[i64]>),
    /// Given, as rules mean it.
    Given,
    /// Not missing.
    Known,
    EmptyText,
    EmptyList,
    Is(Word),
    IsLong(Box<str>),
    /// One of a few texts of at most eight bytes.
    AmongWords(Box<[Word]>),
    AmongTexts(Box<FxHashSet<Box<str>>>),
    StartsWith(Word),
    StartsWithLong(Box<str>),
    EndsWith(Box<str>),
    Contains(Box<str>),
    ContainsAny(Box<Search>),
    Matches(Box<Regex>),
    /// One of several tests of a text.
    #[allow(clippy::box_collection, reason = "a test stays small")]
    OneOf(Box<Vec<Self>>),
    /// A list that holds one of some small numbers.
    Has(u64),
    HasNumber(i64),
    HasText(Box<str>),
}

/// A text of at most eight bytes, as one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word {
    bytes: u64,
    len: u8,
}

impl Word {
    pub(super) const MAX: usize = 8;

    /// `None` when it is too long.
    pub(super) fn new(text: &str) -> Option<Self> {
        let len = u8::try_from(text.len()).ok().filter(|len| usize::from(*len) <= Self::MAX)?;
        Some(Self { bytes: head(text.as_bytes(), 0), len })
    }

    /// Do the first bytes of `head` say it?
    #[inline(always)]
    fn begins(self, head: u64) -> bool {
        // a shift by all 64 bits would be none
        let rest = if self.len == 0 { 0 } else { u64::MAX >> (64 - 8 * u32::from(self.len)) };
        head & rest == self.bytes
    }
}

impl Run<'_> {
    /// The first eight bytes of a text.
    #[inline(always)]
    fn head(self, start: u32) -> u64 {
        head(self.document.bytes(), start as usize)
    }
}

/// The next eight bytes from a place, zeros behind the end.
#[inline(always)]
fn head(bytes: &[u8], start: usize) -> u64 {
    let rest = bytes.get(start..).unwrap_or_default();
    match rest.first_chunk::<8>() {
        Some(chunk) => u64::from_le_bytes(*chunk),
        None => short_head(rest),
    }
}

/// At the end of the buffer, which is rare.
#[cold]
fn short_head(rest: &[u8]) -> u64 {
    rest.iter().rev().fold(0, |head, byte| head << 8 | u64::from(*byte))
}

/// Words that are searched for all at once.
pub(super) struct Search {
    words: Vec<Box<str>>,
    /// Made when it is first needed: most rules of a set are never run by one filing.
    automaton: OnceLock<Option<AhoCorasick>>,
}

impl Search {
    pub(super) fn new(words: Vec<Box<str>>) -> Self {
        Self { words, automaton: OnceLock::new() }
    }

    pub(super) fn words(&self) -> &[Box<str>] {
        &self.words
    }

    fn finds(&self, text: &str) -> Tri {
        let make = || AhoCorasick::new(self.words.iter().map(|word| word.as_bytes())).ok();
        match self.automaton.get_or_init(make) {
            Some(automaton) => Tri::of(automaton.is_match(text)),
            None => Tri::Failed,
        }
    }
}

impl Test {
    pub(super) fn is(text: &str) -> Self {
        Word::new(text).map_or_else(|| Self::IsLong(text.into()), Self::Is)
    }

    pub(super) fn starts_with(text: &str) -> Self {
        Word::new(text).map_or_else(|| Self::StartsWithLong(text.into()), Self::StartsWith)
    }

    /// One of some numbers.
    pub(super) fn among(mut numbers: Vec<i64>) -> Self {
        if let Some(set) = bits(&numbers) {
            return Self::Among(set);
        }
        numbers.sort_unstable();
        numbers.dedup();
        Self::AmongMany(numbers.into())
    }

    /// One of some texts.
    pub(super) fn among_texts(texts: Vec<Box<str>>) -> Self {
        if texts.len() <= 8
            && let Some(words) = texts.iter().map(|text| Word::new(text)).collect::<Option<Vec<Word>>>()
        {
            return Self::AmongWords(words.into());
        }
        Self::AmongTexts(Box::new(texts.into_iter().collect()))
    }

    /// The answer, or its opposite. A slot of another kind than the test is for is missing.
    #[inline(always)]
    pub(super) fn on(&self, slot: &Slot, run: Run<'_>, frame: &mut Frame, negate: bool) -> Tri {
        let answer = match self {
            Self::True => match slot {
                Slot::Bool(value) => *value,
                _ => return Tri::Unknown,
            },
            Self::Equal(constant) => match slot {
                Slot::Int(value) => value == constant,
                _ => return Tri::Unknown,
            },
            Self::Among(set) => match slot {
                Slot::Int(value) => holds(*set, *value),
                _ => return Tri::Unknown,
            },
            Self::Less(constant) => match slot {
                Slot::Int(value) => value < constant,
                _ => return Tri::Unknown,
            },
            Self::Greater(constant) => match slot {
                Slot::Int(value) => value > constant,
                _ => return Tri::Unknown,
            },
            Self::Is(word) => match slot {
                Slot::Text { start, len } => *len == u32::from(word.len) && word.begins(run.head(*start)),
                _ => return Tri::Unknown,
            },
            Self::StartsWith(word) => match slot {
                Slot::Text { start, len } => *len >= u32::from(word.len) && word.begins(run.head(*start)),
                _ => return Tri::Unknown,
            },
            Self::Has(set) => return has_small(run, frame, slot, *set).flipped(negate),
            Self::Given => is_given(*slot),
            _ => return self.on_rarer(slot, run, frame).flipped(negate),
        };
        Tri::of(answer != negate)
    }

    #[inline(never)]
    fn on_rarer(&self, slot: &Slot, run: Run<'_>, frame: &mut Frame) -> Tri {
        match (self, slot) {
            (Self::AmongMany(numbers), Slot::Int(value)) => Tri::of(numbers.binary_search(value).is_ok()),
            (Self::Known, slot) => Tri::of(*slot != Slot::Missing),
            (Self::EmptyList, Slot::List { len, .. } | Slot::Refs { len, .. }) => Tri::of(*len == 0),
            (Self::HasNumber(number), list) => has(run, frame, list, |value| *value == Slot::Int(*number)),
            (Self::HasText(text), list) => has(run, frame, list, |value| match value {
                Slot::Text { start, len } => run.text(*start, *len) == &**text,
                _ => false,
            }),
            (Self::AmongWords(words), Slot::Text { start, len }) => among(words, *len as usize, run.head(*start)),
            (_, Slot::Text { len, .. }) if !frame.look(len / STEP_BYTES as u32) => Tri::Failed,
            (_, Slot::Text { start, len }) => self.on_text(run.text(*start, *len)),
            _ => Tri::Unknown,
        }
    }

    /// The answer of a text that stands in no slot.
    pub(super) fn on_text(&self, text: &str) -> Tri {
        Tri::of(match self {
            Self::Known => true,
            Self::EmptyText => text.is_empty(),
            Self::Is(word) => text.len() == usize::from(word.len) && word.begins(head(text.as_bytes(), 0)),
            Self::IsLong(constant) => text == &**constant,
            Self::AmongWords(words) => return among(words, text.len(), head(text.as_bytes(), 0)),
            Self::AmongTexts(texts) => texts.contains(text),
            Self::StartsWith(word) => text.len() >= usize::from(word.len) && word.begins(head(text.as_bytes(), 0)),
            Self::StartsWithLong(start) => text.starts_with(&**start),
            Self::EndsWith(end) => text.ends_with(&**end),
            Self::Contains(part) => text.contains(&**part),
            Self::ContainsAny(search) => return search.finds(text),
            Self::Matches(regex) => regex.is_match(text),
            Self::OneOf(tests) => {
                let mut outcome = Tri::False;
                for test in &**tests {
                    match test.on_text(text) {
                        Tri::True => return Tri::True,
                        Tri::False => {}
                        open => outcome = open,
                    }
                }
                return outcome;
            }
            _ => return Tri::Unknown,
        })
    }

    pub(super) fn cost(&self) -> u32 {
        match self {
            Self::Contains(_) | Self::HasText(_) => 4,
            Self::Has(_) | Self::HasNumber(_) | Self::AmongTexts(_) => 3,
            Self::ContainsAny(_) | Self::Matches(_) => 20,
            Self::OneOf(tests) => tests.iter().map(Self::cost).sum(),
            _ => 1,
        }
    }
}

fn among(words: &[Word], len: usize, head: u64) -> Tri {
    Tri::of(words.iter().any(|word| len == usize::from(word.len) && word.begins(head)))
}

/// Numbers as a set of bits; `None` when one is too large, or negative.
fn bits(numbers: &[i64]) -> Option<u64> {
    numbers.iter().try_fold(0, |set, number| (0..64).contains(number).then(|| set | 1 << number))
}

#[inline(always)]
pub(super) fn holds(set: u64, value: i64) -> bool {
    (0..64).contains(&value) && set >> value & 1 == 1
}

#[inline(never)]
fn has_small(run: Run<'_>, frame: &mut Frame, list: &Slot, set: u64) -> Tri {
    has(run, frame, list, |value| matches!(value, Slot::Int(value) if holds(set, *value)))
}

/// Is one of a list's elements it? A missing one leaves it open.
#[inline(always)]
pub(super) fn has(run: Run<'_>, frame: &mut Frame, list: &Slot, is: impl Fn(&Slot) -> bool) -> Tri {
    let Slot::List { start, len } = list else { return Tri::Unknown };
    if !frame.look(*len) {
        return Tri::Failed;
    }
    let mut result = Tri::False;
    let elements = run.document.slots().get(*start as usize..(start + len) as usize).unwrap_or_default();
    for element in elements {
        match element {
            Slot::Missing => result = Tri::Unknown,
            value if is(value) => return Tri::True,
            _ => {}
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_by_their_bytes() {
        for text in ["", "a", "44", "中国", "12345678"] {
            let word = Word::new(text).expect("is short");
            for other in ["", "a", "ab", "44", "440", "中国", "中", "12345678", "1234567", "123456789"] {
                assert_eq!(Test::Is(word).on_text(other), Tri::of(other == text), "{other} is {text}");
                let starts = Test::StartsWith(word).on_text(other);
                assert_eq!(starts, Tri::of(other.starts_with(text)), "{other} starts with {text}");
            }
        }
        assert_eq!(Word::new("123456789"), None);
    }

    #[test]
    fn a_text_at_the_end_of_the_buffer_is_read_as_far_as_it_goes() {
        assert_eq!(head(b"abc", 1), u64::from_le_bytes(*b"bc\0\0\0\0\0\0"));
        assert_eq!(head(b"abc", 9), 0);
        assert_eq!(head(b"abcdefghij", 1), u64::from_le_bytes(*b"bcdefghi"));
    }
}
