# SPDX-License-Identifier: Apache-2.0
"""What has to hold before anything is measured: all contestants do the same work, and what they are named for."""
import os
import subprocess
import sys

import products
import runner


def same_products(place, options, log):
    """The roofline's are those of Retort's step."""
    asked = " ".join(f"{name} {value}" for name, value in options.items()) or "as it is"
    try:
        wrong = products.difference(place, options)
    except runner.Absent as why:
        if not why.for_want_of_bfloat16():
            sys.exit(f"products, {asked}: {why}")
        return log(f"products, {asked}: not compared: {why}")
    if wrong:
        sys.exit(f"products, {asked}: {wrong}")
    log(f"products, {asked}: the roofline's are those of Retort's step")


def differences_are_found(place):
    """Of another shape, of other types, and transposed."""
    step = products.of_step(products.command("roofline", place, {}))
    for one in step:
        for other in (one._replace(shape="1x1:1x1"), one._replace(left="bf16 ab"), one._replace(result="bf16"),
                      one._replace(right="f32 ba" if one.right == "f32 ab" else "f32 ab")):
            changed = step.copy()
            changed[one] -= 1
            changed[other] += 1
            if not products.compared(+changed, step):
                sys.exit(f"products: {other} in the place of {one} is not found")


def packed_weights_are_known(place):
    """Of products that are evaluated, those packed in any order are the same; of others, and of another type, not."""
    step = products.of_step(products.command("roofline", place, {}))
    for one in step:
        for right, same in (("f32 BA16a64b", True), ("f32 ab", True), ("bf16 BA16a64b2a", False)):
            other = step.copy()
            other[one] -= 1
            other[one._replace(right=right)] += 1
            if (not products.compared(+other, step, {one.in_any_order()})) != same:
                sys.exit(f"products: {right} in the place of {one} is {'not the same' if same else 'not found'}")
            if right != one.right and not products.compared(+other, step):
                sys.exit(f"products: {right} in the place of {one}, which is trained, is not found")


def slices_are_known(place):
    """Two that are one product are the same as that one; where one is missing, too wide or of another type, they are not."""
    step = products.of_step(products.command("roofline", place, {}))
    for one in step:
        for axis in range(3):
            sizes = list(one.sizes())
            if sizes[axis] < 2:
                continue
            first, second = ([*sizes[:axis], size, *sizes[axis + 1:]] for size in (1, sizes[axis] - 1))
            slices = [one._replace(shape="{0}x{1}:{1}x{2}".format(*size)) for size in (first, second)]
            other_type = slices[1]._replace(left="bf16 ab")
            for taken, same in ((slices, True), (slices[1:], False), ([slices[1]] * 2, sizes[axis] == 2),
                                ([slices[0], other_type], False)):
                other = step - products.Counter([one]) + products.Counter(taken)
                if (not products.compared(other, step)) != same:
                    sys.exit(f"products: {taken} in the place of {one} are {'not the same' if same else 'not found'}")


def autograd(place, log):
    """libtorch's gradients by hand are those of its autograd; where it is installed."""
    try:
        command = [place.program("libtorch"), "--check", "yes", "--teacher", "runs", "--threads", "1"]
    except runner.Absent as why:
        return log(f"libtorch skipped: {why}")
    if subprocess.run(command, env=place.environment("libtorch"), stdout=subprocess.DEVNULL).returncode != 0:
        sys.exit("libtorch's gradients are not those of its autograd")
    log("libtorch: its gradients are those of its autograd")


def float32_is_not_called_bfloat16(place):
    """Where the processor multiplies no bfloat16, Retort does not compete under its name."""
    command = products.command("retort", place, {"precision": "bf16"}) + ["--steps", "1"]
    done = subprocess.run(command, env=os.environ | {"ONEDNN_MAX_CPU_ISA": "AVX2"}, capture_output=True, text=True)
    if done.returncode == 0 or "float32 is used instead" not in done.stderr:
        sys.exit(f"without bfloat16, Retort in bfloat16 ended with {done.returncode} and said: {done.stderr}")
