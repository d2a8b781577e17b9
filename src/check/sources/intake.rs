//! The queues of sources that others send to: there, and read by a function.

use super::{Validator, own_refused, refused};
use crate::aws::lambda::{self, Mapping};
use crate::aws::sqs::{Queue, QueueRef, Sqs};
use crate::check::{Finding, Status};
use crate::error::ServiceError;
use crate::panther::Source;
use crate::panther::sources::kinds;

/// The state of a mapping by which a function really reads.
const ENABLED: &str = "Enabled";

/// The function that is meant to read them.
const FORWARDER: &str = "panther-message-forwarder";

/// Checks the queue of each source that has one; asked with the operator's own identity.
pub(super) async fn check(validator: &Validator, chosen: &[&Source]) {
    if !validator.wants(&["queue"]) {
        return;
    }
    let queues = chosen.iter().copied().filter(|source| source.kind == kinds::SQS);
    let jobs = queues.map(|source| async move {
        validator.found(one(validator, source).await.of([source]));
    });
    futures::future::join_all(jobs.map(Box::pin)).await;
}

async fn one(validator: &Validator, source: &Source) -> Finding {
    let Some(queue) = &source.queue else {
        return Finding::new("queue", Status::Skip, "", "the list does not tell its queue");
    };
    let Some(url) = queue.url.as_deref() else {
        return Finding::new("queue", Status::Skip, "", "it has no queue yet: the first set-up makes it");
    };
    let finding = |status, message: String| Finding::new("queue", status, url, message);
    let Ok(reference) = QueueRef::parse(url) else {
        return finding(Status::Fail, "this is no URL of a queue".to_owned());
    };
    let session = match reference.region() {
        Some(region) => validator.session.in_region(region),
        None => validator.session.clone(),
    };
    let queue = Queue { url: url.to_owned(), name: reference.name().to_owned() };
    let sqs = Sqs::new(&session);
    let attributes = match validator.gate.ask(sqs.attributes(&queue)).await {
        Ok(attributes) => attributes,
        Err(failure) => {
            return own_refused("queue", url, &failure)
                .remedy("save the source again in Panther, which makes its queue");
        }
    };
    match validator.gate.ask(lambda::readers_of(&session, &attributes.arn)).await {
        Ok(readers) => read_by(url, &readers),
        Err(error) => not_known(url, &error),
    }
}

fn read_by(url: &str, readers: &[Mapping]) -> Finding {
    let finding = |status, message: String| Finding::new("queue", status, url, message);
    if let Some(reader) = readers.iter().find(|reader| reader.state == ENABLED) {
        return finding(Status::Ok, format!("`{}` reads it", reader.function));
    }
    match readers.first() {
        Some(reader) => {
            finding(Status::Fail, format!("`{}` does not read it: the mapping is {}", reader.function, reader.state))
                .remedy(format!("enable the event-source mapping of the queue to `{}`", reader.function))
        }
        None => finding(Status::Fail, "no function reads it".to_owned())
            .remedy(format!("map the queue to `{FORWARDER}` again: saving the source in Panther does so")),
    }
}

fn not_known(url: &str, error: &ServiceError) -> Finding {
    Finding { status: Status::Unknown, ..refused("queue", url, error) }
        .remedy("the queue is there; whether it is read can only be told with lambda:ListEventSourceMappings")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_must_be_read_by_an_enabled_mapping() {
        let mapping = |state: &str| Mapping { function: FORWARDER.to_owned(), state: state.to_owned() };
        assert_eq!(read_by("q", &[mapping("Disabled"), mapping("Enabled")]).status, Status::Ok);
        assert_eq!(read_by("q", &[mapping("Disabled")]).status, Status::Fail);
        assert_eq!(read_by("q", &[]).status, Status::Fail);
    }
}
