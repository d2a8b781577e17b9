//! Rows of a file in each form that other tools write: CSV with a header, JSON lines, or one URI per line; gzip or not.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use jiff::Timestamp;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::collector::{Collector, Row, Unheard};
use super::location::Location;
use crate::error::Failure;
use crate::run::ItemError;

/// The first bytes of gzip.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The first bytes of Zstandard, which is not read here: its code is larger than the rest of a tool that needs it rarely.
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Digits of a row's number in its position: positions sort as numbers do.
const DIGITS: usize = 12;

/// The position of a row, counted from 1.
pub fn position(row: u64) -> String {
    format!("{row:0DIGITS$}")
}

/// The SHA-256 of a file's bytes in hex: rows are remembered by their numbers, so they must be the same rows.
///
/// # Errors
/// The file cannot be read.
pub fn fingerprint(path: &Path) -> Result<String, Failure> {
    let doing = |error| Failure::failed(format!("cannot read `{}`", path.display())).because(error);
    let mut file = std::fs::File::open(path).map_err(doing)?;
    let mut digest = Sha256::new();
    let mut bytes = vec![0; 64 * 1024];
    loop {
        match file.read(&mut bytes).map_err(doing)? {
            0 => return Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()),
            read => digest.update(&bytes[..read]),
        }
    }
}

/// Reads a file into the collector.
pub fn file(path: &Path, collector: Collector) {
    match std::fs::File::open(path) {
        Ok(file) => read(&path.display().to_string(), file, collector),
        Err(error) => {
            collector.fail(Failure::failed(format!("cannot read `{}`", path.display())).because(error));
        }
    }
}

/// Reads standard input into the collector.
pub fn stdin(collector: Collector) {
    read("stdin", std::io::stdin().lock(), collector);
}

fn read(name: &str, input: impl Read, mut collector: Collector) {
    let ended = open(input).and_then(|reader| rows(name, reader, &mut collector));
    match ended {
        // Whoever went away needs neither the rest nor an error.
        Ok(Ok(())) => drop(collector.finish()),
        Ok(Err(Unheard)) => {}
        Err(error) => collector.fail(Failure::failed(format!("cannot read `{name}`")).because(error)),
    }
}

fn open<'a>(input: impl Read + 'a) -> std::io::Result<Box<dyn BufRead + 'a>> {
    let mut reader = BufReader::new(input);
    if reader.fill_buf()?.starts_with(&ZSTD) {
        let why = "it is compressed with zstd: unpack it first, as in `zstd -dc FILE | ... --from-file -`";
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, why));
    }
    let packed = reader.fill_buf()?.starts_with(&GZIP);
    Ok(if packed { Box::new(BufReader::new(MultiGzDecoder::new(reader))) } else { Box::new(reader) })
}

fn rows(
    name: &str,
    mut reader: Box<dyn BufRead + '_>,
    collector: &mut Collector,
) -> std::io::Result<Result<(), Unheard>> {
    match reader.fill_buf()?.first().copied() {
        Some(b'{') => lines(name, reader, collector, json_row),
        Some(b's') if reader.fill_buf()?.starts_with(b"s3://") => lines(name, reader, collector, uri_row),
        Some(_) => csv_rows(name, reader, collector),
        None => Ok(Ok(())),
    }
}

fn lines(
    name: &str,
    mut reader: Box<dyn BufRead + '_>,
    collector: &mut Collector,
    read: fn(&str) -> Result<Row, String>,
) -> std::io::Result<Result<(), Unheard>> {
    let mut number = 0;
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        if reader.read_until(b'\n', &mut bytes)? == 0 {
            return Ok(Ok(()));
        }
        number += 1;
        let text = std::str::from_utf8(&bytes).map_err(|_| "is not UTF-8".to_owned());
        let text = text.map(|text| text.trim_end_matches('\n').trim_end_matches('\r'));
        if text == Ok("") {
            continue;
        }
        let row = text.and_then(read).map_err(|why| bad(name, number, &why));
        if collector.take(position(number), row).is_err() {
            return Ok(Err(Unheard));
        }
    }
}

