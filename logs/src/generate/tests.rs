//! Properties of whole types: what is generated is accepted by its own parser, the same seed gives the same bytes, sizes are exact.

use super::*;
use crate::parse::catalogue;
use crate::parse::event::{Origin, Run};
use crate::parse::layout::Encoding;
use crate::parse::native::Now;
use crate::parse::pipeline::{Output, Pipeline, Rejected};
use crate::parse::row_id::RowIds;
use crate::parse::sink::Sink;
use crate::parse::stream::Options;
use crate::schema::{Mode, Schema, read};
use crate::time::Clock;

/// 2024-03-05T08, a leap year's day with one digit.
const HOUR: i64 = 474_896;

const SEEDS: [u64; 3] = [0, 7, u64::MAX];

#[derive(Default)]
struct Seen {
    times: Vec<(i64, u32)>,
    rejected: Vec<Rejected>,
}

impl Output for Seen {
    type Stop = std::convert::Infallible;

    fn events(&mut self, events: &Sink) -> Result<(), Self::Stop> {
        self.times.extend(events.marks.iter().map(|mark| (mark.time.seconds, mark.time.nanos)));
        Ok(())
    }

    fn rejected(&mut self, rejected: Rejected) -> Result<(), Self::Stop> {
        self.rejected.push(rejected);
        Ok(())
    }
}

fn built_in() -> Vec<Schema> {
    catalogue::names().map(|name| catalogue::built_in(name).expect("built in")).collect()
}

fn custom(yaml: &str) -> Schema {
    let mut reading = read("test.yml", yaml, Mode::Public, &crate::parse::judgement::JUDGEMENT);
    assert!(reading.documents.len() == 1, "{:?}", reading.problems);
    reading.documents.remove(0).schema
}

fn file(recipe: &Recipe, pools: &Pools, seed: u64, size: Size) -> (Vec<u8>, u64, u64) {
    let plan = FilePlan { recipe: 0, hour: HOUR, number: 1, size };
    let contents = Contents { seed, spread: Spread::Poisson, malformed: 0.0 };
    made(&plan, recipe, pools, contents, 1 << 14)
}

fn made(plan: &FilePlan, recipe: &Recipe, pools: &Pools, contents: Contents, portion: usize) -> (Vec<u8>, u64, u64) {
    let mut rows = FileRows::new(plan, recipe, pools, contents);
    let (mut whole, mut part) = (Vec::new(), Vec::new());
    loop {
        part.clear();
        let more = rows.fill(portion, &mut part);
        whole.extend_from_slice(&part);
        if !more {
            assert_eq!(rows.bytes, whole.len() as u64);
            return (whole, rows.rows, rows.malformed);
        }
    }
}

fn parsed(schema: &Schema, bytes: &[u8]) -> Seen {
    let now = Now { year: 2024, month: 11 };
    let parsers = catalogue::parsers(std::slice::from_ref(schema), Encoding::DataLake, now).expect("ready");
    let classifier = crate::parse::classify::Classifier::new(parsers);
    let (origin, row_ids) = (Origin::default(), RowIds::new([0; 6], 0));
    let run = Run { origin: &origin, row_ids: &row_ids };
    let mut pipeline = Pipeline { classifier, threads: 1, run, clock: Clock::System };
    let mut seen = Seen::default();
    let (_, ended) = pipeline.parse("file", bytes, Options::default(), true, &mut seen);
    assert!(ended.is_ok());
    seen
}

#[test]
fn the_templates_are_those_of_built_in_types_and_all_compile() {
    for name in forms::names() {
        assert!(catalogue::built_in(name).is_some(), "{name}");
        for template in forms::rows(name).expect("it has templates") {
            assert!(Program::template(&template).is_ok(), "{name}: {:?}", Program::template(&template));
        }
    }
}

