#!/usr/bin/env python3
"""Stands in for CUDA's libraries when a program is linked, and opens the real ones when it first calls them.

    stubs.py CUDARC OUT CUDART_STATIC

In: the folder of the crate cudarc, whose bindings name every function. Out: for each library a linker script
`libNAME.so` that links an archive. Each function jumps through a slot; the first call finds the library (in
COUNTERSIGN_CUDA_LIBS, then in the loader's path) and fills the slot. Where there is none, the call returns that library's
error for "not there", which the program reports as such. Nothing else changes: arguments stay in their registers.
"""

import pathlib
import re
import subprocess
import sys

# For each library: cudarc's module, the prefix of its functions, file names in the order in which they are tried, and
# the code that a call returns where there is no library.
LIBRARIES = {
    "cuda": ("driver", "cu", ["libcuda.so.1"], 100),
    "nvrtc": ("nvrtc", "nvrtc", ["libnvrtc.so.13", "libnvrtc.so.12"], 11),
    "curand": ("curand", "curand", ["libcurand.so.10"], 203),
    "cublas": ("cublas", "cublas", ["libcublas.so.13", "libcublas.so.12"], 1),
    "cublasLt": ("cublaslt", "cublasLt", ["libcublasLt.so.13", "libcublasLt.so.12"], 1),
}

WHOLE = ["rdi", "rsi", "rdx", "rcx", "r8", "r9", "rax", "r11"]
FLOATING = [f"xmm{n}" for n in range(8)]


def function(number, name, library):
    return f"""
.section .text.{name},"ax",@progbits
.globl {name}
.type {name},@function
{name}:
    endbr64
    jmp *.Lslot{number}(%rip)
.Lfind{number}:
    endbr64
    leaq .Lslot{number}(%rip), %r11
    leaq .Lname{number}(%rip), %r10
    jmp countersign_{library}_first
.size {name}, .-{name}
.section .data.{name},"aw",@progbits
.balign 8
.Lslot{number}: .quad .Lfind{number}
.section .rodata.{name},"a",@progbits
.Lname{number}: .asciz "{name}"
"""


def first_call(library):
    """Keeps the arguments, finds the function whose name is in r10, fills the slot in r11 and goes there."""
    places = [(register, 8 * n, "mov") for n, register in enumerate(WHOLE)]
    places += [(register, 64 + 16 * n, "movaps") for n, register in enumerate(FLOATING)]
    keep = "\n".join(f"    {move} %{register}, {at}(%rsp)" for register, at, move in places)
    back = "\n".join(f"    {move} {at}(%rsp), %{register}" for register, at, move in places if register != "r11")
    return f"""
.section .text.countersign_{library}_first,"ax",@progbits
countersign_{library}_first:
    push %rbp
    mov %rsp, %rbp
    and $-16, %rsp
    sub $208, %rsp
{keep}
    mov %r10, %rdi
    call countersign_{library}_find
    mov 56(%rsp), %r11
    mov %rax, (%r11)
    mov %rax, %r11
{back}
    mov %rbp, %rsp
    pop %rbp
    jmp *%r11
"""


def find(library, files, missing):
    names = ", ".join(f'"{name}"' for name in files)
    return f"""#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

static int missing(void) {{ return {missing}; }}

void *countersign_{library}_find(const char *name) {{
    static void *library;
    static const char *const files[] = {{{names}, 0}};
    const char *folder = getenv("COUNTERSIGN_CUDA_LIBS");
    for (int i = 0; files[i] && !library; i++) {{
        char path[4096];
        if (folder && (size_t)snprintf(path, sizeof path, "%s/%s", folder, files[i]) < sizeof path)
            library = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
        if (!library)
            library = dlopen(files[i], RTLD_NOW | RTLD_GLOBAL);
    }}
    void *found = library ? dlsym(library, name) : 0;
    return found ? found : (void *)missing;
}}
"""


def main():
    cudarc, out, cudart = map(pathlib.Path, sys.argv[1:])
    out.mkdir(parents=True, exist_ok=True)
    out = out.resolve()
    for library, (module, prefix, files, missing) in LIBRARIES.items():
        bindings = (cudarc / "src" / module / "sys" / "mod.rs").read_text()
        names = sorted(set(re.findall(rf"pub (?:unsafe )?fn ({prefix}[A-Za-z0-9_]+)\s*\(", bindings)))
        functions = "".join(function(number, name, library) for number, name in enumerate(names))
        note = '.section .note.GNU-stack,"",@progbits\n'
        (out / f"{library}.S").write_text(note + functions + first_call(library))
        (out / f"{library}.c").write_text(find(library, files, missing))
        objects = []
        for ending in ("S", "c"):
            objects.append(str(out / f"{library}.{ending}.o"))
            subprocess.check_call(
                ["cc", "-O2", "-fPIC", "-ffunction-sections", "-c", str(out / f"{library}.{ending}"), "-o", objects[-1]]
            )
        archive = out / f"lib{library}-first.a"
        archive.unlink(missing_ok=True)
        subprocess.check_call(["ar", "crs", str(archive), *objects])
        (out / f"lib{library}.so").write_text(f"INPUT({archive} -ldl)\n")
    (out / "libcudart.so").write_text(f"INPUT({cudart.resolve()} -ldl -lrt -lpthread)\n")


if __name__ == "__main__":
    main()
