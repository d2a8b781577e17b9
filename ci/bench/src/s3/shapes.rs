//! The three shapes of buckets that log replays meet: a date-partitioned tree, a flat heap of UUIDs, and one huge
//! prefix beside many small ones.

use std::sync::Arc;

use super::{
    keys::{FIRST_MODIFIED, KeySpace, hex, scatter},
    moment::{Moment, append_digits},
};

const DAY_SECONDS: u64 = 86_400;

/// Which shape a server generates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Shape {
    /// CloudTrail's layout: account, region, year, month, day.
    Tree,
    /// UUIDs under one prefix.
    Flat,
    /// One prefix with nine tenths of all keys beside 200 small ones.
    Skewed,
}

impl Shape {
    /// The prefix that holds the whole bucket, as an operator would name it.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Tree => TREE_ROOT,
            Self::Flat => FLAT_ROOT,
            Self::Skewed => SKEWED_ROOT,
        }
    }

    /// The name on the command line and in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tree => "tree",
            Self::Flat => "flat",
            Self::Skewed => "skewed",
        }
    }

    /// A bucket of this shape with exactly `count` keys.
    pub fn generate(self, count: usize) -> Arc<dyn KeySpace> {
        match self {
            Self::Tree => Arc::new(Tree::new(count)),
            Self::Flat => Arc::new(Flat::new(count)),
            Self::Skewed => Arc::new(Skewed::new(count)),
        }
    }
}

const TREE_ROOT: &str = "AWSLogs/";
/// CloudTrail delivers about every five minutes, so a busy account's day and region hold 288 files.
const FILES_PER_DAY: usize = 288;
const ACCOUNTS: [&str; 3] = ["111122223333", "444455556666", "777788889999"];
const REGIONS: [&str; 4] = ["ap-southeast-2", "eu-west-1", "us-east-1", "us-west-2"];

/// `AWSLogs/ACCOUNT/CloudTrail/REGION/yyyy/mm/dd/ACCOUNT_CloudTrail_REGION_yyyymmddThhmmZ_SUFFIX.json.gz`, 288 files
/// in each of the leaves, days enough for the count.
#[derive(Clone, Debug)]
pub struct Tree {
    count: usize,
    days: usize,
}

impl Tree {
    /// A tree of exactly `count` keys; the last leaf may be smaller.
    pub fn new(count: usize) -> Self {
        let per_day = FILES_PER_DAY * ACCOUNTS.len() * REGIONS.len();
        Self { count, days: count.div_ceil(per_day).max(1) }
    }

    /// Account, region and file time of a key's number.
    fn place(&self, index: usize) -> (&'static str, &'static str, u64) {
        let (leaf, slot) = (index / FILES_PER_DAY, index % FILES_PER_DAY);
        let (branch, day) = (leaf / self.days, leaf % self.days);
        let slot_seconds = DAY_SECONDS / FILES_PER_DAY as u64;
        let time = FIRST_MODIFIED + day as u64 * DAY_SECONDS + slot as u64 * slot_seconds;
        (ACCOUNTS[branch / REGIONS.len()], REGIONS[branch % REGIONS.len()], time)
    }
}

impl KeySpace for Tree {
    fn count(&self) -> usize {
        self.count
    }

    fn append_key(&self, index: usize, out: &mut Vec<u8>) {
        let (account, region, time) = self.place(index);
        let moment = Moment::from_epoch(time);
        for part in [TREE_ROOT, account, "/CloudTrail/", region, "/"] {
            out.extend_from_slice(part.as_bytes());
        }
        for (value, width) in [(moment.year, 4), (moment.month, 2), (moment.day, 2)] {
            append_digits(out, value, width);
            out.push(b'/');
        }
        for part in [account, "_CloudTrail_", region, "_"] {
            out.extend_from_slice(part.as_bytes());
        }
        moment.append_compact_minute(out);
        out.extend_from_slice(b"Z_");
        out.extend_from_slice(&hex(scatter(index as u64)));
        out.extend_from_slice(b".json.gz");
    }

