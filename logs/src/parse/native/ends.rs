//! The bytes that a line may begin and end with: what tells most formats of text apart, in two instructions.

/// A set of bytes; those beyond ASCII are all in it, or none is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bytes {
    ascii: u128,
    beyond: bool,
}

impl Bytes {
    /// Every byte.
    pub const ANY: Self = Self { ascii: u128::MAX, beyond: true };
    /// Decimal digits.
    pub const DIGITS: Self = Self::of(b"0123456789");
    /// Letters from A to Z, in either case.
    pub const LETTERS: Self = Self::of(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// These ASCII bytes.
    #[must_use]
    pub const fn of(bytes: &[u8]) -> Self {
        let mut ascii = 0;
        let mut place = 0;
        while place < bytes.len() {
            ascii |= 1 << bytes[place];
            place += 1;
        }
        Self { ascii, beyond: false }
    }

    /// These, and others.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self { ascii: self.ascii | other.ascii, beyond: self.beyond || other.beyond }
    }

    /// Every byte but these ASCII ones.
    #[must_use]
    pub const fn all_but(bytes: &[u8]) -> Self {
        Self { ascii: !Self::of(bytes).ascii, beyond: true }
    }

    /// Is it one of them?
    #[must_use]
    pub const fn has(self, byte: u8) -> bool {
        if byte.is_ascii() { self.ascii >> byte & 1 == 1 } else { self.beyond }
    }
}

/// What a trimmed line may begin and end with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ends {
    /// Its first byte.
    pub first: Bytes,
    /// Its last byte.
    pub last: Bytes,
}

impl Ends {
    /// Anything.
    pub const ANY: Self = Self { first: Bytes::ANY, last: Bytes::ANY };

    /// One of these bytes, then anything.
    #[must_use]
    pub const fn first(first: Bytes) -> Self {
        Self { first, last: Bytes::ANY }
    }

    /// Anything, then one of these bytes.
    #[must_use]
    pub const fn last(last: Bytes) -> Self {
        Self { first: Bytes::ANY, last }
    }
}

#[cfg(test)]
mod tests {
    use super::Bytes;

    #[test]
    fn a_set_has_its_bytes_and_no_others() {
        let set = Bytes::DIGITS.or(Bytes::of(b"\"-"));
        let found: Vec<u8> = (0..=255).filter(|byte| set.has(*byte)).collect();
        assert_eq!(found, b"\"-0123456789");
        assert!((0..=255).all(|byte| Bytes::ANY.has(byte)));
        assert!((0..=255).all(|byte| Bytes::all_but(b"{").has(byte) == (byte != b'{')));
    }
}
