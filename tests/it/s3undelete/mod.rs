//! `s3undelete`: judged by what a reader of each key gets before and after, and by what was never asked to be deleted.
//!
//! Histories come from a bucket of the tests' own, in which any can be written down; the main path also runs on the local
//! deployment.

mod bad_input;
mod bucket;
mod faults;
mod files;
mod histories;
mod on_the_sandbox;
mod resuming;
mod undoing;

use std::path::PathBuf;

use bucket::{Bucket, Keys, NAME, data, marker};

use crate::support::{FaultProxy, Home, Outcome, Tool, tool};

/// A bucket and a home of one test.
pub struct Scene {
    pub bucket: Bucket,
    pub home: Home,
}

impl Scene {
    pub fn with(keys: Keys, page: usize) -> Self {
        Self { bucket: Bucket::with(keys, page), home: Home::new() }
    }

    /// So many deleted keys `p/0000` and so on, each with so many markers above its data.
    pub fn deleted(count: usize, markers: usize) -> Self {
        Self::with(deleted(count, markers), 1_000)
    }

    pub fn journal(&self) -> PathBuf {
        self.home.path().join("j.jsonl")
    }

    /// The tool against this bucket.
    pub fn tool(&self) -> Tool {
        at(&self.home, &self.bucket.url())
    }

    /// The tool for everything below `p/`, with the bucket's name as confirmation and a journal of this scene.
    pub fn undelete(&self) -> Tool {
        self.confirmed(self.tool())
    }

    /// The same with a proxy before the bucket.
    pub fn behind(&self, proxy: &FaultProxy) -> Tool {
        self.confirmed(at(&self.home, &proxy.url()))
    }

    pub fn proxy(&self) -> FaultProxy {
        FaultProxy::before(&self.bucket.url())
    }

    fn confirmed(&self, tool: Tool) -> Tool {
        let journal = self.journal().display().to_string();
        let path = format!("s3://{NAME}/p/");
        tool.args(["--s3path", &path, "--confirm", NAME, "--journal", &journal, "--json"])
    }

    /// The way back.
    pub fn undo(&self) -> Outcome {
        self.undo_with(&[])
    }

    pub fn undo_with(&self, line: &[&str]) -> Outcome {
        let journal = self.journal().display().to_string();
        self.tool().args(["--undo", &journal, "--confirm", NAME, "--json"]).args(line).run()
    }

    /// Nothing with data in it was deleted, and nothing without its version id.
    #[track_caller]
    pub fn assert_harmless(&self) {
        let state = self.bucket.state();
        assert!(state.lost.is_empty(), "data was deleted: {:?}", state.lost);
        assert!(state.plain_deletes.is_empty(), "deleted without a version id: {:?}", state.plain_deletes);
    }

    /// Every key shows its data.
    #[track_caller]
    pub fn assert_all_back(&self) {
        self.assert_harmless();
        let hidden: Vec<_> = self.bucket.shown().into_iter().filter(|(_, shown)| shown.is_none()).collect();
        assert!(hidden.is_empty(), "still deleted: {hidden:?}");
    }

    pub fn count_back(&self) -> usize {
        self.bucket.shown().into_values().flatten().count()
    }
}

pub fn deleted(count: usize, markers: usize) -> Keys {
    let one = |number: usize| {
        let key = format!("p/{number:04}");
        let mut entries: Vec<_> =
            (0..markers).rev().map(|place| marker(&format!("m{number}-{place}"), 100 + place as i64)).collect();
        entries.push(data(&format!("v{number}"), 10));
        (key, entries)
    };
    (0..count).map(one).collect()
}

/// The tool with every service at this address.
fn at(home: &Home, url: &str) -> Tool {
    let tool = tool("s3undelete").home(home).args(["--endpoint-url", url]);
    tool.env("AWS_REGION", "eu-central-1").env("AWS_ACCESS_KEY_ID", "x").env("AWS_SECRET_ACCESS_KEY", "x")
}

/// A number of the report's summary.
pub fn summary(outcome: &Outcome, name: &str) -> u64 {
    outcome.stdout_json()["summary"][name].as_u64().unwrap_or_default()
}
