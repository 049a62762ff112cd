#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The comparison of objectives and discriminators in the place of the example's, everything else being equal.
# usage: compare.sh [SEED...]      default: seeds 1 2 3
# Every row is the example's distillation with what its line below sets; teacher, steps, batches, lambda and the student's
# first weights are the same in all of them.
# Needs a built tree (run.sh builds it). Takes an hour or two on two cores; called again, it goes on where it was stopped,
# unless runs/compare is removed. Writes results/comparison.csv, .md and .log, and two figures, beside this script.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
mnist=${RETORT_MNIST:-$HOME/.cache/retort/mnist}
seeds=("$@")
((${#seeds[@]})) || seeds=(1 2 3)
example=examples/3_mnist_distillation/distil.json
work=runs/compare
results=$here/results

adversary=/stages/distil/adversaries/main
declare -A settings=(
  [non_saturating]=""
  [expected_probability]="$adversary/objective/type=expected_probability"
  [minimax]="$adversary/objective/type=minimax"
  [least_squares]="$adversary/objective/type=least_squares"
  [hinge]="$adversary/objective/type=hinge"
  [as_printed]="$adversary/objective={\"type\":\"as_printed\",\"acknowledge\":true}"
  [mlp]="$adversary/discriminator/type=mlp"
  [spectral_norm_mlp]="$adversary/discriminator/type=spectral_norm_mlp"
  [distillation]="/stages/distil/adversaries=[] /stages/distil/losses=[{\"type\":\"cross_entropy\"},{\"type\":\"distillation\"}]"
)
order=(non_saturating expected_probability minimax least_squares hinge as_printed mlp spectral_norm_mlp distillation)

"$here/fetch_mnist.sh" "$mnist"
cd "$root" # so that the logs name files within the tree
mkdir -p "$work/rows"

# What the run in $work/SEED reports of a model, as a row of the table.   row_of ROW SEED MODEL APART
row_of() {
  awk -F, -v row="$1" -v seed="$2" -v model="$3" -v apart="$4" -v OFS=, '
    $1 == model && $2 == "last" { errors = $6; rest = $8 "," $9 "," $10 }
    $1 == model && $2 == "selected" { selected = $6 }
    END { print row, seed, errors, selected, rest, apart }' "$work/$2/report.csv"
}

# Trains one student and leaves its row in $work/rows.   train ROW SEED
train() {
  local name=$1 seed=$2 output=$work/$2 row=$work/rows/$1.$2 setting status=0
  [[ -e $row.csv ]] && return
  local options=(--seed "$seed" --output "$output" --set "/data/mnist/directory=\"$mnist\"")
  for setting in ${settings[$name]}; do
    options+=(--set "$setting")
  done
  echo "== $name, seed $seed" | tee "$row.log"
  build/release/bin/retort run "$example" "${options[@]}" >>"$row.log" 2>&1 || status=$?
  if ((status == 6)); then # training came to NaN or infinity: that is its result
    echo "$name,$seed,not finite,,,,,,," >"$row.csv"
    return
  elif ((status != 0)); then
    cat "$row.log" >&2
    exit "$status"
  fi
  local apart=,
  [[ $name == distillation ]] || apart=$("$here/figure_one.sh" "$output/metrics/distil.steps.csv" |
    sed 's/.*most \([-0-9.]*\) .*tenth \([-0-9.]*\)/\1,\2/')
  cp "$output/figures/distil.discriminator.main.svg" "$row.svg" 2>/dev/null || true
  row_of "$name" "$seed" student "$apart" >"$row.csv.part"
  mv "$row.csv.part" "$row.csv"
}

for seed in "${seeds[@]}"; do
  for name in "${order[@]}"; do
    train "$name" "$seed"
  done
  row_of teacher "$seed" teacher , >"$work/rows/teacher.$seed.csv"
  row_of labels_alone "$seed" labels_alone , >"$work/rows/labels_alone.$seed.csv"
done

{ echo row,seed,errors,errors_selected,nll,brier,ece,most_apart,last_apart && cat "$work"/rows/*.csv; } \
  >"$results/comparison.csv"
cat "$work"/rows/*.log >"$results/comparison.log"
for name in non_saturating as_printed; do # a healthy run, and one that is not
  cp "$work/rows/$name.${seeds[0]}.svg" "$results/figure_1.$name.svg"
done

# Mean and standard error over the seeds; of rows without a discriminator nothing stands in the last two columns.
awk -F, -v order="teacher labels_alone ${order[*]}" '
  NR == 1 { next }
  $3 == "not finite" { failed[$1]++; next }
  {
    n[$1]++; list[$1] = list[$1] (n[$1] > 1 ? ", " : "") $3; sum[$1] += $3; square[$1] += $3 * $3
    selected[$1] += $4; nll[$1] += $5; brier[$1] += $6; ece[$1] += $7; most[$1] += $8; last[$1] += $9; games[$1] += $8 != ""
  }
  END {
    rows = split(order, names, " ")
    print "| row | errors of 10,000, by seed | mean ± s.e. | selected | NLL | Brier | ECE | D(t) − D(s): most | last tenth |"
    print "|---|---|---|---|---|---|---|---|---|"
    for (r = 1; r <= rows; r++) {
      name = names[r]; count = n[name]
      if (failed[name]) { printf "| %s | not finite in %d runs | | | | | | | |\n", name, failed[name]; continue }
      mean = sum[name] / count
      error = count > 1 ? sqrt((square[name] / count - mean * mean) / (count - 1)) : 0
      printf "| %s | %s | %.1f ± %.1f | %.1f | %.4f | %.4f | %.4f |", name, list[name], mean, error,
        selected[name] / count, nll[name] / count, brier[name] / count, ece[name] / count
      if (!games[name]) print " | |"
      else printf " %.3f | %.3f |\n", most[name] / count, last[name] / count
    }
  }' "$results/comparison.csv" | tee "$results/comparison.md"
