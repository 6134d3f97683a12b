//! A rule of a comparison in words: what it asks, of whom, since when.

use std::sync::Arc;

use super::model::{Audience, Entry, Parameter};
use crate::condition::{
    Checker, Context, Expr, Language, Scope, Target, Template, Ty, Value, fold, words as value_words,
};
use crate::filing::Document;
use crate::policy::{Body, Check, Key, Layer, LazyRule, RuleHead, World};
use crate::report::card::Cards;
use crate::source::{Diagnostics, NodeValue};

/// Makes words of rules.
pub(super) struct Words<'a> {
    world: &'a World,
    cards: Cards<'a>,
    language: Language,
    empty: Document,
}

impl<'a> Words<'a> {
    pub(super) fn new(world: &'a World, layers: &'a [Arc<Layer>], language: Language) -> Self {
        let empty = Document::empty(&world.schema);
        Self { world, cards: Cards::new(world, layers, language), language, empty }
    }

    /// A rule; `differ` are the parameters that its row leaves open. One that is what the check takes anyway is left out,
    /// unless the row's title has a gap for it.
    pub(super) fn entry(&self, layer: &Layer, rule: &LazyRule, differ: &[String], gap: bool) -> Entry {
        let fact = rule.facts.first().and_then(|fact| layer.fact(*fact));
        let day = |day: i64| {
            let date = i32::try_from(day).ok().and_then(chrono::NaiveDate::from_num_days_from_ce_opt);
            date.map(|date| date.to_string()).unwrap_or_default()
        };
        let since_fact = fact.and_then(|fact| fact.effective_from).map(|date| date.to_string());
        let uses = rule.uses.as_ref();
        let check = uses.and_then(|uses| self.world.checks.get(&uses.check));
        let usual = |name: &str, value: &Value<'_>| check.is_some_and(|check| is_default(check, name, value));
        let said =
            |name: &str, value: &Value<'_>| differ.iter().any(|open| open == name) && (gap || !usual(name, value));
        let with = uses.map(|uses| self.parameters(&uses.with, said));
        Entry {
            rule: rule.head.id.clone(),
            title: self.cards.words(&rule.title),
            kind: rule.kind(),
            severity: rule.severity.id(),
            with: with.unwrap_or_default(),
            applies: self.applies(&rule.head),
            when: self.own_conditions(rule),
            from: rule.head.from.map(day).or(since_fact),
            until: rule.head.until.map(day),
            facts: rule.facts.iter().filter_map(|fact| layer.fact(*fact)).map(|fact| fact.id.clone()).collect(),
        }
    }

    /// Some of the parameters of a check, in words.
    pub(super) fn parameters(
        &self,
        with: &[(String, Value<'static>, Ty)],
        wanted: impl Fn(&str, &Value<'_>) -> bool,
    ) -> Vec<Parameter> {
        let schema = &self.world.schema;
        let context = Context { schema, document: &self.empty, knows: self.world.knows(), scripts: None };
        let value = |value, ty| value_words(value, ty, &context, self.language);
        let with = with.iter().filter(|(name, value, _)| wanted(name, value));
        with.map(|(name, given, ty)| Parameter { name: name.clone(), value: value(given, ty) }).collect()
    }

    /// What a check asks with these parameters, those that differ left open; `None` when it has no title of its own.
    pub(super) fn title(
        &self,
        check: &Check,
        with: &[(String, Value<'static>, Ty)],
        differ: &[String],
    ) -> Option<String> {
        let common = &check.raw.common;
        let schema = &self.world.schema;
        let mut scope = Scope::root();
        if let Some((each, _)) = &common.each {
            Target::resolve(schema, &mut scope, each).ok()?;
        }
        for (name, value, ty) in with {
            let open = differ.iter().any(|open| open == name);
            let value = if open { Value::Missing } else { value.clone() };
            scope.bind_constant(name, Expr::constant(value, ty.clone(), (0, 0)));
        }
        let library = self.world.library(&[]);
        let mut out = Diagnostics::new();
        let mut title = Template::check(&mut Checker::new(&library), common.title.as_ref()?, &scope, &mut out)?;
        title.expressions_mut().for_each(|expr| fold(expr, schema, self.world.knows()));
        Some(self.cards.words(&title))
    }

    /// What the rule's own `when` says, besides the check's.
    fn own_conditions(&self, rule: &LazyRule) -> Vec<String> {
        let check = rule.uses.as_ref().and_then(|uses| self.world.checks.get(&uses.check));
        let shared = check.and_then(|check| check.raw.common.when.as_ref()).map(|when| when.text.as_str());
        let written = rule.when.iter().filter(|clause| clause.is_written()).map(|clause| clause.source.text.as_str());
        let mut own: Vec<String> = written.filter(|text| Some(*text) != shared).map(str::to_owned).collect();
        if let Body::Require(require) = &rule.body
            && check.is_none()
        {
            own.extend(require.filter.as_ref().map(|clause| clause.source.text.clone()));
        }
        own
    }

    /// The keys that say something else than an absent one.
    fn applies(&self, head: &RuleHead) -> Vec<Audience> {
        let keys = self.world.keys.iter().zip(&head.applies).enumerate();
        let special = keys.filter(|(_, (key, set))| **set != key.dimension.default);
        special.map(|(index, (key, set))| self.audience(index, key, *set)).collect()
    }

    fn audience(&self, index: usize, key: &Key, set: u64) -> Audience {
        let values = &self.world.schema.enumeration(key.dimension.values).values;
        let of = |set: u64| values.iter().zip(0_u32..).filter(move |(_, bit)| set >> (bit % 64) & 1 == 1);
        let label = |set: u64| {
            let labels = of(set).map(|(value, _)| self.pick(&value.label.zh, &value.label.en));
            labels.collect::<Vec<_>>().join(self.pick("、", ", "))
        };
        // a long list reads better by what is not in it, among the filings that are meant when nothing is said
        let among = if set & !key.dimension.default == 0 { key.dimension.default } else { u64::MAX };
        let rest = of(among & !set).count();
        let words = match rest > 0 && rest * 2 < of(set).count() {
            true => self.pick("除{}外", "all but {}").replace("{}", &label(among & !set)),
            false => label(set),
        };
        Audience {
            key: key.dimension.name.clone(),
            values: of(set).map(|(value, _)| value.id.clone()).collect(),
            words: self.named(index, key, words),
        }
    }

    /// Where two keys have the same values, the second says which field it is about.
    fn named(&self, index: usize, key: &Key, words: String) -> String {
        let mut before = self.world.keys.iter().take(index);
        let field = key.place.field.and_then(|field| {
            self.world.schema.record(field.record).fields.get(usize::from(field.field)).map(|field| &field.label)
        });
        match field {
            Some(label) if before.any(|other| other.dimension.values == key.dimension.values) => {
                format!("{}{}{words}", self.pick(&label.zh, &label.en), self.pick("：", ": "))
            }
            _ => words,
        }
    }

    pub(super) fn pick<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.language {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}

/// Is it what the check takes when a rule does not say? Only numbers are ever compared: the parameters with an order.
fn is_default(check: &Check, name: &str, value: &Value<'_>) -> bool {
    check.raw.defaults.iter().any(|default| match (&default.node.value, value) {
        (NodeValue::Integer(usual), Value::Int(value)) => default.key == name && usual == value,
        _ => false,
    })
}
