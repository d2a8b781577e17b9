//! The property `infer` of `properties`, held against what the fuzzer makes up.
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzz::seeds::write("infer"),
    |data: &[u8]| fuzz::properties::infer::holds(data)
);
