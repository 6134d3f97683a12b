//! Cases: a filing, and what each rule must say of it.

use std::sync::Arc;

use chrono::Datelike;

use super::bases::Bases;
use crate::condition::{Registers, ids};
use crate::engine::{LineStatus, Outcome, RuleOutcome, assess};
use crate::filing::{Document, add, set, unset};
use crate::policy::raw::{Expectation, RawCase, RawCases, read_cases};
use crate::policy::{Bundle, Layer, Policies, Wanted};
use crate::source::{Diagnostic, Diagnostics, Node, NodeValue, SourceFile, Span, parse_toml};

/// The day of a case that names none, so that cases never age.
const CASE_DAY: (i32, u32, u32) = (2026, 11, 24);

/// Everything that a rule did in one case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seen {
    /// Targets on which it holds.
    pub holds: u32,
    /// Targets to which it does not apply.
    pub inapplicable: u32,
    /// Violated.
    pub violated: u32,
    /// Cannot be told.
    pub unknown: u32,
    /// Could not be evaluated.
    pub failed: u32,
    /// Materials that are missing, provided, deficient, conditional.
    pub missing: u32,
    /// Provided.
    pub provided: u32,
    /// Deficient.
    pub deficient: u32,
    /// Conditional.
    pub conditional: u32,
    /// A reviewer is asked.
    pub asks: u32,
    /// The filer is told.
    pub speaks: u32,
}

impl Seen {
    fn of(outcome: Option<&RuleOutcome>) -> Self {
        let mut seen = Self::default();
        let Some(outcome) = outcome else { return seen };
        seen.holds = outcome.holds;
        seen.inapplicable = outcome.inapplicable;
        for site in &outcome.sites {
            match &site.outcome {
                Outcome::Violated => seen.violated += 1,
                Outcome::Unknown => seen.unknown += 1,
                Outcome::Failed => seen.failed += 1,
                Outcome::Asks => seen.asks += 1,
                Outcome::Speaks => seen.speaks += 1,
                Outcome::Required(lines) => {
                    for line in lines {
                        match line.status {
                            LineStatus::Missing => seen.missing += 1,
                            LineStatus::Provided(_) => seen.provided += 1,
                            LineStatus::Deficient { .. } => seen.deficient += 1,
                            LineStatus::Conditional(_) => seen.conditional += 1,
                        }
                    }
                }
            }
        }
        seen
    }

    fn required(&self) -> u32 {
        self.missing + self.provided + self.deficient + self.conditional
    }

    /// Is it what the case expects?
    fn meets(&self, expectation: Expectation) -> bool {
        match expectation {
            Expectation::Violates => self.violated > 0,
            Expectation::Passes => {
                self.holds > 0 && self.violated + self.unknown + self.failed == 0 && self.required() == 0
            }
            Expectation::Inapplicable => {
                self.holds + self.violated + self.unknown + self.failed + self.required() + self.asks + self.speaks == 0
            }
            Expectation::Unknown => self.unknown > 0 && self.violated == 0,
            Expectation::Missing => self.missing > 0,
            Expectation::Provided => self.provided > 0 && self.missing + self.deficient + self.conditional == 0,
            Expectation::Deficient => self.deficient > 0,
            Expectation::Conditional => self.conditional > 0,
            Expectation::Asks => self.asks > 0,
            Expectation::Notices => self.speaks > 0,
            Expectation::Fails => self.failed > 0,
        }
    }

    /// What it did, in the words of a case.
    pub fn words(&self) -> String {
        let parts = [
            ("violates", self.violated),
            ("passes", self.holds),
            ("unknown", self.unknown),
            ("fails", self.failed),
            ("missing", self.missing),
            ("provided", self.provided),
            ("deficient", self.deficient),
            ("conditional", self.conditional),
            ("asks", self.asks),
            ("notices", self.speaks),
        ];
        let found: Vec<String> = parts
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|(word, count)| if *count > 1 { format!("{word} ×{count}") } else { (*word).to_owned() })
            .collect();
        if found.is_empty() { "inapplicable".to_owned() } else { found.join(", ") }
    }
}

/// A rule and what it was expected to do and did.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The rule.
    pub rule: String,
    /// Expected.
    pub expected: Expectation,
    /// Seen.
    pub seen: Seen,
    /// Is it as expected?
    pub ok: bool,
}

/// A case that was run.
#[derive(Debug, Clone)]
pub struct CaseResult {
    /// Its name.
    pub name: String,
    /// Its place.
    pub line: usize,
    /// Each expectation.
    pub judged: Vec<Judged>,
    /// Something in the case itself is wrong: an unknown rule, a path that leads nowhere.
    pub broken: bool,
}

impl CaseResult {
    /// Did it meet all expectations?
    pub fn ok(&self) -> bool {
        !self.broken && self.judged.iter().all(|judged| judged.ok)
    }
}

