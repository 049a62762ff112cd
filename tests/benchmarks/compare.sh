#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Where the time of a step goes in two builds, in turn: milliseconds of the phases of the MNIST distillation at batch 128,
# and before each run the nanoseconds that a cache line takes from one processor to the other.
# usage: compare.sh BUILD BUILD [ROUNDS]      default: 5 rounds, of a minute or less each; prints a table
# RETORT_MNIST names a folder that holds, or shall hold, the four files of MNIST; by default ~/.cache/retort/mnist.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
(($# == 2 || $# == 3)) || {
  echo "usage: compare.sh BUILD BUILD [ROUNDS]" >&2
  exit 2
}
mnist=${RETORT_MNIST:-$HOME/.cache/retort/mnist}
"$root/examples/3_mnist_distillation/fetch_mnist.sh" "$mnist"
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT

latency() { # BUILD
  "$1/tests/benchmark_pieces" --benchmark_filter=there_and_back --benchmark_format=csv 2>/dev/null |
    awk -F, '/^"there_and_back"/ { printf "%.0f", $4 / 2 }'
}
phases() { # BUILD PRECISION
  rm -rf "$output/run"
  "$1/bin/retort" run "$root/examples/3_mnist_distillation/distil.json" --profile --output "$output/run" --quiet \
    --set "/data/mnist/directory=\"$mnist\"" --set "/precision=$2" --set /stages/distil/batch=128 \
    --set /stages/teach/epochs=1 --set /stages/labels_alone/epochs=1 --set /stages/distil/epochs=1 >/dev/null
  awk -F, '
    NR == 1 { for (i = 1; i <= NF; ++i) column[$i] = i; next }
    { gsub(/"/, ""); ms[$column["path"]] = 1000 * $column["seconds"] / $column["calls"] }
    END {
      step = "run/distil/step"
      printf "%.2f | %.2f | %.2f | %.2f\n", ms[step], ms[step "/student forward"], ms[step "/student backward"],
        ms[step "/optimizer"]
    }' "$output/run/profile.csv"
}

echo "| build | precision | there, ns | step, ms | student forward | student backward | optimizer |"
echo "|---|---|---|---|---|---|---|"
for ((round = 0; round < ${3:-5}; ++round)); do
  for precision in f32 bf16; do
    for build in "$1" "$2"; do
      echo "| $(basename "$build") | $precision | $(latency "$2") | $(phases "$build" "$precision") |"
    done
  done
done
