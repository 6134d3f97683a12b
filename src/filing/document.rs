//! The document as slots: what conditions read.

use crate::schema::{Record, RecordId, Schema, Type};

/// One value of a document. Texts stand in the document's text buffer, list elements in its slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// Not given: unknown.
    Missing,
    /// A boolean.
    Bool(bool),
    /// An integer, a day, an index of an enumeration, a region: see [`Type`].
    Int(i64),
    /// Bytes of the text buffer.
    Text {
        /// First byte.
        start: u32,
        /// How many bytes.
        len: u32,
    },
    /// A list whose elements follow each other, each as wide as its type.
    List {
        /// First slot.
        start: u32,
        /// How many elements.
        len: u32,
    },
    /// A collected list: `len` slots of [`Slot::At`].
    Refs {
        /// First slot.
        start: u32,
        /// How many elements.
        len: u32,
    },
    /// A record that stands at another slot.
    At(u32),
}

/// A filing as flat slots. The root record stands at slot 0.
#[derive(Debug, Clone, Default)]
pub struct Document {
    pub(super) slots: Vec<Slot>,
    pub(super) text: String,
    /// One bit per slot that was derived, not given.
    derived: Vec<u64>,
}

impl Document {
    /// A document of which nothing is given.
    pub fn empty(schema: &Schema) -> Self {
        Self { slots: schema.root().template.clone(), text: schema.prelude.clone(), derived: Vec::new() }
    }

    /// Makes it empty again and keeps its memory, for readers of many documents.
    pub fn clear(&mut self, schema: &Schema) {
        self.slots.clear();
        self.slots.extend_from_slice(&schema.root().template);
        self.text.clear();
        self.text.push_str(&schema.prelude);
        self.derived.clear();
    }

    /// All slots, for programs that read many.
    #[inline]
    pub(crate) fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The bytes of all texts.
    #[inline]
    pub(crate) fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// The slot at an index; beyond the end is missing.
    #[inline]
    pub fn slot(&self, index: u32) -> Slot {
        match self.slots.get(index as usize) {
            Some(slot) => *slot,
            None => Slot::Missing,
        }
    }

    /// Overwrites a slot.
    #[inline]
    pub fn set(&mut self, index: u32, slot: Slot) {
        if let Some(place) = self.slots.get_mut(index as usize) {
            *place = slot;
        }
    }

    /// Fills in a slot that is computed from others.
    pub fn derive(&mut self, index: u32, slot: Slot) {
        self.set(index, slot);
        let word = index as usize / 64;
        if self.derived.len() <= word {
            self.derived.resize(word + 1, 0);
        }
        if let Some(bits) = self.derived.get_mut(word) {
            *bits |= 1 << (index % 64);
        }
    }

    /// Was the slot computed from others?
    pub fn is_derived(&self, index: u32) -> bool {
        self.derived.get(index as usize / 64).is_some_and(|bits| bits >> (index % 64) & 1 == 1)
    }

    /// The bytes of a text slot.
    #[inline]
    pub fn text(&self, start: u32, len: u32) -> &str {
        self.text.get(start as usize..(start + len) as usize).unwrap_or_default()
    }

    /// Stores a text and gives its slot.
    #[inline]
    pub fn push_text(&mut self, text: &str) -> Slot {
        let start = self.text.len() as u32;
        self.text.push_str(text);
        Slot::Text { start, len: text.len() as u32 }
    }

    /// Appends `len` elements of a type, filled as if nothing of them were given, and gives the list's slot.
    pub fn push_list(&mut self, schema: &Schema, element: &Type, len: u32) -> Slot {
        let start = self.slots.len() as u32;
        for _ in 0..len {
            match element {
                Type::Record(id) => self.slots.extend_from_slice(&schema.record(*id).template),
                _ => self.slots.push(Slot::Missing),
            }
        }
        Slot::List { start, len }
    }

    /// Appends slots as they are and gives the index of the first.
    pub fn push_slots(&mut self, slots: &[Slot]) -> u32 {
        let start = self.slots.len() as u32;
        self.slots.extend_from_slice(slots);
        start
    }

    /// The first slot of a list's element; `width` is its type's.
    #[inline]
    pub fn element(&self, list: Slot, index: u32, width: u32) -> Option<u32> {
        match list {
            Slot::List { start, len } if index < len => Some(start + index * width),
            Slot::Refs { start, len } if index < len => match self.slot(start + index) {
                Slot::At(at) => Some(at),
                _ => None,
            },
            _ => None,
        }
    }

    /// How many elements; `None` when the list is missing.
    #[inline]
    pub fn len(&self, list: Slot) -> Option<u32> {
        match list {
            Slot::List { len, .. } | Slot::Refs { len, .. } => Some(len),
            _ => None,
        }
    }

