use std::sync::Arc;

use super::testing::{example, named, table};
use super::*;

#[test]
fn parts_answer_from_many_threads() {
    let known = example();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                assert_eq!(known.province("深圳市南山区"), Some(44));
                assert_eq!(known.city("440305"), Some(440_300));
                assert_eq!(known.district("广东省深圳市"), None);
                assert_eq!(known.phone_region("13822001234"), Some(44));
                assert_eq!(known.is_mobile("138 2200 1234"), Some(true));
                assert_eq!(known.is_mobile("12012345678"), Some(false));
                assert_eq!(known.is_mobile("0755"), Some(false));
                assert_eq!(known.suffix("a.政务.cn").as_deref(), Some("政务.cn"));
            });
        }
    });
    assert!(known.missing().is_empty());
    assert!(Part::ALL.into_iter().all(|part| known.check(part).is_ok()));
}

#[test]
fn a_missing_table_makes_one_part_unknown_and_says_so() {
    let known = Knowledge::new(|name| (name != "divisions").then(|| named(name).map(Arc::new)).flatten());
    assert_eq!(known.province("深圳市"), None);
    assert_eq!(known.contains_place("深圳市"), None);
    assert_eq!(known.phone_region("13822001234"), Some(44));
    let missing = known.missing();
    assert_eq!(missing.iter().map(|(part, _)| *part).collect::<Vec<_>>(), [Part::Places]);
    assert_eq!(missing[0].1.to_string(), "error[missing-table]: there is no table `divisions`");
    assert!(known.check(Part::Places).is_err());
    assert!(known.check(Part::Phones).is_ok());
}

#[test]
fn a_pattern_that_is_none_is_found_by_checking() {
    let known = Knowledge::new(|name| {
        (name == "filing_number_formats").then(|| {
            Arc::new(table("[table]\nname = \"filing_number_formats\"\ntitle = \"f\"\ncolumns = { kind = \"text\", pattern = \"text\" }\nrows = [[\"filing\", \"(\"]]"))
        })
    });
    assert_eq!(known.is_filing_number("粤ICP备12345678号"), None);
    let errors = known.check(Part::FilingNumbers).expect_err("no regular expression");
    assert_eq!(errors.iter().map(crate::source::Diagnostic::code).collect::<Vec<_>>(), ["invalid-pattern"]);
}

#[test]
fn names_of_places_do_not_relate_names() {
    let known = example();
    assert_eq!(known.related("深圳美食", "深圳市天天科技有限公司"), Some(false));
    assert_eq!(known.related("天天美食", "深圳市天天科技有限公司"), Some(true));
    assert_eq!(known.related("浦东新区生活", "浦东新区某某中心"), Some(false));
    assert_eq!(Knowledge::new(|_| None).related("a", "b"), None);
}

