//! S3 Inventory in place of a listing: reports in CSV and Parquet, whole and damaged.

use std::io::Write;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;
use md5::{Digest, Md5};
use parquet::basic::Compression as Packing;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use super::{Scene, column, csv_rows, set, summary};

/// The schema that S3 writes, with a column that is not used.
const SCHEMA: &str = "message s3.inventory { required binary bucket (UTF8); required binary key (UTF8); \
    optional binary version_id (UTF8); optional boolean is_latest; optional boolean is_delete_marker; \
    optional int64 size; optional int64 last_modified_date (TIMESTAMP_MILLIS); optional binary e_tag (UTF8); \
    optional binary storage_class (UTF8); optional boolean is_multipart_uploaded; }";

/// A row of a report: key, version id, current, marker, size.
type Line = (&'static str, &'static str, bool, bool, i64);

const LINES: [Line; 6] = [
    ("p/a b+c%.log", "v1", true, false, 5),
    ("p/ü/日本.gz", "v1", true, false, 6),
    ("p/new\nline", "v1", true, false, 7),
    ("p/old.log", "v0", false, false, 8),
    ("p/gone.log", "v2", true, true, 0),
    ("p/empty.log", "v1", true, false, 0),
];

/// 2026-01-31T00:00:00Z in milliseconds.
const MODIFIED: i64 = 1_769_817_600_000;

fn md5(bytes: &[u8]) -> String {
    Md5::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn csv_file(bucket: &str, lines: &[Line]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    for (key, version, latest, marker, size) in lines {
        // As forms are encoded: a space is a plus sign.
        let key = utf8_percent_encode(key, NON_ALPHANUMERIC).to_string().replace("%20", "+").replace("%2F", "/");
        writeln!(encoder, "\"{bucket}\",\"{key}\",\"{version}\",\"{latest}\",\"{marker}\",\"{size}\",\"2026-01-31T00:00:00.000Z\",\"e\",\"STANDARD_IA\"")
            .expect("memory takes it");
    }
    encoder.finish().expect("memory takes it")
}

fn parquet_file(bucket: &str, lines: &[Line]) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(SCHEMA).expect("a schema"));
    let properties = Arc::new(WriterProperties::builder().set_compression(Packing::SNAPPY).build());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).expect("a file");
    // Several row groups, as large reports have.
    for part in lines.chunks(4) {
        let mut group = writer.next_row_group().expect("a row group");
        let texts: [Vec<ByteArray>; 5] = [
            part.iter().map(|_| bucket.into()).collect(),
            part.iter().map(|line| line.0.into()).collect(),
            part.iter().map(|line| line.1.into()).collect(),
            part.iter().map(|_| "e".into()).collect(),
            part.iter().map(|_| "STANDARD_IA".into()).collect(),
        ];
        let present = vec![1; part.len()];
        for place in 0..10 {
            let mut column = group.next_column().expect("a column").expect("ten of them");
            let flags: Vec<bool> =
                part.iter().map(|line| if place == 3 { line.2 } else { place == 4 && line.3 }).collect();
            let numbers: Vec<i64> = part.iter().map(|line| if place == 5 { line.4 } else { MODIFIED }).collect();
            let levels = (place > 1).then_some(&present[..]);
            match place {
                0 => column.typed::<ByteArrayType>().write_batch(&texts[0], levels, None),
                1 => column.typed::<ByteArrayType>().write_batch(&texts[1], levels, None),
                2 => column.typed::<ByteArrayType>().write_batch(&texts[2], levels, None),
                7 => column.typed::<ByteArrayType>().write_batch(&texts[3], levels, None),
                8 => column.typed::<ByteArrayType>().write_batch(&texts[4], levels, None),
                5 | 6 => column.typed::<Int64Type>().write_batch(&numbers, levels, None),
                _ => column.typed::<BoolType>().write_batch(&flags, levels, None),
            }
            .expect("written");
            column.close().expect("closed");
        }
        group.close().expect("closed");
    }
    writer.into_inner().expect("closed")
}

/// Puts a report of these data files; returns the path of its manifest.
fn report(scene: &Scene, format: &str, files: &[Vec<u8>]) -> String {
    let s3 = scene.sandbox.s3();
    let schema = if format == "CSV" {
        "Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate, ETag, StorageClass"
    } else {
        SCHEMA
    };
    let named: Vec<(String, Vec<u8>)> = files
        .iter()
        .enumerate()
        .map(|(number, file)| (format!("inventory/data/{format}-{number}"), file.clone()))
        .collect();
    let manifest = json!({
        "sourceBucket": scene.bucket, "destinationBucket": format!("arn:aws:s3:::{}", scene.bucket),
        "version": "2016-11-30", "creationTimestamp": "1767225600000", "fileFormat": format, "fileSchema": schema,
        "files": named.iter().map(|(key, file)| json!({ "key": key, "size": file.len(), "MD5checksum": md5(file) })).collect::<Vec<_>>(),
    })
    .to_string();
    let sum = md5(manifest.as_bytes());
    s3.put(&scene.bucket, named);
    s3.put(&scene.bucket, [("inventory/2026/manifest.json", manifest), ("inventory/2026/manifest.checksum", sum)]);
    scene.path("inventory/2026/manifest.json")
}

