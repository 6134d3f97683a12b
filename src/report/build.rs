//! An assessment → a report.

use std::sync::Arc;

use super::findings::Findings;
use super::items;
use super::model::{FilingHead, PolicyEntry, Question, Report, VERSION, Verdict};
use super::places::Places;
use crate::condition::{Language, ids};
use crate::engine::Assessment;
use crate::filing::{Document, InputForm};
use crate::policy::{Bundle, Severity};
use crate::source::SourceFile;

/// How a report is made.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The language of the program's own words.
    pub language: Language,
    /// Show id numbers, phones and e-mail addresses as they are.
    pub show_sensitive: bool,
    /// The filing's file, to give lines and columns.
    pub source: Option<(Arc<SourceFile>, InputForm)>,
}

/// Makes the report of a filing.
pub fn build(bundle: &Bundle, document: &Document, assessment: &Assessment, options: &Options) -> Report {
    let places = Places { world: &bundle.world, document, options };
    let mut findings = Findings::new(bundle, document, &places);
    let mut lines = Vec::new();
    for outcome in &assessment.rules {
        findings.add(outcome, &mut lines);
    }
    let checklist = items::merge(bundle, &places, lines);
    let mut report = Report {
        version: VERSION,
        filing: head(bundle, document),
        policies: policies(bundle),
        verdict: Verdict::Ready,
        checklist,
        violations: findings.violations(),
        questions: findings.questions(),
        manual: findings.manual,
        notices: findings.notices,
        errors: findings.errors,
    };
    let violations = report.violations.iter_mut().flat_map(|violation| &mut violation.at);
    let manual = report.manual.iter_mut().flat_map(|check| &mut check.at);
    let items = report.checklist.iter_mut().flat_map(|item| &mut item.at);
    let mut found: Vec<_> = violations.chain(manual).chain(items).collect();
    places.locate(&mut found);
    sort_by_place(&mut report);
    for question in unnamed(bundle, &places, &report.filing).into_iter().rev() {
        let known = report.questions.iter().position(|known| known.path == question.path);
        let known = known.map(|index| report.questions.remove(index));
        let asked_by = known.map(|known| known.asked_by).unwrap_or_default();
        report.questions.insert(0, Question { asked_by, ..question });
    }
    report.verdict = verdict(&report, findings.blocked_unknown);
    report
}

/// Blocking ones first, then from the top of the file to its end: as the filer goes through it.
fn sort_by_place(report: &mut Report) {
    report.violations.sort_by_key(|violation| {
        let severity = Severity::named(&violation.severity);
        let place = violation.at.iter().filter_map(|place| place.line.zip(place.column)).min();
        (std::cmp::Reverse(severity), place.is_none(), place)
    });
}

/// A filing that names no province or no provider is checked without their rules, which must be said.
fn unnamed(bundle: &Bundle, places: &Places<'_>, head: &FilingHead) -> Vec<Question> {
    let document = places.document;
    let absent = [("filing.province", head.province.is_none()), ("filing.provider", head.provider.is_none())];
    let reason = match places.options.language {
        Language::Zh => "没有填，这一层的规则没有检查",
        Language::En => "not given, so its rules were not checked",
    };
    let mut questions = Vec::new();
    for (path, _) in absent.into_iter().filter(|(_, absent)| *absent) {
        let place = crate::condition::Place::resolve(&bundle.world.schema, &crate::condition::Scope::root(), path);
        let slots = place.map(|place| place.slots(document, &Default::default())).unwrap_or_default();
        let question = slots.first().and_then(|slot| places.question(*slot));
        questions.extend(question.map(|question| Question { reasons: vec![reason.to_owned()], ..question }));
    }
    questions
}

fn verdict(report: &Report, blocked_unknown: bool) -> Verdict {
    use super::model::ItemStatus::{Conditional, Deficient, Missing};
    let block = Severity::Block.id();
    let info = Severity::Info.id();
    let open = |item: &&super::model::Item| matches!(item.status, Missing | Deficient);
    if report.violations.iter().any(|violation| violation.severity == block)
        || report.checklist.iter().filter(open).any(|item| item.severity == block)
    {
        return Verdict::Rejected;
    }
    let conditional = report.checklist.iter().any(|item| item.status == Conditional && item.severity == block);
    if blocked_unknown || conditional {
        return Verdict::NeedsInformation;
    }
    let warned = report.violations.iter().any(|violation| violation.severity != info)
        || report
            .checklist
            .iter()
            .any(|item| item.severity != info && item.status != super::model::ItemStatus::Provided);
    let asked = !report.manual.is_empty() || !report.questions.is_empty() || !report.errors.is_empty();
    if warned || asked { Verdict::NeedsReview } else { Verdict::Ready }
}

fn policies(bundle: &Bundle) -> Vec<PolicyEntry> {
    let used = bundle.layers.iter().map(|layer| PolicyEntry {
        id: layer.id.clone(),
        authority: Some(layer.authority.clone()),
        digest: Some(layer.digest.clone()),
        missing: false,
    });
    let missing =
        bundle.missing.iter().map(|id| PolicyEntry { id: id.clone(), authority: None, digest: None, missing: true });
    used.chain(missing).collect()
}

/// The fields that name a filing: the interface that reports share with documents.
fn head(bundle: &Bundle, document: &Document) -> FilingHead {
    let schema = &bundle.world.schema;
    let one = |path: &str| ids(schema, document, path).into_iter().next();
    FilingHead {
        kind: one("filing.kind"),
        province: one("filing.province"),
        provider: one("filing.provider"),
        nature: one("subject.nature"),
        services: ids(schema, document, "services.kind"),
        as_of: day_words(bundle.day),
    }
}

pub(super) fn day_words(day: i64) -> String {
    let date = i32::try_from(day).ok().and_then(chrono::NaiveDate::from_num_days_from_ce_opt);
    date.map(|date| date.format("%Y-%m-%d").to_string()).unwrap_or_default()
}
