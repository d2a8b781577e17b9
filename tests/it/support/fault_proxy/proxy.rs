//! The proxy itself: one call after another through its rules, to the service and back.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::StreamExt;
use http::header::{CONTENT_LENGTH, DATE};
use http::request::Parts;
use http::{HeaderValue, Request, Response};
use http_body_util::{BodyExt, StreamBody};
use hyper::body::{Frame, Incoming};
use jiff::{SignedDuration, Timestamp};

use super::super::loopback::{Answer, Body, Listening, NoAnswer, Peer, full, response, serve, whole};
use super::call::Call;
use super::entries::{self, Split};
use super::forward::Upstream;
use super::published;
use super::record::{Fate, Logged};
use super::redelivery::Redelivery;
use super::rule::{Armed, Rule};
use super::wish::Wish;

/// Long enough for the first half of a cut body to be sent before the connection ends.
const BEFORE_CUT: Duration = Duration::from_millis(50);

/// A proxy before one endpoint, with its own port. It ends with this value.
pub struct FaultProxy {
    listening: Listening,
    state: Arc<State>,
}

struct State {
    upstream: Upstream,
    rules: Mutex<Vec<Armed>>,
    log: Mutex<Vec<Logged>>,
    redelivery: Mutex<Redelivery>,
    began: Instant,
}

impl FaultProxy {
    /// A proxy before the service at this URL, at first without faults.
    pub fn before(url: &str) -> Self {
        let state = Arc::new(State {
            upstream: Upstream::at(url),
            rules: Mutex::default(),
            log: Mutex::default(),
            redelivery: Mutex::default(),
            began: Instant::now(),
        });
        let shared = Arc::clone(&state);
        let listening = serve(move |request, peer| Arc::clone(&shared).handle(request, peer));
        Self { listening, state }
    }

    /// `http://127.0.0.1:PORT`, for `--endpoint-url` or `AWS_ENDPOINT_URL_<SERVICE>`.
    pub fn url(&self) -> String {
        self.listening.url()
    }

    /// Adds a rule. Rules count calls from when they are added; where several strike, all that can be done is done.
    pub fn inject(&self, rule: Rule) -> &Self {
        self.state.rules().push(Armed::new(rule));
        self
    }

    /// Takes all rules back.
    pub fn heal(&self) -> &Self {
        self.state.rules().clear();
        self
    }

    /// How many calls of this action arrived, whatever became of them.
    pub fn calls(&self, action: &str) -> usize {
        self.log().iter().filter(|call| call.action == action).count()
    }

    /// All calls so far whose fate is known, in the order in which they ended.
    pub fn log(&self) -> Vec<Logged> {
        self.state.log.lock().expect(UNPOISONED).clone()
    }
}

impl State {
    async fn handle(self: Arc<Self>, request: Request<Incoming>, peer: Arc<Peer>) -> Answer {
        let at = self.began.elapsed();
        let (head, body) = whole(request).await?.into_parts();
        let call = Call::of(&head, &body);
        let wish = Wish::of(&mut self.rules(), &call);
        tokio::time::sleep(wish.delay).await;
        let (fate, answer) = self.fulfil(&head, &call, wish).await;
        self.log.lock().expect(UNPOISONED).push(Logged {
            action: call.action,
            target: call.target,
            entries: call.entries,
            access_key: call.access_key,
            at,
            fate,
        });
        if answer.is_err() {
            peer.reset_on_close();
        }
        answer
    }

    async fn fulfil(&self, head: &Parts, call: &Call, wish: Wish) -> (Fate, Answer) {
        if wish.reset_before {
            return (Fate::Reset, Err(NoAnswer));
        }
        if let Some(refusal) = &wish.refusal {
            return (Fate::Refused(refusal.code.clone()), Ok(skewed(refusal.answer(call), wish.skew)));
        }
        let (fate, answer) = match self.forward(head, call, wish.split.as_ref()).await {
            Ok(forwarded) => forwarded,
            Err(problem) => {
                return (Fate::Unreachable(problem.clone()), Ok(response(502, "text/plain", problem)));
            }
        };
        if wish.reset_after {
            return (Fate::AppliedThenReset(answer.status().as_u16()), Err(NoAnswer));
        }
        let answer = self.redeliver(call, answer, wish.deliver_again);
        let (fate, answer) = if wish.cut { (Fate::Cut, cut(answer)) } else { (fate, answer.map(full)) };
        (fate, Ok(skewed(answer, wish.skew)))
    }

    async fn forward(
        &self,
        head: &Parts,
        call: &Call,
        split: Option<&Split>,
    ) -> Result<(Fate, Response<Bytes>), String> {
        let Some(split) = split else {
            let answer = self.upstream.send(head, call.body.clone()).await?;
            return Ok((Fate::Forwarded(answer.status().as_u16()), answer));
        };
        let answer = match &split.rest {
            Some(rest) => self.upstream.send(head, rest.clone()).await?,
            None => Response::new(Bytes::from_static(split.nothing.as_bytes())),
        };
        if !answer.status().is_success() {
            return Ok((Fate::Forwarded(answer.status().as_u16()), answer));
        }
        let joined = answer.map(|body| {
            let joined = entries::join(&body, &split.failed).or_else(|| published::join(&body, &split.failed));
            joined.unwrap_or(body)
        });
        Ok((Fate::PartlyForwarded { failed: split.failed.len() }, joined))
    }

    fn redeliver(&self, call: &Call, answer: Response<Bytes>, deliver_again: bool) -> Response<Bytes> {
        let Some(queue_url) = call.queue_url().filter(|_| call.action == "ReceiveMessage") else {
            return answer;
        };
        let mut redelivery = self.redelivery.lock().expect(UNPOISONED);
        let (head, body) = answer.into_parts();
        let added = redelivery.add_to(&queue_url, &call.body, &body);
        if deliver_again {
            redelivery.remember(&queue_url, &body);
        }
        Response::from_parts(head, added.unwrap_or(body))
    }

    fn rules(&self) -> MutexGuard<'_, Vec<Armed>> {
        self.rules.lock().expect(UNPOISONED)
    }
}

/// Promises the whole body and delivers half of it.
fn cut(answer: Response<Bytes>) -> Response<Body> {
    let (mut head, body) = answer.into_parts();
    head.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    let half = Frame::data(body.slice(..body.len() / 2));
    let end = async {
        tokio::time::sleep(BEFORE_CUT).await;
        Err(io::Error::from(io::ErrorKind::ConnectionAborted))
    };
    let pieces = futures::stream::once(async { Ok(half) }).chain(futures::stream::once(end));
    Response::from_parts(head, BodyExt::boxed(StreamBody::new(pieces)))
}

/// Shifts the answer's date. Without a shift the service's own date stays, as precise as it is.
fn skewed(mut answer: Response<Body>, seconds: i64) -> Response<Body> {
    if seconds != 0 {
        let date = (Timestamp::now() + SignedDuration::from_secs(seconds)).strftime("%a, %d %b %Y %H:%M:%S GMT");
        let value = HeaderValue::from_str(&date.to_string()).expect("a date is a header value");
        answer.headers_mut().insert(DATE, value);
    }
    answer
}

const UNPOISONED: &str = "no thread panics while it holds the proxy's state";
