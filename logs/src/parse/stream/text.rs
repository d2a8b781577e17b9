//! The text of a stream, whose first bytes were looked at: byte-order mark, binary input, and what `auto` makes of it.
//!
//! Binary input is refused here, once, before anything is cut, for it would otherwise become thousands of rejected lines: the
//! first line that is not empty (64 KiB of it at most) must hold no NUL; nor may it be something other than UTF-8 in a file that
//! looks like another format, or has a NUL further on. Where only the first line is no UTF-8, that line alone is rejected.

use std::io::Read;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::fault::Problem;
use super::input::Input;

/// How much of the text decides: any first line of text that people write is shorter.
pub(super) const HEAD: usize = 64 * 1024;

/// How much is looked at before a first line that is no UTF-8 counts as torn text: hardly any binary file of this size has no NUL.
const LEAST_JUDGED: usize = 4 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What some files begin with that people take for logs, and what to do about it.
const FORMATS: [(&[u8], &str); 11] = [
    (b"PAR1", "it looks like Parquet"),
    (b"Obj\x01", "it looks like an Avro container"),
    (b"PK\x03\x04", "it looks like a zip archive"),
    (b"BZh", "it looks like bzip2"),
    (b"\xfd7zXZ", "it looks like xz"),
    (b"\x04\x22\x4d\x18", "it looks like lz4"),
    (b"\xff\x06\x00\x00sNaPpY", "it looks like snappy"),
    (b"\x1f\x8b", "it looks like gzip, so it was packed twice"),
    (b"\x28\xb5\x2f\xfd", "it looks like zstd, so it was packed twice"),
    (b"\xff\xfe", "it looks like UTF-16"),
    (b"\xfe\xff", "it looks like UTF-16"),
];

/// What is read, if there is that much, to tell what a file looks like.
const LONGEST_MAGIC: usize = 10;

/// How a text is cut that nobody said anything about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Lines,
    Documents,
}

/// A text, from its first byte after a byte-order mark.
pub(super) struct Text<R> {
    input: Input<R>,
    head: Vec<u8>,
    given: usize,
    ended: bool,
    problem: Option<Problem>,
}

impl<R: Read> Text<R> {
    /// Reads as much as is needed to know that it is text.
    ///
    /// # Errors
    /// It is not; or nothing of it can be read.
    pub(super) fn open(reader: R) -> Result<Self, Problem> {
        let mut text = Self { input: Input::new(reader), head: Vec::new(), given: 0, ended: false, problem: None };
        loop {
            let last = text.head_is_whole();
            match binary(&text.head, last && text.problem.is_none()) {
                Judgement::Binary(_) if !last && text.head.len() < LONGEST_MAGIC => text.more(),
                Judgement::Binary(problem) => return Err(problem),
                Judgement::Text => break,
                Judgement::Open if last => break,
                Judgement::Open => text.more(),
            }
        }
        if text.head.starts_with(BYTE_ORDER_MARK) {
            text.given = BYTE_ORDER_MARK.len();
        }
        Ok(text)
    }

    /// Where the next byte stands: behind a byte-order mark in the beginning.
    pub(super) fn begin(&self) -> u64 {
        self.given as u64
    }

    /// What `auto` makes of it; reads as much as is needed to know.
    pub(super) fn shape(&mut self) -> Shape {
        loop {
            let last = self.head_is_whole();
            if let Some(shape) = shape(&self.head[self.given..], last) {
                return shape;
            }
            if last {
                return Shape::Lines;
            }
            self.more();
        }
    }

    /// Some bytes; 0 at the end.
    pub(super) fn read(&mut self, out: &mut [u8]) -> Result<usize, Problem> {
        let ready = &self.head[self.given..];
        if !ready.is_empty() {
            let count = ready.len().min(out.len());
            out[..count].copy_from_slice(&ready[..count]);
            self.given += count;
            return Ok(count);
        }
        self.head = Vec::new();
        self.given = 0;
        match self.problem.take() {
            Some(problem) => {
                self.ended = true;
                Err(problem)
            }
            None if self.ended => Ok(0),
            None => self.input.read(out),
        }
    }

    /// Whether the head will not grow any more.
    fn head_is_whole(&self) -> bool {
        self.head.len() >= HEAD || self.ended || self.problem.is_some()
    }

    fn more(&mut self) {
        let begin = self.head.len();
        self.head.resize(HEAD, 0);
        let read = self.input.read(&mut self.head[begin..]);
        let count = *read.as_ref().unwrap_or(&0);
        self.head.truncate(begin + count);
        match read {
            Ok(count) => self.ended = count == 0,
            Err(problem) => self.problem = Some(problem),
        }
    }
}

