"""The last official client that speaks REST (1.7): its calls, forms and lists."""

import json
import os
import subprocess
import sys
import unittest
import zipfile
from pathlib import Path

from standins.kaggle.tests.support import KEY, StandInCase

SLUG = "plain-tables"


class RestClient(StandInCase):
    SHAPES = ("plain-tables", "picture-folders")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folders = [os.environ["KAGGLE_REST_CLIENT"], os.environ.get("PYTHONPATH", "")]
        cls.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", Path(__file__).with_name("rest_client.py"),
             cls.standin.url], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env=os.environ | {
                "PYTHONPATH": os.pathsep.join(folders), "KAGGLE_USERNAME": "standin",
                "KAGGLE_KEY": KEY})
        cls.addClassCleanup(cls.end)

    @classmethod
    def end(cls):
        cls.process.stdin.close()
        cls.process.wait(timeout=10)
        cls.process.stdout.close()

    def told(self, call, *arguments, **named):
        self.process.stdin.write(json.dumps({"call": call, "arguments": arguments,
                                             "named": named}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def call(self, call, *arguments, **named):
        answer = self.told(call, *arguments, **named)
        self.assertIn("result", answer)
        return answer["result"]

    def refusal(self, call, *arguments, **named):
        answer = self.told(call, *arguments, **named)
        return answer["status"], json.loads(answer["text"])

    def test_it_is_the_one_that_speaks_rest(self):
        self.call("competitions_list")
        (one,) = self.standin.requests()
        self.assertEqual((one["method"], one["dialect"], one["authorization"]),
                         ("GET", "rest", "basic"))

    def test_competitions_are_a_bare_list(self):
        found = self.call("competitions_list", search="titanic", category="gettingStarted",
                          sort_by="latestDeadline")
        self.assertEqual([one["ref"].rsplit("/", 1)[-1] for one in found], ["titanic"])
        self.assertEqual(found[0]["evaluationMetric"], "Categorization Accuracy")
        self.assertEqual(found[0]["deadline"], "2030-12-31T23:59:00.000Z")

    def test_files_are_an_object_with_a_token(self):
        first = self.call("competition_list_files", "picture-folders", page_size=50)
        rest = self.call("competition_list_files", "picture-folders",
                         page_token=first["nextPageToken"], page_size=50)
        self.assertEqual(len(first["files"]) + len(rest["files"]), 92)

    def test_downloads(self):
        self.call("competition_download_file", SLUG, "train.csv", str(self.folder), quiet=True)
        self.assertEqual((self.folder / "train.csv").read_bytes(), self.data("train.csv"))
        self.call("competition_download_file", "picture-folders", "train/1.png",
                  str(self.folder), quiet=True)
        self.assertEqual((self.folder / "1.png").read_bytes(),
                         self.data("train/1.png", "picture-folders"))
        self.call("competition_download_files", SLUG, str(self.folder), quiet=True)
        with zipfile.ZipFile(self.folder / f"{SLUG}.zip") as archive:
            self.assertEqual(archive.read("test.csv"), self.data("test.csv"))
        self.assertEqual(self.standin.counts()["leaks"], 0)

    def test_submitting_by_forms(self):
        answer = self.call("competition_submit", str(self.answers(3)), "by REST", SLUG, quiet=True)
        self.assertEqual(answer["message"], "Successfully submitted to Plain tables")
        (one,) = self.call("competition_submissions", SLUG)
        self.assertEqual((one["ref"], one["description"], one["publicScore"]),
                         (answer["ref"], "by REST", "0.93333"))
        self.assertEqual(one["status"], "COMPLETE")

    def test_the_leaderboard(self):
        self.standin.change(SLUG, leaderboard=[{"teamName": "A", "score": "0.5"}])
        (row,) = self.call("competition_leaderboard_view", SLUG)
        self.assertEqual((row["teamName"], row["score"]), ("A", "0.5"))
        self.call("competition_leaderboard_download", SLUG, str(self.folder))
        self.assertTrue(zipfile.is_zipfile(self.folder / f"{SLUG}.zip"))

    def test_errors_are_flat(self):
        self.assertEqual(self.refusal("competition_list_files", "no-such-thing"),
                         (404, {"code": 404, "message": "NotFound"}))
        self.standin.change(SLUG, access="rules_not_accepted")
        status, document = self.refusal("competition_download_files", SLUG, str(self.folder))
        self.assertEqual((status, document["code"]), (403, 403))
        self.assertTrue(document["message"].startswith("You must accept this competition's rules"))


if __name__ == "__main__":
    unittest.main()
