//! `timeFormat`: a name, a layout, or a strftime pattern.

use super::super::TimeFormat;
use super::super::keys::{FORMATS, Mode};
use crate::error::near;

/// What stands before a layout of the reference time.
const LAYOUT: &str = "layout=";

/// A mistake and what would be right.
pub(super) struct Wrong {
    pub what: String,
    pub hint: String,
}

/// The format that a text means. An empty one means RFC 3339, as it always did.
pub(super) fn time_format(text: &str, mode: Mode) -> Result<TimeFormat, Wrong> {
    if text.is_empty() {
        return Ok(TimeFormat::Rfc3339);
    }
    if let Some(layout) = text.strip_prefix(LAYOUT) {
        return Ok(TimeFormat::Layout(layout.to_owned()));
    }
    match named(text).filter(|_| FORMATS.iter().any(|word| word.name == text && mode.has(word.built_in))) {
        Some(format) => Ok(format),
        None if text.contains('%') => Ok(TimeFormat::Strftime(text.to_owned())),
        None => Err(unknown(text, mode)),
    }
}

fn named(text: &str) -> Option<TimeFormat> {
    Some(match text {
        "rfc3339" => TimeFormat::Rfc3339,
        "unix" => TimeFormat::Unix,
        "unix_ms" => TimeFormat::UnixMillis,
        "unix_us" => TimeFormat::UnixMicros,
        "unix_ns" => TimeFormat::UnixNanos,
        "unix_auto" => TimeFormat::UnixAuto,
        "cloudflare" => TimeFormat::Cloudflare,
        "ansic" => TimeFormat::AnsiC,
        "suricata" => TimeFormat::Suricata,
        "fluentd" => TimeFormat::Fluentd,
        "lacework" => TimeFormat::Lacework,
        "unix_float" => TimeFormat::UnixFloat,
        _ => return None,
    })
}

/// The text that means a format in a schema.
#[must_use]
pub fn text_of(format: &TimeFormat) -> String {
    match format {
        TimeFormat::Rfc3339 => "rfc3339",
        TimeFormat::Unix => "unix",
        TimeFormat::UnixMillis => "unix_ms",
        TimeFormat::UnixMicros => "unix_us",
        TimeFormat::UnixNanos => "unix_ns",
        TimeFormat::UnixAuto => "unix_auto",
        TimeFormat::Cloudflare => "cloudflare",
        TimeFormat::AnsiC => "ansic",
        TimeFormat::Suricata => "suricata",
        TimeFormat::Fluentd => "fluentd",
        TimeFormat::Lacework => "lacework",
        TimeFormat::UnixFloat => "unix_float",
        TimeFormat::Strftime(pattern) => pattern,
        TimeFormat::Layout(layout) => return format!("{LAYOUT}{layout}"),
    }
    .to_owned()
}

fn unknown(text: &str, mode: Mode) -> Wrong {
    let known = FORMATS.iter().filter(|word| mode.has(word.built_in)).map(|word| word.name);
    let hint = if text.contains("2006") || text.contains("15:04") {
        format!("a layout of the reference time begins with `{LAYOUT}`")
    } else if let Some(near) = near(text, known.clone()) {
        format!("did you mean `{near}`?")
    } else {
        let names: Vec<String> = known.map(|name| format!("`{name}`")).collect();
        format!("write {}, or a pattern such as `%Y-%m-%d %H:%M:%S`", names.join(", "))
    };
    Wrong { what: format!("`{text}` is no format of times"), hint }
}
