# SPDX-License-Identifier: Apache-2.0
"""What validation chooses, what rows start from, and how claims compare, with outcomes that nothing was trained for."""
import json
import sys
import tempfile
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples/4_study/study"))
from design import Design, Place  # noqa: E402
from runs import results_of  # noqa: E402
from study import Study  # noqa: E402

PLAN = {
    "data": {"mnist": {"directory": "MNIST"}},
    "students": {"small": [30], "large": [800]},
    "labels": {"all": {}},
    "labelled_only": {},
    "teachers": {},
    "rows": {
        "alone": {"set": {"/adversaries": []}},
        "game": {"set": {"/lambda": 0}},
        "both": {"base": "game"},
        "noisy": {"set": {"/kind": "noisy"}},
        "further": {"base": "both"},
    },
    "tuning": {
        "seeds": [1, 2],
        "variants": {"game": {"/lambda": [1, 2, 3]}, "both": {"/weight": [5, 6]}, "noisy": {"/noise": [7, 8]}},
        "starts_from": {"noisy": ["game"]},
    },
    "survey": {"place": "mnist large all", "seed": 3},
    "confirmation": {
        "places": ["mnist large all", "mnist small all"], "seeds": [9, 4, 7],
        "claims": [{"first": "both", "second": "alone"}, {"first": "noisy", "second": "game"}],
    },
}
LARGE, SMALL = map(Place.of, PLAN["confirmation"]["places"])


def outcome(accuracy=0.9, nll=0.5, errors=100, wrong=()):
    return {"finite": True, "validation": {"accuracy": accuracy, "nll": nll}, "student": {"last": {"errors": errors}},
            "wrong": list(wrong)}


NOT_FINITE = {"finite": False}


class FakeBench:
    """`outcome_of`: what comes of a run. Of those that are asked for together the last is done first."""

    def __init__(self, outcome_of):
        self.outcome_of, self.asked = outcome_of, []

    def teach(self, runs):
        pass

    def outcomes(self, runs):
        self.asked.append(runs)
        done = [threading.Event() for _ in range(len(runs) + 1)]
        done[-1].set()
        with ThreadPoolExecutor(len(runs)) as pool:
            return results_of([pool.submit(self._after, done[index + 1], run, done[index]) for index, run in enumerate(runs)])

    def _after(self, before, run, done):
        before.wait()
        done.set()
        return self.outcome_of(run)


def study(outcome_of):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "plan.json"
        file.write_text(json.dumps(PLAN))
        return Study(Design(file), FakeBench(outcome_of))


def chosen_of(game):
    """What is chosen for "game" at the large student's place; `game`: {λ: outcome, or that of each seed}."""
    def outcome_of(run):
        if run.row != "game":
            return outcome()
        of = game[dict(run.settings)["/lambda"]]
        return of[run.seed] if 1 in of else of
    chosen, candidates = study(outcome_of).tune()
    marked = [name for place, row, name, _, _, is_chosen in candidates if is_chosen and (place, row) == (LARGE, "game")]
    value = chosen[LARGE]["game"]["/lambda"]
    assert marked == [f"lambda={value}"], marked
    return value


class Choices(unittest.TestCase):
    def test_the_best_accuracy_on_validation_data_is_chosen_not_the_fewest_test_errors(self):
        self.assertEqual(chosen_of({1: outcome(0.97, 0.1, errors=10), 2: outcome(0.98, 0.3, errors=90),
                                    3: outcome(0.96, 0.2, errors=50)}), 2)

    def test_it_is_the_mean_over_seeds(self):
        self.assertEqual(chosen_of({1: {1: outcome(0.99), 2: outcome(0.91)}, 2: {1: outcome(0.90), 2: outcome(0.90)},
                                    3: {1: outcome(0.94), 2: outcome(0.98)}}), 3)

    def test_of_equals_the_lower_nll_is_chosen(self):
        self.assertEqual(chosen_of({1: outcome(0.98, 0.3), 2: outcome(0.98, 0.2, errors=200), 3: outcome(0.97, 0.1)}), 2)

    def test_what_is_not_finite_with_each_seed_is_not_chosen(self):
        half = {1: outcome(0.999, 0.01, errors=1), 2: NOT_FINITE}
        self.assertEqual(chosen_of({1: half, 2: NOT_FINITE, 3: outcome(0.5, 2.0)}), 3)

    def test_a_row_without_a_finite_variant_is_told(self):
        with self.assertRaises(SystemExit) as caught:
            chosen_of({1: NOT_FINITE, 2: NOT_FINITE, 3: NOT_FINITE})
        self.assertIn("game: no variant ends with finite numbers", str(caught.exception))


