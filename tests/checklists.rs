//! The checklist of every bureau for an individual's and an enterprise's first website and app, so that a change to a
//! shared check shows what it does to whom. After a change: `INSTA_UPDATE=always cargo test --test checklists`, and read
//! the difference.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test may stop where it fails")]

use beian::filing::{InputForm, read_filing};
use beian::policy::{Files, Policies, day};
use beian::report::{ItemStatus, Options};
use beian::source::SourceFile;
use beian::{engine, report};

fn checklist(policies: &Policies, province: &str, nature: &str, service: &str) -> String {
    let text = format!(
        "[filing]\nkind = \"initial\"\nprovince = \"{province}\"\nprovider = \"tencent-cloud\"\ndate = 2026-11-24\n[subject]\nnature = \"{nature}\"\n[[services]]\nkind = \"{service}\"\n"
    );
    let file = SourceFile::new("planned.toml", text);
    let mut document = read_filing(&policies.world.schema, &file, InputForm::Toml).expect("a filing");
    policies.complete(&mut document);
    let bundle = policies.bundle(&policies.wanted(&document), day(2026, 11, 24)).expect("the layers load");
    let assessment = engine::assess(&bundle, &document);
    let report = report::build(&bundle, &document, &assessment, &Options::default());
    let mut lines = vec![format!("== {nature} {service}")];
    for item in &report.checklist {
        let status = match item.status {
            ItemStatus::Conditional => "视情况",
            _ => "要备",
        };
        let own: Vec<&str> = item.rules.iter().map(String::as_str).filter(|rule| rule.starts_with(province)).collect();
        lines.push(format!(
            "{status} {} {}（{}）{}",
            item.severity,
            item.name,
            item.form_words.join("；"),
            own.join(" ")
        ));
    }
    lines.join("\n")
}

#[test]
fn every_bureau() {
    let policies = Policies::load(&Files::Embedded).expect("the built-in policies load");
    let provinces: Vec<String> =
        policies.folders().iter().filter_map(|folder| folder.strip_prefix("provinces/")).map(str::to_owned).collect();
    assert!(provinces.len() >= 31, "{provinces:?}");
    for name in provinces {
        let code = name.split('-').next().unwrap();
        let mut parts = Vec::new();
        for nature in ["individual", "enterprise"] {
            for service in ["website", "app"] {
                parts.push(checklist(&policies, code, nature, service));
            }
        }
        insta::assert_snapshot!(name.clone(), parts.join("\n\n"));
    }
}
