# SPDX-License-Identifier: Apache-2.0
"""The study's plans: what a later file replaces, what a run is told, and what is said of a mistake."""
import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples/4_study/study"))
from design import Design, Place  # noqa: E402

PLAN = {
    "data": {"mnist": {"directory": "MNIST"}},
    "students": {"small": [30], "large": [800]},
    "labels": {"all": {}, "few": {"/data/images/labelled": 10}},
    "labelled_only": {"few": {"/data/images/unlabelled": False}},
    "teachers": {"two": {"/stages/distil/teacher": "teachers"}},
    "rows": {
        "game": {"set": {"/lambda": 1}},
        "labels": {"labelled_only": True, "set": {"/adversaries": []}},
        "both": {"base": "game", "set": {"/losses": 2}},
        "spread": {"base": "both", "teacher": "two", "head": {"type": "gaussian"}},
        "further": {"base": "spread"},
    },
    "tuning": {"seeds": [1], "variants": {"game": {"/lambda": [1, 2], "/noise": [0, 3]}, "both": {"/weight": [5]}},
               "starts_from": {"both": ["game"]}},
    "survey": {"place": "mnist large all", "seed": 3},
    "confirmation": {
        "places": ["mnist large all", "mnist small few"], "seeds": [4, 5],
        "claims": [{"first": "game", "second": "labels"}, {"first": "both", "second": "game", "places": ["mnist small few"]}],
    },
}
LARGE, FEW = Place.of("mnist large all"), Place.of("mnist small few")


def design(*later):
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{index}.json" for index in range(1 + len(later))]
        for file, plan in zip(files, (PLAN, *later)):
            file.write_text(json.dumps(plan))
        return Design(*files)


class Plans(unittest.TestCase):
    def test_a_later_file_replaces_what_it_names(self):
        plan = design({"students": {"small": [20]}, "survey": {"rows": ["labels"]}, "tuning": {"variants": {}}}).plan
        self.assertEqual(plan["students"], {"small": [20], "large": [800]})
        self.assertEqual(plan["survey"], {"place": "mnist large all", "seed": 3, "rows": ["labels"]})
        self.assertEqual(plan["tuning"], PLAN["tuning"] | {"variants": {}})

    def test_settings_come_from_place_and_row_and_what_was_chosen(self):
        chosen = {"game": {"/noise": 3}, "both": {"/weight": 5}}
        run = design().run(FEW, "both", 4, chosen, ("weight=6", {"/weight": 6}))
        self.assertEqual(run.settings, (
            ("/models/student/hidden", [30]), ("/data/images/labelled", 10), ("/lambda", 1), ("/noise", 3), ("/losses", 2),
            ("/noise", 3), ("/weight", 5), ("/weight", 6)))
        self.assertEqual(run.name, "mnist.small.few/both/weight=6/4")

    def test_labels_alone_are_those_images_alone(self):
        settings = dict(design().run(FEW, "labels", 4, {}).settings)
        self.assertIs(settings["/data/images/unlabelled"], False)
        self.assertNotIn("/data/images/unlabelled", dict(design().run(FEW, "game", 4, {}).settings))
        self.assertNotIn("/data/images/unlabelled", dict(design().run(LARGE, "labels", 4, {}).settings))

    def test_a_row_has_the_teacher_and_the_head_of_the_one_that_it_starts_from(self):
        run = design().run(LARGE, "further", 4, {})
        self.assertEqual(run.teacher, "two")
        self.assertEqual(dict(run.settings)["/stages/distil/pairs/logits/student_head"], {"type": "gaussian"})
        self.assertEqual(design().run(LARGE, "both", 4, {}).teacher, "")

    def test_all_variants_are_tried(self):
        names = [name for name, _ in design().variants("game")]
        self.assertEqual(names, ["lambda=1,noise=0", "lambda=1,noise=3", "lambda=2,noise=0", "lambda=2,noise=3"])

    def test_a_claim_is_made_at_its_places_and_its_rows_are_tuned_there(self):
        self.assertEqual(design().claimed_rows(LARGE), ["game", "labels"])
        self.assertEqual(design().tuned_rows(LARGE), ["game"])
        self.assertEqual(design().claimed_rows(FEW), ["game", "labels", "both"])
        self.assertEqual(design().tuned_rows(FEW), ["game", "both"])

    def test_a_row_starts_from_those_that_its_settings_come_from(self):
        self.assertEqual(design().starts_from("spread"), {"both", "game"})
        self.assertEqual(design().starts_from("further"), {"spread", "both", "game"})
        self.assertEqual(design().starts_from("game"), set())

    def test_mistakes_are_told_before_anything_runs(self):
        for later, said in (
            ({"data": {"mnist": {"directory": "MNIST", "unlike": "letters"}}}, 'there is no "letters" in "data". Available: mnist'),
            ({"rws": {}}, 'there is no entry "rws". Available: data, students'),
            ({"confirmation": {"places": ["mnist large"]}}, '"mnist large" is no place; allowed: "DATA STUDENT LABELS"'),
            ({"confirmation": {"places": ["mnist huge all"]}}, 'there is no "huge" in "students". Available: small, large'),
            ({"confirmation": {"claims": [{"first": "gme", "second": "labels"}]}}, 'there is no "gme" in "rows"'),
            ({"rows": {"other": {"base": "gme"}}}, '"other" starts from "gme"; allowed is what stands above it: game, labels'),
            ({"rows": {"game": {"base": "both"}}}, '"game" starts from "both"; allowed'),
            ({"tuning": {"starts_from": {"game": ["both"]}}}, '"game" starts from "both"; allowed'),
            ({"rows": {"other": {"teacher": "three"}}}, 'there is no "three" in "teachers". Available: two'),
            ({"survey": {"rows": ["gme"]}}, 'there is no "gme" in "rows"'),
            ({"survey": {"place": "mnist small all"}}, 'the survey is at "mnist small all"; allowed, as settings are tuned'),
            ({"goals": {"mnist large all/both": {"errors": 1}}}, 'a goal for "mnist large all/both"; allowed: teacher, mnist'),
            ({"goals": {"teacher": {"error": 1}}}, 'a goal for "error" of teacher; allowed: errors, nll'),
            ({"goals": {"teacher": {"auroc": 1}}}, 'a goal for "auroc" of teacher; allowed: errors, nll'),
        ):
            with self.subTest(said=said), self.assertRaises(SystemExit) as caught:
                design(later)
            self.assertIn(said, str(caught.exception))


unittest.main()
