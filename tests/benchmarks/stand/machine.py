# SPDX-License-Identifier: Apache-2.0
"""On what was measured: processor, caches, versions; and whether it was fit to be measured on."""
import os
import re
import subprocess
import time
from pathlib import Path

FEATURES = ("avx2", "avx512f", "avx512_bf16", "amx_bf16")
IDLE = 1.0  # the most load before


def said(command, **options):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, **options).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def cpu():
    text = Path("/proc/cpuinfo").read_text()
    flags = set(re.search(r"^flags\s*: (.*)$", text, re.M).group(1).split())
    return {"processor": re.search(r"^model name\s*: (.*)$", text, re.M).group(1), "processors": os.cpu_count(),
            "features": [name for name in FEATURES if name in flags]}


def caches():
    folders = sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*"))
    kinds = {"Data": "d", "Instruction": "i", "Unified": ""}
    return [f"L{(folder / 'level').read_text().strip()}{kinds[(folder / 'type').read_text().strip()]} "
            f"{(folder / 'size').read_text().strip()}" for folder in folders]


def package(name):
    return said(["dpkg-query", "--show", "--showformat=${Version}", name]) or "absent"


def onednn(roofline):
    """Of the library that the contestants load, not of a package."""
    text = said([roofline, "--steps", "1"], env=os.environ | {"DNNL_VERBOSE": "1"})
    found = re.search(r"info,oneDNN (v\S+)", text)
    return found.group(1) if found else "unknown"


def compiler(build):
    cache = (Path(build) / "CMakeCache.txt").read_text()
    return said([re.search(r"^CMAKE_CXX_COMPILER:\w+=(.*)$", cache, re.M).group(1), "--version"]).splitlines()[0]


def load():
    return "/".join(f"{value:.1f}" for value in os.getloadavg())


def settle(log):
    """Waits, up to three minutes, for the load that a build left to go."""
    for _ in range(18):
        if os.getloadavg()[0] <= IDLE:
            return
        log(f"load {load()}: waiting")
        time.sleep(10)


def commit(root):
    """"-dirty" where something else than results was changed, of which the log is being written."""
    git = ["git", "-C", str(root)]
    changed = said(git + ["status", "--porcelain", "--untracked-files=no", "--", ".", ":!tests/benchmarks/results"])
    return said(git + ["describe", "--always"]) + ("-dirty" if changed else "")


def doubts(machine):
    """Why nothing that was measured should be quoted; empty if it may be."""
    load_before = float(machine["load before"].split("/")[0])
    found = [f"the load before was {load_before:.1f}; allowed: {IDLE:.1f}"] if load_before > IDLE else []
    return found + (["what was built is no commit"] if machine["commit"].endswith("-dirty") else [])


def describe(build, place, root):
    return cpu() | {"caches": caches(), "kernel": os.uname().release, "compiler": compiler(build),
                    "oneDNN": onednn(place.program("roofline")),
                    "other oneDNN": onednn(place.other.program("roofline")) if place.other else "absent",
                    "libtorch": package("libtorch1.13"), "BLIS": package("libblis4-openmp"), "commit": commit(root),
                    "load before": load()}


def text(machine):
    value = lambda entry: ", ".join(entry) if isinstance(entry, list) else str(entry)
    return "".join(f"- {name}: {value(entry)}\n" for name, entry in machine.items())


def warning(machine):
    """A paragraph for the beginning of a page; empty if all is well."""
    found = doubts(machine)
    return f"**Not to be quoted:** {'; '.join(found)}.\n\n" if found else ""
