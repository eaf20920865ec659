//! The house proves itself: who may import whom, a header on every file, no orphan, nothing stale.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms with code, and the rooms each may import.
const ROOMS: [(&str, &[&str]); 5] = [
    ("grammars", &[]),
    ("analyzers", &["grammars"]),
    ("ci", &["analyzers", "grammars"]),
    ("server", &["analyzers", "grammars"]),
    ("tests", &["analyzers", "ci", "grammars", "server"]),
];

/// What deciding must not know: networks, runtimes, stores, models.
const NOT_FOR_DECIDING: [&str; 8] =
    ["axum", "candle-core", "hyper", "octocrab", "reqwest", "sqlx", "tokio", "ureq"];

/// What deciding must not touch, and the modules that may.
const PURE: [(&str, &[&str]); 5] = [
    ("Instant::now", &[]),
    ("SystemTime", &[]),
    ("env::var", &[]),
    ("std::fs", &["policy/load.rs", "change/git"]),
    ("std::net", &[]),
];

/// Longest header of a file, in lines.
const LONGEST_HEADER: usize = 6;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_path_buf()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn every_rust_file() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for (room, _) in ROOMS {
        rust_files(&root().join(room), &mut files);
    }
    assert!(files.len() > 50, "the rooms are not where this test looks");
    files
}

/// The names under one table of a manifest.
fn table(manifest: &str, name: &str) -> Vec<String> {
    let head = format!("[{name}]");
    let lines = manifest.lines().skip_while(|line| line.trim() != head).skip(1);
    let keys = lines.take_while(|line| !line.starts_with('['));
    keys.filter_map(|line| Some(line.split(['=', '.']).next()?.trim().to_owned()))
        .filter(|key| !key.is_empty())
        .collect()
}

#[test]
fn a_room_imports_only_what_it_may() {
    for (room, allowed) in ROOMS {
        let manifest = read(&root().join(room).join("Cargo.toml"));
        for dependency in table(&manifest, "dependencies") {
            let is_room = ROOMS.iter().any(|(other, _)| *other == dependency);
            assert!(
                !is_room || allowed.contains(&dependency.as_str()),
                "{room} must not import {dependency}"
            );
            let decides = room == "analyzers" || room == "grammars";
            assert!(
                !decides || !NOT_FOR_DECIDING.contains(&dependency.as_str()),
                "{room} decides, so it must not know {dependency}"
            );
        }
    }
}

#[test]
fn deciding_touches_no_clock_environment_or_disk() {
    let room = root().join("analyzers/src");
    let mut files = Vec::new();
    rust_files(&room, &mut files);
    for file in files {
        let name = file.strip_prefix(&room).expect("a file of the room").display().to_string();
        let text = read(&file);
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        if name.contains("tests") || name.contains("testing") || name.contains("histories") {
            continue;
        }
        for (word, allowed) in PURE {
            let excused = allowed.iter().any(|module| name.starts_with(module));
            assert!(excused || !code.contains(word), "analyzers/src/{name} uses {word}");
        }
    }
}

#[test]
fn every_file_opens_with_a_short_header() {
    for file in every_rust_file() {
        let text = read(&file);
        let header = text.lines().take_while(|line| line.starts_with("//!")).count();
        assert!(header > 0, "{} has no `//!` header", file.display());
        assert!(header <= LONGEST_HEADER, "{} has a header of {header} lines", file.display());
    }
}

#[test]
fn no_file_is_an_orphan() {
    for file in every_rust_file() {
        let name = file.file_stem().and_then(|stem| stem.to_str()).expect("a name").to_owned();
        let folder = file.parent().expect("a folder");
        let is_root = ["lib", "main", "build", "mod"].contains(&name.as_str());
        let stands_alone = ["tests", "benches", "examples"].iter().any(|kind| folder.ends_with(kind));
        if is_root || stands_alone {
            continue;
        }
        let beside = folder.with_extension("rs");
        let parents = ["lib.rs", "main.rs", "mod.rs"].map(|root| folder.join(root));
        let declared = parents.iter().chain([&beside]).filter(|parent| parent.is_file()).any(|parent| {
            let text = read(parent);
            text.lines().any(|line| line.trim_end().ends_with(&format!("mod {name};")))
        });
        assert!(declared, "{} belongs to no module", file.display());
    }
}

#[test]
fn the_published_policy_schema_is_fresh() {
    let published = root().join("policies/policy.schema.json");
    let fresh = analyzers::policy::schema::policy_schema();
    assert!(
        read(&published) == fresh,
        "run `cargo run -p ci -- policy schema > policies/policy.schema.json`"
    );
}

#[test]
fn policies_hold_no_code_and_the_top_level_is_as_designed() {
    let mut files = Vec::new();
    rust_files(&root().join("policies"), &mut files);
    assert!(files.iter().all(|file| !read(file).contains("fn main")), "policies are data");
    for needed in [
        "server",
        "analyzers",
        "grammars",
        "policies",
        "tests",
        "ci",
        "README.md",
        "ARCHITECTURE.md",
        "LICENSE",
    ] {
        assert!(root().join(needed).exists(), "{needed} is missing");
    }
}
