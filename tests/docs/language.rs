//! The reference of the policy language: its samples load, its values are computed, its lists are the program's.

use std::collections::{BTreeMap, BTreeSet};

use beian::condition::{Builtin, Checker, Context, Frame, Language, Scope, Template, targets};
use beian::filing::InputForm;
use beian::json_schema::{self, PolicyFile};
use beian::maintain::{Bases, lint, test};
use beian::policy::{Files, Policies};
use beian::schema::Expression;
use beian::schema::format::Format;
use beian::source::{Diagnostics, SourceFile};

use super::markdown::code;
use super::read;
use super::report::properties;

const REFERENCE: &str = "docs/policy-language.md";

/// Functions that are part of the language itself, as `check.rs` has them.
const SPECIAL: [&str; 6] = ["given", "well_formed", "label", "table", "words", "date"];

fn policies() -> Policies {
    Policies::load(&Files::Embedded).unwrap()
}

/// The built-in policies with the reference's samples in place of one layer.
fn with_samples() -> (Policies, String) {
    let document = read(REFERENCE);
    let samples: Vec<(String, String)> = document
        .blocks()
        .into_iter()
        .filter_map(|block| match block.directive {
            Some((verb, path)) if verb == "file" => Some((path, block.body)),
            _ => None,
        })
        .collect();
    let facts = samples.iter().find_map(|(path, _)| path.strip_suffix("/facts.toml")).expect("a sample of facts.toml");
    let layer = facts.to_owned();
    let mut files = BTreeMap::new();
    for path in Files::Embedded.list().into_iter().filter(|path| !path.starts_with(&format!("{layer}/"))) {
        files.insert(path.clone(), Files::Embedded.read(&path).unwrap().unwrap().text.clone());
    }
    for (path, body) in samples {
        files.entry(path).or_default().push_str(&format!("{body}\n"));
    }
    (Policies::load(&Files::Memory(files)).unwrap_or_else(|problems| panic!("{problems}")), layer)
}

#[test]
fn samples_load_and_hold() {
    let (policies, layer) = with_samples();
    let problems = lint(&policies, None);
    assert!(problems.is_empty(), "{problems}");
    let mut problems = Diagnostics::new();
    let bases = Bases::read(&policies.world, &mut problems);
    let result = test::run(&policies, &bases, &layer, None).unwrap_or_else(|problems| panic!("{problems}"));
    problems.extend(result.problems.clone());
    assert!(problems.is_empty(), "{problems}");
    assert!(result.passed() > 0 && result.passed() == result.cases.len());
}

