//! `checklist`: only the materials, of a filing or of one that is only planned.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::check::Format;
use super::failure::Done;
use super::filing::{Checked, Desk, FilingArgs};
use super::terminal::Terminal;
use crate::filing::Document;
use crate::report::fields;
use crate::report::text::{TextOptions, checklist_text};
use crate::report::{ErrorEntry, FilingHead, Item, PolicyEntry, Report};
use crate::source::Diagnostics;

const EXAMPLES: &str = "\
Examples:
  beian checklist filing.toml
  beian checklist --province 44 --provider tencent-cloud --nature individual --service app --kind initial
  beian checklist --province 31 --nature enterprise --service website --service mini_program --format json

Without a filing, materials that only some filings need are shown with the fields that decide it";

/// The materials that a filing needs, or that a planned one will need
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub(super) struct ChecklistArgs {
    /// A filing in TOML or JSON; `-` is the standard input
    #[arg(value_name = "FILING", conflicts_with_all = ["nature", "service", "kind"], required_unless_present_any = ["province", "provider", "nature", "service", "kind"])]
    filing: Option<PathBuf>,
    /// The nature of the subject, such as individual or enterprise
    #[arg(long, value_name = "NATURE", help_heading = "Without a filing")]
    nature: Option<String>,
    /// The kind of a service, such as website or app; once for each service
    #[arg(long, value_name = "KIND", help_heading = "Without a filing")]
    service: Vec<String>,
    /// The kind of filing, such as initial
    #[arg(long, value_name = "KIND", help_heading = "Without a filing")]
    kind: Option<String>,
    /// How the checklist is written
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    format: Format,
    #[command(flatten)]
    options: FilingArgs,
}

/// What JSON says.
#[derive(Serialize)]
struct Materials<'a> {
    version: u32,
    filing: &'a FilingHead,
    policies: &'a [PolicyEntry],
    checklist: &'a [Item],
    errors: &'a [ErrorEntry],
}

/// Prints the checklist.
pub(super) fn run(args: &ChecklistArgs, terminal: &Terminal) -> Done {
    let desk = Desk::open(&args.options, terminal.language)?;
    let checked = match &args.filing {
        Some(path) => desk.file(path)?,
        None => desk.document(planned(args, &desk)?, None)?,
    };
    print(&checked, args, terminal)?;
    Ok(if checked.report.errors.is_empty() { 0 } else { 2 })
}

/// A document of which only the options are known.
fn planned(args: &ChecklistArgs, desk: &Desk<'_>) -> Result<Document, Diagnostics> {
    let mut document = Document::empty(&desk.policies.world.schema);
    let mut out = Diagnostics::new();
    let mut put = |path: &str, option: &str, text: &str| {
        if let Err(problems) = desk.put(&mut document, path, option, text) {
            out.extend(problems);
        }
    };
    if let Some(kind) = &args.kind {
        put(fields::KIND, "--kind", kind);
    }
    if let Some(nature) = &args.nature {
        put(fields::NATURE, "--nature", nature);
    }
    for (index, kind) in args.service.iter().enumerate() {
        put(&format!("{}[{index}].{}", fields::SERVICES, fields::SERVICE_KIND), "--service", kind);
    }
    if out.has_errors() { Err(out) } else { Ok(document) }
}

fn print(checked: &Checked, args: &ChecklistArgs, terminal: &Terminal) -> Result<(), super::Failure> {
    let report: &Report = &checked.report;
    match args.format {
        Format::Json => terminal.json(&Materials {
            version: report.version,
            filing: &report.filing,
            policies: &report.policies,
            checklist: &report.checklist,
            errors: &report.errors,
        }),
        Format::Text => {
            let options = TextOptions {
                language: terminal.language,
                width: terminal.width,
                color: terminal.color,
                source: checked.shown.as_ref(),
            };
            terminal.print(&checklist_text(report, &options, args.filing.is_none()))
        }
    }
}
