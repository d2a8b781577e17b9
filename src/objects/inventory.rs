//! S3 Inventory reports: the manifest, its checksums, and the rows of its data files.
//!
//! A data file is fetched and checked as a whole before its first row is used: half a report must not look like one. CSV is
//! read here; other formats are read by what a tool hands in, so that only that tool carries their code.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use jiff::Timestamp;
use md5::{Digest, Md5};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::Value;
use tokio::runtime::Handle;

use super::collector::{Collector, Row, Unheard};
use super::location::Location;
use super::reading::{Columns, bad};
use crate::aws::{Session, s3};
use crate::error::Failure;
use crate::run::ItemError;

/// Said where something else than a manifest was named.
const WHICH_MANIFEST: &str = "name the `manifest.json` of one report, as in \
    s3://DESTINATION/PREFIX/BUCKET/CONFIGURATION/2026-01-01T01-00Z/manifest.json";

/// Digits of a data file's number in a position.
const FILE_DIGITS: usize = 6;

/// The row that stands for the end of a data file: what could not be read of the file is all before it, and so is met again.
const LAST_ROW: u64 = 999_999_999_999;

/// Answers of S3 that are about one data file, and say nothing of the next.
const OF_ONE_FILE: [&str; 2] = ["NoSuchKey", "InvalidObjectState"];

/// `FILE_FLAG_DELETE_ON_CLOSE` of the Windows API.
#[cfg(windows)]
const DELETE_ON_CLOSE: u32 = 0x0400_0000;

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    source_bucket: String,
    destination_bucket: String,
    #[serde(default)]
    creation_timestamp: String,
    file_format: String,
    file_schema: String,
    files: Vec<DataFile>,
}

#[derive(Clone, Debug, Deserialize)]
struct DataFile {
    key: String,
    size: Option<u64>,
    #[serde(rename = "MD5checksum")]
    md5: Option<String>,
}

/// Takes a row, or why it cannot be read; false when nobody wants more.
pub type TakeRow<'a> = dyn FnMut(Result<Row, String>) -> bool + 'a;

/// A format of data files that a tool can read beside CSV.
#[derive(Clone, Copy, Debug)]
pub struct DataFormat {
    /// Its name in the manifest, such as `Parquet`.
    pub name: &'static str,
    /// Reads the rows of a file, in their order, until `take` says that nobody wants more; keys are as in the bucket.
    /// An error is why the rest of the file cannot be read.
    pub read: fn(File, &mut TakeRow<'_>) -> Result<(), String>,
}

/// How the rows of a report's data files are read.
#[derive(Clone, Debug)]
enum Layout {
    Csv(Columns),
    Other(DataFormat),
}

/// Where a manifest was found.
#[derive(Clone, Debug)]
enum Origin {
    Bucket,
    Folder(PathBuf),
}

/// A report that can be read.
#[derive(Clone, Debug)]
pub struct Inventory {
    manifest: Manifest,
    layout: Layout,
    origin: Origin,
    /// The MD5 of the manifest: what decides whether a later run reads the same report.
    pub md5: String,
}

impl Inventory {
    /// Reads and checks a manifest: `s3://bucket/.../manifest.json`, or a local file. `formats` can be read beside CSV.
    ///
    /// # Errors
    /// It cannot be read, does not fit its checksum, is no manifest, or has a format that cannot be read.
    pub async fn open(text: &str, session: &Session, formats: &[DataFormat]) -> Result<Self, Failure> {
        let (bytes, checksum, origin) = if text.starts_with("s3://") {
            let location = Location::parse(text)?;
            let session = s3::in_bucket_region(session, &location.bucket).await?;
            let mut bytes = Vec::new();
            let got = s3::download(&session, &location.bucket, &location.key, &mut bytes).await;
            got.map_err(
                |failure| if failure.code() == Some("NoSuchKey") { failure.hint(WHICH_MANIFEST) } else { failure },
            )?;
            let mut checksum = Vec::new();
            let beside = sibling(&location.key);
            let there = s3::download(&session, &location.bucket, &beside, &mut checksum).await.is_ok();
            (bytes, there.then_some(checksum), Origin::Bucket)
        } else {
            let path = Path::new(text);
            let bytes = std::fs::read(path).map_err(|error| {
                Failure::failed(format!("cannot read manifest `{text}`")).because(error).hint(WHICH_MANIFEST)
            })?;
            let checksum = std::fs::read(path.with_file_name(sibling(""))).ok();
            (bytes, checksum, Origin::Folder(path.parent().map(Path::to_owned).unwrap_or_default()))
        };
        Self::check(text, &bytes, checksum.as_deref(), origin, formats)
    }