#[test]
fn a_report_in_either_format_is_listed() {
    let scene = Scene::new();
    for (format, file) in [("CSV", csv_file as fn(&str, &[Line]) -> Vec<u8>), ("Parquet", parquet_file)] {
        let manifest = report(&scene, format, &[file(&scene.bucket, &LINES[..5]), file(&scene.bucket, &LINES[5..])]);
        let outcome = scene.tool().args(["--from-inventory", &manifest]).run();
        outcome.code(0);
        assert_eq!(column(&outcome, "key"), set(["p/a b+c%.log", "p/new\nline", "p/ü/日本.gz"]), "{format}: {outcome}");
        let rows = csv_rows(&outcome.stdout);
        let row = rows.iter().find(|row| row["key"].starts_with("p/a b")).expect("the row");
        let told = ["size", "last_modified", "storage_class", "etag", "source_id"].map(|name| row[name].as_str());
        assert_eq!(told, ["5", "2026-01-31T00:00:00Z", "STANDARD_IA", "e", "unmatched"], "{format}");
        assert_eq!((summary(&outcome, "filtered"), summary(&outcome, "empty")), (1, 2), "{format}: {outcome}");
        let versions = scene.tool().args(["--from-inventory", &manifest, "--versions", "--include-empty"]).run();
        versions.code(0);
        let rows = csv_rows(&versions.stdout);
        assert_eq!(rows.len(), LINES.len(), "{format}");
        let marker = rows.iter().find(|row| row["key_name"] == "p/gone.log").expect("the marker");
        assert_eq!((marker["delete_marker"].as_str(), marker["version_id"].as_str()), ("true", "v2"));
        scene
            .tool()
            .args(["--from-inventory", &manifest, "--dry-run"])
            .run()
            .code(0)
            .stderr_has("2026-01-01T00:00:00Z");
    }
}

#[test]
fn a_report_from_files_beside_its_manifest_is_read_too() {
    let scene = Scene::new();
    report(&scene, "Parquet", &[parquet_file(&scene.bucket, &LINES)]);
    let s3 = scene.sandbox.s3();
    for name in ["inventory/2026/manifest.json", "inventory/data/Parquet-0"] {
        let place = name.trim_start_matches("inventory/");
        scene.home.write(place, s3.get(&scene.bucket, name));
    }
    let manifest = scene.home.path().join("2026/manifest.json").display().to_string();
    let outcome = scene.tool().args(["--from-inventory", &manifest]).run();
    outcome.code(0);
    assert_eq!(column(&outcome, "key").len(), 3);
}

#[test]
fn a_data_file_that_is_missing_or_damaged_does_not_stop_the_others() {
    let scene = Scene::new();
    let files: Vec<Vec<u8>> =
        ["p/a", "p/b", "p/c"].iter().map(|key| csv_file(&scene.bucket, &[(key, "v1", true, false, 5)])).collect();
    let manifest = report(&scene, "CSV", &files);
    let s3 = scene.sandbox.s3();
    let middle = "inventory/data/CSV-1";
    s3.put(&scene.bucket, [(middle, "something else")]);
    let damaged = scene.tool().args(["--from-inventory", &manifest]).run();
    damaged.code(3).stderr_has("its MD5 is").stderr_has(middle);
    assert_eq!(column(&damaged, "key"), set(["p/a", "p/c"]), "{damaged}");
    s3.delete(&scene.bucket, middle);
    let missing = scene.tool().args(["--from-inventory", &manifest]).run();
    missing.code(3).stderr_has("NoSuchKey").stderr_has(middle);
    assert_eq!(column(&missing, "key"), set(["p/a", "p/c"]), "{missing}");
    for key in ["inventory/data/CSV-0", "inventory/data/CSV-2"] {
        s3.delete(&scene.bucket, key);
    }
    scene.tool().args(["--from-inventory", &manifest]).run().code(3).stderr_has("inventory/data/CSV-2");
}

#[test]
fn damaged_and_foreign_reports_are_told() {
    let scene = Scene::new();
    let table: [(&str, Vec<u8>, i32, &str); 5] = [
        ("ORC", b"ORC".to_vec(), 1, "only CSV and Parquet"),
        ("Parquet", b"this is no Parquet".to_vec(), 3, "no readable Parquet"),
        ("Parquet", parquet_file("", &LINES[..1]), 3, "no bucket or no key"),
        ("CSV", b"this is no gzip".to_vec(), 3, "gzip"),
        ("CSV", csv_file(&scene.bucket, &[("p/x", "v1", true, false, -5)]), 3, "no size"),
    ];
    for (format, file, code, words) in table {
        let manifest = report(&scene, format, &[file]);
        scene.tool().args(["--from-inventory", &manifest]).run().code(code).stderr_has(words);
    }
    let manifest = scene.home.write("manifest.json", "{}").display().to_string();
    scene.tool().args(["--from-inventory", &manifest]).run().code(1).stderr_has("no manifest");
    scene
        .tool()
        .args(["--from-inventory", &scene.path("nothing/manifest.json")])
        .run()
        .code(1)
        .stderr_has("nothing/manifest.json");
}
