//! Golden models of PyTorch transformers, computed whole, in pieces, in company and over shared blocks.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use candle_core::{Device, Tensor};

use super::*;
use crate::model::decoder::{BLOCK_TOKENS, BlockId, Run};
use crate::model::shape::{Scaling, Shape};

/// A model's folder with what the reference computed.
struct Golden {
    path: PathBuf,
    tensors: HashMap<String, Tensor>,
}

/// A prompt, the greedy tokens after it, and the logits before each of them.
struct Case {
    prompt: Vec<u32>,
    greedy: Vec<u32>,
    logits: Vec<Vec<f32>>,
}

impl Golden {
    fn open(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/models").join(name);
        let tensors =
            candle_core::safetensors::load(folder.join("golden.safetensors"), &Device::Cpu).unwrap();
        let gguf = folder.join("model.gguf");
        Self { path: if gguf.exists() { gguf } else { folder }, tensors }
    }

    fn case(&self, name: &str) -> Case {
        let numbers = |part: &str| {
            let numbers = self.tensors[&format!("{name}.{part}")].to_vec1::<i64>().unwrap();
            numbers.into_iter().map(|n| n as u32).collect()
        };
        let logits = self.tensors[&format!("{name}.logits")].to_vec2().unwrap();
        Case { prompt: numbers("prompt"), greedy: numbers("greedy"), logits }
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        let weights = Weights::open(&self.path).unwrap();
        load(&weights, &Settings { devices: Devices::cpu(), memory_bytes: 1 << 20 }).unwrap()
    }

    /// The other implementation, its shape changed before it is built.
    fn tensors_decoder(
        &self,
        prepare: fn(Linear, &str) -> Result<Linear, WeightsError>,
        change: impl FnOnce(&mut Shape),
    ) -> TensorDecoder {
        let weights = Weights::open(&self.path).unwrap();
        // Two that are one share the layers.
        let devices = Devices::new(Device::Cpu, vec![Device::Cpu]);
        let mut network = Network::load(&weights, &devices, prepare).unwrap();
        if network.shape.is_tied {
            network.head = prepare(network.head.shared(), "the embedding").unwrap();
        }
        change(&mut network.shape);
        TensorDecoder::new(network, devices, 1 << 20).unwrap()
    }
}

impl Case {
    /// Compares the logits before greedy token `step` with the reference's.
    fn check(&self, step: usize, logits: &[f32], tolerance: f32, what: &str) {
        let wanted = &self.logits[step];
        let difference = furthest(wanted, logits);
        assert!(difference < tolerance, "{what}, step {step}: logits are off by {difference}");
        assert_eq!(greatest(logits), self.greedy[step], "{what}, step {step}");
    }
}

/// How far any logit is from the wanted one, as a share of the spread of the wanted ones.
fn furthest(wanted: &[f32], logits: &[f32]) -> f32 {
    assert_eq!(wanted.len(), logits.len());
    let spread = (wanted.iter().map(|a| a * a).sum::<f32>() / wanted.len() as f32).sqrt();
    wanted.iter().zip(logits).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max) / spread
}

fn greatest(logits: &[f32]) -> u32 {
    (0..logits.len()).max_by(|&a, &b| logits[a].total_cmp(&logits[b])).unwrap() as u32
}

fn one(decoder: &mut dyn Decoder, tokens: &[u32], start: usize, blocks: &[BlockId]) -> Vec<f32> {
    let run = Run { tokens, start, blocks, wants_logits: true };
    decoder.step(&[run]).unwrap().remove(0)
}

// How far any logit may be off, as a share of the spread of the reference's logits.

/// KV memory in f16 on the CPU.
const HALF_MEMORY: f32 = 0.005;
/// Everything in f32.
const SINGLE: f32 = 0.0001;
/// Quantised matrices, whose kernels round rows to 8 bits; the reference dequantises and does not.
const EIGHT_BIT_ROWS: f32 = 0.15;

/// Every architecture and rope from safetensors.
const PLAIN: [&str; 6] = [
    "qwen2-f32",
    "qwen2-tied-f16",
    "llama-bf16",
    "llama3-scaling-bf16",
    "llama-linear-f16",
    "qwen3-yarn-bf16",
];

