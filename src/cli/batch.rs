//! `batch`: many filings in one stream.

use std::fmt::Write as _;
use std::io::IsTerminal;
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::failure::{Done, Failure};
use super::filing::PolicyArgs;
use super::terminal::Terminal;
use super::today::today;
use crate::batch::{
    Compression, Ended, Input, Limits, Named, Output, Overrides, Part, Progress, Settings, Summary, run as stream,
};
use crate::source::Diagnostic;

const EXAMPLES: &str = "\
Examples:
  beian batch filings.ndjson > reports.ndjson
  beian batch 2026-*.ndjson.zst --output reports.ndjson.zst --only verdict,violations
  export-filings | beian batch - --province 44 --summary summary.json | other-program

A file has one filing per line in JSON, or is one JSON list of filings; .gz and .zst are unpacked. Of each filing there is
one line, in the same order: {line, report}, or {line, offset, errors} of one that is wrong

Exit status: 0 every filing was evaluated, 1 some are wrong or a rule failed, 2 the call or a policy is wrong or there were
too many errors, 130 interrupted";

/// The status of a program that was interrupted.
const INTERRUPTED: u8 = 130;
/// How many rules and materials the text names.
const TOP: usize = 10;

/// Check a stream of filings on all cores: one report a line, in the same order, and a summary
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct BatchArgs {
    /// Files with one filing per line in JSON, or with a JSON list of filings, plain, .gz or .zst; `-` is the standard input
    #[arg(required = true, value_name = "FILE")]
    inputs: Vec<PathBuf>,
    /// Write the records to this file instead of the standard output; .gz and .zst are compressed
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
    /// Only these parts of each report, such as verdict,violations
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        value_name = "KEYS",
        help_heading = "Output",
        hide_possible_values = true
    )]
    only: Vec<PartArg>,
    /// Write the summary as JSON to this file, too
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    summary: Option<PathBuf>,
    /// Show id numbers, phones and e-mail addresses as they are
    #[arg(long, help_heading = "Output")]
    show_sensitive: bool,
    /// Evaluate as if submitted on this day (2026-11-24); by default each filing's filing.date, else today
    #[arg(long, value_name = "DATE", help_heading = "Filing")]
    as_of: Option<NaiveDate>,
    /// File in this province (two digits, such as 44), whatever the filings say
    #[arg(long, value_name = "CODE", help_heading = "Filing")]
    province: Option<String>,
    /// File with this access provider (such as tencent-cloud), whatever the filings say
    #[arg(long, value_name = "ID", help_heading = "Filing")]
    provider: Option<String>,
    /// How many filings are evaluated at once; by default as many as there are cores
    #[arg(long, short, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Stop at the Nth filing that is wrong
    #[arg(long, value_name = "N")]
    max_errors: Option<NonZeroU64>,
    #[command(flatten)]
    policies: PolicyArgs,
}

/// A part as it is named on the command line: by its key.
#[derive(Debug, Clone, Copy)]
struct PartArg(Part);

impl ValueEnum for PartArg {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [PartArg; Part::ALL.len()] = {
            let mut all = [PartArg(Part::Version); Part::ALL.len()];
            let mut index = 0;
            while index < all.len() {
                all[index] = PartArg(Part::ALL[index]);
                index += 1;
            }
            all
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.0.key()))
    }
}

/// Evaluates the stream.
pub(super) fn run(args: &BatchArgs, terminal: &Terminal) -> Done {
    let inputs = inputs(args)?;
    let overrides = Overrides { as_of: args.as_of, province: args.province.clone(), provider: args.provider.clone() };
    let mut settings = Settings::new(args.policies.load()?, &overrides, today())?;
    settings.language = terminal.language;
    settings.show_sensitive = args.show_sensitive;
    settings.parts = args.only.iter().map(|part| part.0).collect();
    let output = match &args.output {
        Some(path) => Output::create(path)?,
        None => Output::new(std::io::stdout(), Compression::None)
            .map_err(|error| Failure::file("unwritable", "written", Path::new("-"), &error))?,
    };
    let stop = stopped_by_signals()?;
    let jobs = args.jobs.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
    let limits = Limits { jobs, max_errors: args.max_errors.map(NonZeroU64::get) };
    let bar = bar(&inputs, terminal);
    let mut progress = |progress: Progress| {
        if let Some(bar) = &bar {
            bar.set_position(progress.read);
            let rate = progress.records as f64 / bar.elapsed().as_secs_f64().max(0.001);
            bar.set_message(terminal.say(format!("每秒 {rate:.0} 份"), format!("{rate:.0} filings/s")));
        }
    };
    let result = stream(&Arc::new(settings), inputs, limits, output, &stop, &mut progress);
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    let summary = result?;
    if let Some(path) = &args.summary {
        write_summary(path, &summary)?;
    }
    // whoever closed the output wants to hear nothing more
    if summary.ended != Ended::OutputClosed {
        eprint_quietly(&text(&summary, terminal));
    }
    Ok(match summary.ended {
        Ended::Interrupted => INTERRUPTED,
        Ended::TooManyErrors => 2,
        Ended::Finished | Ended::OutputClosed => u8::from(summary.errors > 0 || summary.failed_rules > 0),
    })
}

