//! The same rules by hand: typed structs that borrow from the JSON text, and only the fields that a rule reads.

use serde::Deserialize;

#[derive(Deserialize)]
pub struct Filing<'a> {
    pub kind: &'a str,
    pub province: &'a str,
    pub provider: &'a str,
    pub submitted: i64,
    pub channel: &'a str,
    #[serde(borrow)]
    pub subject: Subject<'a>,
    #[serde(borrow)]
    pub principal: Principal<'a>,
    #[serde(borrow)]
    pub services: Vec<Service<'a>>,
    #[serde(borrow)]
    pub materials: Vec<Material<'a>>,
}
#[derive(Deserialize)]
pub struct Subject<'a> {
    pub nature: &'a str,
    pub cert_type: &'a str,
    pub cert_no: &'a str,
    pub cert_valid_to: i64,
    pub region_code: &'a str,
    pub capital: i64,
    pub renamed: bool,
    pub foreign_invested: bool,
    pub nationality: &'a str,
    pub email: &'a str,
}
#[derive(Deserialize)]
pub struct Principal<'a> {
    pub id_type: &'a str,
    pub id_valid_to: i64,
    pub age: i64,
    pub mobile: &'a str,
    pub emergency_mobile: &'a str,
    pub email: &'a str,
    pub is_legal_rep: bool,
    pub hukou_region: &'a str,
    pub residence_permit: bool,
    pub authorisation_letter: bool,
    pub face_verified: bool,
    pub photo_bg: &'a str,
}
#[derive(Deserialize)]
pub struct Service<'a> {
    pub kind: &'a str,
    pub name: &'a str,
    pub name_len: i64,
    #[serde(borrow)]
    pub content_types: Vec<&'a str>,
    #[serde(borrow)]
    pub preapprovals: Vec<&'a str>,
    pub commercial: bool,
    pub interactive: bool,
    pub is_forum: bool,
    pub online: bool,
    #[serde(borrow)]
    pub access: Access<'a>,
    #[serde(borrow)]
    pub domains: Vec<Domain<'a>>,
    #[serde(borrow)]
    pub apps: Vec<App<'a>>,
}
#[derive(Deserialize)]
pub struct Access<'a> {
    pub provider: &'a str,
    pub ip_count: i64,
    pub in_mainland: bool,
}
#[derive(Deserialize)]
pub struct Domain<'a> {
    pub tld: &'a str,
    pub registrar_cn: bool,
    pub realname: bool,
    pub owner_match: bool,
    pub reg_days: i64,
    pub expires: i64,
}
#[derive(Deserialize)]
pub struct App<'a> {
    pub platform: &'a str,
    pub cert_fp_len: i64,
    pub sdk_count: i64,
}
#[derive(Deserialize)]
pub struct Material<'a> {
    pub code: &'a str,
    pub format: &'a str,
    pub size_kb: i64,
    pub stamped: bool,
}

