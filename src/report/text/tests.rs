//! What a report looks like: one of everything, at two widths and in two languages.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{TextOptions, checklist_text, report_text};
use crate::condition::Language;
use crate::report::model::VERSION;
use crate::report::{
    Citation, ErrorEntry, FilingHead, HeadWords, Item, ItemStatus, ManualCheck, Notice, Place, PolicyEntry, Question,
    Report, Shown, Verdict, Violation,
};
use crate::source::SourceFile;

const FILING: &str = "\
[filing]
province = \"44\"

[subject.principal]
phone = \"13800000000\"
emergency_phone = \"13800000000\"   # 与手机号相同

[[services.domains]]
name = \"example.cn\"
expires = 2026-12-20
";

fn filing() -> Arc<SourceFile> {
    SourceFile::new("filing.toml", FILING)
}

fn place(path: &str, label: &str, text: &str, value: Option<&str>) -> Place {
    let start = FILING.find(text).expect("the text stands in the filing");
    Place {
        path: path.into(),
        label: label.into(),
        line: None,
        column: None,
        value: value.map(str::to_owned),
        span: Some(start..start + text.len()),
        exact: value.is_some(),
    }
}

fn citation(publisher: &str, title: &str, dated: &str) -> Citation {
    let id = title.to_owned();
    let (layer, locator) = ("44".to_owned(), "https://example.cn".to_owned());
    Citation { id, layer, publisher: publisher.into(), title: title.into(), locator, dated: dated.into() }
}

fn question(path: &str, label: &str, asked_by: usize) -> Question {
    let asked_by = (0..asked_by).map(|index| format!("44.rule.{index}")).collect();
    Question { path: path.into(), label: label.into(), help: "照证件填".into(), asked_by, reasons: Vec::new() }
}

fn violations() -> Vec<Violation> {
    let violation = |rule: &str, severity: &str, title: &str, at: Vec<Place>| Violation {
        rule: rule.into(),
        severity: severity.into(),
        title: title.into(),
        message: String::new(),
        fix: Some("应急电话换成另一个号码，须真实、可接通；没有第二个号码的，可以填家人或同事的号码".into()),
        note: None,
        at,
        rules: vec![rule.into()],
        facts: vec![rule.into()],
        sources: vec![citation("广东省通信管理局", "备案须知", "2026-01-19（转载日）")],
        confidence: Some("high".into()),
    };
    let phones = vec![
        place("subject.principal.phone", "主体 · 主体负责人 · 手机号码", "\"13800000000\"", Some("138****0000")),
        place(
            "subject.principal.emergency_phone",
            "主体 · 主体负责人 · 应急联系方式",
            "\"13800000000\"   #",
            Some("138****0000"),
        ),
    ];
    let record = "subject.principal";
    let missing = vec![
        place("subject.principal.email", "主体 · 主体负责人 · 电子邮箱", record, None),
        place("subject.principal.name", "主体 · 主体负责人 · 姓名", record, None),
    ];
    let unplaced =
        Place { span: None, exact: false, ..place("subject.address", "主体 · 通信地址", "[filing]", None) };
    let first = violation("44.all.contact.two-distinct", "block", "联系方式1与联系方式2不能相同", phones);
    let second = Violation {
        fix: None,
        note: Some("没有填的不算违反".into()),
        sources: (1..6).map(|index| citation("云服务商", &format!("说明之{index}"), "")).collect(),
        rules: vec!["44.all.person.given".into(), "miit.all.person.given".into()],
        confidence: Some("low".into()),
        ..violation("44.all.person.given", "warn", "负责人的姓名、邮箱须填", missing)
    };
    vec![
        first,
        second,
        Violation { fix: None, ..violation("44.all.address", "info", "地址写到门牌号", vec![unplaced]) },
    ]
}

fn item(name: &str, status: ItemStatus) -> Item {
    Item {
        material: Some(name.into()),
        name: name.into(),
        for_whom: "subject".into(),
        category: "letter".into(),
        category_label: "承诺书".into(),
        status,
        severity: "block".into(),
        any_of: Vec::new(),
        form: BTreeMap::new(),
        form_words: vec!["由法定代表人签名".into(), "加盖公章".into()],
        usual_form: String::new(),
        upload_to: "其他材料".into(),
        deficiencies: Vec::new(),
        depends_on: Vec::new(),
        at: Vec::new(),
        reasons: vec!["单位备案须交承诺书，模板文字不可改动".into()],
        fixes: Vec::new(),
        notes: Vec::new(),
        rules: vec!["44.org.commitment.letter".into()],
        facts: Vec::new(),
        sources: Vec::new(),
    }
}

