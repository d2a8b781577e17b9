//! Versions and delete markers.

use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};

use super::{Scene, csv_rows, report, set};
use crate::support::loopback::wait;
use crate::support::{Fault, FaultProxy};

/// Key, version id, whether it is current, whether it marks a deletion.
type Told = (String, String, String, String);

fn versioned() -> Scene {
    let scene = Scene::with(["p/old", "p/never touched"]);
    let (s3, bucket) = (scene.sandbox.s3(), &scene.bucket);
    let enabled = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
    wait(s3.client().put_bucket_versioning().bucket(bucket).versioning_configuration(enabled).send()).expect("enabled");
    scene.put(["p/old", "p/a b+c%", "p/a b+c%", "p/new\nline"]);
    for key in ["p/old", "p/a b+c%"] {
        wait(s3.client().delete_object().bucket(bucket).key(key).send()).expect("marked");
    }
    scene.put(["p/a b+c%"]);
    scene
}

fn plain(scene: &Scene) -> std::collections::BTreeSet<Told> {
    let answer =
        wait(scene.sandbox.s3().client().list_object_versions().bucket(&scene.bucket).send()).expect("versions");
    let flag = |flag: Option<bool>| flag.unwrap_or_default().to_string();
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let versions = answer.versions().iter();
    let versions =
        versions.map(|one| (text(one.key()), text(one.version_id()), flag(one.is_latest()), "false".to_owned()));
    let markers = answer.delete_markers().iter();
    versions
        .chain(markers.map(|one| (text(one.key()), text(one.version_id()), flag(one.is_latest()), "true".to_owned())))
        .collect()
}

#[test]
fn every_version_and_marker_is_listed() {
    let scene = versioned();
    let outcome = scene.tool().args([&scene.path(""), "--versions"]).run();
    outcome.code(0);
    let rows = csv_rows(&outcome.stdout);
    let told = |row: &std::collections::BTreeMap<String, String>| {
        ["key_name", "version_id", "is_latest", "delete_marker"].map(|name| row[name].clone()).into()
    };
    let listed: std::collections::BTreeSet<Told> = rows.iter().map(told).collect();
    assert_eq!(listed, plain(&scene));
    assert_eq!(rows.len(), listed.len());
    assert_eq!(listed.iter().filter(|(.., marker)| marker == "true").count(), 2);
    assert!(
        rows.iter()
            .all(|row| row["bucket_name"] == scene.bucket && row["delete_marker"] == "false" || row["size"].is_empty())
    );
    let report = report(&outcome);
    assert_eq!(report["summary"]["done"], rows.len() as u64);
}

#[test]
fn who_may_not_list_versions_is_told_which_permission_that_is() {
    let scene = Scene::with(["p/x"]);
    let s3 = FaultProxy::before(&scene.sandbox.endpoint("s3"));
    s3.inject(Fault::AccessDenied("Access Denied".to_owned()).on("ListObjectVersions"));
    let outcome = scene.tool().env("AWS_ENDPOINT_URL_S3", s3.url()).args([&scene.path("p/"), "--versions"]).run();
    outcome.code(5).stderr_has("s3:ListBucketVersions");
}

#[test]
fn a_manifest_of_versions_leaves_markers_out() {
    let scene = versioned();
    let outcome = scene.tool().args([&scene.path(""), "--versions", "--format", "s3batch"]).run();
    outcome.code(0);
    let text = outcome.stdout_text();
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    assert!(lines.iter().all(|line| line.len() == 3 && line[0] == scene.bucket), "{text}");
    assert_eq!(lines.len(), plain(&scene).iter().filter(|(.., marker)| marker == "false").count());
    assert_eq!(report(&outcome)["summary"]["delete_markers"], 2);
    let keys = set(lines.iter().map(|line| line[1]));
    assert_eq!(keys, set(["p/a%20b%2Bc%25", "p/never%20touched", "p/new%0Aline", "p/old"]));
}
