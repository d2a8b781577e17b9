//! The pace of a run: a debt-based token bucket with fractional rates that can change while running.
//!
//! A taker waits until earlier debts are paid and then takes what it needs at once, so 0.5 a second works and a batch of
//! ten waits as long as ten single items. When a service throttles, the pace is halved and then recovers slowly.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::time::monotonic;

/// Throttling answers of calls that were in flight together count once.
const THROTTLE_MEMORY: Duration = Duration::from_secs(1);

/// After this long without throttling the pace rises again.
const RECOVERY_DELAY: Duration = Duration::from_secs(3);

/// No tool is faster than this; a recovering pace stops rising here.
const FASTEST: f64 = 1e9;

/// How much the pace rises with each second of recovery.
const RECOVERY_FACTOR: f64 = 1.25;

/// An unlimited pace does not fall below this rate per second by the first throttling: it may come before anything was
/// taken, and then says nothing of what the service can bear.
const FIRST_THROTTLED_RATE: f64 = 20.0;

/// The pace never falls below this rate per second by throttling alone.
const LOWEST_THROTTLED_RATE: f64 = 0.1;

#[derive(Debug)]
struct State {
    /// Items per second; `None` is unlimited.
    rate: Option<f64>,
    /// What the operator asked for.
    ceiling: Option<f64>,
    /// When all debts are paid.
    paid_at: Instant,
    /// Items taken since `since`, to know the pace when none was asked for.
    taken: f64,
    since: Instant,
    throttled_at: Option<Instant>,
    raised_at: Instant,
}

/// A shared pace; all workers take from it.
#[derive(Debug)]
pub struct Pace {
    state: Mutex<State>,
}

impl Pace {
    /// A pace of `rate` items per second; `None` or 0 is unlimited.
    #[must_use]
    pub fn new(rate: Option<f64>) -> Self {
        let now = monotonic();
        let rate = rate.filter(|rate| *rate > 0.0);
        let state =
            State { rate, ceiling: rate, paid_at: now, taken: 0.0, since: now, throttled_at: None, raised_at: now };
        Self { state: Mutex::new(state) }
    }

    /// Waits for the turn of `amount` items (or bytes).
    pub async fn take(&self, amount: f64) {
        let turn = self.book(amount);
        if let Some(turn) = turn {
            tokio::time::sleep_until(turn).await;
        }
    }

    /// Books `amount`, and says from when on it may be used; `None` is at once.
    fn book(&self, amount: f64) -> Option<Instant> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = monotonic();
        recover(&mut state, now);
        state.taken += amount;
        let rate = state.rate?;
        let turn = state.paid_at.max(now);
        state.paid_at = turn + Duration::from_secs_f64(amount / rate);
        (turn > now).then_some(turn)
    }

    /// The present rate; `None` is unlimited.
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).rate
    }

    /// Sets another rate from now on.
    pub fn set_rate(&self, rate: Option<f64>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.ceiling = rate.filter(|rate| *rate > 0.0);
        state.rate = state.ceiling;
        state.paid_at = monotonic();
    }

    /// The service throttled: halves the pace. Returns the new rate when this changed it.
    pub fn throttled(&self) -> Option<f64> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = monotonic();
        if state.throttled_at.is_some_and(|at| now - at < THROTTLE_MEMORY) {
            return None;
        }
        let seen = state.taken / (now - state.since).as_secs_f64().max(1.0);
        let rate = match state.rate {
            Some(rate) => (rate / 2.0).max(LOWEST_THROTTLED_RATE),
            None => (seen / 2.0).max(FIRST_THROTTLED_RATE),
        };
        state.rate = Some(rate);
        state.throttled_at = Some(now);
        state.raised_at = now;
        (state.taken, state.since) = (0.0, now);
        Some(rate)
    }
}

/// Raises a throttled pace step by step, up to what was asked for.
fn recover(state: &mut State, now: Instant) {
    let Some(throttled_at) = state.throttled_at else { return };
    if now - throttled_at < RECOVERY_DELAY {
        return;
    }
    while now - state.raised_at >= Duration::from_secs(1) {
        state.raised_at += Duration::from_secs(1);
        let raised = state.rate.map(|rate| (rate * RECOVERY_FACTOR).min(FASTEST));
        match (raised, state.ceiling) {
            (Some(rate), Some(ceiling)) if rate >= ceiling => {
                state.rate = Some(ceiling);
                state.throttled_at = None;
                return;
            }
            _ => state.rate = raised,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn seconds_for(pace: &Pace, takes: usize, amount: f64) -> f64 {
        let start = monotonic();
        for _ in 0..takes {
            pace.take(amount).await;
        }
        (monotonic() - start).as_secs_f64()
    }

    #[tokio::test(start_paused = true)]
    async fn rates_hold_including_fractions_and_batches() {
        let table =
            [(None, 1_000, 1.0, 0.0), (Some(0.5), 4, 1.0, 6.0), (Some(10.0), 11, 1.0, 1.0), (Some(10.0), 4, 10.0, 3.0)];
        for (rate, takes, amount, expected) in table {
            let took = seconds_for(&Pace::new(rate), takes, amount).await;
            assert!((took - expected).abs() < 0.05, "rate {rate:?}: {took}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn many_workers_share_one_pace() {
        let pace = std::sync::Arc::new(Pace::new(Some(100.0)));
        let start = monotonic();
        let workers: Vec<_> = (0..50)
            .map(|_| {
                let pace = pace.clone();
                tokio::spawn(async move { seconds_for(&pace, 10, 1.0).await })
            })
            .collect();
        for worker in workers {
            worker.await.expect("worker");
        }
        let took = (monotonic() - start).as_secs_f64();
        assert!((took - 4.99).abs() < 0.1, "{took}");
    }

    #[tokio::test(start_paused = true)]
    async fn throttling_halves_once_and_recovers() {
        let pace = Pace::new(Some(100.0));
        assert_eq!(pace.throttled(), Some(50.0));
        assert_eq!(pace.throttled(), None, "answers of the same moment count once");
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(pace.throttled(), Some(25.0));
        for _ in 0..20 {
            tokio::time::sleep(Duration::from_secs(2)).await;
            pace.take(1.0).await;
        }
        assert_eq!(pace.rate(), Some(100.0));
    }

    #[tokio::test(start_paused = true)]
    async fn an_unlimited_pace_is_limited_by_throttling() {
        let pace = Pace::new(None);
        seconds_for(&pace, 1_000, 1.0).await;
        tokio::time::sleep(Duration::from_secs(10)).await;
        assert_eq!(pace.throttled(), Some(50.0), "half of what was seen: 1,000 in 10 s");
    }

    #[tokio::test(start_paused = true)]
    async fn throttling_before_anything_was_taken_does_not_stop_the_run() {
        let pace = Pace::new(None);
        assert_eq!(pace.throttled(), Some(20.0));
        tokio::time::sleep(Duration::from_secs(13)).await;
        pace.take(1.0).await;
        assert!(pace.rate().is_some_and(|rate| rate > 100.0), "raised for each second: {:?}", pace.rate());
    }

    #[tokio::test(start_paused = true)]
    async fn the_rate_can_be_set_while_running() {
        let pace = Pace::new(Some(1.0));
        pace.take(1.0).await;
        pace.set_rate(Some(1_000.0));
        assert!(seconds_for(&pace, 10, 1.0).await < 0.1);
    }
}
