//! Lines of requirements → the checklist: one item per material, with the strictest form and every reason.

use std::collections::BTreeMap;

use super::findings::{cited, extend};
use super::model::{Choice, Item, ItemStatus, Question};
use super::places::Places;
use crate::condition::{Language, Ty, Value};
use crate::engine::LineStatus;
use crate::policy::{Body, Bundle, Demand, RuleRef, Severity, Stricter, World};

/// A line of one rule, its words made.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) rule: Option<RuleRef>,
    pub(super) line: usize,
    pub(super) for_whom: Option<String>,
    pub(super) status: Option<LineStatus>,
    pub(super) deficiencies: Vec<String>,
    pub(super) depends_on: Vec<Question>,
    /// What each demand asks, in words.
    pub(super) demand_words: Vec<String>,
    pub(super) title: String,
    pub(super) note: Option<String>,
    pub(super) fix: Option<String>,
    /// The material that is there: what is wrong in it, or its first slot.
    pub(super) slots: Vec<u32>,
}

/// An item while its lines come together.
struct Draft {
    options: Vec<usize>,
    for_whom: Option<String>,
    status: ItemStatus,
    severity: Severity,
    forms: BTreeMap<usize, (Value<'static>, Ty, String)>,
    item: Item,
}

/// Merges lines of the same materials for the same purpose, and orders the list.
pub(super) fn merge(bundle: &Bundle, places: &Places<'_>, lines: Vec<Line>) -> Vec<Item> {
    let mut drafts: Vec<Draft> = Vec::new();
    for line in lines {
        let Some(draft) = draft(bundle, places, &line) else { continue };
        match drafts.iter_mut().find(|known| known.options == draft.options && known.for_whom == draft.for_whom) {
            Some(known) => join(bundle, known, draft),
            None => drafts.push(draft),
        }
    }
    absorb(bundle, &mut drafts);
    let world = &bundle.world;
    drafts.sort_by_key(|draft| {
        let first = draft.options.first().and_then(|option| world.materials.get(*option));
        let category =
            first.and_then(|material| world.categories.iter().position(|category| category.id == material.category.0));
        (category.unwrap_or(usize::MAX), draft.options.first().copied())
    });
    drafts.into_iter().map(|draft| finish(world, draft)).collect()
}

fn status(line: &LineStatus) -> ItemStatus {
    match line {
        LineStatus::Missing => ItemStatus::Missing,
        LineStatus::Provided(_) => ItemStatus::Provided,
        LineStatus::Deficient { .. } => ItemStatus::Deficient,
        LineStatus::Conditional(_) => ItemStatus::Conditional,
    }
}

fn draft(bundle: &Bundle, places: &Places<'_>, line: &Line) -> Option<Draft> {
    let world = &bundle.world;
    let reference = line.rule?;
    let rule = bundle.rule(reference)?;
    let Body::Require(require) = &rule.body else { return None };
    let mut options = require.lines.get(line.line)?.clone();
    options.sort_unstable();
    options.dedup();
    let english = places.options.language == Language::En;
    let name = |option: &usize| {
        world.materials.get(*option).map(
            |material| {
                if english { material.name.en.clone() } else { material.name.zh.clone() }
            },
        )
    };
    let names: Vec<String> = options.iter().filter_map(name).collect();
    let id = |option: &usize| world.material_id(*option).to_owned();
    let single = if options.len() == 1 { options.first() } else { None };
    let any_of = if single.is_some() {
        Vec::new()
    } else {
        options.iter().zip(&names).map(|(option, name)| Choice { material: id(option), name: name.clone() }).collect()
    };
    let name = match (single, english) {
        (Some(_), _) => names.first().cloned().unwrap_or_default(),
        (None, false) => format!("{}（任一）", names.join("、")),
        (None, true) => format!("one of: {}", names.join(", ")),
    };
    let material = single.and_then(|option| world.materials.get(*option));
    let category = options.first().and_then(|option| world.materials.get(*option)).map(|m| m.category.0.clone());
    let (facts, sources, _) = cited(bundle, reference);
    let forms = require.demands.iter().zip(&line.demand_words).map(|(demand, words): (&Demand, &String)| {
        (demand.form, (demand.value.clone(), demand.ty.clone(), words.clone()))
    });
    let status = status(line.status.as_ref()?);
    Some(Draft {
        options: options.clone(),
        for_whom: line.for_whom.clone(),
        status,
        severity: rule.severity,
        forms: forms.collect(),
        item: Item {
            material: single.map(id),
            name,
            for_whom: line.for_whom.clone().unwrap_or_else(|| "subject".to_owned()),
            category_label: category_label(world, category.as_deref(), english),
            category: category.unwrap_or_default(),
            status,
            severity: rule.severity.id().to_owned(),
            any_of,
            form: BTreeMap::new(),
            form_words: Vec::new(),
            usual_form: material.map(|material| material.form.clone()).unwrap_or_default(),
            upload_to: material.map(|material| material.upload_to.clone()).unwrap_or_default(),
            deficiencies: line.deficiencies.clone(),
            depends_on: line.depends_on.clone(),
            reasons: vec![line.title.clone()],
            fixes: line.fix.clone().into_iter().collect(),
            at: places.of(&line.slots),
            notes: line.note.clone().into_iter().collect(),
            rules: vec![rule.id.clone()],
            facts,
            sources,
        },
    })
}

fn category_label(world: &World, category: Option<&str>, english: bool) -> String {
    let found = world.categories.iter().find(|known| Some(known.id.as_str()) == category);
    found.map(|known| if english { known.label.en.clone() } else { known.label.zh.clone() }).unwrap_or_default()
}

/// Adds a second reason for the same material: the worse status, the higher severity, the stricter form.
fn join(bundle: &Bundle, known: &mut Draft, new: Draft) {
    // a condition adds nothing to what is required anyway; a severity that is only possible does not raise the sure one
    let sure = |draft: &Draft| draft.status != ItemStatus::Conditional;
    if sure(known) == sure(&new) {
        known.severity = known.severity.max(new.severity);
    } else if sure(&new) {
        known.severity = new.severity;
    }
    known.status = known.status.min(new.status);
    for (form, (value, ty, words)) in new.forms {
        match known.forms.get_mut(&form) {
            None => {
                known.forms.insert(form, (value, ty, words));
            }
            Some(old) => tighten(bundle, form, old, value, words),
        }
    }
    extend(&mut known.item.deficiencies, new.item.deficiencies);
    for question in new.item.depends_on {
        if !known.item.depends_on.iter().any(|known| known.path == question.path) {
            known.item.depends_on.push(question);
        }
    }
    extend(&mut known.item.reasons, new.item.reasons);
    extend(&mut known.item.fixes, new.item.fixes);
    extend(&mut known.item.at, new.item.at);
    extend(&mut known.item.notes, new.item.notes);
    extend(&mut known.item.rules, new.item.rules);
    extend(&mut known.item.facts, new.item.facts);
    extend(&mut known.item.sources, new.item.sources);
}

/// The stricter of two values of a form.
fn tighten(bundle: &Bundle, form: usize, old: &mut (Value<'static>, Ty, String), value: Value<'static>, words: String) {
    let Some(form) = bundle.world.forms.get(form) else { return };
    let replace = match (form.stricter, &old.0, &value) {
        (Stricter::True, Value::Bool(old), Value::Bool(new)) => *new && !old,
        (Stricter::Greater, Value::Int(old), Value::Int(new)) => new > old,
        (Stricter::Less, Value::Int(old), Value::Int(new)) => new < old,
        (Stricter::Common, Value::Values(old_values), Value::Values(new)) => {
            let narrower = new.iter().all(|value| old_values.contains(value));
            let wider = old_values.iter().all(|value| new.contains(value));
            if !narrower && !wider {
                // neither list holds the other: both are said
                let common: Vec<Value<'static>> = old_values.iter().filter(|v| new.contains(v)).cloned().collect();
                *old = (Value::list(common), old.1.clone(), format!("{}；{words}", old.2));
                return;
            }
            narrower && !wider
        }
        _ => false,
    };
    if replace {
        *old = (value, old.1.clone(), words);
    }
}

/// A choice is one more reason for what is asked for anyway, when that is one of it, or a narrower choice.
fn absorb(bundle: &Bundle, drafts: &mut Vec<Draft>) {
    let mut index = 0;
    while index < drafts.len() {
        let takes = drafts.get(index).filter(|draft| draft.options.len() > 1).and_then(|choice| {
            drafts.iter().position(|narrow| {
                narrow.options.len() < choice.options.len()
                    && narrow.for_whom == choice.for_whom
                    && narrow.status != ItemStatus::Conditional
                    // another of the choice may be there while this one is not: then both lines say something
                    && (choice.status != ItemStatus::Provided || narrow.status != ItemStatus::Missing)
                    && narrow.options.iter().all(|option| choice.options.contains(option))
            })
        });
        match takes {
            Some(narrow) => {
                let choice = drafts.remove(index);
                let narrow = if narrow > index { narrow - 1 } else { narrow };
                if let Some(narrow) = drafts.get_mut(narrow) {
                    // what the choice asks of the form counts; whether it is there, and required, is known
                    let status = match choice.status {
                        ItemStatus::Deficient => narrow.status.min(ItemStatus::Deficient),
                        _ => narrow.status,
                    };
                    join(bundle, narrow, choice);
                    narrow.status = status;
                }
            }
            None => index += 1,
        }
    }
}

fn finish(world: &World, draft: Draft) -> Item {
    let mut item = draft.item;
    item.status = draft.status;
    item.severity = draft.severity.id().to_owned();
    if item.status == ItemStatus::Missing {
        item.deficiencies.clear();
        item.at.clear();
    }
    // advice that still has a hole in it (the name that is not given) advises nothing
    item.fixes.retain(|fix| item.status == ItemStatus::Deficient || !fix.contains('…'));
    // and of what may not be asked for at all, advice would presume that it is
    if matches!(item.status, ItemStatus::Provided | ItemStatus::Conditional) {
        item.fixes.clear();
    }
    if item.status != ItemStatus::Conditional {
        item.depends_on.clear();
    }
    for (form, (value, ty, words)) in &draft.forms {
        if let Some(form) = world.forms.get(*form) {
            item.form.insert(form.id.clone(), json(world, value, ty));
            item.form_words.push(words.clone());
        }
    }
    item
}

/// A form's value as documents would write it.
fn json(world: &World, value: &Value<'_>, ty: &Ty) -> serde_json::Value {
    match (value, ty) {
        (Value::Bool(value), _) => (*value).into(),
        (Value::Int(index), Ty::Enum(id)) => {
            world.schema.enumeration(*id).value(*index).map(|value| value.id.clone()).into()
        }
        (Value::Int(value), _) => (*value).into(),
        (Value::Text(text), _) => text.to_string().into(),
        (Value::Values(values), Ty::List(element)) => {
            values.iter().map(|value| json(world, value, element)).collect::<Vec<_>>().into()
        }
        _ => serde_json::Value::Null,
    }
}
