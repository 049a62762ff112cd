#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How few errors teacher and student can be brought to, over five seeds, by study/accuracy.json; without time limit.
# Writes results/accuracy; goes on where it was stopped.
exec "$(dirname "${BASH_SOURCE[0]}")/run.sh" --accuracy
