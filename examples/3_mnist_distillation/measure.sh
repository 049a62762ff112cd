#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The tables of accuracy and calibration: the example over several seeds, with products of float32 and of bfloat16,
# without time limit.
# usage: measure.sh [SEED...]      default: seeds 1 2 3 4 5
# Needs a built tree (run.sh builds it). Writes results/<seed>.<precision>.{csv,log,figure_1.txt} and results/summary.md
# beside this script. A run that is complete in runs/measure is not run again. Installs the data of Fashion-MNIST, which
# the report tells from MNIST.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source-path=SCRIPTDIR source=mnist_options.sh
source "$here/mnist_options.sh"
seeds=("$@")
((${#seeds[@]})) || seeds=(1 2 3 4 5)

"$root/bootstrap.sh" fashion
set_mnist_options
cd "$root" # so that the logs name files within the tree
mkdir -p "$here/results"

measure() { # PRECISION SEED
  local output=runs/measure/$1/$2 name=$here/results/$2.$1
  build/release/bin/retort run examples/3_mnist_distillation/distil.json --seed "$2" --output "$output" \
    --set "/precision=$1" "${options[@]}" | tee "$name.log"
  cp "$output/report.csv" "$name.csv"
  "$here/figure_one.sh" "$output/metrics/distil.steps.csv" >"$name.figure_1.txt"
}

# Rows of one precision: means over the seeds, of accuracy for every model's last and selected weights, of calibration
# for the last. A dash stands for what not all runs report.   rows accuracy|calibration PRECISION CSV...
rows() {
  awk -F, -v table="$1" -v precision="$2" '
    function mean(key, column) { return sum[key, column] / count[key] }

    function number(key, column, digits) {
      return reported[key, column] == count[key] ? sprintf("%." digits "f", mean(key, column)) : "–"
    }

    # With the standard error of the mean.
    function number_and_error(key, column, digits,    n, variance) {
      if (reported[key, column] != count[key]) return "–"
      n = count[key]
      variance = n > 1 ? (square[key, column] / n - mean(key, column) ^ 2) / (n - 1) : 0
      return sprintf("%." digits "f ± %." digits "f", mean(key, column), variance > 0 ? sqrt(variance) : 0)
    }

    FNR == 1 { split($0, columns); next }
    {
      for (i = 1; i <= NF; i++) cell[columns[i]] = $i
      key = cell["model"] "," cell["weights"]
      if (!(key in count)) order[++keys] = key
      count[key]++
      errors[key] = errors[key] (count[key] > 1 ? ", " : "") cell["errors"]
      for (i = 1; i <= NF; i++) {
        sum[key, columns[i]] += $i; square[key, columns[i]] += $i * $i; reported[key, columns[i]] += $i != ""
      }
    }
    END {
      for (k = 1; k <= keys; k++) {
        key = order[k]
        split(key, name, ",")
        if (table == "accuracy")
          printf "| %s | %s | %s | %s | %s | %s | %s | %s |\n", name[1], name[2], precision, errors[key],
            number_and_error(key, "errors", 1), number(key, "nll", 4), number(key, "brier", 4), number(key, "ece", 4)
        else if (name[2] == "last")
          printf "| %s | %s | %s | %s | %s | %s | %s | %s |\n", name[1], precision, number(key, "temperature", 2),
            number(key, "nll", 4), number(key, "scaled_nll", 4), number(key, "ece", 4), number(key, "scaled_ece", 4),
            number_and_error(key, "auroc.fashion", 4)
      }
    }' "${@:3}"
}

# The rows of both precisions.   rows_of_all accuracy|calibration
rows_of_all() {
  local precision seed files
  for precision in f32 bf16; do
    files=()
    for seed in "${seeds[@]}"; do
      files+=("$here/results/$seed.$precision.csv")
    done
    rows "$1" "$precision" "${files[@]}"
  done
}

for seed in "${seeds[@]}"; do
  for precision in f32 bf16; do
    measure "$precision" "$seed"
  done
done
{
  echo "| model | weights | precision | errors of 10,000, by seed | mean ± s.e. | NLL | Brier | ECE |"
  echo "|---|---|---|---|---|---|---|---|"
  rows_of_all accuracy
  echo
  echo "Last weights, before and after temperature scaling; AUROC of predictive entropy, Fashion-MNIST against MNIST:"
  echo
  echo "| model | precision | temperature | NLL | NLL, scaled | ECE | ECE, scaled | AUROC ± s.e. |"
  echo "|---|---|---|---|---|---|---|---|"
  rows_of_all calibration
} | tee "$here/results/summary.md"
cat "$here"/results/*.figure_1.txt
