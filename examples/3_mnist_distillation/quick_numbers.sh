#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What docs/6_method_and_numerics.md says of teachers with spread and of hidden pairs, on the small part of MNIST that is in
# the repository; two minutes.
# usage: quick_numbers.sh
# Needs a built tree (run.sh builds it). Writes results/quick_numbers.csv beside this script: the reports of all runs, one
# seed each.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
table=$work/quick_numbers.csv

report() { # NAME MANIFEST [OPTION...]
  echo "$1" >&2
  "$root/build/release/bin/retort" run "$here/$2_quick.json" --threads 1 --output "$work/$1" "${@:3}" >"$work/log.txt" ||
    { cat "$work/log.txt" >&2 && exit 1; }
  if [[ ! -e $table ]]; then
    sed -n '1s/^/run,/p' "$work/$1/report.csv" >"$table"
  fi
  sed "1d; s/^/$1,/" "$work/$1/report.csv" >>"$table"
}

lambda() { # VALUE: of both games
  game=(--set "/stages/distil/adversaries/first/lambda/value=$1" --set "/stages/distil/adversaries/second/lambda/value=$1")
}

report ensemble ensemble
report dropout dropout
report langevin langevin
report langevin_temperature_1 langevin --set /stages/sample/optimizer/temperature=1
report hidden_pairs hidden_pairs
report hidden_pairs_without_game hidden_pairs --set '/stages/distil/adversaries=[]'
lambda 0.3
report hidden_pairs_lambda_0.3 hidden_pairs "${game[@]}"
lambda 0.1
report hidden_pairs_lambda_0.1_without_cross_entropies hidden_pairs "${game[@]}" \
  --set '/stages/distil/losses=[{"type": "cross_entropy"}]'
mkdir -p "$here/results"
mv "$table" "$here/results/quick_numbers.csv"
