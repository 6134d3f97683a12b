//! A worker: bytes of filings → lines of output. It keeps the memory of one document and the bundles it needed last.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::record::{Mistake, Parts, Record};
use super::settings::Settings;
use super::split::{Chunk, Cut, Fault};
use crate::engine::assess;
use crate::filing::{Document, InputForm, MAX_BYTES, read_filing, read_json_into};
use crate::policy::{Bundle, Wanted};
use crate::report::{ItemStatus, Options, Report, Shown, Verdict, build};
use crate::source::{Diagnostic, Diagnostics, Node, NodeValue, SourceFile, parse_json};

/// How many bundles a worker keeps: all provinces with several providers on one day.
const BUNDLES: usize = 256;

/// What came out of one filing, for the summary.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It could not be evaluated.
    Bad,
    /// It was.
    Good(Box<Counted>),
}

/// What the summary counts of a report.
#[derive(Debug)]
pub(super) struct Counted {
    pub(super) verdict: Verdict,
    pub(super) province: Option<(String, Option<String>)>,
    pub(super) provider: Option<(String, Option<String>)>,
    /// Layers that the filing names and that there are no policies for.
    pub(super) missing: Vec<String>,
    /// The rules that are violated: id, severity, title.
    pub(super) rules: Vec<(String, String, String)>,
    /// The materials that are not there, or not as they must be.
    pub(super) materials: Vec<String>,
    /// Some rule could not be evaluated.
    pub(super) failed: bool,
}

/// The lines of a chunk.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) bytes: Vec<u8>,
    /// For each filing, where its line ends.
    pub(super) outcomes: Vec<(usize, Outcome)>,
}

/// Evaluates filings one after the other.
pub(super) struct Worker<'a> {
    settings: &'a Settings,
    /// The names of the files, when records say them.
    names: Option<&'a [String]>,
    document: Document,
    bundles: FxHashMap<(Wanted, i64), Arc<Bundle>>,
    options: Options,
}

impl<'a> Worker<'a> {
    pub(super) fn new(settings: &'a Settings, names: Option<&'a [String]>) -> Self {
        // lines and columns say nothing in a file with one filing per line, and finding them takes as long as the rest
        let options = Options { language: settings.language, show_sensitive: settings.show_sensitive, source: None };
        Self { settings, names, document: Document::default(), bundles: FxHashMap::default(), options }
    }

    /// The lines of a chunk.
    ///
    /// # Errors
    /// Policies that are wrong: there is no going on with them.
    pub(super) fn chunk(&mut self, chunk: Chunk) -> Result<Done, Diagnostics> {
        let mut done = Done::default();
        let file = self.names.and_then(|names| names.get(chunk.file)).map(String::as_str);
        for cut in chunk.cuts {
            let bytes = chunk.bytes.get(cut.bytes.clone()).unwrap_or_default();
            let record = Record { line: cut.line, index: cut.index, offset: None, file, report: None, errors: None };
            let outcome = match self.evaluate(&cut, bytes)? {
                Ok(report) => {
                    let parts = Parts { report: &report, parts: &self.settings.parts };
                    write(&mut done.bytes, &Record { report: Some(parts), ..record })?;
                    Outcome::Good(Box::new(counted(report)))
                }
                Err(mistakes) => {
                    let record = Record { offset: Some(cut.offset), errors: Some(mistakes), ..record };
                    write(&mut done.bytes, &record)?;
                    Outcome::Bad
                }
            };
            done.outcomes.push((done.bytes.len(), outcome));
        }
        Ok(done)
    }

    fn evaluate(&mut self, cut: &Cut, bytes: &[u8]) -> Result<Result<Report, Vec<Mistake>>, Diagnostics> {
        if let Some(fault) = &cut.fault {
            return Ok(Err(vec![mistake(&words(fault), None, None)]));
        }
        let schema = &self.settings.policies.world.schema;
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(_) => return Ok(Err(not_text(bytes, cut.offset))),
        };
        if read_json_into(schema, text, &mut self.document).is_err() {
            let file = SourceFile::new("filing", text);
            match read_filing(schema, &file, InputForm::Json) {
                Ok(document) => self.document = document,
                Err(problems) => return Ok(Err(self.mistakes(&file, problems, cut.offset))),
            }
        }
        self.report().map(Ok)
    }

    fn report(&mut self) -> Result<Report, Diagnostics> {
        let policies = &self.settings.policies;
        let day = self.settings.apply(&mut self.document);
        policies.complete(&mut self.document);
        let key = (policies.wanted(&self.document), day);
        let bundle = match self.bundles.get(&key) {
            Some(bundle) => Arc::clone(bundle),
            None => {
                if self.bundles.len() >= BUNDLES {
                    self.bundles.clear();
                }
                let bundle = policies.bundle(&key.0, day)?;
                self.bundles.insert(key, Arc::clone(&bundle));
                bundle
            }
        };
        let assessment = assess(&bundle, &self.document);
        Ok(build(&bundle, &self.document, &assessment, &self.options))
    }

    /// What is wrong with a text, as it may be shown.
    fn mistakes(&self, file: &Arc<SourceFile>, problems: Diagnostics, offset: u64) -> Vec<Mistake> {
        let tree = parse_json(file).ok();
        let problems = match self.options.show_sensitive {
            true => problems,
            false => {
                let shown = Shown::covered(&self.settings.policies.world, None, file, InputForm::Json);
                shown.diagnostics(file, problems)
            }
        };
        let rest = problems.rest();
        let one = |problem: &Diagnostic| {
            let at = problem.place().map(|(_, span)| span.start);
            let path = tree.as_ref().zip(at).map(|(tree, at)| path_at(tree, at)).filter(|path| !path.is_empty());
            mistake(problem, path, at.map(|at| offset + at as u64))
        };
        problems.iter().chain(&rest).map(one).collect()
    }
}

