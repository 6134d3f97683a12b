//! `schema`: JSON Schemas, for editors and validators.

use clap::{Args, Subcommand, ValueEnum};

use super::failure::Done;
use super::filing::PolicyArgs;
use super::terminal::Terminal;
use crate::json_schema::{self, PolicyFile};
use crate::source::Diagnostics;

const EXAMPLES: &str = "\
Examples:
  beian schema filing > filing.schema.json
  beian schema policy --file rules > rules.schema.json      then, in rules.toml: #:schema ./rules.schema.json";

/// JSON Schemas (draft 2020-12) of filings, policy files and reports
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct SchemaArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// A filing: fields, types, values, with their labels
    Filing(FilingSchemaArgs),
    /// Policy files, with the names that the policies define
    Policy(PolicySchemaArgs),
    /// The JSON form of a report
    Report,
}

#[derive(Debug, Args)]
struct FilingSchemaArgs {
    #[command(flatten)]
    policies: PolicyArgs,
}

#[derive(Debug, Args)]
struct PolicySchemaArgs {
    /// Only this kind of file; by default one schema for all of them
    #[arg(long, value_enum, value_name = "KIND")]
    file: Option<PolicyFile>,
    #[command(flatten)]
    policies: PolicyArgs,
}

impl ValueEnum for PolicyFile {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.name()).help(self.place()))
    }
}

/// Prints the schema.
pub(super) fn run(args: &SchemaArgs, terminal: &Terminal) -> Done {
    terminal.print(&json_schema::text(&schema(&args.what)?))?;
    Ok(0)
}

fn schema(what: &What) -> Result<serde_json::Value, Diagnostics> {
    Ok(match what {
        What::Filing(args) => json_schema::filing(&args.policies.load()?.world),
        What::Policy(PolicySchemaArgs { file: Some(file), policies }) => {
            json_schema::policy_file(&policies.load()?.world, *file)
        }
        What::Policy(PolicySchemaArgs { file: None, policies }) => json_schema::policy(&policies.load()?.world),
        What::Report => json_schema::report(),
    })
}
