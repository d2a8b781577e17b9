//! From and into buckets of the local deployment.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Scene, Stored, counts, door, doors, gzip, summary};
use crate::support::{Fault, FaultProxy, Sandbox, Tool};

struct Place {
    scene: Scene,
    sandbox: &'static Sandbox,
    bucket: String,
}

impl Place {
    fn new() -> Self {
        let sandbox = Sandbox::shared();
        let bucket = sandbox.name("bucket");
        sandbox.s3().create(&bucket);
        Self { scene: Scene::new(), sandbox, bucket }
    }

    fn tool(&self) -> Tool {
        self.scene.tool().sandbox(self.sandbox).args(["--json"])
    }

    fn with_inputs(&self) {
        let lines = |from: usize| (from..from + 300).map(|number| door(number, number % 4, "s3")).collect::<String>();
        self.sandbox.s3().put(
            &self.bucket,
            [
                ("in/a b+c%.log".to_owned(), lines(0).into_bytes()),
                ("in/deep/packed.gz".to_owned(), gzip(lines(300))),
                ("in/empty".to_owned(), Vec::new()),
                ("in/folder/".to_owned(), b"x".to_vec()),
                ("other/x.log".to_owned(), lines(10_000).into_bytes()),
            ],
        );
    }

    fn input(&self) -> String {
        format!("s3://{}/in/", self.bucket)
    }

    fn stored(&self, bucket: &str, prefix: &str) -> Vec<Stored> {
        let objects = self.sandbox.s3().list(bucket, prefix).into_keys();
        let read = |key: String| {
            let body = self.sandbox.s3().get(bucket, &key);
            Stored::read(key.strip_prefix(prefix).expect("listed below it").to_owned(), &body)
        };
        objects.map(read).collect()
    }
}

