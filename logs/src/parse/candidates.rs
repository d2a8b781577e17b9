//! Which log types a log may be of, told from its ends and its keys: in a mixed stream each log is held against each type, and
//! most cannot accept it.
//!
//! All of it follows from the types' schemas and the formats of their text, so that no type is left out which would accept the
//! log.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::demands::{ignores_case, needed};
use super::json::{Document, NodeKind, escape};
use super::keys::{exact_hash, key_hash};
use super::log_parser::LogParser;
use super::native::{Bytes, rules};

/// The types of a classifier, by what their logs must show.
#[derive(Debug)]
pub struct Index {
    /// For each byte, the types whose text may begin with it.
    text: Vec<Vec<usize>>,
    /// For each type what its text may end with; unless it is JSON.
    last: Vec<Bytes>,
    /// Types of JSON that need no key.
    keyless: Vec<usize>,
    /// From the hash of a key, whatever its case, to those who ask for it. The keys themselves are not compared: two that
    /// share a hash only make a type be asked in vain.
    askers: HashMap<u64, Vec<Asker>, BuildHasherDefault<Hashed>>,
    ways: Vec<Way>,
}

/// Takes a hash as it is.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0 << 8 ^ u64::from(*byte));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Those who ask for one key: in this case, or in any.
#[derive(Debug)]
struct Asker {
    exact: Option<u64>,
    ways: Vec<usize>,
}

/// One way to be of a type: with so many keys.
#[derive(Debug)]
struct Way {
    log_type: usize,
    keys: u16,
}

/// What a search leaves behind, and its memory.
#[derive(Debug, Default)]
pub struct Search {
    /// The types, in no order.
    pub found: Vec<usize>,
    /// For each way how many of its keys were seen.
    seen: Vec<u16>,
}

impl Index {
    /// The index of these parsers, by their places.
    #[must_use]
    pub fn new(parsers: &[LogParser]) -> Self {
        let mut index = Self {
            text: vec![Vec::new(); usize::from(u8::MAX) + 1],
            last: vec![Bytes::ANY; parsers.len()],
            keyless: Vec::new(),
            askers: HashMap::default(),
            ways: Vec::new(),
        };
        for (log_type, parser) in parsers.iter().enumerate() {
            match parser.ends() {
                Some(ends) => {
                    let bytes = (0..=u8::MAX).filter(|byte| ends.first.has(*byte));
                    bytes.for_each(|byte| index.text[usize::from(byte)].push(log_type));
                    index.last[log_type] = ends.last;
                }
                None => index.json(log_type, parser),
            }
        }
        index
    }

    fn json(&mut self, log_type: usize, parser: &LogParser) {
        let (layout, rules) = (parser.layout(), parser.rules());
        if let rules::Document::Array(key) | rules::Document::EventOrArray(key) = rules.document {
            self.way(log_type, &[key], true);
        }
        if !matches!(rules.document, rules::Document::Array(_)) {
            let keys: Vec<&str> = needed(layout).map(|slot| slot.input.as_str()).collect();
            self.way(log_type, &keys, ignores_case(layout, rules));
        }
    }

    /// Adds a way to be of a type.
    fn way(&mut self, log_type: usize, keys: &[&str], ignore_case: bool) {
        if keys.is_empty() {
            return self.keyless.push(log_type);
        }
        let way = self.ways.len();
        let mut asked = 0;
        for name in keys {
            let askers = self.askers.entry(key_hash(name.as_bytes())).or_default();
            let exact = (!ignore_case).then(|| exact_hash(name.as_bytes()));
            asked += u16::from(ask(askers, exact, way));
        }
        self.ways.push(Way { log_type, keys: asked });
    }

    /// Finds the types that a log may be of: its text without surrounding blanks, and its JSON if it is JSON.
    pub fn find(&self, text: &str, json: Option<Document<'_>>, search: &mut Search) {
        search.found.clear();
        let bytes = text.as_bytes();
        let (first, last) = (bytes.first().copied().unwrap_or_default(), bytes.last().copied().unwrap_or_default());
        let of_text = self.text[usize::from(first)].iter().copied();
        search.found.extend(of_text.filter(|log_type| self.last[*log_type].has(last)));
        let Some(document) = json else { return };
        search.found.extend(&self.keyless);
        if document.node(0).kind == NodeKind::Object {
            self.find_by_keys(document, search);
        }
    }

    fn find_by_keys(&self, document: Document<'_>, search: &mut Search) {
        search.seen.clear();
        search.seen.resize(self.ways.len(), 0);
        for (node, _) in document.members(0) {
            let unescaped: Cow<'_, str>;
            let key = if node.kind == NodeKind::Escaped {
                unescaped = escape::unescaped(document.body(node));
                unescaped.as_bytes()
            } else {
                document.bytes(node)
            };
            let Some(askers) = self.askers.get(&key_hash(key)) else { continue };
            let exact = exact_hash(key);
            let asks = |asker: &&Asker| asker.exact.is_none_or(|asked| asked == exact);
            for way in askers.iter().filter(asks).flat_map(|asker| &asker.ways) {
                // A key that is there twice counts twice: a type too many may be asked, none too few.
                search.seen[*way] += 1;
                let Way { log_type, keys } = self.ways[*way];
                if search.seen[*way] == keys && !search.found.contains(&log_type) {
                    search.found.push(log_type);
                }
            }
        }
    }
}

