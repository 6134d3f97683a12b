//! `schema.toml` → [`Schema`]: every mistake with its place, all of them at once.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::format::Format;
use super::model::{
    Collected, Collection, Dimension, Enum, EnumId, EnumValue, Expression, Field, Given, Record, RecordId, Schema,
    Sensitivity, Type, Words,
};
use crate::source::{Diagnostic, Diagnostics, Entry, Fields, Node, NodeValue, SourceFile, Span};

mod layout;

/// Where enumerations take values from that do not stand in the schema itself.
pub trait ValueSource {
    /// The rows of a table, as id and label; `None` when there is no such table or column.
    fn table(&self, table: &str, id: &str, name: &str) -> Option<Vec<EnumValue>>;
    /// The catalogue of materials.
    fn materials(&self) -> Vec<EnumValue>;
}

/// Enumerations, records, and fields of one record.
const MAX_NAMES: usize = 1 << 12;

/// Lists in lists in lists are no longer about filings.
const MAX_LISTS: usize = 4;

/// The largest enumeration that an applicability set can hold.
const SET_BITS: usize = 64;

/// Reads the schema.
///
/// # Errors
/// Everything that is wrong in it.
pub fn read_schema(file: &Arc<SourceFile>, node: &Node, values: &dyn ValueSource) -> Result<Schema, Diagnostics> {
    let mut reader = Reader { file, out: Diagnostics::new(), gathered: Vec::new() };
    let schema = reader.schema(node, values);
    match schema {
        Some(schema) if !reader.out.has_errors() => Ok(schema),
        _ => Err(reader.out),
    }
}

/// Reads a type such as `list of enum role`.
pub(super) fn parse_type(
    text: &str,
    enums: &dyn Fn(&str) -> Option<EnumId>,
    records: &dyn Fn(&str) -> Option<RecordId>,
) -> Result<Type, String> {
    let mut text = text.trim();
    let mut lists = 0;
    while let Some(element) = text.strip_prefix("list of ").filter(|_| lists < MAX_LISTS) {
        text = element.trim();
        lists += 1;
    }
    let element = parse_element(text, enums, records)?;
    Ok((0..lists).fold(element, |element, _| Type::List(Box::new(element))))
}

/// A type that is no list.
fn parse_element(
    text: &str,
    enums: &dyn Fn(&str) -> Option<EnumId>,
    records: &dyn Fn(&str) -> Option<RecordId>,
) -> Result<Type, String> {
    if let Some(name) = text.strip_prefix("enum ") {
        return enums(name.trim()).map(Type::Enum).ok_or_else(|| name.trim().to_owned());
    }
    if let Some(name) = text.strip_prefix("record ") {
        return records(name.trim()).map(Type::Record).ok_or_else(|| name.trim().to_owned());
    }
    match text {
        "text" => Ok(Type::Text),
        "bool" => Ok(Type::Bool),
        "integer" => Ok(Type::Integer),
        "date" => Ok(Type::Date),
        "expiry" => Ok(Type::Expiry),
        "region2" => Ok(Type::Region2),
        "region6" => Ok(Type::Region6),
        other => Err(other.to_owned()),
    }
}

struct Reader<'a> {
    file: &'a Arc<SourceFile>,
    out: Diagnostics,
    /// Paths of collections, the records that must stand there, and where the paths are written.
    gathered: Vec<(Vec<String>, RecordId, Span)>,
}

/// A field as written, before offsets are known.
struct Draft {
    field: Field,
    default: Option<(NodeValue, Span)>,
    set: Vec<(String, Span, String, Span)>,
}

