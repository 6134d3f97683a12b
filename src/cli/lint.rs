//! `lint`: everything that can be wrong with policies.

use clap::Args;

use super::failure::Done;
use super::filing::PolicyArgs;
use super::terminal::Terminal;
use crate::maintain::{across, lint};
use crate::policy::Policies;
use crate::source::{Diagnostic, Diagnostics};

const EXAMPLES: &str = "\
Examples:
  beian lint                                    the built-in policies
  beian lint --policies policies --layer 44     one layer of a folder
  beian lint --across                           what layers say in the same words and encode differently

Exit status: 0 no errors, 1 errors, 2 the call is wrong";

/// Check policies: all mistakes of all layers, and what loading alone does not see
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct LintArgs {
    /// Only this layer: miit, a provider's id or a province's code
    #[arg(long, value_name = "ID")]
    layer: Option<String>,
    /// Also compare the layers: the same words encoded differently, rules for others than their facts are about
    #[arg(long)]
    across: bool,
    #[command(flatten)]
    policies: PolicyArgs,
}

/// Prints what is wrong, and the counts.
pub(super) fn run(args: &LintArgs, terminal: &Terminal) -> Done {
    let files = args.policies.files()?;
    let policies = match Policies::load(&files) {
        Ok(policies) => policies,
        Err(problems) => return report(&problems, &[0; 3], terminal),
    };
    if let Some(id) = &args.layer {
        known_layer(&policies, id)?;
    }
    let mut found = lint(&policies, args.layer.as_deref());
    if args.across && !found.has_errors() {
        found.extend(across(&policies));
    }
    report(&found, &size(&policies, args.layer.as_deref()), terminal)
}

/// A layer that is there.
pub(super) fn known_layer(policies: &Policies, id: &str) -> Result<(), Diagnostic> {
    if policies.folder_of(id).is_some() {
        return Ok(());
    }
    let ids: Vec<&str> = policies.folders().iter().map(|folder| layer_id(folder)).collect();
    Err(Diagnostic::error("unknown-layer", format!("there is no layer `{id}`"))
        .help(format!("the layers are {}", ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")))
        .suggest(id, ids))
}

/// The id of the layer of a folder, as far as its name says it.
pub(super) fn layer_id(folder: &str) -> &str {
    match folder.split_once('/') {
        Some(("provinces", name)) => name.split_once('-').map_or(name, |(code, _)| code),
        Some((_, name)) => name,
        None => "miit",
    }
}

/// Layers, rules and facts that could be read.
fn size(policies: &Policies, only: Option<&str>) -> [usize; 3] {
    let only = only.and_then(|id| policies.folder_of(id));
    let mut size = [0; 3];
    for folder in policies.folders().iter().filter(|folder| only.is_none_or(|only| only == *folder)) {
        if let Ok(layer) = policies.layer(folder) {
            size = [size[0] + 1, size[1] + layer.rules.len(), size[2] + layer.facts().facts.len()];
        }
    }
    size
}

fn report(found: &Diagnostics, [layers, rules, facts]: &[usize; 3], terminal: &Terminal) -> Done {
    let errors = found.error_count();
    let warnings = found.len() - errors;
    let mut text = String::new();
    if !found.is_empty() {
        text = terminal.rendered(found) + "\n\n";
    }
    text.push_str(&terminal.say(
        format!("错误 {errors} · 警告 {warnings} · 层 {layers} · 规则 {rules} · 事实 {facts}\n"),
        format!("{errors} errors, {warnings} warnings; {layers} layers, {rules} rules, {facts} facts\n"),
    ));
    terminal.print(&text)?;
    Ok(u8::from(errors > 0))
}
