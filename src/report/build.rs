//! An assessment → a report.

use std::sync::Arc;

use super::fields;
use super::findings::Findings;
use super::items;
use super::model::{FilingHead, HeadWords, PolicyEntry, Question, Report, VERSION, Verdict};
use super::places::{Places, public_values};
use crate::condition::{Context, Language, Place, Registers, Scope, Ty, Value, ids, words};
use crate::engine::Assessment;
use crate::filing::{Document, InputForm, Slot};
use crate::policy::{Bundle, Severity, World};
use crate::schema::{Schema, Type};
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
    let public = public_values(&bundle.world, document);
    let places = Places { world: &bundle.world, document, options, public };
    let mut findings = Findings::new(bundle, document, &places);
    let mut lines = Vec::new();
    for outcome in &assessment.rules {
        findings.add(outcome, &mut lines);
    }
    let checklist = items::merge(bundle, &places, lines);
    let head = head(bundle, document, options.language);
    let mut report = Report {
        version: VERSION,
        policies: policies(bundle, &head),
        filing: head,
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
    let absent = [(fields::PROVINCE, head.province.is_none()), (fields::PROVIDER, head.provider.is_none())];
    let reason = match places.options.language {
        Language::Zh => "没有填，这一层的规则没有检查",
        Language::En => "not given, so its rules were not checked",
    };
    let mut questions = Vec::new();
    for (path, _) in absent.into_iter().filter(|(_, absent)| *absent) {
        let slots = found(&bundle.world.schema, document, path).map(|(slots, _)| slots).unwrap_or_default();
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

fn policies(bundle: &Bundle, head: &FilingHead) -> Vec<PolicyEntry> {
    let used = bundle.layers.iter().map(|layer| PolicyEntry {
        id: layer.id.clone(),
        name: Some(layer.name.clone()),
        authority: Some(layer.authority.clone()),
        digest: Some(layer.digest.clone()),
        missing: false,
    });
    let ids = [(&head.province, &head.words.province), (&head.provider, &head.words.provider)];
    let missing = bundle.missing.iter().map(|id| PolicyEntry {
        id: id.clone(),
        name: ids.iter().find(|(named, _)| named.as_ref() == Some(id)).and_then(|(_, name)| (*name).clone()),
        authority: None,
        digest: None,
        missing: true,
    });
    used.chain(missing).collect()
}

/// The fields that name a filing: the interface that reports share with documents.
/// The fields that name a filing and were derived.
fn derived(schema: &Schema, document: &Document) -> Vec<String> {
    let is_derived = |path: &&str| {
        let place = Place::resolve(schema, &Scope::root(), path);
        let slots = place.map(|place| place.slots(document, &Registers::default())).unwrap_or_default();
        slots.iter().any(|slot| document.is_derived(*slot))
    };
    let paths = [fields::KIND, fields::PROVINCE, fields::PROVIDER, fields::NATURE];
    paths.into_iter().filter(is_derived).map(str::to_owned).collect()
}

fn head(bundle: &Bundle, document: &Document, language: Language) -> FilingHead {
    let world = &bundle.world;
    let schema = &world.schema;
    let one = |path: &str| ids(schema, document, path).into_iter().next();
    let kinds = format!("{}.{}", fields::SERVICES, fields::SERVICE_KIND);
    let label = |path: &str| labels(world, document, path, language).into_iter().next();
    FilingHead {
        kind: one(fields::KIND),
        province: one(fields::PROVINCE),
        provider: one(fields::PROVIDER),
        nature: one(fields::NATURE),
        services: ids(schema, document, &kinds),
        derived: derived(schema, document),
        as_of: day_words(bundle.day),
        words: HeadWords {
            kind: label(fields::KIND),
            province: label(fields::PROVINCE),
            provider: label(fields::PROVIDER),
            nature: label(fields::NATURE),
            services: labels(world, document, &kinds, language),
        },
    }
}

/// The values of a path as people read them.
fn labels(world: &World, document: &Document, path: &str, language: Language) -> Vec<String> {
    let Some((slots, ty)) = found(&world.schema, document, path) else { return Vec::new() };
    let context = Context { schema: &world.schema, document, knows: world.knows(), scripts: None };
    let label = |slot: u32| match document.slot(slot) {
        Slot::Int(value) => Some(words(&Value::Int(value), &Ty::from(ty), &context, language)),
        _ => None,
    };
    slots.into_iter().filter_map(label).collect()
}

/// The slots of a path and the type of its field.
pub(super) fn found<'s>(schema: &'s Schema, document: &Document, path: &str) -> Option<(Vec<u32>, &'s Type)> {
    let place = Place::resolve(schema, &Scope::root(), path).ok()?;
    let field = place.field?;
    let ty = &schema.record(field.record).fields.get(usize::from(field.field))?.ty;
    Some((place.slots(document, &Registers::default()), ty))
}

pub(super) fn day_words(day: i64) -> String {
    let date = i32::try_from(day).ok().and_then(chrono::NaiveDate::from_num_days_from_ce_opt);
    date.map(|date| date.format("%Y-%m-%d").to_string()).unwrap_or_default()
}
