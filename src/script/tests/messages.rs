//! What is wrong with scripts, and what they say when they fail.

use annotate_snippets::Renderer;

use super::*;

/// What is said about each of several scripts that declare the same.
fn refused(declared: &str, scripts: &[&str]) -> String {
    let world = World::new();
    let rendered = scripts.iter().map(|script| {
        let problems = world.compile(declared, script).expect_err(script);
        problems.render(&Renderer::plain())
    });
    rendered.collect::<Vec<_>>().join("\n\n")
}

#[test]
fn syntax() {
    let scripts = [
        "fn f(n) {\n    let 中 = 1;\n    n > }\n",
        "fn f(n) {\n    // 说明\n    let x = \"中文\" n;\n    true\n}\n",
        "fn f(n) {\n    if n > 1 { true\n",
        "fn f(n) { n > 1 ",
        "fn f(n) { m > 1 }",
        "fn f(n) { filing.date > 1 }",
        "fn f(n, n) { n > 1 }",
        "fn f(n) { true }\nfn f(m) { true }",
        "fn f(n) { \"abc }",
        "fn f(n) { n == ‘中’ }",
        "fn f(n) { let let = 1; }",
        "fn f(s) { s.package == 1 }",
        "fn f(s) { (1 + [2, 3 }",
        "fn f(s) { try { throw 1; } catch { true } }",
        "fn f(n) { fn g() {} true }",
        "",
    ];
    insta::assert_snapshot!("syntax", refused("f(record service) -> bool", &scripts));
}

#[test]
fn what_may_not_stand_in_a_script() {
    let scripts = [
        "import \"x\" as y;\nfn f(n) { eval(\"1\"); print(n); true }\n",
        "fn f(n) { try { throw 1; } catch { true } }",
        "const MAX = 3;\n\nfn f(n) { n > 1 }\nlet x = if MAX > 1 { 2 } else { 3 };\n{ 1 }\nf(2)",
    ];
    insta::assert_snapshot!("forbidden", refused("f(integer) -> bool", &scripts));
}

#[test]
fn declarations() {
    let declared = "f(integer) -> bool\nexpires_soon(integer) -> bool\nh(integer) -> bool";
    let script = "fn f() { true }
fn expire_soon(n) { true }
private fn h(n) { true }
private fn g(n) { g(n) }
fn months(n) { n }
fn f(a, b) { true }
";
    insta::assert_snapshot!("declarations", refused(declared, &[script]));
    // what is called by a declared function is no dead code
    let script = "fn f(n) { g(n) && Fn(\"h\").call(n) } private fn g(n) { n.i() } private fn h(n) { true } private fn i() { true }";
    assert!(World::new().compile("f(integer) -> bool", script).is_ok());
}

#[test]
fn calls() {
    let script = "fn f(n) {
    // nope()
    han_cuont(`a${provinz(\"x\")}`) > 1 && n.is_evn() && words(\"x\").len() > 1 /* nope() /* nope() */ nope() */
        && \"nope()\" == `nope()` && #\"nope()\"# == 'n'
}";
    insta::assert_snapshot!("calls", refused("f(integer) -> bool", &[script]));
    // what may be a closure is left to the call
    let script =
        "fn f(n) { let g = |x| x; let m = #{ h: || 1 }; g.call(n) == m.h() && if (n > 1) { true } else { false } }";
    assert!(World::new().compile("f(integer) -> bool", script).is_ok());
}

#[test]
fn failures() {
    let world = World::new();
    let mut said = Vec::new();
    for expression in [
        "s.nmae == \"x\"",
        "\n  s.principal\n    .gender == \"x\"",
        "s.packag == \"x\"",
        "s?.domians.len() == 1",
        "given(s, \"nam\")",
        "given(s.name)",
        "s.name == 3",
        "s.size == \"3\"",
        "s.kind in [1, 2]",
        "s.principal == s.principal",
        "s.domains[0].expires > 3",
        "s.domains[0].expires > \"2026-13-01\"",
        "s.domains[0].expires + 3 > s.domains[0].expires",
        "s.domains[0].expires - s.domains[0].expires == 0",
        "s.domains[0].expires + months(99999999999) > date(\"2026-01-01\")",
        "s.domains[0].expires + days(999999999) > date(\"2026-01-01\")",
        "date(\"2026-1\") > date(\"2026-01-01\")",
        "s.domains[7].name == \"\"",
        "s.name = \"x\"; true",
        "let n = s.name - 1; true",
        "1 / 0 == 1",
        "9223372036854775807 + 1 == 1",
        "han_count(3) == 1",
        "days_between(1, 2) == 1",
        "months(\"1\"); true",
        "throw \"用不着\"; true",
        "throw 3; true",
        "if s.name { true } else { false }",
        "!s.name",
        "s.name && true",
        "let m = #{a: 1}; m.b == 1",
        "s.domains.any(|d| d.nam == \"\")",
        "s.domains.all(|d| d)",
        "[1, \"2\"].sum() == 3",
        "\"a\".matches(\"(\")",
        "let g = |x| x.nmae; g.call(s) == 1",
        "for x in s { } true",
        "let l = s.sizes; l.any(|n| l.len() == n + 7)",
        "let l = s.domains; l.sort(|a, b| a.nam > b.nam); true",
        "3",
        "s.principal",
        "()",
        "let x = 1;",
    ] {
        match world.value("bool", expression) {
            Err(ScriptEnd::Failed(message)) => said.push(format!("{expression}\n      {message}")),
            other => panic!("{expression}: {other:?}"),
        }
    }
    for (returns, expression) in [
        ("enum kind", "\"websit\""),
        ("enum kind", "3"),
        ("region2", "\"4\""),
        ("region6", "\"44\""),
        ("date", "\"2026-01-01\""),
        ("date", "date(\"long_term\")"),
        ("expiry", "\"forever\""),
        ("list of integer", "[1, \"2\"]"),
        ("record person", "s"),
        ("record person", "3"),
        ("text", "'c'"),
        ("integer", "1.5"),
    ] {
        match world.value(returns, expression) {
            Err(ScriptEnd::Failed(message)) => said.push(format!("{expression}\n      {message}")),
            other => panic!("{expression}: {other:?}"),
        }
    }
    insta::assert_snapshot!("failures", said.join("\n"));
}
