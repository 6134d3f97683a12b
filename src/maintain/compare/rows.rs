//! Rules of several layers → rows: one per requirement, by topic.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::model::{Cell, Comparison, Row, TopicRows, VERSION};
use super::words::Words;
use crate::condition::{Language, Ty, Value};
use crate::policy::{Layer, LazyRule, World};
use crate::report::card::LayerName;

/// What stands for a parameter that differs, in the title of a row.
const GAP: char = '…';

/// A rule and its layer's index.
type Found<'a> = (usize, &'a LazyRule);

/// Rules that are one requirement.
struct Group<'a> {
    /// The index of its topic among those of the world; the number of topics for one that is not there.
    topic: usize,
    rules: Vec<Found<'a>>,
}

/// What makes two rules one requirement: the check and the parameters that are not ordered.
type GroupKey<'a> = (&'a str, &'a str);

/// Puts layers side by side; `topic`: only the requirements that encode a fact about it.
pub fn compare(world: &World, layers: &[Arc<Layer>], topic: Option<&str>, language: Language) -> Comparison {
    let words = Words::new(world, layers, language);
    let mut groups = groups(world, layers, topic);
    // those that more layers have come first, then as the layers' files have them
    groups.sort_by_key(|group| (group.topic, std::cmp::Reverse(layers_of(group).len())));
    let mut topics: Vec<TopicRows> = Vec::new();
    let mut last = None;
    for group in &groups {
        if last != Some(group.topic) {
            last = Some(group.topic);
            topics.push(heading(world, group.topic, &words));
        }
        let row = row(world, layers, group, &words);
        if let Some(topic) = topics.last_mut() {
            topic.rows.push(row);
        }
    }
    let name = |layer: &Arc<Layer>| LayerName {
        id: layer.id.clone(),
        name: layer.name.clone(),
        authority: layer.authority.clone(),
    };
    Comparison { version: VERSION, layers: layers.iter().map(name).collect(), topics }
}

fn heading(world: &World, topic: usize, words: &Words<'_>) -> TopicRows {
    let found = world.topics.get(topic);
    TopicRows {
        id: found.map(|topic| topic.id.0.clone()),
        label: match found {
            Some(topic) => words.pick(&topic.label.zh, &topic.label.en).to_owned(),
            None => words.pick("没有主题的", "without a topic").to_owned(),
        },
        rows: Vec::new(),
    }
}

fn groups<'a>(world: &World, layers: &'a [Arc<Layer>], topic: Option<&str>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut shared: FxHashMap<GroupKey<'a>, usize> = FxHashMap::default();
    for (index, layer) in layers.iter().enumerate() {
        for rule in &layer.rules {
            let known = rule.uses.as_ref().map(|uses| (uses.check.as_str(), uses.key.as_str()));
            let next = groups.len();
            let at = known.map_or(next, |key| *shared.entry(key).or_insert(next));
            match groups.get_mut(at) {
                Some(group) => group.rules.push((index, rule)),
                None => groups.push(Group { topic: 0, rules: vec![(index, rule)] }),
            }
        }
    }
    let wanted = topic.map(|topic| place(world, topic));
    groups.retain_mut(|group| {
        let topics: Vec<usize> = group.rules.iter().flat_map(|rule| topics_of(world, layers, rule)).collect();
        group.topic = wanted.unwrap_or_else(|| most_frequent(&topics));
        wanted.is_none_or(|wanted| topics.contains(&wanted))
    });
    groups
}

/// The topics of a rule's facts; a rule without a fact is about what its check is about, as far as its id says it.
fn topics_of(world: &World, layers: &[Arc<Layer>], (layer, rule): &Found<'_>) -> Vec<usize> {
    let facts = rule.facts.iter().filter_map(|fact| layers.get(*layer)?.fact(*fact));
    let topics: Vec<usize> = facts.map(|fact| place(world, &fact.topic)).collect();
    if topics.is_empty() {
        let check = rule.check().and_then(|check| check.split('.').next());
        return vec![place(world, check.unwrap_or_default())];
    }
    topics
}

fn place(world: &World, topic: &str) -> usize {
    world.topics.iter().position(|known| known.id.0 == topic).unwrap_or(world.topics.len())
}

fn most_frequent(topics: &[usize]) -> usize {
    let count = |topic: usize| topics.iter().filter(|other| **other == topic).count();
    topics.iter().copied().max_by_key(|topic| (count(*topic), std::cmp::Reverse(*topic))).unwrap_or_default()
}

fn layers_of(group: &Group<'_>) -> Vec<usize> {
    let mut layers: Vec<usize> = group.rules.iter().map(|(layer, _)| *layer).collect();
    layers.dedup();
    layers
}

fn row(world: &World, layers: &[Arc<Layer>], group: &Group<'_>, words: &Words<'_>) -> Row {
    let differ = differing(group);
    let uses = group.rules.first().and_then(|(_, rule)| rule.uses.as_ref());
    let check = uses.and_then(|uses| world.checks.get(&uses.check));
    let title = check.zip(uses).and_then(|(check, uses)| words.title(check, &uses.with, &differ));
    let gap = title.as_ref().is_some_and(|title| title.contains(GAP));
    let mut cells: Vec<Cell> = Vec::new();
    for (index, rule) in &group.rules {
        let Some(layer) = layers.get(*index) else { continue };
        let entry = words.entry(layer, rule, &differ, gap);
        match cells.last_mut().filter(|cell| cell.layer == layer.id) {
            Some(cell) => cell.rules.push(entry),
            None => cells.push(Cell { layer: layer.id.clone(), rules: vec![entry] }),
        }
    }
    let own = || cells.first().and_then(|cell| cell.rules.first()).map(|entry| entry.title.clone());
    let shared = |name: &str, _: &Value<'_>| !differ.iter().any(|open| open == name);
    Row {
        title: title.or_else(own).unwrap_or_default(),
        check: uses.map(|uses| uses.check.clone()),
        with: uses.map(|uses| words.parameters(&uses.with, shared)).unwrap_or_default(),
        equal: cells.len() == layers.len() && alike(&cells),
        differ,
        cells,
    }
}

/// The parameters that are not the same in all rules of a group: only ordered ones can be.
fn differing(group: &Group<'_>) -> Vec<String> {
    let with = |(_, rule): &Found<'_>| rule.uses.as_ref().map(|uses| uses.with.clone()).unwrap_or_default();
    let value = |with: &[(String, Value<'static>, Ty)], name: &str| {
        with.iter().find(|(known, ..)| known == name).map(|(_, value, _)| value.clone())
    };
    let Some((first, others)) = group.rules.split_first() else { return Vec::new() };
    let others: Vec<_> = others.iter().map(with).collect();
    let first = with(first);
    let differs = |name: &str| others.iter().any(|other| value(other, name) != value(&first, name));
    first.iter().map(|(name, ..)| name).filter(|name| differs(name)).cloned().collect()
}

/// Do all cells say the same? A rule must have its like in every other cell, and the other way round.
fn alike(cells: &[Cell]) -> bool {
    let covers = |a: &Cell, b: &Cell| a.rules.iter().all(|one| b.rules.iter().any(|other| one.says_the_same(other)));
    let Some((first, others)) = cells.split_first() else { return true };
    others.iter().all(|other| covers(first, other) && covers(other, first))
}
