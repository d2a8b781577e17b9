//! What tests of the schema language share: a parser that knows just enough, and a reader of good schemas.

use std::borrow::Cow;

use super::super::{Mode, Schema, TextParser, TimeFormat};
use super::{Compile, read};

/// Judges as the parser would, on the few cases that tests have.
pub(in crate::schema) const COMPILE: Compile = Compile { column_name, time_format, text_parser };

fn column_name(name: &str) -> Cow<'_, str> {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' }).collect()
}

fn time_format(format: &TimeFormat) -> Result<(), String> {
    match format {
        TimeFormat::Strftime(pattern) if pattern.contains("%Q") => Err("no directive `%Q`".to_owned()),
        _ => Ok(()),
    }
}

fn text_parser(parser: &TextParser) -> Result<(), String> {
    match parser {
        TextParser::Regex(regex) if regex.parts.concat().contains("(?P<a>(") => Err("a group has no end".to_owned()),
        _ => Ok(()),
    }
}

/// The schema of a text without errors.
pub(in crate::schema) fn schema(text: &str) -> Schema {
    let reading = read("f.yml", text, Mode::Public, &COMPILE);
    let errors: Vec<String> = reading.errors().map(ToString::to_string).collect();
    assert_eq!(errors, [""; 0], "{text}");
    reading.documents.into_iter().next().expect("a text without errors has a schema").schema
}
