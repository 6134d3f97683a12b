//! From policies and a filing to a report, on policies that are made for the test: the shared files are the built-in ones,
//! the layers are small.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::collections::BTreeMap;

use beian::filing::{InputForm, read_filing};
use beian::policy::{Files, Policies, day};
use beian::report::{ItemStatus, Options, Report, Verdict};
use beian::source::SourceFile;
use beian::{engine, report};

const SOURCE: &str = "[[source]]\nid = \"s\"\npublisher = \"P\"\ntitle = \"T\"\nlocator = \"L\"\ndated = \"2026\"\n";

/// A layer's facts: its head, and one fact per id.
fn facts(head: &str, ids: &[&str]) -> String {
    let mut text = format!("[layer]\n{head}\n{SOURCE}");
    for id in ids {
        text += &format!(
            "[[fact]]\nid = \"{id}\"\ntopic = \"t\"\nkind = \"restriction\"\nseverity = \"block\"\nstatement = \"{id}的要求\"\nsources = [\"s\"]\nconfidence = \"high\"\n"
        );
    }
    text
}

fn policies(layers: &[(&str, String, &str)]) -> Policies {
    let mut files = BTreeMap::new();
    for path in Files::Embedded.list() {
        if !["national/", "providers/", "provinces/", "bases/"].iter().any(|prefix| path.starts_with(prefix)) {
            files.insert(path.clone(), Files::Embedded.read(&path).unwrap().unwrap().text.clone());
        }
    }
    for (folder, facts, rules) in layers {
        files.insert(format!("{folder}/facts.toml"), facts.clone());
        files.insert(format!("{folder}/rules.toml"), (*rules).to_owned());
    }
    Policies::load(&Files::Memory(files)).expect("the shared files load")
}

fn national(rules: &str, ids: &[&str]) -> Policies {
    policies(&[("national", facts("id = \"miit\"\nname = \"国家\"\nauthority = \"工信部\"", ids), rules)])
}

fn check(policies: &Policies, filing: &str) -> Report {
    let file = SourceFile::new("filing.toml", filing);
    let mut document = read_filing(&policies.world.schema, &file, InputForm::Toml).expect("a filing");
    policies.complete(&mut document);
    let bundle = policies.bundle(&policies.wanted(&document), day(2026, 11, 24)).expect("the layers load");
    let assessment = engine::assess(&bundle, &document);
    let options = Options { source: Some((file, InputForm::Toml)), ..Options::default() };
    report::build(&bundle, &document, &assessment, &options)
}

const WEBSITE: &str = "[filing]\nkind = \"initial\"\nprovince = \"44\"\nprovider = \"tencent-cloud\"\ndate = 2026-11-24\n[subject]\nnature = \"enterprise\"\n[[services]]\nkind = \"website\"\nname = \"一\"\n";

#[test]
fn two_rules_of_one_check_are_one_line_and_the_stricter_speaks() {
    let rules = r#"
[[rule]]
id = "miit.three"
use = "domain.months_left"
with = { months = 3 }
severity = "warn"
[[rule]]
id = "miit.six"
use = "domain.months_left"
with = { months = 6 }
severity = "block"
"#;
    let policies = national(rules, &["miit.three", "miit.six"]);
    let filing = format!("{WEBSITE}[[services.domains]]\nname = \"example.cn\"\nexpires = 2026-12-24\n");
    let report = check(&policies, &filing);
    assert_eq!(report.violations.len(), 1);
    let violation = &report.violations[0];
    assert_eq!((violation.rule.as_str(), violation.severity.as_str()), ("miit.six", "block"));
    assert_eq!(violation.rules, ["miit.six", "miit.three"]);
    assert_eq!(violation.facts, ["miit.six", "miit.three"]);
    assert_eq!((violation.at[0].path.as_str(), violation.at[0].line), ("services[0].domains[0].expires", Some(13)));
    // four months left: only the stricter one is violated
    let report = check(&policies, &filing.replace("2026-12-24", "2027-03-24"));
    assert_eq!(report.violations[0].rules, ["miit.six"]);
}

#[test]
fn one_mistyped_number_in_two_places_is_one_line_with_both_places() {
    let rules = r#"
[[rule]]
id = "miit.phone"
each = "principals"
assert = 'well_formed(person.phone)'
"#;
    let policies = national(rules, &["miit.phone"]);
    let filing =
        format!("{WEBSITE}[services.principal]\nphone = \"1380000\"\n[subject.principal]\nphone = \"1380000\"\n");
    let report = check(&policies, &filing);
    assert_eq!(report.violations.len(), 1, "{:?}", report.violations);
    assert_eq!(report.violations[0].at.len(), 2);
    let report = check(&policies, &filing.replacen("1380000", "1390000", 1));
    assert_eq!(report.violations.len(), 2);
}

#[test]
fn a_rule_that_is_replaced_for_websites_remains_for_apps() {
    let lower = facts("id = \"miit\"\nname = \"国家\"\nauthority = \"工信部\"", &["miit.name"]);
    let upper =
        facts("id = \"44\"\nname = \"广东\"\nauthority = \"管局\"\napplies = { province = \"44\" }", &["44.name"]);
    let policies = policies(&[
        ("national", lower, "[[rule]]\nid = \"miit.name\"\neach = \"services\"\nassert = 'service.name.len() > 5'\n"),
        (
            "provinces/44-guangdong",
            upper,
            "[[rule]]\nid = \"44.name\"\neach = \"services\"\nservice = [\"website\"]\nassert = 'service.name.len() > 0'\nreplaces = [\"miit.name\"]\nnote = \"广东不限\"\n",
        ),
    ]);
    let report = check(&policies, WEBSITE);
    assert!(report.violations.is_empty(), "{:?}", report.violations);
    let report = check(&policies, &format!("{WEBSITE}[[services]]\nkind = \"app\"\nname = \"二\"\n"));
    assert_eq!(report.violations.len(), 1);
    assert_eq!(report.violations[0].at[0].path, "services[1].name");
    // elsewhere nothing is replaced
    let report = check(&policies, &WEBSITE.replace("\"44\"", "\"31\""));
    assert_eq!(report.violations.len(), 1);
    assert!(report.policies.iter().any(|policy| policy.id == "31" && policy.missing));
}