/// The cases of a layer.
#[derive(Debug, Clone)]
pub struct LayerResult {
    /// The layer.
    pub layer: Arc<Layer>,
    /// What was run.
    pub cases: Vec<CaseResult>,
    /// Expectations that were not met, rules without cases, and mistakes in the cases.
    pub problems: Diagnostics,
}

impl LayerResult {
    /// How many cases met all expectations.
    pub fn passed(&self) -> usize {
        self.cases.iter().filter(|case| case.ok()).count()
    }
}

/// Runs the cases of one layer. A case whose name does not contain `filter` is left out.
///
/// # Errors
/// The layer itself is wrong.
pub fn run(policies: &Policies, bases: &Bases, folder: &str, filter: Option<&str>) -> Result<LayerResult, Diagnostics> {
    let layer = policies.layer(folder)?;
    let mut out = Diagnostics::new();
    let mut cases = Vec::new();
    if let Some(raw) = raw_cases(policies, folder, &mut out) {
        let runner = Runner { policies, bases, layer: &layer, file: &raw.file };
        for case in &raw.cases {
            if filter.is_some_and(|filter| !case.name.0.contains(filter)) {
                continue;
            }
            cases.push(runner.case(case, &mut out));
        }
    }
    Ok(LayerResult { layer, cases, problems: out })
}

/// The cases of a layer as written.
pub fn raw_cases(policies: &Policies, folder: &str, out: &mut Diagnostics) -> Option<RawCases> {
    let path = format!("{folder}/cases.toml");
    let file = match policies.world.files.read(&path) {
        Ok(Some(file)) => file,
        Ok(None) => {
            out.push(Diagnostic::error("no-cases", format!("the layer `{folder}` has no cases.toml")));
            return None;
        }
        Err(problem) => {
            out.push(problem);
            return None;
        }
    };
    match parse_toml(&file) {
        Ok(node) => read_cases(&file, &node, out),
        Err(problems) => {
            out.extend(problems);
            None
        }
    }
}

struct Runner<'a> {
    policies: &'a Policies,
    bases: &'a Bases,
    layer: &'a Arc<Layer>,
    file: &'a Arc<SourceFile>,
}

