//! Parts of documents that are made from the policies, between `<!-- name -->` and `<!-- end -->`.

use std::fmt::Write;

use beian::policy::{Files, Policies};
use beian::schema::{Enum, Field, RecordId, Schema, Type};

use super::{read, settle, turn};

fn policies() -> Policies {
    Policies::load(&Files::Embedded).unwrap()
}

fn part(document: &str, name: &str, content: &str) {
    let _turn = turn();
    let document = read(document);
    let head = format!("<!-- {name} -->\n");
    let start = document.text.find(&head).unwrap_or_else(|| panic!("{}: no `{head}`", document.name)) + head.len();
    let end = start + document.text[start..].find("<!-- end -->").expect("an end");
    settle(&document, &format!("{}\n{}\n\n{}", &document.text[..start], content.trim(), &document.text[end..]));
}

fn table(name: &str) -> toml::Table {
    let file = Files::Embedded.read(&format!("tables/{name}.toml")).unwrap().expect("the table");
    toml::from_str(&file.text).unwrap()
}

/// The rows of a table that is written compactly.
fn rows(name: &str) -> Vec<toml::value::Array> {
    let table = table(name);
    let rows = table.get("rows").or_else(|| table["table"].get("rows")).and_then(toml::Value::as_array);
    rows.expect("rows").iter().map(|row| row.as_array().unwrap().clone()).collect()
}

/// Which bureaus and providers have rules, and which have not.
#[test]
fn the_readmes_say_what_is_covered() {
    let policies = policies();
    let mut covered = [Vec::new(), Vec::new()];
    let mut ids = Vec::new();
    for folder in policies.folders() {
        let layer = policies.layer(folder).unwrap();
        ids.push(layer.id.clone());
        match folder.split('/').next() {
            Some("provinces") => covered[0].push(format!("{} ({})", layer.name, layer.id)),
            Some("providers") => covered[1].push(format!("{} (`{}`)", layer.name, layer.id)),
            _ => {}
        }
    }
    let text = |row: &toml::value::Array, column: usize| row[column].as_str().unwrap_or_default().to_owned();
    let missing = |name: &str, wanted: &dyn Fn(&toml::value::Array) -> bool| {
        let rows = rows(name).into_iter().filter(|row| wanted(row) && !ids.contains(&text(row, 0)));
        rows.map(|row| text(&row, 1)).collect::<Vec<_>>()
    };
    let provinces = missing("provinces", &|row| row.last().and_then(toml::Value::as_bool) == Some(true));
    let providers = missing("providers", &|row| text(row, 0) != "other");
    let [bureaus, known] = covered;
    let english = |names: &[String]| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let chinese = |names: &[String]| if names.is_empty() { "没有".to_owned() } else { names.join("、") };
    part(
        "README.md",
        "layers",
        &format!(
            "- Bureaus: {}\n- Providers: {}\n- Not yet, bureaus: {}\n- Not yet, providers: {}",
            english(&bureaus),
            english(&known),
            english(&provinces),
            english(&providers)
        ),
    );
    part(
        "README.zh-CN.md",
        "layers",
        &format!(
            "- 管局：{}\n- 接入商：{}\n- 还没有的管局：{}\n- 还没有的接入商：{}",
            chinese(&bureaus),
            chinese(&known),
            chinese(&provinces),
            chinese(&providers)
        ),
    );
}

/// The named functions, in the words of `functions.toml`.
#[test]
fn the_reference_has_the_named_functions() {
    let file = Files::Embedded.read("functions.toml").unwrap().expect("functions.toml");
    let functions: toml::Table = toml::from_str(&file.text).unwrap();
    let mut text = String::from("| function | gives |\n|---|---|\n");
    for function in functions["function"].as_array().unwrap() {
        let parameters: Vec<&str> = function["params"].as_table().unwrap().keys().map(String::as_str).collect();
        let (name, doc) = (function["name"].as_str().unwrap(), function["doc"].as_str().unwrap());
        writeln!(text, "| `{name}({})` | {doc} |", parameters.join(", ")).unwrap();
    }
    part("docs/policy-language.md", "functions", &text);
}

/// Every field and every value of a filing.
#[test]
fn the_filing_document_has_every_field() {
    let policies = policies();
    let schema = &policies.world.schema;
    let mut text = String::new();
    for (index, record) in schema.records.iter().enumerate() {
        if RecordId(index as u16) == schema.root {
            writeln!(text, "### 文书本身\n").unwrap();
        } else {
            writeln!(text, "### {} {}\n", record.label.zh, paths(schema, RecordId(index as u16)).join("、")).unwrap();
        }
        writeln!(text, "| 字段 | 名称 | 类型 | 说明 |\n|---|---|---|---|").unwrap();
        for field in record.fields.iter().filter(|field| !field.collected) {
            let (name, label) = (&field.name, &field.label.zh);
            writeln!(text, "| `{name}` | {label} | {} | {} |", kind(schema, &field.ty), remarks(field)).unwrap();
        }
        text.push('\n');
    }
    text.push_str("### 取值\n\n| 取值 | 可以写 |\n|---|---|\n");
    for values in &schema.enums {
        writeln!(text, "| `{}` {} | {} |", values.name, values.label.zh, listed(values)).unwrap();
    }
    part("docs/filing-document.zh-CN.md", "fields", &text);
}

/// Where a record stands in a document.
fn paths(schema: &Schema, wanted: RecordId) -> Vec<String> {
    fn below(schema: &Schema, record: RecordId, prefix: &str, wanted: RecordId, out: &mut Vec<String>) {
        for field in schema.record(record).fields.iter().filter(|field| !field.collected) {
            let (inner, brackets) = match &field.ty {
                Type::Record(inner) => (*inner, ""),
                Type::List(element) => match **element {
                    Type::Record(inner) => (inner, "[]"),
                    _ => continue,
                },
                _ => continue,
            };
            let path = format!("{prefix}{}{brackets}", field.name);
            if inner == wanted {
                out.push(format!("`{path}`"));
            } else {
                below(schema, inner, &format!("{path}."), wanted, out);
            }
        }
    }
    let mut out = Vec::new();
    below(schema, schema.root, "", wanted, &mut out);
    out
}

fn kind(schema: &Schema, ty: &Type) -> String {
    match ty {
        Type::Text => "文字".into(),
        Type::Bool => "true / false".into(),
        Type::Integer => "整数".into(),
        Type::Date => "日期".into(),
        Type::Expiry => "日期或 `\"long_term\"`".into(),
        Type::Region2 => "省代码".into(),
        Type::Region6 => "区划码".into(),
        Type::Enum(id) => format!("`{}`", schema.enumeration(*id).name),
        Type::Record(id) => schema.record(*id).label.zh.clone(),
        Type::List(element) => format!("列表：{}", kind(schema, element)),
    }
}

fn remarks(field: &Field) -> String {
    let mut text = field.doc.replace('|', "\\|");
    if field.derive.is_some() {
        text.push_str(" *可算*");
    }
    if let Some(default) = &field.default {
        let default = if default.is_empty() { "空" } else { default };
        write!(text, " *不写是 {default}*").unwrap();
    }
    text
}

fn listed(values: &Enum) -> String {
    let value = |value: &beian::schema::EnumValue| format!("`{}` {}", value.id, value.label.zh.replace('|', "\\|"));
    values.values.iter().map(value).collect::<Vec<_>>().join(" · ")
}
