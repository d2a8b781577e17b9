//! The service's own time, from the `Date` header of its answers.
//!
//! Decisions that compare with a service's times (when a message was sent) must not depend on this machine's clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use jiff::{SignedDuration, Timestamp};

use crate::time::Clock;

/// This machine's clock is called wrong from this difference on.
const TOLERATED_SKEW: SignedDuration = SignedDuration::from_secs(60);

/// No answer was seen yet.
const UNKNOWN: i64 = i64::MIN;

/// How far the service's clock is ahead of this machine's, learned from every answer.
#[derive(Clone, Debug)]
pub struct ServiceClock {
    clock: Clock,
    ahead_ms: Arc<AtomicI64>,
}

impl ServiceClock {
    /// Nothing learned yet.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { clock, ahead_ms: Arc::new(AtomicI64::new(UNKNOWN)) }
    }

    /// The present instant by the service's clock, or by this machine's while no answer was seen.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let now = self.clock.now();
        now.checked_add(self.ahead().unwrap_or_default()).unwrap_or(now)
    }

    /// How far the service's clock is ahead of this machine's.
    #[must_use]
    pub fn ahead(&self) -> Option<SignedDuration> {
        let ahead = self.ahead_ms.load(Relaxed);
        (ahead != UNKNOWN).then(|| SignedDuration::from_millis(ahead))
    }

    /// A warning where this machine's clock is off.
    #[must_use]
    pub fn skew_warning(&self) -> Option<String> {
        let ahead = self.ahead().filter(|ahead| ahead.abs() > TOLERATED_SKEW)?;
        let side = if ahead.is_positive() { "behind" } else { "ahead of" };
        Some(format!(
            "this machine's clock is {} {side} the service's; times are taken from the service",
            crate::time::human(ahead.unsigned_abs())
        ))
    }

    fn learn(&self, date: &str) {
        if let Ok(instant) = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date) {
            self.ahead_ms
                .store(instant.duration_since(self.clock.now()).as_millis().try_into().unwrap_or_default(), Relaxed);
        }
    }
}

#[dyn_dispatch_hint]
impl Intercept for ServiceClock {
    fn name(&self) -> &'static str {
        "ServiceClock"
    }

    fn read_after_transmit(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(date) = context.response().headers().get("date") {
            self.learn(date);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_an_hour_off_is_told_and_corrected() {
        let here: Timestamp = "2026-11-20T11:00:00Z".parse().expect("instant");
        let clock = ServiceClock::new(Clock::Fixed(here));
        assert_eq!(clock.now(), here);
        clock.learn("Fri, 20 Nov 2026 12:00:00 GMT");
        assert_eq!(clock.now(), "2026-11-20T12:00:00Z".parse::<Timestamp>().expect("instant"));
        assert!(clock.skew_warning().is_some_and(|text| text.contains("1 h 0 min behind")));
        clock.learn("Fri, 20 Nov 2026 11:00:30 GMT");
        assert_eq!(clock.skew_warning(), None);
        clock.learn("nonsense");
        assert_eq!(clock.ahead(), Some(SignedDuration::from_secs(30)));
    }
}
