//! Streams of filings: order, places, forms, and how a stream ends.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use beian::policy::Files;
use serde_json::{Value, json};

/// What most tests look at: little, so that reading it again takes no time.
const SHORT: &str = "filing,verdict";

fn beian() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_beian"));
    command.args(["batch", "--as-of", "2026-11-24"]).env_remove("COLUMNS");
    command
}

struct Output {
    status: i32,
    out: Vec<u8>,
    err: String,
}

impl Output {
    fn records(&self) -> Vec<Value> {
        records(&self.out)
    }
}

fn records(bytes: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'));
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

fn run<S: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = S>, input: impl Into<Vec<u8>>) -> Output {
    let output = beian().args(args).write_stdin(input).output().unwrap();
    Output { status: output.status.code().unwrap(), out: output.stdout, err: String::from_utf8(output.stderr).unwrap() }
}

fn small(province: &str, provider: &str) -> String {
    json!({"filing": {"kind": "initial", "province": province, "provider": provider}}).to_string()
}

/// Filings of many lengths and provinces, and one in a hundred that is none.
fn many(count: usize) -> String {
    let provinces = ["44", "31", "11", "99"];
    let filing = |index: usize| match index % 100 {
        99 => "{\"filing\": {\"kind\": \"initail\"}}".to_owned(),
        _ => json!({
            "filing": {"kind": "initial", "province": provinces[index % 4]},
            "subject": {"nature": "individual", "name": "名".repeat(index % 50), "address": index.to_string()},
        })
        .to_string(),
    };
    (0..count).map(filing).collect::<Vec<_>>().join("\n")
}

fn written(folder: &tempfile::TempDir, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// One rule and no more, where it is not the rules that matter.
fn few_rules(folder: &tempfile::TempDir) -> String {
    let root = folder.path().join("policies");
    let shared =
        |path: &&String| !["national/", "providers/", "provinces/", "bases/"].iter().any(|of| path.starts_with(of));
    let write = |path: &str, text: &str| {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    for path in Files::Embedded.list().iter().filter(shared) {
        write(path, &Files::Embedded.read(path).unwrap().unwrap().text);
    }
    write("national/facts.toml", FACTS);
    write("national/rules.toml", RULES);
    root.to_str().unwrap().to_owned()
}

const FACTS: &str = r#"
[layer]
id = "miit"
name = "国家"
authority = "工信部"
[[source]]
id = "s"
publisher = "P"
title = "T"
locator = "L"
dated = "2026"
[[fact]]
id = "name"
topic = "t"
kind = "restriction"
severity = "block"
statement = "名称不超过10个字"
sources = ["s"]
confidence = "high"
"#;

const RULES: &str = r#"
[[rule]]
id = "miit.name"
severity = "block"
title = "名称不超过10个字"
facts = ["name"]
assert = 'subject.name.len() <= 10'
"#;

fn example() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/guangdong-enterprise-app.json");
    serde_json::from_str::<Value>(&std::fs::read_to_string(path).unwrap()).unwrap().to_string()
}

#[test]
fn records_come_in_the_order_of_the_input_whatever_the_jobs() {
    let folder = tempfile::tempdir().unwrap();
    let policies = few_rules(&folder);
    let input = many(3_000);
    let four = run(["-", "--jobs", "4", "--policies", &policies], input.as_str());
    let one = run(["-", "--jobs", "1", "--policies", &policies], input.as_str());
    assert_eq!((four.status, one.status), (1, 1), "{}", four.err);
    assert!(four.out == one.out, "one job and four write different bytes");
    let records = four.records();
    assert_eq!(records.len(), 3_000);
    for (index, record) in records.iter().enumerate() {
        assert_eq!(record["line"], index + 1);
        assert_eq!(record.get("errors").is_some(), index % 100 == 99, "{record}");
        assert_eq!(record.get("report").is_some(), index % 100 != 99, "{record}");
    }
    assert_eq!(records[1]["report"]["filing"]["province"], "31");
    let verdicts: Vec<_> = records[10..13].iter().map(|record| record["report"]["verdict"].as_str()).collect();
    assert_eq!(verdicts, [Some("needs_review"), Some("rejected"), Some("rejected")]);
    assert!(four.err.contains("已检查 2970 份，出错 30 份"), "{}", four.err);
}

#[test]
fn a_report_is_that_of_check() {
    let text = example();
    let batch = run(["-"], text.as_str());
    assert_eq!(batch.status, 0, "{}", batch.err);
    let check = Command::new(env!("CARGO_BIN_EXE_beian"))
        .args(["check", "-", "--format", "json", "--as-of", "2026-11-24"])
        .write_stdin(text)
        .output()
        .unwrap();
    let mut check: Value = serde_json::from_slice(&check.stdout).unwrap();
    without_lines(&mut check);
    assert_eq!(batch.records()[0]["report"], check);
}

/// The lines and columns of places: those of a stream's filing would say nothing.
fn without_lines(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            entries.remove("line");
            entries.remove("column");
            entries.values_mut().for_each(without_lines);
        }
        Value::Array(items) => items.iter_mut().for_each(without_lines),
        _ => {}
    }
}

