//! Events on their way into objects: a buffer for each hour and log type, until its object is full, old, or memory is short.
//!
//! The rules are the log processor's, so that objects come out in the sizes that it would write.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use super::hour::Hour;
use super::packer::{Member, Packer};
use crate::parse::sink::Sink;
use crate::run::{Stage, Watch, watched};

/// Text that is packed at once: enough that beginning without a dictionary costs no more than a percent of its size.
const PACKED_AT_ONCE: usize = 256 << 10;

/// When buffers become objects.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Compressed bytes from which on an object is full.
    pub object_bytes: usize,
    /// How long an event waits.
    pub age: Duration,
    /// More buffers than this, and the larger half of them becomes objects.
    pub buffers: usize,
    /// Bytes that all buffers together may hold.
    pub memory: usize,
}

impl Limits {
    /// As the log processor has them, with this much memory.
    #[must_use]
    pub const fn of_memory(memory: usize) -> Self {
        Self { object_bytes: 50 << 20, age: Duration::from_secs(60), buffers: 256, memory }
    }
}

/// Events of one log type and hour, packed, to be stored as one object.
#[derive(Debug)]
pub struct Object {
    /// The log type, by the number of its parser.
    pub log_type: usize,
    /// The hour of the events.
    pub hour: Hour,
    /// One gzip member of JSON lines.
    pub body: Vec<u8>,
    /// How many events.
    pub events: u64,
    /// Their bytes before packing.
    pub text_bytes: u64,
}

type Bin = (Hour, usize);

#[derive(Debug)]
struct Buffer {
    since: Instant,
    /// Events that are not packed yet.
    text: Vec<u8>,
    packed: Member,
    events: u64,
    text_bytes: u64,
}

impl Buffer {
    fn new(since: Instant) -> Self {
        Self { since, text: Vec::new(), packed: Member::default(), events: 0, text_bytes: 0 }
    }

    /// Bytes of memory.
    const fn memory(&self) -> usize {
        self.text.capacity() + self.packed.memory()
    }
}

/// All buffers of a run.
#[derive(Debug)]
pub struct Buffers {
    limits: Limits,
    bins: HashMap<Bin, Buffer>,
    packer: Packer,
    memory: usize,
    peak: usize,
    most: usize,
}