#[test]
fn values_are_what_it_says() {
    let policies = policies();
    let schema = &policies.world.schema;
    let base = Files::Embedded.read("bases/shanghai-individual-website.toml").unwrap().expect("the base");
    let mut filing = beian::filing::read_filing(schema, &base, InputForm::Toml).unwrap();
    policies.complete(&mut filing);
    let context = Context { schema, document: &filing, knows: policies.world.knows(), scripts: None };
    let library = policies.world.library(&[]);
    let document = read(REFERENCE);
    let block = document.blocks().into_iter().find(|block| block.body.contains(" → ")).expect("a list of values");
    let mut wrong = Vec::new();
    for line in block.body.lines() {
        let (expression, value) = line.split_once('→').expect("an expression and its value");
        let (expression, value) = (expression.trim(), value.trim());
        let text = format!("{{{expression}}}");
        let file = SourceFile::new("reference", text.as_str());
        let source = Expression { span: 0..text.len(), text, file };
        let mut out = Diagnostics::new();
        match Template::check(&mut Checker::new(&library), &source, &Scope::root(), &mut out) {
            Some(template) => {
                let found = template.render(&context, &Frame::default(), Language::Zh, &|_, text| text.to_owned());
                if found != value {
                    wrong.push(format!("{expression} is {found}, not {value}"));
                }
            }
            None => wrong.push(format!("{expression}: {out}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a mistake in a condition says.
fn complaint(policies: &Policies, text: &str) -> String {
    let library = policies.world.library(&[]);
    let file = SourceFile::new("reference", text);
    let source = Expression { span: 0..text.len(), text: text.to_owned(), file };
    let mut out = Diagnostics::new();
    assert!(Checker::new(&library).check(&source, &Scope::root(), None, &mut out).is_none(), "{text} is no mistake");
    let problem = out.iter().next().expect("a problem");
    format!("{}; {}", problem.message(), problem.help_text().unwrap_or_default())
}

/// The names before `(` in the code of the first cells.
fn called(document: &str, above: &str, prefix: &str) -> BTreeSet<String> {
    let rows = read(document).table(above);
    let cells = rows.iter().flat_map(|row| code(&row[0])).collect::<Vec<_>>();
    let name = |text: &String| {
        text.strip_prefix(prefix).and_then(|text| text.split_once('(')).map(|(name, _)| name.to_owned())
    };
    cells.iter().filter_map(name).collect()
}

#[test]
fn functions_are_all_there() {
    let policies = policies();
    let said = called(REFERENCE, "### Functions", "");
    let known: BTreeSet<String> =
        Builtin::ALL.iter().map(|(name, _)| *name).chain(SPECIAL).map(str::to_owned).collect();
    assert_eq!(said, known);
    for name in SPECIAL {
        let complaint = complaint(&policies, &format!("{name}(1, 2, 3)"));
        assert!(!complaint.contains("no function"), "{name}: {complaint}");
    }
    assert!(complaint(&policies, "no_such_function()").contains("no function"));
}

#[test]
fn methods_are_all_there() {
    let policies = policies();
    for (value, above) in [("\"text\"", "Of texts:"), ("[1]", "Of lists:")] {
        let complaint = complaint(&policies, &format!("{value}.no_such_method()"));
        let (_, names) = complaint.split_once("its methods are ").expect("the names of the methods");
        let known: BTreeSet<String> = names.split(", ").map(str::to_owned).collect();
        assert_eq!(called(REFERENCE, above, "."), known, "{above}");
    }
}

#[test]
fn forms_and_formats_are_all_there() {
    let policies = policies();
    let rows = read(REFERENCE).table("### Forms");
    let said: Vec<String> = rows.iter().flat_map(|row| code(&row[0])).collect();
    let known: Vec<String> = policies.world.forms.iter().map(|form| form.id.clone()).collect();
    assert_eq!(said, known, "forms");
    let document = read(REFERENCE);
    let line = document.text.lines().find(|line| line.starts_with("Formats: ")).expect("the formats");
    let said: Vec<String> = code(line.split(". A").next().unwrap());
    assert_eq!(said, Format::NAMES.map(str::to_owned).to_vec(), "formats");
}

#[test]
fn targets_are_all_there() {
    let policies = policies();
    let said: BTreeSet<String> = read(REFERENCE).table("### Targets").iter().flat_map(|row| code(&row[0])).collect();
    let known: BTreeSet<String> = targets(&policies.world.schema).into_iter().collect();
    assert_eq!(said, known);
}

/// A key that files may have stands in a sample or a table.
#[test]
fn keys_of_files_are_all_there() {
    let policies = policies();
    let document = read(REFERENCE);
    let samples = document.blocks().into_iter().map(|block| block.body).collect::<Vec<_>>().join("\n");
    let words = |text: &str| {
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').map(str::to_owned).collect::<Vec<_>>()
    };
    let mut said: BTreeSet<String> = words(&samples).into_iter().collect();
    said.extend(code(&document.text).iter().flat_map(|text| words(text)));
    // what `with` may say is the checks'
    let parameters = policies.world.checks.values().flat_map(|check| &check.parameters);
    said.extend(parameters.map(|(name, _)| name.clone()));
    for file in PolicyFile::ALL {
        let mut known = BTreeSet::new();
        properties(&json_schema::policy_file(&policies.world, file), &mut known);
        let missing: Vec<&String> = known.iter().filter(|key| !said.contains(*key)).collect();
        assert!(!known.is_empty() && missing.is_empty(), "{}: {missing:?}", file.name());
    }
}

#[test]
fn applicability_keys_are_all_there() {
    let policies = policies();
    let rows = read(REFERENCE).table("**Applicability.**");
    let said: BTreeSet<String> = rows.iter().flat_map(|row| code(&row[0])).collect();
    let known: BTreeSet<String> = policies.world.keys.iter().map(|key| key.dimension.name.clone()).collect();
    assert_eq!(said, known);
}
