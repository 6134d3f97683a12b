//! `compare`: layers side by side, and a filing in one place and in another.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::failure::{Done, Failure};
use super::filing::{Desk, FilingArgs};
use super::lint::known_layer;
use super::terminal::Terminal;
use crate::filing::Document;
use crate::maintain::compare::{Where, compare, judge, judge_everywhere, moved};
use crate::policy::{Layer, Policies};
use crate::report::text::{
    TextOptions, compare_markdown, compare_text, move_markdown, move_text, moves_markdown, moves_text,
};
use crate::report::{self, fields};
use crate::source::{Diagnostic, Diagnostics, SourceFile};

const EXAMPLES: &str = "\
Examples:
  beian compare 44 31                            two provinces, topic by topic
  beian compare aliyun tencent-cloud --topic domain
  beian compare --topic residence                all bureaus: who asks what
  beian compare --filing filing.toml             the filing in every province
  beian compare --filing filing.toml --to 31     what changes if it went to Shanghai

Exit status: 0 compared, 2 the input, a policy or the call is wrong";

/// How a comparison is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// For reading
    #[default]
    Text,
    /// Tables or lists in Markdown
    Markdown,
    /// For programs
    Json,
}

/// Compare provinces or providers topic by topic, or a filing in one place and in another
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub(super) struct CompareArgs {
    /// Layers: codes of provinces, ids of providers, `miit`
    #[arg(value_name = "LAYER", conflicts_with = "file")]
    layers: Vec<String>,
    /// Only this topic, such as `age`; without layers, over all bureaus
    #[arg(long, value_name = "TOPIC", conflicts_with = "file")]
    topic: Option<String>,
    /// Also show what all of them share equally
    #[arg(long, conflicts_with = "file")]
    all: bool,
    /// Compare what comes out of this filing; `-` is the standard input
    #[arg(long = "filing", value_name = "FILE", id = "file")]
    file: Option<PathBuf>,
    /// The province that it would go to (such as 31); by default each of them
    #[arg(long, value_name = "CODE", requires = "file")]
    to: Option<String>,
    /// The provider that it would go to (such as aliyun)
    #[arg(long, value_name = "ID", requires = "file")]
    to_provider: Option<String>,
    /// How it is written
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    format: Format,
    #[command(flatten)]
    filing: FilingArgs,
}

/// Compares layers, or a filing's reports.
pub(super) fn run(args: &CompareArgs, terminal: &Terminal) -> Done {
    match &args.file {
        Some(file) => run_filing(args, file, terminal),
        None => run_layers(args, terminal),
    }
}

fn run_layers(args: &CompareArgs, terminal: &Terminal) -> Done {
    let policies = args.filing.policies.load()?;
    let layers = layers(args, &policies)?;
    let topic = args.topic.as_deref().map(|topic| known_topic(&policies, &layers, topic)).transpose()?;
    let comparison = compare(&policies.world, &layers, topic.as_deref(), terminal.language);
    match args.format {
        Format::Text => terminal.print(&compare_text(&comparison, args.all, &options(terminal)))?,
        Format::Markdown => terminal.print(&compare_markdown(&comparison, args.all, terminal.language))?,
        Format::Json => terminal.json(&comparison)?,
    }
    Ok(0)
}

/// The layers that were named, each once; all bureaus when none was.
fn layers(args: &CompareArgs, policies: &Policies) -> Result<Vec<Arc<Layer>>, Failure> {
    let mut folders: Vec<&str> = Vec::new();
    for id in &args.layers {
        known_layer(policies, id)?;
        folders.extend(policies.folder_of(id).filter(|folder| !folders.contains(folder)));
    }
    if folders.len() == 1 {
        let alone = Diagnostic::error("wrong-call", "one layer has nothing to be compared with");
        return Err(alone.help("name two or more, or only `--topic` for all bureaus").into());
    }
    if folders.is_empty() {
        if args.topic.is_none() {
            let nothing = Diagnostic::error("wrong-call", "nothing says what to compare");
            return Err(nothing.help("name layers such as `44 31`, or give `--topic` or `--filing`").into());
        }
        folders.extend(policies.folders().iter().map(String::as_str).filter(|name| name.starts_with("provinces/")));
    }
    let mut layers = Vec::new();
    let mut problems = Diagnostics::new();
    for folder in folders {
        match policies.layer(folder) {
            Ok(layer) => layers.push(layer),
            Err(found) => problems.extend(found),
        }
    }
    if problems.has_errors() { Err(problems.into()) } else { Ok(layers) }
}

