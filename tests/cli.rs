//! The command line as its users meet it: exit statuses, streams, masks, and the width of what is printed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};
use std::process::Stdio;

use assert_cmd::Command;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

/// A filing that is in order.
const GOOD: &str = "shanghai-individual-website";

fn beian() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_beian"));
    command.env_remove("COLUMNS").env_remove("NO_COLOR");
    command
}

fn base(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/bases").join(name).with_extension("toml")
}

fn good() -> String {
    std::fs::read_to_string(base(GOOD)).unwrap()
}

/// The same filing with values that rules refuse, sensitive ones among them.
fn wrong() -> String {
    let text = good()
        .replace("phone = \"13816540001\"", "phone = \"021-62345678\"")
        .replace("id_number = \"310115199106070028\"", "id_number = \"310115199106070029\"")
        .replace(
            "remark = \"个人网站",
            "remark = \"电话13911112222，邮箱me@example.cn，证件310115199106070029。个人网站",
        )
        .replace("expires = 2028-05-18", "expires = 2026-11-25");
    assert_ne!(text, good());
    text
}

fn written(folder: &tempfile::TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

struct Output {
    status: i32,
    out: String,
    err: String,
}

fn run<S: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = S>, input: &str) -> Output {
    let output = beian().args(args).write_stdin(input.to_owned()).output().unwrap();
    Output {
        status: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&output.out).unwrap_or_else(|error| panic!("{error}: {}{}", output.out, output.err))
}

#[test]
fn the_status_says_how_a_filing_stands() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = written(&folder, "wrong.toml", &wrong());
    let draft = written(&folder, "draft.toml", "[filing]\nkind = \"initial\"\nprovince = \"31\"\n");
    let misspelt = written(&folder, "misspelt.toml", "[filing]\nkind = \"initail\"\n");
    let good = run([Path::new("check"), &base(GOOD)], "");
    assert_eq!((good.status, good.err.as_str()), (0, ""), "{}", good.out);
    assert_eq!(run([Path::new("check"), &wrong], "").status, 1);
    assert_eq!(run([Path::new("check"), &draft], "").status, 1);
    let refused = run([Path::new("check"), &misspelt], "");
    assert_eq!((refused.status, refused.out.as_str()), (2, ""));
    assert!(refused.err.contains("did you mean `initial`"), "{}", refused.err);
}

#[test]
fn the_standard_input_is_toml_or_json() {
    let toml = run(["check", "-", "--format", "json"], &good());
    assert_eq!(json(&toml)["filing"]["province"], "31");
    let text = r#" {"filing": {"kind": "initial", "province": "44"}}"#;
    assert_eq!(json(&run(["check", "-", "--format", "json"], text))["filing"]["province"], "44");
    let wrong = run(["check", "-", "--input-format", "toml"], text);
    assert_eq!(wrong.status, 2);
    assert!(wrong.err.contains("<stdin>:1:"), "{}", wrong.err);
    assert_eq!(run(["check", "-", "-"], text).status, 2);
}

#[test]
fn one_bad_file_does_not_stop_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let bad = written(&folder, "bad.toml", "[filing\n");
    let nothing = folder.path().join("nothing.toml");
    let plain = written(&folder, "filing.txt", &good());
    let files = [base(GOOD), bad, nothing, folder.path().to_owned(), plain, base("enterprise-website")];
    let args = std::iter::once(PathBuf::from("check")).chain(files.clone());
    let text = run(args.clone(), "");
    assert_eq!(text.status, 2);
    assert_eq!(text.out.matches("合计").count(), 2, "{}", text.out);
    for code in ["toml-syntax", "cannot be read: no such file", "is a folder", "--input-format"] {
        assert!(text.err.contains(code), "{code}: {}", text.err);
    }
    let output = run(args.chain([PathBuf::from("--format"), PathBuf::from("json")]), "");
    let entries = json(&output);
    assert_eq!(output.status, 2);
    assert_eq!(entries.as_array().unwrap().len(), files.len());
    for (entry, file) in entries.as_array().unwrap().iter().zip(&files) {
        assert_eq!(entry["file"], file.display().to_string());
        assert_ne!(entry.get("report").is_some(), entry.get("errors").is_some(), "{entry}");
    }
    assert_eq!(entries[1]["errors"][0]["line"], 1);
}

