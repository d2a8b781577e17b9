//! Access logs of nginx in its predefined format, cut at single blanks.

use std::borrow::Cow;

use super::TextFormat;
use super::clock;
use super::columns::{Columns, integer, separators, text};
use super::row::{Mismatch, NativeRow, Outcome};
use crate::parse::text::csv::Quotes;

const COLUMNS: usize = 10;
const FIELDS: [&str; 8] =
    ["remoteAddr", "remoteUser", "time", "request", "status", "bodyBytesSent", "httpReferer", "httpUserAgent"];

/// One request per line.
#[derive(Clone, Debug, Default)]
pub(super) struct Nginx {
    columns: Columns,
}

impl TextFormat for Nginx {
    fn may_read(&self, line: &str) -> bool {
        // The second column is a dash; a first one in quotes may hold blanks.
        let second = line.split_once(' ').map_or("", |(_, rest)| rest);
        (second.starts_with("- ") || second.starts_with("\"-\" ") || line.starts_with('"'))
            && separators(line, b' ') + 1 >= COLUMNS
    }

    fn continued(&self) -> Box<dyn TextFormat> {
        Box::new(self.clone())
    }

    fn fields(&self) -> &'static [&'static str] {
        &FIELDS
    }

    fn read<'l>(&mut self, line: &'l str, row: &mut NativeRow<'l>) -> Result<Outcome, Mismatch> {
        let columns = self.columns.split(line, ' ', Quotes::Strict)?;
        let read = fill(&columns, row);
        self.columns.keep(columns);
        read
    }
}

fn fill<'l>(columns: &[Cow<'l, str>], row: &mut NativeRow<'l>) -> Result<Outcome, Mismatch> {
    if columns.len() != COLUMNS || columns[1] != "-" {
        return Err(Mismatch("a line of nginx has ten columns, the second a dash"));
    }
    row.begin(FIELDS.len());
    let time = clock::access_log_parted(&columns[3], &columns[4]);
    row.set(2, time.ok_or(Mismatch("the time is not `[day/Month/year:hour:minute:second zone]`"))?);
    for (field, column) in [(0, 0), (1, 2), (3, 5), (6, 8), (7, 9)] {
        text(row, field, &columns[column]);
    }
    row.set(4, integer(&columns[6]));
    row.set(5, integer(&columns[7]));
    Ok(Outcome::Event)
}
