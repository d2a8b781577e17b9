//! One behaviour each.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::super::{Bounded, Intervals, ListRequest, list, sequential};
use super::memory::{Memory, Oddities, assert_complete, read, request};

fn tree() -> Vec<String> {
    let days = (1..=28).flat_map(|day| (0..24).map(move |hour| (day, hour)));
    days.flat_map(|(day, hour)| (0..7).map(move |file| format!("logs/2024/02/{day:02}/{hour:02}/{file:04x}.json.gz")))
        .collect()
}

fn flat(count: u64) -> Vec<String> {
    (0..count).map(|number| format!("f/{:016x}.json", number.wrapping_mul(0x9E37_79B9_7F4A_7C15))).collect()
}

async fn lists_all(memory: Memory, request: ListRequest) -> Arc<Memory> {
    let memory = Arc::new(memory);
    assert_complete(&memory, &request, list(Arc::clone(&memory), request.clone(), CancellationToken::new())).await;
    memory
}

#[tokio::test]
async fn a_small_prefix_costs_one_page_and_one_probe() {
    let memory = lists_all(Memory::new(flat(500), 1000), request("f/", 64)).await;
    assert!(memory.requests() <= 2, "{} requests", memory.requests());
}

#[tokio::test]
async fn an_empty_prefix_is_one_empty_range() {
    lists_all(Memory::new(flat(5), 1000), request("none/", 8)).await;
}

#[tokio::test]
async fn a_tree_is_listed_in_parallel() {
    let memory = lists_all(Memory::new(tree(), 50).with_latency(Duration::from_millis(1)), request("logs/", 16)).await;
    assert!(memory.most_under_way.load(Ordering::Relaxed) == 16);
}

#[tokio::test]
async fn never_more_requests_at_a_time_than_asked_for() {
    let memory = lists_all(Memory::new(flat(20_000), 50).with_latency(Duration::from_millis(1)), request("", 5)).await;
    assert_eq!(memory.most_under_way.load(Ordering::Relaxed), 5);
}

#[tokio::test]
async fn a_server_that_ignores_start_after_is_read_once_over() {
    let odd = Oddities { ignores_start_after: true, ..Oddities::default() };
    let memory = lists_all(Memory::new(flat(20_000), 100).with(odd), request("f/", 16)).await;
    assert!(memory.requests() < 300, "{} requests for 200 pages", memory.requests());
}

#[tokio::test]
async fn a_server_without_tokens_is_listed_by_ranges() {
    let odd = Oddities { no_tokens: true, ..Oddities::default() };
    lists_all(Memory::new(tree(), 50).with(odd), request("logs/", 16)).await;
}

#[tokio::test]
async fn a_server_with_neither_is_an_error_and_no_endless_loop() {
    let odd = Oddities { no_tokens: true, ignores_start_after: true, ..Oddities::default() };
    let memory = Arc::new(Memory::new(tree(), 50).with(odd));
    let outcome =
        read(list(Arc::clone(&memory), request("logs/", 4), CancellationToken::new()), &Intervals::new()).await;
    assert!(outcome.error.is_some_and(|error| error.to_string().contains("more keys follow")));
}

#[tokio::test]
async fn only_the_exact_prefix_may_be_listed() {
    let odd = Oddities { exact_prefix: Some("logs/".into()), ..Oddities::default() };
    let memory = Memory::new(tree(), 50).with(odd).with_latency(Duration::from_millis(1));
    let memory = lists_all(memory, request("logs/", 16)).await;
    assert_eq!(memory.most_under_way.load(Ordering::Relaxed), 16, "still in parallel");
}

#[tokio::test]
async fn the_delimiter_is_denied() {
    let odd = Oddities { denies_delimiter: true, ..Oddities::default() };
    lists_all(Memory::new(tree(), 50).with(odd), request("logs/", 16)).await;
}

#[tokio::test]
async fn throttling_slows_down_and_loses_nothing() {
    let odd = Oddities { throttle_every: Some(5), ..Oddities::default() };
    lists_all(Memory::new(flat(20_000), 100).with(odd), request("f/", 32)).await;
}

#[tokio::test]
async fn endless_throttling_is_an_error() {
    let odd = Oddities { throttle_every: Some(1), ..Oddities::default() };
    let memory = Arc::new(Memory::new(flat(20), 100).with(odd));
    let outcome = read(list(memory, request("f/", 32), CancellationToken::new()), &Intervals::new()).await;
    assert!(outcome.error.is_some_and(|error| error.is_throttle() && error.code() == Some("SlowDown")));
}

#[tokio::test]
async fn an_error_comes_after_what_was_listed() {
    let odd = Oddities { fails_from: Some(40), ..Oddities::default() };
    let memory = Arc::new(Memory::new(flat(20_000), 100).with(odd));
    let outcome = read(list(memory, request("f/", 8), CancellationToken::new()), &Intervals::new()).await;
    assert_eq!(outcome.error.and_then(|error| error.status()), Some(500));
    assert!(outcome.keys.len() > 1000);
}