    /// Is anything of the record at `base` given (and not only derived, a default or a constant)?
    pub fn record_given(&self, record: &Record, base: u32) -> bool {
        record.given.iter().any(|offset| {
            let slot = self.slot(base + offset);
            let empty = record.template.get(*offset as usize).copied().unwrap_or(Slot::Missing);
            slot != empty && slot != Slot::Missing && !self.is_derived(base + offset)
        })
    }

    /// The path of a slot, such as `services[0].domains[1].expires`: made only for what is shown.
    pub fn path(&self, schema: &Schema, slot: u32) -> Option<String> {
        let mut lists = Vec::new();
        let (record, base) = self.holder(schema, (Some(schema.root), 0), slot, &mut lists)?;
        let mut path = String::new();
        let mut from = (schema.root, 0);
        for (list, index, element, first) in lists {
            field_at(schema, from.0, from.1, list, &mut path)?;
            path.push_str(&format!("[{index}]"));
            if let Some(element) = element {
                from = (element, first);
            }
        }
        if record.is_some() {
            field_at(schema, from.0, base, slot, &mut path)?;
        }
        Some(path)
    }

    /// Where the records of the document stand: for each record of the schema, the first slots.
    pub fn instances(&self, schema: &Schema) -> Vec<Vec<u32>> {
        let mut at = vec![Vec::new(); schema.records.len()];
        self.instances_in(schema, schema.root, 0, &mut at);
        at
    }

    fn instances_in(&self, schema: &Schema, record: RecordId, base: u32, at: &mut [Vec<u32>]) {
        let laid = schema.record(record);
        for (offset, record) in std::iter::once(&(0, record)).chain(&laid.inlined) {
            if let Some(bases) = at.get_mut(usize::from(record.0)) {
                bases.push(base + offset);
            }
        }
        for (offset, element) in &laid.lists {
            let (Some(element), Slot::List { start, len }) = (element, self.slot(base + offset)) else { continue };
            let width = schema.record(*element).size;
            for index in 0..len {
                self.instances_in(schema, *element, start + index * width, at);
            }
        }
    }

    /// The record that a slot belongs to, the record's first slot, and the index of the field.
    pub fn owner(&self, schema: &Schema, slot: u32) -> Option<(RecordId, u32, u16)> {
        let (record, base) = self.holder(schema, (Some(schema.root), 0), slot, &mut Vec::new())?;
        field_at(schema, record?, base, slot, &mut String::new())
    }

    /// The record that is not inlined in another, or the element of another list, that a slot is in; the lists on the way
    /// to it go to `lists`. Elements of a list follow each other, so only lists in lists have to be looked through.
    fn holder(
        &self,
        schema: &Schema,
        (record, base): (Option<RecordId>, u32),
        target: u32,
        lists: &mut Vec<(u32, u32, Option<RecordId>, u32)>,
    ) -> Option<(Option<RecordId>, u32)> {
        let size = record.map_or(1, |id| schema.record(id).size);
        if (base..base + size).contains(&target) {
            return Some((record, base));
        }
        for (offset, element) in &schema.record(record?).lists {
            let at = base + offset;
            let Slot::List { start, len } = self.slot(at) else { continue };
            let width = element.map_or(1, |id| schema.record(id).size);
            let inside = (start..start + len * width).contains(&target).then(|| (target - start) / width);
            let nested = element.is_some_and(|id| !schema.record(id).lists.is_empty());
            let indices = match inside {
                Some(index) => index..index + 1,
                None if nested => 0..len,
                None => continue,
            };
            for index in indices {
                let first = start + index * width;
                lists.push((at, index, *element, first));
                let found = self.holder(schema, (*element, first), target, lists);
                if found.is_some() {
                    return found;
                }
                lists.pop();
            }
        }
        None
    }
}

/// The field of the record at `base` that stands in a slot, through inlined records: its record, the record's first slot,
/// and its index. Its path is added to `path`.
fn field_at(
    schema: &Schema,
    record: RecordId,
    base: u32,
    slot: u32,
    path: &mut String,
) -> Option<(RecordId, u32, u16)> {
    let fields = &schema.record(record).fields;
    let index = fields.partition_point(|field| base + field.offset <= slot).checked_sub(1)?;
    let field = fields.get(index).filter(|field| !field.collected)?;
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(&field.name);
    match field.ty {
        Type::Record(inner) if !schema.record(inner).fields.is_empty() => {
            field_at(schema, inner, base + field.offset, slot, path)
        }
        _ => (base + field.offset == slot).then_some((record, base, index as u16)),
    }
}
