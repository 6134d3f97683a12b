//! Layers side by side, and a filing in two places, on small policies that are made for the test: the shared files are
//! the built-in ones.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::collections::BTreeMap;
use std::sync::Arc;

use beian::condition::Language;
use beian::filing::{Document, InputForm, read_filing};
use beian::maintain::compare::{Comparison, Row, Where, compare, judge, judge_everywhere, moved};
use beian::maintain::lint;
use beian::policy::{Files, Layer, Policies, day};
use beian::report::text::{TextOptions, compare_markdown, compare_text, move_text, moves_text};
use beian::report::{Options, Verdict};
use beian::source::SourceFile;
use unicode_width::UnicodeWidthStr;

const SOURCE: &str = "[[source]]\nid = \"s\"\npublisher = \"P\"\ntitle = \"T\"\nlocator = \"L\"\ndated = \"2026\"\n";

const GUANGDONG: &str = r#"
[[rule]]
id = "44.age"
use = "age.min"
with = { years = 16 }
nature = ["org"]
[[rule]]
id = "44.expiry"
use = "domain.months_left"
with = { months = 3 }
[[rule]]
id = "44.alone"
assert = 'subject.name.len() > 1'
effective = { from = 2024-05-01 }
"#;

const SHANGHAI: &str = r#"
[[rule]]
id = "31.age"
use = "age.min"
with = { years = 18 }
severity = "warn"
[[rule]]
id = "31.expiry"
use = "domain.months_left"
with = { months = 3 }
[[rule]]
id = "31.expiry.more"
use = "domain.months_left"
with = { months = 6, more = true }
facts = ["31.expiry"]
title = "域名有效期大于6个月"
[[rule]]
id = "31.letter"
require = { material = "filing_commitment_letter", sealed = true }
"#;

const JIANGSU: &str = r#"
[[rule]]
id = "32.expiry"
use = "domain.months_left"
with = { months = 3 }
[[rule]]
id = "32.letter"
require = { material = "filing_commitment_letter", handwritten = true }
"#;

/// A layer's facts: its head, and one fact per id, about the topic that its second part says.
fn facts(id: &str, name: &str, facts: &[(&str, &str)]) -> String {
    let applies = if id == "miit" { String::new() } else { format!("applies = {{ province = \"{id}\" }}\n") };
    let mut text =
        format!("[layer]\nid = \"{id}\"\nname = \"{name}\"\nauthority = \"{name}通信管理局\"\n{applies}{SOURCE}");
    for (id, topic) in facts {
        text += &format!(
            "[[fact]]\nid = \"{id}\"\ntopic = \"{topic}\"\nkind = \"restriction\"\nseverity = \"block\"\nstatement = \"{id}的要求\"\nsources = [\"s\"]\nconfidence = \"high\"\n"
        );
    }
    text
}

fn policies() -> Policies {
    changed(|_| {})
}

fn changed(change: impl Fn(&mut BTreeMap<String, String>)) -> Policies {
    let mut files = BTreeMap::new();
    for path in Files::Embedded.list() {
        if !["national/", "providers/", "provinces/", "bases/"].iter().any(|prefix| path.starts_with(prefix)) {
            files.insert(path.clone(), Files::Embedded.read(&path).unwrap().unwrap().text.clone());
        }
    }
    let mut layer = |folder: &str, facts: String, rules: &str| {
        files.insert(format!("{folder}/facts.toml"), facts);
        files.insert(format!("{folder}/rules.toml"), rules.to_owned());
    };
    layer("national", facts("miit", "国家", &[]), "");
    let known = [("44.age", "age"), ("44.expiry", "domain"), ("44.alone", "other")];
    layer("provinces/44-guangdong", facts("44", "广东省", &known), GUANGDONG);
    let known = [("31.age", "age"), ("31.expiry", "domain"), ("31.letter", "commitment")];
    layer("provinces/31-shanghai", facts("31", "上海市", &known), SHANGHAI);
    let known = [("32.expiry", "domain"), ("32.letter", "commitment")];
    layer("provinces/32-jiangsu", facts("32", "江苏省", &known), JIANGSU);
    change(&mut files);
    Policies::load(&Files::Memory(files)).unwrap_or_else(|problems| panic!("{problems}"))
}

