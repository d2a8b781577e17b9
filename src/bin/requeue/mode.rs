//! What requeue is to do: exactly one mode, read from the flags; combinations that contradict each other are usage errors.

use std::path::{Path, PathBuf};

use opstools::args::{Format, GlobalArgs};
use opstools::error::Failure;

use crate::args::RequeueArgs;

/// SQS keeps received messages invisible for at most twelve hours (AWS quota).
const LONGEST_VISIBILITY_SECONDS: u64 = 43_200;

/// Most messages per second of a move task (AWS quota).
pub const FASTEST_NATIVE: f64 = 500.0;

/// What is done with the messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Send and delete.
    Move,
    /// Send.
    Copy,
    /// Delete.
    Discard,
    /// Write to a file, and delete with `discard`.
    Save {
        /// The file; `-` is stdout.
        file: PathBuf,
        /// Delete what is safely written.
        discard: bool,
    },
    /// Send from a file.
    Load {
        /// The file; `-` is stdin.
        file: PathBuf,
    },
    /// Show so many.
    Peek(usize),
    /// Count by origin.
    Summary,
    /// SQS moves by itself.
    Native,
}

impl Mode {
    /// The mode that the flags ask for.
    ///
    /// # Errors
    /// Two flags that exclude each other, or a value out of its range.
    pub fn of(args: &RequeueArgs, global: &GlobalArgs) -> Result<Self, Failure> {
        let mode = Self::only_one(args)?;
        mode.check_combinations(args, global)?;
        check_ranges(args)?;
        Ok(mode)
    }

    fn only_one(args: &RequeueArgs) -> Result<Self, Failure> {
        let given = [
            ("--peek", args.peek.is_some()),
            ("--summary", args.summary),
            ("--copy", args.copy),
            ("--save", args.save.is_some()),
            ("--load", args.load.is_some()),
            ("--discard", args.discard && args.save.is_none()),
            ("--native", args.native),
        ];
        let mut given = given.into_iter().filter(|(_, given)| *given).map(|(name, _)| name);
        if let (Some(first), Some(second)) = (given.next(), given.next()) {
            return Err(Failure::usage(format!("`{first}` and `{second}` exclude each other")));
        }
        Ok(match args {
            RequeueArgs { peek: Some(count), .. } => Self::Peek(*count),
            RequeueArgs { summary: true, .. } => Self::Summary,
            RequeueArgs { copy: true, .. } => Self::Copy,
            RequeueArgs { save: Some(file), discard, .. } => Self::Save { file: file.clone(), discard: *discard },
            RequeueArgs { load: Some(file), .. } => Self::Load { file: file.clone() },
            RequeueArgs { discard: true, .. } => Self::Discard,
            RequeueArgs { native: true, .. } => Self::Native,
            _ => Self::Move,
        })
    }

    fn check_combinations(&self, args: &RequeueArgs, global: &GlobalArgs) -> Result<(), Failure> {
        let json = global.json || global.format == Some(Format::Json);
        let streams_lines = matches!(self, Self::Peek(_));
        let filters = has_filters(args);
        let table = [
            (
                args.all && (args.from_q.is_some() || args.to_q.is_some()),
                "`--all` names the queues itself: leave out `--from.q` and `--to.q`",
            ),
            (
                args.all && matches!(self, Self::Load { .. }),
                "`--load` sends to one queue: name it with `--to.q` instead of `--all`",
            ),
            (
                self.is_stdout() && json,
                "`--save -` writes messages to stdout, where `--json` would write the report: save to a file",
            ),
            (
                self.is_stdout() && matches!(self, Self::Save { discard: true, .. }),
                "`--discard` deletes only what is safely on disk: save to a file, not to stdout",
            ),
            (args.invert && !filters, "`--invert` turns filters round, and there are none"),
            (filters && matches!(self, Self::Native), "`--native` moves everything: filters cannot go with it"),
            (
                filters && matches!(self, Self::Load { .. }),
                "`--load` sends every message of the file: filters cannot go with it",
            ),
            (args.follow && !self.follows(), "`--follow` goes with moving, `--copy`, `--save` and `--discard` only"),
            (args.delay_seconds.is_some() && !self.sends(), "`--delay-seconds` goes with sending only"),
            (args.new_dedup_id && !self.sends(), "`--new-dedup-id` goes with sending only"),
            (
                matches!(self, Self::Native) && args.pace.limit > 0,
                "`--native` moves everything: `--limit` cannot go with it",
            ),
            (global.format == Some(Format::Jsonl) && !streams_lines, "`--format jsonl` goes with `--peek` only"),
            (
                matches!(self, Self::Native) && !is_native_rate(args.pace.rate),
                "`--native` takes a whole `--rate` of 1 to 500 per second, or none",
            ),
        ];
        match table.into_iter().find(|(wrong, _)| *wrong) {
            Some((_, why)) => Err(Failure::usage(why)),
            None => Ok(()),
        }
    }

