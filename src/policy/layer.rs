//! A layer: the nation, a provider or a province: its facts, and its rules compiled.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use super::compile::check_alone;
use super::files::Files;
use super::lazy::LazyRule;
use super::raw::{Fact, RawFacts, RawRules, read_facts, read_rules};
use super::world::{World, parsed};
use crate::condition::{Scope, ScriptDef, Scripts, Ty};
use crate::filing::Slot;
use crate::schema::Type;
use crate::script::{Declared, Script, ScriptSource};
use crate::source::{Diagnostic, Diagnostics, SourceFile};

/// What a layer's rules are compiled with.
pub(super) struct LayerParts {
    pub(super) world: Arc<World>,
    pub(super) facts: RawFacts,
    pub(super) by_id: FxHashMap<String, usize>,
    pub(super) scripts: Vec<ScriptDef>,
}

impl LayerParts {
    /// A fact's index.
    pub(super) fn fact(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }
}

/// A field of a filing and the value that makes a layer apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applies {
    /// The path of the field.
    pub path: String,
    /// The field's slot.
    pub slot: u32,
    /// Its value.
    pub value: Slot,
}

/// A layer.
pub struct Layer {
    /// `miit`, a provider's id, or a province's code.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Who makes its rules.
    pub authority: String,
    /// The folder below `policies/`.
    pub folder: String,
    /// For which filings.
    pub applies: Vec<Applies>,
    /// The rules, in the order of the file.
    pub rules: Vec<LazyRule>,
    /// `sha256:` of its files.
    pub digest: String,
    parts: Arc<LayerParts>,
    scripts: Option<Script>,
}

impl std::fmt::Debug for Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Layer({}, {} rules)", self.id, self.rules.len())
    }
}

impl Layer {
    /// Reads and compiles a layer's folder.
    ///
    /// # Errors
    /// All mistakes of its files; none of its rules is then used.
    pub fn load(world: &Arc<World>, folder: &str) -> Result<Self, Diagnostics> {
        let mut out = Diagnostics::new();
        let facts_path = format!("{folder}/facts.toml");
        let facts =
            parsed(&world.files, &facts_path, &mut out).and_then(|(file, node)| read_facts(&file, &node, &mut out));
        let dimensions: Vec<String> = world.keys.iter().map(|key| key.dimension.name.clone()).collect();
        let rules_path = format!("{folder}/rules.toml");
        let raw = parsed(&world.files, &rules_path, &mut out)
            .and_then(|(file, node)| read_rules(&file, &node, &dimensions, &mut out));
        for (path, read) in [(&facts_path, facts.is_some()), (&rules_path, raw.is_some())] {
            if !read && !out.has_errors() {
                out.push(Diagnostic::error("missing-file", format!("the layer `{folder}` has no `{path}`")));
            }
        }
        let (Some(facts), Some(raw)) = (facts, raw) else { return Err(out) };
        let applies = applies(world, &facts, &mut out);
        let (scripts, script) = scripts(world, folder, &raw, &mut out);
        let by_id = facts.facts.iter().enumerate().map(|(index, fact)| (fact.id.clone(), index)).collect();
        let parts = Arc::new(LayerParts { world: Arc::clone(world), facts, by_id, scripts });
        let rules: Vec<LazyRule> = raw.rules.into_iter().map(|rule| LazyRule::new(&parts, rule, &mut out)).collect();
        if !matches!(world.files, Files::Embedded) {
            rules.iter().for_each(|rule| rule.compile(&mut out));
        }
        out.extend(world.tables.problems());
        if out.has_errors() {
            return Err(dedup(out));
        }
        let digest = digest(world, folder);
        let head = &parts.facts.head;
        let (id, name, authority) = (head.id.0.clone(), head.name.clone(), head.authority.clone());
        Ok(Self { id, name, authority, folder: folder.to_owned(), applies, rules, digest, parts, scripts: script })
    }

    /// Facts and sources.
    pub fn facts(&self) -> &RawFacts {
        &self.parts.facts
    }

    /// Compiles every rule and says what is wrong with them.
    pub fn check(&self) -> Diagnostics {
        let mut out = Diagnostics::new();
        self.rules.iter().for_each(|rule| rule.compile(&mut out));
        dedup(out)
    }

    /// A rule by id.
    pub fn rule(&self, id: &str) -> Option<(usize, &LazyRule)> {
        self.rules.iter().enumerate().find(|(_, rule)| rule.head.id == id)
    }

    /// A fact.
    pub fn fact(&self, index: usize) -> Option<&Fact> {
        self.parts.facts.facts.get(index)
    }

