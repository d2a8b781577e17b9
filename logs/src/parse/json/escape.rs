//! Strings as JSON: written with the escapes of either generation of log types, and read from their raw text.
//!
//! Each string of each event passes here. What needs no escape, nearly everything, is found eight bytes at a time and
//! copied in one piece.

use std::borrow::Cow;

#[cfg(test)]
mod tests;

/// Appends a string with its quotes; only `"`, `\` and control characters are escaped.
pub fn write_string(out: &mut Vec<u8>, text: &str) {
    write::<false>(out, text);
}

/// Appends a string with its quotes, safe inside HTML: `<`, `>`, `&`, U+2028 and U+2029 are escaped as well, as older
/// built-in log types do.
pub fn write_string_html(out: &mut Vec<u8>, text: &str) {
    write::<true>(out, text);
}

/// Appends JSON as it stands, but on one line: line breaks between its parts become blanks, for an event is a line.
pub fn write_raw(out: &mut Vec<u8>, raw: &str) {
    let start = out.len();
    out.extend_from_slice(raw.as_bytes());
    if memchr::memchr2(b'\n', b'\r', raw.as_bytes()).is_some() {
        let breaks = out[start..].iter_mut().filter(|byte| matches!(byte, b'\n' | b'\r'));
        breaks.for_each(|byte| *byte = b' ');
    }
}

fn write<const HTML: bool>(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    out.reserve(bytes.len() + 2);
    out.push(b'"');
    let mut copied = 0;
    let mut at = find::<HTML>(bytes, 0);
    while at < bytes.len() {
        out.extend_from_slice(&bytes[copied..at]);
        copied = at + write_escape::<HTML>(out, &bytes[at..]);
        at = find::<HTML>(bytes, copied);
    }
    out.extend_from_slice(&bytes[copied..]);
    out.push(b'"');
}

/// How both separators begin.
const LINE_SEPARATORS: [u8; 2] = [0xe2, 0x80];

/// Eight times the same byte.
const fn spread(byte: u8) -> u64 {
    0x0101_0101_0101_0101 * byte as u64
}

/// The top bit of each of eight bytes that is special: one that is written otherwise, or (in HTML) may begin what is.
///
/// A sum with 7f sets the top bit of each byte but zero, so that one "and" collects all tests. Two signs
/// that differ in one bit are looked for at once, with that bit cleared.
#[inline]
fn special<const HTML: bool>(eight: [u8; 8]) -> u64 {
    const LOW: u64 = spread(0x7f);
    const HIGH: u64 = spread(0x80);
    let word = u64::from_le_bytes(eight);
    let low = word & LOW;
    let differs = |bits: u64, sign: u8| (bits ^ spread(sign)) + LOW;
    let mut clean = (low + spread(0x80 - 0x20)) & differs(low, b'\\');
    if HTML {
        clean &= differs(low & !spread(b'"' ^ b'&'), b'"') & differs(low & !spread(b'<' ^ b'>'), b'<');
    } else {
        clean &= differs(low, b'"');
    }
    let marks = !(clean | word);
    let separators = if HTML { !differs(low, LINE_SEPARATORS[0] & 0x7f) & word } else { 0 };
    (marks | separators) & HIGH
}

/// The place of the first special byte of eight, if there is one.
#[inline]
fn first_special<const HTML: bool>(eight: [u8; 8]) -> Option<usize> {
    let marks = special::<HTML>(eight);
    (marks != 0).then(|| marks.trailing_zeros() as usize / 8)
}

/// How many bytes at the beginning of a text can stand between quotes as they are, in JSON that is safe inside HTML.
#[must_use]
pub fn clean_length(text: &str) -> usize {
    find::<true>(text.as_bytes(), 0)
}

/// Whether a text can stand between quotes as it is, in JSON that is safe inside HTML.
#[must_use]
pub fn is_clean(text: &str) -> bool {
    clean_length(text) == text.len()
}

/// Bytes that are looked at in one step where there are so many.
const BLOCK: usize = 32;

/// How many bytes at the beginning are known to be clean, block by block: all of them, if none is special.
#[inline]
fn clean_blocks<const HTML: bool>(bytes: &[u8]) -> usize {
    let (blocks, _) = bytes.as_chunks::<BLOCK>();
    let clean = blocks.iter().take_while(|block| is_clean_block::<HTML>(block)).count();
    match bytes.last_chunk() {
        // The last bytes, some of them looked at twice.
        Some(last) if clean == blocks.len() && is_clean_block::<HTML>(last) => bytes.len(),
        _ => clean * BLOCK,
    }
}

/// No branch and no early end. In words: a release is optimized as a whole for size, where the compiler makes no vectors of a loop
/// over bytes, and one that hopes for them takes a quarter of all time.
#[inline]
fn is_clean_block<const HTML: bool>(block: &[u8; BLOCK]) -> bool {
    block.as_chunks::<8>().0.iter().fold(0, |found, word| found | special::<HTML>(*word)) == 0
}

