//! A rule that is compiled when it is first needed.
//!
//! A filing needs a fraction of a layer's rules, and a run of the program often checks one filing. The policies that are
//! built in were checked when they were built in (`lint` is a test), so their rules wait; those of a folder are all
//! compiled when they are loaded, because every mistake must be shown before anything is evaluated.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::compile::{broken, compile_rule, head};
use super::layer::LayerParts;
use super::raw::{RawBody, RawRule};
use super::rule::{Rule, RuleHead};
use crate::source::Diagnostics;

/// A rule of a layer: its head at once, the rest when it is asked for.
pub struct LazyRule {
    /// What selects it.
    pub head: RuleHead,
    raw: RawRule,
    parts: Arc<LayerParts>,
    rule: OnceLock<Rule>,
}

impl std::fmt::Debug for LazyRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LazyRule({})", self.head.id)
    }
}

impl LazyRule {
    /// Reads the head; problems of it go to `out`.
    pub(super) fn new(parts: &Arc<LayerParts>, raw: RawRule, out: &mut Diagnostics) -> Self {
        let head = head(parts, &raw, out);
        Self { head, raw, parts: Arc::clone(parts), rule: OnceLock::new() }
    }

    /// The shared check that it makes, without compiling it.
    pub fn check(&self) -> Option<&str> {
        match &self.raw.body {
            RawBody::Use { check, .. } => Some(&check.0),
            _ => None,
        }
    }

    /// Compiles it now; problems go to `out`.
    pub(super) fn compile(&self, out: &mut Diagnostics) {
        if let Some(rule) = compile_rule(&self.parts, &self.head, &self.raw, out) {
            // a second thread may have been faster; both made the same
            let _ = self.rule.set(rule);
        }
    }
}

impl Deref for LazyRule {
    type Target = Rule;

    fn deref(&self) -> &Rule {
        self.rule.get_or_init(|| {
            let mut out = Diagnostics::new();
            match compile_rule(&self.parts, &self.head, &self.raw, &mut out) {
                Some(rule) => rule,
                None => broken(&self.head, &self.raw, out.to_string()),
            }
        })
    }
}
