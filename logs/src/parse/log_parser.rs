//! One log type, ready to parse: its compiled schema, how its text is read, and the rules beyond its schema.

use std::sync::Arc;

use super::decode::{Cell, Cells, Decoder};
use super::demands::{Demands, ignores_case, needed};
use super::event::{Draft, EventTime, Stamp};
use super::json::escape::is_clean;
use super::json::{self, Malformed, NodeKind, Tape};
use super::keys::key_hash;
use super::layout::{Encoding, Layout, Uncompilable};
use super::native::rules::{Document, Rules, Values, rules};
use super::native::{self, Ends, NativeRow, Now, TextFormat, text_format};
use super::rejection::{Reason, Rejection};
use super::sink::Sink;
use super::text::script::{self, Function};
use super::text::{self, Row, TextMatcher};
use super::time::Instant;
use super::values::{JsonValues, RowValues};
use crate::schema::{Schema, TextParser};

/// A log, read as far as all types share: its text without surrounding blanks, and its JSON if it is JSON.
#[derive(Clone, Copy, Debug)]
pub struct Log<'l> {
    /// The text.
    pub text: &'l str,
    /// Its first JSON value, or why it has none.
    pub json: Result<json::Document<'l>, Malformed>,
    /// JSON of the envelope it came in.
    pub header: Option<&'l str>,
}

impl Log<'_> {
    /// Whether nobody would take it for anything but JSON, even where it is none.
    #[must_use]
    pub fn was_meant_as_json(&self) -> bool {
        self.text.starts_with('{') || self.json.is_ok_and(|document| document.node(0).kind == NodeKind::Array)
    }
}

/// Parses logs of one type. It keeps what a stream has said (a header), so each stream has its own or resets it.
#[derive(Debug)]
pub struct LogParser {
    layout: Arc<Layout>,
    decoder: Decoder,
    form: Form,
    rules: &'static Rules,
    demands: Arc<Demands>,
}

/// How a log becomes values.
#[derive(Debug)]
enum Form {
    /// It is JSON.
    Json,
    /// By patterns of the schema.
    Matcher(Box<Matcher>),
    /// By a built-in format.
    Native(Box<dyn TextFormat>, NativeRow<'static>),
    /// By a script, into JSON.
    Script(Arc<dyn Function>, Tape),
}

/// A schema's text parser, and which of its names is which field.
#[derive(Clone, Debug)]
struct Matcher {
    matcher: TextMatcher,
    /// For each field of the event the index of its name; renewed when a header renames the columns.
    names: Vec<Option<usize>>,
    generation: u64,
    /// Fields are made of others, or hold JSON: the row goes through JSON then.
    through_json: bool,
    line: String,
}

/// A log type that cannot be made ready.
#[derive(Debug, thiserror::Error)]
pub enum Unready {
    /// Its schema cannot be compiled.
    #[error(transparent)]
    Schema(#[from] Uncompilable),
    /// Its text parser cannot be used.
    #[error("the parser of `{0}`: {1}")]
    Parser(String, String),
}

impl LogParser {
    /// Makes a log type ready. `now` completes times without a year.
    ///
    /// # Errors
    /// Its schema cannot be compiled; the reader of schemas finds all of these first, with their places.
    pub fn new(schema: &Schema, encoding: Encoding, now: Now) -> Result<Self, Unready> {
        let native = schema.built_in_parser().unwrap_or_default();
        let rules = rules(native);
        let layout = Layout::new(schema, rules, encoding)?;
        let form = Form::new(schema, native, &layout, now)?;
        let demands = Arc::new(Demands::new(&layout, rules));
        let (decoder, layout) = (Decoder::new(&layout), Arc::new(layout));
        Ok(Self { layout, decoder, form, rules, demands })
    }

    /// The name of the log type.
    #[must_use]
    pub fn log_type(&self) -> &str {
        &self.layout.log_type
    }

    /// Its compiled schema, in which a rejection names its field.
    #[must_use]
    pub const fn layout(&self) -> &Arc<Layout> {
        &self.layout
    }

    /// The same parser in the same state, for another thread that goes on in the same stream.
    #[must_use]
    pub fn continued(&self) -> Self {
        Self {
            layout: Arc::clone(&self.layout),
            decoder: Decoder::new(&self.layout),
            form: self.form.continued(),
            rules: self.rules,
            demands: Arc::clone(&self.demands),
        }
    }