/// The values of sensitive fields of a filing, and those hidden in its remark.
const SENSITIVE: [&str; 8] = [
    "021-62345678",
    "13816540001",
    "13816540002",
    "310115199106070028",
    "310115199106070029",
    "zhou.yian@",
    "13911112222",
    "me@example.cn",
];

#[test]
fn sensitive_values_are_masked_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(&folder, "wrong.toml", &wrong());
    let path = path.to_str().unwrap();
    for args in [
        vec!["check", path, "--width", "200"],
        vec!["check", path, "--width", "200", "--color", "always"],
        vec!["check", path, "--format", "json"],
        vec!["check", path, "--lang", "en"],
        vec!["checklist", path],
        vec!["checklist", path, "--format", "json"],
    ] {
        let output = run(&args, "");
        for value in SENSITIVE {
            assert!(!output.out.contains(value), "{args:?} shows {value}:\n{}", output.out);
            assert!(!output.err.contains(value), "{args:?} shows {value}:\n{}", output.err);
        }
    }
    let masked = run(["check", path], "");
    assert!(masked.out.contains("021*****5678"), "{}", masked.out);
    let shown = run(["check", path, "--show-sensitive"], "");
    assert!(shown.out.contains("021-62345678"), "{}", shown.out);
}

#[test]
fn messages_about_a_filing_that_cannot_be_read_are_masked_too() {
    let number = "310115199106070028";
    for text in [
        format!("[subject.principal]\nid_number = {number}\nphone = 13816540001\n"),
        format!("[subject.principal]\nid_number = \"{number}\nphone = \"13816540001\"\n"),
        format!("[subject.principal]\nidnumber = \"{number}\"\nemial = \"zhou.yian@example.com\"\n"),
        format!("{{\"subject\": {{\"principal\": {{\"id_number\": {number}, \"phone\": 13816540001}}}}}}"),
        format!("{{\"subject\": {{\"principal\": {{\"id_number\": \"{number}\" \"phone\": \"13816540001\"}}}}}}"),
    ] {
        let text = text.as_str();
        for format in ["text", "json"] {
            let output = run(["check", "-", "--format", format], text);
            assert_eq!(output.status, 2, "{text}: {}", output.err);
            for value in [number, "13816540001", "zhou.yian@"] {
                assert!(!output.err.contains(value), "{text}:\n{}", output.err);
                assert!(!output.out.contains(value), "{text}:\n{}", output.out);
            }
        }
    }
}

#[test]
fn the_day_is_that_of_the_call_the_filing_or_today() {
    let of = |args: &[&str], input: &str| {
        let output = run(["check", "-", "--format", "json"].iter().chain(args), input);
        json(&output)["filing"]["as_of"].as_str().unwrap().to_owned()
    };
    assert_eq!(of(&[], &good()), "2026-11-24");
    assert_eq!(of(&["--as-of", "2030-01-01"], &good()), "2030-01-01");
    let undated = good().replace("date = 2026-11-24\n", "");
    let before = chrono::Local::now().date_naive().to_string();
    let today = of(&[], &undated);
    assert!(before <= today && today <= chrono::Local::now().date_naive().to_string());
    // the domain has expired by then
    assert_eq!(run(["check", "-", "--as-of", "2030-01-01"], &good()).status, 1);
    assert_eq!(run(["check", "-", "--as-of", "2030-02-30"], &good()).status, 2);
}

#[test]
fn province_and_provider_of_the_call_come_first() {
    let output = run(["check", "-", "--province", "44", "--provider", "aliyun", "--format", "json"], &good());
    let report = json(&output);
    assert_eq!(report["filing"]["province"], "44");
    assert_eq!(report["filing"]["provider"], "aliyun");
    assert_eq!(report["filing"]["words"]["province"], "广东省");
    for (option, value, near) in [
        ("--province", "4", "such as `44`"),
        ("--province", "440300", "`44` (广东省)"),
        ("--province", "广东", "`44` (广东省)"),
        ("--provider", "tencent", "`tencent-cloud`"),
    ] {
        let output = run(["check", "-", option, value], &good());
        assert_eq!((output.status, output.out.as_str()), (2, ""), "{value}");
        assert!(output.err.contains(near), "{value}: {}", output.err);
        assert!(output.err.contains(option), "{value}: {}", output.err);
    }
}

