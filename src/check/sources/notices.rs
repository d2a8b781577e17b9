//! Whether word of new objects arrives: the bucket notifies a topic, the input queue is subscribed to it and takes its messages.

use serde_json::Value;

use super::roles::applies;
use super::{Validator, grouped, own_refused, refused, remedy};
use crate::aws::bucket::{self, Notification};
use crate::aws::sqs::{QueueRef, Sqs};
use crate::aws::{Session, topics};
use crate::check::denied::Cause;
use crate::check::{Finding, Status};
use crate::error::ServiceError;
use crate::panther::sources::kinds;
use crate::panther::{Deployment, INPUT_QUEUE, MANAGED_TOPIC, Source};

/// What the statements begin with that let the topics of an account send to the input queue.
const STATEMENT: &str = "PantherSubscriptionSID-";

/// The event of every new object, however it was made.
const CREATED: &str = "s3:ObjectCreated:*";

/// Checks whom a bucket notifies, for each source that reads it. The session is that of the role, in the bucket's region.
pub(super) async fn check(validator: &Validator, role: &str, session: &Session, bucket: &str, sources: &[&Source]) {
    if !validator.wants(&["notifications"]) {
        return;
    }
    let owner = sources.iter().find_map(|source| source.account.as_deref());
    match validator.gate.ask(bucket::notifications(session, bucket, owner)).await {
        Ok(entries) => {
            for source in sources {
                let topic = managed_topic(&validator.deployment, &session.region, source);
                validator.found(notified(bucket, source, topic.as_deref(), &entries));
            }
        }
        Err(error) => {
            for source in sources {
                validator.found(not_seen(role, bucket, source, &error));
            }
        }
    }
}

/// The topic that Panther made for the bucket of a source whose notifications it manages.
pub(super) fn managed_topic(deployment: &Deployment, region: &str, source: &Source) -> Option<String> {
    let account = source.account.as_deref().filter(|_| source.managed_notifications)?;
    Some(format!("arn:{}:sns:{region}:{account}:{MANAGED_TOPIC}", deployment.partition))
}

fn notified(bucket: &str, source: &Source, topic: Option<&str>, entries: &[Notification]) -> Finding {
    let missing: Vec<&str> = source
        .prefixes
        .iter()
        .map(|entry| entry.prefix.as_str())
        .filter(|prefix| !entries.iter().any(|entry| covers(entry, topic, prefix)))
        .collect();
    let finding = |status, message: String| {
        Finding::new("notifications", status, format!("s3://{bucket}/"), message).of([source])
    };
    if missing.is_empty() {
        return finding(Status::Ok, "new objects of every prefix are notified".to_owned());
    }
    let missing = missing.iter().map(|prefix| format!("s3://{bucket}/{prefix}")).collect::<Vec<_>>().join(", ");
    match topic {
        Some(topic) => {
            let others: Vec<&str> =
                entries.iter().map(|entry| entry.target.as_str()).filter(|target| *target != topic).collect();
            let instead =
                if others.is_empty() { String::new() } else { format!("; it notifies {}", others.join(", ")) };
            finding(Status::Fail, format!("the bucket does not notify {topic} of new objects in {missing}{instead}")).remedy(
                "save the source again in Panther, which sets its notifications anew; what was missed meanwhile can be sent again \
                 with `s3queue`",
            )
        }
        None => finding(Status::Warn, format!("the bucket notifies nobody of new objects in {missing}")).remedy(
            "unless CloudTrail itself notifies, add a notification of s3:ObjectCreated:* to the topic of the source",
        ),
    }
}

/// Whether an entry tells of every new object below a prefix. Without a filter it tells of the whole bucket. With a topic,
/// only what goes there counts.
fn covers(entry: &Notification, topic: Option<&str>, prefix: &str) -> bool {
    let event_bridge = entry.target.is_empty();
    let wanted = topic.is_none_or(|topic| entry.target == topic);
    let created = event_bridge || entry.events.iter().any(|event| event == CREATED);
    wanted && created && entry.suffix.is_empty() && prefix.starts_with(&entry.prefix)
}

