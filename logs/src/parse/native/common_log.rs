//! Access logs in the common and the combined format, as Apache invented them and Fastly writes them.
//!
//! The columns are as the format's expression would match them, read from left to right by hand: no column can be
//! longer or shorter than at first sight, so that nothing is ever tried twice.

use std::borrow::Cow;

use super::cursor::{Cursor, white};
use super::row::{Cell, Mismatch, NativeRow, Outcome};
use super::{Bytes, Ends, TextFormat, clock};

const FIELDS: [&str; 11] = [
    "remote_host_ip_address",
    "client_identity_rfc_1413",
    "request_user",
    "request_time",
    "request_method",
    "request_uri",
    "request_protocol",
    "response_status",
    "response_size",
    "user_agent",
    "referer",
];
/// The common format ends with the size.
const COMMON_FIELDS: usize = 9;

/// One request per line.
#[derive(Clone, Debug)]
pub(super) struct CommonLog {
    combined: bool,
}

impl CommonLog {
    /// Without referer and agent.
    pub(super) const COMMON: Self = Self { combined: false };
    /// With referer and agent.
    pub(super) const COMBINED: Self = Self { combined: true };
}

impl TextFormat for CommonLog {
    fn continued(&self) -> Box<dyn TextFormat> {
        Box::new(self.clone())
    }

    fn ends(&self) -> Ends {
        // The agent in quotes; or the size.
        Ends::last(if self.combined { Bytes::of(b"\"") } else { Bytes::DIGITS.or(Bytes::of(b"-")) })
    }

    fn fields(&self) -> &'static [&'static str] {
        if self.combined { &FIELDS } else { FIELDS.split_at(COMMON_FIELDS).0 }
    }

    fn read<'l>(&mut self, line: &'l str, row: &mut NativeRow<'l>) -> Result<Outcome, Mismatch> {
        row.begin(self.fields().len());
        let mut cursor = Cursor::new(line);
        cursor.while_byte(white);
        start(&mut cursor, row).ok_or(Mismatch("the line does not begin with host, identity, user and `[time]`"))?;
        request(&mut cursor, row)?;
        answer(&mut cursor, row).ok_or(Mismatch("the request is not followed by status and size"))?;
        if self.combined {
            let quoted = quotes(&mut cursor, row);
            quoted.ok_or(Mismatch("the size is not followed by referer and agent in quotes"))?;
        }
        cursor.while_byte(white);
        cursor.end().ok_or(Mismatch("more follows than the format has"))?;
        Ok(Outcome::Event)
    }
}

fn start<'l>(cursor: &mut Cursor<'l>, row: &mut NativeRow<'l>) -> Option<()> {
    for field in 0..3 {
        let word = cursor.word()?;
        cursor.gap()?;
        present(row, field, &Cow::Borrowed(word));
    }
    row.set(3, clock::access_log(cursor.bracketed()?)?);
    cursor.gap()
}

/// Method, URI and protocol must all be there.
fn request<'l>(cursor: &mut Cursor<'l>, row: &mut NativeRow<'l>) -> Result<(), Mismatch> {
    let quoted = quoted(cursor).ok_or(Mismatch("the request does not stand in quotes"))?;
    let three = Mismatch("the request is not `METHOD URI PROTOCOL`");
    match quoted {
        Cow::Borrowed(text) => {
            let parts = three_words(text).ok_or(three)?;
            (4..).zip(parts).for_each(|(field, part)| present(row, field, &Cow::Borrowed(part)));
        }
        Cow::Owned(text) => {
            let parts = three_words(&text).ok_or(three)?;
            (4..).zip(parts).for_each(|(field, part)| present(row, field, &Cow::Owned(part.to_owned())));
        }
    }
    Ok(())
}

fn three_words(text: &str) -> Option<[&str; 3]> {
    let mut words = text.split_ascii_whitespace();
    let parts = [words.next()?, words.next()?, words.next()?];
    words.next().is_none().then_some(parts)
}

fn answer<'l>(cursor: &mut Cursor<'l>, row: &mut NativeRow<'l>) -> Option<()> {
    cursor.gap()?;
    row.set(7, Cell::Integer(i64::from(cursor.number(3, 3)?)));
    cursor.gap()?;
    let size = match cursor.eat(b'-') {
        Some(()) => 0,
        None => cursor.while_byte(|byte| byte.is_ascii_digit()).parse().ok()?,
    };
    row.set(8, Cell::Integer(size));
    Some(())
}

/// Referer, then agent.
fn quotes<'l>(cursor: &mut Cursor<'l>, row: &mut NativeRow<'l>) -> Option<()> {
    for field in [10, 9] {
        cursor.gap()?;
        present(row, field, &quoted(cursor)?);
    }
    Some(())
}

/// A text in quotes. A quote inside it is written `\"`; a backslash before anything else is not of this format.
fn quoted<'l>(cursor: &mut Cursor<'l>) -> Option<Cow<'l, str>> {
    cursor.eat(b'"')?;
    let mut whole = Cow::Borrowed("");
    loop {
        let part = cursor.while_byte(|byte| byte != b'"' && byte != b'\\');
        match &mut whole {
            Cow::Borrowed("") => whole = Cow::Borrowed(part),
            whole => whole.to_mut().push_str(part),
        }
        if cursor.next()? == b'"' {
            return Some(whole);
        }
        cursor.eat(b'"')?;
        whole.to_mut().push('"');
    }
}

/// A dash, with or without quotes, means that there is nothing.
fn present<'l>(row: &mut NativeRow<'l>, field: usize, text: &Cow<'l, str>) {
    if !matches!(&**text, "" | "-" | "\"-\"") {
        row.set_text(field, text);
    }
}
