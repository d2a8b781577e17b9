//! Data files of S3 Inventory in Parquet.
//!
//! Row by row and only the columns that are used, so that memory does not grow with the file. This tool alone carries the
//! reader of Parquet; the library takes it as a function.

use std::fs::File;
use std::sync::Arc;

use jiff::Timestamp;
use opstools::objects::{DataFormat, Row, TakeRow};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use parquet::schema::types::{Type, TypePtr};

/// Columns that are used; reports may have more, and lack any but bucket and key.
const COLUMNS: [&str; 9] = [
    "bucket",
    "key",
    "version_id",
    "is_latest",
    "is_delete_marker",
    "size",
    "last_modified_date",
    "e_tag",
    "storage_class",
];

/// Parquet, for the library's inventories.
pub const PARQUET: DataFormat = DataFormat { name: "Parquet", read };

fn read(file: File, take: &mut TakeRow<'_>) -> Result<(), String> {
    let wrong = |error: parquet::errors::ParquetError| format!("is no readable Parquet: {error}");
    let reader = SerializedFileReader::new(file).map_err(wrong)?;
    let schema = projection(reader.metadata().file_metadata().schema())?;
    for record in reader.get_row_iter(Some(schema)).map_err(wrong)? {
        let mut row = Row::default();
        for (name, field) in record.map_err(wrong)?.get_column_iter() {
            set(&mut row, name, field);
        }
        let complete = !row.bucket.is_empty() && !row.key.is_empty();
        if !take(if complete { Ok(row) } else { Err("has no bucket or no key".to_owned()) }) {
            return Ok(());
        }
    }
    Ok(())
}

/// The part of a file's schema that is used.
fn projection(schema: &Type) -> Result<Type, String> {
    let used: Vec<TypePtr> =
        schema.get_fields().iter().filter(|field| COLUMNS.contains(&field.name())).map(Arc::clone).collect();
    if ["bucket", "key"].iter().any(|needed| !used.iter().any(|field| field.name() == *needed)) {
        return Err("has no columns `bucket` and `key`".to_owned());
    }
    Type::group_type_builder(schema.name()).with_fields(used).build().map_err(|error| error.to_string())
}

fn set(row: &mut Row, name: &str, field: &Field) {
    match name {
        "bucket" => row.bucket = text(field).unwrap_or_default(),
        "key" => row.key = text(field).unwrap_or_default(),
        "version_id" => row.version_id = text(field).filter(|id| !id.is_empty()),
        "is_latest" => row.is_latest = yes(field),
        "is_delete_marker" => row.delete_marker = yes(field).unwrap_or_default(),
        "size" => row.size = number(field).and_then(|size| u64::try_from(size).ok()),
        "last_modified_date" => row.last_modified = time(field),
        "e_tag" => row.etag = text(field).unwrap_or_default().trim_matches('"').to_owned(),
        "storage_class" => row.storage_class = text(field).filter(|class| !class.is_empty()),
        _ => {}
    }
}

/// Text; some writers leave out the mark that says that bytes are text.
fn text(field: &Field) -> Option<String> {
    match field {
        Field::Str(text) => Some(text.clone()),
        Field::Bytes(bytes) => std::str::from_utf8(bytes.data()).ok().map(str::to_owned),
        _ => None,
    }
}

const fn yes(field: &Field) -> Option<bool> {
    if let Field::Bool(yes) = field { Some(*yes) } else { None }
}

fn number(field: &Field) -> Option<i64> {
    match field {
        Field::Long(number) => Some(*number),
        Field::Int(number) => Some(i64::from(*number)),
        _ => None,
    }
}

fn time(field: &Field) -> Option<Timestamp> {
    match field {
        Field::TimestampMillis(millis) => Timestamp::from_millisecond(*millis).ok(),
        Field::TimestampMicros(micros) => Timestamp::from_microsecond(*micros).ok(),
        Field::Str(text) => text.parse().ok(),
        _ => None,
    }
}
