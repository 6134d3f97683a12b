//! `man`: manual pages.

use std::path::PathBuf;

use clap::Args;

use super::failure::{Done, Failure};
use super::terminal::Terminal;

const EXAMPLES: &str = "\
Examples:
  beian man | man -l -
  beian man ~/.local/share/man/man1";

/// The manual: the main page on the standard output, or all pages into a folder
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ManArgs {
    /// The folder; it is made when it is not there
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// Writes the pages.
pub(super) fn run(args: &ManArgs, command: clap::Command, terminal: &Terminal) -> Done {
    match &args.folder {
        None => {
            let mut page = Vec::new();
            let written = clap_mangen::Man::new(command).render(&mut page);
            written.map_err(|error| Failure::file("unwritable", "written", "beian.1".as_ref(), &error))?;
            terminal.print(&String::from_utf8_lossy(&page))?;
        }
        Some(folder) => {
            let unwritable = |error| Failure::file("unwritable", "written", folder, &error);
            std::fs::create_dir_all(folder).map_err(unwritable)?;
            clap_mangen::generate_to(command, folder).map_err(unwritable)?;
        }
    }
    Ok(0)
}
