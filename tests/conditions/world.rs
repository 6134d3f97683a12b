//! A small schema, a filing, tables, functions and a script, for conditions to be checked and evaluated against.

use std::sync::Arc;

use annotate_snippets::Renderer;
use beian::condition::{
    Checker, Context, Expr, Frame, FunctionDef, Knows, Library, Program, Scope, ScriptDef, ScriptEnd, Scripts,
    Template, Tri, Ty, Unknowns, Value, evaluate, evaluate_traced, fold, words,
};
use beian::filing::{Document, InputForm, Language, collect, read_filing};
use beian::knowledge::Knowledge;
use beian::schema::{EnumValue, Expression, Schema, Sensitivity, ValueSource, read_schema};
use beian::source::{Diagnostics, SourceFile, parse_toml};
use beian::table::{Table, read_table};

const SCHEMA: &str = r#"
[enum.nature]
label = "主办单位性质"
values = [
  { id = "individual", label = "个人", en = "individual" },
  { id = "enterprise", label = "企业", en = "enterprise" },
  { id = "government", label = "政府机关", en = "government" },
]
[enum.kind]
label = "类型"
values = [{ id = "website", label = "网站", en = "website" }, { id = "app", label = "APP", en = "app" }]
[enum.gender]
label = "性别"
values = [{ id = "male", label = "男" }, { id = "female", label = "女" }]
[enum.id_kind]
label = "证件类型"
values = [{ id = "resident_id_card", label = "居民身份证" }, { id = "passport", label = "护照" }]
[record.filing.fields]
date = { type = "date", label = "提交日期" }
province = { type = "region2", label = "备案省份" }
count = { type = "integer", label = "数" }
remark = { type = "text", label = "备注", default = "" }
urgent = { type = "bool", label = "加急" }
tags = { type = "list of text", label = "词" }
limits = { type = "list of integer", label = "限" }
[record.person.fields]
name = { type = "text", label = "姓名" }
nature = { type = "enum nature", label = "性质" }
id_kind = { type = "enum id_kind", label = "证件类型" }
id_number = { type = "text", label = "证件号码", format = "certificate_number", format_of = "id_kind", sensitive = "id" }
phone = { type = "text", label = "手机", format = "phone", sensitive = "phone" }
age = { type = "integer", label = "年龄" }
student = { type = "bool", label = "学生" }
expires = { type = "expiry", label = "有效期至" }
address = { type = "text", label = "地址" }
region = { type = "region6", label = "地区" }
[record.domain.fields]
name = { type = "text", label = "域名", format = "domain" }
expires = { type = "date", label = "到期日" }
ips = { type = "list of text", label = "IP" }
[record.service.fields]
kind = { type = "enum kind", label = "类型" }
name = { type = "text", label = "名称" }
paid = { type = "bool", label = "有偿" }
size = { type = "integer", label = "大小" }
package = { type = "text", label = "包名", alias = "bundle" }
kinds = { type = "list of enum kind", label = "类型" }
principal = { type = "record person", label = "负责人" }
domains = { type = "list of record domain", label = "域名" }
[record.root.fields]
filing = { type = "record filing", label = "订单" }
subject = { type = "record person", label = "主体" }
other = { type = "record person", label = "另一人" }
services = { type = "list of record service", label = "服务", element = "service" }
[collect.persons]
of = "person"
element = "person"
label = "人员"
from = [{ path = "subject" }, { path = "services.principal" }]
"#;

const FILING: &str = r#"
[filing]
date = 2026-01-31
province = "44"
count = 3
urgent = true
tags = ["金融", "abc"]
limits = [1, 2, 4]
[subject]
name = "张三"
nature = "enterprise"
id_kind = "resident_id_card"
id_number = "11010519491231002X"
phone = "13812345678"
age = 42
student = false
expires = "long_term"
address = "广东省深圳市南山区科技路1号"
region = "440305"
[[services]]
kind = "app"
name = "记账"
paid = false
size = 10
package = "cn.example"
kinds = ["app", "website"]
principal = { name = "李四", expires = 2027-03-01 }
domains = [{ name = "a.com.cn", expires = 2026-02-28, ips = ["1.1.1.1"] }, { name = "b.cn", ips = [] }]
[[services]]
kind = "website"
name = "论坛"
size = 20
domains = []
"#;

/// Name, parameters, result, body.
type Function = (&'static str, &'static [(&'static str, &'static str)], &'static str, &'static str);

const FUNCTIONS: [Function; 6] = [
    ("adult", &[("p", "record person"), ("n", "integer")], "bool", "p.age >= n"),
    ("same_person", &[("a", "record person"), ("b", "record person")], "bool", "a.name == b.name"),
    ("doubled", &[("n", "integer")], "integer", "n * 2"),
    ("any_app", &[("s", "list of record service")], "bool", "s.any(|x| x.kind == \"app\")"),
    ("endless", &[("n", "integer")], "integer", "endless(n) + 1"),
    ("broken", &[("n", "integer")], "bool", "n.size == 1"),
];

