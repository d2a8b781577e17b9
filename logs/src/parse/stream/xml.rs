//! XML: each element on the level of logs is rewritten into a JSON object.
//!
//! A fault in the document ends the stream: behind it nobody can say what encloses what.

use std::io::Read;
use std::sync::Arc;

use quick_xml::events::attributes::AttrError;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Error, Reader};

use super::batch::Batch;
use super::fault::{Fault, Problem};
use super::found::Spot;
use super::kind::Options;
use super::rejection::Rejection;
use super::text::Text;
use super::xml_log::{Element, attribute_value, referred};
use super::xml_reader::XmlInput;

/// Elements within elements, the log's own included: as deep as JSON may be nested in most readers.
const DEEPEST: usize = 100;

/// A stream of elements.
pub(super) struct Xml<R> {
    file: Arc<str>,
    reader: Reader<XmlInput<R>>,
    event: Vec<u8>,
    root: Option<String>,
    within_root: bool,
    /// The elements that are open, from the log down.
    open: Vec<Element>,
    /// How many elements are open above the deepest that is kept.
    too_deep: usize,
    rejected: bool,
    /// Line and offset of the log in progress.
    begun: (u64, u64),
    batch: usize,
    live: bool,
    longest: usize,
    written: Vec<u8>,
    fault: Option<Fault>,
    over: bool,
}

impl<R: Read> Xml<R> {
    pub(super) fn new(file: Arc<str>, text: Text<R>, root: Option<String>, options: &Options) -> Self {
        let reader = Reader::from_reader(XmlInput::new(text));
        Self {
            file,
            reader,
            event: Vec::new(),
            root,
            within_root: false,
            open: Vec::new(),
            too_deep: 0,
            rejected: false,
            begun: (1, 0),
            batch: options.batch,
            live: options.live,
            longest: options.longest_log,
            written: Vec::new(),
            fault: None,
            over: false,
        }
    }

    /// Fills a batch; false at the end.
    pub(super) fn next_batch(&mut self, batch: &mut Batch) -> Result<bool, Fault> {
        batch.begin(&self.file, self.batch, 0, &[]);
        let enough = if self.live { 1 } else { self.batch };
        while !self.over && !batch.found().is_full() && batch.bytes() < enough {
            if let Err(problem) = self.step(batch) {
                self.over = true;
                self.fault = Some(Fault { file: Arc::clone(&self.file), problem, torn: None });
            }
        }
        match self.fault.take_if(|_| batch.is_empty()) {
            Some(fault) => Err(fault),
            None => Ok(!batch.is_empty()),
        }
    }

    /// Reads one piece of markup or text.
    fn step(&mut self, batch: &mut Batch) -> Result<(), Problem> {
        let mut buffer = std::mem::take(&mut self.event);
        buffer.clear();
        let place = (self.reader.get_ref().line(), self.reader.get_ref().offset());
        if self.open.is_empty() {
            self.reader.get_mut().allow(self.longest);
        }
        let taken = match self.reader.read_event_into(&mut buffer) {
            Ok(event) => self.take(event, place, batch),
            Err(error) => Err(self.problem(&error)),
        };
        self.event = buffer;
        taken
    }

    fn take(&mut self, event: Event<'_>, place: (u64, u64), batch: &mut Batch) -> Result<(), Problem> {
        match event {
            Event::Start(tag) => self.start(&tag, place)?,
            Event::Empty(tag) => {
                self.start(&tag, place)?;
                self.end(batch);
            }
            Event::End(_) => self.end(batch),
            Event::Text(text) => self.text(&text.xml10_content(), place)?,
            Event::CData(text) => self.text(&text.xml10_content(), place)?,
            Event::GeneralRef(reference) => self.text(&referred(&reference), place)?,
            Event::Eof => self.eof(place)?,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
        Ok(())
    }

    fn start(&mut self, tag: &BytesStart<'_>, place: (u64, u64)) -> Result<(), Problem> {
        let name = tag.name().0;
        if self.open.is_empty() && !self.within_root && self.root.is_some() {
            return self.enter_root(name, place);
        }
        if self.open.len() == DEEPEST {
            (self.too_deep, self.rejected) = (self.too_deep + 1, true);
            return Ok(());
        }
        if self.open.is_empty() {
            self.begun = place;
        }
        let mut element = Element::named(name);
        for attribute in tag.attributes() {
            let wrong = |error: AttrError| not(place, format!("an attribute of `{name}`: {error}"));
            let attribute = attribute.map_err(wrong)?;
            element.attribute(attribute.key.0, &attribute_value(&attribute.value));
        }
        self.open.push(element);
        Ok(())
    }

    fn enter_root(&mut self, name: &str, place: (u64, u64)) -> Result<(), Problem> {
        match &self.root {
            Some(root) if root != name => {
                Err(not(place, format!("expected the root element `{root}`, found `{name}`")))
            }
            _ => {
                self.within_root = true;
                Ok(())
            }
        }
    }

    fn end(&mut self, batch: &mut Batch) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        let Some(element) = self.open.pop() else {
            self.within_root = false;
            return;
        };
        match self.open.last_mut() {
            Some(parent) => parent.child(element),
            None => self.put(element, batch),
        }
    }

    fn put(&mut self, element: Element, batch: &mut Batch) {
        self.written.clear();
        let rejected = std::mem::take(&mut self.rejected);
        if !rejected {
            // Writing values made of strings into memory cannot fail.
            self.written.extend_from_slice(element.into_object().to_string().as_bytes());
        }
        let start = batch.append(&self.written);
        let (line, offset) = self.begun;
        let spot = Spot { start, end: start + self.written.len(), line, offset };
        if rejected {
            batch.found().reject(spot, Rejection::TooDeep { limit: DEEPEST });
        } else {
            batch.found().put(spot);
        }
    }

    /// Text belongs to the innermost element; between logs only white space may stand.
    fn text(&mut self, text: &str, place: (u64, u64)) -> Result<(), Problem> {
        match self.open.last_mut() {
            _ if self.too_deep > 0 => Ok(()),
            Some(element) => {
                element.text(text);
                Ok(())
            }
            None if text.trim().is_empty() => Ok(()),
            None => Err(not(place, "expected an element, found text".to_owned())),
        }
    }

    fn eof(&mut self, place: (u64, u64)) -> Result<(), Problem> {
        self.over = true;
        if !self.open.is_empty() {
            let (line, offset) = self.begun;
            return Err(not(place, format!("the text ends within the log that begins in line {line} (byte {offset})")));
        }
        match &self.root {
            Some(root) if self.within_root => Err(not(place, format!("the text ends before `</{root}>`"))),
            _ => Ok(()),
        }
    }

    fn problem(&mut self, error: &Error) -> Problem {
        let input = self.reader.get_mut();
        if let Some(problem) = input.problem.take() {
            return problem;
        }
        let place = (input.line(), input.offset());
        let (line, offset) = self.begun;
        if input.is_exhausted() {
            let limit = self.longest;
            let cause =
                format!("the log that begins in line {line} (byte {offset}) is longer than the limit of {limit} bytes");
            return not(place, cause);
        }
        not(place, error.to_string())
    }
}

fn not((line, offset): (u64, u64), cause: String) -> Problem {
    Problem::Xml { line, offset, cause }
}
