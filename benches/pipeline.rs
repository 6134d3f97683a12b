//! How fast a filing becomes a report, and policies become rules, with the policies that are built in.
//!
//! `cargo bench --bench pipeline`. The filings are examples of this repository.

#![allow(clippy::expect_used, reason = "a benchmark that cannot start should say why and stop")]

use std::sync::{Arc, LazyLock};

use beian::engine::{Assessment, assess};
use beian::filing::{Document, read_json_into};
use beian::policy::{Bundle, Files, Policies, day};
use beian::report::{Options, Report, build};
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

static POLICIES: LazyLock<Policies> =
    LazyLock::new(|| Policies::load(&Files::Embedded).expect("the built-in policies are right"));

fn main() {
    divan::main();
}

/// What is measured: an app of an enterprise that is in order, the same full of mistakes, an individual's website.
const FILINGS: [&str; 3] =
    ["guangdong-enterprise-app", "guangdong-enterprise-app-mistakes", "guangdong-individual-blog"];

/// A filing on its way, and the rules that it needs.
struct Filing {
    line: String,
    bundle: Arc<Bundle>,
    options: Options,
}

impl Filing {
    fn load(name: &str) -> Self {
        let path = format!("{}/examples/{name}.toml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).expect("the example is there");
        let table: toml::Table = text.parse().expect("the example is TOML");
        let line = serde_json::to_string(&Json(&toml::Value::Table(table))).expect("a table is an object");
        let mut document = Document::empty(&POLICIES.world.schema);
        read_json_into(&POLICIES.world.schema, &line, &mut document).expect("the example is a filing");
        let bundle = POLICIES.bundle(&POLICIES.wanted(&document), day(2026, 11, 24)).expect("the layers are right");
        let filing = Self { line, bundle, options: Options::default() };
        // every rule is compiled at its first need: not what is measured
        filing.line_to_report(&mut document);
        filing
    }

    fn read(&self, document: &mut Document) {
        read_json_into(&POLICIES.world.schema, &self.line, document).expect("the example is a filing");
    }

    fn completed(&self) -> Document {
        let mut document = Document::default();
        self.read(&mut document);
        POLICIES.complete(&mut document);
        document
    }

    fn build(&self, document: &Document, assessment: &Assessment) -> Report {
        build(&self.bundle, document, assessment, &self.options)
    }

    fn line_to_report(&self, document: &mut Document) -> String {
        self.read(document);
        POLICIES.complete(document);
        let assessment = assess(&self.bundle, document);
        let report = self.build(document, &assessment);
        serde_json::to_string(&report).expect("a report is JSON")
    }
}

/// TOML as JSON, keys in the order of the file.
struct Json<'a>(&'a toml::Value);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            toml::Value::String(text) => serializer.serialize_str(text),
            toml::Value::Integer(value) => serializer.serialize_i64(*value),
            toml::Value::Float(value) => serializer.serialize_f64(*value),
            toml::Value::Boolean(value) => serializer.serialize_bool(*value),
            toml::Value::Datetime(day) => serializer.serialize_str(&day.to_string()),
            toml::Value::Array(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Json(item))?;
                }
                list.end()
            }
            toml::Value::Table(table) => {
                let mut map = serializer.serialize_map(Some(table.len()))?;
                for (key, value) in table {
                    map.serialize_entry(key, &Json(value))?;
                }
                map.end()
            }
        }
    }
}

/// One line of a stream to the line that answers it: what a worker does all day, its buffers used again.
#[divan::bench(args = FILINGS)]
fn line_to_report(bencher: Bencher<'_, '_>, name: &str) {
    let filing = Filing::load(name);
    let mut document = Document::default();
    let counter = (ItemsCount::new(1_u64), BytesCount::new(filing.line.len()));
    bencher.counter(counter.0).counter(counter.1).bench_local(|| filing.line_to_report(&mut document));
}

/// The same, one stage at a time.
mod stages {
    use super::*;

