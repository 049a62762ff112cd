# SPDX-License-Identifier: Apache-2.0
"""What competes: contests of the step of contest.hpp, and the rounds that each may take."""
from dataclasses import dataclass, field, replace

BATCHES = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096]
WIDTHS = [100, 200, 400, 800, 1600, 3200, 8000]


@dataclass(frozen=True)
class Contestant:
    name: str
    program: str  # contestant_<program>
    options: dict = field(default_factory=dict)
    against: dict = field(default_factory=dict)  # column of the table -> the contestant that it is divided by
    other_onednn: bool = False  # of the build with the other oneDNN


@dataclass(frozen=True)
class Contest:
    name: str
    title: str
    rounds: int
    contestants: tuple


def everyone(options, names=("retort", "retort_bf16", "libtorch", "roofline", "roofline_bf16")):
    """Retort, libtorch and the products, in float32 and in bfloat16."""
    bf16 = {"precision": "bf16"}
    known = {
        "retort": Contestant("retort", "retort", options, {"libtorch": "libtorch", "roofline": "roofline"}),
        "retort_bf16": Contestant("retort_bf16", "retort", options | bf16,
                                  {"libtorch": "libtorch", "roofline": "roofline_bf16", "other": "retort"}),
        "libtorch": Contestant("libtorch", "libtorch", options, {"roofline": "roofline"}),
        "roofline": Contestant("roofline", "roofline", options),
        "roofline_bf16": Contestant("roofline_bf16", "roofline", options | bf16, {"other": "roofline"}),
    }
    return tuple(known[name] for name in names)


def threads(program):
    """One thread and two."""
    two = Contestant(f"{program}_2_threads", program, {"threads": 2}, {"other": f"{program}_1_thread"})
    return Contestant(f"{program}_1_thread", program, {"threads": 1}), two


def paired():
    """Telemetry and alarms, which a manifest has by default, are off in all but the last."""
    options = {"discriminator": "paired"}
    watched = Contestant("retort_paired_watched", "retort", options | {"watched": "yes"}, {"other": "retort_paired"})
    alone = Contestant("retort_paired", "retort", options, {"other": "retort"})
    return Contestant("retort", "retort"), alone, watched


def generations():
    """Retort and the products with this oneDNN and with the other."""
    here = everyone({}, ("retort", "retort_bf16", "roofline", "roofline_bf16"))
    there = tuple(replace(one, name=f"{one.name}_other", against={"other": one.name}, other_onednn=True) for one in here)
    return here + there


def size(kind, value):
    names = ("retort", "retort_bf16", "roofline", "roofline_bf16")
    return Contest(f"{kind}_{value}", f"{kind} {value}", 5, everyone({kind: value}, names))


def main_contests():
    return [
        Contest("cached", "The teacher's logits cached", 30, everyone({})),
        Contest("runs", "The teacher run on every batch", 15, everyone({"teacher": "runs"})),
        Contest("batch_512_cached", "Batch 512", 15, everyone({"batch": 512})),
        Contest("paired", "The shipped default's discriminator, without and with telemetry and alarms", 10, paired()),
        Contest("onednn", "This oneDNN beside the other, where there is one", 15, generations()),
        Contest("threads", "Two threads against one", 12, threads("retort") + threads("libtorch") + threads("roofline")),
    ]


def sweep():
    return [size("batch", value) for value in BATCHES] + [size("width", value) for value in WIDTHS]