#[test]
fn what_has_no_policies_yet_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let policies = folder.path().join("policies");
    let policies = policies.to_str().unwrap();
    assert_eq!(run(["policies", "export", policies], "").status, 0);
    let shanghai = Path::new(policies).join("provinces/31-shanghai");
    assert!(shanghai.join("rules.toml").is_file());
    std::fs::remove_dir_all(shanghai).unwrap();
    let text = run(["check", "-", "--policies", policies], &good());
    assert!(text.out.contains("还没有收录上海市（31）的规定"), "{}", text.out);
    let report = json(&run(["check", "-", "--policies", policies, "--format", "json"], &good()));
    let missing: Vec<&Value> =
        report["policies"].as_array().unwrap().iter().filter(|policy| policy["missing"] == true).collect();
    assert_eq!(missing.len(), 1);
    assert_eq!((&missing[0]["id"], &missing[0]["name"]), (&"31".into(), &"上海市".into()));
    // the other layers are evaluated
    assert!(
        report["manual"].as_array().unwrap().iter().any(|check| check["rule"].as_str().unwrap().starts_with("miit."))
    );
}

#[test]
fn no_line_is_wider_than_the_page() {
    for width in ["60", "80", "120"] {
        for input in [good(), wrong(), "[filing]\nkind = \"initial\"\nprovince = \"44\"\n".to_owned()] {
            let output = run(["check", "-", "--width", width], &input);
            let limit: usize = width.parse().unwrap();
            let too_wide = output.out.lines().find(|line| line.width() > limit);
            assert_eq!(too_wide, None, "{width}");
            assert_eq!(output.out.lines().find(|line| line.ends_with(' ')), None, "{width}");
        }
    }
}

#[test]
fn colours_only_where_they_are_wanted() {
    assert!(!run(["check", "-"], &wrong()).out.contains('\u{1b}'));
    assert!(run(["check", "-", "--color", "always"], &wrong()).out.contains("\u{1b}["));
    assert!(!run(["check", "-", "--color", "never"], &wrong()).out.contains('\u{1b}'));
}

