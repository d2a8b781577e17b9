//! From the command line to a plan: everything is looked up and tried, nothing is written.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use opstools::app::{Context, Planned};
use opstools::aws::sqs::QueueRef;
use opstools::aws::upload::Uploads;
use opstools::aws::{Session, s3};
use opstools::error::Failure;
use opstools::generate::{Amount, Contents, Layout, Pools, Recipe, Schedule};
use opstools::objects::Location;
use opstools::panther::INPUT_QUEUE;
use opstools::replay::QueueLine;
use opstools::schema::native;
use serde_json::{Map, json};

use crate::arguments::Arguments;
use crate::below::must_stay_below;
use crate::hours::Hours;
use crate::manifest::{self, Header};
use crate::pack::Compression;
use crate::plan_text;
use crate::recall;
use crate::selection::{Wanted, wanted};
use crate::work::{Cleanup, Logs, Make, Notify, Target, Work};

/// Bytes of a tebibyte, in which the original counted.
const TEBIBYTE: f64 = (1_u64 << 40) as f64;

const HOURS_OF_A_DAY: f64 = 24.0;

/// Where logs are to go, as it was typed.
enum Typed {
    Folder(PathBuf),
    Bucket(Location),
    Stdout,
    Queue,
}

/// The plan of a command line.
///
/// # Errors
/// Usage errors, and everything that does not exist or may not be looked at.
pub async fn plan(args: Arguments, context: &Context) -> Result<Planned<Work>, Failure> {
    if context.global.journal.is_some() {
        return Err(Failure::usage("`--journal` is not for filegen").hint("its memory is the file of `--manifest`"));
    }
    if let Some(path) = &args.cleanup {
        return plan_cleanup(path, &args, context).await;
    }
    let typed = typed(&args)?;
    check(&args, &typed)?;
    let logs = logs(&args, &typed, context)?;
    let manifest = args.manifest.as_deref().map(|path| recall::open(path, header(&typed, &logs))).transpose()?;
    let (target, notify) = connect(&args, &typed, context).await?;
    let (schedule, logs) = (logs.schedule, Arc::new(logs.logs));
    let bytes_per_second = (args.bytes_per_second > 0).then_some(args.bytes_per_second as f64);
    let counts_errors = context.global.max_errors.is_some();
    let make = Make { logs, schedule, target, manifest, notify, bytes_per_second, counts_errors };
    let plan = plan_text::make(&make, &args);
    let streams = matches!(make.target, Target::Stdout);
    Ok(planned(plan, Work::Make(Box::new(make)), &args, streams))
}

fn planned(plan: opstools::plan::Plan, work: Work, args: &Arguments, streams: bool) -> Planned<Work> {
    Planned {
        plan,
        work,
        journal: None,
        resolved: Map::new(),
        limits: args.pace.limits(),
        rate: args.pace.items_per_second(),
        streams,
        stdin_is_data: false,
    }
}

fn typed(args: &Arguments) -> Result<Typed, Failure> {
    if let Some(bucket) = &args.bucket {
        return Location::parse(&format!("s3://{bucket}")).map(Typed::Bucket);
    }
    match args.out.as_deref() {
        Some("-") => Ok(Typed::Stdout),
        Some("sqs") => Ok(Typed::Queue),
        Some(path) if path.starts_with("s3://") => Location::parse(path).map(Typed::Bucket),
        Some(folder) if !folder.is_empty() => std::path::absolute(folder)
            .map(Typed::Folder)
            .map_err(|error| Failure::usage(format!("`{folder}` is no folder")).because(error)),
        _ => Err(Failure::usage("nothing says where the logs are to go").hint(
            "give `--out FOLDER`, `--out s3://BUCKET/PREFIX`, `--out sqs --queue QUEUE`, or `--out -` for stdout",
        )),
    }
}

