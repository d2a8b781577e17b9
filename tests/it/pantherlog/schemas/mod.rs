//! Commands that work on schemas: each with its golden output, and with what goes wrong.

mod comparing;
mod editors;
mod inferring;
mod merging;
mod running_tests;
mod validating;

use std::path::PathBuf;

use crate::support::{Tool, tool};

/// The folder of inputs and golden outputs.
fn data() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/pantherlog")
}

/// What an output is to be.
fn golden(name: &str) -> String {
    let path = data().join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The tool where the inputs lie, so that its messages name them shortly.
fn pantherlog<const N: usize>(words: [&str; N]) -> Tool {
    tool("pantherlog").folder(data()).args(words)
}
