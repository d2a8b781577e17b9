//! Rows: what a parser of text cut out of a line, field by field.
//!
//! A custom schema's text parser gives texts, which are decoded as the strings of a JSON log are; a built-in format
//! gives values that it has read already. Only top-level fields come from a row.

use std::borrow::Cow;

use super::object::Fault;
use super::rules::Subject;
use super::scalar::{Scalar, range_of};
use super::{Decoder, Found, Work};
use crate::parse::event::Draft;
use crate::parse::json::NodeKind;
use crate::parse::layout::{Decode, Encoding, Layout, Slot};
use crate::parse::number::{write_float, write_signed};
use crate::parse::rejection::{Reason, Rejection};
use crate::parse::time::{Instant, write_data_lake, write_rfc3339};

/// The value of one top-level field.
#[derive(Clone, Copy, Debug)]
pub enum Cell<'a> {
    /// There is none.
    Absent,
    /// Text, to be decoded by the field's type.
    Text(&'a str),
    /// The same, of which it is known that it can be written between quotes as it is.
    Clean(&'a str),
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Float(f64),
    /// A time.
    Time(Instant),
    /// Texts.
    Texts(&'a [Cow<'a, str>]),
    /// A truth value.
    Boolean(bool),
    /// JSON, ready to be written.
    Json(&'a str),
}

/// What a line says of the top-level fields, by their numbers.
pub trait Cells {
    /// The value of a field.
    fn cell(&self, field: usize) -> Cell<'_>;
}

impl Decoder {
    /// Writes the fields of a row, as [`Decoder::json`] does for a JSON log.
    ///
    /// # Errors
    /// The row is no event of this type; what was written so far is to be cut off.
    pub fn row(&mut self, layout: &Layout, cells: &impl Cells, draft: &mut Draft<'_>) -> Result<(), Rejection> {
        let root = layout.root();
        let start = draft.out.len();
        for (index, slot) in layout.objects[root].fields.iter().enumerate() {
            let cell = cells.cell(index);
            if self.work.simple(layout, slot, cell, draft) {
                continue;
            }
            let before = draft.out.len();
            slot.key.write(draft.out);
            let written = self.work.cell(layout, slot, cell, draft);
            match written.and_then(|found| checked(slot, cell, found).map(|()| found)) {
                Ok(Found::Written) => {}
                Ok(_) => draft.out.truncate(before),
                Err(Fault::Here(reason)) => return Err(Rejection { field: Some((root, index)), reason }),
                Err(Fault::Below(rejection)) => return Err(rejection),
            }
        }
        super::object::open_at(start, draft.out);
        Ok(())
    }
}

#[inline]
fn checked(slot: &Slot, cell: Cell<'_>, found: Found) -> Result<(), Fault> {
    let subject = || match cell {
        Cell::Absent => Subject::Absent,
        Cell::Text(text) | Cell::Clean(text) | Cell::Json(text) => Subject::Text(Cow::Borrowed(text)),
        Cell::Integer(number) => Subject::Number(number as f64, None),
        Cell::Float(number) => Subject::Number(number, None),
        Cell::Texts(texts) => Subject::Count(texts.len()),
        Cell::Time(_) | Cell::Boolean(_) => Subject::Other,
    };
    super::rules::check(slot, true, found, subject)
}

impl Work {
    /// Most cells need no second look: nothing where nothing is asked, texts and numbers of which nothing is asked.
    /// False: nothing was written, and [`Work::cell`] is to decide.
    #[inline(always)]
    fn simple(&mut self, layout: &Layout, slot: &Slot, cell: Cell<'_>, draft: &mut Draft<'_>) -> bool {
        match (cell, &slot.value.decode) {
            (Cell::Absent, _) => !slot.required && slot.rules.is_empty(),
            (Cell::Clean(text), Decode::String) if slot.simple => {
                slot.key.write(draft.out);
                draft.out.push(b'"');
                draft.out.extend_from_slice(text.as_bytes());
                draft.out.push(b'"');
                true
            }
            (Cell::Text(text), Decode::String) if slot.simple => {
                slot.key.write(draft.out);
                self.write_text(layout.strict, text, draft);
                true
            }
            (Cell::Integer(number), _) if slot.sizes.contains(&number) => {
                slot.key.write(draft.out);
                write_signed(number, draft.out);
                true
            }
            _ => false,
        }
    }

    fn cell(&mut self, layout: &Layout, slot: &Slot, cell: Cell<'_>, draft: &mut Draft<'_>) -> Result<Found, Fault> {
        match cell {
            Cell::Absent => Ok(Found::Absent),
            Cell::Text(text) | Cell::Clean(text) => {
                let verbatim = matches!(cell, Cell::Clean(_));
                let scalar = Scalar { text, kind: NodeKind::Escaped, verbatim };
                Ok(self.write_scalar(layout, &slot.value, slot.plain, scalar, draft)?)
            }
            Cell::Integer(number) => Ok(integer(slot, number, draft)?),
            Cell::Float(number) if slot.plain && number == 0.0 => Ok(Found::Omitted),
            Cell::Float(number) => {
                write_float(number, draft.out);
                Ok(Found::Written)
            }
            Cell::Time(instant) => Ok(time(layout, slot, instant, draft)),
            Cell::Texts(texts) => self.texts(layout, slot, texts, draft),
            Cell::Boolean(false) if slot.plain => Ok(Found::Omitted),
            Cell::Boolean(value) => {
                draft.out.extend_from_slice(if value { b"true" } else { b"false" });
                Ok(Found::Written)
            }
            Cell::Json(text) => {
                draft.out.extend_from_slice(text.as_bytes());
                Ok(Found::Written)
            }
        }
    }

    fn texts(
        &mut self,
        layout: &Layout,
        slot: &Slot,
        texts: &[Cow<'_, str>],
        draft: &mut Draft<'_>,
    ) -> Result<Found, Fault> {
        let Decode::Array(element, _) = &slot.value.decode else {
            return Err(Reason::Type("one value", "a list".into()).into());
        };
        if texts.is_empty() {
            return Ok(Found::Omitted);
        }
        for (place, text) in texts.iter().enumerate() {
            draft.out.push(if place == 0 { b'[' } else { b',' });
            let scalar = Scalar { text, kind: NodeKind::Escaped, verbatim: false };
            self.write_scalar(layout, element, false, scalar, draft)?;
        }
        draft.out.push(b']');
        Ok(Found::Written)
    }
}

fn integer(slot: &Slot, number: i64, draft: &mut Draft<'_>) -> Result<Found, Reason> {
    if let Decode::Integer(whole) = slot.value.decode
        && !whole.holds(number)
    {
        return Err(Reason::Value(range_of(whole), number.to_string().into()));
    }
    if slot.plain && number == 0 {
        return Ok(Found::Omitted);
    }
    write_signed(number, draft.out);
    Ok(Found::Written)
}

fn time(layout: &Layout, slot: &Slot, instant: Instant, draft: &mut Draft<'_>) -> Found {
    let Some(instant) = instant.unless_zero() else { return Found::Absent };
    let start = draft.out.len();
    let table = layout.strict || layout.encoding == Encoding::DataLake;
    if table {
        write_data_lake(&instant, draft.out);
    } else {
        write_rfc3339(&instant, draft.out);
    }
    if let Decode::Time(times) = &slot.value.decode {
        draft.learn_time(times.event_time, instant, table.then_some(start));
    }
    Found::Written
}
