//! The property `script` of `properties`, held against what the fuzzer makes up.
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzz::seeds::write("script"),
    |data: &[u8]| fuzz::properties::script::holds(data)
);
