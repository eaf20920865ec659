//! The example and the defaults say the same; what cannot be meant is refused.

use super::*;

const EXAMPLE: &str = include_str!("../../countersign.example.toml");

/// The example with every key in force.
fn uncommented() -> String {
    let is_key = |line: &str| {
        line.strip_prefix('#')
            .is_some_and(|rest| rest.starts_with(|first: char| first == '[' || first.is_ascii_lowercase()))
    };
    EXAMPLE.lines().map(|line| if is_key(line) { &line[1..] } else { line }).collect::<Vec<_>>().join("\n")
}

pub(super) fn read(text: &str) -> Result<Config, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("countersign.toml");
    std::fs::write(&file, text).unwrap();
    Config::read(&file).map_err(|error| format!("{error:#}"))
}

#[test]
fn the_example_has_every_key_and_the_defaults() {
    let example = uncommented();
    let config: Config = toml::from_str(&example).unwrap();
    let defaults = Config::default();
    assert_eq!(config.listen, defaults.listen);
    assert_eq!(format!("{:?}", config.limits), format!("{:?}", defaults.limits));
    assert_eq!(format!("{:?}", config.review), format!("{:?}", defaults.review));
    let model = config.model.unwrap();
    let (local, remote) = (model.local.clone().unwrap(), model.remote.clone().unwrap());
    let plain = model::Model { local: None, remote: None, evaluation: None, ..model };
    assert_eq!(format!("{plain:?}"), format!("{:?}", model::Model::default()));
    let local = model::LocalModel { folder: None, name: None, ..local };
    assert_eq!(format!("{local:?}"), format!("{:?}", model::LocalModel::default()));
    let remote = model::RemoteModel { endpoints: Vec::new(), ..remote };
    assert_eq!(format!("{remote:?}"), format!("{:?}", model::RemoteModel::default()));
    let schema = serde_json::to_value(schemars::schema_for!(Config)).unwrap();
    let mut structs = vec![&schema];
    structs.extend(schema["$defs"].as_object().unwrap().values());
    for key in structs.iter().filter_map(|form| form["properties"].as_object()).flat_map(|keys| keys.keys()) {
        let as_table = example.contains(&format!("[{key}]"))
            || example.contains(&format!(".{key}]"))
            || example.contains(&format!("[{key}."));
        assert!(as_table || example.contains(&format!("\n{key} = ")), "the example lacks `{key}`");
    }
}

#[test]
fn without_a_file_only_this_machine_can_call() {
    let config = Config::default();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8787");
    assert!(!config.requires_token());
    assert!(read("listen = \"0.0.0.0:8787\"").unwrap().requires_token());
}

#[test]
fn what_cannot_be_meant_is_refused_and_named() {
    let refused = [
        ("lisen = \"127.0.0.1:1\"", "lisen"),
        ("[review]\nfail_on = \"huge\"", "huge"),
        ("handle = \"@me\"", "without `@`"),
        ("[review]\nlease_seconds = 89", "three times"),
        (
            "[forge.gitlab]\nurl = \"http://gitlab.bank.example\"\ntoken_file = \"t\"\nwebhook_secret_files = [\"s\"]",
            "https",
        ),
        (
            "[forge.gitlab]\nurl = \"https://gitlab.bank.example\"\ntoken_file = \"t\"\nwebhook_secret_files = []",
            "anybody",
        ),
        ("[forge.github]\napp_id = 1\nwebhook_secret_files = [\"s\"]", "private_key_file"),
        (
            "[forge.gitea]\nurl = \"https://me:x@gitea.example\"\ntoken_file = \"t\"\nwebhook_secret_files = [\"s\"]",
            "password",
        ),
    ];
    for (text, word) in refused {
        let error = read(text).unwrap_err();
        assert!(error.contains(word), "{error}");
    }
    read("[forge.gitlab]\nurl = \"http://127.0.0.1:9\"\ntoken_file = \"t\"\nwebhook_secret_files = [\"s\"]")
        .unwrap();
}
