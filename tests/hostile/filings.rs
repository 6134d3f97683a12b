//! Filings.

use super::*;

const BASE: &str = "bases/enterprise-website.toml";

fn base() -> String {
    Files::Embedded.read(BASE).expect("is readable").expect("is there").text.clone()
}

/// The same filing in JSON.
fn base_json() -> String {
    fn value(node: &beian::source::Node) -> serde_json::Value {
        use beian::source::NodeValue::*;
        match &node.value {
            Null => serde_json::Value::Null,
            Bool(value) => (*value).into(),
            Integer(value) => (*value).into(),
            Float(value) => (*value).into(),
            Text(text) | DateTime(text) => text.as_str().into(),
            Date(date) => date.to_string().into(),
            Array(items) => items.iter().map(value).collect(),
            Table(entries) => {
                serde_json::Value::Object(entries.iter().map(|entry| (entry.key.clone(), value(&entry.node))).collect())
            }
        }
    }
    let node = beian::source::parse_toml(&SourceFile::new("base.toml", base())).expect("parses");
    serde_json::to_string(&value(&node)).expect("is JSON")
}

#[test]
fn bases_are_read() {
    assert!(filing("a.toml", base().as_bytes()).is_ok());
    assert!(filing("a.json", base_json().as_bytes()).is_ok());
}

fn prefixes(name: &'static str, text: String) {
    let bytes = text.into_bytes();
    within(60, "reading every prefix", move || {
        let mut errors = 0;
        for end in 0..bytes.len() {
            let part = &bytes[..end];
            let form = InputForm::of_name(name).expect("TOML or JSON");
            let read = SourceFile::from_bytes(name, part.to_vec())
                .map_err(Into::into)
                .and_then(|file| read_filing(&real().world.schema, &file, form));
            if let Err(problems) = read {
                errors += 1;
                presentable(&problems);
            }
        }
        assert!(errors > bytes.len() / 2, "{errors} of {}", bytes.len());
    });
}

#[test]
fn every_prefix_of_a_toml_filing() {
    prefixes("a.toml", base());
}

#[test]
fn every_prefix_of_a_json_filing() {
    prefixes("a.json", base_json());
}

/// A generator of numbers: the same at every run.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

fn flips(name: &'static str, text: String) {
    within(60, "reading damaged files", move || {
        let mut numbers = Numbers(7);
        for round in 0..3_000 {
            let mut bytes = text.clone().into_bytes();
            for _ in 0..=numbers.below(4) {
                let at = numbers.below(bytes.len());
                match numbers.below(4) {
                    0 => bytes[at] ^= 1 << numbers.below(8),
                    1 => bytes[at] = numbers.below(256) as u8,
                    2 => drop(bytes.remove(at)),
                    _ => bytes.insert(at, b"\"'[]{}=.,\n#\\:- \x00"[numbers.below(16)]),
                }
            }
            // reports take longer than reading, and differ little
            let form = InputForm::of_name(name).expect("TOML or JSON");
            let read = SourceFile::from_bytes(name, bytes).map_err(Diagnostics::from);
            let read = read.and_then(|file| Ok((read_filing(&real().world.schema, &file, form)?, file)));
            match read {
                Ok((document, file)) if round % 20 == 0 => drop(report(real(), document, file, form)),
                Ok(_) => {}
                Err(problems) => presentable(&problems),
            }
        }
    });
}

#[test]
fn damaged_toml() {
    flips("a.toml", base());
}

#[test]
fn damaged_json() {
    flips("a.json", base_json());
}

fn codes(problems: &Diagnostics) -> Vec<&'static str> {
    problems.iter().map(|problem| problem.code()).collect()
}

#[test]
fn texts_that_are_none() {
    for name in ["a.toml", "a.json"] {
        assert_eq!(codes(&refused(name, b"")), ["not-a-filing"]);
        assert_eq!(codes(&refused(name, b" \n\t\r\n")), ["not-a-filing"]);
        assert_eq!(codes(&refused(name, b"\xef\xbb\xbf")), ["not-a-filing"]);
        assert_eq!(codes(&refused(name, b"\xc4\xfa\xba\xc3")), ["invalid-utf8"], "GBK");
        assert_eq!(codes(&refused(name, b"{\"filing\": \xff}")), ["invalid-utf8"]);
        let mut picture = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR".to_vec();
        picture.extend((0..200_000).map(|at: u32| (at.wrapping_mul(2_654_435_761) >> 24) as u8));
        assert_eq!(codes(&refused(name, &picture)), ["invalid-utf8"]);
        let readable: Vec<u8> = picture.iter().map(|byte| byte & 0x7f).collect();
        within(10, "a picture that is a text", move || refused(name, &readable));
    }
}

