# SPDX-License-Identifier: Apache-2.0
"""The most memory that the whole distillation of the example holds, after one and after two epochs of every stage. It is run as
by the example's run.sh: where Fashion-MNIST is installed, the report says how well its images are told from MNIST's."""
import os
import subprocess
import tempfile
from pathlib import Path

STAGES = ("teach", "labels_alone", "distil")
FASHION = Path("/usr/share/datasets/fashion-mnist")
ALLOWED = 200  # MiB


def peak(retort, manifest, data, epochs):
    """In MiB. Errors: CalledProcessError."""
    with tempfile.TemporaryDirectory() as folder:
        command = [retort, "run", manifest, "--output", f"{folder}/run", "--set", f'/data/mnist/directory="{data}"']
        for stage in STAGES:
            command += ["--set", f"/stages/{stage}/epochs={epochs}"]
        if FASHION.exists():
            command += ["--set", f'/data/fashion={{"type": "idx", "directory": "{FASHION}", "train_images": ""}}',
                        "--set", '/report/out_of_distribution=["fashion"]']
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise subprocess.CalledProcessError(process.returncode, command)
        return usage.ru_maxrss / 1024


def excess(peaks):
    """A sentence; empty if all peaks are allowed."""
    most = max(peaks.values())
    return f"the whole of distil.json took {most:.0f} MiB; allowed: {ALLOWED}" if most > ALLOWED else ""


def table(peaks, entries):
    """`entries`: of the contests. Beside the whole run stands what a single step of it takes already."""
    what = "the whole of `distil.json`" + ", told from Fashion-MNIST" * FASHION.exists()
    rows = [f"| {what}, {epochs} epoch{'s' * (epochs > 1)} a stage | {value:.0f} | {ALLOWED} |"
            for epochs, value in peaks.items()]
    for name in ("retort", "libtorch"):
        for entry in entries:
            if (entry["contest"], entry["contestant"]) == ("cached", name) and "peak_MiB" in entry:
                rows.append(f"| the step of the contest `cached` alone, by {name} | {entry['peak_MiB']:.0f} | |")
    return "\n".join(["| what | peak, MiB | allowed |", "|---|---|---|"] + rows) + "\n"
