//! The files that all layers share: checks, materials, forms, functions, tables, the schema of filings.

use serde_json::{Value, json};

use super::super::parts::{
    Key, boolean, exactly_one, integer, key, list, names, needed, one_of, put, reference, table, text, words,
};
use super::layer::{bodies, common};
use super::values::{Parameters, Values};
use crate::policy::Stricter;
use crate::schema::format::Format;
use crate::table::ColumnType;

/// A file of `checks/`.
pub(super) fn checks(values: &Values<'_>) -> Value {
    let mut keys = vec![
        needed("id", "the id that rules use", words()),
        key("params", "its parameters and their types", names(reference("type"))),
        key("default", "values of parameters that a rule leaves out", json!({ "type": "object" })),
        key("stricter", "which of two values of a parameter asks more", names(stricter())),
    ];
    keys.extend(common());
    keys.extend(bodies(values, Parameters::Yes));
    let mut check = table(keys);
    exactly_one(&mut check, &["assert", "require", "manual", "notice"]);
    table(vec![key("check", "checks that rules use", list(check))])
}

fn stricter() -> Value {
    one_of(Stricter::NAMES)
}

/// `materials.toml`.
pub(super) fn materials() -> Value {
    let material = table(vec![
        needed("id", "the id that rules and filings use", words()),
        needed("name", "its name", words()),
        key("en", "its English name", text()),
        key("aliases", "other names that are in use", list(text())),
        needed("category", "the id of its category", words()),
        key("form", "the usual form, in words", text()),
        key("signed_by", "who signs it, in words", text()),
        key("sealed_by", "who seals it, in words", text()),
        key("upload_to", "where it is uploaded, in words", text()),
        key("note", "what else to know", text()),
    ]);
    let category = table(vec![
        needed("id", "the id that materials name", words()),
        needed("label", "its name", words()),
        key("en", "its English name", text()),
    ]);
    table(vec![
        key("material", "the catalogue", list(material)),
        key("category", "categories, in the order of the checklist", list(category)),
    ])
}

/// `forms.toml`.
pub(super) fn forms(_: &Values<'_>) -> Value {
    let form = table(vec![
        needed("id", "the key in `require`", words()),
        needed("type", "the type of its value", reference("type")),
        needed("label", "what it asks, in words; `{value}` is replaced", words()),
        key("en", "the same in English", text()),
        needed("that", "a condition on `material` and `value`", words()),
        needed("missing", "what is said when it does not hold", words()),
        needed("stricter", "which of two values asks more", stricter()),
    ]);
    table(vec![key("form", "what a requirement can ask of a material", list(form))])
}

/// `functions.toml`.
pub(super) fn functions(_: &Values<'_>) -> Value {
    let function = table(vec![
        needed("name", "its name in conditions", words()),
        key("params", "its parameters and their types", names(reference("type"))),
        needed("returns", "the type of its result", reference("type")),
        needed("body", "an expression of its parameters", words()),
        key("doc", "what it says", text()),
    ]);
    table(vec![key("function", "named expressions", list(function))])
}

/// `topics.toml`.
pub(super) fn topics() -> Value {
    let topic = table(vec![
        needed("id", "the topic that facts name", words()),
        needed("label", "what people read", words()),
        key("en", "the same in English", text()),
        needed("order", "topics with smaller ones come first", integer()),
    ]);
    table(vec![key("topic", "what facts are about", list(topic))])
}

/// A file of `tables/`.
pub(super) fn table_file() -> Value {
    let texts = list(text());
    let cell = json!({ "anyOf": [text(), integer(), boolean(), texts] });
    let rows = list(list(cell.clone()));
    let source = table(vec![
        needed("id", "its id", words()),
        key("publisher", "who published it", text()),
        key("title", "its title", text()),
        key("locator", "where it is", text()),
        key("dated", "when it was written, in words", text()),
    ]);
    let mut columns = names(one_of(ColumnType::NAMES));
    put(&mut columns, "minProperties", json!(1));
    let head = table(vec![
        needed("name", "the name that conditions use", words()),
        needed("title", "what it holds", words()),
        key("note", "what else to know", text()),
        key("key", "the column that identifies a row", text()),
        needed("columns", "the columns and their types", columns),
        key("rows", "the rows, in the order of the columns", rows.clone()),
    ]);
    table(vec![
        needed("table", "the table itself", head),
        key("source", "where its rows are from", list(source)),
        key("row", "a row by the names of its columns", list(names(cell))),
        key("rows", "the rows, in the order of the columns", rows),
    ])
}

