//! Structured data of RFC 5424: `[id key="value" ..][id2 ..]`, written as a JSON object of objects, sorted by key.

use super::super::cursor::Cursor;

/// Ids and keys have at most so many characters.
const LONGEST_NAME: usize = 32;

/// One parameter: its name, and its value as it stands in the line, escapes and all.
type Parameter<'l> = (&'l str, &'l str);

/// One or more elements as JSON; `None` if they are broken or an id comes twice.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<String> {
    let mut elements: Vec<(&str, Vec<Parameter<'_>>)> = Vec::new();
    while cursor.peek() == Some(b'[') {
        elements.push(element(cursor)?);
    }
    elements.sort_by_key(|(id, _)| *id);
    let twice = elements.windows(2).any(|pair| pair[0].0 == pair[1].0);
    (!elements.is_empty() && !twice).then(|| json(&mut elements))
}

fn element<'l>(cursor: &mut Cursor<'l>) -> Option<(&'l str, Vec<Parameter<'l>>)> {
    cursor.eat(b'[')?;
    let id = name(cursor)?;
    let mut parameters = Vec::new();
    while cursor.eat(b' ').is_some() {
        let key = name(cursor)?;
        cursor.eat_text("=\"")?;
        parameters.push((key, value(cursor)?));
    }
    cursor.eat(b']')?;
    Some((id, parameters))
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

fn json(elements: &mut [(&str, Vec<Parameter<'_>>)]) -> String {
    let mut out = String::from("{");
    for (place, (id, parameters)) in elements.iter_mut().enumerate() {
        separate(&mut out, place);
        write(&mut out, id, false);
        out.push_str(":{");
        // Stable, so that of two parameters of one name the last is the last here, too, and wins.
        parameters.sort_by_key(|(key, _)| *key);
        let mut written = 0;
        for (index, (key, value)) in parameters.iter().enumerate() {
            if parameters.get(index + 1).is_some_and(|(next, _)| next == key) {
                continue;
            }
            separate(&mut out, written);
            written += 1;
            write(&mut out, key, false);
            out.push(':');
            write(&mut out, value, true);
        }
        out.push('}');
    }
    out.push('}');
    out
}

fn separate(out: &mut String, place: usize) {
    if place > 0 {
        out.push(',');
    }
}

/// A JSON string, safe inside HTML, as all texts of older types are written.
fn write(out: &mut String, text: &str, escaped: bool) {
    out.push('"');
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let literal = match characters.peek() {
            Some(&next @ ('"' | '\\' | ']')) if escaped && character == '\\' => {
                characters.next();
                next
            }
            _ => character,
        };
        write_character(out, literal);
    }
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
