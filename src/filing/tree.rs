//! A tree of values with places → slots: the way of TOML, of edits, and of every message.
//!
//! It reports all that is wrong and goes on, so that one mistake hides no other. The words are in [`super::explain`].

use super::explain::Explain;
use super::scalar::{MAX_LIST_SLOTS, MAX_TEXT, day_number, number_of};
use super::{Document, Slot};
use crate::schema::{RecordId, Schema, Type};
use crate::source::{Diagnostics, Entry, Node, NodeValue};

/// Where a field stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// Its first slot.
    pub(super) at: u32,
    /// What its record's own template has there.
    pub(super) own: Slot,
    /// What stands there when nothing is given, from the first slot on; another first slot than `own` is a constant.
    pub(super) template: &'a [Slot],
}

/// Fills a document from nodes of one file.
pub(super) struct TreeReader<'a> {
    schema: &'a Schema,
    document: &'a mut Document,
    explain: Explain<'a>,
    out: Diagnostics,
    /// The path of what is being read, for messages.
    path: String,
    /// How many slots lists may still take.
    list_slots: usize,
}

impl<'a> TreeReader<'a> {
    /// Starts at a path of the document, which is empty for the root.
    pub(super) fn new(explain: Explain<'a>, document: &'a mut Document, path: &str) -> Self {
        let schema = explain.schema;
        Self { schema, document, explain, out: Diagnostics::new(), path: path.to_owned(), list_slots: MAX_LIST_SLOTS }
    }

    /// What was wrong.
    pub(super) fn finish(self) -> Result<(), Diagnostics> {
        if self.out.has_errors() { Err(self.out) } else { Ok(()) }
    }

    /// Reads the keys of the record at `base`. `template` is what the place gives it: the record's own, or one with
    /// constants.
    pub(super) fn record(&mut self, id: RecordId, template: &[Slot], base: u32, entries: &[Entry]) {
        let record = self.schema.record(id);
        let keep = self.path.len();
        for entry in entries {
            match record.field(&entry.key) {
                Some(field) if !field.collected => {
                    if keep > 0 {
                        self.path.push('.');
                    }
                    self.path.push_str(&field.name);
                    let first = field.offset as usize;
                    let own = record.template.get(first).copied().unwrap_or(Slot::Missing);
                    let place = template.get(first..).unwrap_or_default();
                    let at = base + field.offset;
                    self.field(&field.ty, &field.name, Place { at, own, template: place }, &entry.node);
                    self.path.truncate(keep);
                }
                Some(field) => self.out.push_error(|| self.explain.collected(field, &entry.key_span)),
                None => {
                    self.out.push_error(|| self.explain.unknown_key(id, &self.path, &entry.key, &entry.key_span));
                }
            }
        }
    }

    /// Reads the value of the field `key` into its slots.
    pub(super) fn field(&mut self, ty: &Type, key: &str, place: Place<'_>, node: &Node) {
        match (ty, &node.value) {
            (_, NodeValue::Null) => {}
            (Type::Record(id), NodeValue::Table(entries)) => self.record(*id, place.template, place.at, entries),
            (ty, _) => {
                let Some(slot) = self.value(ty, Some(key), node) else { return };
                let given = place.template.first().copied().unwrap_or(Slot::Missing);
                if matches!(ty, Type::Enum(_)) && given != place.own && given != slot {
                    self.out.push_error(|| self.explain.constant(&self.path, ty, given, &node.span));
                } else {
                    self.document.set(place.at, slot);
                }
            }
        }
    }

    /// Reads a value that takes one slot; `key` is what it is written under, `None` for elements of lists.
    fn value(&mut self, ty: &Type, key: Option<&str>, node: &Node) -> Option<Slot> {
        match (ty, &node.value) {
            (Type::Text, NodeValue::Text(text)) if text.len() > MAX_TEXT => {
                self.out.push_error(|| self.explain.long_text(&self.path, MAX_TEXT, &node.span));
                None
            }
            (Type::Text, NodeValue::Text(text)) => Some(self.document.push_text(text)),
            (Type::Bool, NodeValue::Bool(value)) => Some(Slot::Bool(*value)),
            (Type::Integer, NodeValue::Integer(value)) => Some(Slot::Int(*value)),
            (Type::Date | Type::Expiry, NodeValue::Date(date)) => Some(Slot::Int(day_number(*date))),
            (Type::List(element), NodeValue::Array(items)) => {
                let Some(list) = self.extend(element, items.len() as u32) else {
                    self.out.push_error(|| self.explain.too_long(&self.path, &node.span));
                    return None;
                };
                self.elements(element, list, 0, items);
                Some(list)
            }
            (ty, NodeValue::Text(text)) => match number_of(self.schema, ty, text) {
                Some(number) => Some(Slot::Int(number)),
                None => {
                    self.out.push_error(|| self.explain.wrong_text(&self.path, ty, key, text, node));
                    None
                }
            },
            _ => {
                self.out.push_error(|| self.explain.wrong_type(&self.path, ty, key, node));
                None
            }
        }
    }

    /// A new list of which nothing is given yet; `None` when the document is full.
    pub(super) fn extend(&mut self, element: &Type, len: u32) -> Option<Slot> {
        let wanted = (self.schema.width(element) as usize).checked_mul(len as usize)?;
        self.list_slots = self.list_slots.checked_sub(wanted)?;
        Some(self.document.push_list(self.schema, element, len))
    }

    /// Reads items into the elements of a list, from the element `first` on.
    pub(super) fn elements(&mut self, element: &Type, list: Slot, first: u32, items: &[Node]) {
        let width = self.schema.width(element);
        let keep = self.path.len();
        for (index, item) in (first..).zip(items) {
            let Some(at) = self.document.element(list, index, width) else { return };
            self.path.push_str(&format!("[{index}]"));
            self.element(element, at, item);
            self.path.truncate(keep);
        }
    }

    /// Reads one element.
    pub(super) fn element(&mut self, ty: &Type, at: u32, node: &Node) {
        match (ty, &node.value) {
            (_, NodeValue::Null) => self.out.push_error(|| self.explain.null_element(&self.path, &node.span)),
            (Type::Record(id), NodeValue::Table(entries)) => {
                let template: &[Slot] = &self.schema.record(*id).template;
                self.record(*id, template, at, entries);
            }
            _ => {
                if let Some(slot) = self.value(ty, None, node) {
                    self.document.set(at, slot);
                }
            }
        }
    }
}
