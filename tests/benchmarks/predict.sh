#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How fast `retort predict` is: images a second from files of several kinds to files of several kinds, beside the bare
# matrix products of the model, and how long one image takes alone. Run it on an idle machine; it takes some five
# minutes.
# usage: predict.sh [BUILD]           default: build/release, which it builds; writes results/predict.md and .log
#        predict.sh --smoke BUILD     once, on the small data of the example; writes nothing
# RETORT_MNIST names a folder that holds, or shall hold, the four files of MNIST; by default ~/.cache/retort/mnist.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$here/about.sh"
example=$root/examples/3_mnist_distillation

smoke=
[[ ${1:-} != --smoke ]] || { smoke=1 && shift; }
build=${1:-$root/build/release}
build=$(cd "$build" && pwd)

predictions() { # ROUNDS BATCH DATA
  "$build/tests/benchmark_predict" "$1" "$2" "$build/bin/retort" "$build/lib/retort/plugins" "$3"
}

if [[ -n $smoke ]]; then
  predictions 1 256 "$example/data"
  exit
fi

cmake --build "$build" --target benchmark_predict >/dev/null
mnist=${RETORT_MNIST:-$HOME/.cache/retort/mnist}
"$example/fetch_mnist.sh" "$mnist"
mkdir -p "$here/results"

table() {
  warning
  echo "| what | batch | images a second, median (quartiles) | of the bare products in the same round |"
  echo "|---|---|---|---|"
  for batch in 256 64 1024; do
    predictions 15 "$batch" "$mnist"
  done
}
{
  about predict.sh
  table | tee "$here/results/predict.md"
  echo "load after: $(load)"
} | tee "$here/results/predict.log"
