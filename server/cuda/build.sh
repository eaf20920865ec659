#!/bin/sh
# Builds countersign-server for NVIDIA GPUs, on a machine that needs neither a GPU nor CUDA nor root.
#
#   server/cuda/build.sh [FOLDER]
#
# Needs a C compiler, binutils, Python 3 with venv, PyPI (nvcc and headers of NVIDIA's wheels, 373 MB) and crates.io. The
# program opens CUDA's libraries when it first computes on a GPU, so it starts on every machine; there the driver must be
# there, and libcublas and libcurand of CUDA 13 or 12 (in the loader's path, or in the folder that
# COUNTERSIGN_CUDA_LIBS names). CUDA_COMPUTE_CAP chooses the GPU's generation: 80 (A100), 89 (L40), 90 (H100, H200; the
# default), 100 (B200). Where the CUDA toolkit is installed, `cargo build --release --features server/cuda` does too.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
work=$(mkdir -p "${1:-$root/target/cuda}" && cd "${1:-$root/target/cuda}" && pwd)

[ -x "$work/python/bin/python" ] || python3 -m venv "$work/python"
"$work/python/bin/pip" install --quiet --disable-pip-version-check --no-deps --target "$work/wheels" \
    "nvidia-cuda-nvcc==13.0.*" "nvidia-cuda-crt==13.0.*" "nvidia-nvvm==13.0.*" \
    "nvidia-cuda-runtime==13.0.*" "nvidia-cuda-cccl==13.0.*" "nvidia-curand==10.4.*"
export CUDA_HOME="$work/wheels/nvidia/cu13" CUDA_PATH="$work/wheels/nvidia/cu13"
export PATH="$CUDA_HOME/bin:$PATH" NVCC="$CUDA_HOME/bin/nvcc"
export CUDA_COMPUTE_CAP="${CUDA_COMPUTE_CAP:-90}" CUDARC_CUDA_VERSION=13000
# A third of the size; drivers since CUDA 12.8 unpack it.
export NVCC_APPEND_FLAGS="--compress-mode=size"

cd "$root"
cargo fetch --locked
cudarc=$(cargo metadata --format-version 1 --locked --features server/cuda |
    python3 -c 'import json, os, sys
packages = json.load(sys.stdin)["packages"]
print(next(os.path.dirname(p["manifest_path"]) for p in packages if p["name"] == "cudarc"))')
python3 "$here/stubs.py" "$cudarc" "$work/stubs" "$CUDA_HOME/lib/libcudart_static.a"
cp "$work"/stubs/lib*.so "$CUDA_HOME/lib/"
cargo build --locked --release --package server --features server/cuda --bin countersign-server \
    --target-dir "$work/build"
echo "$work/build/release/countersign-server"
