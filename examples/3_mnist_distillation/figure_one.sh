#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Figure 1 in three numbers: how far the mean of D(t) and D(s) part over any 100 steps, and how far apart they are over
# the last tenth of the stage.   usage: figure_one.sh METRICS/STAGE.steps.csv [ADVERSARY]
set -euo pipefail
awk -F, -v adversary="${2:-main}" '
  NR == 1 {
    for (i = 1; i <= NF; i++) {
      if ($i == adversary ".d_teacher") teacher = i
      if ($i == adversary ".d_student") student = i
    }
    if (!teacher || !student) { print "no adversary named " adversary > "/dev/stderr"; exit 1 }
    next
  }
  {
    apart[++steps] = $teacher - $student
    window += apart[steps]
    if (steps > 100) window -= apart[steps - 100]
    if (steps >= 100 && window / 100 > most) { most = window / 100; where = steps - 99 }
  }
  END {
    for (i = steps - int(steps / 10) + 1; i <= steps; i++) last += apart[i]
    printf "D(t) - D(s): most %.3f over steps %d to %d; last tenth %.3f\n", most, where, where + 99, last / int(steps / 10)
  }' "$1"
