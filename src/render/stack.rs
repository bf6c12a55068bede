//! Room for templates that recurse deeply.

use crate::diag::{Code, Diagnostic};
use std::cell::Cell;

/// Hostile templates build deep expressions and values; the engine recurses through both.
const STACK: usize = 256 * 1024 * 1024;

thread_local! {
    static IS_BIG: Cell<bool> = const { Cell::new(false) };
}

/// Threads on which renders run in place; elsewhere each render starts a thread of its own.
#[derive(Debug)]
pub struct Threads(Option<rayon::ThreadPool>);

impl Threads {
    /// As many as the current rayon pool has, and at most `most`.
    #[must_use]
    pub fn new(most: usize) -> Self {
        // In a library, to ask is to start that pool, which takes time that one small chart does not need.
        Self::exactly(if most > 1 { rayon::current_num_threads().min(most) } else { 1 })
    }

    /// As many as this.
    #[must_use]
    pub fn exactly(count: usize) -> Self {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(count)
            .stack_size(STACK)
            .start_handler(|_| IS_BIG.set(true));
        // Where there is no room for them, each render tells so by itself.
        Self(pool.build().ok())
    }

    /// Runs work whose parallel loops use these threads.
    pub fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        match &self.0 {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }
}

/// Runs work that may recurse deeply.
///
/// # Errors
/// When the system has no room for so large a stack.
pub(super) fn on_big_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, Box<Diagnostic>> {
    if IS_BIG.get() {
        return Ok(work());
    }
    on_stack(STACK, work)
}

fn on_stack<T: Send>(bytes: usize, work: impl FnOnce() -> T + Send) -> Result<T, Box<Diagnostic>> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(bytes).spawn_scoped(scope, work);
        let joined = thread.map_err(|error| no_stack(bytes, &error))?.join();
        Ok(joined.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

fn no_stack(bytes: usize, error: &std::io::Error) -> Box<Diagnostic> {
    let mebibytes = bytes / (1024 * 1024);
    let message = format!("templates need a thread with {mebibytes} MiB of address space: {error}");
    let hint = "raise the limit of address space or threads (`ulimit -v`, `ulimit -u`), or work on fewer targets at once: `-j 1`";
    Box::new(Diagnostic::error(Code::TemplateLimit, message).hint(hint))
}

#[cfg(test)]
mod tests {
    use super::on_stack;
    use crate::diag::Code;

    #[test]
    fn a_thread_that_the_system_has_no_room_for_is_a_finding() {
        let refused = on_stack(1 << 50, || 1).expect_err("no machine has that much");
        assert_eq!(refused.code, Code::TemplateLimit);
        assert!(refused.hints[0].contains("-j 1"));
        assert_eq!(on_stack(1 << 20, || 1).ok(), Some(1));
    }
}
