//! Values on their way into a script and back: records as views of the document, the rest as Rhai's own values.

use std::rc::Rc;
use std::sync::Arc;

use rhai::{Array, Dynamic, EvalAltResult, ImmutableString, Position};

use super::date::{Date, LONG_TERM};
use super::end::End;
use crate::condition::{Context, Knows, Ty, Value, is_given};
use crate::filing::{Document, Slot};
use crate::schema::{Field, Record, RecordId, Schema};
use crate::source::nearest;

/// Longer lists do not go into a script.
pub(super) const MAX_ITEMS: usize = 1_000;

/// What one call of a script may read. Scripts hold it, so nothing in it is borrowed.
pub(super) struct Call {
    schema: Arc<Schema>,
    /// A copy, where a record goes in: some microseconds for a large filing.
    document: Document,
    /// What the functions of the engine know.
    pub(super) knows: Option<Arc<dyn Knows>>,
}

impl Call {
    /// Of an evaluation, for a function with these parameters.
    pub(super) fn new(schema: Arc<Schema>, context: &Context<'_>, parameters: &[Ty]) -> Self {
        // texts and numbers are handed over as they are: only records and lists are read later
        let reads = parameters.iter().any(|ty| matches!(ty, Ty::Record(_) | Ty::List(_)));
        let document = if reads { context.document.clone() } else { Document::empty(&schema) };
        Self { schema, document, knows: context.knows.shared() }
    }

    /// The names of all fields as conditions write them.
    pub(super) fn field_names(&self) -> impl Iterator<Item = &str> {
        let fields = self.schema.records.iter().flat_map(|record| &record.fields);
        fields.map(|field| field.alias.as_deref().unwrap_or(&field.name))
    }
}

/// A record of the document.
#[derive(Clone)]
pub(super) struct View {
    call: Rc<Call>,
    record: RecordId,
    base: u32,
}

impl View {
    fn record(&self) -> &Record {
        self.call.schema.record(self.record)
    }

    /// The name of the record in the schema.
    pub(super) fn name(&self) -> &str {
        &self.record().name
    }

    /// The value of a field.
    pub(super) fn get(&self, name: &str) -> Result<Dynamic, End> {
        let field = self.field(name)?;
        read(self.base + field.offset, &Ty::from(&field.ty), &self.call)
    }

    /// The value of a field whose name the engine has no getter for: no record has it, unless it is picked by a text.
    pub(super) fn get_unlisted(&self, name: &str) -> Result<Dynamic, Box<EvalAltResult>> {
        match self.get(name) {
            Err(end @ End::Failed(_)) => {
                end.note();
                // the one error that Rhai replaces by its own, which has the place
                Err(Box::new(EvalAltResult::ErrorIndexingType(self.name().to_owned(), Position::NONE)))
            }
            other => Ok(other?),
        }
    }

    /// Is a field given? As in conditions; a record is when any of its fields is.
    pub(super) fn given(&self, name: &str) -> Result<bool, End> {
        let field = self.field(name)?;
        let (at, document) = (self.base + field.offset, &self.call.document);
        if let Ty::Record(id) = Ty::from(&field.ty) {
            return Ok(document.record_given(self.call.schema.record(id), at));
        }
        Ok(is_given(document.slot(at)))
    }

    /// Is anything of the record given?
    pub(super) fn any_given(&self) -> bool {
        self.call.document.record_given(self.record(), self.base)
    }

    fn field(&self, name: &str) -> Result<&Field, End> {
        let record = self.record();
        // most fields have no other name in conditions, and then the name is looked up at once
        if let Some(field) = record.field(name).filter(|field| field.alias.is_none()) {
            return Ok(field);
        }
        match record.condition_field(name).and_then(|index| record.fields.get(index)) {
            Some(field) => Ok(field),
            None => Err(End::Failed(self.no_field(name))),
        }
    }

