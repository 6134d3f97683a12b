//! The rules for one province, one provider and one day, and which of them a filing needs.

use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use super::layer::Layer;
use super::rule::{Rule, RuleHead};
use super::world::{Key, World};
use crate::condition::{Base, Registers, Scope, Target};
use crate::filing::{Document, Slot};

/// A rule of a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleRef {
    /// The layer's index in the bundle.
    pub layer: u16,
    /// The rule's index in the layer.
    pub rule: u16,
}

/// A rule that a filing needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selected {
    /// The rule.
    pub rule: RuleRef,
    /// Fields that decide whether it applies and are not given.
    pub unknown: Vec<u32>,
    /// Elements for which another rule has taken its place.
    pub except: Vec<Except>,
}

/// Elements of a rule that another rule has taken over: those whose field has one of some values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Except {
    /// The register of the element.
    pub register: u8,
    /// The field, from the element's first slot.
    pub offset: u32,
    /// The values.
    pub values: u64,
}

impl Except {
    /// Is the element at hand one of them?
    pub fn holds(&self, document: &Document, registers: &Registers) -> bool {
        match document.slot(registers.get(self.register) + self.offset) {
            Slot::Int(value @ 0..64) => self.values >> value & 1 == 1,
            _ => false,
        }
    }
}

/// Why a filing does not need a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// It is not in force on the day of the report: since and until when it is, ISO.
    NotInForce {
        /// From this day.
        from: Option<String>,
        /// To this day.
        until: Option<String>,
    },
    /// It holds for other filings.
    Key {
        /// The applicability key.
        key: String,
        /// The values that it allows, in words.
        allowed: Vec<String>,
        /// Those of the filing.
        found: Vec<String>,
    },
    /// Another rule has taken its place.
    Replaced {
        /// That rule.
        by: String,
    },
}

fn iso(day: i64) -> String {
    let date = i32::try_from(day).ok().and_then(chrono::NaiveDate::from_num_days_from_ce_opt);
    date.map(|date| date.to_string()).unwrap_or_default()
}

/// The values of the applicability keys of a filing: what the selection depends on.
type Signature = Box<[u64]>;

/// Marks a key whose field is missing; no enumeration has 64 values at once.
const MISSING: u64 = u64::MAX;
/// Marks a key that restricts nothing: the rule's own condition decides.
const ANY: u64 = u64::MAX >> 1;

/// The rules for one province, one provider and one day.
pub struct Bundle {
    /// What all layers share.
    pub world: Arc<World>,
    /// The layers, the nation first.
    pub layers: Vec<Arc<Layer>>,
    /// Ids of layers that a filing names and that have no policies yet.
    pub missing: Vec<String>,
    /// The day, in days from CE.
    pub day: i64,
    selections: RwLock<FxHashMap<Signature, Arc<[Selected]>>>,
}

impl std::fmt::Debug for Bundle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bundle({:?}, day {})", self.layers, self.day)
    }
}

impl Bundle {
    pub(super) fn new(world: Arc<World>, layers: Vec<Arc<Layer>>, missing: Vec<String>, day: i64) -> Self {
        Self { world, layers, missing, day, selections: RwLock::new(FxHashMap::default()) }
    }

    /// A rule.
    pub fn rule(&self, rule: RuleRef) -> Option<&Rule> {
        let rules = &self.layers.get(usize::from(rule.layer))?.rules;
        rules.get(usize::from(rule.rule)).map(|rule| &**rule)
    }

    /// The layer of a rule.
    pub fn layer(&self, rule: RuleRef) -> Option<&Layer> {
        self.layers.get(usize::from(rule.layer)).map(Arc::as_ref)
    }

    /// A rule by id.
    pub fn find(&self, id: &str) -> Option<RuleRef> {
        self.layers.iter().enumerate().find_map(|(layer, found)| {
            found.rule(id).map(|(rule, _)| RuleRef { layer: layer as u16, rule: rule as u16 })
        })
    }

    /// The rules that a filing needs, by its values of the applicability keys.
    pub fn select(&self, document: &Document) -> Arc<[Selected]> {
        let signature = self.signature(document);
        let known = self.selections.read().unwrap_or_else(PoisonError::into_inner).get(&signature).cloned();
        if let Some(selected) = known {
            return selected;
        }
        let selected: Arc<[Selected]> = self.selected(&signature, document).into();
        let mut selections = self.selections.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(selections.entry(signature).or_insert(selected))
    }

    /// For each key, the values that the filing counts as: a set, or [`MISSING`].
    fn signature(&self, document: &Document) -> Signature {
        self.world.keys.iter().map(|key| Self::values(key, document)).collect()
    }

    fn values(key: &Key, document: &Document) -> u64 {
        let slots = key.place.slots(document, &Registers::default());
        if slots.is_empty()
            && let Some(otherwise) = &key.otherwise
        {
            let on_record = Self::set(key, &otherwise.slots(document, &Registers::default()), document);
            return if on_record == MISSING { ANY } else { on_record };
        }
        Self::set(key, &slots, document)
    }

    fn set(key: &Key, slots: &[u32], document: &Document) -> u64 {
        let mut set = 0;
        for slot in slots {
            match document.slot(*slot) {
                Slot::Int(value) => {
                    let treated = usize::try_from(value).ok().and_then(|value| key.dimension.treated_as.get(value));
                    set |= treated.copied().unwrap_or(0);
                }
                // the list itself is empty, or an element does not say
                Slot::List { .. } | Slot::Refs { .. } => {}
                _ => return MISSING,
            }
        }
        set
    }

