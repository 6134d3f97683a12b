//! The standard streams: colours, width, language, and writing that survives a closed pipe.

use std::io::{IsTerminal, Write};

use annotate_snippets::Renderer;
use clap::{Args, ValueEnum};

use super::failure::Failure;
use crate::condition::Language;
use crate::source::{Diagnostic, Diagnostics};

/// Columns where there is no terminal.
const DEFAULT_WIDTH: usize = 100;
/// Lines of a terminal that is wider than this are hard to read.
const MAX_WIDTH: usize = 140;
/// No table and no snippet makes sense below this.
const MIN_WIDTH: usize = 40;

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Also into files and pipes
    Always,
    /// Not at all
    Never,
}

/// The language of the program's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Lang {
    /// Chinese
    #[default]
    Zh,
    /// English; the texts of rules stay Chinese
    En,
}

/// How output looks.
#[derive(Debug, Clone, Args)]
pub(super) struct TerminalArgs {
    /// When to use colours
    #[arg(long, value_enum, default_value_t, global = true, help_heading = "Output", value_name = "WHEN")]
    color: Color,
    /// Columns of text output; by default those of the terminal, 100 elsewhere
    #[arg(long, global = true, help_heading = "Output", value_name = "N", value_parser = clap::value_parser!(u16).range(MIN_WIDTH as i64..))]
    width: Option<u16>,
    /// The language of the program's own words
    #[arg(long, value_enum, default_value_t, global = true, help_heading = "Output")]
    lang: Lang,
}

/// The standard streams.
#[derive(Debug)]
pub(super) struct Terminal {
    /// The language of the program's own words.
    pub(super) language: Language,
    /// Columns.
    pub(super) width: usize,
    /// Colours on the standard output.
    pub(super) color: bool,
    errors: Renderer,
}

impl Terminal {
    /// Looks at the streams and the environment.
    pub(super) fn new(args: &TerminalArgs) -> Self {
        let choice = match args.color {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        };
        let color = |auto: anstream::ColorChoice| match choice {
            anstream::ColorChoice::Auto => auto != anstream::ColorChoice::Never,
            fixed => fixed == anstream::ColorChoice::Always,
        };
        let errors = if color(anstream::AutoStream::choice(&std::io::stderr())) {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let width = args.width.map_or_else(detected_width, usize::from);
        Self {
            language: match args.lang {
                Lang::Zh => Language::Zh,
                Lang::En => Language::En,
            },
            width,
            color: color(anstream::AutoStream::choice(&std::io::stdout())),
            errors: errors.term_width(width.max(DEFAULT_WIDTH)),
        }
    }

    /// One of two words.
    pub(super) fn say<T>(&self, zh: T, en: T) -> T {
        match self.language {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    /// Writes to the standard output. When the reader has closed it, that is the end of it.
    pub(super) fn print(&self, text: &str) -> Result<(), Failure> {
        let mut out = stream(std::io::stdout(), self.color);
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                let words = super::failure::io_words(&error);
                Err(Diagnostic::error("unwritable", format!("the output cannot be written: {words}")).into())
            }
            _ => Ok(()),
        }
    }

    /// Writes JSON to the standard output.
    pub(super) fn json<T: serde::Serialize>(&self, value: &T) -> Result<(), Failure> {
        match serde_json::to_string_pretty(value) {
            Ok(text) => self.print(&(text + "\n")),
            Err(error) => Err(Diagnostic::error("unwritable", format!("the output is no JSON: {error}")).into()),
        }
    }

    /// Writes what is wrong to the standard error, as rustc does.
    pub(super) fn complain(&self, diagnostics: &Diagnostics) {
        if !diagnostics.is_empty() {
            // there is nowhere left to say that the standard error is closed
            let _: std::io::Result<()> = writeln!(std::io::stderr(), "{}\n", diagnostics.render(&self.errors));
        }
    }

    /// Writes why a command did nothing.
    pub(super) fn failure(&self, failure: &Failure) {
        self.complain(&failure.0);
    }

    /// What is wrong as text for the standard output.
    pub(super) fn rendered(&self, diagnostics: &Diagnostics) -> String {
        let renderer = if self.color { Renderer::styled() } else { Renderer::plain() };
        diagnostics.render(&renderer.term_width(self.width.max(DEFAULT_WIDTH)))
    }
}

/// The stream as it is: colours were decided, and what has none is written without any.
fn stream<S: anstream::stream::RawStream>(raw: S, color: bool) -> anstream::AutoStream<S> {
    anstream::AutoStream::new(raw, if color { anstream::ColorChoice::Always } else { anstream::ColorChoice::Never })
}

fn detected_width() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse::<usize>().ok());
    let seen = || {
        let terminal = std::io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
        terminal.map(|(columns, _)| usize::from(columns.0).min(MAX_WIDTH))
    };
    told.or_else(seen).map_or(DEFAULT_WIDTH, |columns| columns.max(MIN_WIDTH))
}
