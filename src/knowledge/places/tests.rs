use super::*;
use crate::knowledge::testing::{named, table};

fn places() -> Places {
    let (provinces, divisions) = (named("provinces").expect("a table"), named("divisions").expect("a table"));
    Places::new(&provinces, &divisions).expect("good tables")
}

#[track_caller]
fn expect(text: &str, province: u8, city: u32, district: u32) {
    let some = |code: u32| Some(code).filter(|code| *code != 0);
    let wanted =
        Place { province: Some(province).filter(|code| *code != 0), city: some(city), district: some(district) };
    assert_eq!(places().place(text), wanted, "{text}");
}

#[test]
fn addresses_from_the_province_down() {
    expect("广东省深圳市南山区科技园1号", 44, 440_300, 440_305);
    expect("广东深圳南山区", 44, 440_300, 440_305);
    expect("深圳市", 44, 440_300, 0);
    expect("江苏省南京市鼓楼区中山路1号", 32, 320_100, 320_106);
    expect("江苏省徐州市鼓楼区", 32, 320_300, 320_302);
    expect("中国 江苏省 苏州市 昆山市", 32, 320_500, 320_583);
    expect("黔南州", 52, 522_700, 522_700);
    expect("", 0, 0, 0);
    expect("某某路1号", 0, 0, 0);
}

#[test]
fn a_district_decides_when_no_other_has_its_name() {
    expect("昆山市花桥镇", 32, 320_500, 320_583);
    expect("朝阳区建国路1号", 0, 0, 0);
    expect("北京市朝阳区", 11, 110_100, 110_105);
    expect("长春朝阳区", 22, 220_100, 220_104);
    expect("江苏省鼓楼区", 32, 0, 0);
    expect("鼓楼区（江苏省南京市）", 32, 320_100, 320_106);
    expect("广东省天河区中山大道1号", 44, 440_100, 440_106);
}

#[test]
fn the_longest_name_counts() {
    expect("天津市河北区", 12, 120_100, 120_105);
    expect("河北区", 12, 120_100, 120_105);
    expect("河北", 13, 0, 0);
    expect("海南", 46, 0, 0);
    expect("青海省海南藏族自治州共和县", 63, 632_500, 632_521);
    expect("青海省海南州共和县", 63, 632_500, 632_521);
    expect("海南省海口市秀英区", 46, 460_100, 460_105);
}

#[test]
fn a_province_comes_before_a_city_of_its_name() {
    expect("吉林", 22, 0, 0);
    expect("吉林市", 22, 220_200, 0);
    expect("吉林省吉林市船营区", 22, 220_200, 220_204);
    expect("吉林吉林船营区", 22, 220_200, 220_204);
    expect("朝阳", 21, 211_300, 0);
}

#[test]
fn municipalities_are_one_city() {
    expect("上海", 31, 310_100, 0);
    expect("上海市浦东新区世纪大道", 31, 310_100, 310_115);
    expect("重庆市城口县", 50, 500_100, 500_229);
    expect("重庆两江新区", 50, 500_100, 0);
    expect("110000", 11, 110_100, 0);
}

#[test]
fn counties_under_a_province_count_as_cities() {
    expect("海南省琼海市", 46, 469_002, 469_002);
    expect("湖北省仙桃市", 42, 429_004, 429_004);
    expect("石河子", 65, 659_001, 659_001);
}

#[test]
fn cities_without_districts_are_their_own() {
    expect("广东省东莞市松山湖", 44, 441_900, 441_900);
    expect("甘肃省嘉峪关市", 62, 620_200, 620_201);
}

#[test]
fn roads_are_not_where_they_are_named_after() {
    expect("和平区南京路1号", 0, 0, 0);
    expect("上海市黄浦区南京东路1号", 31, 310_100, 310_101);
    expect("北京路1号", 0, 0, 0);
    expect("中山大道西", 0, 0, 0);
    expect("上海路桥工程公司", 31, 310_100, 0);
    expect("中山市石岐街", 44, 442_000, 442_000);
}

#[test]
fn vague_names_only_narrow_down() {
    expect("山西省晋城市城区", 14, 140_500, 140_502);
    expect("东区大厦", 0, 0, 0);
    assert!(!places().contains_place("老城区美食"));
}

#[test]
fn codes_are_places_too() {
    expect("44", 44, 0, 0);
    expect("440305", 44, 440_300, 440_305);
    expect("440399", 44, 440_300, 0);
    expect("449900", 44, 0, 0);
    expect("500229", 50, 500_100, 500_229);
    expect("469002", 46, 469_002, 469_002);
    expect("990000", 0, 0, 0);
    assert_eq!(places().place_of(440_300), Place { province: Some(44), city: Some(440_300), district: None });
}

#[test]
fn codes_have_names() {
    let places = places();
    for (code, name) in [
        (44, Some("广东省")),
        (440_000, Some("广东省")),
        (440_300, Some("深圳市")),
        (440_305, Some("南山区")),
        (500_100, Some("重庆市")),
        (440_399, None),
        (99, None),
        (0, None),
    ] {
        assert_eq!(places.name_of(code), name, "{code}");
    }
}

#[test]
fn names_of_places_within_other_texts() {
    let places = places();
    for text in ["深圳美食", "我爱北京", "新疆特产", "海珠区生活圈", "香港代购"] {
        assert!(places.contains_place(text), "{text}");
    }
    for text in ["天天记账", "小明的博客", "", "abc", "南方美食"] {
        assert!(!places.contains_place(text), "{text}");
    }
    assert_eq!(places.names_in("深圳市南山区的上海菜").collect::<Vec<_>>(), ["深圳市", "南山区", "上海"]);
}

#[test]
fn tables_that_do_not_fit_are_errors() {
    let provinces = named("provinces").expect("a table");
    let divisions = |rows: &str| {
        table(&format!(
            "rows = [{rows}]\n[table]\nname = \"divisions\"\ntitle = \"d\"\ncolumns = {{ code = \"text\", name = \"text\", short = \"text\", city = \"text\" }}"
        ))
    };
    for rows in [
        r#"["11010", "甲", "", ""]"#,
        r#"["", "甲", "", ""]"#,
        r#"["990100", "甲", "", ""]"#,
        r#"["110101", "甲", "", "120100"]"#,
    ] {
        assert_eq!(Places::new(&provinces, &divisions(rows)).expect_err(rows).error_count(), 1, "{rows}");
    }
    let errors = Places::new(&divisions(""), &provinces).expect_err("the wrong tables");
    assert!(errors.has_errors());
}
