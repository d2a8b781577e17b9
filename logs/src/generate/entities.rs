//! The estate that synthetic logs tell of: people with their machines and addresses, accounts, hosts of the world, files.
//!
//! It is made once per run from the seed. Few of each kind are met often and most seldom, as Zipf found; a row has one
//! person, and everything personal in it is that person's.

use super::random::Random;
use super::words;

/// People, each with a name, a machine and an address.
const PEOPLE: usize = 1_000;

/// Of things that are met in thousands: addresses of the world, URLs, files, tokens.
const MANY: usize = 4_000;

/// Of things of which a company has some dozens: accounts, instances of one kind.
const SOME: usize = 60;

/// Slots by which a draw finds its value. So many that all but the last of thousands still come.
const SLOTS: usize = 16_384;

/// A kind of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Entity {
    /// A user's short name; this and what follows up to the agent belong to one person.
    User,
    /// Their address for mail.
    Email,
    /// First and last name.
    Person,
    /// The ARN of their IAM user.
    Arn,
    /// The address of their machine, private.
    Lan,
    /// The name of their machine.
    Host,
    /// The hardware address of their machine.
    Mac,
    /// Their browser.
    Agent,
    /// Who they are to S3: 64 letters and digits.
    Requester,
    /// An AWS account; as the original made them, beginning with `00`.
    Account,
    /// An EC2 instance.
    Instance,
    /// An address of the world.
    Ip,
    /// A domain of the world.
    Domain,
    /// A URL.
    Url,
    /// The path of a URL.
    Path,
    /// A file with its folder.
    File,
    /// A program with its folder.
    Command,
    /// An AWS region.
    Region,
    /// A country's two letters.
    Country,
    /// A city.
    City,
    /// One word.
    Word,
    /// Some words.
    Phrase,
    /// 64 hexadecimal digits.
    Sha256,
    /// 40 hexadecimal digits.
    Sha1,
    /// 32 hexadecimal digits.
    Md5,
    /// 64 lower-case letters and digits: owners of buckets.
    Owner,
    /// 64 letters and digits.
    Token64,
    /// 32 letters and digits.
    Token32,
    /// 16 letters and digits.
    Token16,
    /// 8 letters and digits.
    Token8,
}

impl Entity {
    /// All kinds with their names in templates, in the order of their numbers.
    pub const ALL: [(Self, &'static str); 30] = [
        (Self::User, "user"),
        (Self::Email, "email"),
        (Self::Person, "person"),
        (Self::Arn, "arn"),
        (Self::Lan, "lan"),
        (Self::Host, "host"),
        (Self::Mac, "mac"),
        (Self::Agent, "agent"),
        (Self::Requester, "requester"),
        (Self::Account, "account"),
        (Self::Instance, "instance"),
        (Self::Ip, "ip"),
        (Self::Domain, "domain"),
        (Self::Url, "url"),
        (Self::Path, "path"),
        (Self::File, "file"),
        (Self::Command, "command"),
        (Self::Region, "region"),
        (Self::Country, "country"),
        (Self::City, "city"),
        (Self::Word, "word"),
        (Self::Phrase, "phrase"),
        (Self::Sha256, "sha256"),
        (Self::Sha1, "sha1"),
        (Self::Md5, "md5"),
        (Self::Owner, "owner"),
        (Self::Token64, "token64"),
        (Self::Token32, "token32"),
        (Self::Token16, "token16"),
        (Self::Token8, "token8"),
    ];

    /// Whether it belongs to the row's person.
    #[inline]
    const fn is_personal(self) -> bool {
        self as usize <= Self::Requester as usize
    }

    const fn count(self) -> usize {
        match self {
            Self::Account | Self::Instance | Self::Owner => SOME,
            _ if self.is_personal() => PEOPLE,
            _ => MANY,
        }
    }

    /// Makes one of the kind. Nothing made here needs escaping in JSON, or holds a quote or a comma.
    fn make(self, number: usize, random: &mut Random) -> String {
        let pick = |list: &'static [&'static str], random: &mut Random| list[random.index(list.len())];
        let (first, last) = words::person(number);
        match self {
            Self::User => words::user(number),
            Self::Email => format!("{}@example.com", words::user(number)),
            Self::Person => format!("{first} {last}"),
            Self::Arn => format!("arn:aws:iam::00{:010}:user/{}", 1_111_111_111 + number % SOME, words::user(number)),
            Self::Lan => format!("10.{}.{}.{}", number / 250 % 250, random.index(250), number % 250 + 1),
            Self::Host => format!("{}-{number:03}", pick(&words::HOST_KINDS, random)),
            Self::Mac => mac(random),
            Self::Agent => pick(&words::AGENTS, random).to_owned(),
            Self::Requester | Self::Token64 => token(64, words::MIXED, random),
            Self::Account => format!("00{:010}", 1_111_111_111 + number),
            Self::Instance => format!("i-{}", token(17, words::HEX, random)),
            Self::Ip => address(random),
            Self::Domain => words::domain(number, random.index(words::TOP_LEVELS.len())),
            Self::Url => format!("https://{}{}", words::domain(number, 0), words::path(random)),
            Self::Path => words::path(random),
            Self::File => format!("{}/{}", pick(&words::FOLDERS, random), pick(&words::FILES, random)),
            Self::Command => pick(&words::COMMANDS, random).to_owned(),
            Self::Region => pick(&words::REGIONS, random).to_owned(),
            Self::Country => pick(&words::COUNTRIES, random).to_owned(),
            Self::City => pick(&words::CITIES, random).to_owned(),
            Self::Word => words::WORDS[number % words::WORDS.len()].to_owned(),
            Self::Phrase => words::phrase(random),
            Self::Sha256 => token(64, words::HEX, random),
            Self::Sha1 => token(40, words::HEX, random),
            Self::Md5 => token(32, words::HEX, random),
            Self::Owner => token(64, words::LOWER, random),
            Self::Token32 => token(32, words::MIXED, random),
            Self::Token16 => token(16, words::MIXED, random),
            Self::Token8 => token(8, words::MIXED, random),
        }
    }
}

