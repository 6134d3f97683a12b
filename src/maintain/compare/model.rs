//! Layers side by side, as data.

use serde::Serialize;

use crate::report::card::LayerName;
pub use crate::report::card::Parameter;

/// The version of the JSON forms.
pub const VERSION: u32 = 1;

/// Layers side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The version of this form.
    pub version: u32,
    /// The layers, in the order of the columns.
    pub layers: Vec<LayerName>,
    /// The topics, in their order; those without a requirement are left out.
    pub topics: Vec<TopicRows>,
}

/// The requirements of a topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TopicRows {
    /// The topic's id; absent for rules that encode no fact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The topic in words.
    pub label: String,
    /// The requirements: those that most layers have first.
    pub rows: Vec<Row>,
}

/// One requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// What must hold; a parameter that differs between the layers is `…`.
    pub title: String,
    /// The shared check; absent for a rule that is written in place, which is a row of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// The parameters that all of its rules share.
    pub with: Vec<Parameter>,
    /// The parameters that differ: the cells have their values.
    pub differ: Vec<String>,
    /// Every layer has it, and says the same.
    pub equal: bool,
    /// The layers that have it.
    pub cells: Vec<Cell>,
}

/// What one layer says of a requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// The layer's id.
    pub layer: String,
    /// Its rules.
    pub rules: Vec<Entry>,
}

/// One rule in a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The rule.
    pub rule: String,
    /// What must hold, in the layer's own words.
    pub title: String,
    /// `assert`, `require`, `manual` or `notice`.
    pub kind: &'static str,
    /// `block`, `warn` or `info`.
    pub severity: &'static str,
    /// The parameters that differ between the layers; without those that are what the check takes anyway, unless the
    /// row's title has a gap for them.
    pub with: Vec<Parameter>,
    /// Of whom it holds: each key that says something else than an absent one.
    pub applies: Vec<Audience>,
    /// Conditions of its own, besides those of the shared check.
    pub when: Vec<String>,
    /// Since when: the rule's date, else its fact's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The facts that it encodes.
    pub facts: Vec<String>,
}

impl Entry {
    /// Does it ask the same of the same filings, whatever it is called?
    pub fn says_the_same(&self, other: &Self) -> bool {
        let parts = |entry: &Self| (entry.kind, entry.severity, entry.from.clone(), entry.until.clone());
        parts(self) == parts(other)
            && self.with == other.with
            && self.applies == other.applies
            && self.when == other.when
    }
}

/// Of whom a rule holds, by one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Audience {
    /// The key.
    pub key: String,
    /// The values.
    pub values: Vec<String>,
    /// The same in words, such as `除个人外`.
    pub words: String,
}
