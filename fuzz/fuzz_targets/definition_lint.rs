#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jibe_fuzz::definition_lint(data));
