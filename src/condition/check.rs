//! [`Ast`] → [`Expr`]: every name, type, value and function is checked, and every mistake is reported, not the first only.

use std::sync::Arc;

use super::ast::{Ast, AstKind, Bytes, Problem};
use super::builtin::{Builtin, Knows, Parameter};
use super::parse::parse;
use super::scope::Scope;
use super::typed::{Base, Expr, FieldRef, Kind, SlotRef, Ty};
use super::value::Value;
use crate::schema::{Expression, RecordId, Schema, Type};
use crate::source::{Diagnostic, Diagnostics, Span, place_in_literal};
use crate::table::Table;

mod function;
mod limits;
mod literal;
mod method;
mod operator;

pub(super) use limits::MAX_PROBLEMS;

/// Registers that one expression may take: elements of its rule and its closures.
pub(super) const MAX_REGISTERS: u8 = 12;

/// A named function of the policies: expanded where it is called.
#[derive(Debug, Clone)]
pub struct FunctionDef {
    /// Its name.
    pub name: String,
    /// Names and types of its parameters.
    pub parameters: Vec<(String, Ty)>,
    /// Its result.
    pub returns: Ty,
    /// Its body.
    pub body: Arc<Expression>,
}

/// A function of a layer's script.
#[derive(Debug, Clone)]
pub struct ScriptDef {
    /// Its name.
    pub name: String,
    /// Types of its parameters.
    pub parameters: Vec<Ty>,
    /// Its result.
    pub returns: Ty,
    /// What a call hands to the script host.
    pub index: usize,
}

/// What expressions may use besides the document.
pub trait Library {
    /// The schema.
    fn schema(&self) -> &Schema;
    /// A table.
    fn table(&self, name: &str) -> Option<Arc<Table>>;
    /// All tables, for suggestions.
    fn table_names(&self) -> Vec<String>;
    /// The named functions.
    fn functions(&self) -> &[FunctionDef];
    /// The script functions of the layer that the expression stands in.
    fn scripts(&self) -> &[ScriptDef];
    /// What folding of constants may ask.
    fn knows(&self) -> &dyn Knows;
}

/// Checks expressions of one file.
pub struct Checker<'a> {
    library: &'a dyn Library,
    problems: Vec<Problem>,
    expanding: Vec<String>,
    taken: limits::Taken,
}

impl<'a> Checker<'a> {
    /// Starts on a library.
    pub fn new(library: &'a dyn Library) -> Self {
        Self { library, problems: Vec::new(), expanding: Vec::new(), taken: limits::Taken::default() }
    }

    /// Checks an expression that stands in a policy file; problems go to `out` with their place in the file.
    pub fn check(
        &mut self,
        source: &Expression,
        scope: &Scope,
        expected: Option<&Ty>,
        out: &mut Diagnostics,
    ) -> Option<Expr> {
        self.check_part(source, 0..source.text.len(), scope, expected, out)
    }

    /// The same for a part of a text, such as one `{expression}` of a template.
    pub fn check_part(
        &mut self,
        source: &Expression,
        part: Span,
        scope: &Scope,
        expected: Option<&Ty>,
        out: &mut Diagnostics,
    ) -> Option<Expr> {
        let text = source.text.get(part.clone()).unwrap_or_default();
        self.problems.clear();
        self.taken = limits::Taken::default();
        let expr = match parse(text) {
            Ok(ast) => self.expression(&ast, scope, expected).and_then(|expr| match expected {
                Some(expected) => self.conform(expr, expected),
                None => Some(expr),
            }),
            Err(problem) => {
                self.problems.push(problem);
                None
            }
        };
        let failed = !self.problems.is_empty();
        for problem in self.problems.drain(..) {
            let inner = part.start + problem.span.0 as usize..part.start + problem.span.1 as usize;
            let span = place_in_literal(&source.file.text, &source.span, inner);
            let mut diagnostic = Diagnostic::error("condition", problem.message).at(&source.file, span, "");
            if let Some(help) = problem.help {
                diagnostic = diagnostic.help(help);
            }
            out.push(diagnostic);
        }
        if failed { None } else { expr }
    }

