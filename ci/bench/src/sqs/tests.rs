//! The server as its clients see it: calls in, answers out, time passing as told.

use std::{sync::Mutex, time::Duration};

use serde_json::{Value, json};
use tokio::time::{Instant, advance};

use super::{
    broker::{Broker, QueueSetup},
    fault::Fault,
    receive::receive,
};

const URL: &str = "http://127.0.0.1:1/123456789012/orders";

fn broker(setups: impl IntoIterator<Item = QueueSetup>) -> Mutex<Broker> {
    Mutex::new(Broker::with(setups.into_iter().collect()))
}

fn with_messages(count: usize) -> Mutex<Broker> {
    broker([QueueSetup::new("orders").filled(count)])
}

fn on<T>(broker: &Mutex<Broker>, call: impl FnOnce(&mut Broker) -> T) -> T {
    call(&mut broker.lock().expect("no test panics inside a call"))
}

async fn messages(broker: &Mutex<Broker>, more: Value) -> Vec<Value> {
    let mut body = json!({ "QueueUrl": URL, "MaxNumberOfMessages": 10 });
    for (name, value) in more.as_object().expect("parameters are an object") {
        body[name] = value.clone();
    }
    let mut answer = receive(broker, &body).await.expect("the queue can be read");
    answer["Messages"].as_array_mut().map(std::mem::take).unwrap_or_default()
}

fn counts(broker: &Mutex<Broker>) -> (usize, usize, usize) {
    on(broker, |broker| {
        let counts = broker.by_url(URL).expect("the queue exists").counts();
        (counts.visible, counts.in_flight, counts.delayed)
    })
}

fn delete(broker: &Mutex<Broker>, message: &Value) -> Result<bool, Fault> {
    let body = json!({ "QueueUrl": URL, "ReceiptHandle": message["ReceiptHandle"] });
    on(broker, |broker| broker.delete(&body)).map(|(_, deleted)| deleted)
}

#[tokio::test(start_paused = true)]
async fn a_received_message_is_hidden_until_its_time_runs_out() {
    let broker = with_messages(1);
    assert_eq!(messages(&broker, json!({ "VisibilityTimeout": 40 })).await.len(), 1);
    assert_eq!(counts(&broker), (0, 1, 0));
    advance(Duration::from_secs(39)).await;
    assert!(messages(&broker, json!({})).await.is_empty());
    advance(Duration::from_secs(1)).await;
    let again = messages(&broker, json!({ "AttributeNames": ["ApproximateReceiveCount"] })).await;
    assert_eq!(again[0]["Attributes"], json!({ "ApproximateReceiveCount": "2" }));
}

#[tokio::test(start_paused = true)]
async fn only_the_latest_receipt_deletes_and_repeating_is_no_error() {
    let broker = with_messages(1);
    let first = messages(&broker, json!({ "VisibilityTimeout": 1 })).await;
    advance(Duration::from_secs(2)).await;
    let second = messages(&broker, json!({})).await;
    assert_eq!(delete(&broker, &first[0]), Ok(false));
    assert_eq!(delete(&broker, &second[0]), Ok(true));
    assert_eq!(delete(&broker, &second[0]), Ok(false));
    assert_eq!(counts(&broker), (0, 0, 0));
    let odd = delete(&broker, &json!({ "ReceiptHandle": "no handle" })).expect_err("refused");
    assert_eq!(odd.code, "ReceiptHandleIsInvalid");
}

#[tokio::test(start_paused = true)]
async fn changing_visibility_prolongs_or_ends_it() {
    let broker = with_messages(1);
    let change = |message: &Value, seconds: u64| {
        let body = json!({ "QueueUrl": URL, "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": seconds });
        on(&broker, |broker| broker.change_visibility(&body))
    };
    let held = messages(&broker, json!({ "VisibilityTimeout": 10 })).await;
    change(&held[0], 60).expect("it is in flight");
    advance(Duration::from_secs(30)).await;
    assert_eq!(counts(&broker), (0, 1, 0));
    change(&held[0], 0).expect("it is in flight");
    assert_eq!(counts(&broker), (1, 0, 0));
    assert_eq!(change(&held[0], 5).expect_err("refused").code, "MessageNotInflight");
    assert_eq!(change(&held[0], 43_201).expect_err("refused").code, "InvalidParameterValue");
}

