//! The functions that the engine itself knows, and what they need from outside.

use std::sync::Arc;

use super::typed::Ty;
use super::value::Value;
use crate::schema::format::Format;

/// A function of the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the functions'")]
pub enum Builtin {
    Months,
    Days,
    Years,
    DaysBetween,
    WorkdaysBetween,
    YearsBetween,
    Province,
    City,
    District,
    ContainsPlace,
    Suffix,
    BaseDomain,
    DomainLabel,
    Level,
    IsDomain,
    NumberOk,
    BirthDate,
    Gender,
    IssuingRegion,
    PhoneRegion,
    IsMobile,
    HanCount,
    Pinyin,
    Normalize,
    Related,
}

/// What an argument may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parameter {
    Int,
    Text,
    /// A date or an expiry.
    Day,
    /// A text, or a division code.
    TextOrRegion,
    /// A kind of certificate: a value of the enumeration, or its id as a text.
    CertificateKind,
}

impl Builtin {
    /// Every function and its name.
    pub const ALL: [(&'static str, Self); 25] = [
        ("months", Self::Months),
        ("days", Self::Days),
        ("years", Self::Years),
        ("days_between", Self::DaysBetween),
        ("workdays_between", Self::WorkdaysBetween),
        ("years_between", Self::YearsBetween),
        ("province", Self::Province),
        ("city", Self::City),
        ("district", Self::District),
        ("contains_place", Self::ContainsPlace),
        ("suffix", Self::Suffix),
        ("base_domain", Self::BaseDomain),
        ("domain_label", Self::DomainLabel),
        ("level", Self::Level),
        ("is_domain", Self::IsDomain),
        ("number_ok", Self::NumberOk),
        ("birth_date", Self::BirthDate),
        ("gender", Self::Gender),
        ("issuing_region", Self::IssuingRegion),
        ("phone_region", Self::PhoneRegion),
        ("is_mobile", Self::IsMobile),
        ("han_count", Self::HanCount),
        ("pinyin", Self::Pinyin),
        ("normalize", Self::Normalize),
        ("related", Self::Related),
    ];

    /// The function of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, builtin)| *builtin)
    }

    /// The name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, builtin)| *builtin == self).map_or("", |(name, _)| name)
    }

    pub(crate) fn parameters(self) -> &'static [Parameter] {
        use Parameter::{CertificateKind, Day, Int, Text, TextOrRegion};
        match self {
            Self::Months | Self::Days | Self::Years => &[Int],
            Self::DaysBetween | Self::WorkdaysBetween | Self::YearsBetween => &[Day, Day],
            Self::Province | Self::City | Self::District => &[TextOrRegion],
            Self::NumberOk | Self::BirthDate | Self::Gender | Self::IssuingRegion => &[CertificateKind, Text],
            Self::Related => &[Text, Text],
            _ => &[Text],
        }
    }

    /// The type of the result; `gender` is the schema's enumeration of that name.
    pub(crate) fn result(self, gender: Option<Ty>) -> Ty {
        match self {
            Self::Months | Self::Days | Self::Years => Ty::Duration,
            Self::DaysBetween | Self::WorkdaysBetween | Self::YearsBetween | Self::Level | Self::HanCount => Ty::Int,
            Self::Province | Self::IssuingRegion | Self::PhoneRegion => Ty::Region2,
            Self::City | Self::District => Ty::Region6,
            Self::ContainsPlace | Self::IsDomain | Self::NumberOk | Self::IsMobile | Self::Related => Ty::Bool,
            Self::BirthDate => Ty::Date,
            Self::Gender => gender.unwrap_or(Ty::Text),
            Self::Suffix | Self::BaseDomain | Self::DomainLabel | Self::Pinyin | Self::Normalize => Ty::Text,
        }
    }
}

/// Why a function has no answer although its arguments are known, in words for the report.
pub type Reason = String;

/// What functions know from outside of the document: places, holidays, numbers, domains, scripts.
pub trait Knows: Send + Sync {
    /// Calls a function on known arguments. `Err` is an unknown, with the reason where there is one to tell.
    ///
    /// Enumerations come and go as ids: `gender` gives `male` or `female` as a text.
    fn call<'d>(&self, builtin: Builtin, arguments: &[Value<'d>]) -> Result<Value<'d>, Option<Reason>>;

    /// Has the value the form? `of` is the id of what it belongs to, where that decides. `None`: it cannot be told.
    fn well_formed(&self, format: Format, text: &str, of: Option<&str>) -> Option<bool>;

    /// The name of a province (two digits) or a division (six digits).
    fn region_name(&self, code: i64) -> Option<String>;

    /// The same, shared: scripts call functions through it, and what they hold must not be borrowed.
    fn shared(&self) -> Option<Arc<dyn Knows>> {
        None
    }
}

/// What is shared already can be shared again.
impl<K: Knows + 'static> Knows for Arc<K> {
    fn call<'d>(&self, builtin: Builtin, arguments: &[Value<'d>]) -> Result<Value<'d>, Option<Reason>> {
        (**self).call(builtin, arguments)
    }

    fn well_formed(&self, format: Format, text: &str, of: Option<&str>) -> Option<bool> {
        (**self).well_formed(format, text, of)
    }

    fn region_name(&self, code: i64) -> Option<String> {
        (**self).region_name(code)
    }

    fn shared(&self) -> Option<Arc<dyn Knows>> {
        Some(Arc::clone(self) as Arc<dyn Knows>)
    }
}
