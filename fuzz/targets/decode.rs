//! The property `decode` of `properties`, held against what the fuzzer makes up.
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzz::seeds::write("decode"),
    |data: &[u8]| fuzz::properties::decode::holds(data)
);
