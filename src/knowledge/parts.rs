//! All parts in one place, each made from its tables when it is first needed.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

use super::{
    Calendar, Domains, FilingNumbers, Gender, Numbers, PhoneRegions, Place, Places, Platforms, UnknownYear, hanzi,
    phones,
};
use crate::source::{Diagnostic, Diagnostics};
use crate::table::Table;

/// The format of mobile numbers in the table of formats.
const MOBILE: &str = "mobile_cn";
/// The row of the table of words whose words do not relate two names.
const GENERIC: &str = "generic";

/// A part of what is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// Provinces, cities, districts.
    Places,
    /// Working days.
    Calendar,
    /// The provinces of mobile numbers.
    Phones,
    /// Numbers of certificates.
    Numbers,
    /// Suffixes of domain names beyond the public list.
    Domains,
    /// Filing numbers.
    FilingNumbers,
    /// Package names and fingerprints.
    Platforms,
    /// Words that do not relate two names.
    GenericWords,
}

impl Part {
    /// All parts.
    pub const ALL: [Self; 8] = [
        Self::Places,
        Self::Calendar,
        Self::Phones,
        Self::Numbers,
        Self::Domains,
        Self::FilingNumbers,
        Self::Platforms,
        Self::GenericWords,
    ];

    /// The tables that it is made from.
    pub fn tables(self) -> &'static [&'static str] {
        match self {
            Self::Places => &["provinces", "divisions"],
            Self::Calendar => &["holidays", "holiday_years"],
            Self::Phones => &["phone_regions"],
            Self::Numbers => &["certificates", "certificate_formats", "provinces"],
            Self::Domains => &["domain_suffixes"],
            Self::FilingNumbers => &["filing_number_formats"],
            Self::Platforms => &["app_platforms"],
            Self::GenericWords => &["words"],
        }
    }

    /// The part that a function of the condition language needs.
    pub fn of_function(name: &str) -> Option<Self> {
        Some(match name {
            "province" | "city" | "district" | "contains_place" => Self::Places,
            "workdays_between" => Self::Calendar,
            "phone_region" => Self::Phones,
            "is_mobile" | "number_ok" | "birth_date" | "gender" | "issuing_region" => Self::Numbers,
            "suffix" | "base_domain" | "domain_label" | "level" | "is_domain" => Self::Domains,
            "related" => Self::GenericWords,
            _ => return None,
        })
    }
}

type Lookup = Box<dyn Fn(&str) -> Option<Arc<Table>> + Send + Sync>;
type Cell<T> = OnceLock<Result<T, Diagnostics>>;

/// Everything that is known.
pub struct Knowledge {
    lookup: Lookup,
    places: Cell<Places>,
    calendar: Cell<Calendar>,
    phones: Cell<PhoneRegions>,
    numbers: Cell<Numbers>,
    domains: Cell<Domains>,
    filing_numbers: Cell<FilingNumbers>,
    platforms: Cell<Platforms>,
    generic: Cell<Vec<Box<str>>>,
    no_domains: Domains,
}

impl fmt::Debug for Knowledge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Knowledge")
            .field("missing", &self.missing().iter().map(|(part, _)| *part).collect::<Vec<_>>())
            .finish()
    }
}

impl Knowledge {
    /// Nothing is read yet; `lookup` gives a table by its name.
    pub fn new(lookup: impl Fn(&str) -> Option<Arc<Table>> + Send + Sync + 'static) -> Self {
        Self {
            lookup: Box::new(lookup),
            places: OnceLock::new(),
            calendar: OnceLock::new(),
            phones: OnceLock::new(),
            numbers: OnceLock::new(),
            domains: OnceLock::new(),
            filing_numbers: OnceLock::new(),
            platforms: OnceLock::new(),
            generic: OnceLock::new(),
            no_domains: Domains::default(),
        }
    }

    /// Reads the tables of a part and looks through them, patterns included.
    ///
    /// # Errors
    /// A table that is not there, and everything that is wrong with the ones that are.
    pub fn check(&self, part: Part) -> Result<(), Diagnostics> {
        if let Some(problem) = self.make(part) {
            return Err(problem.clone());
        }
        let problems = match part {
            Part::Numbers => {
                self.numbers().zip(self.table("certificate_formats")).map(|(own, table)| own.problems(&table))
            }
            Part::FilingNumbers => {
                self.filing_numbers().zip(self.table("filing_number_formats")).map(|(own, table)| own.problems(&table))
            }
            Part::Platforms => {
                self.platforms().zip(self.table("app_platforms")).map(|(own, table)| own.problems(&table))
            }
            _ => None,
        };
        problems.filter(Diagnostics::has_errors).map_or(Ok(()), Err)
    }