#[test]
fn a_wrong_line_is_said_with_its_place_and_stops_nothing() {
    let good = small("44", "tencent-cloud");
    let misspelt = r#"{"filing": {"kind": "initail"}, "subject": {"principal": {"phone": 5}}}"#;
    let mut input = format!("{good}\n\n   \r\n  {misspelt}\n{{\"filing\": \n").into_bytes();
    let latin = input.len();
    input.extend_from_slice(b"{\"subject\": {\"name\": \"\xb9\xab\"}}\r\n[1]\n");
    let list = input.len() - 4;
    input.extend_from_slice(good.as_bytes());
    let output = run(["-", "--only", "verdict"], input);
    assert_eq!(output.status, 1);
    let records = output.records();
    let lines: Vec<_> = records.iter().map(|record| record["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [1, 4, 5, 6, 7, 8]);
    let offsets: Vec<_> = records.iter().map(|record| record["offset"].as_u64().map(|at| at as usize)).collect();
    let second = good.len() + 1 + 1 + 5 + 2;
    let third = second + misspelt.len() + 1;
    assert_eq!(offsets, [None, Some(second), Some(third), Some(latin), Some(list), None]);
    let errors = &records[1]["errors"];
    assert_eq!((errors[0]["code"].as_str(), errors[0]["path"].as_str()), (Some("unknown-value"), Some("filing.kind")));
    assert_eq!(errors[0]["offset"], second + misspelt.find("\"initail\"").unwrap());
    assert!(errors[0]["help"].as_str().unwrap().contains("`initial`"), "{errors}");
    assert_eq!(errors[1]["path"], "subject.principal.phone");
    assert_eq!(records[2]["errors"][0]["code"], "json-syntax");
    assert_eq!(records[3]["errors"][0]["code"], "invalid-utf8");
    assert_eq!(records[3]["errors"][0]["offset"], latin + 22);
    assert!(!records[4]["errors"][0]["message"].as_str().unwrap().is_empty());
}

#[test]
fn sensitive_values_of_wrong_filings_are_covered() {
    let input = r#"{"filing": {"kind": "13812345678"}, "subject": {"principal": {"phone": "13812345678"}}}"#;
    let covered = run(["-"], input);
    let shown = run(["-", "--show-sensitive"], input);
    assert!(!String::from_utf8_lossy(&covered.out).contains("13812345678"));
    assert!(String::from_utf8_lossy(&shown.out).contains("13812345678"));
}

#[test]
fn compressed_files_are_read_and_written() {
    let folder = tempfile::tempdir().unwrap();
    let policies = few_rules(&folder);
    let text = many(400);
    let plain = run(["-", "--policies", &policies], text.as_str());
    let (first, second) = text.split_at(text.len() / 2);
    // several members and frames, as files that were appended to have
    let gzip = |part: &str| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(part.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let zstd = |part: &str| zstd::encode_all(part.as_bytes(), 1).unwrap();
    let inputs = [
        written(&folder, "a.ndjson.gz", [gzip(first), gzip(second)].concat()),
        written(&folder, "a.ndjson.zst", [zstd(first), zstd(second)].concat()),
    ];
    for input in &inputs {
        for ending in ["gz", "zst"] {
            let output = folder.path().join("out.ndjson").with_extension(ending);
            let args =
                [input.as_os_str(), "--output".as_ref(), output.as_os_str(), "--policies".as_ref(), policies.as_ref()];
            let done = run(args, "");
            assert_eq!((done.status, done.out.len()), (1, 0), "{}", done.err);
            let file = std::fs::File::open(&output).unwrap();
            let mut bytes = Vec::new();
            match ending {
                "gz" => flate2::read::GzDecoder::new(file).read_to_end(&mut bytes).unwrap(),
                _ => zstd::Decoder::new(file).unwrap().read_to_end(&mut bytes).unwrap(),
            };
            assert!(bytes == plain.out, "{} to {ending}", input.display());
        }
    }
}

#[test]
fn a_file_that_breaks_off_is_an_error_in_its_place_and_the_next_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let policies = few_rules(&folder);
    let mut bytes = zstd::encode_all(many(2_000).as_bytes(), 1).unwrap();
    bytes.truncate(bytes.len() / 2);
    let cut = written(&folder, "cut.zst", bytes);
    let whole = written(&folder, "whole.ndjson", small("44", "tencent-cloud"));
    let output = run([cut.as_os_str(), whole.as_os_str(), "--policies".as_ref(), policies.as_ref()], "");
    assert_eq!(output.status, 1);
    let records = output.records();
    let [.., broken, last] = records.as_slice() else { panic!("{}", output.err) };
    assert_eq!(broken["errors"][0]["code"], "unreadable");
    assert_eq!(broken["file"], cut.to_str().unwrap());
    assert_eq!(broken["line"], records.len() - 1);
    assert_eq!((last["file"].as_str(), &last["line"]), (whole.to_str(), &json!(1)));
    assert!(last.get("report").is_some());
}

#[test]
fn a_list_of_filings_is_read_element_by_element() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("[\n  {},\n  {{\"filing\": 1}},\n  {}\n]\n", small("44", "tencent-cloud"), example());
    let file = written(&folder, "list.json", &text);
    let output = run([file.as_os_str(), "--only".as_ref(), SHORT.as_ref()], "");
    assert_eq!(output.status, 1);
    let records = output.records();
    let places: Vec<_> = records.iter().map(|record| (record["line"].clone(), record["index"].clone())).collect();
    assert_eq!(places, [(json!(2), json!(0)), (json!(3), json!(1)), (json!(4), json!(2))]);
    assert_eq!(records[1]["offset"], text.find("{\"filing\": 1}").unwrap());
    assert_eq!(records[1]["errors"][0]["path"], "filing");
    assert_eq!(records[2]["report"]["verdict"], "needs_review");
}

#[test]
fn only_the_parts_that_are_asked_for_are_written() {
    let keys = |args: &[&str]| -> BTreeSet<String> {
        let output = run(args, example());
        assert_eq!(output.status, 0, "{}", output.err);
        output.records()[0]["report"].as_object().unwrap().keys().cloned().collect()
    };
    let all = keys(&["-"]);
    let named = beian::batch::Part::ALL.map(beian::batch::Part::key);
    assert_eq!(all, named.map(str::to_owned).into());
    assert_eq!(keys(&["-", "--only", &named.join(",")]), all);
    assert_eq!(keys(&["-", "--only", "violations,verdict"]), ["verdict", "violations"].map(str::to_owned).into());
    let wrong = run(["-", "--only", "verdcit"], "");
    assert_eq!(wrong.status, 2);
    assert!(wrong.err.contains("verdict"), "{}", wrong.err);
}

#[test]
fn too_many_errors_stop_it_at_the_same_line_whatever_the_jobs() {
    let folder = tempfile::tempdir().unwrap();
    let policies = few_rules(&folder);
    for jobs in ["1", "4"] {
        let output = run(["-", "--jobs", jobs, "--max-errors", "3", "--policies", &policies], many(2_000));
        assert_eq!(output.status, 2);
        let records = output.records();
        assert_eq!(records.len(), 300);
        assert!(records[299].get("errors").is_some());
        assert!(output.err.contains("错误太多"), "{}", output.err);
    }
    assert_eq!(run(["-", "--max-errors", "21", "--policies", &policies], many(2_000)).status, 1);
}

#[test]
fn provinces_and_providers_may_change_from_line_to_line() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("summary.json");
    let filings = [("44", "tencent-cloud"), ("31", "tencent-cloud"), ("99", "other"), ("44", "other")];
    let input = filings.map(|(province, provider)| small(province, provider)).join("\n") + "\n{}\n5\n";
    let output = run(["-".as_ref(), "--summary".as_ref(), place.as_os_str()], input.as_str());
    assert_eq!(output.status, 1);
    let records = output.records();
    let missing = |record: &Value| {
        record["report"]["policies"].as_array().unwrap().iter().any(|p| p["missing"] == true && p["id"] == "99")
    };
    assert_eq!(records[..5].iter().map(missing).collect::<Vec<_>>(), [false, false, true, false, false]);
    let summary: Value = serde_json::from_str(&std::fs::read_to_string(place).unwrap()).unwrap();
    assert_eq!(
        (&summary["filings"], &summary["errors"], &summary["ended"]),
        (&json!(5), &json!(1), &json!("finished"))
    );
    let counts: Vec<_> =
        summary["provinces"].as_array().unwrap().iter().map(|p| (p["id"].clone(), p["filings"].clone())).collect();
    let of = |id: Value, count: u64| (id, json!(count));
    assert_eq!(counts, [of(json!("44"), 2), of(Value::Null, 1), of(json!("31"), 1), of(json!("99"), 1)]);
    let verdicts: u64 = summary["verdicts"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
    assert_eq!(verdicts, 5);
    assert!(summary["materials"][0]["filings"].as_u64().unwrap() > 0);
    assert!(output.err.contains("广东") && output.err.contains("99，还没有规则"), "{}", output.err);
}

#[test]
fn options_stand_over_what_filings_say() {
    let input = small("44", "tencent-cloud");
    let output = run(["-", "--province", "31", "--provider", "other", "--only", "filing,policies"], input.as_str());
    let report = &output.records()[0]["report"];
    assert_eq!(
        (report["filing"]["province"].as_str(), report["filing"]["provider"].as_str()),
        (Some("31"), Some("other"))
    );
    assert_eq!(report["filing"]["as_of"], "2026-11-24");
    for wrong in [["--province", "99"], ["--provider", "tencent"], ["--policies", "nowhere"]] {
        let output = run(["-", wrong[0], wrong[1]], input.as_str());
        assert_eq!((output.status, output.out.len()), (2, 0), "{wrong:?}: {}", output.err);
    }
}

#[test]
fn calls_that_cannot_work_are_refused_before_anything_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(&folder, "a.ndjson", "{}\n");
    let nowhere = folder.path().join("b.ndjson");
    let refused = |args: &[&std::ffi::OsStr]| {
        let output = run(args, "");
        assert_eq!((output.status, output.out.len()), (2, 0), "{}", output.err);
        output.err
    };
    assert!(refused(&[file.as_os_str(), nowhere.as_os_str()]).contains("b.ndjson"));
    assert!(refused(&[folder.path().as_os_str()]).contains("is a folder"));
    assert!(refused(&["-".as_ref(), "-".as_ref()]).contains("twice"));
    assert!(refused(&[file.as_os_str(), "--output".as_ref(), file.as_os_str()]).contains("overwritten"));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "{}\n");
}

