//! Access logs of S3 buckets: columns parted by single blanks; agents and referrers may hold stray quotes.

use std::borrow::Cow;

use super::super::clock;
use super::super::columns::{Columns, integer, separators, text};
use super::super::row::{Mismatch, NativeRow, Outcome};
use super::super::{Bytes, Ends, TextFormat};
use super::no_object;
use crate::parse::text::csv::Quotes;

/// The columns that a line must have; further ones are kept as they come.
const COLUMNS: usize = 25;

const FIELDS: [&str; 25] = [
    "bucketowner",
    "bucket",
    "time",
    "remoteip",
    "requester",
    "requestid",
    "operation",
    "key",
    "requesturi",
    "httpstatus",
    "errorcode",
    "bytessent",
    "objectsize",
    "totaltime",
    "turnaroundtime",
    "referrer",
    "useragent",
    "versionid",
    "hostid",
    "signatureversion",
    "ciphersuite",
    "authenticationtype",
    "hostheader",
    "tlsVersion",
    "additionalFields",
];

/// The field of the time, which takes two columns.
const TIME: usize = 2;
/// Fields that hold numbers.
const NUMBERS: [usize; 5] = [9, 11, 12, 13, 14];
/// The field of the columns that are newer than the schema.
const FURTHER: usize = 24;

/// One request per line.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct S3ServerAccess {
    columns: Columns,
}

impl TextFormat for S3ServerAccess {
    fn ends(&self) -> Ends {
        // The bucket's owner: letters and digits.
        Ends::first(Bytes::LETTERS.or(Bytes::DIGITS).or(Bytes::of(b"\"")))
    }

    fn may_read(&self, line: &str) -> bool {
        separators(line, b' ') + 1 >= COLUMNS
    }

    fn continued(&self) -> Box<dyn TextFormat> {
        Box::new(self.clone())
    }

    fn fields(&self) -> &'static [&'static str] {
        &FIELDS
    }

    fn read<'l>(&mut self, line: &'l str, row: &mut NativeRow<'l>) -> Result<Outcome, Mismatch> {
        no_object(line)?;
        let mut columns = self.columns.split(line, ' ', Quotes::Lazy)?;
        let read = fill(&mut columns, row);
        self.columns.keep(columns);
        read
    }
}

fn fill<'l>(columns: &mut [Cow<'l, str>], row: &mut NativeRow<'l>) -> Result<Outcome, Mismatch> {
    if columns.len() < COLUMNS {
        return Err(Mismatch("a line of S3 has at least 25 columns"));
    }
    row.begin(FIELDS.len());
    let time = clock::access_log_parted(&columns[TIME], &columns[TIME + 1]);
    row.set(TIME, time.ok_or(Mismatch("the time is not `[day/Month/year:hour:minute:second zone]`"))?);
    for field in (0..FURTHER).filter(|&field| field != TIME) {
        let column = &columns[field + usize::from(field > TIME)];
        if NUMBERS.contains(&field) {
            row.set(field, integer(column));
        } else {
            text(row, field, column);
        }
    }
    row.set_texts(FURTHER, columns[COLUMNS..].iter_mut().map(std::mem::take));
    Ok(Outcome::Event)
}
