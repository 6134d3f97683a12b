//! Tests of the whole module against a small schema.

mod bounds;
mod calls;
mod messages;
mod speed;

use std::sync::Arc;

use super::{Declared, Script, ScriptSource};
use crate::condition::{Context, ScriptEnd, Scripts, Ty, Value};
use crate::filing::{Document, InputForm, read_filing};
use crate::knowledge::{Knowledge, testing};
use crate::schema::{EnumValue, Schema, ValueSource, read_schema};
use crate::source::{Diagnostics, SourceFile, parse_toml};

const SCHEMA: &str = r#"
[enum.kind]
label = "类型"
values = [{ id = "website", label = "网站" }, { id = "app", label = "APP" }]
[record.filing.fields]
province = { type = "region2", label = "省" }
date = { type = "date", label = "日期" }
[record.person.fields]
name = { type = "text", label = "姓名" }
phone = { type = "text", label = "手机" }
expires = { type = "expiry", label = "有效期至" }
region = { type = "region6", label = "地区" }
[record.domain.fields]
name = { type = "text", label = "域名" }
expires = { type = "date", label = "到期日" }
[record.service.fields]
name = { type = "text", label = "名称" }
kind = { type = "enum kind", label = "类型" }
kinds = { type = "list of enum kind", label = "类型" }
paid = { type = "bool", label = "有偿" }
size = { type = "integer", label = "大小" }
package = { type = "text", label = "包名", alias = "bundle" }
sizes = { type = "list of integer", label = "大小" }
principal = { type = "record person", label = "负责人" }
domains = { type = "list of record domain", label = "域名" }
[record.root.fields]
filing = { type = "record filing", label = "订单" }
subject = { type = "record person", label = "主体" }
services = { type = "list of record service", label = "服务", element = "service" }
[collect.persons]
of = "person"
element = "person"
label = "人员"
from = [{ path = "subject" }, { path = "services.principal" }]
"#;

const FILING: &str = r#"
[filing]
province = "44"
date = 2026-01-31
[subject]
name = "张三"
phone = "13800000000"
expires = "long_term"
region = "440305"
[[services]]
name = "记账"
kind = "app"
kinds = ["app", "website"]
paid = false
size = 3
sizes = [1, 2, 3]
package = "cn.example"
principal = { name = "李四", expires = 2027-03-01 }
domains = [{ name = "a.cn", expires = 2026-02-28 }, { name = "b.cn" }]
[[services]]
kind = "website"
domains = []
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

/// A schema, a filing, and what functions know.
struct World {
    schema: Schema,
    document: Document,
    knows: Arc<Knowledge>,
}

impl World {
    fn new() -> Self {
        Self::of(FILING)
    }

    fn of(filing: &str) -> Self {
        let schema = schema();
        let file = SourceFile::new("f.toml", filing);
        let read = read_filing(&schema, &file, InputForm::Toml);
        let mut document = read.map_err(|errors| errors.to_string()).expect("is a filing");
        crate::filing::collect(&schema, &mut document);
        Self { schema, document, knows: Arc::new(testing::example()) }
    }

    fn context(&self) -> Context<'_> {
        Context { schema: &self.schema, document: &self.document, knows: &self.knows, scripts: None }
    }

    fn ty(&self, text: &str) -> Ty {
        Ty::from(&self.schema.parse_type(text).expect("is a type"))
    }

    /// Declares `name(parameters) -> returns` for each line and compiles the script.
    fn compile(&self, declared: &str, script: &str) -> Result<Script, Diagnostics> {
        let rules = SourceFile::new("rules.toml", declared);
        let declared = declared.lines().map(|line| {
            let (name, rest) = line.split_once('(').expect("name(");
            let (parameters, returns) = rest.split_once(") -> ").expect(") ->");
            let start = declared.find(line).expect("a line");
            Declared {
                name: name.to_owned(),
                parameters: parameters.split(", ").filter(|ty| !ty.is_empty()).map(|ty| self.ty(ty)).collect(),
                returns: self.ty(returns),
                file: Arc::clone(&rules),
                span: start..start + name.len(),
            }
        });
        Script::compile(ScriptSource { declared: declared.collect(), file: SourceFile::new("scripts.rhai", script) })
    }

    /// Calls `f`, the only function.
    fn call(&self, declared: &str, script: &str, arguments: &[Value<'_>]) -> Result<Value<'static>, ScriptEnd> {
        let compiled = self.compile(declared, script).map_err(|errors| errors.to_string()).expect("compiles");
        let context = self.context();
        let arguments: Vec<Value<'_>> = arguments.to_vec();
        compiled.call(0, &arguments, &context).map(Value::into_owned)
    }

    /// The value of an expression in `s`, the first service.
    fn value(&self, returns: &str, expression: &str) -> Result<Value<'static>, ScriptEnd> {
        let script = format!("fn f(s) {{ {expression} }}");
        self.call(&format!("f(record service) -> {returns}"), &script, &[self.service(0)])
    }

    fn holds(&self, expression: &str) -> bool {
        match self.value("bool", expression) {
            Ok(Value::Bool(value)) => value,
            other => panic!("{expression}: {other:?}"),
        }
    }

    fn failure(&self, expression: &str) -> String {
        match self.value("bool", expression) {
            Err(ScriptEnd::Failed(message)) => message,
            other => panic!("{expression}: {other:?}"),
        }
    }

    fn service(&self, index: u32) -> Value<'static> {
        let services = self.schema.root().field("services").expect("services");
        let list = self.document.slot(services.offset);
        let size = self.schema.record(self.schema.record_named("service").expect("service")).size;
        Value::Record(self.document.element(list, index, size).expect("a service"))
    }

    fn path(&self, end: ScriptEnd) -> String {
        match end {
            ScriptEnd::Missing(slot) => self.document.path(&self.schema, slot).expect("a path"),
            other => panic!("{other:?}"),
        }
    }
}
