//! How long a call takes: printed, not asserted. `cargo test --lib script::tests::speed -- --ignored --nocapture`.

use std::time::Instant;

use super::*;

#[test]
#[ignore = "a measurement"]
fn one_call() {
    let world = World::new();
    for (what, declared, script, arguments) in [
        ("a number", "f(integer) -> bool", "fn f(n) { n > 1 }", vec![Value::Int(3)]),
        ("a record", "f(record service) -> bool", "fn f(s) { true }", vec![world.service(0)]),
        (
            "three fields",
            "f(record service) -> bool",
            "fn f(s) { s.name == \"记账\" && s.kind == \"app\" && s.size == 3 }",
            vec![world.service(0)],
        ),
        (
            "a nested field",
            "f(record service) -> bool",
            "fn f(s) { s.principal.name == \"李四\" }",
            vec![world.service(0)],
        ),
        (
            "a closure",
            "f(record service) -> bool",
            "fn f(s) { s.domains.any(|d| d.name == \"b.cn\") }",
            vec![world.service(0)],
        ),
        ("a function", "f(record service) -> bool", "fn f(s) { han_count(s.name) == 2 }", vec![world.service(0)]),
        (
            "a date",
            "f(record service) -> bool",
            "fn f(s) { s.principal.expires > date(\"2026-01-01\") + months(3) }",
            vec![world.service(0)],
        ),
    ] {
        let compiled = world.compile(declared, script).map_err(|errors| errors.to_string()).expect("compiles");
        let context = world.context();
        let rounds = 20_000;
        let mut best = f64::MAX;
        for _ in 0..3 {
            let started = Instant::now();
            for _ in 0..rounds {
                assert_eq!(compiled.call(0, &arguments, &context), Ok(Value::Bool(true)));
            }
            best = best.min(started.elapsed().as_secs_f64() / f64::from(rounds));
        }
        println!("{what}: {:.2} µs", best * 1e6);
    }
}

#[test]
#[ignore = "a measurement"]
fn the_copy_of_a_filing() {
    let policies =
        crate::policy::Policies::load(&crate::policy::Files::Embedded).map_err(|e| e.to_string()).expect("loads");
    let schema = &policies.world.schema;
    let mut filing = String::new();
    for services in [1, 10] {
        filing.clear();
        for _ in 0..services {
            filing.push_str("[[services]]\nname = \"某某\"\n[[services.domains]]\nname = \"a.cn\"\n[[services.resources]]\nip = \"1.1.1.1\"\n");
        }
        let file = SourceFile::new("f.toml", filing.as_str());
        let document = read_filing(schema, &file, InputForm::Toml).map_err(|e| e.to_string()).expect("is a filing");
        let rounds = 20_000;
        let started = Instant::now();
        for _ in 0..rounds {
            std::hint::black_box(document.clone());
        }
        let took = started.elapsed().as_secs_f64() / f64::from(rounds);
        println!("{services} services: {:.2} µs", took * 1e6);
    }
}