class StartingPoints(unittest.TestCase):
    BEST = {LARGE: 3, SMALL: 2}  # λ

    def setUp(self):
        def outcome_of(run):
            settings = dict(run.settings)
            best = settings.get("/lambda") == self.BEST[run.place] and settings.get("/weight", 6) == 6
            return outcome(accuracy=0.95 if best else 0.9)
        self.study = study(outcome_of)
        self.chosen, self.candidates = self.study.tune()

    def test_a_row_is_tuned_after_those_that_it_starts_from_with_what_was_chosen_there(self):
        first, *later = self.study.bench.asked
        self.assertEqual({run.row for run in first}, {"game"})
        for runs in later:
            for run in runs:
                self.assertEqual(dict(run.settings)["/lambda"], self.BEST[run.place], run.name)
        self.assertEqual({run.row for runs in later for run in runs}, {"both", "noisy"})

    def test_each_place_has_choices_of_its_own(self):
        for place, best in self.BEST.items():
            self.assertEqual(self.chosen[place], {"game": {"/lambda": best}, "both": {"/weight": 6}, "noisy": {"/noise": 7}})
        self.assertEqual([place for place, *_ in self.candidates], [LARGE] * 7 + [SMALL] * 7)

    def test_the_survey_and_the_confirmation_are_run_with_what_was_chosen(self):
        self.study.survey(self.chosen)
        surveyed = {run.row: dict(run.settings) for run in self.study.bench.asked[-1]}
        self.assertEqual((surveyed["further"]["/lambda"], surveyed["further"]["/weight"]), (3, 6))
        for _ in self.study.confirm(self.chosen):
            for run in self.study.bench.asked[-1]:
                if run.row != "alone":
                    self.assertEqual(dict(run.settings)["/lambda"], self.BEST[run.place], run.name)


class Claims(unittest.TestCase):
    """Seeds differ by hundreds of errors, the rows of one seed by few: only what is paired shows that."""
    BASE = {9: 300, 4: 100, 7: 200}
    FEWER = {9: 10, 4: 11, 7: 12}  # of "both" than of "alone"

    def outcome_of(self, run):
        errors = self.BASE[run.seed] + {LARGE: 0, SMALL: 1000}[run.place]
        if run.row == "both":
            return outcome(errors=errors - self.FEWER[run.seed], wrong=[run.seed])
        if run.row == "alone":
            return outcome(errors=errors, wrong=[run.seed, 100, 101])
        return outcome(errors=errors + 5) if run.row == "game" else NOT_FINITE if run.seed == 4 else outcome(errors=errors)

    def setUp(self):
        self.study = study(self.outcome_of)
        self.found = list(self.study.confirm({LARGE: {}, SMALL: {}}))[-1]
        self.tested = {(one["place"], one["first"]): one for one in self.study.claims(self.found)}

    def test_the_first_is_compared_with_the_second_of_the_same_seed(self):
        for place, base in ((LARGE, 200), (SMALL, 1200)):
            one = self.tested[place, "both"]
            self.assertEqual((one["first"], one["second"], one["seeds"], one["planned"]), ("both", "alone", 3, 3))
            self.assertAlmostEqual(one["first_mean"], base - 11)
            self.assertAlmostEqual(one["second_mean"], base)
            self.assertAlmostEqual(one["low"], -11 - 4.3027 / 3**0.5, delta=1e-3)  # of differences of -10, -11, -12
            self.assertAlmostEqual(one["high"], -11 + 4.3027 / 3**0.5, delta=1e-3)
            self.assertEqual(one["mcnemar"], [(0, 2, 0.5)] * 3)

    def test_the_difference_is_first_minus_second(self):
        one = self.tested[LARGE, "both"]
        self.assertAlmostEqual(one["mean"], -11)
        self.assertEqual(one["better"], 3)

    def test_a_seed_without_numbers_leaves_nothing_to_compare(self):
        one = self.tested[SMALL, "noisy"]
        self.assertEqual((one["mean"], one["p"], one["not_finite"]), (None, 1.0, 1))

    def test_the_order_in_which_rows_are_known_changes_nothing(self):
        reversed_rows = dict(reversed(self.found.items()))
        self.assertEqual({(one["place"], one["first"]): one for one in self.study.claims(reversed_rows)}, self.tested)

    def test_all_claims_are_corrected_together(self):
        one = self.tested[LARGE, "both"]
        self.assertAlmostEqual(one["holm"], 4 * one["p"])


unittest.main()
