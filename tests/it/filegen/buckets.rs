//! Objects in a bucket: confirmed, marked, told of, and removed again.

use super::{HOUR, unpacked};
use crate::support::{Fault, FaultProxy, Home, Sandbox, Tool, tool};

struct Scene {
    sandbox: &'static Sandbox,
    home: Home,
    bucket: String,
}

impl Scene {
    fn new() -> Self {
        let sandbox = Sandbox::shared();
        let bucket = sandbox.name("bucket");
        sandbox.s3().create(&bucket);
        Self { sandbox, home: Home::new(), bucket }
    }

    fn tool(&self) -> Tool {
        let tool = tool("filegen").sandbox(self.sandbox).home(&self.home).folder(self.home.path());
        tool.args(["--end", HOUR, "--out", &format!("s3://{}/p", self.bucket)])
    }
}

#[test]
fn objects_bear_the_mark_and_hold_what_was_made() {
    let scene = Scene::new();
    let line = ["--log-type", "AWS.CloudTrail", "--files", "3", "--rows", "10"];
    scene.tool().args(line).run().code(0).stdout_has("3 done").stderr_has("panther-synthetic=true");
    let s3 = scene.sandbox.s3();
    let keys = s3.list(&scene.bucket, "p/AWS.CloudTrail/2026-01-05T08/");
    assert_eq!(keys.len(), 3);
    for key in keys.keys() {
        let text = unpacked(&s3.get(&scene.bucket, key));
        assert!(text.starts_with("{\"Records\":["), "{key}");
    }
    let key = keys.keys().next().expect("a key").clone();
    let (client, bucket) = (s3.client().clone(), scene.bucket.clone());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (tags, metadata) = runtime.block_on(async {
        let tags = client.get_object_tagging().bucket(&bucket).key(&key).send().await.expect("tags");
        let head = client.head_object().bucket(&bucket).key(&key).send().await.expect("a look");
        (tags.tag_set().to_vec(), head.metadata().cloned().unwrap_or_default())
    });
    assert!(tags.iter().any(|tag| tag.key() == "panther-synthetic" && tag.value() == "true"), "{tags:?}");
    assert_eq!(metadata.get("panther-synthetic").map(String::as_str), Some("true"));
}

#[test]
fn large_files_go_in_parts_and_are_whole() {
    let scene = Scene::new();
    let line = ["--log-type", "Okta.SystemLog", "--bytes", "20000000", "--rows", "1000000", "--compression", "none"];
    scene.tool().args(line).run().code(0).stdout_has("1 done");
    let s3 = scene.sandbox.s3();
    let keys = s3.list(&scene.bucket, "p/");
    assert_eq!(keys.values().copied().collect::<Vec<_>>(), [20_000_000]);
    let bytes = s3.get(&scene.bucket, keys.keys().next().expect("a key"));
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    assert!(lines.clone().count() > 1_000);
    assert!(lines.into_iter().all(|line| serde_json::from_slice::<serde_json::Value>(line).is_ok()), "no part is lost");
}

#[test]
fn what_a_killed_run_has_begun_is_given_up_by_the_next_and_by_the_cleanup() {
    let scene = Scene::new();
    let unfinished = || {
        let call = scene.sandbox.s3().client().list_multipart_uploads().bucket(&scene.bucket);
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(call.send()).expect("a list").uploads().len()
    };
    let line = ["--log-type", "AWS.ALB", "--bytes", "30000000", "--rows", "1000000", "--compression", "none"];
    let run = || scene.tool().args(line).args(["--seed", "5", "--manifest", "m.jsonl", "--json"]);
    let manifest = scene.home.path().join("m.jsonl");
    let begun = || std::fs::read_to_string(&manifest).unwrap_or_default().matches("upload_id").count();
    let killed = || {
        let mut running = run().args(["--bytes-per-second", "8M"]).spawn();
        running.wait_until("an upload that was begun", |_| unfinished() == 1 && begun() == 1);
        running.kill9();
        assert_eq!(unfinished(), 1);
    };
    let given_up = |report: &serde_json::Value| report["summary"]["uploads_given_up"].as_u64();
    killed();
    let again = run().run();
    again.code(0).stderr_has("1 begun and not ended");
    assert_eq!((given_up(&again.stdout_json()), unfinished()), (Some(1), 0));
    assert_eq!(scene.sandbox.s3().count(&scene.bucket, "p/"), 1);
    std::fs::remove_file(&manifest).expect("removed");
    killed();
    let cleanup = ["--cleanup", "m.jsonl", "--confirm", &scene.bucket, "--json"];
    let tool = tool("filegen").sandbox(scene.sandbox).home(&scene.home).folder(scene.home.path());
    let cleanup = tool.args(cleanup).run();
    cleanup.code(0).stderr_has("1 begun and not ended");
    assert_eq!((given_up(&cleanup.stdout_json()), unfinished()), (Some(1), 0));
}

