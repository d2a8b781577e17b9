//! Keys of every kind arrive as they are, and paths are taken as they stand.

use std::collections::BTreeSet;

use super::{Scene, named_objects, summary};

/// The odd keys of the seeded bucket, which the log processor can read.
const READABLE: [&str; 8] =
    ["a b.log", "a+b.log", "100%.log", "a%20b.log", "ü/日本.json.gz", "x=1/y&z<q>.gz", "new\nline.log", "what?#.log"];

#[test]
fn odd_keys_are_ingested_under_their_own_names() {
    for format in ["s3", "cloudtrail"] {
        let scene = Scene::new();
        let path = ["--s3path", "s3://acme-application-logs/odd/"];
        let outcome = scene.tool().args(path).args(["--message-format", format, "--json"]).run();
        outcome.code(0);
        assert_eq!(summary(&outcome, "empty"), 3, "empty objects and folders are passed over: {outcome}");
        let judged = scene.consumed();
        assert!(judged.iter().all(|object| object["outcome"] == "ingested"), "{format}: {judged:?}");
        let keys: BTreeSet<&str> = judged.iter().filter_map(|object| object["key"].as_str()).collect();
        let expected: BTreeSet<String> = READABLE.iter().map(|name| format!("odd/{name}")).collect();
        assert_eq!(keys, expected.iter().map(String::as_str).collect(), "{format}");
    }
}

#[test]
fn a_prefix_with_letters_that_urls_give_a_meaning_is_a_prefix() {
    let scene = Scene::new();
    let odd = ["p?x/1", "p#x/2", "p%20x/3", "p%/4"];
    scene.put(odd.iter().chain(&["p/5", "p x/6"]).map(|key| (*key).to_owned()));
    for key in odd {
        let prefix = key.split('/').next().expect("a folder");
        scene.tool().args(["--force", "--s3path", &scene.path(prefix)]).run().code(0);
        let arrived = scene.arrived();
        let expected = odd.iter().filter(|other| other.starts_with(prefix)).map(|key| ((*key).to_owned(), 1));
        assert_eq!(arrived, expected.collect(), "{prefix}");
    }
}

#[test]
fn the_message_says_where_the_object_lies() {
    let scene = Scene::with_objects(1);
    scene.forced().run().code(0);
    let bodies: Vec<String> = scene.sandbox.sqs().drain(&scene.url).into_keys().collect();
    assert_eq!(named_objects(&bodies[0]), [(scene.bucket.clone(), "p/0000.log".to_owned(), 5)]);
    assert!(bodies[0].contains(&format!(r#"awsRegion\":\"{}"#, scene.sandbox.region())), "{}", bodies[0]);
    assert!(bodies[0].contains(scene.sandbox.account()), "the topic is in the queue's account");
}

#[test]
fn several_objects_share_a_message() {
    let scene = Scene::with_objects(25);
    let outcome = scene.forced().args(["--files-per-message", "10", "--json"]).run();
    outcome.code(0);
    assert_eq!((summary(&outcome, "done"), summary(&outcome, "messages")), (25, 3));
    let bodies = scene.sandbox.sqs().drain(&scene.url);
    let mut sizes: Vec<usize> = bodies.keys().map(|body| named_objects(body).len()).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [5, 10, 10]);
}
