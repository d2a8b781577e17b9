//! Bracket classes such as `[^\w.-]`, read by RE2's rules and written so that the `regex` crate reads the same.
//!
//! The crate knows nested classes and set operations (`[a&&b]`), which RE2 does not: there these characters are plain.

use std::fmt::Write as _;

use super::translate::{Characters, character_escape, wrong};

/// Reads a class whose `[` was read, up to and with its `]`.
pub(super) fn read(characters: &mut Characters<'_>, out: &mut String) -> Result<(), String> {
    let open = characters.at() - 1;
    out.push('[');
    if characters.take('^') {
        out.push('^');
    }
    let mut first = true;
    loop {
        if !first && characters.take(']') {
            out.push(']');
            return Ok(());
        }
        first = false;
        item(characters, out, open)?;
    }
}

/// One character, one range or one named class.
fn item(characters: &mut Characters<'_>, out: &mut String, open: usize) -> Result<(), String> {
    if let Some(named) = named(characters) {
        out.push_str(named);
        return Ok(());
    }
    if let Some(perl) = perl(characters, out) {
        return perl;
    }
    let low = single(characters, open)?;
    literal(low, out);
    if characters.rest().starts_with('-') && !characters.rest().starts_with("-]") {
        characters.take('-');
        let high = single(characters, open)?;
        if high < low {
            return Err(wrong(characters, open, &format!("has the empty range `{low}-{high}`")));
        }
        out.push('-');
        literal(high, out);
    }
    Ok(())
}

/// `[:alpha:]` and its like, which both sides know.
fn named<'c>(characters: &mut Characters<'c>) -> Option<&'c str> {
    let rest = characters.rest();
    let end = rest.strip_prefix("[:")?.find(":]")?;
    let name = &rest[..end + 4];
    let plain = name[2..name.len() - 2].bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'^');
    plain.then(|| {
        characters.skip(name.len());
        name
    })
}

/// `\d`, `\W`, `\pL` and their like inside a class.
fn perl(characters: &mut Characters<'_>, out: &mut String) -> Option<Result<(), String>> {
    let kind = characters.rest().strip_prefix('\\')?.chars().next()?;
    let set = match kind {
        'd' => r"0-9",
        'D' => r"[^0-9]",
        'w' => r"0-9A-Za-z_",
        'W' => r"[^0-9A-Za-z_]",
        's' => r"\t\n\x0C\r\x20",
        'S' => r"[^\t\n\x0C\r\x20]",
        'p' | 'P' => return Some(property(characters, out)),
        _ => return None,
    };
    characters.skip(2);
    out.push_str(set);
    Some(Ok(()))
}

/// `\pL`, `\p{Greek}`: as they are.
pub(super) fn property(characters: &mut Characters<'_>, out: &mut String) -> Result<(), String> {
    let start = characters.at();
    let rest = characters.rest();
    let length = match rest[2..].chars().next() {
        Some('{') => rest.find('}').map(|end| end + 1),
        Some(letter) => Some(2 + letter.len_utf8()),
        None => None,
    };
    let length = length.ok_or_else(|| wrong(characters, start, "names no property"))?;
    match rest[..length].split_once("{^") {
        // RE2's other way to say that it is not the property.
        Some((sign, name)) => {
            out.push_str(if sign == r"\p" { r"\P{" } else { r"\p{" });
            out.push_str(name);
        }
        None => out.push_str(&rest[..length]),
    }
    characters.skip(length);
    Ok(())
}

fn single(characters: &mut Characters<'_>, open: usize) -> Result<char, String> {
    match characters.next() {
        Some('\\') => character_escape(characters),
        Some(other) => Ok(other),
        None => Err(wrong(characters, open, "is not closed by `]`")),
    }
}

/// Writes one character so that it means itself, inside a class and outside.
pub(super) fn literal(character: char, out: &mut String) {
    if character.is_ascii_alphanumeric() || character == '_' || !character.is_ascii() {
        out.push(character);
    } else {
        // Writing to a string cannot fail.
        let _ = write!(out, "\\x{:02X}", u32::from(character));
    }
}
