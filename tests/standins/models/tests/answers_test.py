"""Every answer of the catalogue is what its name says, on every endpoint, streamed and whole."""

import json
import unittest

from standins.models.answers import metric_in
from standins.models.catalogue import CATALOGUE, named, program
from standins.models.tests.support import StandInCase
from standins.models.tests.wire_test import APIS, text_of

GOOD = program("good.py").replace("{{metric}}", "accuracy")
NEVER_ENDING = {"endless", "hangs"}
# A working program stands in these word for word, so that a good reader can find it.
HOLD_THE_PROGRAM = ("good", "thinking", "prose_around", "two_blocks", "shell_block_first",
                    "no_fence", "untagged_fence", "odd_tag", "tilde_fence", "fence_in_string",
                    "think_prefix", "wrong_file_name", "magic", "bidi", "pings", "split_bytes",
                    "wrong_usage", "no_usage")


def parses(code):
    try:
        compile(code, "answer", "exec")
    except SyntaxError:
        return False
    return True


def whole_text(api, raw):
    body = json.loads(raw)
    if api == "messages":
        return "".join(block.get("text", "") for block in body["content"])
    if api == "chat":
        return body["choices"][0]["message"]["content"] or ""
    parts = [part for item in body["output"] for part in item.get("content", [])]
    return "".join(part.get("text", "") for part in parts)


class Answers(StandInCase):
    def text(self, answer):
        return whole_text("chat", self.standin.ask("chat", answer)[2])

    def test_streamed_and_whole_texts_are_the_same(self):
        for name, answer in CATALOGUE.items():
            unfinished = answer.cut_at is not None or answer.end_at is not None \
                or answer.stream_error or answer.bytes_per_second or answer.first_byte_seconds
            if answer.error or unfinished or name in NEVER_ENDING:
                continue
            for api in APIS:
                with self.subTest(name, api=api):
                    whole = whole_text(api, self.standin.ask(api, name)[2])
                    streamed = text_of(api, self.standin.ask(api, name, stream=True)[2])
                    self.assertEqual(whole, streamed)

    def test_errors_have_their_status_on_every_endpoint(self):
        for name, answer in CATALOGUE.items():
            for api in APIS if answer.error else ():
                with self.subTest(name, api=api):
                    self.assertGreaterEqual(self.standin.ask(api, name)[0], 400)

    def test_a_working_program_is_where_it_should_be(self):
        for name in HOLD_THE_PROGRAM:
            with self.subTest(name):
                self.assertIn(GOOD, self.text(name))
        self.assertEqual(GOOD, json.loads(self.text("json_code"))["code"])
        fenced = self.text("json_in_fence").removeprefix("```json\n").removesuffix("\n```\n")
        self.assertEqual(GOOD, json.loads(fenced)["code"])
        self.assertIn(GOOD, self.text("crlf").replace("\r\n", "\n"))

    def test_the_patch_applies_to_the_good_program(self):
        search, _, replace = self.text("patch").partition("SEARCH\n")[2].partition("=======\n")
        replace = replace.partition(">>>>>>> REPLACE")[0]
        self.assertEqual(1, GOOD.count(search))
        self.assertTrue(parses(GOOD.replace(search, replace)))
        missing = self.text("patch_misses").partition("SEARCH\n")[2].partition("=======\n")[0]
        self.assertNotIn(missing, GOOD)

    def test_bad_answers_are_bad_in_their_way(self):
        self.assertNotIn("```", self.text("no_code"))
        self.assertIn("```r\n", self.text("wrong_language"))
        self.assertEqual(1, self.text("truncated").count("```"))
        self.assertEqual("", self.text("empty"))
        self.assertIn("\u202e", self.text("bidi"))
        injected = self.text("echoed_injection")
        self.assertIn("Ignore all previous instructions", injected)
        self.assertIn("urllib.request.urlopen", injected)
        self.assertIn("Evaluation metric: accuracy", self.text("echo"))
        self.assertEqual(4, self.text("two_blocks").count("```"))

    def test_programs_parse_unless_they_are_meant_not_to(self):
        for name in ("crashes", "impossible_score", "no_submission", "sleeps", "eats_memory",
                     "opens_network", "good_forest", "good_boosting", "good_constant"):
            code = self.text(name).partition("```python\n")[2].partition("```")[0]
            self.assertTrue(code and parses(code), name)
        for name in ("syntax_error", "smart_quotes", "magic"):
            code = self.text(name).partition("```python\n")[2].partition("```")[0]
            self.assertFalse(parses(code), name)

    def test_the_metric_is_the_one_that_the_prompt_asks_for(self):
        self.assertEqual("rmsle", metric_in("Metric: Root Mean Squared Logarithmic Error"))
        self.assertEqual("auc", metric_in("accuracy matters\nevaluationMetric: Area Under Curve"))
        self.assertEqual("", metric_in("write a program"))

    def test_statuses_name_answers(self):
        self.assertEqual("overloaded", named("529").name)
        with self.assertRaises(ValueError):
            named("nonsense")


if __name__ == "__main__":
    unittest.main()
