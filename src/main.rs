//! The `jibe` program.

mod cli;

/// Threads that allocate many small values hold each other up in the allocator of many systems;
/// `docs/performance.md` has what this one saves.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::run()
}
