//! From the command line to a plan: everything is looked up, nothing is changed.

use std::path::Path;
use std::thread::available_parallelism;
use std::time::Duration;

use opstools::app::{Context, Planned};
use opstools::aws::sns::{Sns, TopicRef};
use opstools::aws::sqs::{Queue, QueueAttributes, QueueRef, Sqs};
use opstools::aws::{Session, s3};
use opstools::error::Failure;
use opstools::lake::{Limits, Store};
use opstools::objects::Location;
use opstools::parse::catalogue;
use opstools::parse::event::Origin;
use opstools::parse::layout::Encoding;
use opstools::parse::log_parser::LogParser;
use opstools::parse::log_types::Wanted;
use opstools::parse::native::Now;
use opstools::run;
use serde_json::Map;

use crate::arguments::Arguments;
use crate::cpu;
use crate::inputs::{Input, Typed, check_path, typed};
use crate::peek::Peek;
use crate::plan_text::{self, Scene};
use crate::profile::Figure;
use crate::target::{Target, Told};
use crate::tool::Work;
use crate::written_files;

/// MiB of memory beside the buffers of events: objects being written (8 of 50), files being read (3 of 50), and 50 for all else; the
/// log processor reckons with the same.
pub const RESERVED_MIB: usize = 600;

/// MiB below which buffers would be objects as soon as they are made.
const LEAST_MIB: usize = 5;

/// The plan of a command line.
///
/// # Errors
/// Usage errors, and everything that does not exist or may not be looked at.
pub async fn plan(args: Arguments, context: &Context) -> Result<Planned<Work>, Failure> {
    let (typed, target) = (typed(&args)?, Target::of(&args)?);
    let limits = check(&args, &typed, &target, context)?;
    let (parsers, warnings) = parsers(&args, context)?;
    let access = Access::connect(&args, &typed, &target, context).await?;
    let queue = access.queue(&args, &typed).await?;
    let store = access.store(&target).await?;
    let told = access.told(&args, &target).await?;
    let scene = Scene {
        args: &args,
        typed: &typed,
        target: &target,
        log_types: parsers.iter().map(LogParser::log_type).collect(),
        queue: queue.as_ref().map(|(_, queue, attributes)| (queue, attributes)),
        told: told.as_ref(),
        threads: threads(&args),
        limits,
    };
    let mut plan = plan_text::write(&scene);
    plan.warnings.extend(warnings);
    let work = Work {
        inputs: access.inputs(typed, queue).await?,
        limit: args.limit,
        framing: args.framing.read(&parsers)?,
        parsers,
        origin: Origin { source_id: args.source_id.clone(), source_label: args.source_label.clone() },
        threads: threads(&args),
        limits,
        store,
        told,
        profiles: profiles(&args),
    };
    Ok(Planned {
        plan,
        work,
        journal: None,
        resolved: Map::new(),
        limits: run::Limits {
            concurrency: threads(&args),
            limit: None,
            duration: (args.timeout > 0).then(|| Duration::from_secs(args.timeout)),
        },
        rate: None,
        streams: false,
        stdin_is_data: false,
    })
}

fn threads(args: &Arguments) -> usize {
    args.threads.unwrap_or_else(|| available_parallelism().map_or(1, std::num::NonZero::get))
}

fn profiles(args: &Arguments) -> Vec<(Figure, std::path::PathBuf)> {
    let given = |figure: Figure, path: &Option<std::path::PathBuf>| {
        path.clone().filter(|path| !path.as_os_str().is_empty()).map(|path| (figure, path))
    };
    [given(Figure::Cpu, &args.cpuprofile), given(Figure::Memory, &args.memprofile)].into_iter().flatten().collect()
}

/// Usage errors that need nothing but the command line and this machine.
fn check(args: &Arguments, typed: &[Typed], target: &Target, context: &Context) -> Result<Limits, Failure> {
    if context.global.journal.is_some() {
        return Err(Failure::usage("`--journal` is not for logprocessor: it keeps none"));
    }
    if typed.is_empty() && queue_name(args).is_none() {
        return Err(
            Failure::usage("no input is named").hint("name files, folders, s3://BUCKET/PREFIX, or `--queue QUEUE`")
        );
    }
    if args.memory < RESERVED_MIB + LEAST_MIB {
        return Err(Failure::usage(format!("`--memory {}` is too small", args.memory))
            .because(format!("{RESERVED_MIB} MiB are for reading and writing"))
            .hint(format!("give at least {}", RESERVED_MIB + LEAST_MIB)));
    }
    if cpu::thread().is_none() && args.cpuprofile.is_some() {
        return Err(Failure::usage("`--cpuprofile` cannot be had on this system")
            .because("it does not tell the CPU time of threads exactly enough")
            .hint("`--memprofile` and the tables work; take the CPU profile on Linux or macOS"));
    }
    check_target(typed, target)?;
    written_files::check(args, typed, &context.global)?;
    Ok(Limits::of_memory((args.memory - RESERVED_MIB) << 20))
}

