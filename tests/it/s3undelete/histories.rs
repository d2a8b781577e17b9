//! Random histories against a model: exactly the keys that the table says come back, and after an undo each shows what it
//! showed before.

use std::collections::BTreeSet;

use super::bucket::{Data, Entry, Keys, NAME, data, marker};
use super::{Scene, summary};
use crate::support::faults;

/// What one run is asked for.
#[derive(Clone, Debug)]
struct Asked {
    start: Option<i64>,
    end: Option<i64>,
    deep: bool,
}

impl Asked {
    fn random(dice: &mut fastrand::Rng) -> Self {
        let start = dice.bool().then(|| dice.i64(0..60));
        let end = dice.bool().then(|| start.unwrap_or(0) + dice.i64(1..60));
        Self { start, end, deep: dice.bool() }
    }

    fn line(&self) -> Vec<String> {
        let time = |second: i64| jiff::Timestamp::from_second(second).expect("a second").to_string();
        let mut line = Vec::new();
        line.extend(self.start.map(|start| format!("--since={}", time(start))));
        line.extend(self.end.map(|end| format!("--until={}", time(end))));
        line.extend(self.deep.then(|| "--deep".to_owned()));
        line
    }
}

const ALPHABET: [&str; 8] = ["a", "b", "/", " ", "%", "+", "ü", "&"];

/// Keys of one to four letters below `p/`, each with one to six versions, the newest first; at most one has the id `null`.
fn random_keys(dice: &mut fastrand::Rng) -> Keys {
    let mut keys = Keys::new();
    for number in 0..dice.usize(0..14) {
        let name: String = (0..dice.usize(1..5)).map(|_| ALPHABET[dice.usize(..ALPHABET.len())]).collect();
        let count = dice.usize(1..7);
        let mut seconds: Vec<i64> = (0..count).map(|_| dice.i64(0..80)).collect();
        seconds.sort_unstable_by(|one, other| other.cmp(one));
        let null = dice.usize(..count * 2);
        let entry = |(place, second): (usize, i64)| {
            let id = if place == null { "null".to_owned() } else { format!("{number}-{place}") };
            match dice.u8(..10) {
                0..6 => marker(&id, second),
                6 => Entry { id, second, data: Some(Data { size: 0, class: "STANDARD" }) },
                7 => Entry { id, second, data: Some(Data { size: 7, class: "DEEP_ARCHIVE" }) },
                _ => data(&id, second),
            }
        };
        keys.insert(format!("p/{name}"), seconds.into_iter().enumerate().map(entry).collect());
    }
    keys
}

/// The model, written as the rule is spoken: go down from the top; every marker met must be one that was asked for, and
/// something must lie beneath.
fn comes_back(entries: &[Entry], asked: &Asked) -> bool {
    let mut met_wanted = false;
    let mut met_older = false;
    for entry in entries {
        if entry.data.is_some() {
            return met_wanted && (!met_older || asked.deep);
        }
        if asked.end.is_some_and(|end| entry.second >= end) {
            return false;
        }
        if asked.start.is_some_and(|start| entry.second < start) {
            met_older = true;
        } else {
            met_wanted = true;
        }
    }
    false
}

fn without_markers(entries: &[Entry]) -> Vec<Entry> {
    entries.iter().skip_while(|entry| entry.data.is_none()).cloned().collect()
}

fn expected(before: &Keys, asked: &Asked) -> Keys {
    let one = |(key, entries): (&String, &Vec<Entry>)| {
        let after = if comes_back(entries, asked) { without_markers(entries) } else { entries.clone() };
        (key.clone(), after)
    };
    before.iter().map(one).collect()
}

fn lines(path: &std::path::Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let key =
        |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("JSON")["key"].as_str().map(str::to_owned);
    text.lines().map(|line| key(line).expect("a key")).collect()
}

#[test]
fn exactly_the_keys_of_the_table_come_back_and_go_again() {
    let seed = std::env::var("OPSTOOLS_FAULT_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    for round in seed..seed + faults(20, 400) as u64 {
        let mut dice = fastrand::Rng::with_seed(round);
        let (before, asked, page) = (random_keys(&mut dice), Asked::random(&mut dice), dice.usize(1..9));
        let case = format!("OPSTOOLS_FAULT_SEED={round}: {asked:?}, pages of {page}, {before:#?}");
        let scene = Scene::with(before.clone(), page);
        if dice.bool() {
            scene.bucket.state().versioning = "Suspended".to_owned();
        }
        let shown_before = scene.bucket.shown();
        let (orphans, list) = (scene.home.path().join("orphans"), scene.home.path().join("restored"));
        let files = ["--orphans", orphans.to_str().expect("text"), "--restored", list.to_str().expect("text")];
        let outcome =
            scene.undelete().args(asked.line()).args(files).args(["--allow-suspended", "--verify", "all"]).run();
        assert_eq!(outcome.code, Some(0), "{case}\n{outcome}");
        let after = expected(&before, &asked);
        assert_eq!(scene.bucket.keys(), after, "{case}\n{outcome}");
        scene.assert_harmless();
        let back: BTreeSet<String> = before.keys().filter(|key| comes_back(&before[*key], &asked)).cloned().collect();
        assert_eq!(summary(&outcome, "done"), back.len() as u64, "{case}");
        assert_eq!(summary(&outcome, "verified"), back.len() as u64, "{case}");
        let is_empty = |key: &String| {
            key.ends_with('/') || without_markers(&before[key])[0].data.as_ref().is_some_and(|data| data.size == 0)
        };
        assert_eq!(lines(&list), back.iter().filter(|key| !is_empty(key)).cloned().collect(), "{case}");
        let orphan = |entries: &Vec<Entry>| entries.iter().all(|entry| entry.data.is_none());
        let expected_orphans: BTreeSet<String> =
            before.iter().filter(|(_, entries)| orphan(entries)).map(|(key, _)| key.clone()).collect();
        assert_eq!(lines(&orphans), expected_orphans, "{case}");
        // Where versioning is suspended, a delete removes the version `null`: what has data in it must stay.
        let suspended = scene.bucket.state().versioning == "Suspended";
        let null_data = |key: &String| before[key].iter().any(|entry| entry.id == "null" && entry.data.is_some());
        let stays: BTreeSet<&String> = back.iter().filter(|key| suspended && null_data(key)).collect();
        let shown_back = scene.bucket.shown();
        let undone = scene.undo_with(&["--allow-suspended"]);
        assert_eq!(undone.code, Some(if stays.is_empty() { 0 } else { 3 }), "{case}\n{undone}");
        let shown = |key: &String| if stays.contains(key) { &shown_back[key] } else { &shown_before[key] };
        let expected_shown = before.keys().map(|key| (key.clone(), shown(key).clone())).collect();
        assert_eq!(scene.bucket.shown(), expected_shown, "{case}\n{undone}");
        assert!(scene.bucket.state().lost.is_empty(), "{case}");
    }
}

