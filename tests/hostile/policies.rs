//! Policy files.

use super::tiny::{text, wrong, wrong_rule};
use super::*;

/// The first mistake has this code and this place, and says these words; there is another only where it follows.
fn one(what: &str, found: &Diagnostics, code: &str, at: &str, words: &str) {
    presentable(found);
    let problem = found.iter().next().expect("is one");
    assert_eq!(problem.code(), code, "{what}: {found}");
    assert!(found.len() == 1 || at.starts_with("tables/"), "{what}: {found}");
    let (file, span) = problem.place().expect("a place");
    let (line, column) = file.line_column(span.start);
    assert_eq!(format!("{}:{line}:{column}", file.name), format!("policies/{at}"), "{what}: {found}");
    let help = problem.help_text().unwrap_or_default();
    assert!(problem.message().contains(words) || help.contains(words), "{what}: {found} ({help})");
}

/// One of the files with a part of it replaced.
fn with(path: &'static str, old: &str, new: &str) -> (&'static str, String) {
    let before = text(path);
    assert!(before.contains(old), "{path} has no {old}");
    (path, before.replacen(old, new, 1))
}

#[test]
fn misspelt_keys_name_the_near_miss() {
    for (path, old, new, at, near) in [
        ("schema.toml", "label = \"颜色\"", "labl = \"x\"\nlabel = \"颜色\"", "schema.toml:7:1", "`label`"),
        ("schema.toml", "type = \"date\"", "tpye = 1, type = \"date\"", "schema.toml:14:10", "`type`"),
        ("materials.toml", "name =", "nmae = 1\nname =", "materials.toml:3:1", "`name`"),
        ("forms.toml", "missing =", "misssing = 1\nmissing =", "forms.toml:6:1", "`missing`"),
        ("functions.toml", "returns =", "retruns = 1\nreturns =", "functions.toml:4:1", "`returns`"),
        ("checks/count.toml", "assert =", "asert = 1\nassert =", "checks/count.toml:6:1", "`assert`"),
        ("national/facts.toml", "topic =", "topc = 1\ntopic =", "national/facts.toml:11:1", "`topic`"),
        ("national/rules.toml", "use =", "usse = 1\nuse =", "national/rules.toml:3:1", "`use`"),
        ("national/rules.toml", "filing =", "filling = 1\nfiling =", "national/rules.toml:5:1", "`filing`"),
        ("national/rules.toml", "sealed =", "seald = true, sealed =", "national/rules.toml:11:34", "`sealed`"),
        ("national/rules.toml", "most = 3", "mots = 1, most = 3", "national/rules.toml:4:10", "`most`"),
        ("national/cases.toml", "violates =", "violate = []\nviolates =", "national/cases.toml:5:1", "`violates`"),
        ("tables/colors.toml", "title =", "titel = 1\ntitle =", "tables/colors.toml:3:1", "`title`"),
    ] {
        let (path, changed) = with(path, old, new);
        one(new, &wrong(&[(path, &changed)]), code_of(new), at, near);
    }
}

fn code_of(change: &str) -> &'static str {
    if change.starts_with("mots") { "unknown-parameter" } else { "unknown-key" }
}

