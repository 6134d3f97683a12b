//! The threads of a stream, and the order of what they make.
//!
//! For each chunk the reader makes an empty place and puts it into a bounded queue in order; a worker fills it; the writer
//! waits for the places one after the other. So the order is that of the input, and when one chunk takes long, the reader
//! waits for the writer instead of filling the memory.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::check::{Done, Worker};
use super::input::{Input, io_words};
use super::output::Output;
use super::settings::Settings;
use super::split::{Chunk, Splitter};
use super::summary::{Ended, Summary, Tally};
use crate::source::{Diagnostic, Diagnostics};

/// Bytes that are read at once.
const BLOCK: usize = 64 << 10;
/// Chunks on their way, for each worker.
const AHEAD: usize = 4;
/// What a worker may use of the stack: as much as the main thread of a program.
const STACK: usize = 8 << 20;
/// How long the writer waits before it looks whether it must stop.
const PATIENCE: Duration = Duration::from_millis(100);

/// How far a stream may go.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many workers.
    pub jobs: usize,
    /// How many filings may be wrong before it stops.
    pub max_errors: Option<u64>,
}

/// How far a stream is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Bytes that were read of the inputs as they are, compressed or not.
    pub read: u64,
    /// Filings that were written, those that are wrong included.
    pub records: u64,
}

type Filled = Result<Done, Diagnostics>;
type Work = (Chunk, Sender<Filled>);

/// Evaluates all filings of the inputs and writes one record for each, in their order.
///
/// When `stop` is set, no more is read, what was read is written, and the summary says so. A thread that waits for an input
/// that sends nothing is left behind; it ends with the next byte or with the process.
///
/// # Errors
/// Policies that are wrong, or an output that cannot be written (one that is closed just ends it).
pub fn run(
    settings: &Arc<Settings>,
    inputs: Vec<Input>,
    limits: Limits,
    mut output: Output,
    stop: &Arc<AtomicBool>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Summary, Diagnostics> {
    let started = Instant::now();
    let read = Arc::new(AtomicU64::new(0));
    let places = start(settings, inputs, limits.jobs.max(1), stop, &read)
        .map_err(|error| Diagnostic::error("no-threads", format!("no thread can be started: {}", io_words(&error))))?;
    let mut writer = Writer { tally: Tally::default(), output: &mut output, max_errors: limits.max_errors };
    let written = loop {
        match writer.next(&places) {
            Ok(place) => match writer.place(&place)? {
                Ok(None) => {}
                Ok(Some(ended)) => break Ok(ended),
                Err(error) => break Err(error),
            },
            Err(RecvTimeoutError::Timeout) if stop.load(Ordering::Relaxed) => break Ok(Ended::Interrupted),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                let stopped = stop.load(Ordering::Relaxed);
                break Ok(if stopped { Ended::Interrupted } else { Ended::Finished });
            }
        }
        let records = writer.tally.filings + writer.tally.errors;
        progress(Progress { read: read.load(Ordering::Relaxed), records });
    };
    let tally = writer.tally;
    let ended = match written.and_then(|ended| output.finish().map(|()| ended)) {
        Ok(ended) => ended,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ended::OutputClosed,
        Err(error) => {
            let message = format!("the output cannot be written: {}", io_words(&error));
            return Err(Diagnostic::error("unwritable", message).into());
        }
    };
    Ok(tally.summary(ended, started.elapsed().as_secs_f64()))
}

/// Starts the reader and the workers; gives the places in order. They end when the places are dropped or read through.
fn start(
    settings: &Arc<Settings>,
    inputs: Vec<Input>,
    jobs: usize,
    stop: &Arc<AtomicBool>,
    read: &Arc<AtomicU64>,
) -> io::Result<Receiver<Receiver<Filled>>> {
    let (place, places) = sync_channel(jobs * AHEAD);
    // places are bounded, and there is no work without one
    let (work, works) = channel();
    let works = Arc::new(Mutex::new(works));
    let names: Arc<[String]> = inputs.iter().map(|input| input.name.clone()).collect();
    for _ in 0..jobs {
        let (settings, works, names) = (Arc::clone(settings), Arc::clone(&works), Arc::clone(&names));
        let evaluate = move || evaluate(&settings, &works, &names);
        std::thread::Builder::new().name("worker".to_owned()).stack_size(STACK).spawn(evaluate)?;
    }
    let mut reader = Reader { place, work, stop: Arc::clone(stop), read: Arc::clone(read) };
    std::thread::Builder::new().name("reader".to_owned()).spawn(move || {
        for (index, input) in inputs.iter().enumerate() {
            if reader.input(index, input).is_none() {
                return;
            }
        }
    })?;
    Ok(places)
}

