//! What a manifest finds in a folder that is not as it was.

use std::path::Path;

use super::{Difference, Entry, Manifest, ManifestError, Reading, sha256};

fn folder_with(files: &[(&str, &str)]) -> (tempfile::TempDir, Manifest) {
    let folder = tempfile::tempdir().unwrap();
    let mut manifest = Manifest {
        origin: "owner/name".to_owned(),
        revision: None,
        files: std::collections::BTreeMap::default(),
    };
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let entry = Entry { bytes: text.len() as u64, sha256: sha256(&path, |_| ()).unwrap() };
        manifest.files.insert((*name).to_owned(), entry);
    }
    manifest.write(folder.path()).unwrap();
    (folder, manifest)
}

fn verify(folder: &Path, reading: Reading) -> Vec<Difference> {
    Manifest::read(folder).unwrap().verify(folder, reading).unwrap()
}

#[test]
fn an_untouched_folder_is_as_its_manifest_says() {
    let (folder, manifest) = folder_with(&[("config.json", "{}"), ("model.safetensors", "weights")]);
    assert_eq!(Manifest::read(folder.path()).unwrap(), manifest);
    assert_eq!(verify(folder.path(), Reading::Whole), []);
    assert_eq!(verify(folder.path(), Reading::Touched), []);
}

#[test]
fn every_changed_missing_and_extra_file_is_named() {
    let (folder, _) =
        folder_with(&[("a.json", "one"), ("b.json", "two"), ("c.json", "three"), ("d.json", "4")]);
    std::fs::write(folder.path().join("a.json"), "eno").unwrap();
    std::fs::remove_file(folder.path().join("b.json")).unwrap();
    std::fs::write(folder.path().join("d.json"), "44").unwrap();
    std::fs::write(folder.path().join("pytorch_model.bin"), "x").unwrap();
    let differences = verify(folder.path(), Reading::Whole);
    let expected = [
        Difference::Changed("a.json".to_owned()),
        Difference::Changed("d.json".to_owned()),
        Difference::Missing("b.json".to_owned()),
        Difference::Extra("pytorch_model.bin".to_owned()),
    ];
    assert_eq!(differences, expected);
}

#[test]
fn a_byte_that_is_changed_after_a_reading_is_found_by_the_next() {
    let (folder, _) = folder_with(&[("model.safetensors", "weights")]);
    assert_eq!(verify(folder.path(), Reading::Touched), []);
    let path = folder.path().join("model.safetensors");
    let modified = std::fs::metadata(&path).unwrap().modified().unwrap();
    std::fs::write(&path, "Weights").unwrap();
    // The time of modification is forged; the time of change cannot be.
    std::fs::File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
    assert_eq!(
        verify(folder.path(), Reading::Touched),
        [Difference::Changed("model.safetensors".to_owned())]
    );
}

#[test]
fn a_remembered_reading_of_other_bytes_is_not_believed() {
    let (folder, mut manifest) = folder_with(&[("model.safetensors", "weights")]);
    assert_eq!(verify(folder.path(), Reading::Touched), []);
    manifest.files.get_mut("model.safetensors").unwrap().sha256 = "0".repeat(64);
    assert_eq!(
        manifest.verify(folder.path(), Reading::Touched).unwrap(),
        [Difference::Changed("model.safetensors".to_owned())]
    );
}

#[test]
fn the_digest_is_that_of_the_list_of_sums() {
    let (_, mut manifest) = folder_with(&[("b", "two"), ("a", "one")]);
    // printf one | sha256sum, printf two | sha256sum; the digest is sha256sum of the two lines, a first.
    let list = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed  a\n\
                3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3  b\n";
    let expected = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(list));
    assert_eq!(manifest.digest(), expected);
    manifest.origin = "elsewhere".to_owned();
    assert_eq!(manifest.digest(), expected, "where it came from is no part of what it is");
    manifest.files.get_mut("a").unwrap().sha256 = "0".repeat(64);
    assert_ne!(manifest.digest(), expected);
}

#[test]
fn a_folder_without_a_manifest_says_how_to_get_one() {
    let folder = tempfile::tempdir().unwrap();
    let error = Manifest::read(folder.path()).unwrap_err();
    assert!(matches!(error, ManifestError::None(_)));
    assert!(error.to_string().contains("model pull --from"), "{error}");
}

#[test]
fn a_manifest_that_is_none_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(super::MANIFEST), "[]").unwrap();
    assert!(Manifest::read(folder.path()).unwrap_err().to_string().contains("countersign-manifest.json"));
}
