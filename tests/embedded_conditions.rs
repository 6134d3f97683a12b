//! The promise that every condition is valid Rhai: each expression of the policies that are built in is given to Rhai's
//! own parser, and to ours.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use beian::condition::parse;
use beian::policy::Files;
use beian::source::{Node, NodeValue, parse_toml};
use rhai::Engine;

/// Keys of policy files whose text is an expression.
const EXPRESSIONS: [&str; 8] = ["when", "assert", "derive", "sensitive_when", "that", "body", "for", "where"];
/// Keys whose text has expressions in braces.
const TEXTS: [&str; 6] = ["title", "fix", "note", "manual", "notice", "missing"];

/// Every text below a node that stands under one of the keys, with the key.
fn collect<'a>(node: &'a Node, key: &'a str, out: &mut Vec<(&'a str, &'a str)>) {
    match &node.value {
        NodeValue::Text(text) if EXPRESSIONS.contains(&key) || TEXTS.contains(&key) => out.push((key, text)),
        NodeValue::Array(items) => items.iter().for_each(|item| collect(item, "", out)),
        NodeValue::Table(entries) => entries.iter().for_each(|entry| collect(&entry.node, &entry.key, out)),
        _ => {}
    }
}

/// The expressions in the braces of a text.
fn braced(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if text[at..].starts_with("{{") || text[at..].starts_with("}}") {
            at += 2;
        } else if c == '{' {
            let len = closing(&text[at..]).expect("the brace is closed");
            found.push(&text[at + 1..at + len]);
            at += len + 1;
        } else {
            at += c.len_utf8();
        }
    }
    found
}

fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut quoted) = (0, false);
    text.char_indices().find_map(|(at, c)| {
        quoted ^= c == '"';
        depth += match c {
            '{' if !quoted => 1,
            '}' if !quoted => -1,
            _ => 0,
        };
        (depth == 0).then_some(at)
    })
}

#[test]
fn every_expression_is_rhai() {
    let mut engine = Engine::new_raw();
    engine.set_max_expr_depths(0, 0);
    let files = Files::Embedded;
    let mut counts = std::collections::BTreeMap::<&str, usize>::new();
    let mut wrong = Vec::new();
    for path in files.list() {
        // tables hold no expressions, and the texts of facts and cases are words
        if !path.ends_with(".toml") || ["tables/", "bases/"].iter().any(|folder| path.starts_with(folder)) {
            continue;
        }
        if ["facts.toml", "cases.toml", "materials.toml"].iter().any(|name| path.ends_with(name)) {
            continue;
        }
        let file = files.read(&path).expect("is read").expect("is there");
        let node = parse_toml(&file).map_err(|problems| problems.to_string()).expect("is TOML");
        let mut texts = Vec::new();
        collect(&node, "", &mut texts);
        for (key, text) in texts {
            let expressions = if TEXTS.contains(&key) { braced(text) } else { vec![text] };
            for expression in expressions {
                let key = EXPRESSIONS.iter().chain(&TEXTS).find(|known| **known == key).expect("is a key");
                *counts.entry(key).or_default() += 1;
                if let Err(problem) = parse(expression) {
                    wrong.push(format!("{path}: {expression}\n  {}", problem.message));
                }
                if let Err(error) = engine.compile_expression(expression) {
                    wrong.push(format!("{path}: {expression}\n  Rhai: {error}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    // a test that reads nothing would pass as well
    for key in ["when", "assert", "derive", "that", "body", "title"] {
        assert!(counts.get(key).is_some_and(|count| *count > 0), "no `{key}` was found: {counts:?}");
    }
    assert!(counts.values().sum::<usize>() > 300, "{counts:?}");
}
