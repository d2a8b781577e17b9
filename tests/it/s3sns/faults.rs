//! Everything that can fail on the way: after each, every object arrived, and what came twice was counted.

use std::time::Duration;

use super::{HOUR, Scene, summary};
use crate::support::{Fault, FaultProxy};

const OBJECTS: usize = 60;

/// Sent once or more, and no more often than the report says.
fn assert_complete(scene: &Scene, count: usize, duplicates: u64) {
    let arrived = scene.arrived(&scene.open);
    assert_eq!(arrived.len(), count, "each object arrived");
    let twice = arrived.values().sum::<usize>() - count;
    assert!(twice as u64 <= duplicates, "{twice} came twice, {duplicates} were counted");
}

#[test]
fn faults_of_the_topic_lose_nothing() {
    let faults = [
        Fault::Throttle,
        Fault::Error500,
        Fault::ResetBefore,
        Fault::ApplyThenReset,
        Fault::CutBody,
        Fault::Delay(Duration::from_millis(50)),
        Fault::FailEntries { every: 7, code: "InternalError", sender_fault: false },
        Fault::FailEntries { every: 5, code: "Throttled", sender_fault: false },
    ];
    for fault in faults {
        let scene = Scene::with_logs(OBJECTS);
        let proxy = scene.sns_proxy();
        proxy.inject(fault.clone().on("PublishBatch").every(3));
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
fn only_the_entries_that_failed_are_sent_again() {
    let scene = Scene::with_logs(20);
    let proxy = scene.sns_proxy();
    proxy.inject(
        Fault::FailEntries { every: 5, code: "InternalError", sender_fault: false }.on("PublishBatch").first(2),
    );
    let outcome = scene.behind(&proxy).args(["--concurrency", "1", "--json"]).run();
    outcome.code(0);
    let sent: Vec<usize> =
        proxy.log().iter().filter(|call| call.action == "PublishBatch").map(|call| call.entries).collect();
    assert!(sent.iter().sum::<usize>() <= 20 + 4 && sent[0] == 10, "ten, and then what failed of them: {sent:?}");
    let arrived = scene.arrived(&scene.open);
    assert!(arrived.len() == 20 && arrived.values().all(|count| *count == 1), "none twice: {arrived:?}");
}

#[test]
fn objects_that_the_topic_refuses_are_tried_again_and_nothing_else() {
    let scene = Scene::with_logs(25);
    let proxy = scene.sns_proxy();
    let refused = Fault::FailEntriesWith { text: "0013.json".to_owned(), code: "InvalidParameter", sender_fault: true };
    proxy.inject(refused.on("PublishBatch"));
    let first = scene.behind(&proxy).args(["--json"]).run();
    first.code(3).stdout_has("InvalidParameter").stdout_has("0013.json");
    assert_eq!((summary(&first, "done"), summary(&first, "failed")), (24, 1));
    proxy.heal();
    let second = scene.behind(&proxy).args(["--json"]).run();
    second.code(0);
    assert_eq!(summary(&second, "done"), 1, "exactly what failed: {second}");
    assert_complete(&scene, 25, 0);
}

#[test]
fn long_keys_share_no_request_that_would_be_too_long() {
    let scene = Scene::new();
    // Six bytes of JSON for each of these; 40 messages of some 5,000 bytes fit, as SNS counts them.
    let name = "\u{1}".repeat(700);
    scene.put((0..40).map(|number| format!("logs/aws_cloudtrail/{HOUR}/{name}{number:02}")));
    let outcome = scene.whole().args(["--attributes", "--json"]).run();
    outcome.code(0);
    assert_eq!(summary(&outcome, "done"), 40);
    assert_complete(&scene, 40, 0);
}

#[test]
fn credentials_that_expire_on_the_way_end_with_code_5_and_true_counts() {
    let scene = Scene::with_logs(OBJECTS);
    let proxy = scene.sns_proxy();
    proxy.inject(Fault::ExpiredToken.on("PublishBatch").after(2));
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
fn a_topic_that_goes_away_ends_the_run() {
    let scene = Scene::with_logs(OBJECTS);
    let mut running = scene.whole().args(["--rate", "20", "--concurrency", "1", "-v", "--json"]).spawn();
    running.wait_for_stderr("0005.json.gz");
    scene.sandbox.sns().delete(&scene.topic_arn);
    let outcome = running.wait();
    assert!(matches!(outcome.code, Some(1 | 3)), "{outcome}");
    outcome.stderr_has(&scene.topic);
    assert_eq!(scene.arrived(&scene.open).len() as u64, summary(&outcome, "done"));
}

#[test]
fn who_may_not_publish_is_told_so_and_who_may_only_publish_can() {
    let scene = Scene::with_logs(3);
    let proxy = scene.sns_proxy();
    proxy.inject(Fault::AccessDenied("no looking".to_owned()).on("GetTopicAttributes"));
    proxy.inject(Fault::AccessDenied("no listing".to_owned()).on("ListSubscriptionsByTopic"));
    let outcome = scene.behind(&proxy).run();
    outcome.code(0).stderr_has("the topic was not looked at").stderr_has("not known");
    assert_complete(&scene, 3, 0);
    let denied = scene.sns_proxy();
    denied.inject(Fault::AccessDenied("not for you".to_owned()).on("PublishBatch"));
    scene.behind(&denied).args(["--fresh"]).run().code(5).stderr_has("sns:Publish").stderr_has(&scene.topic);
}

#[test]
fn a_listing_that_fails_leaves_what_was_listed_sent() {
    let scene = Scene::with_logs(10);
    scene.put([format!("rules/t/{HOUR}/rule_id=r/f")]);
    let s3 = FaultProxy::before(&scene.sandbox.endpoint("s3"));
    s3.inject(Fault::AccessDenied("not any more".to_owned()).on("ListObjectsV2").to("rules"));
    let paths = ["--s3path", &scene.path("logs/"), "--s3path", &scene.path("rules/")].map(str::to_owned);
    let outcome = scene.tool().args(paths).env("AWS_ENDPOINT_URL_S3", s3.url()).args(["--json"]).run();
    outcome.code(5).stderr_has("rules/").stderr_has("s3:ListBucket");
    assert_eq!(summary(&outcome, "done"), 10);
    assert_complete(&scene, 10, 0);
}

#[test]
fn log_types_that_cannot_be_asked_for_end_before_anything_is_sent() {
    let scene = Scene::with_logs(3);
    for fault in [Fault::AccessDenied("not for you".to_owned()), Fault::Error500] {
        let lambda = FaultProxy::before(&scene.sandbox.endpoint("lambda"));
        lambda.inject(fault.on_any());
        let tool = || scene.whole().env("AWS_ENDPOINT_URL_LAMBDA", lambda.url()).args(["--max-attempts", "2"]);
        let outcome = tool().args(["--attributes"]).run();
        assert!(matches!(outcome.code, Some(1 | 5)), "{outcome}");
        outcome.stderr_has("panther-logtypes-api").stderr_has("--log-type");
        assert_eq!(scene.waiting(&scene.open), 0);
        let named = ["--attributes", "--log-types", "AWS.CloudTrail", "--log-type", "aws_cloudtrail=AWS.CloudTrail"];
        tool().args(named).args(["--fresh"]).run().code(0);
        assert_eq!(scene.heard(&scene.open).len(), 3);
    }
}
