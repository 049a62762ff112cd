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
    text = tables.goals(asked, {(PLACE, "row"): students}, {"mnist": [{"last": {"errors": errors}} for errors in teachers]})
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


if __name__ == "__main__":
    unittest.main()
