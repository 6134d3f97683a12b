//! Forms of values: which are well formed. (To be completed.)

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
    /// An MD5 or SHA-1 fingerprint in hexadecimal digits.
    Fingerprint,
    /// A public key.
    PublicKey,
    /// A package name.
    AppPackage,
    /// An IP address.
    Ip,
    /// An identifier of a mini program.
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
}
