//! What all layers share: schema, tables, materials, forms, functions, checks.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::derive::Derivations;
use super::files::Files;
use super::raw::{
    RawCategory, RawCheck, RawForm, RawFunction, RawMaterial, Topic, read_checks, read_forms, read_functions,
    read_materials, read_topics,
};
use super::tables::Tables;
use crate::condition::{Checker, Expr, FunctionDef, Knows, Library, Place, Scope, ScriptDef, Ty, Value, fold};
use crate::knowledge::Knowledge;
use crate::schema::{Dimension, EnumValue, RecordId, Schema, Type, ValueSource, Words, read_schema};
use crate::source::{Diagnostic, Diagnostics, Node, SourceFile, Span, parse_toml};
use crate::table::Cell;

/// Which of two values of a form is stricter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stricter {
    /// True asks more than false.
    True,
    /// The greater number asks more.
    Greater,
    /// The smaller number asks more.
    Less,
    /// Only what is in both lists is accepted.
    Common,
}

impl Stricter {
    /// The names in policy files.
    pub const NAMES: [&'static str; 4] = ["true", "greater", "less", "common"];
}

/// A form that a requirement can ask for.
#[derive(Debug, Clone)]
pub struct Form {
    /// Its id.
    pub id: String,
    /// The type of its value.
    pub ty: Ty,
    /// How two values are merged.
    pub stricter: Stricter,
    /// As written.
    pub raw: RawForm,
}

/// A shared check, its parameters resolved.
#[derive(Debug, Clone)]
pub struct Check {
    /// As written.
    pub raw: RawCheck,
    /// The parameters.
    pub parameters: Vec<(String, Ty)>,
    /// For each parameter that has one, which way is stricter.
    pub stricter: Vec<(String, Stricter)>,
}

/// An applicability key and where its field stands.
#[derive(Debug, Clone)]
pub struct Key {
    /// The key.
    pub dimension: Dimension,
    /// The field.
    pub place: Place,
    /// Does the path lead through a list?
    pub through_list: bool,
    /// The field that counts when that list has no element.
    pub otherwise: Option<Place>,
}

/// What all layers share.
pub struct World {
    /// The files.
    pub files: Files,
    /// The schema.
    pub schema: Schema,
    /// The tables.
    pub tables: Arc<Tables>,
    /// The catalogue of materials, in the order of the schema's enumeration.
    pub materials: Vec<RawMaterial>,
    /// Their categories, in order.
    pub categories: Vec<RawCategory>,
    /// What facts are about, in order.
    pub topics: Vec<Topic>,
    /// The forms.
    pub forms: Vec<Form>,
    /// The checks.
    pub checks: FxHashMap<String, Check>,
    /// The applicability keys.
    pub keys: Vec<Key>,
    /// The file of the schema, for messages about it.
    pub schema_file: Arc<SourceFile>,
    /// The derived fields.
    pub derivations: Derivations,
    functions: Vec<FunctionDef>,
    knowledge: Arc<Knowledge>,
    /// When a sensitive field is sensitive; a field that is not here always is.
    sensitive_when: FxHashMap<(RecordId, String), Expr>,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "World({} checks)", self.checks.len())
    }
}

struct Sources<'a> {
    tables: &'a Tables,
    materials: &'a [RawMaterial],
}

impl ValueSource for Sources<'_> {
    fn table(&self, table: &str, id: &str, name: &str) -> Option<Vec<EnumValue>> {
        let table = self.tables.get(table)?;
        let (id, name) = (table.column(id)?, table.column(name)?);
        let en = table.column("en");
        let text = |row: usize, column: usize| match table.cell(row, column) {
            Cell::Text(text) => Some(text.to_string()),
            _ => None,
        };
        (0..table.rows.len())
            .map(|row| {
                let zh = text(row, name)?;
                let en = en.and_then(|en| text(row, en)).unwrap_or_else(|| zh.clone());
                Some(EnumValue { id: text(row, id)?, label: Words { zh, en } })
            })
            .collect()
    }

    fn materials(&self) -> Vec<EnumValue> {
        let value = |material: &RawMaterial| EnumValue { id: material.id.0.clone(), label: material.name.clone() };
        self.materials.iter().map(value).collect()
    }
}