    fn no_field(&self, name: &str) -> String {
        let record = self.record();
        let message = format!("`{}` has no field `{name}`", record.name);
        let aliased = record.field(name).and_then(|field| field.alias.as_deref());
        if let Some(near) = aliased.or_else(|| nearest(name, record.names())) {
            return format!("{message}; did you mean `{near}`?");
        }
        match self.call.schema.records.iter().find(|other| other.field(name).is_some()) {
            Some(other) => format!("{message}; it is a field of `{}`", other.name),
            None => message,
        }
    }
}

/// A value of a condition, for a script.
pub(super) fn to_script(value: &Value<'_>, ty: &Ty, call: &Rc<Call>) -> Result<Dynamic, End> {
    match (value, ty) {
        // which field is missing was noted where the value was made
        (Value::Missing, _) => Err(End::Unknown(None)),
        (Value::Bool(value), _) => Ok((*value).into()),
        (Value::Int(value), _) => integral(*value, ty, call),
        (Value::Text(text), _) => Ok(ImmutableString::from(text.as_ref()).into()),
        (Value::Record(base), Ty::Record(record)) => Ok(view(*base, *record, call)),
        (Value::Slots(list, _), Ty::List(element)) => elements(*list, element, call),
        (Value::Values(values), Ty::List(element)) => {
            let mut array = with_room(values.len())?;
            for value in values.iter() {
                array.push(to_script(value, element, call)?);
            }
            Ok(array.into())
        }
        _ => Err(End::Failed(format!("{} cannot be handed to a script", ty.words(&call.schema)))),
    }
}

/// A slot of the document, for a script.
fn read(at: u32, ty: &Ty, call: &Rc<Call>) -> Result<Dynamic, End> {
    if let Ty::Record(record) = ty {
        return Ok(view(at, *record, call));
    }
    let document = &call.document;
    match document.slot(at) {
        Slot::Bool(value) => Ok(value.into()),
        Slot::Int(value) => integral(value, ty, call),
        Slot::Text { start, len } => Ok(ImmutableString::from(document.text(start, len)).into()),
        list @ (Slot::List { .. } | Slot::Refs { .. }) => match ty {
            Ty::List(element) => elements(list, element, call),
            _ => Err(End::Missing(at)),
        },
        Slot::Missing | Slot::At(_) => Err(End::Missing(at)),
    }
}

fn elements(list: Slot, element: &Ty, call: &Rc<Call>) -> Result<Dynamic, End> {
    let document = &call.document;
    let width = match element {
        Ty::Record(id) => call.schema.record(*id).size,
        _ => 1,
    };
    let len = document.len(list).unwrap_or_default();
    let mut array = with_room(len as usize)?;
    for index in 0..len {
        if let Some(at) = document.element(list, index, width) {
            array.push(read(at, element, call)?);
        }
    }
    Ok(array.into())
}

fn with_room(len: usize) -> Result<Array, End> {
    match len {
        0..=MAX_ITEMS => Ok(Array::with_capacity(len)),
        _ => Err(End::Failed(format!("a list of {len} elements is longer than the {MAX_ITEMS} that a script takes"))),
    }
}

fn view(base: u32, record: RecordId, call: &Rc<Call>) -> Dynamic {
    Dynamic::from(View { call: Rc::clone(call), record, base })
}

/// What is an integer in a slot: in a script as documents write it, days as dates.
fn integral(value: i64, ty: &Ty, call: &Rc<Call>) -> Result<Dynamic, End> {
    Ok(match ty {
        Ty::Date | Ty::Expiry => Dynamic::from(Date(value)),
        Ty::Region2 => format!("{value:02}").into(),
        Ty::Region6 => format!("{value:06}").into(),
        Ty::Enum(id) => match call.schema.enumeration(*id).value(value) {
            Some(value) => ImmutableString::from(value.id.as_str()).into(),
            None => return Err(End::Unknown(None)),
        },
        _ => value.into(),
    })
}