#[test]
fn a_closed_pipe_is_no_panic() {
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_beian"))
        .args(["policies", "list"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn what_is_too_large_or_no_text_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.toml");
    std::fs::File::create(&path).unwrap().set_len((8 << 20) + 1).unwrap();
    let output = run([Path::new("check"), &path], "");
    assert_eq!(output.status, 2);
    assert!(output.err.contains("more than 8 MiB"), "{}", output.err);
    let path = folder.path().join("gbk.toml");
    std::fs::write(&path, b"[subject]\nname = \"\xc9\xcf\xba\xa3\"\n").unwrap();
    let output = run([Path::new("check"), &path], "");
    assert_eq!(output.status, 2);
    assert!(output.err.contains("invalid-utf8"), "{}", output.err);
}

#[test]
fn wrong_calls_end_with_two() {
    for args in [
        vec!["check"],
        vec!["check", "-", "--frmat", "json"],
        vec!["check", "-", "--format", "yaml"],
        vec!["check", "-", "--width", "3"],
        vec!["check", "-", "--policies", "/nowhere"],
        vec!["chek"],
        vec!["checklist", "x.toml", "--nature", "individual"],
        vec!["checklist", "--nature", "person"],
        vec!["rule", "44.no.such.rule"],
        vec!["lint", "--layer", "99"],
        vec!["completions", "tcsh"],
    ] {
        let output = run(&args, "");
        assert_eq!(output.status, 2, "{args:?}: {}{}", output.out, output.err);
        assert!(!output.err.is_empty(), "{args:?}");
        assert_eq!(output.out, "", "{args:?}");
    }
    assert_eq!(run(["--help"], "").status, 0);
    assert_eq!(run(["check", "--help"], "").status, 0);
    assert_eq!(run(["--version"], "").status, 0);
}

#[test]
fn a_checklist_needs_no_filing() {
    let args = ["checklist", "--province", "44", "--provider", "tencent-cloud", "--nature", "individual"];
    let args = args.into_iter().chain(["--service", "app", "--kind", "initial"]);
    let text = run(args.clone(), "");
    assert_eq!((text.status, text.err.as_str()), (0, ""));
    assert!(text.out.contains("要备") && text.out.contains("视情况"), "{}", text.out);
    let list = json(&run(args.chain(["--format", "json"]), ""));
    let items = list["checklist"].as_array().unwrap();
    assert!(!items.is_empty());
    for item in items {
        let conditional = item["status"] == "conditional";
        assert_eq!(conditional, !item["depends_on"].as_array().unwrap().is_empty(), "{item}");
    }
    assert!(list.get("violations").is_none());
}

#[test]
fn a_rule_shows_itself() {
    let text = run(["rule", "miit.all.contact.mobile"], "");
    assert_eq!(text.status, 0, "{}", text.err);
    for part in ["miit.all.contact.mobile", "rules.toml:", "来源", "violates"] {
        assert!(text.out.contains(part), "{part}: {}", text.out);
    }
    let card = json(&run(["rule", "miit.all.contact.mobile", "--format", "json"], ""));
    assert_eq!(card["layer"]["id"], "miit");
    assert!(!card["facts"][0]["sources"].as_array().unwrap().is_empty());
    assert!(!card["cases"].as_array().unwrap().is_empty());
    let near = run(["rule", "miit.all.contact.mobil"], "");
    assert!(near.err.contains("`miit.all.contact.mobile`"), "{}", near.err);
}

#[test]
fn policies_are_listed_and_exported() {
    let list = run(["policies", "list"], "");
    assert_eq!((list.status, list.err.as_str()), (0, ""));
    assert!(list.out.lines().any(|line| line.starts_with("miit")), "{}", list.out);
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("mine");
    let target = target.to_str().unwrap();
    assert_eq!(run(["policies", "export", target], "").status, 0);
    let again = run(["policies", "export", target], "");
    assert_eq!(again.status, 2);
    assert!(again.err.contains("--force"), "{}", again.err);
    assert_eq!(run(["policies", "export", target, "--force"], "").status, 0);
    // what was exported is what is built in
    let digests = |args: &[&str]| {
        let report = json(&run(["check", "-", "--format", "json"].iter().chain(args), &good()));
        report["policies"].as_array().unwrap().iter().map(|policy| policy["digest"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(digests(&[]), digests(&["--policies", target]));
}

#[test]
fn lint_counts_what_it_read() {
    let output = run(["lint", "--layer", "miit", "--lang", "en"], "");
    assert_eq!(output.status, 0, "{}", output.out);
    assert!(output.out.contains("0 errors"), "{}", output.out);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("schema.toml"), "[enum.x]\nvalue = 1\n").unwrap();
    let output = run(["lint", "--policies", folder.path().to_str().unwrap()], "");
    assert_eq!(output.status, 1);
    assert!(output.out.contains("schema.toml:"), "{}", output.out);
}

#[test]
fn shells_and_manuals_know_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = run(["completions", shell], "");
        assert_eq!(output.status, 0);
        assert!(output.out.contains("checklist"), "{shell}");
    }
    assert!(run(["man"], "").out.contains("beian"));
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run([Path::new("man"), folder.path()], "").status, 0);
    for page in ["beian.1", "beian-check.1", "beian-checklist.1", "beian-rule.1", "beian-policies-export.1"] {
        assert!(folder.path().join(page).is_file(), "{page}");
    }
}

#[test]
fn explain_shows_each_part_with_its_value_and_hides_what_is_sensitive() {
    let filing = "examples/guangdong-enterprise-app-mistakes.toml";
    let found = run(["explain", filing, "44.all.contact.two-distinct"], "");
    assert_eq!(found.status, 0, "{}", found.err);
    assert!(found.out.contains("distinct().len() >= count"), "{}", found.out);
    assert!(found.out.contains("186****0001  subject.principal.phone"), "{}", found.out);
    let digits = found.out.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() >= 11);
    assert!(!digits, "{}", found.out);
    // why a rule does not apply is said, and in JSON it is data
    let found = run(["explain", filing, "miit.all.certificate.original", "--format", "json"], "");
    let value: Value = serde_json::from_str(&found.out).unwrap();
    assert!(value["obstacles"][0].as_str().unwrap().contains("44.org.certificate.copy-sealed"), "{}", found.out);
    let found = run(["explain", filing, "44.all.contact.two-distinkt"], "");
    assert_eq!(found.status, 2);
    assert!(found.err.contains("did you mean `44.all.contact.two-distinct`?"), "{}", found.err);
}
