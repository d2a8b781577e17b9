//! `--load`: sends the messages of a dump; the journal knows the lines that are done.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use opstools::app::Done;
use opstools::aws::sqs::{MOST_IN_BATCH, Message, Outgoing, Sender};
use opstools::error::Failure;
use opstools::run::{Counter, Entry, EntryFailure, ItemError, JournalError, Run, Stop, for_each};
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use crate::dump;
use crate::lanes::Lanes;
use crate::mode::is_dash;
use crate::mover::{lacks_group_id, outgoing, swallowed};
use crate::pairs::End;

/// Batches read ahead of the sending.
const READ_AHEAD: usize = 8;

/// Batches of messages of which lanes are made in a FIFO queue: more groups side by side, in bounded memory.
const FIFO_BATCHES: usize = 50;

/// What is sent where.
pub struct Load {
    /// The dump; `-` is stdin.
    pub file: PathBuf,
    /// The target.
    pub to: End,
    /// Seconds until consumers see the messages.
    pub delay_seconds: Option<i32>,
    /// Fresh deduplication ids.
    pub new_dedup_id: bool,
    /// What an unfinished run sent.
    pub lines: Lines,
}

/// What is known of lines, by number: the digest tells whether it still is the same line.
#[derive(Default)]
pub struct Lines {
    sent: HashMap<u64, u64>,
    announced: HashSet<u64>,
}

impl Lines {
    /// Reads an unfinished journal.
    pub fn replay(entries: impl Iterator<Item = Result<Entry, JournalError>>) -> Result<Self, JournalError> {
        let mut lines = Self::default();
        for entry in entries {
            let entry = entry?;
            let number = |name: &str| entry.body.get(name).and_then(serde_json::Value::as_u64);
            let numbers = || entry.body.get("lines").and_then(|lines| lines.as_array()).into_iter().flatten();
            match (entry.kind.as_str(), number("line"), number("digest")) {
                ("confirmed", Some(line), Some(digest)) => {
                    lines.announced.remove(&line);
                    lines.sent.insert(line, digest);
                }
                ("intent", _, _) => lines.announced.extend(numbers().filter_map(serde_json::Value::as_u64)),
                ("failed", _, _) => numbers().filter_map(serde_json::Value::as_u64).for_each(|line| {
                    lines.announced.remove(&line);
                }),
                _ => {}
            }
        }
        Ok(lines)
    }

    /// How many lines are done.
    pub fn sent(&self) -> usize {
        self.sent.len()
    }
}

/// A line to send.
struct Item {
    line: u64,
    digest: u64,
    uncertain: bool,
    from_id: String,
    outgoing: Outgoing,
}

/// What the tasks share.
struct Loading {
    load: Load,
    run: Run,
    announced: Mutex<HashSet<u64>>,
    fatal: OnceLock<Failure>,
    /// `--limit` ended the reading.
    limited: AtomicBool,
}

impl Load {
    /// Sends everything that is not sent yet.
    pub async fn execute(self, run: Run) -> Result<Done, Failure> {
        let reader = open(&self.file)?;
        let announced = Mutex::new(self.lines.announced.clone());
        let ordered = self.to.queue.is_fifo();
        let loading = Arc::new(Loading {
            load: self,
            run: run.clone(),
            announced,
            fatal: OnceLock::new(),
            limited: AtomicBool::new(false),
        });
        let (batches, arriving) = mpsc::channel(READ_AHEAD);
        let feeding = loading.clone();
        let size = if ordered { MOST_IN_BATCH * FIFO_BATCHES } else { MOST_IN_BATCH };
        let feeder = tokio::task::spawn_blocking(move || feeding.feed(reader, size, &batches));
        // In a FIFO queue one block after the other; within it, groups go side by side.
        let concurrency = if ordered { 1 } else { run.limits.concurrency };
        let sending = loading.clone();
        for_each(&run.cancel, concurrency, arriving, move |batch| {
            let loading = sending.clone();
            async move { loading.send(batch).await }
        })
        .await;
        // After a stop nobody waits for input that may never come.
        let fed = run.cancel.unless_stopped(feeder).await.unwrap_or(Ok(Ok(())));
        let fed = fed.unwrap_or_else(|error| Err(Failure::failed("reading the file ended").because(error)));
        let settled = [Counter::Done, Counter::Failed, Counter::Skipped].map(|counter| run.stats.get(counter));
        run.stats.set(Counter::Left, run.stats.get(Counter::Found).saturating_sub(settled.iter().sum()));
        if loading.limited.load(Relaxed) {
            run.cancel.stop(Stop::Limit);
        }
        if let Some(failure) = loading.fatal.get() {
            return Err(failure.clone());
        }
        fed?;
        let failed = run.stats.get(Counter::Failed) > 0;
        Ok(Done {
            next: failed.then(|| {
                "the lines that failed are named above, `--errors FILE` names each; the others are sent".to_owned()
            }),
            findings: false,
        })
    }
}

