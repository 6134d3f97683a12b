//! Named functions: their bodies are put in where they are called, and checked by themselves.

use std::sync::Arc;

use super::super::ast::{Ast, Bytes, Problem};
use super::super::parse::parse;
use super::super::scope::Scope;
use super::super::typed::{Base, Expr, FieldRef, Kind, SlotRef, Ty};
use super::super::value::Value;
use super::{Checker, FunctionDef, MAX_REGISTERS};
use crate::schema::RecordId;
use crate::source::Diagnostics;

impl Checker<'_> {
    /// Checks a named function by itself, whether anything calls it or not, as if it were called with fields.
    pub fn check_function(&mut self, function: &FunctionDef, out: &mut Diagnostics) {
        let mut scope = Scope::root();
        for (name, ty) in &function.parameters {
            match ty {
                Ty::Record(record) if scope.registers() < MAX_REGISTERS => drop(scope.bind_record(name, *record)),
                ty => scope.bind_constant(name, self.any_field(ty)),
            }
        }
        self.expanding.push(function.name.clone());
        self.check(&function.body, &scope, Some(&function.returns), out);
        self.expanding.pop();
    }

    /// Some field of a type, one with a format if there is any: what may be asked of a field may be asked of it.
    fn any_field(&self, ty: &Ty) -> Expr {
        let records = self.schema().records.iter().enumerate();
        let fields =
            records.flat_map(|(record, found)| found.fields.iter().enumerate().map(move |field| (record, field)));
        let of_type = fields.filter(|(_, (_, field))| Ty::from(&field.ty) == *ty);
        let kind = match of_type.max_by_key(|(_, (_, field))| field.format.is_some()) {
            Some((record, (field, _))) => {
                let at = SlotRef { base: Base::Root, offset: 0 };
                Kind::Slot(at, FieldRef { record: RecordId(record as u16), field: field as u16 })
            }
            None => Kind::Const(Value::Missing),
        };
        Expr { kind, ty: ty.clone(), span: (0, 0) }
    }

    /// Replaces a call of a named function by its body.
    pub(super) fn expand(
        &mut self,
        function: &FunctionDef,
        arguments: &[Ast],
        span: Bytes,
        scope: &Scope,
    ) -> Option<Expr> {
        if self.expanding.contains(&function.name) {
            return self.problem(Problem::new(span, format!("the function `{}` calls itself", function.name)));
        }
        let types: Vec<Ty> = function.parameters.iter().map(|(_, ty)| ty.clone()).collect();
        let checked = self.arguments(&function.name, arguments, &types, span, scope)?;
        let mut inner = Scope::root();
        inner.set_registers(scope.registers());
        for ((name, _), argument) in function.parameters.iter().zip(checked) {
            match (&argument.kind, &argument.ty) {
                (Kind::Record(at), Ty::Record(record)) => inner.bind_alias(name, *record, *at),
                _ => inner.bind_constant(name, argument),
            }
        }
        let before = self.problems.len();
        self.expanding.push(function.name.clone());
        let body = match parse(&function.body.text) {
            Ok(ast) => {
                let body = self.expression(&ast, &inner, Some(&function.returns));
                body.and_then(|body| self.conform(body, &function.returns))
            }
            Err(problem) => self.problem(problem),
        };
        self.expanding.pop();
        for problem in self.problems.iter_mut().skip(before) {
            problem.message = format!("in the function `{}`: {}", function.name, problem.message);
            problem.span = span;
        }
        let body = body?;
        let ty = body.ty.clone();
        let source = Some(Arc::clone(&function.body));
        Some(Expr { kind: Kind::Expanded { name: function.name.clone(), body: Box::new(body), source }, ty, span })
    }
}