/// What a script returned, as a value of the type that is declared; the error says what it is instead.
pub(super) fn from_script(value: &Dynamic, ty: &Ty, call: &Call) -> Result<Value<'static>, String> {
    let schema = &call.schema;
    let wrong = || {
        let expected = ty.words(schema);
        if value.is_unit() {
            format!("returns nothing, but {expected} is declared")
        } else {
            format!("returns {}, but {expected} is declared", kind(value))
        }
    };
    let text = || value.clone().into_immutable_string().map_err(|_| wrong());
    Ok(match ty {
        Ty::Bool => Value::Bool(value.as_bool().map_err(|_| wrong())?),
        Ty::Int => Value::Int(value.as_int().map_err(|_| wrong())?),
        Ty::Text => Value::text(text()?.to_string()),
        Ty::Date => match value.clone().try_cast::<Date>() {
            Some(Date(LONG_TERM)) => return Err("returns long term, but a date is declared".into()),
            Some(Date(day)) => Value::Int(day),
            None => return Err(wrong()),
        },
        Ty::Expiry => match value.clone().try_cast::<Date>() {
            Some(Date(day)) => Value::Int(day),
            None if text()? == "long_term" => Value::Int(LONG_TERM),
            None => return Err(wrong()),
        },
        Ty::Region2 => Value::Int(code(&text()?, 2)?),
        Ty::Region6 => Value::Int(code(&text()?, 6)?),
        Ty::Enum(id) => {
            let enumeration = schema.enumeration(*id);
            let found = text()?;
            match enumeration.index(&found) {
                Some(index) => Value::Int(i64::from(index)),
                None => {
                    let message = format!("returns `{found}`, which is no value of `{}`", enumeration.name);
                    return Err(match nearest(&found, enumeration.ids()) {
                        Some(near) => format!("{message}; did you mean `{near}`?"),
                        None => message,
                    });
                }
            }
        }
        Ty::Record(id) => match value.clone().try_cast::<View>() {
            Some(view) if view.record == *id => Value::Record(view.base),
            Some(view) => {
                return Err(format!("returns a record `{}`, but {} is declared", view.name(), ty.words(schema)));
            }
            None => return Err(wrong()),
        },
        Ty::List(element) => {
            let array = value.as_array_ref().map_err(|_| wrong())?;
            let values: Result<Vec<Value<'static>>, String> =
                array.iter().map(|item| from_script(item, element, call)).collect();
            Value::list(values?)
        }
        Ty::Duration | Ty::Row(_) | Ty::Nothing => return Err(wrong()),
    })
}

fn code(text: &str, digits: usize) -> Result<i64, String> {
    let wrong = || format!("returns `{text}`, which is no code of {digits} digits");
    if text.len() != digits || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    text.parse().map_err(|_| wrong())
}

/// A value of a script in words, for messages.
pub(super) fn kind(value: &Dynamic) -> String {
    kind_of(value.type_name()).unwrap_or_else(|| match value.clone().try_cast::<View>() {
        Some(view) => format!("a record `{}`", view.name()),
        None => "a value".to_owned(),
    })
}

/// A type of Rhai, or one that is registered, in words.
pub(super) fn kind_of(type_name: &str) -> Option<String> {
    let short = type_name.rsplit("::").next().unwrap_or(type_name);
    if type_name.contains("ImmutableString") {
        return Some("a text".to_owned());
    }
    Some(
        match short {
            "i64" => "an integer",
            "f64" => "a decimal number",
            "bool" => "true or false",
            "string" | "&str" | "String" => "a text",
            "char" => "a character",
            "array" => "a list",
            "map" => "a map",
            "Fn" => "a closure",
            "()" => "nothing",
            "Date" => "a date",
            "Length" => "a length of time",
            "Record" => "a record",
            "range" | "Range<i64>" | "RangeInclusive<i64>" | "range=" => "a range",
            _ => return None,
        }
        .to_owned(),
    )
}
