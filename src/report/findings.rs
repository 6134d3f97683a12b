//! Violations, questions, manual checks, notices, errors: what rules found, merged where several say the same.

use rustc_hash::FxHashMap;

use super::items::Line;
use super::mask::mask;
use super::model::{Citation, ErrorEntry, ManualCheck, Notice, Question, Violation};
use super::places::Places;
use crate::condition::{Context, Registers, Template, Unknowns};
use crate::engine::{Outcome, RuleOutcome, SiteOutcome, why_unknown};
use crate::filing::{Document, Slot};
use crate::policy::{Body, Bundle, Confidence, Fact, Layer, Require, Rule, RuleRef, Severity, Source, Stricter};

/// A violation and what decides whether another says the same.
struct Found {
    rule: RuleRef,
    registers: Registers,
    /// What the rule points at: the last name of each path, and the value.
    values: Vec<(String, String)>,
    violation: Violation,
    severity: Severity,
    confidence: Option<Confidence>,
}

pub(super) struct Findings<'a> {
    bundle: &'a Bundle,
    document: &'a Document,
    places: &'a Places<'a>,
    found: Vec<Found>,
    asked: Vec<Question>,
    asked_at: FxHashMap<String, usize>,
    pub(super) manual: Vec<ManualCheck>,
    pub(super) notices: Vec<Notice>,
    pub(super) errors: Vec<ErrorEntry>,
    /// A rule that blocks cannot be told.
    pub(super) blocked_unknown: bool,
}

impl<'a> Findings<'a> {
    pub(super) fn new(bundle: &'a Bundle, document: &'a Document, places: &'a Places<'a>) -> Self {
        Self {
            bundle,
            document,
            places,
            found: Vec::new(),
            asked: Vec::new(),
            asked_at: FxHashMap::default(),
            manual: Vec::new(),
            notices: Vec::new(),
            errors: Vec::new(),
            blocked_unknown: false,
        }
    }

