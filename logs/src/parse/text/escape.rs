//! Escapes inside quoted text, as the Go language writes them.

/// Octal escapes have exactly this many digits.
const OCTAL_DIGITS: usize = 3;

/// Where the first quote stands that no backslash precedes.
pub(super) fn closing_quote(text: &str, quote: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        let found = at + memchr::memchr2(quote, b'\\', bytes.get(at..)?)?;
        if bytes[found] == quote {
            return Some(found);
        }
        at = found + 2;
    }
}

/// Appends the text with its escapes resolved; `None` if one is unknown or incomplete. Escaped bytes that make no UTF-8
/// become U+FFFD.
pub(super) fn resolve(text: &str, quote: u8, out: &mut String) -> Option<()> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(backslash) = memchr::memchr(b'\\', rest.as_bytes()) {
        bytes.extend_from_slice(&rest.as_bytes()[..backslash]);
        rest = one(&rest[backslash + 1..], quote, &mut bytes)?;
    }
    bytes.extend_from_slice(rest.as_bytes());
    out.push_str(&String::from_utf8_lossy(&bytes));
    Some(())
}

/// Resolves the escape whose backslash was read; what follows it.
fn one<'t>(text: &'t str, quote: u8, out: &mut Vec<u8>) -> Option<&'t str> {
    let kind = *text.as_bytes().first()?;
    let plain = match kind {
        b'a' => 0x07,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0b,
        b'\\' => b'\\',
        b'x' => return byte(&text[1..], 2, 16, out),
        b'u' => return character(&text[1..], 4, out),
        b'U' => return character(&text[1..], 8, out),
        b'0'..=b'7' => return byte(text, OCTAL_DIGITS, 8, out),
        other if other == quote => quote,
        _ => return None,
    };
    out.push(plain);
    Some(&text[1..])
}

fn number(text: &str, digits: usize, radix: u32) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at_checked(digits)?;
    let plain = digits.chars().all(|digit| digit.is_digit(radix));
    Some((plain.then(|| u32::from_str_radix(digits, radix).ok())??, rest))
}

fn byte<'t>(text: &'t str, digits: usize, radix: u32, out: &mut Vec<u8>) -> Option<&'t str> {
    let (value, rest) = number(text, digits, radix)?;
    out.push(u8::try_from(value).ok()?);
    Some(rest)
}

fn character<'t>(text: &'t str, digits: usize, out: &mut Vec<u8>) -> Option<&'t str> {
    let (value, rest) = number(text, digits, 16)?;
    let mut encoded = [0; 4];
    out.extend_from_slice(char::from_u32(value)?.encode_utf8(&mut encoded).as_bytes());
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(text: &str) -> Option<String> {
        let mut out = String::new();
        resolve(text, b'"', &mut out).map(|()| out)
    }

    #[test]
    fn escapes_are_those_of_go() {
        let table = [
            (r#"a\"b"#, Some("a\"b")),
            (r"C:\\x", Some("C:\\x")),
            (r"\a\b\f\n\r\t\v", Some("\x07\x08\x0c\n\r\t\x0b")),
            (r"\x41\u00e9\U0001F600", Some("Aé😀")),
            (r"\101\060", Some("A0")),
            (r"\xc3\xa9", Some("é")),
            (r"\xff", Some("\u{fffd}")),
            (r"\'", None),
            (r"\400", None),
            (r"\18", None),
            (r"\x4", None),
            (r"\x+4", None),
            (r"\uD800", None),
            (r"\d", None),
            (r"\é", None),
            (r"\", None),
        ];
        for (text, expected) in table {
            assert_eq!(resolved(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn an_escaped_quote_does_not_close() {
        assert_eq!(closing_quote(r#"a\"b" c"#, b'"'), Some(4));
        assert_eq!(closing_quote(r#"a\\" c"#, b'"'), Some(3));
        assert_eq!(closing_quote(r#"a\""#, b'"'), None);
        assert_eq!(closing_quote("a\\", b'"'), None);
    }
}
