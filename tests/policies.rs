//! The policies that are built in: nothing is wrong with them, every case holds, every rule is shown in both outcomes.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test may stop where it fails")]

use beian::maintain::{Bases, diagnose, lint, test};
use beian::policy::{Files, Policies};
use beian::source::Diagnostics;

fn policies() -> Policies {
    Policies::load(&Files::Embedded).expect("the built-in policies load")
}

#[test]
fn lint_finds_nothing() {
    let problems = lint(&policies(), None);
    assert!(problems.is_empty(), "{problems}");
}

#[test]
fn every_case_holds_and_every_rule_is_shown_in_both_outcomes() {
    let policies = policies();
    let mut problems = Diagnostics::new();
    let bases = Bases::read(&policies.world, &mut problems);
    for folder in policies.folders() {
        match test::run(&policies, &bases, folder, None) {
            Ok(result) => {
                assert!(!result.cases.is_empty(), "{folder} has no cases");
                problems.extend(result.problems.clone());
                problems.extend(diagnose(&result));
            }
            Err(found) => problems.extend(found),
        }
    }
    assert!(problems.is_empty(), "{problems}");
}

#[test]
fn a_wrong_expectation_fails() {
    // the runner itself is tested: a case that expects the opposite of what happens must not pass
    let mut files = std::collections::BTreeMap::new();
    for path in Files::Embedded.list() {
        let text = Files::Embedded.read(&path).unwrap().unwrap().text.clone();
        let text = if path == "national/cases.toml" { text.replace("violates = [", "fails = [") } else { text };
        files.insert(path, text);
    }
    let turned = Policies::load(&Files::Memory(files)).expect("the changed policies load");
    let mut problems = Diagnostics::new();
    let bases = Bases::read(&turned.world, &mut problems);
    let result = test::run(&turned, &bases, "national", None).expect("the layer loads");
    let noticed = result.cases.iter().filter(|case| !case.ok()).count();
    assert!(noticed > 50, "only {noticed} cases noticed");
    assert!(result.problems.has_errors());
}
