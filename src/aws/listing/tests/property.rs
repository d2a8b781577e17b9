//! The parallel listing gives exactly what the sequential one gives, whatever the keys and whatever the server.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio_util::sync::CancellationToken;

use super::super::{Intervals, ListRequest, list, sequential};
use super::memory::{Memory, Oddities, assert_complete, read};

/// Random key sets that are tried.
const CASES: u32 = 10_000;

/// Parts of keys: nasty ones, and such that share beginnings.
fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[ab]{0,3}",
        3 => "[0-9a-f]{1,4}",
        2 => "20[0-9]{2}-[01][0-9]",
        1 => proptest::sample::select(vec![
            "", "a b.log", "a+b.log", "100%.log", "a%20b.log", "ü", "日本.json.gz", "y&z<q>", "\n", "\u{1}", "\u{7f}", "~",
            "\u{d7ff}", "\u{e000}", "\u{fffd}", "\u{10ffff}", "\u{1f600}", "0", ".", "..", "é", "\t",
        ])
        .prop_map(str::to_owned),
    ]
}

fn key() -> impl Strategy<Value = String> {
    proptest::collection::vec(part(), 1..5).prop_map(|parts| parts.join("/"))
}

/// Sets of independent keys, and directories that hold many.
fn keys() -> impl Strategy<Value = Vec<String>> {
    let scattered = proptest::collection::vec(key(), 0..120);
    let crowded = (key(), proptest::collection::vec("[0-9a-f]{4}", 0..200), proptest::collection::vec(key(), 0..30))
        .prop_map(|(stem, names, others)| {
            names.into_iter().map(|name| format!("{stem}/{name}")).chain(others).collect()
        });
    prop_oneof![scattered, crowded]
}

fn prefix() -> impl Strategy<Value = String> {
    prop_oneof![4 => Just(String::new()), 1 => "[ab]{1,2}", 1 => "[ab]{1,2}/", 1 => key()]
}

fn oddities() -> impl Strategy<Value = Oddities> {
    let flag = || proptest::bool::weighted(0.15);
    (flag(), flag(), flag(), proptest::option::weighted(0.1, 3_usize..9)).prop_map(
        |(ignores, denies, no_tokens, throttle_every)| Oddities {
            ignores_start_after: ignores,
            denies_delimiter: denies,
            no_tokens: no_tokens && !ignores,
            throttle_every,
            ..Oddities::default()
        },
    )
}

#[derive(Debug, Clone)]
struct Case {
    keys: Vec<String>,
    page: usize,
    oddities: Oddities,
    exact: bool,
    prefix: String,
    concurrency: usize,
    start_after: Option<String>,
    done: Vec<(Option<String>, Option<String>)>,
}

fn case() -> impl Strategy<Value = Case> {
    let bound = || proptest::option::weighted(0.9, key());
    let done = prop_oneof![2 => Just(Vec::new()), 1 => proptest::collection::vec((bound(), bound()), 1..5)];
    let start_after = proptest::option::weighted(0.2, key());
    (keys(), 1..25_usize, oddities(), any::<bool>(), prefix(), 1..=32_usize, start_after, done).prop_map(
        |(keys, page, oddities, exact, prefix, concurrency, start_after, done)| Case {
            keys,
            page,
            oddities,
            exact,
            prefix,
            concurrency,
            start_after,
            done,
        },
    )
}

async fn holds(case: Case) {
    let exact_prefix = case.exact.then(|| case.prefix.clone());
    let memory = Memory::new(case.keys, case.page).with(Oddities { exact_prefix, ..case.oddities.clone() });
    let memory = Arc::new(memory);
    let mut done = Intervals::new();
    for (after, upto) in case.done {
        done.add(after, upto);
    }
    let request =
        ListRequest { prefix: case.prefix, start_after: case.start_after, done, concurrency: case.concurrency };
    let parallel = list(Arc::clone(&memory), request.clone(), CancellationToken::new());
    assert_complete(&memory, &request, parallel).await;
    if case.oddities.throttle_every.is_none() {
        let one_by_one = sequential(Arc::clone(&memory), request.clone(), CancellationToken::new());
        let outcome = read(one_by_one, &request.done).await;
        assert!(outcome.error.is_none(), "{:?}", outcome.error);
        assert_eq!(outcome.keys, memory.expected(&request));
    }
}

#[test]
fn parallel_listing_gives_exactly_the_sequential_set() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let mut runner = TestRunner::new(Config {
        cases: CASES,
        failure_persistence: None,
        max_shrink_iters: 2000,
        ..Config::default()
    });
    let result = runner.run(&case(), |case| {
        runtime.block_on(holds(case));
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}