#[test]
fn the_log_processor_is_told_of_each_object() {
    let scene = Scene::new();
    let queue = scene.sandbox.name("queue");
    let url = scene.sandbox.sqs().create(&queue);
    let line = ["--log-type", "AWS.ALB", "--files", "12", "--rows", "5", "--notify", "--queue", &queue, "--json"];
    let outcome = scene.tool().args(line).run();
    outcome.code(0);
    assert_eq!(outcome.stdout_json()["summary"]["notified"].as_u64(), Some(12));
    let objects = scene.sandbox.s3().list(&scene.bucket, "p/");
    let mut told = Vec::new();
    for body in scene.sandbox.sqs().drain(&url).into_keys() {
        let envelope: serde_json::Value = serde_json::from_str(&body).expect("an envelope");
        let event: serde_json::Value =
            serde_json::from_str(envelope["Message"].as_str().expect("text")).expect("an event");
        let object = &event["Records"][0]["s3"]["object"];
        let key = object["key"].as_str().expect("a key").to_owned();
        assert_eq!(object["size"].as_u64(), objects.get(&key).copied(), "{key}");
        told.push(key);
    }
    told.sort();
    assert_eq!(told, objects.into_keys().collect::<Vec<_>>());
}

#[test]
fn a_manifest_makes_a_second_run_short_and_the_cleanup_exact() {
    let scene = Scene::new();
    let s3 = scene.sandbox.s3();
    s3.put(&scene.bucket, [("p/mine.log", "mine")]);
    let line = ["--log-type", "AWS.VPCFlow", "--files", "3", "--rows", "20", "--seed", "5", "--manifest", "m.jsonl"];
    scene.tool().args(line).run().code(0).stdout_has("3 done");
    let again = scene.tool().args(line).args(["--json"]).run();
    again.code(0);
    assert_eq!(again.stdout_json()["summary"]["skipped"].as_u64(), Some(3));
    let keys: Vec<String> = s3.list(&scene.bucket, "p/AWS.VPCFlow/").into_keys().collect();
    s3.put(&scene.bucket, [(keys[0].as_str(), "somebody else's")]);
    let cleanup = || {
        let tool = tool("filegen").sandbox(scene.sandbox).home(&scene.home).folder(scene.home.path());
        tool.args(["--cleanup", "m.jsonl", "--json"])
    };
    cleanup().run().code(6);
    assert_eq!(s3.count(&scene.bucket, "p/"), 4);
    let outcome = cleanup().args(["--confirm", &scene.bucket]).run();
    outcome.code(3);
    assert_eq!(outcome.stdout_json()["errors"][0]["code"], "Changed");
    let left: Vec<String> = s3.list(&scene.bucket, "p/").into_keys().collect();
    assert_eq!(left, [keys[0].clone(), "p/mine.log".to_owned()]);
    let twice = cleanup().args(["--confirm", &scene.bucket]).run();
    assert_eq!(twice.stdout_json()["summary"]["skipped"].as_u64(), Some(2), "what is gone is passed over");
}

#[test]
fn a_bucket_that_is_not_there_is_said_before_anything_is_made() {
    let scene = Scene::new();
    let line = ["--log-type", "AWS.ALB", "--out", "s3://no-such-bucket-anywhere", "--end", HOUR];
    let tool = tool("filegen").sandbox(scene.sandbox).home(&scene.home);
    tool.args(line).run().code(1).stderr_has("no-such-bucket-anywhere");
}

#[test]
fn a_write_that_is_refused_is_no_file_made() {
    let scene = Scene::new();
    let proxy = FaultProxy::before(&scene.sandbox.endpoint("s3"));
    proxy.inject(Fault::AccessDenied("no".to_owned()).on("PutObject"));
    let line = ["--log-type", "AWS.ALB", "--files", "2", "--rows", "5", "--json", "--concurrency", "1"];
    let outcome = scene.tool().env("AWS_ENDPOINT_URL_S3", proxy.url()).args(line).run();
    outcome.code(5);
    assert_eq!(outcome.stdout_json()["summary"]["done"].as_u64(), Some(0));
    assert_eq!(scene.sandbox.s3().count(&scene.bucket, ""), 0);
}

#[test]
fn throttling_and_failures_inside_lose_nothing() {
    let scene = Scene::new();
    let proxy = FaultProxy::before(&scene.sandbox.endpoint("s3"));
    proxy.inject(Fault::Throttle.on("PutObject").nth(2)).inject(Fault::Error500.on("PutObject").nth(4));
    let line = ["--log-type", "AWS.ALB", "--files", "6", "--rows", "5", "--json", "--concurrency", "1"];
    let outcome = scene.tool().env("AWS_ENDPOINT_URL_S3", proxy.url()).args(line).run();
    outcome.code(0);
    assert_eq!(outcome.stdout_json()["summary"]["done"].as_u64(), Some(6));
    assert_eq!(scene.sandbox.s3().count(&scene.bucket, ""), 6);
}