#[test]
fn windows_texts_are_read() {
    for (name, text) in [("a.toml", base()), ("a.json", base_json())] {
        let plain = filing(name, text.as_bytes()).expect("is read");
        let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        let read = filing(name, windows.as_bytes()).expect("is read");
        assert_eq!(serde_json::to_string(&plain).ok(), serde_json::to_string(&read).ok(), "{name}");
    }
}

#[test]
fn keys_that_stand_twice() {
    assert!(
        refused("a.toml", b"[filing]\nkind = \"initial\"\nkind = \"initial\"\n").to_string().contains("a.toml:3:1")
    );
    refused("a.toml", b"[filing]\n[filing]\n");
    assert_eq!(
        codes(&refused("a.json", b"{\"filing\": {\"kind\": \"initial\", \"kind\": \"initial\"}}")),
        ["duplicate-key"]
    );
    let many: String = (0..20_000).map(|_| "\"kind\": 1,").collect();
    within(10, "twenty thousand equal keys", move || {
        refused("a.json", format!("{{\"filing\": {{{many}\"x\": 1}}}}").as_bytes())
    });
    let many: String = (0..20_000).map(|_| "kind = 1\n").collect();
    within(10, "twenty thousand equal keys", move || refused("a.toml", format!("[filing]\n{many}").as_bytes()));
}

#[test]
fn ten_thousand_levels() {
    const N: usize = 10_000;
    let texts: Vec<(&str, String)> = vec![
        ("a.json", format!("{{\"services\": {}", "[".repeat(N))),
        ("a.json", format!("{{\"services\": {}{}}}", "[".repeat(N), "]".repeat(N))),
        ("a.json", format!("{}1{}", "{\"filing\": ".repeat(N), "}".repeat(N))),
        ("a.json", "{\"filing\": ".repeat(N)),
        ("a.toml", format!("services = {}", "[".repeat(N))),
        ("a.toml", format!("services = {}{}", "[".repeat(N), "]".repeat(N))),
        ("a.toml", format!("filing = {}1{}", "{ filing = ".repeat(N), "}".repeat(N))),
        ("a.toml", format!("filing = {}", "{ filing = ".repeat(N))),
        ("a.toml", format!("filing.{}kind = 1", "a.".repeat(N))),
        ("a.toml", format!("[filing.{}kind]\nx = 1", "a.".repeat(N))),
        ("a.toml", format!("[[filing.{}kind]]\nx = 1", "a.".repeat(N))),
        ("a.toml", format!("filing = {{ {}kind = 1 }}", "a.".repeat(N))),
        ("a.toml", format!("filing = {{ \"x\".{}kind = 1 }}", "'a' . ".repeat(N))),
    ];
    for (name, text) in texts {
        let what = format!("{name} {}", &text[..30]);
        within(10, &what, move || refused(name, text.as_bytes()));
    }
}

