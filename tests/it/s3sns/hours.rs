//! Data types, log types and hours are folders: only those that are meant are listed.

use std::collections::BTreeSet;

use super::{HOUR, Scene, estimate, summary};
use crate::support::FaultProxy;

const TABLES: [&str; 3] = ["logs/aws_cloudtrail", "logs/okta_systemlog", "rules/aws_cloudtrail"];

/// Three tables with two days of 24 hours each.
fn scene() -> Scene {
    let scene = Scene::new();
    let hours = || (1..=2).flat_map(|day| (0..24).map(move |hour| (day, hour)));
    scene.put(TABLES.iter().flat_map(|table| {
        hours().map(move |(day, hour)| {
            let rule = if table.starts_with("rules") { "rule_id=r/" } else { "" };
            format!("{table}/year=2026/month=03/day={day:02}/hour={hour:02}/{rule}f.json.gz")
        })
    }));
    scene
}

/// The prefixes that were listed.
fn listed(proxy: &FaultProxy) -> Vec<String> {
    let calls = proxy.log().into_iter().filter(|call| call.action == "ListObjectsV2");
    let prefix = |target: &str| {
        let field = target.split(['?', '&']).find_map(|field| field.strip_prefix("prefix="));
        percent_encoding::percent_decode_str(field.unwrap_or_default()).decode_utf8_lossy().into_owned()
    };
    calls.map(|call| prefix(&call.target)).collect()
}

#[test]
fn only_the_hours_that_are_meant_are_listed() {
    let scene = scene();
    let s3 = FaultProxy::before(&scene.sandbox.endpoint("s3"));
    let line = ["--log-types", "AWS.CloudTrail", "--data-types", "LogData"];
    let range = ["--start", "2026-03-01T22", "--end", "2026-03-02T01"];
    let tool = scene.whole().env("AWS_ENDPOINT_URL_S3", s3.url());
    let outcome = tool.args(line).args(range).args(["--json"]).run();
    outcome.code(0);
    let heard = scene.arrived(&scene.open);
    let hours: Vec<String> = [(1, 22), (1, 23), (2, 0)]
        .map(|(day, hour)| format!("logs/aws_cloudtrail/year=2026/month=03/day={day:02}/hour={hour:02}/"))
        .to_vec();
    assert_eq!(
        heard.keys().cloned().collect::<Vec<_>>(),
        hours.iter().map(|hour| format!("{hour}f.json.gz")).collect::<Vec<_>>()
    );
    let listed = listed(&s3);
    let of_hours: Vec<&String> = listed.iter().filter(|prefix| prefix.contains("/hour=")).collect();
    assert_eq!(of_hours.iter().copied().collect::<BTreeSet<_>>(), hours.iter().collect(), "{listed:?}");
    assert!(of_hours.len() <= 2 * 3, "the lister may look at the end of a folder, too: {listed:?}");
    assert!(listed.iter().all(|prefix| prefix.starts_with("logs/aws_cloudtrail/")), "{listed:?}");
    assert_eq!(listed.len(), of_hours.len() + 5, "beside them the table, its year, month and two days: {listed:?}");
}

#[test]
fn whole_days_are_listed_as_one() {
    let scene = scene();
    let s3 = FaultProxy::before(&scene.sandbox.endpoint("s3"));
    let tool = scene.tool().env("AWS_ENDPOINT_URL_S3", s3.url()).args(["--s3path", &scene.path("rules/")]);
    let outcome = tool.args(["--start", "2026-03-02", "--end", "2026-03-03", "--json"]).run();
    outcome.code(0);
    assert_eq!(summary(&outcome, "done"), 24);
    assert!(
        !listed(&s3).iter().any(|prefix| prefix.contains("/hour=") || prefix.contains("day=01")),
        "{:?}",
        listed(&s3)
    );
}

#[test]
fn types_choose_folders() {
    let scene = scene();
    let table: [(&[&str], u64); 8] = [
        (&[], 144),
        (&["--data-types", "LogData"], 96),
        (&["--data-types", "rules"], 48),
        (&["--data-types", "RuleMatches,RuleErrors"], 48),
        (&["--log-types", "AWS.CloudTrail"], 96),
        (&["--log-types", "Okta.SystemLog", "--log-types", "AWS.CloudTrail"], 144),
        (&["--log-types", "Okta.SystemLog", "--data-types", "RuleMatches"], 0),
        (&["--start", "2026-03-02T23:30", "--end", "2026-03-02T23:31"], 3),
    ];
    for (flags, expected) in table {
        let outcome = scene.whole().args(flags).args(["--dry-run", "--json"]).run();
        outcome.code(0);
        assert_eq!(estimate(&outcome), expected, "{flags:?}: {outcome}");
    }
}

#[test]
fn a_path_that_holds_nothing_of_it_is_a_usage_error() {
    let scene = Scene::with_logs(1);
    let outcome = scene.tool().args(["--s3path", &scene.path("logs/"), "--data-types", "RuleMatches"]).run();
    outcome.code(2).stderr_has("holds nothing").stderr_has("s3://bucket/");
}

#[test]
fn keys_of_lists_are_chosen_by_their_own_hours() {
    let scene = scene();
    let rows: String = TABLES
        .iter()
        .flat_map(|table| (0..24).map(move |hour| format!("{table}/year=2026/month=03/day=01/hour={hour:02}/")))
        .map(|folder| {
            format!(
                "s3://{}/{folder}{}f.json.gz\n",
                scene.bucket,
                if folder.starts_with("rules") { "rule_id=r/" } else { "" }
            )
        })
        .collect();
    let file = scene.home.write("list", rows).display().to_string();
    let line = ["--from-file", &file, "--data-types", "LogData", "--start", "2026-03-01T20", "--json"];
    let outcome = scene.tool().args(line).run();
    outcome.code(0);
    assert_eq!((summary(&outcome, "done"), summary(&outcome, "filtered")), (8, 64));
}

#[test]
fn relative_hours_are_resolved_once() {
    let scene = Scene::with_logs(1);
    let ancient = format!("logs/aws_cloudtrail/{}/x", HOUR.replace("2026", "2020"));
    scene.put([ancient.clone()]);
    let outcome = scene.whole().args(["--start", "2d ago", "--json"]).run();
    outcome.code(0);
    assert!(!scene.arrived(&scene.open).contains_key(&ancient));
}
