//! What applications are known by: package names, identifiers, public keys.

/// Lengths that public keys have in hexadecimal digits: from a point of a small curve to a long RSA modulus.
const HEX_KEY: std::ops::RangeInclusive<usize> = 128..=2100;
/// The same in Base64, where a key has its header with it.
const BASE64_KEY: std::ops::RangeInclusive<usize> = 80..=1600;
/// The longest package name.
const LONGEST_PACKAGE: usize = 255;

/// A package name of Android, HarmonyOS or a quick app, or a bundle id of iOS: names joined by dots, widest to narrowest.
pub(super) fn is_package(text: &str) -> bool {
    let name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    text.len() <= LONGEST_PACKAGE
        && text.contains('.')
        && text.split('.').all(name)
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// An identifier of a mini program or quick app: `wx` and 16 hexadecimal digits on WeChat; letters and digits, or a package
/// name, elsewhere.
pub(super) fn is_app_id(text: &str) -> bool {
    if let Some(rest) = text.strip_prefix("wx") {
        return rest.len() == 16 && rest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    }
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric()) && text.bytes().any(|byte| byte.is_ascii_digit());
    (plain && (8..=64).contains(&text.len())) || is_package(text)
}

/// A public key: the digits of its number, or Base64 of the whole structure, with or without the lines around it.
pub(super) fn is_public_key(text: &str) -> bool {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with("-----"));
    let key: String = lines.flat_map(str::chars).filter(|c| !c.is_whitespace() && *c != ':').collect();
    let key = key.strip_prefix("Modulus").map_or(key.as_str(), |rest| rest.trim_start_matches('='));
    let key = key.strip_prefix("0x").or_else(|| key.strip_prefix("0X")).unwrap_or(key);
    let hex = HEX_KEY.contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hex {
        return key.len().is_multiple_of(2);
    }
    let body = key.trim_end_matches('=');
    BASE64_KEY.contains(&key.len())
        && key.len().is_multiple_of(4)
        && key.len() - body.len() <= 2
        && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}
