//! `s3list` against the local deployment, and against a bucket of a test's own where the emulator cannot hold its keys: what
//! it writes is compared with plain listings, object by object.

mod attribution;
mod formats;
mod interruptions;
mod inventories;
mod keys;
mod lake;
mod outputs;
mod refusals;
mod selection;
mod trouble;
mod versions;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::{Home, Outcome, Sandbox, Tool, tool};

/// A bucket of one test.
pub struct Scene {
    pub sandbox: &'static Sandbox,
    pub home: Home,
    pub bucket: String,
}

impl Scene {
    /// A bucket without objects.
    pub fn new() -> Self {
        let sandbox = Sandbox::shared();
        let bucket = sandbox.name("bucket");
        sandbox.s3().create(&bucket);
        Self { sandbox, home: Home::new(), bucket }
    }

    /// With these objects, each of five bytes.
    pub fn with<K: Into<String>>(keys: impl IntoIterator<Item = K>) -> Self {
        let scene = Self::new();
        scene.put(keys);
        scene
    }

    pub fn put<K: Into<String>>(&self, keys: impl IntoIterator<Item = K>) {
        self.sandbox.s3().put(&self.bucket, keys.into_iter().map(|key| (key.into(), "line\n")));
    }

    pub fn path(&self, prefix: &str) -> String {
        format!("s3://{}/{prefix}", self.bucket)
    }

    /// The tool in this scene's home; what it says is its report alone.
    pub fn tool(&self) -> Tool {
        tool("s3list").sandbox(self.sandbox).home(&self.home).args(["-q", "--json"])
    }

    /// A file of sources, of which each reads prefixes of this scene's bucket by a role.
    pub fn sources(&self, sources: &[(&str, &str, &[&str])]) -> String {
        let sources: Vec<Value> =
            sources.iter().map(|(label, role, prefixes)| source(label, &self.bucket, role, prefixes)).collect();
        self.home.write("sources.json", json!(sources).to_string()).display().to_string()
    }
}

/// A source as the deployment's function tells it; without prefixes, the whole bucket. Its id is its label.
pub fn source(label: &str, bucket: &str, role: &str, prefixes: &[&str]) -> Value {
    let entries: Vec<Value> = prefixes.iter().map(|prefix| json!({ "prefix": prefix, "logTypes": [label] })).collect();
    json!({
        "integrationId": label, "integrationLabel": label, "integrationType": "aws-s3", "awsAccountId": "444455556666",
        "s3Bucket": bucket, "logProcessingRole": role, "s3PrefixLogTypes": entries,
    })
}

/// The report, which is all that a quiet run says.
#[track_caller]
pub fn report(outcome: &Outcome) -> Value {
    // An error line may follow the report.
    let mut documents = serde_json::Deserializer::from_slice(&outcome.stderr).into_iter();
    documents.next().and_then(Result::ok).unwrap_or_else(|| panic!("no report in stderr\n{outcome}"))
}

/// A number of the report's summary.
#[track_caller]
pub fn summary(outcome: &Outcome, name: &str) -> u64 {
    report(outcome)["summary"][name].as_u64().unwrap_or_default()
}

/// Rows of CSV by the names of their columns.
pub fn csv_rows(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(bytes);
    let names: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    let row = |record: csv::StringRecord| names.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.expect("a row"))).collect()
}

/// One column of CSV; each value once, and none twice.
#[track_caller]
pub fn column(outcome: &Outcome, name: &str) -> BTreeSet<String> {
    let values: Vec<String> = csv_rows(&outcome.stdout).into_iter().map(|row| row[name].clone()).collect();
    let set: BTreeSet<String> = values.iter().cloned().collect();
    assert_eq!(set.len(), values.len(), "nothing is listed twice\n{outcome}");
    set
}

/// These texts as a set.
pub fn set<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> BTreeSet<String> {
    texts.into_iter().map(Into::into).collect()
}