#[test]
fn phones_are_found_by_their_range() {
    let phones = PhoneRegions::new(&named("phone_regions").expect("a table")).expect("a good table");
    for (text, province) in [
        ("13000101234", Some(11)),
        ("13000121234", None),
        ("+86 138-0000-1234", Some(11)),
        ("17049951234", Some(11)),
        ("13010191234", Some(31)),
        ("13010201234", None),
        ("8613829991234", Some(44)),
        ("19912345678", None),
        ("0755-22345678", None),
        ("", None),
    ] {
        assert_eq!(phones.region(text), province, "{text}");
    }
    for ranges in
        [r#"["1380000-1380010", "1380010"]"#, r#"["1380010-1380000"]"#, r#"["13"]"#, r#"["13800000"]"#, r#"["abc"]"#]
    {
        let text = format!(
            "[table]\nname = \"phone_regions\"\ntitle = \"p\"\ncolumns = {{ province = \"text\", ranges = \"list of text\" }}\nrows = [[\"11\", {ranges}]]"
        );
        assert_eq!(PhoneRegions::new(&table(&text)).expect_err(ranges).error_count(), 1, "{ranges}");
    }
}

mod domain_names {
    use super::*;

    fn domains() -> Domains {
        Domains::new(&named("domain_suffixes").expect("a table")).expect("a good table")
    }

    #[test]
    fn are_taken_apart() {
        let domains = domains();
        for (name, suffix, base, label, level) in [
            ("example.cn", "cn", "example.cn", "example", 2),
            ("www.example.com.cn", "com.cn", "example.com.cn", "example", 3),
            ("A.B.Example.COM.", "com", "example.com", "example", 4),
            ("例子.中国", "中国", "例子.中国", "例子", 2),
            ("xn--fsqu00a.xn--fiqs8s", "中国", "例子.中国", "例子", 2),
            ("XN--FSQU00A.cn", "cn", "例子.cn", "例子", 2),
            ("www.某某.公司.cn", "公司.cn", "某某.公司.cn", "某某", 3),
            ("某某.网络", "网络", "某某.网络", "某某", 2),
            ("某某。公司", "公司", "某某.公司", "某某", 2),
            ("a.政务.cn", "政务.cn", "a.政务.cn", "a", 2),
            ("a.xn--55qw42g.cn", "公益.cn", "a.公益.cn", "a", 2),
            ("某某.公益", "公益", "某某.公益", "某某", 2),
            ("szfz.gd.cn", "gd.cn", "szfz.gd.cn", "szfz", 2),
            ("me.github.io", "io", "github.io", "github", 3),
            ("x.s3.amazonaws.com", "com", "amazonaws.com", "amazonaws", 4),
        ] {
            assert!(domains.is_domain(name), "{name}");
            assert_eq!(domains.suffix(name).as_deref(), Some(suffix), "{name}");
            assert_eq!(domains.base_domain(name).as_deref(), Some(base), "{name}");
            assert_eq!(domains.domain_label(name).as_deref(), Some(label), "{name}");
            assert_eq!(domains.level(name), Some(level), "{name}");
        }
    }

    #[test]
    fn are_not_everything_with_a_dot() {
        let domains = domains();
        for text in [
            "",
            ".",
            "cn",
            "com.cn",
            "政务.cn",
            "example",
            "1.2.3.4",
            "::1",
            "2001:db8::1",
            "https://example.cn",
            "example.cn/",
            "a b.cn",
            "-a.cn",
            "a-.cn",
            "a..cn",
            ".a.cn",
            "a_b.cn",
            "index.html",
            "example.invalidtld",
            "a@b.cn",
            "例 子.中国",
            "xn--a.cn",
        ] {
            assert!(!domains.is_domain(text), "{text}");
            assert_eq!(domains.level(text), None, "{text}");
        }
        let label = "a".repeat(64);
        assert!(!domains.is_domain(&format!("{label}.cn")));
        assert!(!domains.is_domain(&format!("{}cn", "abcdefg.".repeat(32))));
    }

    #[test]
    fn need_no_table() {
        assert_eq!(Domains::default().suffix("a.com.cn").as_deref(), Some("com.cn"));
    }
}

mod days {
    use chrono::{Datelike, NaiveDate};
    use proptest::prelude::*;

    use super::*;

    fn calendar() -> Calendar {
        let read = |name| named(name).expect("a table");
        Calendar::new(&read("holidays"), &read("holiday_years")).expect("good tables")
    }

    fn day(text: &str) -> i64 {
        i64::from(NaiveDate::parse_from_str(text, "%Y-%m-%d").expect("a day").num_days_from_ce())
    }

    #[test]
    fn working_days_skip_days_off_and_count_weekends_worked() {
        let calendar = calendar();
        let between = |from, to| calendar.workdays_between(day(from), day(to));
        assert_eq!(between("2026-11-23", "2026-11-24"), Ok(1));
        assert_eq!(between("2026-11-20", "2026-11-23"), Ok(1), "over a weekend");
        assert_eq!(between("2026-11-24", "2026-11-24"), Ok(0));
        assert_eq!(between("2026-09-30", "2026-10-08"), Ok(1), "over the national holidays");
        assert_eq!(between("2026-10-09", "2026-10-10"), Ok(1), "a Saturday on which people work");
        assert_eq!(between("2026-02-13", "2026-02-28"), Ok(6), "the spring festival: 14, 24 to 28 February");
        assert_eq!(between("2025-12-31", "2026-01-05"), Ok(2), "from one year to the next");
        assert_eq!(between("2026-11-24", "2026-11-23"), Ok(-1));
        assert_eq!(calendar.is_workday(day("2026-01-04")), Ok(true));
        assert_eq!(calendar.is_workday(day("2026-01-02")), Ok(false));
    }

    #[test]
    fn an_incomplete_year_is_an_error() {
        let calendar = calendar();
        let between = |from, to| calendar.workdays_between(day(from), day(to));
        assert_eq!(between("2026-12-31", "2027-01-04"), Err(UnknownYear(2027)));
        assert_eq!(between("2027-01-04", "2026-12-31"), Err(UnknownYear(2027)));
        assert_eq!(between("2024-12-30", "2025-01-02"), Err(UnknownYear(2024)));
        assert_eq!(between("2024-12-31", "2025-01-02"), Ok(1), "no day of 2024 is counted");
        assert_eq!(UnknownYear(2027).to_string(), "the working days of 2027 are not known");
        assert_eq!(calendar.workdays_between(i64::MIN + 1, i64::MAX), Err(UnknownYear(i32::MAX)));
    }

    #[test]
    fn a_year_can_be_declared_incomplete() {
        let years = table(
            "[table]\nname = \"holiday_years\"\ntitle = \"y\"\ncolumns = { year = \"integer\", complete = \"bool\" }\nrows = [[2026, true], [2027, false]]",
        );
        let calendar = Calendar::new(&named("holidays").expect("a table"), &years).expect("good tables");
        assert_eq!(calendar.is_workday(day("2027-01-04")), Err(UnknownYear(2027)));
        let odd = table(
            "[table]\nname = \"holidays\"\ntitle = \"h\"\ncolumns = { date = \"date\", kind = \"text\" }\nrows = [[2026-01-01, \"feast\"]]",
        );
        assert_eq!(Calendar::new(&odd, &years).expect_err("no such kind").error_count(), 1);
    }

    #[test]
    fn months_end_with_their_last_day() {
        let add = |text, months| add_months(day(text), months);
        assert_eq!(add("2026-01-31", 1), Some(day("2026-02-28")));
        assert_eq!(add("2028-01-31", 1), Some(day("2028-02-29")));
        assert_eq!(add("2026-01-31", 3), Some(day("2026-04-30")));
        assert_eq!(add("2026-11-24", 3), Some(day("2027-02-24")));
        assert_eq!(add("2026-03-31", -1), Some(day("2026-02-28")));
        assert_eq!(add("2026-11-24", 0), Some(day("2026-11-24")));
        assert_eq!(add("2026-11-24", i32::MAX), None);
        assert_eq!(add_months(i64::MAX, 1), None);
    }

    #[test]
    fn years_are_full_on_the_birthday() {
        let years = |from, to| years_between(day(from), day(to));
        assert_eq!(years("2008-11-24", "2026-11-23"), Some(17));
        assert_eq!(years("2008-11-24", "2026-11-24"), Some(18));
        assert_eq!(years("2026-11-24", "2008-11-24"), Some(-18));
        assert_eq!(years("2026-11-24", "2026-11-24"), Some(0));
        // 29 February: the last day of the month in a common year.
        assert_eq!(years("2008-02-29", "2026-02-27"), Some(17));
        assert_eq!(years("2008-02-29", "2026-02-28"), Some(18));
        assert_eq!(years("2008-02-29", "2028-02-28"), Some(19));
        assert_eq!(years("2008-02-29", "2028-02-29"), Some(20));
    }

    fn known_day() -> impl Strategy<Value = i64> {
        day("2025-01-01")..=day("2026-12-31")
    }

    proptest! {
        #[test]
        fn working_days_add_up(a in known_day(), b in known_day(), c in known_day()) {
            let calendar = calendar();
            let between = |from, to| calendar.workdays_between(from, to).expect("known years");
            prop_assert_eq!(between(a, b) + between(b, c), between(a, c));
            prop_assert_eq!(between(a, b), -between(b, a));
            prop_assert!(between(a.min(b), a.max(b)) <= a.abs_diff(b) as i64);
        }

        #[test]
        fn months_keep_the_day_or_end_the_month(from in 600_000..800_000_i64, months in -600..600_i32) {
            let date = |day: i64| NaiveDate::from_num_days_from_ce_opt(day as i32).expect("a day");
            let to = add_months(from, months).expect("in range");
            let (a, b) = (date(from), date(to));
            prop_assert_eq!((b.year() * 12 + b.month() as i32) - (a.year() * 12 + a.month() as i32), months);
            prop_assert!(b.day() == a.day() || (b.day() < a.day() && date(to + 1).day() == 1));
        }

        #[test]
        fn counting_years_and_adding_them_agree(from in 693_000..740_000_i64, to in 693_000..740_000_i64, years in 0..100_i32) {
            let counted = years_between(from, to).expect("in range") >= i64::from(years);
            let added = add_months(from, years * 12).expect("in range") <= to;
            if to >= from {
                prop_assert_eq!(counted, added);
            }
        }
    }
}
