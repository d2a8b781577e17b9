//! Layouts in the manner of Go: the pattern is how the reference time, `Mon Jan 2 15:04:05 MST 2006`, would be written.

use super::pattern::{Fraction, Half, Length, Number, Of, Offset, Pattern, Piece};

/// The year of a time whose layout names none.
const DEFAULT_YEAR: u32 = 0;

/// Digits of a fraction that are read where a layout sets no limit.
const ANY_DIGITS: usize = usize::MAX;

/// Compiles a layout.
///
/// # Errors
/// The layout mentions no part of the reference time.
pub(super) fn compile(layout: &str) -> Result<Pattern, String> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = layout;
    while let Some(first) = rest.chars().next() {
        let found = element(rest).filter(|(_, length)| *length > 0);
        let length = found.as_ref().map_or(first.len_utf8(), |(_, length)| *length);
        match found {
            Some((piece, _)) => {
                flush(&mut literal, &mut pieces);
                add_element(piece, &mut pieces);
            }
            None => literal.push(first),
        }
        rest = &rest[length..];
    }
    flush(&mut literal, &mut pieces);
    Pattern::new(pieces, DEFAULT_YEAR)
        .ok_or_else(|| format!("the layout `{layout}` has no part of the reference time 2006-01-02 15:04:05"))
}

fn flush(literal: &mut String, pieces: &mut Vec<Piece>) {
    if !literal.is_empty() {
        pieces.push(Piece::Spaced(std::mem::take(literal).into()));
    }
}

/// Adds an element. Seconds read a fraction even where the layout has none.
fn add_element(piece: Piece, pieces: &mut Vec<Piece>) {
    if matches!(piece, Piece::Fraction(_)) && pieces.last() == Some(&Piece::SilentFraction) {
        pieces.pop();
    }
    let is_second = matches!(piece, Piece::Number(Number { of: Of::Second, .. }));
    pieces.push(piece);
    if is_second {
        pieces.push(Piece::SilentFraction);
    }
}

/// The part of the reference time with which a text begins, and its length.
fn element(text: &str) -> Option<(Piece, usize)> {
    match text.as_bytes()[0] {
        b'.' | b',' => fraction(text),
        b'J' | b'M' | b'P' | b'p' => word(text),
        b'-' | b'Z' => offset(text),
        _ => numbers(text),
    }
}

fn word(text: &str) -> Option<(Piece, usize)> {
    let whole = |name: &str, piece: Piece| text.starts_with(name).then_some((piece, name.len()));
    // `Jan` and `Mon` are not meant where they begin another word.
    let short = |name: &str, piece: Piece| {
        let after = text.strip_prefix(name)?;
        (!after.starts_with(|next: char| next.is_ascii_lowercase())).then_some((piece, name.len()))
    };
    whole("January", Piece::Month(Length::Long))
        .or_else(|| short("Jan", Piece::Month(Length::Short)))
        .or_else(|| whole("Monday", Piece::Weekday(Length::Long)))
        .or_else(|| short("Mon", Piece::Weekday(Length::Short)))
        .or_else(|| whole("MST", Piece::Zone { capitals: false }))
        .or_else(|| whole("PM", Piece::HalfDay(Half { capitals: true, any_case: false })))
        .or_else(|| whole("pm", Piece::HalfDay(Half { capitals: false, any_case: false })))
}

fn numbers(text: &str) -> Option<(Piece, usize)> {
    let fixed = |of, width| Number { of, least: width, most: width, blank: false, width };
    let free = |of| Number { of, least: 1, most: 2, blank: false, width: 1 };
    let half_hour = Of::HalfHour { least: 0 };
    let candidates = [
        ("002", fixed(Of::YearDay, 3)),
        ("01", fixed(Of::Month, 2)),
        ("02", fixed(Of::Day, 2)),
        ("03", fixed(half_hour, 2)),
        ("04", fixed(Of::Minute, 2)),
        ("05", fixed(Of::Second, 2)),
        ("06", fixed(Of::ShortYear, 2)),
        ("15", Number { width: 2, ..free(Of::Hour) }),
        ("1", free(Of::Month)),
        ("2006", fixed(Of::Year, 4)),
        ("2", free(Of::Day)),
        ("3", free(half_hour)),
        ("4", free(Of::Minute)),
        ("5", free(Of::Second)),
    ];
    if text.starts_with("_2") && !text.starts_with("_2006") {
        return Some((Piece::Number(Number { blank: true, ..free(Of::Day) }), 2));
    }
    let (name, number) = candidates.into_iter().find(|(name, _)| text.starts_with(name))?;
    Some((Piece::Number(number), name.len()))
}

fn offset(text: &str) -> Option<(Piece, usize)> {
    let z = text.starts_with('Z');
    let digits = &text[1..];
    [("070000", false, 3), ("07:00:00", true, 3), ("0700", false, 2), ("07:00", true, 2), ("07", false, 1)]
        .into_iter()
        .find(|(name, ..)| digits.starts_with(name))
        .map(|(name, colon, parts)| (Piece::Offset(Offset { z, colon, parts }), 1 + name.len()))
}

/// A point or comma and a run of zeros (so many digits) or nines (up to so many), which no other digit follows.
fn fraction(text: &str) -> Option<(Piece, usize)> {
    let bytes = text.as_bytes();
    let digit = *bytes.get(1).filter(|digit| matches!(digit, b'0' | b'9'))?;
    let width = bytes[1..].iter().take_while(|byte| **byte == digit).count();
    if bytes.get(1 + width).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let cut = digit == b'9';
    let (least, most) = if cut { (0, ANY_DIGITS) } else { (width, width) };
    let fraction = Fraction { point: Some(bytes[0]), least, most, width: width.min(9), cut };
    Some((Piece::Fraction(fraction), 1 + width))
}
