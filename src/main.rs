//! The `jibe` program.

fn main() {}
