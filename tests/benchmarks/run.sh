#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The measuring stand: builds and runs the small pieces of a step; one step of the distillation by Retort, by libtorch,
# and its bare matrix products, in turn, on one thread and two, by batch and width; then the memory of the whole
# distillation. Run it on an idle machine, from a commit: else its tables begin with a warning. It takes some
# thirteen minutes and those of the build, and prints how many they were. Its last line is
#   RESULT f32_vs_libtorch=… f32_vs_roofline=… bf16_vs_libtorch=… bf16_vs_roofline=…
# usage: run.sh [BUILD]                   default: build/release, which it builds; writes results/step.{md,json,log},
#                                         results/pieces.md and results/sweep.svg
#        run.sh --contest NAME [BUILD]    one contest, or those whose names begin with NAME_ (batch, width); writes nothing
#        run.sh --smoke BUILD             every kind once, on the small data of the example; writes and builds nothing
# RETORT_ONEDNN names the installation of another oneDNN, to be compared: it is built against in build/other_onednn.
# libtorch takes part if libtorch-dev and libblis4-openmp are installed, the pieces if libbenchmark-dev is, and gnuplot
# draws sweep.svg. RETORT_MNIST names a folder that holds, or shall hold, the four files of MNIST; by default
# ~/.cache/retort/mnist.
set -euo pipefail
began=$(date +%s)
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
example=$root/examples/3_mnist_distillation

options=()
case ${1:-} in
  --smoke) options=(--smoke) && shift ;;
  --contest) options=(--contest "$2") && shift 2 ;;
esac
build=${1:-$root/build/release}
if [[ ${options[*]} == --smoke ]]; then
  exec python3 -B "$here/stand" "$root" "$build" "$example/data" --smoke
fi

cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DRETORT_TESTS=ON >/dev/null
cmake --build "$build" --target contest >/dev/null
if [[ -n ${RETORT_ONEDNN:-} ]]; then
  other=$root/build/other_onednn
  cmake -S "$root" -B "$other" -G Ninja -DCMAKE_BUILD_TYPE=Release -DRETORT_TESTS=ON \
    -DCMAKE_PREFIX_PATH="$RETORT_ONEDNN" >/dev/null
  cmake --build "$other" --target contest >/dev/null
  options=(--other "$other" "${options[@]}")
fi
mnist=${RETORT_MNIST:-$HOME/.cache/retort/mnist}
"$example/fetch_mnist.sh" "$mnist"
mkdir -p "$here/results"
log=/dev/null
[[ " ${options[*]} " == *" --contest "* ]] || { log=$here/results/step.log && options+=("$began"); }
python3 -B "$here/stand" "$root" "$build" "$mnist" "${options[@]}" 2>&1 | tee "$log"