    #[divan::bench(args = FILINGS)]
    fn a_read(bencher: Bencher<'_, '_>, name: &str) {
        let filing = Filing::load(name);
        let mut document = Document::default();
        bencher.counter(BytesCount::new(filing.line.len())).bench_local(|| filing.read(black_box(&mut document)));
    }

    /// Collections and derived fields; the document is copied first, because completing changes it.
    #[divan::bench(args = FILINGS)]
    fn b_complete(bencher: Bencher<'_, '_>, name: &str) {
        let filing = Filing::load(name);
        let mut document = Document::default();
        filing.read(&mut document);
        bencher.with_inputs(|| document.clone()).bench_local_refs(|document| POLICIES.complete(document));
    }

    #[divan::bench(args = FILINGS)]
    fn c_select(bencher: Bencher<'_, '_>, name: &str) {
        let filing = Filing::load(name);
        let document = filing.completed();
        let rules = filing.bundle.select(&document).len();
        bencher.counter(ItemsCount::new(rules)).bench_local(|| filing.bundle.select(black_box(&document)));
    }

    /// Selecting and evaluating.
    #[divan::bench(args = FILINGS)]
    fn d_assess(bencher: Bencher<'_, '_>, name: &str) {
        let filing = Filing::load(name);
        let document = filing.completed();
        let rules = filing.bundle.select(&document).len();
        bencher.counter(ItemsCount::new(rules)).bench_local(|| assess(&filing.bundle, black_box(&document)));
    }

    #[divan::bench(args = FILINGS)]
    fn e_build(bencher: Bencher<'_, '_>, name: &str) {
        let filing = Filing::load(name);
        let document = filing.completed();
        let assessment = assess(&filing.bundle, &document);
        bencher.bench_local(|| filing.build(black_box(&document), black_box(&assessment)));
    }

    #[divan::bench(args = FILINGS)]
    fn f_serialise(bencher: Bencher<'_, '_>, name: &str) {
        let filing = Filing::load(name);
        let document = filing.completed();
        let report = filing.build(&document, &assess(&filing.bundle, &document));
        let bytes = serde_json::to_string(&report).expect("a report is JSON").len();
        bencher.counter(BytesCount::new(bytes)).bench_local(|| serde_json::to_string(black_box(&report)));
    }
}

/// From the texts of policies to rules that can run.
mod load {
    use super::*;

    /// What all layers share: schema, tables, materials, functions, checks.
    #[divan::bench]
    fn shared(bencher: Bencher<'_, '_>) {
        bencher.bench_local(|| Policies::load(&Files::Embedded).expect("the built-in policies are right"));
    }

    /// Everything, as `lint` and a folder of policies need it: every rule of every layer checked and compiled.
    #[divan::bench]
    fn all_strictly(bencher: Bencher<'_, '_>) {
        let rules = POLICIES.folders().iter().filter_map(|folder| POLICIES.layer(folder).ok());
        let rules: usize = rules.map(|layer| layer.rules.len()).sum();
        bencher.counter(ItemsCount::new(rules)).bench_local(|| {
            let policies = Policies::load(&Files::Embedded).expect("the built-in policies are right");
            for folder in policies.folders() {
                let layer = policies.layer(folder).expect("the layer is right");
                assert!(!layer.check().has_errors());
            }
            policies
        });
    }

    /// What one filing needs, from nothing to its report.
    #[divan::bench(args = FILINGS)]
    fn for_one_filing(bencher: Bencher<'_, '_>, name: &str) {
        let line = Filing::load(name).line;
        bencher.bench_local(|| {
            let policies = Policies::load(&Files::Embedded).expect("the built-in policies are right");
            let mut document = Document::default();
            read_json_into(&policies.world.schema, &line, &mut document).expect("the example is a filing");
            policies.complete(&mut document);
            let bundle = policies.bundle(&policies.wanted(&document), day(2026, 11, 24)).expect("the layers are right");
            let assessment = assess(&bundle, &document);
            build(&bundle, &document, &assessment, &Options::default())
        });
    }
}
