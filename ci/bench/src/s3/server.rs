//! The S3 server: delay, counters, and the way in and out.

use std::{
    collections::BTreeMap,
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};

use super::{answer::Request, keys::KeySpace, versions::Markers};
use crate::{
    usage,
    web::{Answer, Asked, Handler, Listening},
};

/// The one bucket there is.
pub const BUCKET: &str = "bench";

/// Where the counters are read; no bucket can have this name.
const STATS_PATH: &str = "/_bench/stats";

/// How the server behaves.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Port on 127.0.0.1; 0 picks a free one.
    pub port: u16,
    /// Slept before each answer. S3 takes about 100 ms for a page.
    pub latency: Duration,
    /// Listings begin at the first key whatever `start-after` says, as some imitations of S3 do.
    pub ignore_start_after: bool,
    /// Listings of any other prefix, longer or shorter, are denied, as by a policy with one exact prefix.
    pub exact_prefix_only: Option<String>,
    /// The bucket keeps versions, and each key has a delete marker on top.
    pub deleted: bool,
}

/// A running server; ends when dropped.
pub struct Server {
    listening: Listening,
    service: Arc<Service>,
}

impl Server {
    /// Starts on the current runtime and serves the keys of `space` in the bucket [`BUCKET`].
    ///
    /// # Errors
    /// When the port cannot be bound.
    pub async fn start(space: Arc<dyn KeySpace>, options: Options) -> io::Result<Self> {
        let port = options.port;
        let markers = options.deleted.then(|| Markers::on(space.count()));
        let (in_flight, counters) = (AtomicUsize::new(0), Mutex::default());
        let service = Arc::new(Service { space, markers, options, in_flight, counters });
        Ok(Self { listening: Listening::start(port, service.clone()).await?, service })
    }

    /// Base address, for `--endpoint-url`; path-style only.
    pub fn url(&self) -> String {
        self.listening.url()
    }

    /// What `GET /_bench/stats` answers: `requests`, `operations` by name, `refused`, `keys_listed`,
    /// `markers_removed`, `max_concurrent_requests`, `cpu_seconds` of the process.
    pub fn stats(&self) -> Value {
        self.service.stats()
    }
}

#[derive(Debug, Default)]
struct Counters {
    operations: BTreeMap<&'static str, u64>,
    refused: u64,
    keys_listed: u64,
    max_concurrent: usize,
}

struct Service {
    space: Arc<dyn KeySpace>,
    markers: Option<Markers>,
    options: Options,
    in_flight: AtomicUsize,
    counters: Mutex<Counters>,
}

impl Service {
    fn count(&self, change: impl FnOnce(&mut Counters)) {
        // A panic elsewhere leaves counters that are still numbers.
        change(&mut self.counters.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn stats(&self) -> Value {
        let counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        json!({
            "requests": counters.operations.values().sum::<u64>(),
            "operations": counters.operations,
            "refused": counters.refused,
            "keys_listed": counters.keys_listed,
            "markers_removed": self.markers.as_ref().map_or(0, Markers::removed),
            "max_concurrent_requests": counters.max_concurrent,
            "cpu_seconds": usage::own().cpu_seconds,
        })
    }
}

/// One request being answered, or given up by its client.
struct InFlight<'a>(&'a AtomicUsize);

impl<'a> InFlight<'a> {
    /// Also tells how many there are now, this one included.
    fn enter(count: &'a AtomicUsize) -> (Self, usize) {
        let now = count.fetch_add(1, Ordering::Relaxed) + 1;
        (Self(count), now)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Handler for Service {
    async fn handle(&self, asked: Asked) -> Answer {
        if asked.path == STATS_PATH {
            return Answer::json(&self.stats());
        }
        let (_in_flight, concurrent) = InFlight::enter(&self.in_flight);
        if !self.options.latency.is_zero() {
            tokio::time::sleep(self.options.latency).await;
        }
        let request = Request::of(&asked);
        let (answer, keys) = request.answer(&*self.space, self.markers.as_ref(), &self.options);
        self.count(|counters| {
            *counters.operations.entry(request.operation.name()).or_default() += 1;
            counters.refused += u64::from(!answer.status.is_success());
            counters.keys_listed += keys as u64;
            counters.max_concurrent = counters.max_concurrent.max(concurrent);
        });
        answer
    }
}
