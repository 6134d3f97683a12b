//! Bytes → filings that are not parsed yet: the lines of a stream, or the elements of a list.
//!
//! It looks for ends only, so one thread can do it for many workers. What is wrong with the outside of a filing becomes a
//! [`Fault`]; whether the inside is JSON is no business of it.

use std::ops::Range;

use crate::filing::MAX_BYTES;
use crate::source::Diagnostic;

/// How many filings a worker takes at once: a short line may have a long report.
const RECORDS: usize = 64;
/// How many bytes of filings a worker takes at once, about.
const BYTES: usize = 128 << 10;

/// What is wrong where a filing should be.
#[derive(Debug, Clone)]
pub(super) enum Fault {
    /// Longer than a filing may be; its bytes were not kept.
    TooLarge,
    /// Nothing between two commas of a list.
    Absent,
    /// A list without an end.
    Endless,
    /// The file cannot be read on.
    Unreadable(Diagnostic),
}

/// A filing as bytes, and where it begins.
#[derive(Debug)]
pub(super) struct Cut {
    /// Its bytes in the chunk, without white space around it.
    pub(super) bytes: Range<usize>,
    /// The line, from 1.
    pub(super) line: u64,
    /// The byte, from 0, after decompression.
    pub(super) offset: u64,
    /// Which element of a list it is, from 0.
    pub(super) index: Option<u64>,
    /// It cannot be evaluated.
    pub(super) fault: Option<Fault>,
}

/// Some filings of one file, in order.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    /// The file's index.
    pub(super) file: usize,
    pub(super) bytes: Vec<u8>,
    pub(super) cuts: Vec<Cut>,
}

impl Chunk {
    /// Enough for one worker?
    fn is_full(&self) -> bool {
        self.cuts.len() >= RECORDS || self.bytes.len() >= BYTES
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Nothing was seen but white space.
    Unknown,
    Lines,
    List,
}

/// Where the element of a list is being read.
#[derive(Debug, Default, Clone, Copy)]
struct Scan {
    depth: usize,
    in_text: bool,
    escaped: bool,
}

/// Cuts the bytes of one file.
#[derive(Debug)]
pub(super) struct Splitter {
    form: Form,
    scan: Scan,
    /// The filing that is not finished.
    pending: Vec<u8>,
    /// Where it begins, once something of it was seen.
    begun: Option<(u64, u64)>,
    /// It became too long, and its bytes are dropped.
    too_large: bool,
    /// Elements so far.
    elements: u64,
    line: u64,
    offset: u64,
}

impl Splitter {
    pub(super) fn new() -> Self {
        Self {
            form: Form::Unknown,
            scan: Scan::default(),
            pending: Vec::new(),
            begun: None,
            too_large: false,
            elements: 0,
            line: 1,
            offset: 0,
        }
    }

    /// Takes bytes until the chunk is full; gives how many.
    pub(super) fn feed(&mut self, block: &[u8], chunk: &mut Chunk) -> usize {
        let mut at = 0;
        while at < block.len() && !chunk.is_full() {
            let rest = block.get(at..).unwrap_or_default();
            at += match self.form {
                Form::Unknown => self.look(rest),
                Form::Lines => self.line(rest, chunk),
                Form::List => self.element(rest, chunk),
            };
        }
        at
    }

    /// The file has ended, or cannot be read on.
    pub(super) fn finish(&mut self, failure: Option<Diagnostic>, chunk: &mut Chunk) {
        if failure.is_some() {
            // half a filing would be blamed for what the file did
            self.pending.clear();
        } else if self.begun.is_some() {
            self.cut(chunk);
        }
        let fault = failure.map(Fault::Unreadable).or((self.form == Form::List).then_some(Fault::Endless));
        if let Some(fault) = fault {
            let (line, offset) = self.begun.unwrap_or((self.line, self.offset));
            self.fault(fault, line, offset, chunk);
        }
    }