fn mac(random: &mut Random) -> String {
    let bits = random.next().to_be_bytes();
    // The second digit says: given by hand, to one machine.
    format!("02:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", bits[1], bits[2], bits[3], bits[4], bits[5])
}

/// An address that is nobody's: of the ranges for documentation and of the one for benchmarks.
fn address(random: &mut Random) -> String {
    let bits = random.next().to_be_bytes();
    match bits[0] % 4 {
        0 => format!("192.0.2.{}", bits[3]),
        1 => format!("198.51.100.{}", bits[3]),
        2 => format!("203.0.113.{}", bits[3]),
        _ => format!("198.{}.{}.{}", 18 + bits[1] % 2, bits[2], bits[3]),
    }
}

fn token(length: usize, letters: &[u8], random: &mut Random) -> String {
    (0..length).map(|_| char::from(letters[random.index(letters.len())])).collect()
}

/// The values of one kind, one behind the other.
#[derive(Debug)]
struct Pool {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Pool {
    fn new(entity: Entity, seed: u64) -> Self {
        let mut random = Random::named(seed, "entities", &[entity as u64]);
        let mut pool = Self { bytes: Vec::new(), ends: vec![0] };
        for number in 0..entity.count() {
            pool.bytes.extend_from_slice(entity.make(number, &mut random).as_bytes());
            pool.ends.push(u32::try_from(pool.bytes.len()).expect("thousands of short texts"));
        }
        pool
    }

    #[inline]
    fn value(&self, index: usize) -> &[u8] {
        &self.bytes[self.ends[index] as usize..self.ends[index + 1] as usize]
    }
}

/// From a draw to an index: the first values have the most slots.
#[derive(Debug)]
struct Zipf(Vec<u16>);

impl Zipf {
    #[expect(clippy::cast_precision_loss, reason = "indices are small")]
    fn new(count: usize) -> Self {
        let weight = |index: usize| 1.0 / (index + 1) as f64;
        let whole: f64 = (0..count).map(weight).sum();
        let (mut slots, mut index, mut reached) = (Vec::with_capacity(SLOTS), 0, weight(0));
        for slot in 0..SLOTS {
            let wanted = (slot as f64 + 0.5) / SLOTS as f64 * whole;
            while reached < wanted && index + 1 < count {
                index += 1;
                reached += weight(index);
            }
            slots.push(u16::try_from(index).expect("a pool has some thousands of values"));
        }
        Self(slots)
    }

    #[inline]
    fn draw(&self, random: &mut Random) -> usize {
        usize::from(self.0[(random.next() >> 50) as usize % SLOTS])
    }
}

/// The whole estate.
#[derive(Debug)]
pub struct Pools {
    pools: Vec<Pool>,
    people: Zipf,
    many: Zipf,
    some: Zipf,
}

impl Pools {
    /// The estate of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            pools: Entity::ALL.iter().map(|(entity, _)| Pool::new(*entity, seed)).collect(),
            people: Zipf::new(PEOPLE),
            many: Zipf::new(MANY),
            some: Zipf::new(SOME),
        }
    }

    /// The person of a row.
    #[inline]
    pub(super) fn person(&self, random: &mut Random) -> usize {
        self.people.draw(random)
    }

    /// A value of this kind; a personal one is that of the row's person.
    #[inline]
    pub(super) fn value(&self, entity: Entity, person: usize, random: &mut Random) -> &[u8] {
        let index = match entity.count() {
            PEOPLE => person,
            SOME => self.some.draw(random),
            _ => self.many.draw(random),
        };
        self.pools[entity as usize].value(index)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn kinds_stand_at_their_numbers() {
        for (index, (entity, _)) in Entity::ALL.iter().enumerate() {
            assert_eq!(*entity as usize, index);
        }
    }

    #[test]
    fn no_value_needs_escaping_or_holds_what_parts_columns() {
        let pools = Pools::new(3);
        for (entity, name) in Entity::ALL {
            for index in 0..entity.count() {
                let value = pools.pools[entity as usize].value(index);
                let clean = value.iter().all(|byte| (b' '..=b'~').contains(byte) && !b"\",\\'".contains(byte));
                assert!(clean && !value.is_empty(), "{name}: {}", String::from_utf8_lossy(value));
            }
        }
    }

    #[test]
    fn few_come_often_and_many_come() {
        let (pools, mut random) = (Pools::new(3), Random::named(1, "test", &[]));
        let mut counts: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
        for _ in 0..20_000 {
            *counts.entry(pools.value(Entity::Token16, 0, &mut random).to_vec()).or_default() += 1;
        }
        let most = counts.values().max().copied().unwrap_or_default();
        assert!(most > 1_500 && counts.len() > 1_500, "{most} of the first, {} kinds", counts.len());
    }
}
