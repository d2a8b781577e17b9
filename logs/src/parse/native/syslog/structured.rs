//! Structured data of RFC 5424: `[id key="value" ..][id2 ..]`, written as a JSON object of objects, sorted by key.

use std::ops::Range;

use super::super::cursor::Cursor;
use crate::parse::json::escape::clean_length;

/// Ids and keys have at most so many characters.
const LONGEST_NAME: usize = 32;

/// One parameter: its name, and its value as it stands in the line, escapes and all.
type Parameter<'l> = (&'l str, &'l str);

/// An element: its id, and which of the parameters are its own.
type Element<'l> = (&'l str, Range<usize>);

/// The elements of a line.
#[derive(Debug, Default)]
pub(super) struct Elements<'l> {
    elements: Vec<Element<'l>>,
    parameters: Vec<Parameter<'l>>,
}

/// One or more elements; `None` if they are broken or an id comes twice.
pub(super) fn read<'l>(cursor: &mut Cursor<'l>) -> Option<Elements<'l>> {
    let mut read = Elements::default();
    while cursor.peek() == Some(b'[') {
        read.element(cursor)?;
    }
    read.elements.sort_by_key(|(id, _)| *id);
    let twice = read.elements.windows(2).any(|pair| pair[0].0 == pair[1].0);
    (!read.elements.is_empty() && !twice).then_some(read)
}

impl<'l> Elements<'l> {
    fn element(&mut self, cursor: &mut Cursor<'l>) -> Option<()> {
        cursor.eat(b'[')?;
        let id = name(cursor)?;
        let start = self.parameters.len();
        while cursor.eat(b' ').is_some() {
            let key = name(cursor)?;
            cursor.eat_text("=\"")?;
            self.parameters.push((key, value(cursor)?));
        }
        cursor.eat(b']')?;
        self.elements.push((id, start..self.parameters.len()));
        Some(())
    }

    /// Appends them as JSON.
    pub(super) fn write(mut self, out: &mut String) {
        let mut before = '{';
        for (id, range) in self.elements {
            out.push(before);
            write_text(out, id);
            out.push(':');
            parameters(&mut self.parameters[range], out);
            before = ',';
        }
        out.push('}');
    }
}

fn parameters(parameters: &mut [Parameter<'_>], out: &mut String) {
    // Stable, so that of two parameters of one name the last is the last here, too, and wins.
    parameters.sort_by_key(|(key, _)| *key);
    out.push('{');
    let start = out.len();
    for (index, (key, value)) in parameters.iter().enumerate() {
        if parameters.get(index + 1).is_some_and(|(next, _)| next == key) {
            continue;
        }
        if out.len() > start {
            out.push(',');
        }
        write_text(out, key);
        out.push(':');
        write_value(out, value);
    }
    out.push('}');
}

fn name<'l>(cursor: &mut Cursor<'l>) -> Option<&'l str> {
    let name = cursor.while_byte(|byte| byte.is_ascii_graphic() && !matches!(byte, b'=' | b']' | b'"'));
    (1..=LONGEST_NAME).contains(&name.len()).then_some(name)
}

/// The text before the closing quote. A quote or bracket inside it follows a backslash.
fn value<'l>(cursor: &mut Cursor<'l>) -> Option<&'l str> {
    let text = cursor.rest();
    loop {
        cursor.while_byte(|byte| !matches!(byte, b'"' | b'\\' | b']'));
        match cursor.next()? {
            b'"' => return Some(&text[..text.len() - cursor.rest().len() - 1]),
            b'\\' if matches!(cursor.peek(), Some(b'"' | b'\\' | b']')) => {
                cursor.next()?;
            }
            b'\\' => {}
            _ => return None,
        }
    }
}

/// A value whose escapes are resolved.
fn write_value(out: &mut String, value: &str) {
    if !value.contains('\\') {
        return write_text(out, value);
    }
    out.push('"');
    let mut characters = value.chars().peekable();
    while let Some(character) = characters.next() {
        let literal = match characters.peek() {
            Some(&next @ ('"' | '\\' | ']')) if character == '\\' => {
                characters.next();
                next
            }
            _ => character,
        };
        write_character(out, literal);
    }
    out.push('"');
}

/// A JSON string, safe inside HTML, as all texts of older types are written.
fn write_text(out: &mut String, text: &str) {
    out.push('"');
    let (clean, rest) = text.split_at(clean_length(text));
    out.push_str(clean);
    rest.chars().for_each(|character| write_character(out, character));
    out.push('"');
}

fn write_character(out: &mut String, character: char) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\0'..='\x1f' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
            out.push_str("\\u");
            let code = u32::from(character);
            out.extend([12, 8, 4, 0].map(|shift| char::from_digit((code >> shift) & 15, 16).unwrap_or('0')));
        }
        _ => out.push(character),
    }
}
