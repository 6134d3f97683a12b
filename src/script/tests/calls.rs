//! What scripts see and give back.

use super::*;
use crate::filing::Slot;

#[test]
fn fields_of_every_type() {
    let world = World::new();
    for expression in [
        r#"s.name == "记账" && s.kind == "app" && s.size == 3 && !s.paid"#,
        r#"s.bundle == "cn.example""#,
        r#"s.kinds == ["app", "website"] && "app" in s.kinds && s.kinds.contains("website")"#,
        r#"s.sizes.len() == 3 && s.sizes.sum() == 6 && s.sizes.map(|n| n * 2)[2] == 6"#,
        r#"s.principal.name == "李四" && s.principal.expires == date("2027-03-01")"#,
        r#"s.domains.len() == 2 && s.domains[0].expires == "2026-02-28" && s.domains[1].name == "b.cn""#,
        r#"s.domains.filter(|d| given(d, "expires")).len() == 1"#,
        r#"s.domains.any(|d| d.name == "b.cn") && s.domains.none(|d| d.name == "c.cn")"#,
        r#"s.domains.count(|d| d.name.ends_with(".cn")) == 2"#,
        r#"[[1, 2], [3]].flatten().len() == 3 && [1, 1, 2].distinct() == [1, 2]"#,
        r#""某某金融".contains_any(["金融", "证券"]) && "ab12".matches("^[a-z]+[0-9]+$")"#,
        r#"type_of(s) == "Record" && `${s}` == "service" && `${s.domains[0].expires}` == "2026-02-28""#,
        r#"s.domains.any(|d| d.name == "a.cn" && s.domains.len() == 2 && s.kinds.any(|k| k == s.kind))"#,
        r#"let p = s.principal; s.domains.all(|d| d.name != p.name) && p.name == "李四""#,
        r#"let n = 0; for d in s.domains { n += 1; } n == 2"#,
        r#"switch s.kind { "app" => true, _ => false }"#,
        r#"s.name.len() == 2"#,
    ] {
        assert!(world.holds(expression), "{expression}");
    }
}

#[test]
fn given_is_that_of_conditions() {
    let world = World::of("[[services]]\nname = \"\"\ndomains = []\nprincipal = { phone = \"1\" }\n");
    for (field, given) in [("name", false), ("kind", false), ("domains", true), ("principal", true)] {
        assert_eq!(world.holds(&format!("given(s, \"{field}\")")), given, "{field}");
    }
    assert!(world.holds("given(s.principal) && given(s)"));
    let empty = World::of("[[services]]\n");
    assert!(empty.holds("!given(s.principal) && !given(s)"));
}

#[test]
fn a_missing_field_ends_the_script_as_unknown() {
    let world = World::new();
    for (expression, path) in [
        ("s.principal.phone == \"1\"", "services[0].principal.phone"),
        ("s.domains.all(|d| d.expires > date(\"2026-01-01\"))", "services[0].domains[1].expires"),
        ("let d = s.domains.map(|d| d.expires); true", "services[0].domains[1].expires"),
    ] {
        let end = world.value("bool", expression).unwrap_err();
        assert_eq!(world.path(end), path, "{expression}");
    }
    // sorting swallows what goes wrong, this not
    let end = world.value("bool", "let l = s.domains; l.sort(|a, b| a.expires > b.expires); true").unwrap_err();
    assert_eq!(world.path(end), "services[0].domains[1].expires");
    // what is not read is not missed
    assert!(world.holds("s.domains.any(|d| d.expires < date(\"2026-03-01\"))"));
}

#[test]
fn dates() {
    let world = World::new();
    for expression in [
        r#"date("2026-01-31") + months(1) == date("2026-02-28")"#,
        r#"date("2024-02-29") - years(1) == date("2023-02-28")"#,
        r#"date("2026-03-31") - months(1) - days(1) == "2026-02-27""#,
        r#"date("2026-01-01") + (months(1) + days(3)) == "2026-02-04""#,
        r#"date("2026-01-01") < date("2026-01-02") && date("2026-01-02") >= "2026-01-02""#,
        r#"days_between(date("2026-01-01"), date("2026-02-01")) == 31"#,
        r#"years_between(date("2000-02-29"), date("2026-02-27")) == 25"#,
        r#"date("long_term") > date("9999-12-31") && date("long_term") == "long_term""#,
        r#"date("long_term") - months(1) == "long_term""#,
    ] {
        assert!(world.holds(expression), "{expression}");
    }
    let person = |expression: &str| {
        let script = format!("fn f(p, today) {{ {expression} }}");
        world.call("f(record person, date) -> bool", &script, &[subject(&world), Value::Int(739_647)])
    };
    assert_eq!(person("p.expires > today + years(100)"), Ok(Value::Bool(true)));
    assert_eq!(person("p.expires == \"long_term\" && today == \"2026-01-31\""), Ok(Value::Bool(true)));
}

fn subject(world: &World) -> Value<'static> {
    Value::Record(world.schema.root().field("subject").expect("subject").offset)
}

