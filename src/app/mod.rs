//! Runs one tool from arguments to exit code: the one pattern of the whole toolkit.
//!
//! Arguments, plan, confirmation, execution, report. A tool plans and executes; everything between (identity, prompts,
//! signals, progress, rendering, the exit code) is here, once, so that all tools behave alike.

mod context;
mod generate;
mod outcome;
mod outputs;
mod signals;

use std::ffi::OsString;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, CommandFactory, FromArgMatches, Parser, ValueEnum};
use serde_json::{Map, Value};
use tokio::task::JoinHandle;

pub use context::Context;
use outcome::Ending;

use crate::args::{self, Format, GlobalArgs, Legacy, Typed};
use crate::error::{Failure, Kind};
use crate::exit::Exit;
use crate::plan::{Confirmation, Consent, Danger, Plan, Talk, confirmation};
use crate::report::Estimate;
use crate::run::{Cancel, ErrorLog, Journal, Limits, Notices, Pace, Prepared, Run, Stats, Stop};
use crate::time::{Clock, monotonic};
use crate::ui::{self, Color, Encode, Printer, Progress};

/// After the first ^C, what is in flight may take this long to finish.
const DRAIN_LIMIT: Duration = Duration::from_secs(30);

/// A task that outlives its run, because what was in flight did not finish, must not hold up the end.
const NOTICES_LIMIT: Duration = Duration::from_secs(1);

/// Longer than planning takes where all is well, shorter than a person waits before suspecting that nothing happens.
const SILENCE: Duration = Duration::from_secs(5);

/// A tool: its arguments, its plan, its work.
pub trait Tool: Send + 'static {
    /// The name of the binary.
    const NAME: &'static str;
    /// One line for `--help` and the register.
    const ABOUT: &'static str;
    /// Command lines that run, one each, with a comment line above.
    const EXAMPLES: &'static str;
    /// The least-privilege policy of `dist/iam`.
    const IAM: &'static str;
    /// Names that only the original tool had.
    const LEGACY: &'static [Legacy] = &[];
    /// Which formats the output may have.
    const FORMATS: &'static [Format] = &[Format::Table, Format::Json];
    /// The examples of each command, by its name, for a tool that has commands.
    const COMMANDS: &'static [(&'static str, &'static str)] = &[];
    /// The tool's own flags, with the shared groups that it uses flattened in.
    type Args: Args + Send;
    /// What `plan` found out and `execute` needs.
    type Work: Send;

    /// For a tool with commands: which of them a line means. As a default the one it names.
    fn command<'t>(typed: &Typed<'t>) -> Option<&'t str> {
        typed.command
    }

    /// Whether the output is rows, so that a report must not take their place. A tool whose report has no form of its own
    /// writes rows always.
    fn streams(args: &Self::Args) -> bool {
        let _ = args;
        !Self::FORMATS.contains(&Format::Json)
    }

    /// Validates, resolves names, and only reads. All usage errors come from here.
    fn plan(args: Self::Args, context: &Context) -> impl Future<Output = Result<Planned<Self::Work>, Failure>> + Send;

    /// How rows are encoded on their way to the output; as they are, unless the tool says otherwise.
    fn encode(work: &Self::Work) -> Option<Encode> {
        let _ = work;
        None
    }

    /// For a dry run: how much it really is, found by listing. The default takes the plan's estimate.
    fn survey(work: Self::Work, run: Run) -> impl Future<Output = Result<Option<Estimate>, Failure>> + Send {
        let _ = (work, run);
        async { Ok(None) }
    }

    /// Does the work. Counts go to `run.stats`; the report is made of them even when this returns an error.
    fn execute(work: Self::Work, run: Run) -> impl Future<Output = Result<Done, Failure>> + Send;
}

/// A plan with everything that executing it needs.
pub struct Planned<W> {
    /// What will be done.
    pub plan: Plan,
    /// What `execute` gets.
    pub work: W,
    /// The journal, found and locked; `None` for tools and modes that keep none.
    pub journal: Option<Prepared>,
    /// Relative times and other things resolved once, for the journal's header.
    pub resolved: Map<String, Value>,
    /// The bounds.
    pub limits: Limits,
    /// Items per second; `None` is unlimited.
    pub rate: Option<f64>,
    /// The tool writes rows to the output, so its report goes to stderr unless `-o` takes the rows.
    pub streams: bool,
    /// stdin carries data, so prompts use the terminal device.
    pub stdin_is_data: bool,
}

/// What a tool says at the end, beside the counters.
#[derive(Clone, Debug, Default)]
pub struct Done {
    /// The next step, where there is one.
    pub next: Option<String>,
    /// A diagnostic found problems.
    pub findings: bool,
}

