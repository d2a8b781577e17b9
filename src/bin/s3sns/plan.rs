//! From the command line to a plan: everything is looked up, nothing is changed.

use std::sync::{Arc, Mutex};

use opstools::app::{Context, Planned};
use opstools::args::account;
use opstools::aws::Session;
use opstools::aws::sns::TopicRef;
use opstools::aws::sqs::QueueRef;
use opstools::error::{Failure, near};
use opstools::objects::{Filters, Inventory, Typed};
use opstools::panther::{DataType, LogTypes, fetch_log_types, table_name};
use opstools::replay::{Memory, Work};
use opstools::run::{Instants, PlanKey, Prepared};
use opstools::time::Range;
use serde_json::json;

use crate::arguments::Arguments;
use crate::audience::{Audience, Named};
use crate::line::Line;
use crate::message::Telling;
use crate::plan_text;
use crate::scope::Scope;
use crate::selection;

/// What the command line says before anybody is asked.
struct Request {
    typed: Typed,
    named: Named,
    scope: Scope,
    overrides: Vec<(String, String)>,
    filters: Filters,
}

/// Where an earlier run of the same command left off.
struct Start {
    journal: Option<Prepared>,
    range: Range,
    memory: Memory,
}

/// The plan of a command line.
///
/// # Errors
/// Usage errors, and everything that does not exist or may not be looked at.
pub async fn plan(mut args: Arguments, context: &Context) -> Result<Planned<Work<Line>>, Failure> {
    let Request { typed, named, scope, overrides, filters } = request(&mut args, context).await?;
    let session = Session::connect(&args.aws.access(), context.clock).await?;
    context.remember_identity(session.identity.clone());
    let audience = Audience::find(&named, args.account.as_deref(), &session).await?;
    let inventory = typed.inventory(&session, &[]).await?;
    let Start { journal, range, memory } = start(&args, &typed, audience.arn(), inventory.as_ref(), &session, context)?;
    let scope = scope.within(range);
    let start_after = args.filters.start_after.as_deref();
    let selection = selection::resolve(&typed, inventory, &scope, start_after, &session).await?;
    let data_types = data_types(&typed, &scope);
    let (telling, warnings) = telling(&args, scope, &overrides, &data_types, &audience, &session).await?;
    let scene = plan_text::Scene {
        args: &args,
        audience: &audience,
        selection: &selection,
        memory: &memory,
        data_types: &data_types,
        attributes: telling.log_types.is_some(),
        range,
    };
    let mut plan = plan_text::write(&scene, journal.as_ref());
    plan.warnings.extend(warnings);
    plan.warnings.extend(session.clock.skew_warning());
    let work = Work {
        inputs: selection.inputs,
        filters,
        consumer: Arc::new(telling),
        line: audience.line(),
        files_per_message: 1,
        bytes_per_second: None,
        max_backlog: args.max_backlog,
        repeat: None,
        memory,
    };
    Ok(Planned {
        plan,
        work,
        journal,
        resolved: Instants::RANGE.record(range),
        limits: args.pace.limits(),
        rate: args.pace.items_per_second(),
        streams: false,
        stdin_is_data: typed.is_stdin(),
    })
}

/// Reads the command line; everything that is a usage error comes from here.
async fn request(args: &mut Arguments, context: &Context) -> Result<Request, Failure> {
    let typed = typed(args, context).await?;
    let named = named(args, context).await?;
    let hours = args.filters.time.resolve(context.clock.now())?;
    Ok(Request {
        scope: Scope::read(&args.data_types, &args.log_types, hours)?,
        overrides: overrides(&args.log_type)?,
        // Times are those of hours, not of last modification.
        filters: Filters::compile(&args.filters, Range::default(), args.include_archived)?,
        typed,
        named,
    })
}

fn start(
    args: &Arguments,
    typed: &Typed,
    audience: &str,
    inventory: Option<&Inventory>,
    session: &Session,
    context: &Context,
) -> Result<Start, Failure> {
    let journal = journal(args, typed, audience, inventory, context)?;
    let range = Instants::RANGE.resolve(journal.as_ref(), args.filters.time.resolve(session.clock.now())?);
    let memory = journal.as_ref().map(Memory::read).transpose()?.unwrap_or_default();
    Ok(Start { journal, range, memory })
}

