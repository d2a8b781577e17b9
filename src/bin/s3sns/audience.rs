//! Who is told: the topic with its subscribers, or one queue alone.

use opstools::aws::Session;
use opstools::aws::sns::{Sns, Subscription, TopicAttributes, TopicRef};
use opstools::aws::sqs::{QueueAttributes, QueueRef};
use opstools::error::{Failure, Kind};
use opstools::panther::{INPUT_QUEUE, RULES_QUEUE};
use opstools::replay::{QueueLine, TopicLine};

use crate::line::Line;

/// Whom the operator named.
#[derive(Clone, Debug)]
pub enum Named {
    /// The topic.
    Topic(TopicRef),
    /// One queue.
    Queue(QueueRef),
}

/// Who is told.
pub enum Audience {
    /// Whoever is subscribed to a topic.
    Topic {
        /// The topic.
        line: TopicLine,
        /// Its subscribers, or why they are not known.
        subscribers: Result<Vec<Subscription>, String>,
        /// Why its attributes are not known.
        unseen: Option<String>,
    },
    /// One queue.
    Queue {
        /// The queue.
        line: QueueLine,
        /// What SQS says of it.
        attributes: QueueAttributes,
    },
}

impl Audience {
    /// Finds topic or queue; `account` is the one that it must belong to.
    ///
    /// # Errors
    /// It does not exist, is of another account, or keeps order.
    pub async fn find(named: &Named, account: Option<&str>, session: &Session) -> Result<Self, Failure> {
        match named {
            Named::Queue(reference) => {
                let (line, attributes) = QueueLine::find(session, reference, account).await?;
                if line.queue.name == INPUT_QUEUE {
                    return Err(reads_raw_logs());
                }
                Ok(Self::Queue { line, attributes })
            }
            Named::Topic(reference) => topic(reference, account, session).await,
        }
    }

    /// Through what messages are sent.
    pub fn line(&self) -> Line {
        match self {
            Self::Topic { line, .. } => Line::Topic(line.clone()),
            Self::Queue { line, .. } => Line::Queue(line.clone()),
        }
    }

    /// The session of its region.
    pub const fn session(&self) -> &Session {
        match self {
            Self::Topic { line, .. } => line.sns.session(),
            Self::Queue { line, .. } => line.sqs.session(),
        }
    }

    /// Its ARN.
    pub fn arn(&self) -> &str {
        match self {
            Self::Topic { line, .. } => &line.topic.arn,
            Self::Queue { attributes, .. } => &attributes.arn,
        }
    }

    /// The account that owns it.
    pub fn account(&self) -> &str {
        self.arn().split(':').nth(4).unwrap_or_default()
    }

    /// Whether it is the rules engine alone.
    pub fn is_rules_engine(&self) -> bool {
        matches!(self, Self::Queue { line, .. } if line.queue.name.starts_with(RULES_QUEUE))
    }
}

/// Its consumer understands nothing of what this tool sends: each message would end in the dead-letter queue.
fn reads_raw_logs() -> Failure {
    Failure::failed(format!("cannot tell queue `{INPUT_QUEUE}` of processed data"))
        .because("its consumer reads notifications of raw logs, which are written in another way")
        .hint("s3queue tells it of raw logs; for processed data there is `--direct-queue panther-datacatalog-updater-queue`")
}

async fn topic(reference: &TopicRef, account: Option<&str>, session: &Session) -> Result<Audience, Failure> {
    let session = reference.region().map_or_else(|| session.clone(), |region| session.in_region(region));
    let topic = reference.resolve(account, &session)?;
    if topic.is_fifo() {
        return Err(Failure::failed(format!("cannot publish to topic `{}`", topic.name))
            .because("it is a FIFO topic, and Panther's is a standard one")
            .hint("without `--topic` Panther's own topic is used"));
    }
    let sns = Sns::new(&session);
    // Who may publish may not be allowed to look: the plan then says less, and publishing works all the same.
    let (attributes, unseen) = match sns.attributes(&topic).await {
        Ok(attributes) => (attributes, None),
        Err(failure) if failure.kind == Kind::NotAllowed => (TopicAttributes::default(), Some(failure.summary())),
        Err(failure) => return Err(failure),
    };
    let subscribers = sns.subscriptions(&topic).await.map_err(|failure| failure.summary());
    let line = TopicLine { sns, topic, message_bytes: attributes.message_bytes };
    Ok(Audience::Topic { line, subscribers, unseen })
}