fn csv_rows(
    name: &str,
    reader: Box<dyn BufRead + '_>,
    collector: &mut Collector,
) -> std::io::Result<Result<(), Unheard>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(reader);
    let columns = Columns::of(reader.headers()?.iter())
        .map_err(|why| std::io::Error::new(std::io::ErrorKind::InvalidData, why))?;
    let mut number = 0;
    for record in reader.records() {
        number += 1;
        let row = match record {
            Ok(record) => columns.row(&record),
            Err(error) if matches!(error.kind(), csv::ErrorKind::Io(_)) => return Err(error.into()),
            Err(error) => Err(error.to_string()),
        };
        if collector.take(position(number), row.map_err(|why| bad(name, number, &why))).is_err() {
            return Ok(Err(Unheard));
        }
    }
    Ok(Ok(()))
}

/// A row that cannot be read, as an item that failed.
pub fn bad(name: &str, row: u64, why: &str) -> ItemError {
    ItemError { code: "MalformedRow".to_owned(), message: why.to_owned(), object: format!("{name}:{row}") }
}

fn uri_row(line: &str) -> Result<Row, String> {
    let location = Location::parse(line).map_err(|_| "is no s3:// URI".to_owned())?;
    if location.key.is_empty() {
        return Err("names a bucket, not an object".to_owned());
    }
    Ok(Row { bucket: location.bucket, key: location.key, ..Row::default() })
}

fn json_row(line: &str) -> Result<Row, String> {
    let object: Map<String, Value> =
        serde_json::from_str(line).map_err(|error| format!("is no JSON object: {error}"))?;
    let texts = object.into_iter().filter_map(|(name, value)| {
        let text = match value {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            Value::Bool(word) => word.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => return None,
        };
        Some((name, text))
    });
    let mut row = Row::default();
    for (name, text) in texts {
        set(&mut row, &plain(&name), &text)?;
    }
    complete(row)
}

/// The columns of a table of objects, by their names in any of the usual spellings.
#[derive(Clone, Debug)]
pub struct Columns {
    names: Vec<String>,
}

impl Columns {
    /// Reads a header.
    ///
    /// # Errors
    /// A key cannot be told from it.
    pub fn of<'a>(names: impl Iterator<Item = &'a str>) -> Result<Self, String> {
        let names: Vec<String> = names.map(plain).collect();
        let has = |name: &str| names.iter().any(|known| known == name);
        if ((has("bucket") || has("bucketname")) && (has("key") || has("keyname"))) || has("uri") {
            Ok(Self { names })
        } else {
            Err("the first line is neither a header with `bucket` and `key`, nor JSON, nor an s3:// URI".to_owned())
        }
    }

    /// Reads one record of a file that names its columns elsewhere: values that are too few or too many are other columns'.
    ///
    /// # Errors
    /// The record has not one value for each column, a value cannot be read, or bucket or key are missing.
    pub fn whole_row(&self, record: &csv::StringRecord) -> Result<Row, String> {
        if record.len() != self.names.len() {
            return Err(format!("has {} values, the schema names {}", record.len(), self.names.len()));
        }
        self.row(record)
    }

    /// Reads one record.
    ///
    /// # Errors
    /// A value cannot be read, or bucket or key are missing.
    pub fn row(&self, record: &csv::StringRecord) -> Result<Row, String> {
        let mut row = Row::default();
        for (name, text) in self.names.iter().zip(record) {
            set(&mut row, name, text)?;
        }
        complete(row)
    }
}

/// A column's name without case and separators: `LastModifiedDate`, `last_modified_date` and so on are one.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

fn set(row: &mut Row, name: &str, text: &str) -> Result<(), String> {
    match name {
        "bucket" | "bucketname" => text.clone_into(&mut row.bucket),
        "key" | "keyname" => text.clone_into(&mut row.key),
        "uri" => {
            let location = uri_row(text)?;
            (row.bucket, row.key) = (location.bucket, location.key);
        }
        "size" if text.is_empty() => {}
        "size" => row.size = Some(text.parse().map_err(|_| format!("`{text}` is no size"))?),
        "lastmodified" | "lastmodifieddate" if text.is_empty() => {}
        "lastmodified" | "lastmodifieddate" => {
            row.last_modified = Some(text.parse::<Timestamp>().map_err(|_| format!("`{text}` is no time"))?);
        }
        "etag" => text.trim_matches('"').clone_into(&mut row.etag),
        "storageclass" => row.storage_class = Some(text.to_owned()).filter(|class| !class.is_empty()),
        "versionid" => row.version_id = Some(text.to_owned()).filter(|id| !id.is_empty()),
        "islatest" if text.is_empty() => {}
        "islatest" => row.is_latest = Some(!text.eq_ignore_ascii_case("false")),
        "isdeletemarker" | "deletemarker" => row.delete_marker = text.eq_ignore_ascii_case("true"),
        _ => {}
    }
    Ok(())
}

