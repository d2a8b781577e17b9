//! Everything that can fail on the way: after each, every object arrived, and what came twice was counted.

use std::time::Duration;

use super::{Scene, summary};
use crate::support::full_disk::{DEV_FULL, FullDisk};
use crate::support::{Fault, FaultProxy};

const OBJECTS: usize = 60;

/// Sent once or more, and no more often than the report says.
fn assert_complete(scene: &Scene, count: usize, duplicates: u64) {
    let arrived = scene.arrived();
    assert_eq!(arrived.len(), count, "each object arrived");
    let twice = arrived.values().sum::<usize>() - count;
    assert!(twice as u64 <= duplicates, "{twice} came twice, {duplicates} were counted");
}

#[test]
fn faults_of_the_queue_lose_nothing() {
    let faults = [
        Fault::Throttle,
        Fault::Error500,
        Fault::ResetBefore,
        Fault::ApplyThenReset,
        Fault::CutBody,
        Fault::Delay(Duration::from_millis(50)),
        Fault::FailEntries { every: 7, code: "InternalError", sender_fault: false },
    ];
    for fault in faults {
        let scene = Scene::with_objects(OBJECTS);
        let proxy = scene.sqs_proxy();
        proxy.inject(fault.clone().on("SendMessageBatch").every(3));
        let outcome = scene.behind(&proxy).args(["--json"]).run();
        outcome.code(0);
        assert_eq!(summary(&outcome, "done"), OBJECTS as u64, "{fault:?}");
        let counted = summary(&outcome, "duplicates_possible");
        assert_complete(&scene, OBJECTS, counted);
        let lost = matches!(fault, Fault::ApplyThenReset | Fault::CutBody);
        assert!(!lost || counted > 0, "{fault:?}: lost answers are counted");
    }
}

#[test]
fn faults_of_every_call_lose_nothing() {
    for fault in [Fault::Throttle, Fault::Error500, Fault::ResetBefore] {
        let scene = Scene::with_objects(OBJECTS);
        let (sqs, s3) = (scene.sqs_proxy(), FaultProxy::before(&scene.sandbox.endpoint("s3")));
        let sts = FaultProxy::before(&scene.sandbox.endpoint("sts"));
        for proxy in [&sqs, &s3, &sts] {
            proxy.inject(fault.clone().on_any().percent(20, 7));
        }
        let tool = scene.behind(&sqs).env("AWS_ENDPOINT_URL_S3", s3.url()).env("AWS_ENDPOINT_URL_STS", sts.url());
        let outcome = tool.args(["--json"]).run();
        outcome.code(0);
        assert_complete(&scene, OBJECTS, summary(&outcome, "duplicates_possible"));
    }
}

#[test]
fn objects_that_the_queue_refuses_are_tried_again_and_nothing_else() {
    let scene = Scene::with_objects(25);
    let proxy = scene.sqs_proxy();
    let refused =
        Fault::FailEntriesWith { text: "p/0013.log".to_owned(), code: "InvalidMessageContents", sender_fault: true };
    proxy.inject(refused.on("SendMessageBatch"));
    let first = scene.behind(&proxy).args(["--json"]).run();
    first.code(3).stdout_has("InvalidMessageContents").stdout_has("p/0013.log");
    assert_eq!((summary(&first, "done"), summary(&first, "failed")), (24, 1));
    proxy.heal();
    let second = scene.behind(&proxy).args(["--json"]).run();
    second.code(0);
    assert_eq!(summary(&second, "done"), 1, "exactly what failed: {second}");
    assert_complete(&scene, 25, 0);
}

#[test]
fn a_listing_that_fails_leaves_what_was_listed_sent() {
    let denied = Fault::AccessDenied("not any more".to_owned());
    for (fault, hint) in [(denied, "s3:ListBucket"), (Fault::ExpiredToken, "expired")] {
        let scene = Scene::with_objects(10);
        let s3 = FaultProxy::before(&scene.sandbox.endpoint("s3"));
        s3.inject(fault.on("ListObjectsV2").to("second"));
        let paths = ["--s3path".to_owned(), scene.path("second/")];
        let tool = scene.forced().args(paths).env("AWS_ENDPOINT_URL_S3", s3.url());
        let outcome = tool.args(["--json"]).run();
        outcome.code(5).stderr_has("second/").stderr_has(hint);
        assert_eq!(summary(&outcome, "done"), 10);
        assert_complete(&scene, 10, 0);
    }
}

#[test]
fn credentials_that_expire_on_the_way_end_with_code_5_and_true_counts() {
    let scene = Scene::with_objects(OBJECTS);
    let proxy = scene.sqs_proxy();
    proxy.inject(Fault::ExpiredToken.on("SendMessageBatch").after(2));
    let outcome = scene.behind(&proxy).args(["--concurrency", "1", "--json"]).run();
    outcome.code(5).stderr_has("expired");
    let done = summary(&outcome, "done");
    assert_eq!(done, 20, "{outcome}");
    proxy.heal();
    let rest = scene.behind(&proxy).args(["--json"]).run();
    rest.code(0);
    assert_eq!(summary(&rest, "done"), OBJECTS as u64 - done);
    assert_complete(&scene, OBJECTS, 0);
}

#[test]
fn a_queue_that_goes_away_ends_the_run() {
    let scene = Scene::with_objects(OBJECTS);
    let mut running = scene.forced().args(["--rate", "20", "--concurrency", "1", "-v"]).spawn();
    running.wait_for_stderr("p/0005.log");
    let sqs = scene.sandbox.sqs();
    crate::support::loopback::wait(sqs.client().delete_queue().queue_url(&scene.url).send()).expect("deleted");
    let outcome = running.wait();
    assert!(matches!(outcome.code, Some(1 | 3)), "{outcome}");
    outcome.stderr_has(&scene.queue);
}

#[test]
fn a_full_disk_under_the_journal_stops_before_anything_is_lost() {
    let scene = Scene::with_objects(OBJECTS);
    scene.forced().args(["--journal", DEV_FULL]).run().code(1).stderr_has(DEV_FULL);
    assert_eq!(scene.waiting(), 0);
    let disk = FullDisk::with_room(8_192);
    let journal = disk.path().join("j.jsonl").display().to_string();
    let line = ["--journal", &journal, "--concurrency", "1", "--json"];
    let scene = Scene::with_objects(600);
    let outcome = scene.forced().args(line).on_disk(&disk).run();
    outcome.code(1).stderr_has("journal");
    let done = summary(&outcome, "done");
    assert!(done < 600, "{outcome}");
    let arrived = scene.arrived();
    assert_eq!(arrived.len() as u64, done, "what is counted has arrived, and nothing else");
}

#[test]
fn too_many_errors_end_with_code_7() {
    let scene = Scene::with_objects(OBJECTS);
    let proxy = scene.sqs_proxy();
    proxy.inject(
        Fault::FailEntries { every: 2, code: "InvalidMessageContents", sender_fault: true }.on("SendMessageBatch"),
    );
    let errors = scene.home.path().join("errors.jsonl");
    let line = ["--max-errors", "10", "--concurrency", "1", "--json", "--errors", &errors.display().to_string()]
        .map(str::to_owned);
    let outcome = scene.behind(&proxy).args(line).run();
    outcome.code(7);
    let failed = summary(&outcome, "failed");
    assert!((10..20).contains(&failed), "{outcome}");
    let written = std::fs::read_to_string(&errors).expect("the file of errors");
    assert_eq!(written.lines().count() as u64, failed);
    assert_eq!(scene.arrived().len() as u64, summary(&outcome, "done"));
}
