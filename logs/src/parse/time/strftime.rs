//! strftime patterns: `%Y-%m-%d %H:%M:%S`.

use super::pattern::{Fraction, Half, Length, Number, Of, Offset, Pattern, Piece};

/// The year of a time whose pattern names none.
const DEFAULT_YEAR: u32 = 1900;

/// Compiles a pattern.
///
/// # Errors
/// An unknown directive, or no directive at all.
pub(super) fn compile(pattern: &str) -> Result<Pattern, String> {
    let mut pieces = Vec::new();
    add(pattern, &mut pieces)?;
    Pattern::new(pieces, DEFAULT_YEAR).ok_or_else(|| {
        format!("`{pattern}` is neither the name of a time format nor a pattern with directives such as %Y-%m-%d")
    })
}

fn add(pattern: &str, pieces: &mut Vec<Piece>) -> Result<(), String> {
    let mut rest = pattern;
    while !rest.is_empty() {
        let (text, directive) = rest.split_once('%').map_or((rest, None), |(text, after)| (text, Some(after)));
        add_text(text, pieces);
        let Some(after) = directive else { break };
        let Some(letter) = after.chars().next() else {
            return Err(format!("the pattern `{pattern}` ends with a lone %; write %% for a percent sign"));
        };
        add_directive(letter, pieces)?;
        rest = &after[letter.len_utf8()..];
    }
    Ok(())
}

/// Adds literal text, joined with that before it.
fn add_text(text: &str, pieces: &mut Vec<Piece>) {
    match pieces.last_mut() {
        _ if text.is_empty() => {}
        Some(Piece::Text(before)) => *before = format!("{before}{text}").into(),
        _ => pieces.push(Piece::Text(text.into())),
    }
}

fn add_directive(letter: char, pieces: &mut Vec<Piece>) -> Result<(), String> {
    if letter == '%' {
        add_text("%", pieces);
        return Ok(());
    }
    let short_for = match letter {
        'F' => "%Y-%m-%d",
        'T' | 'X' => "%H:%M:%S",
        'R' => "%H:%M",
        'D' | 'x' => "%m/%d/%y",
        'v' => "%e-%b-%Y",
        'r' => "%I:%M:%S %p",
        'c' => "%a %b %e %H:%M:%S %Y",
        '+' => "%a %b %e %H:%M:%S %Z %Y",
        _ => {
            let piece = number(letter).map(Piece::Number).or_else(|| other(letter));
            pieces.push(piece.ok_or_else(|| format!("%{letter} is no directive of time patterns"))?);
            return Ok(());
        }
    };
    add(short_for, pieces)
}

fn number(letter: char) -> Option<Number> {
    let (of, most, blank) = match letter {
        'Y' => (Of::Year, 4, false),
        'G' => (Of::WeekYear, 4, false),
        'y' => (Of::ShortYear, 2, false),
        'g' => (Of::ShortWeekYear, 2, false),
        'C' => (Of::Century, 2, false),
        'm' => (Of::Month, 2, false),
        'd' => (Of::Day, 2, false),
        'e' => (Of::Day, 2, true),
        'j' => (Of::YearDay, 3, false),
        'H' => (Of::Hour, 2, false),
        'k' => (Of::Hour, 2, true),
        'I' => (Of::HalfHour { least: 1 }, 2, false),
        'l' => (Of::HalfHour { least: 1 }, 2, true),
        'M' => (Of::Minute, 2, false),
        'S' => (Of::Second, 2, false),
        's' => return Some(Number { of: Of::EpochSeconds, least: 1, most: 10, blank: false, width: 1 }),
        'w' => (Of::WeekdayFromSunday, 1, false),
        'u' => (Of::WeekdayFromMonday, 1, false),
        'U' => (Of::WeekFromSunday, 2, false),
        'W' => (Of::WeekFromMonday, 2, false),
        'V' => (Of::IsoWeek, 2, false),
        _ => return None,
    };
    Some(Number { of, least: 1, most, blank, width: if blank { 1 } else { most } })
}

fn other(letter: char) -> Option<Piece> {
    Some(match letter {
        'B' => Piece::Month(Length::Long),
        'b' | 'h' => Piece::Month(Length::Short),
        'A' => Piece::Weekday(Length::Long),
        'a' => Piece::Weekday(Length::Short),
        'p' => Piece::HalfDay(Half { capitals: true, any_case: true }),
        'P' => Piece::HalfDay(Half { capitals: false, any_case: true }),
        'f' => fraction(6),
        'L' => fraction(3),
        'N' => fraction(9),
        'z' => Piece::Offset(Offset { z: false, colon: false, parts: 2 }),
        'Z' => Piece::Zone { capitals: true },
        't' => Piece::Gap('\t'),
        'n' => Piece::Gap('\n'),
        _ => return None,
    })
}

/// Up to so many digits of a fraction, the first of them tenths.
fn fraction(digits: usize) -> Piece {
    Piece::Fraction(Fraction { point: None, least: 1, most: digits, width: digits, cut: false })
}
