//! ICP filing rules (备案) as data, and the engine that runs them.
//!
//! Policies (TOML and Rhai, built in or from a folder) and a filing document go in; a [`report::Report`] comes out: the
//! checklist of materials that this filing needs, and what would get it rejected, each line with its rule, its place in the
//! document, what to do, and who says so.
//!
//! ```
//! use beian::{engine, filing, policy, report, source};
//!
//! let policies = policy::Policies::load(&policy::Files::Embedded)?;
//! let text = "[filing]\nkind = \"initial\"\nprovince = \"44\"\n[subject]\nnature = \"individual\"\n";
//! let file = source::SourceFile::new("draft.toml", text);
//! let mut document = filing::read_filing(&policies.world.schema, &file, filing::InputForm::Toml)?;
//! policies.complete(&mut document);
//! let bundle = policies.bundle(&policies.wanted(&document), policy::day(2026, 11, 24))?;
//! let assessment = engine::assess(&bundle, &document);
//! let report = report::build(&bundle, &document, &assessment, &report::Options::default());
//! assert!(report.questions.iter().any(|question| question.path == "services"));
//! # Ok::<(), beian::source::Diagnostics>(())
//! ```
//!
//! Data flows from left to right only; each stage has its own type, so a policy that was not checked cannot be compiled and a
//! filing that was not read by the schema cannot be evaluated:
//!
//! text → [`source`] → [`schema`], [`table`], [`filing`], [`policy`] (with [`condition`], [`script`], [`knowledge`]) →
//! [`engine`] → [`report`] → [`cli`]. [`json_schema`] describes what goes in and out, [`maintain`] works on policies rather
//! than on filings, [`batch`] runs streams of them on all cores.

pub mod batch;
pub mod cli;
pub mod condition;
pub mod engine;
pub mod filing;
pub mod json_schema;
pub mod knowledge;
pub mod maintain;
pub mod policy;
pub mod report;
pub mod schema;
pub mod script;
pub mod source;
pub mod table;
