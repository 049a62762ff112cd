#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The study on the small part of MNIST: it goes on where it was stopped, and leaves all tables and figures.
# usage: test_study.sh PYTHON RETORT EXAMPLES
set -euo pipefail
[[ -d /usr/share/datasets/fashion-mnist ]] || { echo "Fashion-MNIST is missing: ./bootstrap.sh fashion" && exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

study() {
  "$1" -B "$3/4_study/study" --plan "$3/4_study/study/quick.json" "$2" "$3/3_mnist_distillation/data" "$work/runs" "$work/results"
}

fail() {
  echo "$1" >&2
  exit 1
}

study "$@" >"$work/first.txt"
for file in claims.csv claims.md claims.svg confirmation.csv confirmation.md mcnemar.csv reliability.csv reliability.svg runs.csv study.log \
  survey.csv survey.md survey.svg survey_reliability.csv survey_reliability.svg survey_teachers.csv teachers.csv teachers.md tuning.csv \
  tuning.md; do
  [[ -s $work/results/$file ]] || fail "there is no $file"
done
ls "$work"/results/best.*.discriminator.svg "$work"/results/worst.*.discriminator.svg >/dev/null

# Every student, and every teacher but the recorded one, is told from Fashion-MNIST: the last cell of each line.
(($(grep -c '^| mnist .* [01][.][0-9]* |$' "$work/results/confirmation.md") == 4)) || fail "$(cat "$work/results/confirmation.md")"
(($(grep -c '^| .* [01][.][0-9]* |$' "$work/results/teachers.md") == 5)) || fail "$(cat "$work/results/teachers.md")"

# With one outcome missing, that run alone is repeated, whatever its folder holds, and comes to the same.
cp -r "$work/results" "$work/before"
missing=$(find "$work/runs" -name outcome.json | sort | head -n 1)
rm "$missing"
mkdir "$(dirname "$missing")/run"
echo "left by a run that was stopped" >"$(dirname "$missing")/run/half"
study "$@" >"$work/second.txt"
(($(grep -c ' min ' "$work/second.txt") == 1)) || fail "$(cat "$work/second.txt")"
without_seconds() { # its tables
  (cd "$1" && cut -d, -f 1-23,25- runs.csv && cat ./*.md claims.csv confirmation.csv survey.csv survey_teachers.csv teachers.csv tuning.csv)
}
diff <(without_seconds "$work/before") <(without_seconds "$work/results")

# A run of other settings is another run.
sed -i 's/"asked": "./"asked": "-/' "$missing"
study "$@" >"$work/third.txt"
(($(grep -c ' min ' "$work/third.txt") == 1)) || fail "$(cat "$work/third.txt")"
