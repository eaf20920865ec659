//! The command line `countersign`.

fn main() {}