    /// The layer's script functions.
    pub fn scripts(&self) -> Option<&dyn Scripts> {
        self.scripts.as_ref().map(|script| script as &dyn Scripts)
    }
}

/// Checks every shared check by itself, whether a rule uses it or not.
pub fn check_shared(layer: &Layer) -> Diagnostics {
    let mut out = Diagnostics::new();
    let world = &layer.parts.world;
    let mut ids: Vec<&String> = world.checks.keys().collect();
    ids.sort();
    for id in ids {
        if let Some(check) = world.checks.get(id) {
            check_alone(&layer.parts, check, &mut out);
        }
    }
    dedup(out)
}

/// A mistake in a shared check shows in every rule that uses it; once is enough.
fn dedup(diagnostics: Diagnostics) -> Diagnostics {
    let mut seen = rustc_hash::FxHashSet::default();
    diagnostics.into_iter().filter(|diagnostic| seen.insert(diagnostic.to_string())).collect()
}

/// The fields that decide for which filings a layer holds.
fn applies(world: &World, facts: &RawFacts, out: &mut Diagnostics) -> Vec<Applies> {
    let schema = &world.schema;
    let mut all = Vec::new();
    for ((key, key_span), (value, value_span)) in &facts.head.applies {
        let path = format!("filing.{key}");
        let place = crate::condition::Place::resolve(schema, &Scope::root(), &path);
        let field = place.as_ref().ok().and_then(|place| place.field);
        let (Ok(place), Some(field)) = (&place, field) else {
            let mut diagnostic = Diagnostic::error("unknown-field", format!("there is no field `{path}`")).at(
                &facts.file,
                key_span.clone(),
                "no such field",
            );
            if let Some(record) = schema.record_named("filing") {
                diagnostic = diagnostic.suggest(key, schema.record(record).names());
            }
            out.push(diagnostic);
            continue;
        };
        let declared = &schema.record(field.record).fields[usize::from(field.field)];
        let slot = match &declared.ty {
            Type::Enum(id) => schema.enumeration(*id).index(value).map(|index| Slot::Int(i64::from(index))),
            Type::Region2 | Type::Region6 => value.parse().ok().map(Slot::Int),
            _ => None,
        };
        let at = place.slots(&crate::filing::Document::empty(schema), &Default::default()).first().copied();
        match (slot, at) {
            (Some(value), Some(slot)) => all.push(Applies { path, slot, value }),
            _ => out.push(Diagnostic::error("unknown-value", format!("`{value}` is no value of `{path}`")).at(
                &facts.file,
                value_span.clone(),
                "no such value",
            )),
        }
    }
    all
}

fn scripts(world: &World, folder: &str, raw: &RawRules, out: &mut Diagnostics) -> (Vec<ScriptDef>, Option<Script>) {
    let path = format!("{folder}/scripts.rhai");
    let file: Option<Arc<SourceFile>> = match world.files.read(&path) {
        Ok(file) => file,
        Err(problem) => {
            out.push(problem);
            return (Vec::new(), None);
        }
    };
    let mut declared = Vec::new();
    let mut definitions = Vec::new();
    for script in &raw.scripts {
        let mut ty = |(text, span): &(String, crate::source::Span)| world.ty(&raw.file, text, span, out);
        let parameters: Option<Vec<Ty>> = script.parameters.iter().map(&mut ty).collect();
        let (Some(parameters), Some(returns)) = (parameters, ty(&script.returns)) else { continue };
        let index = definitions.len();
        let name = script.name.0.clone();
        definitions.push(ScriptDef {
            name: name.clone(),
            parameters: parameters.clone(),
            returns: returns.clone(),
            index,
        });
        declared.push(Declared { name, parameters, returns, file: Arc::clone(&raw.file), span: script.name.1.clone() });
    }
    match (file, declared.is_empty()) {
        (None, true) => (definitions, None),
        (None, false) => {
            out.push(
                Diagnostic::error("missing-file", format!("functions are declared, but there is no `{path}`")).at(
                    &raw.file,
                    raw.scripts.first().map_or(0..0, |script| script.name.1.clone()),
                    "",
                ),
            );
            (definitions, None)
        }
        (Some(file), _) => match Script::compile(ScriptSource { file, declared }) {
            Ok(script) => (definitions, Some(script)),
            Err(problems) => {
                out.extend(problems);
                (definitions, None)
            }
        },
    }
}

/// A digest of the digests of a layer's files.
fn digest(world: &World, folder: &str) -> String {
    let mut hash = Sha256::new();
    for name in ["facts.toml", "rules.toml", "scripts.rhai"] {
        if let Some(digest) = world.files.digest(&format!("{folder}/{name}")) {
            hash.update(name.as_bytes());
            hash.update(digest);
        }
    }
    let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}
