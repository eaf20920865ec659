"""Makes the small random models of `server/fixtures/models` with golden logits of PyTorch transformers.

    python -m venv venv && venv/bin/pip install torch==2.6.0 transformers==5.23.0 safetensors gguf numpy
    venv/bin/python tests/models/make_models.py server/fixtures/models

Every folder holds a model as its makers publish one (`config.json` and `model.safetensors`, or `model.gguf`) and
`golden.safetensors`: for prompts a, b and c the tokens `x.prompt`, the `x.greedy` tokens that follow, and
`x.logits`, one row after the prompt and one after each of these tokens. Everything is computed in f32 on the CPU from
the very numbers that the file holds. b begins with 40 tokens of a; c is shorter than one block of KV memory.
"""
import json
import math
import pathlib
import sys

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType as Q
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM

VOCABULARY = 256
STEPS = 6
CLASSES = {
    "qwen2": (Qwen2Config, Qwen2ForCausalLM),
    "qwen3": (Qwen3Config, Qwen3ForCausalLM),
    "llama": (LlamaConfig, LlamaForCausalLM),
}
HUGGING_FACE_NAMES = {
    "qwen2": "Qwen2ForCausalLM",
    "qwen3": "Qwen3ForCausalLM",
    "llama": "LlamaForCausalLM",
}
LLAMA3 = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 32,
}
YARN = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32}


def config(kind, hidden, intermediate, layers, heads, kv_heads, head_dim, **more):
    """`config.json` as the makers write it."""
    return {
        "architectures": [HUGGING_FACE_NAMES[kind]],
        "model_type": kind,
        "vocab_size": VOCABULARY,
        "hidden_size": hidden,
        "intermediate_size": intermediate,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "num_key_value_heads": kv_heads,
        "head_dim": head_dim,
        "hidden_act": "silu",
        "max_position_embeddings": 128,
        "rms_norm_eps": 1e-6,
        "rope_theta": 10000.0,
        "tie_word_embeddings": False,
        "bos_token_id": 0,
        "eos_token_id": 1,
        **more,
    }


def network(settings):
    """The reference network for a `config.json`, its rope checked, without weights that matter."""
    make_config, make_network = CLASSES[settings["model_type"]]
    made = make_config(**{k: v for k, v in settings.items() if k != "architectures"})
    made._attn_implementation = "eager"
    rope = made.rope_parameters
    wanted = settings.get("rope_scaling") or {"rope_type": "default"}
    assert rope["rope_theta"] == settings["rope_theta"], rope
    assert all(rope[key] == value for key, value in wanted.items()), rope
    return make_network(made).float().eval()


def scale_of(name, columns):
    """Spreads wide enough that attention is sharp and the likeliest token clear."""
    if name.endswith("embed_tokens.weight"):
        return 1.0
    if name.endswith("lm_head.weight"):
        return 3.0 / math.sqrt(columns)
    return 1.5 / math.sqrt(columns)


def random_weights(reference, seed, dtype):
    """Random weights of the reference's names and shapes, rounded to `dtype`."""
    generator = torch.Generator().manual_seed(seed)
    made = {}
    for name, value in reference.state_dict().items():
        if name == "lm_head.weight" and reference.config.tie_word_embeddings:
            continue
        noise = torch.randn(value.shape, generator=generator)
        if name.endswith("norm.weight"):
            made[name] = (1.0 + 0.2 * noise).to(dtype)
        elif name.endswith(".bias"):
            made[name] = (0.4 * noise).to(dtype)
        else:
            made[name] = (scale_of(name, value.shape[1]) * noise).to(dtype)
    return made


def load(reference, weights):
    """Puts weights into the reference, all of them."""
    missing, unexpected = reference.load_state_dict({k: v.float() for k, v in weights.items()}, strict=False)
    assert not unexpected, unexpected
    assert all(m == "lm_head.weight" and reference.config.tie_word_embeddings for m in missing), missing
    reference.tie_weights()


@torch.no_grad()
def golden(reference, seed, margin):
    """Prompts, greedy tokens and logits; `None` where a choice between tokens is closer than `margin`."""
    draw = np.random.default_rng(seed)
    a = draw.integers(2, VOCABULARY, 70)
    b = np.concatenate([a[:40], draw.integers(2, VOCABULARY, 17)])
    c = draw.integers(2, VOCABULARY, 5)
    made = {}
    for name, prompt in {"c": c, "b": b, "a": a}.items():
        tokens = torch.tensor(prompt[None])
        rows, greedy = [], []
        for _ in range(STEPS + 1):
            row = reference(tokens, use_cache=False).logits[0, -1]
            best = torch.topk(row, 2).values
            if best[0] - best[1] < margin:
                return None
            rows.append(row)
            greedy.append(row.argmax())
            tokens = torch.cat([tokens, greedy[-1][None, None]], 1)
        made[f"{name}.prompt"] = torch.tensor(prompt, dtype=torch.int64)
        made[f"{name}.greedy"] = torch.stack(greedy).to(torch.int64)
        made[f"{name}.logits"] = torch.stack(rows).float().contiguous()
    return made