fn layers(policies: &Policies, ids: &[&str]) -> Vec<Arc<Layer>> {
    ids.iter().map(|id| policies.layer(policies.folder_of(id).unwrap()).unwrap()).collect()
}

fn compared(policies: &Policies, ids: &[&str], topic: Option<&str>) -> Comparison {
    compare(&policies.world, &layers(policies, ids), topic, Language::Zh)
}

fn rows(comparison: &Comparison) -> Vec<&Row> {
    comparison.topics.iter().flat_map(|topic| &topic.rows).collect()
}

fn text(comparison: &Comparison, all: bool, width: usize) -> String {
    compare_text(comparison, all, &options(width))
}

fn options(width: usize) -> TextOptions<'static> {
    TextOptions { language: Language::Zh, width, color: false, source: None }
}

#[test]
fn one_check_is_one_row_and_its_cells_have_what_differs() {
    let comparison = compared(&policies(), &["44", "31"], Some("age"));
    let rows = rows(&comparison);
    assert_eq!(rows.len(), 1);
    let row = rows[0];
    assert_eq!(row.check.as_deref(), Some("age.min"));
    assert_eq!(row.differ, ["years"]);
    assert!(row.title.contains("须年满…周岁"), "{}", row.title);
    assert!(row.with.iter().any(|parameter| parameter.name == "of"), "{:?}", row.with);
    let [guangdong, shanghai] = row.cells.as_slice() else { panic!("{:?}", row.cells) };
    let (a, b) = (&guangdong.rules[0], &shanghai.rules[0]);
    assert_eq!((a.rule.as_str(), a.severity, a.with[0].value.as_str()), ("44.age", "block", "16"));
    assert_eq!((b.rule.as_str(), b.severity, b.with[0].value.as_str()), ("31.age", "warn", "18"));
    assert_eq!(a.applies.len(), 1);
    assert_eq!(a.applies[0].words, "除个人外");
    assert!(b.applies.is_empty());
}

#[test]
fn what_all_share_equally_is_folded_and_a_rule_in_place_is_a_row() {
    let policies = policies();
    let comparison = compared(&policies, &["44", "31", "32"], None);
    let topics: Vec<&str> = comparison.topics.iter().filter_map(|topic| topic.id.as_deref()).collect();
    assert_eq!(topics, ["age", "domain", "commitment", "other"]);
    let titles: Vec<(&str, usize, bool)> =
        rows(&comparison).iter().map(|row| (row.title.as_str(), row.cells.len(), row.equal)).collect();
    // the other expiry rule of Shanghai has another unordered parameter: a row of its own
    assert_eq!(titles[1].1, 3);
    assert!(titles[1].2 && titles[1].0.contains("3个月"), "{titles:?}");
    assert_eq!((titles[2].1, titles[2].2), (1, false));
    assert_eq!(titles[3..5], [("31.letter的要求", 1, false), ("32.letter的要求", 1, false)]);
    let short = text(&comparison, false, 100);
    assert!(!short.contains("44.expiry") && short.contains("另有 1 项各家相同"), "{short}");
    let all = text(&comparison, true, 100);
    assert!(all.contains("44.expiry") && !all.contains("另有"), "{all}");
    assert!(all.contains("2024-05-01 起"), "{all}");
}

#[test]
fn no_line_is_wider_than_the_page() {
    let policies = policies();
    let comparison = compared(&policies, &["44", "31", "32"], None);
    for width in [40, 60, 80, 100, 120] {
        let text = text(&comparison, true, width);
        assert!(text.lines().all(|line| line.width() <= width), "{width}:\n{text}");
        assert!(text.lines().all(|line| line.trim_end() == line), "{width}");
    }
}

