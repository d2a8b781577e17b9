//! Through what this tool sends: Panther's topic, or one queue alone; which of them is known only from the command line.

use opstools::aws::{Outgoing, Sent, Session};
use opstools::error::Failure;
use opstools::replay::{self, QueueLine, TopicLine};
use opstools::run::{Remainder, Run};

/// Through what messages are sent.
#[derive(Clone, Debug)]
pub enum Line {
    /// A topic.
    Topic(TopicLine),
    /// A queue.
    Queue(QueueLine),
}

impl replay::Line for Line {
    fn name(&self) -> String {
        match self {
            Self::Topic(line) => line.name(),
            Self::Queue(line) => line.name(),
        }
    }

    fn message_bytes(&self) -> usize {
        match self {
            Self::Topic(line) => line.message_bytes,
            Self::Queue(line) => line.message_bytes,
        }
    }

    fn sends_by(&self) -> (&'static str, &'static str, &Session) {
        match self {
            Self::Topic(line) => line.sends_by(),
            Self::Queue(line) => line.sends_by(),
        }
    }

    async fn send<E: Send + Sync>(
        &self,
        entries: Vec<E>,
        outgoing: impl Fn(&E) -> &Outgoing + Send + Sync,
        run: &Run,
    ) -> (Remainder<E, Sent>, u64) {
        match self {
            Self::Topic(line) => line.send(entries, outgoing, run).await,
            Self::Queue(line) => line.send(entries, outgoing, run).await,
        }
    }

    async fn waiting(&self) -> Result<u64, Failure> {
        match self {
            Self::Topic(line) => line.waiting().await,
            Self::Queue(line) => line.waiting().await,
        }
    }
}