    /// The parts that were asked for something and could not be made, and why.
    pub fn missing(&self) -> Vec<(Part, Diagnostics)> {
        fn error<T>(cell: &Cell<T>) -> Option<&Diagnostics> {
            cell.get()?.as_ref().err()
        }
        let errors = Part::ALL.map(|part| match part {
            Part::Places => error(&self.places),
            Part::Calendar => error(&self.calendar),
            Part::Phones => error(&self.phones),
            Part::Numbers => error(&self.numbers),
            Part::Domains => error(&self.domains),
            Part::FilingNumbers => error(&self.filing_numbers),
            Part::Platforms => error(&self.platforms),
            Part::GenericWords => error(&self.generic),
        });
        Part::ALL.into_iter().zip(errors).filter_map(|(part, error)| Some((part, error?.clone()))).collect()
    }

    /// Makes a part; gives what kept it from being made.
    fn make(&self, part: Part) -> Option<&Diagnostics> {
        match part {
            Part::Places => self.made_places().as_ref().err(),
            Part::Calendar => self.made_calendar().as_ref().err(),
            Part::Phones => self.made_phones().as_ref().err(),
            Part::Numbers => self.made_numbers().as_ref().err(),
            Part::Domains => self.made_domains().as_ref().err(),
            Part::FilingNumbers => self.made_filing_numbers().as_ref().err(),
            Part::Platforms => self.made_platforms().as_ref().err(),
            Part::GenericWords => self.made_generic().as_ref().err(),
        }
    }

    fn table(&self, name: &str) -> Option<Arc<Table>> {
        (self.lookup)(name)
    }

    /// A table that a part cannot do without.
    fn need(&self, name: &str) -> Result<Arc<Table>, Diagnostics> {
        self.table(name).ok_or_else(|| Diagnostic::error("missing-table", format!("there is no table `{name}`")).into())
    }

    fn made_places(&self) -> &Result<Places, Diagnostics> {
        self.places.get_or_init(|| Places::new(&*self.need("provinces")?, &*self.need("divisions")?))
    }

    fn made_calendar(&self) -> &Result<Calendar, Diagnostics> {
        self.calendar.get_or_init(|| Calendar::new(&*self.need("holidays")?, &*self.need("holiday_years")?))
    }

    fn made_phones(&self) -> &Result<PhoneRegions, Diagnostics> {
        self.phones.get_or_init(|| PhoneRegions::new(&*self.need("phone_regions")?))
    }

    fn made_numbers(&self) -> &Result<Numbers, Diagnostics> {
        self.numbers.get_or_init(|| {
            let (certificates, formats) = (self.need("certificates")?, self.need("certificate_formats")?);
            Numbers::new(&certificates, &formats, &*self.need("provinces")?)
        })
    }

    fn made_domains(&self) -> &Result<Domains, Diagnostics> {
        self.domains.get_or_init(|| Domains::new(&*self.need("domain_suffixes")?))
    }

    fn made_filing_numbers(&self) -> &Result<FilingNumbers, Diagnostics> {
        self.filing_numbers.get_or_init(|| FilingNumbers::new(&*self.need("filing_number_formats")?))
    }

    fn made_platforms(&self) -> &Result<Platforms, Diagnostics> {
        self.platforms.get_or_init(|| Platforms::new(&*self.need("app_platforms")?))
    }

    fn made_generic(&self) -> &Result<Vec<Box<str>>, Diagnostics> {
        self.generic.get_or_init(|| generic_words(&*self.need("words")?))
    }

    fn places(&self) -> Option<&Places> {
        self.made_places().as_ref().ok()
    }

    fn numbers(&self) -> Option<&Numbers> {
        self.made_numbers().as_ref().ok()
    }

    fn filing_numbers(&self) -> Option<&FilingNumbers> {
        self.made_filing_numbers().as_ref().ok()
    }

    fn platforms(&self) -> Option<&Platforms> {
        self.made_platforms().as_ref().ok()
    }

    /// The public list alone where the table is missing: most names need no more.
    fn domains(&self) -> &Domains {
        self.made_domains().as_ref().unwrap_or(&self.no_domains)
    }
}

/// The words of the row `generic`.
fn generic_words(table: &Table) -> Result<Vec<Box<str>>, Diagnostics> {
    let [words] = table.require([("words", crate::table::ColumnType::Texts)])?;
    let row = table.row_by_key(GENERIC).and_then(|row| row.get(words)?.as_texts());
    row.map(<[Box<str>]>::to_vec).ok_or_else(|| {
        let message = format!("the table `{}` needs a row `{GENERIC}`: words that do not relate two names", table.name);
        Diagnostic::error("missing-row", message).at(&table.file, 0..0, "").into()
    })
}