    fn context(&self, rule: RuleRef) -> Context<'a> {
        let scripts = self.bundle.layer(rule).and_then(|layer| layer.scripts());
        let world = &self.bundle.world;
        Context { schema: &world.schema, document: self.document, knows: world.knows(), scripts }
    }

    fn render(&self, template: &Template, rule: RuleRef, registers: &Registers) -> String {
        let show = self.places.options.show_sensitive;
        let public = &self.places.public;
        let hide = |sensitivity, value: &str| {
            if show || public.iter().any(|known| known == value) { value.to_owned() } else { mask(sensitivity, value) }
        };
        template.render(&self.context(rule), registers, self.places.options.language, &hide)
    }

    /// Adds what came out of a rule; lines of the checklist go to `lines`.
    pub(super) fn add(&mut self, outcome: &RuleOutcome, lines: &mut Vec<Line>) {
        let Some(rule) = self.bundle.rule(outcome.rule) else { return };
        for site in &outcome.sites {
            match &site.outcome {
                Outcome::Violated => self.violated(outcome, rule, site),
                Outcome::Unknown | Outcome::Failed => {
                    self.unknown(outcome, rule, site);
                }
                Outcome::Required(required) => {
                    let asked = self.ask(outcome, rule, site);
                    for line in required {
                        lines.push(self.line(outcome.rule, rule, site, line, &asked));
                    }
                }
                Outcome::Asks => self.ask_reviewer(outcome.rule, rule, &site.registers),
                Outcome::Speaks => self.notice(outcome.rule, rule, &site.registers),
            }
        }
    }

    fn line(
        &self,
        reference: RuleRef,
        rule: &Rule,
        site: &SiteOutcome,
        line: &crate::engine::LineOutcome,
        asked: &[Question],
    ) -> Line {
        use crate::engine::LineStatus;
        let Body::Require(require) = &rule.body else {
            return Line::default();
        };
        let registers = &site.registers;
        let for_whom = require.for_whom.as_ref().map(|clause| {
            let context = self.context(reference);
            let value = crate::condition::evaluate(&clause.expr, &context, registers, &mut Unknowns::default());
            match value.unwrap_or(crate::condition::Value::Missing) {
                // its name is not known yet: say where it will stand
                crate::condition::Value::Missing => self.unnamed(&clause.expr, rule, registers),
                value => crate::condition::words(&value, &clause.expr.ty, &context, self.places.options.language),
            }
        });
        let deficiencies = match &line.status {
            LineStatus::Deficient { material, demands } => {
                let mut registers = *registers;
                registers.set(require.register, *material);
                let text = |index: &usize| {
                    require.demands.get(*index).map(|demand| self.render(&demand.missing, reference, &registers))
                };
                demands.iter().filter_map(text).collect()
            }
            _ => Vec::new(),
        };
        let english = self.places.options.language == crate::condition::Language::En;
        let demand_words = |demand: &crate::policy::Demand| {
            let label = if english { &demand.label_en } else { &demand.label };
            self.render(label, reference, registers)
        };
        Line {
            rule: Some(reference),
            line: line.line,
            for_whom,
            status: Some(line.status.clone()),
            deficiencies,
            depends_on: if matches!(line.status, LineStatus::Conditional(_)) { asked.to_vec() } else { Vec::new() },
            demand_words: require.demands.iter().map(demand_words).collect(),
            title: self.render(&rule.title, reference, registers),
            note: require.note.as_ref().map(|note| self.render(note, reference, registers)),
            fix: rule.fix.as_ref().map(|fix| self.render(fix, reference, registers)),
            slots: match &line.status {
                LineStatus::Deficient { material, demands } => unmet(require, *material, demands),
                LineStatus::Provided(material) => vec![*material],
                _ => Vec::new(),
            },
        }
    }

    /// What a material is for when its name is not given: where the name would stand, or what the rule is evaluated on.
    fn unnamed(&self, expr: &crate::condition::Expr, rule: &Rule, registers: &Registers) -> String {
        use crate::condition::{Base, Kind};
        let named = match &expr.kind {
            Kind::Slot(at, _) => {
                let base = match at.base {
                    Base::Root => 0,
                    Base::Register(register) => registers.get(register),
                };
                self.places.owner(base + at.offset)
            }
            _ => None,
        };
        named.unwrap_or_else(|| self.places.target(rule, registers))
    }

    /// Whether a requirement is open, its fields are asked for.
    fn ask(&mut self, outcome: &RuleOutcome, rule: &Rule, site: &SiteOutcome) -> Vec<Question> {
        use crate::engine::LineStatus;
        let Outcome::Required(lines) = &site.outcome else { return Vec::new() };
        if lines.iter().any(|line| matches!(line.status, LineStatus::Conditional(_))) {
            return self.unknown(outcome, rule, site);
        }
        Vec::new()
    }

    fn unknown(&mut self, outcome: &RuleOutcome, rule: &Rule, site: &SiteOutcome) -> Vec<Question> {
        let mut unknowns = Unknowns::default();
        let failure = why_unknown(rule, outcome, site, &self.context(outcome.rule), &mut unknowns);
        if site.outcome == Outcome::Failed {
            let message = failure.unwrap_or_else(|| "the rule could not be evaluated".to_owned());
            self.errors.push(ErrorEntry { rule: rule.id.clone(), message });
            return Vec::new();
        }
        // what may or may not concern the filer is said when it is known that it does
        if rule.severity == Severity::Info || matches!(rule.body, Body::Notice(_)) {
            return Vec::new();
        }
        // a requirement that is open stands in the checklist, which the verdict reads itself
        if rule.severity == Severity::Block && !matches!(rule.body, Body::Require(_) | Body::Manual(_)) {
            self.blocked_unknown = true;
        }
        let mut asked = Vec::new();
        for slot in &self.inputs(&unknowns.slots) {
            let Some(question) = self.places.question(*slot) else { continue };
            let index = *self.asked_at.entry(question.path.clone()).or_insert_with(|| {
                self.asked.push(question.clone());
                self.asked.len() - 1
            });
            if let Some(known) = self.asked.get_mut(index) {
                if !known.asked_by.contains(&rule.id) {
                    known.asked_by.push(rule.id.clone());
                }
                for reason in &unknowns.reasons {
                    if !known.reasons.contains(reason) {
                        known.reasons.push(reason.clone());
                    }
                }
            }
            asked.push(Question { asked_by: vec![rule.id.clone()], ..question });
        }
        if unknowns.slots.is_empty() && !unknowns.reasons.is_empty() {
            // nothing that the filer can fill in settles it
            let reasons = unknowns.reasons;
            let label = self.render(&rule.title, outcome.rule, &site.registers);
            let asked_by = vec![rule.id.clone()];
            self.asked.push(Question { path: String::new(), label, help: String::new(), asked_by, reasons });
        }
        asked
    }

    /// What the filer knows: of a derived field, the fields that it is derived from.
    fn inputs(&self, slots: &[u32]) -> Vec<u32> {
        let world = &self.bundle.world;
        let mut asked = Vec::new();
        for slot in slots {
            let inputs = world.derivations.inputs(world, self.document, *slot);
            let inputs = if inputs.is_empty() { vec![*slot] } else { inputs };
            for input in inputs {
                // one step back is enough: what is derived from derived fields says so itself
                if !asked.contains(&input) {
                    asked.push(input);
                }
            }
        }
        asked
    }

    fn violated(&mut self, outcome: &RuleOutcome, rule: &Rule, site: &SiteOutcome) {
        let mut slots = Vec::new();
        for place in &rule.at {
            slots.extend(place.slots(self.document, &site.registers));
        }
        let at = self.places.of(&slots);
        let message = at
            .iter()
            .map(|place| match &place.value {
                Some(value) if value.is_empty() => format!("{}：{}", place.label, self.empty_text()),
                Some(value) => format!("{}：{value}", place.label),
                None => format!("{}：{}", place.label, self.absent()),
            })
            .collect::<Vec<_>>()
            .join("；");
        let (facts, sources, confidence) = cited(self.bundle, outcome.rule);
        let text = |template: &Option<Template>| {
            template.as_ref().map(|template| self.render(template, outcome.rule, &site.registers))
        };
        let violation = Violation {
            rule: rule.id.clone(),
            severity: rule.severity.id().to_owned(),
            title: self.render(&rule.title, outcome.rule, &site.registers),
            message,
            fix: text(&rule.fix),
            note: text(&rule.note),
            at,
            rules: vec![rule.id.clone()],
            facts,
            sources,
            confidence: confidence.map(|confidence| confidence.id().to_owned()),
        };
        let (severity, registers) = (rule.severity, site.registers);
        let values = self.values(&slots);
        let found = Found { rule: outcome.rule, registers, values, violation, severity, confidence };
        match self.found.iter_mut().find(|known| same(self.bundle, known, &found)) {
            Some(known) => merge(self.bundle, known, found),
            None => self.found.push(found),
        }
    }

    /// What stands at slots, unmasked: only compared, never shown.
    fn values(&self, slots: &[u32]) -> Vec<(String, String)> {
        let document = self.document;
        let value = |slot: u32| match document.slot(slot) {
            Slot::Text { start, len } => document.text(start, len).to_owned(),
            other => format!("{other:?}"),
        };
        let name = |slot: u32| {
            let path = document.path(&self.bundle.world.schema, slot).unwrap_or_default();
            path.rsplit('.').next().unwrap_or_default().to_owned()
        };
        slots.iter().map(|slot| (name(*slot), value(*slot))).collect()
    }

    fn absent(&self) -> &'static str {
        match self.places.options.language {
            crate::condition::Language::Zh => "未填",
            crate::condition::Language::En => "not given",
        }
    }

    fn empty_text(&self) -> &'static str {
        match self.places.options.language {
            crate::condition::Language::Zh => "（空）",
            crate::condition::Language::En => "(empty)",
        }
    }

    fn ask_reviewer(&mut self, reference: RuleRef, rule: &Rule, registers: &Registers) {
        let Body::Manual(question) = &rule.body else { return };
        let (facts, sources, _) = cited(self.bundle, reference);
        let slots: Vec<u32> = rule.at.iter().flat_map(|place| place.slots(self.document, registers)).collect();
        let check = ManualCheck {
            rule: rule.id.clone(),
            severity: rule.severity.id().to_owned(),
            title: self.render(&rule.title, reference, registers),
            what: self.render(question, reference, registers),
            at: self.places.of(&slots),
            rules: vec![rule.id.clone()],
            facts,
            sources,
        };
        match self.manual.iter_mut().find(|known| known.what == check.what) {
            Some(known) => {
                extend(&mut known.rules, check.rules);
                extend(&mut known.facts, check.facts);
                extend(&mut known.sources, check.sources);
            }
            None => self.manual.push(check),
        }
    }

    fn notice(&mut self, reference: RuleRef, rule: &Rule, registers: &Registers) {
        let Body::Notice(text) = &rule.body else { return };
        let text = self.render(text, reference, registers);
        let (facts, sources, _) = cited(self.bundle, reference);
        match self.notices.iter_mut().find(|known| known.text == text) {
            Some(known) => {
                extend(&mut known.rules, vec![rule.id.clone()]);
                extend(&mut known.facts, facts);
                extend(&mut known.sources, sources);
            }
            None => {
                let rules = vec![rule.id.clone()];
                self.notices.push(Notice { rule: rule.id.clone(), text, rules, facts, sources });
            }
        }
    }

    /// Blocking ones first, each group in the order of the layers.
    pub(super) fn violations(&mut self) -> Vec<Violation> {
        let mut found = std::mem::take(&mut self.found);
        found.sort_by_key(|found| std::cmp::Reverse(found.severity));
        found.into_iter().map(|found| found.violation).collect()
    }

    /// What decides which rules hold first, then what most rules ask for.
    pub(super) fn questions(&mut self) -> Vec<Question> {
        let mut asked = std::mem::take(&mut self.asked);
        let keys: Vec<String> = self.bundle.world.keys.iter().map(|key| key.dimension.path.join(".")).collect();
        let decides = |question: &Question| {
            let path = without_indices(&question.path);
            keys.iter().any(|key| *key == path || key.strip_prefix(&path).is_some_and(|rest| rest.starts_with('.')))
        };
        asked.sort_by_key(|question| (!decides(question), std::cmp::Reverse(question.asked_by.len())));
        asked
    }
}

