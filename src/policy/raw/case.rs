//! `cases.toml`: filings and what the rules must say of them.

use std::sync::Arc;

use chrono::NaiveDate;

use super::{Placed, placed};
use crate::source::{Diagnostic, Diagnostics, Entry, Fields, Node, SourceFile, Span};

/// What a case expects of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Expectation {
    /// A restriction is violated on at least one target.
    Violates,
    /// A restriction holds on every target, and there is one.
    Passes,
    /// The rule applies to no target.
    Inapplicable,
    /// At least one target is unknown, none violated.
    Unknown,
    /// A material is required and not there.
    Missing,
    /// A material is required and there in the form that is asked for.
    Provided,
    /// A material is there, but not in the form that is asked for.
    Deficient,
    /// It is not known whether a material is required, or whether its form is right.
    Conditional,
    /// A reviewer is asked.
    Asks,
    /// The filer is told.
    Notices,
    /// The rule could not be evaluated.
    Fails,
}

impl Expectation {
    /// Every key and what it expects.
    pub const KEYS: [(&'static str, Self); 11] = [
        ("violates", Self::Violates),
        ("passes", Self::Passes),
        ("inapplicable", Self::Inapplicable),
        ("unknown", Self::Unknown),
        ("missing", Self::Missing),
        ("provided", Self::Provided),
        ("deficient", Self::Deficient),
        ("conditional", Self::Conditional),
        ("asks", Self::Asks),
        ("notices", Self::Notices),
        ("fails", Self::Fails),
    ];

    /// The key in a case.
    pub fn key(self) -> &'static str {
        Self::KEYS.iter().find(|(_, expectation)| *expectation == self).map_or("", |(key, _)| key)
    }
}

/// A case.
#[derive(Debug, Clone)]
pub struct RawCase {
    /// What it shows.
    pub name: Placed,
    /// The filing it starts from.
    pub base: Option<Placed>,
    /// The day of the report.
    pub as_of: Option<NaiveDate>,
    /// Paths and the values they get.
    pub set: Vec<Entry>,
    /// Lists and the elements they get.
    pub add: Vec<Entry>,
    /// Paths that are taken away.
    pub unset: Vec<Placed>,
    /// What is expected of which rule.
    pub expectations: Vec<(Expectation, Placed)>,
    /// Exactly where a rule is violated.
    pub violates_at: Vec<(Placed, Vec<Placed>)>,
}

/// A `cases.toml`.
#[derive(Debug, Clone)]
pub struct RawCases {
    /// The file.
    pub file: Arc<SourceFile>,
    /// The cases.
    pub cases: Vec<RawCase>,
}

/// Reads a `cases.toml`.
pub fn read_cases(file: &Arc<SourceFile>, node: &Node, out: &mut Diagnostics) -> Option<RawCases> {
    let mut top = Fields::new(file, "a file of cases", node, out)?;
    let base = top.text("base", out).map(placed);
    let nodes = top.tables("case", out);
    top.finish(out);
    let mut cases = Vec::with_capacity(nodes.len());
    for node in nodes {
        cases.extend(read_case(file, node, base.as_ref(), out));
    }
    Some(RawCases { file: Arc::clone(file), cases })
}

fn read_case(file: &Arc<SourceFile>, node: &Node, base: Option<&Placed>, out: &mut Diagnostics) -> Option<RawCase> {
    let mut fields = Fields::new(file, "a case", node, out)?;
    let name = fields.required_text("name", out).map(placed);
    let own = fields.text("base", out).map(placed);
    let as_of = fields.date("as_of", out);
    let set = fields.table("set", out).to_vec();
    let add = fields.table("add", out).to_vec();
    let unset = fields.texts("unset", out).into_iter().map(placed).collect();
    let mut expectations = Vec::new();
    for (key, expectation) in Expectation::KEYS {
        for found in fields.texts(key, out) {
            expectations.push((expectation, placed(found)));
        }
    }
    let violates_at = read_places(file, fields.table("violates_at", out), out);
    fields.finish(out);
    let name = name?;
    if expectations.is_empty() && violates_at.is_empty() {
        out.push(
            Diagnostic::error("case-expects-nothing", format!("the case `{}` expects nothing", name.0))
                .at(file, name.1.clone(), "")
                .help("name rules in `violates`, `passes`, `missing`, `provided`, …"),
        );
    }
    Some(RawCase { name, base: own.or_else(|| base.cloned()), as_of, set, add, unset, expectations, violates_at })
}

fn read_places(file: &Arc<SourceFile>, entries: &[Entry], out: &mut Diagnostics) -> Vec<(Placed, Vec<Placed>)> {
    let mut all = Vec::new();
    for entry in entries {
        let mut places: Vec<(String, Span)> = Vec::new();
        for item in entry.node.items().unwrap_or_default() {
            places.extend(item.as_text().map(|text| (text.to_owned(), item.span.clone())));
        }
        if places.is_empty() {
            out.push(Diagnostic::error("wrong-type", "`violates_at` gives a list of paths for each rule").at(
                file,
                entry.node.span.clone(),
                "expected a list of paths",
            ));
        }
        all.push(((entry.key.clone(), entry.key_span.clone()), places));
    }
    all
}
