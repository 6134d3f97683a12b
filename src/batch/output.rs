//! Where records go: any writer, or a file that is compressed by its ending.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use flate2::write::GzEncoder;

use super::input::{Compression, io_words};
use crate::source::Diagnostic;

/// Bytes that are written at once.
const BUFFER: usize = 128 << 10;

/// Where records go.
pub struct Output(Kind);

enum Kind {
    Plain(BufWriter<Box<dyn Write>>),
    Gzip(GzEncoder<BufWriter<Box<dyn Write>>>),
    Zstd(zstd::Encoder<'static, BufWriter<Box<dyn Write>>>),
}

impl std::fmt::Debug for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.0 {
            Kind::Plain(_) => "Output(plain)",
            Kind::Gzip(_) => "Output(gzip)",
            Kind::Zstd(_) => "Output(zstd)",
        })
    }
}

impl Output {
    /// A writer, such as the standard output.
    ///
    /// # Errors
    /// The compressor cannot be set up.
    pub fn new(writer: impl Write + 'static, compression: Compression) -> io::Result<Self> {
        let writer: BufWriter<Box<dyn Write>> = BufWriter::with_capacity(BUFFER, Box::new(writer));
        Ok(Self(match compression {
            Compression::None => Kind::Plain(writer),
            Compression::Gzip => Kind::Gzip(GzEncoder::new(writer, flate2::Compression::default())),
            Compression::Zstd => Kind::Zstd(zstd::Encoder::new(writer, 0)?),
        }))
    }

    /// A new file, compressed as its name says.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn create(path: &Path) -> Result<Self, Diagnostic> {
        let made = File::create(path).and_then(|file| Self::new(file, Compression::of_name(path)));
        made.map_err(|error| {
            let message = format!("`{}` cannot be written: {}", path.display(), io_words(&error));
            Diagnostic::error("unwritable", message)
        })
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.0 {
            Kind::Plain(writer) => writer.write_all(bytes),
            Kind::Gzip(writer) => writer.write_all(bytes),
            Kind::Zstd(writer) => writer.write_all(bytes),
        }
    }

    /// Lets the reader see what there is. A compressed file is read when it is finished, and would only grow by it.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Kind::Plain(writer) => writer.flush(),
            Kind::Gzip(_) | Kind::Zstd(_) => Ok(()),
        }
    }

    /// Writes what is left, and the end of a compressed file.
    pub(super) fn finish(self) -> io::Result<()> {
        match self.0 {
            Kind::Plain(mut writer) => writer.flush(),
            Kind::Gzip(writer) => writer.finish()?.flush(),
            Kind::Zstd(writer) => writer.finish()?.flush(),
        }
    }
}
