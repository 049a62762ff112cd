# SPDX-License-Identifier: Apache-2.0
"""Every row of the study's plans is a manifest that Retort would run. usage: test_rows.py RETORT EXAMPLES"""
import json
import subprocess
import sys
from pathlib import Path

retort, examples = sys.argv[1], Path(sys.argv[2])
study = examples / "4_study/study"
sys.path.insert(0, str(study))
from design import Design, Place  # noqa: E402


def complaint(manifest, settings):
    """What Retort says against the manifest with the settings; empty if nothing."""
    command = [retort, "validate", examples / "4_study" / manifest]
    for path, value in (("/data/images/directory", str(examples / "3_mnist_distillation/data")),
                        ("/data/images/validation", 500), *settings):
        command += ["--set", f"{path}={json.dumps(value)}"]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stderr if done.returncode != 0 else ""


def complaints_of(design, runs):
    """{what it is: complaint} of the teacher and of runs whose teacher is trained by the manifest itself."""
    manifests = design.plan.get("manifests", {})
    said = {"teach.json": complaint("teach.json", manifests.get("teach.json", {}).items())}
    for run in runs:
        if not run.teacher:  # others want files of teachers
            said[run.name] = complaint("distil.json", [*manifests.get("distil.json", {}).items(), *run.settings])
    return said


def claimed(design):
    """All that claims are about, at their places."""
    return [design.run(place, row, 1, {}) for place in map(Place.of, design.confirmation["places"])
            for row in design.claimed_rows(place)]


plan = Design(study / "plan.json")
accuracy = Design(study / "plan.json", study / "accuracy.json")
same_run = Design(study / "plan.json", study / "same_run.json")
few_labels = Place.of("mnist 2x800 1000")
surveyed = Place.of(accuracy.survey["place"])
said = {
    "plan.json": complaints_of(plan, [plan.run(few_labels, row, 1, {}) for row in plan.rows]),
    "accuracy.json": complaints_of(accuracy, [
        *claimed(accuracy), *(accuracy.run(surveyed, row, 2, {}) for row in accuracy.survey_rows())]),
    "same_run.json": complaints_of(same_run, claimed(same_run)),
}
least = {"plan.json": 30, "accuracy.json": 20, "same_run.json": 6}
for name, of in said.items():
    wrong = {what: text for what, text in of.items() if text}
    print(f"{name}: {len(of) - len(wrong)} of {len(of)} manifests are valid")
    print("".join(f"{what}: {text}" for what, text in wrong.items()), end="")
sys.exit(any(any(of.values()) or len(of) < least[name] for name, of in said.items()))
