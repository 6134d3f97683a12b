//! The tables of a policy set, read when they are first asked for.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use super::files::Files;
use crate::source::Diagnostics;
use crate::table::{Table, read_table};

/// All tables by name; each is read once.
#[derive(Debug)]
pub struct Tables {
    files: Files,
    cells: FxHashMap<String, OnceLock<Option<Arc<Table>>>>,
    problems: Mutex<Diagnostics>,
}

impl Tables {
    /// Finds the tables of a set; reads none.
    pub fn new(files: &Files) -> Self {
        let mut cells = FxHashMap::default();
        for path in files.list() {
            if let Some(name) = path.strip_prefix("tables/").and_then(|name| name.strip_suffix(".toml")) {
                cells.insert(name.to_owned(), OnceLock::new());
            }
        }
        Self { files: files.clone(), cells, problems: Mutex::new(Diagnostics::new()) }
    }

    /// All names, sorted.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.cells.keys().cloned().collect();
        names.sort();
        names
    }

    /// A table; `None` when there is none or it is wrong, which [`Tables::problems`] then says.
    pub fn get(&self, name: &str) -> Option<Arc<Table>> {
        self.cells.get(name)?.get_or_init(|| self.read(name)).clone()
    }

    fn read(&self, name: &str) -> Option<Arc<Table>> {
        let read = match self.files.read(&format!("tables/{name}.toml")) {
            Ok(Some(file)) => read_table(&file),
            Ok(None) => return None,
            Err(problem) => Err(problem.into()),
        };
        match read {
            Ok(table) => Some(Arc::new(table)),
            Err(problems) => {
                self.problems.lock().unwrap_or_else(PoisonError::into_inner).extend(problems);
                None
            }
        }
    }

    /// What was wrong with the tables that were read.
    pub fn problems(&self) -> Diagnostics {
        self.problems.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
