//! Pulling from a small server that breaks off, lies and redirects, and importing from folders.

mod server;

use std::path::Path;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use self::server::{COMMIT, Served};
use super::{Fetcher, PullError, Wanted, import, pull};
use crate::config::Network;
use crate::model::folder::ModelFolder;
use crate::model::folder::testing::{write_gguf_model, write_model};
use crate::model::manifest::Manifest;

const NAME: &str = "deepseek-ai/Small-R1";

fn source() -> tempfile::TempDir {
    let source = tempfile::tempdir().unwrap();
    write_model(source.path());
    std::fs::write(source.path().join("pytorch_model.bin"), "a pickle").unwrap();
    std::fs::write(source.path().join("model.png"), "a picture").unwrap();
    source
}

fn wanted() -> Wanted {
    Wanted { repository: NAME.to_owned(), revision: "main".to_owned(), file: None }
}

fn fetcher(endpoint: &Url) -> Fetcher {
    let client = crate::forge::http::client(&Network::default()).unwrap();
    Fetcher::new(client, endpoint.clone(), Some(SecretString::from("secret")), Duration::from_millis(1))
}

async fn pulled(served: &Served, models: &Path) -> Result<std::path::PathBuf, PullError> {
    pull(&fetcher(&served.endpoint().await), &wanted(), models, None).await
}

#[tokio::test]
async fn a_model_is_pulled_and_can_be_opened() {
    let (source, models) = (source(), tempfile::tempdir().unwrap());
    let served = Served::of(source.path());
    let folder = pulled(&served, models.path()).await.unwrap();
    assert_eq!(folder, models.path().join("Small-R1"));
    let manifest = Manifest::read(&folder).unwrap();
    assert_eq!((manifest.origin.as_str(), manifest.revision.as_deref()), (NAME, Some(COMMIT)));
    let names: Vec<_> = manifest.files.keys().map(String::as_str).collect();
    assert_eq!(names, ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]);
    ModelFolder::open(models.path(), "Small-R1").unwrap();
    let again = pulled(&served, models.path()).await.unwrap_err();
    assert!(matches!(again, PullError::Exists(_)), "{again}");
}

#[tokio::test]
async fn a_broken_connection_is_taken_up_where_it_broke() {
    let (source, models) = (source(), tempfile::tempdir().unwrap());
    let served = Served::of(source.path());
    served.breaks_off("model.safetensors", &[1000, 70_000, 0]);
    pulled(&served, models.path()).await.unwrap();
    let ranges: Vec<_> = served.requests_for("cdn/model.safetensors");
    assert_eq!(ranges, ["", "bytes=1000-", "bytes=71000-", "bytes=71000-"]);
    ModelFolder::open(models.path(), "Small-R1").unwrap();
}

#[tokio::test]
async fn a_pull_that_was_given_up_goes_on_at_the_next() {
    let (source, models) = (source(), tempfile::tempdir().unwrap());
    let served = Served::of(source.path());
    served.breaks_off("model.safetensors", &[5000, 0, 0, 0, 0, 0]);
    let error = pulled(&served, models.path()).await.unwrap_err();
    assert!(matches!(error, PullError::Unreachable { .. }), "{error}");
    assert!(error.to_string().contains("run the command again"), "{error}");
    assert!(!models.path().join("Small-R1").exists());
    let before = served.requests_for("cdn/config.json").len();
    pulled(&served, models.path()).await.unwrap();
    assert_eq!(served.requests_for("cdn/config.json").len(), before, "what came whole is not fetched again");
    assert_eq!(served.requests_for("cdn/model.safetensors").last().unwrap(), "bytes=5000-");
}

#[tokio::test]
async fn a_wrong_byte_is_found_in_large_and_small_files_and_thrown_away() {
    for name in ["model.safetensors", "tokenizer.json"] {
        let (source, models) = (source(), tempfile::tempdir().unwrap());
        let served = Served::of(source.path());
        served.changes_a_byte(name);
        let error = pulled(&served, models.path()).await.unwrap_err();
        assert!(matches!(&error, PullError::Sum { file, .. } if file == name), "{error}");
        assert!(!models.path().join("Small-R1").exists());
        served.is_honest_again();
        pulled(&served, models.path()).await.unwrap();
    }
}

#[tokio::test]
async fn a_server_that_ignores_ranges_sends_it_all_again() {
    let (source, models) = (source(), tempfile::tempdir().unwrap());
    let served = Served::of(source.path());
    served.ignores_ranges();
    served.breaks_off("model.safetensors", &[3000]);
    pulled(&served, models.path()).await.unwrap();
    ModelFolder::open(models.path(), "Small-R1").unwrap();
}

