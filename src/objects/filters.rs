//! Which of the objects found are meant: by key, size, time, and by what a consumer can read at all.

use globset::{Glob, GlobSet, GlobSetBuilder};
use regex::RegexSet;
use serde_json::{Value, json};

use super::input::Found;
use crate::args::FilterArgs;
use crate::error::Failure;
use crate::time::Range;

/// Storage classes whose objects cannot be read before they are restored (AWS).
const ARCHIVED: [&str; 2] = ["GLACIER", "DEEP_ARCHIVE"];

/// Marks a pattern as a regular expression.
const REGEX_MARK: &str = "re:";

/// What becomes of an object; "notified" is whatever the tool does with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is notified.
    Take,
    /// A filter of the command line leaves it out.
    Filtered,
    /// The consumer ignores it: its size is 0, or its key ends in `/`.
    Empty,
    /// It cannot be read before it is restored.
    Archived,
    /// It belongs to no source, or to another one than those asked for.
    NoSource,
    /// It is an older version, or marks a deletion.
    NotLatest,
    /// The input does not say what a filter needs to know.
    Unknown(&'static str),
}

/// Globs and regular expressions, any of which may match.
#[derive(Debug, Default)]
pub struct Patterns {
    globs: GlobSet,
    regexes: RegexSet,
}

impl Patterns {
    /// Compiles the patterns of a flag; `None`: there are none.
    ///
    /// # Errors
    /// A usage error: one cannot be read.
    pub fn compile(flag: &str, patterns: &[String]) -> Result<Option<Self>, Failure> {
        if patterns.is_empty() {
            return Ok(None);
        }
        let wrong = |pattern: &str, why: String| {
            Failure::usage(format!("`{flag} {pattern}` is no pattern"))
                .because(why)
                .hint("give a glob such as '*.json.gz', or a regular expression such as 're:/2026/0[1-3]/'")
        };
        let (regexes, globs): (Vec<&String>, Vec<&String>) =
            patterns.iter().partition(|pattern| pattern.starts_with(REGEX_MARK));
        let mut set = GlobSetBuilder::new();
        for glob in globs {
            set.add(Glob::new(glob).map_err(|error| wrong(glob, error.to_string()))?);
        }
        let globs = set.build().map_err(|error| wrong("", error.to_string()))?;
        for regex in &regexes {
            regex::Regex::new(&regex[REGEX_MARK.len()..]).map_err(|error| wrong(regex, error.to_string()))?;
        }
        let regexes = RegexSet::new(regexes.iter().map(|regex| &regex[REGEX_MARK.len()..]))
            .map_err(|error| wrong("", error.to_string()))?;
        Ok(Some(Self { globs, regexes }))
    }

    /// Whether one of them matches.
    #[must_use]
    pub fn matches(&self, key: &str) -> bool {
        self.globs.is_match(key) || self.regexes.is_match(key)
    }
}

/// All filters of one run.
#[derive(Debug, Default)]
pub struct Filters {
    include: Option<Patterns>,
    exclude: Option<Patterns>,
    min_size: Option<u64>,
    max_size: Option<u64>,
    modified: Range,
    start_after: Option<String>,
    archived: bool,
}

impl Filters {
    /// Compiles the filters of the command line; `modified` is the range of last modification, `archived` takes objects
    /// that must be restored before they can be read.
    ///
    /// # Errors
    /// A usage error: a pattern cannot be read, or no size can fit.
    pub fn compile(args: &FilterArgs, modified: Range, archived: bool) -> Result<Self, Failure> {
        if let (Some(least), Some(most)) = (args.min_size, args.max_size)
            && least > most
        {
            return Err(Failure::usage(format!("`--min-size {least}` is more than `--max-size {most}`")));
        }
        Ok(Self {
            include: Patterns::compile("--include", &args.include)?,
            exclude: Patterns::compile("--exclude", &args.exclude)?,
            min_size: args.min_size,
            max_size: args.max_size,
            modified,
            start_after: args.start_after.clone(),
            archived,
        })
    }

    /// What identifies the filters in a journal, as typed; times stand apart, they are resolved.
    #[must_use]
    pub fn key(args: &FilterArgs, archived: bool) -> Value {
        json!([args.include, args.exclude, args.min_size, args.max_size, args.start_after, archived])
    }

    /// What becomes of an object that a consumer is to read.
    #[must_use]
    pub fn judge(&self, object: &Found) -> Verdict {
        if object.size == Some(0) || object.key.ends_with('/') {
            return Verdict::Empty;
        }
        if !object.latest {
            return Verdict::NotLatest;
        }
        match self.selects(object) {
            Verdict::Take => self.by_readability(object),
            other => other,
        }
    }

    /// Whether the command line means an object, by its key, size and time alone: taken, filtered, or unknown.
    #[must_use]
    pub fn selects(&self, object: &Found) -> Verdict {
        match self.by_attributes(object) {
            Ok(true) if self.by_key(&object.key) => Verdict::Take,
            Ok(_) => Verdict::Filtered,
            Err(missing) => Verdict::Unknown(missing),
        }
    }

    fn by_key(&self, key: &str) -> bool {
        self.start_after.as_deref().is_none_or(|after| key > after)
            && self.include.as_ref().is_none_or(|patterns| patterns.matches(key))
            && !self.exclude.as_ref().is_some_and(|patterns| patterns.matches(key))
    }

    fn by_attributes(&self, object: &Found) -> Result<bool, &'static str> {
        if self.min_size.is_some() || self.max_size.is_some() {
            let size = object.size.ok_or("size")?;
            if self.min_size.is_some_and(|least| size < least) || self.max_size.is_some_and(|most| size > most) {
                return Ok(false);
            }
        }
        if self.modified.is_open() {
            return Ok(true);
        }
        object.last_modified.map(|time| self.modified.contains(time)).ok_or("last_modified")
    }

    fn by_readability(&self, object: &Found) -> Verdict {
        let archived = object.storage_class.as_deref().is_some_and(|class| ARCHIVED.contains(&class));
        if archived && !self.archived {
            Verdict::Archived
        } else if object.place.coverage.admits(&object.key) {
            Verdict::Take
        } else {
            Verdict::NoSource
        }
    }
}
