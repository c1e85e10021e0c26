"""The programs that the stand-in hands out do what a candidate must, on bundled competitions."""

import csv
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from standins.models.answers import filled
from standins.models.catalogue import program

COMPETITIONS = Path(__file__).parents[4] / "competitions"
WORKING = "/kaggle/working/"  # in the sandbox; elsewhere a folder of the test
SECONDS_MAX = 120


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


class Programs(unittest.TestCase):
    def run_program(self, code, competition):
        """(finished process, submission's rows or None)."""
        with tempfile.TemporaryDirectory() as folder:
            solution = Path(folder) / "solution.py"
            solution.write_text(code.replace(WORKING, folder + "/"), encoding="utf-8")
            ended = subprocess.run(
                [sys.executable, solution], capture_output=True, text=True, timeout=SECONDS_MAX,
                env=os.environ | {"PODIUM_INPUT": str(COMPETITIONS / competition / "data"),
                                  "PODIUM_CPUS": "1"})
            submission = Path(folder) / "submission.csv"
            return ended, rows_of(submission) if submission.exists() else None

    def solve(self, model, competition, prompt):
        code = filled(program("good.py", model), prompt)
        ended, submission = self.run_program(code, competition)
        self.assertEqual(0, ended.returncode, ended.stderr)
        sample = rows_of(COMPETITIONS / competition / "data" / "sample_submission.csv")
        self.assertEqual(sample[0], submission[0])
        self.assertEqual([row[0] for row in sample], [row[0] for row in submission])
        return json.loads(ended.stdout.splitlines()[-1])

    def test_good_programs_solve_a_classification_and_differ(self):
        values = {}
        for model in ("constant", "linear", "forest", "boosting"):
            report = self.solve(model, "titanic", "Evaluation metric: Categorization Accuracy")
            self.assertEqual(("accuracy", "maximize", 5),
                             (report["metric"], report["direction"], report["folds"]))
            values[model] = report["value"]
        self.assertGreater(values["linear"], 0.78)
        self.assertLess(values["constant"], 0.7)
        self.assertEqual(4, len(set(values.values())), values)

    def test_a_good_program_solves_a_regression(self):
        report = self.solve("linear", "ames-house-prices",
                            "Metric: Root Mean Squared Logarithmic Error")
        self.assertEqual(("rmsle", "minimize"), (report["metric"], report["direction"]))
        self.assertLess(report["value"], 0.2)

    def test_a_good_program_without_a_test_table_copies_the_commonest_answer(self):
        report = self.solve("linear", "tiny-digits", "Metric: Categorization Accuracy")
        self.assertLess(report["value"], 0.2)

    def test_bad_programs_fail_in_their_way(self):
        ended, submission = self.run_program(program("crashes.py"), "titanic")
        self.assertIn("KeyError", ended.stderr)
        self.assertIsNone(submission)
        ended, submission = self.run_program(program("no_submission.py"), "titanic")
        self.assertEqual((0, None), (ended.returncode, submission))
        ended, submission = self.run_program(program("impossible_score.py"), "titanic")
        self.assertEqual(1.7, json.loads(ended.stdout)["value"])
        self.assertIsNotNone(submission)


if __name__ == "__main__":
    unittest.main()