/// Usage errors that need nothing but the command line.
fn check(args: &Arguments, typed: &Typed) -> Result<(), Failure> {
    if !(0.0..=1.0).contains(&args.malformed_rate) {
        return Err(Failure::usage(format!("`--malformed-rate {}` is not from 0 to 1", args.malformed_rate)));
    }
    let (bucket, queue) = (matches!(typed, Typed::Bucket(_)), matches!(typed, Typed::Queue));
    if args.notify && !bucket {
        return Err(Failure::usage("`--notify` is for buckets").hint("write into one with `--out s3://BUCKET/PREFIX`"));
    }
    if queue && args.queue.is_none() {
        return Err(Failure::usage("`--out sqs` needs a queue").hint("name it with `--queue`"));
    }
    if args.manifest.is_some() && (queue || matches!(typed, Typed::Stdout)) {
        return Err(Failure::usage("`--manifest` is for folders and buckets: stdout and queues hold no files"));
    }
    stays_below(args, typed)?;
    if args.tb_per_day.is_some_and(|amount| !amount.is_finite() || amount < 0.0) {
        return Err(Failure::usage("`--tb-per-day` is not a size").hint("give a number of at least 0, such as 0.5"));
    }
    Ok(())
}

/// Everything of which keys and paths are made.
fn stays_below(args: &Arguments, typed: &Typed) -> Result<(), Failure> {
    if let Typed::Bucket(location) = typed {
        must_stay_below("--out", &location.key)?;
    }
    must_stay_below("--prefix", args.prefix.as_deref().unwrap_or_default().trim_matches('/'))?;
    must_stay_below("--layout", &args.layout)
}

/// What is to be made, before anybody is asked where to.
struct Planning {
    logs: Logs,
    schedule: Schedule,
    plan: serde_json::Value,
}

fn logs(args: &Arguments, typed: &Typed, context: &Context) -> Result<Planning, Failure> {
    let wanted = wanted(args)?;
    let Hours { first, count: hours } = Hours::typed(args, context)?;
    // A seed that a person can type.
    let seed = args.seed.unwrap_or_else(|| u64::from(fastrand::u32(..)));
    let layout = Layout::parse(&args.layout)
        .map_err(|why| Failure::usage(format!("`--layout {}` is no layout", args.layout)).because(why))?;
    if let Some(other) = wanted.iter().find(|wanted| !layout.has(&wanted.schema.name)) {
        return Err(Failure::usage(format!("`--layout aws` has no place for `{}`", other.schema.name))
            .hint("give `--layout default`, or a template"));
    }
    let pools = Pools::new(seed);
    let recipe = |wanted: &Wanted| Recipe::new(&wanted.schema, &pools).map_err(|why| Failure::failed(why.to_string()));
    let recipes = wanted.iter().map(recipe).collect::<Result<Vec<_>, _>>()?;
    if args.malformed_rate > 0.0 {
        can_be_broken(&wanted, &recipes, &pools)?;
    }
    let spread = args.spread.of();
    let schedule = Schedule::new(first, hours, amount(args, &wanted, hours), spread, &recipes);
    if let Amount::Bytes(bytes, _) = schedule.amount
        && bytes < schedule.fewest_bytes()
    {
        return Err(Failure::usage(format!("{bytes} bytes are less than some rows have"))
            .hint(format!("give at least {}", schedule.fewest_bytes())));
    }
    let contents = Contents { seed, spread, malformed: args.malformed_rate };
    let typed_prefix = match typed {
        Typed::Bucket(location) => location.key.as_str(),
        _ => "",
    };
    let compression = match typed {
        Typed::Stdout | Typed::Queue => Compression::None,
        Typed::Folder(_) | Typed::Bucket(_) => args.compression,
    };
    let prefix = joined(typed_prefix, args.prefix.as_deref().unwrap_or_default());
    let plan = json!({
        "seed": seed,
        "types": wanted.iter().map(|wanted| (&wanted.schema.name, wanted.files, wanted.rows)).collect::<Vec<_>>(),
        "schemas": custom(&wanted),
        "first_hour": first, "hours": hours, "amount": format!("{:?}", schedule.amount),
        "spread": format!("{spread:?}"), "malformed_rate": args.malformed_rate,
        "layout": args.layout, "prefix": prefix, "compression": compression.name(),
    });
    Ok(Planning { logs: Logs { recipes, pools, contents, layout, prefix, compression }, schedule, plan })
}

/// Broken rows are of use only where they can be told from sound ones by their rejects.
fn can_be_broken(wanted: &[Wanted], recipes: &[Recipe], pools: &Pools) -> Result<(), Failure> {
    for (wanted, recipe) in wanted.iter().zip(recipes) {
        recipe.can_be_broken(&wanted.schema, pools).map_err(|unwritable| {
            Failure::usage(format!("`--malformed-rate` is not for `{}`", unwritable.log_type))
                .because(unwritable.why)
                .hint("leave the flag or the type out: the parser of this type does not reject rows one by one")
        })?;
    }
    Ok(())
}

