//! Functions of a layer's script, from the policy files to what rules come to.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::collections::BTreeMap;

use annotate_snippets::Renderer;
use beian::engine::{Outcome, assess};
use beian::filing::{InputForm, read_filing};
use beian::policy::{Files, Policies, Wanted};
use beian::report::{Options, build};
use beian::source::SourceFile;

const SCHEMA: &str = r#"
[enum.kind]
label = "类型"
values = [{ id = "website", label = "网站" }, { id = "app", label = "APP" }]
[record.filing.fields]
date = { type = "date", label = "日期" }
province = { type = "region2", label = "省" }
provider = { type = "text", label = "接入商" }
[record.domain.fields]
name = { type = "text", label = "域名" }
expires = { type = "date", label = "到期日" }
[record.service.fields]
kind = { type = "enum kind", label = "类型" }
name = { type = "text", label = "名称" }
domains = { type = "list of record domain", label = "域名" }
[record.root.fields]
filing = { type = "record filing", label = "订单" }
services = { type = "list of record service", element = "service", label = "服务" }
"#;

const FACTS: &str = r#"
[layer]
id = "miit"
name = "全国"
authority = "工业和信息化部"
[[source]]
id = "a"
publisher = "a"
title = "a"
locator = "a"
dated = "2026-01-01"
[[fact]]
id = "miit.domains.apart"
topic = "domain"
kind = "restriction"
severity = "block"
statement = "各域名到期日须相隔30日"
sources = ["a"]
confidence = "high"
"#;

const RULES: &str = r#"
[functions]
apart = { params = ["record service", "integer"], returns = "bool", doc = "…" }
[[rule]]
id = "miit.domains.apart"
each = "services"
assert = 'apart(service, 30)'
"#;

const SCRIPT: &str = r#"// 到期日两两比较，条件语言写不出来
fn apart(service, least) {
    let list = service.domains.filter(|d| d.name != "");
    for (a, i) in list {
        for (b, j) in list {
            if i < j && too_near(a, b, least) {
                return false;
            }
        }
    }
    true
}

private fn too_near(a, b, least) {
    a.expires + days(least) > b.expires && b.expires + days(least) > a.expires
}
"#;

fn files(rules: &str, script: Option<&str>) -> Files {
    let mut files = BTreeMap::from([
        ("schema.toml".to_owned(), SCHEMA.to_owned()),
        ("national/facts.toml".to_owned(), FACTS.to_owned()),
        ("national/rules.toml".to_owned(), rules.to_owned()),
    ]);
    if let Some(script) = script {
        files.insert("national/scripts.rhai".to_owned(), script.to_owned());
    }
    Files::Memory(files)
}

fn refused(rules: &str, script: Option<&str>) -> String {
    let policies = Policies::load(&files(rules, script)).map_err(|e| e.to_string()).expect("loads");
    policies.layer("national").expect_err("is refused").render(&Renderer::plain())
}

/// The outcome of the one rule, and the report as JSON.
fn outcome(script: &str, filing: &str) -> (Option<Outcome>, String) {
    let policies = Policies::load(&files(RULES, Some(script))).map_err(|e| e.to_string()).expect("loads");
    let bundle = policies.bundle(&Wanted::default(), 739_944).map_err(|e| e.to_string()).expect("compiles");
    let file = SourceFile::new("filing.toml", filing);
    let document = read_filing(&policies.world.schema, &file, InputForm::Toml).map_err(|e| e.to_string());
    let document = document.expect("is a filing");
    let assessment = assess(&bundle, &document);
    let site = assessment.rules.first().and_then(|rule| rule.sites.first());
    let report = build(&bundle, &document, &assessment, &Options::default());
    (site.map(|site| site.outcome.clone()), serde_json::to_string(&report).expect("is JSON"))
}

#[test]
fn a_rule_calls_a_function() {
    let far = "[[services]]\ndomains = [{ name = 'a', expires = 2026-01-01 }, { name = 'b', expires = 2026-03-01 }]\n";
    assert_eq!(outcome(SCRIPT, far).0, None);
    let near = "[[services]]\ndomains = [{ name = 'a', expires = 2026-01-01 }, { name = 'b', expires = 2026-01-30 }]\n";
    assert_eq!(outcome(SCRIPT, near).0, Some(Outcome::Violated));
}

#[test]
fn a_missing_field_is_asked_for() {
    let (found, report) =
        outcome(SCRIPT, "[[services]]\ndomains = [{ name = 'a', expires = 2026-01-01 }, { name = 'b' }]\n");
    assert_eq!(found, Some(Outcome::Unknown));
    assert!(report.contains("services[0].domains[1].expires"), "{report}");
}

#[test]
fn a_failure_is_an_error_with_its_place() {
    let script = SCRIPT.replace("b.expires + days(least)", "b.expired + days(least)");
    let near = "[[services]]\ndomains = [{ name = 'a', expires = 2026-01-01 }, { name = 'b', expires = 2026-01-30 }]\n";
    let (found, report) = outcome(&script, near);
    assert_eq!(found, Some(Outcome::Failed));
    let said = "national/scripts.rhai:15:46: `domain` has no field `expired`; did you mean `expires`?";
    assert!(report.contains(said), "{report}");
}

#[test]
fn what_is_wrong_is_found_at_load() {
    let missing = refused(RULES, None);
    assert!(missing.contains("functions are declared, but there is no `national/scripts.rhai`"), "{missing}");
    let wrong = refused(RULES, Some("fn apart(service) { true }\nfn other() { 1 + }\n"));
    assert!(wrong.contains("national/scripts.rhai:2:18"), "{wrong}");
    let wrong = refused(RULES, Some("fn apart(service) { true }\nfn other() { aprt(1, 2) }\n"));
    for part in [
        "`apart` has 1 parameter, but 2 are declared",
        "national/rules.toml:3:1",
        "`other` is not declared",
        "there is no function `aprt`",
        "did you mean `apart`?",
    ] {
        assert!(wrong.contains(part), "{part}: {wrong}");
    }
    let wrong = refused(&RULES.replace("apart(service, 30)", "apart(service, \"30\")"), Some(SCRIPT));
    assert!(wrong.contains("expected an integer, found a text"), "{wrong}");
}
