"""Scripts: sequences, rules, controls, and what is recorded."""

import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

from standins.models.tests.support import TESTS_FOLDER, StandInCase, StandInProcess

SCRIPTS = Path(__file__).parents[1] / "scripts"


class Scripts(StandInCase):
    def statuses(self, count, api="messages", **options):
        return [self.standin.ask(api, **options)[0] for _ in range(count)]

    def test_a_sequence_stays_at_its_last_answer_or_begins_again(self):
        self.standin.script(answers=["529", "429", "good"])
        self.assertEqual([529, 429, 200, 200], self.statuses(4))
        self.standin.script(answers=["529", "good"], then="cycle")
        self.assertEqual([529, 200, 529, 200], self.statuses(4))

    def test_a_sequence_of_its_own_for_every_prompt(self):
        self.standin.script(answers=["529", "good"], per="prompt")
        for prompt in ("a", "b"):
            said = [{"role": "user", "content": prompt}]
            self.assertEqual([529, 200], self.statuses(2, messages=said))

    def test_rules_choose_by_what_is_asked(self):
        self.standin.script(rules=[
            {"when": {"prompt_contains": "Traceback"}, "answers": "patch"},
            {"when": {"api": "chat", "stream": False}, "answers": ["429"]},
            {"when": {"model": "claude-opus-*"}, "answers": [{"text": "from a rule"}]},
        ])
        self.assertEqual([429], self.statuses(1, "chat"))
        self.assertEqual([200], self.statuses(1, "chat", stream=True))
        self.assertIn(b"from a rule", self.standin.ask("messages", model="claude-opus-4-7")[2])
        said = [{"role": "user", "content": "Traceback: KeyError"}]
        self.assertIn(b"SEARCH", self.standin.ask("messages", messages=said)[2])

    def test_header_and_model_name_go_before_the_script(self):
        self.standin.script(answers=["500"])
        self.assertEqual(200, self.standin.ask("chat", "good")[0])
        name = "gpt-4o+529+good"
        self.assertEqual([503, 200], self.statuses(2, "chat", model=name))
        header = json.dumps([{"error": "rate_limit", "retry_after": 7}, "good"])
        status, headers, _ = self.standin.ask("chat", header)
        self.assertEqual((429, "7"), (status, headers["retry-after"]))
        self.assertEqual(200, self.standin.ask("chat", header)[0])

    def test_a_malformed_script_is_refused_and_the_old_one_stays(self):
        self.standin.script(answers=["429"])
        for wrong in ({"answers": ["nonsense"]}, {"answers": []}, {"unknown": 1}, [],
                      {"answers": [{"error": "nonsense"}]}, {"answers": [{"txt": "x"}]},
                      {"limits": {"requests": 0}}, {"rules": [{"when": {"weather": "rain"}}]},
                      {"models": {"m": {"colour": "red"}}}):
            status, _, _ = self.standin.request("POST", "/_standin/script", wrong)
            self.assertEqual(400, status, wrong)
        self.assertEqual([429], self.statuses(1))
        self.assertEqual(400, self.standin.ask("chat", "nonsense")[0])

    def test_limits_are_kept_and_told(self):
        self.standin.script(limits={"requests": 2, "tokens": 1000, "window_seconds": 0.9})
        self.assertEqual([200, 200], self.statuses(2))
        status, headers, _ = self.standin.ask("messages")
        self.assertEqual((429, "1"), (status, headers["retry-after"]))
        self.assertEqual("0", headers["anthropic-ratelimit-requests-remaining"])
        status, headers, _ = self.standin.ask("chat")
        self.assertEqual("0", headers["x-ratelimit-remaining-requests"])
        self.assertRegex(headers["x-ratelimit-reset-requests"], r"^\d+ms$")
        deadline = time.monotonic() + 10
        while self.statuses(1) == [429]:  # until the window is over
            self.assertLess(time.monotonic(), deadline)

    def test_a_script_may_add_models(self):
        self.standin.script(models={"house-model": {"vendor": "openai", "is_reasoning": True}})
        self.assertEqual([200], self.statuses(1, "chat", model="house-model"))
        self.assertEqual([400], self.statuses(1, "chat", model="house-model", max_tokens=5))

    def test_calls_are_recorded_without_their_keys(self):
        self.standin.ask("messages", temperature=0.3)
        self.standin.ask("chat", "429")
        first, second = self.standin.calls()
        self.assertEqual(("messages", 0.3), (first["api"], first["body"]["temperature"]))
        self.assertEqual("***ests", first["headers"]["x-api-key"])
        self.assertEqual(("good", 200, "complete"),
                         (first["answer"], first["status"], first["outcome"]))
        self.assertEqual(("rate_limited", 429), (second["answer"], second["status"]))
        later = self.standin.control("GET", f"requests?after={first['number']}")["requests"]
        self.assertEqual([second["number"]], [call["number"] for call in later])

    def test_calls_and_tokens_are_counted(self):
        told = json.loads(self.standin.ask("messages")[2])["usage"]
        self.standin.ask("chat", "429")
        counts = self.standin.control("GET", "counts")
        self.assertEqual(2, counts["calls"])
        self.assertEqual({"200": 1, "429": 1}, counts["by_status"])
        self.assertEqual((told["input_tokens"], told["output_tokens"]),
                         (counts["input_tokens"], counts["output_tokens"]))

    def test_calls_in_flight_are_counted(self):
        answer = json.dumps({"answer": "no_code", "first_byte_seconds": 0.5})
        threads = [threading.Thread(target=self.standin.ask, args=("chat", answer))
                   for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        counts = self.standin.control("GET", "counts")
        self.assertEqual((4, 0), (counts["in_flight_max"], counts["in_flight"]))

    def test_scripts_that_come_along_are_accepted(self):
        found = sorted(SCRIPTS.glob("*.json"))
        self.assertTrue(found)
        for file in found:
            self.standin.script(**json.loads(file.read_text()))

    def test_the_command_ends_when_it_is_told_to_even_in_the_middle_of_answers(self):
        standin = StandInProcess()
        address = ("127.0.0.1", standin.address["port"])
        with socket.create_connection(address, timeout=10) as connection:
            connection.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n")
            self.assertEqual(0, standin.stop())

    def test_a_hundred_streams_at_once(self):
        answered = []
        threads = [threading.Thread(
            target=lambda: answered.append(self.standin.ask("messages", stream=True)[2]))
            for _ in range(100)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(100, len(answered))
        self.assertTrue(all(b"message_stop" in raw for raw in answered))
        self.assertEqual({"complete": 100}, self.standin.control("GET", "counts")["by_outcome"])

    def test_the_command_refuses_a_script_that_is_wrong(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write('{"answers": ["nonsense"]}')
            file.flush()
            ended = subprocess.run([sys.executable, "-m", "standins.models", "--script", file.name],
                                   cwd=TESTS_FOLDER, capture_output=True, text=True, timeout=20)
        self.assertEqual(2, ended.returncode)
        self.assertIn("nonsense", ended.stderr)


if __name__ == "__main__":
    unittest.main()
