//! The program: see `beian::cli`.

fn main() -> std::process::ExitCode {
    beian::cli::run()
}