impl Buffers {
    /// No buffers yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, bins: HashMap::new(), packer: Packer::new(), memory: 0, peak: 0, most: 0 }
    }

    /// Bytes that are held.
    #[must_use]
    pub const fn memory(&self) -> usize {
        self.memory
    }

    /// The most bytes that were held at once: beyond the limit by no more than one event, as text and packed.
    #[must_use]
    pub const fn peak_memory(&self) -> usize {
        self.peak
    }

    /// The most buffers that there were at once.
    #[must_use]
    pub const fn peak_buffers(&self) -> usize {
        self.most
    }

    /// Takes the events of a sink; hands out what becomes an object by that.
    pub fn add(&mut self, events: &Sink, now: Instant, watch: &dyn Watch, mut out: impl FnMut(Object)) {
        let mut start = 0;
        let mut marks = events.marks.iter().peekable();
        while let Some(mark) = marks.next() {
            let bin = (Hour::of(mark.time), mark.log_type);
            let (mut end, mut count) = (mark.end, 1);
            // Events of one hour and type come together; each run of them is one copy.
            while end - start < PACKED_AT_ONCE
                && let Some(next) = marks.next_if(|next| (Hour::of(next.time), next.log_type) == bin)
            {
                (end, count) = (next.end, count + 1);
            }
            self.put(bin, &events.bytes[start..end], count, now, watch);
            start = end;
            self.settle(bin, watch, &mut out);
        }
    }

    fn put(&mut self, bin: Bin, text: &[u8], events: u64, now: Instant, watch: &dyn Watch) {
        let buffer = self.bins.entry(bin).or_insert_with(|| Buffer::new(now));
        let before = buffer.memory();
        buffer.text.extend_from_slice(text);
        buffer.events += events;
        buffer.text_bytes += text.len() as u64;
        if buffer.text.len() >= PACKED_AT_ONCE {
            pack(&mut self.packer, bin, buffer, watch);
        }
        self.memory = self.memory - before + buffer.memory();
        self.peak = self.peak.max(self.memory);
        self.most = self.most.max(self.bins.len());
    }

    /// Applies the rules of size, count and memory after a buffer has grown.
    fn settle(&mut self, grown: Bin, watch: &dyn Watch, out: &mut impl FnMut(Object)) {
        if self.bins[&grown].packed.len() >= self.limits.object_bytes {
            self.flush(grown, watch, out);
        }
        if self.bins.len() > self.limits.buffers {
            let mut bins: Vec<(usize, Bin)> = self.bins.iter().map(|(bin, buffer)| (buffer.memory(), *bin)).collect();
            bins.sort_unstable_by(|one, other| other.cmp(one));
            bins.truncate(self.limits.buffers.div_ceil(2));
            bins.into_iter().for_each(|(_, bin)| self.flush(bin, watch, out));
        }
        while self.memory > self.limits.memory {
            let largest = self.bins.iter().max_by_key(|(bin, buffer)| (buffer.memory(), **bin)).map(|(bin, _)| *bin);
            let Some(bin) = largest else { break };
            self.flush(bin, watch, out);
        }
    }

    /// Hands out every buffer whose first event waits longer than it should.
    pub fn flush_old(&mut self, now: Instant, watch: &dyn Watch, mut out: impl FnMut(Object)) {
        let age = self.limits.age;
        let old = |buffer: &Buffer| now.saturating_duration_since(buffer.since) >= age;
        let mut bins: Vec<Bin> = self.bins.iter().filter(|(_, buffer)| old(buffer)).map(|(bin, _)| *bin).collect();
        bins.sort_unstable();
        bins.into_iter().for_each(|bin| self.flush(bin, watch, &mut out));
    }

    /// Hands out everything.
    pub fn flush_all(&mut self, watch: &dyn Watch, mut out: impl FnMut(Object)) {
        let mut bins: Vec<Bin> = self.bins.keys().copied().collect();
        bins.sort_unstable();
        bins.into_iter().for_each(|bin| self.flush(bin, watch, &mut out));
    }

    fn flush(&mut self, bin: Bin, watch: &dyn Watch, out: &mut impl FnMut(Object)) {
        let Some(mut buffer) = self.bins.remove(&bin) else { return };
        self.memory -= buffer.memory();
        if !buffer.text.is_empty() {
            pack(&mut self.packer, bin, &mut buffer, watch);
        }
        let Buffer { packed, events, text_bytes, .. } = buffer;
        out(Object { log_type: bin.1, hour: bin.0, body: packed.finish(), events, text_bytes });
    }
}