#[tokio::test]
async fn denied_altogether_is_access_denied() {
    let odd = Oddities { exact_prefix: Some("other/".into()), ..Oddities::default() };
    let memory = Arc::new(Memory::new(flat(20), 100).with(odd));
    let outcome = read(list(memory, request("f/", 8), CancellationToken::new()), &Intervals::new()).await;
    assert!(outcome.error.is_some_and(|error| error.is_access_denied()));
}

#[tokio::test]
async fn finished_ranges_are_skipped_exactly() {
    let keys = flat(20_000);
    let mut done = Intervals::new();
    done.add(None, Some("f/1".into()));
    done.add(Some("f/3".into()), Some("f/9".into()));
    done.add(Some("f/f".into()), None);
    let request = ListRequest { done, ..request("f/", 16) };
    let memory = lists_all(Memory::new(keys, 100), request).await;
    let pages = 200 * 8 / 16;
    assert!(memory.requests() < pages + 60, "{} requests for about {pages} pages", memory.requests());
}

#[tokio::test]
async fn resuming_what_an_error_broke_off_completes_it() {
    let odd = Oddities { fails_from: Some(60), ..Oddities::default() };
    let broken = Arc::new(Memory::new(tree(), 50).with(odd));
    let first = read(list(broken, request("logs/", 16), CancellationToken::new()), &Intervals::new()).await;
    let again = ListRequest { done: first.ranges, ..request("logs/", 16) };
    let whole = Arc::new(Memory::new(tree(), 50));
    let second = read(list(whole, again.clone(), CancellationToken::new()), &again.done).await;
    let mut all = first.keys;
    all.extend(second.keys);
    all.sort_unstable();
    assert_eq!(all, tree());
}

#[tokio::test(start_paused = true)]
async fn cancelling_stops_it() {
    let memory = Arc::new(Memory::new(flat(20_000), 10).with_latency(Duration::from_millis(100)));
    let cancel = CancellationToken::new();
    let mut chunks = list(Arc::clone(&memory), request("f/", 8), cancel.clone());
    assert!(chunks.recv().await.is_some_and(|chunk| chunk.is_ok()));
    cancel.cancel();
    while chunks.recv().await.is_some() {}
    let requests = memory.requests();
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(memory.requests(), requests);
    assert!(requests < 40, "{requests} requests");
}

#[tokio::test(start_paused = true)]
async fn dropping_the_receiver_stops_it() {
    let memory = Arc::new(Memory::new(flat(20_000), 10).with_latency(Duration::from_millis(100)));
    let mut chunks = list(Arc::clone(&memory), request("f/", 8), CancellationToken::new());
    assert!(chunks.recv().await.is_some());
    drop(chunks);
    tokio::time::sleep(Duration::from_secs(1)).await;
    let requests = memory.requests();
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(memory.requests(), requests);
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_stops_the_listing() {
    let memory = Arc::new(Memory::new(flat(20_000), 10).with_latency(Duration::from_millis(1)));
    let mut chunks = list(Arc::clone(&memory), request("f/", 8), CancellationToken::new());
    assert!(chunks.recv().await.is_some());
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert!(memory.requests() < 80, "{} requests for an idle reader", memory.requests());
}

#[tokio::test(start_paused = true)]
async fn slow_readers_of_bounded_listings_leave_only_so_many_pages_waiting() {
    let (memory, permits) = (Memory::new(flat(20_000), 10).with_latency(Duration::from_millis(1)), 4);
    let (memory, permits) = (Arc::new(memory), Arc::new(Semaphore::new(permits)));
    let bounded = Arc::new(Bounded::new(Arc::clone(&memory), permits));
    let start = || list(Arc::clone(&bounded), request("f/", 16), CancellationToken::new());
    let listings = [start(), start(), start(), start()];
    tokio::time::sleep(Duration::from_secs(60)).await;
    // Of each listing sixteen chunks wait, one is to be sent, and one was a probe; beside these, only four permits are out.
    assert!(memory.requests() <= 4 * 18 + 4, "{} requests for idle readers", memory.requests());
    let (nothing, request) = (Intervals::new(), request("f/", 16));
    let read = futures::future::join_all(listings.map(|listing| read(listing, &nothing))).await;
    assert!(read.iter().all(|outcome| outcome.keys == memory.expected(&request) && outcome.error.is_none()));
    assert!(memory.most_under_way.load(Ordering::Relaxed) <= 4);
}

#[tokio::test]
async fn the_sequential_listing_is_in_key_order_and_skips_too() {
    let memory = Arc::new(Memory::new(tree(), 50));
    let mut done = Intervals::new();
    done.add(Some("logs/2024/02/03/".into()), Some("logs/2024/02/20/".into()));
    let request = ListRequest { done, start_after: Some("logs/2024/02/02/".into()), ..request("logs/", 1) };
    assert_complete(&memory, &request, sequential(Arc::clone(&memory), request.clone(), CancellationToken::new()))
        .await;
}