impl World {
    /// Reads everything that layers share.
    ///
    /// # Errors
    /// All mistakes of these files.
    pub fn load(files: &Files) -> Result<Self, Diagnostics> {
        let mut out = Diagnostics::new();
        let tables = Arc::new(Tables::new(files));
        let (materials, categories) = match parsed(files, "materials.toml", &mut out) {
            Some((file, node)) => read_materials(&file, &node, &mut out),
            None => (Vec::new(), Vec::new()),
        };
        let Some((schema_file, node)) = parsed(files, "schema.toml", &mut out) else {
            if !out.has_errors() {
                out.push(Diagnostic::error("no-schema", "the policies have no schema.toml"));
            }
            return Err(out);
        };
        let sources = Sources { tables: &tables, materials: &materials };
        let schema = match read_schema(&schema_file, &node, &sources) {
            Ok(schema) => schema,
            Err(problems) => {
                out.extend(tables.problems());
                out.extend(problems);
                return Err(out);
            }
        };
        let forms = match parsed(files, "forms.toml", &mut out) {
            Some((file, node)) => read_forms(&file, &node, &mut out),
            None => Vec::new(),
        };
        let functions = match parsed(files, "functions.toml", &mut out) {
            Some((file, node)) => {
                read_functions(&file, &node, &mut out).into_iter().map(|raw| (raw, Arc::clone(&file))).collect()
            }
            None => Vec::new(),
        };
        let topics = match parsed(files, "topics.toml", &mut out) {
            Some((file, node)) => read_topics(&file, &node, &mut out),
            None => Vec::new(),
        };
        let lookup = Arc::clone(&tables);
        let knowledge = Arc::new(Knowledge::new(move |name: &str| lookup.get(name)));
        let mut world = Self {
            files: files.clone(),
            keys: keys(&schema),
            schema,
            tables,
            materials,
            categories,
            topics,
            forms: Vec::new(),
            checks: FxHashMap::default(),
            schema_file,
            derivations: Derivations::default(),
            functions: Vec::new(),
            knowledge,
            sensitive_when: FxHashMap::default(),
        };
        world.functions =
            functions.into_iter().filter_map(|(raw, file)| world.function(&file, raw, &mut out)).collect();
        world.forms = forms.into_iter().filter_map(|raw| world.form(raw, &mut out)).collect();
        world.sensitive_when = world.sensitivity(&mut out);
        world.derivations = Derivations::new(&world, &mut out);
        world.read_checks(&mut out);
        // those that are built in were checked when they were built in, as rules are
        if !matches!(files, Files::Embedded) {
            out.extend(world.check_functions());
        }
        out.extend(world.tables.problems());
        if out.has_errors() { Err(out) } else { Ok(world) }
    }

    /// Checks every named function by itself, whether anything calls it or not.
    pub fn check_functions(&self) -> Diagnostics {
        let mut out = Diagnostics::new();
        let library = self.library(&[]);
        let mut checker = Checker::new(&library);
        self.functions.iter().for_each(|function| checker.check_function(function, &mut out));
        out
    }

    fn sensitivity(&self, out: &mut Diagnostics) -> FxHashMap<(RecordId, String), Expr> {
        let library = self.library(&[]);
        let mut checker = Checker::new(&library);
        let mut conditions = FxHashMap::default();
        for (index, record) in self.schema.records.iter().enumerate() {
            for field in &record.fields {
                let Some(source) = &field.sensitive_when else { continue };
                if let Some(expr) = checker.check(source, &Scope::root(), Some(&Ty::Bool), out) {
                    conditions.insert((RecordId(index as u16), field.name.clone()), expr);
                }
            }
        }
        conditions
    }

    /// The condition under which a sensitive field is sensitive; `None`: always.
    pub fn sensitive_when(&self, record: RecordId, field: &str) -> Option<&Expr> {
        self.sensitive_when.get(&(record, field.to_owned()))
    }

    fn read_checks(&mut self, out: &mut Diagnostics) {
        for path in self.files.list() {
            if !path.starts_with("checks/") || !path.ends_with(".toml") {
                continue;
            }
            let Some((file, node)) = parsed(&self.files, &path, out) else { continue };
            for raw in read_checks(&file, &node, out) {
                let Some(check) = self.check(raw, out) else { continue };
                let (id, span) = check.raw.common.id.clone();
                if let Some(first) = self.checks.insert(id.clone(), check) {
                    out.push(
                        Diagnostic::error("duplicate-id", format!("the check `{id}` stands twice"))
                            .at(&file, span, "again here")
                            .related(&first.raw.common.file, first.raw.common.id.1, "first here"),
                    );
                }
            }
        }
    }

