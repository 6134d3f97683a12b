//! Methods of texts and lists.

use super::super::ast::{Ast, AstKind, Bytes, Problem};
use super::super::scope::Scope;
use super::super::typed::{Expr, Kind, ListMethod, Quantifier, TextMethod, Ty};
use super::{Checker, MAX_REGISTERS, limits, operator};

pub(super) const TEXT_METHODS: [&str; 7] =
    ["starts_with", "ends_with", "contains", "contains_any", "matches", "len", "is_empty"];
pub(super) const LIST_METHODS: [&str; 12] =
    ["all", "any", "none", "count", "filter", "map", "distinct", "len", "is_empty", "contains", "sum", "flatten"];

impl Checker<'_> {
    pub(super) fn method(
        &mut self,
        of: Expr,
        name: &str,
        name_span: Bytes,
        arguments: &[Ast],
        span: Bytes,
        scope: &Scope,
    ) -> Option<Expr> {
        match of.ty.clone() {
            Ty::Text => self.text_method(of, name, name_span, arguments, span, scope),
            Ty::List(element) => self.list_method(of, &element, name, name_span, arguments, span, scope),
            ty @ (Ty::Enum(_) | Ty::Region2 | Ty::Region6) if TEXT_METHODS.contains(&name) => {
                let found = self.words(&ty);
                self.problem(
                    Problem::new(name_span, format!("{found} is no text and has no method `{name}`"))
                        .help("compare it with `==` or `in`; `label(…)` gives its words"),
                )
            }
            ty => {
                let found = self.words(&ty);
                self.problem(Problem::new(name_span, format!("{found} has no methods, so no `{name}`")))
            }
        }
    }

    fn text_method(
        &mut self,
        of: Expr,
        name: &str,
        name_span: Bytes,
        arguments: &[Ast],
        span: Bytes,
        scope: &Scope,
    ) -> Option<Expr> {
        let (method, types, ty) = match name {
            "starts_with" => (TextMethod::StartsWith, vec![Ty::Text], Ty::Bool),
            "ends_with" => (TextMethod::EndsWith, vec![Ty::Text], Ty::Bool),
            "contains" => (TextMethod::Contains, vec![Ty::Text], Ty::Bool),
            "contains_any" => (TextMethod::ContainsAny, vec![Ty::List(Box::new(Ty::Text))], Ty::Bool),
            "len" => (TextMethod::Len, vec![], Ty::Int),
            "is_empty" => (TextMethod::IsEmpty, vec![], Ty::Bool),
            "matches" => return self.matches(of, arguments, span),
            _ => {
                return self.problem(
                    Problem::new(name_span, format!("a text has no method `{name}`"))
                        .help(format!("its methods are {}", TEXT_METHODS.join(", ")))
                        .suggest(name, TEXT_METHODS),
                );
            }
        };
        let arguments = self.arguments(name, arguments, &types, span, scope)?;
        Some(Expr { kind: Kind::OfText(method, Box::new(of), arguments), ty, span })
    }

    fn matches(&mut self, of: Expr, arguments: &[Ast], span: Bytes) -> Option<Expr> {
        let [Ast { kind: AstKind::Text(pattern), span: pattern_span }] = arguments else {
            return self.problem(
                Problem::new(span, "`matches` takes one pattern, written out")
                    .help("for example `.matches(\"^[0-9]+$\")`"),
            );
        };
        if !self.room(limits::PATTERN, 0, *pattern_span) {
            return None;
        }
        // the regex crate runs in linear time; the limit bounds what a pattern may cost to compile
        match regex::RegexBuilder::new(pattern).size_limit(1 << 20).build() {
            Ok(regex) => Some(Expr { kind: Kind::Matches(Box::new(of), regex), ty: Ty::Bool, span }),
            Err(error) => {
                let reason = error.to_string();
                let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                self.problem(Problem::new(*pattern_span, format!("this is no valid pattern: {reason}")))
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of a method call")]
    fn list_method(
        &mut self,
        of: Expr,
        element: &Ty,
        name: &str,
        name_span: Bytes,
        arguments: &[Ast],
        span: Bytes,
        scope: &Scope,
    ) -> Option<Expr> {
        let quantifier = match name {
            "all" => Some(Quantifier::All),
            "any" => Some(Quantifier::Any),
            "none" => Some(Quantifier::None),
            "count" => Some(Quantifier::Count),
            "filter" => Some(Quantifier::Filter),
            "map" => Some(Quantifier::Map),
            _ => None,
        };
        if let Some(quantifier) = quantifier {
            return self.quantify(quantifier, of, element, name, arguments, span, scope);
        }
        if name == "contains" {
            return self.list_contains(of, element, name_span, arguments, span, scope);
        }
        let (method, ty) = match name {
            "len" => (ListMethod::Len, Ty::Int),
            "is_empty" => (ListMethod::IsEmpty, Ty::Bool),
            "distinct" if !matches!(element, Ty::Record(_) | Ty::List(_)) => (ListMethod::Distinct, of.ty.clone()),
            "sum" if matches!(element, Ty::Int | Ty::Nothing) => (ListMethod::Sum, Ty::Int),
            "flatten" if matches!(element, Ty::List(_)) => (ListMethod::Flatten, element.clone()),
            "distinct" | "sum" | "flatten" => {
                let found = self.words(&of.ty);
                return self.problem(Problem::new(name_span, format!("`{name}` does not go with {found}")));
            }
            _ => {
                return self.problem(
                    Problem::new(name_span, format!("a list has no method `{name}`"))
                        .help(format!("its methods are {}", LIST_METHODS.join(", ")))
                        .suggest(name, LIST_METHODS),
                );
            }
        };
        if !arguments.is_empty() {
            return self.arity(name, 0, arguments.len(), span);
        }
        Some(Expr { kind: Kind::OfList(method, Box::new(of)), ty, span })
    }

    fn list_contains(
        &mut self,
        of: Expr,
        element: &Ty,
        name_span: Bytes,
        arguments: &[Ast],
        span: Bytes,
        scope: &Scope,
    ) -> Option<Expr> {
        let [argument] = arguments else { return self.arity("contains", 1, arguments.len(), span) };
        let hint = if *element == Ty::Nothing { None } else { Some(element) };
        let argument = self.expression(argument, scope, hint)?;
        match operator::meet(argument, of, element) {
            Ok((argument, of)) => Some(Expr { kind: Kind::In(Box::new(argument), Box::new(of)), ty: Ty::Bool, span }),
            Err((argument, of)) => {
                let record = matches!(element, Ty::Record(_) | Ty::Row(_));
                let (argument, of) = (self.words(&argument.ty), self.words(&of.ty));
                let problem = Problem::new(name_span, format!("{of} cannot contain {argument}"));
                self.problem(if record { problem.help("for records write `.any(|x| …)`") } else { problem })
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of a method call")]
    fn quantify(
        &mut self,
        quantifier: Quantifier,
        of: Expr,
        element: &Ty,
        name: &str,
        arguments: &[Ast],
        span: Bytes,
        scope: &Scope,
    ) -> Option<Expr> {
        let [Ast { kind: AstKind::Closure { parameter, parameter_span, body }, .. }] = arguments else {
            return self.problem(
                Problem::new(span, format!("`{name}` takes a closure")).help(format!("for example `.{name}(|x| …)`")),
            );
        };
        if scope.registers() >= MAX_REGISTERS {
            return self.problem(Problem::new(span, "too many closures inside of each other"));
        }
        let mut inner = scope.clone();
        let register = match element {
            Ty::Record(record) => inner.bind_record(parameter, *record),
            _ => {
                let register = inner.take_register();
                let ty = if *element == Ty::Nothing { Ty::Text } else { element.clone() };
                inner.bind_constant(parameter, Expr { kind: Kind::Local(register), ty, span: *parameter_span });
                register
            }
        };
        let body = match quantifier {
            Quantifier::Map => self.expression(body, &inner, None)?,
            _ => self.typed(body, &inner, &Ty::Bool)?,
        };
        let ty = match quantifier {
            Quantifier::All | Quantifier::Any | Quantifier::None => Ty::Bool,
            Quantifier::Count => Ty::Int,
            Quantifier::Filter => of.ty.clone(),
            Quantifier::Map => {
                if matches!(body.ty, Ty::Record(_)) {
                    return self.problem(Problem::new(body.span, "`map` gives values, not records"));
                }
                Ty::List(Box::new(body.ty.clone()))
            }
        };
        let kind = Kind::Quantify { quantifier, list: Box::new(of), register, body: Box::new(body) };
        Some(Expr { kind, ty, span })
    }
}
