//! Addresses: which texts are one.
//!
//! The rules are those of Go's current parser: no zeros before an octet, at most four digits in a group of IPv6, `::` for
//! at least one group, no zone after `%`.

use std::net::Ipv6Addr;

/// The longest address: eight groups, the last two as an IPv4 address.
const LONGEST: usize = 45;

/// Whether a text is an IPv4 or IPv6 address.
#[must_use]
pub fn is_ip(text: &str) -> bool {
    is_ipv4(text) || is_ipv6(text)
}

/// Whether a text is an IPv4 address: four numbers below 256 without zeros before them.
#[must_use]
pub fn is_ipv4(text: &str) -> bool {
    let mut octets = 0;
    let mut rest = text.as_bytes();
    while let Some(length) = octet_length(rest) {
        octets += 1;
        match &rest[length..] {
            [] => return octets == 4,
            [b'.', after @ ..] if octets < 4 => rest = after,
            _ => return false,
        }
    }
    false
}

/// How many digits the number has with which a text begins.
fn octet_length(text: &[u8]) -> Option<usize> {
    let digit = |at: usize| text.get(at).map(|byte| u32::from(byte.wrapping_sub(b'0'))).filter(|digit| *digit <= 9);
    let first = digit(0)?;
    let Some(second) = digit(1) else { return Some(1) };
    let Some(third) = digit(2) else { return (first > 0).then_some(2) };
    (first > 0 && first * 100 + second * 10 + third < 256).then_some(3)
}

/// Whether a text is an IPv6 address.
#[must_use]
pub fn is_ipv6(text: &str) -> bool {
    let bytes = text.as_bytes();
    let plausible = bytes.len() <= LONGEST
        && bytes.first().is_some_and(|byte| byte.is_ascii_hexdigit() || *byte == b':')
        && bytes.iter().take(5).any(|byte| *byte == b':');
    plausible && text.parse::<Ipv6Addr>().is_ok()
}

/// Whether a text is a hardware address of 6, 8 or 20 bytes: pairs of digits with `:` or `-`, or groups of four with `.`.
#[must_use]
pub fn is_mac(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (separator, digits) = match (bytes.get(2), bytes.get(4)) {
        (Some(separator @ (b':' | b'-')), _) => (*separator, 2),
        (_, Some(b'.')) => (b'.', 4),
        _ => return false,
    };
    let is_group = |group: &[u8]| group.len() == digits && group.iter().all(u8::is_ascii_hexdigit);
    let mut groups = bytes.split(|byte| *byte == separator);
    let length = bytes.split(|byte| *byte == separator).count() * digits / 2;
    groups.all(is_group) && matches!(length, 6 | 8 | 20)
}