/// Places.
impl Knowledge {
    /// The province that a text names, or a code of two or six digits stands for.
    pub fn province(&self, text: &str) -> Option<u8> {
        self.places()?.province(text)
    }

    /// The city that a text names, or a code of six digits stands for.
    pub fn city(&self, text: &str) -> Option<u32> {
        self.places()?.city(text)
    }

    /// The district that a text names, or a code of six digits stands for.
    pub fn district(&self, text: &str) -> Option<u32> {
        self.places()?.district(text)
    }

    /// The place of a code of six digits, such as a field of type region6 holds.
    pub fn place_of(&self, code: u32) -> Option<Place> {
        Some(self.places()?.place_of(code))
    }

    /// The name of a province (two digits) or a division (six digits).
    pub fn region_name_of(&self, code: u32) -> Option<String> {
        self.places()?.name_of(code).map(str::to_owned)
    }

    /// Does the text have the name of a place in it?
    pub fn contains_place(&self, text: &str) -> Option<bool> {
        Some(self.places()?.contains_place(text))
    }
}

/// Days and numbers.
impl Knowledge {
    /// Working days after `from`, up to and with `to`; `None` without the tables.
    pub fn workdays_between(&self, from: i64, to: i64) -> Option<Result<i64, UnknownYear>> {
        Some(self.made_calendar().as_ref().ok()?.workdays_between(from, to))
    }

    /// The province that a mobile number was issued in.
    pub fn phone_region(&self, text: &str) -> Option<u8> {
        self.made_phones().as_ref().ok()?.region(text)
    }

    /// Is this a mobile number of mainland China?
    pub fn is_mobile(&self, text: &str) -> Option<bool> {
        let Some(digits) = phones::mobile_digits(text) else { return Some(false) };
        self.numbers()?.number_ok(MOBILE, &digits.to_string())
    }

    /// Is the number well formed for a kind of certificate (or a format, such as `uscc`)?
    pub fn number_ok(&self, kind: &str, number: &str) -> Option<bool> {
        self.numbers()?.number_ok(kind, number)
    }

    /// The birth date that a number carries.
    pub fn birth_date(&self, kind: &str, number: &str) -> Option<i64> {
        self.numbers()?.birth_date(kind, number)
    }

    /// The gender that a number carries.
    pub fn gender(&self, kind: &str, number: &str) -> Option<Gender> {
        self.numbers()?.gender(kind, number)
    }

    /// The province whose authority gave out a number.
    pub fn issuing_region(&self, kind: &str, number: &str) -> Option<u8> {
        self.numbers()?.issuing_region(kind, number)
    }

    /// Is this a filing number?
    pub fn is_filing_number(&self, text: &str) -> Option<bool> {
        self.filing_numbers()?.is_filing_number(text)
    }

    /// Is this a fingerprint of the platform, or of any?
    pub fn is_fingerprint(&self, platform: Option<&str>, text: &str) -> Option<bool> {
        self.platforms()?.is_fingerprint(platform, text)
    }

    /// Is this a package name of the platform?
    pub fn is_package(&self, platform: &str, text: &str) -> Option<bool> {
        self.platforms()?.is_package(platform, text)
    }
}

/// Domain names and names.
impl Knowledge {
    /// Is this a domain name under a suffix that exists?
    pub fn is_domain(&self, text: &str) -> bool {
        self.domains().is_domain(text)
    }

    /// The public suffix, such as `com.cn`.
    pub fn suffix<'t>(&self, text: &'t str) -> Option<Cow<'t, str>> {
        self.domains().suffix(text)
    }

    /// The name that is registered, such as `example.com.cn`.
    pub fn base_domain<'t>(&self, text: &'t str) -> Option<Cow<'t, str>> {
        self.domains().base_domain(text)
    }

    /// The label before the suffix, such as `example`.
    pub fn domain_label<'t>(&self, text: &'t str) -> Option<Cow<'t, str>> {
        self.domains().domain_label(text)
    }

    /// How deep the name is; the base domain is 2.
    pub fn level(&self, text: &str) -> Option<i64> {
        self.domains().level(text)
    }

    /// Have two names to do with each other? Generic words and names of places do not relate them.
    pub fn related(&self, a: &str, b: &str) -> Option<bool> {
        let generic = self.made_generic().as_ref().ok()?;
        let places = self.places().into_iter().flat_map(|places| places.names_in(a).chain(places.names_in(b)));
        let words: Vec<&str> = generic.iter().map(|word| &**word).chain(places).collect();
        Some(hanzi::related(a, b, &words))
    }
}
