//! Policy files as they are written: every key read, every value with its place, nothing resolved yet.

mod case;
mod catalogue;
mod layer;
mod rule;
mod topics;

pub use case::{Expectation, RawCase, RawCases, read_cases};
pub use catalogue::{RawCategory, RawForm, RawFunction, RawMaterial, read_forms, read_functions, read_materials};
pub use layer::{Confidence, Fact, FactKind, LayerHead, RawFacts, Severity, Source, read_facts};
pub use rule::{
    RawApplicability, RawBody, RawCheck, RawCommon, RawRequire, RawRule, RawRules, RawScript, read_checks, read_rules,
};
pub use topics::{Topic, read_topics};

use std::sync::Arc;

use crate::schema::Expression;
use crate::source::{Diagnostics, Fields, SourceFile, Span};

/// A text and its place.
pub type Placed = (String, Span);

fn placed((text, span): (&str, Span)) -> Placed {
    (text.to_owned(), span)
}

fn expression(
    fields: &mut Fields<'_>,
    key: &'static str,
    file: &Arc<SourceFile>,
    out: &mut Diagnostics,
) -> Option<Expression> {
    let (text, span) = fields.text(key, out)?;
    Some(Expression { text: text.to_owned(), file: Arc::clone(file), span })
}
