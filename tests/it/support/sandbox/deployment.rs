//! Which deployment: the one that the gate started for all tests (`OPSTOOLS_SANDBOX` names its folder), or one of
//! this process's own, which ends with it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Deserialize;

use super::{Objects, Queues, Topics};

/// Names the folder of a running deployment: what was given to `ci/sandbox up --state`.
const FOLDER_VARIABLE: &str = "OPSTOOLS_SANDBOX";

/// Names of buckets end at 63 characters; the rest of them is for the kind, the process and the count.
const TEST_NAME_LENGTH: usize = 24;

/// A running deployment.
pub struct Sandbox {
    folder: PathBuf,
    record: Record,
}

/// What `state.json` says, as far as tests need it.
#[derive(Deserialize)]
struct Record {
    endpoints: HashMap<String, String>,
    account: String,
    region: String,
    access_key: String,
    secret_key: String,
}

impl Sandbox {
    /// The deployment of this test run. It is shared: a test uses names of its own ([`Sandbox::name`]).
    pub fn shared() -> &'static Self {
        static SHARED: LazyLock<Sandbox> = LazyLock::new(|| match std::env::var_os(FOLDER_VARIABLE) {
            Some(folder) => Sandbox::in_folder(Path::new(&folder)),
            None => Sandbox::start(),
        });
        &SHARED
    }

    fn in_folder(folder: &Path) -> Self {
        let path = folder.join("state.json");
        let text = std::fs::read(&path).unwrap_or_else(|error| {
            panic!("`{}`: {error}; is a deployment up there (`ci/sandbox up --state`)?", path.display())
        });
        let record = serde_json::from_slice(&text).unwrap_or_else(|error| panic!("`{}`: {error}", path.display()));
        Self { folder: folder.to_owned(), record }
    }

    /// Starts a deployment that ends with this process, and fills it.
    fn start() -> Self {
        let pid = std::process::id().to_string();
        let folder = std::env::temp_dir().join(format!("opstools-sandbox-{pid}"));
        ci_sandbox(&folder, "up", &["--exit-with", &pid]);
        ci_sandbox(&folder, "seed", &["--size", "small"]);
        Self::in_folder(&folder)
    }

    /// Its folder, for `ci/sandbox ... --state`.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The URL of a service: `s3`, `sqs`, `sns`, `lambda`, `iam`, `sts`, `kms`, `dynamodb`.
    pub fn endpoint(&self, service: &str) -> String {
        let endpoint = self.record.endpoints.get(service);
        endpoint.unwrap_or_else(|| panic!("the deployment has no service `{service}`")).clone()
    }

    /// The id of the account that Panther runs in.
    pub fn account(&self) -> &str {
        &self.record.account
    }

    /// The region of everything.
    pub fn region(&self) -> &str {
        &self.record.region
    }

    /// The operator's access key id.
    pub fn access_key(&self) -> &str {
        &self.record.access_key
    }

    /// The operator's secret key.
    pub fn secret_key(&self) -> &str {
        &self.record.secret_key
    }

    /// The variables that point a tool here.
    pub fn env(&self) -> Vec<(String, String)> {
        let endpoints = self.record.endpoints.iter();
        let mut variables: Vec<_> = endpoints
            .map(|(service, url)| (format!("AWS_ENDPOINT_URL_{}", service.to_ascii_uppercase()), url.clone()))
            .collect();
        variables.extend([
            ("AWS_REGION".to_owned(), self.record.region.clone()),
            ("AWS_ACCESS_KEY_ID".to_owned(), self.record.access_key.clone()),
            ("AWS_SECRET_ACCESS_KEY".to_owned(), self.record.secret_key.clone()),
        ]);
        variables
    }

    /// A name that no other test uses, good for queues, topics and buckets: kind, test, process, count.
    pub fn name(&self, kind: &str) -> String {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        // Process ids return; a deployment that outlives many runs must not find an old name again.
        let chance = fastrand::u16(..);
        format!("{kind}-{}-{}-{count}-{chance:04x}", test_name(), std::process::id())
    }

    /// Verbs for queues.
    pub fn sqs(&self) -> Queues {
        Queues::of(self)
    }

    /// Verbs for topics.
    pub fn sns(&self) -> Topics {
        Topics::of(self)
    }

    /// Verbs for buckets.
    pub fn s3(&self) -> Objects {
        Objects::of(self)
    }
}

/// The name of the running test, as far as a bucket's name can hold it.
fn test_name() -> String {
    let thread = std::thread::current();
    // With one test per process, libtest may run it on the main thread; the runner then gives the name.
    let name = std::env::var("NEXTEST_TEST_NAME").ok().or_else(|| thread.name().map(str::to_owned));
    let name = name.unwrap_or_default();
    let last = name.rsplit("::").next().unwrap_or("test");
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }
    };
    let name: String = last.chars().map(plain).take(TEST_NAME_LENGTH).collect();
    name.trim_matches('-').to_owned()
}

fn ci_sandbox(folder: &Path, command: &str, flags: &[&str]) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("ci/sandbox");
    let mut process = Command::new(&script);
    process.arg(command).arg("--state").arg(folder).args(flags);
    let output = process.stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("`{}`: {error}", script.display()));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "`ci/sandbox {command}` failed with {}:\n{said}", output.status);
}