#[test]
fn many_layers_are_a_list_in_which_those_that_say_the_same_stand_together() {
    let policies = changed(|files| {
        for (code, name) in [("11", "北京市"), ("12", "天津市")] {
            let facts = facts(code, name, &[]);
            let rules = format!(
                "[[rule]]\nid = \"{code}.age\"\nuse = \"age.min\"\nwith = {{ years = 18 }}\nseverity = \"warn\"\n"
            );
            files.insert(format!("provinces/{code}-x/facts.toml"), facts);
            files.insert(format!("provinces/{code}-x/rules.toml"), rules);
        }
    });
    let comparison = compared(&policies, &["11", "12", "31", "32", "44"], Some("age"));
    let text = text(&comparison, false, 100);
    // a rule without a fact is about what its check is about
    assert!(text.contains("（4/5）"), "{text}");
    assert!(text.contains("警告 18\n      北京市 [11.age]、天津市 [12.age]、上海市 [31.age]"), "{text}");
    assert!(text.contains("错误 16 · 除个人外\n      广东省 [44.age]"), "{text}");
}

#[test]
fn markdown_is_a_table_that_nothing_breaks() {
    let comparison = compared(&policies(), &["44", "31"], None);
    let text = compare_markdown(&comparison, true, Language::Zh);
    let table: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    assert!(table.len() > 5 && table.iter().all(|line| line.matches(" | ").count() >= 2 || line.starts_with("|--")));
    assert!(text.contains("| 错误 16<br>除个人外<br>`44.age` | 警告 18<br>`31.age` |"), "{text}");
}

#[test]
fn a_topic_that_there_is_not_is_an_error_with_the_one_that_was_meant() {
    let misspelt = |files: &mut BTreeMap<String, String>| {
        let facts = files.get_mut("provinces/44-guangdong/facts.toml").unwrap();
        *facts = facts.replace("\"domain\"", "\"domains\"");
    };
    let problems = lint(&changed(misspelt), Some("44"));
    let found = problems.iter().find(|problem| problem.code() == "unknown-topic").expect("it is found");
    assert_eq!(found.message(), "the fact `44.expiry` is about `domains`, which is no topic");
    assert_eq!(found.help_text(), Some("did you mean `domain`?"));
    // a set without topics has none to be wrong about
    let without = changed(|files| {
        misspelt(files);
        files.remove("topics.toml");
    });
    assert!(!lint(&without, Some("44")).to_string().contains("no topic"));
}

#[test]
fn a_file_of_topics_is_checked() {
    let mut files = BTreeMap::new();
    for path in Files::Embedded.list() {
        files.insert(path.clone(), Files::Embedded.read(&path).unwrap().unwrap().text.clone());
    }
    let topics = "[[topic]]\nid = \"age\"\nlabel = \"年龄\"\norder = 2\n[[topic]]\nid = \"age\"\nlabel = \"龄\"\norder = 1\n[[topic]]\nid = \"x\"\nlabel = \"x\"\nen = 3\n";
    files.insert("topics.toml".to_owned(), topics.to_owned());
    let problems = Policies::load(&Files::Memory(files)).expect_err("it is wrong").to_string();
    for part in ["the topic `age` stands twice", "a topic needs the key `order`", "`en` of a topic is a text"] {
        assert!(problems.contains(part), "{part}: {problems}");
    }
}

const FILING: &str = "[filing]\nkind = \"initial\"\nprovince = \"44\"\nprovider = \"tencent-cloud\"\ndate = 2026-11-24\n[subject]\nnature = \"enterprise\"\nname = \"某某\"\n[subject.principal]\nname = \"张三\"\nbirth_date = 2009-11-01\n[[services]]\nkind = \"website\"\n[[services.domains]]\nname = \"example.cn\"\nexpires = 2027-04-24\n";

fn filing(policies: &Policies) -> Document {
    let file = SourceFile::new("filing.toml", FILING);
    read_filing(&policies.world.schema, &file, InputForm::Toml).expect("a filing")
}

