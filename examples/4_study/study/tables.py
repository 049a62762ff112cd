# SPDX-License-Identifier: Apache-2.0
"""Outcomes as tables, in Markdown and in CSV."""
import csv
import io
import itertools
import math
from dataclasses import dataclass

import tests_of_claims
from design import REPORTED

TEACHER = "The teacher was trained with all labels, whatever the student sees.\n\n"
AUROC = ("AUROC: how well the entropy of predictions tells test images from those of the other data, Fashion-MNIST from MNIST or MNIST "
         "from Fashion-MNIST; 1 is best, 0.5 is chance.\n\n")
REPORTS = {  # of weights, a value: its heading and its form
    ("last", "errors"): ("errors, last", "{:.1f}"), ("selected", "errors"): ("selected", "{:.1f}"),
    ("last", "nll"): ("NLL", "{:.4f}"), ("last", "brier"): ("Brier", "{:.4f}"), ("last", "ece"): ("ECE", "{:.4f}"),
    ("last", "scaled_nll"): ("NLL, scaled", "{:.4f}"), ("last", "scaled_ece"): ("ECE, scaled", "{:.4f}"),
    ("last", "auroc"): ("AUROC", "{:.4f}"),
}


@dataclass(frozen=True)
class Mean:
    """Over seeds. `error`: its standard error; None of one seed."""
    mean: float
    error: float | None


@dataclass(frozen=True)
class Column:
    """Its heading in Markdown, its name in CSV, and the form of its numbers in Markdown; `error`: that of their standard errors, for which
    CSV has a column of its own. A cell is a number, a mean, a text, which stands as it is, or None, which is left empty."""
    heading: str
    name: str
    form: str = "{}"
    error: str | None = None

    def names(self):
        """In CSV."""
        return [self.name, *([f"{self.name}_standard_error"] if self.error else [])]

    def text(self, cell):
        """In Markdown."""
        if cell is None or isinstance(cell, str):
            return cell or ""
        if not isinstance(cell, Mean):
            return self.form.format(cell)
        return self.form.format(cell.mean) + ("" if cell.error is None else f" ± {self.error.format(cell.error)}")

    def values(self, cell):
        """In CSV."""
        value, error = (cell.mean, cell.error) if isinstance(cell, Mean) else (cell, None)
        return [value, *([error] if self.error else [])]


PLACE = Column("data, student, labels", "place")
ROW = Column("row", "row")


@dataclass(frozen=True)
class Table:
    """`lines`: a cell for each column; `says`: what stands above it in Markdown."""
    columns: list
    lines: list
    says: str = ""

    def markdown(self):
        return self.says + markdown([column.heading for column in self.columns],
                                    [[column.text(cell) for column, cell in zip(self.columns, line, strict=True)]
                                     for line in self.lines])

    def csv(self):
        """Its numbers are not rounded."""
        head = [name for column in self.columns for name in column.names()]
        return csv_of([dict(zip(head, itertools.chain(*map(Column.values, self.columns, line)), strict=True))
                       for line in self.lines], head)


def csv_of(rows, head=None):
    """`rows`: dictionaries with the same keys, which `head` has where there may be no row."""
    text = io.StringIO()
    writer = csv.DictWriter(text, head or list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def markdown(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows]) + "\n"


def flat(run, outcome):
    """An outcome as a row of runs.csv."""
    row = {"place": str(run.place), "row": run.row, "variant": run.variant, "seed": run.seed,
           "finite": outcome["finite"]}
    validation = outcome.get("validation", {})
    row |= {f"validation_{name}": validation.get(name, "") for name in ("accuracy", "nll")}
    for weights in ("last", "selected"):
        values = outcome.get("student", {}).get(weights, {})
        row |= {f"{weights}_{name}": values.get(name, "") for name in REPORTED}
    game = outcome.get("game", {})
    row |= {"seconds": f"{outcome['seconds']:.1f}", "alarms": "; ".join(game.get("alarms", [])),
            "game": " ".join(f"{name}={value:.4g}" for name, value in game.items() if name != "alarms")}
    return row | {"wrong": " ".join(map(str, outcome.get("wrong", [])))}


def reported(several=True):
    """Columns of what reports say; of several seeds with standard errors."""
    return [Column(heading, f"{weights}_{name}", form, form if several else None)
            for (weights, name), (heading, form) in REPORTS.items()]


