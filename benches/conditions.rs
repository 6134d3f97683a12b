//! How fast conditions are: sixty rules over one filing, in this program's language, by hand in Rust, and in plain Rhai.
//!
//! `cargo bench --bench conditions`. Every time is that of eight filings, one after the other.

#![allow(clippy::expect_used, reason = "a benchmark that cannot start should say why and stop")]

mod sixty;

use std::sync::LazyLock;

use beian::filing::{Document, read_json_into};
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};

use sixty::{FILINGS, Sixty, Values, by_hand, in_rhai};

static SIXTY: LazyLock<Sixty> = LazyLock::new(|| Sixty::load(Values::Enumerations));
static TEXTS: LazyLock<Sixty> = LazyLock::new(|| Sixty::load(Values::Texts));

fn main() {
    // loading compares the answers of all with each other
    LazyLock::force(&SIXTY);
    LazyLock::force(&TEXTS);
    divan::main();
}

/// The filings are read already: only the rules.
mod decide {
    use super::*;

    fn documents(bencher: Bencher<'_, '_>, decide: impl Fn(&Document, &mut Vec<usize>) + Sync, sixty: &Sixty) {
        bencher.counter(ItemsCount::new(FILINGS)).bench_local(|| {
            let mut hits = Vec::new();
            let mut count = 0;
            for document in &sixty.documents {
                decide(black_box(document), &mut hits);
                count += hits.len();
            }
            count
        });
    }

    #[divan::bench]
    fn programs(bencher: Bencher<'_, '_>) {
        documents(bencher, |document, hits| SIXTY.run_programs(document, hits), &SIXTY);
    }

    #[divan::bench]
    fn programs_without_enumerations(bencher: Bencher<'_, '_>) {
        documents(bencher, |document, hits| TEXTS.run_programs(document, hits), &TEXTS);
    }

    #[divan::bench]
    fn trees(bencher: Bencher<'_, '_>) {
        documents(bencher, |document, hits| SIXTY.walk_trees(document, hits), &SIXTY);
    }

    #[divan::bench]
    fn by_hand_in_rust(bencher: Bencher<'_, '_>) {
        let filings: Vec<by_hand::Filing<'_>> =
            SIXTY.texts.iter().map(|text| serde_json::from_str(text).expect("a filing")).collect();
        bencher.counter(ItemsCount::new(FILINGS)).bench_local(|| {
            let mut hits = Vec::new();
            let mut count = 0;
            for filing in &filings {
                by_hand::decide(black_box(filing), &mut hits);
                count += hits.len();
            }
            count
        });
    }

    #[divan::bench]
    fn plain_rhai(bencher: Bencher<'_, '_>) {
        let rules = in_rhai::Rules::compile(&sixty::conditions().1);
        let values = SIXTY.texts.iter().map(|text| serde_json::from_str(text).expect("a filing"));
        let mut scopes: Vec<_> = values.map(|value| in_rhai::scope(&value)).collect();
        bencher
            .counter(ItemsCount::new(FILINGS))
            .bench_local(|| scopes.iter_mut().map(|scope| rules.decide(black_box(scope)).len()).sum::<usize>());
    }
}

/// From JSON text to the rules that are violated.
mod json_to_decision {
    use super::*;

    fn texts(bencher: Bencher<'_, '_>, sixty: &Sixty, mut decide: impl FnMut(&str, &mut Vec<usize>)) {
        let bytes: usize = sixty.texts.iter().map(String::len).sum();
        bencher.counter(ItemsCount::new(FILINGS)).counter(BytesCount::new(bytes)).bench_local(|| {
            let mut hits = Vec::new();
            let mut count = 0;
            for text in &sixty.texts {
                decide(black_box(text), &mut hits);
                count += hits.len();
            }
            count
        });
    }

    fn ours(bencher: Bencher<'_, '_>, sixty: &Sixty) {
        let mut document = Document::empty(&sixty.schema);
        texts(bencher, sixty, |text, hits| {
            read_json_into(&sixty.schema, text, &mut document).expect("a filing");
            sixty.run_programs(&document, hits);
        });
    }

    #[divan::bench]
    fn programs(bencher: Bencher<'_, '_>) {
        ours(bencher, &SIXTY);
    }

    #[divan::bench]
    fn programs_without_enumerations(bencher: Bencher<'_, '_>) {
        ours(bencher, &TEXTS);
    }

    #[divan::bench]
    fn by_hand_with_serde_json(bencher: Bencher<'_, '_>) {
        texts(bencher, &SIXTY, |text, hits| {
            let filing: by_hand::Filing<'_> = serde_json::from_str(text).expect("a filing");
            by_hand::decide(&filing, hits);
        });
    }

    /// Only the reading, without any rule.
    #[divan::bench]
    fn read_only(bencher: Bencher<'_, '_>) {
        let mut document = Document::empty(&SIXTY.schema);
        texts(bencher, &SIXTY, |text, _| {
            read_json_into(&SIXTY.schema, text, &mut document).expect("a filing");
            black_box(&document);
        });
    }

    #[divan::bench]
    fn read_only_by_hand(bencher: Bencher<'_, '_>) {
        texts(bencher, &SIXTY, |text, _| {
            black_box(serde_json::from_str::<by_hand::Filing<'_>>(text).expect("a filing"));
        });
    }
}