#[tokio::test]
async fn the_token_goes_to_the_endpoint_and_to_nobody_else() {
    let (source, models) = (source(), tempfile::tempdir().unwrap());
    let served = Served::of(source.path());
    pulled(&served, models.path()).await.unwrap();
    let (with_token, without) = served.who_saw_the_token();
    assert!(
        with_token.iter().all(|path| !path.starts_with("cdn/")) && with_token.len() == 5,
        "{with_token:?}"
    );
    assert!(without.iter().all(|path| path.starts_with("cdn/")) && without.len() == 4, "{without:?}");
}

#[tokio::test]
async fn a_network_that_is_not_computed_is_refused_before_its_weights_are_fetched() {
    let (source, models) = (source(), tempfile::tempdir().unwrap());
    std::fs::write(source.path().join("config.json"), r#"{"model_type": "deepseek_v3"}"#).unwrap();
    let served = Served::of(source.path());
    let error = pulled(&served, models.path()).await.unwrap_err().to_string();
    assert!(error.contains("\"deepseek_v3\"") && error.contains("remote engine"), "{error}");
    assert!(served.requests_for("cdn/model.safetensors").is_empty());
}

#[tokio::test]
async fn of_several_ggufs_one_must_be_named() {
    let (source, models) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for name in ["R1-Q4_K_M.gguf", "R1-Q8_0.gguf"] {
        write_gguf_model(&source.path().join(name));
    }
    let served = Served::of(source.path());
    let error = pulled(&served, models.path()).await.unwrap_err().to_string();
    assert!(error.contains("--file") && error.contains("R1-Q4_K_M.gguf, R1-Q8_0.gguf"), "{error}");
    let one = Wanted { file: Some("R1-Q8_0.gguf".to_owned()), ..wanted() };
    pull(&fetcher(&served.endpoint().await), &one, models.path(), Some("q8")).await.unwrap();
    ModelFolder::open(models.path(), "q8").unwrap();
}

#[tokio::test]
async fn a_repository_of_pickles_is_refused() {
    let (source, models) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::write(source.path().join("pytorch_model.bin"), "x").unwrap();
    let error = pulled(&Served::of(source.path()), models.path()).await.unwrap_err().to_string();
    assert!(error.contains("pickles are never taken"), "{error}");
}

#[tokio::test]
async fn names_that_are_none_are_never_asked_for() {
    let source = source();
    let served = Served::of(source.path());
    let fetcher = fetcher(&served.endpoint().await);
    for name in ["R1", "a/b/c", "../x", "a/..", "a/b?x", "", "a/ b", "a/.b"] {
        let models = tempfile::tempdir().unwrap();
        let wanted = Wanted { repository: name.to_owned(), ..wanted() };
        let error = pull(&fetcher, &wanted, models.path(), Some("x")).await.unwrap_err();
        assert!(matches!(error, PullError::Name(_)), "{name}: {error}");
    }
    let unknown = Wanted { repository: "no/body".to_owned(), ..wanted() };
    let models = tempfile::tempdir().unwrap();
    let error = pull(&fetcher, &unknown, models.path(), None).await.unwrap_err();
    assert!(matches!(error, PullError::Refused { status: 404, .. }), "{error}");
}

#[test]
fn an_import_takes_what_belongs_to_a_model_and_leaves_pickles() {
    let (source, models) = (source(), tempfile::tempdir().unwrap());
    let folder = import(source.path(), models.path(), Some("mine")).unwrap();
    let names: Vec<_> = Manifest::read(&folder).unwrap().files.into_keys().collect();
    assert_eq!(names, ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]);
    assert!(matches!(import(source.path(), models.path(), Some("mine")), Err(PullError::Exists(_))));
    assert!(matches!(import(source.path(), models.path(), Some("../x")), Err(PullError::Name(_))));
}

#[test]
fn an_import_of_a_damaged_model_leaves_no_model() {
    let (source, models) = (source(), tempfile::tempdir().unwrap());
    let file = source.path().join("model.safetensors");
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, &bytes[..bytes.len() - 2]).unwrap();
    let error = import(source.path(), models.path(), Some("mine")).unwrap_err().to_string();
    assert!(error.contains("is damaged"), "{error}");
    assert!(!models.path().join("mine").exists());
    std::fs::remove_file(&file).unwrap();
    let pickle = import(source.path(), models.path(), Some("mine")).unwrap_err().to_string();
    assert!(pickle.contains("pytorch_model.bin") && pickle.contains("runs code"), "{pickle}");
    let file = source.path().join("config.json");
    assert!(matches!(import(&file, models.path(), Some("mine")), Err(PullError::Unusable { .. })));
}
