#!/usr/bin/env bash
# Sets up the libtorch that the feature rust-bert needs, for the processor alone: tools/libtorch.sh [FOLDER]
#
# Prints the settings that cargo needs; what it does goes to standard error. So, before cargo:
#   eval "$(tools/libtorch.sh)"
# FOLDER is target/libtorch unless given. If it is complete, nothing is done. Otherwise pip fetches the package torch,
# 800 MB, of which 400 MB are kept: the package's libraries name those of CUDA, which are replaced by empty ones. Linux on
# x86-64 only. For a graphics card, and elsewhere, set LIBTORCH to an unpacked libtorch 2.4.0 instead (CONTRIBUTING.md).
set -euo pipefail
version=2.4.0
folder=${1:-$(cd "$(dirname "$0")/.." && pwd)/target/libtorch}

fail() { echo "tools/libtorch.sh: $1" >&2; exit 1; }

# An empty library NAME that defines the functions that the other libraries take from it. All report an error (999,
# CUDA's "unknown"); a program that computes on the processor calls none of them but to ask whether there is a card.
placeholder() {
    local name=$1 functions
    functions=$(nm -D --undefined-only --with-symbol-versions lib*.so | awk -v at="@$name" 'index($2, at) { sub(/@.*/, "", $2); print $2 }' | sort -u)
    printf '%s { global: *; };\n' "$name" > placeholder.map
    for function in $functions; do echo "int $function(void) { return 999; }"; done |
        cc -x c -shared -fPIC -Wl,-soname,"$name" -Wl,--version-script,placeholder.map -o "$name" -
}

set_up() {
    [ "$(uname -sm)" = "Linux x86_64" ] || fail "this is for Linux on x86-64; elsewhere set LIBTORCH (CONTRIBUTING.md)"
    for tool in python3 cc c++ nm readelf; do
        command -v "$tool" > /dev/null || fail "$tool is missing; install Python 3 with pip, a C++ compiler and binutils"
    done
    rm -rf "$folder"
    mkdir -p "$folder/wheel"
    echo "fetching torch $version, 800 MB" >&2
    python3 -m pip --quiet --disable-pip-version-check download --no-deps --only-binary :all: --python-version 3.11 \
        --implementation cp --platform manylinux1_x86_64 --dest "$folder/wheel" "torch==$version" >&2 ||
        fail "pip cannot fetch torch $version"
    python3 - "$folder" <<'PYTHON'
import glob, os, re, sys, zipfile
folder = sys.argv[1]
kept = re.compile(r"torch/(include/.*|lib/(libtorch_cpu|libc10)\.so|lib/libgomp[^/]*|version\.py)")
with zipfile.ZipFile(glob.glob(f"{folder}/wheel/*.whl")[0]) as wheel:
    wheel.extractall(folder, [name for name in wheel.namelist() if kept.fullmatch(name)])
for part in ("include", "lib"):
    os.rename(f"{folder}/torch/{part}", f"{folder}/{part}")
with open(f"{folder}/torch/version.py", encoding="utf8") as file:
    found = re.search(r"__version__ = '([^']+)'", file.read())[1]
with open(f"{folder}/version", "w", encoding="utf8") as file:
    file.write(found + "\n")
PYTHON
    cd "$folder/lib"
    local missing
    missing=$(readelf -d lib*.so | sed -n 's/.*(NEEDED).*\[\(libcu[^]]*\|libnv[^]]*\)\].*/\1/p' | sort -u)
    for name in $missing; do placeholder "$name"; done
    # The package's own libtorch.so asks for the part of CUDA.
    cc -x c -shared -fPIC -Wl,-soname,libtorch.so -Wl,--no-as-needed -L. -ltorch_cpu -lc10 -Wl,-rpath,'$ORIGIN' \
        -Wl,--unresolved-symbols=ignore-in-shared-libs -o libtorch.so - < /dev/null
    rm -rf placeholder.map "$folder/wheel" "$folder/torch"
    # Last, because it marks the folder as complete. The build compares it with the version that it expects.
    mv "$folder/version" "$folder/build-version"
}

[ -f "$folder/build-version" ] || (set_up)
printf 'export LIBTORCH=%q\n' "$folder"
# The package is built with the older of the two string types of the C++ library.
echo 'export LIBTORCH_CXX11_ABI=0'
