//! The tool as `app` knows it: name, examples, old flags, and where plan and execution are.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use opstools::app::{Context, Done, Planned, Tool};
use opstools::args::{Framing, Legacy, Means};
use opstools::aws::ahead::AHEAD;
use opstools::error::Failure;
use opstools::lake::{Limits, Store};
use opstools::parse::event::Origin;
use opstools::parse::log_parser::LogParser;
use opstools::report::Estimate;
use opstools::run::{Cancel, Run};
use opstools::time::monotonic;
use serde_json::{Value, json};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinError;

use crate::arguments::Arguments;
use crate::feed::{Feed, WAITING};
use crate::inputs::Input;
use crate::item::{Item, Ready};
use crate::ledger::Ledger;
use crate::meter::Meter;
use crate::plan;
use crate::processor::{Processed, Processor};
use crate::profile::{Figure, Profile};
use crate::report::Facts;
use crate::target::Told;
use crate::writer::Writer;

/// Processes logs as a deployment does.
pub struct LogProcessor;

/// What a plan found out.
pub struct Work {
    /// What to read.
    pub inputs: Vec<Input>,
    /// At most so many files and objects.
    pub limit: Option<usize>,
    /// How files are cut.
    pub framing: Framing,
    /// The log types.
    pub parsers: Vec<LogParser>,
    /// Source id and label.
    pub origin: Origin,
    /// Threads that parse.
    pub threads: usize,
    /// When buffers become objects.
    pub limits: Limits,
    /// Where objects go.
    pub store: Store,
    /// Whom to tell.
    pub told: Option<Told>,
    /// Profiles to write.
    pub profiles: Vec<(Figure, PathBuf)>,
}

impl Tool for LogProcessor {
    const NAME: &'static str = "logprocessor";
    const ABOUT: &'static str =
        "Process logs as the log processor does: into objects of the data lake, and measure each stage";
    const EXAMPLES: &'static str = "\
# How fast is it? Nothing is written
logprocessor logs/ --out none
# A file into a folder, as one log type, with a flamegraph of the stages
logprocessor cloudtrail.json.gz --log-types AWS.CloudTrail --out lake/ --cpuprofile cpu.svg
# With a custom schema, from a bucket
logprocessor s3://acme-logs/app/ --path schemas/ --log-types Custom.App --out lake/
# What the waiting messages of a queue would become; they stay in the queue
logprocessor --queue panther-input-data-notifications-queue --out lake/ --limit 100
# As runbooks of the original write it
logprocessor -bucket acme-processed -topic panther-processed-data-notifications -queue panther-input-data-notifications-queue -file logs.gz -logtype AWS.ALB -cpuprofile cpu.pprof";
    const IAM: &'static str = include_str!("../../../dist/iam/logprocessor.json");
    const LEGACY: &'static [Legacy] = &[
        Legacy { name: "logtype", means: Means::Flag("log-types") },
        Legacy { name: "lambdaSize", means: Means::Flag("memory") },
    ];
    type Args = Arguments;
    type Work = Work;

    async fn plan(args: Arguments, context: &Context) -> Result<Planned<Work>, Failure> {
        Box::pin(plan::plan(args, context)).await
    }

    async fn survey(work: Work, run: Run) -> Result<Option<Estimate>, Failure> {
        Ok(survey(work, run).await)
    }

    async fn execute(work: Work, run: Run) -> Result<Done, Failure> {
        Box::pin(execute(work, run)).await
    }
}

/// How much there is to read. A queue is not looked into: each look counts as a receive.
async fn survey(work: Work, run: Run) -> Option<Estimate> {
    let inputs: Vec<Input> = work.inputs.into_iter().filter(|input| !matches!(input, Input::Queue(..))).collect();
    if inputs.is_empty() {
        return None;
    }
    let (items, mut found) = channel(WAITING);
    let feeding = tokio::spawn(Feed::new(items, work.limit, Arc::new(Ledger::new(run.clone()))).run(inputs));
    let (mut count, mut bytes) = (0, 0);
    while let Some(item) = found.recv().await {
        count += 1;
        bytes += item.size().unwrap_or_default();
    }
    rethrow(feeding.await);
    // The estimate alone does not say of what it is.
    run.stats.tell("to_read", json!([{ "inputs": count, "bytes": bytes }]));
    Some(Estimate { items: count, bytes: Some(bytes), exact: true })
}

async fn execute(work: Work, run: Run) -> Result<Done, Failure> {
    let profiles: Vec<Profile> =
        work.profiles.into_iter().map(|(figure, path)| Profile::open(figure, path)).collect::<Result<_, _>>()?;
    let started = monotonic();
    let log_types: Vec<String> = work.parsers.iter().map(|parser| parser.log_type().to_owned()).collect();
    let (meter, ledger) = (Arc::new(Meter::new(&log_types)), Arc::new(Ledger::new(run.clone())));
    let processor = Processor {
        parsers: work.parsers,
        threads: work.threads,
        framing: work.framing,
        origin: work.origin,
        limits: work.limits,
        meter: Arc::clone(&meter),
        ledger: Arc::clone(&ledger),
    };
    let writer = Arc::new(Writer {
        store: work.store,
        log_types: log_types.clone(),
        told: work.told,
        meter: Arc::clone(&meter),
        ledger: Arc::clone(&ledger),
        written: Mutex::new(BTreeMap::new()),
        objects: Mutex::new(Vec::new()),
    });
    let processed = through(processor, &writer, work.inputs, work.limit).await;
    let costs = meter.costs();
    let written = writer.written.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let objects = std::mem::take(&mut *writer.objects.lock().unwrap_or_else(PoisonError::into_inner));
    if !objects.is_empty() {
        run.stats.tell("objects_written", Value::Array(objects));
    }
    let elapsed = started.elapsed();
    Facts { log_types: &log_types, processed: &processed, written: &written, costs: &costs, elapsed }.tell(&run);
    for profile in profiles {
        let path = profile.write(&costs)?;
        run.notices.info(format!("the profile is in `{}`", path.display()));
    }
    ledger.end().map(|()| Done { next: ledger.next_step(), ..Done::default() })
}

/// Feed, processor and writer, each at its own pace; channels between them are short, so that a slow one holds up the others.
async fn through(processor: Processor, writer: &Arc<Writer>, inputs: Vec<Input>, limit: Option<usize>) -> Processed {
    let (items, found) = channel(WAITING);
    let (ready, next) = channel(AHEAD);
    let (outlet, objects) = channel(1);
    let ledger = Arc::clone(&processor.ledger);
    let readying = tokio::spawn(make_ready(found, ready, ledger.run().cancel.clone()));
    let feeding = tokio::spawn(Feed::new(items, limit, ledger).run(inputs));
    let processing = tokio::task::spawn_blocking(move || processor.process(next, outlet));
    writer.write_all(objects).await;
    let processed = rethrow(processing.await);
    rethrow(readying.await);
    rethrow(feeding.await);
    processed
}

/// Small objects are fetched ahead of their turn, as many as there is room for.
async fn make_ready(mut found: Receiver<Item>, ready: Sender<Ready>, cancel: Cancel) {
    while let Some(item) = found.recv().await {
        let Ok(place) = ready.reserve().await else { return };
        place.send(Ready::new(item, !cancel.requested()));
    }
}

/// A panic of a part is one of the whole; nothing here is ever aborted.
fn rethrow<T>(ended: Result<T, JoinError>) -> T {
    match ended {
        Ok(ended) => ended,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
