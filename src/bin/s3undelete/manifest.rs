//! Manifests: what is to be done, written by one run and worked off by others, on as many machines.
//!
//! JSON lines: a head, one line for each key, and a last line with the count and the digest of all lines before it. The
//! digest is checked before anything is planned, so that a manifest that was cut, joined or edited is refused: its
//! version ids must be those that a listing called delete markers.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use opstools::aws::listing::{Interval, Intervals};
use opstools::error::Failure;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::reports::unwritable;
use crate::restoration::Restoration;

/// The version of the format.
const FORMAT: u32 = 1;

/// Keys in one portion.
const KEYS_IN_PORTION: usize = 1_000;

/// Portions that wait for the reader of the stream.
const PORTIONS_WAITING: usize = 4;

/// Digits of a line's number in its position: positions sort as numbers do.
const DIGITS: usize = 12;

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The format's version.
    pub s3undelete_manifest: u32,
    /// The bucket.
    pub bucket: String,
    /// The prefix that was listed.
    pub prefix: String,
    /// Which of the parts this is, from 1.
    pub part: usize,
    /// How many parts there are.
    pub of: usize,
}

/// The last line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Tail {
    keys: u64,
    sha256: String,
}

/// A manifest being written.
pub struct Writer {
    path: PathBuf,
    file: std::io::BufWriter<File>,
    digest: Sha256,
    keys: u64,
}

impl Writer {
    /// Begins part `part` of `of`.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn create(path: PathBuf, bucket: &str, prefix: &str, part: usize, of: usize) -> Result<Self, Failure> {
        let file = File::create(unfinished(&path)).map_err(|error| unwritable(&path, &error))?;
        let mut writer = Self { path, file: std::io::BufWriter::new(file), digest: Sha256::new(), keys: 0 };
        let (bucket, prefix) = (bucket.to_owned(), prefix.to_owned());
        writer.line(&Head { s3undelete_manifest: FORMAT, bucket, prefix, part, of })?;
        Ok(writer)
    }

    /// Adds a key.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn add(&mut self, restoration: &Restoration) -> Result<(), Failure> {
        self.keys += 1;
        self.line(restoration)
    }

    fn line(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        // Strings, numbers and times always serialise.
        let mut bytes = serde_json::to_vec(value).unwrap_or_default();
        bytes.push(b'\n');
        self.digest.update(&bytes);
        self.file.write_all(&bytes).map_err(|error| unwritable(&self.path, &error))
    }

    /// Writes the last line and gives the manifest its name, in place of one of an earlier plan.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(mut self) -> Result<(), Failure> {
        let tail = Tail { keys: self.keys, sha256: hex(self.digest.clone()) };
        self.line(&tail)?;
        let written = self.file.flush().and_then(|()| self.file.get_ref().sync_all());
        let named = written.and_then(|()| std::fs::rename(unfinished(&self.path), &self.path));
        named.map_err(|error| unwritable(&self.path, &error))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // What has its name by now is not there any more; half a manifest is of no use to anybody.
        let _ = std::fs::remove_file(unfinished(&self.path));
    }
}

/// The name of a manifest that is being written: whoever works off one of the same name reads that to its end.
fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".unfinished");
    name.into()
}

