//! The command line: one file per command, its arguments beside its function. This file only declares and dispatches.
//!
//! In: the arguments of the call. Out: text on the standard streams and an exit status. It must not know what a rule is:
//! every command calls the library.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

mod batch;
mod check;
mod checklist;
mod compare;
mod completions;
mod explain;
mod failure;
mod filing;
mod lint;
mod man;
mod policies;
mod rule;
mod schema;
mod terminal;
mod test;
mod today;

use failure::{Done, Failure};
use terminal::{Terminal, TerminalArgs};

/// ICP filing rules (备案) as data: what a filing needs, what would get it rejected, and who says so.
#[derive(Debug, Parser)]
#[command(name = "beian", version, arg_required_else_help = true, after_help = EXAMPLES)]
struct Cli {
    #[command(flatten)]
    terminal: TerminalArgs,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  beian check filing.toml          what would get this filing rejected, and its materials
  beian rule 44.org.age.min16      one rule: of whom, since when, who says so
  beian checklist --province 44 --nature individual --service app --kind initial

Exit status: 0 fine, 1 something is wrong with the filing or the policies,
2 the input, a policy or the call is wrong";

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::CheckArgs),
    Batch(batch::BatchArgs),
    Checklist(checklist::ChecklistArgs),
    Explain(explain::ExplainArgs),
    Rule(rule::RuleArgs),
    Compare(compare::CompareArgs),
    Lint(lint::LintArgs),
    Test(test::TestArgs),
    Policies(policies::PoliciesArgs),
    Schema(schema::SchemaArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

/// Runs the program on the arguments of the call.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // help goes to the standard output and is no error; a closed pipe is nobody's concern
            let _: std::io::Result<()> = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let terminal = Terminal::new(&cli.terminal);
    let status = dispatch(&cli.command, &terminal).unwrap_or_else(|failure: Failure| {
        terminal.failure(&failure);
        2
    });
    ExitCode::from(status)
}

fn dispatch(command: &Command, terminal: &Terminal) -> Done {
    match command {
        Command::Check(args) => check::run(args, terminal),
        Command::Batch(args) => batch::run(args, terminal),
        Command::Checklist(args) => checklist::run(args, terminal),
        Command::Explain(args) => explain::run(args, terminal),
        Command::Rule(args) => rule::run(args, terminal),
        Command::Compare(args) => compare::run(args, terminal),
        Command::Lint(args) => lint::run(args, terminal),
        Command::Test(args) => test::run(args, terminal),
        Command::Policies(args) => policies::run(args, terminal),
        Command::Schema(args) => schema::run(args, terminal),
        Command::Completions(args) => completions::run(args, Cli::command(), terminal),
        Command::Man(args) => man::run(args, Cli::command(), terminal),
    }
}
