//! The property `time` of `properties`, held against what the fuzzer makes up.
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzz::seeds::write("time"),
    |data: &[u8]| fuzz::properties::time::holds(data)
);
