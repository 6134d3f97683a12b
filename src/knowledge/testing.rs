//! Small tables for tests, in the shape of the real ones, and a [`Knowledge`] of them.

use std::sync::Arc;

use super::Knowledge;
use crate::source::SourceFile;
use crate::table::{Table, read_table};

/// A table of a text.
pub(crate) fn table(text: &str) -> Table {
    read_table(&SourceFile::new("table.toml", text)).expect("a table")
}

/// One of the tables below.
pub(crate) fn named(name: &str) -> Option<Table> {
    let text = match name {
        "provinces" => PROVINCES,
        "divisions" => DIVISIONS,
        "holidays" => HOLIDAYS,
        "holiday_years" => HOLIDAY_YEARS,
        "phone_regions" => PHONE_REGIONS,
        "certificates" => CERTIFICATES,
        "certificate_formats" => CERTIFICATE_FORMATS,
        "domain_suffixes" => DOMAIN_SUFFIXES,
        "filing_number_formats" => FILING_NUMBER_FORMATS,
        "app_platforms" => APP_PLATFORMS,
        "words" => WORDS,
        _ => return None,
    };
    Some(table(text))
}

/// All of it.
pub(crate) fn example() -> Knowledge {
    Knowledge::new(|name| named(name).map(Arc::new))
}

const PROVINCES: &str = r#"
[table]
name = "provinces"
title = "省"
key = "code"
columns = { code = "text", name = "text", short = "text", filing = "bool" }
rows = [
    ["11", "北京市", "北京", true], ["12", "天津市", "天津", true], ["13", "河北省", "河北", true],
    ["14", "山西省", "山西", true], ["15", "内蒙古自治区", "内蒙古", true], ["21", "辽宁省", "辽宁", true],
    ["22", "吉林省", "吉林", true], ["23", "黑龙江省", "黑龙江", true], ["31", "上海市", "上海", true],
    ["32", "江苏省", "江苏", true], ["33", "浙江省", "浙江", true], ["34", "安徽省", "安徽", true],
    ["35", "福建省", "福建", true], ["36", "江西省", "江西", true], ["37", "山东省", "山东", true],
    ["41", "河南省", "河南", true], ["42", "湖北省", "湖北", true], ["43", "湖南省", "湖南", true],
    ["44", "广东省", "广东", true], ["45", "广西壮族自治区", "广西", true], ["46", "海南省", "海南", true],
    ["50", "重庆市", "重庆", true], ["51", "四川省", "四川", true], ["52", "贵州省", "贵州", true],
    ["53", "云南省", "云南", true], ["54", "西藏自治区", "西藏", true], ["61", "陕西省", "陕西", true],
    ["62", "甘肃省", "甘肃", true], ["63", "青海省", "青海", true], ["64", "宁夏回族自治区", "宁夏", true],
    ["65", "新疆维吾尔自治区", "新疆", true], ["71", "台湾省", "台湾", false], ["81", "香港特别行政区", "香港", false],
    ["82", "澳门特别行政区", "澳门", false],
]
"#;

const DIVISIONS: &str = r#"
[table]
name = "divisions"
title = "行政区划"
columns = { code = "text", name = "text", short = "text", city = "text" }
rows = [
    ["110100", "北京市", "北京", ""], ["110101", "东城区", "", ""], ["110105", "朝阳区", "", ""],
    ["120100", "天津市", "天津", ""], ["120101", "和平区", "", ""], ["120105", "河北区", "", ""],
    ["130100", "石家庄市", "石家庄", ""], ["140500", "晋城市", "晋城", ""], ["140502", "城区", "", ""],
    ["150100", "呼和浩特市", "呼和浩特", ""], ["210100", "沈阳市", "沈阳", ""], ["210102", "和平区", "", ""],
    ["211300", "朝阳市", "朝阳", ""], ["211381", "北票市", "", ""], ["220100", "长春市", "长春", ""],
    ["220104", "朝阳区", "", ""], ["220200", "吉林市", "吉林", ""], ["220204", "船营区", "", ""],
    ["310100", "上海市", "上海", ""], ["310101", "黄浦区", "", ""], ["310104", "徐汇区", "", ""],
    ["310115", "浦东新区", "", ""], ["320100", "南京市", "南京", ""], ["320106", "鼓楼区", "", ""],
    ["320300", "徐州市", "徐州", ""], ["320302", "鼓楼区", "", ""], ["320500", "苏州市", "苏州", ""],
    ["320583", "昆山市", "", ""], ["420100", "武汉市", "武汉", ""], ["429004", "仙桃市", "仙桃", "429004"],
    ["440100", "广州市", "广州", ""], ["440103", "荔湾区", "", ""], ["440104", "越秀区", "", ""],
    ["440105", "海珠区", "", ""], ["440106", "天河区", "", ""], ["440300", "深圳市", "深圳", ""],
    ["440305", "南山区", "", ""], ["440400", "珠海市", "珠海", ""], ["441900", "东莞市", "东莞", ""],
    ["442000", "中山市", "中山", ""], ["460100", "海口市", "海口", ""], ["460105", "秀英区", "", ""],
    ["460400", "儋州市", "儋州", ""], ["469002", "琼海市", "琼海", "469002"], ["469007", "东方市", "东方", "469007"],
    ["469025", "白沙黎族自治县", "白沙黎族自治县", "469025"], ["500100", "重庆市", "重庆", ""], ["500103", "渝中区", "", ""],
    ["500105", "江北区", "", ""], ["500229", "城口县", "", "500100"], ["500233", "忠县", "", "500100"],
    ["510400", "攀枝花市", "攀枝花", ""], ["510402", "东区", "", ""], ["522700", "黔南布依族苗族自治州", "黔南", ""],
    ["620200", "嘉峪关市", "嘉峪关", ""], ["620201", "嘉峪关市", "", ""], ["630100", "西宁市", "西宁", ""],
    ["632500", "海南藏族自治州", "海南", ""], ["632521", "共和县", "", ""], ["659001", "石河子市", "石河子", "659001"],
    ["", "两江新区", "", "500100"], ["", "黔南州", "", "522700"],
]
"#;

