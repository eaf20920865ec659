//! The model on the bank's own machine, and the road to one on another: prompts in, completions out.
//!
//! `weights` and `tokenizer` read what a folder holds, `arch` computes, `engine` schedules, `chat` makes prompts and
//! reads answers, `serve` and `remote` are the two ends of the OpenAI-compatible road.

#![allow(dead_code, reason = "joined to the service when its parts stand")]

pub(crate) mod arch;
pub(crate) mod bench;
pub(crate) mod decoder;
pub(crate) mod folder;
pub(crate) mod generate;
pub(crate) mod manifest;
pub(crate) mod pull;
pub(crate) mod shape;
pub(crate) mod template;
pub(crate) mod tokenizer;
pub(crate) mod weights;
