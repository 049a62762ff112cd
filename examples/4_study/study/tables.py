# SPDX-License-Identifier: Apache-2.0
"""Outcomes as tables, in Markdown and in CSV."""
import csv
import io
import math

import tests_of_claims
from design import REPORTED

TEACHER = "The teacher was trained with all labels, whatever the student sees.\n\n"
AUROC = ("AUROC: how well the entropy of predictions tells test images from those of the other data, Fashion-MNIST from MNIST or MNIST "
         "from Fashion-MNIST; 1 is best, 0.5 is chance.\n\n")
COLUMNS = {  # of weights, a value: its heading and its form
    ("last", "errors"): ("errors, last", "{:.1f}"), ("selected", "errors"): ("selected", "{:.1f}"),
    ("last", "nll"): ("NLL", "{:.4f}"), ("last", "brier"): ("Brier", "{:.4f}"), ("last", "ece"): ("ECE", "{:.4f}"),
    ("last", "scaled_nll"): ("NLL, scaled", "{:.4f}"), ("last", "scaled_ece"): ("ECE, scaled", "{:.4f}"),
    ("last", "auroc"): ("AUROC", "{:.4f}"),
}
HEAD = [heading for heading, _ in COLUMNS.values()]


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


def summary_cells(outcomes, model="student"):
    """Mean over outcomes, with standard errors where there are several."""
    finite = [outcome for outcome in outcomes if outcome["finite"]]
    if len(finite) < len(outcomes):
        return [f"not finite in {len(outcomes) - len(finite)} of {len(outcomes)}"] + [""] * (len(COLUMNS) - 1)
    cells = []
    for (weights, name), (_, form) in COLUMNS.items():
        values = [outcome[model][weights][name] for outcome in finite]
        if None in values:
            cells.append("")
            continue
        mean, error = tests_of_claims.mean_and_error(values)
        cells.append(form.format(mean) + (f" ± {form.format(error)}" if len(values) > 1 else ""))
    return cells


def survey(design, outcomes):
    """`outcomes`: {row: outcome} of the survey's seed."""
    return (TEACHER + AUROC + "The last columns are of the adversary \"main\", means over the last tenth of the steps: D(t) − D(s), in units of "
            "D or of a score without bounds where the objective has one; how often D is right; the norm of its gradient with "
            "respect to the student's weights, times λ, as a multiple of the cross-entropy's; the cosine between both.\n\n"
            + markdown(("row", "what it is", "NLL on validation data", *HEAD, "D(t) − D(s)", "accuracy of D", "gradient", "cosine",
                        "alarms"),
                       [(row, design.described(row), validation_cell(outcome), *summary_cells([outcome]),
                         *game_cells(outcome)) for row, outcome in outcomes.items()]))


def validation_cell(outcome):
    return f"{outcome['validation']['nll']:.4f}" if outcome["finite"] else ""


def game_cells(outcome):
    """Empty where there is no adversary "main", or nothing to compare its gradient with."""
    game = outcome.get("game", {})
    alarms = len(game.get("alarms", [])) or ""
    if "main.d_teacher" not in game:
        return ["", "", "", "", alarms]
    labels = game.get("cross_entropy.student_gradient_norm", 0)
    gradient = [f"{game['main.student_gradient_norm'] / labels:.3g}", f"{game['main.gradient_cosine']:+.3f}"] if labels else ["", ""]
    return [f"{game['main.d_teacher'] - game['main.d_student']:.3f}", f"{game['main.accuracy']:.3f}", *gradient, alarms]


def kinds_of_teachers(outcomes):
    """Teachers of the survey's rows: one network, and the members of each kind together. `outcomes`: {row: outcome}."""
    found = {}
    for row, outcome in outcomes.items():
        for model, values in outcome.get("teachers", {}).items():
            found.setdefault("one network" if model == "teacher" else row if model == "teachers" else None, values)
    found.pop(None, None)  # members, each by itself
    columns = {"nll": "NLL", "brier": "Brier", "ece": "ECE", "auroc": "AUROC"}
    return markdown(("teacher", "errors", *columns.values()),
                    [(kind, f"{values['errors']:.0f}", *("" if values[name] is None else f"{values[name]:.4f}" for name in columns))
                     for kind, values in found.items()])


def teachers(outcomes):
    """`outcomes`: {data: [outcome of the single teacher of each seed]}."""
    return markdown(("data", "teachers", *HEAD),
                    [(data, len(of), *summary_cells(of, "teacher")) for data, of in outcomes.items()])


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
    return TEACHER + AUROC + markdown(("data, student, labels", "row", *HEAD),
                    [(place, row, *summary_cells(of)) for (place, row), of in outcomes.items()])


def goals(asked, outcomes, teachers_of):
    """`asked`: {"teacher" or "PLACE/ROW": {value: at most}}; `outcomes`: {(place, row): [outcome of each seed]}; `teachers_of`:
    as of `teachers`. Means over seeds, of the last weights."""
    of = {f"{place}/{row}": [outcome.get("student") for outcome in seeds] for (place, row), seeds in outcomes.items()}
    of["teacher"] = [outcome["teacher"] for seeds in teachers_of.values() for outcome in seeds]
    lines = []
    for name, values in asked.items():
        for value, most in values.items():
            if None in of[name]:
                lines.append((name, value, most, "not finite", len(of[name]), "no"))
                continue
            mean, error = tests_of_claims.mean_and_error([report["last"][value] for report in of[name]])
            lines.append((name, value, most, f"{mean:.4g} ± {error:.2g}", len(of[name]), "yes" if mean <= most else "no"))
    return markdown(("of", "value", "at most", "mean ± standard error", "seeds", "reached"), lines)


def choices(candidates):
    """`candidates`: [(place, row, variant, accuracy on validation data, NLL, whether it was chosen)]."""
    return markdown(("place", "row", "variant", "accuracy on validation data", "NLL", "chosen"),
                    [(place, row, variant, *(("not finite", "") if accuracy is None else (f"{accuracy:.4f}", f"{nll:.4f}")),
                      "yes" if chosen else "")
                     for place, row, variant, accuracy, nll, chosen in candidates])


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
    """Rows of a table: each claim with each seed, if all are finite."""
    return [{"place": one["place"], "first": one["first"], "second": one["second"], "seed": seed, "only_first_wrong": first,
             "only_second_wrong": second, "p": p}
            for one in tested if not one["not_finite"] for seed, (first, second, p) in zip(seeds, one["mcnemar"])]
