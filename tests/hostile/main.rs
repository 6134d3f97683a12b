//! Hostile input: filings and policies that are broken, huge, deep or mean end as errors with a place, or as reports, and
//! never in a panic, an overflow or without an end.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod conditions;
mod filings;
mod policies;
mod tiny;

use std::sync::{Arc, OnceLock, mpsc};
use std::time::{Duration, Instant};

use annotate_snippets::Renderer;
use beian::engine::assess;
use beian::filing::{Document, InputForm, read_filing};
use beian::policy::{Files, Policies, Wanted};
use beian::report::{Options, Report, Shown, build};
use beian::source::{Diagnostics, SourceFile};

/// 2026-11-24.
const DAY: i64 = 739_944;

/// The built-in policies, loaded once.
fn real() -> &'static Policies {
    static POLICIES: OnceLock<Policies> = OnceLock::new();
    POLICIES.get_or_init(|| Policies::load(&Files::Embedded).unwrap_or_else(|problems| panic!("{problems}")))
}

/// Runs something on a stack of the usual size, and fails when it takes too long.
fn within<T: Send + 'static>(seconds: u64, what: &str, run: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    let start = Instant::now();
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(move || sender.send(run()));
    let thread = thread.expect("a thread");
    match receiver.recv_timeout(Duration::from_secs(seconds)) {
        Ok(value) => value,
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("{what} takes more than {seconds} s"),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            let _ = thread.join();
            panic!("{what} panicked after {:?}", start.elapsed())
        }
    }
}

/// Reads a filing, and makes its report if it is one.
fn filing(name: &str, bytes: &[u8]) -> Result<Report, Diagnostics> {
    let form = InputForm::of_name(name).expect("TOML or JSON");
    let file = SourceFile::from_bytes(name, bytes.to_vec())?;
    let document = read_filing(&real().world.schema, &file, form)?;
    Ok(report(real(), document, file, form))
}

fn report(policies: &Policies, mut document: Document, file: Arc<SourceFile>, form: InputForm) -> Report {
    policies.complete(&mut document);
    let wanted = Wanted { province: Some("44".into()), provider: Some("tencent-cloud".into()) };
    let bundle = policies.bundle(&wanted, DAY).unwrap_or_else(|problems| panic!("{problems}"));
    let options = Options { source: Some((file, form)), ..Options::default() };
    build(&bundle, &document, &assess(&bundle, &document), &options)
}

/// All errors have a code, a message of one line and a place in the file, and can be shown.
fn presentable(problems: &Diagnostics) {
    assert!(problems.has_errors());
    for problem in problems.iter() {
        let message = problem.message();
        assert!(!problem.code().is_empty() && !message.is_empty() && !message.contains('\n'), "{problem}");
        assert!(message.len() < 2_000, "{} bytes of message: {}", message.len(), problem.code());
        if problem.code() == "more" {
            continue;
        }
        let (file, span) = problem.place().unwrap_or_else(|| panic!("no place: {problem}"));
        assert!(span.start <= span.end && span.end <= file.text.len() + 1, "{problem} {span:?}");
    }
    let shown = problems.render(&Renderer::plain());
    assert!(shown.contains("error["), "{shown}");
    assert!(!problems.to_string().is_empty());
}

/// What is wrong with a filing.
fn refused(name: &str, bytes: &[u8]) -> Diagnostics {
    match filing(name, bytes) {
        Ok(_) => panic!("{name} is read"),
        Err(problems) => {
            presentable(&problems);
            // as the command shows it
            let form = InputForm::of_name(name).expect("TOML or JSON");
            if let Ok(file) = SourceFile::from_bytes(name, bytes.to_vec()) {
                presentable(&Shown::covered(&real().world, None, &file, form).diagnostics(&file, problems.clone()));
            }
            problems
        }
    }
}