fn evaluate(settings: &Settings, works: &Mutex<Receiver<Work>>, names: &[String]) {
    let mut worker = Worker::new(settings, (names.len() > 1).then_some(names));
    loop {
        let work = works.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((chunk, place)) = work else { return };
        // a writer that has stopped waits for nothing
        let _: Result<(), _> = place.send(worker.chunk(chunk));
    }
}

struct Reader {
    place: SyncSender<Receiver<Filled>>,
    work: Sender<Work>,
    stop: Arc<AtomicBool>,
    read: Arc<AtomicU64>,
}

impl Reader {
    /// Reads one input; `None`: it must stop.
    fn input(&mut self, file: usize, input: &Input) -> Option<()> {
        let mut splitter = Splitter::new();
        let mut chunk = Chunk { file, ..Chunk::default() };
        let failure = self.blocks(file, input, &mut splitter, &mut chunk)?;
        splitter.finish(failure, &mut chunk);
        self.send(file, &mut chunk)
    }

    /// Reads to the end, or to what cannot be read; `None`: it must stop.
    fn blocks(
        &mut self,
        file: usize,
        input: &Input,
        splitter: &mut Splitter,
        chunk: &mut Chunk,
    ) -> Option<Option<Diagnostic>> {
        let mut reader = match input.open(&self.read) {
            Ok(reader) => reader,
            Err(error) => return Some(Some(input.unreadable(&error))),
        };
        let mut block = vec![0; BLOCK];
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return None;
            }
            let count = match reader.read(&mut block) {
                Ok(0) => return Some(None),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Some(Some(input.unreadable(&error))),
            };
            let mut rest = block.get(..count).unwrap_or_default();
            while !rest.is_empty() {
                let taken = splitter.feed(rest, chunk);
                rest = rest.get(taken..).unwrap_or_default();
                // also what is no full chunk: whoever sends a filing now and then waits for its report
                self.send(file, chunk)?;
            }
        }
    }

    /// Makes a place for a chunk and has it filled; `None`: nobody wants it.
    fn send(&self, file: usize, chunk: &mut Chunk) -> Option<()> {
        if chunk.cuts.is_empty() {
            return Some(());
        }
        if self.stop.load(Ordering::Relaxed) {
            return None;
        }
        let chunk = std::mem::replace(chunk, Chunk { file, ..Chunk::default() });
        let (fill, place) = channel();
        self.place.send(place).ok()?;
        self.work.send((chunk, fill)).ok()
    }
}

struct Writer<'a> {
    tally: Tally,
    output: &'a mut Output,
    max_errors: Option<u64>,
}

impl Writer<'_> {
    /// Waits for the next place; when there is none yet, readers of the output see what there is.
    fn next(&mut self, places: &Receiver<Receiver<Filled>>) -> Result<Receiver<Filled>, RecvTimeoutError> {
        if let Ok(place) = places.try_recv() {
            return Ok(place);
        }
        // what cannot be written now cannot be written later either, and is said then
        let _: io::Result<()> = self.output.flush();
        places.recv_timeout(PATIENCE)
    }

    /// Waits for a place to be filled and writes it; says why to stop, if so.
    fn place(&mut self, place: &Receiver<Filled>) -> Result<io::Result<Option<Ended>>, Diagnostics> {
        let done = place.recv().unwrap_or_else(|_| {
            // the reader found nobody to do the work, or a worker broke down
            Err(Diagnostic::error("internal", "evaluating a filing was interrupted").into())
        })?;
        Ok(self.write(done))
    }

    fn write(&mut self, done: Done) -> io::Result<Option<Ended>> {
        for (end, outcome) in done.outcomes {
            self.tally.count(outcome);
            if self.max_errors.is_some_and(|most| self.tally.errors >= most) {
                self.output.write(done.bytes.get(..end).unwrap_or_default())?;
                return Ok(Some(Ended::TooManyErrors));
            }
        }
        self.output.write(&done.bytes)?;
        Ok(None)
    }
}
