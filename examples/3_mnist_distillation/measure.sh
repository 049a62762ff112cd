#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The accuracy table: the example over several seeds, with products of float32 and of bfloat16, without time limit.
# usage: measure.sh [SEED...]      default: seeds 1 2 3 4 5
# Needs a built tree (run.sh builds it). Writes results/<seed>.<precision>.{csv,log,figure_1.txt} and results/summary.md
# beside this script. A run that is complete in runs/measure is not run again.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
mnist=${RETORT_MNIST:-$HOME/.cache/retort/mnist}
seeds=("$@")
((${#seeds[@]})) || seeds=(1 2 3 4 5)

"$here/fetch_mnist.sh" "$mnist"
cd "$root" # so that the logs name files within the tree
mkdir -p "$here/results"

measure() { # PRECISION SEED
  local output=runs/measure/$1/$2 name=$here/results/$2.$1
  build/release/bin/retort run examples/3_mnist_distillation/distil.json --seed "$2" --output "$output" \
    --set "/precision=$1" --set "/data/mnist/directory=\"$mnist\"" | tee "$name.log"
  cp "$output/report.csv" "$name.csv"
  "$here/figure_one.sh" "$output/metrics/distil.steps.csv" >"$name.figure_1.txt"
}

# Of one precision: mean over the seeds, with the standard error, of every model's last and selected weights.
summary() { # PRECISION CSV...
  awk -F, -v precision="$1" '
    FNR == 1 { next }
    {
      key = $1 "," $2
      if (!(key in count)) order[++keys] = key
      count[key]++; list[key] = list[key] (count[key] > 1 ? ", " : "") $6
      sum[key] += $6; square[key] += $6 * $6; nll[key] += $8; brier[key] += $9; ece[key] += $10
    }
    END {
      for (k = 1; k <= keys; k++) {
        key = order[k]; n = count[key]; mean = sum[key] / n
        error = n > 1 ? sqrt((square[key] / n - mean * mean) / (n - 1)) : 0
        split(key, name, ",")
        printf "| %s | %s | %s | %s | %.1f ± %.1f | %.4f | %.4f | %.4f |\n",
          name[1], name[2], precision, list[key], mean, error, nll[key] / n, brier[key] / n, ece[key] / n
      }
    }' "${@:2}"
}

for seed in "${seeds[@]}"; do
  for precision in f32 bf16; do
    measure "$precision" "$seed"
  done
done
{
  echo "| model | weights | precision | errors of 10,000, by seed | mean ± s.e. | NLL | Brier | ECE |"
  echo "|---|---|---|---|---|---|---|---|"
  for precision in f32 bf16; do
    files=()
    for seed in "${seeds[@]}"; do
      files+=("$here/results/$seed.$precision.csv")
    done
    summary "$precision" "${files[@]}"
  done
} | tee "$here/results/summary.md"
cat "$here"/results/*.figure_1.txt
