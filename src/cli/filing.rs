//! Filings as commands take them: read with bounds, overridden by options, completed, and evaluated.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use clap::{Args, ValueEnum};

use super::explain::unknown_rule;
use super::failure::io_words;
use super::today::today;
use crate::condition::Language;
use crate::engine::assess;
use crate::filing::{Document, InputForm, MAX_BYTES, read_filing, set};
use crate::policy::{Files, Policies};
use crate::report::explain::{Explanation, explain};
use crate::report::{self, Report, Shown, fields};
use crate::source::{Diagnostic, Diagnostics, Node, NodeValue, SourceFile};

/// How the standard input is named.
pub(super) const STDIN: &str = "-";

/// Where the rules come from.
#[derive(Debug, Clone, Args)]
pub(super) struct PolicyArgs {
    /// Use the policies of this folder instead of the built-in ones
    #[arg(long, value_name = "DIR", help_heading = "Policies")]
    pub(super) policies: Option<PathBuf>,
}

impl PolicyArgs {
    /// The files.
    pub(super) fn files(&self) -> Result<Files, Diagnostic> {
        match &self.policies {
            Some(folder) => Files::folder(folder),
            None => Ok(Files::Embedded),
        }
    }

    /// The policies, read.
    pub(super) fn load(&self) -> Result<Policies, Diagnostics> {
        Policies::load(&self.files()?)
    }
}

/// How a filing is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FormArg {
    /// TOML
    Toml,
    /// JSON
    Json,
}

/// How filings are read and evaluated.
#[derive(Debug, Clone, Args)]
pub(super) struct FilingArgs {
    /// How the filing is written; by default its ending says so, and of the standard input its first character
    #[arg(long, value_enum, value_name = "FORM", help_heading = "Filing")]
    input_format: Option<FormArg>,
    /// Evaluate as if it were submitted on this day (2026-11-24); by default filing.date, else today
    #[arg(long, value_name = "DATE", help_heading = "Filing")]
    as_of: Option<NaiveDate>,
    /// File in this province (two digits, such as 44), whatever the filing says
    #[arg(long, value_name = "CODE", help_heading = "Filing")]
    pub(super) province: Option<String>,
    /// File with this access provider (such as tencent-cloud), whatever the filing says
    #[arg(long, value_name = "ID", help_heading = "Filing")]
    pub(super) provider: Option<String>,
    /// Show id numbers, phones and e-mail addresses as they are
    #[arg(long, help_heading = "Output")]
    show_sensitive: bool,
    #[command(flatten)]
    pub(super) policies: PolicyArgs,
}

/// A filing and what came out of it.
pub(super) struct Checked {
    /// The report.
    pub(super) report: Report,
    /// The filing's text as it may be shown; absent when there is no file.
    pub(super) shown: Option<Shown>,
}

/// Reads and evaluates filings by the options of a call.
pub(super) struct Desk<'a> {
    pub(super) policies: Policies,
    args: &'a FilingArgs,
    language: Language,
}

impl<'a> Desk<'a> {
    /// Loads the policies and checks the options.
    pub(super) fn open(args: &'a FilingArgs, language: Language) -> Result<Self, Diagnostics> {
        let desk = Self { policies: args.policies.load()?, args, language };
        // a wrong option is one mistake, not one for every filing
        desk.overridden(&mut Document::empty(&desk.policies.world.schema))?;
        Ok(desk)
    }

    /// A file, or the standard input.
    pub(super) fn file(&self, path: &Path) -> Result<Checked, Diagnostics> {
        let (document, file, form) = self.read(path)?;
        self.document(document, Some((file, form)))
    }

    /// A file, read by the schema and nothing more.
    pub(super) fn read(&self, path: &Path) -> Result<(Document, Arc<SourceFile>, InputForm), Diagnostics> {
        let is_stdin = path.as_os_str() == STDIN;
        let file = if is_stdin { read_stdin()? } else { read_file(path)? };
        let form = self.form(path, &file)?;
        let world = &self.policies.world;
        let show = self.args.show_sensitive;
        let document = read_filing(&world.schema, &file, form).map_err(|problems| {
            if show { problems } else { Shown::covered(world, None, &file, form).diagnostics(&file, problems) }
        })?;
        Ok((document, file, form))
    }

    /// How reports are made.
    pub(super) fn report_options(&self) -> report::Options {
        report::Options { language: self.language, show_sensitive: self.args.show_sensitive, source: None }
    }

    /// Why a rule came out as it did on a file.
    pub(super) fn explain(&self, path: &Path, id: &str) -> Result<Explanation, Diagnostics> {
        let (mut document, file, form) = self.read(path)?;
        self.overridden(&mut document)?;
        let day = self.day(&mut document)?;
        self.policies.complete(&mut document);
        let bundle = self.policies.bundle(&self.policies.wanted(&document), day)?;
        let show = self.args.show_sensitive;
        let options = report::Options { language: self.language, show_sensitive: show, source: Some((file, form)) };
        let found = bundle.find(id).and_then(|rule| explain(&bundle, &document, rule, &options));
        let ids = || bundle.layers.iter().flat_map(|layer| layer.rules.iter().map(|rule| rule.head.id.as_str()));
        found.ok_or_else(|| unknown_rule(id, ids()).into())
    }

