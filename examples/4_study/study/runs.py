# SPDX-License-Identifier: Apache-2.0
"""Trains what a run asks for, unless it was trained before, and keeps what came of it."""
import csv
import json
import shutil
import subprocess
import time

NOT_FINITE = 6  # exit code of `retort run` where training came to NaN or infinity
REPORTED = ("errors", "nll", "brier", "ece", "temperature", "scaled_nll", "scaled_ece")


class Bench:
    """Runs `retort`. `work`: where runs are, one folder each; what came of a run is its outcome.json.
    `data`: {name: folder}; `faster`: {manifest: settings} that come before those of a run."""

    def __init__(self, retort, here, work, data, faster, log):
        self.retort, self.here, self.work, self.data = retort, here, work, data
        self.faster, self.log = faster, log

    def outcome(self, run):
        folder = self.work / run.name
        kept = folder / "outcome.json"
        if not kept.exists():
            began = time.monotonic()
            teachers = self._teachers(run)
            settings = [(path, resolved(value, teachers)) for path, value in run.settings]
            settings.append(("/models/teacher/weights", f"{teachers}/teacher.last.safetensors"))
            status = self._retort("distil.json", folder, run, settings)
            outcome = {"name": run.name, "finite": status == 0}
            if status == 0:
                outcome |= read_report(folder / "run") | {"wrong": wrong_in(folder / "run"),
                                                          "validation": validation_of(folder / "run")}
            self._keep(folder, outcome)
            self.log(f"{run.name}: {said(outcome)}, {time.monotonic() - began:.0f} s")
        return json.loads(kept.read_text())

    def _keep(self, folder, outcome):
        """The outcome, the log and the figures stay; weights and predictions, megabytes each, do not."""
        figures = folder / "run/figures"
        if figures.exists():
            shutil.copytree(figures, folder / "figures", dirs_exist_ok=True)
        shutil.rmtree(folder / "run", ignore_errors=True)
        part = folder / "outcome.json.part"
        part.write_text(json.dumps(outcome, indent=1) + "\n")
        part.rename(folder / "outcome.json")

    def _teachers(self, run):
        """The folder of weights of the teachers of the run's data and seed, which are trained where they are not."""
        folder = self.work / "teachers" / f"{run.place.data}.{run.seed}"
        weights = folder / "run/weights"
        if not (folder / "teacher.json").exists():
            began = time.monotonic()
            self._retort("teach.json", folder, run, [])
            report = read_report(folder / "run", "teacher")
            (folder / "teacher.json").write_text(json.dumps(report, indent=1) + "\n")
            self.log(f"teacher of {run.place.data}, seed {run.seed}: {said(report)}, {time.monotonic() - began:.0f} s")
        if run.teacher and not (weights / "sample_1.last.safetensors").exists():
            self._more_teachers(run, folder, weights)
        if run.teacher == "recorded" and not (weights / "test.npy").exists():
            self._record(run, weights)
        return weights

    def teachers(self):
        """{"DATA.SEED": report} of all teachers that were trained."""
        return {file.parent.name: json.loads(file.read_text())
                for file in sorted(self.work.glob("teachers/*/teacher.json"))}

    def _more_teachers(self, run, folder, weights):
        self.log(f"more teachers of {run.place.data}, seed {run.seed}")
        self._retort("more_teachers.json", folder / "more", run, [])
        for file in (folder / "more/run/weights").glob("*.last.safetensors"):
            shutil.copy(file, weights)

    def _record(self, run, weights):
        """What the first teacher predicts for all images, as files."""
        for images, file in (("train-images-idx3-ubyte", "train.npy"), ("t10k-images-idx3-ubyte", "test.npy")):
            source = self.data[run.place.data] / images
            if not source.exists():
                source = source.with_name(images + ".gz")
            subprocess.run([self.retort, "predict", weights.parent, source, "--model", "teacher", "--output",
                            weights / file], check=True, stdout=subprocess.DEVNULL)

    def _retort(self, manifest, folder, run, settings):
        """Runs a manifest; exits with what it said where it fails otherwise than by numbers that are not finite."""
        folder.mkdir(parents=True, exist_ok=True)
        settings = [("/data/images/directory", str(self.data[run.place.data])), *self.faster.get(manifest, {}).items(), *settings]
        command = [self.retort, "run", self.here / manifest, "--seed", str(run.seed), "--output", folder / "run"]
        for path, value in settings:
            command += ["--set", f"{path}={json.dumps(value)}"]
        with open(folder / "log.txt", "w") as log:
            status = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT).returncode
        if status not in (0, NOT_FINITE):
            raise SystemExit((folder / "log.txt").read_text() + f"\n{run.name} ended with exit code {status}")
        return status


def resolved(value, teachers):
    """TEACHERS in a text stands for the folder of the teachers."""
    return json.loads(json.dumps(value).replace("TEACHERS", str(teachers)))


def read_report(folder, model="student"):
    """{"last": {...}, "selected": {...}} of a model."""
    with open(folder / "report.csv") as file:
        return {row["weights"]: {name: float(row[name]) if row[name] else None for name in REPORTED}
                for row in csv.DictReader(file) if row["model"] == model and row["weights"] in ("last", "selected")}


def wrong_in(folder):
    """Which test examples the student's last weights get wrong."""
    with open(folder / "report/student.last.predictions.csv") as file:
        return [int(row["index"]) for row in csv.DictReader(file) if row["predicted"] != row["label"]]


def validation_of(folder):
    """After the last epoch: accuracy and NLL on validation data."""
    with open(folder / "metrics/distil.epochs.csv") as file:
        last = list(csv.DictReader(file))[-1]
    return {"accuracy": float(last["validation_accuracy"]), "nll": float(last["validation_nll"])}


def said(outcome):
    return f"{outcome['last']['errors']:.0f} errors" if "last" in outcome else "not finite"
