//! Work that many targets share is done once and says the same to each of them.

use crate::diag::{Diagnostic, Reported, Sink};
use crate::source::{Inputs, RelPath};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Results by path. Asking again gives the same result, findings and inputs without the work.
#[derive(Debug)]
pub struct Memo<T>(Mutex<BTreeMap<RelPath, Arc<Kept<T>>>>);

#[derive(Debug)]
struct Kept<T> {
    result: Result<T, Reported>,
    found: Vec<Diagnostic>,
    looked: Arc<Inputs>,
}

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Memo<T> {
    /// What `work` gives for `path`, done at most once at a time for each path.
    ///
    /// No lock is held while it works, so that charts that need each other cannot wait in a ring;
    /// of two threads that do the same work the first one's result stands.
    ///
    /// # Errors
    /// When the work fails; its findings are reported each time.
    pub fn get(
        &self,
        path: &RelPath,
        looked: &mut Inputs,
        sink: &mut Sink,
        work: impl FnOnce(&mut Inputs, &mut Sink) -> Result<T, Reported>,
    ) -> Result<T, Reported> {
        let known = self.lock().get(path).map(Arc::clone);
        let kept = known.unwrap_or_else(|| {
            let fresh = Arc::new(Kept::of(sink, work));
            Arc::clone(self.lock().entry(path.clone()).or_insert(fresh))
        });
        looked.extend(&kept.looked);
        for diagnostic in &kept.found {
            sink.tell(diagnostic.clone());
        }
        kept.result.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<RelPath, Arc<Kept<T>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Kept<T> {
    fn of(sink: &Sink, work: impl FnOnce(&mut Inputs, &mut Sink) -> Result<T, Reported>) -> Self {
        let mut looked = Inputs::default();
        let (result, found) = sink.apart(|own| work(&mut looked, own));
        Self { result, found, looked: Arc::new(looked) }
    }
}