    fn check(
        text: &str,
        bytes: &[u8],
        checksum: Option<&[u8]>,
        origin: Origin,
        formats: &[DataFormat],
    ) -> Result<Self, Failure> {
        let doing = || Failure::failed(format!("cannot use inventory `{text}`"));
        let md5 = hex(&Md5::digest(bytes));
        let expected = checksum.map(|checksum| String::from_utf8_lossy(checksum).trim().to_owned());
        if let Some(expected) = expected.filter(|expected| !expected.eq_ignore_ascii_case(&md5)) {
            return Err(doing().because(format!("its MD5 is {md5}, `manifest.checksum` says {expected}")));
        }
        let no_manifest = |why: String| doing().because(format!("it is no manifest: {why}")).hint(WHICH_MANIFEST);
        // A list would be taken for the manifest's values in their order.
        let value: Value = serde_json::from_slice(bytes).map_err(|error| no_manifest(format!("no JSON: {error}")))?;
        if !value.is_object() {
            return Err(no_manifest("it is JSON, but no object".to_owned()));
        }
        let manifest: Manifest = serde_json::from_value(value).map_err(|error| no_manifest(error.to_string()))?;
        let layout = Layout::of(&manifest, formats).map_err(|(why, hint)| {
            let failure = doing().because(why);
            if hint.is_empty() { failure } else { failure.hint(hint) }
        })?;
        Ok(Self { manifest, layout, origin, md5 })
    }

    /// The bucket that the report describes.
    pub fn bucket(&self) -> &str {
        &self.manifest.source_bucket
    }

    /// When the report was made.
    pub fn created(&self) -> Option<Timestamp> {
        Timestamp::from_millisecond(self.manifest.creation_timestamp.parse().ok()?).ok()
    }

    /// Reads all rows into the collector; blocks, so it needs a thread of its own. A data file that is missing or damaged is
    /// told and passed over, unless there is no other.
    pub fn read(&self, session: &Session, runtime: &Handle, mut collector: Collector) {
        let (mut useless, mut any) = (Vec::new(), false);
        for (number, file) in self.manifest.files.iter().enumerate() {
            match runtime.block_on(self.fetch(session, file)) {
                Ok(data) => {
                    any = true;
                    let told = tell(std::mem::take(&mut useless), &mut collector);
                    if told.and_then(|()| self.rows(number, file, data, &mut collector)).is_err() {
                        return;
                    }
                }
                Err(failure) if is_of_one_file(&failure) => useless.push((number, file, failure)),
                Err(failure) => return collector.fail(failure),
            }
        }
        let last = if any { None } else { useless.pop() };
        match (tell(useless, &mut collector), last) {
            // Whoever went away needs no more.
            (Err(Unheard), _) => {}
            (Ok(()), None) => drop(collector.finish()),
            (Ok(()), Some((.., failure))) => collector.fail(failure),
        }
    }

