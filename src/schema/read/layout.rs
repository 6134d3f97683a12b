//! The layout of records: every field at a fixed slot, records that others hold inlined.

use rustc_hash::FxHashSet;

use super::super::model::{Field, Record, Schema, Type};
use super::{Draft, Reader};
use crate::filing::Slot;
use crate::source::{Diagnostic, NodeValue, Span};

/// The slots of the largest record: one that holds others twice doubles, and doubles again.
const MAX_RECORD: u32 = 1 << 14;

/// Records in records in records.
const MAX_LEVELS: usize = 16;

impl Reader<'_> {
    /// Gives every record its size and every field its offset: records that others inline come first.
    pub(super) fn lay_out(&mut self, schema: &mut Schema, drafts: Vec<(Record, Vec<Draft>)>) -> Option<()> {
        let count = drafts.len();
        // a field that its place sets says nothing about whether a record is given
        let mut constant: FxHashSet<(String, String)> = FxHashSet::default();
        for draft in drafts.iter().flat_map(|(_, fields)| fields) {
            if let (Type::Record(id), false) = (&draft.field.ty, draft.set.is_empty())
                && let Some((record, _)) = drafts.get(usize::from(id.0))
            {
                constant.extend(draft.set.iter().map(|(name, ..)| (record.name.clone(), name.clone())));
            }
        }
        let mut done: Vec<Option<Record>> = vec![None; count];
        let mut levels = vec![0; count];
        let mut left = count;
        while left > 0 {
            let before = left;
            for (index, (record, fields)) in drafts.iter().enumerate() {
                if done.get(index).is_some_and(Option::is_some) || fields.iter().any(|draft| open(draft, &done)) {
                    continue;
                }
                let inner = fields.iter().filter_map(inlined).filter_map(|id| levels.get(id)).max();
                let level = inner.map_or(0, |level| level + 1);
                let laid = self.lay_out_record(schema, record, fields, &done, &constant);
                if laid.size > MAX_RECORD || level > MAX_LEVELS {
                    let span = fields.first().map_or(0..0, |draft| draft.field.span.clone());
                    let message =
                        format!("the record `{}` is too large: records in it have records in them", record.name);
                    self.error("too-large", span, message, "");
                    return None;
                }
                if let (Some(slot), Some(known)) = (done.get_mut(index), levels.get_mut(index)) {
                    (*slot, *known) = (Some(laid), level);
                }
                left -= 1;
            }
            if left == before {
                let circle = drafts.iter().zip(&done).filter(|(_, done)| done.is_none());
                let mut fields =
                    circle.flat_map(|((record, fields), _)| fields.iter().map(move |field| (record, field)));
                if let Some((record, draft)) = fields.find(|(_, draft)| open(draft, &done)) {
                    let message = format!("the record `{}` contains itself", record.name);
                    self.out.push(
                        Diagnostic::error("recursive-record", message)
                            .at(self.file, draft.field.span.clone(), "through this field")
                            .help("a list may hold records that it stands in; a field may not"),
                    );
                }
                return None;
            }
        }
        schema.records = done.into_iter().flatten().collect();
        Some(())
    }

    fn lay_out_record(
        &mut self,
        schema: &mut Schema,
        record: &Record,
        drafts: &[Draft],
        done: &[Option<Record>],
        constant: &FxHashSet<(String, String)>,
    ) -> Record {
        let mut laid = record.clone();
        for draft in drafts {
            let mut field = draft.field.clone();
            field.offset = laid.size;
            if laid.by_name.insert(field.name.clone(), laid.fields.len() as u16).is_some() {
                self.error("duplicate-field", field.span.clone(), format!("`{}` stands twice", field.name), "");
            }
            if let Type::Record(id) = field.ty {
                // one that is too large already is refused: it need not become larger
                if let Some(inner) = done.get(usize::from(id.0)).and_then(Option::as_ref)
                    && laid.size <= MAX_RECORD
                {
                    let mut template = inner.template.clone();
                    self.constants(schema, inner, &draft.set, &mut template);
                    laid.template.extend(template);
                    laid.given.extend(inner.given.iter().map(|offset| offset + field.offset));
                    laid.lists.extend(inner.lists.iter().map(|(offset, record)| (offset + field.offset, *record)));
                    laid.inlined.push((field.offset, id));
                    laid.inlined.extend(inner.inlined.iter().map(|(offset, id)| (offset + field.offset, *id)));
                    laid.size += inner.size;
                }
            } else {
                let slot = match &draft.default {
                    Some((value, span)) => self.default_slot(schema, &field, value, span),
                    None => Slot::Missing,
                };
                laid.template.push(slot);
                if let (Type::List(element), false) = (&field.ty, field.collected) {
                    let record = if let Type::Record(id) = **element { Some(id) } else { None };
                    laid.lists.push((field.offset, record));
                }
                if !field.collected && !constant.contains(&(laid.name.clone(), field.name.clone())) {
                    laid.given.push(field.offset);
                }
                laid.size += 1;
            }
            laid.fields.push(field);
        }
        // a record is never one slot wide, so that a list's width tells records from scalars
        while laid.size < 2 {
            laid.template.push(Slot::Missing);
            laid.size += 1;
        }
        laid
    }

    fn constants(
        &mut self,
        schema: &Schema,
        inner: &Record,
        set: &[(String, Span, String, Span)],
        template: &mut [Slot],
    ) {
        for (name, name_span, value, value_span) in set {
            let Some(field) = inner.field(name) else {
                self.error("unknown-field", name_span.clone(), format!("`{}` has no field `{name}`", inner.name), "");
                continue;
            };
            let index = match field.ty {
                Type::Enum(id) => schema.enumeration(id).index(value),
                _ => None,
            };
            match (index, template.get_mut(field.offset as usize)) {
                (Some(index), Some(slot)) => *slot = Slot::Int(i64::from(index)),
                _ => self.error("unknown-value", value_span.clone(), format!("`{value}` is no value of `{name}`"), ""),
            }
        }
    }

    fn default_slot(&mut self, schema: &mut Schema, field: &Field, value: &NodeValue, span: &Span) -> Slot {
        match (&field.ty, value) {
            (Type::Text, NodeValue::Text(text)) => {
                let start = schema.prelude.len() as u32;
                schema.prelude.push_str(text);
                Slot::Text { start, len: text.len() as u32 }
            }
            (Type::Bool, NodeValue::Bool(value)) => Slot::Bool(*value),
            (Type::Integer, NodeValue::Integer(value)) => Slot::Int(*value),
            (Type::List(_), NodeValue::Array(items)) if items.is_empty() => Slot::List { start: 0, len: 0 },
            (Type::Enum(id), NodeValue::Text(text)) if schema.enumeration(*id).index(text).is_some() => {
                Slot::Int(i64::from(schema.enumeration(*id).index(text).unwrap_or_default()))
            }
            _ => {
                // records have no names to tell before all of them are laid out
                let message = format!("this is no default for the field `{}`", field.name);
                self.out.push(
                    Diagnostic::error("wrong-type", message).at(self.file, span.clone(), "of another type").help(
                        "a text, a boolean, an integer or a value of an enumeration has a default, and a list `[]`",
                    ),
                );
                Slot::Missing
            }
        }
    }
}

/// The record that a field holds in itself.
fn inlined(draft: &Draft) -> Option<usize> {
    match draft.field.ty {
        Type::Record(id) => Some(usize::from(id.0)),
        _ => None,
    }
}

/// Does a field hold a record that is not laid out yet?
fn open(draft: &Draft, done: &[Option<Record>]) -> bool {
    inlined(draft).is_some_and(|id| done.get(id).is_none_or(Option::is_none))
}
