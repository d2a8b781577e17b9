//! From files into a folder.

use std::collections::{BTreeMap, BTreeSet};

use super::{Scene, counts, door, doors, gzip, pipe, summary, visit};
use crate::support::tool;

/// An event of CloudTrail with all that its type requires.
const TRAIL: &str = concat!(
    r#"{"eventVersion":"1.08","userIdentity":{"type":"Root","accountId":"111122223333"},"eventTime":"2026-01-05T08:15:30Z","#,
    r#""eventSource":"ec2.amazonaws.com","eventName":"StopInstances","awsRegion":"eu-west-1","sourceIPAddress":"203.0.113.24","#,
    r#""userAgent":"aws-cli/2.15.0","requestParameters":null,"responseElements":null,"requestID":"r","#,
    r#""eventID":"b7f7ea2c-0c7c-44c1-8d0c-0a0f0d7f4a11","readOnly":false,"eventType":"AwsApiCall","#,
    r#""recipientAccountId":"111122223333"}"#
);

#[test]
fn what_goes_in_comes_out_by_type_and_hour() {
    let scene = Scene::new();
    let mut expected = BTreeMap::<(String, String), usize>::new();
    let mut files = vec![String::new(); 4];
    for number in 0..4_000 {
        // Hours out of order, and among them one that is days late.
        let hour = [5, 3, 29, 5][number % 4] + number / 1_000;
        files[number % 3] += &door(number, hour, "plain");
        let (day, hour) = (hour / 24 + 1, hour % 24);
        *expected.entry(("custom_door".to_owned(), format!("2026-01-{day:02} {hour:02}"))).or_default() += 1;
    }
    for hour in 0..20 {
        files[3] += &visit(hour);
        expected.insert(("apache_accesscommon".to_owned(), format!("2026-01-05 {hour:02}")), 1);
    }
    scene.input("a/plain.log", &files[0]);
    scene.input("a/deep/er/packed.gz", gzip(&files[1]));
    scene.input("zstd", zstd::encode_all(files[2].as_bytes(), 0).expect("in memory"));
    scene.input("visits.log", &files[3]);
    scene.input(".hidden", "this is not read\n");

    let outcome = scene.run().args(["--source-id", "id-1", "--source-label", "Doors & more"]).run();

    outcome.code(0);
    let stored = scene.stored();
    assert_eq!(counts(&stored), expected);
    assert_eq!(doors(&stored), (0..4_000).collect::<Vec<_>>());
    assert_eq!(stored.len(), expected.len(), "one object for each type and hour");
    assert_eq!((summary(&outcome, "done"), summary(&outcome, "objects")), (4_020, expected.len() as u64));
    assert_eq!((summary(&outcome, "inputs"), summary(&outcome, "failed")), (4, 0));
    let events = stored.iter().flat_map(|object| &object.events);
    let rows: BTreeSet<&str> = events.clone().filter_map(|event| event["p_row_id"].as_str()).collect();
    assert_eq!(rows.len(), 4_020, "no row id comes twice");
    assert!(events.clone().all(|event| event["p_source_id"] == "id-1" && event["p_source_label"] == "Doors & more"));
    let report = outcome.stdout_json();
    let types: Vec<_> = report["log_types"].as_array().expect("a table").iter().collect();
    let of = |name: &str, figure: &str| {
        types.iter().find(|row| row["log_type"] == name).and_then(|row| row[figure].as_u64()).unwrap_or_default()
    };
    assert_eq!((of("Custom.Door", "logs"), of("Custom.Door", "events_stored")), (4_000, 4_000));
    assert_eq!((of("Apache.AccessCommon", "events"), of("Apache.AccessCommon", "objects")), (20, 20));
}

#[test]
fn streams_are_cut_as_pantherlog_cuts_them() {
    for (flags, text) in [
        (
            &["--stream", "json-array", "--json-array-envelope-field", "a"][..],
            format!("{{\"a\":[{},{}]}}", door(1, 1, "x"), door(2, 1, "x")),
        ),
        (
            &["--stream", "xml", "--xml-root-element", "all"],
            (1..=2)
                .map(|door| format!("<e><at>2026-01-01T01:00:00Z</at><door>{door}</door></e>"))
                .fold("<all>".to_owned(), |all, one| all + &one)
                + "</all>",
        ),
    ] {
        let scene = Scene::new();
        scene.input("a", text);
        scene.run().args(flags.iter().copied()).run().code(0);
        assert_eq!(doors(&scene.stored()), [1, 2], "{flags:?}");
    }
}

