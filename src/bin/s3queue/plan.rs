//! From the command line to a plan: everything is looked up, nothing is changed.

use std::sync::Arc;

use opstools::app::{Context, Planned};
use opstools::args::account;
use opstools::aws::Session;
use opstools::aws::sqs::{QueueAttributes, QueueRef};
use opstools::error::Failure;
use opstools::objects::{Filters, Inventory, Typed};
use opstools::replay::{Memory, QueueLine, Work};
use opstools::run::{Instants, PlanKey, Prepared};
use opstools::time::Range;
use serde_json::json;

use crate::arguments::Arguments;
use crate::form::Form;
use crate::plan_text;
use crate::selection::Resolver;

/// The plan of a command line.
///
/// # Errors
/// Usage errors, and everything that does not exist or may not be looked at.
pub async fn plan(mut args: Arguments, context: &Context) -> Result<Planned<Work<QueueLine>>, Failure> {
    let typed = typed(&args, context).await?;
    let reference = check(&mut args, &typed, context).await?;
    Filters::compile(&args.filters, args.filters.time.resolve(context.clock.now())?, args.include_archived)?;
    let session = Session::connect(&args.aws.access(), context.clock).await?;
    context.remember_identity(session.identity.clone());
    let (line, attributes) = QueueLine::find(&session, &reference, args.account.as_deref()).await?;
    let inventory = typed.inventory(&session, &[]).await?;
    let journal = journal(&args, &typed, &attributes, inventory.as_ref(), context)?;
    // Times of last modification are S3's, so `ago` is meant by the service's clock.
    let range = Instants::RANGE.resolve(journal.as_ref(), args.filters.time.resolve(session.clock.now())?);
    let memory = journal.as_ref().map(Memory::read).transpose()?.unwrap_or_default();
    let resolver = Resolver { args: &args, session: &session, deployment: line.sqs.session(), range };
    let selection = resolver.resolve(&typed, inventory).await?;
    let modified = if args.partitions { Range::default() } else { range };
    let work = Work {
        filters: Filters::compile(&args.filters, modified, args.include_archived)?,
        consumer: Arc::new(form(&args, &session, &attributes)),
        line,
        files_per_message: args.files_per_message,
        bytes_per_second: (args.bytes_per_second > 0).then_some(args.bytes_per_second as f64),
        max_backlog: args.max_backlog,
        repeat: args.repeat.then_some(args.loop_delay),
        memory,
        inputs: Vec::new(),
    };
    let scene = plan_text::Scene { args: &args, work: &work, selection: &selection, attributes: &attributes, range };
    let mut plan = plan_text::write(&scene, journal.as_ref());
    plan.warnings.extend(session.clock.skew_warning());
    Ok(Planned {
        plan,
        work: Work { inputs: selection.inputs, ..work },
        journal,
        resolved: Instants::RANGE.record(range),
        limits: args.pace.limits(),
        rate: args.pace.items_per_second(),
        streams: false,
        stdin_is_data: typed.is_stdin(),
    })
}

/// Usage errors that need nothing but the command line; asks for a queue that was emptied.
async fn check(args: &mut Arguments, typed: &Typed, context: &Context) -> Result<QueueRef, Failure> {
    if args.repeat && typed.is_stdin() {
        return Err(Failure::usage("`--loop` cannot read stdin again").hint("give a file with `--from-file FILE`"));
    }
    if args.partitions && (args.filters.time.start.is_none() && args.filters.time.end.is_none()) {
        return Err(Failure::usage("`--partitions` needs a time range").hint("give `--start`, `--end`, or both"));
    }
    for (flag, given) in [("--partitions", args.partitions), ("--assume-source-role", args.sources.assume_source_role)]
    {
        if given && !typed.is_listing() {
            return Err(Failure::usage(format!("`{flag}` is for listings")).hint("name the objects with `--s3path`"));
        }
    }
    args.account = account(args.account.take())?;
    if args.queue.is_empty() {
        args.queue = context.ask("Queue to write to:", "--queue").await?;
    }
    QueueRef::parse(&args.queue)
}

/// What was typed; asks for a path where nothing was.
async fn typed(args: &Arguments, context: &Context) -> Result<Typed, Failure> {
    match Typed::read(&args.objects, &args.sources.source_id, &args.sources.source_label)? {
        Some(typed) => Ok(typed),
        None => Typed::paths(&[context.ask("S3 path to read from (s3://bucket/prefix):", "--s3path").await?]),
    }
}

fn form(args: &Arguments, session: &Session, attributes: &QueueAttributes) -> Form {
    let account = attributes.account().map(str::to_owned).or_else(|| session.identity.account.clone());
    Form {
        format: args.message_format,
        account: account.unwrap_or_default(),
        partition: session.partition().to_owned(),
    }
}

/// Finds the journal, which belongs to these targets and this selection.
fn journal(
    args: &Arguments,
    typed: &Typed,
    attributes: &QueueAttributes,
    inventory: Option<&Inventory>,
    context: &Context,
) -> Result<Option<Prepared>, Failure> {
    let values = json!({
        "queue": attributes.arn,
        "objects": typed.key(inventory)?,
        "filters": Filters::key(&args.filters, args.include_archived),
        "times": [args.filters.time.start, args.filters.time.end, args.partitions],
        "sources": [args.force, args.all_sources_of_prefix],
    });
    typed.journal(PlanKey { tool: context.tool, values }, &context.journal_request())
}