impl Reader<'_> {
    fn error(&mut self, code: &'static str, span: Span, message: String, label: &str) {
        self.out.push(Diagnostic::error(code, message).at(self.file, span, label));
    }

    /// Names are numbered with 16 bits.
    fn few(&mut self, what: &str, entries: &[Entry]) {
        if let Some(entry) = entries.get(MAX_NAMES) {
            let message = format!("there are more than {MAX_NAMES} {what}");
            self.error("too-many", entry.key_span.clone(), message, "");
        }
    }

    fn schema(&mut self, node: &Node, values: &dyn ValueSource) -> Option<Schema> {
        let mut top = Fields::new(self.file, "the schema", node, &mut self.out)?;
        let enum_entries = top.table("enum", &mut self.out);
        let record_entries = top.table("record", &mut self.out);
        let collect_entries = top.table("collect", &mut self.out);
        let dimension_entries = top.table("applicability", &mut self.out);
        top.finish(&mut self.out);

        self.few("enumerations", enum_entries);
        self.few("records", record_entries);
        let mut enums = Vec::new();
        let mut enum_names = FxHashMap::default();
        for entry in enum_entries {
            if let Some(read) = self.enumeration(entry, values) {
                enum_names.insert(read.name.clone(), EnumId(enums.len() as u16));
                enums.push(read);
            }
        }
        let mut record_names = FxHashMap::default();
        for (index, entry) in record_entries.iter().enumerate() {
            record_names.insert(entry.key.clone(), RecordId(index as u16));
        }
        let mut drafts: Vec<(Record, Vec<Draft>)> = Vec::new();
        for entry in record_entries {
            drafts.push(self.record(entry, &enum_names, &record_names));
        }
        let Some(root) = record_names.get("root").copied() else {
            self.error("missing-record", 0..0, "the schema has no record `root`".into(), "");
            return None;
        };
        let collections = self.collections(collect_entries, &record_names, &mut drafts, root);
        if self.out.has_errors() {
            return None;
        }
        let mut schema = Schema {
            file: Arc::clone(self.file),
            records: Vec::new(),
            enums,
            root,
            collections,
            dimensions: Vec::new(),
            prelude: String::new(),
            record_names,
            enum_names,
        };
        self.lay_out(&mut schema, drafts)?;
        for (path, record, span) in std::mem::take(&mut self.gathered) {
            if held(&schema, &path) != Some(record) {
                let (path, name) = (path.join("."), &schema.record(record).name);
                let message = format!("`{path}` leads to no record `{name}`");
                self.error("unknown-path", span, message, "no such place");
            }
        }
        for entry in dimension_entries {
            if let Some(dimension) = self.dimension(entry, &schema) {
                schema.dimensions.push(dimension);
            }
        }
        Some(schema)
    }

    fn words(&mut self, fields: &mut Fields<'_>) -> Words {
        let zh = fields.required_text("label", &mut self.out).map(|(text, _)| text.to_owned()).unwrap_or_default();
        let en = fields.text("en", &mut self.out).map(|(text, _)| text.to_owned()).unwrap_or_else(|| zh.clone());
        Words { zh, en }
    }

    fn enum_value(&mut self, node: &Node) -> Option<EnumValue> {
        let mut fields = Fields::new(self.file, "a value of an enumeration", node, &mut self.out)?;
        let id = fields.required_text("id", &mut self.out).map(|(text, _)| text.to_owned());
        let label = self.words(&mut fields);
        fields.finish(&mut self.out);
        Some(EnumValue { id: id?, label })
    }

    fn enumeration(&mut self, entry: &Entry, source: &dyn ValueSource) -> Option<Enum> {
        let what = format!("the enumeration `{}`", entry.key);
        let mut fields = Fields::new(self.file, &what, &entry.node, &mut self.out)?;
        let label = self.words(&mut fields);
        let mut values: Vec<EnumValue> = Vec::new();
        for node in fields.tables("values", &mut self.out) {
            values.extend(self.enum_value(node));
        }
        let id = fields.text("id", &mut self.out).map_or("id", |(text, _)| text);
        let name = fields.text("name", &mut self.out).map_or("name", |(text, _)| text);
        if let Some((table, span)) = fields.text("table", &mut self.out) {
            match source.table(table, id, name) {
                Some(rows) => values.extend(rows),
                None => self.error(
                    "unknown-table",
                    span,
                    format!("there is no table `{table}` with the columns `{id}` and `{name}`"),
                    "no such table",
                ),
            }
        }
        if fields.bool("materials", &mut self.out) == Some(true) {
            values.extend(source.materials());
        }
        for node in fields.tables("extra", &mut self.out) {
            values.extend(self.enum_value(node));
        }
        let group_entries = fields.table("groups", &mut self.out);
        fields.finish(&mut self.out);
        let mut by_id = FxHashMap::default();
        for (index, value) in values.iter().enumerate() {
            if by_id.insert(value.id.clone(), index as u32).is_some() {
                self.error("duplicate-value", entry.key_span.clone(), format!("{what} has `{}` twice", value.id), "");
            }
        }
        if values.is_empty() {
            self.error("empty-enumeration", entry.key_span.clone(), format!("{what} has no values"), "");
        }
        let mut groups = Vec::new();
        for group in group_entries {
            let members = self.value_set(&group.node, &by_id, &[]);
            groups.push((group.key.clone(), members));
        }
        Some(Enum { name: entry.key.clone(), label, values, groups, by_id })
    }

    /// A list of value ids (or group names) as indices.
    fn value_set(&mut self, node: &Node, by_id: &FxHashMap<String, u32>, groups: &[(String, Vec<u32>)]) -> Vec<u32> {
        let mut members = Vec::new();
        let Some(items) = node.items() else {
            self.error("wrong-type", node.span.clone(), format!("expected a list of values, not {}", node.kind()), "");
            return members;
        };
        for item in items {
            let id = item.as_text().unwrap_or_default();
            if let Some(index) = by_id.get(id) {
                members.push(*index);
            } else if let Some((_, group)) = groups.iter().find(|(name, _)| name == id) {
                members.extend(group);
            } else {
                self.out.push(
                    Diagnostic::error("unknown-value", format!("there is no value `{id}`"))
                        .at(self.file, item.span.clone(), "no such value")
                        .suggest(id, by_id.keys().map(String::as_str)),
                );
            }
        }
        members
    }

    fn record(
        &mut self,
        entry: &Entry,
        enums: &FxHashMap<String, EnumId>,
        records: &FxHashMap<String, RecordId>,
    ) -> (Record, Vec<Draft>) {
        let what = format!("the record `{}`", entry.key);
        let mut record = Record {
            name: entry.key.clone(),
            label: Words::default(),
            fields: Vec::new(),
            size: 0,
            template: Vec::new(),
            given: Vec::new(),
            lists: Vec::new(),
            inlined: Vec::new(),
            by_name: FxHashMap::default(),
        };
        let mut drafts = Vec::new();
        if let Some(mut fields) = Fields::new(self.file, &what, &entry.node, &mut self.out) {
            let label = fields.text("label", &mut self.out).map(|(text, _)| text.to_owned());
            let zh = label.unwrap_or_else(|| entry.key.clone());
            let en = fields.text("en", &mut self.out).map(|(text, _)| text.to_owned());
            record.label = Words { en: en.unwrap_or_else(|| zh.clone()), zh };
            let entries = fields.table("fields", &mut self.out);
            self.few("fields", entries);
            for field in entries {
                drafts.extend(self.field(&entry.key, field, enums, records));
            }
            fields.finish(&mut self.out);
        }
        (record, drafts)
    }

    fn field(
        &mut self,
        record: &str,
        entry: &Entry,
        enums: &FxHashMap<String, EnumId>,
        records: &FxHashMap<String, RecordId>,
    ) -> Option<Draft> {
        let what = format!("the field `{record}.{}`", entry.key);
        let mut fields = Fields::new(self.file, &what, &entry.node, &mut self.out)?;
        let ty = fields.required_text("type", &mut self.out);
        let label = self.words(&mut fields);
        let doc = fields.text("doc", &mut self.out).map(|(text, _)| text.to_owned()).unwrap_or_default();
        let _unit = fields.text("unit", &mut self.out);
        let format = fields.text("format", &mut self.out).and_then(|(name, span)| {
            let format = Format::named(name);
            if format.is_none() {
                self.out.push(
                    Diagnostic::error("unknown-format", format!("there is no format `{name}`"))
                        .at(self.file, span, "no such format")
                        .suggest(name, Format::NAMES.iter().copied()),
                );
            }
            format
        });
        let alias = fields.text("alias", &mut self.out).map(|(text, _)| text.to_owned());
        let format_of = fields.text("format_of", &mut self.out).map(|(text, _)| text.to_owned());
        let sensitive = fields.text("sensitive", &mut self.out).and_then(|(name, span)| match name {
            "id" => Some(Sensitivity::Id),
            "phone" => Some(Sensitivity::Phone),
            "email" => Some(Sensitivity::Email),
            _ => {
                self.error("unknown-sensitivity", span, format!("`{name}` is none of `id`, `phone`, `email`"), "");
                None
            }
        });
        let sensitive_when = fields.text("sensitive_when", &mut self.out).map(|found| expression(self.file, found));
        let derive = fields.text("derive", &mut self.out).map(|found| expression(self.file, found));
        let element = fields.text("element", &mut self.out).map(|(text, _)| text.to_owned());
        let default = fields.node("default").map(|node| (node.value.clone(), node.span.clone()));
        let mut set = Vec::new();
        for constant in fields.table("set", &mut self.out) {
            let value = constant.node.as_text().unwrap_or_default().to_owned();
            set.push((constant.key.clone(), constant.key_span.clone(), value, constant.node.span.clone()));
        }
        fields.finish(&mut self.out);
        let (ty, span) = ty?;
        let ty = match parse_type(ty, &|name| enums.get(name).copied(), &|name| records.get(name).copied()) {
            Ok(ty) => ty,
            Err(word) => {
                let names = enums.keys().chain(records.keys()).map(String::as_str);
                self.out.push(
                    Diagnostic::error("unknown-type", format!("there is no type `{word}`"))
                        .at(self.file, span, "no such type")
                        .help("types are text, bool, integer, date, expiry, region2, region6, enum NAME, record NAME, list of TYPE")
                        .suggest(&word, names),
                );
                return None;
            }
        };
        let field = Field {
            name: entry.key.clone(),
            alias,
            label,
            doc,
            ty,
            offset: 0,
            format,
            format_of,
            sensitive,
            sensitive_when,
            derive,
            element,
            collected: false,
            default: default.as_ref().map(|(value, _)| default_text(value)),
            span: entry.key_span.clone(),
        };
        Some(Draft { field, default, set })
    }

    fn collections(
        &mut self,
        entries: &[Entry],
        records: &FxHashMap<String, RecordId>,
        drafts: &mut [(Record, Vec<Draft>)],
        root: RecordId,
    ) -> Vec<Collection> {
        let mut collections = Vec::new();
        for entry in entries {
            let what = format!("the collection `{}`", entry.key);
            let Some(mut fields) = Fields::new(self.file, &what, &entry.node, &mut self.out) else { continue };
            let of = fields.required_text("of", &mut self.out);
            let element = fields.required_text("element", &mut self.out).map(|(text, _)| text.to_owned());
            let label = self.words(&mut fields);
            let doc = fields.text("doc", &mut self.out).map(|(text, _)| text.to_owned()).unwrap_or_default();
            let mut from: Vec<Collected> = Vec::new();
            let mut spans = Vec::new();
            for place in fields.tables("from", &mut self.out) {
                let Some(mut place) = Fields::new(self.file, "a place of a collection", place, &mut self.out) else {
                    continue;
                };
                let path = place.required_text("path", &mut self.out);
                let given = match place.bool("if_given", &mut self.out) {
                    Some(true) => Given::IfGiven,
                    _ => Given::Expected,
                };
                place.finish(&mut self.out);
                if let Some((path, span)) = path {
                    spans.push(span);
                    from.push(Collected { path: path.split('.').map(str::to_owned).collect(), given });
                }
            }
            fields.finish(&mut self.out);
            let Some((of, span)) = of else { continue };
            let Some(record) = records.get(of).copied() else {
                self.error("unknown-type", span, format!("there is no record `{of}`"), "no such record");
                continue;
            };
            self.gathered.extend(from.iter().zip(spans).map(|(from, span)| (from.path.clone(), record, span)));
            let field = Field {
                name: entry.key.clone(),
                alias: None,
                label,
                doc,
                ty: Type::List(Box::new(Type::Record(record))),
                offset: 0,
                format: None,
                format_of: None,
                sensitive: None,
                sensitive_when: None,
                derive: None,
                element,
                collected: true,
                default: None,
                span: entry.key_span.clone(),
            };
            if let Some((_, fields)) = drafts.get_mut(usize::from(root.0)) {
                fields.push(Draft { field, default: None, set: Vec::new() });
            }
            collections.push(Collection { name: entry.key.clone(), record, from });
        }
        collections
    }

    fn dimension(&mut self, entry: &Entry, schema: &Schema) -> Option<Dimension> {
        let what = format!("the applicability key `{}`", entry.key);
        let mut fields = Fields::new(self.file, &what, &entry.node, &mut self.out)?;
        let field = fields.required_text("field", &mut self.out);
        let default = fields.node("default");
        let otherwise = fields.text("otherwise", &mut self.out);
        let also = fields.table("also", &mut self.out);
        let mut element = Vec::new();
        for pair in fields.table("element", &mut self.out) {
            match pair.node.as_text() {
                Some(text) => element.push((pair.key.clone(), text.to_owned())),
                None => {
                    let message = format!("`{}` is the name of a field, not {}", pair.key, pair.node.kind());
                    self.error("wrong-type", pair.node.span.clone(), message, "expected a text");
                }
            }
        }
        fields.finish(&mut self.out);
        let (path_text, span) = field?;
        let path: Vec<String> = path_text.split('.').map(str::to_owned).collect();
        let values = match leaf_enum(schema, &path) {
            Some(id) if schema.enumeration(id).values.len() <= SET_BITS => id,
            _ => {
                self.error(
                    "unknown-field",
                    span,
                    format!("`{path_text}` is no field with an enumeration of at most {SET_BITS} values"),
                    "",
                );
                return None;
            }
        };
        let otherwise = otherwise.and_then(|(text, span)| {
            let path: Vec<String> = text.split('.').map(str::to_owned).collect();
            if leaf_enum(schema, &path) == Some(values) {
                return Some(path);
            }
            self.error("unknown-field", span, format!("`{text}` is no field with the values of `{path_text}`"), "");
            None
        });
        let enumeration = schema.enumeration(values);
        let all = if enumeration.values.len() == SET_BITS { u64::MAX } else { (1 << enumeration.values.len()) - 1 };
        let default = match default {
            Some(node) => bits(&self.value_set(node, &enumeration.by_id, &enumeration.groups)),
            None => all,
        };
        let mut treated_as: Vec<u64> = (0..enumeration.values.len()).map(|index| 1 << index).collect();
        for pair in also {
            let set = bits(&self.value_set(&pair.node, &enumeration.by_id, &enumeration.groups));
            match enumeration.index(&pair.key).and_then(|index| treated_as.get_mut(index as usize)) {
                Some(own) => *own |= set,
                None => {
                    self.error("unknown-value", pair.key_span.clone(), format!("there is no value `{}`", pair.key), "");
                }
            }
        }
        Some(Dimension { name: entry.key.clone(), path, values, default, treated_as, element, otherwise })
    }
}