impl Runner<'_> {
    fn case(&self, case: &RawCase, out: &mut Diagnostics) -> CaseResult {
        let (line, _) = self.file.line_column(case.name.1.start);
        let before = out.error_count();
        let judged = self.judge(case, out);
        let unmet = judged.iter().flatten().filter(|judged| !judged.ok).count();
        let broken = judged.is_none() || out.error_count() - before > unmet;
        CaseResult { name: case.name.0.clone(), line, judged: judged.unwrap_or_default(), broken }
    }

    /// `None`: the case could not be run.
    fn judge(&self, case: &RawCase, out: &mut Diagnostics) -> Option<Vec<Judged>> {
        let before = out.error_count();
        let mut document = self.document(case, out)?;
        let day = self.day(case);
        self.complete_head(case, &mut document, day, out);
        if out.error_count() > before {
            return None;
        }
        self.policies.complete(&mut document);
        let schema = &self.policies.world.schema;
        let one = |path: &str| ids(schema, &document, path).into_iter().next();
        // a layer is tested with the layers below it: what a province replaces says nothing about the nation's rules
        let kind = self.layer.folder.split('/').next().unwrap_or_default();
        let province = one("filing.province").filter(|_| kind == "provinces");
        let provider = one("filing.provider").filter(|_| kind != "national");
        let wanted = Wanted { province, provider };
        let bundle = match self.policies.bundle(&wanted, day) {
            Ok(bundle) => bundle,
            Err(problems) => {
                out.extend(problems);
                return None;
            }
        };
        let assessment = assess(&bundle, &document);
        let outcome = |id: &str| {
            let reference = bundle.find(id)?;
            assessment.rules.iter().find(|outcome| outcome.rule == reference)
        };
        let mut judged = Vec::new();
        for (expected, (id, span)) in &case.expectations {
            if !self.known(id, span, out) {
                continue;
            }
            let seen = Seen::of(outcome(id));
            let ok = seen.meets(*expected);
            if !ok {
                self.unmet(case, *expected, id, span, &seen, out);
            }
            judged.push(Judged { rule: id.clone(), expected: *expected, seen, ok });
        }
        for ((id, span), places) in &case.violates_at {
            if self.known(id, span, out) {
                judged.push(self.places(case, &bundle, &document, outcome(id), (id, span), places, out));
            }
        }
        Some(judged)
    }

    fn day(&self, case: &RawCase) -> i64 {
        let day = case.as_of.or_else(|| chrono::NaiveDate::from_ymd_opt(CASE_DAY.0, CASE_DAY.1, CASE_DAY.2));
        day.map_or(0, |day| i64::from(day.num_days_from_ce()))
    }

    /// The base with the case's edits.
    fn document(&self, case: &RawCase, out: &mut Diagnostics) -> Option<Document> {
        let Some((name, span)) = &case.base else {
            out.push(
                Diagnostic::error("no-base", format!("the case `{}` starts from nothing", case.name.0))
                    .at(self.file, case.name.1.clone(), "")
                    .help("write `base = \"…\"` at the top of the file or in the case"),
            );
            return None;
        };
        let Some(base) = self.bases.get(name) else {
            out.push(
                Diagnostic::error("unknown-base", format!("there is no base `{name}`"))
                    .at(self.file, span.clone(), "no such file in bases/")
                    .suggest(name, self.bases.names()),
            );
            return None;
        };
        let schema = &self.policies.world.schema;
        let mut document = base.document.clone();
        let mut ok = true;
        let mut keep = |result: Result<(), Diagnostics>, out: &mut Diagnostics| {
            if let Err(problems) = result {
                ok = false;
                out.extend(problems);
            }
        };
        for (path, span) in &case.unset {
            keep(unset(schema, &mut document, path, self.file, span.clone()), out);
        }
        for entry in &case.set {
            keep(set(schema, &mut document, &entry.key, &entry.node, self.file, entry.key_span.clone()), out);
        }
        for entry in &case.add {
            keep(add(schema, &mut document, &entry.key, &entry.node, self.file, entry.key_span.clone()), out);
        }
        ok.then_some(document)
    }

    /// The layer's own field (a province's cases are filed in that province) and the day, unless the case says another.
    fn complete_head(&self, case: &RawCase, document: &mut Document, day: i64, out: &mut Diagnostics) {
        let schema = &self.policies.world.schema;
        let node = |value: NodeValue| Node { span: 0..0, value };
        for applies in &self.layer.applies {
            // a base is filed somewhere; the layer's cases are filed with the layer, unless the case itself says otherwise
            if !case.set.iter().any(|entry| entry.key == applies.path) {
                document.set(applies.slot, applies.value);
            }
        }
        if ids_missing(schema, document, "filing.date")
            && let Some(date) = i32::try_from(day).ok().and_then(chrono::NaiveDate::from_num_days_from_ce_opt)
            && let Err(problems) = set(schema, document, "filing.date", &node(NodeValue::Date(date)), self.file, 0..0)
        {
            out.extend(problems);
        }
    }

    fn known(&self, id: &str, span: &Span, out: &mut Diagnostics) -> bool {
        if self.layer.rule(id).is_some() {
            return true;
        }
        out.push(
            Diagnostic::error("unknown-rule", format!("there is no rule `{id}` in this layer"))
                .at(self.file, span.clone(), "no such rule")
                .suggest(id, self.layer.rules.iter().map(|rule| rule.id.as_str())),
        );
        false
    }

    fn unmet(&self, case: &RawCase, expected: Expectation, id: &str, span: &Span, seen: &Seen, out: &mut Diagnostics) {
        let mut diagnostic = Diagnostic::error("case-failed", format!("`{}`: {}", case.name.0, id)).at(
            self.file,
            span.clone(),
            format!("expected {}, got {}", expected.key(), seen.words()),
        );
        if let Some((_, rule)) = self.layer.rule(id) {
            diagnostic = diagnostic.related(&rule.file, rule.span.clone(), "the rule");
        }
        out.push(diagnostic);
    }

    #[allow(clippy::too_many_arguments, reason = "a case, what came out of it, and where it is written")]
    fn places(
        &self,
        case: &RawCase,
        bundle: &Bundle,
        document: &Document,
        outcome: Option<&RuleOutcome>,
        (id, span): (&String, &Span),
        places: &[(String, Span)],
        out: &mut Diagnostics,
    ) -> Judged {
        let world = &self.policies.world;
        let mut found: Vec<String> = Vec::new();
        if let (Some(outcome), Some(rule)) = (outcome, outcome.and_then(|outcome| bundle.rule(outcome.rule))) {
            for site in outcome.sites.iter().filter(|site| site.outcome == Outcome::Violated) {
                for place in &rule.at {
                    let slots = place.slots(document, &site.registers);
                    found.extend(slots.into_iter().filter_map(|slot| document.path(&world.schema, slot)));
                }
            }
        }
        found.sort();
        found.dedup();
        let mut expected: Vec<String> = places.iter().map(|(path, _)| path.clone()).collect();
        expected.sort();
        let ok = found == expected;
        if !ok {
            let found = if found.is_empty() { "nowhere".to_owned() } else { found.join(", ") };
            out.push(
                Diagnostic::error("case-failed", format!("`{}`: {id} is violated at other places", case.name.0)).at(
                    self.file,
                    span.clone(),
                    format!("found at {found}"),
                ),
            );
        }
        Judged { rule: id.clone(), expected: Expectation::Violates, seen: Seen::of(outcome), ok }
    }
}

fn ids_missing(schema: &crate::schema::Schema, document: &Document, path: &str) -> bool {
    let place = crate::condition::Place::resolve(schema, &crate::condition::Scope::root(), path);
    place.is_ok_and(|place| {
        let slots = place.slots(document, &Registers::default());
        slots.into_iter().all(|slot| document.slot(slot) == crate::filing::Slot::Missing)
    })
}
