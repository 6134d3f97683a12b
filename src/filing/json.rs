//! JSON text → slots in one pass: the way that streams of filings take.
//!
//! serde_json scans; the schema says what stands where. There is no tree in between, keys are looked up as they are
//! borrowed, and a used [`Document`] lends its memory. It refuses everything that the reader with places refuses, but says
//! little about it: [`read_filing`](super::read_filing) reads a refused text again to explain.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::scalar::{MAX_BYTES, MAX_LIST_SLOTS, MAX_TEXT, number_of};
use super::{Document, Slot};
use crate::schema::{Record, Schema, Type};

/// How many fields after the last one are tried before a key is looked up.
const LOOK_AHEAD: usize = 4;

/// Reads a filing into a document, whose old content is dropped and whose memory is used again.
///
/// # Errors
/// The first thing that is wrong; the document is then half filled.
pub fn read_json_into(schema: &Schema, text: &str, document: &mut Document) -> Result<(), serde_json::Error> {
    document.clear(schema);
    if text.len() > MAX_BYTES {
        return Err(serde_json::Error::custom("the filing is too large"));
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let mut reader = Reader { schema, document, list_slots: MAX_LIST_SLOTS };
    deserializer.deserialize_map(Root { reader: &mut reader })?;
    deserializer.end()
}

struct Reader<'a> {
    schema: &'a Schema,
    document: &'a mut Document,
    /// How many slots lists may still take.
    list_slots: usize,
}

impl<'a> Reader<'a> {
    /// Reads the keys of a record that stands, filled from its template, at `base`.
    fn record<'de, A: MapAccess<'de>>(&mut self, record: &'a Record, base: u32, mut map: A) -> Result<(), A::Error> {
        let mut seen = Seen::default();
        let mut expected = 0;
        while let Some(index) = map.next_key_seed(Key { record, expected })? {
            let Some(field) = record.fields.get(index) else { continue };
            if field.collected {
                return Err(A::Error::custom("a collected field"));
            }
            if !seen.insert(index) {
                return Err(A::Error::custom("a duplicate key"));
            }
            let own = record.template.get(field.offset as usize).copied().unwrap_or(Slot::Missing);
            map.next_value_seed(Value {
                reader: &mut *self,
                ty: &field.ty,
                at: base + field.offset,
                place: Place::Field { own },
            })?;
            expected = index + 1;
        }
        Ok(())
    }
}

struct Root<'r, 'a> {
    reader: &'r mut Reader<'a>,
}

impl<'de> Visitor<'de> for Root<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a filing")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let schema = self.reader.schema;
        self.reader.record(schema.root(), 0, map)
    }
}

/// Finds the field of a key: its index in the record.
struct Key<'a> {
    record: &'a Record,
    /// Programs write keys in one order and leave some out, so the next ones after the last are the likeliest.
    expected: usize,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    #[inline]
    fn visit_str<E: Error>(self, key: &str) -> Result<usize, E> {
        let mut ahead = (self.expected..).zip(self.record.fields.iter().skip(self.expected).take(LOOK_AHEAD));
        match ahead.find(|(_, field)| field.name == key) {
            Some((index, _)) => Ok(index),
            None => index_of(self.record, key).ok_or_else(|| E::custom("an unknown key")),
        }
    }
}

/// The index of a field. Offsets rise from field to field (fields of empty records share theirs with the next).
fn index_of(record: &Record, key: &str) -> Option<usize> {
    let offset = record.field(key)?.offset;
    let first = record.fields.partition_point(|field| field.offset < offset);
    let step = record.fields.get(first..)?.iter().position(|field| field.name == key)?;
    Some(first + step)
}

/// Which fields of a record stood already.
#[derive(Default)]
struct Seen {
    first: [u64; 2],
    more: Vec<u64>,
}

impl Seen {
    /// Adds one; false when it was there.
    #[inline]
    fn insert(&mut self, index: usize) -> bool {
        let (word, bit) = (index / 64, 1 << (index % 64));
        let word = match self.first.get_mut(word) {
            Some(word) => word,
            None => {
                let word = word - 2;
                if self.more.len() <= word {
                    self.more.resize(word + 1, 0);
                }
                &mut self.more[word]
            }
        };
        let new = *word & bit == 0;
        *word |= bit;
        new
    }
}

/// Where a value stands.
#[derive(Clone, Copy)]
enum Place {
    /// In a record whose template has `own` there. Another slot there before reading is a constant of the place.
    Field { own: Slot },
    /// In a list, which holds no `null`.
    Element,
}

