//! Rules, checked and compiled.

use std::sync::Arc;

use super::raw::Severity;
use super::world::Stricter;
use crate::condition::{Expr, Place, Program, Target, Template, Ty, Value};
use crate::schema::Expression;
use crate::source::{SourceFile, Span};

/// The file of conditions that are made from applicability keys.
pub(super) const APPLICABILITY: &str = "applicability";

/// A condition of a rule: the tree that explains, and the program that decides.
#[derive(Debug)]
pub struct Clause {
    /// The tree.
    pub expr: Expr,
    /// The same, compiled.
    pub program: Program,
    /// Where it was written.
    pub source: Expression,
}

impl Clause {
    /// Compiles a checked expression.
    pub fn new(expr: Expr, source: Expression) -> Self {
        Self { program: Program::new(&expr), expr, source }
    }

    /// Was it written by someone, or made from an applicability key?
    pub fn is_written(&self) -> bool {
        self.source.file.name != APPLICABILITY
    }
}

/// A form that a requirement asks for.
#[derive(Debug)]
pub struct Demand {
    /// The form's index in the world.
    pub form: usize,
    /// The value that is asked for.
    pub value: Value<'static>,
    /// Its type.
    pub ty: Ty,
    /// Does the material have it?
    pub that: Clause,
    /// What it asks, in words.
    pub label: Template,
    /// The same in English.
    pub label_en: Template,
    /// What is said when it does not hold.
    pub missing: Template,
}

/// A material that is asked for.
#[derive(Debug)]
pub struct Require {
    /// Each line of the checklist: the materials of which one is needed, as indices of the catalogue.
    pub lines: Vec<Vec<usize>>,
    /// What a handed-in material must have.
    pub demands: Vec<Demand>,
    /// What a handed-in material must say that it is for.
    pub for_whom: Option<Clause>,
    /// Which handed-in materials count.
    pub filter: Option<Clause>,
    /// Words for the line.
    pub note: Option<Template>,
    /// The register of `material` in the clauses above.
    pub register: u8,
}

/// What a rule does.
#[derive(Debug)]
pub enum Body {
    /// Must hold.
    Assert(Box<Clause>),
    /// Must be handed in.
    Require(Box<Require>),
    /// Only a person can tell.
    Manual(Template),
    /// Information.
    Notice(Template),
    /// It could not be compiled, and says why: it fails wherever it applies. (Policies of a folder with such a rule are
    /// refused as a whole; the built-in ones are tested to have none.)
    Broken(String),
}

/// The shared check that a rule makes.
#[derive(Debug)]
pub struct Use {
    /// Its id.
    pub check: String,
    /// The parameters that must be equal for two rules to say the same: all but the ordered ones.
    pub key: String,
    /// The parameters of which the stricter value wins.
    pub ordered: Vec<(i64, Stricter)>,
    /// All parameters.
    pub with: Vec<(String, Value<'static>, Ty)>,
}

/// What selects a rule, without the rest of it.
#[derive(Debug, Clone)]
pub struct RuleHead {
    /// Unique in all layers.
    pub id: String,
    /// For each applicability key, the set of values.
    pub applies: Vec<u64>,
    /// The values that were written for each applicability key, for people.
    pub written: Vec<(String, Vec<String>)>,
    /// What it is evaluated per, as written.
    pub each: String,
    /// From this day (days from CE).
    pub from: Option<i64>,
    /// To this day.
    pub until: Option<i64>,
    /// The rules whose place it takes.
    pub replaces: Vec<String>,
}

impl RuleHead {
    /// Is it in force on a day?
    pub fn in_force(&self, day: i64) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Unique in all layers.
    pub id: String,
    /// The check that it makes, if it is not written in place.
    pub uses: Option<Use>,
    /// What it is evaluated per.
    pub target: Target,
    /// When it applies: all must hold.
    pub when: Vec<Clause>,
    /// What it does.
    pub body: Body,
    /// How bad a violation is.
    pub severity: Severity,
    /// The facts that it encodes, as indices of its layer.
    pub facts: Vec<usize>,
    /// What must hold, in words.
    pub title: Template,
    /// What to do.
    pub fix: Option<Template>,
    /// What else to know.
    pub note: Option<Template>,
    /// Where a violation points.
    pub at: Vec<Place>,
    /// The file it is written in.
    pub file: Arc<SourceFile>,
    /// The place of its id.
    pub span: Span,
}

impl Rule {
    /// What it does, in one word.
    pub fn kind(&self) -> &'static str {
        match self.body {
            Body::Assert(_) => "assert",
            Body::Require(_) => "require",
            Body::Manual(_) => "manual",
            Body::Notice(_) => "notice",
            Body::Broken(_) => "broken",
        }
    }
}