def settled(reference, margin, weigh):
    """The first seed whose weights and prompts leave no choice closer than `margin`: weights and goldens."""
    for seed in range(2000):
        weights = weigh(seed)
        load(reference, weights)
        made = golden(reference, seed, margin)
        if made is not None:
            return weights, made
    raise SystemExit("no seed has clear choices")


def safetensors_model(folder, settings, dtype):
    """One model as safetensors."""
    reference = network(settings)
    weights, made = settled(reference, 0.05, lambda seed: random_weights(reference, seed, dtype))
    folder.mkdir(parents=True, exist_ok=True)
    settings = {**settings, "torch_dtype": str(dtype).removeprefix("torch.")}
    (folder / "config.json").write_text(json.dumps(settings, indent=2) + "\n")
    save_file({k: v.contiguous() for k, v in weights.items()}, folder / "model.safetensors", {"format": "pt"})
    save_file(made, folder / "golden.safetensors")


def f16_bytes(values):
    return np.asarray(values, np.float16).view(np.uint8)


def random_blocks(draw, kind, rows, columns, scale):
    """Random quantised rows of about the wanted spread; K-quants as raw blocks, which the package cannot make."""
    if kind in (Q.F16, Q.BF16, Q.Q8_0):
        return gguf.quantize((scale * draw.standard_normal((rows, columns))).astype(np.float32), kind)
    n = rows * columns // 256
    size = {Q.Q4_K: 144, Q.Q5_K: 176, Q.Q6_K: 210}[kind]
    blocks = draw.integers(0, 256, (n, size), dtype=np.uint8)
    if kind == Q.Q6_K:
        blocks[:, 192:208] = draw.integers(-32, 33, (n, 16), dtype=np.int8).view(np.uint8)
        blocks[:, 208:210] = f16_bytes(np.full((n, 1), 1.0))
    else:
        middle = 7.5 if kind == Q.Q4_K else 15.5
        blocks[:, 0:2] = f16_bytes(np.full((n, 1), 1.0))
        blocks[:, 2:4] = f16_bytes(np.full((n, 1), middle))
    spread = gguf.dequantize(blocks.reshape(rows, -1), kind).std()
    factor = scale / spread
    if kind == Q.Q6_K:
        blocks[:, 208:210] = f16_bytes(np.full((n, 1), factor))
    else:
        blocks[:, 0:2] = f16_bytes(np.full((n, 1), factor))
        blocks[:, 2:4] = f16_bytes(np.full((n, 1), factor * middle))
    return blocks.reshape(rows, -1)