/// The formats of GGUF, and their ropes.
const GGUF: [(&str, f32); 4] = [
    ("qwen2-halves", HALF_MEMORY),
    ("qwen2-q4k-q6k", EIGHT_BIT_ROWS),
    ("llama-factors-q5k", EIGHT_BIT_ROWS),
    ("qwen3-yarn-q8", EIGHT_BIT_ROWS),
];

/// Whole prompts, then token by token.
fn check_steps(golden: &Golden, decoder: &mut dyn Decoder, tolerance: f32, what: &str) {
    for name in ["a", "b", "c"] {
        let case = golden.case(name);
        let blocks = [4, 1, 3];
        let mut logits = one(decoder, &case.prompt, 0, &blocks);
        for step in 0..case.greedy.len() {
            case.check(step, &logits, tolerance, &format!("{what} {name}"));
            logits = one(decoder, &[case.greedy[step]], case.prompt.len() + step, &blocks);
        }
    }
}

/// All prompts at once in chunks of unlike lengths, then their tokens in one batch.
fn check_company(golden: &Golden, decoder: &mut dyn Decoder, tolerance: f32, what: &str) {
    let cases = ["a", "b", "c"].map(|name| golden.case(name));
    let blocks: [&[BlockId]; 3] = [&[7, 0, 2], &[5, 6], &[1]];
    let chunk = [31, 9, 5];
    let mut done = [0; 3];
    let mut checked = [0; 3];
    while checked.iter().zip(&cases).any(|(&checked, case)| checked < case.greedy.len()) {
        let mut runs = Vec::new();
        let mut who = Vec::new();
        for (index, case) in
            cases.iter().enumerate().filter(|(index, case)| checked[*index] < case.greedy.len())
        {
            let known = case.prompt.len();
            let tokens = if done[index] < known {
                &case.prompt[done[index]..known.min(done[index] + chunk[index])]
            } else {
                &case.greedy[done[index] - known..=done[index] - known]
            };
            let wants_logits = done[index] + tokens.len() >= known;
            runs.push(Run { tokens, start: done[index], blocks: blocks[index], wants_logits });
            who.push((index, tokens.len(), wants_logits));
        }
        let mut rows = decoder.step(&runs).unwrap().into_iter();
        for (index, length, wants_logits) in who {
            done[index] += length;
            if wants_logits {
                let logits = rows.next().unwrap();
                cases[index].check(checked[index], &logits, tolerance, &format!("{what} in company {index}"));
                checked[index] += 1;
            }
        }
        assert!(rows.next().is_none(), "{what}: rows that nobody wanted");
    }
}

/// `b` reads the first block of `a`, which is never computed for it.
fn check_shared_block(golden: &Golden, decoder: &mut dyn Decoder, tolerance: f32, what: &str) {
    let (a, b) = (golden.case("a"), golden.case("b"));
    assert_eq!(a.prompt[..BLOCK_TOKENS], b.prompt[..BLOCK_TOKENS]);
    one(decoder, &a.prompt, 0, &[2, 3, 4]);
    let logits = one(decoder, &b.prompt[BLOCK_TOKENS..], BLOCK_TOKENS, &[2, 6]);
    b.check(0, &logits, tolerance, &format!("{what} over a shared block"));
    let logits = one(decoder, &[a.greedy[0]], a.prompt.len(), &[2, 3, 4]);
    a.check(1, &logits, tolerance, &format!("{what}, whose block was shared"));
}

fn check(name: &str, decoder: &mut dyn Decoder, tolerance: f32) {
    let golden = Golden::open(name);
    check_steps(&golden, decoder, tolerance, name);
    check_company(&golden, decoder, tolerance, name);
    check_shared_block(&golden, decoder, tolerance, name);
}

#[test]
fn plain_models_agree_with_pytorch() {
    for name in PLAIN {
        check(name, &mut *Golden::open(name).decoder(), HALF_MEMORY);
    }
}

#[test]
fn gguf_models_agree_with_pytorch() {
    for (name, tolerance) in GGUF {
        check(name, &mut *Golden::open(name).decoder(), tolerance);
    }
}

#[test]
fn dequantised_gguf_models_are_those_of_pytorch() {
    for (name, _) in GGUF {
        check(name, &mut Golden::open(name).tensors_decoder(Linear::dequantised, |_| ()), SINGLE);
    }
}

