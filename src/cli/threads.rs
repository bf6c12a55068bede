//! The threads of parallel loops.
//!
//! `--jobs --hands--> threads that wait  --pool--> rayon`
//!
//! Promise: as many as are wanted work, the one that starts among them; or that one alone, where the system does not grant
//! as many.

use rayon::{ThreadBuilder, ThreadPoolBuilder};
use std::io::ErrorKind;
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};

/// Makes the pool of all parallel loops: of `jobs` threads, else of as many as there are processors.
pub(super) fn prepare(jobs: Option<u16>) {
    let processors = || thread::available_parallelism().map_or(1, usize::from);
    let wanted = jobs.map_or_else(processors, usize::from);
    let pool = ThreadPoolBuilder::new().use_current_thread();
    // A pool that fails to start cannot be replaced, so its threads are there before it is.
    let built = match hands(wanted - 1) {
        None => pool.num_threads(1).build_global(),
        Some(hands) => {
            let mut hands = hands.into_iter();
            let give = |work| match hands.next().map(|hand| hand.give.send(work)) {
                Some(Ok(())) => Ok(()),
                _ => Err(ErrorKind::Other.into()),
            };
            pool.num_threads(wanted).spawn_handler(give).build_global()
        }
    };
    built.expect("nobody else makes a pool for all");
}

/// A thread that waits for its work.
struct Hand {
    give: Sender<ThreadBuilder>,
    thread: JoinHandle<()>,
}

/// Threads that wait for their work, if the system grants so many; else none are left.
fn hands(count: usize) -> Option<Vec<Hand>> {
    let here = processor::current();
    let hand = |_| {
        let (give, take) = channel::<ThreadBuilder>();
        let work = move || {
            processor::leave(here);
            // Where nobody gives it work, it ends.
            if let Ok(work) = take.recv() {
                work.run();
            }
        };
        Some(Hand { give, thread: thread::Builder::new().spawn(work).ok()? })
    };
    let started: Vec<_> = (0..count).map_while(hand).collect();
    if started.len() == count {
        return Some(started);
    }
    // Their places are needed: a template takes a thread of its own.
    let (gives, threads): (Vec<_>, Vec<_>) =
        started.into_iter().map(|hand| (hand.give, hand.thread)).unzip();
    drop(gives);
    threads.into_iter().for_each(|thread| drop(thread.join()));
    None
}

/// On which processor a thread runs.
#[cfg(target_os = "linux")]
mod processor {
    use nix::sched::{sched_getaffinity, sched_getcpu, sched_setaffinity};
    use nix::unistd::Pid;

    pub(super) fn current() -> Option<usize> {
        sched_getcpu().ok()
    }

    /// Goes to another processor, and then wherever the system wants.
    ///
    /// Linux may start a thread on the processor of the one that starts it, and leave both there for longer than a short
    /// run takes: in a virtual machine with two processors, one of them was idle in every third run.
    pub(super) fn leave(processor: Option<usize>) {
        let own = Pid::from_raw(0);
        let (Some(processor), Ok(all)) = (processor, sched_getaffinity(own)) else { return };
        let mut others = all;
        // Who is refused works where it is; the system refuses to have none.
        if others.unset(processor).is_ok() && sched_setaffinity(own, &others).is_ok() {
            let _ = sched_setaffinity(own, &all);
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod processor {
    pub(super) fn current() {}

    pub(super) fn leave((): ()) {}
}