#[test]
fn every_key_that_s3_allows_comes_back() {
    let odd = [
        "a b.log",
        "a+b.log",
        "100%.log",
        "a%20b.log",
        "ü/日本.json.gz",
        "x=1/y&z<q>\"'.gz",
        "dir/",
        "line\nbreak\r\t\u{1}",
        "\u{ffff}",
    ];
    let keys = odd.iter().enumerate().map(|(number, key)| {
        (format!("p/{key}"), vec![marker(&format!("m{number}"), 20), data(&format!("v{number}"), 10)])
    });
    let scene = Scene::with(keys.collect(), 3);
    let list = scene.home.path().join("restored").display().to_string();
    let outcome = scene.undelete().args(["--verify", "all", "--restored", &list]).run();
    outcome.code(0);
    scene.assert_all_back();
    assert_eq!((summary(&outcome, "done"), summary(&outcome, "verified")), (odd.len() as u64, odd.len() as u64));
    let listed = lines(std::path::Path::new(&list));
    let expected = odd.iter().filter(|key| !key.ends_with('/')).map(|key| format!("p/{key}"));
    assert_eq!(listed, expected.collect(), "the list names each but the folder's own key");
    scene.undo().code(0);
    assert_eq!(scene.count_back(), 0);
}

#[test]
fn a_stack_of_markers_above_a_request_goes_whole() {
    let scene = Scene::deleted(1, 2_300);
    let outcome = scene.undelete().run();
    outcome.code(0);
    scene.assert_all_back();
    assert_eq!((summary(&outcome, "done"), summary(&outcome, "markers_removed")), (1, 2_300));
    scene.undo().code(0);
    assert_eq!(scene.bucket.keys()["p/0000"].len(), 2, "stacked markers come back as one");
}

#[test]
fn only_named_keys_and_only_named_markers() {
    let scene = Scene::deleted(30, 1);
    let rows = format!("s3://{NAME}/p/0003\ns3://{NAME}/p/0007\ns3://{NAME}/p/none\n");
    let file = scene.home.write("keys", rows).display().to_string();
    let named = scene.undelete().args(["--keys-file", &file]).run();
    named.code(3).stdout_has("NoSuchKey").stdout_has("p/none");
    assert_eq!(scene.count_back(), 2);
    scene.undelete().args(["--keys-file", &file, "--dry-run", "--fresh"]).run().code(0).stdout_has("p/none");
    let plan = scene.home.path().join("plan").display().to_string();
    let path = format!("s3://{NAME}/p/");
    let split =
        scene.tool().args(["--s3path", &path, "--keys-file", &file, "--split", "1", "--manifests", &plan]).run();
    split.code(3).stdout_has("NoSuchKey").stdout_has("p/none");
    let journal = scene.home.path().join("k.jsonl").display().to_string();
    let by_id = scene
        .undelete()
        .args(["--journal", &journal, "--marker-version-id", "m9-0", "--marker-version-id", "m11-0"])
        .run();
    by_id.code(0);
    assert_eq!((scene.count_back(), summary(&by_id, "other_marker")), (4, 26));
    let journal = scene.home.path().join("l.jsonl").display().to_string();
    let filtered = scene.undelete().args(["--journal", &journal, "--include", "p/001?", "--exclude", "re:5$"]).run();
    filtered.code(0);
    assert_eq!(summary(&filtered, "done"), 8, "0010 to 0019 without 0011, which is back, and 0015");
    scene.assert_harmless();
}

#[test]
fn what_was_written_since_the_run_is_not_deleted_by_its_undo() {
    let scene = Scene::deleted(5, 1);
    scene.undelete().run().code(0);
    {
        let mut state = scene.bucket.state();
        state.keys.get_mut("p/0001").expect("the key").insert(0, data("newer", 500));
        state.keys.get_mut("p/0002").expect("the key").insert(0, marker("again", 500));
    }
    let undone = scene.undo();
    undone.code(0);
    assert_eq!((summary(&undone, "done"), summary(&undone, "written_since")), (3, 1), "{undone}");
    assert_eq!(scene.bucket.shown()["p/0001"].as_deref(), Some("newer"));
    assert_eq!(scene.bucket.keys()["p/0002"].len(), 2, "no second marker on what is deleted already");
    let again = scene.undo();
    again.code(0);
    assert_eq!(summary(&again, "done"), 0, "twice changes nothing more");
    let anew = scene.undelete().run();
    anew.code(0);
    assert_eq!(summary(&anew, "done"), 4, "after an undo the first command begins anew");
}