/// The fields of a material that unmet demands read: what the filer has to change.
fn unmet(require: &Require, material: u32, demands: &[usize]) -> Vec<u32> {
    use crate::condition::{Base, Kind};
    let mut slots = Vec::new();
    for demand in demands.iter().filter_map(|demand| require.demands.get(*demand)) {
        demand.that.expr.walk(&mut |part| {
            if let Kind::Slot(at, _) = &part.kind
                && at.base == Base::Register(require.register)
            {
                slots.push(material + at.offset);
            }
        });
    }
    if slots.is_empty() { vec![material] } else { slots }
}

/// `services[0].kind` → `services.kind`.
fn without_indices(path: &str) -> String {
    let parts = path.split('.').map(|part| part.split('[').next().unwrap_or(part));
    parts.collect::<Vec<_>>().join(".")
}

/// Do two violations say the same: the same requirement of the same target, or of the same values at another place
/// (one person in three roles, with one mistyped number)?
fn same(bundle: &Bundle, a: &Found, b: &Found) -> bool {
    let (Some(first), Some(second)) = (bundle.rule(a.rule), bundle.rule(b.rule)) else { return false };
    // the same check and parameters, but for the ordered ones
    let requirement = match (&first.uses, &second.uses) {
        (Some(first), Some(second)) => first.check == second.check && first.key == second.key,
        _ => a.rule == b.rule,
    };
    let target = first.target.text == second.target.text && a.registers == b.registers && a.rule != b.rule;
    requirement && (target || (!a.values.is_empty() && a.values == b.values))
}

