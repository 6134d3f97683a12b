use chrono::Datelike;
use proptest::prelude::*;

use super::*;
use crate::knowledge::testing::{named, table};

fn numbers() -> Numbers {
    let read = |name| named(name).expect("a table");
    Numbers::new(&read("certificates"), &read("certificate_formats"), &read("provinces")).expect("good tables")
}

#[track_caller]
fn expect(kind: &str, good: &[&str], bad: &[&str]) {
    let numbers = numbers();
    for number in good {
        assert_eq!(numbers.number_ok(kind, number), Some(true), "{kind} {number}");
    }
    for number in bad {
        assert_eq!(numbers.number_ok(kind, number), Some(false), "{kind} {number}");
    }
}

/// A number with its check character.
fn with_check(checksum: Checksum, body: &str) -> String {
    format!("{body}{}", char::from(checksum.check(body.as_bytes()).expect("a body")))
}

fn day(year: i32, month: u32, day: u32) -> Option<i64> {
    NaiveDate::from_ymd_opt(year, month, day).map(|date| i64::from(date.num_days_from_ce()))
}

#[test]
fn resident_identity_numbers() {
    let no_province = with_check(Checksum::Gb11643, "99010519491231002");
    let hong_kong = with_check(Checksum::Gb11643, "81000019491231002");
    let no_day = with_check(Checksum::Gb11643, "44000019910230007");
    expect(
        "resident_id_card",
        &[
            "440000199101010076",
            "11010519491231002X",
            "11010519491231002x",
            "110105 19491231 002X",
            "１１０１０５19491231002X",
        ],
        &[
            "440000199101010077",
            "440000199102300075",
            "110105491231002",
            "",
            "11010519491231002",
            "11010519491231002XX",
            &no_province,
            &hong_kong,
            &no_day,
        ],
    );
}

#[test]
fn numbers_of_organisations() {
    expect(
        "business_license",
        &["91440000FAKE000132", "92310000FAKE00021N", "110108000000016", "91440000 fake000132"],
        &["91440000FAKE000131", "91I40000FAKE000132", "110108000000017", "9144000FAKE000132", "MA1BUFLT-4"],
    );
    expect(
        "org_code_certificate",
        &["MA1BUFLT-4", "MA1BUFLT4", "D2143569-X", "91440000FAKE000132"],
        &["MA1BUFLT-5", "MA1BUFLT"],
    );
    expect("uscc", &["91440000FAKE000132"], &["110108000000016"]);
}

#[test]
fn permits_and_passports() {
    let residence = with_check(Checksum::Gb11643, "81000019900229001");
    let leap = with_check(Checksum::Gb11643, "83000019920229001");
    expect("hm_residence_permit", &[&leap], &[&residence, "440000199101010076"]);
    expect(
        "hm_travel_permit",
        &["H12345678", "m1234567801", "H 1234 5678"],
        &["12345678", "H1234567", "H123456789", "C12345678"],
    );
    expect(
        "tw_travel_permit",
        &["12345678", "1234567890", "1234567890(B)", "1234567890（b）", "1234567890B"],
        &["1234567", "T12345678"],
    );
    expect(
        "foreign_pr_id_card",
        &["944000198501010013", "931000198108030021", "USA123456789012"],
        &["944000198501010014", "999000198501010013"],
    );
    expect("passport", &["S28233515", "141234567", "MA1234567", "K25345719", "e12345678"], &["12345", "A12345678", ""]);
}

#[test]
fn what_is_not_known_is_not_judged() {
    let numbers = numbers();
    assert_eq!(numbers.number_ok("library_ticket", "1"), None, "a kind without a format");
    assert_eq!(numbers.number_ok("driving_licence", "1"), None, "no kind");
    assert_eq!(numbers.birth_date("passport", "S28233515"), None);
    assert_eq!(numbers.gender("business_license", "91440000FAKE000132"), None);
}