#[test]
fn materials_of_two_rules_are_one_line_in_the_strictest_form() {
    let rules = r#"
[[rule]]
id = "miit.letter"
require = { material = "filing_commitment_letter", sealed = true, max_age_months = 6 }
severity = "warn"
[[rule]]
id = "miit.letter.new"
require = { material = "filing_commitment_letter", handwritten = true, max_age_months = 3 }
[[rule]]
id = "miit.choice"
require = { any_of = ["filing_commitment_letter", "business_license"] }
"#;
    let policies = national(rules, &["miit.letter", "miit.letter.new", "miit.choice"]);
    let report = check(&policies, WEBSITE);
    assert_eq!(report.verdict, Verdict::Rejected);
    assert_eq!(report.checklist.len(), 1, "{:#?}", report.checklist);
    let item = &report.checklist[0];
    assert_eq!((item.status, item.severity.as_str()), (ItemStatus::Missing, "block"));
    assert_eq!(item.rules, ["miit.letter", "miit.letter.new", "miit.choice"]);
    assert_eq!(item.form["max_age_months"], 3);
    assert_eq!(item.form["sealed"], true);
    assert_eq!(item.form["handwritten"], true);
    let filing = format!(
        "{WEBSITE}[[materials]]\nkind = \"filing_commitment_letter\"\nsealed = true\nhandwritten = false\nsigned_on = 2026-07-01\n"
    );
    let report = check(&policies, &filing);
    let item = &report.checklist[0];
    assert_eq!((item.status, item.deficiencies.len()), (ItemStatus::Deficient, 2), "{item:#?}");
    let filing = filing.replace("handwritten = false", "handwritten = true").replace("2026-07-01", "2026-11-01");
    let report = check(&policies, &filing);
    assert_eq!((report.checklist[0].status, report.verdict), (ItemStatus::Provided, Verdict::Ready));
}

#[test]
fn what_is_not_given_is_asked_for_and_never_guessed() {
    let rules = r#"
[[rule]]
id = "miit.age"
each = "principals"
assert = 'age(person, filing.date) >= 18'
[[rule]]
id = "miit.letter"
when = 'subject.business_status == "abnormal"'
require = { material = "filing_commitment_letter" }
"#;
    let policies = national(rules, &["miit.age", "miit.letter"]);
    let report = check(&policies, WEBSITE);
    assert_eq!(report.verdict, Verdict::NeedsInformation);
    assert!(report.violations.is_empty());
    let asked: Vec<&str> = report.questions.iter().map(|question| question.path.as_str()).collect();
    // the date of birth is derived: the filer is asked for the card
    assert!(asked.contains(&"subject.principal.id_number"), "{asked:?}");
    assert!(asked.contains(&"services[0].principal.id_number"), "{asked:?}");
    assert_eq!(report.checklist[0].status, ItemStatus::Conditional);
    assert_eq!(report.checklist[0].depends_on[0].path, "subject.business_status");
}

#[test]
fn rules_have_their_time() {
    let rules = r#"
[[rule]]
id = "miit.old"
assert = 'filing.kind != "initial"'
effective = { until = 2026-11-23 }
[[rule]]
id = "miit.new"
assert = 'filing.kind != "initial"'
effective = { from = 2026-11-24 }
[[rule]]
id = "miit.later"
assert = 'filing.kind != "initial"'
effective = { from = 2026-11-25 }
"#;
    let policies = national(rules, &["miit.old", "miit.new", "miit.later"]);
    let report = check(&policies, WEBSITE);
    let rules: Vec<&str> = report.violations.iter().map(|violation| violation.rule.as_str()).collect();
    assert_eq!(rules, ["miit.new"]);
}

#[test]
fn a_rule_that_cannot_be_evaluated_is_said_and_never_passes() {
    let rules = r#"
[[rule]]
id = "miit.overflow"
assert = '9223372036854775807 + services.len() > 0'
"#;
    let report = check(&national(rules, &["miit.overflow"]), WEBSITE);
    assert_eq!(report.errors.len(), 1);
    assert_eq!((report.errors[0].rule.as_str(), report.verdict), ("miit.overflow", Verdict::NeedsReview));
}

#[test]
fn sensitive_values_are_masked_wherever_they_are_shown() {
    let rules = r#"
[[rule]]
id = "miit.phone"
assert = 'subject.principal.phone != subject.principal.emergency_phone'
at = ["subject.principal.phone", "subject.principal.id_number", "subject.principal.email"]
fix = '{subject.principal.phone} 与 {subject.principal.emergency_phone} 相同，{subject.principal.id_number + "！"}'
"#;
    let policies = national(rules, &["miit.phone"]);
    let filing = format!(
        "{WEBSITE}[subject.principal]\nphone = \"13800000000\"\nemergency_phone = \"13800000000\"\nid_number = \"440305199001011234\"\nemail = \"zhang@example.cn\"\n"
    );
    let json = serde_json::to_string(&check(&policies, &filing)).unwrap();
    for secret in ["13800000000", "440305199001011234", "zhang@"] {
        assert!(!json.contains(secret), "{secret} in {json}");
    }
    assert!(json.contains("138****0000"));
}
