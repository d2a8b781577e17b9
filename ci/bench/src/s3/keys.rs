//! A bucket's keys as a sorted, numbered sequence, of which any part can be produced without the rest.

/// Keys in the byte order S3 lists them in, each of them found by its number.
pub trait KeySpace: Send + Sync + 'static {
    /// How many keys there are.
    fn count(&self) -> usize;

    /// Appends the key with this number; numbers follow byte order.
    fn append_key(&self, index: usize, out: &mut Vec<u8>);

    /// When the object was written, in seconds since 1970.
    fn modified(&self, index: usize) -> u64 {
        FIRST_MODIFIED + scatter(index as u64) % SPREAD_SECONDS
    }

    /// Size of the object in bytes; never 0, as empty objects are no logs.
    fn size(&self, index: usize) -> u64 {
        SMALLEST_OBJECT + scatter(index as u64 ^ SIZE_SALT) % SIZE_SPREAD
    }
}

/// 2024-01-01, where the generated buckets begin.
pub(super) const FIRST_MODIFIED: u64 = 1_704_067_200;
/// Objects without a time in their key were written within 90 days.
const SPREAD_SECONDS: u64 = 90 * 86_400;
/// Sizes of delivered log files: some hundred bytes to some hundred kilobytes.
const SMALLEST_OBJECT: u64 = 300;
const SIZE_SPREAD: u64 = 400_000;
const SIZE_SALT: u64 = 0x5157;

/// A fixed bijection that makes consecutive numbers look random (the finaliser of splitmix64): the same bucket on
/// every run, without storing it.
pub(super) fn scatter(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// 16 lower-case hexadecimal digits.
pub(super) fn hex(value: u64) -> [u8; 16] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    std::array::from_fn(|place| DIGITS[(value >> (60 - 4 * place)) as usize & 15])
}

/// The number of the first key that is not below `bound`, among those from `from` on.
///
/// Doubles its steps before it halves them: the answer is mostly near, since listings go forward.
pub(super) fn first_not_below(space: &dyn KeySpace, from: usize, bound: &[u8]) -> usize {
    search(space, from, |key| key < bound)
}

/// The number of the first key, from `from` on, that is beyond all keys beginning with `prefix`.
pub(super) fn first_beyond(space: &dyn KeySpace, from: usize, prefix: &[u8]) -> usize {
    search(space, from, |key| key < prefix || key.starts_with(prefix))
}

fn search(space: &dyn KeySpace, from: usize, is_before: impl Fn(&[u8]) -> bool) -> usize {
    let mut key = Vec::new();
    let mut before = |index: usize| {
        key.clear();
        space.append_key(index, &mut key);
        is_before(&key)
    };
    let (mut low, mut step) = (from, 1);
    while low + step <= space.count() && before(low + step - 1) {
        low += step;
        step *= 2;
    }
    let mut high = (low + step - 1).min(space.count());
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// Any set of keys, held in memory: for tests.
#[derive(Clone, Debug)]
pub struct KeyList(Vec<Vec<u8>>);

impl KeyList {
    /// Sorts the keys and drops repetitions.
    pub fn new(keys: impl IntoIterator<Item = impl Into<Vec<u8>>>) -> Self {
        let mut keys: Vec<Vec<u8>> = keys.into_iter().map(Into::into).collect();
        keys.sort_unstable();
        keys.dedup();
        Self(keys)
    }
}

impl KeySpace for KeyList {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn append_key(&self, index: usize, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0[index]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searching_agrees_with_a_plain_scan() {
        let keys: Vec<String> = (0..300).map(|number| format!("{:03}", number * 3)).collect();
        let space = KeyList::new(keys.clone());
        for from in [0, 1, 150, 299, 300] {
            for bound in ["", "000", "001", "450", "451", "897", "898", "z"] {
                let expected = (from..300).find(|&index| keys[index].as_str() >= bound).unwrap_or(300);
                assert_eq!(first_not_below(&space, from, bound.as_bytes()), expected, "{from} {bound}");
            }
            let beyond =
                (from..300).find(|&index| keys[index].as_str() > "4" && !keys[index].starts_with('4')).unwrap_or(300);
            assert_eq!(first_beyond(&space, from, b"4"), beyond);
        }
    }
}
