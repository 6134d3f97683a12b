//! Conditions, and texts with conditions in them.

use super::tiny::{report_by, wrong, wrong_rule};
use super::*;

/// What is wrong with a condition.
fn condition(text: &str) -> Diagnostics {
    wrong_rule(&format!("assert = '''{text}'''"))
}

/// A condition is refused, quickly, with a place in its file and the words.
fn refused(what: &str, text: String, words: &str) {
    let found = within(5, what, move || condition(&text));
    assert!(found.has_errors(), "{what} is accepted");
    assert!(found.to_string().contains(words), "{what}: {found}");
    let (file, span) = found.iter().next().and_then(|problem| problem.place()).expect("a place");
    assert!(file.name.ends_with("national/rules.toml") && span.start > 0, "{what}: {found}");
}

#[test]
fn too_deep_too_long_too_many() {
    const N: usize = 10_000;
    let pairs =
        |open: &str, of: &str, close: &str, count: usize| [&open.repeat(count), of, &close.repeat(count)].concat();
    refused("parentheses", pairs("(", "true", ")", N), "longer than");
    refused("parentheses in a shorter text", pairs("(", "true", ")", 5_000), "levels of nesting");
    refused("open parentheses", "(".repeat(5_000), "levels of nesting");
    refused("lists", pairs("[", "1", "]", 5_000), "levels of nesting");
    refused("calls", pairs("given(", "filing", ")", 2_000), "levels of nesting");
    refused("negations", "!".repeat(N) + "true", "levels of nesting");
    refused("branches", "if true { true } else ".repeat(500) + "{ true }", "levels of nesting");
    refused("closures", "services.any(|s| ".repeat(500), "levels of nesting");
    refused("characters", format!("\"{}\" == subject.name", "字".repeat(100_000 / 3)), "longer than");
    refused("a long name", "a".repeat(100_000), "longer than");
    refused("a long name that is not too long", "a".repeat(16_000), "there is no `a");
    refused("and", vec!["true"; 2_500].join("&&"), "operators");
    refused("or", vec!["filing.count == 1"; 600].join(" || ") + " || 1", "true or false");
    refused("sums", vec!["1"; 900].join(" + ") + " == 900", "levels");
    refused("methods", format!("services{}", ".filter(|s| true)".repeat(500)), "levels");
    refused("fields", format!("filing{}", ".count".repeat(900)), "levels");
    refused("mistakes", format!("[{}].is_empty()", vec!["nothing"; 1_500].join(", ")), "there is no `nothing`");
    refused("a number", "9".repeat(10_000) + " == 1", "does not fit 64 bits");
    refused("an open text", format!("\"{}", "a".repeat(10_000)), "no closing");
    refused("an empty one", " ".repeat(10_000), "is empty");
}

#[test]
fn as_many_parts_as_are_allowed() {
    for (what, part, count) in [("a chain", "filing.count == 0", 600), ("two thousand", "true", 1_990)] {
        let chain = vec![part; count].join("&&");
        let report = within(10, what, move || {
            report_by(&format!("assert = '{chain} && filing.count != 0'"), "filing = { kind = \"initial\", count = 0 }")
        });
        assert_eq!((report.violations.len(), report.errors.len()), (1, 0));
    }
    let lists = ["[".repeat(60), "]".repeat(60)].concat();
    assert!(!within(10, "lists in lists", move || condition(&format!("{lists}.is_empty()"))).has_errors());
    let deep = ["(".repeat(60), "filing.count".into(), " + 1)".repeat(60), " == 61".into()].concat();
    let report = within(10, "a deep one", move || {
        report_by(&format!("assert = '{deep}'"), "filing = { kind = \"initial\", count = 0 }")
    });
    assert_eq!((report.violations.len(), report.errors.len()), (1, 0));
}

#[test]
fn mistakes_are_reported_up_to_a_number() {
    let found = condition(&vec!["nothing"; 1_000].join(" && "));
    assert_eq!(found.error_count(), 20, "{found}");
}

#[test]
fn wrong_types_have_their_place() {
    for (rule, code, words) in [
        ("when = 'filing.count'\nassert = 'true'", "condition", "expected true or false, found an integer"),
        ("assert = 'subject'", "condition", "expected true or false"),
        ("assert = 'filing.kind == \"initiall\"'", "condition", "no value of `filing_kind`"),
        ("assert = 'filing.date > date(\"99999-01-01\")'", "condition", "no date"),
        ("assert = 'filing.date > date(\"2026-02-30\")'", "condition", "no date"),
        ("assert = 'table(\"colours\").is_empty()'", "condition", "there is no table `colours`"),
        ("assert = 'words(\"x\").is_empty()'", "condition", "there is no word list `x`"),
        ("assert = 'namd(services, 1)'", "condition", "there is no function `namd`"),
        ("assert = 'filing.cont == 1'", "condition", "has no field `cont`"),
        ("assert = true", "wrong-type", "`assert` of a rule is a text, not a boolean"),
        ("each = \"servces\"\nassert = 'true'", "unknown-path", "names no list"),
        ("assert = 'true'\nat = [\"filing.cont\"]", "unknown-path", "leads nowhere"),
    ] {
        let found = wrong_rule(rule);
        assert_eq!(found.iter().next().map(|problem| problem.code()), Some(code), "{rule}: {found}");
        assert!(found.to_string().contains(words), "{rule}: {found}");
    }
}

