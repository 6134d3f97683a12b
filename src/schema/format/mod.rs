//! Forms of values: which are well formed.
//!
//! In: a text and the format of its field. Out: whether the text has that form, or nothing where that depends on a table
//! that is missing or on what the value belongs to. Whether a well-formed value is the right one is for rules to say.

mod app;
mod contact;
mod web;

use crate::knowledge::Knowledge;

/// A form that a value can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A mobile number of mainland China.
    Phone,
    /// A landline number.
    Landline,
    /// An e-mail address.
    Email,
    /// A web address.
    Url,
    /// A domain name.
    Domain,
    /// A unified social credit code, GB 32100-2015.
    Uscc,
    /// A number of a certificate, by its kind.
    CertificateNumber,
    /// A filing number.
    FilingNumber,
    /// A fingerprint of a certificate (MD5, SHA-1) in hexadecimal digits.
    Fingerprint,
    /// A public key.
    PublicKey,
    /// A package name or bundle id.
    AppPackage,
    /// An IP address.
    Ip,
    /// An identifier of a mini program or quick app.
    AppId,
}

impl Format {
    /// The names that a schema may use.
    pub const NAMES: [&'static str; 13] = [
        "phone",
        "landline",
        "email",
        "url",
        "domain",
        "uscc",
        "certificate_number",
        "filing_number",
        "fingerprint",
        "public_key",
        "app_package",
        "ip",
        "appid",
    ];

    /// The format of a name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "phone" => Self::Phone,
            "landline" => Self::Landline,
            "email" => Self::Email,
            "url" => Self::Url,
            "domain" => Self::Domain,
            "uscc" => Self::Uscc,
            "certificate_number" => Self::CertificateNumber,
            "filing_number" => Self::FilingNumber,
            "fingerprint" => Self::Fingerprint,
            "public_key" => Self::PublicKey,
            "app_package" => Self::AppPackage,
            "ip" => Self::Ip,
            "appid" => Self::AppId,
            _ => return None,
        })
    }

    /// Has the text this form? `of` is what it belongs to, where that decides: the kind of certificate of a number, the
    /// platform of a package name, fingerprint or identifier. `None` when it cannot be said.
    pub fn check(self, text: &str, of: Option<&str>, known: &Knowledge) -> Option<bool> {
        match self {
            Self::Phone => known.is_mobile(text),
            Self::Landline => Some(contact::is_landline(text)),
            Self::Email => Some(contact::is_email(text, known)),
            Self::Url => Some(web::is_url(text, known)),
            Self::Domain => Some(known.is_domain(text)),
            Self::Uscc => known.number_ok("uscc", text),
            Self::CertificateNumber => known.number_ok(of?, text),
            Self::FilingNumber => known.is_filing_number(text),
            Self::Fingerprint => known.is_fingerprint(of, text),
            Self::PublicKey => Some(app::is_public_key(text)),
            Self::AppPackage => {
                of.and_then(|platform| known.is_package(platform, text)).or(Some(app::is_package(text)))
            }
            Self::Ip => Some(web::is_ip(text)),
            Self::AppId => of.and_then(|platform| known.is_package(platform, text)).or(Some(app::is_app_id(text))),
        }
    }
}

#[cfg(test)]
mod tests;