fn complete(row: Row) -> Result<Row, String> {
    if row.bucket.is_empty() || row.key.is_empty() {
        return Err("has no bucket or no key".to_owned());
    }
    Ok(row)
}

#[cfg(test)]
mod tests {
    use crate::aws::listing::Intervals;
    use tokio::sync::mpsc::channel;

    use super::*;
    use crate::objects::collector::Reading;

    fn read_text(text: &[u8], done: Intervals) -> (Vec<(String, Row)>, usize, bool) {
        let (sender, mut readings) = channel(100);
        read("test", text, Collector::new(sender, done));
        let (mut rows, mut bad, mut failed) = (Vec::new(), 0, false);
        while let Some(reading) = readings.blocking_recv() {
            match reading {
                Ok(Reading::Portion(portion)) => rows.extend(portion.rows),
                Ok(Reading::Bad(_)) => bad += 1,
                Err(_) => failed = true,
            }
        }
        (rows, bad, failed)
    }

    #[test]
    fn each_form_gives_the_same_rows() {
        let csv = b"key,bucket,size,last_modified,etag\n\"a b,1.log\",bucket,5,2026-01-01T00:00:00Z,e\nc,bucket,6,,\n";
        let json = b"{\"bucket\":\"bucket\",\"key\":\"a b,1.log\",\"size\":5,\"last_modified\":\"2026-01-01T00:00:00Z\",\"etag\":\"\\\"e\\\"\"}\n\n{\"Bucket\":\"bucket\",\"Key\":\"c\",\"Size\":6,\"owner\":{}}\n";
        let (from_csv, ..) = read_text(csv, Intervals::new());
        let (from_json, ..) = read_text(json, Intervals::new());
        assert_eq!(from_csv.len(), 2);
        for ((_, one), (_, other)) in from_csv.iter().zip(&from_json) {
            assert_eq!(one, other);
        }
        let (from_uris, ..) = read_text(b"s3://bucket/a b,1.log\r\ns3://bucket/c\n", Intervals::new());
        assert_eq!(from_uris.iter().map(|(_, row)| row.key.as_str()).collect::<Vec<_>>(), ["a b,1.log", "c"]);
        assert_eq!(from_uris[0].1.size, None);
    }

    #[test]
    fn what_cannot_be_read_is_told_and_the_rest_goes_on() {
        let (rows, bad, failed) = read_text(b"s3://b/x\nnonsense\ns3://b/\ns3://b/y\n", Intervals::new());
        assert_eq!((rows.len(), bad, failed), (2, 2, false));
        let (rows, _, failed) = read_text(b"name,color\nx,y\n", Intervals::new());
        assert!(rows.is_empty() && failed, "a header without key");
        assert_eq!(read_text(b"", Intervals::new()).0.len(), 0);
    }

    #[test]
    fn versions_are_told_in_each_spelling() {
        let csv = b"bucket_name,key_name,version_id,is_latest,delete_marker\nb,k,v1,true,false\nb,k,null,false,true\n";
        let (rows, ..) = read_text(csv, Intervals::new());
        let told: Vec<_> =
            rows.iter().map(|(_, row)| (row.version_id.as_deref(), row.is_latest, row.delete_marker)).collect();
        assert_eq!(told, [(Some("v1"), Some(true), false), (Some("null"), Some(false), true)]);
    }

    #[test]
    fn zstd_is_refused_with_the_way_out() {
        let (rows, _, failed) = read_text(&[0x28, 0xb5, 0x2f, 0xfd, 0, 0], Intervals::new());
        assert!(rows.is_empty() && failed);
    }

    #[test]
    fn rows_that_are_done_do_not_come_again() {
        let mut done = Intervals::new();
        done.add(None, Some(position(2)));
        let (rows, ..) = read_text(b"s3://b/1\ns3://b/2\ns3://b/3\n", done);
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].0, position(3));
    }
}
