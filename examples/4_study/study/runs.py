# SPDX-License-Identifier: Apache-2.0
"""Trains what a run asks for, unless the same was trained before, and keeps what came of it."""
import csv
import hashlib
import json
import os
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager

from design import REPORTED

NOT_FINITE = 6  # exit code of `retort run` where training came to NaN or infinity
UNLIKE = "unlike"  # the name, in manifests, of the data that a place's own are told from
WATCHED = ("accuracy", "gradient_cosine", "student_gradient_norm", "d_teacher", "d_student")


class Bench:
    """Runs `retort`. `work`: a folder for each run, in which outcome.json is what came of it.
    `data`: {name: {"directory": folder, "unlike": name of the data that reports tell them from, if any, "manifests": {manifest:
    settings of these data}}}; `manifests`: {manifest: settings}, before those of data and run."""

    def __init__(self, retort, here, work, data, manifests, log):
        self.retort, self.here, self.work, self.data = retort, here, work, data
        self.manifests, self.log = manifests, log

    def outcomes(self, runs):
        """What came of each. As many at a time as there are processors, with one thread each: two small networks beside
        each other are trained in less time than one after the other with two threads, and how many processors there are
        changes no result."""
        with self._pool() as pool:
            teachers = self._submit_teachers(pool, runs)
            return results_of([pool.submit(self._outcome, run, teachers) for run in runs])

    def teach(self, runs):
        """Trains the teachers of all of the runs, as many at a time."""
        with self._pool() as pool:
            results_of(self._submit_teachers(pool, runs).values())

    @contextmanager
    def _pool(self):
        """It begins tasks in the order in which they are submitted; an error cancels those that have not begun."""
        pool = ThreadPoolExecutor(len(os.sched_getaffinity(0)))
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)

    def _submit_teachers(self, pool, runs):
        """{(of, kind): task}. The single ones begin first, for the others wait for theirs."""
        wanted = dict.fromkeys(((run.place.data, run.seed), kind) for run in runs for kind in kinds(run))
        teachers = {}
        for of, kind in sorted(wanted, key=lambda one: one[1] != "single"):
            teachers[of, kind] = pool.submit(self._teachers, *of, kind, teachers.get((of, "single")))
        return teachers

    def _outcome(self, run, trained):
        taught = [trained[(run.place.data, run.seed), kind].result() for kind in kinds(run)]
        folder = self.work / "runs" / run.name
        teachers = self._folder_of_teachers(run.place.data, run.seed)
        weights = ("/models/teacher/weights", str(teachers / "run/weights/teacher.last.safetensors"))
        settings = self._settings("distil.json", run.place.data, [*resolved(run.settings, teachers), weights])
        return self._once(folder, "distil.json", settings, run.seed, lambda: {
            "student": read_report(folder / "run", "student"), "teachers": read_others(folder / "run"),
            "wrong": wrong_in(folder / "run"), "reliability": reliability_of(folder / "run", "student.last"),
            "validation": validation_of(folder / "run"), "game": game_of(folder / "run")}, uses=taught, keeps=False)

    def outcome_of_teacher(self, data, seed):
        """What came of the single teacher: "teacher", {"last": {...}, "selected": {...}}, and "reliability"."""
        return json.loads((self._folder_of_teachers(data, seed) / "outcome.json").read_text())

    def _folder_of_teachers(self, data, seed):
        return self.work / "teachers" / f"{data}.{seed}"

    def _teachers(self, data, seed, kind, single):
        """Trains or records teachers of a kind, once the single one is there. Returns what distinguishes them from others."""
        folder = self._folder_of_teachers(data, seed)
        if kind == "single":
            return self._once(folder, "teach.json", self._settings("teach.json", data, []), seed, lambda: {
                "teacher": read_report(folder / "run", "teacher"),
                "reliability": reliability_of(folder / "run", "teacher.last")})["asked"]
        if kind == "recorded":
            return self._record(data, folder, single.result())
        start = ("/models/chain/weights", str(folder / "run/weights/teacher.last.safetensors"))
        return self._once(folder / "more", "more_teachers.json", self._settings("more_teachers.json", data, [start]), seed,
                          dict, uses=[single.result()])["asked"]

    def _record(self, data, folder, asked):
        """What the teacher of that digest predicts for all images, as files."""
        recorded = folder / "recorded"
        if recorded.exists() and recorded.read_text() == asked:
            return asked
        for images, name in (("train-images-idx3-ubyte", "train"), ("t10k-images-idx3-ubyte", "test")):
            source = self.data[data]["directory"] / images
            if not source.exists():
                source = source.with_name(images + ".gz")
            output = folder / f"{name}.npy"
            output.unlink(missing_ok=True)
            subprocess.run([self.retort, "predict", folder / "run", source, "--model", "teacher", "--output", output],
                           check=True, stdout=subprocess.DEVNULL)
        recorded.write_text(asked)
        return asked

    def _settings(self, manifest, data, settings):
        about = self.data[data]
        told_from = []
        if "unlike" in about and manifest != "more_teachers.json":  # whose report nobody reads
            told_from = [(f"/data/{UNLIKE}", {"type": "idx", "directory": str(self.data[about["unlike"]]["directory"])}),
                         ("/report/out_of_distribution", [UNLIKE])]
        return [("/data/images/directory", str(about["directory"])), *told_from, *self.manifests.get(manifest, {}).items(),
                *about.get("manifests", {}).get(manifest, {}).items(), *settings]

    def _once(self, folder, manifest, settings, seed, read, uses=(), keeps=True):
        """What came of the manifest with the settings, which is run unless that stands in the folder already.
        `read`: what is kept of a run with finite numbers; `uses`: digests of the teachers it is run with; `keeps`: whether
        weights and predictions, megabytes each, stay, as those of teachers do."""
        kept = folder / "outcome.json"
        asked = hashlib.sha256(json.dumps([(self.here / manifest).read_text(), settings, seed, uses]).encode()).hexdigest()
        if kept.exists():
            outcome = json.loads(kept.read_text())
            if outcome["asked"] == asked:
                return outcome
            kept.unlink()  # of another plan
        shutil.rmtree(folder / "run", ignore_errors=True)  # of a run that was stopped
        began = time.monotonic()
        status = self._retort(manifest, folder, settings, seed)
        if status == NOT_FINITE and keeps:
            raise SystemExit((folder / "log.txt").read_text() + f"\n{folder}: a teacher came to numbers that are none")
        outcome = {"asked": asked, "finite": status == 0, "seconds": time.monotonic() - began}
        outcome |= read() if status == 0 else {}
        if (folder / "run/figures").exists():
            shutil.rmtree(folder / "figures", ignore_errors=True)
            shutil.copytree(folder / "run/figures", folder / "figures")
        part = folder / "outcome.json.part"
        part.write_text(json.dumps(outcome, indent=1) + "\n")
        part.rename(kept)
        if not keeps:
            shutil.rmtree(folder / "run", ignore_errors=True)
        self.log(f"{folder.relative_to(self.work)}: {said(outcome)}, {outcome['seconds']:.0f} s")
        return outcome

    def _retort(self, manifest, folder, settings, seed):
        """The exit code; ends with what was said where it is none that can be gone on with."""
        folder.mkdir(parents=True, exist_ok=True)
        command = [self.retort, "run", self.here / manifest, "--seed", str(seed), "--set", "/threads=1", "--output",
                   folder / "run"]
        for path, value in settings:
            command += ["--set", f"{path}={json.dumps(value)}"]
        with open(folder / "log.txt", "w") as log:
            status = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT).returncode
        if status not in (0, NOT_FINITE):
            raise SystemExit((folder / "log.txt").read_text() + f"\n{folder}: retort ended with exit code {status}")
        return status