#[test]
fn numbers_and_dates_that_do_not_exist() {
    for (text, code) in [
        ("filing.date = 2026-02-30", "toml-syntax"),
        ("filing.date = \"2026-02-30\"", "no-such-date"),
        ("filing.date = 2026-13-01", "toml-syntax"),
        ("filing.date = \"99999-01-01\"", "wrong-date"),
        ("filing.date = 99999-01-01", "toml-syntax"),
        ("filing.date = 2026-11-24T10:00:00Z", "wrong-type"),
        ("filing.date = 20261124", "wrong-type"),
        ("account.other_subjects = 9223372036854775808", "number-too-large"),
        ("account.other_subjects = 1e400", "wrong-type"),
        ("account.other_subjects = nan", "wrong-type"),
        ("account.other_subjects = 0xffffffffffffffffff", "number-too-large"),
    ] {
        let found = refused("a.toml", text.as_bytes());
        assert!(codes(&found).contains(&code), "{text}: {found}");
    }
    let digits = "9".repeat(1_000_000);
    for (text, code) in [
        ("{\"account\": {\"other_subjects\": 9223372036854775808}}".to_owned(), "number-too-large"),
        ("{\"account\": {\"other_subjects\": 1e400}}".to_owned(), ""),
        ("{\"account\": {\"other_subjects\": -1e-400}}".to_owned(), ""),
        ("{\"account\": {\"other_subjects\": 1.0}}".to_owned(), "wrong-type"),
        (format!("{{\"account\": {{\"other_subjects\": {digits}}}}}"), "number-too-large"),
        (format!("{{\"account\": {{\"other_subjects\": {digits}.{digits}e{digits}}}}}"), ""),
        ("{\"filing\": {\"date\": \"2026-02-30\"}}".to_owned(), "no-such-date"),
        ("{\"filing\": {\"date\": \"+2026-02-03\"}}".to_owned(), "wrong-date"),
    ] {
        let short = text.chars().take(60).collect::<String>();
        let found = within(10, &short.clone(), move || refused("a.json", text.as_bytes()));
        assert!(code.is_empty() || codes(&found).contains(&code), "{short}: {found}");
    }
    let text = format!("account.other_subjects = {digits}");
    within(10, "a million digits", move || refused("a.toml", text.as_bytes()));
    // numbers that fit are read, whatever rules do with them
    for number in [i64::MAX, i64::MIN] {
        assert!(filing("a.toml", format!("account.other_subjects = {number}").as_bytes()).is_ok());
    }
}

fn lists() -> Vec<(&'static str, String, bool)> {
    const N: usize = 100_000;
    let of = |item: &str| vec![item; N].join(", ");
    vec![
        ("texts", format!("[[services]]\nlanguages = [{}]", of("\"zh\"")), true),
        (
            "different texts",
            format!("[[services]]\nlanguages = [{}]", (0..N).map(|n| format!("\"{n}\"")).collect::<Vec<_>>().join(",")),
            true,
        ),
        ("numbers for texts", format!("[[services]]\nlanguages = [{}]", of("1")), false),
        ("unknown values", format!("filing.agreed = [{}]", of("\"privaci\"")), false),
        ("values", format!("filing.agreed = [{}]", of("\"privacy\"")), true),
        ("empty services", format!("services = [{}]", of("{}")), false),
        ("empty domains", format!("[[services]]\ndomains = [{}]", of("{}")), false),
        ("services", "[[services]]\nkind = \"website\"\n".repeat(N), false),
        ("materials", "[[materials]]\nkind = \"business_license\"\n".repeat(N), false),
        ("unknown keys", (0..N).map(|n| format!("k{n} = 1\n")).collect::<String>() + "filing = {}", false),
    ]
}

#[test]
fn lists_of_a_hundred_thousand() {
    for (what, text, right) in lists() {
        within(20, what, move || match filing("a.toml", text.as_bytes()) {
            Ok(report) => assert!(right, "{:?}", report.verdict),
            Err(problems) => {
                presentable(&problems);
                assert!(!right, "{problems}");
            }
        });
    }
}

#[test]
fn more_records_than_anyone_has() {
    for (what, list, item) in [
        ("services", "", "[[services]]\nkind = \"website\"\nname = \"甲\"\n"),
        ("domains", "[[services]]\nkind = \"website\"\n", "[[services.domains]]\nname = \"example.cn\"\n"),
        ("materials", "", "[[materials]]\nkind = \"business_license\"\n"),
    ] {
        let text = |count: usize| format!("{list}{}", item.repeat(count));
        let some = text(300);
        within(20, what, move || drop(filing("a.toml", some.as_bytes()).expect("is a filing")));
        assert!(codes(&refused("a.toml", text(20_000).as_bytes())).contains(&"too-large"), "{what}");
    }
}

/// A filing that says the same in every text of every record that is in no list.
fn everywhere(word: &str) -> String {
    fn record(schema: &beian::schema::Schema, id: beian::schema::RecordId, path: &str, word: &str, text: &mut String) {
        use beian::schema::Type;
        for field in schema.record(id).fields.iter().filter(|field| !field.collected) {
            let path = if path.is_empty() { field.name.clone() } else { format!("{path}.{}", field.name) };
            match field.ty {
                Type::Text => text.push_str(&format!("{path} = \"{word}\"\n")),
                Type::Record(inner) => record(schema, inner, &path, word, text),
                _ => {}
            }
        }
    }
    let schema = &real().world.schema;
    let mut text = String::new();
    record(schema, schema.root, "", word, &mut text);
    text
}

