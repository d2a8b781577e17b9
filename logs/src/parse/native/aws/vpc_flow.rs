//! Flow logs of VPCs: columns parted by single blanks, which the first line of each file names.

use std::borrow::Cow;

use memchr::memchr;

use super::super::clock;
use super::super::columns::{Columns, integer, number, text};
use super::super::row::{Mismatch, NativeRow, Outcome};
use super::super::{Bytes, Ends, TextFormat};
use super::no_object;
use crate::parse::rejection::shown;
use crate::parse::text::csv::Quotes;

const FIELDS: [&str; 21] = [
    "version",
    "account",
    "interfaceId",
    "srcAddr",
    "dstAddr",
    "srcPort",
    "dstPort",
    "protocol",
    "packets",
    "bytes",
    "start",
    "end",
    "action",
    "status",
    "vpcId",
    "subNetId",
    "instanceId",
    "tcpFlags",
    "trafficType",
    "pktSrcAddr",
    "pktDstAddr",
];

/// What the header calls the fields, in the same order.
const NAMES: [&str; FIELDS.len()] = [
    "version",
    "account-id",
    "interface-id",
    "srcaddr",
    "dstaddr",
    "srcport",
    "dstport",
    "protocol",
    "packets",
    "bytes",
    "start",
    "end",
    "action",
    "log-status",
    "vpc-id",
    "subnet-id",
    "instance-id",
    "tcp-flags",
    "type",
    "pkt-srcaddr",
    "pkt-dstaddr",
];

/// So many names make a line a header: fewer could be words of any text.
const ENOUGH_NAMES: usize = 5;

/// How the text of a field is read.
#[derive(Clone, Copy, Debug)]
enum Reading {
    Text,
    Integer,
    Time,
    Account,
}

const fn reading(field: usize) -> Reading {
    match field {
        0 | 5..=9 | 17 => Reading::Integer,
        1 => Reading::Account,
        10 | 11 => Reading::Time,
        _ => Reading::Text,
    }
}

/// One flow per line, after a header.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct VpcFlow {
    /// The field of each column; `None` for a name that is not known. Empty before the header.
    header: Vec<Option<usize>>,
    /// The names that are not known.
    unknown: Vec<String>,
    columns: Columns,
}

impl TextFormat for VpcFlow {
    fn ends(&self) -> Ends {
        Ends::first(Bytes::all_but(b"{"))
    }

    fn continued(&self) -> Box<dyn TextFormat> {
        Box::new(self.clone())
    }

    fn fields(&self) -> &'static [&'static str] {
        &FIELDS
    }

    fn read<'l>(&mut self, line: &'l str, row: &mut NativeRow<'l>) -> Result<Outcome, Mismatch> {
        no_object(line)?;
        if self.header.is_empty() {
            self.header = header(line).ok_or(Mismatch("no header has named the columns of this file"))?;
            let names = line.split(' ').zip(&self.header);
            self.unknown = names.filter(|(_, field)| field.is_none()).map(|(name, _)| name.to_owned()).collect();
            return Ok(Outcome::Nothing);
        }
        // Flow logs have no quotes; a line that has some is read with all the rules there are for them.
        if memchr(b'"', line.as_bytes()).is_none() {
            return fill(&self.header, blank_separated(line), row);
        }
        let mut columns = self.columns.split(line, ' ', Quotes::Strict)?;
        let read = fill(&self.header, columns.drain(..), row);
        self.columns.keep(columns);
        read
    }

    fn remark(&self) -> Option<String> {
        let names: Vec<String> = self.unknown.iter().map(|name| shown(name).into()).collect();
        (!names.is_empty())
            .then(|| format!("the header names columns that are not known, and left out: {}", names.join(", ")))
    }

    fn reset(&mut self) {
        self.header.clear();
        self.unknown.clear();
    }
}

/// The fields that a header names, unless it is none.
fn header(line: &str) -> Option<Vec<Option<usize>>> {
    let field = |name: &str| NAMES.iter().position(|known| *known == name);
    let known = line.split(' ').filter(|name| field(name).is_some()).take(ENOUGH_NAMES).count();
    (known == ENOUGH_NAMES).then(|| line.split(' ').map(field).collect())
}

/// The columns of a line without quotes.
fn blank_separated(line: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = first_blank(text.as_bytes());
        rest = text.get(end + 1..);
        Some(Cow::Borrowed(&text[..end]))
    })
}

/// Where the first blank stands, or the end. Columns are so short that eight bytes at a time beat a real search.
#[inline]
fn first_blank(text: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    let mut at = 0;
    while let Some(eight) = text.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*eight) ^ (ONES * u64::from(b' '));
        // The lowest mark is that of a zero byte, which is a blank.
        let marks = word.wrapping_sub(ONES) & !word & (ONES << 7);
        if marks != 0 {
            return at + marks.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    text[at..].iter().position(|byte| *byte == b' ').map_or(text.len(), |blank| at + blank)
}

fn fill<'l>(
    header: &[Option<usize>],
    columns: impl Iterator<Item = Cow<'l, str>>,
    row: &mut NativeRow<'l>,
) -> Result<Outcome, Mismatch> {
    row.begin(FIELDS.len());
    for (field, column) in header.iter().zip(columns) {
        let Some(field) = *field else { continue };
        match reading(field) {
            Reading::Integer => row.set(field, integer(&column)),
            Reading::Time => {
                let seconds = number(&column).ok_or(Mismatch("`start` or `end` is no number of seconds"))?;
                let time = clock::since_1970(seconds, 0);
                row.set(field, time.ok_or(Mismatch("`start` or `end` lies outside the years 0000 to 9999"))?);
            }
            Reading::Account if column == "unknown" => {}
            Reading::Account | Reading::Text => text(row, field, &column),
        }
    }
    Ok(Outcome::Event)
}
