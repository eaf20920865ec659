//! The model on the bank's own machine, and the road to one on another: prompts in, completions out.
//!
//! `folder` holds weights, tokenizer and template, `arch` computes, `engine` schedules, `local` joins them; `serve` and
//! `remote` are the two ends of the OpenAI-compatible road, `host` is what reviews ask, `answers` what was answered before.

pub(crate) mod answers;
pub(crate) mod arch;
pub(crate) mod bench;
pub(crate) mod decoder;
pub(crate) mod earned;
pub(crate) mod embedded;
pub(crate) mod engine;
pub(crate) mod eval;
pub(crate) mod folder;
pub(crate) mod generate;
pub(crate) mod generator;
pub(crate) mod host;
pub(crate) mod local;
pub(crate) mod manifest;
pub(crate) mod pull;
pub(crate) mod remote;
#[cfg(test)]
mod scripted;
pub(crate) mod serve;
pub(crate) mod shape;
#[cfg(test)]
mod suite;
pub(crate) mod template;
pub(crate) mod threads;
pub(crate) mod tokenizer;
pub(crate) mod weights;