/// The stricter of two speaks; both are cited, and the higher severity counts.
fn merge(bundle: &Bundle, known: &mut Found, new: Found) {
    let severity = known.severity.max(new.severity);
    let confidence = known.confidence.max(new.confidence);
    let new_is_stricter = match (bundle.rule(known.rule), bundle.rule(new.rule)) {
        (Some(first), Some(second)) => match (&first.uses, &second.uses) {
            (Some(first), Some(second)) => stricter(&second.ordered, &first.ordered),
            _ => false,
        },
        _ => false,
    };
    let (mut speaks, other) = if new_is_stricter {
        (new.violation, std::mem::replace(&mut known.violation, empty()))
    } else {
        (std::mem::replace(&mut known.violation, empty()), new.violation)
    };
    for place in other.at {
        if !speaks.at.iter().any(|known| known.path == place.path) {
            speaks.at.push(place);
        }
    }
    extend(&mut speaks.rules, other.rules);
    extend(&mut speaks.facts, other.facts);
    extend(&mut speaks.sources, other.sources);
    speaks.severity = severity.id().to_owned();
    speaks.confidence = confidence.map(|confidence| confidence.id().to_owned());
    speaks.fix = speaks.fix.or(other.fix);
    known.rule = if new_is_stricter { new.rule } else { known.rule };
    known.violation = speaks;
    known.severity = severity;
    known.confidence = confidence;
}

