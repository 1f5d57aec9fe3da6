#![no_main]

#[path = "../../tests/support/bodies.rs"]
#[allow(dead_code)]
mod bodies;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bodies::osmand_json(bytes));
