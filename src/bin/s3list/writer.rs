//! Rows as text, in each form; what a form cannot hold is said, never written wrongly.

use std::io::Write;

use opstools::args::Format;
use opstools::objects::Found;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::book::Owner;
use crate::rows::{OBJECT_COLUMNS, ObjectRow, VERSION_COLUMNS, VersionRow};

/// What stands between the log types of a row of CSV; no log type holds it.
const BETWEEN_TYPES: &str = ";";

/// What a manifest's key keeps as it is; the rest is written as `%XX`.
const IN_MANIFEST: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/');

/// Text without a writer of its own cannot fail to be written.
const TO_MEMORY: &str = "memory takes every byte";

/// A form of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Comma-separated with a header.
    Csv,
    /// A JSON document per line.
    Jsonl,
    /// A URI per line.
    Plain,
    /// A manifest of S3 Batch Operations.
    S3Batch,
}

impl Form {
    /// The form of a format; CSV where none was named.
    pub const fn of(format: Option<Format>) -> Self {
        match format {
            Some(Format::Jsonl) => Self::Jsonl,
            Some(Format::Plain) => Self::Plain,
            Some(Format::S3batch) => Self::S3Batch,
            // `app` lets nothing else through.
            Some(Format::Csv | Format::Json | Format::Table) | None => Self::Csv,
        }
    }

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Plain => "plain",
            Self::S3Batch => "s3batch",
        }
    }
}

/// Why an object is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unwritable {
    /// Its key would be read back as another one.
    LineBreak,
    /// The input does not say which version it is.
    NoVersion,
    /// It marks a deletion, on which a batch operation cannot work.
    Marker,
}

/// Collects rows as text.
pub struct Writer {
    form: Form,
    versions: bool,
    sheet: Sheet,
}

enum Sheet {
    Csv(Box<csv::Writer<Vec<u8>>>),
    Text(Vec<u8>),
}

impl Writer {
    /// An empty sheet in this form, of objects or of versions; CSV begins with its header.
    pub fn new(form: Form, versions: bool) -> Self {
        let mut writer = Self { form, versions, sheet: Sheet::blank(form) };
        if let Sheet::Csv(csv) = &mut writer.sheet {
            let header = if versions { &VERSION_COLUMNS[..] } else { &OBJECT_COLUMNS[..] };
            csv.write_record(header).expect(TO_MEMORY);
        }
        writer
    }

    /// Adds an object.
    ///
    /// # Errors
    /// This form cannot hold it.
    pub fn add(&mut self, object: &Found, owner: &Owner) -> Result<(), Unwritable> {
        match (&mut self.sheet, self.versions) {
            (Sheet::Csv(csv), false) => object_record(csv, &ObjectRow::of(object, owner)),
            (Sheet::Csv(csv), true) => {
                version_record(csv, &VersionRow::of(object).ok_or(Unwritable::NoVersion)?);
            }
            (Sheet::Text(text), versions) => match self.form {
                Form::Plain => uri(text, object)?,
                Form::S3Batch => manifest(text, object, versions)?,
                Form::Csv | Form::Jsonl if versions => {
                    line(text, &VersionRow::of(object).ok_or(Unwritable::NoVersion)?);
                }
                Form::Csv | Form::Jsonl => line(text, &ObjectRow::of(object, owner)),
            },
        }
        Ok(())
    }

    /// The rows so far; the sheet is blank afterwards.
    pub fn take(&mut self) -> String {
        let bytes = match std::mem::replace(&mut self.sheet, Sheet::blank(self.form)) {
            Sheet::Csv(csv) => csv.into_inner().expect(TO_MEMORY),
            Sheet::Text(text) => text,
        };
        String::from_utf8(bytes).expect("rows are made of text")
    }
}

impl Sheet {
    fn blank(form: Form) -> Self {
        if form == Form::Csv {
            Self::Csv(Box::new(csv::Writer::from_writer(Vec::new())))
        } else {
            Self::Text(Vec::new())
        }
    }
}