    /// The schema that it checks against.
    pub(super) fn schema_ref(&self) -> &'a Schema {
        self.library.schema()
    }

    fn schema(&self) -> &'a Schema {
        self.library.schema()
    }

    fn words(&self, ty: &Ty) -> String {
        ty.words(self.schema())
    }

    /// Makes an expression the type that is asked for, or says that it is another.
    fn conform(&mut self, expr: Expr, expected: &Ty) -> Option<Expr> {
        match operator::coerce(expr, expected) {
            Ok(expr) => Some(expr),
            Err(expr) => {
                let found = self.words(&expr.ty);
                let expected = self.words(expected);
                self.problem(Problem::new(expr.span, format!("expected {expected}, found {found}")))
            }
        }
    }

    fn expression(&mut self, ast: &Ast, scope: &Scope, expected: Option<&Ty>) -> Option<Expr> {
        let expr = if self.enter(ast.span) { self.part(ast, scope, expected) } else { None };
        self.leave();
        expr
    }

    fn part(&mut self, ast: &Ast, scope: &Scope, expected: Option<&Ty>) -> Option<Expr> {
        let span = ast.span;
        let expr = |kind, ty| Some(Expr { kind, ty, span });
        match &ast.kind {
            AstKind::Int(value) => Some(Expr::constant(Value::Int(*value), Ty::Int, span)),
            AstKind::Bool(value) => Some(Expr::constant(Value::Bool(*value), Ty::Bool, span)),
            AstKind::Text(text) => self.literal(text, span, expected),
            AstKind::Name(name) => self.name(name, span, scope),
            AstKind::List(items) => self.list(items, span, scope, expected),
            AstKind::Member { of, name, name_span } => {
                let of = self.expression(of, scope, None)?;
                self.member(of, name, *name_span, span)
            }
            AstKind::Not(of) => {
                let of = self.typed(of, scope, &Ty::Bool)?;
                expr(Kind::Not(Box::new(of)), Ty::Bool)
            }
            AstKind::Negate(of) => {
                let of = self.typed(of, scope, &Ty::Int)?;
                expr(Kind::Negate(Box::new(of)), Ty::Int)
            }
            AstKind::Binary { op, op_span, left, right } => self.binary(*op, *op_span, left, right, span, scope),
            AstKind::If { condition, then, otherwise } => {
                let condition = self.typed(condition, scope, &Ty::Bool);
                let branches = self.pair(then, otherwise, scope, expected);
                let (condition, (then, otherwise)) = (condition?, branches?);
                let Some((then, otherwise, ty)) = operator::unify(then, otherwise) else {
                    return self.problem(Problem::new(span, "the two branches of `if` have different types"));
                };
                expr(Kind::If(Box::new(condition), Box::new(then), Box::new(otherwise)), ty)
            }
            AstKind::Call { name, name_span, arguments } => self.call(name, *name_span, arguments, span, scope),
            AstKind::Method { of, name, name_span, arguments } => {
                let of = self.expression(of, scope, None)?;
                self.method(of, name, *name_span, arguments, span, scope)
            }
            AstKind::Closure { .. } => self.problem(
                Problem::new(span, "a closure can only be the argument of a list method")
                    .help("for example `services.any(|s| s.paid)`"),
            ),
        }
    }

    /// Checks an expression that must have a type.
    fn typed(&mut self, ast: &Ast, scope: &Scope, expected: &Ty) -> Option<Expr> {
        let expr = self.expression(ast, scope, Some(expected))?;
        self.conform(expr, expected)
    }

    fn name(&mut self, name: &str, span: Bytes, scope: &Scope) -> Option<Expr> {
        if let Some(bound) = scope.constant(name) {
            if !self.room_for(bound, span) {
                return None;
            }
            let mut bound = bound.clone();
            bound.span = span;
            return Some(bound);
        }
        if let Some(variable) = scope.variable(name) {
            return Some(Expr { kind: Kind::Record(variable.at), ty: Ty::Record(variable.record), span });
        }
        let schema = self.schema();
        if schema.root().field(name).is_some() {
            let root =
                Expr { kind: Kind::Record(SlotRef { base: Base::Root, offset: 0 }), ty: Ty::Record(schema.root), span };
            return self.member(root, name, span, span);
        }
        let mut problem = Problem::new(span, format!("there is no `{name}` here"));
        let names = scope.names(schema);
        problem = match crate::source::nearest(name, names.iter().copied()) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => match field_below(schema, name) {
                Some(path) => problem.help(format!("did you mean `{path}`?")),
                None => problem.help(format!("the names here are {}", names.join(", "))),
            },
        };
        self.problem(problem)
    }

    fn member(&mut self, of: Expr, name: &str, name_span: Bytes, span: Bytes) -> Option<Expr> {
        let schema = self.schema();
        match &of.ty {
            Ty::Record(id) => self.field(&of, *id, name, name_span, span),
            Ty::Row(table) => match table.column(name) {
                Some(column) => {
                    let ty = literal::column_type(table, column);
                    Some(Expr { kind: Kind::Column(Box::new(of), column), ty, span })
                }
                None => {
                    let columns: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
                    let message = format!("the table `{}` has no column `{name}`", table.name);
                    self.problem(
                        Problem::new(name_span, message)
                            .help(format!("its columns are {}", columns.join(", ")))
                            .suggest(name, columns.iter().map(String::as_str)),
                    )
                }
            },
            Ty::List(_) if ["len", "is_empty", "sum", "distinct", "flatten"].contains(&name) => self
                .problem(Problem::new(name_span, format!("`{name}` is a method")).help(format!("write `.{name}()`"))),
            Ty::List(_) => self.problem(
                Problem::new(name_span, format!("a list has no field `{name}`; its elements may"))
                    .help(format!("write `.all(|x| x.{name} …)` or `.any(|x| x.{name} …)`")),
            ),
            ty => {
                let found = ty.words(schema);
                self.problem(Problem::new(name_span, format!("{found} has no field `{name}`")))
            }
        }
    }

    fn field(&mut self, of: &Expr, id: RecordId, name: &str, name_span: Bytes, span: Bytes) -> Option<Expr> {
        let schema = self.schema();
        let record = schema.record(id);
        let Some(index) = record.condition_field(name) else {
            let mut problem = Problem::new(name_span, format!("`{}` has no field `{name}`", record.name));
            let aliased = record.field(name).and_then(|field| field.alias.as_deref());
            problem = match aliased.or_else(|| crate::source::nearest(name, record.names())) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => match schema.records.iter().find(|other| other.field(name).is_some()) {
                    Some(other) => problem.help(format!("`{name}` is a field of `{}`", other.name)),
                    None => problem,
                },
            };
            return self.problem(problem);
        };
        let field = &record.fields[index];
        let Kind::Record(base) = of.kind else {
            return self.problem(Problem::new(name_span, "only a path can be followed to a field"));
        };
        let at = SlotRef { base: base.base, offset: base.offset + field.offset };
        let ty = Ty::from(&field.ty);
        let kind = match ty {
            Ty::Record(_) => Kind::Record(at),
            _ => Kind::Slot(at, FieldRef { record: id, field: index as u16 }),
        };
        Some(Expr { kind, ty, span })
    }

    fn list(&mut self, items: &[Ast], span: Bytes, scope: &Scope, expected: Option<&Ty>) -> Option<Expr> {
        let mut hint = match expected {
            Some(Ty::List(element)) => Some((**element).clone()),
            _ => None,
        };
        // a literal takes the type of the first item that is none
        let typed = items.iter().find(|item| !matches!(item.kind, AstKind::Text(_)));
        if let (None, Some(item)) = (&hint, typed) {
            hint = Some(self.expression(item, scope, None)?.ty);
        }
        let checked: Vec<Option<Expr>> = items.iter().map(|item| self.expression(item, scope, hint.as_ref())).collect();
        let mut parts: Vec<Expr> = Vec::with_capacity(checked.len());
        for part in checked {
            parts.push(part?);
        }
        let element = hint.or_else(|| parts.first().map(|part| part.ty.clone())).unwrap_or(Ty::Nothing);
        let mut conformed = Vec::with_capacity(parts.len());
        for part in parts {
            conformed.push(self.conform(part, &element)?);
        }
        Some(Expr { kind: Kind::List(conformed), ty: Ty::List(Box::new(element)), span })
    }

    fn call(&mut self, name: &str, name_span: Bytes, arguments: &[Ast], span: Bytes, scope: &Scope) -> Option<Expr> {
        let special = match name {
            "given" | "well_formed" | "label" => {
                let [argument] = arguments else { return self.arity(name, 1, arguments.len(), span) };
                let argument = self.expression(argument, scope, None)?;
                return self.of_path(name, argument, span);
            }
            "table" | "words" | "date" => {
                let [Ast { kind: AstKind::Text(text), span: text_span }] = arguments else {
                    return self.problem(
                        Problem::new(span, format!("`{name}` takes one text, written out"))
                            .help(format!("for example `{name}(\"…\")`")),
                    );
                };
                Some((text, *text_span))
            }
            _ => None,
        };
        if let Some((text, text_span)) = special {
            return match name {
                "table" => self.table(text, text_span, span),
                "words" => self.word_list(text, text_span, span),
                _ => self.literal(text, text_span, Some(&Ty::Date)),
            };
        }
        if let Some(builtin) = Builtin::named(name) {
            return self.builtin(builtin, arguments, span, scope);
        }
        if let Some(function) = self.library.functions().iter().find(|function| function.name == name) {
            return self.expand(function, arguments, span, scope);
        }
        if let Some(script) = self.library.scripts().iter().find(|script| script.name == name) {
            let parameters = script.parameters.clone();
            let checked = self.arguments(name, arguments, &parameters, span, scope)?;
            let kind = Kind::Script { index: script.index, arguments: checked };
            return Some(Expr { kind, ty: script.returns.clone(), span });
        }
        let mut known: Vec<&str> = vec!["given", "well_formed", "label", "table", "words", "date"];
        known.extend(Builtin::ALL.iter().map(|(name, _)| *name));
        known.extend(self.library.functions().iter().map(|function| function.name.as_str()));
        known.extend(self.library.scripts().iter().map(|script| script.name.as_str()));
        let mut problem = Problem::new(name_span, format!("there is no function `{name}`"));
        if scope.constant(name).is_some() || scope.variable(name).is_some() {
            problem = problem.help(format!("`{name}` is a value; a name followed by `(` is a function"));
        }
        if method::LIST_METHODS.contains(&name) || method::TEXT_METHODS.contains(&name) {
            return self.problem(problem.help(format!("`{name}` is a method: write `….{name}(…)`")));
        }
        self.problem(problem.suggest(name, known))
    }

    fn arity<T>(&mut self, name: &str, wants: usize, found: usize, span: Bytes) -> Option<T> {
        let plural = if wants == 1 { "" } else { "s" };
        self.problem(Problem::new(span, format!("`{name}` takes {wants} argument{plural}, not {found}")))
    }

    fn arguments(
        &mut self,
        name: &str,
        arguments: &[Ast],
        types: &[Ty],
        span: Bytes,
        scope: &Scope,
    ) -> Option<Vec<Expr>> {
        if arguments.len() != types.len() {
            return self.arity(name, types.len(), arguments.len(), span);
        }
        let checked: Vec<Option<Expr>> =
            arguments.iter().zip(types).map(|(argument, ty)| self.typed(argument, scope, ty)).collect();
        checked.into_iter().collect()
    }

    fn of_path(&mut self, name: &str, argument: Expr, span: Bytes) -> Option<Expr> {
        let schema = self.schema();
        match (name, &argument.kind) {
            ("given", Kind::Slot(..) | Kind::Record(_) | Kind::Column(..)) => {
                Some(Expr { kind: Kind::Given(Box::new(argument)), ty: Ty::Bool, span })
            }
            ("well_formed", Kind::Slot(_, field)) => {
                let field = *field;
                let declared = &schema.record(field.record).fields[usize::from(field.field)];
                if declared.format.is_none() {
                    let message = format!("the field `{}` has no format in the schema", declared.name);
                    return self.problem(Problem::new(argument.span, message));
                }
                Some(Expr { kind: Kind::WellFormed(Box::new(argument), field), ty: Ty::Bool, span })
            }
            ("label", _) => match argument.ty {
                Ty::Enum(_) | Ty::Region2 | Ty::Region6 | Ty::Bool => {
                    Some(Expr { kind: Kind::Label(Box::new(argument)), ty: Ty::Text, span })
                }
                _ => {
                    self.problem(Problem::new(argument.span, "only an enumeration, a region or a boolean has a label"))
                }
            },
            _ => self.problem(
                Problem::new(argument.span, format!("`{name}` takes the path of a field"))
                    .help(format!("for example `{name}(subject.name)`")),
            ),
        }
    }

    fn table(&mut self, name: &str, name_span: Bytes, span: Bytes) -> Option<Expr> {
        let Some(table) = self.library.table(name) else {
            let names = self.library.table_names();
            return self.problem(
                Problem::new(name_span, format!("there is no table `{name}`"))
                    .suggest(name, names.iter().map(String::as_str)),
            );
        };
        if !self.room_for_rows(table.rows.len(), span) {
            return None;
        }
        let rows: Vec<Value<'static>> = (0..table.rows.len())
            .map(|index| Value::Row(super::value::Row { table: Arc::clone(&table), index }))
            .collect();
        Some(Expr::constant(Value::list(rows), Ty::List(Box::new(Ty::Row(table))), span))
    }

    fn word_list(&mut self, id: &str, id_span: Bytes, span: Bytes) -> Option<Expr> {
        let table = self.library.table("words");
        let row = table.as_ref().and_then(|table| table.row_number_by_key(id).map(|row| (table, row)));
        let words = row.and_then(|(table, row)| literal::texts(table, row, table.column("words")?));
        match words {
            Some(words) => {
                let words: Vec<Value<'static>> = words.into_iter().map(Value::text).collect();
                Some(Expr::constant(Value::list(words), Ty::List(Box::new(Ty::Text)), span))
            }
            None => {
                let ids = table.map(|table| literal::column_texts(&table, "id")).unwrap_or_default();
                self.problem(
                    Problem::new(id_span, format!("there is no word list `{id}` in the table `words`"))
                        .suggest(id, ids.iter().map(String::as_str)),
                )
            }
        }
    }

    fn builtin(&mut self, builtin: Builtin, arguments: &[Ast], span: Bytes, scope: &Scope) -> Option<Expr> {
        let parameters = builtin.parameters();
        if arguments.len() != parameters.len() {
            return self.arity(builtin.name(), parameters.len(), arguments.len(), span);
        }
        let mut checked = Vec::new();
        for (argument, parameter) in arguments.iter().zip(parameters) {
            checked.push(self.builtin_argument(argument, *parameter, scope));
        }
        let mut checked = checked.into_iter().collect::<Option<Vec<Expr>>>()?;
        if builtin == Builtin::Related {
            // words that say nothing about a relation (科技, 有限公司 …) are data
            let generic = self.library.table("words").and_then(|table| {
                let row = table.row_number_by_key("generic")?;
                literal::texts(&table, row, table.column("words")?)
            });
            let generic: Vec<Value<'static>> = generic.unwrap_or_default().into_iter().map(Value::text).collect();
            checked.push(Expr::constant(Value::list(generic), Ty::List(Box::new(Ty::Text)), span));
        }
        let gender = self.schema().enum_named("gender").map(Ty::Enum);
        Some(Expr { kind: Kind::Call(builtin, checked), ty: builtin.result(gender), span })
    }

    fn builtin_argument(&mut self, argument: &Ast, parameter: Parameter, scope: &Scope) -> Option<Expr> {
        let expr = self.expression(argument, scope, None)?;
        let ok = match parameter {
            Parameter::Int => matches!(expr.ty, Ty::Int),
            Parameter::Text => matches!(expr.ty, Ty::Text),
            Parameter::Day => matches!(expr.ty, Ty::Date | Ty::Expiry),
            Parameter::TextOrRegion => matches!(expr.ty, Ty::Text | Ty::Region6),
            Parameter::CertificateKind => {
                if let Ty::Enum(_) = expr.ty {
                    let span = expr.span;
                    return Some(Expr { kind: Kind::Id(Box::new(expr)), ty: Ty::Text, span });
                }
                matches!(expr.ty, Ty::Text)
            }
        };
        if ok {
            return Some(expr);
        }
        let wants = match parameter {
            Parameter::Int => "an integer",
            Parameter::Text => "a text",
            Parameter::Day => "a date",
            Parameter::TextOrRegion => "a text or a division code",
            Parameter::CertificateKind => "a kind of certificate",
        };
        let found = self.words(&expr.ty);
        self.problem(Problem::new(expr.span, format!("expected {wants}, found {found}")))
    }
}

/// The path of a field one step below the root.
fn field_below(schema: &Schema, name: &str) -> Option<String> {
    schema.root().fields.iter().find_map(|field| match field.ty {
        Type::Record(id) => schema.record(id).condition_field(name).map(|_| format!("{}.{name}", field.name)),
        _ => None,
    })
}
