# SPDX-License-Identifier: Apache-2.0
"""The study of plan.json, or of another plan on top of it; run.sh and accuracy.sh start it."""
import argparse
import shutil
import time
from pathlib import Path

from design import Design
from results import Results
from runs import Bench
from study import Study


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
    data = {name: of | {"directory": given.mnist.resolve() if of["directory"] == "MNIST" else Path(of["directory"])}
            for name, of in design.plan["data"].items()}
    lines = given.work / "study.log"
    if lines.exists():
        with open(lines, "a") as file:
            file.write("goes on\n")
    began = time.monotonic()

    def log(line):
        text = f"{(time.monotonic() - began) / 60:6.1f} min  {line}"
        print(text, flush=True)
        with open(lines, "a") as file:
            file.write(text + "\n")

    bench = Bench(given.retort.resolve(), here, given.work.resolve(), data, design.plan.get("manifests", {}), log)
    study = Study(design, bench)
    results = Results(given.results, design, bench)
    chosen, candidates = study.tune()
    surveyed = study.survey(chosen)
    if study.outcomes:
        results.write(study, candidates, surveyed)
    for found in study.confirm(chosen):  # whenever it is stopped, all rows have as many seeds in the tables
        results.write(study, candidates, surveyed, found)
        shutil.copy(lines, given.results)
    print(f"\n{(given.results / 'claims.md').read_text()}\nAll tables and figures: {given.results}")


main(arguments())
