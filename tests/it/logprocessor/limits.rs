//! When buffers become objects.

use super::{Scene, door, doors, summary, whole};

/// Letters that do not pack.
fn noise(letters: usize, dice: &mut fastrand::Rng) -> String {
    std::iter::repeat_with(|| dice.alphanumeric()).take(letters).collect()
}

#[test]
fn more_hours_than_buffers_are_all_stored() {
    let scene = Scene::new();
    let lines: String = (0..900).map(|number| door(number, number % 300, "many hours")).collect();
    scene.input("a.log", lines);
    let outcome = scene.run().run();
    outcome.code(0);
    assert_eq!(whole(&outcome, "peak_buffers"), 257, "the one too many makes room");
    assert_eq!(doors(&scene.stored()), (0..900).collect::<Vec<_>>());
    assert!(summary(&outcome, "objects") > 300, "some hours were stored in parts");
}

#[test]
fn the_memory_of_buffers_stays_within_its_budget() {
    let scene = Scene::new();
    let mut dice = fastrand::Rng::with_seed(7);
    let lines: String = (0..6_000).map(|number| door(number, number % 30, &noise(2_000, &mut dice))).collect();
    scene.input("a.log", lines);
    let outcome = scene.run().args(["-lambdaSize", "605"]).run();
    outcome.code(0);
    let (peak, budget) = (whole(&outcome, "peak_buffer_bytes"), 5 << 20);
    assert!(peak > budget / 2 && peak <= budget + (1 << 20), "{peak} of {budget}");
    assert_eq!(doors(&scene.stored()), (0..6_000).collect::<Vec<_>>());
    assert!(summary(&outcome, "objects") > 30, "what did not fit was stored at once");
}