fn hex(digest: Sha256) -> String {
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A manifest that is whole.
#[derive(Clone, Debug)]
pub struct Manifest {
    path: PathBuf,
    /// Its first line.
    pub head: Head,
    /// How many keys it names.
    pub keys: u64,
    /// The digest of its lines.
    pub sha256: String,
}

/// Keys of consecutive lines.
pub struct Portion {
    /// The numbers of these lines.
    pub interval: Interval,
    /// The keys.
    pub keys: Vec<Restoration>,
}

impl Manifest {
    /// Reads the manifest through and checks it.
    ///
    /// # Errors
    /// It cannot be read, or is not as it was written.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let broken = |why: &str| {
            Failure::failed(format!("cannot use manifest `{}`", path.display()))
                .because(why)
                .hint("give a manifest as `--split` wrote it, whole and unchanged; filters go on the command line")
        };
        let mut reader = reader(path)?;
        let (mut digest, mut before) = (Sha256::new(), Vec::new());
        let (mut line, mut lines, mut head) = (Vec::new(), 0_u64, None);
        loop {
            line.clear();
            let read = reader.read_until(b'\n', &mut line).map_err(|error| unreadable(path, &error))?;
            if read == 0 {
                break;
            }
            head = match head {
                None => Some(read_head(&line).ok_or_else(|| broken("it does not begin as a manifest does"))?),
                head => head,
            };
            digest.update(&before);
            std::mem::swap(&mut before, &mut line);
            lines += 1;
        }
        let head = head.ok_or_else(|| broken("it is empty"))?;
        let tail: Tail =
            serde_json::from_slice(&before).map_err(|_| broken("its last line is missing: it was cut short"))?;
        let sha256 = hex(digest);
        if tail.sha256 != sha256 || tail.keys + 2 != lines {
            return Err(broken("its lines are not those that were written"));
        }
        Ok(Self { path: path.to_owned(), head, keys: tail.keys, sha256 })
    }

    /// Starts reading what is not `done`, on a thread of its own.
    pub fn start(&self, done: Intervals) -> Receiver<Result<Portion, Failure>> {
        let (sender, portions) = channel(PORTIONS_WAITING);
        let manifest = self.clone();
        std::thread::spawn(move || {
            if let Err(failure) = manifest.read(&done, &sender) {
                // Whoever went away needs no error.
                let _ = sender.blocking_send(Err(failure));
            }
        });
        portions
    }

    fn read(&self, done: &Intervals, sender: &Sender<Result<Portion, Failure>>) -> Result<(), Failure> {
        let lines = reader(&self.path)?.lines().skip(1).zip(1_u64..=self.keys);
        let (mut keys, mut after): (Vec<Restoration>, Option<String>) = (Vec::new(), None);
        for (line, number) in lines {
            let position = format!("{number:0DIGITS$}");
            if done.contains(&position) {
                continue;
            }
            let line = line.map_err(|error| unreadable(&self.path, &error))?;
            let key = serde_json::from_str(&line).map_err(|error| {
                Failure::failed(format!("cannot use line {} of `{}`", number + 1, self.path.display())).because(error)
            })?;
            keys.push(key);
            if keys.len() == KEYS_IN_PORTION {
                let interval = Interval { after: after.replace(position.clone()), upto: Some(position) };
                if sender.blocking_send(Ok(Portion { interval, keys: std::mem::take(&mut keys) })).is_err() {
                    return Ok(());
                }
            }
        }
        // Whoever went away does not need the rest.
        let _ = sender.blocking_send(Ok(Portion { interval: Interval { after, upto: None }, keys }));
        Ok(())
    }
}

fn read_head(line: &[u8]) -> Option<Head> {
    serde_json::from_slice(line).ok().filter(|head: &Head| head.s3undelete_manifest == FORMAT)
}

fn reader(path: &Path) -> Result<BufReader<File>, Failure> {
    File::open(path).map(BufReader::new).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::failed(format!("cannot read `{}`", path.display())).because(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn restoration(number: usize) -> Restoration {
        serde_json::from_value(serde_json::json!({
            "key": format!("k{number}\n"),
            "markers": [{ "id": "m", "time": "2026-01-01T00:00:00Z" }],
            "version": { "id": "v", "size": 5, "etag": "e", "last_modified": "2025-01-01T00:00:00Z" },
        }))
        .expect("a restoration")
    }

    fn written(folder: &Path, keys: usize) -> PathBuf {
        let path = folder.join("m.jsonl");
        let mut writer = Writer::create(path.clone(), "b", "p/", 1, 2).expect("writable");
        (0..keys).for_each(|number| writer.add(&restoration(number)).expect("writable"));
        writer.finish().expect("writable");
        path
    }

    fn read(manifest: &Manifest, done: Intervals) -> Vec<Restoration> {
        let mut portions = manifest.start(done);
        let mut keys = Vec::new();
        while let Some(portion) = portions.blocking_recv() {
            keys.extend(portion.expect("readable").keys);
        }
        keys
    }

    #[test]
    fn what_is_written_is_read_and_what_is_done_is_left_out() {
        let folder = tempfile::tempdir().expect("scratch folder");
        let manifest = Manifest::open(&written(folder.path(), 2_500)).expect("whole");
        assert_eq!((manifest.keys, manifest.head.of), (2_500, 2));
        let keys = read(&manifest, Intervals::new());
        assert_eq!(keys, (0..2_500).map(restoration).collect::<Vec<_>>());
        let mut done = Intervals::new();
        done.add(None, Some(format!("{:0DIGITS$}", 1_000)));
        assert_eq!(read(&manifest, done).len(), 1_500);
    }

    #[test]
    fn a_manifest_that_was_cut_or_edited_is_refused() {
        let folder = tempfile::tempdir().expect("scratch folder");
        let path = written(folder.path(), 3);
        let whole = std::fs::read_to_string(&path).expect("text");
        let lines: Vec<&str> = whole.lines().collect();
        let variants = [
            String::new(),
            "nonsense\n".to_owned(),
            lines[..4].join("\n"),
            whole.replace("\"m\"", "\"v\""),
            [lines[0], lines[1], lines[3], lines[4]].join("\n"),
            [&whole, lines[1]].concat(),
            whole.replace("\"s3undelete_manifest\":1", "\"s3undelete_manifest\":2"),
        ];
        for variant in variants {
            std::fs::write(&path, &variant).expect("writable");
            assert!(Manifest::open(&path).is_err(), "{variant}");
        }
    }
}
