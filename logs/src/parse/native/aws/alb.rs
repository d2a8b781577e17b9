//! Access logs of Application Load Balancers: columns parted by single blanks, some of them in quotes.

use std::borrow::Cow;

use super::super::columns::{Columns, float, integer, list, piece, separators, text};
use super::super::row::{Mismatch, NativeRow, Outcome};
use super::super::{Bytes, Ends, TextFormat};
use super::no_object;
use crate::parse::text::csv::Quotes;

/// The columns that a line must have; AWS appends new ones from time to time, which are ignored.
const COLUMNS: usize = 25;

const FIELDS: [&str; 29] = [
    "type",
    "timestamp",
    "elb",
    "clientIp",
    "clientPort",
    "targetIp",
    "targetPort",
    "requestProcessingTime",
    "targetProcessingTime",
    "responseProcessingTime",
    "elbStatusCode",
    "targetStatusCode",
    "receivedBytes",
    "sentBytes",
    "requestHttpMethod",
    "requestUrl",
    "requestHttpVersion",
    "userAgent",
    "sslCipher",
    "sslProtocol",
    "targetGroupArn",
    "traceId",
    "domainName",
    "chosenCertArn",
    "matchedRulePriority",
    "requestCreationTime",
    "actionsExecuted",
    "redirectUrl",
    "errorReason",
];

/// One request per line.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Alb {
    columns: Columns,
}

impl TextFormat for Alb {
    fn ends(&self) -> Ends {
        // The type: http, https, h2, ws, wss.
        Ends::first(Bytes::of(b"hw\""))
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
        let columns = self.columns.split(line, ' ', Quotes::Strict)?;
        let read = fill(&columns, row);
        self.columns.keep(columns);
        read
    }
}

fn fill<'l>(columns: &[Cow<'l, str>], row: &mut NativeRow<'l>) -> Result<Outcome, Mismatch> {
    if columns.len() < COLUMNS {
        return Err(Mismatch("a load balancer's line has at least 25 columns"));
    }
    row.begin(FIELDS.len());
    for (field, column) in [(0, 0), (1, 1), (2, 2)].into_iter().chain((17..24).zip(13..20)) {
        text(row, field, &columns[column]);
    }
    endpoint(row, 3, &columns[3]);
    endpoint(row, 5, &columns[4]);
    for (field, column) in (7..10).zip(5..8) {
        row.set(field, float(&columns[column]));
    }
    for (field, column) in (10..14).zip(8..12) {
        row.set(field, integer(&columns[column]));
    }
    request(row, &columns[12])?;
    row.set(24, integer(&columns[20]));
    text(row, 25, &columns[21]);
    if columns[22] != "-" {
        list(row, 26, &columns[22]);
    }
    text(row, 27, &columns[23]);
    text(row, 28, &columns[24]);
    Ok(Outcome::Event)
}

/// `host:port` in two fields. A text of more parts, such as a bracketed IPv6 address with its port, stays whole.
fn endpoint<'l>(row: &mut NativeRow<'l>, field: usize, column: &Cow<'l, str>) {
    let (host, port) = match column.split_once(':') {
        Some((host, port)) if !port.contains(':') => (host.len(), port),
        _ => (column.len(), ""),
    };
    if &column[..host] != "-" {
        row.set_text(field, &piece(column, 0..host));
    }
    row.set(field + 1, integer(port));
}

/// Method, URL, version; blanks within the URL are its own.
fn request<'l>(row: &mut NativeRow<'l>, column: &Cow<'l, str>) -> Result<(), Mismatch> {
    let (Some(first), Some(last)) = (column.find(' '), column.rfind(' ')) else {
        return Err(Mismatch("the request is not `METHOD URL VERSION`"));
    };
    if first == last {
        return Err(Mismatch("the request is not `METHOD URL VERSION`"));
    }
    for (field, range) in (14..).zip([0..first, first + 1..last, last + 1..column.len()]) {
        text(row, field, &piece(column, range));
    }
    Ok(())
}
