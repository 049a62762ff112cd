#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Trains a teacher on MNIST, a smaller student on the labels alone, and the same student by adversarial distillation.
# usage: run.sh [--fashion] [--hidden-pairs] [--quick] [--output DIR] [further options of `retort run`]
#   --fashion        Fashion-MNIST, from Debian's package, instead of MNIST
#   --hidden-pairs   the two meet at their hidden layers, of different widths, with a discriminator each
#   --quick          the small part of MNIST kept in this folder: no network, under 30 seconds
# Where Fashion-MNIST is installed (bootstrap.sh fashion), the report says how well each model tells it from MNIST.
# RETORT_MNIST names a folder that holds, or shall hold, the four files of MNIST; by default ~/.cache/retort/mnist.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source-path=SCRIPTDIR source=mnist_options.sh
source "$here/mnist_options.sh"

pairs=
quick=
fashion=
while [[ "${1:-}" =~ ^--(quick|hidden-pairs|fashion)$ ]]; do
  case $1 in
    --fashion) fashion=1 ;;
    --quick) quick=1 ;;
    --hidden-pairs) pairs=1 ;;
  esac
  shift
done
case $pairs,$quick in
  ,) example=distil ;;
  ,1) example=quick ;;
  1,) example=hidden_pairs ;;
  1,1) example=hidden_pairs_quick ;;
esac

if [[ -n $quick && -n $fashion ]]; then
  echo "There is no small part of Fashion-MNIST in this folder: --fashion goes without --quick." >&2
  exit 2
fi

"$root/bootstrap.sh" ${fashion:+fashion}
(
  cd "$root"
  cmake --preset release -DRETORT_TESTS=OFF >/dev/null
  cmake --build --preset release
) >&2

options=()
if [[ -n $fashion ]]; then
  options=(--set "/data/mnist/directory=\"$fashion_data\"")
elif [[ -z $quick ]]; then
  set_mnist_options
fi
if [[ -z $quick ]]; then
  time="About 3 minutes on two cores with AVX-512, more without."
  [[ -z $pairs ]] || time="Longer than the main example's 3 minutes: projections and discriminators of 1,200 dimensions."
else
  time="Under half a minute on two cores."
fi
echo "$time"

output=$root/runs/$example${fashion:+_fashion}
arguments=("$@")
[[ " $* " =~ \ --output[\ =] ]] || arguments+=(--output "$output")
for ((i = 0; i < ${#arguments[@]}; i++)); do
  case "${arguments[i]}" in
    --output) output=${arguments[i + 1]:-} ;;
    --output=*) output=${arguments[i]#--output=} ;;
  esac
done

"$root/build/release/bin/retort" run "$here/$example.json" "${options[@]}" "${arguments[@]}"

# report.csv: model,weights,stage,data,size,errors,...
errors_of() {
  awk -F, -v model="$1" '$1 == model && $2 == "last" { print $6 }' "$output/report.csv"
}
echo "RESULT teacher=$(errors_of teacher) labels_alone=$(errors_of labels_alone) distilled=$(errors_of student)"
