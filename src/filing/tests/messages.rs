//! What is wrong is said, all of it, with the place and what to do.

use super::super::read_json_into;
use super::*;

/// One line per mistake: line, code, message, help.
fn complaints(result: Result<Document, Diagnostics>) -> Vec<String> {
    let errors = result.expect_err("is wrong");
    let line = |error: &crate::source::Diagnostic| {
        let (file, span) = error.place().expect("has a place");
        let (line, column) = file.line_column(span.start);
        format!("{line}:{column} {}: {} | {}", error.code(), error.message(), error.help_text().unwrap_or("-"))
    };
    errors.iter().map(line).collect()
}

fn toml(text: &str) -> Vec<String> {
    complaints(read_toml(&schema(), text))
}

fn json(text: &str) -> Vec<String> {
    let mut document = Document::empty(&schema());
    assert!(read_json_into(&schema(), text, &mut document).is_err());
    complaints(read_json(&schema(), text))
}

#[test]
fn all_mistakes_of_a_file_at_once() {
    let found = toml(concat!(
        "[filing]\n",
        "province = 44\n",
        "date = \"2026/11/24\"\n",
        "count = \"3\"\n",
        "[subject]\n",
        "nature = \"企业\"\n",
        "nme = \"a\"\n",
        "phone = \"1\"\n",
        "region = \"44\"\n",
        "[subject.principal]\n",
        "phone = 13800000000\n",
        "expires = \"长期\"\n",
    ));
    assert_eq!(
        found,
        [
            "2:12 wrong-type: `filing.province` is a text of 2 digits, not the integer `44` | write `province = \"44\"`",
            "3:8 wrong-date: `filing.date` is a date, not `2026/11/24` | write `date = 2026-11-24`",
            "4:9 wrong-type: `filing.count` is an integer, not the text `3` | write `count = 3`",
            "6:10 unknown-value: `subject.nature` has no value `企业` | `企业` is written `enterprise`",
            "7:1 unknown-key: `subject` has no key `nme` | did you mean `name`?",
            "8:1 unknown-key: `subject` has no key `phone` | `phone` belongs to `subject.legal`, `subject.principal`, `services[].principal`",
            "9:10 wrong-region: `subject.region` is a text of 6 digits, not `44` | write `region = \"440000\"`",
            "11:9 wrong-type: `subject.principal.phone` is a text, not the integer `13800000000` | write `phone = \"13800000000\"`",
            "12:11 wrong-date: `subject.principal.expires` is a date or `long_term`, not `长期` | write `expires = \"long_term\"`",
        ]
    );
}

#[test]
fn json_says_the_same_in_its_own_form() {
    let found = json(concat!(
        "{\"filing\": {\"date\": \"2026-02-30\", \"count\": 1.5},\n",
        "\"subject\": [{}],\n",
        "\"services\": {\"name\": \"a\"},\n",
        "\"persons\": []}",
    ));
    assert_eq!(
        found,
        [
            "1:21 no-such-date: the date `2026-02-30` does not exist | that month ends on 2026-02-28",
            "1:44 wrong-type: `filing.count` is an integer, not the decimal number `1.5` | write `\"count\": 1`",
            "2:12 wrong-type: `subject` is a table, not a list | write `{ … }` with keys in it",
            "3:13 wrong-type: `services` is a list of tables, not a table | write `\"services\": [{ … }]`",
            "4:1 collected-key: `persons` is gathered from other places and not written | write what belongs here at `subject.legal`, `subject.principal`, `services.principal`",
        ]
    );
}

#[test]
fn what_only_the_strict_reader_notices_has_a_place_too() {
    assert_eq!(
        json("{\"filing\": {\n\"count\": -0}}"),
        ["2:11 json-syntax: a number that is not a whole one | write a whole number such as `0`"]
    );
    assert_eq!(
        json("{\"subject\": {\"name\": \"a\tb\"}}"),
        [
            "1:24 json-syntax: control character (\\u0000-\\u001F) found while parsing a string | write it as an escape such as `\\n`"
        ]
    );
}

#[test]
fn dates_that_were_meant() {
    let help = |text: &str| {
        let found = toml(&format!("[filing]\ndate = \"{text}\"\n")).pop().expect("one");
        found.split(" | ").nth(1).expect("has help").to_owned()
    };
    assert_eq!(help("2026年1月5日"), "write `date = 2026-01-05`");
    assert_eq!(help("20260105"), "write `date = 2026-01-05`");
    assert_eq!(help("2026-01-05T08:00:00"), "write `date = 2026-01-05`");
    assert_eq!(help("2026-13-05"), "write `date = 2026-11-24`");
    assert_eq!(help("2026-04-31"), "that month ends on 2026-04-30");
    assert_eq!(help("明天"), "write `date = 2026-11-24`");
}

#[test]
fn tables_and_lists_of_toml() {
    let found = toml("subject = 1\nservices = 2\n[[filing]]\n");
    assert_eq!(
        found,
        [
            "1:11 wrong-type: `subject` is a table, not the integer `1` | write a table `[subject]` with keys below it",
            "2:12 wrong-type: `services` is a list of tables, not the integer `2` | write one table `[[services]]` per element",
            "3:1 wrong-type: `filing` is a table, not a list | write a table `[filing]` with keys below it",
        ]
    );
    let found = toml("services = [1, { principal = 2, features = \"aa\", regions = [44] }]\n");
    assert_eq!(
        found,
        [
            "1:13 wrong-type: `services[0]` is a table, not the integer `1` | write `{ … }` with keys in it",
            "1:30 wrong-type: `services[1].principal` is a table, not the integer `2` | write a table `[services.principal]` with keys below it",
            "1:44 wrong-type: `services[1].features` is a list, not the text `aa` | write `features = [\"aa\"]`",
            "1:61 wrong-type: `services[1].regions[0]` is a text of 2 digits, not the integer `44` | write `\"44\"`",
        ]
    );
}

