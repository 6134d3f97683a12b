//! A small set of policies that has one of everything.

use std::collections::BTreeMap;

use beian::maintain::lint;

use super::*;

const FILES: [(&str, &str); 9] = [
    (
        "schema.toml",
        r#"
[enum.filing_kind]
label = "备案类型"
values = [{ id = "initial", label = "首次备案" }, { id = "cancel", label = "注销" }]
groups = { all = ["initial", "cancel"] }
[enum.color]
label = "颜色"
table = "colors"
[enum.material]
label = "材料"
materials = true
[record.filing.fields]
kind = { type = "enum filing_kind", label = "备案类型" }
date = { type = "date", label = "提交日期" }
expires = { type = "expiry", label = "有效期" }
count = { type = "integer", label = "数" }
color = { type = "enum color", label = "颜色" }
[record.subject.fields]
name = { type = "text", label = "名称", derive = 'subject.name' }
[record.domain.fields]
name = { type = "text", label = "域名", format = "domain" }
[record.service.fields]
name = { type = "text", label = "服务名称" }
domains = { type = "list of record domain", label = "域名", element = "domain" }
[record.material.fields]
kind = { type = "enum material", label = "材料" }
for = { type = "text", label = "用途", alias = "for_whom" }
sealed = { type = "bool", label = "盖章" }
[record.root.fields]
filing = { type = "record filing", label = "订单" }
subject = { type = "record subject", label = "主体" }
services = { type = "list of record service", label = "服务", element = "service" }
materials = { type = "list of record material", label = "材料", element = "material", default = [] }
[collect.all_domains]
of = "domain"
element = "domain"
label = "域名"
from = [{ path = "services.domains" }]
[applicability.filing]
field = "filing.kind"
"#,
    ),
    (
        "tables/colors.toml",
        "[table]\nname = \"colors\"\ntitle = \"颜色\"\nkey = \"id\"\ncolumns = { id = \"text\", name = \"text\", words = \"list of text\" }\nrows = [[\"red\", \"红\", [\"朱\"]], [\"blue\", \"蓝\", []]]\n",
    ),
    (
        "materials.toml",
        "[[material]]\nid = \"letter\"\nname = \"承诺书\"\ncategory = \"letter\"\n[[category]]\nid = \"letter\"\nlabel = \"文书\"\n",
    ),
    (
        "forms.toml",
        "[[form]]\nid = \"sealed\"\ntype = \"bool\"\nlabel = \"盖章\"\nthat = '!value || material.sealed'\nmissing = \"没有盖章\"\nstricter = \"true\"\n",
    ),
    (
        "functions.toml",
        "[[function]]\nname = \"named\"\nparams = { s = \"record service\", n = \"text\" }\nreturns = \"bool\"\nbody = 's.name == n'\n",
    ),
    (
        "checks/count.toml",
        "[[check]]\nid = \"count.max\"\ntitle = '不多于{most}个'\nparams = { most = \"integer\" }\nstricter = { most = \"less\" }\nassert = 'filing.count <= most'\n",
    ),
    (
        "national/facts.toml",
        "[layer]\nid = \"miit\"\nname = \"全国\"\nauthority = \"部\"\n[[source]]\nid = \"s\"\npublisher = \"p\"\ntitle = \"t\"\n[[fact]]\nid = \"miit.a\"\ntopic = \"t\"\nkind = \"restriction\"\nseverity = \"block\"\nstatement = \"一\"\nsources = [\"s\"]\nconfidence = \"high\"\n",
    ),
    (
        "national/rules.toml",
        "[[rule]]\nid = \"miit.a\"\nuse = \"count.max\"\nwith = { most = 3 }\nfiling = [\"initial\"]\n[[rule]]\nid = \"miit.b\"\nseverity = \"warn\"\ntitle = '{service.name}要盖章'\neach = \"services\"\nrequire = { material = \"letter\", sealed = true, for = 'service.name' }\n",
    ),
    (
        "national/cases.toml",
        "base = \"b\"\n[[case]]\nname = \"c\"\nset = { \"filing.count\" = 4 }\nviolates = [\"miit.a\"]\n",
    ),
];

/// The files, some of them changed.
pub fn files(changes: &[(&str, &str)]) -> Files {
    let mut files: BTreeMap<String, String> =
        FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    files.insert("bases/b.toml".into(), "[filing]\nkind = \"initial\"\n".into());
    for (path, text) in changes {
        files.insert((*path).to_owned(), (*text).to_owned());
    }
    Files::Memory(files)
}

/// One of the files as it is.
pub fn text(path: &str) -> &'static str {
    FILES.iter().find(|(known, _)| *known == path).map(|(_, text)| *text).expect("is one of them")
}

/// All that is wrong with the policies.
pub fn wrong(changes: &[(&str, &str)]) -> Diagnostics {
    match Policies::load(&files(changes)) {
        Ok(policies) => {
            let mut found = lint(&policies, None);
            let mut out = Diagnostics::new();
            let bases = beian::maintain::Bases::read(&policies.world, &mut out);
            found.extend(out);
            match beian::maintain::test::run(&policies, &bases, "national", None) {
                Ok(result) => found.extend(result.problems.clone()),
                // lint has said it
                Err(problems) => assert!(problems.has_errors()),
            }
            found
        }
        Err(problems) => problems,
    }
}

/// What is wrong with policies in which one rule is as written, and the errors all have places in that file.
pub fn wrong_rule(rule: &str) -> Diagnostics {
    let rules = format!("[[rule]]\nid = \"miit.a\"\n{rule}\n");
    let changes = [("national/rules.toml", rules.as_str()), ("national/cases.toml", "")];
    let found = wrong(&changes);
    if found.has_errors() {
        presentable(&found);
    }
    found
}

/// The report of a filing by one rule.
pub fn report_by(rule: &str, filing: &str) -> Report {
    let rules = format!("[[rule]]\nid = \"miit.a\"\n{rule}\n");
    let policies = Policies::load(&files(&[("national/rules.toml", &rules)])).unwrap_or_else(|found| panic!("{found}"));
    let file = SourceFile::new("a.toml", filing);
    let read = read_filing(&policies.world.schema, &file, InputForm::Toml);
    let document = read.unwrap_or_else(|found| panic!("{found}"));
    report(&policies, document, file, InputForm::Toml)
}

#[test]
fn nothing_is_wrong_with_it() {
    let found = wrong(&[]);
    assert!(found.is_empty(), "{found}");
    let report = report_by("assert = 'filing.count < 3'", "filing = { kind = \"initial\", count = 4 }");
    assert_eq!(report.violations.len(), 1);
}
