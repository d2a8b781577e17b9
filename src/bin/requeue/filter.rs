//! Which messages are meant: filters on body, attributes, age and origin.

use jiff::Timestamp;
use opstools::aws::sqs::Message;
use opstools::error::Failure;
use opstools::run::{Instants, Prepared};
use opstools::time::{Range, parse_duration, parse_instant};
use regex::Regex;
use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use crate::args::RequeueArgs;

/// When messages were sent, as the journal names it.
const SENT: Instants = Instants { start: "newer_than", end: "older_than" };

/// The filters of a command line, compiled; without any, every message is meant.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    body: Option<Regex>,
    attributes: Vec<(String, Regex)>,
    json_path: Option<JsonPath>,
    sent: Range,
    source: Option<String>,
    invert: bool,
}

impl Filter {
    /// Compiles the filters; times relative to `now`, the service's, unless an unfinished run of the journal resolved them.
    ///
    /// # Errors
    /// A filter that cannot be read.
    pub fn of(args: &RequeueArgs, now: Timestamp, journal: Option<&Prepared>) -> Result<Self, Failure> {
        let typed = Range {
            start: boundary("--newer-than", args.newer_than.as_deref(), now)?,
            end: boundary("--older-than", args.older_than.as_deref(), now)?,
        };
        let sent = SENT.resolve(journal, typed);
        if let (Some(start), Some(end)) = (sent.start, sent.end)
            && end <= start
        {
            return Err(Failure::usage(format!("no message is older than {end} and newer than {start}")));
        }
        Ok(Self {
            body: args.filter_body.as_deref().map(|text| pattern("--filter-body", text)).transpose()?,
            attributes: args.filter_attr.iter().map(|text| attribute(text)).collect::<Result<_, _>>()?,
            json_path: args.filter_jsonpath.as_deref().map(json_path).transpose()?,
            sent,
            source: args.source_arn.clone(),
            invert: args.invert,
        })
    }

    /// The instants that relative times became, for the journal's header.
    pub fn resolved(&self) -> Map<String, Value> {
        SENT.record(self.sent)
    }

    /// Whether a message is meant.
    pub fn matches(&self, message: &Message) -> bool {
        self.all_match(message) != self.invert
    }

    fn all_match(&self, message: &Message) -> bool {
        self.body.as_ref().is_none_or(|regex| regex.is_match(&message.body))
            && self.attributes.iter().all(|(name, regex)| attribute_matches(message, name, regex))
            && self.json_path.as_ref().is_none_or(|path| body_has(message, path))
            && (self.sent.is_open() || message.sent_at().is_some_and(|sent| self.sent.contains(sent)))
            && self.source.as_deref().is_none_or(|source| came_from(message, source))
    }
}

/// A duration means that long ago; everything else is an instant.
fn boundary(flag: &str, text: Option<&str>, now: Timestamp) -> Result<Option<Timestamp>, Failure> {
    let Some(text) = text else { return Ok(None) };
    if let Ok(back) = parse_duration(text) {
        let instant = now.checked_sub(back);
        return instant.map(Some).map_err(|_| Failure::usage(format!("`{flag} {text}` lies before all time")));
    }
    parse_instant(text, now).map(Some).map_err(|error| {
        Failure::usage(format!("`{flag}`: {error}"))
            .hint("a duration such as 2h or 3d works too, and means that long ago")
    })
}

fn pattern(flag: &str, text: &str) -> Result<Regex, Failure> {
    Regex::new(text).map_err(|error| Failure::usage(format!("`{flag} {text}` is no regular expression")).because(error))
}

fn attribute(text: &str) -> Result<(String, Regex), Failure> {
    let (name, value) = text.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or_else(|| {
        Failure::usage(format!("`--filter-attr {text}` lacks its pattern"))
            .hint("write it as NAME=REGEX, such as id=^AWS\\.")
    })?;
    Ok((name.to_owned(), pattern("--filter-attr", value)?))
}

fn json_path(text: &str) -> Result<JsonPath, Failure> {
    JsonPath::parse(text)
        .map_err(|error| Failure::usage(format!("`--filter-jsonpath {text}` is no JSONPath (RFC 9535)")).because(error))
}

/// An attribute of the sender's own, or one of SQS's such as `MessageGroupId`.
fn attribute_matches(message: &Message, name: &str, regex: &Regex) -> bool {
    let own = message.attributes.get(name).and_then(|value| value.string.as_deref());
    own.or_else(|| message.system(name)).is_some_and(|value| regex.is_match(value))
}

fn body_has(message: &Message, path: &JsonPath) -> bool {
    serde_json::from_str::<Value>(&message.body).is_ok_and(|body| !path.query(&body).is_empty())
}

fn came_from(message: &Message, source: &str) -> bool {
    let arn = message.system("DeadLetterQueueSourceArn").unwrap_or_default();
    arn == source || arn.rsplit(':').next() == Some(source)
}
