//! What came out of a stream as a whole.

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::check::{Counted, Outcome};
use crate::report::Verdict;

/// The version of the JSON form.
const VERSION: u32 = 1;

/// Why a stream ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// There was no more.
    #[default]
    Finished,
    /// It was told to stop.
    Interrupted,
    /// Too many filings could not be evaluated.
    TooManyErrors,
    /// Nobody reads the output any more.
    OutputClosed,
}

/// How many filings came out how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[allow(missing_docs, reason = "the verdicts are described where the report is")]
pub struct Verdicts {
    pub ready: u64,
    pub needs_review: u64,
    pub needs_information: u64,
    pub rejected: u64,
}

impl Verdicts {
    fn count(&mut self, verdict: Verdict) {
        *match verdict {
            Verdict::Ready => &mut self.ready,
            Verdict::NeedsReview => &mut self.needs_review,
            Verdict::NeedsInformation => &mut self.needs_information,
            Verdict::Rejected => &mut self.rejected,
        } += 1;
    }
}

/// How many filings name a province or a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Its id; null: they do not say.
    pub id: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How many.
    pub filings: u64,
    /// There are no policies for it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub missing: bool,
}

/// How many filings violate a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleCount {
    /// The rule.
    pub rule: String,
    /// `block`, `warn` or `info`.
    pub severity: String,
    /// What must hold.
    pub title: String,
    /// How many.
    pub filings: u64,
}

/// How many filings lack a material.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MaterialCount {
    /// Its name.
    pub name: String,
    /// How many.
    pub filings: u64,
}

/// What came out of a stream as a whole.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Summary {
    /// The version of this form.
    pub version: u32,
    /// Why it ended.
    pub ended: Ended,
    /// How many filings were evaluated.
    pub filings: u64,
    /// How many could not be.
    pub errors: u64,
    /// In how many of those that were, some rule failed.
    pub failed_rules: u64,
    /// By verdict.
    pub verdicts: Verdicts,
    /// By province, the most frequent first.
    pub provinces: Vec<Named>,
    /// By access provider.
    pub providers: Vec<Named>,
    /// Rules that are violated, the most frequent first.
    pub rules: Vec<RuleCount>,
    /// Materials that are missing or not as they must be, the most frequent first.
    pub materials: Vec<MaterialCount>,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// Filings per second, those that are wrong included.
    pub per_second: f64,
}

/// An id and what is known of it: name, count, missing.
type NamedCounts = FxHashMap<Option<String>, (Option<String>, u64, bool)>;

/// Counts while the stream flows.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) filings: u64,
    pub(super) errors: u64,
    failed: u64,
    verdicts: Verdicts,
    provinces: NamedCounts,
    providers: NamedCounts,
    rules: FxHashMap<String, (String, String, u64)>,
    materials: FxHashMap<String, u64>,
}

impl Tally {
    /// Counts one filing.
    pub(super) fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Bad => self.errors += 1,
            Outcome::Good(counted) => self.good(*counted),
        }
    }

    fn good(&mut self, counted: Counted) {
        self.filings += 1;
        self.failed += u64::from(counted.failed);
        self.verdicts.count(counted.verdict);
        named(&mut self.provinces, counted.province, &counted.missing);
        named(&mut self.providers, counted.provider, &counted.missing);
        for (rule, severity, title) in distinct(counted.rules, |(rule, _, _)| rule.clone()) {
            self.rules.entry(rule).or_insert((severity, title, 0)).2 += 1;
        }
        for name in distinct(counted.materials, Clone::clone) {
            *self.materials.entry(name).or_default() += 1;
        }
    }

    /// The whole.
    pub(super) fn summary(self, ended: Ended, seconds: f64) -> Summary {
        let all = self.filings + self.errors;
        let rules = self.rules.into_iter();
        let rules = rules.map(|(rule, (severity, title, filings))| RuleCount { rule, severity, title, filings });
        let mut rules: Vec<_> = rules.collect();
        rules.sort_by(|a, b| (b.filings, &a.rule).cmp(&(a.filings, &b.rule)));
        let materials = self.materials.into_iter().map(|(name, filings)| MaterialCount { name, filings });
        let mut materials: Vec<_> = materials.collect();
        materials.sort_by(|a, b| (b.filings, &a.name).cmp(&(a.filings, &b.name)));
        Summary {
            version: VERSION,
            ended,
            filings: self.filings,
            errors: self.errors,
            failed_rules: self.failed,
            verdicts: self.verdicts,
            provinces: sorted(self.provinces),
            providers: sorted(self.providers),
            rules,
            materials,
            seconds,
            per_second: if seconds > 0.0 { all as f64 / seconds } else { 0.0 },
        }
    }
}

fn named(counts: &mut NamedCounts, found: Option<(String, Option<String>)>, missing: &[String]) {
    let (id, name) = found.map_or((None, None), |(id, name)| (Some(id), name));
    let is_missing = id.as_ref().is_some_and(|id| missing.contains(id));
    counts.entry(id).or_insert((name, 0, is_missing)).1 += 1;
}

fn sorted(counts: NamedCounts) -> Vec<Named> {
    let named = counts.into_iter().map(|(id, (name, filings, missing))| Named { id, name, filings, missing });
    let mut named: Vec<_> = named.collect();
    named.sort_by(|a, b| (b.filings, &a.id).cmp(&(a.filings, &b.id)));
    named
}

/// What one filing says several times counts once.
fn distinct<T, K: Ord>(mut values: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    values.sort_by_cached_key(&key);
    values.dedup_by_key(|value| key(value));
    values
}