fn open(file: &Path) -> Result<Box<dyn Read + Send>, Failure> {
    if is_dash(file) {
        return Ok(Box::new(std::io::stdin()));
    }
    let opened = File::open(file);
    opened.map(|file| Box::new(file) as Box<dyn Read + Send>).map_err(|error| cannot_read(file, &error))
}

/// A dump that cannot be read.
pub fn cannot_read(file: &Path, error: &std::io::Error) -> Failure {
    Failure::failed(format!("cannot read `{}`", file.display()))
        .because(error)
        .hint("name a file that `requeue --save` wrote, or `-` for stdin")
}

impl Loading {
    fn announced(&self) -> MutexGuard<'_, HashSet<u64>> {
        self.announced.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads lines into batches until the end, the limit or a stop.
    fn feed(
        &self,
        reader: Box<dyn Read + Send>,
        size: usize,
        batches: &mpsc::Sender<Vec<Item>>,
    ) -> Result<(), Failure> {
        let mut batch = Vec::with_capacity(size);
        let mut places = self.run.limits.limit.unwrap_or(u64::MAX);
        for (number, bytes) in (1_u64..).zip(BufReader::new(reader).split(b'\n')) {
            let bytes = bytes.map_err(|error| cannot_read(&self.load.file, &error))?;
            let Some(item) = self.read(number, &bytes) else { continue };
            if places == 0 {
                self.limited.store(true, Relaxed);
                break;
            }
            places -= 1;
            batch.push(item);
            if batch.len() == size && !self.hand_over(&mut batch, batches) {
                return Ok(());
            }
        }
        self.hand_over(&mut batch, batches);
        Ok(())
    }

    fn hand_over(&self, batch: &mut Vec<Item>, batches: &mpsc::Sender<Vec<Item>>) -> bool {
        batch.is_empty() || batches.blocking_send(std::mem::take(batch)).is_ok()
    }

