//! From a text to its tape, checking every byte.
//!
//! Strings are most of a log, so they are looked at eight bytes at a time. There is no recursion: a hostile line of
//! brackets costs memory in proportion to its length, not the stack.

use super::tape::{Node, NodeKind, Tape};

/// How deeply values may be nested, the event itself counted; the limit of the product's own decoder.
pub const NESTING_LIMIT: usize = 10_000;

/// Bytes looked at in one step.
const STEP: usize = 8;

/// A text that is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} at byte {at}")]
pub struct Malformed {
    /// What is wrong.
    pub what: &'static str,
    /// Where, in bytes from the beginning of the text.
    pub at: usize,
}

/// What may come next inside a container.
enum Next {
    Value,
    Done,
}

pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    tape: &'a mut Tape,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8], tape: &'a mut Tape) -> Result<Self, Malformed> {
        if u32::try_from(bytes.len()).is_err() {
            return Err(Malformed { what: "a log of 4 GiB or more", at: 0 });
        }
        Ok(Self { bytes, at: 0, tape })
    }

    pub(super) fn read(mut self) -> Result<(), Malformed> {
        loop {
            if self.value()? {
                continue;
            }
            if matches!(self.after_value()?, Next::Done) {
                return Ok(());
            }
        }
    }

    const fn wrong(&self, what: &'static str) -> Malformed {
        Malformed { what, at: self.at }
    }

    #[inline]
    fn peek(&mut self) -> u8 {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                Some(byte) => return *byte,
                // No JSON begins with it, so the end of the text needs no case of its own.
                None => return 0,
            }
        }
    }

    #[inline]
    fn push(&mut self, kind: NodeKind, start: usize, end: usize) {
        let next = self.tape.nodes.len() as u32 + 1;
        self.tape.nodes.push(Node { kind, start: start as u32, end: end as u32, next });
    }

    /// Reads one value; true if it opened a container whose first value comes next.
    #[inline]
    fn value(&mut self) -> Result<bool, Malformed> {
        match self.peek() {
            b'"' => self.string().map(|()| false),
            b'{' => self.open(NodeKind::Object, b'}'),
            b'[' => self.open(NodeKind::Array, b']'),
            b'-' | b'0'..=b'9' => self.number().map(|()| false),
            b't' => self.word("true", NodeKind::True),
            b'f' => self.word("false", NodeKind::False),
            b'n' => self.word("null", NodeKind::Null),
            _ if self.at >= self.bytes.len() => Err(self.wrong("the text ends where a value should begin")),
            _ => Err(self.wrong("no JSON value begins like this")),
        }
    }

    fn word(&mut self, word: &'static str, kind: NodeKind) -> Result<bool, Malformed> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.wrong("no JSON value begins like this"));
        }
        self.push(kind, self.at, self.at + word.len());
        self.at += word.len();
        Ok(false)
    }

    #[inline]
    fn open(&mut self, kind: NodeKind, end: u8) -> Result<bool, Malformed> {
        if self.tape.open.len() >= NESTING_LIMIT {
            return Err(self.wrong("values are nested too deeply (10,000 levels)"));
        }
        self.tape.open.push(self.tape.nodes.len() as u32);
        self.push(kind, self.at, self.at);
        self.at += 1;
        if self.peek() == end {
            self.close();
            return Ok(false);
        }
        if kind == NodeKind::Object {
            self.key()?;
        }
        Ok(true)
    }

    #[inline]
    fn close(&mut self) {
        self.at += 1;
        let next = self.tape.nodes.len() as u32;
        if let Some(index) = self.tape.open.pop() {
            let node = &mut self.tape.nodes[index as usize];
            node.end = self.at as u32;
            node.next = next;
        }
    }

    #[inline]
    fn key(&mut self) -> Result<(), Malformed> {
        if self.peek() != b'"' {
            return Err(self.wrong("a key in quotes should stand here"));
        }
        self.string()?;
        if self.peek() != b':' {
            return Err(self.wrong("a colon should stand after the key"));
        }
        self.at += 1;
        Ok(())
    }

    /// Goes on after a complete value: to the next one, or out of its containers.
    #[inline]
    fn after_value(&mut self) -> Result<Next, Malformed> {
        loop {
            let Some(container) = self.tape.open.last() else { return Ok(Next::Done) };
            let object = self.tape.nodes[*container as usize].kind == NodeKind::Object;
            match self.peek() {
                b',' => {
                    self.at += 1;
                    if object {
                        self.key()?;
                    }
                    return Ok(Next::Value);
                }
                b'}' if object => self.close(),
                b']' if !object => self.close(),
                _ if self.at >= self.bytes.len() => return Err(self.wrong("the text ends inside a value")),
                _ if object => return Err(self.wrong("a comma or `}` should stand here")),
                _ => return Err(self.wrong("a comma or `]` should stand here")),
            }
        }
    }

    #[inline]
    fn string(&mut self) -> Result<(), Malformed> {
        self.at += 1;
        let start = self.at;
        let mut kind = NodeKind::Plain;
        loop {
            self.skip_plain();
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    self.push(kind, start, self.at);
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    kind = NodeKind::Escaped;
                    self.escape()?;
                }
                Some(_) => return Err(self.wrong("a control character inside a string")),
                None => return Err(self.wrong("the text ends inside a string")),
            }
        }
    }

    /// Moves to the next quote, backslash or control character, or to the end.
    #[inline]
    fn skip_plain(&mut self) {
        while let Some(step) = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk::<STEP>()) {
            let hit = special(u64::from_le_bytes(*step));
            if hit != 0 {
                self.at += hit.trailing_zeros() as usize / 8;
                return;
            }
            self.at += STEP;
        }
        while self.bytes.get(self.at).is_some_and(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)) {
            self.at += 1;
        }
    }

    fn escape(&mut self) -> Result<(), Malformed> {
        match self.bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => {
                let digits = self.bytes.get(self.at + 2..self.at + 6).unwrap_or_default();
                if digits.len() < 4 || !digits.iter().all(u8::is_ascii_hexdigit) {
                    return Err(self.wrong("`\\u` should be followed by four hexadecimal digits"));
                }
                self.at += 6;
            }
            _ => return Err(self.wrong("no escape begins like this")),
        }
        Ok(())
    }

    #[inline]
    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        self.at - start
    }

    #[inline]
    fn number(&mut self) -> Result<(), Malformed> {
        let start = self.at;
        self.at += usize::from(self.bytes[self.at] == b'-');
        let first = self.bytes.get(self.at).copied();
        match (first, self.digits()) {
            (_, 0) => return Err(self.wrong("a digit should stand here")),
            (Some(b'0'), 2..) => return Err(Malformed { what: "a number begins with 0", at: start }),
            _ => {}
        }
        let kind = match self.bytes.get(self.at) {
            Some(b'.' | b'e' | b'E') => self.fraction_and_exponent()?,
            _ => NodeKind::Integer,
        };
        self.push(kind, start, self.at);
        Ok(())
    }

    fn fraction_and_exponent(&mut self) -> Result<NodeKind, Malformed> {
        if self.bytes[self.at] == b'.' {
            self.at += 1;
            if self.digits() == 0 {
                return Err(self.wrong("a digit should stand after the point"));
            }
        }
        if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.bytes.get(self.at), Some(b'+' | b'-')));
            if self.digits() == 0 {
                return Err(self.wrong("a digit should stand in the exponent"));
            }
        }
        Ok(NodeKind::Real)
    }
}

/// The high bit of each byte that is a quote, a backslash or a control character. Bytes above the lowest hit may be
/// flagged wrongly (a borrow runs upwards), so only the lowest counts.
#[inline]
const fn special(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES * 0x80;
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    let quote = quote.wrapping_sub(ONES) & !quote;
    let backslash = backslash.wrapping_sub(ONES) & !backslash;
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    (quote | backslash | control) & HIGH
}