#[test]
fn values_are_found_by_id_and_by_label() {
    let value = |text: &str| toml(&format!("[subject]\nnature = \"{text}\"\n")).pop().expect("one");
    let help = |text: &str| value(text).split(" | ").nth(1).expect("has help").to_owned();
    assert_eq!(help("个体工商户"), "`个体工商户` is written `sole_proprietor`");
    assert_eq!(help("Sole Proprietor"), "`Sole Proprietor` is written `sole_proprietor`");
    assert_eq!(help("enterprize"), "did you mean `enterprise` (企业)?");
    assert_eq!(help("企业单位"), "did you mean `enterprise` (企业)?");
    assert_eq!(help("个体"), "did you mean `sole_proprietor` (个体工商户)?");
    assert_eq!(help("xx"), "the values are `individual`, `enterprise`, `sole_proprietor`");
}

#[test]
fn keys_are_found_by_near_miss_by_label_and_by_where_they_belong() {
    let help = |text: &str| toml(text).pop().expect("one").split(" | ").nth(1).expect("has help").to_owned();
    assert_eq!(help("[subject]\n\"主办单位名称\" = \"a\"\n"), "`主办单位名称` is written `name`");
    assert_eq!(help("[filing]\nprovnce = \"44\"\n"), "did you mean `province`?");
    assert_eq!(help("[filing]\nregions = []\n"), "`regions` belongs to `services[]`");
    assert_eq!(help("[subject]\nservices = []\n"), "`services` belongs to the top of the file");
    assert_eq!(
        help("filing = {}\n\"subject.name\" = \"a\"\n"),
        "`subject.name` is a path, not a key: write `name` inside `subject`"
    );
}

#[test]
fn a_value_that_the_place_gives_is_not_written_otherwise() {
    let schema = schema();
    assert!(read_toml(&schema, "[subject.principal]\nrole = \"principal\"\n").is_ok());
    let text = r#"{"subject": {"principal": {"role": "legal"}}}"#;
    assert_eq!(
        complaints(read_json(&schema, text)),
        ["1:36 fixed-value: `subject.principal.role` is always `principal`: its place says so | leave it out"]
    );
    let mut document = Document::empty(&schema);
    assert!(read_json_into(&schema, text, &mut document).is_err());
}

#[test]
fn what_is_no_filing_gets_one_message() {
    assert_eq!(
        toml("[package]\nname = 1\n[dependencies]\nx = 2\n"),
        [
            "1:2 not-a-filing: this is no filing: it has none of the keys of one | the keys of a filing are `filing`, `subject`, `services`"
        ]
    );
    assert_eq!(
        toml("[subjct]\nname = 1\n"),
        [
            "1:2 not-a-filing: this is no filing: it has none of the keys of one | did you mean `subject` where it says `subjct`?"
        ]
    );
    assert_eq!(json("[{}]").len(), 1);
    assert!(json("null").iter().all(|line| line.contains("not null")));
    assert_eq!(toml(" \n").len(), 1);
    assert!(read_toml(&schema(), "# nothing yet\n").is_ok());
    assert!(read_json(&schema(), "{}").is_ok());
}

#[test]
fn null_is_missing_but_no_element() {
    let schema = schema();
    let document =
        read_json(&schema, r#"{"filing": {"remark": null, "count": null}, "subject": null, "services": null}"#);
    let empty = Document::empty(&schema);
    assert_eq!(contents(&schema, &document.expect("is one")), contents(&schema, &empty));
    assert_eq!(
        json(r#"{"services": [{}, null]}"#),
        [
            "1:19 null-element: `services[1]` is `null`, and a list holds only values | leave the element out; an empty list is `[]`"
        ]
    );
}

#[test]
fn hostile_texts_are_errors() {
    let deep = format!("{{\"services\": {}", "[".repeat(100_000));
    let parts = format!("{{\"services\": [{}", "{\"parts\":[".repeat(10_000));
    let escape = r#"{"subject": {"name": "\ud800"}}"#;
    let control = "{\"subject\": {\"name\": \"a\u{1}\"}}";
    let huge = r#"{"filing": {"count": 9223372036854775808}}"#;
    let exponent = r#"{"filing": {"count": 1e999}}"#;
    let minus_zero = r#"{"filing": {"count": -0}}"#;
    let many = format!("{{\"services\": [{}{{}}]}}", "{},".repeat(200_000));
    let twice = r#"{"subject": {"name": "a", "name": "a"}}"#;
    let after = "{} {}";
    for text in
        [&*deep, &parts, escape, control, huge, exponent, minus_zero, &many, twice, after, "{\"subject\"", "\u{0}"]
    {
        let errors = read_json(&schema(), text).expect_err("is wrong");
        assert!(errors.iter().all(|error| error.place().is_some()), "{errors}");
        let mut document = Document::empty(&schema());
        assert!(read_json_into(&schema(), text, &mut document).is_err());
    }
    assert!(read_json(&schema(), r#"{"filing": {"count": -9223372036854775808}}"#).is_ok());
    assert!(read_toml(&schema(), &format!("services = {}", "[".repeat(10_000))).is_err());
}
