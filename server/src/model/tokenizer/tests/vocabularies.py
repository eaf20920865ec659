#!/usr/bin/env python3
"""Makes qwen2.txt and llama-bpe.txt: the part of the real vocabularies that llama.cpp's test vectors need.

    vocabularies.py FOLDER    where FOLDER holds ggml-vocab-{qwen2,llama-bpe}.gguf with .inp and .out, as in
                              vendor/llama.cpp/models of the source distribution of llama-cpp-python

A file has one JSON value a line: the vocabulary {token: id} of all bytes, of the first merges, and of every token that
a vector yields; the merges in order; the vectors as [text, ids].
"""

import json
import pathlib
import struct
import sys

FIRST_MERGES = 2000
KINDS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}


def metadata(data):
    place = 4 + 4 + 8

    def take(kind):
        nonlocal place
        value = struct.unpack_from("<" + kind, data, place)
        place += struct.calcsize("<" + kind)
        return value[0]

    def value(kind):
        nonlocal place
        if kind == 8:
            length = take("Q")
            place += length
            return data[place - length : place].decode()
        if kind == 9:
            inner, count = take("I"), take("Q")
            return [value(inner) for _ in range(count)]
        return take(KINDS[kind])

    entries = {}
    for _ in range(take("Q")):
        key = value(8)
        entries[key] = value(take("I"))
    return entries


def merges_of(token, ranks):
    parts, used = list(token), set()
    while True:
        pairs = [(ranks[pair], at) for at, pair in enumerate(zip(parts, parts[1:])) if pair in ranks]
        if not pairs:
            return used
        rank, at = min(pairs)
        used.add(rank)
        parts[at : at + 2] = ["".join(parts[at : at + 2])]


def write(folder, name, target):
    stem = folder / f"ggml-vocab-{name}.gguf"
    entries = metadata(stem.read_bytes())
    tokens = entries["tokenizer.ggml.tokens"]
    ids = {token: id for id, token in enumerate(tokens)}
    merges = [tuple(merge.split(" ", 1)) for merge in entries["tokenizer.ggml.merges"]]
    ranks = {pair: rank for rank, pair in enumerate(merges)}
    texts = pathlib.Path(f"{stem}.inp").read_text(encoding="utf-8").split("\n__ggml_vocab_test__\n")
    lines = pathlib.Path(f"{stem}.out").read_text().split("\n")
    vectors = [(text, [int(id) for id in line.split()]) for text, line in zip(texts, lines)]
    yielded = {id for _, out in vectors for id in out}
    used = set(range(FIRST_MERGES)).union(*(merges_of(tokens[id], ranks) for id in yielded))
    kept = [merges[rank] for rank in sorted(used)]
    names = [token for token in tokens if len(token) == 1] + ["".join(pair) for pair in kept]
    names += [part for pair in kept for part in pair] + [tokens[id] for id in yielded]
    vocabulary = {token: ids[token] for token in names}
    parts = [vocabulary, [" ".join(pair) for pair in kept], vectors]
    text = "\n".join(json.dumps(part, ensure_ascii=False, separators=(",", ":")) for part in parts)
    (target / f"{name}.txt").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    for name in ("qwen2", "llama-bpe"):
        write(pathlib.Path(sys.argv[1]), name, pathlib.Path(__file__).parent)