    /// The checked bytes of a data file, in a file that vanishes with its handle.
    async fn fetch(&self, session: &Session, file: &DataFile) -> Result<File, Failure> {
        let (mut data, md5) = match self.local(file) {
            Some(path) => local_file(&path)?,
            None => self.fetch_object(session, file).await.map_err(|failure| self.not_near(failure))?,
        };
        let unread = |error| Failure::failed(format!("cannot read `{}`", file.key)).because(error);
        let size = data.seek(SeekFrom::End(0)).map_err(unread)?;
        if let Some(why) = file.damage(size, &md5) {
            return Err(Failure::failed(format!("cannot use inventory file `{}`", file.key))
                .because(why)
                .hint("fetch the report again; nothing of this file was used"));
        }
        data.seek(SeekFrom::Start(0)).map_err(unread)?;
        Ok(data)
    }

    async fn fetch_object(&self, session: &Session, file: &DataFile) -> Result<(File, String), Failure> {
        let bucket = self.manifest.destination_bucket.rsplit(':').next().unwrap_or_default();
        let session = s3::in_bucket_region(session, bucket).await?;
        let data = passing_file().map_err(|error| Failure::failed("cannot make a temporary file").because(error))?;
        let md5 = s3::download(&session, bucket, &file.key, &data).await?;
        Ok((data, md5))
    }

    /// A failure to fetch a data file; where the manifest is a local file, the operator may have meant local data, too.
    fn not_near(&self, failure: Failure) -> Failure {
        match &self.origin {
            Origin::Bucket => failure,
            Origin::Folder(_) => {
                failure.hint("the file lies neither beside the manifest nor in a folder `data` beside or above it")
            }
        }
    }

    /// A data file that lies near a local manifest.
    fn local(&self, file: &DataFile) -> Option<PathBuf> {
        let Origin::Folder(folder) = &self.origin else { return None };
        let name = file.key.rsplit('/').next().unwrap_or(&file.key);
        let near = [folder.join(name), folder.join("data").join(name), folder.join("..").join("data").join(name)];
        near.into_iter().find(|path| path.is_file())
    }