def summary(outcomes, model="student"):
    """Cells of these columns: means over outcomes."""
    finite = [outcome for outcome in outcomes if outcome["finite"]]
    if len(finite) < len(outcomes):
        return [f"not finite in {len(outcomes) - len(finite)} of {len(outcomes)}"] + [None] * (len(REPORTS) - 1)
    return [mean_over([outcome[model][weights][name] for outcome in finite]) for weights, name in REPORTS]


def mean_over(values):
    """None where one is not reported."""
    if None in values:
        return None
    mean, error = tests_of_claims.mean_and_error(values)
    return Mean(mean, error if len(values) > 1 else None)


def survey(design, outcomes):
    """`outcomes`: {row: outcome} of the survey's seed."""
    columns = [ROW, Column("what it is", "what_it_is"), Column("NLL on validation data", "validation_nll", "{:.4f}"),
               *reported(several=False), Column("D(t) − D(s)", "d_teacher_minus_d_student", "{:.3f}"),
               Column("accuracy of D", "d_accuracy", "{:.3f}"), Column("gradient", "gradient_ratio", "{:.3g}"),
               Column("cosine", "gradient_cosine", "{:+.3f}"), Column("alarms", "alarms")]
    return Table(columns, [(row, design.described(row), outcome["validation"]["nll"] if outcome["finite"] else None,
                            *summary([outcome]), *game_cells(outcome)) for row, outcome in outcomes.items()],
                 TEACHER + AUROC + "The last columns are of the adversary \"main\", means over the last tenth of the steps: D(t) − D(s), "
                 "in units of D or of a score without bounds where the objective has one; how often D is right; the norm of its gradient "
                 "with respect to the student's weights, times λ, as a multiple of the cross-entropy's; the cosine between both.\n\n")


def game_cells(outcome):
    """Empty where there is no adversary "main", or nothing to compare its gradient with."""
    game = outcome.get("game", {})
    alarms = len(game.get("alarms", [])) or None
    if "main.d_teacher" not in game:
        return [None, None, None, None, alarms]
    labels = game.get("cross_entropy.student_gradient_norm", 0)
    gradient = [game["main.student_gradient_norm"] / labels, game["main.gradient_cosine"]] if labels else [None, None]
    return [game["main.d_teacher"] - game["main.d_student"], game["main.accuracy"], *gradient, alarms]


def kinds_of_teachers(outcomes):
    """Teachers of the survey's rows: one network, and the members of each kind together. `outcomes`: {row: outcome}."""
    found = {}
    for row, outcome in outcomes.items():
        for model, values in outcome.get("teachers", {}).items():
            found.setdefault("one network" if model == "teacher" else row if model == "teachers" else None, values)
    found.pop(None, None)  # members, each by itself
    columns = [Column("errors", "errors", "{:.0f}"), *(Column(heading, name, "{:.4f}") for name, heading in (
        ("nll", "NLL"), ("brier", "Brier"), ("ece", "ECE"), ("auroc", "AUROC")))]
    return Table([Column("teacher", "teacher"), *columns],
                 [(kind, *(values[column.name] for column in columns)) for kind, values in found.items()])


def teachers(outcomes):
    """`outcomes`: {data: [outcome of the single teacher of each seed]}."""
    return Table([Column("data", "data"), Column("teachers", "teachers"), *reported()],
                 [(data, len(of), *summary(of, "teacher")) for data, of in outcomes.items()], TEACHER)


def pooled(outcomes):
    """The bins of several reliability diagrams as one: [(count, mean confidence, accuracy)] over all of their examples. Empty if a run
    did not end with finite numbers, as in the other tables."""
    bins = []
    if not all(outcome["finite"] for outcome in outcomes):
        return bins
    for of_bin in zip(*(outcome["reliability"] for outcome in outcomes)):
        count = sum(one[0] for one in of_bin)
        bins.append((count, *(sum(one[0] * one[value] for one in of_bin if one[0]) / count if count else None
                              for value in (1, 2))))
    return bins


def reliability(diagrams):
    """A table. `diagrams`: {(place or data, row): pooled bins}."""
    head = ("place", "row", "low", "high", "count", "confidence", "accuracy")
    cells = ((str(place), row, index / len(bins), (index + 1) / len(bins), *values)
             for (place, row), bins in diagrams.items() for index, values in enumerate(bins))
    return csv_of([dict(zip(head, line)) for line in cells], head)


