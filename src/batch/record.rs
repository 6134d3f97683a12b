//! One line of the output: where a filing stands, and its report or what is wrong with it.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::report::Report;

/// A part of a report: one of its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the keys are described where the report is")]
pub enum Part {
    Version,
    Filing,
    Policies,
    Verdict,
    Checklist,
    Violations,
    Questions,
    Manual,
    Notices,
    Errors,
}

impl Part {
    /// All, in the order of the report.
    pub const ALL: [Self; 10] = [
        Self::Version,
        Self::Filing,
        Self::Policies,
        Self::Verdict,
        Self::Checklist,
        Self::Violations,
        Self::Questions,
        Self::Manual,
        Self::Notices,
        Self::Errors,
    ];

    /// Its key.
    pub fn key(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Filing => "filing",
            Self::Policies => "policies",
            Self::Verdict => "verdict",
            Self::Checklist => "checklist",
            Self::Violations => "violations",
            Self::Questions => "questions",
            Self::Manual => "manual",
            Self::Notices => "notices",
            Self::Errors => "errors",
        }
    }
}

/// Some parts of a report.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts<'a> {
    pub(super) report: &'a Report,
    /// All when there are none.
    pub(super) parts: &'a [Part],
}

impl Serialize for Parts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.parts.is_empty() {
            return self.report.serialize(serializer);
        }
        let report = self.report;
        let mut map = serializer.serialize_map(None)?;
        for part in Part::ALL.into_iter().filter(|part| self.parts.contains(part)) {
            let key = part.key();
            match part {
                Part::Version => map.serialize_entry(key, &report.version)?,
                Part::Filing => map.serialize_entry(key, &report.filing)?,
                Part::Policies => map.serialize_entry(key, &report.policies)?,
                Part::Verdict => map.serialize_entry(key, &report.verdict)?,
                Part::Checklist => map.serialize_entry(key, &report.checklist)?,
                Part::Violations => map.serialize_entry(key, &report.violations)?,
                Part::Questions => map.serialize_entry(key, &report.questions)?,
                Part::Manual => map.serialize_entry(key, &report.manual)?,
                Part::Notices => map.serialize_entry(key, &report.notices)?,
                Part::Errors => map.serialize_entry(key, &report.errors)?,
            }
        }
        map.end()
    }
}

/// One line of the output; `R` is what stands under `report`.
#[derive(Debug, Serialize)]
pub struct Record<'a, R: Serialize> {
    /// The line on which the filing begins, from 1.
    pub line: u64,
    /// Which element of a list it is, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// The byte at which a filing begins that is wrong, from 0, after decompression.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// The file as the caller named it, when there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<&'a str>,
    /// What came out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<R>,
    /// What is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errors: Option<Vec<Mistake>>,
}

/// What is wrong with a filing that cannot be evaluated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mistake {
    /// The stable code.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// The place in the document, such as `subject.nature`; absent where there is none, as in what is no JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The byte of the file, from 0, after decompression.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}