/// The record that a path from the root leads to, through lists.
fn held(schema: &Schema, path: &[String]) -> Option<RecordId> {
    path.iter().try_fold(schema.root, |id, name| {
        let field = schema.record(id).field(name).filter(|field| !field.collected)?;
        match &field.ty {
            Type::Record(inner) => Some(*inner),
            Type::List(element) => match **element {
                Type::Record(inner) => Some(inner),
                _ => None,
            },
            _ => None,
        }
    })
}

fn expression(file: &Arc<SourceFile>, (text, span): (&str, Span)) -> Expression {
    Expression { text: text.to_owned(), file: Arc::clone(file), span }
}

fn bits(indices: &[u32]) -> u64 {
    indices.iter().fold(0, |set, index| set | (1 << index))
}

fn leaf_enum(schema: &Schema, path: &[String]) -> Option<EnumId> {
    let mut record = schema.root();
    let (last, init) = path.split_last()?;
    for name in init {
        let ty = match &record.field(name)?.ty {
            Type::List(element) => element,
            other => other,
        };
        match ty {
            Type::Record(id) => record = schema.record(*id),
            _ => return None,
        }
    }
    match record.field(last)?.ty {
        Type::Enum(id) => Some(id),
        _ => None,
    }
}

fn default_text(value: &NodeValue) -> String {
    match value {
        NodeValue::Text(text) => text.clone(),
        NodeValue::Bool(value) => value.to_string(),
        NodeValue::Integer(value) => value.to_string(),
        NodeValue::Array(_) => "[]".to_owned(),
        _ => String::new(),
    }
}