const TABLES: [(&str, &str); 8] = [
    (
        "words",
        "columns = { id = \"text\", words = \"list of text\" }\nkey = \"id\"\nrows = [[\"finance\", [\"金融\", \"证券\"]], [\"generic\", [\"公司\", \"科技\"]]]",
    ),
    (
        "suffixes",
        "columns = { suffix = \"text\", levels = \"integer\", open = \"bool\", since = \"date\", natures = \"list of text\" }\nkey = \"suffix\"\n[[row]]\nsuffix = \"cn\"\nlevels = 2\nopen = true\nsince = 2009-12-14\nnatures = [\"enterprise\"]\n[[row]]\nsuffix = \"com.cn\"\nlevels = 3\n",
    ),
    (
        "provinces",
        "columns = { code = \"text\", name = \"text\", short = \"text\", filing = \"bool\" }\nkey = \"code\"\nrows = [[\"11\", \"北京市\", \"北京\", true], [\"44\", \"广东省\", \"广东\", true]]",
    ),
    (
        "divisions",
        "columns = { code = \"text\", name = \"text\", short = \"text\", city = \"text\" }\nrows = [[\"440300\", \"深圳市\", \"深圳\", \"\"], [\"440305\", \"南山区\", \"\", \"\"]]",
    ),
    (
        "certificates",
        "columns = { id = \"text\", formats = \"list of text\" }\nkey = \"id\"\nrows = [[\"resident_id_card\", [\"resident_id\"]], [\"passport\", []]]",
    ),
    (
        "certificate_formats",
        "columns = { id = \"text\", patterns = \"list of text\", checksum = \"text\", region_at = \"integer\", regions = \"list of text\", birth_at = \"integer\", gender_at = \"integer\" }\nkey = \"id\"\n[[row]]\nid = \"resident_id\"\npatterns = ['^[1-9][0-9]{16}[0-9X]$']\nchecksum = \"gb11643\"\nregion_at = 1\nregions = [\"provinces\"]\nbirth_at = 7\ngender_at = 17\n[[row]]\nid = \"mobile_cn\"\npatterns = ['^1[3-9][0-9]{9}$']\n",
    ),
    (
        "holidays",
        "columns = { date = \"date\", kind = \"text\" }\nkey = \"date\"\nrows = [[2026-01-01, \"holiday\"], [2026-01-02, \"holiday\"]]",
    ),
    ("holiday_years", "columns = { year = \"integer\" }\nkey = \"year\"\nrows = [[2026]]"),
];

fn table(name: &str) -> Option<Arc<Table>> {
    let (_, body) = TABLES.iter().find(|(known, _)| *known == name)?;
    let file = SourceFile::new(format!("{name}.toml"), format!("[table]\nname = \"{name}\"\ntitle = \"…\"\n{body}"));
    Some(Arc::new(read_table(&file).map_err(|problems| problems.to_string()).expect("is a table")))
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

/// A script of one function that reads a missing field, fails, or gives true, as it is asked.
struct TestScript;

impl Scripts for TestScript {
    fn call<'d>(&self, _: usize, arguments: &[Value<'d>], context: &Context<'d>) -> Result<Value<'d>, ScriptEnd> {
        match arguments.first().and_then(Value::as_int) {
            Some(1) => Ok(Value::Bool(true)),
            Some(2) => Err(ScriptEnd::Missing(context.schema.root().field("other").expect("other").offset)),
            Some(3) => Err(ScriptEnd::Unknown(Some("没有收录".into()))),
            _ => Err(ScriptEnd::Failed("scripts.rhai:1:1: no".into())),
        }
    }
}

/// Everything that a condition may use.
pub struct World {
    pub schema: Schema,
    document: Document,
    functions: Vec<FunctionDef>,
    scripts: Vec<ScriptDef>,
    tables: Vec<(&'static str, Arc<Table>)>,
    knowledge: Knowledge,
}

impl World {
    pub fn new() -> Self {
        let file = SourceFile::new("schema.toml", SCHEMA);
        let node = parse_toml(&file).expect("parses");
        let schema = read_schema(&file, &node, &NoTables).map_err(|e| e.to_string()).expect("is a schema");
        let file = SourceFile::new("filing.toml", FILING);
        let mut document =
            read_filing(&schema, &file, InputForm::Toml).map_err(|e| e.to_string()).expect("is a filing");
        collect(&schema, &mut document);
        let ty = |text: &str| Ty::from(&schema.parse_type(text).expect("is a type"));
        let functions = FUNCTIONS.iter().map(|(name, parameters, returns, body)| FunctionDef {
            name: (*name).to_owned(),
            parameters: parameters.iter().map(|(name, of)| ((*name).to_owned(), ty(of))).collect(),
            returns: ty(returns),
            body: Arc::new(expression(body)),
        });
        let functions = functions.collect();
        let scripts =
            vec![ScriptDef { name: "scripted".into(), parameters: vec![Ty::Int], returns: Ty::Bool, index: 0 }];
        let tables = TABLES.iter().filter_map(|(name, _)| Some((*name, table(name)?))).collect();
        Self { schema, document, functions, scripts, tables, knowledge: Knowledge::new(table) }
    }