#[test]
fn values_that_are_none() {
    for (path, old, new, code, words) in [
        ("schema.toml", "\"enum color\"", "\"enum colour\"", "unknown-type", "did you mean `color`?"),
        ("schema.toml", "\"date\"", "\"day\"", "unknown-type", "types are text"),
        ("schema.toml", "table = \"colors\"", "table = \"colours\"", "unknown-table", "there is no table `colours`"),
        (
            "schema.toml",
            "path = \"services.domains\"",
            "path = \"services.domans\"",
            "unknown-path",
            "`services.domans`",
        ),
        ("schema.toml", "field = \"filing.kind\"", "field = \"filing.kin\"", "unknown-field", "filing.kin"),
        ("schema.toml", "all = [\"initial\"", "all = [\"intial\"", "unknown-value", "did you mean `initial`?"),
        ("schema.toml", "default = []", "default = [1]", "wrong-type", "no default"),
        ("schema.toml", "format = \"domain\"", "format = \"domian\"", "unknown-format", "did you mean `domain`?"),
        ("schema.toml", "'subject.name'", "'subject.nme'", "condition", "did you mean `name`?"),
        ("forms.toml", "\"true\"", "\"more\"", "unknown-value", "none of true, greater"),
        ("forms.toml", "\"bool\"", "\"boolean\"", "unknown-type", "types are text"),
        ("functions.toml", "'s.name == n'", "'s.nam == n'", "condition", "did you mean `name`?"),
        ("functions.toml", "\"bool\"", "\"integer\"", "condition", "expected an integer"),
        ("checks/count.toml", "most = \"less\"", "most = \"lesser\"", "unknown-value", "did you mean `less`?"),
        ("national/facts.toml", "\"restriction\"", "\"restricton\"", "unknown-value", "did you mean `restriction`?"),
        ("national/facts.toml", "sources = [\"s\"]", "sources = [\"t\"]", "unknown-source", "there is no source `t`"),
        ("national/rules.toml", "\"count.max\"", "\"count.mx\"", "unknown-check", "did you mean `count.max`?"),
        ("national/rules.toml", "most = 3", "most = \"3\"", "wrong-type", "expected an integer"),
        ("national/rules.toml", "[\"initial\"]", "[\"initally\"]", "unknown-value", "did you mean `initial`?"),
        ("national/rules.toml", "\"letter\"", "\"lettre\"", "unknown-value", "did you mean `letter`?"),
        ("national/rules.toml", "\"warn\"", "\"warning\"", "unknown-value", "did you mean `warn`?"),
        ("national/cases.toml", "[\"miit.a\"]", "[\"miit.x\"]", "unknown-rule", "miit.x"),
        ("tables/colors.toml", "[\"朱\"]", "[1]", "wrong-type", "list of text"),
        ("tables/colors.toml", "\"blue\"", "\"red\"", "duplicate-key", "two rows"),
    ] {
        let (path, changed) = with(path, old, new);
        let found = wrong(&[(path, &changed)]);
        presentable(&found);
        let problem = found.iter().find(|problem| problem.code() == code);
        let problem = problem.unwrap_or_else(|| panic!("{new}: no {code}: {found}"));
        let help = problem.help_text().unwrap_or_default();
        assert!(problem.message().contains(words) || help.contains(words), "{new}: {found} ({help})");
        let (file, _) = problem.place().expect("a place");
        assert_eq!(file.name, format!("policies/{path}"), "{new}: {found}");
    }
}

#[test]
fn rules_that_contradict_themselves_or_others() {
    let rule = |id: &str, rest: &str| format!("[[rule]]\nid = \"{id}\"\nseverity = \"warn\"\ntitle = \"t\"\n{rest}\n");
    let a = rule("miit.a", "assert = 'true'");
    for (what, more, code) in [
        ("an id twice", rule("miit.a", "assert = 'true'"), "duplicate-id"),
        ("replaces nothing", rule("miit.b", "assert = 'true'\nreplaces = [\"miit.x\"]\nnote = \"n\""), "unknown-rule"),
        (
            "replaces its own layer",
            rule("miit.b", "assert = 'true'\nreplaces = [\"miit.a\"]\nnote = \"n\""),
            "replaces-sideways",
        ),
        ("two bodies", rule("miit.b", "assert = 'true'\nmanual = \"m\""), "two-bodies"),
        ("no body", rule("miit.b", ""), "no-body"),
        (
            "never in force",
            rule("miit.b", "assert = 'true'\neffective = { from = 2026-02-01, until = 2026-01-01 }"),
            "never-effective",
        ),
        ("for nobody", rule("miit.b", "assert = 'true'\nfiling = []"), "never-applies"),
        ("another layer's id", rule("44.b", "assert = 'true'"), "foreign-id"),
        ("no fact", rule("miit.b", "assert = 'true'\nfacts = [\"miit.x\"]"), "unknown-fact"),
    ] {
        let rules = [a.clone(), more].concat();
        let found = wrong(&[("national/rules.toml", &rules), ("national/cases.toml", "")]);
        presentable(&found);
        assert_eq!(
            (found.len(), found.iter().next().map(|problem| problem.code())),
            (1, Some(code)),
            "{what}: {found}"
        );
    }
}

