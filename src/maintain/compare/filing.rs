//! A filing in one place and in another: what its report says there.
//!
//! In: policies and a filing as it was read, its options put over it, not yet completed. Out: how it stands, and what
//! appears, vanishes or changes.

use std::sync::Arc;

use serde::Serialize;

use super::model::VERSION;
use crate::engine::assess;
use crate::filing::{Document, set};
use crate::policy::{Bundle, Policies, Severity};
use crate::report::{self, Item, ItemStatus, Options, Report, Verdict, Violation, fields};
use crate::source::{Diagnostics, Node, NodeValue, SourceFile};

/// Where a filing goes; what is absent stays as the filing says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Where {
    /// The province's code.
    pub province: Option<String>,
    /// The provider's id.
    pub provider: Option<String>,
}

/// How a filing stands in one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// The province's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub province: Option<String>,
    /// The province in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub province_name: Option<String>,
    /// The provider's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The provider in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_name: Option<String>,
    /// The verdict.
    pub verdict: Verdict,
    /// Violations that get it rejected.
    pub blocking: usize,
    /// Violations that may be questioned.
    pub warnings: usize,
    /// Materials without which it is rejected, and that are not there or not in the right form.
    pub missing: usize,
    /// Fields that would settle what is open.
    pub questions: usize,
    /// What only a person can check.
    pub manual: usize,
    /// Rules that could not be evaluated: what they would say is in no other number.
    pub failed: usize,
    /// Layers that there are no policies for: their rules were not checked.
    pub without: Vec<String>,
}

/// A filing in two places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Move {
    /// The version of this form.
    pub version: u32,
    /// Where it is.
    pub before: Standing,
    /// Where it would go.
    pub after: Standing,
    /// What would get it rejected or questioned.
    pub violations: Changes<Finding>,
    /// The materials.
    pub checklist: Changes<Material>,
}

/// A filing in every province.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moves {
    /// The version of this form.
    pub version: u32,
    /// The provinces, by code.
    pub provinces: Vec<MoveRow>,
}

/// A filing in one of the provinces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MoveRow {
    /// The filing says this province itself.
    pub own: bool,
    /// How it stands there.
    #[serde(flatten)]
    pub standing: Standing,
}

/// What appears, vanishes or changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changes<T> {
    /// Only after.
    pub appear: Vec<T>,
    /// Only before.
    pub vanish: Vec<T>,
    /// Before and after, not alike.
    pub change: Vec<Changed<T>>,
}

impl<T> Changes<T> {
    /// Does everything stay as it is?
    pub fn is_empty(&self) -> bool {
        self.appear.is_empty() && self.vanish.is_empty() && self.change.is_empty()
    }
}

/// The same thing before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed<T> {
    /// Before.
    pub before: T,
    /// After.
    pub after: T,
}

/// A violation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule.
    pub rule: String,
    /// `block`, `warn` or `info`.
    pub severity: String,
    /// What must hold.
    pub title: String,
    /// What was found.
    pub message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// Where: paths.
    pub at: Vec<String>,
}

/// A line of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Material {
    /// One of these, by id.
    pub materials: Vec<String>,
    /// Their names.
    pub name: String,
    /// What it is for: `subject`, or the name of a service or a person.
    #[serde(rename = "for")]
    pub for_whom: String,
    /// How it stands.
    pub status: ItemStatus,
    /// The strictest severity behind it.
    pub severity: String,
    /// The form, in words.
    pub form: Vec<String>,
    /// The rules behind it.
    pub rules: Vec<String>,
}

/// A filing's report somewhere, and the rules behind it.
#[derive(Debug)]
pub struct Judged {
    report: Report,
    bundle: Arc<Bundle>,
}

/// Checks a filing somewhere.
///
/// # Errors
/// A value that the schema does not know, and mistakes of the layers that it needs.
pub fn judge(
    policies: &Policies,
    document: &Document,
    place: &Where,
    day: i64,
    options: &Options,
) -> Result<Judged, Diagnostics> {
    let mut document = document.clone();
    let values = [(fields::PROVINCE, &place.province), (fields::PROVIDER, &place.provider)];
    for (path, text) in values.into_iter().filter_map(|(path, text)| Some((path, text.as_ref()?))) {
        let file = SourceFile::new(path, text.as_str());
        let node = Node { span: 0..text.len(), value: NodeValue::Text(text.clone()) };
        set(&policies.world.schema, &mut document, path, &node, &file, 0..text.len())?;
    }
    policies.complete(&mut document);
    let bundle = policies.bundle(&policies.wanted(&document), day)?;
    let assessment = assess(&bundle, &document);
    let report = report::build(&bundle, &document, &assessment, options);
    Ok(Judged { report, bundle })
}

