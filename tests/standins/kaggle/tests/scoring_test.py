"""Scores: each metric against scikit-learn's, and what is wrong with a file in Kaggle's words."""

import json
import math
import random
import tempfile
import unittest
from pathlib import Path

import numpy
from sklearn import metrics as reference

from standins.kaggle import metrics, scoring

SCORE_PY = '''import json, sys
text = open(sys.argv[2]).read()
good = text.startswith("id")
print(json.dumps({"valid": good, "error": None if good else "not a table",
                  "score_public": 0.25, "score_private": 0.75}))
sys.exit(0 if good else 1)
'''


def numbers(seed, rows=200):
    chance = random.Random(seed)
    truth = [chance.uniform(1, 100) for _ in range(rows)]
    return truth, [value * chance.uniform(0.5, 1.5) for value in truth]


def classes(seed, names, rows=200):
    chance = random.Random(seed)
    truth = [chance.choice(names) for _ in range(rows)]
    return truth, [name if chance.random() < 0.6 else chance.choice(names) for name in truth]


class Metrics(unittest.TestCase):
    def same(self, key, truth, guess, wanted):
        self.assertAlmostEqual((metrics.NUMERIC | metrics.LABEL | metrics.MULTI)[key](truth, guess),
                               wanted, places=9)

    def test_of_numbers(self):
        truth, guess = numbers(1)
        squared = reference.mean_squared_error(truth, guess)
        self.same("rmse", truth, guess, math.sqrt(squared))
        self.same("rmsle", truth, guess,
                  math.sqrt(reference.mean_squared_log_error(truth, guess)))
        self.same("mae", truth, guess, reference.mean_absolute_error(truth, guess))
        self.same("mape", truth, guess,
                  100 * reference.mean_absolute_percentage_error(truth, guess))
        self.same("r2", truth, guess, reference.r2_score(truth, guess))
        t, g = numpy.array(truth), numpy.array(guess)
        self.same("smape", truth, guess, float(numpy.mean(200 * abs(t - g) / (abs(t) + abs(g)))))
        self.same("rmspe", truth, guess, float(numpy.sqrt(numpy.mean(((t - g) / t) ** 2))))

    def test_of_probabilities(self):
        truth, _ = classes(2, [0, 1])
        chance = random.Random(3)
        guess = [round(chance.random(), 1) for _ in truth]  # with ties, zeros and ones
        self.same("auc", truth, guess, reference.roc_auc_score(truth, guess))
        self.same("gini", truth, guess, 2 * reference.roc_auc_score(truth, guess) - 1)
        self.same("brier", truth, guess, reference.brier_score_loss(truth, guess))
        inner = [min(max(value, 0.01), 0.99) for value in guess]
        self.same("logloss", truth, inner, reference.log_loss(truth, inner))

    def test_of_labels(self):
        truth, guess = classes(4, ["a", "b", "c"])
        self.same("accuracy", truth, guess, reference.accuracy_score(truth, guess))
        self.same("macro_f1", truth, guess, reference.f1_score(truth, guess, average="macro"))
        self.same("mcc", truth, guess, reference.matthews_corrcoef(truth, guess))
        self.same("kappa", truth, guess, reference.cohen_kappa_score(truth, guess))
        self.assertAlmostEqual(metrics.f1_of("b", truth, guess), reference.f1_score(
            truth, guess, labels=["b"], average="macro"))

    def test_of_grades(self):
        truth, guess = classes(5, [1, 2, 3, 5, 8])
        self.same("qwk", truth, [float(value) for value in guess],
                  reference.cohen_kappa_score(truth, guess, weights="quadratic"))

    def test_of_several_columns(self):
        one, two = numbers(6), numbers(7)
        truth, guess = [list(zip(one[i], two[i], strict=True)) for i in (0, 1)]
        self.same("mcrmse", truth, guess, numpy.mean(reference.root_mean_squared_error(
            truth, guess, multioutput="raw_values")))
        one, two = classes(8, [0, 1]), classes(9, [0, 1])
        truth, guess = [list(zip(one[i], two[i], strict=True)) for i in (0, 1)]
        self.same("mcauc", truth, guess, numpy.mean([reference.roc_auc_score(*one),
                                                     reference.roc_auc_score(*two)]))


