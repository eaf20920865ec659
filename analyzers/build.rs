//! Lists the files of `policies/` in a table, so that the built-in pack travels inside the binary. Policies are
//! converted to JSON beside their YAML, because they are read at every start and JSON reads ten times faster.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?).join("../policies");
    let root = root.canonicalize()?;
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    let mut files = Vec::new();
    gather(&root, &mut files)?;
    files.sort();
    let mut table = String::from("static PACK: &[(&str, &str, Option<&str>)] = &[\n");
    for (number, file) in files.iter().enumerate() {
        let name =
            file.strip_prefix(&root).map_err(io::Error::other)?.display().to_string().replace('\\', "/");
        let json = match as_json(file)? {
            Some(json) => {
                let converted = out.join(format!("{number}.json"));
                fs::write(&converted, json)?;
                format!("Some(include_str!({:?}))", converted.display().to_string())
            }
            None => "None".to_owned(),
        };
        writeln!(table, "    ({name:?}, include_str!({:?}), {json}),", file.display().to_string())
            .map_err(io::Error::other)?;
    }
    table.push_str("];\n");
    fs::write(out.join("pack.rs"), table)
}

/// A policy, vocabulary or set of paths as JSON; nothing for examples, and for YAML that is wrong, whose mistakes
/// are then told when it is read.
fn as_json(file: &Path) -> io::Result<Option<String>> {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if !name.ends_with(".yaml") || name.matches('.').count() > 1 {
        return Ok(None);
    }
    let mut options = serde_saphyr::Options::default();
    // As where policies are read from disk: `N` and `off` are text.
    options.strict_booleans = true;
    let text = fs::read_to_string(file)?;
    let value: Result<serde_json::Value, _> = serde_saphyr::from_str_with_options(&text, options);
    Ok(value.ok().map(|value| value.to_string()))
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, files)?;
        } else if path.extension().is_none_or(|extension| extension != "md" && extension != "json") {
            files.push(path);
        }
    }
    Ok(())
}
