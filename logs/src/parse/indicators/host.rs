//! The host of a URL or of an address with a port, by the rules of Go's `net/url` and `net`.
//!
//! A URL that Go would refuse has no host, even where a person sees one: what is searchable must not depend on who parsed
//! the log.

/// The host part of a URL without its port, brackets and user; it may still have percent escapes.
pub(super) fn host_of_url(url: &str) -> Option<&str> {
    let (url, fragment) = url.split_once('#').unwrap_or((url, ""));
    if url.bytes().any(|byte| byte < 0x20 || byte == 0x7f) {
        return None;
    }
    let rest = after_scheme(url)?;
    let path_start = rest.find('?').unwrap_or(rest.len());
    let authority_and_path = rest[..path_start].strip_prefix("//")?;
    if rest.len() == url.len() && authority_and_path.starts_with('/') {
        return None;
    }
    let slash = authority_and_path.find('/').unwrap_or(authority_and_path.len());
    let (authority, path) = authority_and_path.split_at(slash);
    if !has_sound_escapes(path) || !has_sound_escapes(fragment) {
        return None;
    }
    let host = host_of_authority(authority)?;
    Some(without_brackets(without_port(host)))
}

/// What follows the scheme; all of it where there is none. `None` for a URL that begins with its colon.
fn after_scheme(url: &str) -> Option<&str> {
    for (at, byte) in url.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at > 0 => return Some(&url[at + 1..]),
            b':' => return None,
            _ => break,
        }
    }
    Some(url)
}

/// Every `%` is followed by two hexadecimal digits.
fn has_sound_escapes(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_sound =
        |at: usize| matches!(bytes.get(at + 1..at + 3), Some([a, b]) if a.is_ascii_hexdigit() && b.is_ascii_hexdigit());
    bytes.iter().enumerate().all(|(at, byte)| *byte != b'%' || is_sound(at))
}

fn host_of_authority(authority: &str) -> Option<&str> {
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let is_sign = |byte: u8| {
        matches!(
            byte,
            b'-' | b'.'
                | b'_'
                | b'~'
                | b'!'
                | b'$'
                | b'&'
                | b'\''
                | b'('
                | b')'
                | b'*'
                | b'+'
                | b','
                | b';'
                | b'='
                | b'%'
                | b'@'
                | b':'
        )
    };
    let is_user = |byte: u8| byte.is_ascii_alphanumeric() || is_sign(byte);
    (user.bytes().all(is_user) && has_sound_escapes(user) && is_sound_host(host)).then_some(host)
}

/// Whether a host with its optional port may stand in a URL.
fn is_sound_host(host: &str) -> bool {
    let port = if host.starts_with('[') {
        host.rfind(']').map(|end| &host[end + 1..])
    } else {
        Some(host.rfind(':').map_or("", |colon| &host[colon..]))
    };
    port.is_some_and(is_port) && has_sound_host_bytes(host)
}

/// Nothing, or a colon and digits, of which there may be none.
fn is_port(text: &str) -> bool {
    text.is_empty() || text.strip_prefix(':').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Only bytes beyond ASCII may be escaped in a host, and a percent sign; within brackets, behind the percent sign that
/// begins a zone, also what may stand there unescaped, and blanks.
fn has_sound_host_bytes(host: &str) -> bool {
    let zone = if host.starts_with('[') { host.find("%25").unwrap_or(host.len()) } else { host.len() };
    let zone_end = host.rfind(']').unwrap_or(host.len());
    let bytes = host.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'%' {
            if bytes[at] < 0x80 && !may_stand_in_host(bytes[at]) {
                return false;
            }
            at += 1;
            continue;
        }
        let Some(value) = escaped_byte(&bytes[at..]) else { return false };
        let in_zone = at >= zone && at < zone_end;
        if value < 0x80 && value != b'%' && !(in_zone && (value == b' ' || may_stand_in_host(value))) {
            return false;
        }
        at += 3;
    }
    true
}

fn may_stand_in_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'$'
                | b'&'
                | b'\''
                | b'('
                | b')'
                | b'*'
                | b'+'
                | b','
                | b';'
                | b'='
                | b':'
                | b'['
                | b']'
                | b'<'
                | b'>'
                | b'"'
                | b'-'
                | b'_'
                | b'.'
                | b'~'
        )
}

fn escaped_byte(bytes: &[u8]) -> Option<u8> {
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    Some((digit(1)? * 16 + digit(2)?) as u8)
}

fn without_port(host: &str) -> &str {
    host.rfind(':').filter(|colon| is_port(&host[*colon..])).map_or(host, |colon| &host[..colon])
}

fn without_brackets(host: &str) -> &str {
    host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(host)
}

/// Appends a host with its percent escapes resolved; `None` (and nothing appended) where they are no UTF-8.
pub(super) fn append_unescaped(host: &str, out: &mut String) -> Option<()> {
    let mut bytes = Vec::with_capacity(host.len());
    let mut rest = host.as_bytes();
    while let Some(first) = rest.first() {
        let (byte, length) = if *first == b'%' { (escaped_byte(rest)?, 3) } else { (*first, 1) };
        bytes.push(byte);
        rest = &rest[length..];
    }
    out.push_str(std::str::from_utf8(&bytes).ok()?);
    Some(())
}

/// The host of `host:port` or `[host]:port`; `None` for anything else.
pub(super) fn host_before_port(text: &str) -> Option<&str> {
    let colon = text.rfind(':')?;
    let (host, rest) = match text.strip_prefix('[') {
        Some(inner) => {
            let end = inner.find(']')?;
            (end + 2 == colon).then_some(())?;
            (&inner[..end], &inner[end..])
        }
        None if text[..colon].contains(':') => return None,
        None => (&text[..colon], text),
    };
    let is_bracketed = rest.len() < text.len();
    let after = if is_bracketed { &rest[1..] } else { rest };
    let inside = if is_bracketed { &text[1..] } else { text };
    (!inside.contains('[') && !after.contains(']')).then_some(host)
}
