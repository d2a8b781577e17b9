//! The conversation: from flags to a plan and its work.

use std::io::IsTerminal;

use opstools::app::{Context, Done, Planned, Tool};
use opstools::args::{Format, Legacy, Means};
use opstools::error::Failure;
use opstools::run::{PlanKey, Prepared, Run};
use serde_json::{Map, Value, json};

use crate::args::RequeueArgs;
use crate::discovery::discover;
use crate::filter::Filter;
use crate::fleet::Fleet;
use crate::ledger::Ledger;
use crate::load::{Lines, Load, cannot_read};
use crate::look::Form;
use crate::mode::{Mode, is_dash};
use crate::native::{self, Native};
use crate::outline::Outline;
use crate::pairs::{Names, Pair, Sides, resolve};

/// The tool.
pub struct Requeue;

/// What a plan leads to.
pub enum Work {
    /// Receive from queues.
    Fleet(Box<Fleet>),
    /// Send from a file.
    Load(Box<Load>),
    /// Let SQS do it.
    Native(Native),
}

impl Tool for Requeue {
    const NAME: &'static str = "requeue";
    const ABOUT: &'static str = "Move messages between queues, from a dead-letter queue back to its source above all";
    const EXAMPLES: &'static str = "\
# Back from the dead-letter queue of the rules engine, as far as it was filled when this starts
requeue --to.q panther-rules-engine-queue
# What would be moved, without touching a message
requeue --to.q panther-input-data-notifications-queue --dry-run
# A first hundred, ten per second
requeue --from.q panther-rules-engine-queue-dlq --to.q panther-rules-engine-queue --limit 100 --rate 10
# What is in there, and where it came from
requeue --from.q panther-rules-engine-queue-dlq --summary
# Keep a copy, then empty the queue
requeue --from.q panther-alerts-queue-dlq --save alerts.jsonl --discard --confirm panther-alerts-queue-dlq
# As the original was called
requeue -from.q panther-alerts-queue-dlq -to.q panther-alerts-queue -interactive=false -verbose";
    const IAM: &'static str = include_str!("../../../dist/iam/requeue.json");
    const LEGACY: &'static [Legacy] = &[Legacy { name: "interactive", means: Means::Not("no-input") }];
    const FORMATS: &'static [Format] = &[Format::Table, Format::Json, Format::Jsonl];
    type Args = RequeueArgs;
    type Work = Work;

    async fn plan(args: RequeueArgs, context: &Context) -> Result<Planned<Work>, Failure> {
        let mode = Mode::of(&args, &context.global)?;
        // What cannot be read is found before anybody is asked or called.
        Filter::of(&args, context.clock.now(), None)?;
        if let Mode::Load { file } = &mode {
            check_readable(file)?;
        }
        let names = if args.all { Names::default() } else { Names::of(&args, &mode, context).await? };
        let sides = Box::pin(Sides::connect(&args, context, &names)).await?;
        let (pairs, warnings) = queues(&args, &mode, &names, &sides).await?;
        prepare(args, mode, pairs, warnings, context, &sides)
    }

    async fn execute(work: Work, run: Run) -> Result<Done, Failure> {
        match work {
            Work::Fleet(fleet) => Box::pin(fleet.execute(run)).await,
            Work::Load(load) => load.execute(run).await,
            Work::Native(native) => native.execute(run).await,
        }
    }
}

fn check_readable(file: &std::path::Path) -> Result<(), Failure> {
    if is_dash(file) {
        return Ok(());
    }
    let opened = std::fs::File::open(file).and_then(|file| file.metadata());
    match opened {
        Ok(found) if found.is_dir() => Err(cannot_read(file, &std::io::Error::other("it is a folder"))),
        Ok(_) => Ok(()),
        Err(error) => Err(cannot_read(file, &error)),
    }
}

async fn queues(
    args: &RequeueArgs,
    mode: &Mode,
    names: &Names,
    sides: &Sides,
) -> Result<(Vec<Pair>, Vec<String>), Failure> {
    let (pairs, warnings) = if args.all {
        let found = discover(args, mode, &sides.from).await?;
        (found.pairs, found.warnings)
    } else {
        (vec![resolve(args, mode, names, sides).await?], Vec::new())
    };
    if *mode == Mode::Native {
        for from in pairs.iter().filter_map(|pair| pair.from.as_ref()) {
            native::check(from).await?;
        }
    }
    Ok((pairs, warnings))
}

