//! Fills the collections: records that stand in several places, as one list of references.

use super::{Document, Slot};
use crate::schema::{Given, RecordId, Schema, Type};

/// Fills every collection of the schema. To be called once a document is read and edited, and before anything is
/// derived: references do not follow later edits, and what was computed is not given.
pub fn collect(schema: &Schema, document: &mut Document) {
    for collection in &schema.collections {
        let Some(field) = schema.root().field(&collection.name) else { continue };
        let start = document.slots.len();
        for from in &collection.from {
            let mut gatherer = Gatherer { schema, document: &mut *document, of: collection.record, given: from.given };
            gatherer.record(schema.root, 0, &schema.root().template, &from.path);
        }
        let len = document.slots.len() - start;
        document.set(field.offset, Slot::Refs { start: start as u32, len: len as u32 });
    }
}

struct Gatherer<'a> {
    schema: &'a Schema,
    document: &'a mut Document,
    of: RecordId,
    given: Given,
}

impl Gatherer<'_> {
    /// Follows a path from the record at `base`; `template` is what its place gives it.
    fn record(&mut self, id: RecordId, base: u32, template: &[Slot], path: &[String]) {
        let record = self.schema.record(id);
        let Some((name, rest)) = path.split_first() else {
            if id == self.of && (self.given == Given::Expected || self.is_given(base, template, record.size)) {
                self.document.slots.push(Slot::At(base));
            }
            return;
        };
        let Some(field) = record.field(name) else { return };
        let at = base + field.offset;
        match &field.ty {
            Type::Record(inner) => {
                let template = template.get(field.offset as usize..).unwrap_or_default();
                self.record(*inner, at, template, rest);
            }
            Type::List(element) => {
                let Type::Record(inner) = **element else { return };
                let list = self.document.slot(at);
                let (width, template) = (self.schema.record(inner).size, &self.schema.record(inner).template);
                for index in 0..self.document.len(list).unwrap_or(0) {
                    if let Some(first) = self.document.element(list, index, width) {
                        self.record(inner, first, template, rest);
                    }
                }
            }
            _ => {}
        }
    }

    /// Does anything stand in a record that its place does not give? Unlike `Document::record_given` this counts fields
    /// that could be derived too: here they are given or missing.
    fn is_given(&self, base: u32, template: &[Slot], size: u32) -> bool {
        (base..base + size).zip(template).any(|(at, slot)| self.document.slot(at) != *slot)
    }
}
