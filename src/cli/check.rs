//! `check`: the report of filings.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::failure::Done;
use super::filing::{Checked, Desk, FilingArgs, STDIN};
use super::terminal::Terminal;
use crate::report::text::{TextOptions, report_text};
use crate::report::{Report, Verdict};
use crate::source::{Diagnostic, Diagnostics, Problem};

const EXAMPLES: &str = "\
Examples:
  beian check filing.toml
  beian check filing.json --province 31 --as-of 2027-03-01
  beian check filings/*.toml --format json
  export-filing 4711 | beian check - --input-format json

Exit status: 0 ready or only to be reviewed, 1 rejected or information is missing,
2 the input, a policy or the call is wrong, or a rule failed";

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Format {
    /// For reading
    #[default]
    Text,
    /// For programs: one report, or of several filings a list of `{file, report}` and `{file, errors}`
    Json,
}

/// Check filings: what would get them rejected, which materials they need, what is still open
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct CheckArgs {
    /// Filings in TOML or JSON; `-` is the standard input
    #[arg(required = true, value_name = "FILING")]
    filings: Vec<PathBuf>,
    /// How the report is written
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    format: Format,
    #[command(flatten)]
    filing: FilingArgs,
}

/// What JSON says of one of several filings.
#[derive(Serialize)]
struct Entry<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<&'a Report>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Vec<Problem>>,
}

/// Checks every filing; one that is wrong does not stop the others.
pub(super) fn run(args: &CheckArgs, terminal: &Terminal) -> Done {
    if args.filings.iter().filter(|path| path.as_os_str() == STDIN).count() > 1 {
        return Err(Diagnostic::error("wrong-call", "`-` stands twice: the standard input can be read once").into());
    }
    let desk = Desk::open(&args.filing, terminal.language)?;
    let mut status = 0;
    let mut results: Vec<(String, Result<Checked, Diagnostics>)> = Vec::new();
    let mut printed = 0;
    for path in &args.filings {
        let result = desk.file(path);
        status = status.max(exit_status(&result));
        if let Err(problems) = &result {
            terminal.complain(problems);
        }
        match (&result, args.format) {
            (Ok(checked), Format::Text) => {
                let rule = if printed > 0 { format!("\n{}\n\n", "═".repeat(terminal.width)) } else { String::new() };
                terminal.print(&format!("{rule}{}", text(checked, terminal)))?;
                printed += 1;
            }
            (Err(_), Format::Text) => {}
            (_, Format::Json) => results.push((path.display().to_string(), result)),
        }
    }
    if args.format == Format::Json {
        json(&results, terminal)?;
    }
    Ok(status)
}

fn text(checked: &Checked, terminal: &Terminal) -> String {
    let options = TextOptions {
        language: terminal.language,
        width: terminal.width,
        color: terminal.color,
        source: checked.shown.as_ref(),
    };
    report_text(&checked.report, &options)
}

fn json(results: &[(String, Result<Checked, Diagnostics>)], terminal: &Terminal) -> Result<(), super::Failure> {
    match results {
        [(_, Ok(checked))] => terminal.json(&checked.report),
        [wrong] => terminal.json(&entry(wrong)),
        several => terminal.json(&several.iter().map(entry).collect::<Vec<_>>()),
    }
}

fn entry((file, result): &(String, Result<Checked, Diagnostics>)) -> Entry<'_> {
    let errors = result.as_ref().err().map(Diagnostics::problems);
    Entry { file, report: result.as_ref().ok().map(|checked| &checked.report), errors }
}

fn exit_status(result: &Result<Checked, Diagnostics>) -> u8 {
    match result {
        Err(_) => 2,
        Ok(checked) if !checked.report.errors.is_empty() => 2,
        Ok(checked) => match checked.report.verdict {
            Verdict::Rejected | Verdict::NeedsInformation => 1,
            Verdict::NeedsReview | Verdict::Ready => 0,
        },
    }
}