#[test]
fn all_mistakes_of_a_file_are_shown_at_once() {
    let rules = "
[[rule]]
id = \"miit.a\"
asert = 'true'
use = \"count.max\"
with = { most = \"3\", least = 1 }
filing = [\"initally\", \"cancell\"]
severity = \"blok\"
[[rule]]
id = \"miit.b\"
severity = \"warn\"
title = '{filing.cont} {filing.coun}'
when = 'filing.count'
assert = 'filing.kin == 1 && subject.nme == \"\" && named(1)'
at = [\"filing.knd\", \"subject.x\"]
[[rule]]
id = 7
assert = 'true'
[[rule]]
id = \"miit.c\"
require = { material = \"lettre\", seald = true, for = 'filing.count' }
";
    let found = wrong(&[("national/rules.toml", rules), ("national/cases.toml", "")]);
    presentable(&found);
    let lines: Vec<usize> =
        found.iter().filter_map(|problem| problem.place()).map(|(file, span)| file.line_column(span.start).0).collect();
    let of = |line: usize| lines.iter().filter(|found| **found == line).count();
    let expected = [(4, 1), (6, 2), (7, 2), (8, 1), (12, 2), (13, 1), (14, 3), (15, 2), (17, 1), (21, 3)];
    for (line, count) in expected {
        assert_eq!(of(line), count, "line {line}: {found}");
    }
    let facts =
        text("national/facts.toml").replace("kind = \"restriction\"", "kind = 1").replace("\"block\"", "\"blok\"");
    let facts = facts.replace("statement = \"一\"", "statment = \"一\"").replace("[\"s\"]", "[\"t\", \"u\"]");
    let found = wrong(&[("national/facts.toml", &facts), ("national/rules.toml", "")]);
    assert_eq!(found.error_count(), 6, "{found}");
    let schema = text("schema.toml").replace("\"enum color\"", "\"enum x\"").replace("\"date\"", "\"y\"");
    let schema =
        schema.replace("\"domain\", element", "\"domain\", z = 1, element").replace("table = \"colors\"", "table = 1");
    let found = wrong(&[("schema.toml", &schema)]);
    assert!(found.error_count() >= 3, "{found}");
    let filing =
        "[filing]\nkind = \"x\"\ndate = 1\nnothing = 1\n[subject]\nname = 1\n[[services]]\nname = []\n[what]\n";
    assert_eq!(refused("a.toml", filing.as_bytes()).error_count(), 6);
}

#[test]
fn schemas_that_have_no_end() {
    let records = |fields: &dyn Fn(usize) -> String, count: usize| {
        let records: String = (0..count).map(|n| format!("[record.r{n}.fields]\n{}", fields(n))).collect();
        format!("{records}[record.root.fields]\na = {{ type = \"record r0\", label = \"a\" }}\n")
    };
    let field = |name: &str, ty: &str| format!("{name} = {{ type = \"{ty}\", label = \"a\" }}\n");
    for (what, schema, code) in [
        ("a record in itself", records(&|_| field("x", "record r0"), 1), "recursive-record"),
        ("a circle", records(&|n| field("x", &format!("record r{}", (n + 1) % 5)), 5), "recursive-record"),
        (
            "records that double",
            records(
                &|n| {
                    if n < 39 {
                        ["x", "y"].map(|x| field(x, &format!("record r{}", n + 1))).concat()
                    } else {
                        field("x", "text")
                    }
                },
                40,
            ),
            "too-large",
        ),
        (
            "a chain",
            records(&|n| field("x", &if n < 999 { format!("record r{}", n + 1) } else { "text".into() }), 1_000),
            "too-large",
        ),
        ("many records", records(&|_| String::new(), 70_000), "too-many"),
        ("many fields", records(&|_| (0..70_000).map(|n| field(&format!("f{n}"), "text")).collect(), 1), "too-many"),
        ("lists of lists", records(&|_| field("x", &format!("{}text", "list of ".repeat(100_000))), 1), "unknown-type"),
        ("no root", "[record.a]\n".into(), "missing-record"),
    ] {
        let found = within(20, what, move || wrong(&[("schema.toml", &schema)]));
        presentable(&found);
        assert!(found.iter().any(|problem| problem.code() == code), "{what}: {found}");
    }
    // through a list a record may hold itself
    let (_, schema) = with(
        "schema.toml",
        "label = \"服务名称\" }",
        "label = \"服务名称\" }\nparts = { type = \"list of record service\", label = \"部分\" }",
    );
    assert!(wrong(&[("schema.toml", &schema)]).is_empty());
}

#[test]
fn files_that_are_not_there_or_no_texts() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    assert!(Files::folder(root.join("nothing")).is_err());
    assert!(Files::folder(root).is_err(), "no schema.toml");
    let Files::Memory(files) = tiny::files(&[]) else { unreachable!("they are") };
    for (path, text) in &files {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().expect("has one")).expect("is made");
        std::fs::write(path, text).expect("is written");
    }
    let load = || Policies::load(&Files::folder(root)?).map(|policies| beian::maintain::lint(&policies, None));
    assert!(load().is_ok_and(|found| found.is_empty()));
    let rules = root.join("national/rules.toml");
    for (what, bytes) in
        [("GBK", b"# \xc4\xfa\xba\xc3\n".to_vec()), ("a large file", vec![b'\n'; 9 << 20]), ("zeros", vec![0; 1_000])]
    {
        std::fs::write(&rules, bytes).expect("is written");
        let found = load().unwrap_or_else(|found| found);
        assert!(found.has_errors(), "{what}");
        assert!(found.to_string().contains("rules.toml"), "{what}: {found}");
    }
    std::fs::remove_file(&rules).expect("is removed");
    assert!(load().unwrap_or_else(|found| found).has_errors(), "no rules");
    std::fs::create_dir(&rules).expect("is made");
    assert!(load().unwrap_or_else(|found| found).has_errors(), "a folder in place of a file");
    for (path, text) in
        [("national/facts.toml", ""), ("schema.toml", ""), ("schema.toml", "["), ("tables/colors.toml", "")]
    {
        assert!(wrong(&[(path, text)]).has_errors(), "{path}");
    }
}

#[test]
fn damaged_policies() {
    within(120, "damaged policies", || {
        let mut numbers = filings::Numbers(23);
        let Files::Memory(files) = tiny::files(&[]) else { unreachable!("they are") };
        let paths: Vec<&String> = files.keys().collect();
        let mut refused = 0;
        for _ in 0..2_000 {
            let path = paths[numbers.below(paths.len())];
            let mut chars: Vec<char> = files[path].chars().collect();
            for _ in 0..=numbers.below(3) {
                let at = numbers.below(chars.len());
                let sign = [
                    '"', '\'', '[', ']', '{', '}', '=', '.', ',', '\n', '#', '\\', ':', '-', ' ', '\0', 'x', '(', ')',
                    '|', '中',
                ];
                match numbers.below(3) {
                    0 => chars[at] = sign[numbers.below(sign.len())],
                    1 => drop(chars.remove(at)),
                    _ => chars.insert(at, sign[numbers.below(sign.len())]),
                }
            }
            let text: String = chars.into_iter().collect();
            let found = wrong(&[(path, &text)]);
            if found.has_errors() {
                refused += 1;
                // a whole file or layer may be missing: that has no place
                assert!(!found.render(&Renderer::plain()).is_empty());
            }
        }
        assert!(refused > 1_000, "{refused}");
    });
}

#[test]
fn numbers_and_dates_in_rules() {
    for (rule, code) in [
        ("use = \"count.max\"\nwith = { most = 9223372036854775808 }", "number-too-large"),
        ("use = \"count.max\"\nwith = { most = 1.5 }", "wrong-type"),
        ("assert = 'true'\neffective = { from = 99999-01-01 }", "toml-syntax"),
        ("assert = 'true'\neffective = { from = \"99999-01-01\" }", "wrong-type"),
        ("assert = 'true'\neffective = { from = 2026-02-30 }", "toml-syntax"),
        ("assert = 'true'\neffective = { from = 2026-01-01T00:00:00 }", "wrong-type"),
    ] {
        let found = wrong_rule(rule);
        assert!(found.iter().any(|problem| problem.code() == code), "{rule}: {found}");
    }
}
