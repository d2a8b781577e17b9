//! Bounded concurrency: many items at once, never more than asked for, and a clean end.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::{JoinError, JoinSet};

use crate::run::Cancel;

/// Jobs on tasks of their own, never more at once than there are places.
#[derive(Debug)]
pub struct Executor {
    places: Arc<Semaphore>,
    tasks: JoinSet<()>,
}

impl Executor {
    /// An executor with so many places, at least one.
    #[must_use]
    pub fn new(concurrency: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(concurrency.max(1))), tasks: JoinSet::new() }
    }

    /// Waits for a free place.
    ///
    /// # Panics
    /// Never: nothing closes the semaphore.
    pub async fn place(&self) -> OwnedSemaphorePermit {
        self.places.clone().acquire_owned().await.expect("the semaphore is never closed")
    }

    /// Runs a job in its place, which is free again when the job has ended.
    ///
    /// # Panics
    /// When an earlier job panicked, so that a bug is never taken for finished work.
    pub fn run(&mut self, place: OwnedSemaphorePermit, job: impl Future<Output = ()> + Send + 'static) {
        while let Some(ended) = self.tasks.try_join_next() {
            rethrow(ended);
        }
        self.tasks.spawn(async move {
            job.await;
            drop(place);
        });
    }

    /// Waits until every job has ended.
    ///
    /// # Panics
    /// When a job panicked.
    pub async fn drain(&mut self) {
        while let Some(ended) = self.tasks.join_next().await {
            rethrow(ended);
        }
    }
}

/// Runs `work` on each item that arrives, at most `concurrency` at once.
///
/// Takes nothing more once a stop is requested, and returns when everything in flight has ended.
///
/// # Panics
/// When a job panicked.
pub async fn for_each<I, F, W>(cancel: &Cancel, concurrency: usize, mut items: mpsc::Receiver<I>, work: F)
where
    F: Fn(I) -> W,
    W: Future<Output = ()> + Send + 'static,
{
    let mut executor = Executor::new(concurrency);
    while let Some(place) = cancel.unless_stopped(executor.place()).await
        && let Some(Some(item)) = cancel.unless_stopped(items.recv()).await
    {
        executor.run(place, work(item));
    }
    executor.drain().await;
}

fn rethrow(ended: Result<(), JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        std::panic::resume_unwind(error.into_panic());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    use std::time::Duration;

    use super::*;
    use crate::run::Stop;

    async fn feed(count: usize) -> mpsc::Receiver<usize> {
        let (sender, receiver) = mpsc::channel(1);
        tokio::spawn(async move {
            for item in 0..count {
                if sender.send(item).await.is_err() {
                    return;
                }
            }
        });
        receiver
    }

    #[tokio::test(start_paused = true)]
    async fn never_more_than_asked_for_at_once() {
        let (now, most, done) =
            (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let items = feed(100).await;
        for_each(&Cancel::default(), 7, items, |_| {
            let (now, most, done) = (now.clone(), most.clone(), done.clone());
            async move {
                most.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
                tokio::time::sleep(Duration::from_millis(10)).await;
                now.fetch_sub(1, SeqCst);
                done.fetch_add(1, SeqCst);
            }
        })
        .await;
        assert_eq!((most.load(SeqCst), done.load(SeqCst)), (7, 100));
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_drains_what_is_in_flight() {
        let (started, ended) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let cancel = Cancel::default();
        let items = feed(100).await;
        let stopper = cancel.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(25)).await;
            stopper.stop(Stop::Interrupt);
        });
        for_each(&cancel, 4, items, |_| {
            let (started, ended) = (started.clone(), ended.clone());
            async move {
                started.fetch_add(1, SeqCst);
                tokio::time::sleep(Duration::from_millis(10)).await;
                ended.fetch_add(1, SeqCst);
            }
        })
        .await;
        assert_eq!(started.load(SeqCst), ended.load(SeqCst));
        assert_eq!(ended.load(SeqCst), 12, "three rounds of four had started");
    }

    #[tokio::test]
    #[should_panic(expected = "a bug")]
    async fn a_panic_is_not_swallowed() {
        for_each(&Cancel::default(), 2, feed(1).await, |_| async { panic!("a bug") }).await;
    }
}
