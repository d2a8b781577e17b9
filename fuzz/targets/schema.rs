//! The property `schema` of `properties`, held against what the fuzzer makes up.
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: fuzz::seeds::write("schema"),
    |data: &[u8]| fuzz::properties::schema::holds(data)
);
