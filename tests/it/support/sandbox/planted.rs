//! What `ci/sandbox seed --faults` made wrong, so that a test can say: each of these, and nothing else.

use serde::Deserialize;

use super::Sandbox;

/// What the seeding wrote into the deployment's folder.
const FILE: &str = "planted.json";

/// One thing that is wrong with one source, or with a pair of them.
#[derive(Clone, Debug, Deserialize)]
pub struct Planted {
    /// Its name, `key-disabled` for instance.
    pub fault: String,
    /// The rows it concerns.
    pub source_ids: Vec<String>,
    /// Their labels, in the same order.
    pub labels: Vec<String>,
    /// The check that finds it.
    pub check: String,
    /// What that check says: `FAIL` or `WARN`.
    pub status: String,
    /// The code of the service that refused, empty where none did.
    pub code: String,
    /// The cause that the refusal's text tells, empty where none was refused.
    pub cause: String,
    /// Checks of the same rows that fail because of it.
    pub also: Vec<String>,
    /// What is wrong, in words.
    pub planted: String,
}

#[derive(Deserialize)]
struct List {
    planted: Vec<Planted>,
}

impl Sandbox {
    /// Everything that is wrong with the sources of this deployment.
    pub fn planted(&self) -> Vec<Planted> {
        let path = self.folder().join(FILE);
        let text = std::fs::read(&path).unwrap_or_else(|error| panic!("`{}`: {error}", path.display()));
        let list: List = serde_json::from_slice(&text).unwrap_or_else(|error| panic!("`{}`: {error}", path.display()));
        list.planted
    }
}
