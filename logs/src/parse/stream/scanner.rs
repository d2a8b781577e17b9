//! Where a JSON value ends: strings, escapes and nesting, and nothing else. Resumable at any byte.
//!
//! It is no parser: numbers, literals, commas before a closing bracket, control characters and the characters behind a
//! backslash are for whoever decodes the log. It does see what would make it miss the end of the value: brackets that
//! do not fit each other, a value right behind a value, a line break within a string. So a log that was cut off is noticed
//! at the next one, and does not swallow it.

use std::fmt;

/// Why text is not JSON, as far as borders show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// A line break within a string.
    LineBreakInString,
    /// `}` or `]` where the other one is due.
    Bracket {
        /// What stands there.
        found: char,
    },
    /// A value where a comma or a closing bracket is due.
    NoComma,
    /// Something else where a value is due.
    NoValue {
        /// What stands there.
        found: char,
    },
    /// Something else where a key is due.
    NoKey {
        /// What stands there.
        found: char,
    },
    /// Something else where a colon is due.
    NoColon {
        /// What stands there.
        found: char,
    },
    /// Neither object nor array where a document is due.
    NoDocument,
}

impl fmt::Display for Misfit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LineBreakInString => write!(out, "a string is not closed before the end of the line"),
            Self::Bracket { found } => {
                let due = if *found == '}' { ']' } else { '}' };
                write!(out, "expected `{due}`, found `{found}`")
            }
            Self::NoComma => write!(out, "expected `,` or a closing bracket before the next value"),
            Self::NoValue { found } => write!(out, "expected a value, found `{}`", found.escape_debug()),
            Self::NoKey { found } => write!(out, "expected a key in quotes, found `{}`", found.escape_debug()),
            Self::NoColon { found } => write!(out, "expected `:` after the key, found `{}`", found.escape_debug()),
            Self::NoDocument => write!(out, "expected `{{` or `[`, the beginning of a document"),
        }
    }
}

/// How far the scanner came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// To the end of the bytes; the value goes on.
    More,
    /// To the end of the value: the place behind it.
    Done(usize),
    /// To a byte that cannot stand where it does.
    Wrong(usize, Misfit),
}

/// What the next byte is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inside {
    Nothing,
    Text,
    Escape,
    Scalar,
}

/// What a byte outside of strings is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Blank,
    Separator,
    Quote,
    Open,
    Close,
    Other,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    classes[b' ' as usize] = Class::Blank;
    classes[b'\t' as usize] = Class::Blank;
    classes[b'\r' as usize] = Class::Blank;
    classes[b'\n' as usize] = Class::Blank;
    classes[b',' as usize] = Class::Separator;
    classes[b':' as usize] = Class::Separator;
    classes[b'"' as usize] = Class::Quote;
    classes[b'{' as usize] = Class::Open;
    classes[b'[' as usize] = Class::Open;
    classes[b'}' as usize] = Class::Close;
    classes[b']' as usize] = Class::Close;
    classes
};

/// Levels in one word of the stack.
const LEVELS: usize = 64;

/// A scanner of values. Each level of nesting costs one bit.
pub(super) struct Scanner {
    /// One bit for each open bracket: set for an array.
    arrays: Vec<u64>,
    depth: usize,
    /// The depth at which the value in progress ends.
    floor: usize,
    inside: Inside,
    /// Whether the last thing on this level was a value, so that a separator is due.
    follows: bool,
}

impl Scanner {
    pub(super) fn new() -> Self {
        Self { arrays: vec![0], depth: 0, floor: 0, inside: Inside::Nothing, follows: false }
    }

    /// How many brackets are open.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Begins a value at the depth where it stands.
    pub(super) fn begin(&mut self) {
        (self.floor, self.inside, self.follows) = (self.depth, Inside::Nothing, false);
    }

    /// Begins the rest of the document behind a value: it ends with the outermost bracket.
    pub(super) fn begin_rest(&mut self) {
        (self.floor, self.inside, self.follows) = (0, Inside::Nothing, true);
    }

    /// Forgets open brackets above a depth.
    pub(super) fn back_to(&mut self, depth: usize) {
        self.depth = self.depth.min(depth);
    }

    /// Enters an object or array.
    #[inline]
    pub(super) fn open(&mut self, bracket: u8) {
        let (word, bit) = (self.depth / LEVELS, 1 << (self.depth % LEVELS));
        if word == self.arrays.len() {
            self.arrays.push(0);
        }
        if bracket == b'[' {
            self.arrays[word] |= bit;
        } else {
            self.arrays[word] &= !bit;
        }
        self.depth += 1;
    }

