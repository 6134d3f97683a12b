//! `facts.toml`: the layer itself, its sources, and what they ask for.

use std::sync::Arc;

use super::{Placed, placed};
use crate::source::{Diagnostic, Diagnostics, Fields, Node, SourceFile, Span};

/// How bad it is when a requirement is not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Information.
    Info,
    /// Likely to be questioned.
    Warn,
    /// The filing is rejected.
    Block,
}

impl Severity {
    /// The names in policy files.
    pub const NAMES: [&'static str; 3] = ["info", "warn", "block"];

    /// As policy files and reports write it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Block => "block",
        }
    }

    /// The severity of a name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "info" => Some(Self::Info),
            "warn" => Some(Self::Warn),
            "block" => Some(Self::Block),
            _ => None,
        }
    }
}

/// How sure a fact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Old, conflicting or inferred.
    Low,
    /// One source.
    Medium,
    /// Two sources agree, or the authority's own text.
    High,
}

impl Confidence {
    /// As policy files and reports write it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    fn named(name: &str) -> Option<Self> {
        match name {
            "low" => Some(Self::Low),
            "medium" => Some(Self::Medium),
            "high" => Some(Self::High),
            _ => None,
        }
    }
}

/// What a fact is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum FactKind {
    Restriction,
    Material,
    Process,
    Advice,
}

impl FactKind {
    /// As facts write it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Restriction => "restriction",
            Self::Material => "material",
            Self::Process => "process",
            Self::Advice => "advice",
        }
    }

    fn named(name: &str) -> Option<Self> {
        match name {
            "restriction" => Some(Self::Restriction),
            "material" => Some(Self::Material),
            "process" => Some(Self::Process),
            "advice" => Some(Self::Advice),
            _ => None,
        }
    }
}

/// A publication that facts rest on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its id in the layer.
    pub id: String,
    /// Who published it.
    pub publisher: String,
    /// Its title.
    pub title: String,
    /// Where it is.
    pub locator: String,
    /// When it was written, in words.
    pub dated: String,
    /// Its place in the file.
    pub span: Span,
}

/// What an authority or a provider asks for, in our own words.
#[derive(Debug, Clone)]
pub struct Fact {
    /// Unique in all layers.
    pub id: String,
    /// The topic, for grouping.
    pub topic: String,
    /// What it is about.
    pub kind: FactKind,
    /// How bad it is when it is not met.
    pub severity: Severity,
    /// The requirement.
    pub statement: String,
    /// Since when.
    pub effective_from: Option<chrono::NaiveDate>,
    /// Indices into the layer's sources.
    pub sources: Vec<usize>,
    /// How sure it is.
    pub confidence: Confidence,
    /// Conflicts between sources, and which one was taken and why.
    pub note: String,
    /// Why no rule encodes it.
    pub not_encoded: Option<String>,
    /// The place of its id in the file.
    pub span: Span,
}

/// Who makes the rules of a layer, and for which filings.
#[derive(Debug, Clone)]
pub struct LayerHead {
    /// `miit`, a provider's id, or a province's code.
    pub id: Placed,
    /// Its name.
    pub name: String,
    /// Who makes its rules.
    pub authority: String,
    /// Fields of the filing and the values that they must have, as text.
    pub applies: Vec<(Placed, Placed)>,
}

/// A `facts.toml`.
#[derive(Debug, Clone)]
pub struct RawFacts {
    /// The file.
    pub file: Arc<SourceFile>,
    /// The layer.
    pub head: LayerHead,
    /// Its sources.
    pub sources: Vec<Source>,
    /// Its facts.
    pub facts: Vec<Fact>,
}

/// Reads a `facts.toml`.
pub fn read_facts(file: &Arc<SourceFile>, node: &Node, out: &mut Diagnostics) -> Option<RawFacts> {
    let mut top = Fields::new(file, "a facts file", node, out)?;
    let head = top.node("layer");
    let source_nodes = top.tables("source", out);
    let fact_nodes = top.tables("fact", out);
    top.finish(out);
    let head = match head {
        Some(node) => read_head(file, node, out),
        None => {
            out.push(Diagnostic::error("missing-key", "a facts file begins with the table `[layer]`").at(
                file,
                0..0,
                "",
            ));
            None
        }
    };
    let mut sources: Vec<Source> = Vec::with_capacity(source_nodes.len());
    for node in source_nodes {
        sources.extend(read_source(file, node, out));
    }
    let mut facts: Vec<Fact> = Vec::with_capacity(fact_nodes.len());
    for node in fact_nodes {
        facts.extend(read_fact(file, node, &sources, out));
    }
    duplicates(file, facts.iter().map(|fact| (fact.id.as_str(), &fact.span)), "fact", out);
    duplicates(file, sources.iter().map(|source| (source.id.as_str(), &source.span)), "source", out);
    Some(RawFacts { file: Arc::clone(file), head: head?, sources, facts })
}

