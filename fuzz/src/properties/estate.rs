//! Logs of built-in types and schemas to begin with.

use opstools_logs::generate::{Contents, FilePlan, FileRows, Pools, Recipe, Size, Spread};
use opstools_logs::parse::catalogue;

/// A lenient schema with one of every public type and key that loses nothing, so that its events can be read again.
pub const FAITHFUL: &str = include_str!("schemas/faithful.yml");

/// A schema with everything that makes fields of others, hides them, or looks into texts.
pub const INVENTIVE: &str = include_str!("schemas/inventive.yml");

/// Schemas with parsers of text, one of each kind.
pub const TEXTUAL: [&str; 6] = [
    include_str!("schemas/csv.yml"),
    include_str!("schemas/header.yml"),
    include_str!("schemas/fastmatch.yml"),
    include_str!("schemas/grok.yml"),
    include_str!("schemas/regex.yml"),
    include_str!("schemas/script.yml"),
];

/// An hour of 2024, counted from 1970.
const HOUR: i64 = 474_816;

/// Some lines of a built-in type, made up; few, since a fuzzer mutates short inputs best.
pub fn lines(log_type: &str, rows: u64) -> String {
    let schema = catalogue::built_in(log_type).expect("a built-in type");
    let pools = Pools::new(1);
    let recipe = Recipe::new(&schema, &pools).expect("each built-in type can be generated");
    let file = FilePlan { recipe: 0, hour: HOUR, number: 0, size: Size::Rows(rows) };
    let contents = Contents { seed: 1, spread: Spread::Uniform, malformed: 0.0 };
    let mut bytes = Vec::new();
    while FileRows::new(&file, &recipe, &pools, contents).fill(usize::MAX, &mut bytes) {}
    String::from_utf8(bytes).expect("logs are UTF-8")
}
