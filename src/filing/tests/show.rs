//! Collections, places and words.

use super::super::{Language, collect, display, locate, locate_nearest};
use super::*;

fn persons(schema: &Schema, document: &Document, name: &str) -> Vec<String> {
    let list = document.slot(schema.root().field(name).expect("is there").offset);
    let paths = (0..document.len(list).expect("is a list"))
        .map(|index| document.path(schema, document.element(list, index, 0).expect("is one")).expect("has a path"));
    paths.collect()
}

#[test]
fn collections_gather_in_order_through_lists() {
    let schema = schema();
    let text = "[[services]]\n[[services.domains]]\nname = \"a\"\n[[services.domains]]\n[[services]]\n";
    let mut document = read_toml(&schema, text).expect("is a filing");
    collect(&schema, &mut document);
    let expected = ["subject.principal.name", "services[0].principal.name", "services[1].principal.name"];
    assert_eq!(persons(&schema, &document, "persons"), expected);
    assert_eq!(persons(&schema, &document, "domains"), ["services[0].domains[0].name", "services[0].domains[1].name"]);
}

#[test]
fn records_that_count_only_when_given() {
    let schema = schema();
    let count = |text: &str| {
        let mut document = read_toml(&schema, text).expect("is a filing");
        collect(&schema, &mut document);
        persons(&schema, &document, "persons").len()
    };
    assert_eq!(count("subject = { legal = {} }"), 1);
    assert_eq!(count("subject = { legal = { role = \"legal\" } }"), 1, "what the place says anyway is not given");
    assert_eq!(count("subject = { legal = { student = false } }"), 2, "what could be derived is given here");
    assert_eq!(count("subject = { legal = { name = \"a\" } }"), 2);
    assert_eq!(count("services = []"), 1);
}

#[test]
fn collecting_again_after_an_edit_is_right() {
    let schema = schema();
    let mut document = read_toml(&schema, "[[services]]\n").expect("is a filing");
    collect(&schema, &mut document);
    collect(&schema, &mut document);
    assert_eq!(persons(&schema, &document, "persons").len(), 2);
}

#[test]
fn values_in_words() {
    let schema = schema();
    let text = concat!(
        "filing = { province = \"04\", date = 2026-11-24, count = 3 }\n",
        "subject = { nature = \"enterprise\", region = \"440305\", principal = { phone = \"1\", expires = \"long_term\" } }\n",
        "services = [{ name = \"甲\", paid = true, features = [\"aa\", \"bb\"], table = [[1, 2], []] }, { name = \"乙\" }]\n",
    );
    let document = read_toml(&schema, text).expect("is a filing");
    let show = |record: &str, field: &str, base: &str, language| {
        let record = schema.record(schema.record_named(record).expect("is there"));
        let field = record.field(field).expect("is there");
        let base = (0..document.slots.len() as u32)
            .find(|slot| document.path(&schema, *slot).is_some_and(|path| path == base))
            .expect("stands there");
        display(&schema, &document, base, field, language)
    };
    let zh = |record: &str, field: &str, path: &str| show(record, field, path, Language::Zh);
    assert_eq!(zh("filing", "province", "filing.province"), "04");
    assert_eq!(zh("filing", "date", "filing.date"), "2026-11-24");
    assert_eq!(zh("filing", "count", "filing.count"), "3");
    assert_eq!(zh("filing", "remark", "filing.remark"), "");
    assert_eq!(zh("subject", "nature", "subject.nature"), "企业");
    assert_eq!(show("subject", "nature", "subject.nature", Language::En), "enterprise");
    assert_eq!(zh("subject", "region", "subject.region"), "440305");
    assert_eq!(zh("person", "expires", "subject.principal.expires"), "长期");
    assert_eq!(show("person", "expires", "subject.principal.expires", Language::En), "long term");
    assert_eq!(zh("service", "paid", "services[0].paid"), "是");
    assert_eq!(zh("service", "features", "services[0].features"), "甲甲、乙乙");
    assert_eq!(zh("root", "services", "services"), "甲、乙");
    assert_eq!(zh("subject", "principal", "subject.principal.name"), "负责人", "not the phone");
}