    /// A document.
    pub(super) fn document(
        &self,
        mut document: Document,
        source: Option<(Arc<SourceFile>, InputForm)>,
    ) -> Result<Checked, Diagnostics> {
        self.overridden(&mut document)?;
        let day = self.day(&mut document)?;
        self.policies.complete(&mut document);
        let bundle = self.policies.bundle(&self.policies.wanted(&document), day)?;
        let assessment = assess(&bundle, &document);
        let world = &self.policies.world;
        let show = self.args.show_sensitive;
        let shown = source.as_ref().map(|(file, form)| match show {
            true => Shown::as_it_is(file),
            false => Shown::covered(world, Some(&document), file, *form),
        });
        let options = report::Options { language: self.language, show_sensitive: show, source };
        Ok(Checked { report: report::build(&bundle, &document, &assessment, &options), shown })
    }

    /// Puts the options over what the document says.
    pub(super) fn overridden(&self, document: &mut Document) -> Result<(), Diagnostics> {
        if let Some(code) = &self.args.province {
            self.known_province("--province", code)?;
            self.put(document, fields::PROVINCE, "--province", code)?;
        }
        if let Some(id) = &self.args.provider {
            self.put(document, fields::PROVIDER, "--provider", id)?;
        }
        Ok(())
    }

    /// Sets a field to the text of an option, whose mistakes point at the option.
    pub(super) fn put(&self, document: &mut Document, path: &str, option: &str, text: &str) -> Result<(), Diagnostics> {
        let file = SourceFile::new(option, text);
        let node = Node { span: 0..text.len(), value: NodeValue::Text(text.to_owned()) };
        set(&self.policies.world.schema, document, path, &node, &file, 0..text.len())
    }

    /// A province that exists: by its shape alone `99` would be one.
    pub(super) fn known_province(&self, option: &str, code: &str) -> Result<(), Diagnostic> {
        let knowledge = self.policies.world.knowledge();
        let number = code.parse().ok().filter(|_| code.len() == 2);
        if number.and_then(|code| knowledge.region_name_of(code)).is_some() {
            return Ok(());
        }
        let file = SourceFile::new(option, code);
        let unknown = Diagnostic::error("unknown-province", format!("there is no province `{code}`"))
            .at(&file, 0..code.len(), "no such code")
            .help("a province is the first two digits of its code in GB/T 2260, such as `44`");
        let meant = knowledge.province(code).or_else(|| code.get(..2).and_then(|start| start.parse().ok()));
        let named = meant.and_then(|code| Some((code, knowledge.region_name_of(u32::from(code))?)));
        Err(match named {
            Some((code, name)) => unknown.help(format!("did you mean `{code:02}` ({name})?")),
            None => unknown,
        })
    }

    /// The day of the report, which the document then says too.
    pub(super) fn day(&self, document: &mut Document) -> Result<i64, Diagnostics> {
        let written = fields::day(&self.policies.world.schema, document);
        let day = match (self.args.as_of, written) {
            (None, Some(day)) => return Ok(day),
            (Some(day), _) => day,
            (None, None) => today(),
        };
        let file = SourceFile::new("--as-of", day.to_string());
        let node = Node { span: 0..file.text.len(), value: NodeValue::Date(day) };
        set(&self.policies.world.schema, document, fields::DATE, &node, &file, 0..file.text.len())?;
        Ok(i64::from(day.num_days_from_ce()))
    }

    fn form(&self, path: &Path, file: &SourceFile) -> Result<InputForm, Diagnostic> {
        match self.args.input_format {
            Some(FormArg::Toml) => return Ok(InputForm::Toml),
            Some(FormArg::Json) => return Ok(InputForm::Json),
            None => {}
        }
        if path.as_os_str() == STDIN {
            let json = file.text.trim_start().starts_with('{');
            return Ok(if json { InputForm::Json } else { InputForm::Toml });
        }
        InputForm::of_name(path).ok_or_else(|| {
            let message = format!("the name of `{}` does not say how it is written", path.display());
            Diagnostic::error("unknown-form", message).help("end it in .toml or .json, or say it with `--input-format`")
        })
    }
}

fn read_stdin() -> Result<Arc<SourceFile>, Diagnostic> {
    read(std::io::stdin().lock(), "<stdin>")
}

fn read_file(path: &Path) -> Result<Arc<SourceFile>, Diagnostic> {
    let name = path.display().to_string();
    let unreadable = |error: &std::io::Error| {
        Diagnostic::error("unreadable", format!("`{name}` cannot be read: {}", io_words(error)))
    };
    let file = std::fs::File::open(path).map_err(|error| unreadable(&error))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(Diagnostic::error("unreadable", format!("`{name}` is a folder"))
            .help("name the filings in it, such as with `*.toml`"));
    }
    read(file, &name)
}

fn read(input: impl Read, name: &str) -> Result<Arc<SourceFile>, Diagnostic> {
    let mut bytes = Vec::new();
    if let Err(error) = input.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes) {
        return Err(Diagnostic::error("unreadable", format!("`{name}` cannot be read: {}", io_words(&error))));
    }
    if bytes.len() > MAX_BYTES {
        let message = format!("`{name}` is too large for a filing: more than {} MiB", MAX_BYTES >> 20);
        return Err(Diagnostic::error("too-large", message).help("a file holds one filing"));
    }
    SourceFile::from_bytes(name, bytes)
}