/// The custom schemas as they are: another schema of the same name makes other bytes.
fn custom(wanted: &[Wanted]) -> Vec<String> {
    let schemas = wanted.iter().map(|wanted| &wanted.schema).filter(|schema| native::find(&schema.name).is_none());
    schemas.map(|schema| format!("{schema:?}")).collect()
}

fn joined(first: &str, second: &str) -> String {
    let (first, second) = (first.trim_end_matches('/'), second.trim_matches('/'));
    [first, second].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sizes are far below 2^63, and not negative"
)]
fn amount(args: &Arguments, wanted: &[Wanted], hours: u64) -> Amount {
    let per_day = args.tb_per_day.filter(|amount| *amount > 0.0);
    let bytes = per_day.map(|amount| (amount * TEBIBYTE * (hours as f64 / HOURS_OF_A_DAY)) as u64);
    match args.bytes.or(bytes) {
        Some(bytes) => Amount::Bytes(bytes, wanted.iter().map(|wanted| wanted.rows).collect()),
        None => Amount::Files(wanted.iter().map(|wanted| (wanted.files, wanted.rows)).collect()),
    }
}

/// What the manifest of this run begins with.
fn header(typed: &Typed, planning: &Planning) -> Header {
    let target = match typed {
        Typed::Bucket(location) => format!("s3://{}", location.bucket),
        Typed::Folder(folder) => folder.display().to_string(),
        Typed::Stdout | Typed::Queue => String::new(),
    };
    Header::new(target, planning.plan.clone())
}

async fn connect(args: &Arguments, typed: &Typed, context: &Context) -> Result<(Target, Option<Notify>), Failure> {
    let location = match typed {
        Typed::Folder(folder) => return Ok((Target::Folder(folder.clone()), None)),
        Typed::Stdout => return Ok((Target::Stdout, None)),
        Typed::Bucket(location) => Some(location),
        Typed::Queue => None,
    };
    let session = Session::connect(&args.aws.access(), context.clock).await?;
    context.remember_identity(session.identity.clone());
    let queue = args.queue.as_deref().unwrap_or(INPUT_QUEUE);
    let Some(location) = location else {
        let (line, _) = QueueLine::find(&session, &QueueRef::parse(queue)?, None).await?;
        return Ok((Target::Queue(line), None));
    };
    let there = s3::in_bucket_region(&session, &location.bucket).await?;
    let notify = if args.notify {
        let (line, attributes) = QueueLine::find(&session, &QueueRef::parse(queue)?, None).await?;
        let account = attributes.account().map(str::to_owned).or_else(|| session.identity.account.clone());
        let partition = session.partition().to_owned();
        Some(Notify { line, region: there.region.clone(), partition, account: account.unwrap_or_default() })
    } else {
        None
    };
    Ok((Target::Bucket(Uploads::new(&there, &location.bucket)), notify))
}

fn no_manifest(path: &Path) -> Failure {
    let name = path.display();
    if path.exists() {
        return Failure::failed(format!("the manifest `{name}` is empty")).hint(
            "a run begins its manifest before it makes anything: nothing is to be removed, or it is another file",
        );
    }
    Failure::failed(format!("there is no manifest `{name}`")).hint("name the file that `--manifest` has written")
}

/// The plan of a removal.
async fn plan_cleanup(path: &Path, args: &Arguments, context: &Context) -> Result<Planned<Work>, Failure> {
    let Some((header, listed)) = manifest::read(path)? else {
        return Err(no_manifest(path));
    };
    let target = if header.target.starts_with("s3://") {
        let location = Location::parse(&header.target)?;
        let session = Session::connect(&args.aws.access(), context.clock).await?;
        context.remember_identity(session.identity.clone());
        let there = s3::in_bucket_region(&session, &location.bucket).await?;
        Target::Bucket(Uploads::new(&there, location.bucket))
    } else {
        Target::Folder(PathBuf::from(&header.target))
    };
    let work = Cleanup { target, listed };
    let plan = plan_text::cleanup(&work, path, &header);
    Ok(planned(plan, Work::Cleanup(Box::new(work)), args, false))
}
