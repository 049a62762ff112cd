#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The study: what a discriminator is worth beside labels and distillation, and where. study/plan.json says what is tried.
# usage: run.sh [--quick | --accuracy | --same-run]
#   --quick      study/quick.json on top: the small part of MNIST of the other example, a few rows and seeds, under a minute once it is built
#   --accuracy   study/accuracy.json on top: how few errors can be reached, without time limit; accuracy.sh calls this
#   --same-run   study/same_run.json on top: what a discriminator brings to a run that is otherwise the same; half an hour
# Takes three hours on two cores; called again, it goes on where it was stopped: what is complete in runs/study, of the
# same plan, is not run again; remove the folder after a change of Retort itself.
# Writes tables, figures and the log into results/ beside this script.
# RETORT_MNIST names a folder that holds, or shall hold, the four files of MNIST; by default ~/.cache/retort/mnist.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)

work=$root/runs/study
results=$here/results
mnist=${RETORT_MNIST:-$HOME/.cache/retort/mnist}
plan=()
case "$# ${1:-}" in
  "0 ") ;;
  "1 --quick")
    plan=(--plan "$here/study/quick.json")
    work=$root/runs/study_quick
    results=$work/results
    mnist=$root/examples/3_mnist_distillation/data
    ;;
  "1 --accuracy")
    plan=(--plan "$here/study/accuracy.json")
    work=$root/runs/accuracy
    results=$here/results/accuracy
    ;;
  "1 --same-run")
    plan=(--plan "$here/study/same_run.json")
    work=$root/runs/same_run
    results=$here/results/same_run
    ;;
  *)
    echo "usage: run.sh [--quick | --accuracy | --same-run]" >&2
    exit 2
    ;;
esac

"$root/bootstrap.sh" fashion
[[ ${1:-} == --quick ]] || "$root/examples/3_mnist_distillation/fetch_mnist.sh" "$mnist"
(
  cd "$root"
  cmake --preset release >/dev/null
  cmake --build --preset release
) >&2
exec /usr/bin/python3 -B "$here/study" "${plan[@]}" "$root/build/release/bin/retort" "$mnist" "$work" "$results"