/// Reports ids that stand twice.
pub(super) fn duplicates<'a>(
    file: &Arc<SourceFile>,
    ids: impl Iterator<Item = (&'a str, &'a Span)>,
    what: &str,
    out: &mut Diagnostics,
) {
    let mut seen = rustc_hash::FxHashMap::default();
    for (id, span) in ids {
        if let Some(first) = seen.insert(id, span) {
            let first: &Span = first;
            out.push(
                Diagnostic::error("duplicate-id", format!("the {what} `{id}` stands twice"))
                    .at(file, span.clone(), "again here")
                    .related(file, first.clone(), "first here"),
            );
        }
    }
}

fn read_head(file: &Arc<SourceFile>, node: &Node, out: &mut Diagnostics) -> Option<LayerHead> {
    let mut fields = Fields::new(file, "the table `[layer]`", node, out)?;
    let id = fields.required_text("id", out).map(placed);
    let name = fields.required_text("name", out).map(|(text, _)| text.to_owned());
    let authority = fields.required_text("authority", out).map(|(text, _)| text.to_owned());
    let mut applies = Vec::new();
    for entry in fields.table("applies", out) {
        match entry.node.as_text() {
            Some(text) => {
                let key = (entry.key.clone(), entry.key_span.clone());
                applies.push((key, (text.to_owned(), entry.node.span.clone())));
            }
            None => {
                out.push(
                    Diagnostic::error("wrong-type", format!("`{}` is a text, not {}", entry.key, entry.node.kind()))
                        .at(file, entry.node.span.clone(), "expected a text"),
                )
            }
        }
    }
    fields.finish(out);
    Some(LayerHead { id: id?, name: name?, authority: authority?, applies })
}

fn read_source(file: &Arc<SourceFile>, node: &Node, out: &mut Diagnostics) -> Option<Source> {
    let mut fields = Fields::new(file, "a source", node, out)?;
    let id = fields.required_text("id", out).map(placed);
    let publisher = fields.required_text("publisher", out).map(|(text, _)| text.to_owned());
    let title = fields.required_text("title", out).map(|(text, _)| text.to_owned());
    let locator = fields.text("locator", out).map(|(text, _)| text.to_owned()).unwrap_or_default();
    let dated = fields.text("dated", out).map(|(text, _)| text.to_owned()).unwrap_or_default();
    fields.finish(out);
    let (id, span) = id?;
    Some(Source { id, publisher: publisher?, title: title?, locator, dated, span })
}

fn one_of<T>(
    file: &Arc<SourceFile>,
    found: Option<(&str, Span)>,
    named: impl Fn(&str) -> Option<T>,
    names: &[&str],
    out: &mut Diagnostics,
) -> Option<T> {
    let (text, span) = found?;
    let value = named(text);
    if value.is_none() {
        out.push(
            Diagnostic::error("unknown-value", format!("`{text}` is none of {}", names.join(", ")))
                .at(file, span, "no such value")
                .suggest(text, names.iter().copied()),
        );
    }
    value
}

/// A severity, by the key `severity`.
pub(super) fn read_severity(
    file: &Arc<SourceFile>,
    fields: &mut Fields<'_>,
    out: &mut Diagnostics,
) -> Option<Severity> {
    let found = fields.text("severity", out);
    one_of(file, found, Severity::named, &Severity::NAMES, out)
}

fn read_fact(file: &Arc<SourceFile>, node: &Node, sources: &[Source], out: &mut Diagnostics) -> Option<Fact> {
    let mut fields = Fields::new(file, "a fact", node, out)?;
    let id = fields.required_text("id", out).map(placed);
    let topic = fields.required_text("topic", out).map(|(text, _)| text.to_owned());
    let kind = fields.required_text("kind", out);
    let kind = one_of(file, kind, FactKind::named, &["restriction", "material", "process", "advice"], out);
    let severity = fields.required_text("severity", out);
    let severity = one_of(file, severity, Severity::named, &Severity::NAMES, out);
    let statement = fields.required_text("statement", out).map(|(text, _)| text.to_owned());
    let effective_from = fields.date("effective_from", out);
    let named = fields.texts("sources", out);
    let confidence = fields.required_text("confidence", out);
    let confidence = one_of(file, confidence, Confidence::named, &["high", "medium", "low"], out);
    let note = fields.text("note", out).map(|(text, _)| text.to_owned()).unwrap_or_default();
    let not_encoded = fields.text("not_encoded", out).map(|(text, _)| text.to_owned());
    fields.finish(out);
    let (id, span) = id?;
    if named.is_empty() {
        out.push(
            Diagnostic::error("fact-without-source", format!("the fact `{id}` names no source"))
                .at(file, span.clone(), "")
                .help("write `sources = [\"…\"]` with the id of a `[[source]]` of this file"),
        );
    }
    let mut indices = Vec::with_capacity(named.len());
    for (source, span) in named {
        match sources.iter().position(|known| known.id == source) {
            Some(index) => indices.push(index),
            None => out.push(
                Diagnostic::error("unknown-source", format!("there is no source `{source}` in this file"))
                    .at(file, span, "no such source")
                    .suggest(source, sources.iter().map(|known| known.id.as_str())),
            ),
        }
    }
    Some(Fact {
        id,
        topic: topic?,
        kind: kind?,
        severity: severity?,
        statement: statement?,
        effective_from,
        sources: indices,
        confidence: confidence?,
        note,
        not_encoded,
        span,
    })
}
