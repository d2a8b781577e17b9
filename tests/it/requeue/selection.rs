//! Filters: what matches moves, everything else is given back untouched.

use super::scene::{Scene, number, report};
use crate::support::Message;

fn scene() -> Scene {
    let scene = Scene::new();
    let messages = [
        Message::new("{\"user\": {\"name\": \"ann\"}}").text("type", "LogData"),
        Message::new("{\"user\": {\"name\": \"bob\"}}").text("type", "RuleMatches"),
        Message::new("plain text").text("type", "LogData").text("id", "AWS.CloudTrail"),
        Message::new("no attributes"),
    ];
    scene.sqs().send(&scene.from_url, &messages);
    scene
}

#[test]
fn each_filter_chooses() {
    let table: [(&[&str], usize); 9] = [
        (&["--filter-body", "ann|plain"], 2),
        (&["--filter-attr", "type=^LogData$"], 2),
        (&["--filter-attr", "type=^LogData$", "--filter-attr", "id=CloudTrail"], 1),
        (&["--filter-jsonpath", "$.user[?@ == 'bob']"], 1),
        (&["--filter-jsonpath", "$.user.name"], 2),
        (&["--filter-body", "ann|plain", "--invert"], 2),
        (&["--older-than", "1h"], 0),
        (&["--newer-than", "1h"], 4),
        (&["--source-arn", "some-queue"], 0),
    ];
    for (flags, expected) in table {
        let scene = scene();
        let outcome = scene.moving(flags).run();
        let report = report(outcome.code(0));
        assert_eq!((number(&report, "done"), number(&report, "left")), (expected as u64, 0), "{flags:?}");
        assert_eq!(number(&report, "filtered_out"), 4 - expected as u64, "{flags:?}");
        let counts = scene.sqs().counts(&scene.from_url);
        assert_eq!((counts.visible, counts.in_flight), (4 - expected, 0), "{flags:?}: given back at once");
        assert_eq!(scene.drained().at_target.len(), expected, "{flags:?}");
    }
}

#[test]
fn filters_that_cannot_be_read_are_usage_errors() {
    let table: [&[&str]; 7] = [
        &["--filter-body", "("],
        &["--filter-attr", "type"],
        &["--filter-attr", "=x"],
        &["--filter-jsonpath", "user"],
        &["--older-than", "soon"],
        &["--older-than", "2h", "--newer-than", "1h"],
        &["--invert"],
    ];
    for flags in table {
        // Two sides of time that leave nothing: newer than an hour and older than two is empty.
        let scene = Scene::new();
        scene.moving(flags).run().code(2);
    }
}