#[test]
fn places_of_values_and_of_what_is_nearest() {
    let text = "[subject]\nname = \"中\"\n[[services]]\nname = \"a\"\n[[services]]\ndomains = [{ name = \"d\" }]\n";
    let file = toml_file(text);
    let paths = [
        "subject.name",
        "services[1].domains[0].name",
        "services[0].domains[0].name",
        "subject.region",
        "filing.date",
        "x[",
    ];
    let words = |spans: Vec<Option<Span>>| -> Vec<String> {
        spans.into_iter().map(|span| span.map_or("-".into(), |span| text[span].to_owned())).collect()
    };
    use crate::source::Span;
    assert_eq!(words(locate(&file, InputForm::Toml, &paths)), ["\"中\"", "\"d\"", "-", "-", "-", "-"]);
    let near = words(locate_nearest(&file, InputForm::Toml, &paths));
    assert_eq!(near, ["\"中\"", "\"d\"", "[[services]]", "subject", "-", "-"]);
}

#[test]
fn places_in_json() {
    let text = "{\"services\": [{\n\"name\": \"a\"}], \"subject\": {}}";
    let file = SourceFile::new("f.json", text);
    let found = locate_nearest(&file, InputForm::Json, &["services[0].name", "services[0].paid", "subject.name"]);
    let words: Vec<&str> = found.into_iter().map(|span| &text[span.expect("is there")]).collect();
    assert_eq!(words, ["\"a\"", "{", "\"subject\""]);
    assert_eq!(locate(&SourceFile::new("f.json", "{"), InputForm::Json, &["subject"]), [None]);
}

#[test]
fn forms_by_name() {
    assert_eq!(InputForm::of_name("a/b.TOML"), Some(InputForm::Toml));
    assert_eq!(InputForm::of_name("a.json"), Some(InputForm::Json));
    assert_eq!(InputForm::of_name("toml"), None);
}

/// Every field and its path, by walking the schema.
fn walk(schema: &Schema, document: &Document, at: (RecordId, u32), prefix: &str, found: &mut Vec<(u32, String)>) {
    for field in schema.record(at.0).fields.iter().filter(|field| !field.collected) {
        let path = if prefix.is_empty() { field.name.clone() } else { format!("{prefix}.{}", field.name) };
        let slot = at.1 + field.offset;
        match &field.ty {
            Type::Record(inner) => walk(schema, document, (*inner, slot), &path, found),
            Type::List(element) => {
                found.push((slot, path.clone()));
                let list = document.slot(slot);
                for index in 0..document.len(list).unwrap_or(0) {
                    let first = document.element(list, index, schema.width(element)).expect("is one");
                    let path = format!("{path}[{index}]");
                    match **element {
                        Type::Record(inner) => walk(schema, document, (inner, first), &path, found),
                        _ => found.push((first, path)),
                    }
                }
            }
            _ => found.push((slot, path)),
        }
    }
}

#[test]
fn every_slot_has_the_path_that_leads_to_it() {
    let schema = schema();
    let text = r#"
        subject.principal.name = "a"
        [[services]]
        features = ["aa", "bb"]
        domains = [{ ips = ["1", "2"] }, { ips = ["3"] }]
        parts = [{ name = "p", domains = [{ name = "q" }] }, { parts = [{}, { regions = ["44"] }] }]
        [[services]]
        domains = [{ name = "r" }]
    "#;
    let document = read_toml(&schema, text).expect("is a filing");
    let mut expected = Vec::new();
    walk(&schema, &document, (schema.root, 0), "", &mut expected);
    assert!(expected.iter().any(|(_, path)| path == "services[0].parts[1].parts[1].regions[0]"));
    for (slot, path) in &expected {
        assert_eq!(document.path(&schema, *slot).as_ref(), Some(path));
        let owner = document
            .owner(&schema, *slot)
            .map(|(record, _, index)| &schema.record(record).fields[usize::from(index)].name);
        let name = path.rsplit('.').next().unwrap_or_default();
        assert_eq!(owner.map(String::as_str), (!name.ends_with(']')).then_some(name), "{path}");
    }
    let slots = document.slots.len() as u32;
    let named = (0..slots).filter(|slot| document.path(&schema, *slot).is_some()).count();
    assert_eq!(named, expected.len());
    assert_eq!(document.path(&schema, slots), None);
}
