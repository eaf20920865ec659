"""Measures llama.cpp on a GGUF as `countersign-server model bench --plain` measures our engine; prints the same JSON.

Usage: llama_cpp.py FOLDER_OF_LIBRARIES FILE THREADS. The libraries are those of npm's @node-llama-cpp/linux-x64, which
holds llama.cpp built for every kind of processor and takes the best one at run time.
"""

import ctypes
import glob
import json
import os
import sys
import time

PROMPT, CHUNK, DEPTH, DECODED = 512, 512, 2048, (64, 32)


class Params(ctypes.Structure):
    """The first fields of llama_context_params, and room for the rest, which stays as it is."""

    _fields_ = [
        (name, ctypes.c_uint32)
        for name in ("n_ctx", "n_batch", "n_ubatch", "n_seq_max")
    ]


def main():
    folder, path, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
    one = lambda name: sorted(glob.glob(os.path.join(folder, name)))[0]
    base = ctypes.CDLL(one("libggml-base*.so"), mode=ctypes.RTLD_GLOBAL)
    ggml = ctypes.CDLL(one("libggml.*so"), mode=ctypes.RTLD_GLOBAL)
    llama = ctypes.CDLL(one("libllama.*so"), mode=ctypes.RTLD_GLOBAL)
    quiet = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(lambda *_: None)
    base.ggml_log_set(quiet, None)
    llama.llama_log_set(quiet, None)
    ggml.ggml_backend_load_all_from_path(folder.encode())

    class Room(ctypes.Structure):
        _fields_ = [("bytes", ctypes.c_uint8 * 1024)]

    class Batch(ctypes.Structure):
        _fields_ = [("n_tokens", ctypes.c_int32)] + [(f"p{i}", ctypes.c_void_p) for i in range(6)]

    class Context(ctypes.Structure):
        _fields_ = Params._fields_ + [("rest", ctypes.c_uint8 * 1024)]

    llama.llama_model_default_params.restype = Room
    llama.llama_context_default_params.restype = Context
    llama.llama_model_load_from_file.restype = ctypes.c_void_p
    llama.llama_model_load_from_file.argtypes = [ctypes.c_char_p, Room]
    llama.llama_init_from_model.restype = ctypes.c_void_p
    llama.llama_init_from_model.argtypes = [ctypes.c_void_p, Context]
    llama.llama_set_n_threads.argtypes = [ctypes.c_void_p, ctypes.c_int32, ctypes.c_int32]
    llama.llama_batch_get_one.restype = Batch
    llama.llama_batch_get_one.argtypes = [ctypes.c_void_p, ctypes.c_int32]
    llama.llama_decode.argtypes = [ctypes.c_void_p, Batch]
    llama.llama_get_memory.restype = ctypes.c_void_p
    llama.llama_get_memory.argtypes = [ctypes.c_void_p]
    llama.llama_memory_clear.argtypes = [ctypes.c_void_p, ctypes.c_bool]
    llama.llama_synchronize.argtypes = [ctypes.c_void_p]
    llama.llama_backend_init()

    started = time.perf_counter()
    model = llama.llama_model_load_from_file(path.encode(), llama.llama_model_default_params())
    assert model, f"{path} cannot be loaded"
    settings = llama.llama_context_default_params()
    settings.n_ctx, settings.n_batch, settings.n_ubatch = DEPTH + DECODED[1] + 32, CHUNK, CHUNK
    context = llama.llama_init_from_model(model, settings)
    assert context, "no context"
    llama.llama_set_n_threads(context, threads, threads)
    load = time.perf_counter() - started

    def advance(count):
        tokens = (ctypes.c_int32 * count)(*((i * 2654435761 & 0xFFFFFFFF) % 151936 for i in range(count)))
        before = time.perf_counter()
        assert llama.llama_decode(context, llama.llama_batch_get_one(tokens, count)) == 0, "a step failed"
        llama.llama_synchronize(context)
        return time.perf_counter() - before

    def afresh():
        llama.llama_memory_clear(llama.llama_get_memory(context), True)

    advance(2)
    advance(1)
    afresh()
    prefill = advance(PROMPT)
    afresh()
    decode = sum(advance(1) for _ in range(DECODED[0]))
    afresh()
    for _ in range(0, DEPTH, CHUNK):
        advance(CHUNK)
    deep = sum(advance(1) for _ in range(DECODED[1]))
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))
    print(json.dumps({
        "load_seconds": load,
        "prefill": PROMPT / prefill,
        "decode": DECODED[0] / decode,
        "decode_deep": DECODED[1] / deep,
        "peak_bytes": peak,
        "threads": threads,
    }))


if __name__ == "__main__":
    main()
