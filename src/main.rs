//! The `jibe` program.

mod cli;

/// Rendering makes and drops many small values on several threads; `docs/performance.md` has what this saves.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::run()
}
