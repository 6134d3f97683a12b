//! Wrong expressions: the message, the word that is underlined, and what to do.

use std::sync::LazyLock;

use beian::condition::Ty;

use crate::world::World;

static WORLD: LazyLock<World> = LazyLock::new(World::new);

fn refusals(texts: &[&str]) -> String {
    texts.iter().map(|text| WORLD.refusal(text, Some(&Ty::Bool))).collect::<Vec<_>>().join("\n\n")
}

/// The texts stand in the messages.
fn seen(name: &str, said: &str) {
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, said) });
}

#[test]
fn characters() {
    seen(
        "characters",
        &refusals(&[
            "filing.remark == “金融”",
            "filing.count ＝＝ 3",
            "（filing.urgent）",
            "filing.tags.contains(\"a\"，\"b\")",
            "filing.remark == '金融'",
            "filing.count > 3.5",
            "filing.count > 3. ",
            "filing.count > 99999999999999999999",
            "filing.count & 1 == 1",
            "filing.urgent && 加急",
            "filing.remark == \"金融",
            "filing.remark == \"a\\d\"",
            "filing.count > 3;",
            "filing.count\u{3000}> 3",
            "filing.count == --3",
            "filing.count<-3",
            "filing.count > #3",
        ]),
    );
}

#[test]
fn syntax() {
    seen(
        "syntax",
        &refusals(&[
            "",
            "   ",
            "filing.urgent &&",
            "&& filing.urgent",
            "filing.urgent and subject.student",
            "filing.urgent or subject.student",
            "not filing.urgent",
            "not (filing.urgent)",
            "filing.count not in [1]",
            "filing.count = 3",
            "1 < filing.count < 5",
            "filing.count == 3 == true",
            "(filing.urgent",
            "filing.urgent)",
            "filing.tags.contains(\"a\"",
            "[1, 2",
            "if filing.urgent { true }",
            "if filing.urgent { true } else false",
            "if filing.urgent true else false",
            "filing.",
            "filing.\"x\"",
            "filing.tags[0] == \"a\"",
            "services.any(|| true)",
            "services.any(|s, t| true)",
            "services.any(|s| { s.paid })",
            "|x| x",
            "let x = 1; x == 1",
            "for s in services { s.paid }",
            "services.any(|s| s.package == \"a\")",
            "filing.is_shared",
            "_ == 1",
            "else",
            "!",
            "filing.count ++ 1",
            "filing?.urgent",
            "services.any(|in| true)",
            &format!("{}true", "!(".repeat(40)),
        ]),
    );
}

#[test]
fn names() {
    seen(
        "names",
        &refusals(&[
            "filling.urgent",
            "nature == \"individual\"",
            "filing.urgnt",
            "subject.paid",
            "subject.zzz == 1",
            "services.paid",
            "services.len == 1",
            "services.any(|s| s.domains.expires > filing.date)",
            "filing.date.year == 2026",
            "services.any(|s| t.paid)",
            "services.any(|s| s.paid) && s.paid",
            "filing",
            "subject.name",
            "services",
        ]),
    );
}

#[test]
fn types() {
    seen(
        "types",
        &refusals(&[
            "filing.count",
            "filing.urgent && filing.count",
            "filing.count || filing.urgent || subject.name",
            "!filing.count",
            "-filing.remark == 1",
            "filing.count == \"3\"",
            "filing.count > filing.date",
            "filing.date > 3",
            "filing.date + 3 > filing.date",
            "filing.date - filing.date == 3",
            "filing.date + months(3)",
            "filing.remark > \"a\"",
            "filing.remark + 3 == \"a3\"",
            "filing.urgent > false",
            "subject == other",
            "filing.tags == [\"a\"]",
            "months(3) == days(90)",
            "subject.nature == services.any(|s| s.paid)",
            "subject.nature == subject.id_kind",
            "if filing.urgent { 1 } else { \"a\" } == 1",
            "if filing.count { true } else { false }",
            "[1, \"a\"].contains(1)",
            "filing.limits + filing.tags == 1",
            "filing.count % true == 1",
        ]),
    );
}

