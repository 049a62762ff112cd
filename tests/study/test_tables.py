# SPDX-License-Identifier: Apache-2.0
"""What tables conclude: whether a goal is reached, and whether a claim holds."""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples/4_study/study"))
import tables  # noqa: E402
from design import Place  # noqa: E402

PLACE = Place.of("mnist 2x800 all")


def outcome(errors):
    return {"student": {"last": {"errors": errors}}}


def reached(most, students, teachers=()):
    """The last cell of each line of the table of goals."""
    asked = {"teacher": {"errors": most}} if teachers else {f"{PLACE}/row": {"errors": most}}
    text = tables.goals(asked, {(PLACE, "row"): students}, {"mnist": [{"teacher": {"last": {"errors": errors}}} for errors in teachers]})
    return [line.split("|")[-2].strip() for line in text.splitlines()[2:]]


def claim(**changed):
    return {"not_finite": 0, "seeds": 10, "planned": 10, "holm": 0.01, "mean": -3.0} | changed


class Goals(unittest.TestCase):
    def test_a_goal_is_reached_by_the_mean_up_to_what_is_asked(self):
        self.assertEqual(reached(85, [outcome(80), outcome(90)]), ["yes"])
        self.assertEqual(reached(85, [outcome(80), outcome(91)]), ["no"])

    def test_a_run_that_is_not_finite_reaches_nothing(self):
        self.assertEqual(reached(85, [outcome(10), {}]), ["no"])

    def test_teachers_are_those_of_all_data(self):
        self.assertEqual(reached(75, [], [70, 80]), ["yes"])
        self.assertEqual(reached(75, [], [70, 81]), ["no"])


class Verdicts(unittest.TestCase):
    def test_fewer_errors_that_chance_does_not_make_hold(self):
        self.assertEqual(tables.verdict(claim()), "yes")

    def test_more_errors_are_the_opposite(self):
        self.assertEqual(tables.verdict(claim(mean=3.0)), "the opposite")

    def test_what_chance_makes_is_not_shown(self):
        self.assertEqual(tables.verdict(claim(holm=0.05)), "not shown")

    def test_seeds_to_come_leave_it_open(self):
        self.assertEqual(tables.verdict(claim(seeds=8)), "open: 2 seeds to come")

    def test_seeds_without_numbers_show_nothing(self):
        self.assertEqual(tables.verdict(claim(not_finite=1)), "not shown: not finite with 1 of 10 seeds")


class Reliability(unittest.TestCase):
    def test_bins_of_several_runs_are_means_over_all_of_their_examples(self):
        outcomes = [{"finite": True, "reliability": [[0, None, None], [10, 0.6, 0.5]]},
                    {"finite": True, "reliability": [[0, None, None], [30, 0.8, 0.9]]}]
        empty, full = tables.pooled(outcomes)
        self.assertEqual(empty, (0, None, None))
        self.assertEqual(full[0], 40)
        self.assertAlmostEqual(full[1], 0.75)
        self.assertAlmostEqual(full[2], 0.8)
        self.assertEqual(tables.pooled([*outcomes, {"finite": False}]), [])

    def test_a_row_of_the_table_says_which_confidences_its_bin_holds(self):
        head, *lines = tables.reliability({(PLACE, "row"): [(0, None, None), (4, 0.7, 0.5)], (PLACE, "none"): []}).splitlines()
        self.assertEqual(head, "place,row,low,high,count,confidence,accuracy")
        self.assertEqual(lines, [f"{PLACE},row,0.0,0.5,0,,", f"{PLACE},row,0.5,1.0,4,0.7,0.5"])

    def test_what_no_run_reports_is_left_empty(self):
        def report(auroc):
            return dict.fromkeys(tables.REPORTED, 1.0) | {"auroc": auroc}

        def cell(auroc):
            of = {"finite": True, "student": {"last": report(auroc), "selected": report(auroc)}}
            return tables.summary_cells([of])[tables.HEAD.index("AUROC")]

        self.assertEqual((cell(0.75), cell(None)), ("0.7500", ""))


if __name__ == "__main__":
    unittest.main()
