//! `completions`: what a shell needs to complete our commands.

use clap::Args;

use super::failure::Done;
use super::terminal::Terminal;

const EXAMPLES: &str = "\
Examples:
  beian completions bash > ~/.local/share/bash-completion/completions/beian
  beian completions zsh > ~/.zfunc/_beian
  beian completions fish > ~/.config/fish/completions/beian.fish";

/// Completions for a shell, on the standard output
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct CompletionsArgs {
    /// The shell
    shell: clap_complete::Shell,
}

/// Prints the completions.
pub(super) fn run(args: &CompletionsArgs, mut command: clap::Command, terminal: &Terminal) -> Done {
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, name, &mut script);
    terminal.print(&String::from_utf8_lossy(&script))?;
    Ok(0)
}
