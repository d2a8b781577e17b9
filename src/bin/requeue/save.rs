//! `--save`: messages into a file, and with `--discard` out of the queue once they are safely on disk.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use opstools::aws::sqs::Message;
use opstools::error::Failure;
use opstools::run::{Counter, Rows};

use crate::crew::Crew;
use crate::dump;
use crate::errand::Fate;
use crate::mode::is_dash;

/// Where the lines go.
enum Output {
    Rows(Rows),
    File(Arc<Dump>),
}

/// Writes messages.
pub struct Saver {
    output: Output,
    /// They leave the queue after that.
    pub discards: bool,
}

struct Dump {
    path: PathBuf,
    written: Mutex<Written>,
    synced: Mutex<u64>,
}

struct Written {
    file: File,
    bytes: u64,
}

impl Saver {
    /// Opens the file; an existing one is continued only where an unfinished run left it.
    pub fn open(path: &Path, discards: bool, continues: bool, rows: Rows) -> Result<Self, Failure> {
        let output = if is_dash(path) {
            Output::Rows(rows)
        } else {
            let opened = open(path, continues).map_err(|error| cannot_write(path, &error))?;
            Output::File(Arc::new(Dump { path: path.to_owned(), synced: Mutex::new(0), written: Mutex::new(opened) }))
        };
        Ok(Self { output, discards })
    }

    /// Writes a batch as a whole; a message is done once its line is written, and deleted only once it is on disk.
    pub async fn save(&self, crew: &Crew, batch: Vec<Message>) -> Vec<(Message, Fate)> {
        let ids: Vec<&str> = batch.iter().map(|message| message.id.as_str()).collect();
        if !crew.may_go(batch.len()).await || (self.discards && crew.ledger.intend(&ids).is_err()) {
            return batch.into_iter().map(|message| (message, Fate::Release)).collect();
        }
        let lines: String = batch.iter().map(|message| dump::line(message, &crew.from.attributes.arn)).collect();
        if let Err(failure) = self.write(lines).await {
            crew.give_up(failure);
            return batch.into_iter().map(|message| (message, Fate::Release)).collect();
        }
        let fate = if self.discards { Fate::Delete } else { Fate::Keep };
        batch.into_iter().map(|message| (self.written(crew, message), fate)).collect()
    }

    fn written(&self, crew: &Crew, message: Message) -> Message {
        if self.discards {
            crew.ledger.confirmed(&message.id, "");
        } else {
            crew.run.stats.add(Counter::Done, 1);
            crew.run.stats.add(Counter::Bytes, message.body.len() as u64);
        }
        message
    }

    async fn write(&self, lines: String) -> Result<(), Failure> {
        let dump = match &self.output {
            Output::Rows(rows) => {
                rows(&lines);
                return Ok(());
            }
            Output::File(dump) => Arc::clone(dump),
        };
        let (path, sync) = (dump.path.clone(), self.discards);
        let written = tokio::task::spawn_blocking(move || {
            let end = dump.append(&lines)?;
            if sync { dump.sync(end) } else { Ok(()) }
        });
        written.await.unwrap_or_else(|error| Err(io::Error::other(error))).map_err(|error| cannot_write(&path, &error))
    }

    /// Everything on disk.
    pub fn finish(&self) -> Result<(), Failure> {
        match &self.output {
            Output::Rows(_) => Ok(()),
            Output::File(dump) => dump.sync(u64::MAX).map_err(|error| cannot_write(&dump.path, &error)),
        }
    }
}

impl Dump {
    /// Adds lines, all or none; returns where they end.
    fn append(&self, lines: &str) -> io::Result<u64> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = written.file.write_all(lines.as_bytes()) {
            // Half a line would be in the way of what follows; the messages are still in the queue.
            let whole = written.bytes;
            written.file.set_len(whole)?;
            return Err(error);
        }
        written.bytes += lines.len() as u64;
        Ok(written.bytes)
    }

    /// Makes sure that everything up to `end` is on disk; many workers share one sync.
    fn sync(&self, end: u64) -> io::Result<()> {
        let mut synced = self.synced.lock().unwrap_or_else(PoisonError::into_inner);
        if *synced >= end {
            return Ok(());
        }
        let (file, bytes) = {
            let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
            (written.file.try_clone()?, written.bytes)
        };
        file.sync_data()?;
        *synced = bytes;
        Ok(())
    }
}

fn open(path: &Path, continues: bool) -> io::Result<Written> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let length = file.metadata()?.len();
    if length > 0 && !continues {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, "it is there already and not empty"));
    }
    let bytes = whole_lines(&mut file)?;
    // A crash may leave half a line; its message was not deleted, for its line was never synced as a whole.
    if bytes < length {
        file.set_len(bytes)?;
    }
    Ok(Written { file, bytes })
}

/// The length of the file up to its last line feed.
fn whole_lines(file: &mut File) -> io::Result<u64> {
    file.seek(SeekFrom::Start(0))?;
    let (mut whole, mut line) = (0, Vec::new());
    let mut reader = BufReader::new(&*file);
    loop {
        line.clear();
        let read = reader.read_until(b'\n', &mut line)?;
        if read == 0 || line.last() != Some(&b'\n') {
            return Ok(whole);
        }
        whole += read as u64;
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    let failure = Failure::failed(format!("cannot save to `{}`", path.display())).because(error);
    if error.kind() == io::ErrorKind::AlreadyExists {
        failure.hint("what is saved there is not overwritten: name another file")
    } else {
        failure.hint("free some space or name another file; messages that are not safely saved stay in the queue")
    }
}
