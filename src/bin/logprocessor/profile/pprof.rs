//! The profile format of pprof: gzipped protocol buffers (message `Profile` of github.com/google/pprof, `profile.proto`).
//!
//! The few messages of a profile are written by hand: a code generator would be larger than what it generates.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{Figure, Sample};

/// Field numbers of `Profile`.
mod profile {
    pub const SAMPLE_TYPE: u64 = 1;
    pub const SAMPLE: u64 = 2;
    pub const LOCATION: u64 = 4;
    pub const FUNCTION: u64 = 5;
    pub const STRING: u64 = 6;
    pub const DEFAULT_SAMPLE_TYPE: u64 = 14;
}

/// Wire type of numbers.
const NUMBER: u64 = 0;

/// Wire type of everything with a length.
const BYTES: u64 = 2;

/// A message being written.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    fn number(&mut self, field: u64, value: u64) -> &mut Self {
        self.varint(field << 3 | NUMBER);
        self.varint(value);
        self
    }

    fn bytes(&mut self, field: u64, bytes: &[u8]) -> &mut Self {
        self.varint(field << 3 | BYTES);
        self.varint(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
        self
    }

    fn packed(&mut self, field: u64, values: impl IntoIterator<Item = u64>) -> &mut Self {
        let mut packed = Self::default();
        values.into_iter().for_each(|value| packed.varint(value));
        self.bytes(field, &packed.0)
    }
}

/// Texts by their numbers; number 0 is the empty one, as the format wants it.
struct Strings(Vec<String>);

impl Strings {
    fn number(&mut self, text: &str) -> u64 {
        let place = self.0.iter().position(|known| known == text).unwrap_or_else(|| {
            self.0.push(text.to_owned());
            self.0.len() - 1
        });
        place as u64
    }
}

pub(super) fn encode(figure: Figure, samples: &[Sample]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    let written = packer.write_all(&message(figure, samples)).and_then(|()| packer.finish());
    written.expect("writing into memory does not fail")
}

fn message(figure: Figure, samples: &[Sample]) -> Vec<u8> {
    let (mut profile, mut strings) = (Message::default(), Strings(vec![String::new()]));
    for (name, unit) in figure.values() {
        let mut value = Message::default();
        value.number(1, strings.number(name)).number(2, strings.number(unit));
        profile.bytes(profile::SAMPLE_TYPE, &value.0);
    }
    // A function, and a location in it, for each name: their ids are the same.
    let mut ids = BTreeMap::<&str, u64>::new();
    for sample in samples.iter().filter(|sample| sample.values != [0, 0]) {
        let mut stack = Vec::new();
        // The innermost frame first.
        for name in sample.path.iter().rev().map(String::as_str).chain(["logprocessor"]) {
            let next = ids.len() as u64 + 1;
            stack.push(*ids.entry(name).or_insert(next));
        }
        let mut written = Message::default();
        written.packed(1, stack).packed(2, sample.values);
        profile.bytes(profile::SAMPLE, &written.0);
    }
    for (name, id) in ids {
        let (mut line, mut location, mut function) = (Message::default(), Message::default(), Message::default());
        line.number(1, id);
        location.number(1, id).bytes(4, &line.0);
        function.number(1, id).number(2, strings.number(name));
        profile.bytes(profile::LOCATION, &location.0).bytes(profile::FUNCTION, &function.0);
    }
    let shown = strings.number(figure.values()[1].0);
    strings.0.iter().for_each(|text| {
        profile.bytes(profile::STRING, text.as_bytes());
    });
    profile.number(profile::DEFAULT_SAMPLE_TYPE, shown);
    profile.0
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    /// The fields of a message: number, and value or bytes.
    fn fields(mut bytes: &[u8]) -> Vec<(u64, u64, Vec<u8>)> {
        fn varint(bytes: &mut &[u8]) -> u64 {
            let (mut value, mut shift) = (0, 0);
            loop {
                let (first, rest) = bytes.split_first().expect("a number ends");
                *bytes = rest;
                value |= u64::from(first & 0x7f) << shift;
                if first & 0x80 == 0 {
                    return value;
                }
                shift += 7;
            }
        }
        let mut found = Vec::new();
        while !bytes.is_empty() {
            let key = varint(&mut bytes);
            let value = varint(&mut bytes);
            match key & 7 {
                NUMBER => found.push((key >> 3, value, Vec::new())),
                _ => {
                    let (inner, rest) = bytes.split_at(usize::try_from(value).expect("small"));
                    found.push((key >> 3, 0, inner.to_vec()));
                    bytes = rest;
                }
            }
        }
        found
    }

    #[test]
    fn a_profile_is_read_back_as_its_samples() {
        let path = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let samples = [
            Sample { path: path(&["group", "compress", "AWS.ALB"]), values: [3, 1_000_000] },
            Sample { path: path(&["group"]), values: [300, 5] },
            Sample { path: path(&["cut"]), values: [0, 0] },
        ];
        let mut raw = Vec::new();
        flate2::read::GzDecoder::new(&encode(Figure::Cpu, &samples)[..]).read_to_end(&mut raw).expect("gzip");
        let all = fields(&raw);
        let of = |number: u64| {
            all.iter().filter(|(field, ..)| *field == number).map(|(_, _, bytes)| bytes.clone()).collect::<Vec<_>>()
        };
        let strings: Vec<String> = of(6).into_iter().map(|bytes| String::from_utf8(bytes).expect("text")).collect();
        assert_eq!(strings[0], "");
        let number = |fields: &[(u64, u64, Vec<u8>)], wanted: u64| {
            fields.iter().find(|(field, ..)| *field == wanted).map(|(_, value, _)| *value).expect("the field")
        };
        let names: BTreeMap<u64, String> = of(5)
            .iter()
            .map(|bytes| fields(bytes))
            .map(|function| (number(&function, 1), strings[number(&function, 2) as usize].clone()))
            .collect();
        let locations: Vec<u64> = of(4).iter().map(|bytes| number(&fields(bytes), 1)).collect();
        assert_eq!(locations, names.keys().copied().collect::<Vec<_>>());
        let stacks: Vec<Vec<&str>> = of(2)
            .iter()
            .map(|bytes| fields(bytes)[0].2.iter().map(|id| names[&u64::from(*id)].as_str()).collect())
            .collect();
        assert_eq!(stacks, [vec!["AWS.ALB", "compress", "group", "logprocessor"], vec!["group", "logprocessor"]]);
        let types: Vec<&str> = of(1).iter().map(|bytes| strings[number(&fields(bytes), 1) as usize].as_str()).collect();
        assert_eq!(types, ["calls", "cpu"]);
        assert_eq!(strings[number(&all, 14) as usize], "cpu");
    }
}