/// How messages are made, and what to think about.
async fn telling(
    args: &Arguments,
    scope: Scope,
    overrides: &[(String, String)],
    data_types: &[DataType],
    audience: &Audience,
    session: &Session,
) -> Result<(Telling, Vec<String>), Failure> {
    let for_rules_engine = audience.is_rules_engine();
    // The rules engine fails on a message without `id`, and takes the whole batch with it.
    let (log_types, warnings) = if args.attributes || for_rules_engine {
        let (log_types, warnings) = log_types(args, overrides, data_types, audience.session()).await?;
        (Some(log_types), warnings)
    } else {
        (None, Vec::new())
    };
    let telling = Telling {
        scope,
        log_types,
        for_rules_engine,
        partition: session.partition().to_owned(),
        account: audience.account().to_owned(),
        unknown: Mutex::default(),
    };
    Ok((telling, warnings))
}

/// What was typed; asks for a path where nothing was.
async fn typed(args: &Arguments, context: &Context) -> Result<Typed, Failure> {
    match Typed::read(&args.objects, &[], &[])? {
        Some(typed) => Ok(typed),
        None => Typed::paths(&[context.ask("S3 path to read from (s3://bucket/prefix):", "--s3path").await?]),
    }
}

/// Who is to be told; asks for a topic that was emptied.
async fn named(args: &mut Arguments, context: &Context) -> Result<Named, Failure> {
    args.account = account(args.account.take())?;
    if args.max_backlog.is_some() && args.direct_queue.is_none() {
        return Err(Failure::usage("`--max-backlog` needs `--direct-queue`")
            .hint("what waits behind a topic cannot be told; use `--rate` to go gently"));
    }
    if let Some(queue) = &args.direct_queue {
        return QueueRef::parse(queue).map(Named::Queue);
    }
    if args.topic.is_empty() {
        args.topic = context.ask("Topic to publish to:", "--topic").await?;
    }
    TopicRef::parse(&args.topic).map(Named::Topic)
}

/// The tables whose log types the operator names.
fn overrides(typed: &[String]) -> Result<Vec<(String, String)>, Failure> {
    let read = |text: &String| match text.split_once('=') {
        Some((table, log_type)) if !table.is_empty() && !log_type.is_empty() => {
            Ok((table.to_owned(), log_type.to_owned()))
        }
        _ => Err(Failure::usage(format!("`--log-type {text}` names no table and log type"))
            .hint("write it as custom_checkout=Custom.Checkout")),
    };
    typed.iter().map(read).collect()
}

/// The data types that may come.
fn data_types(typed: &Typed, scope: &Scope) -> Vec<DataType> {
    match typed {
        Typed::Paths(paths) => scope.data_types_below(paths.iter().map(|path| path.key.as_str())),
        _ => scope.data_types_below(std::iter::once("")),
    }
}

/// The log types by table, where they are needed for the attributes.
async fn log_types(
    args: &Arguments,
    overrides: &[(String, String)],
    data_types: &[DataType],
    session: &Session,
) -> Result<(LogTypes, Vec<String>), Failure> {
    let overridden = |log_type: &String| overrides.iter().any(|(table, _)| *table == table_name(log_type));
    let named = !args.log_types.is_empty() && args.log_types.iter().all(overridden);
    let needed = data_types.iter().any(|data_type| data_type.runs_rules()) && !named;
    let (mut log_types, mut warnings) = match needed {
        true => fetch_log_types(session).await.map_err(|failure| {
            failure.hint(
                "without the list, name each: `--log-types Custom.X --log-type custom_x=Custom.X`; or leave out `--attributes`",
            )
        })?,
        false => (LogTypes::default(), Vec::new()),
    };
    for (table, log_type) in overrides {
        log_types.set(table, log_type);
    }
    for log_type in args.log_types.iter().filter(|_| needed) {
        if log_types.of_table(&table_name(log_type)).is_err() {
            let near = near(log_type, log_types.names()).map(|near| format!("; did you mean `{near}`?"));
            warnings.push(format!("no log type `{log_type}` is known{}", near.unwrap_or_default()));
        }
    }
    Ok((log_types, warnings))
}

/// Finds the journal, which belongs to these targets and this selection.
fn journal(
    args: &Arguments,
    typed: &Typed,
    audience: &str,
    inventory: Option<&Inventory>,
    context: &Context,
) -> Result<Option<Prepared>, Failure> {
    let values = json!({
        "audience": audience,
        "objects": typed.key(inventory)?,
        "filters": Filters::key(&args.filters, args.include_archived),
        "hours": [args.filters.time.start, args.filters.time.end],
        "types": [args.data_types, args.log_types],
        "attributes": [json!(args.attributes), json!(args.log_type)],
    });
    typed.journal(PlanKey { tool: context.tool, values }, &context.journal_request())
}
