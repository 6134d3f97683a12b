//! What holds for all filings of a stream: the policies, and what the caller puts over what filings say.

use chrono::{Datelike, NaiveDate};

use super::record::Part;
use crate::condition::{Language, Place, Registers, Scope};
use crate::filing::{Document, Slot, set};
use crate::policy::Policies;
use crate::report::fields;
use crate::source::{Diagnostic, Diagnostics, Node, NodeValue, SourceFile};

/// What stands over what filings say.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// The day, also of filings that give one.
    pub as_of: Option<NaiveDate>,
    /// The province's code.
    pub province: Option<String>,
    /// The provider's id.
    pub provider: Option<String>,
}

/// A field that is the same in all filings.
#[derive(Debug)]
struct Fixed {
    slot: u32,
    value: Slot,
    /// The value, where it is a text: that stands elsewhere in every document.
    text: Option<String>,
}

/// What holds for all filings of a stream.
#[derive(Debug)]
pub struct Settings {
    /// The policies.
    pub policies: Policies,
    /// The language of the program's own words.
    pub language: Language,
    /// Show id numbers, phones and e-mail addresses as they are.
    pub show_sensitive: bool,
    /// Which parts of a report are written; all when there are none.
    pub parts: Vec<Part>,
    fixed: Vec<Fixed>,
    date: Option<u32>,
    as_of: Option<i64>,
    today: i64,
}

impl Settings {
    /// Checks the overrides once; `today` is the day of filings that give none.
    ///
    /// # Errors
    /// A province or a provider that does not exist.
    pub fn new(policies: Policies, overrides: &Overrides, today: NaiveDate) -> Result<Self, Diagnostics> {
        let mut fixed = Vec::new();
        if let Some(code) = &overrides.province {
            known_province(&policies, code)?;
            fixed.extend(fix(&policies, fields::PROVINCE, "--province", code)?);
        }
        if let Some(id) = &overrides.provider {
            fixed.extend(fix(&policies, fields::PROVIDER, "--provider", id)?);
        }
        let date = slot(&policies, &Document::empty(&policies.world.schema), fields::DATE);
        let number = |day: NaiveDate| i64::from(day.num_days_from_ce());
        Ok(Self {
            policies,
            language: Language::default(),
            show_sensitive: false,
            parts: Vec::new(),
            fixed,
            date,
            as_of: overrides.as_of.map(number),
            today: number(today),
        })
    }

    /// Puts the overrides into a document; gives the day of its report, which it then says too.
    pub(super) fn apply(&self, document: &mut Document) -> i64 {
        for fixed in &self.fixed {
            let value = fixed.text.as_ref().map_or(fixed.value, |text| document.push_text(text));
            document.set(fixed.slot, value);
        }
        let written = self.date.map(|date| document.slot(date));
        let day = match (self.as_of, written) {
            (None, Some(Slot::Int(day))) => return day,
            (as_of, _) => as_of.unwrap_or(self.today),
        };
        if let Some(date) = self.date {
            document.set(date, Slot::Int(day));
        }
        day
    }
}

/// The slot of a field that stands in the document itself.
fn slot(policies: &Policies, document: &Document, path: &str) -> Option<u32> {
    let place = Place::resolve(&policies.world.schema, &Scope::root(), path).ok()?;
    place.slots(document, &Registers::default()).first().copied()
}

/// Reads the text of an option as the field would.
fn fix(policies: &Policies, path: &str, option: &str, text: &str) -> Result<Option<Fixed>, Diagnostics> {
    let schema = &policies.world.schema;
    let mut document = Document::empty(schema);
    let file = SourceFile::new(option, text);
    let node = Node { span: 0..text.len(), value: NodeValue::Text(text.to_owned()) };
    set(schema, &mut document, path, &node, &file, 0..text.len())?;
    Ok(slot(policies, &document, path).map(|slot| {
        let value = document.slot(slot);
        let text = matches!(value, Slot::Text { .. }).then(|| text.to_owned());
        Fixed { slot, value, text }
    }))
}

/// A province that exists: by its shape alone `99` would be one.
fn known_province(policies: &Policies, code: &str) -> Result<(), Diagnostic> {
    let knowledge = policies.world.knowledge();
    let number = code.parse().ok().filter(|_| code.len() == 2);
    if number.and_then(|code| knowledge.region_name_of(code)).is_some() {
        return Ok(());
    }
    let file = SourceFile::new("--province", code);
    Err(Diagnostic::error("unknown-province", format!("there is no province `{code}`"))
        .at(&file, 0..code.len(), "no such code")
        .help("a province is the first two digits of its code in GB/T 2260, such as `44`"))
}