enum Judgement {
    Open,
    Text,
    Binary(Problem),
}

/// Judges the head; `last` when the text ends with it, so that half a character at its end is none.
fn binary(head: &[u8], last: bool) -> Judgement {
    let last = last && head.len() < HEAD;
    let head = &head[..head.len().min(HEAD)];
    let begin = head.iter().position(|byte| !matches!(byte, b'\n' | b'\r')).unwrap_or(head.len());
    let line = head[begin..].iter().position(|byte| *byte == b'\n').map(|length| &head[begin..begin + length]);
    let (seen, whole) = line.map_or((&head[begin..], last), |line| (line, true));
    let text = std::str::from_utf8(seen);
    let valid = text.as_ref().map_or_else(|error| error.valid_up_to(), |text| text.len());
    if let Some(at) = memchr::memchr(0, &seen[..valid]) {
        return refuse(head, begin + at, "a NUL byte".to_owned());
    }
    match text {
        Err(error) if error.error_len().is_some() || whole => {
            let at = begin + error.valid_up_to();
            if format_of(head).is_some() || head.contains(&0) {
                return refuse(head, at, format!("{:02x}, which is not UTF-8", head[at]));
            }
            if last || head.len() >= LEAST_JUDGED { Judgement::Text } else { Judgement::Open }
        }
        _ if line.is_some() => Judgement::Text,
        _ => Judgement::Open,
    }
}

fn refuse(head: &[u8], at: usize, found: String) -> Judgement {
    let found = format_of(head).map_or(found.clone(), |looks| format!("{found}; {looks}"));
    Judgement::Binary(Problem::Binary { offset: at as u64, found })
}

/// What a file looks like that begins so.
fn format_of(head: &[u8]) -> Option<&'static str> {
    FORMATS.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, looks)| *looks)
}

/// The shape, once the head is long enough to tell; the rules stand at [`Kind::Auto`](super::Kind::Auto).
fn shape(head: &[u8], last: bool) -> Option<Shape> {
    let text = head.trim_ascii_start();
    match text.first()? {
        b'[' | b'{' => {}
        _ => return Some(Shape::Lines),
    }
    if let Some(split) = array_of_objects(text) {
        if split {
            return Some(Shape::Documents);
        }
        let line = text.split_inclusive(|byte| *byte == b'\n').next().filter(|line| line.ends_with(b"\n"))?;
        return if is_beginning(line) { begun(text, last) } else { Some(Shape::Lines) };
    }
    None
}

/// The shape of a text whose first line is the beginning of JSON: a document over several lines, or a log that was cut off.
/// A document goes on in the next line; behind a log that was cut off stands another one.
fn begun(text: &[u8], last: bool) -> Option<Shape> {
    let error = match IgnoredAny::deserialize(&mut serde_json::Deserializer::from_slice(text)) {
        Ok(_) => return Some(Shape::Documents),
        Err(error) => error,
    };
    let has_more = text.len() >= HEAD - BYTE_ORDER_MARK.len();
    if error.is_eof() && (has_more || !last) {
        return has_more.then_some(Shape::Documents);
    }
    let mut lines = text.split_inclusive(|byte| *byte == b'\n').skip(1);
    match lines.find(|line| !line.trim_ascii().is_empty()) {
        // Of a line that is still coming nothing can be said.
        Some(next) if !next.ends_with(b"\n") && !last => None,
        Some(next) if next.starts_with(b"{") && serde_json::from_slice::<IgnoredAny>(next).is_ok() => {
            Some(Shape::Lines)
        }
        _ => last.then_some(Shape::Documents),
    }
}

/// Whether it begins `[{"` or `[{}`; `None` while that cannot be seen.
fn array_of_objects(text: &[u8]) -> Option<bool> {
    let Some(inner) = text.strip_prefix(b"[") else { return Some(false) };
    let inner = inner.trim_ascii_start();
    match inner.first()? {
        b'{' => Some(matches!(inner[1..].trim_ascii_start().first()?, b'"' | b'}')),
        _ => Some(false),
    }
}

/// Whether the line, with its end, is JSON that must go on.
fn is_beginning(line: &[u8]) -> bool {
    let mut reader = serde_json::Deserializer::from_slice(line);
    IgnoredAny::deserialize(&mut reader).is_err_and(|error| error.is_eof())
}