#[test]
fn a_filing_that_goes_elsewhere() {
    let policies = policies();
    let document = filing(&policies);
    let at = |code: &str| {
        let place = Where { province: Some(code.to_owned()), provider: None };
        judge(&policies, &document, &place, day(2026, 11, 24), &Options::default()).expect("it is checked")
    };
    let here = judge(&policies, &document, &Where::default(), day(2026, 11, 24), &Options::default()).unwrap();
    let change = moved(&here, &at("31"));
    assert_eq!((change.before.province.as_deref(), change.after.province.as_deref()), (Some("44"), Some("31")));
    assert_eq!(change.after.verdict, Verdict::Rejected);
    let appear: Vec<&str> = change.violations.appear.iter().map(|finding| finding.rule.as_str()).collect();
    // 17 years are enough in Guangdong; five months are not, in Shanghai
    assert_eq!(appear, ["31.expiry.more", "31.age"]);
    assert!(change.violations.vanish.is_empty());
    assert_eq!(change.checklist.appear.len(), 1);
    assert_eq!(change.checklist.appear[0].rules, ["31.letter"]);
    let text = move_text(&change, "filing.toml", &options(100));
    assert!(text.contains("广东省 · 腾讯云 → 上海市 · 腾讯云"), "{text}");
    assert!(text.contains("[31.expiry.more]") && text.contains("新要的材料"), "{text}");

    // the same material in another form, the same violations gone again
    let change = moved(&at("31"), &at("32"));
    assert_eq!(change.violations.vanish.len(), 2);
    let [letter] = change.checklist.change.as_slice() else { panic!("{:?}", change.checklist) };
    assert_ne!(letter.before.form, letter.after.form);
    assert!(move_text(&change, "filing.toml", &options(60)).lines().all(|line| line.width() <= 60));

    let change = moved(&at("44"), &here);
    assert!(change.violations.is_empty() && change.checklist.is_empty());
    // a province that there are no policies for is said, not passed over
    assert_eq!(moved(&here, &at("65")).after.without, ["tencent-cloud", "65"]);
}

#[test]
fn a_violation_of_another_severity_is_the_same_violation() {
    let policies = policies();
    let text = FILING.replace("2009-11-01", "2012-11-01");
    let file = SourceFile::new("filing.toml", text);
    let document = read_filing(&policies.world.schema, &file, InputForm::Toml).unwrap();
    let at = |code: &str| {
        let place = Where { province: Some(code.to_owned()), provider: None };
        judge(&policies, &document, &place, day(2026, 11, 24), &Options::default()).unwrap()
    };
    let change = moved(&at("44"), &at("31"));
    let [age] = change.violations.change.as_slice() else { panic!("{:?}", change.violations) };
    assert_eq!((age.before.rule.as_str(), age.after.rule.as_str()), ("44.age", "31.age"));
    assert_eq!((age.before.severity.as_str(), age.after.severity.as_str()), ("block", "warn"));
}

#[test]
fn a_filing_in_every_province() {
    let policies = policies();
    let day = day(2026, 11, 24);
    let moves = judge_everywhere(&policies, &filing(&policies), day, &Options::default()).unwrap();
    let seen: Vec<(&str, bool, usize, usize)> = moves
        .provinces
        .iter()
        .map(|row| (row.standing.province.as_deref().unwrap(), row.own, row.standing.blocking, row.standing.missing))
        .collect();
    assert_eq!(seen, [("31", false, 1, 1), ("32", false, 0, 1), ("44", true, 0, 0)]);
    let text = moves_text(&moves, "filing.toml", &options(100));
    assert!(text.lines().any(|line| line.starts_with("▸ 广东省")), "{text}");
    assert!(text.contains("没有收录 tencent-cloud"), "{text}");
    let values = serde_json::to_value(&moves).unwrap();
    assert_eq!(values["provinces"][0]["verdict"], "rejected");
}

#[test]
fn the_built_in_provinces_as_they_are_printed() {
    let policies = Policies::load(&Files::Embedded).unwrap();
    insta::assert_snapshot!(text(&compared(&policies, &["44", "31"], Some("age")), false, 100));
}

#[test]
fn a_wrong_call_says_what_is_wrong() {
    for (args, message) in [
        (&["44"][..], "one layer has nothing to be compared with"),
        (&["44", "3x"], "there is no layer `3x`"),
        (&["--topic", "ages"], "did you mean `age`?"),
        (&["--all"], "nothing says what to compare"),
        (&["--filing", "no-such.toml", "--to", "99"], "there is no province `99`"),
        (&["--filing", "no-such.toml", "--to-provider", "aliyum"], "did you mean `aliyun`"),
        (&["--to", "31"], "--filing <FILE>"),
    ] {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_beian"));
        let output = command.arg("compare").args(args).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?} {error}");
        assert!(error.contains(message) && output.stdout.is_empty(), "{args:?} {error}");
    }
}
