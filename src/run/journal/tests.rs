//! The journal as a specification: what is continued, what is refused, what a crash may leave behind.

use std::fs::OpenOptions;
use std::path::PathBuf;

use serde_json::{Map, json};

use super::record::Header;
use super::*;
use crate::error::Failure;
use crate::run::{Cancel, Stop};
use crate::time::Range;

struct Scene {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("scratch folder");
        let path = folder.path().join("journal.jsonl");
        Self { _folder: folder, path }
    }

    fn key(bucket: &str) -> PlanKey {
        PlanKey { tool: "s3queue", values: json!({ "bucket": bucket }) }
    }

    fn request(&self) -> JournalRequest {
        JournalRequest { file: Some(self.path.clone()), ..JournalRequest::default() }
    }

    fn open(&self) -> Result<Prepared, Failure> {
        Prepared::open(Self::key("b"), &self.request()).map(|found| found.expect("a journal is kept"))
    }

    fn begin(&self) -> Journal {
        let now = "2026-11-20T12:00:00Z".parse().expect("instant");
        let resolved = json!({ "start": "2026-11-20T10:00:00Z" }).as_object().cloned().unwrap_or_default();
        self.open().expect("journal").begin(now, resolved, &Cancel::default()).expect("begun")
    }

    fn entries(&self) -> Vec<Entry> {
        let prepared = self.open().expect("journal");
        prepared.entries().expect("readable").collect::<Result<_, _>>().expect("whole lines")
    }
}

#[test]
fn the_hash_covers_tool_and_plan_and_nothing_else() {
    let hash = Scene::key("b").hash();
    assert_eq!(hash.len(), 64);
    assert_eq!(hash, Scene::key("b").hash());
    assert_ne!(hash, Scene::key("c").hash());
    assert_ne!(hash, PlanKey { tool: "requeue", ..Scene::key("b") }.hash());
}

#[tokio::test]
async fn an_unfinished_run_goes_on_with_its_records() {
    let scene = Scene::new();
    let journal = scene.begin();
    journal.commit("intent", &json!({ "count": 10 })).await.expect("durable");
    journal.append("range_done", &json!({ "upto": "k" })).expect("written");
    journal.close(false).expect("closed");
    drop(journal);
    let prepared = scene.open().expect("journal");
    let Found::Unfinished(header) = &prepared.found else { panic!("not unfinished: {:?}", prepared.found) };
    assert_eq!(header.resolved["start"], "2026-11-20T10:00:00Z", "relative times stay resolved");
    let kinds: Vec<String> = prepared.entries().expect("readable").map(|entry| entry.expect("entry").kind).collect();
    assert_eq!(kinds, ["intent", "range_done"]);
}

#[tokio::test]
async fn times_mean_what_they_meant_when_the_journal_began() {
    let instant = |text: &str| Some(text.parse().expect("instant"));
    let typed = Range { start: instant("2026-11-20T11:00:00Z"), end: None };
    assert_eq!(Instants::RANGE.record(typed), *json!({ "start": "2026-11-20T11:00:00Z" }).as_object().expect("a map"));
    let scene = Scene::new();
    let before = scene.open().expect("journal");
    assert_eq!(Instants::RANGE.resolve(Some(&before), typed), typed, "a new run");
    drop(before);
    scene.begin().close(false).expect("closed");
    let prepared = scene.open().expect("journal");
    let resolved = Instants::RANGE.resolve(Some(&prepared), typed);
    assert_eq!(resolved, Range { start: instant("2026-11-20T10:00:00Z"), end: None }, "a run that goes on");
    assert_eq!(Instants::RANGE.resolve(None, typed), typed, "no journal");
}

#[test]
fn an_ended_run_is_not_continued_but_kept() {
    let scene = Scene::new();
    scene.begin().close(true).expect("closed");
    assert_eq!(scene.open().expect("journal").found, Found::Ended);
    assert!(scene.entries().is_empty());
    scene.begin().close(false).expect("closed");
    let previous = std::fs::read_to_string(scene.path.with_extension("jsonl.previous")).expect("kept");
    assert!(previous.contains("\"type\":\"end\""));
}

#[test]
fn fresh_starts_anew() {
    let scene = Scene::new();
    scene.begin().close(false).expect("closed");
    let request = JournalRequest { fresh: true, ..scene.request() };
    let prepared = Prepared::open(Scene::key("b"), &request).expect("journal").expect("kept");
    assert_eq!(prepared.found, Found::Nothing);
}

#[test]
fn fresh_overwrites_journals_and_nothing_else() {
    let scene = Scene::new();
    let request = JournalRequest { fresh: true, ..scene.request() };
    std::fs::write(&scene.path, "my notes\n").expect("notes");
    let refused = Prepared::open(Scene::key("b"), &request).expect_err("not ours");
    assert!(refused.to_string().contains("no journal of this toolkit"), "{refused}");
    assert_eq!(std::fs::read_to_string(&scene.path).expect("notes"), "my notes\n");
    std::fs::remove_file(&scene.path).expect("gone");
    scene.begin().close(false).expect("closed");
    let of_another_plan = Prepared::open(Scene::key("c"), &request).expect("journal").expect("kept");
    assert_eq!(of_another_plan.found, Found::Nothing);
}

