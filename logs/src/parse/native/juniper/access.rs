//! Web requests, one line per phase, sometimes followed by lines of headers.

use super::super::TextFormat;
use super::super::clock::Now;
use super::super::cursor::Cursor;
use super::super::row::{Cell, Mismatch, NativeRow, Outcome};
use super::{header, level};

const FIELDS: [&str; 9] =
    ["timestamp", "hostname", "log_level", "thread", "unique_request_key", "type", "stage", "proxy_client_ip", "url"];

/// One phase per entry.
#[derive(Clone, Debug)]
pub(in super::super) struct Access {
    now: Now,
    /// An entry has begun: lines of another form belong to it.
    within: bool,
}

impl Access {
    pub(in super::super) const fn new(now: Now) -> Self {
        Self { now, within: false }
    }
}

impl TextFormat for Access {
    fn continued(&self) -> Box<dyn TextFormat> {
        Box::new(self.clone())
    }

    fn fields(&self) -> &'static [&'static str] {
        &FIELDS
    }

    fn read<'l>(&mut self, line: &'l str, row: &mut NativeRow<'l>) -> Result<Outcome, Mismatch> {
        match entry(line, self.now, row) {
            Ok(()) => {
                self.within = true;
                Ok(Outcome::Event)
            }
            Err(_) if self.within => Ok(Outcome::Nothing),
            Err(mismatch) => Err(mismatch),
        }
    }

    fn reset(&mut self) {
        self.within = false;
    }
}

fn entry<'l>(line: &'l str, now: Now, row: &mut NativeRow<'l>) -> Result<(), Mismatch> {
    let mut cursor = header(line, now, FIELDS.len(), row)?;
    let cells = cells(&mut cursor).ok_or(Mismatch("the message is no phase of a web request"))?;
    (2..).zip(cells).for_each(|(field, text)| row.set(field, Cell::Text(text)));
    Ok(())
}

/// `[LEVEL][mws-access][thread] key:KEY , PHASE_REQUEST_PRE_PROCESS , client , url`
fn cells<'l>(cursor: &mut Cursor<'l>) -> Option<[&'l str; 7]> {
    let level = level(cursor)?;
    cursor.eat_text("[mws-access]")?;
    let thread = cursor.bracketed()?;
    cursor.blanks();
    cursor.eat_text("key:")?;
    let key = column(cursor)?;
    let (kind, stage) = phase(column(cursor)?)?;
    let client = column(cursor)?;
    Some([level, thread, key, kind, stage, client, cursor.rest().trim()])
}

/// The text before the next comma.
fn column<'l>(cursor: &mut Cursor<'l>) -> Option<&'l str> {
    Some(cursor.until(b',')?.trim())
}

fn phase(text: &str) -> Option<(&str, &str)> {
    let (kind, stage) = text.strip_prefix("PHASE_")?.strip_suffix("_PROCESS")?.split_once('_')?;
    (matches!(kind, "REQUEST" | "RESPONSE") && matches!(stage, "PRE" | "POST")).then_some((kind, stage))
}
