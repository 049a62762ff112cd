# SPDX-License-Identifier: Apache-2.0
"""What a plan asks for: places, rows, and the settings of each run."""
import itertools
import json
from dataclasses import dataclass

PAIR = "/stages/distil/pairs/logits"
REPORTED = ("errors", "nll", "brier", "ece", "temperature", "scaled_nll", "scaled_ece", "auroc")
LOWER_IS_BETTER = tuple(name for name in REPORTED if name != "auroc")  # what goals are about
ENTRIES = ("data", "students", "labels", "labelled_only", "teachers", "rows", "tuning", "survey", "confirmation",
           "manifests", "goals")


@dataclass(frozen=True)
class Place:
    """Where rows compete: which data, which student, and how many labels it sees."""
    data: str
    student: str
    labels: str

    @classmethod
    def of(cls, text):
        words = text.split()
        if len(words) != 3:
            raise SystemExit(f"plan: \"{text}\" is no place; allowed: \"DATA STUDENT LABELS\"")
        return cls(*words)

    def __str__(self):
        return f"{self.data} {self.student} {self.labels}"


@dataclass(frozen=True)
class Run:
    """One student. `settings`: (path, value) in the order in which they are set; `teacher`: of which kind."""
    place: Place
    row: str
    seed: int
    settings: tuple
    variant: str = ""
    teacher: str = ""

    @property
    def name(self):
        return "/".join(filter(None, (str(self.place).replace(" ", "."), self.row, self.variant, str(self.seed))))


