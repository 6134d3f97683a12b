//! Required materials against those that are handed in.

use crate::condition::{Context, Registers, Scope, Target, Tri, Unknowns, Value, evaluate};
use crate::filing::{Document, Slot};
use crate::policy::{Bundle, Demand, Require};

/// How a required material stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineStatus {
    /// None of that kind is there.
    Missing,
    /// One is there, in the form that is asked for: its first slot.
    Provided(u32),
    /// One is there, but some demands (by index) are not met.
    Deficient {
        /// Its first slot.
        material: u32,
        /// The demands.
        demands: Vec<usize>,
    },
    /// Fields that are not given decide it: whether it is required, or whether its form is right.
    Conditional(Vec<u32>),
}

/// One line of a requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineOutcome {
    /// The line's index in the rule.
    pub line: usize,
    /// How it stands.
    pub status: LineStatus,
}

/// The materials of a document: kind, text of `for`, first slot.
pub(super) struct Materials {
    handed_in: Option<Vec<HandedIn>>,
    list: u32,
}

struct HandedIn {
    kind: Option<i64>,
    for_whom: Option<(u32, u32)>,
    slot: u32,
}

impl Materials {
    /// Finds the materials of a document: the list `materials`, its elements' `kind` and `for`.
    pub(super) fn new(bundle: &Bundle, document: &Document) -> Self {
        let schema = &bundle.world.schema;
        let mut scope = Scope::root();
        let Ok(target) = Target::resolve(schema, &mut scope, "materials") else {
            return Self { handed_in: Some(Vec::new()), list: 0 };
        };
        let record = schema.record_named("material").map(|id| schema.record(id));
        let offset = |name: &str| record.and_then(|record| record.field(name)).map(|field| field.offset);
        let (kind, for_whom) = (offset("kind"), offset("for"));
        let mut handed_in = Vec::new();
        let mut missing = None;
        target.visit(document, &mut Registers::default(), &mut |site, registers| match site {
            crate::condition::Site::Missing(list) => missing = Some(list),
            crate::condition::Site::Here => {
                let slot = registers.get(0);
                let kind = kind.and_then(|kind| match document.slot(slot + kind) {
                    Slot::Int(kind) => Some(kind),
                    _ => None,
                });
                let for_whom = for_whom.and_then(|offset| match document.slot(slot + offset) {
                    Slot::Text { start, len } if len > 0 => Some((start, len)),
                    _ => None,
                });
                handed_in.push(HandedIn { kind, for_whom, slot });
            }
        });
        match missing {
            Some(list) => Self { handed_in: None, list },
            None => Self { handed_in: Some(handed_in), list: 0 },
        }
    }

    /// How the lines of a requirement stand; `open`: it is not known whether they are required.
    pub(super) fn lines(
        &self,
        require: &Require,
        open: bool,
        context: &Context<'_>,
        registers: &mut Registers,
    ) -> Vec<LineOutcome> {
        let for_whom = require.for_whom.as_ref().and_then(|clause| {
            let value = evaluate(&clause.expr, context, registers, &mut Unknowns::default()).ok()?;
            value.as_text().map(str::to_owned)
        });
        let mut outcomes = Vec::with_capacity(require.lines.len());
        for (line, options) in require.lines.iter().enumerate() {
            let status = self.line(require, options, for_whom.as_deref(), context, registers);
            let status = match status {
                // what is there already need not be asked about
                provided @ LineStatus::Provided(_) => provided,
                _ if open => LineStatus::Conditional(Vec::new()),
                other => other,
            };
            outcomes.push(LineOutcome { line, status });
        }
        outcomes
    }

    fn line(
        &self,
        require: &Require,
        options: &[usize],
        for_whom: Option<&str>,
        context: &Context<'_>,
        registers: &mut Registers,
    ) -> LineStatus {
        let Some(handed_in) = &self.handed_in else { return LineStatus::Conditional(vec![self.list]) };
        let mut best = LineStatus::Missing;
        for material in handed_in {
            let Some(kind) = material.kind.and_then(|kind| usize::try_from(kind).ok()) else { continue };
            if !options.contains(&kind) {
                continue;
            }
            if let (Some(wanted), Some((start, len))) = (for_whom, material.for_whom)
                && context.document.text(start, len) != wanted
            {
                continue;
            }
            registers.set(require.register, material.slot);
            if let Some(filter) = &require.filter
                && filter.program.run(context, registers) == Tri::False
            {
                continue;
            }
            let status = form(require, material.slot, context, registers);
            if rank(&status) > rank(&best) {
                best = status;
            }
        }
        best
    }
}

/// The better status of two materials of one kind counts.
fn rank(status: &LineStatus) -> u8 {
    match status {
        LineStatus::Missing => 0,
        LineStatus::Deficient { .. } => 1,
        LineStatus::Conditional(_) => 2,
        LineStatus::Provided(_) => 3,
    }
}

/// Has a material the form that is asked for?
fn form(require: &Require, material: u32, context: &Context<'_>, registers: &mut Registers) -> LineStatus {
    let mut unmet = Vec::new();
    let mut unknowns = Unknowns::default();
    let mut open = false;
    for (index, demand) in require.demands.iter().enumerate() {
        match demand.that.program.run(context, registers) {
            Tri::True => {}
            Tri::False => unmet.push(index),
            Tri::Unknown | Tri::Failed => {
                open = true;
                settle(demand, context, registers, &mut unknowns);
            }
        }
    }
    if !unmet.is_empty() {
        return LineStatus::Deficient { material, demands: unmet };
    }
    if open { LineStatus::Conditional(unknowns.slots) } else { LineStatus::Provided(material) }
}

/// Collects the fields that would settle a demand.
fn settle(demand: &Demand, context: &Context<'_>, registers: &Registers, unknowns: &mut Unknowns) {
    let _: Result<Value<'_>, _> = evaluate(&demand.that.expr, context, registers, unknowns);
}
