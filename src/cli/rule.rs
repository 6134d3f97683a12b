//! `rule`: one rule or fact of any layer.

use std::sync::Arc;

use clap::Args;

use super::check::Format;
use super::failure::Done;
use super::filing::PolicyArgs;
use super::terminal::Terminal;
use crate::maintain::test::raw_cases;
use crate::policy::{Layer, Policies};
use crate::report::card::{Cards, CaseName};
use crate::report::text::{TextOptions, fact_text, rule_text};
use crate::source::{Diagnostic, Diagnostics, nearest};

/// Ids that are named when none is the one that was asked for.
const MAX_NAMED: usize = 6;

const EXAMPLES: &str = "\
Examples:
  beian rule 44.org.age.min16
  beian rule 44.org.age.min16 --format json
  beian rule age            names the ids with `age` in them";

/// One rule or fact: what it asks, of whom, since when, who says so, its cases
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub(super) struct RuleArgs {
    /// The id of a rule or of a fact, as reports show it
    #[arg(value_name = "ID")]
    id: String,
    /// How it is written
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    format: Format,
    #[command(flatten)]
    policies: PolicyArgs,
}

/// Prints the card.
pub(super) fn run(args: &RuleArgs, terminal: &Terminal) -> Done {
    let policies = args.policies.load()?;
    let layers = layers(&policies, terminal);
    let cards = Cards::new(&policies.world, &layers, terminal.language);
    let options =
        TextOptions { language: terminal.language, width: terminal.width, color: terminal.color, source: None };
    if let Some(card) = cards.rule(&args.id, cases(&policies, &layers, &args.id, terminal)) {
        match args.format {
            Format::Text => terminal.print(&rule_text(&card, &options))?,
            Format::Json => terminal.json(&card)?,
        }
    } else if let Some(card) = cards.fact(&args.id) {
        match args.format {
            Format::Text => terminal.print(&fact_text(&card, &options))?,
            Format::Json => terminal.json(&card)?,
        }
    } else {
        return Err(unknown(&args.id, &cards.ids()).into());
    }
    Ok(0)
}

/// All layers that can be read. A layer that cannot must not hide the rules of the others.
fn layers(policies: &Policies, terminal: &Terminal) -> Vec<Arc<Layer>> {
    let mut layers = Vec::new();
    let mut problems = Diagnostics::new();
    for folder in policies.folders() {
        match policies.layer(folder) {
            Ok(layer) => layers.push(layer),
            Err(found) => {
                let message = format!("the layer `{folder}` cannot be read: {} errors", found.error_count());
                problems.push(Diagnostic::warning("unreadable-layer", message).help("`beian lint` shows them"));
            }
        }
    }
    terminal.complain(&problems);
    layers
}

/// The cases that name a rule.
fn cases(policies: &Policies, layers: &[Arc<Layer>], id: &str, terminal: &Terminal) -> Vec<CaseName> {
    let Some(layer) = layers.iter().find(|layer| layer.rule(id).is_some()) else { return Vec::new() };
    let mut problems = Diagnostics::new();
    let raw = raw_cases(policies, &layer.folder, &mut problems);
    terminal.complain(&problems);
    let mut cases = Vec::new();
    for case in raw.iter().flat_map(|raw| &raw.cases) {
        for (expectation, (rule, _)) in &case.expectations {
            if rule == id {
                cases.push(CaseName { name: case.name.0.clone(), expects: expectation.key() });
            }
        }
    }
    cases
}

fn unknown(id: &str, ids: &[&str]) -> Diagnostic {
    let unknown = Diagnostic::error("unknown-id", format!("there is no rule and no fact `{id}`"));
    let part: Vec<&str> = ids.iter().copied().filter(|known| !id.is_empty() && known.contains(id)).collect();
    let mut named = part.iter().take(MAX_NAMED).map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
    if part.len() > MAX_NAMED {
        named.push_str(&format!(" and {} more", part.len() - MAX_NAMED));
    }
    match (part.as_slice(), nearest(id, ids.iter().copied())) {
        ([one], _) => unknown.help(format!("did you mean `{one}`?")),
        ([], Some(near)) => unknown.help(format!("did you mean `{near}`?")),
        ([], None) => unknown.help("reports show the ids of rules in brackets, such as `miit.all.contact.mobile`"),
        _ => unknown.help(format!("ids with `{id}` in them are {named}")),
    }
}
