//! The property `json` of `properties`, held against what the fuzzer makes up.
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzz::seeds::write("json"),
    |data: &[u8]| fuzz::properties::json::holds(data)
);
