"""Starts the stand-in by its command and talks to it, without and with Kaggle's own client."""

import atexit
import contextlib
import http.client
import io
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
import unittest.mock
import urllib.parse
from pathlib import Path

TESTS_FOLDER = Path(__file__).resolve().parents[3]
CATALOGUE = TESTS_FOLDER.parent / "competitions"
TOKEN = "KGAT_standin"
KEY = "standin-key"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
JSON = {"Content-Type": "application/json"}
SERVICE = "/v1/competitions.CompetitionApiService/"

# The client looks into the home folder and the environment as soon as it is imported.
_home = tempfile.TemporaryDirectory(prefix="kaggle-home-")
atexit.register(_home.cleanup)
os.environ["HOME"] = _home.name
for _name in [name for name in os.environ if name.startswith("KAGGLE_") and name.isupper()]:
    if _name != "KAGGLE_REST_CLIENT":
        del os.environ[_name]


class StandInProcess:
    def __init__(self, *arguments):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "standins.kaggle", *map(str, arguments)], cwd=TESTS_FOLDER,
            stdout=subprocess.PIPE, text=True)
        self.address = json.loads(self._process.stdout.readline())
        self.url = self.address["url"]

    def stop(self):
        self._process.terminate()
        status = self._process.wait(timeout=10)
        self._process.stdout.close()
        return status

    def peak_bytes(self):
        """The most memory that its process ever had."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024

    def request(self, method, address, body=None, headers=None):
        """(status, headers, body); what was torn comes as far as it came. `address`: a path of the
        API, or a whole address. A connection that is closed without an answer has the status 0."""
        parts = urllib.parse.urlsplit(urllib.parse.urljoin(self.url, address))
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        try:
            connection.request(method, target, body, headers or {})
            response = connection.getresponse()
            try:
                raw = response.read()
            except http.client.IncompleteRead as torn:
                raw = torn.partial
            return response.status, response.headers, raw
        except (http.client.RemoteDisconnected, ConnectionResetError):
            return 0, {}, b""
        finally:
            connection.close()

    def rpc(self, method, headers=None, **fields):
        """(status, document) of a call in the dialect of today's client."""
        status, _, raw = self.request("POST", SERVICE + method, json.dumps(fields),
                                      BEARER | JSON | (headers or {}))
        return status, json.loads(raw)

    def rest(self, path, method="GET", body=None, headers=None):
        status, _, raw = self.request(method, "/api/v1/" + path, body, BEARER | (headers or {}))
        return status, json.loads(raw)

    def control(self, method, what, document=None):
        body = None if document is None else json.dumps(document)
        status, _, raw = self.request(method, f"/_standin/{what}", body)
        answer = json.loads(raw)
        if status != 200:
            raise AssertionError(answer)
        return answer

    def scenario(self, **document):
        self.control("POST", "scenario", document)

    def fault(self, fault, **fields):
        self.control("POST", "faults", [{"fault": fault, **fields}])

    def change(self, slug, **settings):
        self.control("POST", f"competitions/{slug}", settings)

    def advance(self, seconds):
        self.control("POST", "clock", {"advance_seconds": seconds})

    def requests(self, route=""):
        """Every request so far, once none is under way any more, or after ten seconds."""
        until = time.monotonic() + 10
        while True:
            found = self.control("GET", f"requests?route={route}")["requests"]
            if not any(one["outcome"] == "in flight" for one in found) or time.monotonic() > until:
                return found

    def counts(self):
        return self.control("GET", "counts")

    def location(self, method="DownloadDataFiles", **fields):
        """Where a download is sent to."""
        fields.setdefault("competitionName", "plain-tables")
        status, headers, raw = self.request("POST", SERVICE + method, json.dumps(fields),
                                            BEARER | JSON)
        if status != 302:
            raise AssertionError((status, raw))
        return headers["Location"]


class StandInCase(unittest.TestCase):
    """A case with a stand-in of its own on SHAPES and the bundled catalogue.

    Each test begins with the plain scenario and an empty record.
    """

    SHAPES = ("plain-tables",)
    ARGUMENTS = ()

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="kaggle-shapes-")
        cls.addClassCleanup(folder.cleanup)
        cls.shapes = Path(folder.name)
        subprocess.run([sys.executable, "-m", "standins.kaggle.shapes", cls.shapes, *cls.SHAPES],
                       cwd=TESTS_FOLDER, check=True)
        cls.standin = StandInProcess("--competitions", cls.shapes, "--competitions", CATALOGUE,
                                     *cls.ARGUMENTS)
        cls.addClassCleanup(cls.standin.stop)

    def setUp(self):
        self.standin.scenario()
        self.standin.control("DELETE", "requests")
        folder = tempfile.TemporaryDirectory(prefix="kaggle-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def tearDown(self):
        self.assertNotIn("failed", self.standin.counts()["by_outcome"])

    def data(self, name, slug="plain-tables"):
        return (self.shapes / slug / "data" / name).read_bytes()

    def answers(self, wrong=0):
        """A submission for any shape, right but for the first `wrong` rows, as a file."""
        lines = (self.shapes / "plain-tables" / "answers" / "solution.csv").read_text().split()
        rows = [line.split(",") for line in lines[1:]]
        text = "id,label\n"
        for number, (row_id, label, _) in enumerate(rows):
            text += f"{row_id},{1 - int(label) if number < wrong else label}\n"
        path = self.folder / "submission.csv"
        path.write_text(text)
        return path


def client(standin, **environment):
    """Kaggle's own client, signed in at the stand-in by the KAGGLE_ settings given.

    It takes its address from a table that no setting reaches: the one entry is changed.
    """
    from kagglesdk import kaggle_env
    kaggle_env._env_to_endpoint[kaggle_env.KaggleEnv.PROD] = standin.url
    with contextlib.redirect_stdout(io.StringIO()):  # without a key it advises to get one
        from kaggle.api.kaggle_api_extended import KaggleApi
        api = KaggleApi()
        with unittest.mock.patch.dict(os.environ, environment):
            api.authenticate()
    return api


class ClientCase(StandInCase):
    """With the client, signed in by a token. What it prints is kept in `printed`; it never waits:
    the seconds that it would have waited are in `waits`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api = client(cls.standin, KAGGLE_API_TOKEN=TOKEN)

    def setUp(self):
        super().setUp()
        self.printed, self.waits = io.StringIO(), []
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        stack.enter_context(contextlib.redirect_stdout(self.printed))
        stack.enter_context(contextlib.redirect_stderr(self.printed))
        stack.enter_context(unittest.mock.patch("time.sleep", self.waits.append))

    def refusal(self, call, *arguments, **named):
        """(status, document) of the answer that made the client's call fail."""
        import requests
        with self.assertRaises(requests.exceptions.HTTPError) as caught:
            call(*arguments, **named)
        response = caught.exception.response
        return response.status_code, response.json()
