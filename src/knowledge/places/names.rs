//! Names of places, found in a text: from left to right, the longest at each place.
//!
//! Names are sorted and reached by their first two characters, which costs less to build than an automaton and is as
//! quick on texts as short as addresses and names are.

use rustc_hash::FxHashMap;

use super::Place;

/// A name and all places that have it.
#[derive(Debug)]
struct Name {
    text: Box<str>,
    places: Vec<Bearer>,
}

/// A place that has a name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bearer {
    pub(super) place: Place,
    /// The name without what kind of place it is: 南京 for 南京市.
    pub(super) short: bool,
}

/// A name that was found.
#[derive(Debug)]
pub(super) struct Found<'n, 't> {
    /// The name as the text has it.
    pub(super) text: &'t str,
    pub(super) bearers: &'n [Bearer],
    /// What follows it in the text.
    pub(super) rest: &'t str,
}

/// All names.
#[derive(Debug, Default)]
pub(super) struct Names {
    names: Vec<Name>,
    /// The names that begin with two characters.
    by_start: FxHashMap<(char, char), (u32, u32)>,
}

impl Names {
    /// Gathers names; those of less than two characters are left out.
    pub(super) fn new(mut all: Vec<(&str, Bearer)>) -> Self {
        all.sort_by_key(|(text, _)| *text);
        let mut names: Vec<Name> = Vec::with_capacity(all.len());
        for (text, bearer) in all {
            match names.last_mut().filter(|last| *last.text == *text) {
                Some(last) => last.places.push(bearer),
                None => names.push(Name { text: text.into(), places: vec![bearer] }),
            }
        }
        let mut by_start: FxHashMap<(char, char), (u32, u32)> = FxHashMap::default();
        by_start.reserve(names.len());
        for (index, name) in names.iter().enumerate() {
            let Some(start) = start(&name.text) else { continue };
            let index = index as u32;
            by_start.entry(start).or_insert((index, index)).1 = index + 1;
        }
        Self { names, by_start }
    }

    /// The names in a text.
    pub(super) fn find<'n, 't>(&'n self, text: &'t str) -> impl Iterator<Item = Found<'n, 't>> {
        let mut rest = text;
        std::iter::from_fn(move || {
            while let Some(first) = rest.chars().next() {
                if let Some(name) = self.longest(rest) {
                    let (text, after) = rest.split_at(name.text.len());
                    rest = after;
                    return Some(Found { text, bearers: &name.places, rest });
                }
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
            }
            None
        })
    }

    /// The longest name with which a text begins. Of sorted names, one that continues another comes after it.
    fn longest(&self, text: &str) -> Option<&Name> {
        let (from, to) = *self.by_start.get(&start(text)?)?;
        let names = self.names.get(from as usize..to as usize)?;
        names.iter().rev().find(|name| text.starts_with(&*name.text))
    }
}

fn start(text: &str) -> Option<(char, char)> {
    let mut chars = text.chars();
    Some((chars.next()?, chars.next()?))
}
