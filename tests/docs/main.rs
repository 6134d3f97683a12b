//! The documents are true: their commands exist, their outputs are what the program prints, their samples load, their lists
//! are complete, their links lead somewhere. `UPDATE_DOCS=1 cargo test --test docs` brings outputs and generated parts up
//! to date; what it cannot settle it leaves to the reader.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod commands;
mod generated;
mod language;
mod markdown;
mod replay;
mod report;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use markdown::Document;

/// Every document that these tests look at.
const DOCUMENTS: [&str; 10] = [
    "README.md",
    "README.zh-CN.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/architecture.md",
    "docs/filing-document.zh-CN.md",
    "docs/policy-guide.zh-CN.md",
    "docs/policy-language.md",
    "docs/report.md",
    "examples/README.md",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> Document {
    let text = std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    Document { name: name.to_owned(), text }
}

fn updating() -> bool {
    std::env::var_os("UPDATE_DOCS").is_some_and(|value| value != "0")
}

/// Tests that may write a document take turns from reading it to the end.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The document must be as it should be; with `UPDATE_DOCS` it is made so.
fn settle(document: &Document, wanted: &str) {
    if document.text == wanted {
        return;
    }
    if updating() {
        return std::fs::write(root().join(&document.name), wanted).unwrap();
    }
    let same = document.text.lines().zip(wanted.lines()).take_while(|(old, new)| old == new).count();
    let line = |text: &str| text.lines().nth(same).unwrap_or("(the end)").to_owned();
    panic!(
        "{}:{}: the document says\n  {}\nand it should say\n  {}\nUPDATE_DOCS=1 cargo test --test docs brings it up to date",
        document.name,
        same + 1,
        line(&document.text),
        line(wanted)
    );
}

#[test]
fn links_lead_somewhere() {
    let mut wrong = Vec::new();
    for name in DOCUMENTS {
        let document = read(name);
        let folder: PathBuf = root().join(name).parent().unwrap().to_owned();
        for (line, target) in document.links() {
            if target.contains("://") {
                continue;
            }
            let (path, anchor) = target.split_once('#').unwrap_or((target.as_str(), ""));
            let file = if path.is_empty() { root().join(name) } else { folder.join(path) };
            let found = file.exists()
                && (anchor.is_empty() || {
                    let text = std::fs::read_to_string(&file).unwrap();
                    Document { name: path.to_owned(), text }.anchors().iter().any(|known| known == anchor)
                });
            if !found {
                wrong.push(format!("{name}:{line}: {target}"));
            }
        }
    }
    assert!(wrong.is_empty(), "links that lead nowhere:\n{}", wrong.join("\n"));
}

#[test]
fn examples_that_are_named_exist() {
    let pattern = regex::Regex::new(r"examples/[A-Za-z0-9_.-]+\.(?:toml|json|md)").unwrap();
    let mut wrong = Vec::new();
    for name in DOCUMENTS {
        for found in pattern.find_iter(&read(name).text) {
            if !root().join(found.as_str()).is_file() {
                wrong.push(format!("{name}: {}", found.as_str()));
            }
        }
    }
    assert!(wrong.is_empty(), "examples that do not exist:\n{}", wrong.join("\n"));
}

#[test]
fn samples_of_toml_are_toml() {
    let mut wrong = Vec::new();
    for name in DOCUMENTS {
        for block in read(name).blocks().into_iter().filter(|block| block.language == "toml") {
            if let Err(error) = toml::from_str::<toml::Table>(&block.body) {
                wrong.push(format!("{name}:{}: {}", block.line, error.message()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Both say the same: the same headings, commands, samples and rows of tables, in the same order.
#[test]
fn the_two_readmes_say_the_same() {
    let (english, chinese) = (read("README.md"), read("README.zh-CN.md"));
    let levels = |document: &Document| document.headings().into_iter().map(|(level, _)| level).collect::<Vec<_>>();
    assert_eq!(levels(&english), levels(&chinese), "headings");
    let said = |document: &Document| document.commands().into_iter().map(|(_, command)| command).collect::<Vec<_>>();
    assert_eq!(said(&english), said(&chinese), "commands");
    let rows = |document: &Document| document.text.lines().filter(|line| line.starts_with('|')).count();
    assert_eq!(rows(&english), rows(&chinese), "rows of tables");
    let samples = |document: &Document, language: &str| {
        let blocks = document.blocks().into_iter().filter(|block| block.language == language);
        blocks.map(|block| block.body).collect::<Vec<_>>()
    };
    for language in ["rust", "console"] {
        assert_eq!(samples(&english, language), samples(&chinese, language), "samples of {language}");
    }
}

#[test]
fn the_readmes_sample_is_the_crates_doctest() {
    let library = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let lines = library.lines().filter_map(|line| line.strip_prefix("//! ")).filter(|line| !line.starts_with("# "));
    let library: String = lines.map(|line| line.to_owned() + "\n").collect();
    let readme = read("README.md");
    let sample = readme.blocks().into_iter().find(|block| block.language == "rust").expect("a sample");
    let (first, rest) = sample.body.split_once("\n\n").expect("uses, then statements");
    assert!(library.contains(first) && library.contains(rest), "the sample is not the doctest of src/lib.rs");
}

#[test]
fn the_architecture_has_every_module() {
    let library = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let modules = library.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let known: BTreeSet<String> = modules.map(str::to_owned).collect();
    let rows = read("docs/architecture.md").table("## Modules");
    let said: BTreeSet<String> = rows.iter().flat_map(|row| markdown::code(&row[0])).collect();
    assert_eq!(said, known);
}
