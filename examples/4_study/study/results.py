# SPDX-License-Identifier: Apache-2.0
"""Writes what is known of a study into a folder: tables, figures, every run."""
import figures
import tables


class Results:
    def __init__(self, folder, design, bench):
        self.folder, self.design, self.bench = folder, design, bench

    def write(self, study, candidates, surveyed, found=None):
        """`found`: as of Study.confirm; nothing before that."""
        self.folder.mkdir(parents=True, exist_ok=True)
        texts = {"runs.csv": tables.csv_of([tables.flat(run, outcome) for run, outcome in study.outcomes])}
        if candidates:
            texts |= twins("tuning", tables.choices(candidates))
        if surveyed:
            texts |= twins("survey", tables.survey(self.design, surveyed))
            texts["survey_teachers.csv"] = tables.kinds_of_teachers(surveyed).csv()
            diagrams = {(self.design.survey["place"], row): tables.pooled([outcome]) for row, outcome in surveyed.items()}
            texts["survey_reliability.csv"] = tables.reliability(diagrams)
            figures.survey(surveyed, self.folder / "survey.svg")
            figures.reliability_of_rows(diagrams, self.folder / "survey_reliability.svg")
            figures.examples(self.bench, study.outcomes, self.design.survey, self.folder)
        if found:
            texts |= self._confirmed(study.claims(found), surveyed, found)
        for name, text in texts.items():
            part = self.folder / (name + ".part")
            part.write_text(text)
            part.rename(self.folder / name)

    def _confirmed(self, tested, surveyed, found):
        figures.claims(tested, self.folder / "claims.svg")
        taught = self._teachers(found)
        diagrams = {(data, "teacher"): tables.pooled(of) for data, of in taught.items()}
        diagrams |= {of: tables.pooled(outcomes) for of, outcomes in found.items()}
        figures.reliability_of_places(diagrams, self.folder / "reliability.svg")
        texts = twins("confirmation", tables.places(found)) | twins("teachers", tables.teachers(taught)) | {
            "claims.md": tables.claims(tested),
            "claims.csv": tables.csv_of([{key: value for key, value in one.items() if key != "mcnemar"} for one in tested]),
            "reliability.csv": tables.reliability(diagrams),
            "mcnemar.csv": tables.mcnemar(tested, self.design.confirmation["seeds"]),
        }
        if surveyed:
            texts["teachers.md"] += "\n" + tables.kinds_of_teachers(surveyed).markdown()
        if self.design.goals:
            texts |= twins("goals", tables.goals(self.design.goals, found, taught))
        return texts

    def _teachers(self, found):
        """{data: [outcome of the teacher of each seed]}"""
        seeds = self.design.confirmation["seeds"][:len(next(iter(found.values())))]
        return {data: [self.bench.outcome_of_teacher(data, seed) for seed in seeds]
                for data in dict.fromkeys(place.data for place, _ in found)}


def twins(name, table):
    """The table in both forms: {file: text}."""
    return {f"{name}.md": table.markdown(), f"{name}.csv": table.csv()}
