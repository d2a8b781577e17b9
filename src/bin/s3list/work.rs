//! What the plan found out: targets to list or rows to read, and how they become one stream of events.

use std::sync::Arc;

use futures::StreamExt;
use opstools::aws::Session;
use opstools::aws::listing::Intervals;
use opstools::error::Failure;
use opstools::objects::{Arrival, Filters, Found, Input, Verdict, arrivals};
use opstools::run::Run;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinHandle;

use crate::book::{Book, Owner};
use crate::lister::{Event, Lister, Manner, Trouble};
use crate::targets::Target;
use crate::writer::Form;
use opstools::ui::Compression;

/// Events that wait for the writer, each with up to a page of objects: enough to bridge a pause of the output.
const EVENTS_WAITING: usize = 8;

/// Up to this `--limit` keys are listed in order: who asks for few wants the first, not the fastest.
const ORDERED_LIMIT: u64 = 1_000;

/// What is listed.
pub enum What {
    /// Prefixes of buckets.
    Targets(Vec<Target>),
    /// Rows of a file or an inventory.
    Rows(Vec<Input>),
}

/// Everything that executing needs.
pub struct Work {
    pub what: What,
    pub book: Arc<Book>,
    pub session: Session,
    pub selects: Arc<Selects>,
    pub form: Form,
    pub compression: Compression,
    pub start_after: Option<String>,
    /// Exactly one thing was named: if that cannot be read, the run has failed.
    pub single: bool,
    /// The operator's own credentials list everything, not the roles of sources.
    pub own: bool,
}

/// Which objects become rows.
pub struct Selects {
    pub filters: Filters,
    pub include_empty: bool,
    pub versions: bool,
}

/// What becomes of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It becomes a row.
    Row,
    /// A filter leaves it out.
    Filtered,
    /// The log processor ignores it.
    Empty,
    /// It belongs to a source that was not asked for.
    OtherSource,
    /// The input does not say what a filter needs to know.
    Unknown(&'static str),
}

impl Selects {
    /// What becomes of an object of this owner.
    pub fn fate(&self, object: &Found, owner: &Owner) -> Fate {
        let marker = self.versions && object.version.as_ref().is_some_and(|version| version.delete_marker);
        let empty = object.key.ends_with('/') || object.size == Some(0) && !marker;
        if empty && !self.include_empty {
            return Fate::Empty;
        }
        if !owner.wanted {
            return Fate::OtherSource;
        }
        if !self.versions && !object.latest {
            return Fate::Filtered;
        }
        match self.filters.selects(object) {
            Verdict::Take => Fate::Row,
            Verdict::Unknown(what) => Fate::Unknown(what),
            _ => Fate::Filtered,
        }
    }
}

impl Work {
    /// Starts listing or reading; ends early when nobody takes the events, or the run is stopped.
    pub fn start(&mut self, run: &Run) -> (Receiver<Event>, JoinHandle<()>) {
        let (events, arriving) = channel(EVENTS_WAITING);
        let feeding = match std::mem::replace(&mut self.what, What::Rows(Vec::new())) {
            What::Targets(targets) => {
                let manner = Manner {
                    versions: self.selects.versions,
                    start_after: self.start_after.clone(),
                    concurrency: run.limits.concurrency,
                    ordered: run.limits.limit.is_some_and(|limit| limit <= ORDERED_LIMIT),
                };
                let (own, cancel) = (self.session.clone(), run.cancel.clone());
                let lister = Lister::new(self.book.clone(), own, manner, cancel, run.notices.clone(), events);
                tokio::spawn(lister.run(targets))
            }
            What::Rows(inputs) => tokio::spawn(read(inputs, self.book.clone(), run.cancel.clone(), events)),
        };
        (arriving, feeding)
    }
}

async fn read(inputs: Vec<Input>, book: Arc<Book>, cancel: opstools::run::Cancel, events: Sender<Event>) {
    let name = inputs.first().map(|input| input.label().to_string()).unwrap_or_default();
    let mut arriving = arrivals(&inputs, |_| Intervals::new(), false, cancel.token());
    while let Some(arrival) = arriving.next().await {
        let told = match arrival {
            Ok(Arrival::Portion(portion)) => portion_events(portion.objects, &book),
            Ok(Arrival::Bad(error)) => vec![Event::Bad(error)],
            Err(failure) => vec![failed(&name, failure)],
        };
        for event in told {
            if events.send(event).await.is_err() {
                return;
            }
        }
    }
}

fn failed(name: &str, failure: Failure) -> Event {
    Event::Failed(Box::new(Trouble { what: name.to_owned(), slots: Vec::new(), failure }))
}

/// Objects of a portion, bucket by bucket.
fn portion_events(objects: Vec<Found>, book: &Book) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    let mut of_bucket: std::collections::HashMap<String, Arc<crate::book::Owners>> = Default::default();
    let mut bucket = None;
    for object in objects {
        let here = bucket.as_ref() == Some(&object.place.bucket);
        if let Some(Event::Objects { objects, .. }) = events.last_mut().filter(|_| here) {
            objects.push(object);
            continue;
        }
        let name = object.place.bucket.clone();
        let owners = of_bucket.entry(name.clone()).or_insert_with(|| Arc::new(book.owners(&name, ""))).clone();
        bucket = Some(name);
        events.push(Event::Objects { owners, objects: vec![object] });
    }
    events
}