/// Only the roles of sources whose notifications Panther manages may look at them.
fn not_seen(role: &str, bucket: &str, source: &Source, error: &ServiceError) -> Finding {
    let finding = refused("notifications", &format!("s3://{bucket}/"), error).of([source]);
    let policy = matches!(finding.cause, Some(cause) if !matches!(cause, Cause::Credentials | Cause::Region));
    if policy && !source.managed_notifications {
        let message =
            format!("{}; the role of a source whose notifications are its owner's need not see them", finding.message);
        return Finding { status: Status::Skip, message, ..finding };
    }
    let resource = format!("arn:aws:s3:::{bucket}");
    let refusal = remedy::Refusal {
        action: "s3:GetBucketNotification",
        resource: &resource,
        role,
        stack: source.stack.as_deref(),
        caller: None,
    };
    let remedy = remedy::for_finding(&finding, &refusal);
    Finding { remedy, ..finding }
}

/// Checks once per topic that the input queue is subscribed. `places` are buckets' regions with the sources there.
pub(super) async fn subscriptions(validator: &Validator, session: &Session, places: &[(String, Vec<&Source>)]) {
    if !validator.wants(&["topic-subscription"]) {
        return;
    }
    let managed = places.iter().flat_map(|(region, sources)| {
        let managed = sources.iter().copied().filter(|source| applies("topic-subscription", source));
        managed.filter_map(|source| Some((managed_topic(&validator.deployment, region, source)?, source)))
    });
    let mut by_topic: std::collections::BTreeMap<String, Vec<&Source>> = std::collections::BTreeMap::new();
    for (topic, source) in managed {
        by_topic.entry(topic).or_default().push(source);
    }
    for (topic, sources) in by_topic {
        let finding = subscribed(validator, session, &topic).await;
        validator.found(finding.of(sources));
    }
}

async fn subscribed(validator: &Validator, session: &Session, topic: &str) -> Finding {
    let finding = |status, message: String| Finding::new("topic-subscription", status, topic, message);
    let Some(queue) = validator.deployment.queue_arn(INPUT_QUEUE) else {
        return finding(Status::Unknown, "the account of the deployment is not known".to_owned());
    };
    let subscribe = format!("subscribe {queue} to the topic: saving the source again in Panther does so");
    match validator.gate.ask(topics::subscriptions(session, topic)).await {
        Ok(all) => match all.iter().find(|one| one.protocol == "sqs" && one.endpoint == queue) {
            Some(one) if !one.pending => finding(Status::Ok, "the input queue is subscribed".to_owned()),
            Some(_) => finding(Status::Fail, "the subscription of the input queue is not confirmed".to_owned()).remedy(
                "the confirmation did not reach the queue, or was refused: look at the queue's policy, and subscribe it again",
            ),
            None => finding(Status::Fail, format!("{queue} is not subscribed")).remedy(subscribe),
        },
        Err(error) if error.code == "NotFound" || error.code == "NotFoundException" => {
            refused("topic-subscription", topic, &error).remedy(subscribe)
        }
        Err(error) => refused("topic-subscription", topic, &error).remedy(
            "the role of a source with managed notifications needs sns:* on this topic: update the source's stack",
        ),
    }
}

/// Checks once per account that the input queue takes messages from its topics; asked with the operator's own identity.
pub(super) async fn queue_policy(validator: &Validator, chosen: &[&Source]) {
    let s3 = chosen.iter().copied().filter(|source| source.kind == kinds::S3);
    let accounts = grouped(s3, |source| source.account.clone());
    if accounts.is_empty() || !validator.wants(&["queue-policy"]) {
        return;
    }
    let sqs = Sqs::new(&validator.session);
    let asked = validator.gate.ask(async {
        let queue = sqs.find(&QueueRef::Name(INPUT_QUEUE.to_owned()), None).await?;
        sqs.attributes(&queue).await
    });
    match asked.await {
        Ok(attributes) => {
            for (account, sources) in accounts {
                let finding = admitted(attributes.policy.as_ref(), &account);
                validator.found(finding.of(sources));
            }
        }
        Err(failure) => {
            let sources = accounts.into_values().flatten();
            validator.found(own_refused("queue-policy", INPUT_QUEUE, &failure).of(sources));
        }
    }
}

fn admitted(policy: Option<&Value>, account: &str) -> Finding {
    let name = format!("{STATEMENT}{account}");
    let statements = policy.map(|policy| &policy["Statement"]);
    let statements = match statements {
        Some(Value::Array(list)) => list.iter().collect(),
        Some(one @ Value::Object(_)) => vec![one],
        _ => Vec::new(),
    };
    let statement = statements.into_iter().find(|statement| statement["Sid"] == name.as_str());
    let why = match statement {
        None => format!("its policy has no statement `{name}`"),
        Some(statement) if statement["Effect"] != "Allow" => format!("its statement `{name}` does not allow"),
        Some(statement) if !speaks_of(&statement["Condition"], account) => {
            format!("its statement `{name}` is not about topics of account {account}")
        }
        Some(_) => {
            let message = format!("its policy lets the topics of account {account} send");
            return Finding::new("queue-policy", Status::Ok, INPUT_QUEUE, message);
        }
    };
    Finding::new(
        "queue-policy",
        Status::Fail,
        INPUT_QUEUE,
        format!("{why}: notifications of that account never arrive"),
    )
    .remedy("save a source of that account again in Panther, which adds the statement")
}