/// Writes one line.
fn write<R: serde::Serialize>(out: &mut Vec<u8>, record: &Record<'_, R>) -> Result<(), Diagnostic> {
    serde_json::to_writer(&mut *out, record)
        .map_err(|error| Diagnostic::error("unwritable", format!("the output is no JSON: {error}")))?;
    out.push(b'\n');
    Ok(())
}

fn mistake(problem: &Diagnostic, path: Option<String>, offset: Option<u64>) -> Mistake {
    Mistake {
        code: problem.code(),
        message: problem.message().to_owned(),
        path,
        offset,
        help: problem.help_text().map(str::to_owned),
    }
}

fn not_text(bytes: &[u8], offset: u64) -> Vec<Mistake> {
    let at = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    let problem = Diagnostic::error("invalid-utf8", "the filing is not valid UTF-8")
        .help("write the file as UTF-8; Windows programs often write GBK");
    vec![mistake(&problem, None, Some(offset + at as u64))]
}

fn words(fault: &Fault) -> Diagnostic {
    match fault {
        Fault::TooLarge => {
            Diagnostic::error("too-large", format!("the filing is too large: more than {} MiB", MAX_BYTES >> 20))
                .help("each line holds one filing, or the file is one list of filings")
        }
        Fault::Absent => Diagnostic::error("json-syntax", "there is no filing where the list should have one")
            .help("leave out the comma that is too many"),
        Fault::Endless => Diagnostic::error("json-syntax", "the list of filings does not end")
            .help("the file may have been cut off; it should end with `]`"),
        Fault::Unreadable(problem) => problem.clone(),
    }
}

/// The path of the key or value at a byte.
fn path_at(root: &Node, at: usize) -> String {
    let mut path = String::new();
    let mut node = root;
    loop {
        let next = match &node.value {
            NodeValue::Table(entries) => {
                let entry = entries.iter().find(|entry| (entry.key_span.start..entry.node.span.end).contains(&at));
                entry.map(|entry| {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(&entry.key);
                    &entry.node
                })
            }
            NodeValue::Array(items) => {
                let item = items.iter().enumerate().find(|(_, item)| item.span.contains(&at));
                item.map(|(index, item)| {
                    path.push_str(&format!("[{index}]"));
                    item
                })
            }
            _ => None,
        };
        match next {
            Some(next) => node = next,
            None => return path,
        }
    }
}

fn counted(report: Report) -> Counted {
    let unmet = |status| matches!(status, ItemStatus::Missing | ItemStatus::Deficient);
    let items = report.checklist.into_iter().filter(|item| unmet(item.status));
    let missing = report.policies.into_iter().filter(|policy| policy.missing);
    let head = report.filing;
    Counted {
        verdict: report.verdict,
        province: head.province.map(|id| (id, head.words.province)),
        provider: head.provider.map(|id| (id, head.words.provider)),
        missing: missing.map(|policy| policy.id).collect(),
        rules: report.violations.into_iter().map(|found| (found.rule, found.severity, found.title)).collect(),
        materials: items.map(|item| item.name).collect(),
        failed: !report.errors.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_has_the_path_of_what_stands_there() {
        let text = r#"{"a": {"b": [1, {"c": 2}]}, "d": 3}"#;
        let tree = parse_json(&SourceFile::new("x", text)).expect("is JSON");
        let path = |part: &str| path_at(&tree, text.find(part).expect("is there"));
        assert_eq!(path("2"), "a.b[1].c");
        assert_eq!(path("\"c\""), "a.b[1].c");
        assert_eq!(path("1"), "a.b[0]");
        assert_eq!(path("3"), "d");
        assert_eq!(path("{"), "");
    }
}