    fn context(&self) -> Context<'_> {
        Context { schema: &self.schema, document: &self.document, knows: &self.knowledge, scripts: Some(&TestScript) }
    }

    /// Everything that is wrong with an expression, as it is shown.
    pub fn refusal(&self, text: &str, expected: Option<&Ty>) -> String {
        let mut out = Diagnostics::new();
        let expr = Checker::new(self).check(&expression(text), &Scope::root(), expected, &mut out);
        assert!(expr.is_none() && out.has_errors(), "{text} is accepted");
        out.render(&Renderer::plain())
    }

    /// The same for a text with values in it.
    pub fn template_refusal(&self, text: &str) -> String {
        let mut out = Diagnostics::new();
        let template = Template::check(&mut Checker::new(self), &expression(text), &Scope::root(), &mut out);
        assert!(template.is_none() && out.has_errors(), "{text} is accepted");
        out.render(&Renderer::plain())
    }

    /// A checked expression.
    pub fn checked(&self, text: &str, expected: Option<&Ty>) -> Expr {
        let mut out = Diagnostics::new();
        let expr = Checker::new(self).check(&expression(text), &Scope::root(), expected, &mut out);
        expr.unwrap_or_else(|| panic!("{}", out.render(&Renderer::plain())))
    }

    /// What an expression comes to, in words; what is missing where it is unknown; or why it failed.
    /// The tree, the folded tree, the trace and the program must agree on it.
    pub fn outcome(&self, text: &str) -> String {
        let expr = self.checked(text, None);
        let said = self.said(&expr);
        let mut folded = expr.clone();
        fold(&mut folded, &self.schema, &self.knowledge);
        assert_eq!(self.said(&folded), said, "folded: {text}");
        if expr.ty == Ty::Bool {
            for expr in [&expr, &folded] {
                let program = Program::new(expr);
                // a program makes more of itself when it has run for a while
                for _ in 0..20 {
                    let compiled = match program.run(&self.context(), &mut Frame::default()) {
                        Tri::True => "是",
                        Tri::False => "否",
                        Tri::Unknown => "unknown",
                        Tri::Failed => "failed",
                    };
                    assert!(said.starts_with(compiled), "{text}: {said}, compiled {compiled}");
                }
            }
        }
        said
    }

    fn said(&self, expr: &Expr) -> String {
        let context = self.context();
        let mut unknowns = Unknowns::default();
        let value = evaluate(expr, &context, &Frame::default(), &mut unknowns);
        let traced = evaluate_traced(expr, &context, &Frame::default(), &mut Unknowns::default());
        assert_eq!(traced.map(|(value, _)| value), value);
        match value {
            Err(failure) => format!("failed: {}", failure.message),
            Ok(Value::Missing) => {
                let paths = unknowns.slots.iter().filter_map(|slot| self.document.path(&self.schema, *slot));
                let said: Vec<String> = paths.chain(unknowns.reasons.iter().cloned()).collect();
                format!("unknown: {}", said.join(", "))
            }
            Ok(value) => {
                assert!(
                    unknowns.slots.is_empty() || matches!(value, Value::Values(_)),
                    "{value:?} misses {unknowns:?}"
                );
                words(&value, &expr.ty, &context, Language::Zh)
            }
        }
    }

    /// A text with its values filled in; what is sensitive shows as `<id>` or `<phone>`.
    pub fn rendered(&self, text: &str, language: Language) -> String {
        let mut out = Diagnostics::new();
        let template = Template::check(&mut Checker::new(self), &expression(text), &Scope::root(), &mut out);
        let template = template.unwrap_or_else(|| panic!("{}", out.render(&Renderer::plain())));
        template.render(&self.context(), &Frame::default(), language, &|sensitivity, _| match sensitivity {
            Sensitivity::Id => "<id>".into(),
            Sensitivity::Phone => "<phone>".into(),
            Sensitivity::Email => "<email>".into(),
        })
    }
}

/// An expression as it stands in a file.
fn expression(text: &str) -> Expression {
    let head = "assert = ";
    let quote = if text.contains('\'') || text.contains('\n') { "'''" } else { "'" };
    let file = SourceFile::new("rules.toml", format!("{head}{quote}{text}{quote}\n"));
    let span = head.len()..head.len() + text.len() + 2 * quote.len();
    Expression { text: text.to_owned(), file, span }
}

impl Library for World {
    fn schema(&self) -> &Schema {
        &self.schema
    }
    fn table(&self, name: &str) -> Option<Arc<Table>> {
        self.tables.iter().find(|(known, _)| *known == name).map(|(_, table)| Arc::clone(table))
    }
    fn table_names(&self) -> Vec<String> {
        self.tables.iter().map(|(name, _)| (*name).to_owned()).collect()
    }
    fn functions(&self) -> &[FunctionDef] {
        &self.functions
    }
    fn scripts(&self) -> &[ScriptDef] {
        &self.scripts
    }
    fn knows(&self) -> &dyn Knows {
        &self.knowledge
    }
}
