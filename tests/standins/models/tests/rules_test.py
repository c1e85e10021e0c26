"""Parameters that a model refuses: a 400 in the vendor's words, naming the parameter."""

import json
import unittest

from standins.models.tests.support import StandInCase

USER = {"role": "user", "content": "x"}
PREFILL = [USER, {"role": "assistant", "content": "```python"}]

# model, fields, how the message begins or what it holds
ANTHROPIC = (
    ("claude-opus-4-7", {"temperature": 0.2}, "`temperature` is deprecated for this model."),
    ("claude-opus-4-7", {"top_p": 0.9}, "`top_p` is deprecated for this model."),
    ("claude-opus-4-7", {"top_k": 5}, "`top_k` is deprecated for this model."),
    ("claude-opus-4-7", {"thinking": {"type": "enabled", "budget_tokens": 2000}},
     '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive"'),
    ("claude-sonnet-4-6", {"messages": PREFILL},
     "This model does not support assistant message prefill. The conversation must end with a user "
     "message."),
    ("claude-sonnet-4-5", {"temperature": 0.2, "thinking": {"type": "adaptive"}},
     "`temperature` may only be set to 1 when thinking is enabled or in adaptive mode"),
    ("claude-sonnet-4-5", {"temperature": 1.5}, "temperature: range: 0..1"),
    ("claude-sonnet-4-5", {"max_tokens": 70_000}, "max_tokens: 70000 > 64000, which is the max"),
    ("claude-sonnet-4-5", {"thinking": {"type": "enabled", "budget_tokens": 8000}},
     "`max_tokens` must be greater than `thinking.budget_tokens`"),
    ("claude-sonnet-4-5", {"max_tokens": None}, "max_tokens: Field required"),
    ("claude-sonnet-4-5", {"messages": [{"role": "system", "content": "x"}]},
     'messages: Unexpected role "system"'),
    ("claude-sonnet-4-5", {"messages": [PREFILL[1], USER]},
     'messages: first message must use the "user" role'),
    ("claude-sonnet-4-5", {"max_completion_tokens": 5},
     "max_completion_tokens: Extra inputs are not permitted"),
    ("claude-sonnet-4-5", {"messages": [{"role": "user", "content": "word " * 170_000}]},
     "prompt is too long: 212"),
    ("claude-sonnet-4-5", {"system": [{"type": "text", "text": "x", "cache_control": {}}] * 5},
     "A maximum of 4 blocks with cache_control may be provided. Found 5."),
    ("claude-sonnet-4-5", {"thinking": "yes"}, "the request is malformed"),
)

# endpoint, model, fields, param, code, how the message begins
OPENAI = (
    ("chat", "gpt-5", {"max_tokens": 100}, "max_tokens", "unsupported_parameter",
     "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
     "'max_completion_tokens' instead."),
    ("chat", "gpt-5", {"temperature": 0.2}, "temperature", "unsupported_value",
     "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) "
     "value is supported."),
    ("chat", "o3", {"stop": "x"}, "stop", "unsupported_parameter",
     "Unsupported parameter: 'stop' is not supported with this model."),
    ("chat", "gpt-4o", {"max_tokens": None}, "max_tokens", "invalid_type",
     "Invalid type for 'max_tokens'"),
    ("chat", "gpt-4o", {"max_tokens": 20_000}, "max_tokens", "invalid_value",
     "max_tokens is too large: 20000."),
    ("chat", "gpt-4o", {"temperature": 2.5}, "temperature", "decimal_above_max_value",
     "Invalid 'temperature'"),
    ("chat", "gpt-4o", {"top_k": 5}, "top_k", "unknown_parameter", "Unknown parameter: 'top_k'."),
    ("chat", "gpt-4o", {"response_format": {"type": "json_object"}}, "messages", None,
     "'messages' must contain the word 'json'"),
    ("chat", "gpt-4o", {"response_format": {"type": "json_schema", "json_schema": {
        "name": "p", "strict": True, "schema": {"type": "object", "properties": {}}}}},
     "response_format", None, "Invalid schema for response_format 'p'"),
    ("chat", "gpt-4o", {"messages": [{"role": "user", "content": "word " * 110_000}]}, "messages",
     "context_length_exceeded", "This model's maximum context length is 128000 tokens."),
    ("responses", "gpt-5", {"temperature": 0.2}, "temperature", "unsupported_parameter",
     "Unsupported parameter: 'temperature' is not supported with this model."),
    ("responses", "gpt-5", {"max_tokens": 100}, "max_tokens", "unsupported_parameter",
     "Unsupported parameter: 'max_tokens'. In the Responses API, this parameter has moved to "
     "'max_output_tokens'."),
    ("responses", "gpt-5", {"max_output_tokens": 5}, "max_output_tokens", "integer_below_min_value",
     "Invalid 'max_output_tokens'"),
)


class Rules(StandInCase):
    def test_anthropic(self):
        for model, fields, message in ANTHROPIC:
            with self.subTest(message):
                status, _, raw = self.standin.ask("messages", model=model, **fields)
                error = json.loads(raw)["error"]
                self.assertEqual((400, "invalid_request_error"), (status, error["type"]))
                self.assertTrue(error["message"].startswith(message), error["message"])

    def test_openai(self):
        for api, model, fields, param, code, message in OPENAI:
            with self.subTest(message):
                status, _, raw = self.standin.ask(api, model=model, **fields)
                error = json.loads(raw)["error"]
                self.assertEqual((400, param, code), (status, error["param"], error["code"]))
                self.assertTrue(error["message"].startswith(message), error["message"])

    def test_mending_one_parameter_reveals_the_next(self):
        wrong = {"max_tokens": 100, "temperature": 0.2}
        named = []
        while True:
            status, _, raw = self.standin.ask("chat", model="gpt-5", **wrong)
            if status == 200:
                break
            named.append(json.loads(raw)["error"]["param"])
            wrong.pop(named[-1])
        self.assertEqual(["max_tokens", "temperature"], named)

    def test_defaults_are_taken(self):
        self.assertEqual(200, self.standin.ask("chat", model="gpt-5", temperature=1)[0])
        self.assertEqual(200, self.standin.ask("messages", model="claude-sonnet-4-5",
                                               messages=PREFILL)[0])

    def test_compatible_servers_ignore_what_they_do_not_know(self):
        status, _, _ = self.standin.ask("chat", model="local-large", max_tokens=100, temperature=3,
                                        num_ctx=5)
        self.assertEqual(200, status)

    def test_a_version_header_is_required(self):
        status, _, raw = self.standin.ask("messages", headers={"anthropic-version": ""})
        self.assertEqual(400, status)
        self.assertIn(b"anthropic-version: header is required", raw)

    def test_a_refused_request_spends_no_answer_of_the_script(self):
        self.standin.script(answers=["529", "good"])
        self.assertEqual(400, self.standin.ask("chat", model="gpt-5", max_tokens=5)[0])
        self.assertEqual(503, self.standin.ask("chat")[0])
        self.assertEqual(200, self.standin.ask("chat")[0])


if __name__ == "__main__":
    unittest.main()
