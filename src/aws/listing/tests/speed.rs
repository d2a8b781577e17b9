//! How many rounds a listing takes: with a paused clock time passes only while all wait for the server, so
//! that the figures are the algorithm's alone.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::super::list;
use super::memory::{Memory, request};

/// What S3 takes for a page.
const LATENCY: Duration = Duration::from_millis(100);
/// Pages of the key sets below, and keys of a page: a tenth of S3's, to be quick.
const PAGES: u64 = 1000;
const PAGE: u64 = 100;

fn scattered(number: u64) -> u64 {
    number.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ number.wrapping_mul(0xD1B5_4A32_D192_ED03).rotate_left(31)
}

fn uuid(number: u64) -> String {
    let (high, low) = (scattered(number), scattered(number ^ 0xABCD));
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}.json.gz",
        high >> 32,
        high & 0xffff,
        low >> 52,
        low & 0xffff,
        low & 0xffff_ffff_ffff
    )
}

/// Sources of unlike size, by hours.
fn tree() -> Vec<String> {
    (0..PAGES * PAGE)
        .map(|number| {
            let source = [0, 0, 0, 0, 1, 1, 2, 3][(scattered(number) >> 8) as usize % 8];
            let hour = scattered(number) >> 16;
            let (month, day, hour) = (hour / 24 / 28 % 12 + 1, hour / 24 % 28 + 1, hour % 24);
            format!("logs/source-{source}/year=2024/month={month:02}/day={day:02}/hour={hour:02}/{}", uuid(number))
        })
        .collect()
}

fn flat() -> Vec<String> {
    (0..PAGES * PAGE).map(|number| format!("logs/{}", uuid(number))).collect()
}

/// Names that begin with the time, at an even rate over ten months.
fn dated() -> Vec<String> {
    (0..PAGES * PAGE)
        .map(|number| {
            let minute = number * 10 * 28 * 24 * 60 / (PAGES * PAGE);
            let (month, day, hour) = (minute / 60 / 24 / 28 + 1, minute / 60 / 24 % 28 + 1, minute / 60 % 24);
            format!("logs/2024-{month:02}-{day:02}T{hour:02}-{:02}-00Z-{}", minute % 60, uuid(number))
        })
        .collect()
}

fn skewed() -> Vec<String> {
    let small = (0..PAGES * PAGE / 10).map(|number| format!("logs/small-{:04}/{}", number % 2000, uuid(number)));
    (0..PAGES * PAGE * 9 / 10).map(|number| format!("logs/huge/{}", uuid(number))).chain(small).collect()
}

/// Time of the listing as multiples of what the pages take one after the other.
async fn speed_up(keys: Vec<String>, concurrency: usize) -> (f64, usize) {
    let memory = Arc::new(Memory::new(keys, PAGE as usize).with_latency(LATENCY));
    let begun = Instant::now();
    let mut chunks = list(Arc::clone(&memory), request("logs/", concurrency), CancellationToken::new());
    let mut keys = 0;
    while let Some(chunk) = chunks.recv().await {
        keys += chunk.expect("a chunk").objects.len() as u64;
    }
    assert_eq!(keys, PAGES * PAGE);
    let one_by_one = LATENCY.as_secs_f64() * PAGES as f64;
    (one_by_one / begun.elapsed().as_secs_f64(), memory.requests())
}

async fn assert_fast(keys: Vec<String>, least: f64) {
    let (speed_up, requests) = speed_up(keys, 64).await;
    assert!(speed_up >= least, "{speed_up:.1} times as fast with {requests} requests");
    assert!(requests < 2 * PAGES as usize, "{requests} requests for {PAGES} pages");
}

#[tokio::test(start_paused = true)]
async fn a_tree_by_date() {
    assert_fast(tree(), 30.0).await;
}

#[tokio::test(start_paused = true)]
async fn flat_random_names() {
    assert_fast(flat(), 30.0).await;
}

#[tokio::test(start_paused = true)]
async fn flat_names_by_date() {
    assert_fast(dated(), 30.0).await;
}

#[tokio::test(start_paused = true)]
async fn one_huge_directory_beside_many_small() {
    assert_fast(skewed(), 30.0).await;
}