#[tokio::test(start_paused = true)]
async fn a_long_poll_waits_for_a_message_and_no_longer_than_asked() {
    let broker = with_messages(0);
    let started = Instant::now();
    assert!(messages(&broker, json!({ "WaitTimeSeconds": 20 })).await.is_empty());
    assert_eq!(started.elapsed().as_secs(), 20);

    let send = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        let body = json!({ "QueueUrl": URL, "MessageBody": "late" });
        on(&broker, |broker| broker.send(&body)).expect("sent")
    };
    let started = Instant::now();
    let (received, _) = tokio::join!(messages(&broker, json!({ "WaitTimeSeconds": 20 })), send);
    assert_eq!((received[0]["Body"].as_str(), started.elapsed().as_secs()), (Some("late"), 3));
}

#[tokio::test(start_paused = true)]
async fn a_delayed_message_comes_when_due_even_into_a_waiting_receive() {
    let broker = with_messages(0);
    let body = json!({ "QueueUrl": URL, "MessageBody": "later", "DelaySeconds": 5 });
    on(&broker, |broker| broker.send(&body)).expect("sent");
    assert_eq!(counts(&broker), (0, 0, 1));
    let started = Instant::now();
    assert_eq!(messages(&broker, json!({ "WaitTimeSeconds": 20 })).await.len(), 1);
    assert_eq!(started.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_message_received_too_often_goes_to_the_dead_letter_queue() {
    let orders = QueueSetup { dead_letters: Some(("orders-dlq".to_owned(), 2)), ..QueueSetup::new("orders").filled(1) };
    let broker = broker([orders, QueueSetup::new("orders-dlq")]);
    for _ in 0..2 {
        assert_eq!(messages(&broker, json!({ "VisibilityTimeout": 0 })).await.len(), 1);
    }
    assert!(messages(&broker, json!({})).await.is_empty());
    let dead = json!({ "QueueUrl": "x/orders-dlq", "MessageSystemAttributeNames": ["DeadLetterQueueSourceArn"] });
    let dead = receive(&broker, &dead).await.expect("the queue can be read");
    let source = &dead["Messages"][0]["Attributes"]["DeadLetterQueueSourceArn"];
    assert_eq!(source, "arn:aws:sqs:us-east-1:123456789012:orders");
    let sources = json!({ "QueueUrl": "x/orders-dlq" });
    let sources = on(&broker, |broker| broker.dead_letter_sources(&sources, "http://b")).expect("answered");
    assert_eq!(sources, json!({ "queueUrls": ["http://b/123456789012/orders"] }));
}

#[tokio::test]
async fn a_batch_answers_entry_by_entry_with_digests() {
    let broker = with_messages(0);
    let entry = |id: &str, body: &str| {
        json!({ "Id": id, "MessageBody": body, "MessageAttributes": {
        "timestamp": { "DataType": "Number", "StringValue": "1493147359900" } } })
    };
    let body = json!({ "QueueUrl": URL, "Entries": [entry("good", "This is a test message"), entry("bad", "\u{1}")] });
    let answer = on(&broker, |broker| broker.send_batch(&body)).expect("a partial answer");
    let sent = &answer["Successful"][0];
    assert_eq!(sent["Id"], "good");
    assert_eq!(sent["MD5OfMessageBody"], "fafb00f5732ab283681e124bf8747ed1");
    assert_eq!(sent["MD5OfMessageAttributes"], "235c5c510d26fb653d073faed50ae77c");
    let failed = &answer["Failed"][0];
    assert_eq!((&failed["Id"], &failed["Code"]), (&json!("bad"), &json!("InvalidMessageContents")));
    assert_eq!(failed["SenderFault"], true);

    let received = messages(&broker, json!({ "MessageAttributeNames": ["time.*"] })).await;
    assert_eq!(received[0]["MD5OfMessageAttributes"], "235c5c510d26fb653d073faed50ae77c");
    assert_eq!(received[0]["MessageAttributes"]["timestamp"]["DataType"], "Number");
}

#[tokio::test]
async fn attributes_are_answered_only_when_asked_for() {
    let broker = with_messages(1);
    let bare = messages(&broker, json!({ "VisibilityTimeout": 0 })).await;
    assert!(bare[0].get("Attributes").is_none() && bare[0].get("MessageAttributes").is_none());
    let one = messages(&broker, json!({ "MessageAttributeNames": ["id"], "AttributeNames": ["All"] })).await;
    assert_eq!(one[0]["MessageAttributes"], json!({ "id": { "DataType": "String", "StringValue": "AWS.CloudTrail" } }));
    assert!(one[0]["Attributes"]["SentTimestamp"].is_string());
}

#[test]
fn batches_sqs_would_refuse_whole_are_refused() {
    let attributes = vec![("MaximumMessageSize".to_owned(), "1024".to_owned())];
    let broker = broker([QueueSetup { attributes, ..QueueSetup::new("orders") }]);
    let entries = |ids: &[&str], length: usize| -> Vec<Value> {
        ids.iter().map(|id| json!({ "Id": id, "MessageBody": "x".repeat(length) })).collect()
    };
    let eleven: Vec<String> = (0..11).map(|number| number.to_string()).collect();
    let eleven: Vec<&str> = eleven.iter().map(String::as_str).collect();
    for (entries, code) in [
        (entries(&[], 1), "EmptyBatchRequest"),
        (entries(&eleven, 1), "TooManyEntriesInBatchRequest"),
        (entries(&["a", "a"], 1), "BatchEntryIdsNotDistinct"),
        (entries(&["a b"], 1), "InvalidBatchEntryId"),
        (entries(&["a", "b"], 600), "BatchRequestTooLong"),
    ] {
        let body = json!({ "QueueUrl": URL, "Entries": entries });
        assert_eq!(on(&broker, |broker| broker.send_batch(&body)).expect_err("refused").code, code);
    }
    let unknown = json!({ "QueueUrl": "x/none", "MessageBody": "x" });
    assert_eq!(on(&broker, |broker| broker.send(&unknown)).expect_err("refused").code, "QueueDoesNotExist");
}

#[test]
fn queue_attributes_hold_counts_arn_and_settings() {
    let orders = QueueSetup { dead_letters: Some(("orders-dlq".to_owned(), 4)), ..QueueSetup::new("orders").filled(3) };
    let broker = broker([orders]);
    let body = json!({ "QueueUrl": URL, "AttributeNames": ["All"] });
    let all = on(&broker, |broker| broker.attributes(&body)).expect("answered");
    let expected = [
        ("ApproximateNumberOfMessages", "3"),
        ("ApproximateNumberOfMessagesNotVisible", "0"),
        ("QueueArn", "arn:aws:sqs:us-east-1:123456789012:orders"),
        ("VisibilityTimeout", "30"),
        ("MaximumMessageSize", "1048576"),
    ];
    for (name, value) in expected {
        assert_eq!(all["Attributes"][name], value, "{name}");
    }
    assert!(all["Attributes"]["RedrivePolicy"].as_str().is_some_and(|policy| policy.contains("orders-dlq")));
    let one = json!({ "QueueUrl": URL, "AttributeNames": ["QueueArn"] });
    let one = on(&broker, |broker| broker.attributes(&one)).expect("answered");
    assert_eq!(one["Attributes"].as_object().map(serde_json::Map::len), Some(1));
}
