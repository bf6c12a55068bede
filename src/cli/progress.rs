//! A line on the terminal that says how far long work is.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// How long work may take before the line appears.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the line is written anew.
const BEAT: Duration = Duration::from_millis(200);

/// Runs `work` and, when standard error is a terminal and the work takes long, shows how many of
/// `total` steps are done. The work counts its steps in the counter that it is handed.
pub(crate) fn watched<T>(total: usize, work: impl FnOnce(&AtomicUsize) -> T) -> T {
    let done = AtomicUsize::new(0);
    if !io::stderr().is_terminal() {
        return work(&done);
    }
    thread::scope(|scope| {
        let (finished, wait) = mpsc::channel::<()>();
        scope.spawn(|| show(&done, total, &wait));
        let result = work(&done);
        drop(finished);
        result
    })
}

fn show(done: &AtomicUsize, total: usize, finished: &mpsc::Receiver<()>) {
    let mut pause = PATIENCE;
    while finished.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        let count = done.load(Ordering::Relaxed);
        let _ = write!(io::stderr(), "\r\x1b[K{count} of {total} targets");
        let _ = io::stderr().flush();
        pause = BEAT;
    }
    if pause == BEAT {
        let _ = write!(io::stderr(), "\r\x1b[K");
    }
}
