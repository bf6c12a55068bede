//! Work that many targets share is done once and says the same to each of them.

use crate::diag::{Diagnostic, Reported, Sink};
use crate::source::{Inputs, RelPath};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Results by path, or by another key. Asking again gives the same result, findings and inputs without the work.
#[derive(Debug)]
pub struct Memo<T, K = RelPath>(Mutex<BTreeMap<K, Arc<Kept<T>>>>);

#[derive(Debug)]
struct Kept<T> {
    result: Result<T, Reported>,
    found: Vec<Diagnostic>,
    looked: Arc<Inputs>,
}

impl<T, K> Default for Memo<T, K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone, K: Clone + Ord> Memo<T, K> {
    /// What `work` gives for `key`, done at most once at a time for each key.
    ///
    /// No lock is held while it works, so that charts that need each other cannot wait in a ring;
    /// of two threads that do the same work the first one's result stands.
    ///
    /// # Errors
    /// When the work fails; its findings are reported each time.
    pub fn get(
        &self,
        key: &K,
        looked: &mut Inputs,
        sink: &mut Sink,
        work: impl FnOnce(&mut Inputs, &mut Sink) -> Result<T, Reported>,
    ) -> Result<T, Reported> {
        let known = self.lock().get(key).map(Arc::clone);
        let kept = known.unwrap_or_else(|| {
            let fresh = Arc::new(Kept::of(sink, work));
            Arc::clone(self.lock().entry(key.clone()).or_insert(fresh))
        });
        looked.extend(&kept.looked);
        for diagnostic in &kept.found {
            sink.tell(diagnostic.clone());
        }
        kept.result.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<K, Arc<Kept<T>>>> {
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