    /// A type as policy files write it.
    pub fn ty(&self, file: &Arc<SourceFile>, text: &str, span: &Span, out: &mut Diagnostics) -> Option<Ty> {
        match self.schema.parse_type(text) {
            Ok(ty) => Some(Ty::from(&ty)),
            Err(word) => {
                let names = self.schema.enums.iter().map(|e| e.name.as_str());
                let names = names.chain(self.schema.records.iter().map(|r| r.name.as_str()));
                out.push(
                    Diagnostic::error("unknown-type", format!("there is no type `{word}`"))
                        .at(file, span.clone(), "no such type")
                        .help("types are text, bool, integer, date, expiry, region2, region6, enum NAME, record NAME, list of TYPE")
                        .suggest(&word, names),
                );
                None
            }
        }
    }

    fn function(&self, file: &Arc<SourceFile>, raw: RawFunction, out: &mut Diagnostics) -> Option<FunctionDef> {
        let mut parameters = Vec::new();
        for ((name, _), (ty, span)) in &raw.parameters {
            parameters.push((name.clone(), self.ty(file, ty, span, out)?));
        }
        let returns = self.ty(file, &raw.returns.0, &raw.returns.1, out)?;
        Some(FunctionDef { name: raw.name.0, parameters, returns, body: Arc::new(raw.body) })
    }

    fn form(&self, raw: RawForm, out: &mut Diagnostics) -> Option<Form> {
        let file = Arc::clone(&raw.that.file);
        let ty = self.ty(&file, &raw.ty.0, &raw.ty.1, out)?;
        let stricter = stricter(&file, &raw.stricter, out)?;
        Some(Form { id: raw.id.0.clone(), ty, stricter, raw })
    }

    fn check(&self, raw: RawCheck, out: &mut Diagnostics) -> Option<Check> {
        let file = Arc::clone(&raw.common.file);
        let mut parameters = Vec::new();
        for ((name, _), (ty, span)) in &raw.parameters {
            parameters.push((name.clone(), self.ty(&file, ty, span, out)?));
        }
        let mut ways = Vec::new();
        for ((name, name_span), way) in &raw.stricter {
            if !parameters.iter().any(|(known, _)| known == name) {
                out.push(
                    Diagnostic::error("unknown-parameter", format!("the check has no parameter `{name}`"))
                        .at(&file, name_span.clone(), "no such parameter")
                        .suggest(name, parameters.iter().map(|(known, _)| known.as_str())),
                );
                continue;
            }
            ways.push((name.clone(), stricter(&file, way, out)?));
        }
        Some(Check { raw, parameters, stricter: ways })
    }

    /// The library that expressions of a layer are checked with.
    pub fn library<'a>(&'a self, scripts: &'a [ScriptDef]) -> LayerLibrary<'a> {
        LayerLibrary { world: self, scripts }
    }

    /// What functions know.
    pub fn knows(&self) -> &dyn Knows {
        &self.knowledge
    }

    /// What is known from tables, itself.
    pub fn knowledge(&self) -> &Knowledge {
        &self.knowledge
    }

    /// The named functions.
    pub fn functions(&self) -> &[FunctionDef] {
        &self.functions
    }

    /// A checked and folded expression.
    pub fn expression(
        &self,
        checker: &mut Checker<'_>,
        source: &crate::schema::Expression,
        scope: &Scope,
        expected: Option<&Ty>,
        out: &mut Diagnostics,
    ) -> Option<Expr> {
        let mut expr = checker.check(source, scope, expected, out)?;
        fold(&mut expr, &self.schema, self.knows());
        Some(expr)
    }

    /// A topic by its id.
    pub fn topic(&self, id: &str) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.id.0 == id)
    }

    /// The id of an enumeration's value as the engine meets it.
    pub fn material_id(&self, index: usize) -> &str {
        self.materials.get(index).map_or("", |material| material.id.0.as_str())
    }
}

/// The library of one layer: the shared one and its own scripts.
pub struct LayerLibrary<'a> {
    world: &'a World,
    scripts: &'a [ScriptDef],
}

impl Library for LayerLibrary<'_> {
    fn schema(&self) -> &Schema {
        &self.world.schema
    }
    fn table(&self, name: &str) -> Option<Arc<crate::table::Table>> {
        self.world.tables.get(name)
    }
    fn table_names(&self) -> Vec<String> {
        self.world.tables.names()
    }
    fn functions(&self) -> &[FunctionDef] {
        &self.world.functions
    }
    fn scripts(&self) -> &[ScriptDef] {
        self.scripts
    }
    fn knows(&self) -> &dyn Knows {
        &self.world.knowledge
    }
}

