//! From an input key to its field, in a few nanoseconds.
//!
//! Logs of one kind have their keys in one order, so the decoder first tries the field that stood at the same place
//! in the event before; this table answers when that fails. It is open addressing over a hash that ignores case, so
//! that one hash serves tables that match exactly, tables that do not, and the index of classification.

/// An empty place.
const FREE: u32 = u32::MAX;

/// An odd constant with well-mixed bits (the golden ratio's).
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// A hash of a key that is the same whatever its case.
#[must_use]
#[inline]
pub fn key_hash(key: &[u8]) -> u64 {
    hash(key, u64::MAX / 255 * 0x20)
}

/// A hash of a key that tells small letters from capitals.
#[must_use]
#[inline]
pub fn exact_hash(key: &[u8]) -> u64 {
    hash(key, 0)
}

/// The hash of a key in which these bits of each eight bytes are set.
#[inline]
fn hash(key: &[u8], set: u64) -> u64 {
    let mut hash = key.len() as u64;
    let mut steps = key.chunks_exact(8);
    for step in &mut steps {
        let word = u64::from_le_bytes(step.try_into().unwrap_or_default()) | set;
        hash = (hash ^ word).wrapping_mul(MIX).rotate_left(29);
    }
    let mut word = 0;
    for byte in steps.remainder() {
        word = word << 8 | u64::from(*byte);
    }
    hash = (hash ^ (word | set)).wrapping_mul(MIX);
    hash ^ hash >> 32
}

/// A table of the keys of one object.
#[derive(Debug)]
pub struct Keys {
    ignore_case: bool,
    names: Vec<(Box<str>, usize)>,
    places: Vec<u32>,
}

impl Keys {
    /// An empty table.
    #[must_use]
    pub const fn new(ignore_case: bool) -> Self {
        Self { ignore_case, names: Vec::new(), places: Vec::new() }
    }

    /// Adds a key; if it is there already, the field that has it is answered and nothing changes.
    pub fn insert(&mut self, name: &str, field: usize) -> Option<usize> {
        if let Some(owner) = self.find(name.as_bytes()) {
            return Some(owner);
        }
        self.names.push((name.into(), field));
        if self.names.len() * 2 > self.places.len() {
            self.rebuild();
        } else {
            self.place(self.names.len() - 1);
        }
        None
    }

    /// The field of a key.
    #[must_use]
    #[inline]
    pub fn find(&self, key: &[u8]) -> Option<usize> {
        let mask = self.places.len().checked_sub(1)?;
        let mut place = key_hash(key) as usize & mask;
        loop {
            match self.places[place] {
                FREE => return None,
                index => {
                    let (name, field) = &self.names[index as usize];
                    if self.same(name.as_bytes(), key) {
                        return Some(*field);
                    }
                }
            }
            place = (place + 1) & mask;
        }
    }

    /// Do a field's key and an input key mean the same?
    #[must_use]
    #[inline]
    pub fn same(&self, name: &[u8], key: &[u8]) -> bool {
        name == key || self.ignore_case && name.eq_ignore_ascii_case(key)
    }

    /// At most half of the places are taken, so that a search ends soon, and ends at all.
    fn rebuild(&mut self) {
        self.places = vec![FREE; (self.names.len() * 2 + 1).next_power_of_two()];
        for index in 0..self.names.len() {
            self.place(index);
        }
    }

    /// Takes the first free place for a name.
    fn place(&mut self, index: usize) {
        let mask = self.places.len() - 1;
        let mut place = key_hash(self.names[index].0.as_bytes()) as usize & mask;
        while self.places[place] != FREE {
            place = (place + 1) & mask;
        }
        self.places[place] = index as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::{Keys, exact_hash, key_hash};

    #[test]
    fn finds_each_key_and_no_other() {
        let mut keys = Keys::new(false);
        let names: Vec<String> = (0..300).map(|n| format!("some.longer.key.{n}")).collect();
        for (index, name) in names.iter().enumerate() {
            assert_eq!(keys.insert(name, index), None);
        }
        for (index, name) in names.iter().enumerate() {
            assert_eq!(keys.find(name.as_bytes()), Some(index));
            assert_eq!(keys.find(name.to_uppercase().as_bytes()), None);
        }
        assert_eq!(keys.find(b""), None);
    }

    #[test]
    fn half_of_the_places_stay_free_as_it_grows() {
        let mut keys = Keys::new(false);
        for index in 0..1_000 {
            keys.insert(&format!("key{index}"), index);
            let taken = keys.places.iter().filter(|place| **place != super::FREE).count();
            assert_eq!(taken, index + 1);
            assert!(taken * 2 <= keys.places.len(), "{taken} of {}", keys.places.len());
        }
    }

    #[test]
    fn older_types_do_not_mind_case() {
        let mut keys = Keys::new(true);
        keys.insert("remoteIP", 0);
        assert_eq!(keys.find(b"remoteIp"), Some(0));
        assert_eq!(keys.insert("REMOTEIP", 1), Some(0), "the first of two fields has the key");
        assert_eq!(key_hash(b"A-long_Key.name"), key_hash(b"a-long_key.NAME"));
        assert_ne!(exact_hash(b"A-long_Key.name"), exact_hash(b"a-long_key.NAME"));
    }

    #[test]
    fn an_empty_table_finds_nothing() {
        assert_eq!(Keys::new(false).find(b"a"), None);
    }
}
