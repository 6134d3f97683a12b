//! Where filings come from: files and the standard input, plain or compressed, with a count of what was read.
//!
//! `zstd` is the C library behind its usual bindings: the decoder in pure Rust takes several times as long, and its encoder
//! compresses badly. A C compiler is where Rust links with one. `flate2` is pure Rust as it is used here.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;

use crate::source::Diagnostic;

/// The name of the standard input.
const STDIN: &str = "-";

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip, also of several members.
    Gzip,
    /// Zstandard, also of several frames.
    Zstd,
}

impl Compression {
    /// By the ending of a file's name.
    pub fn of_name(path: &Path) -> Self {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if ending.eq_ignore_ascii_case("gz") {
            Self::Gzip
        } else if ending.eq_ignore_ascii_case("zst") {
            Self::Zstd
        } else {
            Self::None
        }
    }
}

/// One file, or the standard input.
#[derive(Debug, Clone)]
pub struct Input {
    path: PathBuf,
    /// As the caller named it.
    pub name: String,
    /// How many bytes it has, compressed as it is; `None` where that is not known.
    pub size: Option<u64>,
}

impl Input {
    /// Looks whether there is such a file and it can be read, so that a wrong name is no surprise after hours.
    ///
    /// # Errors
    /// It is not there, is a folder, or may not be read.
    pub fn new(path: &Path) -> Result<Self, Diagnostic> {
        let name = path.display().to_string();
        let mut input = Self { path: path.to_owned(), name, size: None };
        if input.is_stdin() {
            return Ok(input);
        }
        let metadata = File::open(path).and_then(|file| file.metadata()).map_err(|error| input.unreadable(&error))?;
        if metadata.is_dir() {
            return Err(Diagnostic::error("unreadable", format!("`{}` is a folder", input.name))
                .help("name the files in it, such as with `*.ndjson`"));
        }
        input.size = metadata.is_file().then_some(metadata.len());
        Ok(input)
    }

    /// Is it the standard input?
    pub fn is_stdin(&self) -> bool {
        self.path.as_os_str() == STDIN
    }

    /// Is it the file of this path?
    pub fn is_file(&self, path: &Path) -> bool {
        match (self.path.canonicalize(), path.canonicalize()) {
            (Ok(own), Ok(other)) => own == other && !self.is_stdin(),
            _ => false,
        }
    }

    /// Begins to read; what is read of the file itself is counted.
    pub(super) fn open(&self, read: &Arc<AtomicU64>) -> io::Result<Box<dyn Read + Send>> {
        let read = Arc::clone(read);
        if self.is_stdin() {
            return Ok(Box::new(Counted { inner: io::stdin(), read }));
        }
        let file = Counted { inner: File::open(&self.path)?, read };
        Ok(match Compression::of_name(&self.path) {
            Compression::None => Box::new(file),
            Compression::Gzip => Box::new(MultiGzDecoder::new(io::BufReader::with_capacity(1 << 16, file))),
            Compression::Zstd => Box::new(zstd::Decoder::new(file)?),
        })
    }

    /// What to say when it cannot be read.
    pub(super) fn unreadable(&self, error: &io::Error) -> Diagnostic {
        Diagnostic::error("unreadable", format!("`{}` cannot be read: {}", self.name, io_words(error)))
    }
}

/// The system's reason without its number.
pub(super) fn io_words(error: &io::Error) -> String {
    let text = error.to_string();
    let words = text.split(" (os error").next().unwrap_or_default();
    let mut chars = words.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