/// A Chinese and an English label.
fn label() -> [Key; 2] {
    [needed("label", "what people read", words()), key("en", "the same in English", text())]
}

/// `schema.toml`.
pub(super) fn schema() -> Value {
    let mut records = names(record());
    put(&mut records, "required", json!(["root"]));
    table(vec![
        key("enum", "enumerations", names(enumeration())),
        needed("record", "records; `root` is the filing itself", records),
        key("collect", "records that stand in several places, as one list", names(collection())),
        key("applicability", "the keys by which rules say of whom they hold", names(applicability())),
    ])
}

fn enumeration() -> Value {
    let value = || {
        let mut keys = vec![needed("id", "what documents and conditions say", words())];
        keys.extend(label());
        list(table(keys))
    };
    let mut keys = vec![
        key("values", "its values", value()),
        key("table", "the table whose rows are its values", text()),
        key("id", "the table's column of the id", text()),
        key("name", "the table's column of the label", text()),
        key("materials", "its values are the catalogue of materials", boolean()),
        key("extra", "values besides those of the table", value()),
        key("groups", "named sets of values", names(list(text()))),
    ];
    keys.extend(label());
    let mut enumeration = table(keys);
    let sources = ["values", "table", "materials", "extra"];
    put(&mut enumeration, "anyOf", sources.iter().map(|key| json!({ "required": [key] })).collect());
    enumeration
}

fn record() -> Value {
    let mut keys = vec![
        needed("type", "its type", field_type()),
        key("doc", "one line: what it is and how to find it", text()),
        key("unit", "the unit of a number", text()),
        key("format", "the form that a well-formed value has", one_of(Format::NAMES)),
        key("format_of", "the field that the format depends on", text()),
        key("alias", "its name in conditions", text()),
        key("sensitive", "how it is masked", one_of(["id", "phone", "email"])),
        key("sensitive_when", "a condition: when it is sensitive", text()),
        key("derive", "an expression: its value when it is not given", text()),
        key("element", "the variable of a rule that is evaluated per element", text()),
        key("default", "what an absent value means", json!({ "type": ["string", "boolean", "integer", "array"] })),
        key("set", "constants of the record in this place", names(text())),
    ];
    keys.extend(label());
    table(vec![
        key("label", "what people read", text()),
        key("en", "the same in English", text()),
        key("fields", "its fields", names(table(keys))),
    ])
}

/// Enumerations and records are the file's own, so their names are not listed.
fn field_type() -> Value {
    let pattern = r"^\s*(list of\s+)*(text|bool|integer|date|expiry|region2|region6|enum\s+\S+|record\s+\S+)\s*$";
    json!({ "type": "string", "pattern": pattern })
}

fn collection() -> Value {
    let from = table(vec![
        needed("path", "where such a record stands", words()),
        key("if_given", "count it only when something of it is given", boolean()),
    ]);
    let mut keys = vec![
        needed("of", "the record", words()),
        needed("element", "the variable of a rule that is evaluated per element", words()),
        key("doc", "one line: what it is", text()),
        key("from", "the places", list(from)),
    ];
    keys.extend(label());
    table(keys)
}

fn applicability() -> Value {
    table(vec![
        needed("field", "the field, as a path from the root", words()),
        key("otherwise", "the field that decides where the first does not say", text()),
        key("default", "what an absent key means; all values when left out", list(text())),
        key("also", "values that are treated as others too", names(list(text()))),
        key("element", "for element variables: the field of the element that decides instead", names(text())),
    ])
}
