//! How much is asked at once, and how long an answer may take: one customer's silent endpoint must not hold up the rest.

use std::time::Duration;

use tokio::sync::Semaphore;

use crate::error::ServiceError;
use crate::time::human;

/// So many calls at once, each so long at most.
#[derive(Debug)]
pub struct Gate {
    places: Semaphore,
    patience: Duration,
}

impl Gate {
    /// A gate with so many places, at least one.
    #[must_use]
    pub fn new(places: usize, patience: Duration) -> Self {
        Self { places: Semaphore::new(places.max(1)), patience }
    }

    /// Waits for a place, and then for the answer; the wait for the place does not count.
    ///
    /// # Errors
    /// What the call answers, or `Timeout`.
    pub async fn ask<T, E: From<ServiceError>>(&self, call: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        // Nothing closes the semaphore; if it were closed, going on without a place would be right.
        let _place = self.places.acquire().await.ok();
        tokio::time::timeout(self.patience, call).await.unwrap_or_else(|_| {
            Err(E::from(ServiceError {
                service: "AWS",
                code: "Timeout".to_owned(),
                message: format!("no answer within {}", human(self.patience)),
                ..ServiceError::default()
            }))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_call_that_hangs_ends_and_the_wait_for_a_place_does_not_count() {
        let gate = Gate::new(1, Duration::from_secs(20));
        let hangs = gate.ask::<(), ServiceError>(std::future::pending());
        let answers = gate.ask::<_, ServiceError>(async { Ok(7) });
        let (hung, answered) = tokio::join!(hangs, answers);
        assert_eq!(hung.map_err(|error| error.code), Err("Timeout".to_owned()));
        assert_eq!(answered, Ok(7));
    }
}
