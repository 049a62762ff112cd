# SPDX-License-Identifier: Apache-2.0
"""Whether the roofline does the matrix products of Retort's step, no more and no fewer: oneDNN lists what it does."""
import itertools
import os
import re
import subprocess
from collections import Counter
from typing import NamedTuple

from runner import Absent

WIDTHS = {"f32": 4, "bf16": 2}
# "src_f32::blocked:ab:f0", since oneDNN 3 "src:f32::blocked:ab::f0"
MEMORY = re.compile(r"(src|wei|dst)[_:](\w+?):\w*:blocked:(\w+)")


class Product(NamedTuple):
    shape: str  # "128x784:784x800"
    left: str  # "f32 ab", transposed "f32 ba"
    right: str  # "f32 BA16a64b", where it was packed
    result: str  # "f32"

    def operands(self):
        return self[:3]

    def in_any_order(self):
        return *self[:2], self.right.split()[0]

    def sizes(self):
        """Rows, inner width and columns."""
        left, right = self.shape.split(":")
        return *map(int, left.split("x")), int(right.split("x")[1])

    def slices(self, others, axis):
        """Of the others, some that are slices of this one along that axis, 0 to 2, and together are all of it; or none."""
        across = lambda one: [size for i, size in enumerate(one.sizes()) if i != axis]
        fitting = [one for one in others if one[1:3] == self[1:3] and across(one) == across(self)]
        every = (some for count in range(2, len(fitting) + 1) for some in itertools.combinations(fitting, count))
        return next((some for some in every if sum(one.sizes()[axis] for one in some) == self.sizes()[axis]), ())


def product(line):
    """That of a line of oneDNN's, if it has executed one."""
    fields = line.split(",")  # "onednn_verbose,exec,cpu,matmul,...,shapes,time", with "v1,primitive," since oneDNN 3
    if "exec" not in fields or "matmul" not in fields:
        return None
    memory = {name: (kind, order) for name, kind, order in MEMORY.findall(line)}
    return Product(":".join(fields[-2].split(":")[:2]), " ".join(memory["src"]), " ".join(memory["wei"]),
                   memory["dst"][0])


def listed(command):
    """How often the command executes each product. Errors: Absent, with what it says, where it does not run."""
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"DNNL_VERBOSE": "1"})
    if done.returncode != 0:
        raise Absent((done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1])
    return Counter(filter(None, map(product, done.stdout.splitlines())))


def of_step(command):
    """What three steps do more than two: the first ones prepare."""
    return listed(command + ["--steps", "3"]) - listed(command + ["--steps", "2"])


def command(program, place, options):
    words = [text for name, value in options.items() for text in (f"--{name}", str(value))]
    needs = [] if program == "roofline" else ["--data", str(place.data), "--plugins", str(place.plugins)]
    return [str(place.program(program))] + needs + words


def joined(step, whole):
    """The step, with those products in one that its threads shared by slices of rows, columns or terms."""
    step = step.copy()
    missing = Counter(one.operands() for one in whole.elements()) - Counter(one.operands() for one in step.elements())
    for operands in missing.elements():
        one = Product(*operands, "")
        slices = next(filter(None, (one.slices(step.elements(), axis) for axis in range(3))), ())
        if slices:
            step = step - Counter(slices) + Counter([one._replace(result=slices[0].result)])
    return step


def compared(retort, roofline, evaluated=frozenset()):
    """Of two steps: a sentence; empty if their products are the same, in any order. The roofline's results may be
    narrower: where Retort's step leaves float32 of bfloat16 operands, it is bfloat16 that bounds it. Of products whose
    `in_any_order` is in `evaluated`, Retort may have packed the right operand beforehand."""
    retort = joined(retort, roofline)
    operands = lambda one: one.in_any_order() if one.in_any_order() in evaluated else one.operands()
    mine, theirs = (Counter(map(operands, step.elements())) for step in (retort, roofline))
    if not mine or mine != theirs:
        return f"Retort's step also multiplies {dict(mine - theirs)}, the roofline also {dict(theirs - mine)}"
    order = lambda one: (operands(one), WIDTHS[one.result])
    wider = [b for a, b in zip(sorted(retort.elements(), key=order), sorted(roofline.elements(), key=order))
             if WIDTHS[b.result] > WIDTHS[a.result]]
    return f"the roofline's results are wider than those of Retort's step: {wider}" if wider else ""


def difference(place, options):
    """As `compared` says it. Errors: Absent."""
    roofline = of_step(command("roofline", place, options))
    trained = {name: value for name, value in options.items() if name != "teacher"}
    evaluated = roofline - of_step(command("roofline", place, trained))  # the teacher's
    return compared(of_step(command("retort", place, options)), roofline,
                    {one.in_any_order() for one in evaluated})
