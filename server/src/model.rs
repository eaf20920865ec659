//! The model on the bank's own machine, and the road to one on another: prompts in, completions out.
//!
//! `weights` and `tokenizer` read what a folder holds, `arch` computes, `engine` schedules, `chat` makes prompts and
//! reads answers, `serve` and `remote` are the two ends of the OpenAI-compatible road.

#![allow(dead_code, reason = "joined to the service when its parts stand")]

pub(crate) mod decoder;
pub(crate) mod engine;
pub(crate) mod generate;
pub(crate) mod local;
pub(crate) mod shape;