/// Reads and parses one file; `None` when it does not exist or is wrong.
pub(super) fn parsed(files: &Files, path: &str, out: &mut Diagnostics) -> Option<(Arc<SourceFile>, Node)> {
    let file = match files.read(path) {
        Ok(file) => file?,
        Err(problem) => {
            out.push(problem);
            return None;
        }
    };
    match parse_toml(&file) {
        Ok(node) => Some((file, node)),
        Err(problems) => {
            out.extend(problems);
            None
        }
    }
}

fn keys(schema: &Schema) -> Vec<Key> {
    let scope = Scope::root();
    let mut keys = Vec::new();
    for dimension in &schema.dimensions {
        // the schema's reader has followed the path already
        if let Ok(place) = Place::resolve(schema, &scope, &dimension.path.join(".")) {
            let through_list = leads_through_list(schema, &dimension.path);
            let path = dimension.otherwise.as_ref().map(|path| path.join("."));
            let otherwise = path.and_then(|path| Place::resolve(schema, &scope, &path).ok());
            keys.push(Key { dimension: dimension.clone(), place, through_list, otherwise });
        }
    }
    keys
}

fn leads_through_list(schema: &Schema, path: &[String]) -> bool {
    let mut record = schema.root();
    for name in path {
        match record.field(name).map(|field| &field.ty) {
            Some(Type::List(_)) => return true,
            Some(Type::Record(id)) => record = schema.record(*id),
            _ => return false,
        }
    }
    false
}

fn stricter(file: &Arc<SourceFile>, (text, span): &(String, Span), out: &mut Diagnostics) -> Option<Stricter> {
    match text.as_str() {
        "true" => Some(Stricter::True),
        "greater" => Some(Stricter::Greater),
        "less" => Some(Stricter::Less),
        "common" => Some(Stricter::Common),
        _ => {
            out.push(
                Diagnostic::error("unknown-value", format!("`{text}` is none of {}", Stricter::NAMES.join(", ")))
                    .at(file, span.clone(), "no such value")
                    .suggest(text, Stricter::NAMES),
            );
            None
        }
    }
}

/// A constant of a type, as a policy file writes it.
pub(super) fn constant(
    world: &World,
    file: &Arc<SourceFile>,
    ty: &Ty,
    node: &Node,
    out: &mut Diagnostics,
) -> Option<Value<'static>> {
    use crate::source::NodeValue;
    use chrono::Datelike;
    let wrong = |out: &mut Diagnostics| {
        let expected = ty.words(&world.schema);
        out.push(Diagnostic::error("wrong-type", format!("expected {expected}, found {}", node.kind())).at(
            file,
            node.span.clone(),
            format!("expected {expected}"),
        ));
        None
    };
    match (ty, &node.value) {
        (Ty::Bool, NodeValue::Bool(value)) => Some(Value::Bool(*value)),
        (Ty::Int, NodeValue::Integer(value)) => Some(Value::Int(*value)),
        (Ty::Text, NodeValue::Text(text)) => Some(Value::text(text.clone())),
        (Ty::Date | Ty::Expiry, NodeValue::Date(date)) => Some(Value::Int(i64::from(date.num_days_from_ce()))),
        (Ty::Region2 | Ty::Region6, NodeValue::Text(text)) => match text.parse() {
            Ok(code) => Some(Value::Int(code)),
            Err(_) => wrong(out),
        },
        (Ty::Enum(id), NodeValue::Text(text)) => {
            let enumeration = world.schema.enumeration(*id);
            match enumeration.index(text) {
                Some(index) => Some(Value::Int(i64::from(index))),
                None => {
                    out.push(
                        Diagnostic::error("unknown-value", format!("`{text}` is no value of `{}`", enumeration.name))
                            .at(file, node.span.clone(), "no such value")
                            .suggest(text, enumeration.ids()),
                    );
                    None
                }
            }
        }
        (Ty::List(element), NodeValue::Array(items)) => {
            let mut values = Vec::with_capacity(items.len());
            for item in items {
                if let (Ty::Enum(id), Some(text)) = (&**element, item.as_text())
                    && let Some((_, group)) = world.schema.enumeration(*id).groups.iter().find(|(name, _)| name == text)
                {
                    values.extend(group.iter().map(|index| Value::Int(i64::from(*index))));
                    continue;
                }
                values.push(constant(world, file, element, item, out)?);
            }
            Some(Value::list(values))
        }
        _ => wrong(out),
    }
}