fn object_record(csv: &mut csv::Writer<Vec<u8>>, row: &ObjectRow<'_>) {
    let (size, last_modified) = (shown(row.size), shown(row.last_modified));
    let log_types = row.log_types.join(BETWEEN_TYPES);
    let record: [&str; OBJECT_COLUMNS.len()] = [
        row.source_id,
        row.source_label,
        row.source_type,
        row.bucket,
        row.key,
        &size,
        &last_modified,
        row.etag,
        row.storage_class,
        row.region,
        &log_types,
    ];
    csv.write_record(record).expect(TO_MEMORY);
}

fn version_record(csv: &mut csv::Writer<Vec<u8>>, row: &VersionRow<'_>) {
    let (size, last_modified) = (shown(row.size), shown(row.last_modified));
    let record: [&str; VERSION_COLUMNS.len()] = [
        row.bucket_name,
        row.key_name,
        row.version_id,
        word(row.is_latest),
        word(row.delete_marker),
        &size,
        &last_modified,
        row.storage_class,
        row.e_tag,
    ];
    csv.write_record(record).expect(TO_MEMORY);
}

fn shown(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

const fn word(yes: bool) -> &'static str {
    if yes { "true" } else { "false" }
}

fn line(text: &mut Vec<u8>, row: &impl Serialize) {
    serde_json::to_writer(&mut *text, row).expect(TO_MEMORY);
    text.push(b'\n');
}

fn uri(text: &mut Vec<u8>, object: &Found) -> Result<(), Unwritable> {
    // A carriage return before a line's end is taken for a part of it.
    if object.key.contains(['\n', '\r']) {
        return Err(Unwritable::LineBreak);
    }
    writeln!(text, "s3://{}/{}", object.place.bucket, object.key).expect(TO_MEMORY);
    Ok(())
}

