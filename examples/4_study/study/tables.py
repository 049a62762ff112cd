# SPDX-License-Identifier: Apache-2.0
"""Outcomes as tables, in Markdown and in CSV."""
import csv
import io

import tests_of_claims

TEACHER = "The teacher was trained with all labels, whatever the student sees.\n\n"
HEAD = ("errors, last", "selected", "NLL", "ECE", "NLL, scaled", "ECE, scaled")


def csv_of(rows):
    """`rows`: dictionaries with the same keys."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
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
        row |= {f"{weights}_{name}": values.get(name, "") for name in
                ("errors", "nll", "brier", "ece", "temperature", "scaled_nll", "scaled_ece")}
    game = outcome.get("game", {})
    row |= {"seconds": f"{outcome['seconds']:.1f}", "alarms": "; ".join(game.get("alarms", [])),
            "game": " ".join(f"{name}={value:.4g}" for name, value in game.items() if name != "alarms")}
    return row | {"wrong": " ".join(map(str, outcome.get("wrong", [])))}


def summary_cells(outcomes, model="student"):
    """Mean over outcomes, with standard errors where there are several."""
    finite = [outcome for outcome in outcomes if outcome["finite"]]
    if len(finite) < len(outcomes):
        return [f"not finite in {len(outcomes) - len(finite)} of {len(outcomes)}"] + [""] * 5
    cells = []
    for weights, name, form in (("last", "errors", "{:.1f}"), ("selected", "errors", "{:.1f}"), ("last", "nll", "{:.4f}"),
                                ("last", "ece", "{:.4f}"), ("last", "scaled_nll", "{:.4f}"),
                                ("last", "scaled_ece", "{:.4f}")):
        values = [outcome[model][weights][name] for outcome in finite]
        if None in values:
            cells.append("")
            continue
        mean, error = tests_of_claims.mean_and_error(values)
        cells.append(form.format(mean) + (f" ± {form.format(error)}" if len(values) > 1 else ""))
    return cells


def survey(design, outcomes):
    """`outcomes`: {row: outcome} of the survey's seed."""
    return TEACHER + markdown(("row", "what it is", "validation accuracy", *HEAD, "D(t) − D(s)", "accuracy of D", "cosine",
                               "alarms"),
                              [(row, design.rows[row].get("says", ""), validation_cell(outcome),
                                *summary_cells([outcome]), *game_cells(outcome)) for row, outcome in outcomes.items()])


def validation_cell(outcome):
    return f"{outcome['validation']['accuracy']:.4f}" if outcome["finite"] else ""


def game_cells(outcome):
    """Of the adversary main over the last tenth of the steps; empty where there is none."""
    game = outcome.get("game", {})
    if "main.d_teacher" not in game:
        return ["", "", "", len(game.get("alarms", [])) or ""]
    return [f"{game['main.d_teacher'] - game['main.d_student']:.3f}", f"{game['main.accuracy']:.3f}",
            f"{game['main.gradient_cosine']:+.3f}", len(game["alarms"]) or ""]


def kinds_of_teachers(outcomes):
    """Teachers of the survey's rows: one network, and the members of each kind together. `outcomes`: {row: outcome}."""
    found = {}
    for row, outcome in outcomes.items():
        for model, values in outcome.get("teachers", {}).items():
            found.setdefault("one network" if model == "teacher" else row if model == "teachers" else None, values)
    found.pop(None, None)  # members, each by itself
    return markdown(("teacher", "errors", "NLL", "Brier", "ECE"),
                    [(kind, values["errors"], *(f"{values[name]:.4f}" for name in ("nll", "brier", "ece")))
                     for kind, values in found.items()])


def teachers(reports):
    """`reports`: {"mnist.11": report}."""
    by_data = {}
    for name, report in reports.items():
        by_data.setdefault(name.split(".")[0], []).append({"teacher": report, "finite": True})
    return markdown(("data", "teachers", *HEAD),
                    [(data, len(of), *summary_cells(of, "teacher")) for data, of in by_data.items()])


def places(outcomes):
    """`outcomes`: {(place, row): [outcome of each seed]}."""
    return TEACHER + markdown(("data, student, labels", "row", *HEAD),
                    [(place, row, *summary_cells(of)) for (place, row), of in outcomes.items()])


def goals(asked, outcomes, reports):
    """`asked`: {"teacher" or "PLACE/ROW": {value: at most}}; `outcomes`: {(place, row): [outcome of each seed]}; `reports`: of
    teachers. Means over seeds, of the last weights."""
    of = {f"{place}/{row}": [outcome["student"] for outcome in seeds if outcome["finite"]]
          for (place, row), seeds in outcomes.items()} | {"teacher": list(reports.values())}
    lines = []
    for name, values in asked.items():
        for value, most in values.items():
            found = [report["last"][value] for report in of[name]]
            mean, error = tests_of_claims.mean_and_error(found)
            lines.append((name, value, most, f"{mean:.4g} ± {error:.2g}", len(found), "yes" if mean <= most else "no"))
    return markdown(("of", "value", "at most", "mean ± standard error", "seeds", "reached"), lines)


def choices(candidates):
    """`candidates`: [(place, row, variant, accuracy on validation data, NLL, whether it was chosen)]."""
    return markdown(("place", "row", "variant", "accuracy on validation data", "NLL", "chosen"),
                    [(place, row, variant, f"{accuracy:.4f}", f"{nll:.4f}", "yes" if chosen else "")
                     for place, row, variant, accuracy, nll, chosen in candidates])


def claims(tested):
    return TEACHER + markdown(("data, student, labels", "claim", "difference of errors, mean", "95 % interval", "p", "p, Holm",
                     "holds", "McNemar per seed: only the first wrong / only the second (p)"),
                    [(one["place"], f"{one['first']} makes fewer errors than {one['second']}", f"{one['mean']:+.1f}",
                      f"{one['low']:+.1f} to {one['high']:+.1f}", f"{one['p']:.2g}", f"{one['holm']:.2g}",
                      verdict(one), "; ".join(f"{a}/{b} ({p:.2g})" for a, b, p in one["mcnemar"])) for one in tested])


def verdict(one):
    if one["not_finite"]:
        return f"not shown: not finite with {one['not_finite']} of {one['seeds']} seeds"
    if one["holm"] >= 0.05:
        return "not shown"
    return "yes" if one["mean"] < 0 else "the opposite"
