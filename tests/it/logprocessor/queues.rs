//! The objects of which a queue's messages tell.

use opstools::panther::{Notified, Scene as Told, cloudtrail_notice, s3_event};

use super::{Scene, door, doors, summary};
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