#[test]
fn a_second_run_adds_objects_and_replaces_none() {
    let scene = Scene::new();
    scene.input("a.log", door(1, 7, "x"));
    scene.run().run().code(0);
    scene.run().run().code(0);
    assert_eq!(doors(&scene.stored()), [1, 1]);
    assert_eq!(scene.stored().len(), 2);
}

#[test]
fn without_names_all_built_in_types_are_candidates() {
    let scene = Scene::new();
    scene.input("mixed.log", format!("{TRAIL}\n{}", visit(3)));
    let (inputs, lake) = (scene.inputs(), scene.lake());
    let outcome =
        tool("logprocessor").home(&scene.home).args([inputs.as_os_str(), "--out".as_ref(), lake.as_os_str()]).run();
    outcome.code(0);
    let tables: BTreeSet<String> = scene.stored().into_iter().map(|object| object.table).collect();
    assert!(tables.contains("aws_cloudtrail") && tables.len() == 2, "{tables:?}");
}

#[test]
fn files_of_cloudtrail_are_split_by_their_records() {
    let scene = Scene::new();
    let document = format!("{{\"Records\":[{TRAIL},{TRAIL}]}}");
    scene.input("111122223333_CloudTrail_eu-west-1_20260105T0820Z_abc.json.gz", gzip(document));
    scene.run().args(["--log-types", "AWS.CloudTrail"]).run().code(0);
    assert_eq!(counts(&scene.stored())[&("aws_cloudtrail".to_owned(), "2026-01-05 08".to_owned())], 2);
}

#[test]
fn a_limit_takes_the_first_inputs() {
    let scene = Scene::new();
    (0..5).for_each(|number| drop(scene.input(&format!("{number}.log"), door(number, 1, ""))));
    scene.run().args(["--limit", "2"]).run().code(0);
    assert_eq!(doors(&scene.stored()), [0, 1]);
}

#[test]
fn a_dry_run_counts_and_writes_nothing() {
    let scene = Scene::new();
    scene.input("a.log", door(1, 1, ""));
    scene.input("b.log", door(2, 1, ""));
    let outcome = scene.run().args(["--dry-run"]).run();
    outcome.code(0);
    assert_eq!(outcome.stdout_json()["plan"]["estimate"]["items"], 2);
    let inputs = scene.inputs();
    let text = scene.tool().args([inputs.as_os_str()]).args(["--out", "none", "--dry-run"]).run();
    text.code(0).stdout_has("INPUTS\tBYTES\n2\t");
    assert!(!scene.lake().exists());
}

#[test]
fn pipes_and_unfinished_files_below_a_folder_are_passed_over() {
    let scene = Scene::new();
    let unfinished = scene.input("a.log.partial", door(1, 1, ""));
    scene.input("c.log", door(2, 1, ""));
    pipe(&scene, "b.log");
    let outcome = scene.run().run();
    outcome.code(0);
    assert_eq!(doors(&scene.stored()), [2]);
    assert_eq!((summary(&outcome, "inputs"), summary(&outcome, "inputs_passed_over")), (1, 2));
    scene.run_on(&[&unfinished]).run().code(0);
    assert_eq!(doors(&scene.stored()), [1, 2], "named by itself it is wanted");
}

#[test]
fn the_report_names_each_object_so_that_a_run_can_be_undone() {
    let scene = Scene::new();
    scene.input("a.log", door(1, 1, "") + &door(2, 1, "") + &door(3, 2, "") + &visit(3));
    scene.run().run().code(0);
    let report = scene.home.path().join("report");
    let (inputs, lake) = (scene.inputs(), scene.lake());
    let told = ["--out".as_ref(), lake.as_os_str(), "-o".as_ref(), report.as_os_str(), "-q".as_ref()];
    scene.tool().args([inputs.as_os_str()]).args(told).run().code(0);
    let report = std::fs::read_to_string(report).expect("the report");
    let rows = report.lines().filter(|line| line.starts_with(lake.to_str().expect("UTF-8")));
    let rows: Vec<Vec<&str>> = rows.map(|line| line.split('\t').collect()).collect();
    let column = |name: &str| {
        let header = report.lines().find(|line| line.contains("OBJECT\t")).unwrap_or_else(|| panic!("{report}"));
        header.split('\t').position(|title| title == name).expect("a column")
    };
    let events: u64 = rows.iter().map(|row| row[column("EVENTS")].parse::<u64>().expect("a number")).sum();
    assert_eq!((rows.len(), events), (3, 4), "{report}");
    rows.iter().for_each(|row| std::fs::remove_file(row[column("OBJECT")]).expect("the object"));
    assert_eq!(scene.stored().len(), 3, "those of the first run stay");
}
