//! Messages from a running tool to the operator, without a terminal: `app` prints them.

use tokio::sync::mpsc;

/// How urgent a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Only with `-v`.
    Detail,
    /// Normal conversation.
    Info,
    /// Something the operator should know of.
    Warning,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How urgent.
    pub level: Level,
    /// One line.
    pub text: String,
}

/// The sending side; clones share it.
#[derive(Clone, Debug)]
pub struct Notices {
    sender: mpsc::UnboundedSender<Notice>,
}

impl Notices {
    /// A channel for notices.
    #[must_use]
    pub fn channel() -> (Self, mpsc::UnboundedReceiver<Notice>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self { sender }, receiver)
    }

    fn send(&self, level: Level, text: impl Into<String>) {
        // Nobody listens any more only while the process ends.
        let _ = self.sender.send(Notice { level, text: text.into() });
    }

    /// A message shown with `-v`.
    pub fn detail(&self, text: impl Into<String>) {
        self.send(Level::Detail, text);
    }

    /// A message.
    pub fn info(&self, text: impl Into<String>) {
        self.send(Level::Info, text);
    }

    /// A warning.
    pub fn warning(&self, text: impl Into<String>) {
        self.send(Level::Warning, text);
    }
}
