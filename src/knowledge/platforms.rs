//! Platforms of applications: what their package names and fingerprints look like.
//!
//! In: the table of platforms. Out: answers for one platform, or for any of them when it is not known which.

use rustc_hash::FxHashMap;

use super::hanzi;
use super::pattern::{Pattern, any_matches};
use crate::source::Diagnostics;
use crate::table::{ColumnType, Table};

/// The patterns of one platform.
#[derive(Debug, Default)]
struct Platform {
    package: Vec<Pattern>,
    fingerprint: Vec<Pattern>,
}

/// The patterns of all platforms.
#[derive(Debug)]
pub struct Platforms {
    platforms: Vec<Platform>,
    by_id: FxHashMap<Box<str>, usize>,
}

impl Platforms {
    /// Reads `app_platforms`: `id`, `package_pattern`, `fingerprint_patterns`.
    ///
    /// # Errors
    /// Missing columns.
    pub fn new(table: &Table) -> Result<Self, Diagnostics> {
        let [id, package, fingerprint] = table.require([
            ("id", ColumnType::Text),
            ("package_pattern", ColumnType::Text),
            ("fingerprint_patterns", ColumnType::Texts),
        ])?;
        let mut platforms = Vec::with_capacity(table.rows.len());
        let mut by_id = FxHashMap::default();
        for row in 0..table.rows.len() {
            let fingerprints = table.cell(row, fingerprint).as_texts().unwrap_or_default();
            if let Some(id) = table.cell(row, id).as_text() {
                by_id.insert(id.into(), platforms.len());
            }
            let package = table.cell(row, package).as_text().filter(|text| !text.is_empty());
            platforms.push(Platform {
                package: package.map(|text| Pattern::new(text, row)).into_iter().collect(),
                fingerprint: fingerprints.iter().map(|text| Pattern::new(text, row)).collect(),
            });
        }
        Ok(Self { platforms, by_id })
    }

    /// What is wrong with the patterns of the table it was made from.
    pub fn problems(&self, table: &Table) -> Diagnostics {
        let patterns = self.platforms.iter().flat_map(|platform| platform.package.iter().chain(&platform.fingerprint));
        patterns.filter_map(|pattern| pattern.problem(table)).collect()
    }

    /// Is this a package name (or an identifier that stands for one) of the platform? `None` when the table does not say.
    pub fn is_package(&self, platform: &str, text: &str) -> Option<bool> {
        any_matches(self.of(Some(platform)).flat_map(|platform| &platform.package), text)
    }

    /// Is this a fingerprint of the platform, or of any? Colons, spaces and small letters do not matter.
    pub fn is_fingerprint(&self, platform: Option<&str>, text: &str) -> Option<bool> {
        any_matches(self.of(platform).flat_map(|platform| &platform.fingerprint), &hanzi::normalize(text))
    }

    fn of(&self, platform: Option<&str>) -> impl Iterator<Item = &Platform> {
        let one = platform.map(|id| self.by_id.get(id).copied());
        self.platforms
            .iter()
            .enumerate()
            .filter(move |(index, _)| one.is_none_or(|one| one == Some(*index)))
            .map(|(_, own)| own)
    }
}
