//! Lists of what came back, for the tools that come next; made from the journal, so that they are whole after any crash.
//!
//! A list of an earlier run may be the only trace of objects that nobody was told of yet: a new run keeps it under another
//! name. A run that goes on writes its list anew, with all that was in it.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use opstools::aws::versioning::VersionedBucket;
use opstools::error::Failure;
use opstools::run::{Journal, Run};
use serde_json::json;

use crate::arguments::Arguments;
use crate::hours::Hours;
use crate::ledger::Record;
use crate::reports::unwritable;
use crate::restoration::Restoration;

/// The files.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    restored: Option<PathBuf>,
    hours: Option<PathBuf>,
    goes_on: bool,
}

/// What is in them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Objects that came back, in all runs of the journal.
    pub objects: u64,
}

impl Lists {
    /// The files that were asked for; `goes_on`: what is in them is of this journal.
    pub fn of(args: &Arguments, goes_on: bool) -> Self {
        Self { restored: args.restored.clone(), hours: args.hours.clone(), goes_on }
    }

    /// Makes sure that the files can be written before anything is done that they are to tell of, and keeps those of earlier
    /// runs.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn make_ready(&self, run: &Run) -> Result<(), Failure> {
        for path in [&self.restored, &self.hours].into_iter().flatten() {
            let is_of_another_run = std::fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() > 0);
            if is_of_another_run && !self.goes_on {
                let kept = numbered(path);
                std::fs::rename(path, &kept).map_err(|error| unwritable(path, &error))?;
                run.notices.info(format!("the list of an earlier run is kept as `{}`", kept.display()));
            }
            // Pipes and devices are opened once, when there is something to write.
            if !path.exists() || path.is_file() {
                let file = File::options().create(true).append(true).open(path);
                file.map_err(|error| unwritable(path, &error))?;
            }
        }
        Ok(())
    }

    /// What to do with what came back.
    pub fn next_step(&self, objects: u64) -> String {
        match &self.restored {
            Some(path) => format!(
                "nobody was told of the {objects} objects: `s3queue --from-file {0}` for raw logs, `s3sns --from-file {0}` \
                 for processed data",
                path.display()
            ),
            None => format!(
                "nobody was told of the {objects} objects: with `--restored FILE` this tool lists them for s3queue and s3sns"
            ),
        }
    }

    /// Writes the files from the journal of this run and of those that it continues.
    ///
    /// # Errors
    /// The journal cannot be read, or a file not be written.
    pub async fn write(&self, bucket: &VersionedBucket, run: &Run) -> Result<Option<Totals>, Failure> {
        let Some(journal) = run.journal.as_ref().filter(|_| self.restored.is_some() || self.hours.is_some()) else {
            return Ok(None);
        };
        self.write_from(bucket.name(), journal).await.map(Some)
    }

    async fn write_from(&self, bucket: &str, journal: &Journal) -> Result<Totals, Failure> {
        let mut objects = Objects::create(self.restored.as_deref(), bucket)?;
        let mut hours = Hours::default();
        let mut totals = Totals::default();
        // As many batches as were in flight: their ends come soon after their beginnings.
        let mut open: HashMap<u64, Vec<Restoration>> = HashMap::new();
        for entry in journal.entries().await? {
            match Record::read(&journal.path, entry?)? {
                Record::Intent(intent) => drop(open.insert(intent.id, intent.keys)),
                Record::Settled(settled) => {
                    let failed: HashSet<String> = settled.failed.into_iter().collect();
                    for key in open.remove(&settled.id).unwrap_or_default() {
                        if !failed.contains(&key.key) && !key.is_empty() {
                            totals.objects += 1;
                            hours.add(&key.key, key.version.size);
                            objects.add(&key)?;
                        }
                    }
                }
                Record::RangeDone(_) | Record::Other => {}
            }
        }
        objects.finish()?;
        self.write_hours(bucket, &hours)?;
        Ok(totals)
    }

    fn write_hours(&self, bucket: &str, hours: &Hours) -> Result<(), Failure> {
        let Some(path) = &self.hours else { return Ok(()) };
        let mut text: String = hours.lines(bucket).collect::<Vec<_>>().join("\n");
        if !text.is_empty() {
            text.push('\n');
        }
        std::fs::write(path, text).map_err(|error| unwritable(path, &error))
    }
}

/// The first free name of `FILE.1`, `FILE.2` and so on.
fn numbered(path: &Path) -> PathBuf {
    let named = |number: u64| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{number}"));
        PathBuf::from(name)
    };
    let mut number = 1;
    while named(number).exists() {
        number += 1;
    }
    named(number)
}

/// The file of objects, in the form that the tools which read lists take.
struct Objects<'a> {
    bucket: &'a str,
    file: Option<(&'a Path, BufWriter<File>)>,
}

impl<'a> Objects<'a> {
    fn create(path: Option<&'a Path>, bucket: &'a str) -> Result<Self, Failure> {
        let create = |path: &'a Path| {
            let file = File::create(path).map_err(|error| unwritable(path, &error))?;
            Ok::<_, Failure>((path, BufWriter::new(file)))
        };
        Ok(Self { bucket, file: path.map(create).transpose()? })
    }

    fn add(&mut self, restored: &Restoration) -> Result<(), Failure> {
        let Some((path, file)) = &mut self.file else { return Ok(()) };
        let version = &restored.version;
        let line = json!({
            "bucket": self.bucket,
            "key": restored.key,
            "size": version.size,
            "last_modified": version.last_modified,
            "etag": version.etag,
            "storage_class": version.storage_class.as_deref().unwrap_or("STANDARD"),
            "version_id": version.id,
        });
        writeln!(file, "{line}").map_err(|error| unwritable(path, &error))
    }

    fn finish(self) -> Result<(), Failure> {
        let Some((path, mut file)) = self.file else { return Ok(()) };
        file.flush().map_err(|error| unwritable(path, &error))
    }
}
