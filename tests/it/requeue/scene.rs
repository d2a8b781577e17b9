//! Two queues, a fault proxy before them, and a home folder that commands share.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::{FaultProxy, Home, Message, Outcome, Queues, Sandbox, Tool, tool};

/// A queue with its dead-letter queue, and everything that may break between them.
pub struct Scene {
    /// The deployment.
    pub sandbox: &'static Sandbox,
    /// Before SQS.
    pub proxy: FaultProxy,
    /// Of all commands of this test.
    pub home: Home,
    /// The target's name.
    pub to: String,
    /// The source's name.
    pub from: String,
    /// The target's URL.
    pub to_url: String,
    /// The source's URL.
    pub from_url: String,
}

impl Scene {
    /// Two empty queues.
    pub fn new() -> Self {
        let sandbox = Sandbox::shared();
        let to = sandbox.name("q");
        let (to_url, from_url) = sandbox.sqs().create_with_dlq(&to, 3);
        let from = format!("{to}-dlq");
        Self::of(sandbox, to, from, to_url, from_url)
    }

    /// Two empty FIFO queues.
    pub fn fifo() -> Self {
        let sandbox = Sandbox::shared();
        let name = sandbox.name("q");
        let to_url = sandbox.sqs().create_fifo(&name);
        let from_url = sandbox.sqs().create_fifo(&format!("{name}-dlq"));
        Self::of(sandbox, format!("{name}.fifo"), format!("{name}-dlq.fifo"), to_url, from_url)
    }

    fn of(sandbox: &'static Sandbox, to: String, from: String, to_url: String, from_url: String) -> Self {
        let proxy = FaultProxy::before(&sandbox.endpoint("sqs"));
        Self { sandbox, proxy, home: Home::new(), to, from, to_url, from_url }
    }

    /// Two queues, the source holding so many numbered messages.
    pub fn with(messages: usize) -> Self {
        let scene = Self::new();
        scene.sqs().send_numbered(&scene.from_url, messages);
        scene
    }

    /// Verbs for queues, past the proxy.
    pub fn sqs(&self) -> Queues {
        self.sandbox.sqs()
    }

    /// The tool, pointed at the deployment through the proxy.
    pub fn tool(&self) -> Tool {
        tool("requeue").sandbox(self.sandbox).env("AWS_ENDPOINT_URL_SQS", self.proxy.url()).home(&self.home)
    }

    /// `requeue --from.q .. --to.q .. --json` with short waits, and these flags.
    pub fn moving(&self, flags: &[&str]) -> Tool {
        self.tool()
            .args(["--from.q", &self.from, "--to.q", &self.to, "--json", "--wait", "1s", "--visibility", "3s"])
            .args(flags)
    }

    /// What is in both queues now, by body; empties them.
    #[track_caller]
    pub fn drained(&self) -> Drained {
        let (at_target, at_source) = (self.sqs().drain(&self.to_url), self.sqs().drain(&self.from_url));
        Drained { at_target, at_source }
    }
}

/// What was found in both queues.
pub struct Drained {
    /// By body.
    pub at_target: BTreeMap<String, Vec<Message>>,
    /// By body.
    pub at_source: BTreeMap<String, Vec<Message>>,
}

impl Drained {
    /// Every numbered message is in one of the queues; copies beyond the first are at most as many as were counted.
    #[track_caller]
    pub fn nothing_lost(&self, messages: usize, duplicates_counted: u64) -> &Self {
        let mut copies = 0;
        for number in 0..messages {
            let body = format!("body-{number:05}");
            let count = |found: &BTreeMap<String, Vec<Message>>| found.get(&body).map_or(0, Vec::len);
            let found = count(&self.at_target) + count(&self.at_source);
            assert!(found > 0, "`{body}` is lost");
            copies += found as u64 - 1;
        }
        assert!(copies <= duplicates_counted, "{copies} copies, {duplicates_counted} were counted");
        self
    }

    /// Every numbered message is at the target, once, and nothing is left.
    #[track_caller]
    pub fn all_moved_once(&self, messages: usize) -> &Self {
        self.nothing_lost(messages, 0);
        assert_eq!((self.at_target.len(), self.at_source.len()), (messages, 0));
        self
    }
}

/// A number of the report's summary; missing is 0.
#[track_caller]
pub fn number(report: &Value, name: &str) -> u64 {
    report["summary"][name].as_u64().unwrap_or_default()
}

/// The report of a run with `--json`.
#[track_caller]
pub fn report(outcome: &Outcome) -> Value {
    outcome.stdout_json()
}
