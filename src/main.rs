//! The program: see `beian::cli`.
/// Loading policies makes very many small allocations.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    beian::cli::run()
}
