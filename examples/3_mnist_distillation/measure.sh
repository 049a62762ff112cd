#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The accuracy table: the example over several seeds, without time limit. usage: measure.sh [SEED...]      default: seeds 1 2 3
# Needs a built tree (run.sh builds it). Writes results/<seed>.csv and results/summary.md beside this script.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
mnist=${RETORT_MNIST:-$HOME/.cache/retort/mnist}
seeds=("$@")
((${#seeds[@]})) || seeds=(1 2 3)

"$here/fetch_mnist.sh" "$mnist"
cd "$root" # so that the logs name files within the tree
mkdir -p "$here/results"
for seed in "${seeds[@]}"; do
  output=runs/measure/$seed
  build/release/bin/retort run examples/3_mnist_distillation/distil.json --seed "$seed" --output "$output" \
    --set "/data/mnist/directory=\"$mnist\"" | tee "$here/results/$seed.log"
  cp "$output/report.csv" "$here/results/$seed.csv"
  "$here/figure_one.sh" "$output/metrics/distil.steps.csv" >"$here/results/$seed.figure_1.txt"
done

# Mean over the seeds, with the standard error, of every model's last and selected weights.
summary() {
  echo "| model | weights | errors of 10,000, by seed | mean ± s.e. | NLL | Brier | ECE |"
  echo "|---|---|---|---|---|---|---|"
  awk -F, '
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
        printf "| %s | %s | %s | %.1f ± %.1f | %.4f | %.4f | %.4f |\n",
          name[1], name[2], list[key], mean, error, nll[key] / n, brier[key] / n, ece[key] / n
      }
    }' "$@"
}
files=()
for seed in "${seeds[@]}"; do
  files+=("$here/results/$seed.csv")
done
summary "${files[@]}" | tee "$here/results/summary.md"
cat "$here"/results/*.figure_1.txt
