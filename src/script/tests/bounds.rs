//! Whatever a script does, it ends in bounded time and memory.

use std::time::{Duration, Instant};

use super::*;

#[track_caller]
fn ends(script: &str, because: &str) {
    let world = World::new();
    let started = Instant::now();
    let declared = "f(record service) -> bool";
    let end = world.call(declared, script, &[world.service(0)]);
    let took = started.elapsed();
    let Err(ScriptEnd::Failed(message)) = end else { panic!("{script}: {end:?}") };
    assert!(message.contains(because), "{script}: {message}");
    assert!(message.starts_with("scripts.rhai:"), "{message}");
    assert!(took < Duration::from_secs(1), "{script} took {took:?}");
}

#[test]
fn endless_loops() {
    ends("fn f(s) { loop { } }", "more than 100000 steps");
    ends("fn f(s) { while true { let x = 1; } true }", "more than 100000 steps");
    ends("fn f(s) { let n = 0; for i in 0..1000000000000 { n = i; } true }", "more than 100000 steps");
    ends("fn f(s) { let n = 0; do { n += 1; } while n >= 0; true }", "more than 100000 steps");
}

#[test]
fn deep_recursion() {
    ends("fn f(s) { f(s) }", "more than 32 calls inside of each other");
    ends("fn f(s) { g(s) }  private fn g(s) { f(s) || f(s) }", "more than 32 calls inside of each other");
    ends("fn f(s) { let g = |h| h.call(h); g.call(g) }", "more than 32 calls inside of each other");
    // as wide as it is deep
    ends("fn f(s) { g(0); true } private fn g(n) { if n < 30 { g(n + 1); g(n + 1); } }", "more than 100000 steps");
}

#[test]
fn exploding_texts() {
    ends("fn f(s) { let t = \"x\"; loop { t += t; } }", "a text of more than 8192 bytes");
    ends("fn f(s) { let t = \"x\"; loop { t = `${t}${t}`; } }", "a text of more than 8192 bytes");
    ends("fn f(s) { let t = \"x\"; t.pad(1000000000, \"y\"); true }", "a text of more than 8192 bytes");
    ends("fn f(s) { let t = \"xy\"; loop { t.replace(\"x\", \"xx\"); } }", "more than");
    ends("fn f(s) { let t = \"x\"; t.pad(8000, \"x\"); t.split(\"\").len() > 0 }", "more than 1000 elements");
    ends("fn f(s) { let t = \"x\"; t.pad(8000, \"x\"); t.to_chars().len() > 0 }", "more than 1000 elements");
}

#[test]
fn exploding_lists() {
    ends("fn f(s) { let l = []; loop { l.push(1); } }", "more than 1000 elements");
    ends("fn f(s) { let l = [1]; loop { l += l; } }", "more than 1000 elements");
    ends("fn f(s) { let l = [1]; loop { l = [l, l]; } }", "more than 1000 elements");
    ends("fn f(s) { let l = []; l.pad(100000000, 0); true }", "more than 1000 elements");
    ends("fn f(s) { let m = #{}; let i = 0; loop { m[`${i}`] = i; i += 1; } }", "more than");
    ends(
        "fn f(s) { let l = []; for i in 0..600 { l.push([i]); } l.flatten().len() > 2000 || [l, l].flatten().len() > 0 }",
        "more than 1000",
    );
    ends("fn f(s) { let t = \"\"; t.pad(8000, \"x\"); let l = []; loop { l.push(t); } }", "more than");
}

#[test]
fn values_inside_of_themselves() {
    ends("fn f(s) { let l = [0, 0]; loop { l[0] = l; l[1] = l; } }", "more than");
    ends("fn f(s) { let m = #{ x: 0, y: 0 }; loop { m.x = m; m.y = m; } }", "more than");
    ends("fn f(s) { let m = #{}; loop { m[\"x\"] = m; m[\"y\"] = m; } }", "more than");
}

#[test]
fn slow_work_inside_of_one_step() {
    // sorting compares thousands of times per step
    let script = "fn f(s) {
        let l = []; for i in 0..1000 { l.push(1000 - i % 7 * 13); }
        loop { let k = l; k.sort(|a, b| a - b); k.sort_desc(); k.dedup(); k.distinct(); }
    }";
    ends(script, "");
    let script = "fn f(s) {
        let t = \"\"; t.pad(8000, \"a\");
        let n = 0;
        loop { n += 1; t.matches(`(a|b|ab)*${n}(x+x+)+y`); }
    }";
    ends(script, "");
}

#[test]
fn deep_nesting_does_not_end_the_process() {
    let world = World::new();
    for (open, close) in [("(", ")"), ("[", "]"), ("!", ""), ("- ", ""), ("{", "}"), ("if true {", "}"), ("|x| ", "")] {
        let body = format!("{}1{}", open.repeat(50_000), close.repeat(50_000));
        let script = format!("fn f(s) {{ {body} }}");
        let problems = world.compile("f(record service) -> bool", &script).expect_err("too deep").to_string();
        assert!(problems.contains("nested") || problems.contains("xpect"), "{open}: {problems}");
    }
    // what a person may write is not too deep
    let chain = vec!["s.size == 3"; 60].join(" && ");
    assert!(world.holds(&chain));
    // the deepest that parses also runs, as deep in calls as can be
    let deep = |levels: usize| format!("fn f(s) {{ {}f(s){} }}", "!(".repeat(levels), ")".repeat(levels));
    let compiles = |levels: &usize| world.compile("f(record service) -> bool", &deep(*levels)).is_ok();
    let deepest = (1..100).rev().find(compiles).expect("something parses");
    assert!(deepest > 20, "{deepest}");
    ends(&deep(deepest), "nested too deeply");
}

#[test]
fn a_list_that_is_too_long_is_refused() {
    let sizes = vec!["1"; 1_001].join(", ");
    let world = World::of(&format!("[[services]]\nsizes = [{sizes}]\n"));
    let message = world.failure("s.sizes.len() > 0");
    assert!(message.ends_with("a list of 1001 elements is longer than the 1000 that a script takes"), "{message}");
    let sizes = vec!["1"; 1_000].join(", ");
    let world = World::of(&format!("[[services]]\nsizes = [{sizes}]\n"));
    assert!(world.holds("s.sizes.sum() == 1000"));
}