fn manifest(text: &mut Vec<u8>, object: &Found, versions: bool) -> Result<(), Unwritable> {
    let key = utf8_percent_encode(&object.key, IN_MANIFEST);
    if !versions {
        writeln!(text, "{},{key}", object.place.bucket).expect(TO_MEMORY);
        return Ok(());
    }
    let version = object.version.as_ref().ok_or(Unwritable::NoVersion)?;
    if version.delete_marker {
        return Err(Unwritable::Marker);
    }
    writeln!(text, "{},{key},{}", object.place.bucket, version.id).expect(TO_MEMORY);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use opstools::objects::{Coverage, Place, VersionMark};
    use percent_encoding::percent_decode_str;
    use proptest::prelude::*;

    use super::*;

    fn object(key: &str) -> Found {
        let coverage = Coverage::All;
        let place = Place { bucket: "b".to_owned(), region: "eu-west-1".to_owned(), region_is_known: true, coverage };
        Found {
            place: Arc::new(place),
            key: key.to_owned(),
            size: Some(7),
            last_modified: Some("2026-01-31T23:59:58Z".parse().expect("a time")),
            etag: "e".to_owned(),
            storage_class: None,
            latest: true,
            version: Some(VersionMark { id: "v".to_owned(), is_latest: true, delete_marker: false }),
            row: None,
        }
    }

    fn owner() -> Owner {
        let log_types = vec!["A.B".to_owned(), "C".to_owned()];
        Owner {
            id: "1".to_owned(),
            label: "a, \"b\"".to_owned(),
            kind: "aws-s3".to_owned(),
            log_types,
            ..Owner::default()
        }
    }

    fn written(form: Form, versions: bool, keys: &[String]) -> String {
        let mut writer = Writer::new(form, versions);
        for key in keys {
            writer.add(&object(key), &owner()).expect("a row");
        }
        writer.take()
    }

    fn from_csv(text: &str, column: &str) -> Vec<String> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let place = reader.headers().expect("a header").iter().position(|name| name == column).expect("the column");
        reader.records().map(|record| record.expect("a record")[place].to_owned()).collect()
    }

    fn from_json(text: &str, name: &str) -> Vec<String> {
        let key = |line: &str| {
            serde_json::from_str::<serde_json::Value>(line).expect("JSON")[name].as_str().map(str::to_owned)
        };
        text.lines().map(|line| key(line).expect("a key")).collect()
    }

    fn from_manifest(text: &str) -> Vec<String> {
        let key =
            |line: &str| line.split(',').nth(1).map(|key| percent_decode_str(key).decode_utf8_lossy().into_owned());
        text.lines().map(|line| key(line).expect("a key")).collect()
    }

    /// Any text is a key: control characters and line breaks too, and whatever the forms themselves use.
    fn key() -> impl Strategy<Value = String> {
        prop_oneof![
            prop::collection::vec(any::<char>(), 1..20).prop_map(String::from_iter),
            "[\\x00-\\x7f]{1,12}",
            "[,\"'\\\\ \t\r\n%+&<>#?;/=]{1,8}",
        ]
    }

    proptest! {
        #[test]
        fn every_key_comes_back_from_every_form(keys in prop::collection::vec(key(), 0..8)) {
            prop_assert_eq!(&from_csv(&written(Form::Csv, false, &keys), "key"), &keys);
            prop_assert_eq!(&from_csv(&written(Form::Csv, true, &keys), "key_name"), &keys);
            prop_assert_eq!(&from_json(&written(Form::Jsonl, false, &keys), "key"), &keys);
            prop_assert_eq!(&from_json(&written(Form::Jsonl, true, &keys), "key_name"), &keys);
            prop_assert_eq!(&from_manifest(&written(Form::S3Batch, false, &keys)), &keys);
            let plain: Vec<String> = keys.into_iter().filter(|key| !key.contains(['\n', '\r'])).collect();
            let text = written(Form::Plain, false, &plain);
            let lines: Vec<&str> = text.split_terminator('\n').map(|line| &line["s3://b/".len()..]).collect();
            prop_assert_eq!(lines, plain);
        }
    }

    #[test]
    fn every_byte_of_ascii_comes_back() {
        let keys: Vec<String> = (0u8..128).map(|byte| format!("x{}y", char::from(byte))).collect();
        assert_eq!(from_csv(&written(Form::Csv, false, &keys), "key"), keys);
        assert_eq!(from_json(&written(Form::Jsonl, false, &keys), "key"), keys);
        assert_eq!(from_manifest(&written(Form::S3Batch, true, &keys)), keys);
    }

    #[test]
    fn rows_have_their_columns() {
        assert_eq!(
            written(Form::Csv, false, &["a b".to_owned()]),
            "source_id,source_label,source_type,bucket,key,size,last_modified,etag,storage_class,region,log_types\n\
             1,\"a, \"\"b\"\"\",aws-s3,b,a b,7,2026-01-31T23:59:58Z,e,STANDARD,eu-west-1,A.B;C\n"
        );
        assert_eq!(
            written(Form::Csv, true, &["a".to_owned()]),
            "bucket_name,key_name,version_id,is_latest,delete_marker,size,last_modified,storage_class,e_tag\n\
             b,a,v,true,false,7,2026-01-31T23:59:58Z,STANDARD,e\n"
        );
        assert_eq!(written(Form::S3Batch, true, &["a,b c/ü".to_owned()]), "b,a%2Cb%20c/%C3%BC,v\n");
    }

    #[test]
    fn what_a_form_cannot_hold_is_said() {
        let mut plain = Writer::new(Form::Plain, false);
        for key in ["a\nb", "a\rb", "a\r"] {
            assert_eq!(plain.add(&object(key), &owner()), Err(Unwritable::LineBreak), "{key:?}");
        }
        assert_eq!(plain.take(), "");
        let mut marker = object("a");
        marker.version = Some(VersionMark { id: "v".to_owned(), is_latest: true, delete_marker: true });
        assert_eq!(Writer::new(Form::S3Batch, true).add(&marker, &owner()), Err(Unwritable::Marker));
        marker.version = None;
        assert_eq!(Writer::new(Form::Jsonl, true).add(&marker, &owner()), Err(Unwritable::NoVersion));
    }
}