#[test]
fn nothing_in_is_nothing_out() {
    let output = run(["-"], "\n\n");
    assert_eq!((output.status, output.out.len()), (0, 0));
    assert!(output.err.contains("已检查 0 份"), "{}", output.err);
}

#[cfg(unix)]
mod ends {
    use std::io::{BufRead, BufReader, Write};
    use std::process::{Child, Command, Stdio};

    use super::{Value, few_rules, many, small};

    fn open(args: &[&str]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_beian"));
        command.args(["batch", "-", "--as-of", "2026-11-24"]).args(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// The input stays open, so that only the signal can end it; the report of what was sent is there before.
    #[test]
    fn a_signal_ends_it_after_what_was_done() {
        for signal in ["-INT", "-TERM"] {
            let mut child = open(&[]);
            let mut input = child.stdin.take().unwrap();
            writeln!(input, "{}", small("44", "tencent-cloud")).unwrap();
            input.flush().unwrap();
            let mut output = BufReader::new(child.stdout.take().unwrap());
            let mut line = String::new();
            output.read_line(&mut line).unwrap();
            let record: Value = serde_json::from_str(&line).unwrap();
            assert_eq!(record["line"], 1);
            assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
            let done = child.wait_with_output().unwrap();
            let text = String::from_utf8(done.stderr).unwrap();
            assert_eq!(done.status.code(), Some(130), "{signal}: {text}");
            assert!(text.contains("被中断") && text.contains("已检查 1 份"), "{text}");
            drop(input);
        }
    }

    #[test]
    fn a_closed_pipe_is_no_matter() {
        let folder = tempfile::tempdir().unwrap();
        let mut child = open(&["--jobs", "2", "--policies", &few_rules(&folder)]);
        let mut input = child.stdin.take().unwrap();
        let writer = std::thread::spawn(move || {
            // the program may stop reading before the end
            let _: std::io::Result<()> = input.write_all(many(5_000).as_bytes());
        });
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut String::new()).unwrap();
        drop(output);
        let done = child.wait_with_output().unwrap();
        writer.join().unwrap();
        assert_eq!(String::from_utf8(done.stderr).unwrap(), "");
        assert!(matches!(done.status.code(), Some(0 | 1)), "{:?}", done.status);
    }
}
