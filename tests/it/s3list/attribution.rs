//! All sources: everything is listed, once, and belongs to whom the log processor would give it.

use std::collections::BTreeMap;

use aws_credential_types::Credentials;
use aws_sdk_s3::config::{BehaviorVersion, Region};

use super::{Scene, column, csv_rows, report, set, summary};
use crate::support::loopback::wait;
use crate::support::{Objects, Outcome, Sandbox, tool};

/// What the seeded sources read that can be listed: bucket, prefix, and the role where the operator may not list.
const READ: [(&str, &str, Option<&str>); 4] = [
    ("acme-cloudtrail-444455556666", "AWSLogs/", None),
    ("acme-application-logs", "", None),
    ("acme-vpc-flow-logs", "", None),
    ("acme-restricted-logs", "", Some("arn:aws:iam::444455556666:role/PantherLogProcessingRole-acme-restricted")),
];

/// Prefixes of the application bucket that a source reads.
const APPLICATION: [&str; 3] = ["checkout/", "payments/", "odd/"];

/// A plain listing, by the SDK's own paginator.
fn plain(sandbox: &Sandbox, bucket: &str, prefix: &str, role: Option<&str>) -> BTreeMap<String, u64> {
    let (endpoint, region) =
        (sandbox.endpoint("s3"), if bucket == "acme-vpc-flow-logs" { "eu-west-1" } else { sandbox.region() });
    let Some(role) = role else {
        return Objects::at(&endpoint, region, sandbox.access_key(), sandbox.secret_key()).list(bucket, prefix);
    };
    let credentials = assumed(sandbox, role);
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .endpoint_url(endpoint)
        .force_path_style(true)
        .credentials_provider(credentials)
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    let client = aws_sdk_s3::Client::from_conf(config);
    let page = wait(client.list_objects_v2().bucket(bucket).prefix(prefix).send()).expect("the role may list");
    assert_ne!(page.is_truncated(), Some(true), "one page");
    let size =
        |object: &aws_sdk_s3::types::Object| u64::try_from(object.size().unwrap_or_default()).unwrap_or_default();
    page.contents().iter().map(|object| (object.key().expect("a key").to_owned(), size(object))).collect()
}

fn assumed(sandbox: &Sandbox, role: &str) -> Credentials {
    let config = aws_sdk_sts::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(sandbox.region().to_owned()))
        .endpoint_url(sandbox.endpoint("sts"))
        .credentials_provider(Credentials::new(sandbox.access_key(), sandbox.secret_key(), None, None, "test"))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    let request = aws_sdk_sts::Client::from_conf(config).assume_role().role_arn(role).role_session_name("test");
    let issued = wait(request.send()).expect("the role can be assumed").credentials.expect("credentials");
    Credentials::new(issued.access_key_id, issued.secret_access_key, Some(issued.session_token), None, "test")
}

/// Every object that a listable source reads, as `s3://bucket/key` with its size.
fn expected(sandbox: &Sandbox, with_empty: bool) -> BTreeMap<String, u64> {
    let mut all = BTreeMap::new();
    for (bucket, prefix, role) in READ {
        for (key, size) in plain(sandbox, bucket, prefix, role) {
            let read = bucket != "acme-application-logs" || APPLICATION.iter().any(|prefix| key.starts_with(prefix));
            if read && (with_empty || size > 0 && !key.ends_with('/')) {
                all.insert(format!("s3://{bucket}/{key}"), size);
            }
        }
    }
    all
}

fn listed(outcome: &Outcome) -> BTreeMap<String, u64> {
    let rows = csv_rows(&outcome.stdout);
    let found: BTreeMap<String, u64> = rows
        .iter()
        .filter(|row| !row["bucket"].starts_with("panther-"))
        .map(|row| (format!("s3://{}/{}", row["bucket"], row["key"]), row["size"].parse().expect("a size")))
        .collect();
    let ours = rows.iter().filter(|row| row["bucket"].starts_with("panther-")).count();
    assert_eq!(found.len() + ours, rows.len(), "each object once");
    found
}

#[test]
fn all_sources_are_what_plain_listings_find() {
    let sandbox = Sandbox::shared();
    for (flags, with_empty) in [(&[][..], false), (&["--include-empty"][..], true)] {
        let outcome = tool("s3list").sandbox(sandbox).args(["-q", "--json"]).args(flags).run();
        // One of the sources cannot be listed, and says so.
        outcome.code(3);
        assert_eq!(listed(&outcome), expected(sandbox, with_empty), "{flags:?}");
        let report = report(&outcome);
        let failed: Vec<&str> = report["sources"]
            .as_array()
            .expect("sources")
            .iter()
            .filter(|source| source["status"] == "failed")
            .filter_map(|source| source["source_label"].as_str())
            .collect();
        assert_eq!(failed, ["Acme Subsidiary"]);
        assert_eq!(report["summary"]["sources_failed"], 1);
    }
}

