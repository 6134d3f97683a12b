//! A small schema, random filings of it, and how both sides read them.

use std::collections::BTreeMap;
use std::sync::Arc;

use beian::condition::{Builtin, Context, FunctionDef, Knows, Library, Reason, ScriptDef, Value};
use beian::filing::{Document, InputForm, read_filing};
use beian::schema::format::Format;
use beian::schema::{EnumValue, Schema, ValueSource, read_schema};
use beian::source::{SourceFile, parse_toml};
use beian::table::Table;
use rhai::{Array, Dynamic, Map};

use crate::choices::Choices;
use crate::oracle::Day;

const SCHEMA: &str = r#"
[enum.nature]
label = "性质"
values = [{ id = "individual", label = "个人" }, { id = "enterprise", label = "企业" }, { id = "government", label = "机关" }]
[enum.kind]
label = "类型"
values = [{ id = "website", label = "网站" }, { id = "app", label = "APP" }]
[record.filing.fields]
date = { type = "date", label = "日期" }
province = { type = "region2", label = "省" }
count = { type = "integer", label = "数" }
remark = { type = "text", label = "备注" }
urgent = { type = "bool", label = "加急" }
natures = { type = "list of enum nature", label = "性质" }
tags = { type = "list of text", label = "词" }
[record.person.fields]
name = { type = "text", label = "姓名" }
nature = { type = "enum nature", label = "性质" }
age = { type = "integer", label = "年龄" }
student = { type = "bool", label = "学生" }
expires = { type = "expiry", label = "有效期至" }
region = { type = "region6", label = "地区" }
[record.domain.fields]
name = { type = "text", label = "域名" }
expires = { type = "date", label = "到期日" }
level = { type = "integer", label = "级" }
ips = { type = "list of text", label = "IP" }
[record.service.fields]
kind = { type = "enum kind", label = "类型" }
name = { type = "text", label = "名称" }
paid = { type = "bool", label = "有偿" }
size = { type = "integer", label = "大小" }
sizes = { type = "list of integer", label = "大小" }
kinds = { type = "list of enum kind", label = "类型" }
principal = { type = "record person", label = "负责人" }
domains = { type = "list of record domain", label = "域名" }
[record.root.fields]
filing = { type = "record filing", label = "订单" }
subject = { type = "record person", label = "主体" }
services = { type = "list of record service", label = "服务" }
"#;

/// The type of a field, for the two generators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ty {
    Bool,
    Int,
    Text,
    Date,
    Expiry,
    Region2,
    Region6,
    Enum(&'static [&'static str]),
    Record(&'static [(&'static str, Ty)]),
    List(&'static Ty),
}

pub const NATURE: Ty = Ty::Enum(&["individual", "enterprise", "government"]);
pub const KIND: Ty = Ty::Enum(&["website", "app"]);
const FILING: &[(&str, Ty)] = &[
    ("date", Ty::Date),
    ("province", Ty::Region2),
    ("count", Ty::Int),
    ("remark", Ty::Text),
    ("urgent", Ty::Bool),
    ("natures", Ty::List(&NATURE)),
    ("tags", Ty::List(&Ty::Text)),
];
const PERSON: &[(&str, Ty)] = &[
    ("name", Ty::Text),
    ("nature", NATURE),
    ("age", Ty::Int),
    ("student", Ty::Bool),
    ("expires", Ty::Expiry),
    ("region", Ty::Region6),
];
const DOMAIN: &[(&str, Ty)] =
    &[("name", Ty::Text), ("expires", Ty::Date), ("level", Ty::Int), ("ips", Ty::List(&Ty::Text))];
const SERVICE: &[(&str, Ty)] = &[
    ("kind", KIND),
    ("name", Ty::Text),
    ("paid", Ty::Bool),
    ("size", Ty::Int),
    ("sizes", Ty::List(&Ty::Int)),
    ("kinds", Ty::List(&KIND)),
    ("principal", Ty::Record(PERSON)),
    ("domains", Ty::List(&Ty::Record(DOMAIN))),
];
pub const ROOT: &[(&str, Ty)] =
    &[("filing", Ty::Record(FILING)), ("subject", Ty::Record(PERSON)), ("services", Ty::List(&Ty::Record(SERVICE)))];

pub const TEXTS: [&str; 6] = ["", "a", "ab", "中文", "a中", "x.cn"];
pub const DATES: [&str; 6] = ["2026-01-31", "2024-02-29", "2026-02-28", "2025-12-31", "2026-03-01", "1999-06-15"];

