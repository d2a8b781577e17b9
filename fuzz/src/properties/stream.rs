//! Streams: always an end, the same logs however the bytes arrive, each log where it says it stands, nothing longer than
//! the limit, and memory by the limit, not by the input. Simple ways to cut agree where they know the answer.

use std::io::{Read, Write};

use opstools_logs::parse::stream::{Batch, Kind, LogStream, Options, Problem};
use serde_json::value::RawValue;

use super::choices::Choices;
use super::{estate, oracle};

/// A stream that has given so much is left: some bytes of compressed data are gigabytes of text.
const ENOUGH: u64 = 4 << 20;

/// Buffers of the stream itself, and places of 64 thousand logs.
const BUFFERS: usize = 8 << 20;

/// Logs of one batch, where the whole input arrives at once.
const BATCH: usize = 64 << 10;

/// How an input is stored.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Storage {
    /// As it is: it may be compressed, or look so.
    AsIs,
    Gzip,
    Zstd,
}

/// A log as it came out.
#[derive(Debug, PartialEq)]
struct Seen {
    line: u64,
    offset: u64,
    text: Result<String, String>,
    header: Option<String>,
}

/// All that came out.
#[derive(Debug, PartialEq)]
struct Outcome {
    logs: Vec<Seen>,
    fault: Option<String>,
    /// The stream came to its end.
    whole: bool,
}

/// Panics if it does not hold.
pub fn holds(data: &[u8]) {
    let mut choices = Choices::new(data);
    let kind = kind(choices.byte());
    let storage = [Storage::AsIs, Storage::Gzip, Storage::Zstd][choices.below(3)];
    let longest_log = [1, 7, 64, 4096, 1 << 20][choices.below(5)];
    let batch = usize::from(choices.byte()) + 1;
    let (live, piece) = (choices.byte().is_multiple_of(2), usize::from(choices.byte()) % 32 + 1);
    let text = choices.rest();
    let stored = stored(text, storage);
    let options = Options { kind: kind.clone(), longest_log, batch: BATCH, live: false };
    let whole = read(&stored[..], options.clone());
    let pieces = read(Pieces { bytes: &stored, piece }, Options { batch, live, ..options });
    if whole.whole && pieces.whole {
        assert_eq!(whole, pieces, "it does not matter how bytes arrive");
    }
    if storage != Storage::AsIs && whole.whole && whole.fault.is_none() {
        stands_where_it_says(&kind, text, &whole);
        agrees(&kind, text, longest_log, &whole);
    }
    if let Kind::Xml { .. } = kind {
        whole.logs.iter().filter_map(|log| log.text.as_ref().ok()).for_each(|log| _ = oracle::keys_of_object(log));
    }
    let headers = whole.logs.iter().filter_map(|log| log.header.as_ref());
    headers.for_each(|header| {
        oracle::keys_of_object(header);
        assert!(!header.contains('\n'), "a header is one line: {header}");
    });
}

fn kind(choice: u8) -> Kind {
    match choice % 10 {
        0 => Kind::Auto,
        1 => Kind::Lines,
        2 => Kind::Json,
        3 => Kind::JsonArray { path: Vec::new() },
        4 => Kind::JsonArray { path: vec!["a".to_owned(), "1".to_owned()] },
        5 => Kind::CloudTrail,
        6 => Kind::CloudWatchLogs { retain_envelope_fields: true },
        7 => Kind::CloudWatchLogs { retain_envelope_fields: false },
        8 => Kind::Xml { root: None },
        _ => Kind::Xml { root: Some("a".to_owned()) },
    }
}

fn stored(text: &[u8], storage: Storage) -> Vec<u8> {
    match storage {
        Storage::AsIs => text.to_vec(),
        Storage::Gzip => {
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            writer.write_all(text).expect("into memory");
            writer.finish().expect("into memory")
        }
        Storage::Zstd => zstd::encode_all(text, 1).expect("into memory"),
    }
}

fn read(reader: impl Read, options: Options) -> Outcome {
    let limit = BUFFERS + 4 * (options.longest_log + options.batch);
    let longest = options.longest_log;
    let mut stream = LogStream::new("a.log", reader, options);
    let mut batch = Batch::default();
    let mut outcome = Outcome { logs: Vec::new(), fault: None, whole: true };
    loop {
        match stream.next_batch(&mut batch) {
            Ok(true) => outcome.take(&batch, longest),
            Ok(false) => return outcome,
            Err(fault) => {
                assert!(!stream.next_batch(&mut batch).expect("a fault is told once"), "nothing comes behind a fault");
                // Where data cannot be unpacked any more, the library finds out earlier or later.
                let place = |problem: &Problem| matches!(problem, Problem::Compression { .. });
                outcome.fault = Some(if place(&fault.problem) { "compression".to_owned() } else { fault.to_string() });
                return outcome;
            }
        }
        let memory = stream.memory() + batch.memory();
        assert!(memory <= limit, "{memory} bytes of memory, more than {limit}");
        if outcome.logs.last().is_some_and(|log| log.offset > ENOUGH) {
            outcome.whole = false;
            return outcome;
        }
    }
}

