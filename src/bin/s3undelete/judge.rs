//! Judging keys: by name, and by the table of decisions; and counting what was judged.

use jiff::Timestamp;
use opstools::aws::listing::History;
use opstools::error::Failure;
use opstools::objects::Patterns;
use opstools::run::{Counter, ItemError, Run};

use crate::arguments::Arguments;
use crate::decision::{Decision, Wanted, Why, decide};
use crate::restoration::Restoration;

/// Which keys and which deletions were asked for.
#[derive(Debug, Default)]
pub struct Judge {
    prefix: String,
    include: Option<Patterns>,
    exclude: Option<Patterns>,
    wanted: Wanted,
}

/// What becomes of a key.
#[derive(Debug)]
pub enum Verdict {
    /// A reader gets data.
    Live,
    /// Its name was not asked for.
    Filtered,
    /// It has nothing but markers.
    Orphan(History),
    /// It is left as it is.
    Skipped(Why, History),
    /// It comes back.
    Restore(Restoration),
}

impl Judge {
    /// A judge of keys that begin with `prefix`.
    ///
    /// # Errors
    /// A usage error: a pattern cannot be read.
    pub fn new(args: &Arguments, prefix: &str, wanted: Wanted) -> Result<Self, Failure> {
        Ok(Self {
            prefix: prefix.to_owned(),
            include: Patterns::compile("--include", &args.include)?,
            exclude: Patterns::compile("--exclude", &args.exclude)?,
            wanted,
        })
    }

    /// Whether a key of this name was asked for.
    pub fn admits(&self, key: &str) -> bool {
        key.starts_with(&self.prefix)
            && self.include.as_ref().is_none_or(|patterns| patterns.matches(key))
            && !self.exclude.as_ref().is_some_and(|patterns| patterns.matches(key))
    }

    /// Whether deletions after this time are asked for.
    pub fn wants_after(&self, time: Timestamp) -> bool {
        self.wanted.range.end.is_none_or(|end| end > time)
    }

    /// What becomes of a key.
    pub fn judge(&self, history: History) -> Verdict {
        if !self.admits(&history.key) {
            return Verdict::Filtered;
        }
        match decide(&history, &self.wanted) {
            Decision::Live => Verdict::Live,
            Decision::Orphan => Verdict::Orphan(history),
            Decision::Skip(why) => Verdict::Skipped(why, history),
            Decision::Restore => Restoration::of(history).map_or(Verdict::Live, Verdict::Restore),
        }
    }
}

/// Counts a judged key; false: there is no such key, which only a file can name, and which is a failure.
pub fn count(run: &Run, bucket: &str, verdict: &Verdict) -> bool {
    let stats = &run.stats;
    stats.add(Counter::Found, 1);
    if let Verdict::Orphan(history) = verdict
        && history.markers.is_empty()
    {
        run.failed(ItemError {
            code: "NoSuchKey".to_owned(),
            message: "the bucket has no version of it, and no delete marker".to_owned(),
            object: format!("s3://{bucket}/{}", history.key),
        });
        return false;
    }
    let (name, skipped) = match verdict {
        Verdict::Live => ("live", 0),
        Verdict::Filtered => ("filtered", 1),
        Verdict::Orphan(_) => ("orphans", 0),
        Verdict::Skipped(why, _) => (why.name(), 1),
        Verdict::Restore(_) => return true,
    };
    stats.add(Counter::Skipped, skipped);
    stats.add_own(name, 1);
    true
}
