//! Tests of the whole module against a small schema that has every kind of field.

mod agree;
mod change;
mod messages;
mod show;
mod speed;

use std::sync::Arc;

use super::{Document, InputForm, Slot, read_filing};
use crate::schema::{EnumValue, RecordId, Schema, Type, ValueSource, read_schema};
use crate::source::{Diagnostics, SourceFile, parse_toml};

const SCHEMA: &str = r#"
[enum.nature]
label = "主办单位性质"
en = "nature"
values = [
  { id = "individual", label = "个人", en = "individual" },
  { id = "enterprise", label = "企业", en = "enterprise" },
  { id = "sole_proprietor", label = "个体工商户", en = "sole proprietor" },
]
[enum.role]
label = "角色"
en = "role"
values = [{ id = "legal", label = "法定代表人", en = "legal representative" }, { id = "principal", label = "负责人", en = "principal" }]
[enum.many]
label = "很多"
en = "many"
values = [{ id = "aa", label = "甲甲" }, { id = "bb", label = "乙乙" }]

[record.filing.fields]
province = { type = "region2", label = "省" }
date = { type = "date", label = "日期" }
remark = { type = "text", label = "备注", default = "" }
count = { type = "integer", label = "数", default = 1 }
[record.person.fields]
name = { type = "text", label = "姓名" }
role = { type = "enum role", label = "角色" }
phone = { type = "text", label = "手机号码", sensitive = "phone" }
expires = { type = "expiry", label = "有效期至", en = "expires" }
student = { type = "bool", label = "学生", derive = 'true' }
[record.certificate.fields]
number = { type = "text", label = "证件号码", sensitive = "id" }
kind = { type = "enum many", label = "证件类型" }
[record.subject.fields]
nature = { type = "enum nature", label = "主办单位性质", en = "nature" }
name = { type = "text", label = "主办单位名称", en = "name" }
region = { type = "region6", label = "地域" }
certificate = { type = "record certificate", label = "证件" }
legal = { type = "record person", label = "法定代表人", set = { role = "legal" } }
principal = { type = "record person", label = "负责人", set = { role = "principal" } }
[record.domain.fields]
name = { type = "text", label = "域名" }
expires = { type = "date", label = "到期日" }
ips = { type = "list of text", label = "IP" }
[record.service.fields]
name = { type = "text", label = "服务名称" }
paid = { type = "bool", label = "有偿" }
features = { type = "list of enum many", label = "特征", default = [] }
regions = { type = "list of region2", label = "地区" }
table = { type = "list of list of integer", label = "表" }
principal = { type = "record person", label = "负责人", set = { role = "principal" } }
domains = { type = "list of record domain", label = "域名" }
parts = { type = "list of record service", label = "部分" }
[record.root.fields]
filing = { type = "record filing", label = "订单" }
subject = { type = "record subject", label = "主体" }
services = { type = "list of record service", label = "服务", element = "service" }
[collect.persons]
of = "person"
element = "person"
label = "人员"
from = [{ path = "subject.legal", if_given = true }, { path = "subject.principal" }, { path = "services.principal" }]
[collect.domains]
of = "domain"
element = "domain"
label = "域名"
from = [{ path = "services.domains" }]
"#;

struct NoTables;

impl ValueSource for NoTables {
    fn table(&self, _: &str, _: &str, _: &str) -> Option<Vec<EnumValue>> {
        None
    }
    fn materials(&self) -> Vec<EnumValue> {
        Vec::new()
    }
}

fn schema() -> Schema {
    let file = SourceFile::new("schema.toml", SCHEMA);
    let node = parse_toml(&file).expect("parses");
    read_schema(&file, &node, &NoTables).map_err(|errors| errors.to_string()).expect("is a schema")
}

fn toml_file(text: &str) -> Arc<SourceFile> {
    SourceFile::new("f.toml", text)
}

fn read_toml(schema: &Schema, text: &str) -> Result<Document, Diagnostics> {
    read_filing(schema, &toml_file(text), InputForm::Toml)
}

fn read_json(schema: &Schema, text: &str) -> Result<Document, Diagnostics> {
    read_filing(schema, &SourceFile::new("f.json", text), InputForm::Json)
}

/// Every slot that holds something, by its path: what two documents are compared by.
fn contents(schema: &Schema, document: &Document) -> Vec<String> {
    let mut out = Vec::new();
    record_contents(schema, document, schema.root, 0, "", &mut out);
    out
}

fn record_contents(schema: &Schema, document: &Document, id: RecordId, base: u32, path: &str, out: &mut Vec<String>) {
    for field in &schema.record(id).fields {
        let path = format!("{path}.{}", field.name);
        value_contents(schema, document, &field.ty, base + field.offset, &path, out);
    }
}

fn value_contents(schema: &Schema, document: &Document, ty: &Type, at: u32, path: &str, out: &mut Vec<String>) {
    match (ty, document.slot(at)) {
        (Type::Record(id), _) => record_contents(schema, document, *id, at, path, out),
        (_, Slot::Missing) => {}
        (_, Slot::Text { start, len }) => out.push(format!("{path} = {:?}", document.text(start, len))),
        (Type::List(element), list @ Slot::List { len, .. }) => {
            out.push(format!("{path} has {len}"));
            for index in 0..len {
                let at = document.element(list, index, schema.width(element)).expect("is an element");
                value_contents(schema, document, element, at, &format!("{path}[{index}]"), out);
            }
        }
        (_, slot) => out.push(format!("{path} = {slot:?}")),
    }
}