#[test]
fn models_in_tensors_agree_with_pytorch() {
    for name in PLAIN {
        check(name, &mut Golden::open(name).tensors_decoder(Linear::ready, |_| ()), SINGLE);
    }
}

#[test]
fn another_rope_gives_other_logits() {
    for name in ["llama3-scaling-bf16", "llama-linear-f16", "qwen3-yarn-bf16"] {
        let golden = Golden::open(name);
        let mut decoder = golden.tensors_decoder(Linear::ready, |shape| shape.rope.scaling = Scaling::None);
        let case = golden.case("a");
        let logits = one(&mut decoder, &case.prompt, 0, &[0, 1, 2]);
        let difference = furthest(&case.logits[0], &logits);
        assert!(difference > 20.0 * HALF_MEMORY, "{name}: off by {difference} only");
    }
}

/// Whether the logits after `a` are the same bits from one step and from two with `c` beside it.
fn is_same_in_company(golden: &Golden, decoder: &mut dyn Decoder) -> bool {
    let (a, c) = (golden.case("a"), golden.case("c"));
    let alone = one(decoder, &a.prompt, 0, &[0, 1, 2]);
    let next = one(decoder, &a.greedy[..1], a.prompt.len(), &[0, 1, 2]);
    let (first, second) = a.prompt.split_at(33);
    let run = |tokens, start, blocks, wants_logits| Run { tokens, start, blocks, wants_logits };
    decoder.step(&[run(&c.prompt, 0, &[7], false), run(first, 0, &[3, 4, 5], false)]).unwrap();
    let rows = decoder.step(&[run(second, 33, &[3, 4, 5], true), run(&c.prompt, 0, &[7], true)]).unwrap();
    let tokens = [c.greedy[0]];
    let after = [run(&tokens, 5, &[7], true), run(&a.greedy[..1], a.prompt.len(), &[3, 4, 5], true)];
    rows[0] == alone && decoder.step(&after).unwrap()[1] == next
}

#[test]
fn plain_models_give_a_row_the_same_bits_in_any_company() {
    for name in PLAIN {
        let golden = Golden::open(name);
        let mut decoder = golden.decoder();
        assert!(decoder.facts().is_batch_invariant && is_same_in_company(&golden, &mut *decoder), "{name}");
    }
}

#[test]
fn what_is_said_of_the_bits_of_quantised_models_is_true() {
    for (name, _) in GGUF {
        let golden = Golden::open(name);
        let mut decoder = golden.decoder();
        let (said, seen) = (decoder.facts().is_batch_invariant, is_same_in_company(&golden, &mut *decoder));
        assert!(!said || seen, "{name}");
    }
}

#[test]
fn what_cannot_be_computed_is_refused_in_words() {
    let golden = Golden::open("qwen2-f32");
    let mut decoder = golden.decoder();
    let facts = decoder.facts();
    let long = vec![3; facts.context + 1];
    let many: Vec<BlockId> = (0..facts.blocks as BlockId).cycle().take(facts.context).collect();
    let refused = [
        (&[][..], 0, &[0][..], "has no tokens"),
        (&[1], 32, &[0], "ends at position 33 and has 1 blocks"),
        (&[1], 0, &[99_999], "names block 99999"),
        (&[4_000], 0, &[0], "holds token 4000"),
        (&long, 0, &many, "of a context of 128"),
    ];
    for (tokens, start, blocks, reason) in refused {
        let run = Run { tokens, start, blocks, wants_logits: true };
        let error = decoder.step(&[run]).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
    assert!(decoder.step(&[]).unwrap().is_empty());
}

#[test]
fn a_budget_is_whole_blocks_or_refused() {
    let golden = Golden::open("qwen2-f32");
    let weights = Weights::open(&golden.path).unwrap();
    // Two layers of two KV heads of 16, keys and values, in two bytes each.
    assert_eq!(bytes_per_token(weights.shape()), 2 * 2 * 16 * 2 * 2);
    let block = BLOCK_TOKENS * bytes_per_token(weights.shape());
    let given = |memory_bytes| load(&weights, &Settings { devices: Devices::cpu(), memory_bytes });
    assert_eq!(given(3 * block + 1).unwrap().facts().blocks, 3);
    let error = given(block - 1).map(|decoder| decoder.facts()).unwrap_err().to_string();
    assert!(error.contains("hold no block"), "{error}");
}
