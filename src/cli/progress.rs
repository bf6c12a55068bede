//! A line on the terminal that says how far long work is.

use jibe::Builder;
use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// How long work may take before the line appears.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the line is written anew.
const BEAT: Duration = Duration::from_millis(200);

/// Runs `work` and, when standard error is a terminal and the work takes long, shows how many of
/// `total` targets `builder` has done.
pub(crate) fn watched<T>(total: usize, builder: &Builder<'_>, work: impl FnOnce() -> T) -> T {
    if !io::stderr().is_terminal() {
        return work();
    }
    thread::scope(|scope| {
        let (finished, wait) = mpsc::channel::<()>();
        // Without a thread to spare, there is no line.
        let line = thread::Builder::new();
        let _ = line.spawn_scoped(scope, move || show(builder, total, &wait));
        let result = work();
        drop(finished);
        result
    })
}

fn show(builder: &Builder<'_>, total: usize, finished: &mpsc::Receiver<()>) {
    let mut pause = PATIENCE;
    while finished.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        let count = builder.done();
        let _ = write!(io::stderr(), "\r\x1b[K{count} of {total} targets");
        let _ = io::stderr().flush();
        pause = BEAT;
    }
    if pause == BEAT {
        let _ = write!(io::stderr(), "\r\x1b[K");
    }
}
