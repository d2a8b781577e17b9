//! `kill -9` and the same command again: everything arrives, and what may come twice is counted.

use std::time::Duration;

use super::{Scene, summary};
use crate::support::kills::until_done;
use crate::support::{Fault, faults};

const OBJECTS: usize = 300;

#[test]
fn killed_at_any_moment_it_goes_on_where_it_was() {
    let mut dice = fastrand::Rng::with_seed(11);
    let mut kills = 0;
    let wanted = faults(5, 50);
    while kills < wanted {
        let scene = Scene::with_logs(OBJECTS);
        let proxy = scene.sns_proxy();
        proxy.inject(Fault::Delay(Duration::from_millis(20)).on("PublishBatch"));
        let command = || scene.behind(&proxy).args(["--concurrency", "2", "-interactive=false", "--json"]);
        let done = until_done(command, 100..700, &mut dice, || scene.home.journal_ended());
        let Some((outcome, killed)) = done else { continue };
        outcome.code(0);
        kills += killed;
        let arrived = scene.arrived(&scene.open);
        assert_eq!(arrived.len(), OBJECTS, "after {killed} kills");
        let twice = (arrived.values().sum::<usize>() - OBJECTS) as u64;
        let counted = summary(&outcome, "duplicates_possible");
        assert!(twice <= counted, "{twice} came twice, {counted} were counted\n{outcome}");
        assert!(counted <= 20 * killed as u64, "never more than was in flight: {counted} after {killed} kills");
    }
}

#[test]
fn an_interrupt_sends_what_waits_and_counts_it() {
    let scene = Scene::with_logs(50);
    let mut running = scene.whole().args(["--rate", "5", "--json", "-v"]).spawn();
    running.wait_for_stderr("0006.json.gz").signal("INT");
    let outcome = running.wait();
    outcome.code(130).stdout_has("interrupted");
    let done = summary(&outcome, "done");
    assert!((5..50).contains(&done), "{outcome}");
    assert_eq!(scene.arrived(&scene.open).len() as u64, done, "what is counted has arrived, and nothing else");
    let rest = scene.whole().args(["--json"]).run();
    rest.code(0).stderr_has("goes on");
    assert_eq!(summary(&rest, "done"), 50 - done);
}

#[test]
fn limits_go_on_where_the_last_run_stopped() {
    let scene = Scene::with_logs(5);
    for expected in [2, 2, 1] {
        let outcome = scene.whole().args(["--limit", "2", "--json"]).run();
        outcome.code(0);
        assert_eq!(summary(&outcome, "done"), expected);
    }
    assert_eq!(scene.arrived(&scene.open).into_values().collect::<Vec<_>>(), [1; 5]);
    scene.whole().run().code(0).stderr_has("everything is notified once more");
}
