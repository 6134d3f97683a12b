//! The schema as the rest of the program sees it.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::format::Format;
use crate::filing::Slot;
use crate::source::{SourceFile, Span};

/// An index into [`Schema::records`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordId(pub u16);

/// An index into [`Schema::enums`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EnumId(pub u16);

/// A text in Chinese and English.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// Chinese: what a filer reads.
    pub zh: String,
    /// English, for `--lang en`.
    pub en: String,
}

/// The type of a field. Days, enumerations and regions are integers in a slot.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Type {
    /// Text.
    Text,
    /// True or false.
    Bool,
    /// A whole number.
    Integer,
    /// A day, as days since 0001-01-01 (`NaiveDate::num_days_from_ce`).
    Date,
    /// A day, or long term, which is `i64::MAX`.
    Expiry,
    /// A province: two digits of GB/T 2260.
    Region2,
    /// A division: six digits of GB/T 2260.
    Region6,
    /// One value of an enumeration: its index.
    Enum(EnumId),
    /// A record, inlined.
    Record(RecordId),
    /// A list.
    List(Box<Type>),
}

/// One value of an enumeration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumValue {
    /// What documents and conditions say.
    pub id: String,
    /// What people read.
    pub label: Words,
}

/// An enumeration.
#[derive(Debug, Clone)]
pub struct Enum {
    /// The name in the schema.
    pub name: String,
    /// What people read.
    pub label: Words,
    /// The values; their index is what a slot holds.
    pub values: Vec<EnumValue>,
    /// Named sets of values, for the applicability of rules.
    pub groups: Vec<(String, Vec<u32>)>,
    pub(super) by_id: FxHashMap<String, u32>,
}

impl Enum {
    /// The index of a value.
    pub fn index(&self, id: &str) -> Option<u32> {
        self.by_id.get(id).copied()
    }

    /// The value of an index.
    pub fn value(&self, index: i64) -> Option<&EnumValue> {
        self.values.get(usize::try_from(index).ok()?)
    }

    /// All ids, in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|value| value.id.as_str())
    }
}

/// The source of an expression inside a policy file, with its place.
#[derive(Debug, Clone)]
pub struct Expression {
    /// The decoded text.
    pub text: String,
    /// The file it stands in.
    pub file: Arc<SourceFile>,
    /// The string literal in the file, quotes included.
    pub span: Span,
}

/// How a value is masked when it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sensitivity {
    /// A number of an identity document.
    Id,
    /// A phone number.
    Phone,
    /// An e-mail address.
    Email,
}

/// One field of a record.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name in documents and conditions.
    pub name: String,
    /// Its name in conditions, where its own is a word that conditions reserve.
    pub alias: Option<String>,
    /// What people read.
    pub label: Words,
    /// One line: what it is and how to find it.
    pub doc: String,
    /// Its type.
    pub ty: Type,
    /// Its first slot, counted from the record's first.
    pub offset: u32,
    /// The form that a well-formed value has.
    pub format: Option<Format>,
    /// The field of the same record that the format depends on: the kind of a number, the platform of a package.
    pub format_of: Option<String>,
    /// How it is masked.
    pub sensitive: Option<Sensitivity>,
    /// When it is sensitive; absent means always.
    pub sensitive_when: Option<Expression>,
    /// How it is computed when a document does not give it.
    pub derive: Option<Expression>,
    /// The name of the variable when a rule is evaluated per element of this list (or for this record).
    pub element: Option<String>,
    /// Gathered from other places, not written in a document.
    pub collected: bool,
    /// What an absent value means, as documents write it (for the JSON Schema).
    pub default: Option<String>,
    /// The name's place in the schema file.
    pub span: Span,
}

/// A record: fields at fixed offsets.
#[derive(Debug, Clone)]
pub struct Record {
    /// The name in the schema; also the variable of the record in its own derivations.
    pub name: String,
    /// What people read.
    pub label: Words,
    /// The fields in the order of the file.
    pub fields: Vec<Field>,
    /// Slots that one record takes, nested records included.
    pub size: u32,
    /// The slots of a record of which nothing is given: missing, defaults and constants.
    pub template: Vec<Slot>,
    /// The slots that a document can give: a record is given when one of them is.
    pub given: Vec<u32>,
    /// The slots that hold lists, those of inlined records included, and the records that are in the lists.
    pub lists: Vec<(u32, Option<RecordId>)>,
    /// The inlined records, those in inlined records included: their first slots.
    pub inlined: Vec<(u32, RecordId)>,
    pub(super) by_name: FxHashMap<String, u16>,
}

