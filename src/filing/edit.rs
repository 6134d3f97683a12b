//! Changes to a document before it is collected: what test cases and overrides ask for.
//!
//! A path is `a.b[0].c`. It may lead into records that are not given and to the element just past the end of a list.
//! An edit that is wrong changes nothing.

use std::sync::Arc;

use super::explain::Explain;
use super::path::{Step, steps};
use super::scalar::MAX_LIST_SLOTS;
use super::tree::{Place, TreeReader};
use super::{Document, InputForm, Slot};
use crate::schema::{Schema, Type};
use crate::source::{Diagnostic, Diagnostics, Node, NodeValue, SourceFile, Span};

/// Sets the value at a path: a single one, a whole record or a whole list. `at` is where the path stands in `file`;
/// the value stands in the same file.
///
/// # Errors
/// A path that does not exist or would leave a hole, and everything that is wrong with the value.
pub fn set(
    schema: &Schema,
    document: &mut Document,
    path: &str,
    value: &Node,
    file: &Arc<SourceFile>,
    at: Span,
) -> Result<(), Diagnostics> {
    let mut next = document.clone();
    let mut edit = Edit::new(schema, &mut next, path, file, at);
    let target = edit.walk(Missing::Create)?;
    edit.reset(&target);
    let explain = edit.explain;
    let mut reader = TreeReader::new(explain, &mut next, path);
    let place = Place { at: target.at, own: target.own, template: target.template };
    match target.key {
        Some(key) => reader.field(&target.ty, key, place, value),
        None => reader.element(&target.ty, target.at, value),
    }
    reader.finish()?;
    *document = next;
    Ok(())
}

/// Appends elements to the list at a path; `values` is a list of them. A list that is not given becomes one.
///
/// # Errors
/// As [`set`]; also a path that leads to no list.
pub fn add(
    schema: &Schema,
    document: &mut Document,
    path: &str,
    values: &Node,
    file: &Arc<SourceFile>,
    at: Span,
) -> Result<(), Diagnostics> {
    let mut next = document.clone();
    let mut edit = Edit::new(schema, &mut next, path, file, at);
    let target = edit.walk(Missing::Create)?;
    let Type::List(element) = &target.ty else {
        let message = format!("`{path}` is no list, so nothing can be added to it");
        return Err(edit.error("no-list", message, edit.whole()).help("`set` it").into());
    };
    let NodeValue::Array(items) = &values.value else {
        return Err(edit.explain.wrong_type(path, &target.ty, target.key, values).into());
    };
    let first = edit.len(target.at);
    let Some(list) = edit.grow(target.at, element, items.len()) else {
        return Err(edit.explain.too_long(path, &values.span).into());
    };
    let explain = edit.explain;
    let mut reader = TreeReader::new(explain, &mut next, path);
    reader.elements(element, list, first, items);
    reader.finish()?;
    *document = next;
    Ok(())
}

/// Makes what stands at a path not given; an element of a list is taken out of it.
///
/// # Errors
/// A path that does not exist.
pub fn unset(
    schema: &Schema,
    document: &mut Document,
    path: &str,
    file: &Arc<SourceFile>,
    at: Span,
) -> Result<(), Diagnostics> {
    let mut edit = Edit::new(schema, document, path, file, at);
    let target = edit.walk(Missing::Refuse)?;
    match target.element {
        Some((list, index)) => edit.remove(list, index, &target.ty),
        None => edit.reset(&target),
    }
    Ok(())
}

/// What to do about an element just past the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Missing {
    Create,
    Refuse,
}

/// Where a path leads.
struct Target<'a> {
    ty: Type,
    at: u32,
    own: Slot,
    template: &'a [Slot],
    /// The field's name; `None` for elements.
    key: Option<&'a str>,
    /// For elements: the slot of their list, and which one.
    element: Option<(u32, u32)>,
}

struct Edit<'a, 'd> {
    schema: &'a Schema,
    document: &'d mut Document,
    explain: Explain<'a>,
    path: &'a str,
    at: Span,
}

impl<'a, 'd> Edit<'a, 'd> {
    fn new(schema: &'a Schema, document: &'d mut Document, path: &'a str, file: &'a Arc<SourceFile>, at: Span) -> Self {
        let form = InputForm::of_name(&file.name).unwrap_or(InputForm::Toml);
        Self { schema, document, explain: Explain { schema, file, form }, path, at }
    }

    fn error(&self, code: &'static str, message: String, place: Span) -> Diagnostic {
        Diagnostic::error(code, message).at(self.explain.file, self.place(&place), "")
    }

    fn whole(&self) -> Span {
        0..self.path.len()
    }

    /// Bytes of the path as bytes of the file, where the path stands there as it is.
    fn place(&self, part: &Span) -> Span {
        let written = self.explain.file.text.get(self.at.clone()).unwrap_or_default();
        match written.find(self.path) {
            Some(offset) => self.at.start + offset + part.start..self.at.start + offset + part.end,
            None => self.at.clone(),
        }
    }