    /// White space and a byte order mark before the first filing.
    fn look(&mut self, block: &[u8]) -> usize {
        let mut taken = 0;
        for byte in block {
            let mark = self.offset < 3 && matches!(byte, 0xef | 0xbb | 0xbf);
            if !byte.is_ascii_whitespace() && !mark {
                self.form = if *byte == b'[' { Form::List } else { Form::Lines };
                let bracket = usize::from(self.form == Form::List);
                self.offset += bracket as u64;
                return taken + bracket;
            }
            self.pass(*byte);
            taken += 1;
        }
        taken
    }

    fn pass(&mut self, byte: u8) {
        self.offset += 1;
        self.line += u64::from(byte == b'\n');
    }

    /// A line, or what there is of it.
    fn line(&mut self, block: &[u8], chunk: &mut Chunk) -> usize {
        let end = block.iter().position(|byte| *byte == b'\n');
        let piece = block.get(..end.unwrap_or(block.len())).unwrap_or_default();
        self.keep(piece);
        self.offset += piece.len() as u64;
        if end.is_none() {
            return piece.len();
        }
        self.cut(chunk);
        self.pass(b'\n');
        piece.len() + 1
    }

    /// Bytes of a list, up to the end of one element.
    fn element(&mut self, block: &[u8], chunk: &mut Chunk) -> usize {
        for (at, byte) in block.iter().enumerate() {
            let ends = !self.scan.in_text && self.scan.depth == 0 && matches!(byte, b',' | b']');
            if !ends {
                self.step(*byte);
                continue;
            }
            let piece = block.get(..at).unwrap_or_default();
            self.place(piece);
            let is_last = *byte == b']';
            if self.begun.is_some() {
                self.cut(chunk);
            } else if !(is_last && self.elements == 0) {
                self.fault(Fault::Absent, self.line, self.offset, chunk);
            }
            self.pass(*byte);
            if is_last {
                self.form = Form::Lines;
            }
            return at + 1;
        }
        self.place(block);
        block.len()
    }

    /// Keeps the bytes of an element and passes over them.
    fn place(&mut self, piece: &[u8]) {
        self.keep(piece);
        self.offset += piece.len() as u64;
        self.line += piece.iter().filter(|byte| **byte == b'\n').count() as u64;
    }

