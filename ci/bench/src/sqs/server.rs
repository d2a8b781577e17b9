//! The SQS server: delay, dispatch, counters, and the way in and out.

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use hyper::StatusCode;
use serde_json::{Value, json};

use super::{
    broker::{Broker, QueueSetup},
    fault::{Fault, JSON},
    message::NewMessage,
    receive::receive,
    sts,
};
use crate::{
    usage,
    web::{Answer, Asked, Handler, Listening},
};

const STATS_PATH: &str = "/_bench/stats";
const MESSAGES_PATH: &str = "/_bench/messages";

/// How the server behaves and what it holds.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Port on 127.0.0.1; 0 picks a free one.
    pub port: u16,
    /// Slept before each call is done. SQS takes some 10 to 20 ms.
    pub latency: Duration,
    /// Queues to begin with.
    pub queues: Vec<QueueSetup>,
}

/// A running server; ends when dropped.
pub struct Server {
    listening: Listening,
    service: Arc<Service>,
}

impl Server {
    /// Starts on the current runtime.
    ///
    /// # Errors
    /// When the port cannot be bound.
    pub async fn start(options: Options) -> io::Result<Self> {
        let service = Arc::new(Service {
            latency: options.latency,
            started: Instant::now(),
            broker: Mutex::new(Broker::with(options.queues)),
            counters: Mutex::default(),
        });
        Ok(Self { listening: Listening::start(options.port, service.clone()).await?, service })
    }

    /// Base address, for `--endpoint-url`; serves SQS and STS.
    pub fn url(&self) -> String {
        self.listening.url()
    }

    /// What `GET /_bench/stats` answers: `clock_ms` since the start, `calls` by action, `last_delete_ms` (when the
    /// last message was deleted), `cpu_seconds` of the process, `queues` with `visible`, `in_flight`, `delayed`,
    /// `sent`, `deleted`.
    pub fn stats(&self) -> Value {
        self.service.stats()
    }

    /// What `GET /_bench/messages?queue=NAME` answers: `id`, `md5_of_body`, `md5_of_attributes` of every message
    /// that is not deleted; `None` for an unknown queue.
    pub fn messages(&self, queue: &str) -> Option<Value> {
        self.service.messages(queue)
    }

    /// Puts a message into a queue without a call; `false` when there is no such queue.
    pub fn put(&self, queue: &str, message: NewMessage) -> bool {
        self.service.broker().put(queue, message).is_some()
    }
}

#[derive(Debug, Default)]
struct Counters {
    calls: BTreeMap<String, u64>,
    last_delete: Option<Duration>,
}

struct Service {
    latency: Duration,
    started: Instant,
    broker: Mutex<Broker>,
    counters: Mutex<Counters>,
}

impl Service {
    fn broker(&self) -> MutexGuard<'_, Broker> {
        self.broker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn counters(&self) -> MutexGuard<'_, Counters> {
        self.counters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stats(&self) -> Value {
        let queues: BTreeMap<String, Value> = self
            .broker()
            .queues()
            .map(|queue| {
                let counts = queue.counts();
                (
                    queue.name.clone(),
                    json!({
                        "visible": counts.visible, "in_flight": counts.in_flight, "delayed": counts.delayed,
                        "sent": queue.sent, "deleted": queue.deleted,
                    }),
                )
            })
            .collect();
        let counters = self.counters();
        json!({
            "clock_ms": milliseconds(self.started.elapsed()),
            "calls": counters.calls,
            "last_delete_ms": counters.last_delete.map(milliseconds),
            "cpu_seconds": usage::own().cpu_seconds,
            "queues": queues,
        })
    }

    fn messages(&self, queue: &str) -> Option<Value> {
        let mut broker = self.broker();
        let queue = broker.by_url(queue).ok()?;
        let messages = queue.messages().map(|message| {
            json!({
                "id": message.id,
                "md5_of_body": message.md5_of_body,
                "md5_of_attributes": message.md5_of_attributes(),
            })
        });
        Some(messages.collect())
    }

    async fn call(&self, action: &str, asked: &Asked) -> Result<Value, Fault> {
        let body: Value = serde_json::from_slice(&asked.body).map_err(|error| Fault::unreadable(&error.to_string()))?;
        let base = format!("http://{}", asked.header("host").unwrap_or("127.0.0.1"));
        match action {
            "ReceiveMessage" => receive(&self.broker, &body).await,
            "SendMessage" => self.broker().send(&body),
            "SendMessageBatch" => self.broker().send_batch(&body),
            "DeleteMessage" => self.deleted(self.broker().delete(&body)),
            "DeleteMessageBatch" => self.deleted(self.broker().delete_batch(&body)),
            "ChangeMessageVisibility" => self.broker().change_visibility(&body),
            "ChangeMessageVisibilityBatch" => self.broker().change_visibility_batch(&body),
            "GetQueueUrl" => self.broker().url_of(&body, &base),
            "GetQueueAttributes" => self.broker().attributes(&body),
            "SetQueueAttributes" => self.broker().set_attributes(&body),
            "CreateQueue" => self.broker().create(&body, &base),
            "ListQueues" => Ok(self.broker().list(&body, &base)),
            "ListDeadLetterSourceQueues" => self.broker().dead_letter_sources(&body, &base),
            _ => Err(Fault::unknown_action(action)),
        }
    }

    fn deleted(&self, result: Result<(Value, bool), Fault>) -> Result<Value, Fault> {
        let (answer, any_deleted) = result?;
        if any_deleted {
            self.counters().last_delete = Some(self.started.elapsed());
        }
        Ok(answer)
    }

    /// The benchmark's own questions are answered at once and not counted.
    fn inspect(&self, asked: &Asked) -> Option<Answer> {
        match asked.path.as_str() {
            STATS_PATH => Some(Answer::json(&self.stats())),
            MESSAGES_PATH => {
                let messages = self.messages(asked.query.strip_prefix("queue=").unwrap_or_default());
                let missing = || Answer::new(StatusCode::NOT_FOUND, "text/plain", "no such queue");
                Some(messages.map_or_else(missing, |messages| Answer::json(&messages)))
            }
            _ => None,
        }
    }
}

impl Handler for Service {
    async fn handle(&self, asked: Asked) -> Answer {
        if let Some(answer) = self.inspect(&asked) {
            return answer;
        }
        if !self.latency.is_zero() {
            tokio::time::sleep(self.latency).await;
        }
        if sts::is_query(&asked) {
            *self.counters().calls.entry("GetCallerIdentity".to_owned()).or_default() += 1;
            return sts::answer(&asked);
        }
        let action =
            asked.header("x-amz-target").and_then(|target| target.strip_prefix("AmazonSQS.")).unwrap_or_default();
        let answer = match self.call(action, &asked).await {
            Ok(value) => Answer::new(StatusCode::OK, JSON, value.to_string()),
            Err(fault) => fault.to_answer(),
        };
        *self.counters().calls.entry(action.to_owned()).or_default() += 1;
        answer.with_header("x-amzn-requestid", "00000000-0000-4000-8000-000000000000")
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