#[test]
fn patterns() {
    refused("an invalid pattern", "subject.name.matches(\"(a\")".into(), "no valid pattern");
    refused("a huge pattern", "subject.name.matches(\"((a{1000}){1000}){1000}\")".into(), "no valid pattern");
    refused("a large pattern", "subject.name.matches(\"[\\\\p{L}\\\\p{N}]{2000}\")".into(), "no valid pattern");
    refused("a deep pattern", format!("subject.name.matches(\"{}\")", "(".repeat(5_000)), "no valid pattern");
    refused("many patterns", vec!["subject.name.matches(\"a{200}\")"; 400].join("||"), "parts");
    let filing = format!("filing.kind = \"initial\"\nsubject.name = \"{}!\"", "a".repeat(60_000));
    let report = within(5, "a pattern that backtracks", move || {
        report_by("assert = 'subject.name.matches(\"(a+)+$\")'", &filing)
    });
    assert_eq!(report.violations.len(), 1);
}

#[test]
fn what_cannot_be_computed_is_an_error_of_the_report() {
    let filing =
        "filing = { kind = \"initial\", count = 9223372036854775807, date = 2026-11-24, expires = \"long_term\" }";
    for (assert, words) in [
        ("filing.count + 1 > 0", "64 bits"),
        ("-(-filing.count - 1) > 0", "64 bits"),
        ("filing.count * 2 > 0", "64 bits"),
        ("1 / (filing.count - filing.count) == 1", "division by zero"),
        ("1 % 0 == 1", "division by zero"),
        ("9223372036854775807 + 1 > 0", "64 bits"),
        ("(-9223372036854775807 - 1) / -1 > 0", "64 bits"),
        ("filing.date + years(99999) > filing.date", ""),
        ("filing.date + years(999999) > filing.date", "beyond the calendar"),
        ("filing.date - months(99999999) > filing.date", "beyond the calendar"),
        ("filing.date + days(filing.count) > filing.date", "beyond the calendar"),
        ("filing.date + years(filing.count) > filing.date", "64 bits"),
        ("filing.date + months(filing.count) > filing.date", "64 bits"),
        ("[filing.count, filing.count].sum() > 0", "64 bits"),
        ("filing.expires + years(99999) > filing.date", ""),
    ] {
        let report = report_by(&format!("assert = '{assert}'"), filing);
        let messages: Vec<&str> = report.errors.iter().map(|error| error.message.as_str()).collect();
        match words {
            "" => assert!(messages.is_empty() && report.violations.is_empty(), "{assert}: {messages:?}"),
            words => assert!(messages.len() == 1 && messages[0].contains(words), "{assert}: {messages:?}"),
        }
        assert!(report.violations.is_empty(), "{assert}");
    }
}

/// Some services, or some rows of a table.
fn many(count: usize) -> (String, String) {
    let services = (0..count).map(|n| format!("[[services]]\nname = \"{n}\"\n")).collect::<String>();
    let rows = (0..count).map(|n| format!("[\"{n}\", \"{n}\", []],")).collect::<String>();
    let table = "[table]\nname = \"colors\"\ntitle = \"t\"\ncolumns = { id = \"text\", name = \"text\", words = \"list of text\" }\n";
    (format!("filing.kind = \"initial\"\n{services}"), format!("{table}rows = [{rows}]\n"))
}

#[test]
fn quantifiers_in_quantifiers() {
    let nested = |list: &str, depth: usize| {
        let open: String = (0..depth).map(|n| format!("{list}.all(|x{n}| ")).collect();
        format!("{open}x0.name != \"\"{}", ")".repeat(depth))
    };
    refused("quantifiers", nested("services", 20), "too many closures");
    let (filing, table) = many(60);
    for (what, assert) in [
        ("quantifiers over a list", nested("services", 10)),
        ("quantifiers over what is put together", nested("services.filter(|s| true)", 5)),
        ("quantifiers over a table", nested("table(\"colors\")", 10)),
        (
            "lists that grow",
            format!("[{}].flatten().len() > 0", vec!["table(\"colors\").map(|r| r.name)"; 200].join(", ")),
        ),
        (
            "searches",
            format!(
                "{}!services.any(|x9| x9.name.contains_any([\"x\", \"y\"])){}",
                "services.all(|s| ".repeat(6),
                ")".repeat(6)
            ),
        ),
    ] {
        let (filing, table) = (filing.clone(), table.clone());
        within(30, what, move || {
            let rules = format!("[[rule]]\nid = \"miit.a\"\nassert = '{assert}'\n");
            let changes = [("national/rules.toml", rules.as_str()), ("tables/colors.toml", table.as_str())];
            let policies = Policies::load(&tiny::files(&changes)).unwrap_or_else(|found| panic!("{found}"));
            let file = SourceFile::new("a.toml", filing);
            let document = read_filing(&policies.world.schema, &file, InputForm::Toml).expect("is a filing");
            let report = report(&policies, document, file, InputForm::Toml);
            if !assert.contains("flatten") {
                assert_eq!(report.errors.len(), 1, "{assert}");
                assert!(report.errors[0].message.contains("too many elements"), "{}", report.errors[0].message);
            }
        });
    }
}