GGUF_NAMES = {
    "model.embed_tokens.weight": "token_embd.weight",
    "model.norm.weight": "output_norm.weight",
    "lm_head.weight": "output.weight",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def gguf_name(name):
    """The name that llama.cpp gives a tensor."""
    if name in GGUF_NAMES:
        return GGUF_NAMES[name]
    _, _, layer, rest = name.split(".", 3)
    part, last = rest.rsplit(".", 1)
    return f"blk.{layer}.{GGUF_NAMES[part]}.{last}"


def gguf_weights(reference, formats, seed):
    """Raw tensors by the names of checkpoints, each `(format, array)`, and what they dequantise to."""
    draw = np.random.default_rng(seed)
    raw, plain = {}, {}
    for name, value in reference.state_dict().items():
        if name == "lm_head.weight" and reference.config.tie_word_embeddings:
            continue
        if value.dim() == 1:
            spread, middle = (0.2, 1.0) if name.endswith("norm.weight") else (0.4, 0.0)
            array = (middle + spread * draw.standard_normal(value.shape)).astype(np.float32)
            raw[name] = (Q.F32, array)
            plain[name] = torch.tensor(array)
        else:
            kind = next(kind for part, kind in formats if part in name)
            rows, columns = value.shape
            blocks = random_blocks(draw, kind, rows, columns, scale_of(name, columns))
            raw[name] = (kind, blocks)
            plain[name] = torch.tensor(np.array(gguf.dequantize(blocks, kind), np.float32).reshape(rows, columns))
    return raw, plain


def interleaved(array, heads):
    """Rows of queries or keys as llama.cpp orders them for Llama: pairs beside each other."""
    rows = array.shape[0]
    return array.reshape(heads, 2, rows // heads // 2, *array.shape[1:]).swapaxes(1, 2).reshape(array.shape)


def llama3_divisors(settings):
    """`rope_freqs.weight` as llama.cpp's converter computes it."""
    rope, width = settings["rope_scaling"], settings["head_dim"]
    original = rope["original_max_position_embeddings"]
    made = []
    for i in range(0, width, 2):
        wavelength = 2 * math.pi * settings["rope_theta"] ** (i / width)
        if wavelength < original / rope["high_freq_factor"]:
            made.append(1.0)
        elif wavelength > original / rope["low_freq_factor"]:
            made.append(rope["factor"])
        else:
            smooth = (original / wavelength - rope["low_freq_factor"]) / (
                rope["high_freq_factor"] - rope["low_freq_factor"]
            )
            made.append(1 / ((1 - smooth) / rope["factor"] + smooth))
    return np.array(made, np.float32)


def write_gguf(path, settings, raw):
    """A GGUF file as llama.cpp's converter lays one out."""
    kind = settings["model_type"]
    writer = gguf.GGUFWriter(str(path), kind)
    writer.add_name(path.parent.name)
    writer.add_context_length(settings["max_position_embeddings"])
    writer.add_embedding_length(settings["hidden_size"])
    writer.add_block_count(settings["num_hidden_layers"])
    writer.add_feed_forward_length(settings["intermediate_size"])
    writer.add_head_count(settings["num_attention_heads"])
    writer.add_head_count_kv(settings["num_key_value_heads"])
    writer.add_key_length(settings["head_dim"])
    writer.add_value_length(settings["head_dim"])
    writer.add_rope_dimension_count(settings["head_dim"])
    writer.add_rope_freq_base(settings["rope_theta"])
    writer.add_layer_norm_rms_eps(settings["rms_norm_eps"])
    writer.add_vocab_size(settings["vocab_size"])
    writer.add_quantization_version(2)
    rope = settings.get("rope_scaling")
    if rope and rope["rope_type"] == "yarn":
        writer.add_rope_scaling_type(gguf.RopeScalingType.YARN)
        writer.add_rope_scaling_factor(rope["factor"])
        writer.add_rope_scaling_orig_ctx_len(rope["original_max_position_embeddings"])
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("deepseek-r1-qwen" if kind != "llama" else "llama-bpe")
    writer.add_token_list([f"token{i}" for i in range(VOCABULARY)])
    writer.add_token_types([1] * VOCABULARY)
    writer.add_token_merges(["t o"])
    if rope and rope["rope_type"] == "llama3":
        writer.add_tensor("rope_freqs.weight", llama3_divisors(settings))
    for name, (form, array) in raw.items():
        if kind == "llama" and ("q_proj" in name or "k_proj" in name):
            heads = "num_attention_heads" if "q_proj" in name else "num_key_value_heads"
            array = np.ascontiguousarray(interleaved(array, settings[heads]))
        writer.add_tensor(gguf_name(name), array, raw_dtype=form)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def gguf_model(folder, settings, formats, margin):
    """One model as GGUF; `formats` are pairs of a part of a name and the format of such tensors."""
    reference = network(settings)
    raws = {}

    def weigh(seed):
        raws["last"], plain = gguf_weights(reference, formats, seed)
        return plain

    _, made = settled(reference, margin, weigh)
    folder.mkdir(parents=True, exist_ok=True)
    write_gguf(folder / "model.gguf", settings, raws["last"])
    save_file(made, folder / "golden.safetensors")


def main():
    out = pathlib.Path(sys.argv[1])
    torch.set_num_threads(2)
    small = (64, 96, 2, 4, 2, 16)
    safetensors_model(out / "qwen2-f32", config("qwen2", *small), torch.float32)
    tied = config("qwen2", 64, 96, 3, 6, 2, 16, tie_word_embeddings=True, rope_theta=1000000.0)
    safetensors_model(out / "qwen2-tied-f16", tied, torch.float16)
    safetensors_model(out / "llama-bf16", config("llama", 64, 96, 2, 4, 1, 16, rms_norm_eps=1e-5), torch.bfloat16)
    stretched = config("llama", 64, 96, 2, 2, 1, 32, rope_scaling=LLAMA3, rope_theta=500.0)
    safetensors_model(out / "llama3-scaling-bf16", stretched, torch.bfloat16)
    linear = config("llama", 64, 96, 2, 4, 2, 16, rope_scaling={"rope_type": "linear", "factor": 4.0})
    safetensors_model(out / "llama-linear-f16", linear, torch.float16)
    yarn = config("qwen3", 64, 96, 2, 4, 1, 32, rope_scaling=YARN, rope_theta=1000.0)
    safetensors_model(out / "qwen3-yarn-bf16", yarn, torch.bfloat16)
    wide = (256, 256, 2, 8, 2, 32)
    medium = [("embed_tokens", Q.Q4_K), ("lm_head", Q.Q6_K), ("0.mlp.down", Q.Q6_K), ("v_proj", Q.Q6_K), ("", Q.Q4_K)]
    gguf_model(out / "qwen2-q4k-q6k", config("qwen2", *wide), medium, 0.12)
    five = [("lm_head", Q.Q6_K), ("embed_tokens", Q.Q8_0), ("", Q.Q5_K)]
    llama = config("llama", 256, 256, 1, 8, 2, 32, rope_scaling=LLAMA3, rope_theta=500.0)
    gguf_model(out / "llama-factors-q5k", llama, five, 0.12)
    eight = config("qwen3", 256, 256, 1, 4, 1, 64, rope_scaling=YARN, tie_word_embeddings=True, rope_theta=1000.0)
    gguf_model(out / "qwen3-yarn-q8", eight, [("", Q.Q8_0)], 0.12)
    halves = [("self_attn", Q.BF16), ("", Q.F16)]
    gguf_model(out / "qwen2-halves", config("qwen2", *small), halves, 0.05)


if __name__ == "__main__":
    main()