/// That inputs are there, that the target can be one, and that objects do not become inputs of the run that writes them.
fn check_target(typed: &[Typed], target: &Target) -> Result<(), Failure> {
    if let Target::Folder(folder) = target
        && folder.exists()
        && !folder.is_dir()
    {
        return Err(Failure::failed(format!("cannot write to `{}`", folder.display())).because("it is no folder"));
    }
    for typed in typed {
        match (typed, target) {
            (Typed::Path(path), Target::Folder(folder)) => {
                check_path(path)?;
                check_apart(path, folder)?;
            }
            (Typed::Path(path), _) => check_path(path)?,
            (Typed::Prefix(read), Target::Bucket(written))
                if read.bucket == written.bucket && written.key.starts_with(&read.key) =>
            {
                return Err(within(&written.uri()));
            }
            (Typed::Prefix(_), _) => {}
        }
    }
    Ok(())
}

fn within(target: &str) -> Failure {
    Failure::usage(format!("the target `{target}` lies within an input"))
        .because("what is written would be read again")
        .hint("name a target beside the inputs")
}

fn check_apart(input: &Path, folder: &Path) -> Result<(), Failure> {
    let (Ok(input), Ok(out)) = (input.canonicalize(), nearest(folder).canonicalize()) else { return Ok(()) };
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    if input.is_dir() && (out.starts_with(&input) || whole.starts_with(&input)) {
        return Err(within(&folder.display().to_string()));
    }
    Ok(())
}

/// The folder itself, or the first one above it that is there.
fn nearest(folder: &Path) -> &Path {
    folder.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."))
}

fn parsers(args: &Arguments, context: &Context) -> Result<(Vec<LogParser>, Vec<String>), Failure> {
    let wanted = Wanted { log_types: &args.log_types, paths: &args.path, schemas: &args.schemas, test_schema: None };
    let chosen = wanted.choose()?;
    let date = context.clock.now().to_zoned(jiff::tz::TimeZone::UTC);
    let now = Now { year: i32::from(date.year()), month: date.month().unsigned_abs() };
    let parsers = catalogue::parsers(&chosen.schemas, Encoding::DataLake, now)
        .map_err(|unready| Failure::failed("cannot use a schema").because(unready))?;
    Ok((parsers, chosen.warnings))
}

fn queue_name(args: &Arguments) -> Option<&str> {
    args.queue.as_deref().filter(|name| !name.is_empty())
}

/// The way into AWS, where it is needed.
struct Access {
    session: Option<Session>,
}

impl Access {
    async fn connect(args: &Arguments, typed: &[Typed], target: &Target, context: &Context) -> Result<Self, Failure> {
        let reads = typed.iter().any(|typed| matches!(typed, Typed::Prefix(_)));
        let looks = typed.is_empty();
        if !reads && !looks && !matches!(target, Target::Bucket(_)) {
            return Ok(Self { session: None });
        }
        let session = Session::connect(&args.aws.access(), context.clock).await?;
        context.remember_identity(session.identity.clone());
        Ok(Self { session: Some(session) })
    }

    /// The session; what needs one has seen to it that there is one.
    fn session(&self) -> Result<&Session, Failure> {
        self.session.as_ref().ok_or_else(|| Failure::failed("there is no connection to AWS"))
    }

    /// The queue to look into; none when inputs are named otherwise.
    async fn queue(&self, args: &Arguments, typed: &[Typed]) -> Result<Option<(Sqs, Queue, QueueAttributes)>, Failure> {
        let Some(name) = queue_name(args).filter(|_| typed.is_empty()) else { return Ok(None) };
        let reference = QueueRef::parse(name)?;
        let session = self.session()?;
        let sqs = Sqs::new(&reference.region().map_or_else(|| session.clone(), |region| session.in_region(region)));
        let queue = sqs.find(&reference, None).await?;
        let attributes = sqs.attributes(&queue).await?;
        Ok(Some((sqs, queue, attributes)))
    }

    async fn store(&self, target: &Target) -> Result<Store, Failure> {
        Ok(match target {
            Target::Nowhere => Store::Nowhere,
            Target::Folder(folder) => Store::Folder(folder.clone()),
            Target::Bucket(Location { bucket, key }) => {
                let session = s3::in_bucket_region(self.session()?, bucket).await?;
                Store::Bucket(Box::new(session), bucket.clone(), key.clone())
            }
        })
    }

    /// The topic to tell; only of objects in a bucket can others be told.
    async fn told(&self, args: &Arguments, target: &Target) -> Result<Option<Told>, Failure> {
        let named = args.topic.as_deref().filter(|topic| !topic.is_empty());
        let (Some(text), Target::Bucket(_)) = (named, target) else { return Ok(None) };
        let reference = TopicRef::parse(text)?;
        let session = self.session()?;
        let session = reference.region().map_or_else(|| session.clone(), |region| session.in_region(region));
        let topic = reference.resolve(None, &session)?;
        let sns = Sns::new(&session);
        let message_bytes = sns.attributes(&topic).await?.message_bytes;
        Ok(Some(Told { sns, topic, message_bytes }))
    }

    async fn inputs(
        &self,
        typed: Vec<Typed>,
        queue: Option<(Sqs, Queue, QueueAttributes)>,
    ) -> Result<Vec<Input>, Failure> {
        let mut inputs = Vec::new();
        for typed in typed {
            inputs.push(match typed {
                Typed::Path(path) => Input::Path(path),
                Typed::Prefix(location) => {
                    let session = s3::in_bucket_region(self.session()?, &location.bucket).await?;
                    Input::Prefix(Box::new(session), location)
                }
            });
        }
        if let Some((sqs, queue, attributes)) = queue {
            inputs.push(Input::Queue(Box::new(Peek::new(sqs, queue, &attributes)?)));
        }
        Ok(inputs)
    }
}
