//! Room for templates that recurse deeply.

use std::cell::Cell;

/// Hostile templates build deep expressions and values; the engine recurses through both.
const STACK: usize = 256 * 1024 * 1024;

thread_local! {
    static IS_BIG: Cell<bool> = const { Cell::new(false) };
}

/// Threads on which renders run in place; elsewhere each render starts a thread of its own.
#[derive(Debug)]
pub struct Threads(rayon::ThreadPool);

impl Threads {
    /// As many as the current rayon pool has, and at most `most`.
    #[must_use]
    pub fn new(most: usize) -> Self {
        // To ask is to start that pool, which takes time that one small chart does not need.
        let count = if most > 1 { rayon::current_num_threads().min(most) } else { 1 };
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(count)
            .stack_size(STACK)
            .start_handler(|_| IS_BIG.set(true));
        Self(pool.build().expect("threads can be started"))
    }

    /// Runs work whose parallel loops use these threads.
    pub fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.0.install(work)
    }
}

/// Runs work that may recurse deeply.
pub(super) fn on_big_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    if IS_BIG.get() {
        return work();
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let joined = thread.expect("a thread can be started").join();
        joined.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