    /// Takes over what a parser of the same type knows of its stream.
    pub fn take_over(&mut self, other: &Self) {
        match (&mut self.form, &other.form) {
            (Form::Native(format, _), Form::Native(other, _)) => *format = other.continued(),
            (Form::Matcher(matcher), Form::Matcher(other)) => matcher.clone_from(other),
            _ => {}
        }
    }

    /// A new stream begins.
    pub fn reset(&mut self) {
        match &mut self.form {
            Form::Json | Form::Script(..) => {}
            Form::Matcher(matcher) => matcher.matcher.reset(),
            Form::Native(format, _) => format.reset(),
        }
    }

    /// What is to be said of the stream so far, if anything: of a header, say.
    #[must_use]
    pub fn remark(&self) -> Option<String> {
        match &self.form {
            Form::Native(format, _) => format.remark(),
            Form::Json | Form::Matcher(_) | Form::Script(..) => None,
        }
    }

    /// What the type knows beyond its schema.
    #[must_use]
    pub const fn rules(&self) -> &'static Rules {
        self.rules
    }

    /// What its text may begin and end with; `None`: it is JSON.
    #[must_use]
    pub fn ends(&self) -> Option<Ends> {
        match &self.form {
            Form::Json => None,
            Form::Native(format, _) => Some(format.ends()),
            Form::Matcher(_) | Form::Script(..) => Some(Ends::ANY),
        }
    }

    /// A quick look at a log that has the ends or keys of the type: false if the type cannot accept it.
    #[must_use]
    pub fn may_accept(&self, log: &Log<'_>) -> bool {
        match (&self.form, log.json) {
            (Form::Json, Ok(document)) => self.demands.allow(&values(&self.layout, self.rules, document, 0)),
            (Form::Native(format, _), _) => format.may_read(log.text),
            _ => true,
        }
    }

    /// How much a log that no type accepts looks like one of this type, to name the nearest.
    #[must_use]
    pub fn likeness(&self, log: &Log<'_>) -> usize {
        let event = &self.layout.objects[self.layout.root()];
        match (&self.form, log.json) {
            (Form::Json, Ok(document)) if document.node(0).kind == NodeKind::Object => {
                let known = document.members(0).filter(|(key, _)| event.keys.find(document.bytes(*key)).is_some());
                // Of two types that know as many keys, the one that lacks fewer is nearer.
                // Where an array may stand instead, no key is lacking for certain.
                let arrays = matches!(self.rules.document, Document::EventOrArray(_));
                let demanded = if arrays { 0 } else { needed(&self.layout).count().min(63) };
                known.count() * 64 + 63 - demanded
            }
            (Form::Json, _) => usize::from(log.was_meant_as_json()),
            _ => usize::from(!log.was_meant_as_json()),
        }
    }

    /// Writes the events of a log; answers how many.
    ///
    /// # Errors
    /// The log is none of this type; the sink is as it was.
    pub fn parse(
        &mut self,
        log: &Log<'_>,
        number: usize,
        sink: &mut Sink,
        stamp: Stamp<'_>,
    ) -> Result<usize, Rejection> {
        let place = sink.place();
        let marks = sink.marks.len();
        let Self { layout, decoder, form, rules, .. } = self;
        let mut events = Events { layout, decoder, rules, number, sink, stamp, header: log.header };
        let parsed = match form {
            Form::Json => match log.json {
                Ok(document) => events.document(document),
                Err(malformed) => Err(Rejection::whole(Reason::Malformed(malformed))),
            },
            Form::Matcher(matcher) => events.matched(matcher, log.text),
            Form::Native(format, row) => events.native(format.as_mut(), row, log.text),
            Form::Script(script, tape) => events.scripted(script.as_ref(), tape, log.text),
        };
        match parsed {
            Ok(()) => Ok(sink.marks.len() - marks),
            Err(rejection) => {
                sink.back_to(place);
                Err(rejection)
            }
        }
    }
}

impl Form {
    fn new(schema: &Schema, native: &str, layout: &Layout, now: Now) -> Result<Self, Unready> {
        let wrong = |what| Unready::Parser(schema.name.clone(), what);
        Ok(match &schema.parser {
            None => Self::Json,
            Some(TextParser::Native(_)) => match text_format(native, now) {
                Some(format) => Self::Native(format, NativeRow::new()),
                None => Self::Json,
            },
            Some(TextParser::Script(script)) => Self::Script(script::compile(script).map_err(wrong)?, Tape::default()),
            Some(parser) => Self::Matcher(Box::new(Matcher::new(TextMatcher::new(parser).map_err(wrong)?, layout))),
        })
    }