    fn step(&mut self, byte: u8) {
        let scan = &mut self.scan;
        if scan.in_text {
            match byte {
                _ if scan.escaped => scan.escaped = false,
                b'\\' => scan.escaped = true,
                b'"' => scan.in_text = false,
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => scan.in_text = true,
            b'{' | b'[' => scan.depth += 1,
            b'}' | b']' => scan.depth = scan.depth.saturating_sub(1),
            _ => {}
        }
    }

    /// Adds to the filing that is not finished; white space before it is no part of it.
    fn keep(&mut self, piece: &[u8]) {
        let mut piece = piece;
        if self.begun.is_none() {
            let trimmed = piece.trim_ascii_start();
            let space = piece.get(..piece.len() - trimmed.len()).unwrap_or_default();
            if trimmed.is_empty() {
                return;
            }
            let lines = space.iter().filter(|byte| **byte == b'\n').count();
            self.begun = Some((self.line + lines as u64, self.offset + space.len() as u64));
            piece = trimmed;
        }
        self.too_large |= self.pending.len() + piece.len() > MAX_BYTES;
        if self.too_large {
            self.pending = Vec::new();
        } else {
            self.pending.extend_from_slice(piece);
        }
    }

    /// The filing is finished; a line of nothing is none.
    fn cut(&mut self, chunk: &mut Chunk) {
        let Some((line, offset)) = self.begun.take() else { return };
        if std::mem::take(&mut self.too_large) {
            self.fault(Fault::TooLarge, line, offset, chunk);
        } else {
            let start = chunk.bytes.len();
            chunk.bytes.extend_from_slice(self.pending.trim_ascii_end());
            let index = self.index();
            chunk.cuts.push(Cut { bytes: start..chunk.bytes.len(), line, offset, index, fault: None });
        }
        self.pending.clear();
        self.scan = Scan::default();
    }

    fn fault(&mut self, fault: Fault, line: u64, offset: u64, chunk: &mut Chunk) {
        let index = self.index();
        chunk.cuts.push(Cut { bytes: 0..0, line, offset, index, fault: Some(fault) });
    }

    fn index(&mut self) -> Option<u64> {
        if self.form != Form::List {
            return None;
        }
        self.elements += 1;
        Some(self.elements - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Text, line, offset and index of everything that is cut, the text fed in pieces of a length.
    fn cut(text: &str, piece: usize) -> Vec<(String, u64, u64, Option<u64>)> {
        let mut splitter = Splitter::new();
        let mut found = Vec::new();
        let mut take = |chunk: &mut Chunk| {
            for cut in chunk.cuts.drain(..) {
                let text = match cut.fault {
                    Some(Fault::Unreadable(_)) => "unreadable".to_owned(),
                    Some(fault) => format!("{fault:?}"),
                    None => String::from_utf8_lossy(&chunk.bytes[cut.bytes]).into_owned(),
                };
                found.push((text, cut.line, cut.offset, cut.index));
            }
            chunk.bytes.clear();
        };
        let mut chunk = Chunk::default();
        for block in text.as_bytes().chunks(piece) {
            let mut at = 0;
            while at < block.len() {
                at += splitter.feed(&block[at..], &mut chunk);
                take(&mut chunk);
            }
        }
        splitter.finish(None, &mut chunk);
        take(&mut chunk);
        found
    }

    fn same(text: &str, expected: &[(&str, u64, u64, Option<u64>)]) {
        for piece in [1, 2, 3, 7, 1000] {
            let found = cut(text, piece);
            let found: Vec<_> =
                found.iter().map(|(text, line, at, index)| (text.as_str(), *line, *at, *index)).collect();
            assert_eq!(found, expected, "{text:?} by {piece}");
        }
    }

    #[test]
    fn lines_are_cut_where_they_end_and_empty_ones_are_none() {
        same("{}\n\n  {\"a\":1} \r\n\t\n[x", &[("{}", 1, 0, None), ("{\"a\":1}", 3, 6, None), ("[x", 5, 18, None)]);
        same("", &[]);
        same("\n \n", &[]);
        same("\u{feff}{}\n", &[("{}", 1, 3, None)]);
    }

    #[test]
    fn lists_are_cut_at_their_own_commas() {
        same(
            "\n[ {\"a\": \"],\\\"\"},\n  {\"b\": [1, {}]}\n]\n",
            &[("{\"a\": \"],\\\"\"}", 2, 3, Some(0)), ("{\"b\": [1, {}]}", 3, 20, Some(1))],
        );
        same("[]", &[]);
        same("[{},,{}]", &[("{}", 1, 1, Some(0)), ("Absent", 1, 4, Some(1)), ("{}", 1, 5, Some(2))]);
        same("[{},]", &[("{}", 1, 1, Some(0)), ("Absent", 1, 4, Some(1))]);
        same("[{}, {}", &[("{}", 1, 1, Some(0)), ("{}", 1, 5, Some(1)), ("Endless", 1, 7, Some(2))]);
        same("[{}]\n{}", &[("{}", 1, 1, Some(0)), ("{}", 2, 5, None)]);
    }

    #[test]
    fn what_is_too_long_is_not_kept() {
        let long = "x".repeat(MAX_BYTES + 1);
        let found = cut(&format!("{{}}\n{long}\n{{}}"), 1 << 16);
        let found: Vec<_> = found.iter().map(|(text, line, _, _)| (text.as_str(), *line)).collect();
        assert_eq!(found, [("{}", 1), ("TooLarge", 2), ("{}", 3)]);
    }
}