    fn selected(&self, signature: &[u64], document: &Document) -> Vec<Selected> {
        let mut selected = Vec::new();
        let mut replaced: FxHashMap<&str, Vec<&RuleHead>> = FxHashMap::default();
        for (layer, found) in self.layers.iter().enumerate() {
            for (index, rule) in found.rules.iter().enumerate() {
                let head = &rule.head;
                if !head.in_force(self.day) {
                    continue;
                }
                let Some(unknown) = self.applies(head, signature, document) else { continue };
                if unknown.is_empty() {
                    for id in &head.replaces {
                        replaced.entry(id.as_str()).or_default().push(head);
                    }
                }
                let rule = RuleRef { layer: layer as u16, rule: index as u16 };
                selected.push(Selected { rule, unknown, except: Vec::new() });
            }
        }
        selected.retain_mut(|selected| {
            let rules = self.layers.get(usize::from(selected.rule.layer)).map(|layer| &layer.rules);
            let Some(rule) = rules.and_then(|rules| rules.get(usize::from(selected.rule.rule))) else { return false };
            let by = replaced.get(rule.head.id.as_str()).map_or(&[][..], Vec::as_slice);
            by.iter().all(|by| self.remains(&rule.head, by, signature, &mut selected.except))
        });
        selected
    }

    /// Why a filing does not need a rule; nothing when it does.
    pub fn obstacles(&self, document: &Document, rule: RuleRef) -> Vec<Obstacle> {
        let heads = |rule: RuleRef| {
            let rules = self.layers.get(usize::from(rule.layer)).map(|layer| &layer.rules);
            rules.and_then(|rules| rules.get(usize::from(rule.rule))).map(|rule| &rule.head)
        };
        let Some(head) = heads(rule) else { return Vec::new() };
        let mut obstacles = Vec::new();
        if !head.in_force(self.day) {
            let (from, until) = (head.from.map(iso), head.until.map(iso));
            obstacles.push(Obstacle::NotInForce { from, until });
        }
        let signature = self.signature(document);
        for ((key, set), value) in self.world.keys.iter().zip(&head.applies).zip(&*signature) {
            if *value != MISSING && set & value == 0 && !(key.through_list && self.own_elements(head, key)) {
                let values = &self.world.schema.enumeration(key.dimension.values).values;
                let labels = |set: u64| {
                    let in_set = values.iter().enumerate().filter(|(index, _)| set >> index & 1 == 1);
                    in_set.map(|(_, value)| value.label.zh.clone()).collect::<Vec<_>>()
                };
                let (allowed, found) = (labels(*set), labels(*value));
                obstacles.push(Obstacle::Key { key: key.dimension.name.clone(), allowed, found });
            }
        }
        let selected = self.select(document);
        if obstacles.is_empty() && !selected.iter().any(|selected| selected.rule == rule) {
            let by = selected.iter().filter_map(|selected| heads(selected.rule));
            let by = by.filter(|by| by.replaces.contains(&head.id)).map(|by| by.id.clone());
            obstacles.extend(by.map(|by| Obstacle::Replaced { by }));
        }
        obstacles
    }

    /// Does anything remain of a rule whose place another takes? Where the other holds for some elements only (a rule for
    /// websites, in a filing with a website and an APP), the rest remains.
    fn remains(&self, rule: &RuleHead, by: &RuleHead, signature: &[u64], except: &mut Vec<Except>) -> bool {
        let mut remains = false;
        for ((key, set), value) in self.world.keys.iter().zip(&by.applies).zip(signature) {
            if !key.through_list || value & !set == 0 || *value == MISSING {
                continue;
            }
            remains = true;
            except.extend(self.element_field(rule, key).map(|(register, offset)| Except {
                register,
                offset,
                values: *set,
            }));
        }
        remains
    }

    /// The element of a rule that a key through a list is decided by: its register, and the field in it.
    fn element_field(&self, rule: &RuleHead, key: &Key) -> Option<(u8, u32)> {
        let schema = &self.world.schema;
        let mut scope = Scope::root();
        let target = Target::resolve(schema, &mut scope, &rule.each).ok()?;
        let (element, field) = target
            .elements
            .iter()
            .rev()
            .find_map(|name| key.dimension.element.iter().find(|(element, _)| element == name))?;
        let variable = scope.variable(element)?;
        let Base::Register(register) = variable.at.base else { return None };
        Some((register, schema.record(variable.record).field(field)?.offset))
    }

    /// `None` when the rule does not apply; else the fields that leave it open.
    fn applies(&self, rule: &RuleHead, signature: &[u64], document: &Document) -> Option<Vec<u32>> {
        let mut unknown = Vec::new();
        for ((key, set), value) in self.world.keys.iter().zip(&rule.applies).zip(signature) {
            let all = self.world.schema.enumeration(key.dimension.values).values.len();
            let everything = if all >= 64 { u64::MAX } else { (1 << all) - 1 };
            if *set == everything {
                continue;
            }
            if *value == MISSING {
                // through a list it is a condition of the rule, which will say what is missing
                if !key.through_list {
                    unknown.extend(key.place.slots(document, &Registers::default()));
                }
            } else if set & value == 0 && !(key.through_list && self.own_elements(rule, key)) {
                return None;
            }
        }
        Some(unknown)
    }

    /// Is the key decided per element by something else than the list of the key (what is on record, say)?
    fn own_elements(&self, rule: &RuleHead, key: &Key) -> bool {
        let first = key.dimension.path.first();
        if rule.each == "filing" || first.is_none_or(|first| rule.each.starts_with(first.as_str())) {
            return false;
        }
        self.element_field(rule, key).is_some()
    }
}