#[test]
fn objects_become_objects_and_subscribers_hear_of_each() {
    let place = Place::new();
    place.with_inputs();
    let (processed, topic, queue) =
        (place.sandbox.name("processed"), place.sandbox.name("topic"), place.sandbox.name("heard"));
    place.sandbox.s3().create(&processed);
    let arn = place.sandbox.sns().create(&topic);
    let url = place.sandbox.sqs().create(&queue);
    place.sandbox.sns().subscribe(&arn, &place.sandbox.sqs().arn(&url), r#"{"type":["LogData"],"id":["Custom.Door"]}"#);

    let outcome = place.tool().args([&place.input(), "--bucket", &processed, "--topic", &topic]).run();

    outcome.code(0).stderr_has("run twice");
    let stored = place.stored(&processed, "");
    assert_eq!(doors(&stored), (0..600).collect::<Vec<_>>());
    assert!(counts(&stored).values().all(|count| *count == 150) && stored.len() == 4);
    assert_eq!((summary(&outcome, "objects"), summary(&outcome, "objects_told_of")), (4, 4));
    assert_eq!((summary(&outcome, "inputs"), summary(&outcome, "inputs_passed_over")), (2, 2));
    let sizes = place.sandbox.s3().list(&processed, "");
    let heard: BTreeMap<String, u64> = place.sandbox.sqs().drain(&url).keys().map(|body| told(body)).collect();
    assert_eq!(heard, sizes, "each object with its size, keys raw");
}

/// Key and size of the one object of a message, which came through a topic.
fn told(body: &str) -> (String, u64) {
    let json = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
    let envelope = json(body);
    let event = envelope["Message"].as_str().map_or(envelope.clone(), json);
    let object = &event["Records"][0]["s3"]["object"];
    (object["key"].as_str().expect("a key").to_owned(), object["size"].as_u64().expect("a size"))
}

#[test]
fn a_prefix_of_the_target_stands_before_the_keys() {
    let place = Place::new();
    place.with_inputs();
    let out = format!("s3://{}/trial", place.bucket);
    place.tool().args([&place.input(), "--out", &out]).run().code(0).stderr_has("told");
    assert_eq!(doors(&place.stored(&place.bucket, "trial/")).len(), 600);
}

#[test]
fn an_object_that_cannot_be_written_is_counted_as_lost() {
    let place = Place::new();
    place.scene.input("a.log", (0..40).map(|number| door(number, number % 4, "")).collect::<String>());
    let proxy = FaultProxy::before(&place.sandbox.endpoint("s3"));
    proxy.inject(Fault::Error500.on("PutObject").to("hour%3D02"));
    proxy.inject(Fault::Error500.on("PutObject").to("hour=02"));
    let inputs = place.scene.inputs().display().to_string();
    let out = format!("s3://{}", place.bucket);
    let outcome = place
        .tool()
        .env("AWS_ENDPOINT_URL_S3", proxy.url())
        .args([&inputs, "--out", &out, "--max-attempts", "2"])
        .run();
    outcome.code(3);
    assert_eq!(
        (summary(&outcome, "done"), summary(&outcome, "failed"), summary(&outcome, "objects_failed")),
        (30, 10, 1)
    );
    assert_eq!(doors(&place.stored(&place.bucket, "")).len(), 30);
}

#[test]
fn a_connection_that_breaks_while_an_object_is_read_is_taken_up() {
    // A small object is fetched ahead, a large one is read in its turn.
    for (count, note) in [(5_000, "short"), (30_000, "a long way, so that all of them are more than a mebibyte")] {
        let place = Place::new();
        let lines: String = (0..count).map(|number| door(number, 1, note)).collect();
        place.sandbox.s3().put(&place.bucket, [("in/a.log", lines)]);
        let proxy = FaultProxy::before(&place.sandbox.endpoint("s3"));
        proxy.inject(Fault::CutBody.on("GetObject").first(1));
        let lake = place.scene.lake().display().to_string();
        let outcome = place.tool().env("AWS_ENDPOINT_URL_S3", proxy.url()).args([&place.input(), "--out", &lake]).run();
        outcome.code(0);
        assert_eq!(doors(&place.scene.stored()), (0..count as u64).collect::<Vec<_>>());
        let reads = proxy.log().iter().filter(|call| call.action == "GetObject").count();
        assert_eq!(reads, 2, "once, and once from where it broke");
    }
}

#[test]
fn a_small_object_that_stays_broken_gives_what_came_and_is_told() {
    let place = Place::new();
    let lines: String = (0..5_000).map(|number| door(number, 1, "short")).collect();
    place
        .sandbox
        .s3()
        .put(&place.bucket, [("in/a.log", lines.into_bytes()), ("in/b.log", door(9_000, 1, "b").into_bytes())]);
    let proxy = FaultProxy::before(&place.sandbox.endpoint("s3"));
    proxy.inject(Fault::CutBody.on("GetObject").to("in/a.log"));
    let lake = place.scene.lake().display().to_string();
    let outcome = place
        .tool()
        .env("AWS_ENDPOINT_URL_S3", proxy.url())
        .args([&place.input(), "--out", &lake, "--max-attempts", "2"])
        .run();
    outcome.code(3);
    let stored = doors(&place.scene.stored());
    assert!(stored.len() > 1_000 && stored.contains(&9_000), "{} doors", stored.len());
    assert_eq!((summary(&outcome, "inputs"), summary(&outcome, "inputs_failed")), (1, 1));
    assert_eq!(summary(&outcome, "done"), stored.len() as u64);
}

#[test]
fn a_prefix_without_objects_is_told_and_the_others_are_read() {
    let place = Place::new();
    place.with_inputs();
    let wrong = format!("s3://{}/nothing/", place.bucket);
    let lake = place.scene.lake().display().to_string();
    let outcome = place.tool().args([&wrong, &place.input(), "--out", &lake]).run();
    outcome.code(3).stdout_has("there is no object with content below it").stdout_has(&wrong);
    assert_eq!(doors(&place.scene.stored()).len(), 600);
}

#[test]
fn what_is_denied_decides_about_the_exit_code_and_the_others_are_read() {
    let place = Place::new();
    place.with_inputs();
    place.sandbox.s3().put(&place.bucket, [("in/z.log", format!("nonsense\n{}", door(600, 1, "after it")))]);
    let proxy = FaultProxy::before(&place.sandbox.endpoint("s3"));
    proxy.inject(Fault::AccessDenied("not for you".to_owned()).on("GetObject").to("in/deep/packed.gz"));
    let lake = place.scene.lake().display().to_string();
    let outcome = place.tool().env("AWS_ENDPOINT_URL_S3", proxy.url()).args([&place.input(), "--out", &lake]).run();
    outcome.code(5).stdout_has("parse error").stderr_has("packed.gz").stderr_has("hint: ");
    assert_eq!(doors(&place.scene.stored()).len(), 301);
    assert_eq!((summary(&outcome, "done"), summary(&outcome, "failed"), summary(&outcome, "total")), (301, 2, 303));
}

#[test]
fn subscribers_that_will_pass_over_the_keys_are_warned_of() {
    let place = Place::new();
    place.with_inputs();
    let topic = place.sandbox.name("topic");
    place.sandbox.sns().create(&topic);
    let warning = "pass over all that do not begin with `logs/`";
    let out = format!("s3://{}/trial/", place.bucket);
    place
        .tool()
        .args([&place.input(), "--out", &out, "--topic", &topic, "--dry-run"])
        .run()
        .code(0)
        .stderr_has(warning)
        .stderr_has("`trial/logs/`");
    let whole = format!("s3://{}", place.sandbox.name("whole"));
    place.sandbox.s3().create(whole.trim_start_matches("s3://"));
    let outcome = place.tool().args([&place.input(), "--out", &whole, "--topic", &topic, "--dry-run"]).run();
    assert!(!outcome.code(0).stderr_text().contains(warning), "{outcome}");
}
