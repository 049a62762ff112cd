# SPDX-License-Identifier: Apache-2.0
"""Carries a plan out: tuning, survey, confirmation, claims."""
import itertools
import statistics

import tests_of_claims
from design import Place


class Study:
    def __init__(self, design, bench):
        self.design, self.bench = design, bench
        self.outcomes = []  # (run, outcome) of every run

    def run(self, runs):
        """What came of each."""
        outcomes = self.bench.outcomes(runs)
        self.outcomes += zip(runs, outcomes, strict=True)
        return outcomes

    def tune(self):
        """What validation chooses at each place, {place: {row: settings}}, and what it chose from. Rows that start from no other
        that is still to be tuned are tuned at the same time, at all places."""
        places = [Place.of(text) for text in self.design.confirmation["places"]]
        chosen, candidates = {place: {} for place in places}, []
        waiting = [(place, row) for place in places for row in self.design.tuned_rows(place)]
        while waiting:
            now = [(place, row) for place, row in waiting
                   if not any((place, other) in waiting for other in self.design.starts_from(row))]
            waiting = [one for one in waiting if one not in now]
            self._tune_rows(now, chosen, candidates)
        return chosen, sorted(candidates, key=lambda one: places.index(one[0]))

    def _tune_rows(self, rows, chosen, candidates):
        """`rows`: (place, row)."""
        seeds = self.design.tuning["seeds"]
        asked = [(place, row, variant, seed) for place, row in rows for variant in self.design.variants(row) for seed in seeds]
        outcomes = iter(self.run([self.design.run(place, row, seed, chosen[place], variant)
                                  for place, row, variant, seed in asked]))
        for place, row in rows:
            variants = list(self.design.variants(row))
            self._choose(place, row, variants, [[next(outcomes) for _ in seeds] for _ in variants], chosen[place], candidates)

    @staticmethod
    def _choose(place, row, variants, outcomes, chosen, candidates):
        """The variant of the best accuracy on validation data, of equals the one with the lower NLL; means over seeds.
        `outcomes`: of each variant, those of each seed."""
        scores = [(mean_of(of, "accuracy"), mean_of(of, "nll"), name, settings)
                  for (name, settings), of in zip(variants, outcomes, strict=True)]
        finite = [score for score in scores if None not in score]
        if not finite:
            raise SystemExit(f"{place}, {row}: no variant ends with finite numbers")
        best = min(finite, key=lambda score: (-score[0], score[1]))
        chosen[row] = best[3]
        candidates += [(place, row, name, accuracy, nll, name == best[2]) for accuracy, nll, name, _ in scores]

    def survey(self, chosen):
        """{row: outcome}"""
        place = Place.of(self.design.survey["place"])
        rows = self.design.survey_rows()
        runs = [self.design.run(place, row, self.design.survey["seed"], chosen[place]) for row in rows]
        return dict(zip(rows, self.run(runs), strict=True))

    def confirm(self, chosen):
        """{(place, row): [outcome of each seed]}, after each seed."""
        found = {}
        places = [Place.of(text) for text in self.design.confirmation["places"]]
        runs_of = {seed: [self.design.run(place, row, seed, chosen[place])
                          for place in places for row in self.design.claimed_rows(place)]
                   for seed in self.design.confirmation["seeds"]}
        self.bench.teach(list(itertools.chain(*runs_of.values())))  # first, as teachers of one seed keep one processor busy
        for runs in runs_of.values():
            for run, outcome in zip(runs, self.run(runs), strict=True):
                found.setdefault((run.place, run.row), []).append(outcome)
            yield dict(sorted(found.items(), key=lambda item: places.index(item[0][0])))

    def claims(self, found):
        """Every claim at every place, corrected together."""
        tested = [self._claim(place, claim["first"], claim["second"], found)
                  for place in dict.fromkeys(place for place, _ in found) for claim in self.design.claims_at(place)]
        for one, p in zip(tested, tests_of_claims.holm([one["p"] for one in tested])):
            one["holm"] = p
        return tested

    def _claim(self, place, first, second, found):
        """One run that is not finite leaves nothing to compare with: then nothing is shown."""
        pairs = list(zip(found[place, first], found[place, second], strict=True))
        finite = [(a, b) for a, b in pairs if a["finite"] and b["finite"]]
        about = {"place": place, "first": first, "second": second, "seeds": len(pairs),
                 "planned": len(self.design.confirmation["seeds"]), "not_finite": len(pairs) - len(finite),
                 "first_mean": None, "second_mean": None, "mean": None, "low": None, "high": None, "better": None, "p": 1.0,
                 "mcnemar": [tests_of_claims.mcnemar(a["wrong"], b["wrong"]) for a, b in finite]}
        if len(finite) < len(pairs):
            return about
        firsts, seconds = ([outcome["student"]["last"]["errors"] for outcome in side] for side in zip(*finite))
        mean, (low, high), p = tests_of_claims.paired_t(firsts, seconds)
        return about | {"first_mean": statistics.fmean(firsts), "second_mean": statistics.fmean(seconds), "mean": mean,
                        "low": low, "high": high, "p": p, "better": sum(a < b for a, b in zip(firsts, seconds))}


def mean_of(outcomes, name):
    """Of validation data; None where a run did not end with finite numbers."""
    if not all(outcome["finite"] for outcome in outcomes):
        return None
    return statistics.fmean(outcome["validation"][name] for outcome in outcomes)
