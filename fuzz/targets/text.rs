//! The property `text` of `properties`, held against what the fuzzer makes up.
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzz::seeds::write("text"),
    |data: &[u8]| fuzz::properties::text::holds(data)
);