impl Record {
    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.get(usize::from(*self.by_name.get(name)?))
    }

    /// The index of the field that conditions call `name`.
    pub fn condition_field(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.alias.as_deref().unwrap_or(&field.name) == name)
    }

    /// All names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| field.name.as_str())
    }
}

/// When a collected record counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// Always: what is not given about it is unknown.
    Expected,
    /// Only when something of it is given.
    IfGiven,
}

/// One place that a collection gathers from: a path of field names from the root.
#[derive(Debug, Clone)]
pub struct Collected {
    /// Field names, lists among them.
    pub path: Vec<String>,
    /// When it counts.
    pub given: Given,
}

/// Records that stand in several places, as one list: a field of the root.
#[derive(Debug, Clone)]
pub struct Collection {
    /// The field of the root.
    pub name: String,
    /// The record.
    pub record: RecordId,
    /// Where from.
    pub from: Vec<Collected>,
}

/// A key by which rules say of whom they hold.
#[derive(Debug, Clone)]
pub struct Dimension {
    /// The key.
    pub name: String,
    /// The field, as a path from the root; it may lead through one list.
    pub path: Vec<String>,
    /// Its enumeration.
    pub values: EnumId,
    /// What an absent key means, as a set of value indices.
    pub default: u64,
    /// For each value, the set of values it is treated as (itself included).
    pub treated_as: Vec<u64>,
    /// For element variables: the field of the element that decides instead.
    pub element: Vec<(String, String)>,
    /// The path that counts when the list of `path` has no element: what is on record, for an order without services.
    pub otherwise: Option<Vec<String>>,
}

/// What a filing consists of.
#[derive(Debug, Clone)]
pub struct Schema {
    /// The schema file.
    pub file: Arc<SourceFile>,
    /// All records.
    pub records: Vec<Record>,
    /// All enumerations.
    pub enums: Vec<Enum>,
    /// The document itself.
    pub root: RecordId,
    /// The collections, as declared.
    pub collections: Vec<Collection>,
    /// The applicability keys.
    pub dimensions: Vec<Dimension>,
    /// Texts of defaults: every document's text buffer begins with them.
    pub prelude: String,
    pub(super) record_names: FxHashMap<String, RecordId>,
    pub(super) enum_names: FxHashMap<String, EnumId>,
}

impl Schema {
    /// A record.
    pub fn record(&self, id: RecordId) -> &Record {
        &self.records[usize::from(id.0)]
    }

    /// An enumeration.
    pub fn enumeration(&self, id: EnumId) -> &Enum {
        &self.enums[usize::from(id.0)]
    }

    /// The document itself.
    pub fn root(&self) -> &Record {
        self.record(self.root)
    }

    /// A record by name.
    pub fn record_named(&self, name: &str) -> Option<RecordId> {
        self.record_names.get(name).copied()
    }

    /// An enumeration by name.
    pub fn enum_named(&self, name: &str) -> Option<EnumId> {
        self.enum_names.get(name).copied()
    }

    /// Slots that one element of a type takes.
    pub fn width(&self, ty: &Type) -> u32 {
        match ty {
            Type::Record(id) => self.record(*id).size,
            _ => 1,
        }
    }

    /// The type as the schema file writes it.
    pub fn type_name(&self, ty: &Type) -> String {
        match ty {
            Type::Text => "text".into(),
            Type::Bool => "bool".into(),
            Type::Integer => "integer".into(),
            Type::Date => "date".into(),
            Type::Expiry => "expiry".into(),
            Type::Region2 => "region2".into(),
            Type::Region6 => "region6".into(),
            Type::Enum(id) => format!("enum {}", self.enumeration(*id).name),
            Type::Record(id) => format!("record {}", self.record(*id).name),
            Type::List(element) => format!("list of {}", self.type_name(element)),
        }
    }

    /// The type that a text such as `list of enum role` names; the error is the word that names nothing.
    pub fn parse_type(&self, text: &str) -> Result<Type, String> {
        super::read::parse_type(text, &|name| self.enum_named(name), &|name| self.record_named(name))
    }
}