    fn follows(&self) -> bool {
        matches!(self, Self::Move | Self::Copy | Self::Save { .. } | Self::Discard)
    }

    /// Whether it sends messages itself.
    pub fn sends(&self) -> bool {
        matches!(self, Self::Move | Self::Copy | Self::Load { .. })
    }

    /// Whether it deletes messages without sending them.
    pub fn is_severe(&self) -> bool {
        matches!(self, Self::Discard | Self::Save { discard: true, .. })
    }

    /// Whether it takes messages away from the queue, or sends them, so that a journal pays.
    pub fn keeps_journal(&self) -> bool {
        matches!(self, Self::Move | Self::Copy | Self::Load { .. } | Self::Save { discard: true, .. })
    }

    /// Whether it only looks.
    pub fn looks(&self) -> bool {
        matches!(self, Self::Peek(_) | Self::Summary | Self::Save { discard: false, .. })
    }

    /// Whether it needs a queue to take messages from.
    pub fn needs_source(&self) -> bool {
        !matches!(self, Self::Load { .. })
    }

    /// Whether it needs a queue to send messages to; a native move can do without.
    pub fn needs_target(&self) -> bool {
        self.sends()
    }

    fn is_stdout(&self) -> bool {
        matches!(self, Self::Save { file, .. } if is_dash(file))
    }

    /// Whether rows of data go to the output.
    pub fn streams(&self) -> bool {
        matches!(self, Self::Peek(_) | Self::Summary) || self.is_stdout()
    }

    /// Its name in journals and reports.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Move => "move",
            Self::Copy => "copy",
            Self::Discard => "discard",
            Self::Save { discard: true, .. } => "save_and_discard",
            Self::Save { .. } => "save",
            Self::Load { .. } => "load",
            Self::Peek(_) => "peek",
            Self::Summary => "summary",
            Self::Native => "native",
        }
    }
}

/// Whether a file name means stdin or stdout.
pub fn is_dash(file: &Path) -> bool {
    file.as_os_str() == "-"
}

/// Whether some messages may be passed over.
pub fn has_filters(args: &RequeueArgs) -> bool {
    args.filter_body.is_some()
        || !args.filter_attr.is_empty()
        || args.filter_jsonpath.is_some()
        || args.older_than.is_some()
        || args.newer_than.is_some()
        || args.source_arn.is_some()
}

fn is_native_rate(rate: f64) -> bool {
    rate == 0.0 || (rate.fract() == 0.0 && (1.0..=FASTEST_NATIVE).contains(&rate))
}

fn check_ranges(args: &RequeueArgs) -> Result<(), Failure> {
    if args.wait.as_secs_f64() > f64::from(opstools::aws::sqs::LONGEST_POLL) {
        return Err(Failure::usage("`--wait` is at most 20s, the longest poll of SQS"));
    }
    if !(1..=LONGEST_VISIBILITY_SECONDS).contains(&args.visibility.as_secs()) {
        return Err(Failure::usage("`--visibility` is from 1s to 12h"));
    }
    Ok(())
}