    fn rows(&self, number: usize, file: &DataFile, data: File, collector: &mut Collector) -> Result<(), Unheard> {
        match &self.layout {
            Layout::Csv(columns) => csv_rows(columns, number, file, data, collector),
            Layout::Other(format) => other_rows(format, number, file, data, collector),
        }
    }
}

impl DataFile {
    /// What of the file is not as the manifest says. Where it gives no checksum, the size must do.
    fn damage(&self, size: u64, md5: &str) -> Option<String> {
        match (self.md5.as_deref().unwrap_or_default(), self.size) {
            ("", Some(expected)) if expected != size => {
                Some(format!("it has {size} bytes, the manifest says {expected}"))
            }
            ("", _) => None,
            (expected, _) if expected.eq_ignore_ascii_case(md5) => None,
            (expected, _) => Some(format!("its MD5 is {md5}, the manifest says {expected}")),
        }
    }
}

/// Whether a failure to get a data file says nothing of the next one.
fn is_of_one_file(failure: &Failure) -> bool {
    failure.service.is_none() || failure.code().is_some_and(|code| OF_ONE_FILE.contains(&code))
}

/// Hands on that data files cannot be used, each as one item that failed.
fn tell(files: Vec<(usize, &DataFile, Failure)>, collector: &mut Collector) -> Result<(), Unheard> {
    for (number, file, failure) in files {
        let code = failure.code().unwrap_or("UselessDataFile").to_owned();
        let error = ItemError { code, message: failure.summary(), object: file.key.clone() };
        collector.take(position(number, LAST_ROW), Err(error))?;
    }
    Ok(())
}

impl Layout {
    /// The layout that a manifest tells, or why it cannot be read, with a hint.
    fn of(manifest: &Manifest, formats: &[DataFormat]) -> Result<Self, (String, &'static str)> {
        let Manifest { file_format, file_schema, .. } = manifest;
        if let Some(format) = formats.iter().find(|format| file_format.eq_ignore_ascii_case(format.name)) {
            return Ok(Self::Other(*format));
        }
        if !file_format.eq_ignore_ascii_case("CSV") {
            let known: Vec<&str> = std::iter::once("CSV").chain(formats.iter().map(|format| format.name)).collect();
            let why = format!("its data files are {file_format}; only {} can be read", known.join(" and "));
            let hint = if formats.is_empty() {
                "`s3list --from-inventory` makes a list of reports in CSV and Parquet: give that as `--from-file`"
            } else {
                "let the bucket's inventory be written in one of these, or list the bucket itself"
            };
            return Err((why, hint));
        }
        let columns = Columns::of(file_schema.split(',').map(str::trim));
        columns.map(Self::Csv).map_err(|_| (format!("its schema has no Bucket and Key: {file_schema}"), ""))
    }
}

fn position(file: usize, row: u64) -> String {
    format!("{file:0FILE_DIGITS$}.{}", super::reading::position(row))
}

fn csv_rows(
    columns: &Columns,
    number: usize,
    file: &DataFile,
    data: File,
    collector: &mut Collector,
) -> Result<(), Unheard> {
    let reader = MultiGzDecoder::new(std::io::BufReader::new(data));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(reader);
    for (row, record) in (1..).zip(reader.records()) {
        let ended = matches!(&record, Err(error) if matches!(error.kind(), csv::ErrorKind::Io(_)));
        let read = record.map_err(|error| error.to_string()).and_then(|record| columns.whole_row(&record));
        let read = read.and_then(decoded).map_err(|why| bad(&file.key, row, &why));
        collector.take(position(number, if ended { LAST_ROW } else { row }), read)?;
        if ended {
            break;
        }
    }
    Ok(())
}

fn other_rows(
    format: &DataFormat,
    number: usize,
    file: &DataFile,
    data: File,
    collector: &mut Collector,
) -> Result<(), Unheard> {
    let (mut row, mut heard) = (0, Ok(()));
    let mut take = |read: Result<Row, String>| {
        row += 1;
        heard = collector.take(position(number, row), read.map_err(|why| bad(&file.key, row, &why)));
        heard.is_ok()
    };
    let ended = (format.read)(data, &mut take);
    heard?;
    match ended {
        Ok(()) => Ok(()),
        Err(why) => collector.take(position(number, LAST_ROW), Err(bad(&file.key, row + 1, &why))),
    }
}

/// Keys in CSV reports are URL-encoded, as forms are: a plus sign is a space.
fn decoded(row: Row) -> Result<Row, String> {
    let spaced = row.key.replace('+', " ");
    let key = percent_decode_str(&spaced).decode_utf8().map_err(|_| "its key is not UTF-8".to_owned())?;
    Ok(Row { key: key.into_owned(), ..row })
}

fn sibling(manifest: &str) -> String {
    let folder = manifest.rfind('/').map_or("", |slash| &manifest[..=slash]);
    format!("{folder}manifest.checksum")
}

fn local_file(path: &Path) -> Result<(File, String), Failure> {
    let doing = |error| Failure::failed(format!("cannot read `{}`", path.display())).because(error);
    let mut file = File::open(path).map_err(doing)?;
    let mut digest = Md5::new();
    let mut bytes = vec![0; 64 * 1024];
    loop {
        match file.read(&mut bytes).map_err(doing)? {
            0 => return Ok((file, hex(&digest.finalize()))),
            read => digest.update(&bytes[..read]),
        }
    }
}

/// A temporary file without a name, where the system allows that.
fn passing_file() -> std::io::Result<File> {
    let name = format!("opstools-inventory-{}-{:x}", std::process::id(), fastrand::u64(..));
    let path = std::env::temp_dir().join(name);
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    #[cfg(windows)]
    std::os::windows::fs::OpenOptionsExt::custom_flags(&mut options, DELETE_ON_CLOSE);
    let file = options.open(&path)?;
    #[cfg(unix)]
    std::fs::remove_file(&path)?;
    Ok(file)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = r#"{"sourceBucket":"b","destinationBucket":"arn:aws:s3:::d","version":"2016-11-30",
        "creationTimestamp":"1767225600000","fileFormat":"FORMAT","fileSchema":"Bucket, Key, Size",
        "files":[{"key":"p/data/1.csv.gz","size":1,"MD5checksum":"x"}]}"#;