fn pack(packer: &mut Packer, bin: Bin, buffer: &mut Buffer, watch: &dyn Watch) {
    watched(watch, Stage::Compress(bin.1), || packer.pack(&buffer.text, &mut buffer.packed));
    buffer.text.clear();
    // After one huge event its room is given back.
    buffer.text.shrink_to(2 * PACKED_AT_ONCE);
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;
    use crate::parse::sink::Mark;
    use crate::parse::time;

    const ROOMY: Limits = Limits::of_memory(1 << 30);

    /// Events as (log type, hour, bytes), each a line.
    fn sink(events: &[(usize, i64, usize)]) -> Sink {
        let mut sink = Sink::default();
        for (number, (log_type, hour, bytes)) in events.iter().enumerate() {
            let line: Vec<u8> = std::iter::repeat_with(|| fastrand::alphanumeric() as u8).take(bytes - 9).collect();
            sink.bytes.extend_from_slice(format!("{number:08}").as_bytes());
            sink.bytes.extend_from_slice(&line);
            sink.bytes.push(b'\n');
            let time = time::Instant::utc(hour * 3_600 + 7, 0);
            sink.marks.push(Mark { end: sink.bytes.len(), log_type: *log_type, time });
        }
        sink
    }

    fn lines(object: &Object) -> u64 {
        let mut text = String::new();
        let mut reader = flate2::bufread::GzDecoder::new(&object.body[..]);
        reader.read_to_string(&mut text).expect("gzip of text");
        assert!(reader.into_inner().is_empty(), "one member");
        assert_eq!(text.len() as u64, object.text_bytes);
        assert!(text.ends_with('\n'));
        text.lines().count() as u64
    }

    /// Adds the events; the objects that came out at once, and all that came out in the end.
    fn run(limits: Limits, events: &[(usize, i64, usize)]) -> (Buffers, usize, Vec<Object>) {
        let (mut buffers, mut out) = (Buffers::new(limits), Vec::new());
        buffers.add(&sink(events), crate::time::monotonic(), &(), |object| out.push(object));
        let early = out.len();
        buffers.flush_all(&(), |object| out.push(object));
        (buffers, early, out)
    }

    #[tokio::test]
    async fn each_hour_and_type_has_its_own_object_however_late_its_events_are() {
        let events = [(0, 5, 100), (0, 5, 100), (1, 5, 100), (0, 4, 100), (0, 5, 100), (0, -3, 50)];
        let (buffers, early, out) = run(ROOMY, &events);
        assert_eq!(early, 0);
        let told: Vec<_> = out.iter().map(|object| (object.hour.stamp(), object.log_type, lines(object))).collect();
        let stamp = |hour: i64| Hour::of(time::Instant::utc(hour * 3_600, 0)).stamp();
        assert_eq!(told, [(stamp(-3), 0, 1), (stamp(4), 0, 1), (stamp(5), 0, 3), (stamp(5), 1, 1)]);
        assert!(out.iter().all(|object| object.events == lines(object)));
        assert_eq!(buffers.memory(), 0);
    }

    #[tokio::test]
    async fn a_full_object_goes_at_once() {
        let events = vec![(0, 1, 10_000); 400];
        let (_, early, out) = run(Limits { object_bytes: 1 << 20, ..ROOMY }, &events);
        assert!(early >= 1, "random letters pack to three quarters");
        assert!(out[..early].iter().all(|object| object.body.len() >= 1 << 20 && object.body.len() < 2 << 20));
        assert_eq!(out.iter().map(lines).sum::<u64>(), 400);
    }

    #[tokio::test]
    async fn of_too_many_buffers_the_larger_half_goes() {
        let mut events: Vec<_> = (0..256).map(|hour| (0, hour, if hour % 2 == 0 { 5_000 } else { 20 })).collect();
        let (_, early, _) = run(ROOMY, &events);
        assert_eq!(early, 0, "256 buffers are not too many");
        events.push((0, 1_000, 20));
        let (buffers, early, out) = run(ROOMY, &events);
        assert_eq!(early, 128);
        assert!(out[..early].iter().all(|object| object.text_bytes == 5_000));
        assert_eq!((out.iter().map(lines).sum::<u64>(), buffers.peak_buffers()), (257, 257));
    }

    #[tokio::test]
    async fn memory_stays_within_its_limit() {
        let events: Vec<_> =
            (0..3_000).map(|number| (number % 3, i64::try_from(number % 40).expect("small"), 3_000)).collect();
        let limit = 2 << 20;
        let (buffers, early, out) = run(Limits { memory: limit, ..ROOMY }, &events);
        assert!(early > 0);
        assert!(buffers.peak_memory() > limit / 2 && buffers.peak_memory() <= limit + 2 * PACKED_AT_ONCE);
        assert_eq!(out.iter().map(lines).sum::<u64>(), 3_000);
    }

    #[tokio::test(start_paused = true)]
    async fn what_has_waited_long_enough_goes() {
        let (mut buffers, mut out) = (Buffers::new(ROOMY), Vec::new());
        buffers.add(&sink(&[(0, 1, 100)]), crate::time::monotonic(), &(), |object| out.push(object));
        tokio::time::advance(Duration::from_secs(59)).await;
        buffers.add(&sink(&[(0, 1, 100), (0, 2, 100)]), crate::time::monotonic(), &(), |object| out.push(object));
        buffers.flush_old(crate::time::monotonic(), &(), |object| out.push(object));
        assert!(out.is_empty());
        tokio::time::advance(Duration::from_secs(1)).await;
        buffers.flush_old(crate::time::monotonic(), &(), |object| out.push(object));
        assert_eq!(out.iter().map(lines).collect::<Vec<_>>(), [2], "the age is that of the first event");
    }
}
