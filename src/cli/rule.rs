//! stub
use super::failure::Done;
use super::terminal::Terminal;
use clap::Args;
/// One rule or fact
#[derive(Debug, Args)]
pub(super) struct RuleArgs {
    id: String,
}
pub(super) fn run(args: &RuleArgs, terminal: &Terminal) -> Done {
    terminal.print(&args.id)?;
    Ok(0)
}
