# SPDX-License-Identifier: Apache-2.0
"""What the study's figures show: verdicts by colour, and the best and the worst row of this survey alone."""
import re
import sys
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples/4_study/study"))
import figures  # noqa: E402
from design import Place, Run  # noqa: E402

PLACE = Place.of("mnist 2x800 all")


def drawn(draw, *given):
    """The script that gnuplot would be given."""
    with mock.patch("figures.draw") as gnuplot:
        draw(*given, "output.svg")
    return gnuplot.call_args.args[0]


def colour(**changed):
    """Of the only claim of a picture."""
    one = {"place": PLACE, "first": "a", "second": "b", "not_finite": 0, "seeds": 10, "planned": 10, "holm": 0.01, "mean": -3.0,
           "low": -4.0, "high": -2.0, "second_mean": 100.0} | changed
    script = drawn(figures.claims, [one])
    style, = re.findall(r"xerrorbars ls (\d)", script)
    return re.search(rf"set style line {style} lc rgb '(#\w+)'", script)[1]


class Claims(unittest.TestCase):
    BLUE, RED, GREY = "#1f6fb4", "#cc4444", "#888888"

    def test_what_holds_is_blue_and_the_opposite_red(self):
        self.assertEqual(colour(), self.BLUE)
        self.assertEqual(colour(mean=3.0), self.RED)

    def test_what_is_not_shown_is_grey(self):
        self.assertEqual(colour(holm=0.05), self.GREY)

    def test_what_is_open_is_grey_whatever_its_p(self):
        self.assertEqual(colour(seeds=8), self.GREY)
        self.assertEqual(colour(seeds=8, mean=3.0), self.GREY)


class Reliability(unittest.TestCase):
    BINS = [(1, 0.1, 0.9), (2, 0.5, 0.25), (997, 0.875, 0.75)]

    def test_bins_of_few_examples_are_left_out_and_the_picture_says_so(self):
        script = drawn(figures.reliability_of_rows, {(PLACE, "row"): self.BINS})
        self.assertIn("title 'bins of fewer than 0.2 % of the examples are left out'", script)
        self.assertIn("\n0.5 0.25\n0.875 0.75\n", script)
        self.assertNotIn("0.1 0.9", script)


class Examples(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.work, self.results = Path(folder.name) / "work", Path(folder.name) / "results"
        self.results.mkdir()

    def write(self, nll_of):
        """Of a survey with these rows; the names of the files that are there then."""
        outcomes = []
        for row, nll in nll_of.items():
            run = Run(PLACE, row, 1, ())
            of_run = self.work / "runs" / run.name / "figures"
            of_run.mkdir(parents=True, exist_ok=True)
            for figure in ("discriminator.main", "accuracy"):
                (of_run / f"distil.{figure}.svg").write_text(row)
            outcomes.append((run, {"finite": True, "validation": {"nll": nll}}))
        figures.examples(SimpleNamespace(work=self.work), outcomes, {"place": str(PLACE), "seed": 1}, self.results)
        return sorted(file.name for file in self.results.iterdir())

    def test_those_of_an_earlier_survey_are_removed_and_nothing_else(self):
        (self.results / "claims.svg").write_text("")
        self.write({"a": 1.0, "b": 2.0, "c": 3.0})
        self.assertEqual(self.write({"a": 2.0, "b": 1.0, "c": 0.5}), [
            "best.c.accuracy.svg", "best.c.discriminator.svg", "claims.svg", "worst.a.accuracy.svg", "worst.a.discriminator.svg"])

    def test_without_new_ones_they_stay(self):
        before = self.write({"a": 1.0})
        self.assertEqual(self.write({}), before)
        self.assertEqual(len(before), 4)


unittest.main()
