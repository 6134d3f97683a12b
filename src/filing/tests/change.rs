//! Edits.

use super::super::{add, set, unset};
use super::*;
use crate::source::{Node, Span};

/// A file that says `"path" = value`, with the value and the path's place.
fn edit(path: &str, value: &str) -> (Arc<SourceFile>, Node, Span) {
    let file = toml_file(&format!("\"{path}\" = {value}\n"));
    let node = parse_toml(&file).expect("parses");
    let entry = node.entries().expect("is a table").first().expect("has one").clone();
    (file, entry.node, entry.key_span)
}

struct Draft {
    schema: Schema,
    document: Document,
}

impl Draft {
    fn new(text: &str) -> Self {
        let schema = schema();
        let document = read_toml(&schema, text).expect("is a filing");
        Self { schema, document }
    }

    fn set(&mut self, path: &str, value: &str) -> Result<(), String> {
        let (file, node, at) = edit(path, value);
        set(&self.schema, &mut self.document, path, &node, &file, at).map_err(|errors| errors.to_string())
    }

    fn add(&mut self, path: &str, value: &str) -> Result<(), String> {
        let (file, node, at) = edit(path, value);
        add(&self.schema, &mut self.document, path, &node, &file, at).map_err(|errors| errors.to_string())
    }

    fn unset(&mut self, path: &str) -> Result<(), String> {
        let (file, _, at) = edit(path, "0");
        unset(&self.schema, &mut self.document, path, &file, at).map_err(|errors| errors.to_string())
    }

    fn is(&self, text: &str) {
        let expected = read_toml(&self.schema, text).expect("is a filing");
        assert_eq!(contents(&self.schema, &self.document), contents(&self.schema, &expected));
    }
}

#[test]
fn single_values_records_and_lists_are_set() {
    let mut draft = Draft::new("[subject]\nname = \"a\"\n");
    draft.set("subject.nature", "\"enterprise\"").expect("is set");
    draft.set("filing.date", "2026-01-02").expect("is set");
    draft.set("subject.certificate", "{ number = \"1\" }").expect("is set");
    draft.set("services", "[{ name = \"x\", domains = [{ name = \"d\" }] }]").expect("is set");
    draft.set("subject.name", "\"b\"").expect("is set");
    draft.is(concat!(
        "subject = { name = \"b\", nature = \"enterprise\", certificate = { number = \"1\" } }\n",
        "filing = { date = 2026-01-02 }\n",
        "services = [{ name = \"x\", domains = [{ name = \"d\" }] }]\n",
    ));
}

#[test]
fn a_record_that_is_set_is_replaced_and_keeps_its_constants() {
    let mut draft = Draft::new("[subject.principal]\nname = \"a\"\nphone = \"1\"\n");
    draft.set("subject.principal", "{ name = \"b\" }").expect("is set");
    draft.is("[subject.principal]\nname = \"b\"\n");
    assert!(draft.set("subject.principal.role", "\"legal\"").is_err());
    assert!(draft.set("subject.principal.role", "\"principal\"").is_ok());
}

#[test]
fn elements_are_made_just_past_the_end_and_not_further() {
    let mut draft = Draft::new("[[services]]\nname = \"a\"\n[[services.domains]]\nname = \"d\"\n");
    draft.set("services[1].domains[0].name", "\"e\"").expect("is set");
    draft.set("services[0].domains[1].ips[0]", "\"1.2.3.4\"").expect("is set");
    draft.set("services[0].table[0][0]", "7").expect("is set");
    draft.is(concat!(
        "services = [{ name = \"a\", table = [[7]], domains = [{ name = \"d\" }, { ips = [\"1.2.3.4\"] }] },",
        " { domains = [{ name = \"e\" }] }]\n",
    ));
    let error = draft.set("services[3].name", "\"x\"").expect_err("leaves a hole");
    assert_eq!(error, "f.toml:1:10: error[no-such-element]: `services[3]` would leave a hole: the list has 2");
}

#[test]
fn lists_are_appended_to_and_elements_removed() {
    let mut draft = Draft::new("[[services]]\nname = \"a\"\nfeatures = [\"aa\"]\n");
    draft.add("services", "[{ name = \"b\" }, { name = \"c\" }]").expect("is added");
    draft.add("services[0].features", "[\"bb\"]").expect("is added");
    draft.add("services[1].domains", "[{ name = \"d\" }]").expect("is added");
    draft.is(concat!(
        "services = [{ name = \"a\", features = [\"aa\", \"bb\"] },",
        " { name = \"b\", domains = [{ name = \"d\" }] }, { name = \"c\" }]\n",
    ));
    draft.unset("services[0]").expect("is removed");
    draft.is("services = [{ name = \"b\", domains = [{ name = \"d\" }] }, { name = \"c\" }]\n");
}

#[test]
fn unset_makes_missing_or_the_default() {
    let mut draft =
        Draft::new("filing = { count = 5, remark = \"x\" }\nsubject = { principal = { name = \"a\" } }\nservices = []");
    for path in ["filing.count", "filing.remark", "subject.principal", "services", "subject.region"] {
        draft.unset(path).expect("is unset");
    }
    draft.is("filing = {}\n");
}

#[test]
fn wrong_edits_change_nothing_and_point_at_the_path() {
    let mut draft = Draft::new("[[services]]\nname = \"a\"\n");
    let before = contents(&draft.schema, &draft.document);
    let errors = [
        draft.set("subject.nme", "1"),
        draft.set("services.name", "\"x\""),
        draft.set("subject.name.first", "\"x\""),
        draft.set("subject.name[0]", "\"x\""),
        draft.set("persons", "[]"),
        draft.set("services[1].name", "1"),
        draft.set("services", "[{ name = \"x\" }, { name = 1 }]"),
        draft.set("services[0", "1"),
        draft.add("subject.name", "[\"x\"]"),
        draft.add("services", "{ name = \"x\" }"),
        draft.add("services", "[{ nme = \"x\" }]"),
        draft.unset("services[1].name"),
    ];
    let lines: Vec<String> = errors.into_iter().map(|result| result.expect_err("is wrong")).collect();
    assert_eq!(
        lines,
        [
            "f.toml:1:10: error[unknown-key]: `subject` has no key `nme`",
            "f.toml:1:11: error[wrong-path]: `services` is a list: say which element",
            "f.toml:1:15: error[wrong-path]: `subject.name` has the type `text` and holds no `first`",
            "f.toml:1:14: error[wrong-path]: `subject.name` is no list, so it has no element `[0]`",
            "f.toml:1:2: error[collected-key]: `persons` is gathered from other places and not written",
            "f.toml:1:22: error[wrong-type]: `services[1].name` is a text, not the integer `1`",
            "f.toml:1:40: error[wrong-type]: `services[1].name` is a text, not the integer `1`",
            "f.toml:1:10: error[bad-path]: `services[0` is no path: a `]` is missing",
            "f.toml:1:2: error[no-list]: `subject.name` is no list, so nothing can be added to it",
            "f.toml:1:14: error[wrong-type]: `services` is a list of tables, not a table",
            "f.toml:1:17: error[unknown-key]: `services[1]` has no key `nme`",
            "f.toml:1:10: error[no-such-element]: there is no `services[1]`",
        ]
    );
    assert_eq!(contents(&draft.schema, &draft.document), before);
}
