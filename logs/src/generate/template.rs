//! Templates: rows and values written down as they look, with `${name}` where a value is drawn.
//!
//! | placeholder | value |
//! |---|---|
//! | `${user}`, `${ip}`, ... | a value of the estate, see [`Entity`] |
//! | `${uuid}` `${hex:N}` `${digits:N}` `${alnum:N}` `${lower:N}` | made anew, of N letters |
//! | `${number:LOW..HIGH}` `${decimal:LOW..HIGH}` | a number of the range, both ends included |
//! | `${port}` | a high port |
//! | `${any:a\|b\|c}` | one of these |
//! | `${texts:N}` | a JSON object of up to N texts, or null |
//! | `${row}` | the number of the row |
//! | `${time:LAYOUT}` `${later:SECONDS:LAYOUT}` | the time, by the reference time `2006-01-02 15:04:05` |
//! | `${rfc3339}` `${unix}` `${millis}` `${micros}` `${unix:SECONDS}` | the time, as named |

use super::entities::Entity;
use super::program::{Program, Step};
use super::words;
use crate::parse::time::Codec;
use crate::schema::TimeFormat;

/// The first of the ports that clients use.
const HIGH_PORT: i64 = 1_024;

impl Program {
    /// Compiles a template.
    ///
    /// # Errors
    /// A placeholder is unknown, or does not end.
    pub fn template(text: &str) -> Result<Self, String> {
        let mut program = Self::default();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            program.text(before);
            let (inside, behind) = after.split_once('}').ok_or_else(|| format!("`${{{after}` does not end"))?;
            let (name, argument) = inside.split_once(':').unwrap_or((inside, ""));
            let step = step(name, argument).ok_or_else(|| format!("`${{{inside}}}` is no value that can be drawn"))?;
            program.0.push(step);
            rest = behind;
        }
        program.text(rest);
        Ok(program)
    }

    /// A template of ours.
    ///
    /// # Panics
    /// It has a mistake; a test compiles them all.
    pub(super) fn known(text: &str) -> Self {
        Self::template(text).expect("the program's own templates are sound")
    }
}

fn step(name: &str, argument: &str) -> Option<Step> {
    if let Some((entity, _)) = Entity::ALL.iter().find(|(_, known)| *known == name) {
        return argument.is_empty().then_some(Step::Entity(*entity));
    }
    Some(match name {
        "uuid" => Step::Uuid,
        "row" => Step::RowNumber,
        "port" => Step::Number(HIGH_PORT, u64::from(u16::MAX) + 1 - HIGH_PORT.unsigned_abs()),
        "hex" => Step::Letters(words::HEX, argument.parse().ok()?),
        "digits" => Step::Letters(&words::HEX[..10], argument.parse().ok()?),
        "alnum" => Step::Letters(words::MIXED, argument.parse().ok()?),
        "lower" => Step::Letters(words::LOWER, argument.parse().ok()?),
        "texts" => Step::Texts(argument.parse().ok()?),
        "number" | "decimal" => range(name == "decimal", argument)?,
        "any" => Step::Any(argument.split('|').map(|choice| Program::template(choice).ok()).collect::<Option<_>>()?),
        _ => return time(name, argument),
    })
}

fn range(decimal: bool, argument: &str) -> Option<Step> {
    let (low, high) = argument.split_once("..")?;
    let (low, high): (i64, i64) = (low.parse().ok()?, high.parse().ok()?);
    let span = u64::try_from(high.checked_sub(low)?).ok()? + 1;
    Some(if decimal { Step::Decimal(low, span) } else { Step::Number(low, span) })
}

fn time(name: &str, argument: &str) -> Option<Step> {
    let layout = |text: &str| TimeFormat::Layout(text.to_owned());
    let (format, later) = match name {
        "time" => (layout(argument), 0),
        "later" => {
            let (seconds, text) = argument.split_once(':')?;
            (layout(text), seconds.parse().ok()?)
        }
        "rfc3339" => (TimeFormat::Rfc3339, 0),
        "millis" => (TimeFormat::UnixMillis, 0),
        "micros" => (TimeFormat::UnixMicros, 0),
        "unix" => (layout_of_seconds(), argument.parse().unwrap_or_default()),
        _ => return None,
    };
    Some(Step::Time { codec: Box::new(Codec::new(&format).ok()?), later, bare: true })
}

/// Whole seconds since 1970.
fn layout_of_seconds() -> TimeFormat {
    TimeFormat::Strftime("%s".to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::entities::Pools;
    use super::super::program::Row;
    use super::super::random::Random;
    use super::*;
    use crate::parse::time::Instant;

    fn row(template: &str) -> String {
        let (pools, mut random, mut out) = (Pools::new(1), Random::named(1, "", &[]), Vec::new());
        let at = Instant::utc(1_709_626_530, 123_000_000);
        let mut row = Row { pools: &pools, random: &mut random, at, person: 3, number: 7 };
        Program::template(template).expect("sound").write(&mut row, &mut out);
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn placeholders_are_replaced_and_the_rest_stands() {
        assert_eq!(row("a ${row} {b} $c"), "a 7 {b} $c");
        assert_eq!(row("${number:5..5} ${any:x}"), "5 x");
        assert_eq!(row("${user} <${email}>"), "anna.abe <anna.abe@example.com>");
        let letters = row("${hex:9}-${digits:3}-${alnum:20}-${uuid}");
        assert_eq!(letters.split('-').map(str::len).collect::<Vec<_>>(), [9, 3, 20, 8, 4, 4, 4, 12]);
    }

    #[test]
    fn times_are_written_as_asked_for() {
        assert_eq!(row("[${time:2/Jan/2006:15:04:05 -0700}]"), "[5/Mar/2024:08:15:30 +0000]");
        assert_eq!(row("${time:Jan _2 15:04:05}"), "Mar  5 08:15:30");
        assert_eq!(row("${later:1:2006-01-02T15:04:05Z}"), "2024-03-05T08:15:31Z");
        assert_eq!(row("${unix} ${unix:60} ${micros}"), "1709626530 1709626590 1709626530123000");
        assert_eq!(row("${rfc3339}"), "2024-03-05T08:15:30.123Z");
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        for wrong in ["${nothing}", "${user", "${hex}", "${number:9..1}", "${time:}", "${any:${x}}"] {
            assert!(Program::template(wrong).is_err(), "{wrong}");
        }
    }
}