/// Checks a filing in every province that has policies.
///
/// # Errors
/// As [`judge`].
pub fn judge_everywhere(
    policies: &Policies,
    document: &Document,
    day: i64,
    options: &Options,
) -> Result<Moves, Diagnostics> {
    let own = judge(policies, document, &Where::default(), day, options)?.report.filing.province;
    let mut provinces = Vec::new();
    for folder in policies.folders() {
        let Some((code, _)) = folder.strip_prefix("provinces/").and_then(|name| name.split_once('-')) else { continue };
        let there = Where { province: Some(code.to_owned()), provider: None };
        let judged = judge(policies, document, &there, day, options)?;
        provinces.push(MoveRow { own: own.as_deref() == Some(code), standing: judged.standing() });
    }
    Ok(Moves { version: VERSION, provinces })
}

/// What changes between two places.
pub fn moved(before: &Judged, after: &Judged) -> Move {
    let violations = changes(
        &before.report.violations,
        &after.report.violations,
        |a, b| before.is_same(a, after, b),
        |a, b| a.severity == b.severity,
        finding,
    );
    let checklist = changes(
        &before.report.checklist,
        &after.report.checklist,
        |a, b| a.for_whom == b.for_whom && materials(a) == materials(b),
        |a, b| a.status == b.status && a.severity == b.severity && a.form_words == b.form_words,
        material,
    );
    Move { version: VERSION, before: before.standing(), after: after.standing(), violations, checklist }
}

impl Judged {
    /// The verdict and the counts.
    pub fn standing(&self) -> Standing {
        let report = &self.report;
        let count = |severity: Severity| report.violations.iter().filter(|v| v.severity == severity.id()).count();
        let open = |item: &&Item| {
            item.severity == Severity::Block.id() && matches!(item.status, ItemStatus::Missing | ItemStatus::Deficient)
        };
        let without = report.policies.iter().filter(|policy| policy.missing).map(|policy| policy.id.clone());
        Standing {
            province: report.filing.province.clone(),
            province_name: report.filing.words.province.clone(),
            provider: report.filing.provider.clone(),
            provider_name: report.filing.words.provider.clone(),
            verdict: report.verdict,
            blocking: count(Severity::Block),
            warnings: count(Severity::Warn),
            missing: report.checklist.iter().filter(open).count(),
            questions: report.questions.len(),
            manual: report.manual.len(),
            failed: report.errors.len(),
            without: without.collect(),
        }
    }

    /// Is it the same violation? Another layer's rule has another id, but makes the same check of the same fields.
    fn is_same(&self, own: &Violation, other: &Self, others: &Violation) -> bool {
        let at = |place: &report::Place| others.at.iter().any(|other| other.path == place.path);
        let nowhere = own.at.is_empty() && others.at.is_empty();
        if !nowhere && !own.at.iter().any(at) {
            return false;
        }
        let shared = own.rules.iter().any(|rule| others.rules.contains(rule));
        let checks = other.checks(others);
        shared || self.checks(own).iter().any(|check| checks.contains(check))
    }

    /// The shared checks that a violation is about.
    fn checks(&self, violation: &Violation) -> Vec<&str> {
        let rules = violation.rules.iter().filter_map(|id| self.bundle.rule(self.bundle.find(id)?));
        rules.filter_map(|rule| rule.uses.as_ref()).map(|uses| uses.check.as_str()).collect()
    }
}

/// Pairs what is the same, each once; the rest appears or vanishes.
fn changes<T, U>(
    before: &[T],
    after: &[T],
    same: impl Fn(&T, &T) -> bool,
    alike: impl Fn(&T, &T) -> bool,
    show: impl Fn(&T) -> U,
) -> Changes<U> {
    let mut left: Vec<&T> = after.iter().collect();
    let mut changes = Changes { appear: Vec::new(), vanish: Vec::new(), change: Vec::new() };
    for old in before {
        match left.iter().position(|new| same(old, new)).map(|index| left.remove(index)) {
            None => changes.vanish.push(show(old)),
            Some(new) if alike(old, new) => {}
            Some(new) => changes.change.push(Changed { before: show(old), after: show(new) }),
        }
    }
    changes.appear = left.into_iter().map(show).collect();
    changes
}

fn materials(item: &Item) -> Vec<&str> {
    item.material.iter().map(String::as_str).chain(item.any_of.iter().map(|choice| choice.material.as_str())).collect()
}

fn finding(violation: &Violation) -> Finding {
    Finding {
        rule: violation.rule.clone(),
        severity: violation.severity.clone(),
        title: violation.title.clone(),
        message: violation.message.clone(),
        fix: violation.fix.clone(),
        at: violation.at.iter().map(|place| place.path.clone()).collect(),
    }
}

fn material(item: &Item) -> Material {
    Material {
        materials: materials(item).into_iter().map(str::to_owned).collect(),
        name: item.name.clone(),
        for_whom: item.for_whom.clone(),
        status: item.status,
        severity: item.severity.clone(),
        form: item.form_words.clone(),
        rules: item.rules.clone(),
    }
}
