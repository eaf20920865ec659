//! What is loaded from a folder of models, and what never is.

use std::path::Path;

use serde_json::json;

use super::testing::{write_gguf_model, write_model};
use super::{FolderError, ModelFolder, check, list_models};
use crate::model::pull::import;
use crate::model::shape::Architecture;
use crate::model::weights::testing::config;

/// A folder of models with one in it, called `small`.
fn models() -> tempfile::TempDir {
    let models = tempfile::tempdir().unwrap();
    let source = tempfile::tempdir().unwrap();
    write_model(source.path());
    import(source.path(), models.path(), Some("small")).unwrap();
    models
}

fn refused(models: &Path) -> String {
    ModelFolder::open(models, "small").unwrap_err().to_string()
}

#[test]
fn a_model_that_is_as_it_came_in_is_opened() {
    let models = models();
    let model = ModelFolder::open(models.path(), "small").unwrap();
    assert_eq!(model.weights.shape().architecture, Architecture::Qwen2);
    assert_eq!(model.tokenizer.special("</think>"), Some(model.template.think_end()));
    let listed = list_models(models.path()).unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].manifest.as_ref().unwrap().digest(), model.digest);
}

#[test]
fn a_gguf_alone_is_a_model() {
    let models = tempfile::tempdir().unwrap();
    let source = tempfile::tempdir().unwrap();
    let file = source.path().join("R1-Q8_0.gguf");
    write_gguf_model(&file);
    import(&file, models.path(), None).unwrap();
    let model = ModelFolder::open(models.path(), "R1-Q8_0").unwrap();
    assert_eq!(model.tokenizer.special("<think>"), Some(264));
}

#[test]
fn a_changed_byte_is_refused_after_it_was_opened_once() {
    let models = models();
    ModelFolder::open(models.path(), "small").unwrap();
    let file = models.path().join("small/model.safetensors");
    let mut bytes = std::fs::read(&file).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let error = refused(models.path());
    assert!(error.contains("model.safetensors is changed"), "{error}");
}

#[test]
fn a_file_that_did_not_come_in_with_it_is_refused() {
    let models = models();
    std::fs::write(models.path().join("small/adapter_config.json"), "{}").unwrap();
    assert!(refused(models.path()).contains("adapter_config.json is extra"));
}

#[test]
fn a_pickle_is_refused_before_anything_is_read() {
    for name in ["pytorch_model.bin", "consolidated.00.PTH", "x.pt", "x.ckpt"] {
        let models = models();
        std::fs::write(models.path().join("small").join(name), "").unwrap();
        let error = refused(models.path());
        assert!(error.contains(name) && error.contains("runs code"), "{error}");
    }
}

#[test]
fn a_folder_that_was_only_put_there_is_refused_and_says_how_to_take_it_in() {
    let models = tempfile::tempdir().unwrap();
    write_model(&models.path().join("small"));
    assert!(refused(models.path()).contains("model pull --from"));
}

#[test]
fn a_name_is_no_way_out_of_the_folder_of_models() {
    let models = models();
    for name in ["../small", ".", "", "small/../small", "none", ".small.partial"] {
        assert!(matches!(ModelFolder::open(models.path(), name), Err(FolderError::Unknown { .. })), "{name}");
    }
}

/// A whole model whose file `name` is changed as JSON.
fn with(name: &str, change: impl FnOnce(&mut serde_json::Value)) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    write_model(folder.path());
    let path = folder.path().join(name);
    let mut value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    change(&mut value);
    std::fs::write(&path, value.to_string()).unwrap();
    check(folder.path()).map(|_| ()).map_err(|error| error.to_string())
}

#[test]
fn a_foreign_template_is_refused_wherever_it_stands() {
    let foreign = "{{ messages[0]['content'] }}";
    let error = with("tokenizer_config.json", |value| value["chat_template"] = json!(foreign)).unwrap_err();
    assert!(error.contains("tokenizer_config.json is not R1's"), "{error}");
    let several = json!([{"name": "tool_use", "template": "x"}, {"name": "default", "template": foreign}]);
    assert!(with("tokenizer_config.json", |value| value["chat_template"] = several).is_err());
    let folder = tempfile::tempdir().unwrap();
    write_model(folder.path());
    std::fs::write(folder.path().join("chat_template.jinja"), foreign).unwrap();
    let error = check(folder.path()).unwrap_err().to_string();
    assert!(error.contains("chat_template.jinja is not R1's"), "{error}");
    assert_eq!(with("tokenizer_config.json", |value| value["chat_template"] = json!(null)), Ok(()));
}

#[test]
fn a_tokenizer_of_another_model_is_refused() {
    let more_tokens = with("tokenizer.json", |value| value["added_tokens"][0]["id"] = json!(300));
    assert!(more_tokens.unwrap_err().contains("301 tokens, and the weights know 267"));
    let other_end = with("config.json", |value| value["eos_token_id"] = json!(5));
    assert!(other_end.unwrap_err().contains("ends a turn by"));
    let other_family = with("config.json", |value| *value = config(Architecture::Llama));
    assert!(other_family.unwrap_err().contains("Llama"));
    let no_thinking = with("tokenizer.json", |value| {
        value["added_tokens"].as_array_mut().unwrap().retain(|token| token["content"] != "</think>");
    });
    assert!(no_thinking.unwrap_err().contains("no token </think>"));
}
