//! `require`: which materials, in which form.

use super::super::raw::RawRequire;
use super::super::rule::{Demand, Require};
use super::super::world::{Form, constant};
use super::{Compiler, Parameters};
use crate::condition::{Checker, Expr, Scope, Ty, Value};
use crate::source::{Diagnostic, Diagnostics, Entry, Node};

impl Compiler<'_> {
    pub(super) fn require(
        &self,
        checker: &mut Checker<'_>,
        raw: &RawRequire,
        scope: &Scope,
        parameters: &Parameters,
        out: &mut Diagnostics,
    ) -> Option<Require> {
        let schema = &self.world.schema;
        let (Some(materials), Some(record)) = (schema.enum_named("material"), schema.record_named("material")) else {
            out.push(Diagnostic::error(
                "no-materials",
                "`require` needs the enumeration `material` and the record `material` in the schema",
            ));
            return None;
        };
        let before = out.error_count();
        let one = Ty::Enum(materials);
        let many = Ty::List(Box::new(one.clone()));
        let mut lines = Vec::new();
        if let Some(node) = &raw.material {
            let value = self.value(raw, node, &one, parameters, out);
            lines.extend(value.map(|value| indices(&value)));
        }
        if let Some(node) = &raw.any_of {
            let value = self.value(raw, node, &many, parameters, out);
            lines.extend(value.map(|value| indices(&value)));
        }
        if let Some(node) = &raw.all_of {
            let value = self.value(raw, node, &many, parameters, out);
            lines.extend(value.into_iter().flat_map(|value| indices(&value)).map(|index| vec![index]));
        }
        lines.retain(|line| !line.is_empty());
        let mut inner = scope.clone();
        let register = inner.bind_record("material", record);
        let text = |checker: &mut Checker<'_>, source, out: &mut Diagnostics| {
            self.clause(checker, source, scope, &Ty::Text, out)
        };
        let for_whom = raw.for_whom.as_ref().and_then(|source| text(checker, source, out));
        let filter = raw.filter.as_ref().and_then(|source| self.clause(checker, source, &inner, &Ty::Bool, out));
        let note = raw.note.as_ref().and_then(|source| self.template(checker, source, scope, out));
        let mut demands = Vec::new();
        for entry in &raw.forms {
            demands.extend(self.demand(checker, raw, entry, &inner, parameters, out));
        }
        (out.error_count() == before).then_some(Require { lines, demands, for_whom, filter, note, register })
    }

    /// A value of `require`: written out, or `"{parameter}"`.
    fn value(
        &self,
        raw: &RawRequire,
        node: &Node,
        ty: &Ty,
        parameters: &Parameters,
        out: &mut Diagnostics,
    ) -> Option<Value<'static>> {
        if let Some(name) = node.as_text().and_then(parameter_name) {
            let Some((_, value, found)) = parameters.iter().find(|(known, ..)| known == name) else {
                out.push(
                    Diagnostic::error("unknown-parameter", format!("there is no parameter `{name}`"))
                        .at(&raw.file, node.span.clone(), "no such parameter")
                        .suggest(name, parameters.iter().map(|(known, ..)| known.as_str())),
                );
                return None;
            };
            return match (ty, found) {
                (a, b) if a == b => Some(value.clone()),
                (Ty::List(element), b) if **element == *b => Some(Value::list(vec![value.clone()])),
                _ => {
                    let (ty, found) = (ty.words(&self.world.schema), found.words(&self.world.schema));
                    out.push(Diagnostic::error("wrong-type", format!("expected {ty}, but `{name}` is {found}")).at(
                        &raw.file,
                        node.span.clone(),
                        format!("expected {ty}"),
                    ));
                    None
                }
            };
        }
        if let (Some(items), Ty::List(element)) = (node.items(), ty)
            && items.iter().any(|item| item.as_text().and_then(parameter_name).is_some())
        {
            let mut values = Vec::new();
            for item in items {
                let list = item
                    .as_text()
                    .and_then(parameter_name)
                    .and_then(|name| parameters.iter().find(|(known, _, found)| known == name && found == ty));
                match list {
                    Some((_, Value::Values(list), _)) => values.extend(list.iter().cloned()),
                    _ => values.push(self.value(raw, item, element, parameters, out)?),
                }
            }
            return Some(Value::list(values));
        }
        constant(self.world, &raw.file, ty, node, out)
    }

    /// A form that is asked for; `None` where the value asks nothing, or is wrong.
    fn demand(
        &self,
        checker: &mut Checker<'_>,
        raw: &RawRequire,
        entry: &Entry,
        scope: &Scope,
        parameters: &Parameters,
        out: &mut Diagnostics,
    ) -> Option<Demand> {
        let Some(index) = self.world.forms.iter().position(|form| form.id == entry.key) else {
            let forms = self.world.forms.iter().map(|form| form.id.as_str());
            let keys: Vec<&str> = raw.keys.iter().copied().chain(forms).collect();
            let listed: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
            out.push(
                Diagnostic::error("unknown-key", format!("there is no form `{}`", entry.key))
                    .at(&raw.file, entry.key_span.clone(), "neither a key of `require` nor a form of forms.toml")
                    .help(format!("the keys are {}", listed.join(", ")))
                    .suggest(&entry.key, keys),
            );
            return None;
        };
        let form: &Form = &self.world.forms[index];
        let value = self.value(raw, &entry.node, &form.ty, parameters, out)?;
        let mut inner = scope.clone();
        inner.bind_constant("value", Expr::constant(value.clone(), form.ty.clone(), (0, 0)));
        let that = self.clause(checker, &form.raw.that, &inner, &Ty::Bool, out)?;
        if that.expr.as_const() == Some(&Value::Bool(true)) {
            return None;
        }
        let label = self.template(checker, &form.raw.label, &inner, out)?;
        let label_en = match &form.raw.en {
            Some(text) => self.template(checker, text, &inner, out)?,
            None => label.clone(),
        };
        let missing = self.template(checker, &form.raw.missing, &inner, out)?;
        Some(Demand { form: index, value, ty: form.ty.clone(), that, label, label_en, missing })
    }
}

/// The name in `"{name}"`.
fn parameter_name(text: &str) -> Option<&str> {
    let name = text.strip_prefix('{')?.strip_suffix('}')?;
    name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_').then_some(name)
}

/// The materials of a value: one, or a list.
fn indices(value: &Value<'_>) -> Vec<usize> {
    match value {
        Value::Int(index) => usize::try_from(*index).into_iter().collect(),
        Value::Values(values) => values.iter().flat_map(indices).collect(),
        _ => Vec::new(),
    }
}
