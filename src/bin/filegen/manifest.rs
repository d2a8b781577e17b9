//! The manifest: what a run was, and each file that was confirmed, one JSON document a line.
//!
//! It serves two: the same run again, which makes only what is missing, and the cleanup, which removes only what is listed.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Place;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

use opstools::error::Failure;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The version of this shape.
const VERSION: u32 = 1;

/// The first line.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Header {
    /// The version of the shape; also tells that the file is a manifest.
    pub filegen_manifest: u32,
    /// Where files went: `s3://BUCKET`, or the absolute path of a folder.
    pub target: String,
    /// Everything that decides about names and bytes.
    pub plan: Value,
}

impl Header {
    /// The header of a run.
    pub const fn new(target: String, plan: Value) -> Self {
        Self { filegen_manifest: VERSION, target, plan }
    }
}

/// One file that was confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Entry {
    /// Its key, or its path below the folder.
    pub key: String,
    /// Its bytes as they are stored.
    pub size: u64,
    /// Its entity tag; empty in a folder.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub etag: String,
    /// Its version, in a bucket that keeps versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
    /// Its log type.
    pub log_type: String,
    /// Its rows.
    pub rows: u64,
    /// Its bytes before compression.
    pub text_bytes: u64,
}

/// An upload in parts that was begun: should the run be killed, its parts lie in the bucket, unseen and paid for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Begun {
    /// The key of the object that it was to become.
    pub begun: String,
    /// What S3 calls the upload.
    pub upload_id: String,
}

/// Any line but the first.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Made(Entry),
    Begun(Begun),
}

/// What a manifest says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// The files that were confirmed. One that was made anew is listed as it is now; another version of an object is another
    /// file.
    pub entries: Vec<Entry>,
    /// The uploads of which nobody knows whether they ended.
    pub begun: Vec<Begun>,
    places: HashMap<(String, Option<String>), usize>,
}

impl Listed {
    fn add(&mut self, line: Line) {
        match line {
            Line::Begun(begun) => self.begun.push(begun),
            Line::Made(entry) => {
                if let Some(ended) = self.begun.iter().rposition(|begun| begun.begun == entry.key) {
                    self.begun.remove(ended);
                }
                self.made(entry);
            }
        }
    }

    fn made(&mut self, entry: Entry) {
        match self.places.entry((entry.key.clone(), entry.version_id.clone())) {
            Place::Occupied(known) => self.entries[*known.get()] = entry,
            Place::Vacant(new) => {
                new.insert(self.entries.len());
                self.entries.push(entry);
            }
        }
    }
}

/// Reads a manifest; `None` if there is no such file.
///
/// # Errors
/// It cannot be read, or is none. A torn last line, as a crash leaves it, is passed over.
pub fn read(path: &Path) -> Result<Option<(Header, Listed)>, Failure> {
    let doing = || Failure::failed(format!("cannot read the manifest `{}`", path.display()));
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(doing().because(error)),
    };
    let lines: Vec<String> =
        BufReader::new(file).lines().collect::<Result<_, _>>().map_err(|error| doing().because(error))?;
    let Some((first, rest)) = lines.split_first() else { return Ok(None) };
    let header: Header = serde_json::from_str(first).map_err(|error| {
        doing()
            .because(format!("line 1 is no header of one: {error}"))
            .hint("name a file that `--manifest` has written")
    })?;
    if header.filegen_manifest != VERSION {
        return Err(doing().because(format!("it is of version {}, not {VERSION}", header.filegen_manifest)));
    }
    let mut listed = Listed::default();
    for (index, line) in rest.iter().enumerate() {
        match serde_json::from_str(line) {
            Ok(line) => listed.add(line),
            Err(_) if index + 1 == rest.len() => {}
            Err(error) => return Err(doing().because(format!("line {}: {error}", index + 2))),
        }
    }
    Ok(Some((header, listed)))
}

/// A manifest that is being written.
pub struct Writer(File);

impl Writer {
    /// Begins the file, or goes on in it; what was there is written anew, so that no torn line stays.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn begin(path: &Path, header: &Header, known: &Listed) -> std::io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut text = line(header)?;
        for entry in &known.entries {
            text.extend(line(entry)?);
        }
        for begun in &known.begun {
            text.extend(line(begun)?);
        }
        let mut file = options.open(path)?;
        file.write_all(&text)?;
        Ok(Self(file))
    }

    /// Adds an [`Entry`], or what has [`Begun`].
    ///
    /// # Errors
    /// It cannot be written.
    pub fn add(&mut self, what: &impl Serialize) -> std::io::Result<()> {
        self.0.write_all(&line(what)?)
    }
}

fn line(value: &impl Serialize) -> std::io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    Ok(line)
}
