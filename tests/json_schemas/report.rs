//! Reports of all bases against the schema of reports.

use beian::engine::assess;
use beian::filing::{InputForm, Language, read_filing};
use beian::policy::{Files, Wanted};
use beian::report::{Options, Report, build};
use serde_json::Value;

use super::{mistakes, policies, read, validator};

/// 2026-11-24.
const DAY: i64 = 739_944;

fn report(path: &str, options: Options) -> Report {
    let policies = policies();
    let file = read(path);
    let mut document = read_filing(&policies.world.schema, &file, InputForm::Toml).expect("is a filing");
    policies.complete(&mut document);
    let wanted = Wanted { province: Some("44".into()), provider: Some("tencent-cloud".into()) };
    let bundle = policies.bundle(&wanted, DAY).unwrap_or_else(|problems| panic!("{problems}"));
    let options = Options { source: Some((file, InputForm::Toml)), ..options };
    build(&bundle, &document, &assess(&bundle, &document), &options)
}

/// The same schema without room for keys that it does not name.
fn closed(schema: &mut Value) {
    match schema {
        Value::Object(keywords) => {
            if keywords.contains_key("properties") {
                keywords.insert("additionalProperties".into(), false.into());
            }
            keywords.values_mut().for_each(closed);
        }
        Value::Array(items) => items.iter_mut().for_each(closed),
        _ => {}
    }
}

#[test]
fn reports_of_all_bases_are_valid_and_have_no_other_keys() {
    let mut schema = beian::json_schema::report();
    let open = validator(&schema);
    closed(&mut schema);
    let closed = validator(&schema);
    for path in Files::Embedded.list().into_iter().filter(|path| path.starts_with("bases/")) {
        for options in
            [Options::default(), Options { show_sensitive: true, language: Language::En, ..Options::default() }]
        {
            let report = serde_json::to_value(report(&path, options)).expect("is JSON");
            for validator in [&open, &closed] {
                let found = mistakes(validator, &report);
                assert!(found.is_empty(), "{path}\n{found}");
            }
        }
    }
}

#[test]
fn what_is_no_report_is_refused() {
    let validator = validator(&beian::json_schema::report());
    let right = serde_json::to_value(report("bases/individual-app.toml", Options::default())).expect("is JSON");
    assert!(validator.is_valid(&right));
    let with = |pointer: &str, value: Value| {
        let mut wrong = right.clone();
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        wrong.pointer_mut(parent).expect("is there")[key] = value;
        wrong
    };
    for wrong in [
        with("/version", 2.into()),
        with("/verdict", "perhaps".into()),
        with("/checklist", Value::Null),
        with("/filing/as_of", 20_261_124.into()),
        with("/filing/services", "app".into()),
    ] {
        assert!(!validator.is_valid(&wrong));
    }
    for key in ["version", "filing", "policies", "verdict", "checklist", "violations", "questions", "errors"] {
        let mut without = right.clone();
        without.as_object_mut().expect("an object").remove(key);
        assert!(!validator.is_valid(&without), "`{key}` is always there");
    }
}
