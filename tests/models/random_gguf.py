"""Writes a GGUF with random weights in the exact shape of DeepSeek-R1-Distill-Qwen-1.5B, mixed as Q4_K_M is.

For measurements: speed and memory do not depend on what the numbers are. Usage: random_gguf.py FILE [CONTEXT]
"""

import sys

import gguf
import numpy as np

Q = gguf.GGMLQuantizationType
HIDDEN, LAYERS, HEADS, KV_HEADS, WIDE, ROWS = 1536, 28, 12, 2, 8960, 151936
SPECIALS = ["<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜User｜>", "<｜Assistant｜>", "<|EOT|>", "<think>", "</think>"]
TEMPLATE = (
    "{{ bos_token }}{% for m in messages %}{% if m.role == 'user' %}{{ '<｜User｜>' + m.content }}{% elif m.role == 'assistant' %}"
    "{{ '<｜Assistant｜>' + m.content.split('</think>')[-1] + '<｜end▁of▁sentence｜>' }}{% else %}{{ m.content }}{% endif %}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<｜Assistant｜><think>\\n' }}{% endif %}"
)


def alphabet():
    """The letters that stand for the 256 bytes in byte-level vocabularies."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = iter(range(256, 512))
    return [chr(byte if byte in plain else next(others)) for byte in range(256)]


def vocabulary():
    letters = alphabet()
    merges = [(a, b) for a in letters[97:123] for b in letters[97:123]]
    tokens = letters + [a + b for a, b in merges]
    kinds = [1] * len(tokens)
    first = len(tokens)
    tokens += SPECIALS
    kinds += [4 if "think" in name else 3 for name in SPECIALS]
    while len(tokens) < ROWS:
        tokens.append(f"[PAD{len(tokens)}]")
        kinds.append(5)
    return tokens, kinds, [f"{a} {b}" for a, b in merges], first


def blocks(numbers, rows, columns, kind):
    """Random blocks whose scales keep a product near one."""
    scale = np.float16(1e-4 * (HIDDEN / columns) ** 0.5)
    count = rows * columns // 256
    if kind == Q.Q6_K:
        made = numbers.integers(0, 256, (count, 210), dtype=np.uint8)
        made[:, 192:208] = numbers.integers(-16, 17, (count, 16), dtype=np.int8).view(np.uint8)
        made[:, 208:210] = np.full((count, 1), scale).view(np.uint8)
    else:
        made = numbers.integers(0, 256, (count, 144), dtype=np.uint8)
        made[:, 0:2] = np.full((count, 1), scale).view(np.uint8)
        made[:, 2:4] = np.full((count, 1), scale * np.float16(7.5)).view(np.uint8)
    return made.reshape(rows, -1)


def main():
    path, context = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 8192
    numbers = np.random.default_rng(0)
    tokens, kinds, merges, first = vocabulary()
    writer = gguf.GGUFWriter(path, "qwen2")
    writer.add_name("random-qwen2-1.5b")
    writer.add_context_length(context)
    writer.add_embedding_length(HIDDEN)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(WIDE)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_rope_freq_base(10000.0)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q4_K_M)
    writer.add_quantization_version(2)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("deepseek-r1-qwen")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(merges)
    writer.add_bos_token_id(first)
    writer.add_eos_token_id(first + 1)
    writer.add_add_bos_token(True)
    writer.add_chat_template(TEMPLATE)

    def matrix(name, rows, columns, kind=Q.Q4_K):
        writer.add_tensor(name, blocks(numbers, rows, columns, kind), raw_dtype=kind)

    def vector(name, values):
        writer.add_tensor(name, values.astype(np.float32))

    matrix("token_embd.weight", ROWS, HIDDEN)
    narrow = HIDDEN // HEADS * KV_HEADS
    for layer in range(LAYERS):
        # Which layers Q4_K_M gives more bits.
        is_finer = layer < LAYERS // 8 or layer >= 7 * LAYERS // 8 or (layer - LAYERS // 8) % 3 == 2
        finer = Q.Q6_K if is_finer else Q.Q4_K
        part = f"blk.{layer}."
        vector(part + "attn_norm.weight", np.ones(HIDDEN))
        vector(part + "ffn_norm.weight", np.ones(HIDDEN))
        for name, rows, kind in (("q", HIDDEN, Q.Q4_K), ("k", narrow, Q.Q4_K), ("v", narrow, finer)):
            matrix(f"{part}attn_{name}.weight", rows, HIDDEN, kind)
            vector(f"{part}attn_{name}.bias", numbers.normal(0, 0.02, rows))
        matrix(part + "attn_output.weight", HIDDEN, HIDDEN)
        matrix(part + "ffn_gate.weight", WIDE, HIDDEN)
        matrix(part + "ffn_up.weight", WIDE, HIDDEN)
        matrix(part + "ffn_down.weight", HIDDEN, WIDE, finer)
    vector("output_norm.weight", np.ones(HIDDEN))
    matrix("output.weight", ROWS, HIDDEN, Q.Q6_K)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main()
