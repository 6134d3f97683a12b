//! The program as a whole: from its start to its exit, with the policies that are built in.
//!
//! `cargo bench --bench process`. How much memory it takes is asked of the system: see `docs/performance.md`.

#![allow(clippy::expect_used, reason = "a benchmark that cannot start should say why and stop")]

use std::process::{Command, Stdio};

use divan::Bencher;

fn main() {
    divan::main();
}

fn run(arguments: &[&str]) {
    let status = Command::new(env!("CARGO_BIN_EXE_beian"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the program starts");
    // 1 is an answer: the filing would be rejected
    assert!(matches!(status.code(), Some(0 | 1)), "{arguments:?} ended with {status}");
}

#[divan::bench(args = [
    "examples/guangdong-enterprise-app.toml",
    "examples/guangdong-enterprise-app.json",
    "examples/guangdong-enterprise-app-mistakes.toml",
    "examples/guangdong-individual-blog.toml",
    "examples/shanghai-access.toml",
])]
fn check(bencher: Bencher<'_, '_>, filing: &str) {
    bencher.bench(|| run(&["check", filing]));
}

/// The program itself: what starting a process costs anyway.
#[divan::bench]
fn version(bencher: Bencher<'_, '_>) {
    bencher.bench(|| run(&["--version"]));
}
