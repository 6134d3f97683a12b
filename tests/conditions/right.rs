//! Right expressions, and what they come to on the filing of `world`.

use std::sync::LazyLock;

use beian::filing::Language;

use crate::world::World;

static WORLD: LazyLock<World> = LazyLock::new(World::new);

#[track_caller]
fn come_to(table: &[(&str, &str)]) {
    let wrong: Vec<String> = table
        .iter()
        .filter_map(|(text, expected)| {
            let found = WORLD.outcome(text);
            (found != *expected).then(|| format!("{text}\n  is       {found}\n  expected {expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn literals_and_operators() {
    come_to(&[
        ("1_000 + 1", "1001"),
        ("1 + 2 * 3 - 4", "3"),
        ("(1 + 2) * 3", "9"),
        ("7 / 2", "3"),
        ("-7 / 2", "-3"),
        ("-7 % 3", "-1"),
        ("- - 3", "3"),
        ("2 - -3", "5"),
        ("10 - 3 - 2", "5"),
        ("100 / 10 / 5", "2"),
        ("\"a\" + \"b\" + \"中\"", "ab中"),
        ("\"\\\"\\\\\\n\".len()", "3"),
        ("true || false && false", "是"),
        ("!true || true", "是"),
        ("!(true || true)", "否"),
        ("(1 < 2) == true", "是"),
        ("(1 < 2) == (2 < 3)", "是"),
        ("1 + 1 in [2]", "是"),
        ("3 in [] || 3 in [1, 2, 3,]", "是"),
        ("if true { 1 } else if true { 2 } else { 3 }", "1"),
        ("if 1 > 2 { \"a\" } else if 2 > 1 { \"b\" } else { \"c\" }", "b"),
        ("(if filing.urgent { 1 } else { 2 }) + 1", "2"),
        ("filing.count\n  >= 3\n", "是"),
    ]);
}

#[test]
fn failures() {
    come_to(&[
        ("1 / 0 == 1", "failed: division by zero"),
        ("filing.count % (filing.count - 3) == 1", "failed: division by zero"),
        ("9223372036854775807 + filing.count == 1", "failed: a number does not fit 64 bits"),
        ("-9223372036854775807 - filing.count == 1", "failed: a number does not fit 64 bits"),
        ("9223372036854775807 * 2 == 1", "failed: a number does not fit 64 bits"),
        ("[9223372036854775807, filing.count].sum() == 1", "failed: a number does not fit 64 bits"),
        ("filing.date + months(9999999999) > filing.date", "failed: a number does not fit 64 bits"),
        ("filing.date + years(999999) > filing.date", "failed: a date lies beyond the calendar"),
        ("filing.date - days(9223372036854775807) > filing.date", "failed: a date lies beyond the calendar"),
        // a part that settles it settles it
        ("1 / 0 == 1 && filing.count == 4", "否"),
        ("filing.count == 4 && 1 / 0 == 1", "否"),
        ("1 / 0 == 1 || filing.urgent", "是"),
        ("filing.limits.any(|n| 4 / (n - 1) == 4)", "是"),
        ("filing.limits.any(|n| 4 / (n - 1) == 5)", "failed: division by zero"),
        // a failure is worse than an unknown
        ("1 / 0 == 1 && other.student", "failed: division by zero"),
        ("other.student || 1 / 0 == 1", "failed: division by zero"),
        ("if filing.urgent { true } else { 1 / 0 == 1 }", "是"),
    ]);
}

#[test]
fn texts() {
    come_to(&[
        ("subject.address.starts_with(\"广东省\")", "是"),
        ("subject.address.ends_with(\"1号\")", "是"),
        ("subject.address.contains(\"南山\")", "是"),
        ("subject.address.contains_any([\"北京\", \"深圳\"])", "是"),
        ("subject.address.contains_any(words(\"finance\"))", "否"),
        ("filing.tags.any(|t| t.contains_any(words(\"finance\")))", "是"),
        ("subject.address.contains_any([])", "否"),
        ("subject.name.len()", "2"),
        ("filing.remark.is_empty()", "是"),
        ("filing.remark == \"\"", "是"),
        ("subject.phone.matches(\"^1[3-9]\")", "是"),
        ("subject.phone.matches(\"345\")", "是"),
        ("subject.phone.matches(\"^345\")", "否"),
    ]);
}

#[test]
fn dates() {
    come_to(&[
        // month ends clamp
        ("filing.date + months(1)", "2026-02-28"),
        ("filing.date + months(1) + months(1)", "2026-03-28"),
        ("filing.date + months(2)", "2026-03-31"),
        ("filing.date + (months(1) + days(1))", "2026-03-01"),
        ("filing.date - months(2)", "2025-11-30"),
        ("date(\"2024-02-29\") + years(1)", "2025-02-28"),
        ("date(\"2024-02-29\") + years(4)", "2028-02-29"),
        ("date(\"2023-12-31\") + months(2)", "2024-02-29"),
        ("date(\"2026-03-01\") - days(1)", "2026-02-28"),
        ("date(\"2026-01-01\") + months(-1)", "2025-12-01"),
        ("months(3) - days(4)", "3个月-4天"),
        ("years(2)", "24个月"),
        ("filing.date == \"2026-01-31\"", "是"),
        ("\"2026-01-31\" == filing.date", "是"),
        ("filing.date in [\"2026-01-31\", \"2026-02-01\"]", "是"),
        ("filing.date < \"2026-02-01\" && filing.date >= date(\"2026-01-31\")", "是"),
        ("days_between(filing.date, date(\"2026-03-01\"))", "29"),
        ("days_between(date(\"2026-03-01\"), filing.date)", "-29"),
        ("years_between(date(\"2000-02-01\"), filing.date)", "25"),
        ("years_between(date(\"2000-01-31\"), filing.date)", "26"),
        ("workdays_between(date(\"2026-01-02\"), date(\"2026-01-06\"))", "2"),
        (
            "workdays_between(filing.date, date(\"2027-01-05\"))",
            "unknown: 2027年的节假日安排还没有收录，工作日数不能确定",
        ),
    ]);
}

#[test]
fn long_term() {
    come_to(&[
        ("subject.expires == \"long_term\"", "是"),
        ("subject.expires != \"long_term\"", "否"),
        ("subject.expires > filing.date + years(1000)", "是"),
        ("subject.expires >= subject.expires", "是"),
        ("filing.date < subject.expires", "是"),
        ("subject.expires + months(3) == \"long_term\"", "是"),
        ("subject.expires - years(3) == \"long_term\"", "是"),
        ("subject.expires in [\"2026-01-01\", \"long_term\"]", "是"),
        ("services.any(|s| s.principal.expires == \"2027-03-01\")", "是"),
        ("if filing.urgent { subject.expires } else { filing.date }", "长期"),
        ("if filing.urgent { filing.date } else { subject.expires }", "2026-01-31"),
        // there is no number of days to it
        ("days_between(filing.date, subject.expires) > 30", "unknown: "),
    ]);
}

#[test]
fn enumerations_and_regions() {
    come_to(&[
        ("subject.nature == \"enterprise\"", "是"),
        ("\"enterprise\" == subject.nature", "是"),
        ("subject.nature in [\"individual\", \"government\"]", "否"),
        ("!(subject.nature in [\"individual\", \"government\"])", "是"),
        ("[\"individual\", \"enterprise\"].contains(subject.nature)", "是"),
        ("subject.nature == (if filing.urgent { \"enterprise\" } else { \"individual\" })", "是"),
        ("services.all(|s| s.kind in [\"app\", \"website\"])", "是"),
        ("services.map(|s| s.kind)", "APP、网站"),
        ("services.map(|s| s.kind) + [\"app\"]", "APP、网站、APP"),
        ("(services.map(|s| s.kind) + [\"app\"]).distinct().len()", "2"),
        ("\"app\" in services.map(|s| s.kind)", "是"),
        ("label(subject.nature)", "企业"),
        ("label(filing.province)", "广东省"),
        ("label(filing.urgent)", "是"),
        ("filing.province == \"44\"", "是"),
        ("subject.region == \"440305\"", "是"),
        ("province(subject.region) == filing.province", "是"),
        ("province(subject.address) == filing.province", "是"),
        ("city(subject.address)", "深圳市"),
        ("province(\"火星\") == \"44\"", "unknown: "),
        ("gender(subject.id_kind, subject.id_number) == \"female\"", "是"),
        ("gender(\"resident_id_card\", subject.id_number)", "女"),
        ("birth_date(subject.id_kind, subject.id_number)", "1949-12-31"),
        ("number_ok(subject.id_kind, subject.id_number)", "是"),
        ("issuing_region(subject.id_kind, subject.id_number)", "北京市"),
        ("birth_date(\"passport\", subject.id_number) == \"1949-12-31\"", "unknown: "),
        // a text is compared with an enumeration by its id
        ("table(\"suffixes\").any(|r| r.natures.contains(subject.nature))", "是"),
        ("filing.tags.any(|t| t == subject.nature)", "否"),
        ("subject.nature in filing.tags", "否"),
    ]);
}

#[test]
fn lists_and_closures() {
    come_to(&[
        ("services.len()", "2"),
        ("services.is_empty()", "否"),
        ("services.any(|s| s.kind == \"app\")", "是"),
        ("services.none(|s| s.size > 20)", "是"),
        ("services.count(|s| s.size >= 10)", "2"),
        ("services.filter(|s| s.kind == \"app\").len()", "1"),
        ("services.filter(|s| s.kind == \"app\").map(|s| s.size)", "10"),
        ("services.map(|s| s.size).sum()", "30"),
        ("services.map(|s| s.domains.len())", "2、0"),
        ("services.any(|s| s.domains.any(|d| d.name.ends_with(\".com.cn\")))", "是"),
        // the inner closure sees the outer one's variable
        ("services.all(|s| s.domains.all(|d| d.name.len() < s.size))", "是"),
        ("services.any(|s| services.any(|t| t.size > s.size))", "是"),
        // the inner name hides the outer
        ("services.any(|x| filing.tags.any(|x| x == \"金融\"))", "是"),
        ("filing.tags.any(|x| services.any(|x| x.kind == \"app\"))", "是"),
        ("services.any(|filing| filing.kind == \"app\")", "是"),
        ("services.map(|s| s.domains.map(|d| d.name)).flatten()", "a.com.cn、b.cn"),
        ("services.map(|s| s.domains.map(|d| d.ips)).flatten().flatten()", "1.1.1.1"),
        ("filing.limits.sum()", "7"),
        ("filing.limits.map(|n| n * 2)", "2、4、8"),
        ("[3, 1, 3].distinct()", "3、1"),
        ("[subject, other].any(|p| p.name == \"张三\")", "是"),
        ("[subject, other].all(|p| p.age > 18)", "unknown: other.age"),
        ("[].len()", "0"),
        ("[].all(|x| x == \"a\")", "是"),
        ("[].any(|x| true)", "否"),
        ("filing.limits.contains(4) && 2 in filing.limits && !(3 in filing.limits)", "是"),
        ("(filing.tags + [\"x\"]).len()", "3"),
        ("services.any(|s| s.bundle == \"cn.example\")", "是"),
        ("services.any(|s| s.kinds.contains(\"website\"))", "是"),
        ("persons.len()", "3"),
        ("persons.any(|p| p.name == \"李四\")", "是"),
        ("table(\"suffixes\").filter(|r| r.levels == 2).map(|r| r.suffix)", "cn"),
        ("table(\"suffixes\").len()", "2"),
        ("words(\"finance\")", "金融、证券"),
    ]);
}

#[test]
fn given() {
    come_to(&[
        ("given(subject.name)", "是"),
        ("given(other.name)", "否"),
        ("given(subject)", "是"),
        ("given(other)", "否"),
        // an empty text says nothing, and a default is none
        ("given(filing.remark)", "否"),
        ("given(filing.tags)", "是"),
        ("services.map(|s| given(s.paid))", "是、否"),
        ("services.count(|s| given(s.principal))", "1"),
        ("services.any(|s| given(s.domains) && s.domains.is_empty())", "是"),
        ("if given(other.age) { other.age > 18 } else { true }", "是"),
        ("given(other.age) && other.age > 18", "否"),
        ("!given(other.age) || other.age > 18", "是"),
        ("table(\"suffixes\").filter(|r| given(r.open)).len()", "1"),
        // a column that a row leaves out is unknown
        ("table(\"suffixes\").all(|r| r.open)", "unknown: "),
    ]);
}

#[test]
fn functions() {
    come_to(&[
        ("adult(subject, 18)", "是"),
        ("adult(other, 18)", "unknown: other.age"),
        ("same_person(subject, other)", "unknown: other.name"),
        ("services.any(|s| same_person(s.principal, subject))", "unknown: services[1].principal.name"),
        ("doubled(doubled(filing.count)) + 1", "13"),
        ("any_app(services)", "是"),
        ("any_app(services.filter(|s| s.size > 10))", "否"),
        ("well_formed(subject.phone)", "是"),
        ("well_formed(subject.id_number)", "是"),
        ("well_formed(other.phone)", "unknown: other.phone"),
        ("services.all(|s| s.domains.all(|d| well_formed(d.name)))", "是"),
        (
            "suffix(\"x.a.com.cn\") + \" \" + base_domain(\"x.a.com.cn\") + \" \" + domain_label(\"x.a.com.cn\")",
            "com.cn a.com.cn a",
        ),
        ("level(\"a.com.cn\")", "2"),
        ("han_count(\"中文ab\")", "2"),
        ("pinyin(\"中国\")", "zhongguo"),
        ("normalize(\"a b:c-d\")", "ABCD"),
        ("related(\"深圳某某科技公司\", \"某某\")", "是"),
        ("scripted(1)", "是"),
        ("scripted(2)", "unknown: other.name"),
        ("scripted(3)", "unknown: 没有收录"),
        ("scripted(4)", "failed: scripts.rhai:1:1: no"),
        ("scripted(other.age)", "unknown: other.age"),
        ("scripted(4) && filing.count == 4", "否"),
    ]);
}

/// The three truth values: `filing.urgent` is true, `subject.student` false, `other.student` unknown.
const TRUTHS: [(&str, char); 3] = [("filing.urgent", 't'), ("subject.student", 'f'), ("other.student", '?')];

fn truth(text: &str) -> char {
    match WORLD.outcome(text).as_str() {
        "是" => 't',
        "否" => 'f',
        "unknown: other.student" | "unknown: other.student, other.student" => '?',
        other => panic!("{text}: {other}"),
    }
}

#[test]
fn kleene() {
    let two = |text: &dyn Fn(&str, &str) -> String| -> String {
        TRUTHS
            .iter()
            .flat_map(|(a, _)| TRUTHS.iter().map(move |(b, _)| (a, b)))
            .map(|(a, b)| truth(&text(a, b)))
            .collect()
    };
    // t with t f ?, f with t f ?, ? with t f ?
    assert_eq!(two(&|a, b| format!("{a} && {b}")), "tf?fff?f?");
    assert_eq!(two(&|a, b| format!("{a} || {b}")), "ttttf?t??");
    assert_eq!(two(&|a, b| format!("{a} == {b}")), "tf?ft????");
    assert_eq!(two(&|a, b| format!("{a} != {b}")), "ft?tf????");
    assert_eq!(two(&|a, b| format!("if {a} {{ {b} }} else {{ !{b} }}")), "tf?ft????");
    assert_eq!(two(&|a, b| format!("{a} in [{b}]")), "tf?ft????");
    assert_eq!(two(&|a, b| format!("{a} in [{b}, true]")), "tttft????");
    assert_eq!(two(&|a, b| format!("[{a}, {b}].any(|x| x)")), "ttttf?t??");
    assert_eq!(two(&|a, b| format!("[{a}, {b}].all(|x| x)")), "tf?fff?f?");
    assert_eq!(two(&|a, b| format!("[{a}, {b}].none(|x| x)")), "fffft?f??");
    for (a, value) in TRUTHS {
        let not = match value {
            't' => 'f',
            'f' => 't',
            other => other,
        };
        assert_eq!(truth(&format!("!{a}")), not);
        assert_eq!(truth(&format!("!!({a})")), value);
    }
}

#[test]
fn what_is_missing() {
    come_to(&[
        ("other.age > 18", "unknown: other.age"),
        ("other.age > other.age + 1", "unknown: other.age, other.age"),
        ("other.student && other.age > 18", "unknown: other.student, other.age"),
        // what is settled asks for nothing
        ("other.student && filing.count == 4", "否"),
        ("other.student || filing.count == 3", "是"),
        // only what the branch taken needs
        ("if filing.urgent { other.age > 18 } else { other.student }", "unknown: other.age"),
        ("if other.student { other.age > 18 } else { true }", "unknown: other.student"),
        // elements say which one
        ("services.all(|s| !s.paid)", "unknown: services[1].paid"),
        ("services.any(|s| s.paid)", "unknown: services[1].paid"),
        ("services.count(|s| s.paid) == 0", "unknown: services[1].paid"),
        ("services.filter(|s| s.paid).len() == 0", "unknown: services[1].paid"),
        ("services.map(|s| s.paid).len()", "2"),
        ("services.map(|s| s.paid).any(|p| p)", "unknown: services[1].paid"),
        ("services.all(|s| s.domains.all(|d| d.expires > filing.date))", "unknown: services[0].domains[1].expires"),
        ("services.any(|s| s.domains.any(|d| d.expires > filing.date))", "是"),
        // a list that is not given
        ("services.any(|s| s.kinds.contains(\"app\"))", "是"),
        ("services.all(|s| s.kinds.contains(\"app\"))", "unknown: services[1].kinds"),
        ("services.map(|s| s.kinds).flatten().len() == 2", "unknown: services[1].kinds"),
        // elements of a list that is written here
        ("filing.count in [1, other.age]", "unknown: other.age"),
        ("filing.count in [3, other.age]", "是"),
        ("[1, other.age].sum() > 3", "unknown: other.age"),
        ("[1, other.age].len() > 1", "是"),
        ("[other.age, subject.age].map(|n| n + 1).contains(1)", "unknown: other.age"),
        ("other.age in []", "否"),
        ("other.name.contains_any([\"a\"])", "unknown: other.name"),
        ("subject.name.contains_any([\"a\", other.name])", "unknown: other.name"),
        ("subject.name.contains_any([\"三\", other.name])", "是"),
        ("province(other.address) == \"44\"", "unknown: other.address"),
        ("label(other.nature) == \"企业\"", "unknown: other.nature"),
        ("other.expires > filing.date", "unknown: other.expires"),
        ("other.nature in [\"individual\"]", "unknown: other.nature"),
    ]);
}

#[test]
fn texts_with_values() {
    let zh = |text: &str| WORLD.rendered(text, Language::Zh);
    for (text, expected) in [
        ("plain", "plain"),
        ("年满{filing.count + 15}岁", "年满18岁"),
        ("{subject.nature}在{filing.province}（{subject.region}）", "企业在广东省（南山区）"),
        ("{filing.date}至{subject.expires}", "2026-01-31至长期"),
        ("{services.map(|s| s.kind)}：{filing.limits}", "APP、网站：1、2、4"),
        ("{filing.tags}", "金融、abc"),
        ("{filing.urgent}{subject.student}", "是否"),
        ("{months(3)}或{days(30)}或{years(1)}", "3个月或30天或12个月"),
        ("{{{filing.count}}}", "{3}"),
        ("{{filing.count}}", "{filing.count}"),
        ("须{if filing.urgent { \"大于\" } else { \"不少于\" }}{filing.count}个月", "须大于3个月"),
        ("{\"}{\"}", "}{"),
        ("{\"\\\"}\"}", "\"}"),
        // what is unknown, or cannot be told
        ("{other.name}，{other.age}岁", "…，…岁"),
        ("{1 / (filing.count - 3)}", "…"),
        ("{services.map(|s| s.paid)}", "否、…"),
        // what is sensitive is masked as a whole, whatever is made of it
        ("{subject.phone}", "<phone>"),
        ("{subject.id_number}", "<id>"),
        ("{\"86\" + subject.phone}", "<phone>"),
        ("{persons.map(|p| p.phone)}", "<phone>"),
        ("{subject.phone.len()}", "11"),
        ("{subject.phone.matches(\"^1\")}", "是"),
    ] {
        assert_eq!(zh(text), expected, "{text}");
    }
    let en =
        WORLD.rendered("{subject.nature} {subject.expires} {filing.urgent} {filing.tags} {months(2)}", Language::En);
    assert_eq!(en, "enterprise long term yes 金融, abc 2 months");
}
