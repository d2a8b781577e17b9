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
use opstools::replay::{Memory, Work, words};
use opstools::run::{PlanKey, Prepared};
use opstools::time::Range;
use serde_json::json;

use crate::arguments::Arguments;
use crate::audience::{Audience, Named};
use crate::message::Telling;
use crate::plan_text;
use crate::scope::Scope;
use crate::selection;

/// The plan of a command line.
///
/// # Errors
/// Usage errors, and everything that does not exist or may not be looked at.
pub async fn plan(mut args: Arguments, context: &Context) -> Result<Planned<Work>, Failure> {
    let typed = typed(&args, context).await?;
    let named = check(&mut args, context).await?;
    let typed_hours = args.filters.time.resolve(context.clock.now())?;
    let scope = Scope::read(&args.data_types, &args.log_types, typed_hours)?;
    let overrides = overrides(&args.log_type)?;
    let filters = Filters::compile(&args.filters, Range::default(), args.include_archived)?;
    let session = Session::connect(&args.aws.access(), context.clock).await?;
    context.remember_identity(session.identity.clone());
    let audience = Audience::find(&named, args.account.as_deref(), &session).await?;
    let inventory = match &typed {
        Typed::Inventory(manifest) => Some(Inventory::open(manifest, &session).await?),
        _ => None,
    };
    let journal = journal(&args, &typed, audience.arn(), inventory.as_ref(), context)?;
    let range = words::resolved_range(journal.as_ref(), args.filters.time.resolve(session.clock.now())?);
    let memory = journal.as_ref().map(Memory::read).transpose()?.unwrap_or_default();
    let scope = scope.within(range);
    let selection =
        selection::resolve(&typed, inventory, &scope, args.filters.start_after.as_deref(), &session).await?;
    let data_types = data_types(&typed, &scope);
    // The rules engine fails on a message without `id`, and takes the whole batch with it.
    let attributes = args.attributes || audience.is_rules_engine();
    let (log_types, mut warnings) = match attributes {
        true => log_types(&args, &overrides, &data_types, audience.session())
            .await
            .map(|(types, said)| (Some(types), said))?,
        false => (None, Vec::new()),
    };
    warnings.extend(session.clock.skew_warning());
    let telling = Telling {
        scope,
        log_types,
        for_rules_engine: audience.is_rules_engine(),
        partition: session.partition().to_owned(),
        account: audience.account().to_owned(),
        unknown: Mutex::default(),
    };
    let scene = plan_text::Scene {
        args: &args,
        audience: &audience,
        selection: &selection,
        memory: &memory,
        data_types: &data_types,
        attributes,
        range,
    };
    let mut plan = plan_text::write(&scene, journal.as_ref());
    plan.warnings.extend(warnings);
    Ok(Planned {
        plan,
        work: Work {
            inputs: selection.inputs,
            filters,
            consumer: Arc::new(telling),
            line: audience.line(),
            files_per_message: 1,
            bytes_per_second: None,
            max_backlog: args.max_backlog,
            repeat: None,
            memory,
        },
        journal,
        resolved: words::instants(range),
        limits: words::limits(&args.pace),
        rate: words::items_per_second(&args.pace),
        streams: false,
        stdin_is_data: typed.is_stdin(),
    })
}

/// What was typed; asks for a path where nothing was.
async fn typed(args: &Arguments, context: &Context) -> Result<Typed, Failure> {
    match Typed::read(&args.objects, &[], &[])? {
        Some(typed) => Ok(typed),
        None => Typed::paths(&[context.ask("S3 path to read from (s3://bucket/prefix):", "--s3path").await?]),
    }
}

/// Usage errors that need nothing but the command line; asks for a topic that was emptied.
async fn check(args: &mut Arguments, context: &Context) -> Result<Named, Failure> {
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

/// Finds the journal; stdin keeps none unless one is named, since its content may be another next time.
fn journal(
    args: &Arguments,
    typed: &Typed,
    audience: &str,
    inventory: Option<&Inventory>,
    context: &Context,
) -> Result<Option<Prepared>, Failure> {
    let request = context.journal_request();
    if typed.is_stdin() && request.file.is_none() {
        return Ok(None);
    }
    let filters = &args.filters;
    let values = json!({
        "audience": audience,
        "objects": typed.key(inventory)?,
        "filters": [
            filters.include, filters.exclude, filters.min_size, filters.max_size, filters.start_after, args.include_archived
        ],
        "hours": [filters.time.start, filters.time.end],
        "types": [args.data_types, args.log_types],
        "attributes": [json!(args.attributes), json!(args.log_type)],
    });
    Prepared::open(PlanKey { tool: context.tool, values }, &request)
}
