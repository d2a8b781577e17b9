//! Keys with every byte that S3 allows.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;

use super::lake::{LAKE, Lake};
use super::{Scene, column, report, summary};
use crate::support::{Sandbox, tool};

/// Random keys: each ASCII character once, line breaks and control characters too, and random ones of any length.
fn random_keys(seed: u64, count: usize) -> BTreeSet<String> {
    let mut dice = fastrand::Rng::with_seed(seed);
    let mut keys: BTreeSet<String> = (1u8..128).map(|byte| format!("p/{}x", char::from(byte))).collect();
    while keys.len() < count {
        let length = dice.usize(1..30);
        let letters = (0..length).map(|_| match dice.u8(..4) {
            0 => char::from(dice.u8(1..128)),
            1 => ['/', ',', '"', '\n', '\r', '%', '+', ' '][dice.usize(..8)],
            2 => dice.char('\u{80}'..'\u{10ffff}'),
            _ => dice.alphanumeric(),
        });
        let key = format!("p/{}x", letters.collect::<String>());
        keys.insert(key);
    }
    keys
}

fn lake_list(lake: &Lake, flags: &[&str]) -> crate::support::Outcome {
    let path = format!("s3://{LAKE}/p/");
    tool("s3list").sandbox(Sandbox::shared()).envs(lake.env()).args(["-q", "--json", &path]).args(flags).run()
}

#[test]
fn every_key_comes_through_in_every_form() {
    for seed in 0..2 {
        let keys = random_keys(seed, 2_500);
        let lake = Lake::of(keys.clone(), Duration::ZERO);
        let csv = lake_list(&lake, &[]);
        csv.code(0);
        assert_eq!(column(&csv, "key"), keys, "csv, seed {seed}");
        let jsonl = lake_list(&lake, &["--format", "jsonl"]);
        jsonl.code(0);
        let named = jsonl.stdout_json_lines().into_iter().map(|row| match &row["key"] {
            Value::String(key) => key.clone(),
            other => panic!("no key: {other}"),
        });
        assert_eq!(named.collect::<BTreeSet<String>>(), keys, "jsonl, seed {seed}");
        let batch = lake_list(&lake, &["--format", "s3batch"]);
        batch.code(0);
        let decoded = |line: &str| {
            let key = line.split_once(',').expect("two columns").1;
            percent_encoding::percent_decode_str(key).decode_utf8().expect("UTF-8").into_owned()
        };
        assert_eq!(
            batch.stdout_text().lines().map(decoded).collect::<BTreeSet<String>>(),
            keys,
            "s3batch, seed {seed}"
        );
    }
}

#[test]
fn plain_counts_what_it_cannot_hold_as_failed() {
    let keys = random_keys(7, 1_500);
    let broken = keys.iter().filter(|key| key.contains(['\n', '\r'])).count();
    let lake = Lake::of(keys.clone(), Duration::ZERO);
    let outcome = lake_list(&lake, &["--format", "plain"]);
    outcome.code(3).stderr_has("LineBreakInKey").stderr_has("jsonl");
    let prefix = format!("s3://{LAKE}/");
    let text = String::from_utf8(outcome.stdout.clone()).expect("UTF-8");
    let listed: BTreeSet<&str> = text.split_terminator('\n').map(|line| &line[prefix.len()..]).collect();
    let expected: BTreeSet<&str> = keys.iter().map(String::as_str).filter(|key| !key.contains(['\n', '\r'])).collect();
    assert_eq!(listed, expected);
    assert_eq!(summary(&outcome, "failed"), broken as u64);
    assert_eq!(summary(&outcome, "done"), expected.len() as u64);
    assert_eq!(report(&outcome)["status"], "partial");
}

#[test]
fn the_deployments_own_odd_keys_come_through() {
    let odd = [
        "a b",
        "a+b",
        "100%",
        "a%20b",
        "ü/日本",
        "x=1/y&z<q>",
        "new\nline",
        "what?#",
        "tab\tquote\"comma,",
        "\u{1}\u{7f}",
    ];
    let scene = Scene::with(odd);
    let outcome = scene.tool().args([&scene.path("")]).run();
    outcome.code(0);
    assert_eq!(column(&outcome, "key"), super::set(odd));
}