#[derive(Parser)]
#[command(disable_help_subcommand = true)]
struct Line<A: Args> {
    #[command(flatten)]
    tool: A,
    #[command(flatten)]
    global: GlobalArgs,
}

/// The clap command of a tool, complete with shared flags and help sections.
#[must_use]
pub fn command<T: Tool>() -> clap::Command {
    let command = Line::<T::Args>::command()
        .name(T::NAME)
        .bin_name(T::NAME)
        .about(T::ABOUT)
        .version(generate::VERSION)
        .after_long_help(generate::after_help::<T>())
        .after_help("`--help` says more: examples, exit codes, safety");
    let commands = T::COMMANDS.iter().fold(formats::<T>(command), |command, (name, examples)| {
        command.mut_subcommand(name, |of| {
            of.after_long_help(generate::after_help_of_command(examples))
                .after_help("`--help` says more: examples, exit codes")
        })
    });
    args::command(with_shared_flags(commands))
}

/// What all tools have stands before a command as well as after it, and in the help of each.
fn with_shared_flags(command: clap::Command) -> clap::Command {
    if !command.has_subcommands() {
        return command;
    }
    let shared: Vec<_> =
        GlobalArgs::augment_args(clap::Command::new("")).get_arguments().map(|arg| arg.get_id().clone()).collect();
    let command = command.propagate_version(true).subcommand_required(true);
    shared.into_iter().fold(command, |command, id| command.mut_arg(id, |arg| arg.global(true)))
}

/// The help names the formats of this tool only.
fn formats<T: Tool>(command: clap::Command) -> clap::Command {
    let values = T::FORMATS.iter().filter_map(ValueEnum::to_possible_value);
    let parser = PossibleValuesParser::new(values).try_map(|name| Format::from_str(&name, false));
    let command = command.mut_arg("format", |format| format.value_parser(parser));
    if T::FORMATS.contains(&Format::Json) {
        command
    } else {
        command
            .mut_arg("json", |json| json.help("The report as JSON, beside the rows: on stderr, or on stdout with -o"))
    }
}

/// The `main` of every tool.
#[must_use]
pub fn main<T: Tool>() -> ExitCode {
    let words = std::env::args_os().skip(1).collect();
    let ran = std::panic::catch_unwind(AssertUnwindSafe(|| run_words::<T>(words)));
    let exit = ran.unwrap_or_else(|_| {
        if let Ok(printer) = Printer::new(Color::Auto, false, 0, None) {
            printer.error(&format!("this is a bug in {}: please report it with the lines above", T::NAME));
            printer.hint("nothing was forgotten: the same command again goes on where this one was");
        }
        Exit::Bug
    });
    ExitCode::from(exit.code())
}

fn run_words<T: Tool>(words: Vec<OsString>) -> Exit {
    let command = command::<T>();
    let words = args::normalise(words, &command, T::LEGACY, T::command);
    let parsed = words.and_then(|words| parse::<T>(command, words));
    let line = match parsed {
        Ok(Parsed::Line(line)) => line,
        Ok(Parsed::Said(text)) => return say_and_leave(&text),
        Err(failure) => return fail_before_start(&failure),
    };
    let printer = match printer(&line.global) {
        Ok(printer) => printer,
        Err(failure) => return fail_before_start(&failure),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail_before_start(&Failure::failed("cannot start").because(error)),
    };
    let exit = runtime.block_on(conversation::<T>(*line, &printer));
    // A prompt that nobody answered still blocks its thread; it must not hold up the exit.
    runtime.shutdown_timeout(Duration::ZERO);
    exit
}

enum Parsed<A: Args> {
    Line(Box<Line<A>>),
    /// Help, version or a generated page: print it and leave.
    Said(String),
}

fn parse<T: Tool>(command: clap::Command, words: Vec<OsString>) -> Result<Parsed<T::Args>, Failure> {
    if let Some(kind) = generate::asked(&words) {
        return generate::page::<T>(command, &kind).map(Parsed::Said);
    }
    let mut command = command.no_binary_name(true);
    let matches = match command.try_get_matches_from_mut(words) {
        Ok(matches) => matches,
        Err(error) if !error.use_stderr() => return Ok(Parsed::Said(error.render().to_string())),
        Err(error) => return Err(generate::usage_failure(&error)),
    };
    outputs::check(&command, &matches)?;
    let line = Line::from_arg_matches(&matches).map_err(|error| generate::usage_failure(&error))?;
    Ok(Parsed::Line(Box::new(line)))
}

fn say_and_leave(text: &str) -> Exit {
    match Printer::new(Color::Auto, false, 0, None) {
        Ok(printer) => {
            printer.data(text);
            if printer.broken().is_some() { Exit::Failed } else { Exit::Done }
        }
        Err(_) => Exit::Failed,
    }
}

