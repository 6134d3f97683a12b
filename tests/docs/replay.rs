//! Sessions in documents are played again: files are written, commands are run, and what they print is what the document
//! says. In an output `…` stands for anything in a line, and alone on a line for any lines.
#![cfg(unix)]

use std::path::Path;
use std::process::{Command, Stdio};

use super::markdown::{Block, Document};
use super::{read, root, settle, turn};

#[test]
fn the_guide_does_what_it_says() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    play(&read("docs/policy-guide.zh-CN.md"), folder.path());
}

#[test]
fn the_readmes_outputs_are_what_the_program_prints() {
    let _turn = turn();
    play(&read("README.md"), root());
    play(&read("README.zh-CN.md"), root());
}

/// Plays the blocks of a document one after the other.
fn play(document: &Document, folder: &Path) {
    let mut wanted = String::new();
    let mut copied = 0;
    let mut tried: Vec<(std::path::PathBuf, String)> = Vec::new();
    for block in document.blocks() {
        if let Some((verb, path)) = &block.directive {
            let path = folder.join(path);
            let before = std::fs::read_to_string(&path).unwrap_or_default();
            let after = match verb.as_str() {
                "append" => before.clone() + block.body.as_str(),
                "replace" => replaced(&before, &block),
                "try" => {
                    tried.push((path.clone(), before.clone()));
                    before.clone() + block.body.as_str()
                }
                _ => panic!("{}:{}: `{verb}` is no directive", document.name, block.line),
            };
            std::fs::write(&path, after).unwrap();
        } else if block.language == "console" {
            let output = run(&block, folder);
            for (path, before) in tried.drain(..) {
                std::fs::write(path, before).unwrap();
            }
            if !fits(&block.body, &output) {
                let place = format!("{}:{}", document.name, block.line);
                let output = kept(&block.body, &output).unwrap_or_else(|line| {
                    panic!("{place}: the program no longer prints\n  {line}\nsee what it prints, and edit the document")
                });
                wanted.push_str(&document.text[copied..block.range.start]);
                wanted.push_str(&output);
                copied = block.range.end;
            }
        }
    }
    wanted.push_str(&document.text[copied..]);
    settle(document, &wanted);
}

/// What the commands of a block print, below each.
fn run(block: &Block, folder: &Path) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_beian"));
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut text = String::new();
    for command in block.body.lines().filter_map(|line| line.strip_prefix("$ ")) {
        let script = format!("{} 2>&1", command.replace("cargo run --release -- ", "beian "));
        let mut shell = Command::new("sh");
        shell.args(["-c", &script]).current_dir(folder).env("PATH", &path).env("NO_COLOR", "1").env_remove("COLUMNS");
        let output = shell.stdin(Stdio::null()).output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        text.push_str(&format!("$ {command}\n"));
        text.extend(printed.trim_end().lines().map(|line| line.trim_end().to_owned() + "\n"));
        if command.starts_with("beian policies export") {
            alone(folder);
        }
    }
    text
}

/// The guide works on one province: without the others the commands print the same, sooner.
fn alone(folder: &Path) {
    for (below, kept) in [("provinces", "31-shanghai"), ("providers", "tencent-cloud")] {
        for entry in std::fs::read_dir(folder.join("mine").join(below)).unwrap() {
            let entry = entry.unwrap();
            if entry.file_name() != kept {
                std::fs::remove_dir_all(entry.path()).unwrap();
            }
        }
    }
}

/// The file with the block instead of the table of the same id or name.
fn replaced(before: &str, block: &Block) -> String {
    let key = block.body.lines().find(|line| line.starts_with("id = ") || line.starts_with("name = ")).expect("a name");
    let at = before.find(&format!("\n{key}\n")).unwrap_or_else(|| panic!("nothing to replace by `{key}`"));
    let start = before[..at].rfind("[[").expect("a table");
    let end = before[at..].find("\n[[").map_or(before.len(), |end| at + end + 1);
    format!("{}{}{}", &before[..start], block.body.trim_start(), &before[end..])
}

/// Is the output what the document says?
fn fits(said: &str, printed: &str) -> bool {
    let mut pattern = String::from("^");
    for line in said.lines() {
        let line = match line.trim() {
            "…" => "(?:.*\n)*?".to_owned(),
            _ => regex::escape(line).replace('…', ".*") + "\n",
        };
        pattern.push_str(&line);
    }
    pattern.push('$');
    regex::Regex::new(&pattern).unwrap().is_match(printed)
}

/// What the document should say: all of it, or where it leaves lines out, the lines that it has with their new numbers.
fn kept(said: &str, printed: &str) -> Result<String, String> {
    if !said.lines().any(|line| line.trim() == "…") {
        return Ok(printed.to_owned());
    }
    let shape = |line: &str| line.chars().filter(|c| !c.is_ascii_digit() && *c != ' ').collect::<String>();
    let mut left = printed.lines();
    let mut text = String::new();
    for line in said.lines() {
        let found = match line.trim() {
            "…" => Some(line),
            _ => left.by_ref().find(|printed| shape(printed) == shape(line)),
        };
        text.push_str(found.ok_or_else(|| line.to_owned())?);
        text.push('\n');
    }
    Ok(text)
}
