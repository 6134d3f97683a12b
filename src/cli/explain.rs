//! `explain`: why a rule came out as it did on a filing.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::failure::Done;
use super::filing::{Desk, FilingArgs};
use super::terminal::Terminal;
use crate::report::text::{TextOptions, explain_text};
use crate::source::Diagnostic;

const EXAMPLES: &str = "\
Examples:
  beian explain filing.toml 44.all.contact.two-distinct
  beian explain filing.toml miit.all.certificate.original      also why it does not apply
  beian explain filing.toml 31.org.domain.owner --format json

Exit status: 0 explained, 2 the input, a policy or the call is wrong";

/// How the explanation is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// A tree for reading
    #[default]
    Text,
    /// The same as data
    Json,
}

/// Explain a decision: every part of a rule's conditions, its value, and the fields behind it
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ExplainArgs {
    /// The filing in TOML or JSON; `-` is the standard input
    #[arg(value_name = "FILING")]
    filing: PathBuf,
    /// The rule
    #[arg(value_name = "RULE")]
    rule: String,
    /// How it is written
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    format: Format,
    #[command(flatten)]
    options: FilingArgs,
}

/// Evaluates the rule again and prints the tree.
pub(super) fn run(args: &ExplainArgs, terminal: &Terminal) -> Done {
    let desk = Desk::open(&args.options, terminal.language)?;
    let explanation = desk.explain(&args.filing, &args.rule)?;
    match args.format {
        Format::Json => terminal.json(&explanation)?,
        Format::Text => {
            let options =
                TextOptions { language: terminal.language, width: terminal.width, color: terminal.color, source: None };
            terminal.print(&explain_text(&explanation, &options))?;
        }
    }
    Ok(0)
}

/// There is no such rule among the layers of the filing.
pub(super) fn unknown_rule<'a>(id: &str, ids: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    Diagnostic::error("unknown-rule", format!("no layer of this filing has a rule `{id}`"))
        .help("a filing has the layers of the nation, its provider and its province; `beian rule ID` finds rules of all layers")
        .suggest(id, ids)
}