impl Outcome {
    fn take(&mut self, batch: &Batch, longest: usize) {
        assert!(!batch.is_empty(), "a batch has logs");
        for log in batch.logs() {
            // A message of an envelope, and XML as JSON, are bounded by what they are made of.
            let text = log.text.map(str::to_owned).map_err(|rejected| {
                assert!(rejected.bytes.len() <= longest.max(64) * 16, "a rejected log keeps no more than it may");
                rejected.reason.to_string()
            });
            self.logs.push(Seen { line: log.line, offset: log.offset, text, header: log.header.map(str::to_owned) });
        }
    }
}

/// A reader that brings so many bytes at once.
struct Pieces<'d> {
    bytes: &'d [u8],
    piece: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let size = self.piece.min(out.len()).min(self.bytes.len());
        out[..size].copy_from_slice(&self.bytes[..size]);
        self.bytes = &self.bytes[size..];
        Ok(size)
    }
}

/// Logs that are cut out of the text stand in it, in order.
fn stands_where_it_says(kind: &Kind, text: &[u8], outcome: &Outcome) {
    if matches!(kind, Kind::CloudWatchLogs { .. } | Kind::Xml { .. }) {
        return;
    }
    let mut before = 0;
    for log in &outcome.logs {
        let at = usize::try_from(log.offset).expect("small");
        let line = 1 + text[..at].iter().filter(|byte| **byte == b'\n').count() as u64;
        assert_eq!(log.line, line, "the line of byte {at}");
        // A document of which an element is rejected is told at its beginning, behind the elements before.
        if let Ok(log) = &log.text {
            assert!(at >= before, "logs come in order");
            before = at;
            assert!(text[at..].starts_with(log.as_bytes()), "{log} at {at}");
            before += log.len();
        }
    }
}

/// The simplest way to cut says the same.
fn agrees(kind: &Kind, text: &[u8], longest: usize, outcome: &Outcome) {
    let Ok(text) = std::str::from_utf8(text) else { return };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let expected: Option<Vec<&str>> = match kind {
        Kind::Lines => Some(lines(text)),
        Kind::Json => objects(text),
        Kind::JsonArray { path } if path.is_empty() => elements(text),
        _ => None,
    };
    let Some(expected) = expected else { return };
    assert_eq!(outcome.logs.len(), expected.len(), "{expected:?}");
    for (log, expected) in outcome.logs.iter().zip(expected) {
        match &log.text {
            Ok(text) => assert_eq!(text, expected),
            Err(why) => assert!(expected.len() > longest, "{why}: {expected}"),
        }
    }
}

fn lines(text: &str) -> Vec<&str> {
    let lines = text.split_inclusive('\n');
    lines
        .map(|line| match line.strip_suffix('\n') {
            Some(line) => line.strip_suffix('\r').unwrap_or(line),
            None => line,
        })
        .collect()
}

/// The documents, if all of them are objects.
fn objects(text: &str) -> Option<Vec<&str>> {
    let values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    let raw: Vec<&str> = values.map(|value| value.map(RawValue::get)).collect::<Result<_, _>>().ok()?;
    raw.iter().all(|raw| raw.starts_with('{')).then_some(raw)
}

/// The elements, if it is one array.
fn elements(text: &str) -> Option<Vec<&str>> {
    let raw: Vec<&RawValue> = serde_json::from_str(text).ok()?;
    Some(raw.into_iter().map(RawValue::get).collect())
}

/// Every kind of stream, stored in every way.
pub fn seeds() -> Vec<Vec<u8>> {
    let texts = [
        "one\r\n\ntwo ä\nthree",
        "{\"a\":1}{\"b\":[{}]}\n[{\"c\":\"]}\\\"\"},{}]\n  {\n \"d\": null\n}\n[1,2]",
        "[{\"a\":1}, {\"b\":\"x\\u00e4\"},[],1.5e3,\"s\",null]",
        "{\"x\":{},\"a\":[0,[{\"b\":1},2,\"\"]],\"y\":[]}",
        "{\"Records\":[{\"eventVersion\":\"1.08\"},{}]}",
        "{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"123456789012\",\"logGroup\":\"g\",\"subscriptionFilters\":[\"f\"],\
         \"logEvents\":[{\"id\":\"1\",\"timestamp\":1,\"message\":\"m\\n\"},{\"message\":{\"a\":1}}]}\
         {\"messageType\":\"CONTROL_MESSAGE\",\"logEvents\":[]}",
        "<?xml version=\"1.0\"?><a><b x='1'>t&amp;<c/><c>2</c></b><!-- n --><b><![CDATA[<z>]]></b></a>",
        "\u{feff}{\"a\":1}\n{\"a\":",
    ];
    let mut seeds = Vec::new();
    for kind in 0..10 {
        for text in texts {
            seeds.push([&[kind, kind % 3, 3, 7, 1, 2], text.as_bytes()].concat());
        }
    }
    for storage in [Storage::Gzip, Storage::Zstd] {
        let packed = stored(estate::lines("AWS.VPCFlow", 2).as_bytes(), storage);
        seeds.extend([0, 1].map(|kind| [&[kind, 0, 4, 255, 0, 9], &packed[..]].concat()));
    }
    seeds
}
