//! What holds for every input of the log parser, held against seeds and mutants of them: the same properties for which
//! `ci/fuzz` looks for exceptions a million times. This keeps the fuzz targets compiling, and finds what is near.

#[path = "../../fuzz/src/properties/mod.rs"]
mod fuzzed;

use fuzzed::ALL;

/// Mutants for each property in the gate, and before a release.
const MUTANTS: usize = 300;
const MUTANTS_IN_FULL: usize = 20_000;

/// The longest mutant.
const LONGEST: usize = 4096;

/// What is put into mutants beside single bytes.
const TOKENS: [&str; 24] = [
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\",
    ":",
    ",",
    "\n",
    "\r\n",
    " ",
    "\t",
    "\0",
    "null",
    "-1",
    "1e400",
    "\\ud83d",
    "ä",
    "%{a}",
    "fields:\n- ",
    "&x",
    "*x",
    "<a>",
    "\u{fffd}",
];

/// Panics with the input if a property does not hold for a seed or a mutant.
fn holds(name: &str) {
    let property = ALL.iter().find(|property| property.name == name).expect("a property");
    let seeds = (property.seeds)();
    seeds.iter().for_each(|seed| (property.holds)(seed));
    let full = std::env::var("OPSTOOLS_FAULTS").is_ok_and(|extent| extent == "full");
    // Always the same mutants: what fails here fails again.
    let mut random = fastrand::Rng::with_seed(1);
    for _ in 0..if full { MUTANTS_IN_FULL } else { MUTANTS } {
        let mutant = mutant(&seeds, &mut random);
        let shown = String::from_utf8_lossy(&mutant).into_owned();
        let outcome = std::panic::catch_unwind(|| (property.holds)(&mutant));
        assert!(outcome.is_ok(), "`{name}` does not hold for {shown:?}");
    }
}

fn mutant(seeds: &[Vec<u8>], random: &mut fastrand::Rng) -> Vec<u8> {
    let mut mutant = seeds[random.usize(..seeds.len())].clone();
    for _ in 0..random.usize(1..6) {
        let at = random.usize(..=mutant.len());
        let end = at + random.usize(..=8.min(mutant.len() - at));
        match random.u8(..5) {
            0 => drop(mutant.splice(at..end, [])),
            1 => drop(mutant.splice(at..end, [random.u8(..)])),
            2 => drop(mutant.splice(at..at, TOKENS[random.usize(..TOKENS.len())].bytes())),
            3 => mutant.extend_from_within(at..end),
            _ => mutant.truncate(mutant.len().saturating_sub(random.usize(..=mutant.len() / 4))),
        }
    }
    mutant.truncate(LONGEST);
    mutant
}

#[test]
fn what_the_decoder_writes_is_json_and_is_read_as_itself() {
    holds("decode");
}

#[test]
fn an_inferred_schema_accepts_the_lines_it_was_inferred_from() {
    holds("infer");
}

#[test]
fn the_reader_of_json_agrees_with_another() {
    holds("json");
}

#[test]
fn a_schema_that_is_accepted_is_printed_and_read_as_itself() {
    holds("schema");
}

#[test]
fn scripts_end() {
    holds("script");
}

#[test]
fn streams_end_and_are_cut_alike_however_they_arrive() {
    holds("stream");
}

#[test]
fn no_line_breaks_a_parser_of_text() {
    holds("text");
}

#[test]
fn a_time_is_written_as_it_is_read() {
    holds("time");
}

#[test]
fn each_property_is_a_fuzz_target() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/targets");
    let targets = std::fs::read_dir(folder).expect("the folder of targets");
    let mut names: Vec<_> =
        targets.map(|target| target.expect("a file").file_name().into_string().expect("an ASCII name")).collect();
    names.sort();
    assert_eq!(names, ALL.map(|property| format!("{}.rs", property.name)));
}