    /// Delivered a few minutes after the time in the name.
    fn modified(&self, index: usize) -> u64 {
        self.place(index).2 + 240
    }
}

const FLAT_ROOT: &str = "events/";

/// `events/UUID.json.gz`, truly random (version 4) UUIDs, always the same ones.
#[derive(Clone, Debug)]
pub struct Flat {
    uuids: Vec<u128>,
}

impl Flat {
    /// Exactly `count` keys; 16 bytes of memory each.
    pub fn new(count: usize) -> Self {
        let mut uuids: Vec<u128> = (0..count as u64).map(uuid).collect();
        uuids.sort_unstable();
        Self { uuids }
    }
}

impl KeySpace for Flat {
    fn count(&self) -> usize {
        self.uuids.len()
    }

    fn append_key(&self, index: usize, out: &mut Vec<u8>) {
        out.extend_from_slice(FLAT_ROOT.as_bytes());
        append_uuid(out, self.uuids[index]);
        out.extend_from_slice(b".json.gz");
    }
}

const SKEWED_ROOT: &str = "raw/";
const HUGE: &[u8] = b"raw/network-firewall/";
/// Small prefixes on either side of the huge one in byte order.
const SMALL_PER_SIDE: usize = 100;
const SMALL: [&[u8]; 2] = [b"raw/app-", b"raw/service-"];
/// The huge prefix spans about this long; its keys begin with their time, so they are far from evenly spread over the
/// alphabet.
const HUGE_SECONDS: u64 = 90 * DAY_SECONDS;

/// One prefix with nine tenths of the keys (`raw/network-firewall/yyyymmddThhmmssZ-UUID.json.gz`) beside 200 small
/// ones (`raw/app-NNN/UUID.json.gz` before it, `raw/service-NNN/UUID.json.gz` behind it).
#[derive(Clone, Debug)]
pub struct Skewed {
    /// UUIDs of the small prefixes, sorted within each.
    small: Vec<u128>,
    per_small: usize,
    /// Numbers of the first key in the huge prefix and of the first one behind it.
    huge: std::ops::Range<usize>,
    /// How long the huge prefix spans: at least a second per key, so that no two keys share one.
    huge_seconds: u64,
}

impl Skewed {
    /// Exactly `count` keys.
    pub fn new(count: usize) -> Self {
        let per_small = count / 10 / (2 * SMALL_PER_SIDE);
        let per_side = per_small * SMALL_PER_SIDE;
        let mut small: Vec<u128> = (0..2 * per_side as u64).map(uuid).collect();
        if per_small > 0 {
            small.chunks_mut(per_small).for_each(<[u128]>::sort_unstable);
        }
        let huge = per_side..count - per_side;
        let huge_seconds = HUGE_SECONDS.max(huge.len() as u64);
        Self { small, per_small, huge, huge_seconds }
    }

    fn huge_time(&self, index: usize) -> u64 {
        let place = (index - self.huge.start) as u128;
        FIRST_MODIFIED + (place * u128::from(self.huge_seconds) / self.huge.len() as u128) as u64
    }

    /// Which small key this number is, when it is none of the huge prefix.
    fn small_place(&self, index: usize) -> Option<usize> {
        match index {
            index if index < self.huge.start => Some(index),
            index if index >= self.huge.end => Some(index - self.huge.len()),
            _ => None,
        }
    }

    fn append_small(&self, place: usize, out: &mut Vec<u8>) {
        let folder = place / self.per_small;
        out.extend_from_slice(SMALL[folder / SMALL_PER_SIDE]);
        append_digits(out, (folder % SMALL_PER_SIDE) as u32, 3);
        out.push(b'/');
        append_uuid(out, self.small[place]);
        out.extend_from_slice(b".json.gz");
    }

