//! `pantherlog parse`: logs become events.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use opstools::app::{Context, Planned};
use opstools::args::{AwsArgs, FramingArgs, threads};
use opstools::error::Failure;
use opstools::parse::catalogue;
use opstools::parse::event::Origin;
use opstools::parse::layout::Encoding;
use opstools::parse::log_types::{LogTypes, Wanted};
use opstools::parse::native::Now;
use opstools::plan::{Danger, Plan, Talk};
use opstools::ui::Compression;

use crate::explain;
use crate::inputs::Inputs;
use crate::parsing::Parsing;
use crate::rejects::Rejects;
use crate::work::Work;

/// Lines that run.
pub const EXAMPLES: &str = "\
# Among all built-in log types
pantherlog parse access.log.gz
# As one of them, as the data lake holds it
pantherlog parse --log-types AWS.CloudTrail --encoding datalake sample.json
# By a schema of your own; rejected logs are kept
pantherlog parse --path schema.yml --rejects rejected.log sample.jsonl
# By the schemas of a folder and a built-in type; how many logs each took
pantherlog parse --path schemas/ --log-types AWS.ALB --stats logs/*.gz -o events.jsonl.zst
# What each log type says of the logs
pantherlog parse --path schema.yml --explain sample.jsonl";

/// How events are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EncodingName {
    /// Names of fields as in the log, times in their own formats
    Plain,
    /// Names and times as in the data lake
    Datalake,
}

/// The source that events name.
#[derive(Args, Clone, Debug, Default)]
pub struct SourceArguments {
    /// The id of the source, for the column p_source_id
    #[arg(long, value_name = "ID", help_heading = "Events")]
    pub source_id: Option<String>,
    /// The label of the source, for the column p_source_label
    #[arg(long, value_name = "LABEL", help_heading = "Events")]
    pub source_label: Option<String>,
}

/// Which logs, by which schemas, into which events.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Files, `-` (stdin), or s3://BUCKET/PREFIX; without any, stdin. Compression is seen in the content
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// Log types that logs may be of, such as AWS.CloudTrail,AWS.ALB; without this and --path, all built-in ones
    #[arg(long, value_name = "T,..", value_delimiter = ',', help_heading = "Log types")]
    pub log_types: Vec<String>,
    /// Schemas of your own: a file, or a folder with all below it (repeatable)
    #[arg(long, value_name = "FILE|DIR", help_heading = "Log types")]
    pub path: Vec<PathBuf>,
    /// Only these of the schemas; a single name also names a schema that has none
    #[arg(long, value_name = "NAME,..", value_delimiter = ',', help_heading = "Log types")]
    pub schemas: Vec<String>,
    /// As --path, as `customlogs` took it: a schema without a name is Custom.Test
    #[arg(short = 's', long = "schema-file", value_name = "FILE", help_heading = "Log types")]
    pub schema_file: Option<PathBuf>,

    #[command(flatten)]
    pub framing: FramingArgs,

    /// How events are written
    #[arg(
        long,
        value_enum,
        value_name = "ENCODING",
        default_value = "plain",
        env = "OPSTOOLS_ENCODING",
        help_heading = "Events"
    )]
    pub encoding: EncodingName,
    #[command(flatten)]
    pub source: SourceArguments,
    /// Threads that classify and decode; without this, as many as there are cores
    #[arg(long, value_name = "N", env = "OPSTOOLS_THREADS", value_parser = threads, help_heading = "Pace")]
    pub threads: Option<usize>,

    /// A table of the log types: logs, events and bytes that each took, and logs that it refused
    #[arg(long, help_heading = "Output")]
    pub stats: bool,
    /// Instead of events: for each log, which log types refused it, and why
    #[arg(long, conflicts_with_all = ["rejects", "stats"], help_heading = "Output")]
    pub explain: bool,
    /// Write rejected logs as they stood to this file (mode 0600)
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub rejects: Option<PathBuf>,
    #[command(flatten)]
    pub aws: AwsArgs,
}

impl Arguments {
    /// What the original filter did: all built-in types, stdin, the encoding of the data lake.
    pub fn of_filter(source: SourceArguments) -> Self {
        Self {
            files: Vec::new(),
            log_types: Vec::new(),
            path: Vec::new(),
            schemas: Vec::new(),
            schema_file: None,
            framing: FramingArgs::auto(),
            encoding: EncodingName::Datalake,
            source,
            threads: None,
            stats: false,
            explain: false,
            rejects: None,
            aws: AwsArgs::default(),
        }
    }

    fn encoding(&self) -> Encoding {
        match self.encoding {
            EncodingName::Plain => Encoding::Plain,
            EncodingName::Datalake => Encoding::DataLake,
        }
    }

    fn threads(&self) -> usize {
        self.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
    }

    fn wanted(&self) -> Wanted<'_> {
        Wanted {
            log_types: &self.log_types,
            paths: &self.path,
            schemas: &self.schemas,
            test_schema: self.schema_file.as_deref(),
        }
    }

    fn origin(&self) -> Origin {
        Origin {
            source_id: self.source.source_id.clone().unwrap_or_default(),
            source_label: self.source.source_label.clone().unwrap_or_default(),
        }
    }
}

/// The plan: schemas are read and inputs looked for, nothing is parsed.
///
/// # Errors
/// Usage errors; a schema with mistakes, a log type or an input that is not there.
pub async fn plan(arguments: Arguments, context: &Context) -> Result<Planned<Work>, Failure> {
    let log_types = arguments.wanted().choose()?;
    let inputs = Inputs::open(&arguments.files, &arguments.aws.access(), context).await?;
    let rejects = arguments.rejects.as_deref().filter(|_| !context.global.dry_run);
    let rejects = rejects.map(Rejects::create).transpose()?;
    let plan = write(&arguments, &log_types, &inputs, context);
    let now = context.clock.now().to_zoned(jiff::tz::TimeZone::UTC);
    let now = Now { year: now.year().into(), month: now.month().unsigned_abs() };
    let parsers = catalogue::parsers(&log_types.schemas, arguments.encoding(), now)
        .map_err(|error| Failure::failed("cannot make the log types ready").because(error))?;
    let framing = arguments.framing.read(&parsers)?;
    let parsing = Parsing {
        parsers,
        inputs,
        framing,
        threads: arguments.threads(),
        origin: arguments.origin(),
        rejects,
        stats: arguments.stats,
    };
    let output = context.global.output.as_deref();
    let compression = output.map_or(Compression::None, Compression::of_name);
    let work = match arguments.explain {
        true => Work::new(|run| explain::execute(parsing, run)),
        false => Work::new(|run| parsing.execute(run)),
    };
    Ok(work.compressed(compression).planned(plan, true))
}

fn write(arguments: &Arguments, log_types: &LogTypes, inputs: &Inputs, context: &Context) -> Plan {
    let mut plan = Plan::new(format!("parse {}", inputs.in_words()), Danger::None).talks(Talk::Report);
    let names: Vec<&str> = log_types.schemas.iter().map(|schema| schema.name.as_str()).collect();
    plan.facts("input", &inputs.lines());
    plan.fact("log types", log_types.in_words());
    let output =
        context.global.output.as_deref().map_or_else(|| "stdout".to_owned(), |path| path.display().to_string());
    plan.fact(
        "events",
        format!("{} to {output}", if arguments.encoding() == Encoding::Plain { "plain" } else { "datalake" }),
    );
    plan.fact("run twice", "nothing is changed; the events are made anew, with other row ids");
    plan.detail("inputs", inputs.lines());
    plan.detail("log_types", names);
    log_types.warnings.iter().for_each(|warning| _ = plan.warn(warning));
    inputs.warnings().into_iter().for_each(|warning| _ = plan.warn(warning));
    plan
}
