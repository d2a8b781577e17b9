//! The objects of which a queue's messages tell.

use opstools::panther::{Notified, Scene as Told, cloudtrail_notice, s3_event};

use super::{Scene, door, doors, summary};
use crate::support::loopback::wait;
use crate::support::{Message, Sandbox};

fn event(bucket: &str, keys: &[&str], cloudtrail: bool) -> Message {
    let told = Told { bucket, region: "eu-west-1", partition: "aws", account: "123456789012" };
    let object =
        |key: &&str| Notified { key: (*key).to_owned(), size: Some(5), etag: String::new(), last_modified: None };
    let objects: Vec<Notified> = keys.iter().map(object).collect();
    Message::new(if cloudtrail { cloudtrail_notice(&told, &objects) } else { s3_event(&told, &objects) })
}

#[test]
fn messages_are_looked_at_and_stay() {
    let (sandbox, scene) = (Sandbox::shared(), Scene::new());
    let (bucket, queue) = (sandbox.name("bucket"), sandbox.name("queue"));
    sandbox.s3().create(&bucket);
    let url = sandbox.sqs().create(&queue);
    let keys = ["p/a b+c%.log", "p/ü.log", "p/3.log"];
    sandbox.s3().put(&bucket, keys.iter().enumerate().map(|(number, key)| (*key, door(number, number, "told"))));
    let messages = [
        event(&bucket, &keys[..1], false),
        event(&bucket, &keys[1..], true),
        Message::new(r#"{"Type":"Notification","Message":"CloudTrail validation message."}"#),
    ];
    sandbox.sqs().send(&url, &messages);

    for run in 1..=2 {
        let lake = scene.lake();
        let outcome =
            scene.tool().sandbox(sandbox).args(["--json", "--queue", &queue, "--out"]).args([lake.as_os_str()]).run();
        outcome.code(0).stderr_has("none is deleted");
        assert_eq!(summary(&outcome, "messages_looked_at"), 3);
        assert_eq!(doors(&scene.stored()).len(), 3 * run, "each run reads all of them");
        let counts = sandbox.sqs().counts(&url);
        assert_eq!(counts.visible, 3, "all are visible again");
    }
}

#[test]
fn a_message_that_tells_of_nothing_known_is_named() {
    let (sandbox, scene) = (Sandbox::shared(), Scene::new());
    let (bucket, queue) = (sandbox.name("bucket"), sandbox.name("queue"));
    sandbox.s3().create(&bucket);
    let url = sandbox.sqs().create(&queue);
    sandbox.s3().put(&bucket, [("a.log", door(1, 1, ""))]);
    sandbox.sqs().send(&url, &[Message::new("hello"), event(&bucket, &["a.log", "gone.log"], false)]);
    let lake = scene.lake();
    let outcome =
        scene.tool().sandbox(sandbox).args(["--json", "--queue", &queue, "--out"]).args([lake.as_os_str()]).run();
    outcome.code(3);
    let errors = outcome.stdout_json()["errors"].to_string();
    assert!(errors.contains("BadNotification") && errors.contains("NoSuchKey"), "{errors}");
    assert_eq!(doors(&scene.stored()), [1]);
    assert_eq!(sandbox.sqs().counts(&url).visible, 2);
}

/// A queue whose messages each tell of an object, with its dead-letter queue.
struct Peeked {
    name: String,
    url: String,
    dead_letters: String,
}

fn queue_of(sandbox: &Sandbox, messages: usize, max_receive_count: u32) -> Peeked {
    let (bucket, name) = (sandbox.name("bucket"), sandbox.name("queue"));
    sandbox.s3().create(&bucket);
    let keys: Vec<String> = (0..messages).map(|number| format!("{number}.log")).collect();
    sandbox.s3().put(&bucket, keys.iter().enumerate().map(|(number, key)| (key, door(number, 1, ""))));
    let (url, dead_letters) = sandbox.sqs().create_with_dlq(&name, max_receive_count);
    let told: Vec<Message> = keys.iter().map(|key| event(&bucket, &[key], false)).collect();
    sandbox.sqs().send(&url, &told);
    Peeked { name, url, dead_letters }
}

#[test]
fn no_more_messages_are_received_than_the_limit_needs() {
    let (sandbox, scene) = (Sandbox::shared(), Scene::new());
    let queue = queue_of(sandbox, 25, 10);
    for (limit, looked_at) in [("1", 1), ("13", 13)] {
        let outcome = scene
            .tool()
            .sandbox(sandbox)
            .args(["--json", "--queue", &queue.name, "--out", "none", "--limit", limit])
            .run();
        outcome.code(0);
        assert_eq!((summary(&outcome, "messages_looked_at"), summary(&outcome, "inputs")), (looked_at, looked_at));
    }
    assert_eq!(sandbox.sqs().counts(&queue.url).visible, 25);
}

#[test]
fn looking_ends_before_messages_go_to_the_dead_letters() {
    let (sandbox, scene) = (Sandbox::shared(), Scene::new());
    let queue = queue_of(sandbox, 25, 4);
    let look = || scene.tool().sandbox(sandbox).args(["-q", "--queue", &queue.name, "--out", "none"]).run();
    look().code(0).stdout_has("messages looked at: 25");
    look().code(0);
    // The third look is the last that leaves the consumer a receive; it shows by the first message, and the others are spared.
    let third = look();
    third.code(3).stdout_has("ReceivesUsedUp").stdout_has("messages looked at: 1\n").stdout_has("s3://bucket/key");
    third.stdout_has(&format!("queue `{}`", queue.name)).stdout_has("received 3 of the 4 times");
    let dead = sandbox.sqs().counts(&queue.dead_letters);
    assert_eq!((sandbox.sqs().counts(&queue.url).visible, dead.visible), (25, 0));
}

#[test]
fn a_queue_that_allows_a_single_receive_is_not_looked_into() {
    let (sandbox, scene) = (Sandbox::shared(), Scene::new());
    let queue = queue_of(sandbox, 2, 1);
    let outcome = scene.tool().sandbox(sandbox).args(["-q", "--queue", &queue.name, "--out", "none"]).run();
    outcome.code(1).stderr_has("a look is one").stderr_has("s3://bucket/key");
    assert_eq!(sandbox.sqs().drain(&queue.url).len(), 2, "the consumer gets both");
}

#[test]
fn messages_that_others_hold_are_counted() {
    let (sandbox, scene) = (Sandbox::shared(), Scene::new());
    let queue = queue_of(sandbox, 3, 10);
    let client = sandbox.sqs().client().clone();
    let call = client.receive_message().queue_url(&queue.url).max_number_of_messages(3).visibility_timeout(60);
    wait(call.send()).expect("received");
    let outcome = scene.tool().sandbox(sandbox).args(["-q", "--queue", &queue.name, "--out", "none"]).run();
    outcome.code(0).stdout_has("messages in flight: 3");
}