#[test]
fn values() {
    seen(
        "values",
        &refusals(&[
            "subject.nature == \"person\"",
            "subject.nature == \"enterprize\"",
            "subject.nature == \"企业\"",
            "\"enterprize\" == subject.nature",
            "subject.nature in [\"individual\", \"companny\"]",
            "services.any(|s| s.kinds.contains(\"ap\"))",
            "filing.province == \"4\"",
            "filing.province == \"广东\"",
            "subject.region == \"44\"",
            "filing.date > \"2026-13-01\"",
            "filing.date == \"long_term\"",
            "subject.expires == \"forever\"",
            "filing.date > date(\"1.1.2026\")",
            "filing.date > date(filing.remark)",
        ]),
    );
}

#[test]
fn membership() {
    seen(
        "membership",
        &refusals(&[
            "\"a\" in filing.remark",
            "filing.count in filing.tags",
            "subject in services",
            "filing.tags.contains(3)",
            "services.contains(subject)",
            "filing.count in 3",
        ]),
    );
}

#[test]
fn methods() {
    seen(
        "methods",
        &refusals(&[
            "filing.remark.startswith(\"a\")",
            "filing.remark.foo()",
            "filing.remark.starts_with()",
            "filing.remark.starts_with(3)",
            "filing.remark.contains_any(\"a\")",
            "filing.remark.matches(\"(\")",
            "filing.remark.matches(filing.remark)",
            "subject.nature.contains(\"a\")",
            "filing.count.abs() == 1",
            "filing.tags.exists(|t| true)",
            "filing.tags.any(true)",
            "filing.tags.any()",
            "filing.tags.any(|t| t)",
            "filing.tags.map(|t| t.len())",
            "services.map(|s| s.principal).len() == 1",
            "services.distinct().len() == 1",
            "filing.tags.sum() == 1",
            "filing.tags.flatten().len() == 1",
            "filing.tags.len(1) == 1",
            "filing.limits.all(|n| n > \"a\")",
            "services.all(|s| s.domains.all(|d| d.expires > s.expires))",
            "a(|x| true)",
            "filing.tags.any(|x| x.len() > 1, 2)",
        ]),
    );
}

#[test]
fn functions() {
    seen(
        "functions",
        &refusals(&[
            "provinz(subject.address) == \"44\"",
            "province(3) == \"44\"",
            "province(subject.address, 1) == \"44\"",
            "province() == \"44\"",
            "days_between(filing.count, filing.date) > 1",
            "months(filing.date) == 1",
            "number_ok(subject.nature, subject.id_number) > 1",
            "number_ok(3, subject.id_number)",
            "given(3)",
            "given(filing.remark + \"a\")",
            "given()",
            "well_formed(subject.name)",
            "well_formed(\"a\")",
            "label(subject.name) == \"a\"",
            "label(filing.count) == \"a\"",
            "table(\"suffixs\").len() == 1",
            "table(filing.remark).len() == 1",
            "table(\"suffixes\").any(|r| r.sufix == \"cn\")",
            "words(\"finanz\").len() == 1",
            "adult(subject)",
            "adult(services, 18)",
            "adult(subject, \"18\")",
            "endless(1) == 1",
            "broken(1)",
            "scripted(\"a\")",
            "scriptd(1)",
            "urgent(1)",
            "count(1) == 1",
        ]),
    );
}

#[test]
fn every_mistake_is_reported() {
    seen(
        "every_mistake_is_reported",
        &refusals(&[
            "filing.urgnt && subject.nature == \"x\" || filing.count > \"a\"",
            "if filing.a { filing.b } else { filing.c }",
            "[filing.a, filing.b].len() == filing.c",
            "filing.remark.starts_with(filing.x) == services.any(|s| s.x)",
        ]),
    );
}

#[test]
fn texts_with_values() {
    let texts = [
        "年满{filing.cuont}岁",
        "{",
        "a {filing.count",
        "{}",
        "{filing.count} 和 {subject.nmae}",
        "{if filing.urgent { \"}\" }}",
    ];
    let said: Vec<String> = texts.iter().map(|text| WORLD.template_refusal(text)).collect();
    seen("texts_with_values", &said.join("\n\n"));
}