const HOLIDAYS: &str = r#"
[table]
name = "holidays"
title = "节假日"
key = "date"
columns = { date = "date", kind = "text" }
rows = [
    [2025-01-01, "holiday"], [2025-01-26, "workday"], [2025-01-28, "holiday"], [2025-01-29, "holiday"],
    [2025-01-30, "holiday"], [2025-01-31, "holiday"], [2025-02-01, "holiday"], [2025-02-02, "holiday"],
    [2025-02-03, "holiday"], [2025-02-04, "holiday"], [2025-02-08, "workday"], [2025-04-04, "holiday"],
    [2025-04-05, "holiday"], [2025-04-06, "holiday"], [2025-04-27, "workday"], [2025-05-01, "holiday"],
    [2025-05-02, "holiday"], [2025-05-03, "holiday"], [2025-05-04, "holiday"], [2025-05-05, "holiday"],
    [2025-05-31, "holiday"], [2025-06-01, "holiday"], [2025-06-02, "holiday"], [2025-09-28, "workday"],
    [2025-10-01, "holiday"], [2025-10-02, "holiday"], [2025-10-03, "holiday"], [2025-10-04, "holiday"],
    [2025-10-05, "holiday"], [2025-10-06, "holiday"], [2025-10-07, "holiday"], [2025-10-08, "holiday"],
    [2025-10-11, "workday"], [2026-01-01, "holiday"], [2026-01-02, "holiday"], [2026-01-03, "holiday"],
    [2026-01-04, "workday"], [2026-02-14, "workday"], [2026-02-15, "holiday"], [2026-02-16, "holiday"],
    [2026-02-17, "holiday"], [2026-02-18, "holiday"], [2026-02-19, "holiday"], [2026-02-20, "holiday"],
    [2026-02-21, "holiday"], [2026-02-22, "holiday"], [2026-02-23, "holiday"], [2026-02-28, "workday"],
    [2026-04-04, "holiday"], [2026-04-05, "holiday"], [2026-04-06, "holiday"], [2026-05-01, "holiday"],
    [2026-05-02, "holiday"], [2026-05-03, "holiday"], [2026-05-04, "holiday"], [2026-05-05, "holiday"],
    [2026-05-09, "workday"], [2026-06-19, "holiday"], [2026-06-20, "holiday"], [2026-06-21, "holiday"],
    [2026-09-20, "workday"], [2026-09-25, "holiday"], [2026-09-26, "holiday"], [2026-09-27, "holiday"],
    [2026-10-01, "holiday"], [2026-10-02, "holiday"], [2026-10-03, "holiday"], [2026-10-04, "holiday"],
    [2026-10-05, "holiday"], [2026-10-06, "holiday"], [2026-10-07, "holiday"], [2026-10-10, "workday"],
]
"#;

const HOLIDAY_YEARS: &str = r#"
[table]
name = "holiday_years"
title = "收全的年份"
key = "year"
columns = { year = "integer" }
rows = [
    [2025], [2026],
]
"#;

