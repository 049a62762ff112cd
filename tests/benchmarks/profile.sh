#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Where the time of the MNIST distillation goes, by `retort run --profile`, and what it costs to measure that. Run it on
# an idle machine; it takes some two minutes.
# usage: profile.sh [BUILD]           default: build/release, which it builds; writes results/profile.md and .log
#        profile.sh --smoke BUILD     every part once, on the small data of the example; writes nothing
# RETORT_MNIST names a folder that holds, or shall hold, the four files of MNIST; by default ~/.cache/retort/mnist.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
example=$root/examples/3_mnist_distillation

smoke=
[[ ${1:-} != --smoke ]] || { smoke=1 && shift; }
build=${1:-$root/build/release}
build=$(cd "$build" && pwd)
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT

profile() { # MANIFEST DATA EPOCHS
  "$build/bin/retort" run "$1" --set "/data/mnist/directory=\"$2\"" --set "/stages/teach/epochs=$3" \
    --set "/stages/labels_alone/epochs=$3" --set "/stages/distil/epochs=$3" --output "$output/run" --profile |
    sed -n '/^phase/,/^$/p' | sed '$d'
}
cost() { # ROUNDS STEPS MANIFEST DATA
  "$build/tests/benchmark_boundary" profile "$1" "$2" "$3" "$4" distil
}

if [[ -n $smoke ]]; then
  profile "$example/quick.json" "$example/data" 1
  cost 2 3 "$example/quick.json" "$example/data"
  exit
fi

cmake --build "$build" --target retort benchmark_boundary >/dev/null
mnist=${RETORT_MNIST:-$HOME/.cache/retort/mnist}
"$example/fetch_mnist.sh" "$mnist"
mkdir -p "$here/results"

tables() {
  echo '```text'
  profile "$example/distil.json" "$mnist" 3
  echo '```'
  echo
  echo "| what | median (quartiles) |"
  echo "|---|---|"
  cost 10 150 "$example/distil.json" "$mnist"
  cost 10 150 "$example/quick.json" "$example/data"
}
{
  echo "tests/benchmarks/profile.sh, $(date -u +%FT%TZ), $(git -C "$root" describe --always --dirty)"
  echo "$(nproc) processors: $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)"
  echo "load before: $(cut -d' ' -f1-3 /proc/loadavg)"
  tables | tee "$here/results/profile.md"
  echo "load after: $(cut -d' ' -f1-3 /proc/loadavg)"
} | tee "$here/results/profile.log"
