//! The filings of `examples/`: walkthrough and fixture at once. Each comes out as its comment and the README say, and as
//! the snapshots have it, in JSON and as text at two widths.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use serde_json::Value;

const AS_OF: &str = "2026-11-24";
/// The same filing as the one in TOML, which has the snapshots.
const TWIN: &str = "guangdong-enterprise-app.json";
/// What the README calls the verdicts, and the exit status that goes with them.
const VERDICTS: [(&str, &str, i32); 4] = [
    ("rejected", "驳回", 1),
    ("needs_information", "待补充信息", 1),
    ("needs_review", "待人工核对", 0),
    ("ready", "可以提交", 0),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

/// The names of the filings, in order.
fn filings() -> Vec<String> {
    let entries = std::fs::read_dir(folder()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".toml") || name.ends_with(".json")).collect();
    names.sort();
    assert!(names.len() >= 10, "{names:?}");
    names
}

fn check(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_beian"));
    command.current_dir(folder()).args(["check", "--as-of", AS_OF, "--color", "never"]).args(arguments);
    command.output().unwrap()
}

/// The reports of all filings, by file.
fn reports() -> &'static BTreeMap<String, Value> {
    static REPORTS: LazyLock<BTreeMap<String, Value>> = LazyLock::new(|| {
        let names = filings();
        let mut arguments = vec!["--format", "json"];
        arguments.extend(names.iter().map(String::as_str));
        let output = check(&arguments);
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        let entries: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
        let pair = |mut entry: Value| (entry["file"].as_str().unwrap().to_owned(), entry["report"].take());
        entries.into_iter().map(pair).collect()
    });
    &REPORTS
}

/// The report as it is printed, without what changes with every edit of a policy, and with sources by title.
fn shortened(json: &str) -> String {
    let mut text = String::new();
    let mut lines = json.lines();
    while let Some(line) = lines.next() {
        let indent = &line[..line.len() - line.trim_start().len()];
        if line.contains("\"digest\": \"sha256:") {
            text.push_str(&format!("{indent}\"digest\": \"sha256:…\"\n"));
        } else if line.trim() == "\"sources\": [" {
            let sources: Vec<&str> =
                lines.by_ref().take_while(|line| line.trim_end_matches(',') != format!("{indent}]")).collect();
            let titles = sources.iter().filter_map(|line| line.trim().strip_prefix("\"title\": "));
            let titles: Vec<&str> = titles.map(|title| title.trim_end_matches(',')).collect();
            assert!(!titles.is_empty(), "sources without a title: {sources:?}");
            text.push_str(&format!("{indent}\"sources\": [{}]\n", titles.join(", ")));
        } else {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

/// Lines and columns belong to the file's form, not to the filing.
fn without_positions(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(without_positions),
        Value::Object(fields) => {
            fields.retain(|key, _| key != "line" && key != "column");
            fields.values_mut().for_each(without_positions);
        }
        _ => {}
    }
}

fn snapshot(name: &str, content: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name.to_owned(), content));
}

#[test]
fn the_reports_are_as_expected() {
    for file in filings().iter().filter(|file| *file != TWIN) {
        let output = check(&["--format", "json", file]);
        snapshot(&format!("{file}-report"), &shortened(&String::from_utf8(output.stdout).unwrap()));
    }
}

#[test]
fn the_text_is_as_expected_at_two_widths() {
    let names: Vec<String> = filings().into_iter().filter(|file| file != TWIN).collect();
    for width in [80, 100] {
        let columns = width.to_string();
        let mut arguments = vec!["--width", columns.as_str()];
        arguments.extend(names.iter().map(String::as_str));
        let text = String::from_utf8(check(&arguments).stdout).unwrap();
        let reports: Vec<&str> = text.split(&format!("\n{}\n\n", "═".repeat(width))).collect();
        assert_eq!(reports.len(), names.len());
        for (file, report) in names.iter().zip(reports) {
            snapshot(&format!("{file}-text-{width}"), report);
        }
    }
}

#[test]
fn each_verdict_is_the_one_that_is_promised() {
    let readme = std::fs::read_to_string(folder().join("README.md")).unwrap();
    for (file, report) in reports() {
        let verdict = report["verdict"].as_str().unwrap();
        let (_, words, _) = VERDICTS.iter().find(|(id, ..)| *id == verdict).unwrap();
        let row = readme.lines().find(|line| line.starts_with(&format!("| [{file}]({file}) |")));
        let row = row.unwrap_or_else(|| panic!("the README does not name {file}"));
        assert!(row.ends_with(&format!("| {words} |")), "{file} is {verdict}, the README says: {row}");
        if file.ends_with(".toml") {
            let text = std::fs::read_to_string(folder().join(file)).unwrap();
            let comment: Vec<&str> = text.lines().take_while(|line| line.starts_with('#')).collect();
            let comment = comment.join("\n");
            assert!(comment.contains(&format!("结论 {verdict}")), "{file} is {verdict}, its comment says:\n{comment}");
        }
    }
}

#[test]
fn the_exit_status_follows_the_verdict() {
    for (verdict, _, status) in VERDICTS {
        if let Some((file, _)) = reports().iter().find(|(_, report)| report["verdict"] == verdict) {
            assert_eq!(check(&[file]).status.code(), Some(status), "{file} is {verdict}");
        }
    }
}

#[test]
fn a_filing_in_json_has_the_same_report_as_in_toml() {
    let comparable = |file: &str| {
        let mut report = reports()[file].clone();
        without_positions(&mut report);
        report
    };
    assert_eq!(comparable("guangdong-enterprise-app.toml"), comparable(TWIN));
}

#[test]
fn the_clean_filing_has_all_its_materials_and_nothing_open() {
    let report = &reports()["guangdong-enterprise-app.toml"];
    assert_eq!(report["violations"], Value::Array(Vec::new()));
    assert_eq!(report["questions"], Value::Array(Vec::new()));
    let checklist = report["checklist"].as_array().unwrap();
    assert!(checklist.len() >= 4 && checklist.iter().all(|item| item["status"] == "provided"), "{checklist:?}");
}

#[test]
fn every_mistake_that_a_comment_names_is_found_in_its_line() {
    let file = "guangdong-enterprise-app-mistakes.toml";
    let report = &reports()[file];
    let text = std::fs::read_to_string(folder().join(file)).unwrap();
    let found: Vec<u64> = [&report["violations"], &report["checklist"]]
        .into_iter()
        .flat_map(|list| list.as_array().unwrap())
        .filter(|finding| finding["status"] != "provided")
        .flat_map(|finding| finding["at"].as_array().unwrap())
        .filter_map(|place| place["line"].as_u64())
        .collect();
    let mistakes: Vec<(&str, u64)> = text.lines().zip(1..).filter(|(line, _)| line.contains(" # 错：")).collect();
    assert!(mistakes.len() >= 10, "{mistakes:?}");
    for (line, number) in mistakes {
        assert!(found.contains(&number), "nothing was found in line {number}: {line}");
    }
}
