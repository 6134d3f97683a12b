//! Sixty rules over a filing of three kilobytes: the schema, the conditions and eight filings, from files beside this one.
//!
//! The same rules stand in `by_hand.rs` as Rust and are handed to plain Rhai by `in_rhai.rs`. [`Sixty::load`] compares
//! the answers of all on all filings before anything is timed.

pub mod by_hand;
pub mod in_rhai;

use std::sync::Arc;

use beian::condition::{
    Builtin, Checker, Context, Expr, Frame, FunctionDef, Knows, Library, Program, Reason, Scope, ScriptDef, Tri, Ty,
    Unknowns, Value, evaluate, fold,
};
use beian::filing::{Document, read_json_into};
use beian::schema::format::Format;
use beian::schema::{EnumValue, Expression, Schema, ValueSource, read_schema};
use beian::source::{Diagnostics, SourceFile, parse_toml};
use beian::table::Table;

const SCHEMA: &str = include_str!("schema.toml");
const CONDITIONS: &str = include_str!("conditions.toml");
const FILING: &str = include_str!("filing.json");
const VARIANTS: &str = include_str!("variants.json");

/// How many rules there are.
pub const RULES: usize = 60;

/// How many filings there are.
pub const FILINGS: usize = 8;

/// The rules and the filings.
pub struct Sixty {
    pub schema: Schema,
    pub programs: Vec<Program>,
    pub trees: Vec<Expr>,
    /// The filings as JSON texts.
    pub texts: Vec<String>,
    /// The same, read.
    pub documents: Vec<Document>,
    /// For each filing, the rules it violates.
    pub violated: Vec<Vec<usize>>,
}

/// Are the values of closed lists enumerations, as a schema would have them, or texts?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    Enumerations,
    Texts,
}

impl Sixty {
    /// Reads the files, compiles the rules and compares all answers.
    pub fn load(values: Values) -> Self {
        let schema = schema(values);
        let (names, sources) = conditions();
        let trees: Vec<Expr> = sources.iter().map(|source| check(&schema, source)).collect();
        let programs = trees.iter().map(Program::new).collect();
        let (texts, violated) = filings(&names);
        let mut documents = Vec::new();
        for text in &texts {
            let mut document = Document::empty(&schema);
            read_json_into(&schema, text, &mut document).expect("the filing fits its schema");
            documents.push(document);
        }
        let sixty = Self { schema, programs, trees, texts, documents, violated };
        sixty.compare();
        sixty
    }

    fn compare(&self) {
        let rhai = in_rhai::Rules::compile(&conditions().1);
        let mut hits = Vec::new();
        let filings = self.texts.iter().zip(&self.documents).zip(&self.violated);
        for ((text, document), violated) in filings {
            self.run_programs(document, &mut hits);
            assert_eq!(hits, *violated, "our programs");
            self.walk_trees(document, &mut hits);
            assert_eq!(hits, *violated, "our trees");
            let filing: by_hand::Filing<'_> = serde_json::from_str(text).expect("the filing fits its structs");
            by_hand::decide(&filing, &mut hits);
            assert_eq!(hits, *violated, "by hand");
            let value = serde_json::from_str(text).expect("the filing is JSON");
            assert_eq!(rhai.decide(&mut in_rhai::scope(&value)), *violated, "in Rhai");
        }
    }

    fn context<'d>(&'d self, document: &'d Document) -> Context<'d> {
        Context { schema: &self.schema, document, knows: &Nothing, scripts: None }
    }

    /// The rules that a filing violates, by the compiled programs.
    pub fn run_programs(&self, document: &Document, hits: &mut Vec<usize>) {
        hits.clear();
        let context = self.context(document);
        let mut frame = Frame::default();
        for (rule, program) in self.programs.iter().enumerate() {
            if program.run(&context, &mut frame) == Tri::True {
                hits.push(rule);
            }
        }
    }

    /// The same, by walking the trees.
    pub fn walk_trees(&self, document: &Document, hits: &mut Vec<usize>) {
        hits.clear();
        let context = self.context(document);
        let frame = Frame::default();
        for (rule, tree) in self.trees.iter().enumerate() {
            if evaluate(tree, &context, &frame, &mut Unknowns::default()) == Ok(Value::Bool(true)) {
                hits.push(rule);
            }
        }
    }
}

/// The schema; without enumerations every value of a closed list is a text.
fn schema(values: Values) -> Schema {
    let mut text = SCHEMA.to_owned();
    if values == Values::Texts {
        for name in SCHEMA.lines().filter_map(|line| line.strip_prefix("[enum.")?.strip_suffix(']')) {
            text = text.replace(&format!("enum {name}\""), "text\"");
        }
    }
    let file = SourceFile::new("schema.toml", text);
    let node = parse_toml(&file).expect("the schema is TOML");
    read_schema(&file, &node, &Nothing).expect("the schema is one")
}

/// Names and sources of the conditions, in order.
pub fn conditions() -> (Vec<String>, Vec<String>) {
    let table: toml::Table = CONDITIONS.parse().expect("the conditions are TOML");
    let (names, sources): (Vec<_>, Vec<_>) = table
        .into_iter()
        .map(|(name, source)| (name, source.as_str().expect("a condition is a text").to_owned()))
        .unzip();
    assert_eq!(names.len(), RULES);
    (names, sources)
}

fn check(schema: &Schema, source: &str) -> Expr {
    let file = SourceFile::new("condition", format!("'{source}'"));
    let source = Expression { text: source.to_owned(), span: 0..file.text.len(), file };
    let library = Only { schema };
    let mut problems = Diagnostics::new();
    let checked = Checker::new(&library).check(&source, &Scope::root(), Some(&Ty::Bool), &mut problems);
    assert!(!problems.has_errors(), "{problems}");
    let mut tree = checked.expect("a condition without problems has a tree");
    fold(&mut tree, schema, &Nothing);
    tree
}

/// The filings and the rules that each violates: one that is in order, and changes to it.
fn filings(names: &[String]) -> (Vec<String>, Vec<Vec<usize>>) {
    #[derive(serde::Deserialize)]
    struct Variant {
        violates: Vec<String>,
        set: std::collections::BTreeMap<String, serde_json::Value>,
    }
    let base: serde_json::Value = serde_json::from_str(FILING).expect("the filing is JSON");
    let variants: Vec<Variant> = serde_json::from_str(VARIANTS).expect("the variants are JSON");
    assert_eq!(variants.len(), FILINGS);
    let index = |name: &String| names.iter().position(|known| known == name).expect("the rule exists");
    let made = variants.into_iter().map(|variant| {
        let mut filing = base.clone();
        for (pointer, value) in variant.set {
            *filing.pointer_mut(&pointer).expect("the variant changes what is there") = value;
        }
        (filing.to_string(), variant.violates.iter().map(index).collect())
    });
    made.unzip()
}

/// No tables, no functions, no knowledge: the sixty rules need none.
struct Nothing;

impl ValueSource for Nothing {
    fn table(&self, _: &str, _: &str, _: &str) -> Option<Vec<EnumValue>> {
        None
    }
    fn materials(&self) -> Vec<EnumValue> {
        Vec::new()
    }
}

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

struct Only<'s> {
    schema: &'s Schema,
}

impl Library for Only<'_> {
    fn schema(&self) -> &Schema {
        self.schema
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