fn report() -> Report {
    let deciding = question("subject.principal.household_region", "主体 · 主体负责人 · 户籍省", 2);
    let checklist = vec![
        Item {
            deficiencies: vec!["没有加盖公章".into()],
            fixes: vec!["下载省里的版本，加盖公章后扫描".into()],
            at: vec![Place { line: Some(12), ..place("materials[0]", "材料1", "[filing]", None) }],
            ..item("互联网信息服务备案承诺书", ItemStatus::Deficient)
        },
        item("授权书", ItemStatus::Provided),
        Item { severity: "warn".into(), for_whom: "某某记账".into(), ..item("情况说明", ItemStatus::Missing) },
        Item {
            category: "residence".into(),
            category_label: "居住证明".into(),
            depends_on: vec![deciding.clone()],
            form_words: Vec::new(),
            ..item("居住证、暂住证、房产证明、社保证明（任一）", ItemStatus::Conditional)
        },
    ];
    let long = "service.principal.phone_used_by_other_subject_on_record";
    Report {
        version: VERSION,
        filing: FilingHead {
            kind: Some("initial".into()),
            province: Some("44".into()),
            provider: None,
            nature: Some("enterprise".into()),
            services: vec!["app".into(), "app".into()],
            derived: Vec::new(),
            as_of: "2026-11-24".into(),
            words: HeadWords {
                kind: Some("首次备案".into()),
                province: Some("广东省".into()),
                provider: None,
                nature: Some("企业".into()),
                services: vec!["APP".into(), "APP".into()],
            },
        },
        policies: vec![
            PolicyEntry {
                id: "miit".into(),
                name: Some("国家".into()),
                authority: Some("工业和信息化部".into()),
                digest: None,
                missing: false,
            },
            PolicyEntry {
                id: "44".into(), name: Some("广东省".into()), authority: None, digest: None, missing: true
            },
        ],
        verdict: Verdict::Rejected,
        checklist,
        violations: violations(),
        questions: vec![deciding, question(long, "互联网信息服务1 · 服务负责人 · 手机号已用于其他主体的备案", 1)],
        manual: vec![ManualCheck {
            rule: "44.all.name.style.review".into(),
            severity: "block".into(),
            title: "名称须反映内容".into(),
            what:
                "请看服务名称“某某记账”：是否反映基本内容、与自身资质相称，不侵权、不违反“九不准”、不用须特许的字眼？"
                    .into(),
            at: Vec::new(),
            rules: Vec::new(),
            facts: Vec::new(),
            sources: Vec::new(),
        }],
        notices: vec![Notice {
            rule: "miit.all.verification.sms".into(),
            text: "提交管局后 24 小时内须完成短信核验".into(),
            rules: Vec::new(),
            facts: Vec::new(),
            sources: Vec::new(),
        }],
        errors: vec![ErrorEntry { rule: "44.all.script".into(), message: "the script ran too long".into() }],
    }
}

fn shown(
    color: bool,
    width: usize,
    language: Language,
    render: impl Fn(&Report, &TextOptions<'_>) -> String,
) -> String {
    let source = Shown::as_it_is(&filing());
    render(&report(), &TextOptions { language, width, color, source: Some(&source) })
}

#[test]
fn one_of_everything() {
    insta::assert_snapshot!("report-80", shown(false, 80, Language::Zh, report_text));
    insta::assert_snapshot!("report-120", shown(false, 120, Language::Zh, report_text));
    insta::assert_snapshot!("report-en", shown(false, 100, Language::En, report_text));
}

#[test]
fn where_there_is_no_room_for_a_table() {
    insta::assert_snapshot!("report-44", shown(false, 44, Language::Zh, report_text));
}

#[test]
fn a_planned_checklist() {
    insta::assert_snapshot!(
        "planned",
        shown(false, 80, Language::Zh, |report, options| { checklist_text(report, options, true) })
    );
}

#[test]
fn colours_change_nothing_but_colours() {
    for width in [44, 80, 120] {
        let plain = shown(false, width, Language::Zh, report_text);
        let colored = anstream::adapter::strip_str(&shown(true, width, Language::Zh, report_text)).to_string();
        assert_eq!(plain, colored);
    }
}