class Design:
    def __init__(self, *files):
        """What a later file has under two names, as "rows" and that of a row, replaces what an earlier one has there."""
        self.plan = {}
        for file in files:
            for name, entry in json.loads(file.read_text()).items():
                if name not in ENTRIES:
                    raise SystemExit(f"{file}: there is no entry \"{name}\". Available: " + ", ".join(ENTRIES))
                self.plan[name] = self.plan.get(name, {}) | entry
        self.rows = self.plan["rows"]
        self.tuning = self.plan["tuning"]
        self.survey = self.plan["survey"]
        self.confirmation = self.plan["confirmation"]
        self.goals = self.plan.get("goals", {})
        self._check()

    def _check(self):
        """A name that is defined nowhere is told before anything runs."""
        for place in self.confirmation["places"]:
            of = Place.of(place)
            for name, kind in ((of.data, "data"), (of.student, "students"), (of.labels, "labels")):
                self._known(name, kind)
        if self.survey_rows() and self.survey["place"] not in self.confirmation["places"]:
            raise SystemExit(f"plan: the survey is at \"{self.survey['place']}\"; allowed, as settings are tuned there: "
                             + ", ".join(self.confirmation["places"]))
        claims = self.confirmation["claims"]
        claimed = itertools.chain(*((claim["first"], claim["second"]) for claim in claims))
        for name in itertools.chain(claimed, self.tuning["variants"], self.survey_rows()):
            self._known(name, "rows")
        self._check_order(self.rows, lambda row: [self.rows[row]["base"]] if "base" in self.rows[row] else [])
        self._check_order(self.tuning["variants"], lambda row: self.tuning["starts_from"].get(row, []))
        for row in self.rows.values():
            if "teacher" in row:
                self._known(row["teacher"], "teachers")
        for about in self.plan["data"].values():
            if "unlike" in about:
                self._known(about["unlike"], "data")
        self._check_goals()

    @staticmethod
    def _check_order(entries, starts_from):
        """An entry may start from those above it alone."""
        above = []
        for name in entries:
            for other in starts_from(name):
                if other not in above:
                    raise SystemExit(f"plan: \"{name}\" starts from \"{other}\"; allowed is what stands above it: "
                                     + ", ".join(above))
            above.append(name)

    def _check_goals(self):
        of = ["teacher", *(f"{place}/{row}" for place in map(Place.of, self.confirmation["places"])
                           for row in self.claimed_rows(place))]
        for goal, values in self.goals.items():
            if goal not in of:
                raise SystemExit(f"plan: a goal for \"{goal}\"; allowed: " + ", ".join(of))
            for value in values:
                if value not in LOWER_IS_BETTER:
                    raise SystemExit(f"plan: a goal for \"{value}\" of {goal}; allowed: " + ", ".join(LOWER_IS_BETTER))

    def _known(self, name, kind):
        if name not in self.plan[kind]:
            raise SystemExit(f"plan: there is no \"{name}\" in \"{kind}\". Available: "
                             + ", ".join(self.plan[kind]))

    def run(self, place, row, seed, chosen, variant=("", {})):
        """`chosen`: what validation chose, {row: settings}; `variant`: its name, and what it sets beyond that."""
        settings = [("/models/student/hidden", self.plan["students"][place.student])]
        settings += self.plan["labels"][place.labels].items()
        if self.inherited(row, "labelled_only"):
            settings += self.plan["labelled_only"].get(place.labels, {}).items()
        teacher = self.inherited(row, "teacher") or ""
        settings += self.plan["teachers"].get(teacher, {}).items()
        settings += self._settings(row, chosen)
        settings += variant[1].items()
        return Run(place, row, seed, tuple(settings), variant[0], teacher)

    def inherited(self, row, name):
        """What the row has under that name, or else the row that it starts from, and so on; None if none has."""
        about = self.rows[row]
        return about[name] if name in about else self.inherited(about["base"], name) if "base" in about else None

    def described(self, row):
        """What its entry says of it, or else what it sets."""
        about = self.rows[row]
        if "says" in about:
            return about["says"]
        settings = {**{name: about[name] for name in ("head", "student_head") if name in about}, **about.get("set", {})}
        return f"{about['base']}, with " + ", ".join(
            f"{word_of(path)} {json.dumps(value)}" for path, value in settings.items()).replace('"', "")

    def _settings(self, row, chosen):
        """Those of the row that it starts from, with what was chosen for that, then its own."""
        about = self.rows[row]
        settings = self._settings(about["base"], chosen) if "base" in about else []
        if "head" in about:
            settings += [(f"{PAIR}/teacher_head", about["head"]),
                         (f"{PAIR}/student_head", about.get("student_head", about["head"]))]
        settings += about.get("set", {}).items()
        for other in self.tuning["starts_from"].get(row, []):
            settings += chosen.get(other, {}).items()
        return settings + list(chosen.get(row, {}).items())

    def starts_from(self, row):
        """The rows whose settings are part of its own, directly or by others."""
        direct = [*self.tuning["starts_from"].get(row, []), *filter(None, [self.rows[row].get("base")])]
        return set(direct).union(*map(self.starts_from, direct))

    def variants(self, row):
        """(name, settings) of each variant that validation chooses from."""
        grid = self.tuning["variants"][row]
        for values in itertools.product(*grid.values()):
            settings = dict(zip(grid, values))
            yield ",".join(f"{word_of(path)}={value}" for path, value in settings.items()), settings

    def survey_rows(self):
        return self.survey.get("rows", list(self.rows))

    def claims_at(self, place):
        """Those that are made about all places, and those about this one."""
        return [claim for claim in self.confirmation["claims"] if str(place) in claim.get("places", [str(place)])]

    def claimed_rows(self, place):
        return list(dict.fromkeys(itertools.chain(*((claim["first"], claim["second"]) for claim in self.claims_at(place)))))

    def tuned_rows(self, place):
        """Those that claims at the place are about, and those that they start from; in the order in which one starts from
        another."""
        claimed = self.claimed_rows(place)
        wanted = {*claimed, *itertools.chain(*(self.tuning["starts_from"].get(row, []) for row in claimed)),
                  *(self.rows[row].get("base") for row in claimed)}
        return [row for row in self.tuning["variants"] if row in wanted]


def word_of(path):
    """/stages/distil/adversaries/main/lambda/value is called lambda."""
    pieces = path.split("/")
    return pieces[-2] if pieces[-1] == "value" else pieces[-1]
