//! The main path on the local deployment, whose S3 was written by others: histories by real writes and deletes.

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};

use super::summary;
use crate::support::loopback::wait;
use crate::support::{Home, Sandbox, Tool, tool};

/// A versioned bucket of the deployment.
struct Scene {
    sandbox: &'static Sandbox,
    home: Home,
    bucket: String,
}

impl Scene {
    fn new() -> Self {
        let scene = Self::unversioned();
        scene.versioning(BucketVersioningStatus::Enabled);
        scene
    }

    fn unversioned() -> Self {
        let sandbox = Sandbox::shared();
        let bucket = sandbox.name("versions");
        sandbox.s3().create(&bucket);
        Self { sandbox, home: Home::new(), bucket }
    }

    fn versioning(&self, status: BucketVersioningStatus) {
        let configuration = VersioningConfiguration::builder().status(status).build();
        let s3 = self.sandbox.s3();
        let call = s3.client().put_bucket_versioning().bucket(&self.bucket).versioning_configuration(configuration);
        wait(call.send()).expect("versioning is set");
    }

    fn put(&self, keys: &[&str], body: &str) {
        self.sandbox.s3().put(&self.bucket, keys.iter().map(|key| (*key, body)));
    }

    fn delete(&self, keys: &[&str]) {
        let s3 = self.sandbox.s3();
        let client: &Client = s3.client();
        for key in keys {
            wait(client.delete_object().bucket(&self.bucket).key(*key).send()).expect("deleted");
        }
    }

    fn tool(&self) -> Tool {
        tool("s3undelete").sandbox(self.sandbox).home(&self.home)
    }

    fn keys(&self) -> Vec<String> {
        self.sandbox.s3().list(&self.bucket, "").into_keys().collect()
    }
}

#[test]
fn deleted_objects_come_back_and_go_again() {
    let scene = Scene::new();
    let keys = ["logs/a b.gz", "logs/100%+.gz", "logs/ü/日本.gz", "logs/x&y<z>.gz", "logs/twice.gz"];
    scene.put(&keys, "first");
    scene.put(&["logs/twice.gz"], "second");
    scene.put(&["logs/live.gz", "other/gone.gz"], "x");
    scene.delete(&keys);
    scene.delete(&["logs/twice.gz", "other/gone.gz", "logs/never.gz"]);
    let path = format!("s3://{}/logs/", scene.bucket);
    let journal = scene.home.path().join("j.jsonl").display().to_string();
    let line = [
        "--s3path",
        &path,
        "--since",
        "1h ago",
        "--confirm",
        &scene.bucket,
        "--journal",
        &journal,
        "--verify",
        "all",
        "--json",
    ];
    let dry = scene.tool().args(line).args(["--dry-run"]).run();
    dry.code(0).stderr_has("1 orphans");
    assert_eq!(dry.stdout_json()["plan"]["estimate"]["items"], 5);
    assert_eq!(scene.keys(), ["logs/live.gz"]);
    let outcome = scene.tool().args(line).run();
    outcome.code(0);
    for (name, count) in [("done", 5), ("markers_removed", 6), ("orphans", 1), ("live", 1), ("verified", 5)] {
        assert_eq!(summary(&outcome, name), count, "{name}: {outcome}");
    }
    let mut expected: Vec<&str> = keys.to_vec();
    expected.push("logs/live.gz");
    expected.sort_unstable();
    assert_eq!(scene.keys(), expected);
    assert_eq!(scene.sandbox.s3().get(&scene.bucket, "logs/twice.gz"), b"second");
    let undone = scene.tool().args(["--undo", &journal, "--confirm", &scene.bucket, "--json"]).run();
    undone.code(0);
    assert_eq!(summary(&undone, "done"), 5, "{undone}");
    assert_eq!(scene.keys(), ["logs/live.gz"]);
    let anew = scene.tool().args(line).run();
    anew.code(0);
    assert_eq!(scene.keys(), expected, "and once more: {anew}");
}

#[test]
fn objects_of_a_time_before_versioning_come_back_too() {
    let scene = Scene::unversioned();
    scene.put(&["p/a"], "null");
    scene.versioning(BucketVersioningStatus::Enabled);
    scene.delete(&["p/a"]);
    let path = format!("s3://{}/p/", scene.bucket);
    let outcome = scene.tool().args(["--s3path", &path, "--confirm", &scene.bucket, "--verify", "all", "--json"]).run();
    outcome.code(0);
    assert_eq!((summary(&outcome, "done"), scene.keys()), (1, vec!["p/a".to_owned()]));
    assert_eq!(scene.sandbox.s3().get(&scene.bucket, "p/a"), b"null");
}

#[test]
fn many_pages_and_many_requests() {
    let scene = Scene::new();
    let keys: Vec<String> = (0..1_200).map(|number| format!("p/{}/{number:04}", number % 7)).collect();
    let names: Vec<&str> = keys.iter().map(String::as_str).collect();
    scene.put(&names, "x");
    let s3 = scene.sandbox.s3();
    for part in names.chunks(600) {
        let objects =
            part.iter().map(|key| aws_sdk_s3::types::ObjectIdentifier::builder().key(*key).build().expect("a key"));
        let delete =
            aws_sdk_s3::types::Delete::builder().set_objects(Some(objects.collect())).build().expect("objects");
        wait(s3.client().delete_objects().bucket(&scene.bucket).delete(delete).send()).expect("deleted");
    }
    assert!(scene.keys().is_empty());
    let path = format!("s3://{}/p/", scene.bucket);
    let list = scene.home.path().join("restored").display().to_string();
    let line = ["--s3path", &path, "--confirm", &scene.bucket, "--restored", &list, "--json"];
    let outcome = scene.tool().args(line).run();
    outcome.code(0);
    assert_eq!((summary(&outcome, "done"), scene.keys().len()), (1_200, 1_200));
    // The list feeds s3queue as it is.
    let queue = scene.sandbox.name("queue");
    scene.sandbox.sqs().create(&queue);
    let told = tool("s3queue").sandbox(scene.sandbox).home(&scene.home);
    let told = told.args(["--queue", &queue, "--force", "--from-file", &list, "--json"]).run();
    told.code(0);
    assert_eq!(summary(&told, "done"), 1_200);
}
