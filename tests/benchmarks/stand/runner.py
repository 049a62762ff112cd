# SPDX-License-Identifier: Apache-2.0
"""Runs a contest: all contestants are started, then asked in turn, round after round, each for a slice of time."""
import os
import subprocess
from pathlib import Path

BLIS = Path("/usr/lib/x86_64-linux-gnu/blis-openmp")


class Absent(Exception):
    """Why a contestant does not compete."""

    def for_want_of_bfloat16(self):
        """Whether the processor does not multiply it, as the contestants in bfloat16 say."""
        return any(text in str(self) for text in ("does not multiply bfloat16", "float32 is used instead"))


class Program:
    """A contestant that was started and waits to be asked."""

    def __init__(self, contestant, place):
        place = place.of(contestant)
        self.name = contestant.name
        program = place.program(contestant.program)
        options = {"asked": "yes", "seconds": place.seconds} | contestant.options
        if contestant.program != "roofline":
            options |= {"data": place.data, "plugins": place.plugins}
        command = [program] + [text for name, value in options.items() for text in (f"--{name}", str(value))]
        self.process = subprocess.Popen(command, text=True, env=place.environment(contestant.program),
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def rate(self):
        """Images per second in one more slice."""
        try:
            self.process.stdin.write("\n")
            self.process.stdin.flush()
            return float(self.process.stdout.readline())
        except (BrokenPipeError, ValueError):
            said = self.process.communicate()[1].strip().splitlines()
            raise Absent(said[-1] if said else f"ended with {self.process.returncode}") from None

    def peak(self):
        """The most memory that it held so far, in MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024

    def end(self):
        self.process.kill()
        self.process.communicate()


class Place:
    """Where programs, plugins and data are, and how long a slice is."""

    def __init__(self, build, data, seconds, other=None):
        """`other`: the build with the other oneDNN, if there is one."""
        self.tests = Path(build) / "tests"
        self.plugins = Path(build) / "lib/retort/plugins"
        self.data = data
        self.seconds = seconds
        self.other = other and Place(other, data, seconds)

    def of(self, contestant):
        if not contestant.other_onednn:
            return self
        if not self.other:
            raise Absent("needs a second oneDNN; RETORT_ONEDNN names none")
        return self.other

    def program(self, name):
        path = self.tests / f"contestant_{name}"
        if name == "libtorch" and not (BLIS / "libblas.so.3").exists():
            raise Absent("needs libblis4-openmp, without which libtorch multiplies by a slow BLAS")
        if not path.exists():
            raise Absent("was not built; needs libtorch-dev" if name == "libtorch" else f"{path} was not built")
        return path

    def environment(self, name):
        return os.environ | ({"LD_LIBRARY_PATH": str(BLIS)} if name == "libtorch" else {})


def start(contest, place, absent, log):
    """Those that answer; why others do not goes into `absent`."""
    programs = []
    for contestant in contest.contestants:
        try:
            programs.append(Program(contestant, place))
            programs[-1].rate()  # of the first slice after the start, not counted
        except Absent as why:
            if programs and programs[-1].name == contestant.name:
                programs.pop().end()
            absent[contestant.name] = str(why)
            log(f"{contest.name}:{contestant.name} skipped: {why}")
    return programs


def run(contest, place, log):
    """The rates of each contestant, one a round, its peak memory, and why others are absent."""
    absent = {}
    programs = start(contest, place, absent, log)
    rates = {program.name: [] for program in programs}
    try:
        for index in range(contest.rounds):
            first = index % max(1, len(programs))  # each is first, second, ... equally often
            for program in programs[first:] + programs[:first]:
                rates[program.name].append(program.rate())
                log(f"{contest.name}:{program.name} {rates[program.name][-1]:.1f}")
        peaks = {program.name: program.peak() for program in programs}
    finally:
        for program in programs:
            program.end()
    return {"rates": rates, "peaks": peaks, "absent": absent}