const PHONE_REGIONS: &str = r#"
[table]
name = "phone_regions"
title = "号段"
key = "province"
columns = { province = "text", ranges = "list of text" }
rows = [
    ["11", ["1300010-1300011", "1380000-1380003", "170499"]],
    ["31", ["1381600-1381699", "1301019"]],
    ["44", ["1382200-1382999"]],
]
"#;

const CERTIFICATES: &str = r#"
[table]
name = "certificates"
title = "证件"
key = "id"
columns = { id = "text", formats = "list of text" }
rows = [
    ["business_license", ["uscc", "business_reg_no"]],
    ["org_code_certificate", ["org_code", "uscc"]],
    ["resident_id_card", ["resident_id"]],
    ["hm_travel_permit", ["hm_travel_permit"]],
    ["tw_travel_permit", ["tw_travel_permit"]],
    ["hm_residence_permit", ["hmt_residence_permit"]],
    ["foreign_pr_id_card", ["foreign_pr_id", "foreign_pr_id_old"]],
    ["passport", ["passport_cn"]],
    ["library_ticket", []],
]
"#;

const CERTIFICATE_FORMATS: &str = r#"
[table]
name = "certificate_formats"
title = "号码格式"
key = "id"
columns = { id = "text", patterns = "list of text", checksum = "text", region_at = "integer", regions = "list of text", birth_at = "integer", gender_at = "integer" }
[[row]]
id = "uscc"
patterns = ['^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$']
checksum = "uscc_mod31"
region_at = 3
[[row]]
id = "org_code"
patterns = ['^[0-9A-Z]{8}-?[0-9X]$']
checksum = "orgcode_mod11"
[[row]]
id = "resident_id"
patterns = ['^[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]$']
checksum = "gb11643"
region_at = 1
regions = ["provinces"]
birth_at = 7
gender_at = 17
[[row]]
id = "hmt_residence_permit"
patterns = ['^8[123]0000(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]$']
checksum = "gb11643"
birth_at = 7
gender_at = 17
[[row]]
id = "hm_travel_permit"
patterns = ['^[HM][0-9]{8}(?:[0-9]{2})?$']
[[row]]
id = "tw_travel_permit"
patterns = ['^[0-9]{8}$', '^[0-9]{10}(?:[A-Z]|\([A-Z]\))?$']
[[row]]
id = "foreign_pr_id_old"
patterns = ['^[A-Z]{3}[0-9]{12}$']
[[row]]
id = "foreign_pr_id"
patterns = ['^9[0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]$']
checksum = "gb11643"
region_at = 2
regions = ["provinces"]
birth_at = 7
gender_at = 17
[[row]]
id = "passport_cn"
patterns = ['^(?:[EKGDSPH][0-9]{8}|(?:E[A-F]|[DSP]E|KJ|MA|1[45])[0-9]{7})$']
[[row]]
id = "business_reg_no"
patterns = ['^[1-9][0-9]{14}$']
checksum = "iso7064_mod11_10"
region_at = 1
[[row]]
id = "mobile_cn"
patterns = ['^1[3-9][0-9]{9}$']
"#;

const DOMAIN_SUFFIXES: &str = r#"
[table]
name = "domain_suffixes"
title = "后缀"
key = "suffix"
columns = { suffix = "text" }
rows = [
    ["cn"], [".中国"], ["政务.cn"], ["公益.cn"], ["com.cn"],
]
"#;

const FILING_NUMBER_FORMATS: &str = r#"
[table]
name = "filing_number_formats"
title = "备案号"
key = "id"
columns = { id = "text", kind = "text", pattern = "text" }
rows = [
    ["subject", "filing", "^[粤赣京]ICP备(?:[0-9]{8}|[0-9]{10})号$"],
    ["service", "filing", "^[粤赣京]ICP备(?:[0-9]{8}|[0-9]{10})号-[1-9][0-9]*[AXK]?$"],
    ["licence_b2", "licence", "^[粤赣京]B[12]-[0-9]{8,10}$"],
]
"#;

const APP_PLATFORMS: &str = r#"
[table]
name = "app_platforms"
title = "平台"
key = "id"
columns = { id = "text", package_pattern = "text", fingerprint_patterns = "list of text" }
[[row]]
id = "android"
package_pattern = '^[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)+$'
fingerprint_patterns = ["^[0-9A-F]{32}$"]
[[row]]
id = "ios"
package_pattern = '^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$'
fingerprint_patterns = ["^[0-9A-F]{40}$"]
"#;

const WORDS: &str = r#"
[table]
name = "words"
title = "词表"
key = "id"
columns = { id = "text", words = "list of text" }
rows = [
    ["generic", ["有限公司", "科技", "网络", "中国"]],
]
"#;
