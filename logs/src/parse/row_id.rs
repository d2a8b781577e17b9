//! Row ids: what makes a row of a table unique.
//!
//! An id is the hexadecimal form of six bytes that tell this machine or run apart, the microseconds from 2020 to the
//! start of the process, and a counter. One counter serves all log types, so that no id is given twice in one run. Where
//! the bytes and the start come from is the caller's matter: a tool under test fixes them, and then the ids are fixed.

use std::sync::atomic::{AtomicU64, Ordering};

/// Microseconds from 1970 to 2020-01-01 00:00 UTC, from which ids count.
pub const EPOCH_MICROS: i64 = 1_577_836_800_000_000;

/// The most bytes of a number of 64 bits in groups of seven.
const LONGEST_NUMBER: usize = 10;

const HEX_DIGITS: &[u8; 16] = b"0123456789abcdef";

/// The ids of one run; shared by its threads.
#[derive(Debug)]
pub struct RowIds {
    head: Vec<u8>,
    given: AtomicU64,
}

impl RowIds {
    /// Ids that begin with `prefix`, for a run that started so many microseconds after 1970; a start before 2020 counts
    /// as 2020.
    #[must_use]
    pub fn new(prefix: [u8; 6], start_micros: i64) -> Self {
        let mut head = Vec::with_capacity(2 * (prefix.len() + LONGEST_NUMBER));
        prefix.iter().for_each(|byte| head.extend_from_slice(&digits(*byte)));
        write_number(start_micros.saturating_sub(EPOCH_MICROS).max(0).cast_unsigned(), &mut head);
        Self { head, given: AtomicU64::new(0) }
    }

    /// Takes the next `count` numbers and returns the first; the first of all is 1. Threads that take blocks in the order
    /// of the input number its events in that order.
    pub fn take(&self, count: u64) -> u64 {
        self.given.fetch_add(count, Ordering::Relaxed) + 1
    }

    /// Appends the id of a number, without quotes.
    pub fn write(&self, number: u64, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.head);
        write_number(number, out);
    }
}

/// Six bytes that tell one run from another. They name no machine: an address of its network would, in files that are
/// handed on.
#[must_use]
pub fn random_prefix() -> [u8; 6] {
    let mut prefix = [0; 6];
    fastrand::fill(&mut prefix);
    prefix
}

/// Groups of seven bits, the lowest first; all but the last with the top bit set (LEB128).
fn write_number(number: u64, out: &mut Vec<u8>) {
    let mut text = [[0; 2]; LONGEST_NUMBER];
    let mut length = 0;
    let mut rest = number;
    while rest >= 0x80 {
        text[length] = digits(rest as u8 | 0x80);
        length += 1;
        rest >>= 7;
    }
    text[length] = digits(rest as u8);
    out.extend_from_slice(text[..=length].as_flattened());
}

fn digits(byte: u8) -> [u8; 2] {
    [HEX_DIGITS[usize::from(byte >> 4)], HEX_DIGITS[usize::from(byte & 15)]]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(ids: &RowIds, number: u64) -> String {
        let mut out = Vec::new();
        ids.write(number, &mut out);
        String::from_utf8(out).expect("hexadecimal digits")
    }

    #[test]
    fn an_id_is_prefix_then_start_then_counter() {
        let ids = RowIds::new([0xb2, 0x43, 0x81, 0x9b, 0xc7, 0x1d], EPOCH_MICROS + 300);
        assert_eq!(id(&ids, 1), "b243819bc71dac0201");
        assert_eq!(id(&ids, 127), "b243819bc71dac027f");
        assert_eq!(id(&ids, 128), "b243819bc71dac028001");
    }

    #[test]
    fn an_id_of_our_days_has_28_digits() {
        let ids = RowIds::new([1; 6], 1_615_000_000_000_000);
        assert_eq!(id(&ids, 1).len(), 28);
    }

    #[test]
    fn the_counter_starts_at_one_and_never_repeats() {
        let ids = RowIds::new([0; 6], 0);
        assert_eq!((ids.take(1), ids.take(10), ids.take(1)), (1, 2, 12));
    }

    #[test]
    fn a_start_before_2020_counts_as_2020() {
        assert_eq!(id(&RowIds::new([0; 6], i64::MIN), 1), "0000000000000001");
    }

    #[test]
    fn prefixes_of_two_runs_differ() {
        assert_ne!(random_prefix(), random_prefix());
    }
}