/// Notes that a way asks for a key; false if it does so already.
fn ask(askers: &mut Vec<Asker>, exact: Option<u64>, way: usize) -> bool {
    let place = askers.iter().position(|asker| asker.exact == exact).unwrap_or_else(|| {
        askers.push(Asker { exact, ways: Vec::new() });
        askers.len() - 1
    });
    let ways = &mut askers[place].ways;
    let new = ways.last() != Some(&way);
    if new {
        ways.push(way);
    }
    new
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::catalogue;
    use super::super::event::{Origin, ParseTime, Run, Stamp};
    use super::super::json::Tape;
    use super::super::layout::Encoding;
    use super::super::log_parser::Log;
    use super::super::native::{Now, examples};
    use super::super::row_id::RowIds;
    use super::super::sink::Sink;
    use super::super::time::Instant;
    use super::*;
    use crate::schema::{Mode, Schema, read};

    const NOW: Now = Now { year: 2026, month: 11 };

    fn built_in() -> Vec<Schema> {
        catalogue::names().filter_map(catalogue::built_in).collect()
    }

    fn custom(text: &str) -> Vec<Schema> {
        let reading = read("f.yml", text, Mode::Public, &crate::parse::judgement::JUDGEMENT);
        assert_eq!(reading.errors().count(), 0, "{text}");
        reading.documents.into_iter().map(|document| document.schema).collect()
    }

    /// Parsers, and the index over them.
    struct Types {
        parsers: Vec<LogParser>,
        index: Index,
        search: Search,
    }

    impl Types {
        fn new(schemas: &[Schema]) -> Self {
            let parsers = catalogue::parsers(schemas, Encoding::Plain, NOW).expect("ready");
            Self { index: Index::new(&parsers), parsers, search: Search::default() }
        }

        /// The types that accept a line when they are asked without any first test, and those that a first test leaves.
        fn accepting_and_left(&mut self, line: &str) -> (Vec<usize>, Vec<usize>) {
            let (origin, row_ids, now) = (Origin::default(), RowIds::new([1; 6], 0), Instant::utc(1_795_000_000, 0));
            let run = Run { origin: &origin, row_ids: &row_ids };
            let stamp = Stamp { run, now, parsed: &ParseTime::new(&now) };
            let mut tape = Tape::default();
            let json = tape.read(line).map(|()| tape.document(line));
            let log = Log { text: line, json, header: None };
            self.index.find(line, json.ok(), &mut self.search);
            let parsers = &mut self.parsers;
            let mut left = self.search.found.clone();
            left.retain(|number| parsers[*number].may_accept(&log));
            left.sort_unstable();
            let mut sink = Sink::default();
            let mut accepts = |number: &usize| {
                parsers[*number].reset();
                parsers[*number].parse(&log, *number, &mut sink, stamp).is_ok()
            };
            ((0..self.index.last.len()).filter(&mut accepts).collect(), left)
        }
    }

    /// The line, without each of its members, and with other values in their place.
    fn variants(line: &str) -> Vec<String> {
        let mut all = vec![line.to_owned()];
        if let Ok(Value::Object(object)) = serde_json::from_str::<Value>(line) {
            for key in object.keys() {
                let with = |value: Value| {
                    let mut changed = object.clone();
                    changed.insert(key.clone(), value);
                    Value::Object(changed).to_string()
                };
                all.extend([Value::Null, "x".into(), 1.into(), true.into(), "".into()].map(with));
                let mut less = object.clone();
                less.shift_remove(key);
                all.push(Value::Object(less.clone()).to_string());
                less.insert(key.to_uppercase(), object[key].clone());
                all.push(Value::Object(less).to_string());
                all.push(line.replacen(
                    &format!("\"{key}\""),
                    &format!("\"\\u{:04x}{}\"", key.as_bytes()[0], &key[1..]),
                    1,
                ));
            }
        } else {
            let words: Vec<&str> = line.split(' ').collect();
            all.extend((1..words.len()).map(|at| words[at..].join(" ")));
            all.extend((1..words.len()).map(|at| words[..at].join(" ")));
            all.push(line.replace(' ', "\t"));
            all.push(words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" "));
        }
        all
    }

    #[test]
    fn no_type_is_left_out_that_would_accept_the_log() {
        let mut types = Types::new(&built_in());
        for example in examples::all() {
            for line in example.lines.iter().flat_map(|line| variants(line)) {
                let line = line.trim();
                let (accepting, left) = types.accepting_and_left(line);
                for number in accepting {
                    let name = types.parsers[number].log_type();
                    assert!(left.contains(&number), "{name} accepts and is not asked:\n{line}");
                }
            }
        }
    }

    #[test]
    fn types_that_share_keys_are_told_apart_by_them_and_by_their_texts() {
        let schema = |name: &str, key: &str, word: &str| {
            let fields = format!(
                "{{name: {key}, type: string, required: true}}, {{name: kind, type: string, validate: {{allow: [{word}]}}}}"
            );
            custom(&format!("schema: {name}\nfields: [{fields}]\n"))
        };
        let schemas =
            [schema("Custom.One", "id", "a"), schema("Custom.Two", "id", "b"), schema("Custom.Three", "ID", "a")]
                .concat();
        let mut types = Types::new(&schemas);
        let mut left = |line: &str| types.accepting_and_left(line).1;
        assert_eq!(left(r#"{"id":"1","kind":"a"}"#), [0]);
        assert_eq!(left(r#"{"id":"1","kind":"b"}"#), [1]);
        assert_eq!(left(r#"{"id":"1"}"#), [0, 1]);
        assert_eq!(left(r#"{"ID":"1","kind":"a"}"#), [2]);
        assert_eq!(left(r#"{"kind":"a"}"#), [0; 0]);
        assert_eq!(left(r#"{"\u0069d":"1","id":"2","kind":"a"}"#), [0], "a key that is there twice");
    }
}
