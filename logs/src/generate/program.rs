//! How a row is written: steps that were compiled once, walked for each row.
//!
//! Literal bytes and values from pools are copied, numbers are written by digits, times by their codecs; nothing is
//! formatted by `format!` and nothing is allocated, so that the disk is what a run waits for.

use super::entities::{Entity, Pools};
use super::random::Random;
use super::words;
use crate::parse::number::{write_signed, write_unsigned};
use crate::parse::time::{Codec, Instant};

/// What the steps of one row share.
pub(super) struct Row<'r> {
    /// Where values are drawn from.
    pub pools: &'r Pools,
    /// What decides.
    pub random: &'r mut Random,
    /// When it happened.
    pub at: Instant,
    /// The row's person.
    pub person: usize,
    /// The number of the row in its file.
    pub number: u64,
}

/// Out of so many parts is the chance of a [`Step::Maybe`].
pub(super) const CHANCES: u8 = 255;

/// The most digits of a number behind a point.
const FRACTION: u64 = 1_000;

/// One step.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// These bytes.
    Text(Box<[u8]>),
    /// A value of the estate.
    Entity(Entity),
    /// So many letters, made anew.
    Letters(&'static [u8], usize),
    /// A UUID.
    Uuid,
    /// A whole number from the first on, one of so many.
    Number(i64, u64),
    /// A number with up to three digits behind its point, from the first on, within so many.
    Decimal(i64, u64),
    /// The number of the row.
    RowNumber,
    /// The row's time, so many seconds later; `bare`: without the quotes of JSON.
    Time { codec: Box<Codec>, later: i64, bare: bool },
    /// One of these.
    Any(Box<[Program]>),
    /// This, or nothing: the chance out of [`CHANCES`].
    Maybe(u8, Program),
    /// A JSON object of members, each with a comma before it.
    Object(Program),
    /// A JSON array of so many elements.
    Array { least: u64, most: u64, element: Program },
    /// A JSON object of up to so many texts, or null.
    Texts(u64),
}

/// Steps, one after the other.
#[derive(Clone, Debug, Default)]
pub struct Program(pub(super) Vec<Step>);

impl Program {
    /// Adds literal bytes, to those before them if there are any.
    pub(super) fn text(&mut self, text: impl AsRef<[u8]>) {
        let text = text.as_ref();
        if text.is_empty() {
            return;
        }
        if let Some(Step::Text(last)) = self.0.last_mut() {
            *last = [last, text].concat().into();
        } else {
            self.0.push(Step::Text(text.into()));
        }
    }

    /// Adds another program.
    pub(super) fn append(&mut self, other: Self) {
        for step in other.0 {
            match step {
                Step::Text(text) => self.text(text),
                other => self.0.push(other),
            }
        }
    }

    pub(super) fn write(&self, row: &mut Row<'_>, out: &mut Vec<u8>) {
        for step in &self.0 {
            step.write(row, out);
        }
    }
}

impl Step {
    #[inline]
    fn write(&self, row: &mut Row<'_>, out: &mut Vec<u8>) {
        match self {
            Self::Text(text) => out.extend_from_slice(text),
            Self::Entity(entity) => out.extend_from_slice(row.pools.value(*entity, row.person, row.random)),
            Self::Letters(letters, count) => write_letters(letters, *count, row.random, out),
            Self::Uuid => write_uuid(row.random, out),
            Self::Number(first, span) => write_signed(drawn(*first, *span, row.random), out),
            Self::Decimal(first, span) => {
                write_signed(drawn(*first, *span, row.random), out);
                out.push(b'.');
                write_unsigned(row.random.below(FRACTION), out);
            }
            Self::RowNumber => write_unsigned(row.number, out),
            Self::Time { codec, later, bare } => write_time(codec, *later, *bare, row, out),
            Self::Any(programs) => programs[row.random.index(programs.len())].write(row, out),
            Self::Maybe(chance, program) => {
                if row.random.below(u64::from(CHANCES)) < u64::from(*chance) {
                    program.write(row, out);
                }
            }
            Self::Object(members) => enclosed(out, b'{', b'}', |out| members.write(row, out)),
            Self::Array { least, most, element } => {
                let count = least + row.random.below(most - least + 1);
                enclosed(out, b'[', b']', |out| {
                    for _ in 0..count {
                        out.push(b',');
                        element.write(row, out);
                    }
                });
            }
            Self::Texts(most) => write_texts(*most, row, out),
        }
    }
}

/// A number of the range; the span of all 64 bits is none that schemas ask for.
#[inline]
fn drawn(first: i64, span: u64, random: &mut Random) -> i64 {
    first.wrapping_add_unsigned(random.below(span.max(1)))
}

/// Brackets around members that each begin with a comma: the first comma becomes the opening bracket.
fn enclosed(out: &mut Vec<u8>, open: u8, close: u8, members: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    members(out);
    match out.get_mut(start) {
        Some(comma) => *comma = open,
        None => out.push(open),
    }
    out.push(close);
}

/// Each 64 bits are enough for eight letters: one byte for each, the bias of which nobody sees.
fn write_letters(letters: &[u8], count: usize, random: &mut Random, out: &mut Vec<u8>) {
    let mut left = count;
    while left > 0 {
        for byte in random.next().to_le_bytes().into_iter().take(left) {
            out.push(letters[usize::from(byte) * letters.len() / 256]);
            left -= 1;
        }
    }
}

/// As version 4 has it, in lower case.
fn write_uuid(random: &mut Random, out: &mut Vec<u8>) {
    let mut text = *b"00000000-0000-4000-8000-000000000000";
    let bits = u128::from(random.next()) << 64 | u128::from(random.next());
    let mut nibbles = bits.to_le_bytes().into_iter().flat_map(|byte| [byte & 15, byte >> 4]);
    for (place, letter) in text.iter_mut().enumerate() {
        if !matches!(place, 8 | 13 | 14 | 18 | 19 | 23)
            && let Some(nibble) = nibbles.next()
        {
            *letter = words::HEX[usize::from(nibble)];
        }
    }
    out.extend_from_slice(&text);
}

fn write_time(codec: &Codec, later: i64, bare: bool, row: &Row<'_>, out: &mut Vec<u8>) {
    let at = Instant { seconds: row.at.seconds + later, ..row.at };
    let start = out.len();
    codec.write(&at, out);
    if bare && out.get(start) == Some(&b'"') {
        out.remove(start);
        out.pop();
    }
}

/// Members of different names: words of the list from some place on.
fn write_texts(most: u64, row: &mut Row<'_>, out: &mut Vec<u8>) {
    let count = row.random.below(most + 1);
    if count == 0 {
        return out.extend_from_slice(b"null");
    }
    let first = row.random.index(words::WORDS.len());
    enclosed(out, b'{', b'}', |out| {
        for member in 0..count {
            out.extend_from_slice(b",\"");
            out.extend_from_slice(words::WORDS[(first + member as usize) % words::WORDS.len()].as_bytes());
            out.extend_from_slice(b"\":\"");
            out.extend_from_slice(row.pools.value(Entity::Token16, row.person, row.random));
            out.push(b'"');
        }
    });
}