fn fail_before_start(failure: &Failure) -> Exit {
    if let Ok(printer) = Printer::new(Color::Auto, false, 0, None) {
        outcome::say_failure(&printer, failure, None);
    }
    failure.kind.exit()
}

fn printer(global: &GlobalArgs) -> Result<Printer, Failure> {
    let color = match global.color.as_str() {
        "always" => Color::Always,
        "never" => Color::Never,
        _ => Color::Auto,
    };
    Printer::new(color, global.quiet, global.verbose, global.output.as_deref())
}

async fn conversation<T: Tool>(line: Line<T::Args>, printer: &Printer) -> Exit {
    let clock = match Clock::from_environment() {
        Ok(clock) => clock,
        Err(error) => return fail_before_start(&Failure::usage(error.to_string())),
    };
    let cancel = Cancel::default();
    let stats = Arc::new(Stats::default());
    signals::listen(&cancel, printer, stats.clone());
    let context = Context::new(T::NAME, line.global, clock, printer.clone(), cancel.clone());
    let started = clock.now();
    let mut ending = Ending::new(T::NAME, started, monotonic(), stats.clone());
    // Rows of which none is written yet are not replaced by a report of why.
    ending.streams = T::streams(&line.tool);
    let plan = saying_that_it_waits(T::plan(line.tool, &context), &context);
    let planned = match cancel.unless_stopped(plan).await {
        Some(planned) => planned,
        None => Err(Failure::new(Kind::Interrupted, "interrupted before anything was started")),
    };
    match planned {
        Ok(planned) => go::<T>(planned, &context, &mut ending).await,
        Err(failure) => ending.failure = Some(failure),
    }
    ending.identity = context.identity();
    ending.stop = cancel.reason();
    outcome::report(&context, ending)
}

/// Where nobody answers, tries go on for most of a minute: that must not look like a program that hangs.
async fn saying_that_it_waits<F: Future>(plan: F, context: &Context) -> F::Output {
    let mut plan = Box::pin(plan);
    tokio::select! {
        planned = &mut plan => return planned,
        () = tokio::time::sleep(SILENCE) => {}
    }
    if !context.has_asked() {
        context.printer.say(
            "the plan still waits for answers; where nobody gives one, it is asked again for a while, and ^C stops",
        );
    }
    plan.await
}

/// From the plan to the end of the work.
async fn go<T: Tool>(mut planned: Planned<T::Work>, context: &Context, ending: &mut Ending) {
    ending.streams = planned.streams;
    ending.reads_only = planned.plan.danger == Danger::None;
    ending.plan = Some(planned.plan.clone());
    show_plan(context, &planned.plan);
    ending.dry_run = context.global.dry_run;
    if !ending.dry_run
        && let Err(failure) = confirm(context, &planned).await
    {
        ending.failure = Some(failure);
        return;
    }
    let (run, notices) = match run_of(context, &mut planned, ending) {
        Ok(parts) => parts,
        Err(failure) => {
            ending.failure = Some(failure);
            return;
        }
    };
    ending.errors = Some(run.errors.clone());
    ending.journal = run.journal.clone();
    if ending.dry_run {
        survey::<T>(planned, run, context, ending).await;
        all_said(notices).await;
        return;
    }
    if let Some(encode) = T::encode(&planned.work) {
        context.printer.encode(encode);
    }
    work::<T>(planned, run, context, ending).await;
    all_said(notices).await;
    if ending.streams {
        context.printer.finish_data();
    }
}

fn show_plan(context: &Context, plan: &Plan) {
    let text = ui::plan_text(&context.printer, plan, context.identity().as_ref());
    if plan.talk == Talk::All || context.global.dry_run {
        context.printer.say(&text);
    } else {
        context.printer.detail(&text);
    }
    for warning in &plan.warnings {
        context.printer.warn(warning);
    }
}

async fn confirm<W>(context: &Context, planned: &Planned<W>) -> Result<(), Failure> {
    let consent = Consent {
        terminal: !context.global.no_input && ui::can_ask(planned.stdin_is_data),
        yes: context.global.yes,
        confirm: context.global.confirm.clone(),
        ask_always: std::env::var("OPSTOOLS_ASK").is_ok_and(|value| value == "always"),
    };
    let (question, expected) = match confirmation(&planned.plan.danger, &consent) {
        Confirmation::Go => return Ok(()),
        Confirmation::Refuse(reason) => return Err(Failure::new(Kind::Refused, reason)),
        Confirmation::AskYesNo => ("Proceed? [y/N]".to_owned(), None),
        Confirmation::AskName(name) => (format!("This is severe. Type `{name}` to go on:"), Some(name)),
    };
    let answer = context.answer(&question, planned.stdin_is_data).await?.unwrap_or_default();
    let agreed = match expected {
        Some(name) => answer == name,
        None => matches!(answer.to_lowercase().as_str(), "y" | "yes"),
    };
    if agreed { Ok(()) } else { Err(Failure::new(Kind::Refused, "not confirmed, nothing was changed")) }
}