#[test]
fn a_torn_last_line_is_ignored_and_cut() {
    let scene = Scene::new();
    let journal = scene.begin();
    journal.append("range_done", &json!({ "upto": "a" })).expect("written");
    journal.close(false).expect("closed");
    drop(journal);
    let whole = std::fs::read(&scene.path).expect("journal");
    for torn in 1..20 {
        let mut bytes = whole.clone();
        bytes.extend_from_slice(&br#"{"type":"range_done","upto":"b"}"#[..torn]);
        std::fs::write(&scene.path, bytes).expect("torn journal");
        assert_eq!(scene.entries().len(), 1, "torn after {torn} bytes");
    }
    let journal = scene.begin();
    journal.append("range_done", &json!({ "upto": "c" })).expect("written");
    journal.close(false).expect("closed");
    drop(journal);
    let kinds: Vec<String> = scene.entries().into_iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, ["range_done", "resumed", "range_done"]);
}

#[test]
fn a_run_killed_while_writing_its_header_starts_anew() {
    let scene = Scene::new();
    scene.begin().close(false).expect("closed");
    let whole = std::fs::read(&scene.path).expect("journal");
    for torn in 0..whole.len() - 1 {
        std::fs::write(&scene.path, &whole[..torn]).expect("torn journal");
        assert_eq!(scene.open().expect("ours").found, Found::Nothing, "torn after {torn} bytes");
    }
}

#[test]
fn two_runs_on_one_journal_are_refused() {
    let scene = Scene::new();
    let first = scene.begin();
    let failure = scene.open().expect_err("locked");
    assert!(failure.doing.contains("in use by another run"), "{failure}");
    drop(first);
    assert!(scene.open().is_ok(), "the lock goes with its run");
}

#[test]
fn foreign_files_are_refused_and_stay_as_they_are() {
    let scene = Scene::new();
    let other_plan = {
        scene.begin().close(false).expect("closed");
        std::fs::read_to_string(&scene.path).expect("journal")
    };
    let header = |from: &str, to: &str| other_plan.replace(from, to);
    let table = [
        ("my notes\n".to_owned(), "is no journal"),
        ("{\"type\":\"other\"}\n".to_owned(), "is no journal"),
        ("no line feed".to_owned(), "is no journal"),
        (header("\"s3queue\"", "\"requeue\""), "was written by `requeue`"),
        (header("\"format\":1", "\"format\":99"), "has format 99"),
        (header(&Scene::key("b").hash(), &Scene::key("c").hash()), "belongs to another plan"),
    ];
    for (text, why) in table {
        std::fs::write(&scene.path, &text).expect("foreign file");
        let failure = scene.open().expect_err("foreign");
        assert!(failure.doing.contains(why), "{failure}");
        assert!(failure.hints[0].contains("--journal"), "{:?}", failure.hints);
        assert_eq!(std::fs::read_to_string(&scene.path).expect("file"), text);
    }
}

#[test]
fn a_dry_run_writes_nothing() {
    let scene = Scene::new();
    let request = JournalRequest { dry_run: true, ..scene.request() };
    let prepared = Prepared::open(Scene::key("b"), &request).expect("journal").expect("kept");
    assert_eq!(prepared.found, Found::Nothing);
    assert!(!scene.path.exists());
    assert!(prepared.begin(jiff::Timestamp::UNIX_EPOCH, Map::new(), &Cancel::default()).is_err());
}

#[test]
fn no_journal_keeps_none() {
    let request = JournalRequest { none: true, ..JournalRequest::default() };
    assert!(Prepared::open(Scene::key("b"), &request).expect("no journal").is_none());
}

#[cfg(unix)]
#[test]
fn the_journal_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let scene = Scene::new();
    scene.begin().close(false).expect("closed");
    assert_eq!(std::fs::metadata(&scene.path).expect("journal").permissions().mode() & 0o777, 0o600);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_stops_the_run_and_lets_nothing_start() {
    let cancel = Cancel::default();
    let full = OpenOptions::new().write(true).open("/dev/full").expect("the device that is always full");
    let header = Header::new(&Scene::key("b"), jiff::Timestamp::UNIX_EPOCH, Map::new());
    let journal = Journal::start(PathBuf::from("/dev/full"), full, header, cancel.clone());
    let refused = journal.commit("intent", &json!({ "count": 1 })).await;
    assert!(refused.is_err(), "what is not on disk must not be done");
    assert_eq!(cancel.reason(), Some(Stop::Fatal));
    assert!(journal.append("range_done", &json!({})).is_err());
    assert!(journal.close(true).is_err());
}

#[tokio::test]
async fn a_next_pass_forgets_the_one_before() {
    let scene = Scene::new();
    let journal = scene.begin();
    journal.append("range_done", &json!({ "upto": "k" })).expect("written");
    journal.next_pass("2026-11-20T13:00:00Z".parse().expect("instant")).expect("begun again");
    journal.append("range_done", &json!({ "upto": "b" })).expect("written");
    journal.close(false).expect("closed");
    let Found::Unfinished(header) = scene.open().expect("journal").found else { panic!("it has not ended") };
    assert_eq!(header.started.to_string(), "2026-11-20T13:00:00Z");
    assert_eq!(header.resolved["start"], "2026-11-20T10:00:00Z", "what was resolved stays");
    let uptos: Vec<_> = scene.entries().into_iter().map(|entry| entry.body["upto"].clone()).collect();
    assert_eq!(uptos, ["b"]);
}

#[tokio::test]
async fn many_waiters_all_get_their_record_on_disk() {
    let scene = Scene::new();
    let journal = std::sync::Arc::new(scene.begin());
    let waiters: Vec<_> = (0..200)
        .map(|number| {
            let journal = journal.clone();
            tokio::spawn(async move { journal.commit("intent", &json!({ "number": number })).await })
        })
        .collect();
    for waiter in waiters {
        waiter.await.expect("task").expect("durable");
    }
    let lines = std::fs::read_to_string(&scene.path).expect("journal").lines().count();
    assert_eq!(lines, 201, "every record is there before its waiter goes on");
}