    /// One line: an item to send, or nothing where it is blank, done or broken.
    fn read(&self, number: u64, bytes: &[u8]) -> Option<Item> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return None;
        }
        self.run.stats.add(Counter::Found, 1);
        let digest = digest(bytes);
        if self.load.lines.sent.get(&number) == Some(&digest) {
            self.run.stats.add(Counter::Skipped, 1);
            self.run.stats.add_own("already_sent", 1);
            return None;
        }
        let text = std::str::from_utf8(bytes).map_err(|error| error.to_string());
        match text.and_then(dump::message) {
            Ok(message) => Some(self.item(number, digest, &message)),
            Err(why) => {
                self.run.failed(ItemError { code: "BrokenLine".to_owned(), message: why, object: self.object(number) });
                None
            }
        }
    }

    fn item(&self, line: u64, digest: u64, message: &Message) -> Item {
        let outgoing = outgoing(message, &self.load.to, self.load.delay_seconds, self.load.new_dedup_id);
        Item { line, digest, uncertain: self.announced().remove(&line), from_id: message.id.clone(), outgoing }
    }

    fn object(&self, line: u64) -> String {
        format!("{}:{line}", self.load.file.display())
    }

    /// Sends a batch; in rounds where order counts.
    async fn send(&self, batch: Vec<Item>) {
        let to = &self.load.to;
        let bytes = to.attributes.maximum_message_size;
        let sender = Sender::new(&to.sqs, &to.queue, bytes, &self.run.cancel, Some(&self.run.pace));
        if !to.queue.is_fifo() {
            self.round(&sender, batch).await;
            self.run.stats.add_own("duplicates_possible", sender.unsure());
            return;
        }
        let mut lanes = Lanes::of(batch, group);
        loop {
            let round = lanes.round();
            if round.is_empty() {
                return;
            }
            let failed = self.rounds_at_once(&sender, round).await;
            for item in lanes.block(&failed, group) {
                self.refuse(&item, &behind_a_failed_one());
            }
        }
    }

    /// The requests of one round, side by side: no two messages of it share a group.
    async fn rounds_at_once(&self, sender: &Sender<'_>, mut round: Vec<Item>) -> HashSet<String> {
        let mut parts = Vec::new();
        while !round.is_empty() {
            let part: Vec<Item> = round.drain(..round.len().min(MOST_IN_BATCH)).collect();
            parts.push(self.round(sender, part));
        }
        futures::future::join_all(parts).await.into_iter().flatten().collect()
    }

    /// Sends messages once; returns the groups of those that were not sent.
    async fn round(&self, sender: &Sender<'_>, batch: Vec<Item>) -> HashSet<String> {
        #[expect(clippy::cast_precision_loss, reason = "a batch has ten messages")]
        let amount = batch.len() as f64;
        let numbers: Vec<u64> = batch.iter().map(|item| item.line).collect();
        let turn = self.run.cancel.unless_stopped(self.run.pace.take(amount)).await;
        if turn.is_none() || self.append("intent", &json!({ "lines": numbers })).is_err() {
            return batch.iter().filter_map(group).collect();
        }
        self.run.stats.begin(batch.len() as u64);
        let (fitting, groupless): (Vec<Item>, Vec<Item>) =
            batch.into_iter().partition(|item| !self.load.to.queue.is_fifo() || item.outgoing.group_id.is_some());
        let outcome = sender.send(fitting, |item: &Item| &item.outgoing).await;
        let mut refused = outcome.refused;
        refused.extend(groupless.into_iter().map(|item| (item, lacks_group_id(&self.load.to))));
        for (item, sent) in outcome.confirmed {
            if sent.id == item.from_id {
                refused.push((item, swallowed(&self.load.to)));
            } else {
                self.confirm(&item, &sent.id);
            }
        }
        let mut failed = HashSet::new();
        for (item, failure) in refused {
            self.refuse(&item, &failure);
            failed.extend(group(&item));
        }
        self.run.stats.end(numbers.len() as u64);
        failed
    }

    fn append(&self, kind: &str, body: &serde_json::Value) -> Result<(), JournalError> {
        self.run.journal.as_ref().map_or(Ok(()), |journal| journal.append(kind, body))
    }

    fn confirm(&self, item: &Item, to_id: &str) {
        self.run.stats.add(Counter::Done, 1);
        self.run.stats.add(Counter::Bytes, item.outgoing.size() as u64);
        if item.uncertain && !self.load.to.queue.is_fifo() {
            self.run.stats.add_own("duplicates_possible", 1);
        }
        // A journal that cannot be written has stopped the run by itself; the message is sent all the same.
        let _ = self.append("confirmed", &json!({ "line": item.line, "digest": item.digest, "to_id": to_id }));
    }

    fn refuse(&self, item: &Item, failure: &EntryFailure) {
        let _ = self.append("failed", &json!({ "lines": [item.line] }));
        if failure.is_not_allowed() {
            let _ = self.fatal.set(self.load.to.failure("send to", failure, "sqs:SendMessage"));
            self.run.cancel.stop(Stop::NotAllowed);
            return;
        }
        self.run.failed(failure.of(self.object(item.line)));
    }
}

fn group(item: &Item) -> Option<String> {
    item.outgoing.group_id.clone()
}

fn behind_a_failed_one() -> EntryFailure {
    EntryFailure {
        code: "BlockedInGroup".to_owned(),
        message: "an earlier message of its group could not be sent".to_owned(),
        sender_fault: true,
    }
}

/// Enough of a digest to tell a changed line from the same one.
fn digest(line: &[u8]) -> u64 {
    let bytes = Sha256::digest(line);
    // 53 bits, so that every reader of JSON keeps the number exact.
    bytes.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte)) >> 11
}