def results_of(tasks):
    """Of all, in their order. An error is raised when it comes, not when its turn does."""
    for one in as_completed(tasks):
        one.result()
    return [one.result() for one in tasks]


def kinds(run):
    """Which kinds of teachers a run needs, the single one first: others start from it, or are trained on its own."""
    return ["single"] + {"ensemble": ["more"], "langevin": ["more"], "recorded": ["recorded"]}.get(run.teacher, [])


def resolved(settings, teachers):
    """TEACHERS in a text stands for the folder of the teachers."""
    return [(path, json.loads(json.dumps(value).replace("TEACHERS", str(teachers)))) for path, value in settings]


def numbers(row):
    """None for what is not reported."""
    texts = row | {"auroc": row.get(f"auroc.{UNLIKE}")}
    return {name: float(texts[name]) if texts[name] else None for name in REPORTED}


def rows_of(file):
    with open(file) as table:
        return list(csv.DictReader(table))


def read_report(folder, model):
    """{"last": {...}, "selected": {...}} of a model."""
    return {row["weights"]: numbers(row) for row in rows_of(folder / "report.csv")
            if row["model"] == model and row["weights"] in ("last", "selected")}


def read_others(folder):
    """{model: {...}} of the models that were not trained: the teachers, alone and together."""
    return {row["model"]: numbers(row) for row in rows_of(folder / "report.csv") if row["model"] != "student"}


def wrong_in(folder):
    """Which test examples the student's last weights get wrong."""
    return [int(row["index"]) for row in rows_of(folder / "report/student.last.predictions.csv")
            if row["predicted"] != row["label"]]


def reliability_of(folder, weights):
    """[[count, mean confidence, accuracy]] of each bin of the ECE; of an empty one confidence and accuracy are None."""
    return [[int(row["count"]), *(float(row[name]) if row[name] else None for name in ("confidence", "accuracy"))]
            for row in rows_of(folder / f"report/{weights}.reliability.csv")]


def validation_of(folder):
    """After the last epoch: accuracy and NLL on validation data."""
    last = rows_of(folder / "metrics/distil.epochs.csv")[-1]
    return {"accuracy": float(last["validation_accuracy"]), "nll": float(last["validation_nll"])}


def game_of(folder):
    """Means of what adversaries report over the last tenth of the steps, and the alarms."""
    steps = rows_of(folder / "metrics/distil.steps.csv")
    end = steps[-max(1, len(steps) // 10):]
    watched = [name for name in steps[0] if "." in name and name.rsplit(".", 1)[1] in WATCHED]
    events = folder / "metrics/distil.events.csv"
    alarms = [row["message"] for row in rows_of(events) if row["kind"] == "alarm"] if events.exists() else []
    return {name: sum(float(row[name]) for row in end) / len(end) for name in watched} | {"alarms": alarms}


def said(outcome):
    of = outcome.get("student") or outcome.get("teacher") or {}
    return f"{of['last']['errors']:.0f} errors" if "last" in of else "done" if outcome["finite"] else "not finite"
