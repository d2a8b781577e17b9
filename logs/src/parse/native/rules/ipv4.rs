//! IPv4 addresses within a message of syslog.
//!
//! Four numbers parted by dots: the first three from 0 to 255, the last any run of digits. Where that run is too long
//! to be part of an address, the text is no list of addresses but something like a version, and the search ends.

use memchr::memchr;

use crate::parse::indicators::{Collector, is_ipv4};

/// The longest number of an address.
const DIGITS: usize = 3;
/// Numbers followed by a dot.
const DOTTED: usize = 3;

/// Collects them from the left to the right.
pub(super) fn collect(text: &str, into: &mut Collector) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(dot) = bytes.get(at..).and_then(|rest| memchr(b'.', rest)) {
        match candidate(bytes, at, at + dot) {
            Some((start, end)) => {
                let found = &text[start..end];
                if !is_ipv4(found) {
                    return;
                }
                into.push_address(found);
                at = end;
            }
            None => at += dot + 1,
        }
    }
}

/// The four numbers whose first dot stands here, none of them before `from`.
fn candidate(bytes: &[u8], from: usize, dot: usize) -> Option<(usize, usize)> {
    let digits = bytes[from..dot].iter().rev().take(DIGITS).take_while(|byte| byte.is_ascii_digit()).count();
    // The leftmost start wins: as many digits as still make a number of an address.
    let start = (dot - digits..dot).find(|start| is_number(&bytes[*start..dot]))?;
    let mut at = dot + 1;
    for _ in 1..DOTTED {
        let length = run(&bytes[at..]);
        if !is_number(&bytes[at..at + length]) || bytes.get(at + length) != Some(&b'.') {
            return None;
        }
        at += length + 1;
    }
    let last = run(&bytes[at..]);
    (last > 0).then_some((start, at + last))
}

fn run(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// One to three digits that make at most 255.
fn is_number(digits: &[u8]) -> bool {
    match digits {
        [_] | [_, _] | [b'0' | b'1', _, _] => digits.iter().all(u8::is_ascii_digit),
        [b'2', b'0'..=b'4', last] | [b'2', b'5', last @ b'0'..=b'5'] => last.is_ascii_digit(),
        _ => false,
    }
}
