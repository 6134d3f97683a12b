//! The filings of `examples/`: walkthrough and fixture at once. Each comes out as its comment and the README say, and as
//! the snapshots have it, in JSON and as text at two widths.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const AS_OF: &str = "2026-11-24";
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
fn reports() -> BTreeMap<String, Value> {
    let names = filings();
    let mut arguments = vec!["--format", "json"];
    arguments.extend(names.iter().map(String::as_str));
    let output = check(&arguments);
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let entries: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let pair = |mut entry: Value| (entry["file"].as_str().unwrap().to_owned(), entry["report"].take());
    entries.into_iter().map(pair).collect()
}

/// What changes with every edit of a policy, and what is long and said elsewhere, does not belong into a snapshot.
fn shorten(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(shorten),
        Value::Object(fields) => {
            for (key, value) in fields.iter_mut() {
                match (key.as_str(), &mut *value) {
                    ("digest", digest) => {
                        assert!(digest.as_str().is_some_and(|digest| digest.starts_with("sha256:")), "{digest}");
                        *digest = "sha256:…".into();
                    }
                    ("sources", Value::Array(sources)) => {
                        for source in sources {
                            let text = |key: &str| source[key].as_str().unwrap().to_owned();
                            *source = format!("{}: {}", text("layer"), text("title")).into();
                        }
                    }
                    (_, other) => shorten(other),
                }
            }
        }
        _ => {}
    }
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
    for (file, mut report) in reports() {
        shorten(&mut report);
        snapshot(&format!("{file}-report"), &serde_json::to_string_pretty(&report).unwrap());
    }
}

#[test]
fn the_text_is_as_expected_at_two_widths() {
    for file in filings() {
        for width in ["80", "100"] {
            let output = check(&["--width", width, &file]);
            let text = String::from_utf8(output.stdout).unwrap();
            snapshot(&format!("{file}-text-{width}"), &text);
        }
    }
}

#[test]
fn each_verdict_is_the_one_that_is_promised() {
    let readme = std::fs::read_to_string(folder().join("README.md")).unwrap();
    for (file, report) in reports() {
        let verdict = report["verdict"].as_str().unwrap();
        let (_, words, status) = VERDICTS.iter().find(|(id, ..)| *id == verdict).unwrap();
        let row = readme.lines().find(|line| line.starts_with(&format!("| [{file}]({file}) |")));
        let row = row.unwrap_or_else(|| panic!("the README does not name {file}"));
        assert!(row.ends_with(&format!("| {words} |")), "{file} is {verdict}, the README says: {row}");
        if file.ends_with(".toml") {
            let text = std::fs::read_to_string(folder().join(&file)).unwrap();
            let comment: Vec<&str> = text.lines().take_while(|line| line.starts_with('#')).collect();
            let comment = comment.join("\n");
            assert!(comment.contains(&format!("结论 {verdict}")), "{file} is {verdict}, its comment says:\n{comment}");
        }
        assert_eq!(check(&[&file]).status.code(), Some(*status), "{file}");
    }
}

#[test]
fn a_filing_in_json_has_the_same_report_as_in_toml() {
    let mut reports = reports();
    let mut take = |file: &str| {
        let mut report = reports.remove(file).unwrap();
        without_positions(&mut report);
        report
    };
    let (toml, json) = (take("guangdong-enterprise-app.toml"), take("guangdong-enterprise-app.json"));
    assert_eq!(toml, json);
}

#[test]
fn the_clean_filing_has_all_its_materials_and_nothing_open() {
    let report = reports().remove("guangdong-enterprise-app.toml").unwrap();
    assert_eq!(report["violations"], Value::Array(Vec::new()));
    assert_eq!(report["questions"], Value::Array(Vec::new()));
    let checklist = report["checklist"].as_array().unwrap();
    assert!(checklist.len() >= 4 && checklist.iter().all(|item| item["status"] == "provided"), "{checklist:?}");
}

#[test]
fn every_mistake_that_a_comment_names_is_found_in_its_line() {
    let file = "guangdong-enterprise-app-mistakes.toml";
    let report = reports().remove(file).unwrap();
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
