# SPDX-License-Identifier: Apache-2.0
"""The study of plan.json, or of another plan on top of it; run.sh and accuracy.sh start it."""
import argparse
import shutil
import time
from pathlib import Path

import figures
import tables
import tests_of_claims
from design import Design, Place
from runs import Bench


class Study:
    def __init__(self, design, bench):
        self.design, self.bench = design, bench
        self.outcomes = []  # (run, outcome) of every run

    def run(self, runs):
        """What came of each."""
        outcomes = self.bench.outcomes(runs)
        self.outcomes += zip(runs, outcomes, strict=True)
        return outcomes

    def tune(self):
        """What validation chooses at each place, {place: {row: settings}}, and what it chose from."""
        chosen, candidates = {}, []
        for place in map(Place.of, self.design.tuning["places"]):
            chosen[place] = {}
            for row in self.design.tuning["variants"]:
                self._tune_row(place, row, chosen[place], candidates)
        return chosen, candidates

    def _tune_row(self, place, row, chosen, candidates):
        """The variant of the best accuracy on validation data, of equals the one with the lower NLL."""
        seeds = self.design.tuning["seeds"]
        variants = list(self.design.variants(row))
        outcomes = iter(self.run([self.design.run(place, row, seed, chosen, variant) for variant in variants for seed in seeds]))
        scores = []
        for name, settings in variants:
            of = [next(outcomes) for _ in seeds]
            if all(outcome["finite"] for outcome in of):
                accuracy, nll = (sum(outcome["validation"][key] for outcome in of) / len(of) for key in ("accuracy", "nll"))
                scores.append((-accuracy, nll, name, settings))
        if not scores:
            raise SystemExit(f"{place}, {row}: no variant ends with finite numbers")
        best = min(scores, key=lambda score: score[:2])
        chosen[row] = best[3]
        candidates += [(place, row, name, -less, nll, name == best[2]) for less, nll, name, _ in scores]

    def survey(self, chosen):
        """{row: outcome}"""
        place = Place.of(self.design.survey["place"])
        rows = self.design.survey_rows()
        runs = [self.design.run(place, row, self.design.survey["seed"], self._chosen_for(place, chosen)) for row in rows]
        return dict(zip(rows, self.run(runs), strict=True))

    def _chosen_for(self, place, chosen):
        return chosen.get(self.design.tuned_at(place), {})

    def confirm(self, chosen):
        """{(place, row): [outcome of each seed]}, after each seed."""
        found = {}
        places = [Place.of(text) for text in self.design.confirmation["places"]]
        for seed in self.design.confirmation["seeds"]:
            runs = [self.design.run(place, row, seed, self._chosen_for(place, chosen))
                    for place in places for row in self.design.claimed_rows()]
            for run, outcome in zip(runs, self.run(runs), strict=True):
                found.setdefault((run.place, run.row), []).append(outcome)
            yield dict(sorted(found.items(), key=lambda item: places.index(item[0][0])))

    def claims(self, found):
        """Every claim at every place, corrected together."""
        tested = [self._claim(place, first, second, found) for place in dict.fromkeys(place for place, _ in found)
                  for first, second in self.design.confirmation["claims"]]
        for one, p in zip(tested, tests_of_claims.holm([one["p"] for one in tested])):
            one["holm"] = p
        return tested

    @staticmethod
    def _claim(place, first, second, found):
        """A run that is not finite leaves nothing to compare with: then nothing is shown."""
        pairs = list(zip(found[place, first], found[place, second], strict=True))
        finite = [(a, b) for a, b in pairs if a["finite"] and b["finite"]]
        about = {"place": place, "first": first, "second": second, "seeds": len(pairs),
                 "not_finite": len(pairs) - len(finite), "mean": 0.0, "low": 0.0, "high": 0.0, "p": 1.0,
                 "mcnemar": [tests_of_claims.mcnemar(a["wrong"], b["wrong"]) for a, b in finite]}
        if len(pairs) < 2 or len(finite) < len(pairs):
            return about
        errors = [[outcome["student"]["last"]["errors"] for outcome in side] for side in zip(*finite)]
        mean, (low, high), p = tests_of_claims.paired_t(*errors)
        return about | {"mean": mean, "low": low, "high": high, "p": p}

    def write(self, folder, candidates, surveyed, found, tested):
        folder.mkdir(parents=True, exist_ok=True)
        teachers = tables.teachers(self.bench.teachers())
        texts = {
            "runs.csv": tables.csv_of([tables.flat(run, outcome) for run, outcome in self.outcomes]),
            "confirmation.md": tables.places(found), "claims.md": tables.claims(tested),
            "claims.csv": tables.csv_of([{key: value for key, value in one.items() if key != "mcnemar"} for one in tested]),
            "teachers.md": teachers,
        }
        if candidates:
            texts["tuning.md"] = tables.choices(candidates)
        if self.design.goals:
            texts["goals.md"] = tables.goals(self.design.goals, found, self.bench.teachers())
        if surveyed:
            texts |= {"survey.md": tables.survey(self.design, surveyed),
                      "teachers.md": teachers + "\n" + tables.kinds_of_teachers(surveyed)}
            figures.survey(surveyed, folder / "survey.svg")
            figures.examples(self.bench, self.outcomes, self.design.survey, folder)
        for name, text in texts.items():
            (folder / name).write_text(text)
        if tested[0]["seeds"] > 1:
            figures.claims(tested, folder / "claims.svg")


def arguments():
    parser = argparse.ArgumentParser(prog="study", description="Runs what a plan asks for; goes on where it was stopped.")
    parser.add_argument("--plan", type=Path, help="what this file has replaces what plan.json has")
    parser.add_argument("retort", type=Path, help="the command")
    parser.add_argument("mnist", type=Path, help="folder of MNIST")
    parser.add_argument("work", type=Path, help="folder for runs; what is complete in it is not run again")
    parser.add_argument("results", type=Path, help="folder for tables and figures")
    return parser.parse_args()


def main(given):
    given.work.mkdir(parents=True, exist_ok=True)
    here = Path(__file__).resolve().parent.parent
    design = Design(*filter(None, (Path(__file__).resolve().parent / "plan.json", given.plan)))
    data = {name: given.mnist.resolve() if path == "MNIST" else Path(path) for name, path in design.plan["data"].items()}
    lines = given.work / "study.log"
    began = time.monotonic()

    def log(line):
        text = f"{(time.monotonic() - began) / 60:6.1f} min  {line}"
        print(text, flush=True)
        with open(lines, "a") as file:
            file.write(text + "\n")

    bench = Bench(given.retort.resolve(), here, given.work.resolve(), data, design.plan.get("manifests", {}), log)
    study = Study(design, bench)
    chosen, candidates = study.tune()
    surveyed = study.survey(chosen)
    for found in study.confirm(chosen):  # whenever it is stopped, all rows have as many seeds in the tables
        study.write(given.results, candidates, surveyed, found, study.claims(found))
        shutil.copy(lines, given.results)
    print(f"\n{(given.results / 'claims.md').read_text()}\nAll tables and figures: {given.results}")


main(arguments())
