//! What holds for every input of the log parser: fuzzers look for inputs for which it does not, and the tests of the
//! toolkit hold it against seeds and some thousand of their mutants.
//!
//! Each file is one property of the same form: `holds(data)` panics if it does not hold, and `seeds()` are inputs to
//! begin with. The first bytes of an input choose what is looked at, a log type or options; the rest is text.

mod choices;
pub mod decode;
mod estate;
pub mod infer;
pub mod json;
mod oracle;
pub mod schema;
pub mod script;
pub mod stream;
mod subject;
pub mod text;
pub mod time;

/// One property.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    /// The name of its fuzz target.
    pub name: &'static str,
    /// Panics if it does not hold for an input.
    pub holds: fn(&[u8]),
    /// Inputs for which it holds, and which reach far.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All of them.
pub const ALL: [Property; 8] = [
    Property { name: "decode", holds: decode::holds, seeds: decode::seeds },
    Property { name: "infer", holds: infer::holds, seeds: infer::seeds },
    Property { name: "json", holds: json::holds, seeds: json::seeds },
    Property { name: "schema", holds: schema::holds, seeds: schema::seeds },
    Property { name: "script", holds: script::holds, seeds: script::seeds },
    Property { name: "stream", holds: stream::holds, seeds: stream::seeds },
    Property { name: "text", holds: text::holds, seeds: text::seeds },
    Property { name: "time", holds: time::holds, seeds: time::seeds },
];
