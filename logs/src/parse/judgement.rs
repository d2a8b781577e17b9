//! What the reader of schemas cannot know by itself: whether the parser can do what a schema asks.

use crate::schema::{Compile, TextParser, TimeFormat};

use super::columns::column_name;
use super::text::TextMatcher;
use super::text::script;
use super::time::Codec;

/// The parser's judgement on the parts of a schema, for [`crate::schema::read`].
pub const JUDGEMENT: Compile = Compile { column_name, time_format, text_parser };

fn time_format(format: &TimeFormat) -> Result<(), String> {
    Codec::new(format).map(drop)
}

fn text_parser(parser: &TextParser) -> Result<(), String> {
    match parser {
        // It is a name only.
        TextParser::Native(_) => Ok(()),
        TextParser::Script(script) => script::compile(script).map(drop),
        TextParser::Csv(_) | TextParser::FastMatch(_) | TextParser::Regex(_) => TextMatcher::new(parser).map(drop),
    }
}

#[cfg(test)]
mod tests;
