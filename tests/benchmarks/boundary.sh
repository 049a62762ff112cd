#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the boundary between program and plugins costs: the start of the command, a call, and a training step, with
# plugins in shared libraries and linked statically. Run it on an idle machine; it takes some three minutes.
# usage: boundary.sh [BUILD]           default: build/release, which it builds; writes results/boundary.md and .log
#        boundary.sh --smoke BUILD     every part once, on the small data of the example; writes nothing
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
measure=$build/tests/benchmark_boundary

starts() { # SAMPLES MANIFEST DATA
  "$measure" start "$1" "$build/bin/retort" "$build/tests/static/bin/retort" "$2" --set "/data/mnist/directory=\"$3\""
}
calls() { # SAMPLES
  "$measure" call "$1" "$build/tests/benchmark_plugins/benchmark_toy.so"
}
steps() { # ROUNDS STEPS MANIFEST DATA
  "$measure" step "$1" "$2" "$build/lib/retort/plugins" "$3" "$4" distil
}

if [[ -n $smoke ]]; then
  starts 1 "$example/quick.json" "$example/data"
  calls 1
  steps 2 3 "$example/quick.json" "$example/data"
  exit
fi

cmake --build "$build" --target benchmark_boundary >/dev/null
mnist=${RETORT_MNIST:-$HOME/.cache/retort/mnist}
"$example/fetch_mnist.sh" "$mnist"
mkdir -p "$here/results"

table() {
  warning
  echo "| what | median (quartiles) |"
  echo "|---|---|"
  starts 100 "$example/distil.json" "$mnist"
  calls 101
  steps 10 150 "$example/distil.json" "$mnist"
  steps 10 30 "$example/quick.json" "$example/data"
}
{
  about boundary.sh
  table | tee "$here/results/boundary.md"
  echo "load after: $(load)"
} | tee "$here/results/boundary.log"
