//! Memory is bounded by the longest log and the buffers, whatever the input; counted, not timed.

use super::*;

/// A reader of a beginning, a piece many times, and an end: larger than anything that is held.
struct Repeated<'a> {
    begin: &'a [u8],
    piece: &'a [u8],
    times: usize,
    end: &'a [u8],
    at: usize,
}

impl Read for Repeated<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let mut written = 0;
        while written < out.len() {
            let part = if !self.begin.is_empty() {
                self.begin
            } else if self.times > 0 {
                self.piece
            } else {
                self.end
            };
            let count = (part.len() - self.at).min(out.len() - written);
            out[written..written + count].copy_from_slice(&part[self.at..self.at + count]);
            (written, self.at) = (written + count, self.at + count);
            if self.at == part.len() {
                self.at = 0;
                if !self.begin.is_empty() {
                    self.begin = b"";
                } else if self.times > 0 {
                    self.times -= 1;
                } else {
                    self.end = b"";
                    return Ok(written);
                }
            }
        }
        Ok(written)
    }
}

/// Reads a stream; how many logs came, how many were rejected, and the most memory that was held.
fn most_memory(reader: impl Read, options: Options) -> (usize, usize, usize) {
    let mut stream = LogStream::new("a", reader, options);
    let mut batch = Batch::default();
    let (mut logs, mut rejected, mut most) = (0, 0, 0);
    while stream.next_batch(&mut batch).expect("readable") {
        logs += batch.len();
        rejected += batch.logs().filter(|log| log.text.is_err()).count();
        most = most.max(batch.memory() + stream.memory());
    }
    (logs, rejected, most)
}

const MIB: usize = 1 << 20;

#[test]
fn one_line_of_many_records_is_streamed() {
    let piece = format!("{{\"eventVersion\":\"1.08\",\"x\":\"{}\"}},", "y".repeat(1000));
    let kinds = [
        (Kind::CloudTrail, "{\"a\":[{}],\"Records\":[", "{}]}"),
        (Kind::JsonArray { path: Vec::new() }, "[", "{}]"),
        (Kind::Auto, "[", "{}]"),
        (Kind::JsonArray { path: vec!["b".to_owned()] }, "{\"b\":[0],\"a\":[", "{}]}"),
        (Kind::JsonArray { path: vec!["b".to_owned()] }, "{\"a\":[", "{}],\"b\":[0]}"),
    ];
    for (kind, begin, end) in kinds {
        let reader =
            Repeated { begin: begin.as_bytes(), piece: piece.as_bytes(), times: 12_000, end: end.as_bytes(), at: 0 };
        let beside = matches!(&kind, Kind::JsonArray { path } if !path.is_empty());
        let (logs, rejected, most) = most_memory(reader, Options::of(kind));
        assert_eq!((logs, rejected), (if beside { 1 } else { 12_001 }, 0), "{begin}");
        assert!(most < 6 * MIB, "{most} bytes for {begin}");
    }
}

#[test]
fn a_log_above_the_limit_is_not_held() {
    let cases = [
        (Kind::Lines, "a\n", "x", "\nb\n"),
        (Kind::Lines, "a\n", "x", ""),
        (Kind::Json, "{}\n{\"a\":\"", "x", "\"}\n{}"),
        (Kind::Json, "{}\n{\"a\":[", "[", ""),
        (Kind::Json, "{}\n{\"a\"]", "x", "\n{}"),
        (Kind::Json, "{}\nno document", "x", "\n{}"),
    ];
    for (kind, begin, piece, end) in cases {
        let piece = piece.repeat(4096);
        let reader =
            Repeated { begin: begin.as_bytes(), piece: piece.as_bytes(), times: 4_000, end: end.as_bytes(), at: 0 };
        let options = Options { longest_log: MIB, ..Options::of(kind) };
        let (logs, rejected, most) = most_memory(reader, options);
        assert_eq!((logs, rejected), (if end.is_empty() { 2 } else { 3 }, 1), "{begin}");
        assert!(most < 8 * MIB, "{most} bytes for {begin}");
    }
}

#[test]
fn many_tiny_logs_do_not_fill_a_batch_with_places() {
    for kind in [Kind::Lines, Kind::Auto] {
        let reader = Repeated { begin: b"a", piece: b"\n\n\n\n", times: MIB / 4, end: b"", at: 0 };
        let (logs, _, most) = most_memory(reader, Options::of(kind));
        assert_eq!(logs, MIB);
        assert!(most < 12 * MIB, "{most}");
    }
}

#[test]
fn the_longest_log_decides_and_is_forgotten() {
    let long = "x".repeat(20 * MIB);
    let text = format!("a\n{long}\nb\n{}", "c\n".repeat(MIB));
    let mut stream = LogStream::new("a", text.as_bytes(), Options::of(Kind::Lines));
    let mut batch = Batch::default();
    let mut most = 0;
    while stream.next_batch(&mut batch).expect("readable") {
        most = most.max(batch.memory() + stream.memory());
    }
    assert!((20 * MIB..36 * MIB).contains(&most), "{most}");
    assert!(batch.memory() + stream.memory() < 10 * MIB, "given back: {}", batch.memory() + stream.memory());
}