    fn continued(&self) -> Self {
        match self {
            Self::Json => Self::Json,
            Self::Matcher(matcher) => Self::Matcher(matcher.clone()),
            Self::Native(format, _) => Self::Native(format.continued(), NativeRow::new()),
            Self::Script(script, _) => Self::Script(Arc::clone(script), Tape::default()),
        }
    }
}

impl Matcher {
    fn new(matcher: TextMatcher, layout: &Layout) -> Self {
        let event = &layout.objects[layout.root()];
        let through_json = layout.discovery
            || event
                .fields
                .iter()
                .any(|slot| slot.transform.is_some() || slot.value.embedded || slot.input != slot.name);
        let mut matcher = Self { matcher, names: Vec::new(), generation: 0, through_json, line: String::new() };
        matcher.bind(layout);
        matcher
    }

    /// Which name is which field.
    fn bind(&mut self, layout: &Layout) {
        let names = self.matcher.names();
        let event = &layout.objects[layout.root()];
        self.names = event.fields.iter().map(|slot| names.iter().rposition(|name| *name == slot.input)).collect();
        self.generation = self.matcher.generation();
    }
}

/// The events of one log on their way into the sink.
struct Events<'e, 's> {
    layout: &'e Layout,
    decoder: &'e mut Decoder,
    rules: &'static Rules,
    number: usize,
    sink: &'e mut Sink,
    stamp: Stamp<'s>,
    header: Option<&'e str>,
}

impl Events<'_, '_> {
    /// A JSON log: one event, or the elements of its array.
    fn document(&mut self, document: json::Document<'_>) -> Result<(), Rejection> {
        let array = match self.rules.document {
            Document::Event => None,
            Document::EventOrArray(key) => elements_of(document, key),
            Document::Array(key) => {
                let none = || Rejection::whole(Reason::Text(format!("the document has no array `{key}`").into()));
                Some(elements_of(document, key).ok_or_else(none)?)
            }
        };
        match array {
            None => self.json(document, 0),
            Some(array) => document.elements(array).try_for_each(|element| self.json(document, element)),
        }
    }

    fn json(&mut self, document: json::Document<'_>, index: u32) -> Result<(), Rejection> {
        let values = values(self.layout, self.rules, document, index);
        let mut draft = self.sink.draft();
        self.decoder.json(self.layout, document, index, &mut draft)?;
        let time = settled(self.rules, &values, &mut draft)?;
        self.finish(time);
        Ok(())
    }

    fn finish(&mut self, time: Option<EventTime>) {
        self.sink.finish(self.layout, self.number, time, self.header, self.stamp);
    }

    fn native(
        &mut self,
        format: &mut dyn TextFormat,
        row: &mut NativeRow<'static>,
        line: &str,
    ) -> Result<(), Rejection> {
        let mut cells: NativeRow<'_> = std::mem::take(row);
        let read = format.read(line, &mut cells);
        let outcome = match read {
            Err(mismatch) => Err(Rejection::whole(Reason::Text(mismatch.0.into()))),
            Ok(native::Outcome::Nothing) => Ok(()),
            Ok(native::Outcome::Event) => self.row(&NativeCells { row: &cells, clean: is_clean(line) }),
        };
        *row = cells.renew();
        outcome
    }

    fn row(&mut self, cells: &impl Cells) -> Result<(), Rejection> {
        let mut draft = self.sink.draft();
        self.decoder.row(self.layout, cells, &mut draft)?;
        let values = RowValues { event: &self.layout.objects[self.layout.root()], cells };
        let time = settled(self.rules, &values, &mut draft)?;
        self.finish(time);
        Ok(())
    }

    fn matched(&mut self, matcher: &mut Matcher, line: &str) -> Result<(), Rejection> {
        let mut row = Row::new();
        match matcher.matcher.read(line, &mut row) {
            Ok(text::Outcome::Nothing) => Ok(()),
            Err(mismatch) => {
                let why = matcher.matcher.explain(line, &mismatch);
                Err(Rejection::whole(Reason::Text(why.into())))
            }
            Ok(text::Outcome::Event) if matcher.through_json => self.matched_json(matcher, &row),
            Ok(text::Outcome::Event) => {
                if matcher.generation != matcher.matcher.generation() {
                    matcher.bind(self.layout);
                }
                self.row(&MatchedCells { row: &row, names: &matcher.names })
            }
        }
    }