#[test]
fn each_type_accepts_each_row_and_knows_its_hour() {
    let mut wrong = Vec::new();
    for schema in built_in() {
        let pools = Pools::new(5);
        let recipe = match Recipe::new(&schema, &pools) {
            Ok(recipe) => recipe,
            Err(unwritable) => {
                wrong.push(unwritable.to_string());
                continue;
            }
        };
        for seed in SEEDS {
            let (bytes, rows, _) = file(&recipe, &pools, seed, Size::Rows(300));
            let seen = parsed(&schema, &bytes);
            if let Some(rejected) = seen.rejected.first() {
                wrong.push(format!("{}: {}: {}", schema.name, rejected.why, String::from_utf8_lossy(&rejected.bytes)));
            }
            assert_eq!(rows, 300);
            if seen.times.len() != 300 {
                wrong.push(format!("{}: {} events", schema.name, seen.times.len()));
            }
            let within = |(seconds, _): &(i64, u32)| seconds.div_euclid(3_600) == HOUR;
            if !schema.name.starts_with("Lacework") && !seen.times.iter().all(within) {
                wrong.push(format!("{}: an event of another hour: {:?}", schema.name, seen.times.first()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_same_seed_gives_the_same_bytes_whatever_the_portions() {
    for schema in built_in() {
        let pools = Pools::new(5);
        let recipe = Recipe::new(&schema, &pools).expect("a recipe");
        let plan = FilePlan { recipe: 0, hour: HOUR, number: 3, size: Size::Rows(40) };
        let contents = Contents { seed: 5, spread: Spread::Uniform, malformed: 0.1 };
        let one = made(&plan, &recipe, &pools, contents, 1);
        assert_eq!(one, made(&plan, &recipe, &Pools::new(5), contents, 1 << 20), "{}", schema.name);
        let other = made(&FilePlan { number: 4, ..plan }, &recipe, &pools, contents, 1 << 20);
        assert_ne!(one.0, other.0, "{}", schema.name);
    }
}

#[test]
fn sizes_are_exact_and_padding_is_no_reject() {
    for schema in built_in() {
        let pools = Pools::new(5);
        let recipe = Recipe::new(&schema, &pools).expect("a recipe");
        for bytes in [recipe.smallest_file(), 54_321, 100_000] {
            let bytes = bytes.max(recipe.smallest_file());
            let (made, rows, _) = file(&recipe, &pools, 9, Size::Bytes(bytes));
            assert_eq!(made.len() as u64, bytes, "{}", schema.name);
            let seen = parsed(&schema, &made);
            assert_eq!((seen.rejected.len(), seen.times.len() as u64), (0, rows), "{}", schema.name);
        }
    }
}

#[test]
fn sizes_are_exact_where_each_row_is_a_log_of_its_own() {
    for schema in built_in() {
        let pools = Pools::new(5);
        let recipe = Recipe::new(&schema, &pools).expect("a recipe");
        for bytes in [recipe.smallest_file(), 54_321] {
            let bytes = bytes.max(recipe.smallest_file());
            let plan = FilePlan { recipe: 0, hour: HOUR, number: 1, size: Size::Bytes(bytes) };
            let contents = Contents { seed: 9, spread: Spread::Uniform, malformed: 0.0 };
            let (mut rows, mut log, mut sent) = (FileRows::new(&plan, &recipe, &pools, contents), Vec::new(), 0);
            let mut last = Vec::new();
            while rows.next_log(&mut log).is_some() {
                sent += log.len() as u64;
                last = std::mem::take(&mut log);
            }
            assert_eq!((sent, rows.bytes), (bytes, bytes), "{}", schema.name);
            let seen = parsed(&schema, &last);
            assert_eq!((seen.rejected.len(), seen.times.len()), (0, 1), "{}: the one with blanks", schema.name);
        }
    }
}

#[test]
fn broken_rows_are_rejected_and_no_others() {
    let pools = Pools::new(5);
    let mut unbreakable = Vec::new();
    for schema in built_in() {
        let (recipe, name) = (Recipe::new(&schema, &pools).expect("a recipe"), schema.name.as_str());
        if recipe.can_be_broken(&schema, &pools).is_err() {
            unbreakable.push(name.to_owned());
            continue;
        }
        let plan = FilePlan { recipe: 0, hour: HOUR, number: 3, size: Size::Rows(400) };
        let contents = Contents { seed: 5, spread: Spread::Uniform, malformed: 0.25 };
        let (bytes, rows, malformed) = made(&plan, &recipe, &pools, contents, 1 << 20);
        assert!(rows == 400 && (60..140).contains(&malformed), "{name}: {malformed}");
        let seen = parsed(&schema, &bytes);
        assert_eq!((seen.rejected.len() as u64, seen.times.len() as u64), (malformed, rows - malformed), "{name}");
    }
    assert_eq!(unbreakable, ["AWS.CloudTrailInsight", "Juniper.Access"], "rows that cannot be rejected one by one");
}

#[test]
fn the_forms_of_the_original_types_are_kept() {
    let pools = Pools::new(5);
    let first = |name: &str| {
        let recipe = Recipe::new(&catalogue::built_in(name).expect("built in"), &pools).expect("a recipe");
        String::from_utf8(file(&recipe, &pools, 1, Size::Rows(1)).0).expect("UTF-8")
    };
    let access = first("AWS.S3ServerAccess");
    let widths: Vec<usize> = access.trim_end().split(' ').map(str::len).collect();
    assert_eq!(widths.len(), 25);
    assert_eq!(
        [&widths[..2], &widths[5..10], &widths[11..12], &widths[16..24]].concat(),
        [64, 64, 64, 64, 16, 64, 64, 8, 64, 64, 8, 64, 8, 16, 64, 32]
    );
    assert!(access.contains(" [5/Mar/2024:08:"), "the day has no zero before it");
    let trail: serde_json::Value = serde_json::from_str(&first("AWS.CloudTrail")).expect("one document");
    let event = &trail["Records"][0];
    let nulls = ["errorCode", "errorMessage", "managementEvent", "sharedEventID"];
    assert!(nulls.iter().all(|key| event.get(key).is_some_and(serde_json::Value::is_null)), "{event}");
    assert_eq!(event["resources"].as_array().map(Vec::len), Some(2));
    assert!(event["recipientAccountId"].as_str().is_some_and(|account| account.starts_with("00")));
    let teleport: serde_json::Value = serde_json::from_str(&first("Gravitational.TeleportAudit")).expect("a line");
    assert_eq!(teleport["participants"].as_array().map(Vec::len), Some(3));
}

#[test]
fn custom_schemas_are_written_by_their_own_rules() {
    let json = r"
schema: Custom.Json
fields:
  - {name: when, type: timestamp, timeFormats: [unix_ms], isEventTime: true, required: true}
  - {name: level, type: string, required: true, validate: {allow: [low, 'in between', high]}}
  - {name: net, type: string, validate: {cidr: any}, required: true}
  - {name: small, type: smallint, required: true}
  - {name: renamed, type: string, rename: {from: '@odd name'}, required: true}
  - {name: list, type: array, required: true, element: {type: object, fields: [{name: ip, type: string, indicators: [ip], required: true}]}}
";
    let csv = "schema: Custom.Csv\nparser:\n  csv:\n    delimiter: ','\n    columns: [time, who, agent, n]\nfields:\n  - {name: time, type: timestamp, timeFormats: ['%Y-%m-%d %H:%M:%S'], isEventTime: true, required: true}\n  - {name: who, type: string, required: true}\n  - {name: agent, type: string}\n  - {name: n, type: bigint, required: true}\n";
    let matched = "schema: Custom.Match\nparser:\n  fastmatch:\n    match:\n      - '[%{time}] %{level}: %{message}'\nfields:\n  - {name: time, type: timestamp, timeFormats: [rfc3339], isEventTime: true, required: true}\n  - {name: level, type: string, required: true}\n  - {name: message, type: string, required: true}\n";
    let joined = "schema: Custom.Joined\nfields:\n  - {name: at, type: timestamp, timeFormats: [rfc3339], isEventTime: true, required: true}\n  - {name: both, type: string, concat: {separator: '-', paths: [v, n, other]}}\n  - {name: v, type: string, required: true, validate: {allow: [a, b]}}\n  - {name: n, type: bigint, required: true}\n";
    for yaml in [json, csv, matched, joined] {
        let (schema, pools) = (custom(yaml), Pools::new(1));
        let recipe = Recipe::new(&schema, &pools).unwrap_or_else(|why| panic!("{why}"));
        let (bytes, ..) = file(&recipe, &pools, 2, Size::Rows(100));
        let seen = parsed(&schema, &bytes);
        assert_eq!((seen.rejected.len(), seen.times.len()), (0, 100), "{}", schema.name);
    }
}

#[test]
fn what_cannot_be_written_is_refused_with_the_reason() {
    let regex = "schema: Custom.Regex\nparser:\n  regex:\n    match:\n      - '^(?P<who>\\w+)$'\nfields:\n  - {name: who, type: string}\n";
    let never = "schema: Custom.Never\nparser:\n  fastmatch:\n    match:\n      - '%{at} %{who}'\nfields:\n  - {name: at, type: timestamp, timeFormats: ['%Y-%m-%d %H:%M:%S'], required: true}\n  - {name: who, type: string}\n";
    for (yaml, why) in [(regex, "regular expressions"), (never, "rejects")] {
        let refused = Recipe::new(&custom(yaml), &Pools::new(1)).expect_err("refused").to_string();
        assert!(refused.contains(why), "{refused}");
    }
}

#[test]
fn a_schedule_of_bytes_adds_up_and_takes_turns() {
    let pools = Pools::new(5);
    let recipe = |name: &str| Recipe::new(&catalogue::built_in(name).expect("built in"), &pools).expect("a recipe");
    let recipes = [recipe("AWS.ALB"), recipe("Okta.SystemLog")];
    for total in [20_000, 1_000_003, 77_777_777] {
        let schedule = Schedule::new(HOUR, 3, Amount::Bytes(total, vec![100, 100]), Spread::Diurnal, &recipes);
        let files: Vec<FilePlan> = schedule.files().collect();
        let sizes = files.iter().map(|file| match file.size {
            Size::Bytes(bytes) => bytes,
            Size::Rows(_) => 0,
        });
        assert_eq!((sizes.clone().sum::<u64>(), files.len() as u64), (total, schedule.count()));
        for file in &files {
            let smallest = recipes[file.recipe].smallest_file();
            assert!(matches!(file.size, Size::Bytes(size) if size >= smallest), "{total}: {file:?}");
        }
        let distinct: std::collections::BTreeSet<_> =
            files.iter().map(|file| (file.recipe, file.hour, file.number)).collect();
        assert_eq!(distinct.len(), files.len());
    }
    let files = |total: u64, rows: u64| {
        let amount = Amount::Bytes(total, vec![rows, rows]);
        let schedule = Schedule::new(HOUR, 2, amount, Spread::Uniform, &recipes);
        let places: Vec<_> = schedule.files().map(|file| (file.recipe, file.hour, file.number)).collect();
        (places, schedule.first_without(), schedule.fewest_bytes_for_all())
    };
    let all = [(0, HOUR, 0), (1, HOUR, 0), (0, HOUR + 1, 0), (1, HOUR + 1, 0)];
    let (places, without, fewest) = files(200_000, 1_000_000);
    assert_eq!((places.as_slice(), without), (&all[..], None), "less than one usual file is shared all the same");
    assert_eq!(files(fewest, 1).0, all, "as little as suffices for all");
    let (places, without, _) = files(fewest - 1, 1_000);
    assert_eq!((places.as_slice(), without), (&all[..3], Some(3)), "what is too little for all says who gets nothing");
    let schedule = Schedule::new(HOUR, 2, Amount::Files(vec![(2, 10), (1, 5)]), Spread::Uniform, &recipes);
    assert_eq!((schedule.files().count(), schedule.count(), schedule.rows()), (6, 6, Some(50)));
}

#[test]
fn keys_are_as_each_layout_has_them() {
    let pools = Pools::new(5);
    let recipe = Recipe::new(&catalogue::built_in("AWS.CloudTrail").expect("built in"), &pools).expect("a recipe");
    let file = FilePlan { recipe: 0, hour: HOUR, number: 3, size: Size::Rows(1) };
    let key = |layout: &str, prefix: &str| {
        Layout::parse(layout).expect("a layout").name(prefix, &recipe, &file, 1, ".gz").key
    };
    let default = key("default", "a/b/");
    let name = default.strip_prefix("a/b/AWS.CloudTrail/2024-03-05T08/").expect("the original's folders");
    let id = name.strip_prefix("111122223333_CloudTrail_us-east-2_20240305T0800Z_").expect("CloudTrail's name");
    assert!(id.strip_suffix(".json.gz").is_some_and(|id| id.len() == 32), "{id}");
    let aws = key("aws", "");
    assert_eq!(aws, format!("AWSLogs/111122223333/CloudTrail/us-east-2/2024/03/05/{name}"));
    assert_eq!(key("{yyyy}{mm}{dd}-{hh}/{log_type}-{number}", ""), "20240305-08/AWS.CloudTrail-3");
    for wrong in ["x", "{file}{nothing}", "{file}}", "{file}{"] {
        assert!(Layout::parse(wrong).is_err(), "{wrong}");
    }
    assert!(Layout::Aws.has("AWS.VPCFlow") && !Layout::Aws.has("Okta.SystemLog"));
}