#[test]
fn functions_that_call_each_other() {
    let function = |name: &str, body: &str| {
        format!("[[function]]\nname = \"{name}\"\nreturns = \"bool\"\nparams = {{ x = \"bool\" }}\nbody = '{body}'\n")
    };
    let circle = [function("a", "b(x)"), function("b", "!a(x)")].concat();
    let found = wrong(&[("functions.toml", &circle)]);
    presentable(&found);
    assert_eq!(found.error_count(), 2, "{found}");
    assert!(found.to_string().contains("the function `a` calls itself"), "{found}");
    assert!(found.iter().all(|problem| problem.place().is_some_and(|(file, _)| file.name.ends_with("functions.toml"))));

    // each doubles the one before: nobody calls the last, and still it is found
    let doubling: String =
        (1..40).map(|n| function(&format!("f{n}"), &format!("f{}(x) && f{}(!x)", n - 1, n - 1))).collect();
    let doubling = [function("f0", "x"), doubling].concat();
    let found = within(20, "functions that double", move || wrong(&[("functions.toml", &doubling)]));
    presentable(&found);
    assert!(found.to_string().contains("parts"), "{found}");

    // the arguments double
    let doubling: String = (1..40).map(|n| function(&format!("f{n}"), &format!("f{}(x == x)", n - 1))).collect();
    let doubling = [function("f0", "x"), doubling].concat();
    let found = within(20, "arguments that double", move || wrong(&[("functions.toml", &doubling)]));
    presentable(&found);

    let long: String = (1..200).map(|n| function(&format!("f{n}"), &format!("!f{}(!x)", n - 1))).collect();
    let long = [function("f0", "x"), long].concat();
    let found = within(20, "a chain of functions", move || wrong(&[("functions.toml", &long)]));
    presentable(&found);
    assert!(found.to_string().contains("levels"), "{found}");
}

#[test]
fn texts_with_conditions_in_them() {
    for (title, code, words) in [
        ("{filing.count", "unclosed-brace", "has no `}`"),
        ("{", "unclosed-brace", "has no `}`"),
        ("{}", "condition", "is empty"),
        ("{\"}", "unclosed-brace", "has no `}`"),
        ("{filing.cont}", "condition", "has no field `cont`"),
        ("{if true { 1 }}", "condition", "`else`"),
    ] {
        let found = wrong_rule(&format!("assert = 'true'\ntitle = '{title}'"));
        assert_eq!(found.iter().next().map(|problem| problem.code()), Some(code), "{title}: {found}");
        assert!(found.to_string().contains(words), "{title}: {found}");
    }
    for (what, title) in [
        ("braces", "{".repeat(100_000)),
        ("open and closed braces", ["{ ".repeat(2_000), "} ".repeat(2_000)].concat()),
        ("empty conditions", "{}".repeat(8_000)),
        ("a long text", "字".repeat(100_000)),
    ] {
        let found = within(10, what, move || wrong_rule(&format!("assert = 'true'\ntitle = '{title}'")));
        assert!(found.has_errors(), "{what}");
    }
}

#[test]
fn any_sequence_of_words() {
    const WORDS: [&str; 44] = [
        "filing",
        "services",
        "materials",
        "subject",
        ".",
        ".name",
        ".kind",
        ".count",
        ".date",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "|",
        "|x|",
        "||",
        "&&",
        "==",
        "!=",
        "<",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "%",
        "!",
        "in",
        "if",
        "else",
        "true",
        "1",
        "\"a\"",
        "x",
        ".all(|s| ",
        ".len()",
        "given(",
        "named(",
        ",",
        "date(\"2026-01-01\")",
        "months(",
        "table(\"colors\")",
    ];
    within(60, "words in any order", || {
        let mut state = 11_u64;
        let mut next = |limit: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % limit
        };
        let mut refused = 0;
        for _ in 0..60 {
            // many rules at once: loading takes longer than checking one
            let mut rules = String::new();
            for rule in 0..50 {
                let text: Vec<&str> = (0..=next(14)).map(|_| WORDS[next(WORDS.len())]).collect();
                rules.push_str(&format!(
                    "[[rule]]\nid = \"miit.{rule}\"\nseverity = \"warn\"\ntitle = \"t\"\nassert = '{}'\n",
                    text.join(" ")
                ));
            }
            let found = wrong(&[("national/rules.toml", &rules), ("national/cases.toml", "")]);
            presentable(&found);
            refused += found.error_count();
        }
        assert!(refused > 2_000, "{refused}");
    });
}