    fn append_huge(&self, index: usize, out: &mut Vec<u8>) {
        let moment = Moment::from_epoch(self.huge_time(index));
        out.extend_from_slice(HUGE);
        moment.append_compact_minute(out);
        append_digits(out, moment.second, 2);
        out.extend_from_slice(b"Z-");
        append_uuid(out, uuid(index as u64));
        out.extend_from_slice(b".json.gz");
    }
}

impl KeySpace for Skewed {
    fn count(&self) -> usize {
        self.small.len() + self.huge.len()
    }

    fn append_key(&self, index: usize, out: &mut Vec<u8>) {
        match self.small_place(index) {
            Some(place) => self.append_small(place, out),
            None => self.append_huge(index, out),
        }
    }

    fn modified(&self, index: usize) -> u64 {
        match self.small_place(index) {
            Some(place) => FIRST_MODIFIED + scatter(place as u64) % HUGE_SECONDS,
            None => self.huge_time(index),
        }
    }
}

/// A version 4 UUID, the same one for the same number.
fn uuid(number: u64) -> u128 {
    let random = u128::from(scatter(2 * number)) << 64 | u128::from(scatter(2 * number + 1));
    random & !(0xF << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62)
}

fn append_uuid(out: &mut Vec<u8>, uuid: u128) {
    let (high, low) = (hex((uuid >> 64) as u64), hex(uuid as u64));
    out.extend_from_slice(&high[..8]);
    for group in [&high[8..12], &high[12..], &low[..4], &low[4..]] {
        out.push(b'-');
        out.extend_from_slice(group);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_keys(space: &dyn KeySpace) -> Vec<String> {
        (0..space.count())
            .map(|index| {
                let mut key = Vec::new();
                space.append_key(index, &mut key);
                String::from_utf8(key).expect("generated keys are ASCII")
            })
            .collect()
    }

    #[test]
    fn every_shape_has_the_count_asked_for_in_strict_byte_order_under_its_prefix() {
        for shape in [Shape::Tree, Shape::Flat, Shape::Skewed] {
            for count in [1, 287, 3456, 3457, 50_000] {
                let keys = all_keys(&*shape.generate(count));
                assert_eq!(keys.len(), count, "{shape:?}");
                assert!(keys.is_sorted_by(|left, right| left < right), "{shape:?} {count}");
                assert!(keys.iter().all(|key| key.starts_with(shape.prefix())), "{shape:?}");
            }
        }
    }

    #[test]
    fn a_tree_has_288_files_in_each_leaf() {
        let keys = all_keys(&Tree::new(10_000));
        let leaves: std::collections::BTreeMap<&str, usize> =
            keys.iter().fold(Default::default(), |mut leaves, key| {
                let folder = &key[..key.rfind('/').expect("a tree has folders")];
                *leaves.entry(folder).or_default() += 1;
                leaves
            });
        assert_eq!(leaves.values().filter(|&&files| files == FILES_PER_DAY).count(), 34);
        assert_eq!(leaves.len(), 35);
        assert!(leaves.contains_key("AWSLogs/111122223333/CloudTrail/ap-southeast-2/2024/01/01"));
    }

    #[test]
    fn nine_tenths_of_a_skewed_bucket_are_in_one_prefix() {
        let keys = all_keys(&Skewed::new(100_000));
        let huge = keys.iter().filter(|key| key.as_bytes().starts_with(HUGE)).count();
        assert_eq!(huge, 90_000);
        assert_eq!(keys.iter().filter(|key| key.starts_with("raw/app-042/")).count(), 50);
    }

    #[test]
    fn flat_keys_are_version_4_uuids() {
        for key in all_keys(&Flat::new(1000)) {
            let uuid = &key[FLAT_ROOT.len()..key.len() - ".json.gz".len()];
            assert_eq!(uuid.len(), 36);
            assert_eq!(&uuid[14..15], "4");
            assert!("89ab".contains(&uuid[19..20]));
        }
    }
}
