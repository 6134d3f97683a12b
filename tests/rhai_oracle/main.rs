//! Rhai is the oracle of the condition language: what our parser accepts, Rhai accepts; what evaluates here, evaluates
//! to the same there; and what is known of a part of a filing stays so when more of it is given.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "helpers of tests")]

mod choices;
mod oracle;
mod syntax;
mod typed;
mod world;

use std::sync::{Arc, LazyLock};

use beian::condition::{
    Checker, Expr, Failure, Frame, Program, Scope, Tri, Ty, Unknowns, Value, evaluate, evaluate_traced, fold, parse,
};
use beian::filing::{Document, Slot};
use beian::schema::Expression;
use beian::source::{Diagnostics, SourceFile};
use choices::Choices;
use proptest::prelude::*;
use rhai::{Engine, Map, ParseErrorType};
use world::{Model, Nothing, ROOT, World};

static WORLD: LazyLock<World> = LazyLock::new(World::new);
const FILING: world::Ty = world::Ty::Record(ROOT);

fn numbers(most: usize) -> impl Strategy<Value = Vec<u16>> {
    proptest::collection::vec(any::<u16>(), 0..most)
}

/// Does Rhai parse it? That it also finds constants of a wrong type, the checker does here.
fn rhai_parses(text: &str) -> Result<(), String> {
    let mut engine = Engine::new_raw();
    engine.set_max_expr_depths(0, 0);
    match engine.compile_expression(text) {
        Ok(_) => Ok(()),
        Err(error) if matches!(error.err_type(), ParseErrorType::MismatchedType(..)) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

/// A checked condition. Everything that `typed` writes is one.
fn checked(text: &str) -> Expr {
    let file = SourceFile::new("condition", text);
    let source = Expression { text: text.to_owned(), file: Arc::clone(&file), span: 0..text.len() };
    let mut out = Diagnostics::new();
    let expr = Checker::new(&*WORLD).check(&source, &Scope::root(), Some(&Ty::Bool), &mut out);
    assert!(out.is_empty(), "{text}\n{out}");
    expr.expect("checks")
}

fn outcome(value: Result<Value<'_>, Failure>) -> Tri {
    match value {
        Ok(Value::Bool(true)) => Tri::True,
        Ok(Value::Bool(false)) => Tri::False,
        Ok(Value::Missing) => Tri::Unknown,
        Ok(other) => panic!("{other:?}"),
        Err(_) => Tri::Failed,
    }
}

/// The outcome of the tree walk, and why it is unknown.
fn walked(expr: &Expr, document: &Document) -> (Tri, Unknowns) {
    let mut unknowns = Unknowns::default();
    let value = evaluate(expr, &WORLD.context(document), &Frame::default(), &mut unknowns);
    (outcome(value), unknowns)
}

fn traced(expr: &Expr, document: &Document) -> Tri {
    let value = evaluate_traced(expr, &WORLD.context(document), &Frame::default(), &mut Unknowns::default());
    outcome(value.map(|(value, trace)| {
        assert!(trace.is_some());
        value
    }))
}

/// The outcome of the program: the same however often it has run, although it makes more of itself with time.
fn compiled(expr: &Expr, document: &Document) -> Tri {
    let program = Program::new(expr);
    let run = || program.run(&WORLD.context(document), &mut Frame::default());
    let outcome = run();
    for _ in 0..20 {
        assert_eq!(run(), outcome);
    }
    outcome
}

fn folded(expr: &Expr) -> Expr {
    let mut expr = expr.clone();
    fold(&mut expr, &WORLD.schema, &Nothing);
    expr
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_parse_the_same_texts(numbers in numbers(80)) {
        let text = syntax::expression(&mut Choices::new(&numbers), false);
        match (parse(&text), rhai_parses(&text)) {
            (Ok(_), theirs) => prop_assert_eq!(theirs, Ok(()), "{:?}", text),
            (Err(_), Err(_)) => {}
            // narrower on purpose
            (Err(problem), Ok(())) => prop_assert!(
                // of signs that run together Rhai thinks one way in braces and another way elsewhere
                problem.message == "comparisons cannot be chained" || problem.message.ends_with("is no operator"),
                "{:?}: {}", text, problem.message
            ),
        }
    }

    #[test]
    fn what_we_parse_rhai_parses(numbers in numbers(60), mutations in numbers(12)) {
        let text = syntax::expression(&mut Choices::new(&numbers), true);
        let text = syntax::mutated(&text, &mut Choices::new(&mutations));
        if parse(&text).is_ok() {
            prop_assert_eq!(rhai_parses(&text), Ok(()), "{:?}", text);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_evaluate_alike(condition in numbers(60), filing in numbers(80)) {
        let text = typed::condition(&mut Choices::new(&condition), true);
        let model = Model::complete(FILING, &mut Choices::new(&filing));
        let (expr, document) = (checked(&text), WORLD.document(&model));
        let (outcome, unknowns) = walked(&expr, &document);
        prop_assert_eq!(compiled(&expr, &document), outcome, "compiled: {}", text);
        prop_assert_eq!(walked(&folded(&expr), &document).0, outcome, "folded: {}", text);
        prop_assert_eq!(compiled(&folded(&expr), &document), outcome, "folded, compiled: {}", text);
        prop_assert!(unknowns.slots.is_empty());
        prop_assert_eq!(traced(&expr, &document), outcome, "traced: {}", text);
        // what fails there may be settled here, by another part; what is known there is known here
        let engine = oracle::engine(model.to_rhai().cast::<Map>());
        match engine.eval_expression::<bool>(&text) {
            Ok(theirs) => prop_assert_eq!(outcome, if theirs { Tri::True } else { Tri::False }, "{} {:?}", text, model),
            Err(error) => prop_assert!(
                oracle::is_expected(&error), "{}: {}", text, error
            ),
        }
    }

    #[test]
    fn a_part_of_a_filing_settles_only_what_stays_so(
        condition in numbers(60), filing in numbers(80), gone in numbers(80), others in numbers(200),
    ) {
        let text = typed::condition(&mut Choices::new(&condition), false);
        let complete = Model::complete(FILING, &mut Choices::new(&filing));
        let partial = complete.partial(3, &mut Choices::new(&gone));
        let (expr, document) = (checked(&text), WORLD.document(&partial));
        let (outcome, unknowns) = walked(&expr, &document);
        prop_assert_eq!(compiled(&expr, &document), outcome, "compiled: {}", text);
        prop_assert_eq!(walked(&folded(&expr), &document).0, outcome, "folded: {}", text);
        prop_assert_eq!(compiled(&folded(&expr), &document), outcome, "folded, compiled: {}", text);
        for slot in &unknowns.slots {
            prop_assert_eq!(document.slot(*slot), Slot::Missing, "{}: {:?} is given", text, WORLD.path(&document, *slot));
        }
        let mut others = Choices::new(&others);
        let completions = std::iter::once(complete).chain((0..4).map(|_| partial.completed(FILING, &mut others)));
        for completion in completions {
            let later = walked(&expr, &WORLD.document(&completion)).0;
            if matches!(outcome, Tri::True | Tri::False) {
                // what was not evaluated for want of a field may yet fail
                prop_assert!(later == outcome || later == Tri::Failed, "{}: {:?}, then {:?}", text, outcome, later);
            }
        }
    }

    #[test]
    fn an_unknown_says_what_would_settle_it(condition in numbers(60), filing in numbers(80), gone in numbers(80)) {
        let text = typed::condition(&mut Choices::new(&condition), true);
        let complete = Model::complete(FILING, &mut Choices::new(&filing));
        let partial = complete.partial(3, &mut Choices::new(&gone));
        let (expr, document) = (checked(&text), WORLD.document(&partial));
        let (outcome, unknowns) = walked(&expr, &document);
        match outcome {
            Tri::Unknown => prop_assert!(
                !unknowns.slots.is_empty() || text.contains("days_between"), "{} is unknown, and nothing is missing", text
            ),
            Tri::Failed => {}
            _ => prop_assert!(unknowns.slots.is_empty(), "{} is settled, and something is missing", text),
        }
    }
}
