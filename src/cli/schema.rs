//! `schema`: JSON Schemas, for editors and validators.

use clap::{Args, ValueEnum};

use super::failure::Done;
use super::terminal::Terminal;
use crate::source::Diagnostic;

/// What a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// A filing
    Filing,
    /// Policy files
    Policy,
    /// The report
    Report,
}

/// The JSON Schema of filings, policies or reports
#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// What it describes
    #[arg(value_enum)]
    what: What,
}

/// Prints the schema.
pub(super) fn run(args: &SchemaArgs, _: &Terminal) -> Done {
    let what = args.what.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    Err(Diagnostic::error("not-available", format!("there is no schema of `{what}` yet")).into())
}
