//! The report as data.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

/// The version of the JSON form.
pub const VERSION: u32 = 1;

/// What is to be said of one filing.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Report {
    /// The version of this form.
    pub version: u32,
    /// Which filing.
    pub filing: FilingHead,
    /// The policies that were used, and those that a filing names and that are not there yet.
    pub policies: Vec<PolicyEntry>,
    /// The result.
    pub verdict: Verdict,
    /// The materials.
    pub checklist: Vec<Item>,
    /// What would get it rejected or questioned.
    pub violations: Vec<Violation>,
    /// Fields that would settle what is open.
    pub questions: Vec<Question>,
    /// What only a person can check.
    pub manual: Vec<ManualCheck>,
    /// How it is handled.
    pub notices: Vec<Notice>,
    /// Rules that could not be evaluated.
    pub errors: Vec<ErrorEntry>,
}

/// Which filing it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FilingHead {
    /// `filing.kind`.
    pub kind: Option<String>,
    /// `filing.province`.
    pub province: Option<String>,
    /// `filing.provider`.
    pub provider: Option<String>,
    /// `subject.nature`.
    pub nature: Option<String>,
    /// The kinds of the services.
    pub services: Vec<String>,
    /// Which of these the filing does not say and were derived from the rest: paths.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub derived: Vec<String>,
    /// The day of the report, ISO.
    pub as_of: String,
    /// The same in words.
    pub words: HeadWords,
}

/// A filing's head as people read it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HeadWords {
    /// The kind of filing.
    pub kind: Option<String>,
    /// The province.
    pub province: Option<String>,
    /// The provider.
    pub provider: Option<String>,
    /// The nature of the subject.
    pub nature: Option<String>,
    /// The kinds of the services.
    pub services: Vec<String>,
}

/// A layer that was used, or is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PolicyEntry {
    /// Its id.
    pub id: String,
    /// Its name; absent when nothing gives one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Who makes its rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// Digest of its files; absent when there is no such layer yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The filing names it, and there are no policies for it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub missing: bool,
}

/// The result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing is left.
    Ready,
    /// Only manual checks or warnings are left.
    NeedsReview,
    /// A rule that blocks cannot be told yet.
    NeedsInformation,
    /// A rule that blocks is violated, or a material that blocks is not there.
    Rejected,
}

/// How a material stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemStatus {
    /// Not there.
    Missing,
    /// There, but not in the form that is asked for.
    Deficient,
    /// Fields that are not given decide it.
    Conditional,
    /// There.
    Provided,
}

/// One of several materials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Choice {
    /// The id in the catalogue.
    pub material: String,
    /// Its name.
    pub name: String,
}

/// A line of the checklist.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Item {
    /// The id in the catalogue; absent when one of several is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub material: Option<String>,
    /// Its name, or those of the choice.
    pub name: String,
    /// What it is for: `subject`, or the name of a service or a person.
    #[serde(rename = "for")]
    pub for_whom: String,
    /// The category's id.
    pub category: String,
    /// The category in words.
    pub category_label: String,
    /// How it stands.
    pub status: ItemStatus,
    /// The strictest severity behind it.
    pub severity: String,
    /// One of these.
    pub any_of: Vec<Choice>,
    /// The form, by the ids of `forms.toml`.
    pub form: BTreeMap<String, serde_json::Value>,
    /// The form in words.
    pub form_words: Vec<String>,
    /// The usual form, who signs and seals, where it is uploaded: from the catalogue.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub usual_form: String,
    /// Where it is uploaded.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub upload_to: String,
    /// What is wrong with the one that is there.
    pub deficiencies: Vec<String>,
    /// The fields that decide it.
    pub depends_on: Vec<Question>,
    /// Why it is asked for.
    pub reasons: Vec<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fixes: Vec<String>,
    /// The one that is there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub at: Vec<Place>,
    /// What to know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The rules behind it.
    pub rules: Vec<String>,
    /// The facts behind it.
    pub facts: Vec<String>,
    /// Who says so.
    pub sources: Vec<Citation>,
}

/// Who says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Citation {
    /// The source's id in its layer.
    pub id: String,
    /// The layer.
    pub layer: String,
    /// Who published it.
    pub publisher: String,
    /// Its title.
    pub title: String,
    /// Where it is.
    pub locator: String,
    /// When it was written.
    pub dated: String,
}

/// A place in the filing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Place {
    /// The path, such as `subject.principal.phone`.
    pub path: String,
    /// Its name in words.
    pub label: String,
    /// The line, from 1; absent when the filing does not say it anywhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column, from 1, in characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// The value, masked where it is sensitive; absent when it is not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The bytes in the file, for underlining.
    #[serde(skip)]
    pub span: Option<std::ops::Range<usize>>,
    /// The span is the value's own; otherwise it is that of the nearest thing around it.
    #[serde(skip)]
    pub exact: bool,
}

/// What would get the filing rejected or questioned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Violation {
    /// The rule; of several that say the same, the strictest.
    pub rule: String,
    /// `block`, `warn` or `info`.
    pub severity: String,
    /// What must hold.
    pub title: String,
    /// What was found.
    pub message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// What else to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where.
    pub at: Vec<Place>,
    /// All rules that say so.
    pub rules: Vec<String>,
    /// The facts behind them.
    pub facts: Vec<String>,
    /// Who says so.
    pub sources: Vec<Citation>,
    /// How sure the facts are: the surest counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<String>,
}

/// A field that would settle what is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Question {
    /// The path.
    pub path: String,
    /// Its name in words.
    pub label: String,
    /// What it is and how to find it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub help: String,
    /// The rules that ask.
    pub asked_by: Vec<String>,
    /// Why no field settles it, where that is so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
}

/// What only a person can check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ManualCheck {
    /// The rule.
    pub rule: String,
    /// Its severity.
    pub severity: String,
    /// What must hold.
    pub title: String,
    /// The question.
    pub what: String,
    /// Where to look.
    pub at: Vec<Place>,
    /// All rules that ask.
    pub rules: Vec<String>,
    /// The facts behind it.
    pub facts: Vec<String>,
    /// Who says so.
    pub sources: Vec<Citation>,
}

/// How it is handled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Notice {
    /// The rule.
    pub rule: String,
    /// What to know.
    pub text: String,
    /// All rules that say so.
    pub rules: Vec<String>,
    /// The facts behind it.
    pub facts: Vec<String>,
    /// Who says so.
    pub sources: Vec<Citation>,
}

/// A rule that could not be evaluated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ErrorEntry {
    /// The rule.
    pub rule: String,
    /// What happened.
    pub message: String,
}
