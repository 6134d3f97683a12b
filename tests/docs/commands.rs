//! Commands that documents name: they exist, with their options, and exit as the README says.

use std::collections::BTreeMap;
use std::process::{Command, Output, Stdio};

use super::{DOCUMENTS, read, root};

fn beian(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_beian"));
    command.current_dir(root()).env("NO_COLOR", "1").stdin(Stdio::null()).args(arguments).output().unwrap()
}

fn status(arguments: &[&str]) -> i32 {
    beian(arguments).status.code().unwrap()
}

/// With `--help` at the end nothing is done, but everything before it is parsed.
#[test]
fn every_command_that_is_named_exists() {
    let mut said: BTreeMap<String, String> = BTreeMap::new();
    // what the examples' README says is the affair of the examples' tests
    for name in DOCUMENTS.into_iter().filter(|name| !name.starts_with("examples/")) {
        for (line, command) in read(name).commands() {
            said.entry(command).or_insert_with(|| format!("{name}:{line}"));
        }
    }
    assert!(said.len() > 15, "only {} commands were found", said.len());
    let mut wrong = Vec::new();
    for (command, place) in said {
        let mut arguments: Vec<&str> = command.split_whitespace().skip(1).collect();
        arguments.push("--help");
        let output = beian(&arguments);
        if !output.status.success() {
            wrong.push(format!("{place}: `{command}`\n{}", String::from_utf8_lossy(&output.stderr)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_readme_has_the_two_commands() {
    let readme = read("README.md");
    let block = readme.blocks().into_iter().find(|block| block.language == "sh").expect("a block of commands");
    let lines: Vec<&str> = block.body.lines().map(|line| line.split(" #").next().unwrap_or_default().trim()).collect();
    assert_eq!(lines, ["cargo run --release -- check examples/guangdong-enterprise-app.toml", "cargo test"]);
}

#[test]
fn commands_exit_as_the_readme_says() {
    assert_eq!(status(&["check", "examples/guangdong-enterprise-app.toml"]), 0);
    assert_eq!(status(&["check", "examples/guangdong-enterprise-app-mistakes.toml"]), 1);
    assert_eq!(status(&["check", "examples/empty-draft.toml"]), 1);
    assert_eq!(status(&["check", "examples/nowhere.toml"]), 2);
    assert_eq!(status(&["check", "Cargo.toml"]), 2);
    assert_eq!(status(&["check", "examples/empty-draft.toml", "--policies", "src"]), 2);
    assert_eq!(status(&["check", "--no-such-option"]), 2);
    assert_eq!(status(&["lint", "--layer", "44"]), 0);
    assert_eq!(status(&["lint", "--layer", "no-such-layer"]), 2);
    assert_eq!(status(&["test", "--layer", "31", "--filter", "域名"]), 0);
    assert_eq!(status(&["test", "--layer", "31", "--filter", "no such case"]), 1);
    assert_eq!(status(&["test", "--layer", "no-such-layer"]), 2);
    assert_eq!(status(&["rule", "44.org.age.min16"]), 0);
    assert_eq!(status(&["policies", "list"]), 0);
}
