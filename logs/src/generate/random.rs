//! The numbers that everything is drawn from: SplitMix64, which is fast, passes the statistical tests that matter here,
//! and will give the same numbers in every version of this program. A library's generator promises only the first two.

/// The step of the sequence: the golden ratio, as the inventors of the generator chose it.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A stream of numbers.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The stream of a seed, a name and numbers below it; different names give streams that know nothing of each other.
    #[must_use]
    pub fn named(seed: u64, name: &str, numbers: &[u64]) -> Self {
        let mut state = mix(seed ^ STEP);
        for byte in name.bytes() {
            state = mix(state ^ u64::from(byte));
        }
        for number in numbers {
            state = mix(state.wrapping_add(STEP) ^ number);
        }
        Self(state)
    }

    /// The next 64 bits.
    #[inline]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// A number below `bound`, which is above 0. (The bias of multiplication is below 2^-32 for bounds below 2^32.)
    #[inline]
    pub fn below(&mut self, bound: u64) -> u64 {
        let product = u128::from(self.next()) * u128::from(bound);
        (product >> 64) as u64
    }

    /// An index into a list of this length, which is not empty.
    #[inline]
    pub fn index(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }

    /// A number from 0 to below 1.
    #[inline]
    #[expect(clippy::cast_precision_loss, reason = "53 bits are what a double holds")]
    pub fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[inline]
const fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_repeatable_and_differ_by_each_part_of_their_name() {
        let first = |random: &mut Random| [random.next(), random.next()];
        let stream = || Random::named(7, "AWS.ALB", &[1, 2]);
        assert_eq!(first(&mut stream()), first(&mut stream()));
        for other in [
            Random::named(8, "AWS.ALB", &[1, 2]),
            Random::named(7, "AWS.ALC", &[1, 2]),
            Random::named(7, "AWS.ALB", &[2, 1]),
            Random::named(7, "AWS.ALB", &[1, 3]),
        ] {
            assert_ne!(first(&mut stream()), first(&mut other.clone()));
        }
    }

    #[test]
    fn bounds_hold_and_all_of_a_range_comes() {
        let mut random = Random::named(1, "", &[]);
        let mut seen = [0; 10];
        for _ in 0..10_000 {
            seen[random.index(10)] += 1;
            assert!((0.0..1.0).contains(&random.fraction()));
        }
        assert!(seen.iter().all(|count| (800..1_200).contains(count)), "{seen:?}");
    }
}
