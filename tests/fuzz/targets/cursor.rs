#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| qiaomen_fuzz::run("cursor", bytes));
