//! Parsers by the names of their log types, as tests ask for them: those of the schemas at hand, then the built-in ones.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use opstools::error::near;
use opstools::parse::catalogue;
use opstools::parse::classify::Classifier;
use opstools::parse::sink::Sink;
use opstools::schema::Schema;
use opstools::time::Clock;
use serde_json::Value;

use crate::trial::Trial;

/// The parsers of a test run, each made when it is first needed.
pub struct Bench<'s> {
    schemas: &'s HashMap<String, Schema>,
    ready: HashMap<String, Classifier>,
    trial: Trial,
    sink: Sink,
}

impl<'s> Bench<'s> {
    /// A bench for these schemas.
    pub fn new(schemas: &'s HashMap<String, Schema>, clock: Clock) -> Self {
        Self { schemas, ready: HashMap::new(), trial: Trial::new(clock), sink: Sink::default() }
    }

    /// The events of one log, all of the text.
    ///
    /// # Errors
    /// Why there are none, in words.
    pub fn events(&mut self, log_type: &str, text: &str) -> Result<Vec<Value>, String> {
        let mut classifier = match self.ready.remove(log_type) {
            Some(classifier) => classifier,
            None => self.trial.classifier(&[self.schema(log_type)?]).map_err(|failure| failure.summary())?,
        };
        classifier.reset();
        self.sink.clear();
        let parse = || classifier.parse(text, None, &mut self.sink, self.trial.stamp());
        let parsed = catch_unwind(AssertUnwindSafe(parse))
            .map_err(|_| "parse error: this input breaks the parser, which is a bug: please report it".to_owned())?;
        let parsed = parsed.map_err(|unclassified| match unclassified.nearest {
            Some((number, why)) => format!("parse error: {}", why.describe(classifier.parsers()[number].layout())),
            None => "parse error: the log type does not accept the input".to_owned(),
        });
        self.ready.insert(log_type.to_owned(), classifier);
        parsed?;
        self.written()
    }

    fn schema(&self, log_type: &str) -> Result<Schema, String> {
        if let Some(schema) = self.schemas.get(log_type) {
            return Ok(schema.clone());
        }
        catalogue::built_in(log_type).ok_or_else(|| {
            let mut known: Vec<&str> = self.schemas.keys().map(String::as_str).collect();
            catalogue::names().for_each(|name| known.push(name));
            let meant = near(log_type, known.into_iter()).map(|name| format!("; did you mean `{name}`?"));
            format!("no schema is called `{log_type}`, and no built-in log type{}", meant.unwrap_or_default())
        })
    }

    fn written(&self) -> Result<Vec<Value>, String> {
        let mut start = 0;
        let ends = self.sink.marks.iter().map(|mark| mark.end);
        let events = ends.map(|end| {
            let event = &self.sink.bytes[std::mem::replace(&mut start, end)..end];
            serde_json::from_slice(event).map_err(|error| format!("the event that came is no JSON: {error}"))
        });
        events.collect()
    }
}
