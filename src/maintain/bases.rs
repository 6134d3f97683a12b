//! The named filings that cases start from.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::filing::{Document, InputForm, read_filing};
use crate::policy::World;
use crate::source::{Diagnostics, SourceFile};

/// A base: its file, and the document as it was read (collections and derived fields come after a case's edits).
#[derive(Debug, Clone)]
pub struct Base {
    /// The file.
    pub file: Arc<SourceFile>,
    /// What it says.
    pub document: Document,
}

/// All bases of a set, by name.
#[derive(Debug, Default)]
pub struct Bases {
    by_name: FxHashMap<String, Base>,
}

impl Bases {
    /// Reads `bases/*.toml`; what is wrong with them goes to `out`.
    pub fn read(world: &World, out: &mut Diagnostics) -> Self {
        let mut by_name = FxHashMap::default();
        for path in world.files.list() {
            let Some(name) = path.strip_prefix("bases/").and_then(|name| name.strip_suffix(".toml")) else { continue };
            let file = match world.files.read(&path) {
                Ok(Some(file)) => file,
                Ok(None) => continue,
                Err(problem) => {
                    out.push(problem);
                    continue;
                }
            };
            match read_filing(&world.schema, &file, InputForm::Toml) {
                Ok(document) => {
                    by_name.insert(name.to_owned(), Base { file, document });
                }
                Err(problems) => out.extend(problems),
            }
        }
        Self { by_name }
    }

    /// A base.
    pub fn get(&self, name: &str) -> Option<&Base> {
        self.by_name.get(name)
    }

    /// All names, sorted.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.by_name.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }
}
