//! Paths that a rule points at, and the elements that it is evaluated per.

use super::eval::Registers;
use super::scope::Scope;
use super::typed::{Base, FieldRef};
use crate::filing::{Document, Slot};
use crate::schema::{RecordId, Schema, Type};

/// One step from a record to the elements of a list below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Hop {
    /// From the record to the list's slot.
    offset: u32,
    /// Slots of one element.
    width: u32,
}

/// A path such as `services.principal.name`: it may lead through lists, then it stands for many slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    base: Base,
    hops: Vec<Hop>,
    offset: u32,
    /// The field that it ends at; `None` when it is a record variable itself.
    pub field: Option<FieldRef>,
    /// As it was written.
    pub text: String,
}

impl Place {
    /// Resolves a path in a scope.
    ///
    /// # Errors
    /// The name that leads nowhere, its byte in the path, and the names that could stand there.
    pub fn resolve(schema: &Schema, scope: &Scope, path: &str) -> Result<Self, WrongPath> {
        let mut names = path.split('.');
        let first = names.next().unwrap_or_default();
        let mut place = Self { base: Base::Root, hops: Vec::new(), offset: 0, field: None, text: path.to_owned() };
        let mut at = first.len() + 1;
        let mut record = if let Some(variable) = scope.variable(first) {
            place.base = variable.at.base;
            place.offset = variable.at.offset;
            Some(variable.record)
        } else {
            place.step(schema, schema.root, first, 0, scope)?
        };
        for name in names {
            let here = at;
            at += name.len() + 1;
            let Some(id) = record else {
                return Err(WrongPath { name: name.to_owned(), at: here, candidates: Vec::new() });
            };
            // only now does the path lead through the list that it reached
            place.enter(schema);
            record = place.step(schema, id, name, here, scope)?;
        }
        Ok(place)
    }

    /// The place of a slot that a condition reads.
    pub fn of_slot(slot: super::typed::SlotRef, field: FieldRef) -> Self {
        Self { base: slot.base, hops: Vec::new(), offset: slot.offset, field: Some(field), text: String::new() }
    }

    /// If the path stands at a list of records, goes to its elements.
    fn enter(&mut self, schema: &Schema) {
        let Some(field) = self.field else { return };
        let field = &schema.record(field.record).fields[usize::from(field.field)];
        if let Type::List(element) = &field.ty {
            self.hops.push(Hop { offset: self.offset, width: schema.width(element) });
            self.offset = 0;
        }
    }

    fn step(
        &mut self,
        schema: &Schema,
        record: RecordId,
        name: &str,
        at: usize,
        scope: &Scope,
    ) -> Result<Option<RecordId>, WrongPath> {
        let fields = &schema.record(record).fields;
        let named = fields.iter().position(|field| field.name == name);
        let Some(index) = schema.record(record).condition_field(name).or(named) else {
            let mut candidates: Vec<String> = schema.record(record).names().map(str::to_owned).collect();
            if record == schema.root {
                candidates = scope.names(schema).into_iter().map(str::to_owned).collect();
            }
            return Err(WrongPath { name: name.to_owned(), at, candidates });
        };
        let field = &fields[index];
        self.offset += field.offset;
        self.field = Some(FieldRef { record, field: index as u16 });
        Ok(match &field.ty {
            Type::Record(id) => Some(*id),
            Type::List(element) => match **element {
                Type::Record(id) => Some(id),
                _ => None,
            },
            _ => None,
        })
    }

    /// The slots that it stands for; a list on the way that is missing stands for itself.
    pub fn slots(&self, document: &Document, registers: &Registers) -> Vec<u32> {
        let start = match self.base {
            Base::Root => 0,
            Base::Register(register) => registers.get(register),
        };
        let mut out = Vec::new();
        self.follow(document, &self.hops, start, &mut out);
        out
    }

    fn follow(&self, document: &Document, hops: &[Hop], base: u32, out: &mut Vec<u32>) {
        let Some((hop, rest)) = hops.split_first() else {
            out.push(base + self.offset);
            return;
        };
        let at = base + hop.offset;
        let list = document.slot(at);
        match document.len(list) {
            None => out.push(at),
            Some(len) => {
                for index in 0..len {
                    if let Some(element) = document.element(list, index, hop.width) {
                        self.follow(document, rest, element, out);
                    }
                }
            }
        }
    }
}

/// A path that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongPath {
    /// The name.
    pub name: String,
    /// Its byte in the path.
    pub at: usize,
    /// What could stand there.
    pub candidates: Vec<String>,
}

/// What a rule is evaluated per: the document, or the elements that a path of lists leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    hops: Vec<(Hop, u8)>,
    /// A record below the last element, and its register.
    tail: Option<(u32, u8)>,
    /// As it was written.
    pub text: String,
    /// The element variables, outermost first.
    pub elements: Vec<String>,
}

/// One thing that a rule is evaluated on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Site {
    /// The registers are set.
    Here,
    /// The list at this slot is missing, so it is not known on how many.
    Missing(u32),
}

