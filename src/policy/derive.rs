//! Fields that are computed from others when a document does not give them.

use super::world::World;
use crate::condition::{
    Checker, Computed, Context, Expr, Formula, Frame, Kind, Scope, Ty, Unknowns, Value, evaluate, fold,
};
use crate::filing::{Document, Slot};
use crate::schema::RecordId;
use crate::source::Diagnostics;

/// One derived field.
#[derive(Debug)]
struct Step {
    record: RecordId,
    field: u16,
    offset: u32,
    expr: Expr,
    /// The same, compiled.
    formula: Formula,
}

/// All derived fields, each after those that it reads.
#[derive(Debug, Default)]
pub struct Derivations {
    steps: Vec<Step>,
}

impl Derivations {
    /// Checks the schema's derivations; problems go to `out`.
    pub fn new(world: &World, out: &mut Diagnostics) -> Self {
        let schema = &world.schema;
        let library = world.library(&[]);
        let mut checker = Checker::new(&library);
        let mut steps = Vec::new();
        for (index, record) in schema.records.iter().enumerate() {
            for (field, declared) in record.fields.iter().enumerate() {
                let Some(source) = &declared.derive else { continue };
                let id = RecordId(index as u16);
                let mut scope = Scope::root();
                if id != schema.root {
                    scope.bind_record(&record.name, id);
                }
                let ty = Ty::from(&declared.ty);
                if let Some(mut expr) = checker.check(source, &scope, Some(&ty), out) {
                    fold(&mut expr, schema, world.knows());
                    let formula = Formula::new(&expr);
                    steps.push(Step { record: id, field: field as u16, offset: declared.offset, expr, formula });
                }
            }
        }
        Self { steps: order(steps) }
    }

    /// The fields whose absence keeps a derived field unknown; none when it is not derived, or its inputs are all there.
    pub fn inputs(&self, world: &World, document: &Document, slot: u32) -> Vec<u32> {
        let Some((record, base, field)) = document.owner(&world.schema, slot) else { return Vec::new() };
        let Some(step) = self.steps.iter().find(|step| step.record == record && step.field == field) else {
            return Vec::new();
        };
        let context = Context { schema: &world.schema, document, knows: world.knows(), scripts: None };
        let mut frame = Frame::default();
        frame.set(0, base);
        let mut unknowns = Unknowns::default();
        let _: Result<Value<'_>, _> = evaluate(&step.expr, &context, &frame, &mut unknowns);
        unknowns.slots.retain(|input| *input != slot);
        unknowns.slots.dedup();
        unknowns.slots
    }

    /// Fills in what is missing and can be computed.
    pub fn apply(&self, world: &World, document: &mut Document) {
        let mut computed = Vec::new();
        let at = document.instances(&world.schema);
        for step in &self.steps {
            let Some(bases) = at.get(usize::from(step.record.0)) else { continue };
            for base in bases {
                let slot = base + step.offset;
                if document.slot(slot) != Slot::Missing {
                    continue;
                }
                let context = Context { schema: &world.schema, document, knows: world.knows(), scripts: None };
                let mut frame = Frame::default();
                frame.set(0, *base);
                // a derivation that fails leaves the field unknown: the rule that needs it will ask for it
                if let Some(value) = step.formula.run(&context, &mut frame) {
                    computed.push((slot, value));
                }
            }
            for (slot, value) in computed.drain(..) {
                let value = match value {
                    Computed::Slot(value) => value,
                    Computed::Value(value) => store(document, value),
                };
                document.derive(slot, value);
            }
        }
    }
}

fn store(document: &mut Document, value: Value<'static>) -> Slot {
    match value {
        Value::Bool(value) => Slot::Bool(value),
        Value::Int(value) => Slot::Int(value),
        Value::Text(text) => document.push_text(&text),
        Value::Slots(slot, _) => slot,
        Value::Values(values) => {
            let slots: Vec<Slot> = values.iter().cloned().map(|value| store(document, value)).collect();
            let start = document.push_slots(&slots);
            Slot::List { start, len: slots.len() as u32 }
        }
        _ => Slot::Missing,
    }
}

/// Puts every step after the steps whose fields it reads. Two fields may be derived from each other (then one of them is
/// given, or neither is known), so a circle is cut where it closes.
fn order(steps: Vec<Step>) -> Vec<Step> {
    let mut reads: Vec<Vec<usize>> = Vec::with_capacity(steps.len());
    for step in &steps {
        let mut fields = Vec::new();
        step.expr.walk(&mut |part| {
            if let Kind::Slot(_, field) = &part.kind {
                let found = steps.iter().position(|other| other.record == field.record && other.field == field.field);
                fields.extend(found);
            }
        });
        reads.push(fields);
    }
    let mut sequence = Vec::with_capacity(steps.len());
    let mut seen = vec![false; steps.len()];
    fn visit(step: usize, reads: &[Vec<usize>], seen: &mut [bool], sequence: &mut Vec<usize>) {
        if std::mem::replace(&mut seen[step], true) {
            return;
        }
        for read in &reads[step] {
            visit(*read, reads, seen, sequence);
        }
        sequence.push(step);
    }
    for step in 0..steps.len() {
        visit(step, &reads, &mut seen, &mut sequence);
    }
    let mut steps: Vec<Option<Step>> = steps.into_iter().map(Some).collect();
    sequence.into_iter().filter_map(|step| steps.get_mut(step).and_then(Option::take)).collect()
}
