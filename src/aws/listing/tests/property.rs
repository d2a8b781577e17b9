//! The parallel listing gives exactly what the sequential one gives, whatever the keys and whatever the server.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio_util::sync::CancellationToken;

use super::super::{Intervals, ListRequest, list, sequential};
use super::memory::{Memory, Oddities, assert_complete, read};

/// Random key sets that are tried.
const CASES: u32 = 10_000;

/// Parts of keys: such that share beginnings, such as logs have, and nasty ones.
const PARTS: [&str; 64] = [
    "",
    "a",
    "b",
    "aa",
    "ab",
    "ba",
    "bb",
    "aaa",
    "aab",
    "aba",
    "abb",
    "baa",
    "bab",
    "bba",
    "bbb",
    "c",
    "0",
    "1",
    "2",
    "3",
    "7",
    "8",
    "9",
    "a0",
    "a1",
    "af",
    "f",
    "ff",
    "0f",
    "00",
    "01",
    "10",
    "2023-12",
    "2024-01",
    "2024-02",
    "2024-11",
    "2024-12",
    "2025-01",
    "x=1",
    "x=2",
    "x=10",
    "y&z<q>",
    "a b.log",
    "a+b.log",
    "100%.log",
    "a%20b.log",
    "ü",
    "é",
    "日本.json.gz",
    "\n",
    "\u{1}",
    "\u{7f}",
    "~",
    "\t",
    ".",
    "..",
    "\u{d7ff}",
    "\u{e000}",
    "\u{fffd}",
    "\u{10ffff}",
    "\u{1f600}",
    "\u{1f601}",
    "-",
    "_",
];

/// A key made of the bits of `seed`; numbers are what the test runner makes and shrinks fastest.
fn key_of(seed: u32) -> String {
    let parts = 1 + seed % 4;
    let part = |number| PARTS[(seed >> (2 + 6 * number)) as usize % PARTS.len()];
    (0..parts).map(part).collect::<Vec<_>>().join("/")
}

fn key() -> impl Strategy<Value = String> {
    any::<u32>().prop_map(key_of)
}

/// Sets of independent keys, and directories that hold many.
fn keys() -> impl Strategy<Value = Vec<String>> {
    let scattered = (0..60_usize).prop_flat_map(|count| proptest::collection::vec(any::<u32>(), count));
    let scattered = scattered.prop_map(|seeds| seeds.into_iter().map(key_of).collect::<Vec<_>>());
    let crowded = (key(), 0..150_u32, any::<u32>(), proptest::collection::vec(any::<u32>(), 0..10));
    let crowded = crowded.prop_map(|(stem, count, step, others)| {
        let names = (0..count).map(|number| format!("{stem}/{:08x}", number.wrapping_mul(step)));
        names.chain(others.into_iter().map(key_of)).collect()
    });
    prop_oneof![scattered, crowded]
}

fn prefix() -> impl Strategy<Value = String> {
    let letter = proptest::sample::select(vec!["a", "b", "ab", "a/", "b/", "ab/", "2024-", "\n"]);
    prop_oneof![4 => Just(String::new()), 2 => letter.prop_map(str::to_owned), 1 => key()]
}

fn oddities() -> impl Strategy<Value = Oddities> {
    let flag = || proptest::bool::weighted(0.15);
    (flag(), flag(), flag(), flag(), proptest::option::weighted(0.1, 3_usize..9)).prop_map(
        |(ignores, denies, no_tokens, ragged, throttle_every)| Oddities {
            ignores_start_after: ignores,
            denies_delimiter: denies,
            no_tokens: no_tokens && !ignores,
            ragged,
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