class Files(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def answers(self, solution, **document):
        (self.folder / "answers").mkdir(exist_ok=True)
        (self.folder / "answers" / "solution.csv").write_text(solution)
        (self.folder / "answers" / "scoring.json").write_text(
            json.dumps({"rowId": "id", "targets": ["y"]} | document))

    def score(self, text):
        return scoring.by_rules(self.folder, text if isinstance(text, bytes) else text.encode())

    def error(self, text):
        score = self.score(text)
        self.assertIsNone(score.public)
        return score.error

    def test_public_and_private_rows_are_scored_apart(self):
        self.answers("id,y,Usage\n1,1,Public\n2,2,Private\n3,3,Private\n", key="rmse")
        score = self.score("id,y\n3,5\n2,2\n1,1\n")
        self.assertEqual((score.public, score.private), (0, math.sqrt(2)))

    def test_labels_and_ids_are_the_same_in_other_forms(self):
        self.answers("id,y,Usage\n1,True,Public\n2,False,Private\n", key="accuracy")
        self.assertEqual(self.score("id,y\n1.0,true\n2,false\n").public, 1)
        self.answers("id,y,Usage\n1,1,Public\n2,0,Private\n", key="f1", positive=1)
        self.assertEqual(self.score("\ufeffid,y\r\n1,1.0\r\n2,0\r\n").public, 1)

    def test_shares_of_classes(self):
        self.answers("id,k,Usage\n1,a,Public\n2,b,Private\n", key="multiclass_logloss",
                     classes=["a", "b"], truth="k")
        score = self.score("id,a,b\n1,0.5,0.5\n2,0.2,0.2\n")
        self.assertAlmostEqual(score.public, math.log(2))
        self.assertAlmostEqual(score.private, math.log(2))
        self.assertIn("between 0 and 1", self.error("id,a,b\n1,2,0\n2,0,1\n"))

    def test_up_to_three_guesses(self):
        self.answers("id,y,Usage\n1,a,Public\n2,b,Private\n", key="map3")
        score = self.score("id,y\n1,b a\n2,a c d\n")
        self.assertEqual((score.public, score.private), (0.5, 0))

    def test_what_is_wrong_with_a_file(self):
        self.answers("id,y,Usage\n1,1,Public\n2,2,Private\n", key="rmsle")
        for text, error in (
                ("id,y\n1,1\n", "Evaluation Exception: Submission must have 2 rows"),
                ("id,z\n1,1\n2,2\n", "ERROR: Required column 'y' could not be found"),
                ("a,z\n1,1\n2,2\n", "ERROR: Required column 'id' could not be found\n"
                                    "ERROR: Required column 'y' could not be found"),
                ("id,y,z\n1,1,1\n2,2,2\n", "Evaluation Exception: unexpected column(s): z"),
                ("id,y\n1,1\n1,2\n", "Evaluation Exception: id repeats: 1"),
                ("id,y\n1,1\n3,2\n", "Evaluation Exception: id not found: 2"),
                ("id,y\n1,\n2,2\n", "Evaluation Exception: missing value(s) in column y"),
                ("id,y\n1,x\n2,2\n", "Evaluation Exception: column y must hold finite numbers; "
                                     "found 'x'"),
                ("id,y\n1,-1\n2,2\n", "Evaluation Exception: negative predictions are not allowed "
                                      "for this metric"),
                ("id,y\n1\n2,2\n", "Evaluation Exception: row 2 has 1 field(s), the header has 2"),
                ("id,id\n1,1\n", "Evaluation Exception: a column name appears twice in the "
                                 "header"),
                ("", "Evaluation Exception: the file has no rows"),
                (b"\xff\xfe", "Evaluation Exception: the file is not UTF-8 text")):
            self.assertEqual(self.error(text), error)

    def test_a_score_py_can_be_run_instead(self):
        script = self.folder / "score.py"
        script.write_text(SCORE_PY)
        score = scoring.by_command(script, self.folder, b"id,y\n")
        self.assertEqual((score.public, score.private, score.error), (0.25, 0.75, ""))
        self.assertEqual(scoring.by_command(script, self.folder, b"x").error,
                         "Evaluation Exception: not a table")


if __name__ == "__main__":
    unittest.main()