#[test]
fn what_a_number_says_of_its_holder() {
    let numbers = numbers();
    let id = "11010519491231002X";
    assert_eq!(numbers.birth_date("resident_id_card", id), day(1949, 12, 31));
    assert_eq!(numbers.gender("resident_id_card", id), Some(Gender::Female));
    assert_eq!(numbers.gender("resident_id_card", "440000199101010076").map(Gender::id), Some("male"));
    assert_eq!(numbers.issuing_region("resident_id_card", id), Some(11));
    assert_eq!(numbers.issuing_region("business_license", "91440000FAKE000132"), Some(44));
    assert_eq!(numbers.issuing_region("business_license", "110108000000016"), Some(11));
    assert_eq!(numbers.issuing_region("foreign_pr_id_card", "944000198501010013"), Some(44));
    assert_eq!(numbers.birth_date("foreign_pr_id_card", "944000198501010013"), day(1985, 1, 1));
    assert_eq!(numbers.birth_date("resident_id_card", "110105194912310021"), None, "a wrong number says nothing");
    assert_eq!(numbers.birth_date("foreign_pr_id_card", "USA123456789012"), None, "the old format carries none");
}

#[test]
fn mistakes_in_the_tables_are_found() {
    let formats = table(
        "[table]\nname = \"certificate_formats\"\ntitle = \"f\"\nkey = \"id\"\ncolumns = { id = \"text\", patterns = \"list of text\", checksum = \"text\", birth_at = \"integer\" }\n[[row]]\nid = \"a\"\npatterns = [\"(\"]\nchecksum = \"gb11644\"\nbirth_at = 0\n",
    );
    let certificates = table(
        "[table]\nname = \"certificates\"\ntitle = \"c\"\ncolumns = { id = \"text\", formats = \"list of text\" }\nrows = [[\"x\", [\"b\"]]]",
    );
    let provinces = named("provinces").expect("a table");
    let errors = Numbers::new(&certificates, &formats, &provinces).expect_err("three mistakes");
    let codes: Vec<_> = errors.iter().map(Diagnostic::code).collect();
    assert_eq!(codes, ["unknown-value", "unknown-checksum", "unknown-format"]);
    let read = |name| named(name).expect("a table");
    let good = read("certificate_formats");
    assert!(Numbers::new(&read("certificates"), &good, &provinces).expect("good tables").problems(&good).is_empty());
}

proptest! {
    #[test]
    fn a_wrong_digit_in_an_identity_number_is_noticed(serial in 0..1000_u32, days in 693_595..740_000_i32, at in 0..17_usize, by in 1..10_u8) {
        let born = NaiveDate::from_num_days_from_ce_opt(days).expect("a day");
        let number = with_check(Checksum::Gb11643, &format!("440305{}{serial:03}", born.format("%Y%m%d")));
        let numbers = numbers();
        prop_assert_eq!(numbers.number_ok("resident_id_card", &number), Some(true));
        prop_assert_eq!(numbers.birth_date("resident_id_card", &number), Some(i64::from(days)));
        prop_assert_eq!(numbers.gender("resident_id_card", &number), Some(if serial % 2 == 1 { Gender::Male } else { Gender::Female }));
        let mut changed = number.into_bytes();
        changed[at] = b'0' + (changed[at] - b'0' + by) % 10;
        let changed = String::from_utf8(changed).expect("ASCII");
        prop_assert_eq!(numbers.number_ok("resident_id_card", &changed), Some(false));
    }

    #[test]
    fn no_text_is_too_odd(kind in "uscc|resident_id_card|org_code|tw_travel_permit", text in "\\PC{0,20}") {
        let numbers = numbers();
        prop_assert!(numbers.number_ok(&kind, &text).is_some());
        let _ = (numbers.birth_date(&kind, &text), numbers.gender(&kind, &text), numbers.issuing_region(&kind, &text));
    }
}