/// The rules that a filing violates.
#[allow(clippy::too_many_lines, clippy::cognitive_complexity, reason = "sixty rules, one after the other")]
pub fn decide(f: &Filing<'_>, hits: &mut Vec<usize>) {
    hits.clear();
    if !matches!(f.subject.nature, "enterprise" | "individual" | "government" | "institution" | "social_org") {
        hits.push(0);
    }
    if !matches!(f.kind, "first" | "add_service" | "add_access" | "change") {
        hits.push(1);
    }
    if f.subject.region_code.starts_with("44") && f.province != "GD" {
        hits.push(2);
    }
    if f.province == "GD" && !f.subject.region_code.starts_with("44") {
        hits.push(3);
    }
    if f.subject.cert_valid_to < 20260601 {
        hits.push(4);
    }
    if f.principal.id_valid_to < 20260601 {
        hits.push(5);
    }
    if f.principal.age < 18 {
        hits.push(6);
    }
    if f.subject.nature == "individual" && f.principal.age < 20 {
        hits.push(7);
    }
    if f.principal.age > 70 {
        hits.push(8);
    }
    if !f.principal.mobile.starts_with("1") {
        hits.push(9);
    }
    if f.principal.mobile.starts_with("170")
        || f.principal.mobile.starts_with("171")
        || f.principal.mobile.starts_with("162")
        || f.principal.mobile.starts_with("165")
        || f.principal.mobile.starts_with("167")
    {
        hits.push(10);
    }
    if f.principal.emergency_mobile.starts_with("170")
        || f.principal.emergency_mobile.starts_with("171")
        || f.principal.emergency_mobile.starts_with("162")
    {
        hits.push(11);
    }
    if f.subject.nature == "enterprise" && !matches!(f.subject.cert_type, "business_license" | "usci") {
        hits.push(12);
    }
    if f.subject.nature == "individual" && !matches!(f.principal.id_type, "id_card" | "hk_macao" | "tw") {
        hits.push(13);
    }
    if f.subject.nature == "government" && !matches!(f.subject.cert_type, "org_code" | "usci") {
        hits.push(14);
    }
    if f.subject.nature == "enterprise" && !f.principal.is_legal_rep && !f.principal.authorisation_letter {
        hits.push(15);
    }
    if matches!(f.province, "BJ" | "SH" | "TJ")
        && !f.principal.hukou_region.starts_with("11")
        && !f.principal.residence_permit
    {
        hits.push(16);
    }
    if f.subject.nature == "individual"
        && matches!(f.province, "GD" | "JS" | "ZJ" | "FJ")
        && !f.principal.residence_permit
    {
        hits.push(17);
    }
    if f.subject.nature == "enterprise" && !f.subject.cert_no.starts_with("9") {
        hits.push(18);
    }
    if f.subject.capital < 100 && f.services.iter().any(|s| s.commercial) {
        hits.push(19);
    }
    if f.subject.foreign_invested && f.services.iter().any(|s| s.commercial) {
        hits.push(20);
    }
    if f.subject.renamed && !f.materials.iter().any(|m| m.code == "rename_letter") {
        hits.push(21);
    }
    if !f.principal.face_verified {
        hits.push(22);
    }
    if !matches!(f.principal.photo_bg, "white" | "blue" | "curtain") {
        hits.push(23);
    }
    if f.subject.nationality != "CN" && f.principal.id_type == "id_card" {
        hits.push(24);
    }
    if f.subject.email.starts_with("noreply") {
        hits.push(25);
    }
    if f.principal.email.starts_with("test") {
        hits.push(26);
    }
    if !matches!(f.provider, "aliyun" | "tencent" | "huawei" | "baidu" | "jd" | "ctyun") {
        hits.push(27);
    }
    if f.submitted < 20200101 {
        hits.push(28);
    }
    if f.channel == "agent" && !f.principal.authorisation_letter {
        hits.push(29);
    }
    if f.services.iter().any(|s| s.name_len < 3) {
        hits.push(30);
    }
    if f.services.iter().any(|s| s.name_len > 60) {
        hits.push(31);
    }
    if f.subject.nature == "enterprise"
        && f.services
            .iter()
            .any(|s| s.name.starts_with("中国") || s.name.starts_with("国家") || s.name.starts_with("中央"))
    {
        hits.push(32);
    }
    if f.services.iter().any(|s| s.content_types.contains(&"news") && !s.preapprovals.contains(&"news_permit")) {
        hits.push(33);
    }
    if f.services
        .iter()
        .any(|s| s.content_types.contains(&"publishing") && !s.preapprovals.contains(&"publishing_permit"))
    {
        hits.push(34);
    }
    if f.services.iter().any(|s| s.content_types.contains(&"medical") && !s.preapprovals.contains(&"medical_permit")) {
        hits.push(35);
    }
    if f.services.iter().any(|s| s.content_types.contains(&"drug") && !s.preapprovals.contains(&"drug_permit")) {
        hits.push(36);
    }
    if matches!(f.province, "BJ" | "GD" | "SC")
        && f.services
            .iter()
            .any(|s| s.content_types.contains(&"education") && !s.preapprovals.contains(&"education_permit"))
    {
        hits.push(37);
    }
    if f.services.iter().any(|s| s.is_forum && s.interactive && !s.preapprovals.contains(&"forum_permit")) {
        hits.push(38);
    }
    if f.services
        .iter()
        .any(|s| !matches!(s.access.provider, "aliyun" | "tencent" | "huawei" | "baidu" | "jd" | "ctyun"))
    {
        hits.push(39);
    }
    if f.services.iter().any(|s| !s.access.in_mainland) {
        hits.push(40);
    }
    if f.services.iter().any(|s| s.access.ip_count < 1) {
        hits.push(41);
    }
    if f.services.iter().any(|s| {
        s.domains.iter().any(|d| !matches!(d.tld, "com" | "cn" | "net" | "com.cn" | "net.cn" | "top" | "xyz" | "site"))
    }) {
        hits.push(42);
    }
    if f.services.iter().any(|s| s.domains.iter().any(|d| !d.registrar_cn)) {
        hits.push(43);
    }
    if f.services.iter().any(|s| s.domains.iter().any(|d| !d.realname)) {
        hits.push(44);
    }
    if f.services.iter().any(|s| s.domains.iter().any(|d| d.reg_days < 3)) {
        hits.push(45);
    }
    if f.services.iter().any(|s| s.domains.iter().any(|d| d.expires < 20260601)) {
        hits.push(46);
    }
    if f.services.iter().any(|s| s.domains.iter().any(|d| !d.owner_match)) {
        hits.push(47);
    }
    if f.subject.nature == "individual" && f.services.iter().any(|s| s.commercial) {
        hits.push(48);
    }
    if f.subject.nature == "individual" && f.services.iter().any(|s| s.content_types.contains(&"news")) {
        hits.push(49);
    }
    if f.services.iter().any(|s| s.kind == "app" && s.apps.iter().any(|a| a.cert_fp_len != 32)) {
        hits.push(50);
    }
    if f.services
        .iter()
        .any(|s| s.kind == "app" && s.apps.iter().any(|a| !matches!(a.platform, "android" | "ios" | "harmony")))
    {
        hits.push(51);
    }
    if f.services.iter().any(|s| s.kind == "app" && s.apps.iter().any(|a| a.sdk_count > 30)) {
        hits.push(52);
    }
    if !f.materials.iter().any(|m| m.code == "cert_copy") {
        hits.push(53);
    }
    if !f.materials.iter().any(|m| m.code == "id_front") {
        hits.push(54);
    }
    if matches!(f.province, "GD" | "BJ" | "SH" | "ZJ" | "JS")
        && !f.materials.iter().any(|m| m.code == "verification_form")
    {
        hits.push(55);
    }
    if f.materials.iter().any(|m| m.size_kb > 4096) {
        hits.push(56);
    }
    if f.materials.iter().any(|m| !matches!(m.format, "jpg" | "jpeg" | "png" | "pdf")) {
        hits.push(57);
    }
    if f.materials
        .iter()
        .any(|m| !m.stamped && matches!(m.code, "verification_form" | "authorisation_letter" | "commitment_letter"))
    {
        hits.push(58);
    }
    if f.kind == "first" && f.services.iter().all(|s| s.online) {
        hits.push(59);
    }
}
