//! Reading the journal from async code: some readers, each on a thread that may block.

use super::{JournalError, JournalRead};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// How many reads run at once; further ones wait.
const AT_ONCE: usize = 4;

/// Opens one more reader.
pub type OpenReader = dyn Fn() -> Result<Box<dyn JournalRead>, JournalError> + Send + Sync;

/// A few readers of one journal, opened when they are needed and kept. Cheap to clone.
#[derive(Clone)]
pub struct Readers {
    inner: Arc<Inner>,
}

struct Inner {
    open: Box<OpenReader>,
    idle: Mutex<Vec<Box<dyn JournalRead>>>,
    // A reader's memory of keys and pages is its own: few are better than many.
    turns: Arc<Semaphore>,
}

impl Readers {
    /// Readers opened by `open`, none yet.
    #[must_use]
    pub fn new(
        open: impl Fn() -> Result<Box<dyn JournalRead>, JournalError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                open: Box::new(open),
                idle: Mutex::default(),
                turns: Arc::new(Semaphore::new(AT_ONCE)),
            }),
        }
    }

    /// Reads on a thread that may block. A reader whose read failed is not used again.
    ///
    /// # Errors
    /// What `read` answers, or why no reader could be opened.
    pub async fn read<T, E>(
        &self,
        read: impl FnOnce(&dyn JournalRead) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<JournalError> + Send + 'static,
    {
        let inner = Arc::clone(&self.inner);
        let turn = Arc::clone(&inner.turns).acquire_owned().await;
        let reading = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let idle = inner.idle().pop();
            let reader = match idle {
                Some(reader) => reader,
                None => (inner.open)()?,
            };
            let done = read(&*reader);
            if done.is_ok() {
                inner.idle().push(reader);
            }
            done
        });
        match reading.await {
            Ok(done) => done,
            Err(failed) => match failed.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The runtime is ending.
                Err(_) => Err(JournalError::Stopped.into()),
            },
        }
    }
}

impl Inner {
    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Box<dyn JournalRead>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Readers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Readers").finish_non_exhaustive()
    }
}