fn inputs(args: &BatchArgs) -> Result<Vec<Input>, Failure> {
    let inputs = args.inputs.iter().map(|path| Input::new(path)).collect::<Result<Vec<_>, _>>()?;
    if inputs.iter().filter(|input| input.is_stdin()).count() > 1 {
        return Err(Diagnostic::error("wrong-call", "`-` stands twice: the standard input can be read once").into());
    }
    if args.output.is_some() && args.output == args.summary {
        return Err(Diagnostic::error("wrong-call", "`--output` and `--summary` name one file").into());
    }
    for path in args.output.iter().chain(&args.summary) {
        if inputs.iter().any(|input| input.is_file(path)) {
            let message = format!("`{}` is read and would be overwritten", path.display());
            return Err(Diagnostic::error("wrong-call", message).help("write to another file").into());
        }
    }
    Ok(inputs)
}

/// A flag that is set when the program is asked to end; who asks twice does not wait.
fn stopped_by_signals() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    let handler = move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(INTERRUPTED));
        }
    };
    ctrlc::set_handler(handler)
        .map_err(|error| Diagnostic::error("no-signals", format!("signals cannot be received: {error}")))?;
    Ok(stop)
}

/// Only for eyes, and only when it is known how much there is.
fn bar(inputs: &[Input], terminal: &Terminal) -> Option<ProgressBar> {
    let total = inputs.iter().map(|input| input.size).sum::<Option<u64>>()?;
    if !std::io::stderr().is_terminal() {
        return None;
    }
    let left = terminal.say("还要", "left");
    let style = ProgressStyle::with_template(&format!(
        "{{wide_bar}} {{percent:>3}}%  {{bytes}}/{{total_bytes}}  {{msg}}  {left} {{eta}}"
    ));
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(5));
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(Duration::from_millis(500));
    Some(bar)
}

fn write_summary(path: &Path, summary: &Summary) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(summary).map_err(std::io::Error::from);
    let written = text.and_then(|text| std::fs::write(path, text + "\n"));
    written.map_err(|error| Failure::file("unwritable", "written", path, &error))
}

/// There is nowhere left to say that the standard error is closed.
fn eprint_quietly(text: &str) {
    let _: std::io::Result<()> = std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes());
}

/// The summary for reading.
fn text(summary: &Summary, terminal: &Terminal) -> String {
    let say = |zh: &'static str, en: &'static str| terminal.say(zh, en);
    let mut text = String::new();
    let ended = match summary.ended {
        Ended::Finished | Ended::OutputClosed => None,
        Ended::Interrupted => Some(say("被中断，下面是已完成的部分", "interrupted; this is what was done")),
        Ended::TooManyErrors => Some(say("错误太多，已停止", "stopped: too many errors")),
    };
    text.extend(ended.map(|ended| format!("{ended}\n")));
    let (filings, errors, seconds, rate) = (summary.filings, summary.errors, summary.seconds, summary.per_second);
    text += &terminal.say(
        format!("已检查 {filings} 份，出错 {errors} 份，用时 {seconds:.1} 秒，每秒 {rate:.0} 份\n"),
        format!("{filings} filings checked, {errors} wrong, {seconds:.1} s, {rate:.0} per second\n"),
    );
    let verdicts = &summary.verdicts;
    let verdicts = [
        (verdicts.rejected, say("会被驳回", "would be rejected")),
        (verdicts.needs_information, say("还不能判断", "need information")),
        (verdicts.needs_review, say("还要人工核对", "need review")),
        (verdicts.ready, say("可以提交", "ready")),
        (summary.failed_rules, say("有规则未能执行", "with rules that failed")),
    ];
    list(&mut text, say("结果", "Verdicts"), verdicts.map(|(count, name)| (count, name.to_owned())));
    let named = |named: &Named| {
        let name = match (&named.id, &named.name) {
            (Some(id), Some(name)) if name != id => format!("{name} ({id})"),
            (Some(id), _) => id.clone(),
            (None, _) => say("没有填", "not given").to_owned(),
        };
        let missing = if named.missing { say("，还没有规则", ", no policies yet") } else { "" };
        (named.filings, name + missing)
    };
    list(&mut text, say("省份", "Provinces"), summary.provinces.iter().map(named));
    list(&mut text, say("接入服务商", "Providers"), summary.providers.iter().map(named));
    let rules = summary.rules.iter().take(TOP).map(|rule| (rule.filings, format!("{} {}", rule.rule, rule.title)));
    list(&mut text, say("违反最多的规则", "Rules that are violated most"), rules);
    let materials = summary.materials.iter().take(TOP).map(|material| (material.filings, material.name.clone()));
    list(&mut text, say("缺得最多的材料", "Materials that are missing most"), materials);
    text
}

/// Counts under a title, without those of nothing.
fn list(text: &mut String, title: &str, lines: impl IntoIterator<Item = (u64, String)>) {
    let lines: Vec<_> = lines.into_iter().filter(|(count, _)| *count > 0).collect();
    if lines.is_empty() {
        return;
    }
    let width = lines.iter().map(|(count, _)| count.to_string().len()).max().unwrap_or_default();
    // writing to a text cannot fail
    let _: std::fmt::Result = writeln!(text, "\n{title}");
    for (count, line) in lines {
        let _: std::fmt::Result = writeln!(text, "  {count:>width$}  {line}");
    }
}
