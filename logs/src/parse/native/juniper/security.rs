//! Security alerts: a category, and the pairs `MKS_key="value"` that belong to it.

use super::super::clock::{self, Now};
use super::super::columns::unsigned;
use super::super::cursor::Cursor;
use super::super::row::{Cell, Mismatch, NativeRow, Outcome};
use super::super::{Ends, TextFormat};
use super::{BEGINNING, header, level};

const FIELDS: [&str; 22] = [
    "timestamp",
    "hostname",
    "log_level",
    "service",
    "category",
    "profile_id",
    "profile_name",
    "pubkey",
    "incident",
    "severity",
    "source_ip",
    "user_agent",
    "url",
    "count",
    "fake_response",
    "response_code",
    "response_name",
    "created_date",
    "delay_date",
    "expiration_date",
    "response_config",
    "silent_running",
];
const CATEGORY: usize = 4;

/// How the value of a key is read.
#[derive(Clone, Copy, Debug)]
enum Reading {
    Text,
    Number,
    Boolean,
    Time,
    /// A time, or `null` for none.
    Expiry,
}

/// A key of a category: its name behind `MKS_`, its field, its reading.
type Key = (&'static str, usize, Reading);

const NEW_PROFILE: &[Key] =
    &[("ProfileId", 5, Reading::Text), ("ProfileName", 6, Reading::Text), ("PubKey", 7, Reading::Text)];

const SECURITY_INCIDENT: &[Key] = &[
    ("Type", 8, Reading::Text),
    ("Severity", 9, Reading::Number),
    ("ProfileName", 6, Reading::Text),
    ("SrcIP", 10, Reading::Text),
    ("pubkey", 7, Reading::Text),
    ("useragent", 11, Reading::Text),
    ("url", 12, Reading::Text),
    ("count", 13, Reading::Number),
    ("fakeresponse", 14, Reading::Boolean),
];

const NEW_COUNTER_RESPONSE: &[Key] = &[
    ("ResponseCode", 15, Reading::Text),
    ("ResponseName", 16, Reading::Text),
    ("ProfileId", 5, Reading::Text),
    ("ProfileName", 6, Reading::Text),
    ("ResponseCreated", 17, Reading::Time),
    ("ResponseDelayed", 18, Reading::Time),
    ("ResponseExpires", 19, Reading::Expiry),
    ("ResponseConfig", 20, Reading::Text),
    ("SilentRunning", 21, Reading::Boolean),
];

/// One alert per line.
#[derive(Clone, Debug)]
pub(in super::super) struct Security(pub(in super::super) Now);

impl TextFormat for Security {
    fn ends(&self) -> Ends {
        BEGINNING
    }

    fn continued(&self) -> Box<dyn TextFormat> {
        Box::new(self.clone())
    }

    fn fields(&self) -> &'static [&'static str] {
        &FIELDS
    }

    fn read<'l>(&mut self, line: &'l str, row: &mut NativeRow<'l>) -> Result<Outcome, Mismatch> {
        let mut cursor = header(line, self.0, FIELDS.len(), row)?;
        let category = alert(&mut cursor, row).ok_or(Mismatch("the message is no security alert"))?;
        let keys = keys(category).ok_or(Mismatch("the category of the alert is unknown"))?;
        while let Some((name, value)) = pair(&mut cursor) {
            let known = keys.iter().find(|(key, ..)| *key == name);
            let (_, field, reading) = known.ok_or(Mismatch("the alert has a key that its category lacks"))?;
            row.set(
                *field,
                read(*reading, value).ok_or(Mismatch("a value of the alert is no number, time or boolean"))?,
            );
        }
        Ok(Outcome::Event)
    }
}

fn keys(category: &str) -> Option<&'static [Key]> {
    Some(match category {
        "New Profile" => NEW_PROFILE,
        "Security Incident" => SECURITY_INCIDENT,
        "New Counter Response" => NEW_COUNTER_RESPONSE,
        _ => return None,
    })
}

/// `[LEVEL][mws-security-alert][service] MKS_Category="C"`, which gives the category.
fn alert<'l>(cursor: &mut Cursor<'l>, row: &mut NativeRow<'l>) -> Option<&'l str> {
    row.set(2, Cell::Text(level(cursor)?));
    cursor.eat_text("[mws-security-alert]")?;
    row.set(3, Cell::Text(cursor.bracketed()?));
    cursor.gap()?;
    let (name, category) = pair(cursor)?;
    row.set(CATEGORY, Cell::Text(category));
    (name == "Category").then_some(category)
}

/// The next `MKS_key="value"`, without its prefix. A backslash keeps a quote inside the value, and stays there.
fn pair<'l>(cursor: &mut Cursor<'l>) -> Option<(&'l str, &'l str)> {
    cursor.blanks();
    let name = cursor.until(b'=')?;
    let text = cursor.rest().strip_prefix('"')?;
    let mut escaped = false;
    let end = text.bytes().position(|byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    })?;
    *cursor = Cursor::new(&text[end + 1..]);
    Some((name.strip_prefix("MKS_").unwrap_or(name), &text[..end]))
}

fn read(reading: Reading, value: &str) -> Option<Cell<'_>> {
    Some(match reading {
        Reading::Text => Cell::Text(value),
        Reading::Number => Cell::Integer(unsigned(value)?),
        Reading::Boolean => Cell::Boolean(boolean(value)?),
        Reading::Expiry if value == "null" => Cell::Absent,
        Reading::Time | Reading::Expiry => clock::date_time(value)?,
    })
}

/// The words for true and false that custom schemas accept, too.
fn boolean(value: &str) -> Option<bool> {
    match value {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}