impl Target {
    /// Once per document.
    pub fn document() -> Self {
        Self { hops: Vec::new(), tail: None, text: "filing".into(), elements: Vec::new() }
    }

    /// Is it evaluated once per document?
    pub fn is_document(&self) -> bool {
        self.hops.is_empty() && self.tail.is_none()
    }

    /// The register of the innermost element.
    pub fn innermost(&self) -> Option<u8> {
        self.tail.map(|(_, register)| register).or(self.hops.last().map(|(_, register)| *register))
    }

    /// Resolves `each` and binds its element variables in the scope.
    ///
    /// # Errors
    /// The name that leads nowhere, or that is no list and has no element name.
    pub fn resolve(schema: &Schema, scope: &mut Scope, path: &str) -> Result<Self, WrongPath> {
        let mut target = Self { text: path.to_owned(), ..Self::document() };
        if path == "filing" {
            return Ok(target);
        }
        let mut record = schema.root;
        let mut offset = 0;
        let mut at = 0;
        let names: Vec<&str> = path.split('.').collect();
        for (index, name) in names.iter().enumerate() {
            let wrong = || WrongPath { name: (*name).to_owned(), at, candidates: targets(schema) };
            let field = schema.record(record).field(name).ok_or_else(wrong)?;
            let last = index + 1 == names.len();
            match &field.ty {
                Type::List(element) => {
                    let Type::Record(id) = **element else { return Err(wrong()) };
                    let variable = field.element.as_deref().ok_or_else(wrong)?;
                    let register = scope.bind_record(variable, id);
                    target.elements.push(variable.to_owned());
                    let hop = Hop { offset: offset + field.offset, width: schema.width(element) };
                    target.hops.push((hop, register));
                    record = id;
                    offset = 0;
                }
                Type::Record(id) if last => {
                    let variable = field.element.as_deref().ok_or_else(wrong)?;
                    let register = scope.bind_record(variable, *id);
                    target.elements.push(variable.to_owned());
                    target.tail = Some((offset + field.offset, register));
                }
                Type::Record(id) => {
                    record = *id;
                    offset += field.offset;
                }
                _ => return Err(wrong()),
            }
            at += name.len() + 1;
        }
        Ok(target)
    }

    /// Calls `visit` once per site, with the registers set.
    pub fn visit(&self, document: &Document, registers: &mut Registers, visit: &mut dyn FnMut(Site, &mut Registers)) {
        self.visit_from(document, 0, 0, registers, visit);
    }

    fn visit_from(
        &self,
        document: &Document,
        hop: usize,
        base: u32,
        registers: &mut Registers,
        visit: &mut dyn FnMut(Site, &mut Registers),
    ) {
        let Some((step, register)) = self.hops.get(hop) else {
            if let Some((offset, register)) = self.tail {
                registers.set(register, base + offset);
            }
            visit(Site::Here, registers);
            return;
        };
        let at = base + step.offset;
        let list: Slot = document.slot(at);
        let Some(len) = document.len(list) else {
            visit(Site::Missing(at), registers);
            return;
        };
        for index in 0..len {
            if let Some(element) = document.element(list, index, step.width) {
                registers.set(*register, element);
                self.visit_from(document, hop + 1, element, registers, visit);
            }
        }
    }
}

/// Every path that `each` may name.
pub fn targets(schema: &Schema) -> Vec<String> {
    fn below(schema: &Schema, record: RecordId, prefix: &str, depth: u8, out: &mut Vec<String>) {
        if depth > 3 {
            return;
        }
        for field in &schema.record(record).fields {
            let path = if prefix.is_empty() { field.name.clone() } else { format!("{prefix}.{}", field.name) };
            let inner = match &field.ty {
                Type::List(element) => match **element {
                    Type::Record(id) => Some(id),
                    _ => None,
                },
                Type::Record(id) => Some(*id),
                _ => None,
            };
            if let Some(inner) = inner {
                if field.element.is_some() {
                    out.push(path.clone());
                }
                if !field.collected {
                    below(schema, inner, &path, depth + 1, out);
                }
            }
        }
    }
    let mut out = vec!["filing".to_owned()];
    below(schema, schema.root, "", 0, &mut out);
    out
}

/// The values of a path as documents write them.
pub fn ids(schema: &Schema, document: &Document, path: &str) -> Vec<String> {
    let Ok(place) = Place::resolve(schema, &Scope::root(), path) else { return Vec::new() };
    let Some(field) = place.field else { return Vec::new() };
    let ty = &schema.record(field.record).fields[usize::from(field.field)].ty;
    let slots = place.slots(document, &Registers::default());
    let id = |slot: u32| match (document.slot(slot), ty) {
        (Slot::Int(value), Type::Enum(id)) => schema.enumeration(*id).value(value).map(|value| value.id.clone()),
        (Slot::Int(code), Type::Region2) => Some(format!("{code:02}")),
        (Slot::Int(code), Type::Region6) => Some(format!("{code:06}")),
        _ => None,
    };
    slots.into_iter().filter_map(id).collect()
}