/// Whether some value of a condition names topics of the account.
fn speaks_of(condition: &Value, account: &str) -> bool {
    match condition {
        Value::String(text) => text.contains(":sns:") && text.split(':').any(|part| part == account),
        Value::Array(list) => list.iter().any(|value| speaks_of(value, account)),
        Value::Object(object) => object.values().any(|value| speaks_of(value, account)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TOPIC: &str = "arn:aws:sns:eu-central-1:444455556666:panther-notifications-topic";

    fn entry(target: &str, event: &str, prefix: &str, suffix: &str) -> Notification {
        Notification {
            target: target.to_owned(),
            events: vec![event.to_owned()],
            prefix: prefix.to_owned(),
            suffix: suffix.to_owned(),
        }
    }

    #[test]
    fn what_an_entry_covers() {
        let table = [
            (entry(TOPIC, CREATED, "", ""), true, true),
            (entry(TOPIC, CREATED, "logs/", ""), true, true),
            (entry(TOPIC, CREATED, "logs/x/", ""), false, false),
            (entry(TOPIC, "s3:ObjectCreated:Put", "", ""), false, false),
            (entry(TOPIC, "s3:ObjectRemoved:*", "", ""), false, false),
            (entry(TOPIC, CREATED, "", ".gz"), false, false),
            (entry("arn:aws:sqs:x:1:other", CREATED, "", ""), false, true),
            (Notification::default(), false, true),
        ];
        for (entry, managed, own) in table {
            assert_eq!(covers(&entry, Some(TOPIC), "logs/"), managed, "{entry:?}");
            assert_eq!(covers(&entry, None, "logs/"), own, "{entry:?}");
        }
    }

    #[test]
    fn a_managed_source_without_its_notification_is_broken_and_one_of_others_is_a_warning() {
        let mut source =
            Source::from_json(&json!({ "integrationType": "aws-s3", "awsAccountId": "444455556666", "s3Bucket": "b",
            "managedBucketNotifications": true, "s3PrefixLogTypes": [{ "prefix": "a/" }, { "prefix": "b/" }] }));
        let half = [entry(TOPIC, CREATED, "a/", "")];
        let found = notified("b", &source, Some(TOPIC), &half);
        assert_eq!(found.status, Status::Fail);
        assert!(found.message.contains("s3://b/b/") && !found.message.contains("s3://b/a/"), "{}", found.message);
        let strange = notified("b", &source, Some(TOPIC), &[entry("arn:other", CREATED, "", "")]);
        assert!(strange.message.contains("it notifies arn:other"), "{}", strange.message);
        source.managed_notifications = false;
        assert_eq!(notified("b", &source, None, &half).status, Status::Warn);
    }

    #[test]
    fn the_statement_of_an_account() {
        let policy = |sid: &str, effect: &str, arn: &str| json!({ "Statement": [{ "Sid": sid, "Effect": effect, "Condition": { "ArnLike": { "aws:SourceArn": arn } } }] });
        let sid = "PantherSubscriptionSID-444455556666";
        let table = [
            (Some(policy(sid, "Allow", "arn:aws:sns:*:444455556666:*")), Status::Ok),
            (Some(policy(sid, "Deny", "arn:aws:sns:*:444455556666:*")), Status::Fail),
            (Some(policy(sid, "Allow", "arn:aws:sns:*:777788889999:*")), Status::Fail),
            (Some(policy("Other", "Allow", "arn:aws:sns:*:444455556666:*")), Status::Fail),
            (
                Some(json!({ "Statement": policy(sid, "Allow", "arn:aws:sns:*:444455556666:*")["Statement"][0] })),
                Status::Ok,
            ),
            (Some(json!({})), Status::Fail),
            (None, Status::Fail),
        ];
        for (policy, expected) in table {
            assert_eq!(admitted(policy.as_ref(), "444455556666").status, expected, "{policy:?}");
        }
    }
}
