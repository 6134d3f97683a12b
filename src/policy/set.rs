//! A set of policies: the shared files at once, each layer when it is first needed.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::bundle::Bundle;
use super::files::Files;
use super::layer::Layer;
use super::world::World;
use crate::condition::ids;
use crate::filing::{Document, collect};
use crate::source::{Diagnostic, Diagnostics};

/// Which layers a filing needs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Wanted {
    /// The province's code, such as `44`.
    pub province: Option<String>,
    /// The provider's id.
    pub provider: Option<String>,
}

/// A day as rules count it: days from 0001-01-01. A day that does not exist is the last before it that does.
pub fn day(year: i32, month: u32, day: u32) -> i64 {
    let date = (1..=day).rev().find_map(|day| chrono::NaiveDate::from_ymd_opt(year, month, day));
    date.map_or(0, |date| i64::from(chrono::Datelike::num_days_from_ce(&date)))
}

type Loaded = Result<Arc<Layer>, Diagnostics>;

/// A set of policies.
pub struct Policies {
    /// What all layers share.
    pub world: Arc<World>,
    folders: Vec<String>,
    layers: Mutex<FxHashMap<String, Loaded>>,
    bundles: Mutex<FxHashMap<(Wanted, i64), Arc<Bundle>>>,
}

impl std::fmt::Debug for Policies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Policies({} layers)", self.folders.len())
    }
}

impl Policies {
    /// Reads what all layers share.
    ///
    /// # Errors
    /// All mistakes of these files.
    pub fn load(files: &Files) -> Result<Self, Diagnostics> {
        let world = Arc::new(World::load(files)?);
        let mut out = Diagnostics::new();
        let mut folders = Vec::new();
        if !files.list().iter().any(|path| path.starts_with("national/")) {
            out.push(Diagnostic::error("missing-layer", "the policies have no folder `national`"));
            return Err(out);
        }
        folders.push("national".to_owned());
        folders.extend(files.folders("providers").into_iter().map(|name| format!("providers/{name}")));
        folders.extend(files.folders("provinces").into_iter().map(|name| format!("provinces/{name}")));
        Ok(Self { world, folders, layers: Mutex::new(FxHashMap::default()), bundles: Mutex::new(FxHashMap::default()) })
    }

    /// The folders of all layers: the nation, the providers, the provinces.
    pub fn folders(&self) -> &[String] {
        &self.folders
    }

    /// The layer of a folder.
    ///
    /// # Errors
    /// All mistakes of its files.
    pub fn layer(&self, folder: &str) -> Loaded {
        if let Some(loaded) = self.layers.lock().unwrap_or_else(PoisonError::into_inner).get(folder) {
            return loaded.clone();
        }
        let loaded = Layer::load(&self.world, folder).map(Arc::new);
        let mut layers = self.layers.lock().unwrap_or_else(PoisonError::into_inner);
        layers.entry(folder.to_owned()).or_insert(loaded).clone()
    }

    /// The folder of a province.
    pub fn province_folder(&self, code: &str) -> Option<&str> {
        let prefix = format!("provinces/{code}-");
        self.folders.iter().find(|folder| folder.starts_with(&prefix)).map(String::as_str)
    }

    /// The folder of a provider.
    pub fn provider_folder(&self, id: &str) -> Option<&str> {
        let wanted = format!("providers/{id}");
        self.folders.iter().find(|folder| **folder == wanted).map(String::as_str)
    }

    /// The folder of a layer by its id: `miit` or `national`, a provider's id, a province's code.
    pub fn folder_of(&self, id: &str) -> Option<&str> {
        if id == "national" || id == "miit" {
            return Some("national");
        }
        self.provider_folder(id).or_else(|| self.province_folder(id))
    }

    /// The rules for one province, provider and day (days from CE).
    ///
    /// # Errors
    /// All mistakes of the layers that it needs.
    pub fn bundle(&self, wanted: &Wanted, day: i64) -> Result<Arc<Bundle>, Diagnostics> {
        let key = (wanted.clone(), day);
        if let Some(bundle) = self.bundles.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(bundle));
        }
        let mut out = Diagnostics::new();
        let mut layers = Vec::new();
        let mut missing = Vec::new();
        let provider = wanted.provider.as_deref().map(|id| (id, self.provider_folder(id)));
        let province = wanted.province.as_deref().map(|code| (code, self.province_folder(code)));
        let needed = [Some(("miit", Some("national"))), provider, province];
        // layers do not depend on each other, so they are read side by side
        let loaded: Vec<(&str, Option<Loaded>)> = std::thread::scope(|scope| {
            let load = |folder| scope.spawn(move || self.layer(folder));
            let started: Vec<_> = needed.into_iter().flatten().map(|(id, folder)| (id, folder.map(load))).collect();
            let broken = |_| Err(Diagnostic::error("internal", "reading a layer was interrupted").into());
            started
                .into_iter()
                .map(|(id, thread)| (id, thread.map(|thread| thread.join().unwrap_or_else(broken))))
                .collect()
        });
        for (id, layer) in loaded {
            match layer {
                Some(Ok(layer)) => layers.push(layer),
                Some(Err(problems)) => out.extend(problems),
                None => missing.push(id.to_owned()),
            }
        }
        if out.has_errors() {
            return Err(out);
        }
        let bundle = Arc::new(Bundle::new(Arc::clone(&self.world), layers, missing, day));
        let mut bundles = self.bundles.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(bundles.entry(key).or_insert(bundle)))
    }

    /// The layers that a document names.
    pub fn wanted(&self, document: &Document) -> Wanted {
        let schema = &self.world.schema;
        let one = |path: &str| ids(schema, document, path).into_iter().next();
        Wanted { province: one("filing.province"), provider: one("filing.provider") }
    }

    /// Completes a document that was read: collections first, then derived fields.
    pub fn complete(&self, document: &mut Document) {
        collect(&self.world.schema, document);
        self.world.derivations.apply(&self.world, document);
    }
}
