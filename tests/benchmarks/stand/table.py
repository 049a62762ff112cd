# SPDX-License-Identifier: Apache-2.0
"""Medians and quartiles, of rates and of their ratios in pairs, and the table that they make."""
from statistics import median, quantiles

COLUMNS = ("libtorch", "roofline", "other")


def spread(values):
    """Median and quartiles."""
    low, _, high = quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3
    return {"median": median(values), "low": low, "high": high}


def ratio(result, name, other):
    """Of what both did in the same round; None if one of them is absent."""
    mine, theirs = result["rates"].get(name), result["rates"].get(other)
    return spread([a / b for a, b in zip(mine, theirs)]) if mine and theirs else None


def summary(contest, result):
    """One entry for each contestant."""
    entries = []
    for contestant in contest.contestants:
        entry = {"contest": contest.name, "contestant": contestant.name}
        if contestant.name in result["absent"]:
            entry["skipped"] = result["absent"][contestant.name]
        else:
            entry["images_per_second"] = spread(result["rates"][contestant.name])
            entry["peak_MiB"] = result["peaks"][contestant.name]
            entry["rates"] = result["rates"][contestant.name]
            for column, other in contestant.against.items():
                found = ratio(result, contestant.name, other)
                if found:
                    entry[column] = found | {"of": other}
        entries.append(entry)
    return entries


def rates_text(value):
    return f"{value['median']:,.0f} ({value['low']:,.0f} to {value['high']:,.0f})"


def ratio_text(value):
    return f"{value['median']:.2f} ({value['low']:.2f} to {value['high']:.2f})" if value else ""


def row(entry):
    if "skipped" in entry:
        return f"| {entry['contest']} | {entry['contestant']} | skipped: {entry['skipped']} | | | | |"
    cells = [entry["contest"], entry["contestant"], rates_text(entry["images_per_second"])]
    for column in COLUMNS:
        of = f" of {entry[column]['of']}" if column == "other" and column in entry else ""
        cells.append(ratio_text(entry.get(column)) + of)
    return "| " + " | ".join(cells + [f"{entry['peak_MiB']:.0f}"]) + " |"


HEADER = """| contest | contestant | images/s | / libtorch | / roofline | / another | peak, MiB |
|---|---|---|---|---|---|---|"""


def table(entries):
    return "\n".join([HEADER] + [row(entry) for entry in entries]) + "\n"


def result_line(entries):
    """What the goals are about."""
    cached = {entry["contestant"]: entry for entry in entries if entry["contest"] == "cached"}

    def text(contestant, column):
        value = cached.get(contestant, {}).get(column)
        return f"{value['median']:.3f}" if value else "skipped"

    asked = [("f32", "retort", "libtorch"), ("f32", "retort", "roofline"), ("bf16", "retort_bf16", "libtorch"),
             ("bf16", "retort_bf16", "roofline")]
    return "RESULT " + " ".join(f"{short}_vs_{column}={text(name, column)}" for short, name, column in asked)