fn empty() -> Violation {
    Violation {
        rule: String::new(),
        severity: String::new(),
        title: String::new(),
        message: String::new(),
        fix: None,
        note: None,
        at: Vec::new(),
        rules: Vec::new(),
        facts: Vec::new(),
        sources: Vec::new(),
        confidence: None,
    }
}

fn stricter(a: &[(i64, Stricter)], b: &[(i64, Stricter)]) -> bool {
    a.iter().zip(b).any(|((a, way), (b, _))| match way {
        Stricter::Greater => a > b,
        Stricter::Less => a < b,
        Stricter::True | Stricter::Common => false,
    })
}

/// Adds what is not there yet.
pub(super) fn extend<T: PartialEq>(known: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !known.contains(&one) {
            known.push(one);
        }
    }
}

/// The facts and sources behind a rule, and how sure the surest fact is.
pub(super) fn cited(bundle: &Bundle, reference: RuleRef) -> (Vec<String>, Vec<Citation>, Option<Confidence>) {
    let (Some(layer), Some(rule)) = (bundle.layer(reference), bundle.rule(reference)) else {
        return (Vec::new(), Vec::new(), None);
    };
    let mut facts = Vec::new();
    let mut sources: Vec<Citation> = Vec::new();
    let mut confidence = None;
    for fact in rule.facts.iter().filter_map(|fact| layer.fact(*fact)) {
        facts.push(fact.id.clone());
        confidence = confidence.max(Some(fact.confidence));
        extend(&mut sources, cited_in(layer, fact));
    }
    (facts, sources, confidence)
}

/// The sources of a fact.
pub(super) fn cited_in(layer: &Layer, fact: &Fact) -> Vec<Citation> {
    let sources = fact.sources.iter().filter_map(|source| layer.facts().sources.get(*source));
    let citation = |source: &Source| Citation {
        id: source.id.clone(),
        layer: layer.id.clone(),
        publisher: source.publisher.clone(),
        title: source.title.clone(),
        locator: source.locator.clone(),
        dated: source.dated.clone(),
    };
    sources.map(citation).collect()
}
