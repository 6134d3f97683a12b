use std::sync::Arc;

use proptest::prelude::*;

use super::read::{read_quickly, read_thoroughly};
use super::*;

const NAMED: &str = r#"
# a comment
[table]
name = "things"
title = "东西"
note = "for tests"
key = "id"
columns = { id = "text", count = "integer", good = "bool", since = "date", words = "list of text" }

[[source]]
id = "here"
publisher = "us"

[[row]]
id = "b"
count = -3
words = ["甲", "乙"]   # a list

[[row]]
id = "a"
good = true
since = 2026-11-24
"#;

const COMPACT: &str = r#"[table]
name = "things"
title = "东西"
key = "id"
columns = { id = "text", count = "integer", good = "bool", since = "date", words = "list of text" }
rows = [
  ["b", 3, false, 2026-11-24, ["甲"]],   # one
  ["a", 0, true, "2026-11-25", []],
]

[[source]]
id = "here"
"#;

fn file(text: &str) -> Arc<SourceFile> {
    SourceFile::new("things.toml", text)
}

/// Code, and what is underlined, of every mistake.
fn mistakes(text: &str) -> Vec<(&'static str, String)> {
    let errors = read_table(&file(text)).expect_err("is wrong");
    let place = |diagnostic: &Diagnostic| {
        let (file, span) = diagnostic.place().expect("a place");
        file.text[span].lines().next().unwrap_or_default().to_owned()
    };
    errors.iter().map(|diagnostic| (diagnostic.code(), place(diagnostic))).collect()
}

fn head(rest: &str) -> String {
    format!(
        "[table]\nname = \"t\"\ntitle = \"t\"\nkey = \"id\"\ncolumns = {{ id = \"text\", n = \"integer\" }}\n{rest}"
    )
}

#[test]
fn named_rows_leave_columns_out() {
    let table = read_table(&file(NAMED)).expect("a table");
    assert_eq!((table.name.as_str(), table.title.as_str(), table.note.as_str()), ("things", "东西", "for tests"));
    assert_eq!(table.sources.len(), 1);
    assert_eq!(table.column("since"), Some(3));
    assert_eq!(table.column("until"), None);
    let row = table.row_by_key("b").expect("a row");
    assert_eq!(row[1], Cell::Integer(-3));
    assert_eq!(row[2], Cell::Missing);
    assert_eq!(row[4], Cell::Texts(vec!["甲".into(), "乙".into()]));
    assert_eq!(table.row_by_key("a").map(|row| &row[3]), Some(&Cell::Date(739_944)));
    assert_eq!(table.row_by_key("c"), None);
}

#[test]
fn compact_rows_stand_in_the_order_of_the_columns() {
    let table = read_table(&file(COMPACT)).expect("a table");
    assert_eq!(table.row_number_by_key("a"), Some(1));
    assert_eq!(table.cell(1, 3), &Cell::Date(739_945));
    assert_eq!(&table.file.text[table.row_span(1)], r#"["a", 0, true, "2026-11-25", []]"#);
    let above = COMPACT.replace("[table]", "").replacen("rows = [", "", 1);
    assert!(read_table(&file(&above)).is_err());
}

#[test]
fn rows_may_stand_above_the_table() {
    let table = read_table(&file(
        "rows = [[\"x\", 1]]\n[table]\nname = \"t\"\ntitle = \"t\"\ncolumns = { a = \"text\", b = \"integer\" }\n",
    ));
    assert_eq!(table.expect("a table").cell(0, 1), &Cell::Integer(1));
}

#[test]
fn the_quick_and_the_thorough_way_agree() {
    for text in [NAMED, COMPACT] {
        let quick = read_quickly(&file(text)).expect("plain enough");
        let thorough = read_thoroughly(&file(text)).expect("a table");
        assert_eq!(quick.rows, thorough.rows);
        assert_eq!(quick.order, thorough.order);
        assert_eq!(quick.columns, thorough.columns);
        assert_eq!(quick.sources, thorough.sources);
    }
    // What is not plain is read all the same.
    for row in [r#"["a\u4e2d", 1]"#, "['a', 1]", "[\"\"\"a\"\"\", 1]", "[\"a\", 0x10]", "[\"a\", +1]", "[\"a\", 1_0]"] {
        let text = head(&format!("rows = [{row}]"));
        assert!(read_quickly(&file(&text)).is_none(), "{row}");
        assert!(read_thoroughly(&file(&text)).is_ok(), "{row}");
    }
}

#[test]
fn a_key_is_looked_up_as_the_file_writes_it() {
    let dates = "[table]\nname = \"d\"\ntitle = \"d\"\nkey = \"date\"\ncolumns = { date = \"date\" }\nrows = [[2026-02-01], [2025-01-01]]";
    let table = read_table(&file(dates)).expect("a table");
    assert_eq!(table.row_number_by_key("2025-01-01"), Some(1));
    assert_eq!(table.row_number_by_key("2025-1-1"), None);
    let numbers = "[table]\nname = \"n\"\ntitle = \"n\"\nkey = \"year\"\ncolumns = { year = \"integer\" }\nrows = [[2026], [2025]]";
    let table = read_table(&file(numbers)).expect("a table");
    assert_eq!(table.row_number_by_key("2025"), Some(1));
    assert_eq!(table.row_number_by_key("then"), None);
}

#[test]
fn all_mistakes_are_reported_with_their_places() {
    let text =
        head("rows = [\n[\"a\", 1],\n[\"a\", 2],\n[\"b\"],\n[3, \"x\"],\n7,\n]\n[[source]]\nid = \"s\"\nurl = \"u\"\n");
    assert_eq!(
        mistakes(&text),
        [
            ("unknown-key", "url".to_owned()),
            ("row-length", "[\"b\"]".to_owned()),
            ("wrong-type", "3".to_owned()),
            ("wrong-type", "\"x\"".to_owned()),
            ("wrong-type", "7".to_owned()),
            ("missing-key", "[3, \"x\"]".to_owned()),
            ("duplicate-key", "[\"a\", 2]".to_owned()),
        ]
    );
    let text = head("[[row]]\nid = \"a\"\nm = 1\n[[row]]\nn = 1\n[[row]]\nid = \"a\"\n");
    let codes: Vec<_> = mistakes(&text).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["unknown-column", "missing-key", "duplicate-key"]);
}

