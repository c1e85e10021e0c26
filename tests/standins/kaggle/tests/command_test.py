"""The command: what it prints, its options, and whatever competitions it serves."""

import http.client
import json
import subprocess
import sys
import tempfile
import unittest
import urllib.parse
from pathlib import Path

from standins.kaggle import shapes
from standins.kaggle.tests.support import CATALOGUE, TESTS_FOLDER, StandInProcess


class Command(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="kaggle-command-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def start(self, *arguments):
        standin = StandInProcess(*arguments)
        self.addCleanup(standin.stop)
        return standin

    def test_it_prints_its_addresses_and_ends_when_asked(self):
        standin = StandInProcess("--competitions", CATALOGUE)
        self.assertEqual(sorted(standin.address), [
            "foreign_url", "port", "rest_base_url", "rpc_base_url", "storage_port", "storage_url",
            "url"])
        hosts = {urllib.parse.urlsplit(standin.address[name]).hostname
                 for name in ("url", "storage_url", "foreign_url")}
        self.assertEqual(len(hosts), 3)
        self.assertEqual(standin.control("GET", "addresses"), standin.address)
        self.assertEqual(standin.stop(), 0)

    def test_it_can_be_told_where_others_find_it(self):
        standin = self.start("--competitions", CATALOGUE, "--host", "0.0.0.0",
                             "--url", "http://kaggle:80", "--storage-url", "http://storage:81")
        self.assertEqual(standin.address["rpc_base_url"], "http://kaggle:80/v1")
        standin.url = f"http://127.0.0.1:{standin.address['port']}"
        self.assertTrue(standin.location(competitionName="titanic")
                        .startswith("http://storage:81/"))
        standin = self.start("--competitions", CATALOGUE, "--host", "0.0.0.0")
        self.assertTrue(standin.location(competitionName="titanic")
                        .startswith(standin.address["storage_url"]))
        for name in ("storage_url", "foreign_url"):
            self.assertNotEqual(standin.request("GET", standin.address[name])[0], 0)

    def test_wrong_options_are_told(self):
        for options in (["--scenario", "unheard-of"], ["--competitions", "/nowhere"],
                        ["--host", "not a host"]):
            done = subprocess.run([sys.executable, "-m", "standins.kaggle", *options], check=False,
                                  cwd=TESTS_FOLDER, capture_output=True, text=True)
            self.assertEqual(done.returncode, 2)
            self.assertTrue(done.stderr.startswith("kaggle stand-in: "))

    def test_a_scenario_by_name_and_by_file(self):
        standin = self.start("--scenario", "closed_doors")
        self.assertEqual(len(standin.control("GET", "competitions")["competitions"]), 6)
        path = self.folder / "mine.json"
        path.write_text(json.dumps({"api_version": "9.9.9"}))
        standin = self.start("--scenario", path)
        self.assertEqual(standin.control("GET", "scenario"), {"api_version": "9.9.9"})

    def test_answers_from_another_folder(self):
        shapes.write_shape(self.folder / "all", "plain-tables")
        bare = self.folder / "bare" / "plain-tables"
        bare.mkdir(parents=True)
        (self.folder / "all" / "plain-tables" / "data").rename(bare / "data")
        standin = self.start("--competitions", self.folder / "bare",
                             "--answers", self.folder / "all")
        (one,) = standin.control("GET", "competitions")["competitions"]
        self.assertEqual((one["has_answers"], one["files"]), (True, 3))

    def test_a_folder_without_a_description_is_a_competition(self):
        place = self.folder / "just-files" / "sub"
        place.mkdir(parents=True)
        (place / "a.csv").write_text("x\n")
        standin = self.start("--competitions", self.folder)
        _, files = standin.rpc("ListDataFiles", competitionName="just-files")
        self.assertEqual([file["name"] for file in files["files"]], ["sub/a.csv"])
        self.assertEqual(standin.rpc("GetCompetition", competitionName="just-files")[1]["title"],
                         "Just Files")

    def test_connections_are_kept_alive(self):
        standin = self.start("--competitions", CATALOGUE)
        connection = http.client.HTTPConnection("127.0.0.1", standin.address["port"])
        self.addCleanup(connection.close)
        for _ in range(3):
            connection.request("GET", "/api/v1/competitions/list",
                               headers={"Authorization": "Bearer KGAT_standin"})
            response = connection.getresponse()
            response.read()
            self.assertFalse(response.will_close)

    def test_every_shape_is_served(self):
        for name in shapes.SHAPES:
            shapes.write_shape(self.folder, name)
        standin = self.start("--competitions", self.folder)
        for name in shapes.SHAPES:
            place = self.folder / name / "data"
            files = {path.relative_to(place).as_posix(): path.stat().st_size
                     for path in place.rglob("*") if path.is_file()}
            status, listed = standin.rpc("ListDataFiles", competitionName=name, pageSize=200)
            self.assertEqual((status, {file["name"]: int(file["totalBytes"])
                                       for file in listed["files"]}), (200, files))
            self.assertTrue(standin.location(competitionName=name))

    def test_it_needs_no_library(self):
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c",
             f"import sys; sys.path.insert(0, {str(TESTS_FOLDER)!r}); "
             "import standins.kaggle.__main__"], check=False, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