/// Reads one value into its slots.
struct Value<'r, 'a> {
    reader: &'r mut Reader<'a>,
    ty: &'a Type,
    at: u32,
    place: Place,
}

impl Value<'_, '_> {
    #[inline]
    fn put<E: Error>(self, slot: Slot) -> Result<(), E> {
        if let (Place::Field { own }, Type::Enum(_)) = (self.place, self.ty) {
            let before = self.reader.document.slot(self.at);
            if before != own && before != slot {
                return Err(E::custom("another value than the place gives"));
            }
        }
        self.reader.document.set(self.at, slot);
        Ok(())
    }

    fn refuse<E: Error>() -> Result<(), E> {
        Err(E::custom("a wrong type"))
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_, '_> {
    type Value = ();

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("another type")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        match self.place {
            Place::Field { .. } => Ok(()),
            Place::Element => Self::refuse(),
        }
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        match self.ty {
            Type::Bool => self.put(Slot::Bool(value)),
            _ => Self::refuse(),
        }
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        match self.ty {
            Type::Integer => self.put(Slot::Int(value)),
            _ => Self::refuse(),
        }
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        match i64::try_from(value) {
            Ok(value) => self.visit_i64(value),
            Err(_) => Self::refuse(),
        }
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Err(E::custom("a number that is not a whole one"))
    }

    #[inline]
    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        let slot = match self.ty {
            Type::Text if text.len() > MAX_TEXT => return Err(E::custom("a text that is too long")),
            Type::Text => self.reader.document.push_text(text),
            ty => match number_of(self.reader.schema, ty, text) {
                Some(number) => Slot::Int(number),
                None => return Self::refuse(),
            },
        };
        self.put(slot)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let Type::List(element) = self.ty else { return Self::refuse() };
        let mut list = Growing::new(self.reader, element);
        while elements.next_element_seed(Element { reader: &mut *self.reader, list: &mut list })?.is_some() {}
        let slot = list.finish(self.reader);
        self.put(slot)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let Type::Record(id) = self.ty else { return Self::refuse() };
        let record = self.reader.schema.record(*id);
        self.reader.record(record, self.at, map)
    }
}

/// A list of which nobody says how long it will be.
///
/// Its elements follow each other, but lists inside an element take the slots behind it. So it grows in place while
/// nothing stands behind it, and else moves to the end with as much room again.
struct Growing<'a> {
    element: &'a Type,
    width: usize,
    start: usize,
    len: usize,
    room: usize,
}

impl<'a> Growing<'a> {
    fn new(reader: &Reader<'a>, element: &'a Type) -> Self {
        let width = reader.schema.width(element) as usize;
        Self { element, width, start: reader.document.slots.len(), len: 0, room: 0 }
    }

    /// Makes the next element, of which nothing is given yet, and gives its first slot; `None`: the document is full.
    fn push(&mut self, reader: &mut Reader<'a>) -> Option<u32> {
        reader.list_slots = reader.list_slots.checked_sub(self.width)?;
        let slots = &mut reader.document.slots;
        if self.len == self.room {
            let end = self.start + self.len * self.width;
            let mut wanted = 1;
            if slots.len() != end {
                wanted = self.len;
                let moved = slots.len();
                slots.extend_from_within(self.start..end);
                self.start = moved;
            }
            for _ in 0..wanted {
                match self.element {
                    Type::Record(id) => slots.extend_from_slice(&reader.schema.record(*id).template),
                    _ => slots.push(Slot::Missing),
                }
            }
            self.room += wanted;
        }
        let at = self.start + self.len * self.width;
        self.len += 1;
        Some(at as u32)
    }

    fn finish(self, reader: &mut Reader<'a>) -> Slot {
        let end = self.start + self.room * self.width;
        if reader.document.slots.len() == end {
            reader.document.slots.truncate(self.start + self.len * self.width);
        }
        Slot::List { start: self.start as u32, len: self.len as u32 }
    }
}

struct Element<'r, 'a> {
    reader: &'r mut Reader<'a>,
    list: &'r mut Growing<'a>,
}

impl<'de> DeserializeSeed<'de> for Element<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Some(at) = self.list.push(self.reader) else {
            return Err(D::Error::custom("the lists of the filing are too long"));
        };
        let ty = self.list.element;
        deserializer.deserialize_any(Value { reader: self.reader, ty, at, place: Place::Element })
    }
}
