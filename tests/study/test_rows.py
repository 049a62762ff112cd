# SPDX-License-Identifier: Apache-2.0
"""Every row of the study's plan is a manifest that Retort would run. usage: test_rows.py RETORT EXAMPLES"""
import json
import subprocess
import sys
from pathlib import Path

retort, examples = sys.argv[1], Path(sys.argv[2])
sys.path.insert(0, str(examples / "4_study/study"))
from design import Design, Place  # noqa: E402

design = Design(examples / "4_study/study/plan.json")
place = Place.of("mnist 2x800 1000")
wrong = []
rows = [row for row in design.rows if "teacher" not in design.rows[row]]  # those want files of teachers
for row in rows:
    run = design.run(place, row, 1, {})
    command = [retort, "validate", examples / "4_study/distil.json"]
    for path, value in (("/data/images/directory", str(examples / "3_mnist_distillation/data")),
                        ("/data/images/validation", 500), *run.settings):
        command += ["--set", f"{path}={json.dumps(value)}"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        wrong.append(f"{row}: {done.stderr}")
print(f"{len(rows) - len(wrong)} of {len(rows)} rows are valid\n" + "\n".join(wrong))
sys.exit(bool(wrong) or len(rows) < 30)