/// Waits until what the tool said is printed, so that no warning is lost and none comes after the report.
async fn all_said(notices: JoinHandle<()>) {
    let _ = tokio::time::timeout(NOTICES_LIMIT, notices).await;
}

/// The run, and the task that prints its notices; it ends with the last of them.
fn run_of<W>(context: &Context, planned: &mut Planned<W>, ending: &Ending) -> Result<(Run, JoinHandle<()>), Failure> {
    let cancel = context.cancel.clone();
    let max_errors = context.global.max_errors.map(|most| most as u64);
    let errors = ErrorLog::create(context.global.errors.as_deref(), max_errors)?;
    let resolved = std::mem::take(&mut planned.resolved);
    let journal = match planned.journal.take().filter(|_| !ending.dry_run) {
        Some(prepared) => Some(Arc::new(prepared.begin(context.clock.now(), resolved, &cancel)?)),
        None => None,
    };
    let (notices, mut arriving) = Notices::channel();
    let printer = context.printer.clone();
    let listening = tokio::spawn(async move {
        while let Some(notice) = arriving.recv().await {
            printer.notice(&notice);
        }
    });
    let data = data(context.printer.clone(), cancel.clone(), ending.reads_only);
    let run = Run {
        stats: ending.stats.clone(),
        errors: Arc::new(errors),
        cancel: cancel.clone(),
        pace: Arc::new(Pace::new(planned.rate)),
        limits: planned.limits.clone(),
        journal,
        notices,
        rows: {
            let data = data.clone();
            Arc::new(move |text: &str| data(text.as_bytes()))
        },
        data,
        clock: context.clock,
    };
    Ok((run, listening))
}

/// The row sink: a reader that went away ends a tool that only reads.
fn data(printer: Printer, cancel: Cancel, reads_only: bool) -> crate::run::Data {
    Arc::new(move |bytes: &[u8]| {
        printer.data_bytes(bytes);
        if printer.broken().is_some() {
            cancel.stop(Stop::Fatal);
        } else if reads_only && printer.is_closed() {
            cancel.stop(Stop::Limit);
        }
    })
}

async fn survey<T: Tool>(planned: Planned<T::Work>, run: Run, context: &Context, ending: &mut Ending) {
    let progress = Progress::start(&context.printer, run.stats.clone(), !context.global.no_progress);
    let found = context.cancel.unless_stopped(T::survey(planned.work, run)).await;
    progress.stop().await;
    match found {
        Some(Ok(Some(estimate))) => {
            if let Some(plan) = &mut ending.plan {
                plan.estimate = Some(estimate);
            }
        }
        Some(Ok(None)) | None => {}
        Some(Err(failure)) => ending.failure = Some(failure),
    }
}

async fn work<T: Tool>(planned: Planned<T::Work>, run: Run, context: &Context, ending: &mut Ending) {
    let cancel = run.cancel.clone();
    let progress = Progress::start(&context.printer, run.stats.clone(), !context.global.no_progress);
    if let Some(duration) = run.limits.duration {
        let cancel = cancel.clone();
        tokio::spawn(async move {
            tokio::time::sleep(duration).await;
            cancel.stop(Stop::Duration);
        });
    }
    let ended = tokio::select! {
        ended = T::execute(planned.work, run) => Some(ended),
        () = drained(&cancel) => None,
    };
    progress.stop().await;
    match ended {
        Some(Ok(done)) => ending.done = done,
        Some(Err(failure)) => ending.failure = Some(failure),
        None => {
            context.printer.warn("what was in flight did not finish in time; the same command again takes care of it")
        }
    }
}

/// Ends when the operator asked to stop and the drain has taken too long.
async fn drained(cancel: &Cancel) {
    cancel.stopped().await;
    if matches!(cancel.reason(), Some(Stop::Interrupt | Stop::Terminate)) {
        tokio::time::sleep(DRAIN_LIMIT).await;
    } else {
        std::future::pending::<()>().await;
    }
}

/// Closes the journal: only a plan that is finished as a whole ends it, everything else can be continued.
fn close_journal(journal: Option<&Arc<Journal>>, finished: bool) -> Option<Failure> {
    journal.and_then(|journal| journal.close(finished).err()).map(Failure::from)
}