    fn walk(&mut self, missing: Missing) -> Result<Target<'a>, Diagnostics> {
        let schema = self.schema;
        let path = self.path;
        let steps = steps(path).map_err(|(what, span)| {
            self.error("bad-path", format!("`{path}` is no path: {what}"), span).help("a path is such as `a.b[0].c`")
        })?;
        let mut target = Target {
            ty: Type::Record(schema.root),
            at: 0,
            own: Slot::Missing,
            template: &schema.root().template,
            key: None,
            element: None,
        };
        for (step, span) in steps {
            let before = path.get(..span.start).unwrap_or_default().trim_end_matches('.');
            target = match step {
                Step::Key(key) => self.key(&target, before, key, &span)?,
                Step::Index(index) => self.index(&target, before, index, &span, missing)?,
            };
        }
        Ok(target)
    }

    fn key(&self, from: &Target<'a>, before: &str, key: &str, span: &Span) -> Result<Target<'a>, Diagnostics> {
        let id = match &from.ty {
            Type::Record(id) => *id,
            Type::List(_) => {
                return Err(self
                    .error("wrong-path", format!("`{before}` is a list: say which element"), span.clone())
                    .help(format!("such as `{before}[0].{key}`"))
                    .into());
            }
            other => {
                let name = self.schema.type_name(other);
                let message = format!("`{before}` has the type `{name}` and holds no `{key}`");
                return Err(self
                    .error("wrong-path", message, span.clone())
                    .help(format!("end the path at `{before}`"))
                    .into());
            }
        };
        let record = self.schema.record(id);
        let Some(field) = record.field(key) else {
            return Err(self.explain.unknown_key(id, before, key, &self.place(span)).into());
        };
        if field.collected {
            return Err(self.explain.collected(field, &self.place(span)).into());
        }
        let first = field.offset as usize;
        Ok(Target {
            ty: field.ty.clone(),
            at: from.at + field.offset,
            own: record.template.get(first).copied().unwrap_or(Slot::Missing),
            template: from.template.get(first..).unwrap_or_default(),
            key: Some(&field.name),
            element: None,
        })
    }

    fn index(
        &mut self,
        from: &Target<'a>,
        before: &str,
        index: u32,
        span: &Span,
        missing: Missing,
    ) -> Result<Target<'a>, Diagnostics> {
        let Type::List(element) = &from.ty else {
            let message = format!("`{before}` is no list, so it has no element `[{index}]`");
            return Err(self.error("wrong-path", message, span.clone()).help(format!("write `{before}`")).into());
        };
        let len = self.len(from.at);
        if index > len || (index == len && missing == Missing::Refuse) {
            let (message, help) = match (missing, len) {
                (Missing::Create, _) => (
                    format!("`{before}[{index}]` would leave a hole: the list has {len}"),
                    format!("the next is `{before}[{len}]`"),
                ),
                (Missing::Refuse, 0) => {
                    (format!("there is no `{before}[{index}]`"), format!("`{before}` has no elements"))
                }
                (Missing::Refuse, _) => {
                    (format!("there is no `{before}[{index}]`"), format!("the last is `{before}[{}]`", len - 1))
                }
            };
            return Err(self.error("no-such-element", message, span.clone()).help(help).into());
        }
        if index == len && self.grow(from.at, element, 1).is_none() {
            return Err(self.explain.too_long(before, &self.place(span)).into());
        }
        let schema = self.schema;
        let list = self.document.slot(from.at);
        let at = self.document.element(list, index, schema.width(element)).unwrap_or_default();
        let template: &[Slot] = match **element {
            Type::Record(id) => &schema.record(id).template,
            _ => &[Slot::Missing],
        };
        let ty = (**element).clone();
        Ok(Target { ty, at, own: Slot::Missing, template, key: None, element: Some((from.at, index)) })
    }

    /// How many elements the list in a slot has; a missing one has none.
    fn len(&self, list: u32) -> u32 {
        self.document.len(self.document.slot(list)).unwrap_or(0)
    }

    /// Puts a list with more elements in place of the one in the slot `at`; `None` when the document is full.
    fn grow(&mut self, at: u32, element: &Type, more: usize) -> Option<Slot> {
        let width = self.schema.width(element);
        let old = self.document.slot(at);
        let len = (self.len(at) as usize).checked_add(more)?;
        let wanted = len.checked_mul(width as usize)?.checked_add(self.document.slots.len())?;
        if wanted > MAX_LIST_SLOTS {
            return None;
        }
        let list = self.document.push_list(self.schema, element, len as u32);
        for index in 0..self.len(at) {
            self.copy((old, index), (list, index), width);
        }
        self.document.set(at, list);
        Some(list)
    }

    /// Puts a list without one element in place of the one in the slot `at`.
    fn remove(&mut self, at: u32, index: u32, element: &Type) {
        let width = self.schema.width(element);
        let old = self.document.slot(at);
        let len = self.len(at).saturating_sub(1);
        let list = self.document.push_list(self.schema, element, len);
        for to in 0..len {
            let from = if to < index { to } else { to + 1 };
            self.copy((old, from), (list, to), width);
        }
        self.document.set(at, list);
    }

    fn copy(&mut self, (from, index): (Slot, u32), (to, other): (Slot, u32), width: u32) {
        let from = self.document.element(from, index, width);
        let to = self.document.element(to, other, width);
        if let (Some(from), Some(to)) = (from, to) {
            for step in 0..width {
                self.document.set(to + step, self.document.slot(from + step));
            }
        }
    }

    /// Fills a place as if nothing of it were given.
    fn reset(&mut self, target: &Target<'a>) {
        for (step, slot) in (0..self.schema.width(&target.ty)).zip(target.template) {
            self.document.set(target.at + step, *slot);
        }
    }
}