    /// The row as a JSON object of texts, for schemas that make fields of others.
    fn matched_json(&mut self, matcher: &mut Matcher, row: &Row<'_>) -> Result<(), Rejection> {
        let mut line = std::mem::take(&mut matcher.line).into_bytes();
        line.clear();
        line.push(b'{');
        for (name, value) in row.values() {
            if line.len() > 1 {
                line.push(b',');
            }
            json::escape::write_string(&mut line, &matcher.matcher.names()[*name]);
            line.push(b':');
            json::escape::write_string(&mut line, value);
        }
        line.push(b'}');
        matcher.line = String::from_utf8(line).unwrap_or_default();
        let mut tape = Tape::default();
        tape.read(&matcher.line).map_err(|wrong| Rejection::whole(Reason::Malformed(wrong)))?;
        self.json(tape.document(&matcher.line), 0)
    }

    fn scripted(&mut self, script: &dyn Function, tape: &mut Tape, line: &str) -> Result<(), Rejection> {
        let mut text = String::new();
        script.call(line, &mut text).map_err(|why| Rejection::whole(Reason::Text(why.into())))?;
        tape.read(&text).map_err(|wrong| Rejection::whole(Reason::Malformed(wrong)))?;
        self.json(tape.document(&text), 0)
    }
}

/// The values of an event, found as the type matches keys.
fn values<'d>(layout: &Layout, rules: &Rules, document: json::Document<'d>, index: u32) -> JsonValues<'d> {
    JsonValues { document, index, ignore_case: ignores_case(layout, rules) }
}

/// What rules say of an event whose fields were written; answers its time.
fn settled(rules: &Rules, values: &dyn Values, draft: &mut Draft<'_>) -> Result<Option<EventTime>, Rejection> {
    rules.accepts(values).map_err(|why| Rejection::whole(Reason::Text(why.into())))?;
    rules.collect(values, draft.indicators);
    Ok(draft.time)
}

/// The array of a document of many events.
fn elements_of(document: json::Document<'_>, key: &str) -> Option<u32> {
    let wanted = key_hash(key.as_bytes());
    let mut members = match document.node(0).kind {
        NodeKind::Object => document.members(0),
        _ => return None,
    };
    let (_, value) = members.find(|(name, _)| {
        let bytes = document.bytes(*name);
        key_hash(bytes) == wanted && bytes.eq_ignore_ascii_case(key.as_bytes())
    })?;
    (document.node(value).kind == NodeKind::Array).then_some(value)
}

/// The cells of a built-in text format.
struct NativeCells<'r, 'l> {
    row: &'r NativeRow<'l>,
    /// What stands in the line as it is needs no escape.
    clean: bool,
}

impl Cells for NativeCells<'_, '_> {
    // Each field of each line passes here, and in the decoder's loop most of the cases fall away.
    #[inline(always)]
    fn cell(&self, field: usize) -> Cell<'_> {
        match self.row.cells()[field] {
            native::Cell::Absent => Cell::Absent,
            native::Cell::Text(text) if self.clean => Cell::Clean(text),
            native::Cell::Text(text) => Cell::Text(text),
            native::Cell::Made(kept) => Cell::Text(self.row.made(kept)),
            native::Cell::Integer(number) => Cell::Integer(number),
            native::Cell::Float(number) => Cell::Float(number),
            native::Cell::Time(seconds, nanos, offset_seconds) => {
                Cell::Time(Instant { offset_seconds, ..Instant::utc(seconds, nanos) })
            }
            native::Cell::Texts(kept) => Cell::Texts(self.row.texts(kept)),
            native::Cell::Boolean(value) => Cell::Boolean(value),
            native::Cell::Json(kept) => Cell::Json(self.row.made(kept)),
        }
    }
}

/// What a schema's own parser cut out.
struct MatchedCells<'r, 'l> {
    row: &'r Row<'l>,
    names: &'r [Option<usize>],
}

impl Cells for MatchedCells<'_, '_> {
    #[inline]
    fn cell(&self, field: usize) -> Cell<'_> {
        self.names[field].and_then(|name| self.row.get(name)).map_or(Cell::Absent, Cell::Text)
    }
}
