//! `policies`: the layers that there are, and their files to start from.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use unicode_width::UnicodeWidthStr;

use super::failure::{Done, Failure};
use super::filing::PolicyArgs;
use super::lint::layer_id;
use super::terminal::Terminal;
use crate::source::{Diagnostic, Diagnostics};

const EXAMPLES: &str = "\
Examples:
  beian policies list
  beian policies checks 域名              the shared checks whose id or title says 域名
  beian policies export my-policies      then: beian check filing.toml --policies my-policies";

/// The policies themselves: list the layers and the shared checks, or write the files out
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct PoliciesArgs {
    #[command(subcommand)]
    command: PoliciesCommand,
}

#[derive(Debug, Subcommand)]
enum PoliciesCommand {
    /// List the layers: id, name, rules, facts
    List(ListArgs),
    /// List the shared checks: id, parameters, title
    Checks(ChecksArgs),
    /// Write the policy files into a folder
    Export(ExportArgs),
}

#[derive(Debug, Args)]
struct ListArgs {
    #[command(flatten)]
    policies: PolicyArgs,
}

#[derive(Debug, Args)]
struct ChecksArgs {
    /// Only checks whose id or title contains this
    #[arg(value_name = "WORD")]
    word: Option<String>,
    #[command(flatten)]
    policies: PolicyArgs,
}

#[derive(Debug, Args)]
struct ExportArgs {
    /// The folder; it is made when it is not there
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Write into a folder that is not empty, over files of the same names
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    policies: PolicyArgs,
}

/// Lists or exports.
pub(super) fn run(args: &PoliciesArgs, terminal: &Terminal) -> Done {
    match &args.command {
        PoliciesCommand::List(args) => list(args, terminal),
        PoliciesCommand::Checks(args) => checks(args, terminal),
        PoliciesCommand::Export(args) => export(args, terminal),
    }
}

fn list(args: &ListArgs, terminal: &Terminal) -> Done {
    let policies = args.policies.load()?;
    let mut rows: Vec<[String; 4]> = Vec::new();
    let mut problems = Diagnostics::new();
    for folder in policies.folders() {
        match policies.layer(folder) {
            Ok(layer) => rows.push([
                layer.id.clone(),
                layer.name.clone(),
                layer.rules.len().to_string(),
                layer.facts().facts.len().to_string(),
            ]),
            Err(found) => {
                let errors = found.error_count();
                let broken =
                    terminal.say(format!("（读不了：{errors} 处错误）"), format!("(cannot be read: {errors} errors)"));
                rows.push([layer_id(folder).to_owned(), broken, String::new(), String::new()]);
                problems.extend(found);
            }
        }
    }
    let titles = terminal.say(["编号", "名称", "规则", "事实"], ["id", "name", "rules", "facts"]);
    let titles = titles.map(str::to_owned);
    let mut widths = [0; 4];
    for row in std::iter::once(&titles).chain(&rows) {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let text: String = std::iter::once(&titles).chain(&rows).map(|row| line(row, &widths)).collect();
    terminal.print(&text)?;
    terminal.complain(&problems);
    Ok(if problems.has_errors() { 2 } else { 0 })
}

/// Words to the left, counts to the right.
fn line(row: &[String; 4], widths: &[usize; 4]) -> String {
    let mut line = String::new();
    for (index, (cell, width)) in row.iter().zip(widths).enumerate() {
        let space = " ".repeat(width.saturating_sub(cell.width()));
        line.push_str(&if index < 2 { format!("{cell}{space}  ") } else { format!("{space}{cell}  ") });
    }
    line.trim_end().to_owned() + "\n"
}

/// The shared checks, so that a maintainer finds the one there is before writing another.
fn checks(args: &ChecksArgs, terminal: &Terminal) -> Done {
    let policies = args.policies.load()?;
    let world = &policies.world;
    let mut ids: Vec<&String> = world.checks.keys().collect();
    ids.sort();
    let mut text = String::new();
    for id in ids {
        let Some(check) = world.checks.get(id) else { continue };
        let title = check.raw.common.title.as_ref().map_or("", |title| title.text.as_str());
        if args.word.as_ref().is_some_and(|word| !id.contains(word.as_str()) && !title.contains(word.as_str())) {
            continue;
        }
        text.push_str(&format!("{id}\n    {title}\n"));
        for (name, (ty, _)) in check.raw.parameters.iter().map(|((name, _), ty)| (name, ty)) {
            let default = check.raw.defaults.iter().any(|entry| entry.key == *name);
            let optional = if default { terminal.say("（可不写）", " (optional)") } else { "" };
            text.push_str(&format!("    {name}: {ty}{optional}\n"));
        }
    }
    if text.is_empty() {
        let word = args.word.as_deref().unwrap_or_default();
        return Err(Diagnostic::error("no-check", format!("no check has `{word}` in its id or title")).into());
    }
    terminal.print(&text)?;
    Ok(0)
}

fn export(args: &ExportArgs, terminal: &Terminal) -> Done {
    let files = args.policies.files()?;
    let folder = &args.folder;
    let taken = match std::fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) => return Err(Failure::file("unwritable", "written", folder, &error)),
    };
    if taken && !args.force {
        return Err(Diagnostic::error("folder-not-empty", format!("`{}` is not empty", folder.display()))
            .help("name a new folder, or write over its files with `--force`")
            .into());
    }
    let paths = files.list();
    for path in &paths {
        if let Some(bytes) = files.bytes(path) {
            write(&folder.join(path), &bytes)?;
        }
    }
    let (count, folder) = (paths.len(), folder.display());
    terminal.print(
        &terminal.say(format!("{count} 个文件写到了 {folder}\n"), format!("{count} files written to {folder}\n")),
    )?;
    Ok(0)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let unwritable = |error| Failure::file("unwritable", "written", path, &error);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(unwritable)?;
    }
    std::fs::write(path, bytes).map_err(unwritable)
}
