//! Logs of Cisco Umbrella: columns parted by commas, usually all of them in quotes. The four types differ only in what
//! their columns are, so one reader goes through four tables.

use std::borrow::Cow;

use super::columns::{Columns, list, port, separators, unsigned};
use super::row::{Cell, Mismatch, NativeRow, Outcome};
use super::{Bytes, Ends, TextFormat, clock};
use crate::parse::text::csv::Quotes;

/// How a column is read.
#[derive(Clone, Copy, Debug)]
enum Reading {
    Time,
    Text,
    List,
    /// A number, or the line is of another type.
    Number,
    /// A number; anything else counts as zero.
    LooseNumber,
    /// A port; anything else counts as zero.
    LoosePort,
}

const NO_TIME: Mismatch = Mismatch("the first column is no time `2006-01-02 15:04:05`");

/// One of the types.
#[derive(Clone, Debug)]
pub(super) struct Form {
    fields: &'static [&'static str],
    readings: &'static [Reading],
    /// How many columns its versions had, the oldest first. A line between two versions is read as the older one.
    widths: &'static [usize],
    /// A line may have more columns than the newest version.
    open: bool,
}

use Reading::{List, LooseNumber, LoosePort, Number, Text, Time};

/// Queries.
pub(super) const DNS: Form = Form {
    fields: &[
        "timestamp",
        "policyIdentity",
        "identities",
        "internalIp",
        "externalIp",
        "action",
        "queryType",
        "responseCode",
        "domain",
        "categories",
        "policyIdentityType",
        "identityTypes",
        "blockedCategories",
    ],
    readings: &[Time, Text, List, Text, Text, Text, Text, Text, Text, List, Text, List, List],
    widths: &[10, 12, 13],
    open: true,
};

/// Connections to addresses.
pub(super) const IP: Form = Form {
    fields: &[
        "timestamp",
        "identity",
        "sourceIp",
        "sourcePort",
        "destinationIp",
        "destinationPort",
        "categories",
        "identityTypes",
    ],
    readings: &[Time, Text, Text, Number, Text, Number, List, List],
    widths: &[8],
    open: false,
};

/// Connections through the cloud firewall.
pub(super) const CLOUD_FIREWALL: Form = Form {
    fields: &[
        "timestamp",
        "originId",
        "identity",
        "identityType",
        "direction",
        "ipProtocol",
        "packetSize",
        "sourceIp",
        "sourcePort",
        "destinationIp",
        "destinationPort",
        "dataCenter",
        "ruleId",
        "verdict",
    ],
    readings: &[Time, Text, Text, Text, Text, Number, Number, Text, LoosePort, Text, LoosePort, Text, Text, Text],
    widths: &[14],
    open: false,
};

/// Requests through the proxy.
pub(super) const PROXY: Form = Form {
    fields: &[
        "timestamp",
        "identity",
        "identities",
        "internalIp",
        "externalIp",
        "destinationIp",
        "contentType",
        "verdict",
        "url",
        "referrer",
        "userAgent",
        "statusCode",
        "requestSize",
        "responseSize",
        "responseBodySize",
        "sha",
        "categories",
        "avDetections",
        "puas",
        "ampDisposition",
        "ampMalwareName",
        "ampScore",
        "identityType",
        "blockedCategories",
    ],
    readings: &[
        Time,
        Text,
        List,
        Text,
        Text,
        Text,
        Text,
        Text,
        Text,
        Text,
        Text,
        Number,
        LooseNumber,
        LooseNumber,
        LooseNumber,
        Text,
        List,
        List,
        List,
        Text,
        Text,
        Text,
        Text,
        List,
    ],
    widths: &[22, 23, 24],
    open: true,
};

/// One record per line.
#[derive(Clone, Debug)]
pub(super) struct Umbrella {
    form: &'static Form,
    columns: Columns,
}

impl Umbrella {
    pub(super) fn new(form: &'static Form) -> Self {
        Self { form, columns: Columns::default() }
    }
}

impl TextFormat for Umbrella {
    fn ends(&self) -> Ends {
        // The first column is a time.
        Ends::first(Bytes::DIGITS.or(Bytes::of(b"\"")))
    }

    fn may_read(&self, line: &str) -> bool {
        separators(line, b',') + 1 >= self.form.widths[0]
    }

    fn continued(&self) -> Box<dyn TextFormat> {
        Box::new(self.clone())
    }

    fn fields(&self) -> &'static [&'static str] {
        self.form.fields
    }

    fn read<'l>(&mut self, line: &'l str, row: &mut NativeRow<'l>) -> Result<Outcome, Mismatch> {
        let columns = self.columns.split(line, ',', Quotes::Strict)?;
        let read = fill(self.form, &columns, row);
        self.columns.keep(columns);
        read.map(|()| Outcome::Event)
    }
}

fn fill<'l>(form: &Form, columns: &[Cow<'l, str>], row: &mut NativeRow<'l>) -> Result<(), Mismatch> {
    let width = form.widths.iter().rev().find(|width| **width <= columns.len());
    let closed = !form.open && columns.len() > form.readings.len();
    let width =
        *width.filter(|_| !closed).ok_or(Mismatch("the line has not as many columns as this type of record"))?;
    row.begin(form.fields.len());
    for (field, (reading, column)) in form.readings.iter().zip(&columns[..width]).enumerate() {
        match reading {
            Reading::Text => row.set_text(field, column),
            Reading::List => list(row, field, column),
            Reading::Time => row.set(field, clock::date_time(column).ok_or(NO_TIME)?),
            Reading::Number | Reading::LooseNumber | Reading::LoosePort => {
                row.set(field, Cell::Integer(number(*reading, field, column)?));
            }
        }
    }
    Ok(())
}

fn number(reading: Reading, field: usize, column: &str) -> Result<i64, Mismatch> {
    match reading {
        Reading::LooseNumber => Ok(column.parse().unwrap_or(0)),
        Reading::LoosePort => Ok(port(column).unwrap_or(0)),
        _ => unsigned(column).ok_or(not_a_number(field)),
    }
}

/// Says where it is, as far as a text without allocation can.
const fn not_a_number(field: usize) -> Mismatch {
    match field {
        3 => Mismatch("the source port is not a number"),
        5 => Mismatch("the destination port, or the protocol, is not a number"),
        6 => Mismatch("the packet size is not a number"),
        _ => Mismatch("the status is not a number"),
    }
}