/// The place of the first special byte from `start` on; the length where there is none.
fn find<const HTML: bool>(bytes: &[u8], start: usize) -> usize {
    let start = start + clean_blocks::<HTML>(&bytes[start..]);
    let (words, tail) = bytes[start..].as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        if let Some(at) = first_special::<HTML>(*word) {
            return start + index * 8 + at;
        }
    }
    if tail.is_empty() {
        return bytes.len();
    }
    // The last eight bytes, some of them looked at twice, are quicker than the tail byte by byte.
    if let Some(last) = bytes[start..].last_chunk::<8>() {
        return first_special::<HTML>(*last).map_or(bytes.len(), |at| bytes.len() - 8 + at);
    }
    first_special_of_few::<HTML>(tail).map_or(bytes.len(), |at| bytes.len() - tail.len() + at)
}

/// The same for less than eight bytes: the first and the last four, which may overlap, or one by one.
fn first_special_of_few<const HTML: bool>(bytes: &[u8]) -> Option<usize> {
    if let (Some([a, b, c, d]), Some([e, f, g, h])) = (bytes.first_chunk(), bytes.last_chunk()) {
        let at = first_special::<HTML>([*a, *b, *c, *d, *e, *f, *g, *h])?;
        return Some(if at < 4 { at } else { bytes.len() + at - 8 });
    }
    // A byte that is not there is none that matters.
    let word = bytes.iter().rfold(u64::MAX, |word, byte| word << 8 | u64::from(*byte));
    first_special::<HTML>(word.to_le_bytes())
}

const HEX_DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Appends what stands for the first character of `bytes`; returns how many bytes it has.
#[cold]
fn write_escape<const HTML: bool>(out: &mut Vec<u8>, bytes: &[u8]) -> usize {
    match bytes[0] {
        b'"' => out.extend_from_slice(b"\\\""),
        b'\\' => out.extend_from_slice(b"\\\\"),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        0xe2 => return write_separator(out, bytes),
        byte => {
            let digits = [HEX_DIGITS[usize::from(byte >> 4)], HEX_DIGITS[usize::from(byte & 15)]];
            out.extend_from_slice(b"\\u00");
            out.extend_from_slice(&digits);
        }
    }
    1
}

/// The two separators of lines and paragraphs that JavaScript takes for ends of lines; or one byte of another character.
fn write_separator(out: &mut Vec<u8>, bytes: &[u8]) -> usize {
    if bytes.starts_with(&LINE_SEPARATORS) && matches!(bytes.get(2), Some(0xa8 | 0xa9)) {
        out.extend_from_slice(if bytes[2] == 0xa8 { b"\\u2028" } else { b"\\u2029" });
        return 3;
    }
    out.push(bytes[0]);
    1
}

/// A string whose escapes are not those of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid escape at byte {at} of the string")]
pub struct BadEscape {
    /// Where the backslash stands.
    pub at: usize,
}

/// Appends the text that a raw JSON string means; `raw` is what stands between its quotes. A surrogate without its other
/// half becomes U+FFFD.
///
/// # Errors
/// A backslash that begins none of JSON's escapes; what stood before it has been appended.
pub fn read_string(raw: &str, out: &mut String) -> Result<(), BadEscape> {
    let mut at = 0;
    while let Some(offset) = raw[at..].bytes().position(|byte| byte == b'\\') {
        out.push_str(&raw[at..at + offset]);
        at += offset;
        let (character, length) = read_escape(&raw.as_bytes()[at..]).ok_or(BadEscape { at })?;
        out.push(character);
        at += length;
    }
    out.push_str(&raw[at..]);
    Ok(())
}

/// The text of a string on a tape, whose escapes were checked when it was read; borrowed where it has none.
#[must_use]
pub fn unescaped(raw: &str) -> Cow<'_, str> {
    if !raw.as_bytes().contains(&b'\\') {
        return Cow::Borrowed(raw);
    }
    let mut text = String::with_capacity(raw.len());
    match read_string(raw, &mut text) {
        Ok(()) => Cow::Owned(text),
        Err(_) => Cow::Borrowed(raw),
    }
}

/// The character that an escape means, and its length with the backslash.
fn read_escape(bytes: &[u8]) -> Option<(char, usize)> {
    let character = match bytes.get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return read_unicode(bytes),
        _ => return None,
    };
    Some((character, 2))
}

/// `\uXXXX`, or two of them that are one character.
fn read_unicode(bytes: &[u8]) -> Option<(char, usize)> {
    let unit = code_unit(bytes)?;
    if !(0xd800..0xdc00).contains(&unit) {
        return Some((char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER), 6));
    }
    match code_unit(&bytes[6..]) {
        Some(low @ 0xdc00..0xe000) => Some((char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00))?, 12)),
        _ => Some((char::REPLACEMENT_CHARACTER, 6)),
    }
}

fn code_unit(bytes: &[u8]) -> Option<u32> {
    let digits = bytes.strip_prefix(b"\\u")?.first_chunk::<4>()?;
    digits.iter().try_fold(0, |unit, byte| Some(unit << 4 | char::from(*byte).to_digit(16)?))
}
