//! Domain names: their public suffix and what stands before it.
//!
//! In: a text, and the table of suffixes under which filings are made, for those that the public suffix list does not
//! have. Out: parts of the name in one form: small letters, Chinese characters rather than `xn--`, no dot at the end.
//! Private suffixes (`github.io`) are names that somebody registered, so they are no suffixes here.

use std::borrow::Cow;

use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};
use rustc_hash::FxHashSet;

use crate::source::Diagnostics;
use crate::table::{ColumnType, Table};

/// The longest name that DNS allows.
const LONGEST: usize = 253;
/// The longest label that DNS allows.
const LONGEST_LABEL: usize = 63;

/// Takes domain names apart.
#[derive(Debug, Default)]
pub struct Domains {
    /// Suffixes of the table, without a dot before them.
    more: FxHashSet<Box<str>>,
}

/// A name in its one form, and where its suffix and its base begin.
struct Parts<'t> {
    name: Cow<'t, str>,
    base: usize,
    suffix: usize,
}

impl Domains {
    /// Reads `domain_suffixes`: `suffix`, with or without a dot before it.
    ///
    /// # Errors
    /// A missing column.
    pub fn new(suffixes: &Table) -> Result<Self, Diagnostics> {
        let [suffix] = suffixes.require([("suffix", ColumnType::Text)])?;
        let texts = suffixes.rows.iter().filter_map(|row| row.get(suffix)?.as_text());
        let more = texts.filter_map(|text| normal(text.trim_start_matches('.'))).map(|text| text.into()).collect();
        Ok(Self { more })
    }

    /// Is this a domain name under a suffix that exists? A suffix alone is none, nor is an IP address.
    pub fn is_domain(&self, text: &str) -> bool {
        self.parts(text).is_some()
    }

    /// The public suffix, such as `com.cn`.
    pub fn suffix<'t>(&self, text: &'t str) -> Option<Cow<'t, str>> {
        self.parts(text).map(|parts| cut(parts.name, parts.suffix, None))
    }

    /// The name that is registered: one label and the suffix, such as `example.com.cn`.
    pub fn base_domain<'t>(&self, text: &'t str) -> Option<Cow<'t, str>> {
        self.parts(text).map(|parts| cut(parts.name, parts.base, None))
    }

    /// The label before the suffix, such as `example`.
    pub fn domain_label<'t>(&self, text: &'t str) -> Option<Cow<'t, str>> {
        self.parts(text).map(|parts| cut(parts.name, parts.base, Some(parts.suffix - 1)))
    }

    /// How deep the name is; the base domain is 2, whatever its suffix.
    pub fn level(&self, text: &str) -> Option<i64> {
        let parts = self.parts(text)?;
        let before = parts.name.get(..parts.base)?.bytes().filter(|byte| *byte == b'.').count();
        i64::try_from(before + 2).ok()
    }

    fn parts<'t>(&self, text: &'t str) -> Option<Parts<'t>> {
        let name = normal(text)?;
        let suffix = self.suffix_start(&name)?;
        let before = name.get(..suffix.checked_sub(1)?)?;
        let base = before.rfind('.').map_or(0, |dot| dot + 1);
        Some(Parts { name, base, suffix })
    }

    /// Where the longest suffix begins that is on one of the two lists.
    fn suffix_start(&self, name: &str) -> Option<usize> {
        let public = public_suffix(name).map(|suffix| name.len() - suffix.len());
        let starts = std::iter::once(0).chain(name.match_indices('.').map(|(at, _)| at + 1));
        let own = starts.into_iter().find(|start| name.get(*start..).is_some_and(|rest| self.more.contains(rest)));
        match (public, own) {
            (Some(public), Some(own)) => Some(public.min(own)),
            (public, own) => public.or(own),
        }
    }
}

/// The suffix of the list's public part. A private suffix is taken as a name under a shorter one.
fn public_suffix(name: &str) -> Option<&str> {
    let mut rest = name;
    loop {
        let found = psl::suffix(rest.as_bytes())?;
        match found.typ()? {
            psl::Type::Icann => return rest.get(rest.len() - found.as_bytes().len()..),
            psl::Type::Private => {
                let suffix = rest.get(rest.len() - found.as_bytes().len()..)?;
                rest = suffix.split_once('.')?.1;
            }
        }
    }
}

fn cut(name: Cow<'_, str>, start: usize, end: Option<usize>) -> Cow<'_, str> {
    let end = end.unwrap_or(name.len());
    match name {
        Cow::Borrowed(name) => Cow::Borrowed(name.get(start..end).unwrap_or_default()),
        Cow::Owned(name) => Cow::Owned(name.get(start..end).unwrap_or_default().to_owned()),
    }
}

/// The one form of a name, or `None` when no name can look like this.
pub(super) fn normal(text: &str) -> Option<Cow<'_, str>> {
    let text = text.trim();
    let plain = text.is_ascii() && !text.as_bytes().windows(4).any(|bytes| bytes.eq_ignore_ascii_case(b"xn--"));
    let name = if plain {
        let text = text.strip_suffix('.').unwrap_or(text);
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(text.to_ascii_lowercase())
        } else {
            Cow::Borrowed(text)
        }
    } else {
        Cow::Owned(unicode(text)?)
    };
    let ascii_labels = name.split('.').filter(|label| label.is_ascii());
    let good = name.len() <= LONGEST && !name.is_empty() && ascii_labels.into_iter().all(is_label);
    // The last label of a name is never a number; of an IP address it is.
    let last = name.rsplit('.').next()?;
    (good && !last.bytes().all(|byte| byte.is_ascii_digit())).then_some(name)
}

fn is_label(label: &str) -> bool {
    (1..=LONGEST_LABEL).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// The Unicode form of a name with Chinese or `xn--` labels; through ASCII, so that both spellings end the same.
fn unicode(text: &str) -> Option<String> {
    let text = text.strip_suffix(['.', '。', '．']).unwrap_or(text);
    let uts46 = Uts46::new();
    let (deny, hyphens) = (AsciiDenyList::STD3, Hyphens::CheckFirstLast);
    let ascii = uts46.to_ascii(text.as_bytes(), deny, hyphens, DnsLength::Verify).ok()?;
    let (unicode, result) = uts46.to_unicode(ascii.as_bytes(), deny, hyphens);
    result.ok()?;
    Some(unicode.into_owned())
}
