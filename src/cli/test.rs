//! `test`: the cases of the policies, expected against got, and the rules that no case shows in both outcomes.

use clap::{Args, ValueEnum};
use serde_json::json;

use super::failure::Done;
use super::filing::PolicyArgs;
use super::lint::known_layer;
use super::terminal::Terminal;
use crate::maintain::test::{LayerResult, run as run_cases};
use crate::maintain::{Bases, diagnose};
use crate::policy::Policies;
use crate::source::{Diagnostic, Diagnostics};

const EXAMPLES: &str = "\
Examples:
  beian test                                    every case of the built-in policies
  beian test --policies policies --layer 44     the cases of one layer of a folder
  beian test --filter 居住证                     cases whose name says it

Exit status: 0 every case holds and every rule is shown in both outcomes, 1 not so, 2 the policies or the call are wrong";

/// How the result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

/// Run the cases of the policies: what each rule must say of which filing
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct TestArgs {
    /// Only this layer: miit, a provider's id or a province's code
    #[arg(long, value_name = "ID")]
    layer: Option<String>,
    /// Only cases whose name contains this; rules without cases are then not reported
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    policies: PolicyArgs,
}

/// Runs the cases and prints what was not as expected, and the counts.
pub(super) fn run(args: &TestArgs, terminal: &Terminal) -> Done {
    let policies = Policies::load(&args.policies.files()?)?;
    if let Some(id) = &args.layer {
        known_layer(&policies, id)?;
    }
    let mut problems = Diagnostics::new();
    let bases = Bases::read(&policies.world, &mut problems);
    let only = args.layer.as_deref().and_then(|id| policies.folder_of(id));
    let mut results = Vec::new();
    for folder in policies.folders().iter().filter(|folder| only.is_none_or(|only| only == *folder)) {
        results.push(run_cases(&policies, &bases, folder, args.filter.as_deref())?);
    }
    for result in &results {
        problems.extend(result.problems.clone());
        if args.filter.is_none() {
            problems.extend(diagnose(result));
        }
    }
    if results.iter().all(|result| result.cases.is_empty()) {
        // a test that runs nothing must not look like one that passes
        problems.push(match &args.filter {
            Some(filter) => Diagnostic::error("no-cases", format!("no case has `{filter}` in its name")),
            None => Diagnostic::error("no-cases", "there are no cases"),
        });
    }
    match args.format {
        Format::Text => terminal.print(&text(&results, &problems, terminal))?,
        Format::Json => terminal.json(&value(&results, &problems))?,
    }
    Ok(u8::from(problems.has_errors()))
}

fn text(results: &[LayerResult], problems: &Diagnostics, terminal: &Terminal) -> String {
    let mut text = String::new();
    if !problems.is_empty() {
        text = terminal.rendered(problems) + "\n\n";
    }
    let (mut passed, mut failed) = (0, 0);
    for result in results {
        let (cases, held) = (result.cases.len(), result.passed());
        let (id, name, rules) = (&result.layer.id, &result.layer.name, result.layer.rules.len());
        text.push_str(&terminal.say(
            format!("{id} {name}：用例 {held}/{cases} 通过，规则 {rules}\n"),
            format!("{id} {name}: {held} of {cases} cases passed, {rules} rules\n"),
        ));
        passed += held;
        failed += cases - held;
    }
    text.push_str(&terminal.say(
        format!("用例共 {} 个：通过 {passed}，不通过 {failed}\n", passed + failed),
        format!("{passed} passed, {failed} failed\n"),
    ));
    text
}

fn value(results: &[LayerResult], problems: &Diagnostics) -> serde_json::Value {
    let layers: Vec<serde_json::Value> = results
        .iter()
        .map(|result| {
            let cases: Vec<serde_json::Value> = result
                .cases
                .iter()
                .map(|case| {
                    let judged: Vec<serde_json::Value> = case
                        .judged
                        .iter()
                        .map(|judged| {
                            let (expected, got) = (judged.expected.key(), judged.seen.words());
                            json!({ "rule": judged.rule, "expected": expected, "got": got, "ok": judged.ok })
                        })
                        .collect();
                    json!({ "name": case.name, "line": case.line, "ok": case.ok(), "expectations": judged })
                })
                .collect();
            json!({ "layer": result.layer.id, "cases": cases })
        })
        .collect();
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    json!({ "layers": layers, "problems": problems })
}