#[test]
fn functions_of_the_engine() {
    let world = World::new();
    for expression in [
        r#"province("深圳市南山区") == "44" && city("深圳市南山区") == "440300""#,
        r#"province("440305") == "44" && district("440305") == "440305""#,
        r#"number_ok("resident_id_card", "11010519491231002X")"#,
        r#"birth_date("resident_id_card", "11010519491231002X") == "1949-12-31""#,
        r#"gender("resident_id_card", "11010519491231002X") == "female""#,
        r#"suffix("a.b.com.cn") == "com.cn" && level("a.b.com.cn") == 3"#,
        r#"han_count("某某abc") == 2 && pinyin("中国") == "zhongguo" && normalize("a b-c") == "ABC""#,
        r#"workdays_between(date("2026-01-05"), date("2026-01-09")) == 4"#,
        r#"s.name.han_count() == 2"#,
    ] {
        assert!(world.holds(expression), "{expression}");
    }
    // a function without an answer: unknown, with the reason where there is one
    assert_eq!(world.value("bool", "province(\"火星\") == \"44\""), Err(ScriptEnd::Unknown(None)));
    let far = world.value("bool", "workdays_between(date(\"2031-01-05\"), date(\"2031-02-09\")) == 4");
    assert!(matches!(&far, Err(ScriptEnd::Unknown(Some(reason))) if reason.contains("2031")), "{far:?}");
}

#[test]
fn values_come_back_as_the_declared_type() {
    let world = World::new();
    let kind = world.schema.enum_named("kind").expect("kind");
    let app = Value::Int(i64::from(world.schema.enumeration(kind).index("app").expect("app")));
    let Value::Record(base) = world.service(0) else { panic!() };
    let principal = world.schema.record(world.schema.record_named("service").expect("service"));
    let principal = base + principal.field("principal").expect("principal").offset;
    for (returns, expression, expected) in [
        ("bool", "true", Value::Bool(true)),
        ("integer", "41 + 1", Value::Int(42)),
        ("text", "s.name + \"本\"", Value::text("记账本")),
        ("enum kind", "\"app\"", app.clone()),
        ("list of enum kind", "[\"app\"]", Value::list(vec![app])),
        ("region2", "province(\"广州\")", Value::Int(44)),
        ("region6", "\"010203\"", Value::Int(10_203)),
        ("date", "date(\"0001-01-02\")", Value::Int(2)),
        ("expiry", "\"long_term\"", Value::Int(i64::MAX)),
        ("expiry", "date(\"long_term\")", Value::Int(i64::MAX)),
        ("record person", "s.principal", Value::Record(principal)),
        ("list of integer", "[]", Value::list(Vec::new())),
        ("integer", "let n = 1; let g = |x| x + n; g.call(2)", Value::Int(3)),
        ("integer", "return 5;", Value::Int(5)),
    ] {
        assert_eq!(world.value(returns, expression), Ok(expected), "{expression}");
    }
}

#[test]
fn arguments_of_every_type() {
    let world = World::new();
    let declared = "f(list of record service, text, integer, bool, enum kind, region6, date, list of text) -> bool";
    let script = "fn f(list, text, n, flag, kind, region, day, words) {
        list.len() == 2 && list[1].kind == \"website\" && text == \"文\" && n == 7 && flag && kind == \"website\"
            && region == \"440305\" && day == \"0001-01-01\" && words == [\"a\", \"b\"]
    }";
    let services = world.document.slot(world.schema.root().field("services").expect("services").offset);
    let size = world.schema.record(world.schema.record_named("service").expect("service")).size;
    let words = Value::list(vec![Value::text("a"), Value::text("b")]);
    let rest =
        [Value::text("文"), Value::Int(7), Value::Bool(true), Value::Int(0), Value::Int(440_305), Value::Int(1), words];
    let arguments: Vec<Value<'_>> = std::iter::once(Value::Slots(services, size)).chain(rest).collect();
    assert_eq!(world.call(declared, script, &arguments), Ok(Value::Bool(true)));
    // a list of records that stand in several places
    let persons = world.document.slot(world.schema.root().field("persons").expect("persons").offset);
    assert!(matches!(persons, Slot::Refs { .. }), "{persons:?}");
    let script = "fn f(people) { people.map(|p| if given(p, \"name\") { p.name } else { \"?\" }) == [\"张三\", \"李四\", \"?\"] }";
    let people = world.call("f(list of record person) -> bool", script, &[Value::Slots(persons, size)]);
    assert_eq!(people, Ok(Value::Bool(true)));
}

#[test]
fn several_functions_and_helpers() {
    let world = World::new();
    let declared = "f(integer) -> integer\ng(integer) -> integer";
    let script = "
        fn f(n) { twice(n) + 1 }
        fn g(n) { f(n) * 10 }
        private fn twice(n) { n * 2 }
    ";
    let compiled = world.compile(declared, script).map_err(|errors| errors.to_string()).unwrap();
    let call = |index| compiled.call(index, &[Value::Int(4)], &world.context());
    assert_eq!((call(0), call(1)), (Ok(Value::Int(9)), Ok(Value::Int(90))));
    assert!(matches!(call(2), Err(ScriptEnd::Failed(_))));
}

#[test]
fn each_thread_has_its_own_engine() {
    let world = World::new();
    let compiled = world.compile("f(record service) -> text", "fn f(s) { s.name }").map_err(|e| e.to_string()).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    assert_eq!(compiled.call(0, &[world.service(0)], &world.context()), Ok(Value::text("记账")));
                }
            });
        }
    });
}

#[test]
fn lengths_of_time_need_no_knowledge() {
    let world = World::new();
    let script = "fn f(s) { date(\"2026-01-31\") + months(1) == \"2026-02-28\" && han_count(s.name) == 2 }";
    let compiled = world.compile("f(record service) -> bool", script).map_err(|e| e.to_string()).expect("compiles");
    // what is not shared cannot go into a script
    let context = Context { knows: &*world.knows, ..world.context() };
    let said = "scripts.rhai:1:61: `han_count` is not available here".to_owned();
    assert_eq!(compiled.call(0, &[world.service(0)], &context), Err(ScriptEnd::Failed(said)));
}