/// A value of a filing.
#[derive(Debug, Clone, PartialEq)]
pub enum Model {
    Missing,
    Bool(bool),
    Int(i64),
    Text(&'static str),
    /// A day or long term.
    Day(&'static str),
    List(Vec<Model>),
    Record(BTreeMap<&'static str, Model>),
}

impl Model {
    /// A filing of which everything is given.
    pub fn complete(ty: Ty, choices: &mut Choices<'_>) -> Self {
        match ty {
            Ty::Bool => Self::Bool(choices.below(2) == 1),
            Ty::Int => Self::Int(choices.pick(&[0, 1, 2, -1, 3, 7, 12, 100])),
            Ty::Text => Self::Text(choices.pick(&TEXTS)),
            Ty::Date => Self::Day(choices.pick(&DATES)),
            Ty::Expiry if choices.once_in(4) => Self::Day("long_term"),
            Ty::Expiry => Self::Day(choices.pick(&DATES)),
            Ty::Region2 => Self::Text(choices.pick(&["44", "31", "11"])),
            Ty::Region6 => Self::Text(choices.pick(&["440305", "310115", "110101"])),
            Ty::Enum(ids) => Self::Text(choices.pick(ids)),
            Ty::List(element) => {
                let len = choices.below(4);
                Self::List((0..len).map(|_| Self::complete(*element, choices)).collect())
            }
            Ty::Record(fields) => {
                Self::Record(fields.iter().map(|(name, ty)| (*name, Self::complete(*ty, choices))).collect())
            }
        }
    }

    /// The same with some fields taken away: one in `out_of`.
    pub fn partial(&self, out_of: usize, choices: &mut Choices<'_>) -> Self {
        match self {
            Self::Record(fields) => {
                let fields = fields.iter().map(|(name, field)| {
                    // a record cannot be missing: its fields can
                    let gone = !matches!(field, Self::Record(_)) && choices.once_in(out_of);
                    (*name, if gone { Self::Missing } else { field.partial(out_of, choices) })
                });
                Self::Record(fields.collect())
            }
            Self::List(items) => Self::List(items.iter().map(|item| item.partial(out_of, choices)).collect()),
            other => other.clone(),
        }
    }

    /// The same with everything that is missing filled in at random.
    pub fn completed(&self, ty: Ty, choices: &mut Choices<'_>) -> Self {
        match (self, ty) {
            (Self::Missing, ty) => Self::complete(ty, choices),
            (Self::Record(fields), Ty::Record(types)) => {
                Self::Record(types.iter().map(|(name, ty)| (*name, fields[name].completed(*ty, choices))).collect())
            }
            (Self::List(items), Ty::List(element)) => {
                Self::List(items.iter().map(|item| item.completed(*element, choices)).collect())
            }
            (other, _) => other.clone(),
        }
    }

    fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Missing => serde_json::Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Int(value) => (*value).into(),
            Self::Text(text) | Self::Day(text) => (*text).into(),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Record(fields) => fields.iter().map(|(name, field)| (*name, field.to_json())).collect(),
        }
    }

    /// As Rhai sees it; only of a complete filing.
    pub fn to_rhai(&self) -> Dynamic {
        match self {
            Self::Missing => Dynamic::UNIT,
            Self::Bool(value) => (*value).into(),
            Self::Int(value) => (*value).into(),
            Self::Text(text) => (*text).into(),
            Self::Day(text) => Dynamic::from(Day::parse(text)),
            Self::List(items) => items.iter().map(Self::to_rhai).collect::<Array>().into(),
            Self::Record(fields) => {
                fields.iter().map(|(name, field)| ((*name).into(), field.to_rhai())).collect::<Map>().into()
            }
        }
    }
}

struct NoTables;

impl ValueSource for NoTables {
    fn table(&self, _: &str, _: &str, _: &str) -> Option<Vec<EnumValue>> {
        None
    }
    fn materials(&self) -> Vec<EnumValue> {
        Vec::new()
    }
}

/// Nothing is known but what needs no table.
pub struct Nothing;

impl Knows for Nothing {
    fn call<'d>(&self, _: Builtin, _: &[Value<'d>]) -> Result<Value<'d>, Option<Reason>> {
        Err(None)
    }
    fn well_formed(&self, _: Format, _: &str, _: Option<&str>) -> Option<bool> {
        None
    }
    fn region_name(&self, _: i64) -> Option<String> {
        None
    }
}

/// The schema, and a library without tables and functions.
pub struct World {
    pub schema: Schema,
}

impl World {
    pub fn new() -> Self {
        let file = SourceFile::new("schema.toml", SCHEMA);
        let node = parse_toml(&file).expect("parses");
        Self { schema: read_schema(&file, &node, &NoTables).map_err(|e| e.to_string()).expect("is a schema") }
    }

    pub fn document(&self, model: &Model) -> Document {
        let file = SourceFile::new("filing.json", model.to_json().to_string());
        read_filing(&self.schema, &file, InputForm::Json).map_err(|e| e.to_string()).expect("is a filing")
    }

    pub fn context<'d>(&'d self, document: &'d Document) -> Context<'d> {
        Context { schema: &self.schema, document, knows: &Nothing, scripts: None }
    }
}

impl Library for World {
    fn schema(&self) -> &Schema {
        &self.schema
    }
    fn table(&self, _: &str) -> Option<Arc<Table>> {
        None
    }
    fn table_names(&self) -> Vec<String> {
        Vec::new()
    }
    fn functions(&self) -> &[FunctionDef] {
        &[]
    }
    fn scripts(&self) -> &[ScriptDef] {
        &[]
    }
    fn knows(&self) -> &dyn Knows {
        &Nothing
    }
}

impl World {
    /// The path of a slot, for messages.
    pub fn path(&self, document: &Document, slot: u32) -> Option<String> {
        document.path(&self.schema, slot)
    }
}