    fn check(format: &str, checksum: Option<&[u8]>) -> Result<Inventory, Failure> {
        let text = MANIFEST.replace("FORMAT", format);
        Inventory::check("manifest.json", text.as_bytes(), checksum, Origin::Bucket, &[])
    }

    #[test]
    fn a_manifest_is_checked_before_it_is_used() {
        let inventory = check("CSV", None).expect("a manifest");
        assert_eq!(inventory.created().map(|time| time.to_string()).as_deref(), Some("2026-01-01T00:00:00Z"));
        assert!(check("CSV", Some(inventory.md5.as_bytes())).is_ok());
        assert!(check("CSV", Some(b"0123")).expect_err("another sum").summary().contains("manifest.checksum"));
        for format in ["Parquet", "ORC"] {
            assert!(check(format, None).expect_err(format).summary().contains("only CSV"), "{format}");
        }
    }

    #[test]
    fn a_format_that_is_handed_in_is_read_beside_csv() {
        let text = MANIFEST.replace("FORMAT", "Parquet").replace("Bucket, Key, Size", "message s3.inventory {}");
        let format = DataFormat { name: "Parquet", read: |_, _| Ok(()) };
        let open = |formats: &[DataFormat]| Inventory::check("m", text.as_bytes(), None, Origin::Bucket, formats);
        assert!(open(&[format]).is_ok());
        let other = DataFormat { name: "ORC", ..format };
        assert!(open(&[other]).expect_err("another").summary().contains("only CSV and ORC"));
    }

    #[test]
    fn a_data_file_is_held_against_its_checksum_or_else_its_size() {
        let file = |md5: Option<&str>, size| DataFile { key: "k".to_owned(), size, md5: md5.map(str::to_owned) };
        let table = [
            (file(Some("AB"), Some(9)), true),
            (file(Some("cd"), Some(5)), false),
            (file(Some(""), Some(5)), true),
            (file(None, Some(9)), false),
            (file(None, None), true),
        ];
        for (file, sound) in table {
            assert_eq!(file.damage(5, "ab").is_none(), sound, "{file:?}");
        }
    }

    #[test]
    fn a_row_without_all_values_of_the_schema_is_no_row() {
        let layout = check("CSV", None).expect("a manifest").layout;
        let Layout::Csv(columns) = layout else { panic!("CSV") };
        for (values, whole) in [(vec!["b", "k", "1"], true), (vec!["b", "k"], false), (vec!["b", "k", "1", "x"], false)]
        {
            assert_eq!(columns.whole_row(&csv::StringRecord::from(values.clone())).is_ok(), whole, "{values:?}");
        }
    }

    #[test]
    fn what_is_no_manifest_is_told_with_what_is_one() {
        for text in ["[]", "{", "{}", "\"x\""] {
            let refused = Inventory::check("m", text.as_bytes(), None, Origin::Bucket, &[]).expect_err(text);
            assert!(
                refused.summary().contains("no manifest") && refused.hints.join("").contains("manifest.json"),
                "{text}"
            );
        }
    }

    #[test]
    fn keys_are_decoded_as_inventory_writes_them() {
        for (written, key) in [("a+b.log", "a b.log"), ("a%2Bb.log", "a+b.log"), ("%C3%BC/100%25", "ü/100%")] {
            let row = Row { key: written.to_owned(), ..Row::default() };
            assert_eq!(decoded(row).map(|row| row.key).as_deref(), Ok(key));
        }
    }
}
