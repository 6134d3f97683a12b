//! Filings against the schema of filings, and against the reader.

use beian::filing::{InputForm, read_filing};
use beian::policy::Files;
use beian::schema::{RecordId, Schema, Type};
use beian::source::SourceFile;
use serde_json::{Map, Value, json};

use super::{json_of, mistakes, policies, read, validator};

#[test]
fn every_base_is_valid() {
    let validator = validator(&beian::json_schema::filing(&policies().world));
    let bases: Vec<String> = Files::Embedded.list().into_iter().filter(|path| path.starts_with("bases/")).collect();
    assert!(!bases.is_empty());
    for path in bases {
        let found = mistakes(&validator, &json_of(&read(&path)));
        assert!(found.is_empty(), "{path}\n{found}");
    }
}

#[test]
fn what_is_no_filing_is_refused() {
    let validator = validator(&beian::json_schema::filing(&policies().world));
    let right = json!({ "filing": { "kind": "initial", "date": "2026-11-24" }, "services": [{ "kind": "app" }] });
    assert_eq!(mistakes(&validator, &right), "");
    for (wrong, why) in [
        (json!([]), "a list"),
        (json!({ "filling": {} }), "an unknown key"),
        (json!({ "filing": { "knd": "initial" } }), "an unknown key in a record"),
        (json!({ "persons": [] }), "what is gathered is not written"),
        (json!({ "filing": { "kind": "initiall" } }), "an unknown value"),
        (json!({ "filing": { "kind": true } }), "no text"),
        (json!({ "filing": { "date": "2026-02-30" } }), "no such day"),
        (json!({ "filing": { "date": "2026-2-3" } }), "another form of a date"),
        (json!({ "filing": { "province": "4" } }), "one digit"),
        (json!({ "subject": { "region": "44030" } }), "five digits"),
        (json!({ "services": { "kind": "app" } }), "one record in place of a list"),
        (json!({ "services": [null] }), "null in a list"),
        (json!({ "subject": { "principal": { "role": "service_principal" } } }), "a role that the place rules out"),
        (json!({ "subject": { "certificate": { "expires": "forever" } } }), "neither a day nor long term"),
    ] {
        assert!(!validator.is_valid(&wrong), "{why}: {wrong}");
    }
}

#[test]
fn schema_and_reader_agree_on_documents_made_at_random() {
    let schema = &policies().world.schema;
    let validator = validator(&beian::json_schema::filing(&policies().world));
    let (mut right, mut wrong) = (0, 0);
    for seed in 0..2_000 {
        let mut maker = Maker { schema, state: seed, wrong: seed % 3 };
        let document = maker.record(schema.root, 0);
        let text = document.to_string();
        let read = read_filing(schema, &SourceFile::new("a.json", text.as_str()), InputForm::Json);
        let found = mistakes(&validator, &document);
        assert_eq!(read.is_ok(), found.is_empty(), "seed {seed}: {text}\n{read:?}\n{found}");
        if read.is_ok() { right += 1 } else { wrong += 1 }
    }
    assert!(right > 500 && wrong > 500, "{right} right, {wrong} wrong");
}

#[test]
fn labels_are_the_chinese_ones_and_short_lists_have_them() {
    let world = &policies().world;
    let schema = beian::json_schema::filing(world);
    let filing = &schema["$defs"]["record.filing"]["properties"];
    assert_eq!(filing["kind"]["title"], "备案类型");
    let kinds = schema["$defs"]["enum.filing_kind"]["oneOf"].as_array().expect("a list");
    assert!(kinds.iter().any(|kind| kind["const"] == "initial" && kind["title"] == "首次备案"));
    for field in world.schema.root().fields.iter() {
        let property = &schema["properties"][field.name.as_str()];
        assert_eq!(property.is_null(), field.collected, "{}", field.name);
        assert!(field.collected || property["title"] == field.label.zh);
    }
    assert!(schema.get("required").is_none(), "nothing is required");
}

/// Makes documents: mostly right ones, with a mistake now and then.
struct Maker<'a> {
    schema: &'a Schema,
    state: u64,
    /// How often, in 20, a value is of any kind.
    wrong: u64,
}

impl Maker<'_> {
    fn next(&mut self, below: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below
    }

    fn record(&mut self, id: RecordId, depth: u64) -> Value {
        let record = self.schema.record(id);
        let mut entries = Map::new();
        for field in &record.fields {
            // a role must be the one of its place, which is tested by itself
            if self.next(3 + depth * 4) == 0 && !field.collected && field.name != "role" {
                let value = if self.next(12) == 0 { Value::Null } else { self.value(&field.ty, depth) };
                entries.insert(field.name.clone(), value);
            }
        }
        if self.next(20) < self.wrong {
            entries.insert("no_such_key".into(), json!(1));
        }
        Value::Object(entries)
    }

    fn value(&mut self, ty: &Type, depth: u64) -> Value {
        if self.next(20) < self.wrong {
            return self.anything();
        }
        match ty {
            Type::Text => json!(["", "甲", "example.cn"][self.next(3) as usize]),
            Type::Bool => json!(self.next(2) == 0),
            Type::Integer => json!([0, -3, i64::MAX, i64::MIN][self.next(4) as usize]),
            Type::Date => json!("2028-02-29"),
            Type::Expiry => json!(["2028-02-29", "long_term"][self.next(2) as usize]),
            Type::Region2 => json!(["44", "00"][self.next(2) as usize]),
            Type::Region6 => json!("440305"),
            Type::Enum(id) => {
                let values = &self.schema.enumeration(*id).values;
                json!(values[self.next(values.len() as u64) as usize].id)
            }
            Type::Record(id) => self.record(*id, depth + 1),
            Type::List(element) => (0..self.next(3)).map(|_| self.value(element, depth + 1)).collect(),
        }
    }

    fn anything(&mut self) -> Value {
        let all = [
            Value::Null,
            json!(true),
            json!(7),
            json!(1.5),
            json!("text"),
            json!("2027-02-29"),
            json!("2027-03-01"),
            json!("long_term"),
            json!("4403"),
            json!([]),
            json!([null]),
            json!({}),
            json!({ "x": 1 }),
        ];
        all[self.next(all.len() as u64) as usize].clone()
    }
}
