use crate::knowledge::Knowledge;

use super::Format;

fn known() -> Knowledge {
    crate::knowledge::testing::example()
}

#[track_caller]
fn expect(format: Format, good: &[&str], bad: &[&str]) {
    let known = known();
    for text in good {
        assert_eq!(format.check(text, None, &known), Some(true), "{format:?} {text}");
    }
    for text in bad {
        assert_eq!(format.check(text, None, &known), Some(false), "{format:?} {text}");
    }
}

#[test]
fn every_name_is_a_format() {
    for name in Format::NAMES {
        assert!(Format::named(name).is_some(), "{name}");
    }
    assert_eq!(Format::named("telephone"), None);
}

#[test]
fn phones() {
    expect(
        Format::Phone,
        &["13800000000", "+86 138-0000-0000", "8613800000000", "0086 13800000000", "１３８００００００００"],
        &["", "1380000000", "138000000000", "12345678901", "0755-12345678", "13800000000a", "+1 13800000000x"],
    );
}

#[test]
fn landlines() {
    expect(
        Format::Landline,
        &[
            "0755-22345678",
            "010-87654321",
            "(021)87654321",
            "0755 82345678",
            "0931-8765432",
            "+86-755-82345678",
            "021-87654321-8001",
        ],
        &[
            "",
            "无",
            "13800000000",
            "82345678",
            "0755-123",
            "0755-123456789",
            "010-1234567",
            "0755-82345678-",
            "0123-82345678",
        ],
    );
}

#[test]
fn emails() {
    expect(
        Format::Email,
        &["a@example.com", "first.last+tag@mail.example.com.cn", "10001@qq.com", "a@例子.中国"],
        &[
            "",
            "a",
            "@example.com",
            "a@",
            "a@example",
            "a@qq.con",
            "a b@example.com",
            "a..b@example.com",
            ".a@example.com",
            "a@@example.com",
            "a@example.com.",
            "a@1.2.3.4",
            "张三@example.com",
        ],
    );
}

#[test]
fn urls() {
    expect(
        Format::Url,
        &[
            "https://beian.miit.gov.cn",
            "http://www.example.com:8080/a?b=c#d",
            "HTTPS://例子.中国/路径",
            "http://1.2.3.4/",
            "http://[2001:db8::1]:80/",
        ],
        &[
            "",
            "www.example.com",
            "ftp://example.com",
            "https://",
            "https://localhost",
            "https://a b.com",
            "https://example.com:0",
            "https://example.com:99999",
            "https://user@example.com",
            "http://[1::2",
            "https:/example.com",
        ],
    );
}

#[test]
fn domains_and_addresses() {
    expect(
        Format::Domain,
        &["example.cn", "www.example.com.cn", "例子.公司"],
        &["", "cn", "1.2.3.4", "https://example.cn"],
    );
    expect(Format::Ip, &["1.2.3.4", "2001:db8::1"], &["", "1.2.3", "1.2.3.256", "1.2.3.4:80", "example.cn"]);
}

#[test]
fn numbers() {
    expect(
        Format::Uscc,
        &["91440000FAKE000132", "91440000fake000132"],
        &["", "91440000FAKE000131", "91I40000FAKE000132"],
    );
    let known = known();
    let check = |kind, number| Format::CertificateNumber.check(number, kind, &known);
    assert_eq!(check(Some("resident_id_card"), "11010519491231002X"), Some(true));
    assert_eq!(check(Some("resident_id_card"), "110105194912310021"), Some(false));
    assert_eq!(check(None, "11010519491231002X"), None, "of what certificate?");
    assert_eq!(check(Some("library_card"), "1"), None);
}

#[test]
fn filing_numbers() {
    expect(
        Format::FilingNumber,
        &["粤ICP备12345678号", "粤ICP备12345678号-1", "赣ICP备2024031528号-4A", "粤icp备 12345678号－3x"],
        &["", "粤ICP备1234567号", "粤ICP12345678号", "粤ICP备12345678", "粤ICP备12345678号-0", "粤B2-20090059"],
    );
}

#[test]
fn fingerprints() {
    let md5 = "0123456789ABCDEF0123456789abcdef";
    let sha1 = "01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67";
    expect(Format::Fingerprint, &[md5, sha1], &["", "0123", "g123456789ABCDEF0123456789abcdef"]);
    let known = known();
    assert_eq!(Format::Fingerprint.check(sha1, Some("ios"), &known), Some(true));
    assert_eq!(Format::Fingerprint.check(md5, Some("ios"), &known), Some(false));
}

#[test]
fn public_keys() {
    let hex = "00:AF".repeat(128);
    let base64 = format!("-----BEGIN PUBLIC KEY-----\nMFkw{}\n-----END PUBLIC KEY-----", "EwYH".repeat(29) + "KoZ=");
    expect(
        Format::PublicKey,
        &[&hex, &format!("Modulus=0x{}", "AF".repeat(256)), &format!("Modulus: {}", "af".repeat(64)), &base64],
        &["", "AF", &"A".repeat(129), &"MFkw".repeat(5), &format!("{}!", "MFkw".repeat(40)), "无"],
    );
}

#[test]
fn packages_and_identifiers() {
    expect(
        Format::AppPackage,
        &["com.example.app", "com.example.my_app2", "com.Example-Inc.app", "cn.a.b"],
        &["", "app", "com..app", ".com.app", "com.app.", "com.例子.app", "com.a b"],
    );
    expect(
        Format::AppId,
        &["wx0123456789abcdef", "2021000000000000", "tt0123456789abcdef01", "com.example.quick"],
        &["", "wx0123", "wx0123456789ABCDEF", "小程序", "app"],
    );
    let known = known();
    assert_eq!(Format::AppPackage.check("com.Example-Inc.app", Some("android"), &known), Some(false));
    assert_eq!(Format::AppPackage.check("com.Example-Inc.app", Some("ios"), &known), Some(true));
    assert_eq!(Format::AppPackage.check("com.example.app", Some("symbian"), &known), Some(true), "by its shape alone");
}

#[test]
fn without_tables_nothing_is_guessed() {
    let nothing = Knowledge::new(|_| None);
    for format in [Format::Uscc, Format::FilingNumber, Format::Fingerprint, Format::Phone] {
        assert_eq!(format.check("13800000000", None, &nothing), None, "{format:?}");
    }
    assert_eq!(Format::Domain.check("example.cn", None, &nothing), Some(true));
}