    /// Leaves an object or array; false when the bracket is not the one that is due.
    #[inline]
    pub(super) fn close(&mut self, bracket: u8) -> bool {
        let Some(depth) = self.depth.checked_sub(1) else { return false };
        let is_array = self.arrays[depth / LEVELS] >> (depth % LEVELS) & 1 == 1;
        self.depth = depth;
        is_array == (bracket == b']')
    }

    /// Goes on with the value that was begun, from `at`.
    pub(super) fn value(&mut self, bytes: &[u8], mut at: usize) -> Step {
        loop {
            let step = match self.inside {
                Inside::Text => self.text(bytes, &mut at),
                Inside::Escape => self.escape(bytes, &mut at),
                Inside::Scalar => return scalar(bytes, at),
                Inside::Nothing => self.structure(bytes, &mut at),
            };
            if let Some(step) = step {
                return step;
            }
        }
    }

    /// Within a string, up to its end or a backslash.
    #[inline]
    fn text(&mut self, bytes: &[u8], at: &mut usize) -> Option<Step> {
        let Some(stop) = text_stop(bytes, *at) else { return Some(Step::More) };
        *at = stop + 1;
        match bytes[stop] {
            b'"' => {
                (self.inside, self.follows) = (Inside::Nothing, true);
                (self.depth == self.floor).then_some(Step::Done(*at))
            }
            b'\\' => {
                self.inside = Inside::Escape;
                None
            }
            _ => Some(Step::Wrong(stop, Misfit::LineBreakInString)),
        }
    }

    /// Behind a backslash.
    fn escape(&mut self, bytes: &[u8], at: &mut usize) -> Option<Step> {
        match bytes.get(*at) {
            None => Some(Step::More),
            Some(b'\n') => Some(Step::Wrong(*at, Misfit::LineBreakInString)),
            Some(_) => {
                self.inside = Inside::Text;
                *at += 1;
                None
            }
        }
    }

    /// Outside of strings, up to the next one or the end of the value.
    #[inline]
    fn structure(&mut self, bytes: &[u8], at: &mut usize) -> Option<Step> {
        while let Some(&byte) = bytes.get(*at) {
            let class = CLASSES[usize::from(byte)];
            match class {
                Class::Blank => {}
                Class::Open | Class::Quote if self.follows => return Some(Step::Wrong(*at, Misfit::NoComma)),
                Class::Separator | Class::Close | Class::Other if self.depth == self.floor => {
                    return self.outermost(class, byte, *at);
                }
                Class::Separator => self.follows = false,
                Class::Open => self.open(byte),
                Class::Quote => {
                    (self.inside, *at) = (Inside::Text, *at + 1);
                    return None;
                }
                Class::Close => {
                    if !self.close(byte) {
                        return Some(Step::Wrong(*at, Misfit::Bracket { found: char::from(byte) }));
                    }
                    self.follows = true;
                    if self.depth == self.floor {
                        return Some(Step::Done(*at + 1));
                    }
                }
                Class::Other => self.follows = true,
            }
            *at += 1;
        }
        Some(Step::More)
    }

    /// Where the value itself is due: only a number or literal may stand there, besides strings, objects and arrays.
    fn outermost(&mut self, class: Class, byte: u8, at: usize) -> Option<Step> {
        if class == Class::Other {
            self.inside = Inside::Scalar;
            return None;
        }
        Some(Step::Wrong(at, Misfit::NoValue { found: char::from(byte) }))
    }
}

/// A number or literal ends where anything else begins.
fn scalar(bytes: &[u8], at: usize) -> Step {
    let length = bytes[at.min(bytes.len())..].iter().position(|byte| CLASSES[usize::from(*byte)] != Class::Other);
    length.map_or(Step::More, |length| Step::Done(at + length))
}

const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);

/// Words that are looked at before a long string is left to the vector search, whose start costs more than a short string.
const SHORT: usize = 4;

/// The first `"`, `\` or line break at or after a place.
#[inline]
fn text_stop(bytes: &[u8], mut at: usize) -> Option<usize> {
    for _ in 0..SHORT {
        let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) else { break };
        let word = u64::from_le_bytes(*chunk);
        let stops = zeros(word ^ (ONES * 0x22)) | zeros(word ^ (ONES * 0x5c)) | zeros(word ^ (ONES * 0x0a));
        if stops != 0 {
            return Some(at + (stops.trailing_zeros() / 8) as usize);
        }
        at += 8;
    }
    let rest = bytes.get(at..)?;
    memchr::memchr3(b'"', b'\\', b'\n', rest).map(|stop| at + stop)
}

/// The high bit of each byte that is zero; bits above the first such byte may be wrong, which does not matter here.
#[inline]
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGHS
}
