//! The engine on this machine, made of `[model.local]`: a folder's weights in memory, served to many at once.
//!
//! Tokenizer and template make prompts; what the engine must know of the vocabulary is read off them once.

use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail, ensure};
use async_trait::async_trait;
use candle_core::Device;
use futures::StreamExt;
use futures::stream;

use super::arch::{self, Devices, Settings};
use super::engine::vocabulary::{Parts, Vocabulary};
use super::engine::{Engine, Limits};
use super::folder::ModelFolder;
use super::generate::{Failure, Request};
use super::generator::{EventStream, Generator, Message, ModelCard, Role};
use super::template::{Opening, Speaker, Template, Turn};
use super::tokenizer::Tokenizer;
use crate::config::model::{self, LocalModel};

/// A model in this process.
struct Local {
    engine: Engine,
    tokenizer: Arc<Tokenizer>,
    template: Template,
    card: ModelCard,
}

/// The engine with its model in memory; models by name are in `data`.
///
/// # Errors
/// Says what of the model cannot be had.
pub(crate) fn open(local: &LocalModel, data: &Path) -> anyhow::Result<Arc<dyn Generator>> {
    let folder = folder(local, data)?;
    let devices = devices(&local.device).context("`model.local.device`")?;
    let limits = Limits::on(devices.first());
    let settings = Settings {
        devices,
        memory_bytes: usize::try_from(local.kv_bytes).context("`model.local.kv_bytes`")?,
    };
    let decoder = arch::load(&folder.weights, &settings).context("`[model.local]`")?;
    let facts = decoder.facts();
    let tokenizer = Arc::new(folder.tokenizer);
    let parts = parts(&tokenizer, &folder.template, facts.vocabulary);
    let vocabulary = Arc::new(Vocabulary::new(parts).context("`[model.local]`: its tokenizer")?);
    let card = ModelCard {
        name: folder.name,
        created: SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs().cast_signed()),
        context: facts.context.min(if local.context == 0 { usize::MAX } else { local.context }),
        weights_digest: format!("sha256:{}", folder.digest),
        is_reproducible: facts.is_batch_invariant,
    };
    let engine = Engine::start(decoder, vocabulary, limits);
    Ok(Arc::new(Local { engine, tokenizer, template: folder.template, card }))
}

/// The model by its name among those that were pulled, or in a folder of its own with its manifest.
fn folder(local: &LocalModel, data: &Path) -> anyhow::Result<ModelFolder> {
    let models = data.join("models");
    let (models, name) = match (&local.folder, &local.name) {
        (Some(folder), _) => {
            let name = folder.file_name().and_then(|name| name.to_str());
            let name = name.context("`model.local.folder` names no folder")?;
            (folder.parent().unwrap_or(Path::new(".")), name)
        }
        (None, Some(name)) => (models.as_path(), name.as_str()),
        (None, None) => bail!("`[model.local]` names no model: say `name` or `folder`"),
    };
    ensure!(!name.is_empty(), "`[model.local]` names no model: say `name` or `folder`");
    Ok(ModelFolder::open(models, name)?)
}

/// The devices that are wanted.
///
/// # Errors
/// Where this machine or this build has no such GPU.
pub(crate) fn devices(wanted: &model::Device) -> anyhow::Result<Devices> {
    match wanted {
        model::Device::Cpu => Ok(Devices::cpu()),
        model::Device::Auto => Ok(Devices::new(Device::new_cuda(0).unwrap_or(Device::Cpu), Vec::new())),
        model::Device::Cuda(numbers) => {
            let mut devices =
                numbers.iter().map(|&number| gpu(number)).collect::<anyhow::Result<Vec<_>>>()?;
            ensure!(!devices.is_empty(), "no GPU is named");
            let first = devices.remove(0);
            Ok(Devices::new(first, devices))
        }
    }
}

fn gpu(number: usize) -> anyhow::Result<Device> {
    ensure!(
        cfg!(feature = "cuda"),
        "this program was built without CUDA: build it by `server/cuda/build.sh`, or write `cpu`"
    );
    Device::new_cuda(number).with_context(|| {
        format!("GPU {number} cannot be used: there is none of this number, or the NVIDIA driver or its CUDA libraries are missing")
    })
}

/// What the engine must know of a vocabulary; networks may have a few more rows than there are tokens.
fn parts(tokenizer: &Arc<Tokenizer>, template: &Template, rows: usize) -> Parts {
    let bytes = |token| tokenizer.token_bytes(token).map(<[u8]>::to_vec).unwrap_or_default();
    let encoder = Arc::clone(tokenizer);
    let ends: Vec<u32> = std::iter::once(template.end())
        .chain(tokenizer.ends().iter().copied().filter(|end| *end != template.end()))
        .collect();
    Parts {
        tokens: (0..u32::try_from(rows).unwrap_or(u32::MAX)).map(bytes).collect(),
        ends,
        specials: tokenizer.specials().values().copied().collect(),
        think_open: Some(template.think()),
        think_close: Some(template.think_end()),
        after_thinking: tokenizer.encode_text("\n\n"),
        encode: Some(Arc::new(move |bytes| encoder.encode_text(&String::from_utf8_lossy(bytes)))),
    }
}

#[async_trait]
impl Generator for Local {
    fn card(&self) -> ModelCard {
        self.card.clone()
    }

    fn prompt_of_chat(&self, messages: &[Message]) -> Result<Vec<u32>, String> {
        let speaker = |role| match role {
            Role::System => Speaker::System,
            Role::User => Speaker::User,
            Role::Assistant => Speaker::Assistant,
        };
        let turns: Vec<Turn<'_>> =
            messages.iter().map(|message| Turn::new(speaker(message.role), &message.content)).collect();
        Ok(self.template.prompt(&self.tokenizer, &turns, Opening::Thinking))
    }

    fn prompt_of_text(&self, text: &str) -> Vec<u32> {
        std::iter::once(self.template.begin()).chain(self.tokenizer.encode_text(text)).collect()
    }

    async fn generate(&self, request: Request) -> Result<EventStream, Failure> {
        let room = self.card.context;
        if request.prompt.len() >= room {
            return Err(Failure::Refused(format!(
                "the prompt has {} tokens, the model takes {room} with its answer",
                request.prompt.len()
            )));
        }
        let engine = self.engine.clone();
        let submitted = tokio::task::spawn_blocking(move || engine.submit(request)).await;
        let stream = submitted.map_err(|_| Failure::Broken("a fault of the engine itself".to_owned()))??;
        Ok(stream::unfold(stream, |mut stream| async move { Some((stream.recv().await?, stream)) }).boxed())
    }
}