/// A topic by its id or its name.
fn known_topic(policies: &Policies, layers: &[Arc<Layer>], topic: &str) -> Result<String, Diagnostic> {
    let topics = &policies.world.topics;
    let named =
        |known: &&crate::policy::Topic| known.id.0 == topic || known.label.zh == topic || known.label.en == topic;
    if let Some(found) = topics.iter().find(named) {
        return Ok(found.id.0.clone());
    }
    // a set without topics.toml has those that its facts say
    let of_facts = layers.iter().flat_map(|layer| layer.facts().facts.iter().map(|fact| fact.topic.as_str()));
    let mut ids: Vec<&str> = topics.iter().map(|topic| topic.id.0.as_str()).collect();
    if topics.is_empty() {
        ids.extend(of_facts);
        ids.sort_unstable();
        ids.dedup();
        if ids.contains(&topic) {
            return Ok(topic.to_owned());
        }
    }
    let file = SourceFile::new("--topic", topic);
    let named = ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
    Err(Diagnostic::error("unknown-topic", format!("there is no topic `{topic}`"))
        .at(&file, 0..topic.len(), "no such topic")
        .help(format!("the topics are {named}"))
        .suggest(topic, ids))
}

fn run_filing(args: &CompareArgs, path: &Path, terminal: &Terminal) -> Done {
    let desk = Desk::open(&args.filing, terminal.language)?;
    let place = Where { province: args.to.clone(), provider: args.to_provider.clone() };
    destination(&desk, &place)?;
    let (mut document, file, form) = desk.read(path)?;
    desk.overridden(&mut document)?;
    let day = desk.day(&mut document)?;
    let options = report::Options { source: Some((file, form)), ..desk.report_options() };
    let name = path.display().to_string();
    if place.province.is_none() && place.provider.is_none() {
        let moves = judge_everywhere(&desk.policies, &document, day, &options)?;
        match args.format {
            Format::Text => terminal.print(&moves_text(&moves, &name, &self::options(terminal)))?,
            Format::Markdown => terminal.print(&moves_markdown(&moves, &name, terminal.language))?,
            Format::Json => terminal.json(&moves)?,
        }
        return Ok(0);
    }
    let before = judge(&desk.policies, &document, &Where::default(), day, &options)?;
    let after = judge(&desk.policies, &document, &place, day, &options)?;
    let change = moved(&before, &after);
    match args.format {
        Format::Text => terminal.print(&move_text(&change, &name, &self::options(terminal)))?,
        Format::Markdown => terminal.print(&move_markdown(&change, &name, terminal.language))?,
        Format::Json => terminal.json(&change)?,
    }
    Ok(0)
}

/// The province and the provider exist; a mistake points at the option.
fn destination(desk: &Desk<'_>, place: &Where) -> Result<(), Diagnostics> {
    let mut document = Document::empty(&desk.policies.world.schema);
    if let Some(code) = &place.province {
        desk.known_province("--to", code)?;
        desk.put(&mut document, fields::PROVINCE, "--to", code)?;
    }
    if let Some(id) = &place.provider {
        desk.put(&mut document, fields::PROVIDER, "--to-provider", id)?;
    }
    Ok(())
}

fn options(terminal: &Terminal) -> TextOptions<'static> {
    TextOptions { language: terminal.language, width: terminal.width, color: terminal.color, source: None }
}
