//! What became of a test: for a person, line by line, and for programs.

use opstools::schema::{Difference, TestCase};
use serde_json::{Value, json};

/// What became of one test.
pub struct Outcome {
    /// The file it stands in.
    pub file: String,
    /// The test.
    pub test: TestCase,
    /// Why there were no events to compare.
    pub error: Option<String>,
    /// In what they differ from those expected.
    pub differences: Vec<Difference>,
}

impl Outcome {
    /// It is as expected.
    pub const fn passed(&self) -> bool {
        self.error.is_none() && self.differences.is_empty()
    }

    /// Which test it is: `file:line name (log type)`.
    pub fn title(&self) -> String {
        let TestCase { name, log_type, line, .. } = &self.test;
        let name = if name.is_empty() { String::new() } else { format!(" {name}") };
        format!("{}:{line}{name} ({log_type})", self.file)
    }

    /// Everything that is not as expected, a line each.
    pub fn complaints(&self) -> Vec<String> {
        self.error.iter().cloned().chain(self.differences.iter().map(ToString::to_string)).collect()
    }

    /// For the report.
    pub fn document(&self) -> Value {
        let differences = self.differences.iter().map(|difference| {
            json!({
                "event": difference.event.map(|event| event + 1),
                "path": difference.path,
                "expected": difference.expected,
                "got": difference.got,
                "message": difference.to_string(),
            })
        });
        json!({
            "file": self.file,
            "line": self.test.line,
            "name": self.test.name,
            "log_type": self.test.log_type,
            "passed": self.passed(),
            "error": self.error,
            "differences": differences.collect::<Vec<_>>(),
        })
    }
}
