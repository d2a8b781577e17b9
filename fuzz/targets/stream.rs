//! The property `stream` of `properties`, held against what the fuzzer makes up.
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzz::seeds::write("stream"),
    |data: &[u8]| fuzz::properties::stream::holds(data)
);
