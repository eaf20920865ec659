#!/bin/sh
# Measures our engine and llama.cpp in turns, on the same weights and threads, and prints the medians and their ratios.
#
#   tests/models/compare.sh [ROUNDS] [THREADS]
#
# Needs Python with venv, npm's registry and PyPI. Weights are random, in the exact shape of DeepSeek-R1-Distill-Qwen-1.5B
# (1.1 GB). llama.cpp is the one of npm's @node-llama-cpp/linux-x64, built for each kind of processor.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rounds=${1:-3}
threads=${2:-2}
work=${COUNTERSIGN_BENCH_FOLDER:-$(mktemp -d)}
[ -n "${COUNTERSIGN_BENCH_FOLDER:-}" ] || trap 'rm -rf "$work"' EXIT
peer=@node-llama-cpp/linux-x64@3.22.1

[ -x "$work/python/bin/python" ] || python3 -m venv "$work/python"
"$work/python/bin/pip" install --quiet --disable-pip-version-check numpy==2.4.6 gguf==0.19.0
[ -d "$work/package" ] || { (cd "$work" && npm pack --silent "$peer" >/dev/null && tar xzf node-llama-cpp-*.tgz); }
[ -f "$work/random.gguf" ] || "$work/python/bin/python" "$here/random_gguf.py" "$work/random.gguf"
# The program is built as for a release, in a folder that `cargo` reuses.
(cd "$here/../.." && cargo build --quiet --release -p server --bin countersign-server)
program=${CARGO_TARGET_DIR:-$here/../../target}/release/countersign-server

for round in $(seq "$rounds"); do
    "$program" model bench "$work/random.gguf" --single --json --threads "$threads" >"$work/ours.$round.json"
    "$work/python/bin/python" "$here/llama_cpp.py" "$work/package/bins/linux-x64" "$work/random.gguf" "$threads" \
        >"$work/theirs.$round.json"
done
"$work/python/bin/python" - "$work" "$rounds" <<'PYTHON'
import json, statistics, sys
work, rounds = sys.argv[1], int(sys.argv[2])
read = lambda who: [json.load(open(f"{work}/{who}.{n}.json")) for n in range(1, rounds + 1)]
ours, theirs = read("ours"), read("theirs")
print(f"{'':24}{'countersign':>12}{'llama.cpp':>12}{'ratio':>8}   medians of {rounds}, {ours[0]['threads']} threads")
for key, name, scale in (
    ("prefill", "prompt of 512, tok/s", 1), ("decode", "answer of 64, tok/s", 1),
    ("decode_deep", "after 2,048, tok/s", 1), ("peak_bytes", "memory at most, GB", 1e-9),
):
    a, b = (statistics.median(figure[key] for figure in side) * scale for side in (ours, theirs))
    print(f"{name:24}{a:12.2f}{b:12.2f}{a / b:8.2f}")
PYTHON