#[test]
fn objects_belong_to_whom_the_log_processor_gives_them() {
    let outcome = tool("s3list").sandbox(Sandbox::shared()).args(["-q", "--json"]).run();
    let rows = csv_rows(&outcome.stdout);
    let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows.iter().filter(|row| row["bucket"] == "acme-cloudtrail-444455556666") {
        let owner = match row["key"].as_str() {
            key if key.contains("/CloudTrail-Digest/") => "",
            key if key.contains("/CloudTrail/us-east-1/") => "Acme CloudTrail Virginia",
            _ => "Acme CloudTrail",
        };
        assert_eq!(row["source_label"], owner, "{row:?}");
        assert_eq!(row["source_id"] == "unmatched", owner.is_empty(), "{row:?}");
        assert_eq!(row["log_types"], if owner.is_empty() { "" } else { "AWS.CloudTrail" });
        *owners.entry(owner).or_default() += 1;
    }
    assert_eq!(owners.len(), 3, "each of them has objects: {owners:?}");
    let flow = rows.iter().find(|row| row["bucket"] == "acme-vpc-flow-logs").expect("an object");
    assert_eq!((flow["region"].as_str(), flow["source_type"].as_str()), ("eu-west-1", "aws-s3"));
}

#[test]
fn the_summary_adds_up() {
    let outcome = tool("s3list").sandbox(Sandbox::shared()).args(["-q", "--json"]).run();
    let report = report(&outcome);
    let sum = |table: &str, name: &str| {
        let lines = report[table].as_array().expect("lines").iter();
        lines.map(|line| line[name].as_u64().expect("a number")).sum::<u64>()
    };
    let rows = csv_rows(&outcome.stdout);
    for table in ["sources", "storage_classes"] {
        assert_eq!(sum(table, "objects"), rows.len() as u64, "{table}");
        assert_eq!(sum(table, "bytes"), summary(&outcome, "bytes"), "{table}");
    }
    let classes = report["storage_classes"].as_array().expect("lines").iter();
    let archived: Vec<_> = classes.filter(|line| line["storage_class"] == "GLACIER").collect();
    assert_eq!(archived.len(), 1);
    assert_eq!(archived[0]["source_label"], "Acme Applications");
    assert_eq!(archived[0]["objects"], 3);
    for line in report["sources"].as_array().expect("lines").iter().filter(|line| line["objects"] != 0) {
        // As times: text with and without fractions of a second has another order.
        let [oldest, newest] = ["oldest", "newest"].map(|name| line[name].as_str().expect("a time"));
        let time = |text: &str| text.parse::<jiff::Timestamp>().expect("a time");
        assert!(time(oldest) <= time(newest), "{line}");
    }
}

#[test]
fn overlapping_sources_are_listed_once_by_whoever_can() {
    let scene = Scene::with(["a/1", "a/b/2", "a/b/c/3", "a/d/4", "e/5"]);
    let none = "arn:aws:iam::111111111111:role/nobody";
    // Without roles of its own, everything is listed with the operator's credentials.
    let sources = scene.sources(&[
        ("outer", none, &["a/"]),
        ("inner", none, &["a/b/", "a/b/c/"]),
        ("other", none, &["a/d/", "a/"]),
    ]);
    let flags = ["--sources-file", &sources];
    let outcome = scene.tool().args(flags).args(["--no-assume"]).run();
    outcome.code(0);
    assert_eq!(column(&outcome, "key"), set(["a/1", "a/b/2", "a/b/c/3", "a/d/4"]));
    let owners: BTreeMap<String, String> =
        csv_rows(&outcome.stdout).into_iter().map(|row| (row["key"].clone(), row["source_id"].clone())).collect();
    assert_eq!(
        [&owners["a/1"], &owners["a/b/2"], &owners["a/b/c/3"], &owners["a/d/4"]],
        ["outer", "inner", "inner", "other"]
    );
    let only = scene.tool().args(flags).args(["--no-assume", "--source-id", "outer"]).run();
    only.code(0);
    assert_eq!(column(&only, "key"), set(["a/1"]), "what belongs to others is left out");
    assert_eq!(summary(&only, "of_other_sources"), 3);
}