def places(outcomes):
    """`outcomes`: {(place, row): [outcome of each seed]}."""
    return Table([PLACE, ROW, *reported()], [(place, row, *summary(of)) for (place, row), of in outcomes.items()], TEACHER + AUROC)


def goals(asked, outcomes, teachers_of):
    """`asked`: {"teacher" or "PLACE/ROW": {value: at most}}; `outcomes`: {(place, row): [outcome of each seed]}; `teachers_of`:
    as of `teachers`. Means over seeds, of the last weights."""
    of = {f"{place}/{row}": [outcome.get("student") for outcome in seeds] for (place, row), seeds in outcomes.items()}
    of["teacher"] = [outcome["teacher"] for seeds in teachers_of.values() for outcome in seeds]
    lines = []
    for name, values in asked.items():
        for value, most in values.items():
            mean = "not finite" if None in of[name] else mean_over([report["last"][value] for report in of[name]])
            reached = isinstance(mean, Mean) and mean.mean <= most
            lines.append((name, value, most, mean, len(of[name]), "yes" if reached else "no"))
    columns = [Column("of", "of"), Column("value", "value"), Column("at most", "at_most"),
               Column("mean ± standard error", "mean", "{:.4g}", "{:.2g}"), Column("seeds", "seeds"), Column("reached", "reached")]
    return Table(columns, lines, TEACHER)


def choices(candidates):
    """`candidates`: [(place, row, variant, accuracy on validation data, NLL, whether it was chosen)]."""
    columns = [Column("place", "place"), ROW, Column("variant", "variant"),
               Column("accuracy on validation data", "validation_accuracy", "{:.4f}"), Column("NLL", "validation_nll", "{:.4f}"),
               Column("chosen", "chosen")]
    return Table(columns, [(place, row, variant, *(("not finite", None) if accuracy is None else (accuracy, nll)),
                            "yes" if chosen else None) for place, row, variant, accuracy, nll, chosen in candidates], TEACHER)


def claims(tested):
    """A table of them; intervals are of each claim by itself, p-values by Holm of all together."""
    return (TEACHER + "Test errors of the last weights; differences are of runs with the same seed, so the same teacher, split and "
            "first weights. Each interval is of its claim alone; Holm's p is corrected over all claims of this table. \"Not shown\" does "
            "not say that both are alike.\n\n"
            + markdown(("data, student, labels", "claim", "seeds", "first", "second", "difference", "95 % interval", "first is better",
                        "p", "p, Holm", "holds", "McNemar per seed: only the first wrong / only the second (p)"),
                       [(one["place"], f"{one['first']} makes fewer errors than {one['second']}", one["seeds"], *numbers(one),
                         f"{one['p']:.2g}", f"{one['holm']:.2g}", verdict(one),
                         "; ".join(f"{a}/{b} ({p:.2g})" for a, b, p in one["mcnemar"])) for one in tested]))


def numbers(one):
    """Of a claim; empty where a run is not finite."""
    if one["mean"] is None:
        return [""] * 5
    return [f"{one['first_mean']:.1f}", f"{one['second_mean']:.1f}", f"{one['mean']:+.1f}",
            f"{one['low']:+.1f} to {one['high']:+.1f}" if math.isfinite(one["low"]) else "", f"{one['better']} of {one['seeds']}"]


def verdict(one):
    if one["not_finite"]:
        return f"not shown: not finite with {one['not_finite']} of {one['seeds']} seeds"
    if one["seeds"] < one["planned"]:
        return f"open: {one['planned'] - one['seeds']} seeds to come"
    if one["holm"] >= 0.05:
        return "not shown"
    return "yes" if one["mean"] < 0 else "the opposite"


def mcnemar(tested, seeds):
    """A table: each claim with each seed, if all are finite."""
    head = ("place", "first", "second", "seed", "only_first_wrong", "only_second_wrong", "p")
    cells = ((one["place"], one["first"], one["second"], seed, *of_seed)
             for one in tested if not one["not_finite"] for seed, of_seed in zip(seeds, one["mcnemar"]))
    return csv_of([dict(zip(head, line)) for line in cells], head)
