# SPDX-License-Identifier: Apache-2.0
"""What tables conclude, whether a goal is reached and whether a claim holds, and how they are written."""
import csv
import io
import sys
import unittest
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples/4_study/study"))
import tables  # noqa: E402
from design import Place  # noqa: E402

PLACE = Place.of("mnist 2x800 all")


def outcome(errors):
    return {"student": {"last": {"errors": errors}}}


def reached(most, students, teachers=()):
    """The last cell of each line of the table of goals."""
    asked = {"teacher": {"errors": most}} if teachers else {f"{PLACE}/row": {"errors": most}}
    table = tables.goals(asked, {(PLACE, "row"): students}, {"mnist": [{"teacher": {"last": {"errors": errors}}} for errors in teachers]})
    return [line[-1] for line in table.lines]


def both_forms(table):
    """The lines of the table without its heading, each as {heading: text}, and the same of CSV."""
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.markdown().splitlines() if line.startswith("|")]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[2:]], list(csv.DictReader(io.StringIO(table.csv())))


def run_of(errors, auroc=0.75):
    """A finite outcome."""
    report = dict.fromkeys(tables.REPORTED, 0.03125) | {"errors": errors, "auroc": auroc}
    return {"finite": True, "student": {"last": report, "selected": report}, "teacher": {"last": report, "selected": report},
            "teachers": {"teacher": report, "teachers": report, "teacher_2": report}, "validation": {"nll": 0.25},
            "game": {"main.d_teacher": 0.75, "main.d_student": 0.5, "main.accuracy": 0.625, "main.student_gradient_norm": 1.0,
                     "main.gradient_cosine": -0.125, "cross_entropy.student_gradient_norm": 4.0, "alarms": ["one", "another"]}}


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


class Forms(unittest.TestCase):
    """Markdown and CSV of the same lines."""

    def test_means_have_their_standard_errors_beside_them_in_markdown_and_in_a_column_of_csv(self):
        (shown,), (values,) = both_forms(tables.places({(PLACE, "row"): [run_of(101), run_of(104)]}))
        self.assertEqual((shown["errors, last"], shown["NLL"]), ("102.5 ± 1.5", "0.0312 ± 0.0000"))
        self.assertEqual((values["place"], values["row"]), (str(PLACE), "row"))
        self.assertEqual((values["last_errors"], values["last_errors_standard_error"]), ("102.5", "1.5"))
        self.assertEqual((values["last_nll"], values["last_nll_standard_error"]), ("0.03125", "0.0"))

    def test_of_one_seed_there_is_no_standard_error(self):
        (shown,), (values,) = both_forms(tables.teachers({"mnist": [run_of(101)]}))
        self.assertEqual((shown["data"], shown["teachers"], shown["errors, last"]), ("mnist", "1", "101.0"))
        self.assertEqual((values["teachers"], values["last_errors"], values["last_errors_standard_error"]), ("1", "101.0", ""))

    def test_what_is_not_finite_has_no_numbers(self):
        (shown,), (values,) = both_forms(tables.places({(PLACE, "row"): [run_of(101), {"finite": False}]}))
        self.assertEqual((shown["errors, last"], shown["NLL"]), ("not finite in 1 of 2", ""))
        self.assertEqual((values["last_errors"], values["last_errors_standard_error"], values["last_nll"]), ("not finite in 1 of 2", "", ""))

    def test_what_no_run_reports_is_left_empty(self):
        (shown,), (values,) = both_forms(tables.places({(PLACE, "row"): [run_of(101, auroc=None)] * 2}))
        self.assertEqual((shown["AUROC"], values["last_auroc"], values["last_auroc_standard_error"]), ("", "", ""))

    def test_a_row_of_the_survey_says_what_its_game_did(self):
        design = SimpleNamespace(described=lambda row: f"{row}, with more")
        (shown,), (values,) = both_forms(tables.survey(design, {"row": run_of(101)}))
        self.assertEqual([shown[name] for name in ("NLL on validation data", "D(t) − D(s)", "gradient", "cosine", "alarms")],
                         ["0.2500", "0.250", "0.25", "-0.125", "2"])
        self.assertEqual([values[name] for name in ("what_it_is", "validation_nll", "last_errors", "d_teacher_minus_d_student", "d_accuracy",
                                                    "gradient_ratio", "gradient_cosine", "alarms")],
                         ["row, with more", "0.25", "101.0", "0.25", "0.625", "0.25", "-0.125", "2"])
        self.assertNotIn("last_errors_standard_error", values)

    def test_teachers_are_one_network_and_the_members_of_each_kind_together(self):
        shown, values = both_forms(tables.kinds_of_teachers({"ensemble": run_of(101)}))
        self.assertEqual([line["teacher"] for line in shown], ["one network", "ensemble"])
        self.assertEqual([(line["teacher"], line["errors"], line["nll"]) for line in values],
                         [("one network", "101", "0.03125"), ("ensemble", "101", "0.03125")])

    def test_candidates_say_which_was_chosen(self):
        shown, values = both_forms(tables.choices([(PLACE, "row", "a=1", 0.98765, 0.0625, True), (PLACE, "row", "a=2", None, None, False)]))
        self.assertEqual([list(line.values())[3:] for line in shown], [["0.9877", "0.0625", "yes"], ["not finite", "", ""]])
        self.assertEqual([list(line.values())[3:] for line in values], [["0.98765", "0.0625", "yes"], ["not finite", "", ""]])

    def test_goals_have_their_means_and_standard_errors(self):
        (shown,), (values,) = both_forms(tables.goals({f"{PLACE}/row": {"errors": 103}}, {(PLACE, "row"): [run_of(101), run_of(104)]}, {}))
        self.assertEqual((shown["mean ± standard error"], shown["reached"]), ("102.5 ± 1.5", "yes"))
        self.assertEqual(list(values.values()), [f"{PLACE}/row", "errors", "103", "102.5", "1.5", "2", "yes"])

    def test_all_say_that_the_teacher_sees_all_labels(self):
        for table in (tables.places({}), tables.teachers({}), tables.goals({}, {}, {}), tables.choices([]), tables.survey(None, {})):
            self.assertIn("The teacher was trained with all labels", table.markdown())
        self.assertIn("The teacher was trained with all labels", tables.claims([]))

    def test_claims_that_no_seed_says_anything_of_leave_their_head(self):
        one = {"place": PLACE, "first": "a", "second": "b", "not_finite": 2, "mcnemar": []}
        self.assertEqual(tables.mcnemar([one], [1, 2]), "place,first,second,seed,only_first_wrong,only_second_wrong,p\n")


if __name__ == "__main__":
    unittest.main()
