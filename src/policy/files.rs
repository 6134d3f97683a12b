//! Where policy files come from: built into the program, a folder, or memory (for tests and editors).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::source::{Diagnostic, SourceFile};

/// The policies that are built into the program. `rust-embed` keeps the folder as it is and needs no list of files.
#[derive(RustEmbed)]
#[folder = "policies/"]
struct Embedded;

/// A policy file larger than this is refused: no real one comes near, and reading must stay bounded.
const MAX_FILE_BYTES: u64 = 8 << 20;

/// A set of policy files, by path below `policies/` with `/` between names.
#[derive(Debug, Clone)]
pub enum Files {
    /// Built into the program.
    Embedded,
    /// A folder.
    Folder(PathBuf),
    /// Texts in memory.
    Memory(BTreeMap<String, String>),
}

impl Files {
    /// A folder that must be there.
    ///
    /// # Errors
    /// It is no folder, or has no `schema.toml`.
    pub fn folder(path: impl Into<PathBuf>) -> Result<Self, Diagnostic> {
        let path = path.into();
        if !path.is_dir() {
            return Err(Diagnostic::error("no-policies", format!("`{}` is no folder", path.display())).help(
                "give the folder that holds schema.toml, or leave `--policies` out to use the built-in policies",
            ));
        }
        if !path.join("schema.toml").is_file() {
            return Err(Diagnostic::error("no-policies", format!("`{}` has no schema.toml", path.display()))
                .help("`beian policies export DIR` writes a complete set to start from"));
        }
        Ok(Self::Folder(path))
    }

    /// All paths, sorted.
    pub fn list(&self) -> Vec<String> {
        let mut paths = match self {
            Self::Embedded => Embedded::iter().map(Cow::into_owned).collect(),
            Self::Folder(root) => {
                let mut paths = Vec::new();
                walk(root, "", 0, &mut paths);
                paths
            }
            Self::Memory(files) => files.keys().cloned().collect::<Vec<_>>(),
        };
        paths.sort();
        paths
    }

    /// The content of a file; `None` when it does not exist.
    ///
    /// # Errors
    /// It cannot be read, is too large, or is not UTF-8.
    pub fn read(&self, path: &str) -> Result<Option<Arc<SourceFile>>, Diagnostic> {
        let name = self.name(path);
        match self {
            Self::Embedded => match Embedded::get(path) {
                Some(file) => SourceFile::from_bytes(name, file.data.into_owned()).map(Some),
                None => Ok(None),
            },
            Self::Memory(files) => Ok(files.get(path).map(|text| SourceFile::new(name, text.as_str()))),
            Self::Folder(root) => {
                let full = root.join(path);
                let unreadable = |error: std::io::Error| {
                    Diagnostic::error("unreadable", format!("`{name}` cannot be read: {error}"))
                };
                match std::fs::metadata(&full) {
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
                    Err(error) => return Err(unreadable(error)),
                    Ok(metadata) if metadata.len() > MAX_FILE_BYTES => {
                        return Err(Diagnostic::error("too-large", format!("`{name}` is larger than 8 MiB")));
                    }
                    Ok(_) => {}
                }
                let bytes = std::fs::read(&full).map_err(unreadable)?;
                SourceFile::from_bytes(name, bytes).map(Some)
            }
        }
    }

    /// The raw bytes, for exporting and digests.
    pub fn bytes(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        match self {
            Self::Embedded => Embedded::get(path).map(|file| file.data),
            Self::Folder(root) => std::fs::read(root.join(path)).ok().map(Cow::Owned),
            Self::Memory(files) => files.get(path).map(|text| Cow::Owned(text.clone().into_bytes())),
        }
    }

    /// SHA-256 of a file. The built-in ones were hashed when they were built in.
    pub fn digest(&self, path: &str) -> Option<[u8; 32]> {
        match self {
            Self::Embedded => Embedded::get(path).map(|file| file.metadata.sha256_hash()),
            _ => self.bytes(path).map(|bytes| Sha256::digest(&bytes).into()),
        }
    }

    /// The name that messages show.
    fn name(&self, path: &str) -> String {
        match self {
            Self::Folder(root) => root.join(path).display().to_string(),
            _ => format!("policies/{path}"),
        }
    }

    /// The folders directly below a path, by name.
    pub fn folders(&self, below: &str) -> Vec<String> {
        let prefix = format!("{below}/");
        let mut names: Vec<String> = Vec::new();
        for path in self.list() {
            if let Some((name, _)) = path.strip_prefix(&prefix).and_then(|rest| rest.split_once('/'))
                && names.last().is_none_or(|last| last != name)
            {
                names.push(name.to_owned());
            }
        }
        names
    }
}

/// Folders are a few levels deep; the bound keeps a loop of links from going on for ever.
fn walk(root: &Path, below: &str, depth: u8, paths: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(root.join(below)) else { return };
    for entry in entries.flatten() {
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name.starts_with('.') {
            continue;
        }
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        // links are followed; the depth bounds a link that leads back
        match std::fs::metadata(root.join(&path)) {
            Ok(kind) if kind.is_dir() && depth < 6 => walk(root, &path, depth + 1, paths),
            Ok(kind) if kind.is_file() => paths.push(path),
            _ => {}
        }
    }
}