#[test]
fn a_table_says_what_it_is() {
    assert_eq!(mistakes("rows = []\n")[0].0, "missing-key");
    let text = "[table]\nname = \"t\"\nkey = \"ix\"\nkind = 1\ncolumns = { id = \"text\", n = \"number\" }\n";
    assert_eq!(
        mistakes(text),
        [
            ("missing-key", "name = \"t\"".to_owned()),
            ("unknown-type", "\"number\"".to_owned()),
            ("unknown-key", "kind".to_owned()),
            ("unknown-column", "\"ix\"".to_owned()),
        ]
    );
    assert_eq!(mistakes("[table]\nname = \"t\"\ntitle = \"t\"\ncolumns = {}\n")[0].0, "missing-key");
    let twice = format!("rows = []\n{}", head("rows = []\n"));
    assert_eq!(mistakes(&twice), [("duplicate-key", "[]".to_owned())]);
    let lost = head("[[source]]\nid = \"s\"\nrows = [[\"a\", 1]]\n");
    assert_eq!(mistakes(&lost), [("unknown-key", "rows".to_owned())]);
}

#[test]
fn needed_columns_are_missed_with_a_suggestion() {
    let table = read_table(&file(&head("rows = []"))).expect("a table");
    assert_eq!(table.require([("n", ColumnType::Integer), ("id", ColumnType::Text)]).expect("both"), [1, 0]);
    let errors = table.require([("ids", ColumnType::Text), ("n", ColumnType::Bool)]).expect_err("neither");
    let all: Vec<_> = errors.iter().map(|diagnostic| (diagnostic.code(), diagnostic.help_text())).collect();
    assert_eq!(all, [("missing-column", Some("is it the column `id`?")), ("wrong-type", None)]);
    assert_eq!(table.optional("m", ColumnType::Bool).expect("not there"), None);
    assert!(table.optional("n", ColumnType::Bool).is_err());
}

/// A cell as TOML, in one of many spellings, plain or not.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z甲乙\\\\\"# ,\\[\\]=]{0,6}"
            .prop_map(|text| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))),
        "'[a-z\"# ]{0,4}'",
        "-?[0-9]{1,3}",
        "[0-9]_[0-9]",
        Just("true".to_owned()),
        Just("2026-11-24".to_owned()),
        Just("2026-02-30".to_owned()),
        Just("2026-11-24T10:00:00".to_owned()),
        Just("1.5".to_owned()),
        Just("[\"a\", 'b',]".to_owned()),
        Just("[ ]".to_owned()),
        Just("[\"a\", \"b\" # c\n]".to_owned()),
    ]
}

proptest! {
    #[test]
    fn both_ways_agree_on_whatever_is_written(
        cells in proptest::collection::vec((cell(), cell()), 0..5),
        types in (0..5_usize, 0..5_usize),
        named in any::<bool>(),
        space in "[ \t]{0,2}",
    ) {
        let (a, b) = (ColumnType::NAMES[types.0], ColumnType::NAMES[types.1]);
        let mut text = format!("[table]\nname = \"t\"\ntitle = \"t\"\ncolumns = {{ a = \"{a}\", b = \"{b}\" }}\n");
        if named {
            for (a, b) in &cells {
                text.push_str(&format!("[[row]]{space}\na ={space}{a}{space}\nb = {b}\n"));
            }
        } else {
            let rows: Vec<String> = cells.iter().map(|(a, b)| format!("[{space}{a}{space},{b}]")).collect();
            text.push_str(&format!("rows ={space}[\n{}{space}]\n", rows.join(",\n")));
        }
        if let Some(quick) = read_quickly(&file(&text)) {
            let thorough = read_thoroughly(&file(&text));
            prop_assert!(thorough.is_ok(), "{}", text);
            prop_assert_eq!(quick.rows, thorough.expect("just asserted").rows, "{}", text);
        }
    }
}