#[test]
fn long_texts() {
    // as long as is allowed, everywhere: rules compare, search and spell them
    for word in ["深圳", "a.", "1", "@a1中-"] {
        let text = everywhere(&word.repeat((20 << 10) / word.len()));
        within(30, word, move || drop(serde_json::to_string(&filing("a.toml", text.as_bytes()).expect("is a filing"))));
    }
    let one = format!("subject.business_scope = \"{}\"", "深".repeat((64 << 10) / 3));
    assert!(filing("a.toml", one.as_bytes()).is_ok());
    for (what, text, code) in [
        ("a text", format!("subject.name = \"{}\"", "深".repeat(5_000_000 / 3)), "too-large"),
        ("a little too long", format!("subject.name = \"{}\"", "a".repeat((64 << 10) + 1)), "too-large"),
        ("a key", format!("\"{}\" = 1\nfiling = {{}}", "k".repeat(1_000_000)), "unknown-key"),
        ("a key of a record", format!("filing.{} = 1", "k".repeat(1_000_000)), "unknown-key"),
        ("a value", format!("filing.kind = \"{}\"", "k".repeat(1_000_000)), "unknown-value"),
        ("a date", format!("filing.date = \"{}\"", "2".repeat(1_000_000)), "wrong-date"),
        ("a region", format!("filing.province = \"{}\"", "2".repeat(1_000_000)), "wrong-region"),
        ("a wrong type", format!("filing.agreed = \"{}\"", "k".repeat(5_000_000)), "wrong-type"),
        ("a comment", format!("# {}\nfiling = 1", "k".repeat(5_000_000)), "wrong-type"),
        ("too many bytes", format!("filing = {{}}\n# {}", "k".repeat(9_000_000)), "too-large"),
        ("an open text", format!("filing.kind = \"{}", "k".repeat(5_000_000)), "toml-syntax"),
        ("many lines", "\"\n".repeat(1_000_000), "toml-syntax"),
    ] {
        let found = within(20, what, move || refused("a.toml", text.as_bytes()));
        assert!(codes(&found).contains(&code), "{what}: {found}");
    }
    for (what, text, code) in [
        ("a text", format!("{{\"subject\": {{\"name\": \"{}\"}}}}", "深".repeat(5_000_000 / 3)), "too-large"),
        ("a key", format!("{{\"{}\": 1, \"filing\": {{}}}}", "k".repeat(1_000_000)), "unknown-key"),
        ("brackets", "[1],".repeat(1_000_000), "json-syntax"),
        ("an open text", format!("{{\"{}", "k".repeat(5_000_000)), "json-syntax"),
    ] {
        let found = within(20, what, move || refused("a.json", text.as_bytes()));
        assert!(codes(&found).contains(&code), "{what}: {found}");
    }
}

#[test]
fn what_is_no_file_is_refused_by_the_command() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("folder.toml")).expect("is made");
    std::fs::write(at("picture.toml"), b"\x89PNG\r\n\x1a\n\x00\xff\xd8").expect("is written");
    std::fs::write(at("picture.png"), b"\x89PNG").expect("is written");
    std::fs::write(at("escape.toml"), "\"\\u001b[31m\\u202e\" = 1\n[filing]\n").expect("is written");
    for name in ["folder.toml", "nothing.toml", "picture.toml", "picture.png", "escape.toml"] {
        let mut command = assert_cmd::Command::cargo_bin("beian").expect("is built");
        let output = command.arg("check").arg(at(name)).timeout(Duration::from_secs(20)).output().expect("runs");
        let said = String::from_utf8(output.stderr).expect("is UTF-8");
        assert_eq!(output.status.code(), Some(2), "{name}: {said}");
        assert!(said.contains("error") && said.contains(name) && !said.contains("panicked"), "{name}: {said}");
        assert!(!said.contains(['\u{1b}', '\u{202e}']), "{name}: {said}");
    }
}
