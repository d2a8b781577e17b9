//! Where in a document something stands: `fields[3].element.type`.

use std::fmt;

/// A path that grows and shrinks with a walk.
#[derive(Clone, Debug, Default)]
pub(super) struct Path {
    text: String,
    /// Lengths before each step.
    steps: Vec<usize>,
}

impl Path {
    pub fn key(&mut self, key: &str) {
        self.steps.push(self.text.len());
        if !self.text.is_empty() {
            self.text.push('.');
        }
        self.text.push_str(key);
    }

    pub fn index(&mut self, index: usize) {
        self.steps.push(self.text.len());
        self.text.push_str(&format!("[{index}]"));
    }

    pub fn pop(&mut self) {
        if let Some(length) = self.steps.pop() {
            self.text.truncate(length);
        }
    }

    /// The nearest key, that of the list in which an element stands.
    pub fn last_key(&self) -> &str {
        let last = self.text.rsplit('.').next().unwrap_or_default();
        last.split('[').next().unwrap_or_default()
    }
}

impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}
