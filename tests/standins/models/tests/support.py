"""Starts the stand-in by its command and talks to it; for these tests and for others."""

import http.client
import json
import subprocess
import sys
import time
import unittest
from pathlib import Path

TESTS_FOLDER = Path(__file__).resolve().parents[3]
KEY = "sk-standin-tests"
ANTHROPIC_HEADERS = {"x-api-key": KEY, "anthropic-version": "2023-06-01"}
OPENAI_HEADERS = {"authorization": f"Bearer {KEY}"}
PATHS = {"messages": "/v1/messages", "chat": "/v1/chat/completions", "responses": "/v1/responses"}
MODELS = {"messages": "claude-sonnet-4-6", "chat": "gpt-4o", "responses": "gpt-4o"}


class StandInProcess:
    def __init__(self):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "standins.models", "--port", "0"], cwd=TESTS_FOLDER,
            stdout=subprocess.PIPE, text=True)
        self.address = json.loads(self._process.stdout.readline())

    def stop(self):
        self._process.terminate()
        status = self._process.wait(timeout=10)
        self._process.stdout.close()
        return status

    def request(self, method, path, body=None, headers=None):
        """(status, headers, body as bytes); what was torn comes as far as it came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.address["port"], timeout=20)
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        try:
            connection.request(method, path, data, headers or {})
            response = connection.getresponse()
            try:
                raw = response.read()
            except http.client.IncompleteRead as torn:
                raw = torn.partial
            return response.status, dict(response.getheaders()), raw
        finally:
            connection.close()

    def control(self, method, what, body=None):
        status, _, raw = self.request(method, f"/_standin/{what}", body)
        document = json.loads(raw)
        if status != 200:
            raise AssertionError(document)
        return document

    def script(self, **document):
        self.control("POST", "script", document)

    def calls(self):
        """Every call so far, once none is under way any more, or after ten seconds."""
        until = time.monotonic() + 10
        while True:
            calls = self.control("GET", "requests")["requests"]
            under_way = any(call["outcome"] == "in flight" for call in calls)
            if not under_way or time.monotonic() > until:
                return calls

    def ask(self, api, answer=None, stream=False, headers=None, **fields):
        """One call of an endpoint without a vendor's client."""
        said = [{"role": "user", "content": "Evaluation metric: accuracy"}]
        body = {"model": MODELS[api], "stream": stream}
        body |= {"input": said} if api == "responses" else {"messages": said}
        if api == "messages":
            body["max_tokens"] = 8000
        sent = dict(ANTHROPIC_HEADERS if api == "messages" else OPENAI_HEADERS)
        if answer:
            sent["x-standin-answer"] = answer
        return self.request("POST", PATHS[api], body | fields, sent | (headers or {}))


class StandInCase(unittest.TestCase):
    """A test case with a stand-in of its own; each test begins with an empty script and record."""

    @classmethod
    def setUpClass(cls):
        cls.standin = StandInProcess()
        cls.addClassCleanup(cls.standin.stop)

    def setUp(self):
        self.standin.script()
        self.standin.control("DELETE", "requests")


def strictly(thing):
    """The vendor's types are lenient when they read a reply: check an object against its type."""
    type(thing).model_validate(thing.to_dict(mode="json"))
    return thing


def seconds_between(calls):
    return [late["at_seconds"] - early["at_seconds"]
            for early, late in zip(calls, calls[1:], strict=False)]
