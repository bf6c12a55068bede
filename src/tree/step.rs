//! The points at which a test kills a run.

/// Nothing, outside of tests.
#[cfg(not(test))]
pub(super) fn step() {}

/// Kills the process, as `kill -9` does, if a test asked for it at this point.
#[cfg(test)]
pub(super) fn step() {
    use rustix::process::{Signal, getpid, kill_process};
    use std::sync::atomic::{AtomicUsize, Ordering};

    static PASSED: AtomicUsize = AtomicUsize::new(0);
    let passed = PASSED.fetch_add(1, Ordering::Relaxed);
    if super::tests::kill_at() == Some(passed) {
        kill_process(getpid(), Signal::KILL).expect("a process may kill itself");
    }
}