fn prepare(
    args: RequeueArgs,
    mode: Mode,
    pairs: Vec<Pair>,
    warnings: Vec<String>,
    context: &Context,
    sides: &Sides,
) -> Result<Planned<Work>, Failure> {
    let account = sides.from.session().identity.account.clone();
    let journal = match mode.keeps_journal() {
        true => Prepared::open(key(&args, &mode, &pairs, account.as_deref()), &context.journal_request())?,
        false => None,
    };
    let filter = Filter::of(&args, sides.from.session().clock.now(), journal.as_ref())?;
    let resolved = filter.resolved();
    let (work, inherited) = work(&args, &mode, &pairs, filter, journal.as_ref(), context)?;
    let outline = Outline {
        mode: &mode,
        args: &args,
        pairs: &pairs,
        account: account.as_deref(),
        journal: journal.as_ref(),
        inherited,
    };
    let mut plan = outline.plan();
    plan.warnings.extend(warnings);
    Ok(Planned {
        plan,
        work,
        journal,
        resolved,
        limits: args.pace.limits(),
        rate: args.pace.items_per_second(),
        streams: mode.streams(),
        stdin_is_data: matches!(&mode, Mode::Load { file } if is_dash(file)),
    })
}

fn work(
    args: &RequeueArgs,
    mode: &Mode,
    pairs: &[Pair],
    filter: Filter,
    journal: Option<&Prepared>,
    context: &Context,
) -> Result<(Work, (usize, usize)), Failure> {
    if *mode == Mode::Native {
        #[expect(clippy::cast_possible_truncation, reason = "checked: a whole number of at most 500")]
        let per_second = args.pace.items_per_second().map(|rate| rate as i32);
        return Ok((Work::Native(Native { pairs: pairs.to_vec(), per_second }), (0, 0)));
    }
    if let (Mode::Load { file }, Some(to)) = (mode, pairs.first().and_then(|pair| pair.to.clone())) {
        let lines = match journal {
            Some(journal) => Lines::replay(journal.entries()?)?,
            None => Lines::default(),
        };
        let inherited = (lines.sent(), 0);
        let (delay_seconds, new_dedup_id) = (args.delay_seconds, args.new_dedup_id);
        let load = Load { file: file.clone(), to, delay_seconds, new_dedup_id, lines };
        return Ok((Work::Load(Box::new(load)), inherited));
    }
    let ledger = match journal {
        Some(journal) => Ledger::replay(journal.entries()?)?,
        None => Ledger::default(),
    };
    let inherited = ledger.inherited();
    let continues = journal.and_then(Prepared::unfinished).is_some();
    let fleet = Fleet {
        mode: mode.clone(),
        args: args.clone(),
        pairs: pairs.to_vec(),
        filter,
        ledger,
        continues,
        form: form(context),
    };
    Ok((Work::Fleet(Box::new(fleet)), inherited))
}

fn form(context: &Context) -> Form {
    let global = &context.global;
    match global.format {
        _ if global.json => Form::Json,
        Some(Format::Json) => Form::Json,
        Some(Format::Jsonl) => Form::Lines,
        _ => Form::Table { terminal: global.output.is_none() && std::io::stdout().is_terminal() },
    }
}

/// What decides whether a journal belongs to a command.
fn key(args: &RequeueArgs, mode: &Mode, pairs: &[Pair], account: Option<&str>) -> PlanKey {
    let arn = |side: fn(&Pair) -> Option<&crate::pairs::End>| -> Vec<&str> {
        pairs.iter().filter_map(side).map(|end| end.attributes.arn.as_str()).collect()
    };
    let mut values = Map::new();
    values.insert("mode".to_owned(), mode.name().into());
    values.insert("account".to_owned(), account.into());
    if args.all {
        values.insert("all".to_owned(), true.into());
    } else {
        values.insert("from".to_owned(), arn(|pair| pair.from.as_ref()).into());
        values.insert("to".to_owned(), arn(|pair| pair.to.as_ref()).into());
    }
    values.insert("selection".to_owned(), selection(args));
    if let Mode::Load { file } | Mode::Save { file, .. } = mode {
        values.insert("file".to_owned(), absolute(file).into());
    }
    PlanKey { tool: "requeue", values: Value::Object(values) }
}

fn selection(args: &RequeueArgs) -> Value {
    json!({
        "body": args.filter_body,
        "attributes": args.filter_attr,
        "jsonpath": args.filter_jsonpath,
        "older_than": args.older_than,
        "newer_than": args.newer_than,
        "source": args.source_arn,
        "invert": args.invert,
    })
}

fn absolute(file: &std::path::Path) -> String {
    if is_dash(file) {
        return "-".to_owned();
    }
    std::path::absolute(file).unwrap_or_else(|_| file.to_owned()).display().to_string()
}
