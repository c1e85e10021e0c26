"""The official client of Anthropic against the stand-in, in every shape of call."""

import asyncio
import time
import unittest

import anthropic

from standins.models.tests.support import KEY, StandInCase, seconds_between, strictly

ASKED = [{"role": "user", "content": "Evaluation metric: accuracy. Write the program."}]
LONG = "A long description of the data. " * 300  # more than 1024 tokens

# answer: (exception, HTTP status, error.type)
ERRORS = {
    "400": (anthropic.BadRequestError, 400, "invalid_request_error"),
    "context_too_long": (anthropic.BadRequestError, 400, "invalid_request_error"),
    "401": (anthropic.AuthenticationError, 401, "authentication_error"),
    "402": (anthropic.APIStatusError, 402, "billing_error"),
    "403": (anthropic.PermissionDeniedError, 403, "permission_error"),
    "404": (anthropic.NotFoundError, 404, "not_found_error"),
    "conflict": (anthropic.ConflictError, 409, "conflict_error"),
    "429": (anthropic.RateLimitError, 429, "rate_limit_error"),
    "500": (anthropic.InternalServerError, 500, "api_error"),
    "503": (anthropic.APIStatusError, 503, "api_error"),
    "timeout": (anthropic.APIStatusError, 504, "timeout_error"),
    "529": (anthropic.APIStatusError, 529, "overloaded_error"),
}


class AnthropicClient(StandInCase):
    def client(self, **options):
        options = {"api_key": KEY, "max_retries": 0} | options
        client = anthropic.Anthropic(base_url=self.standin.address["anthropic_base_url"],
                                     **options)
        self.addCleanup(client.close)
        return client

    def create(self, answer="good", client=None, **fields):
        fields = {"model": "claude-sonnet-4-6", "max_tokens": 8000, "messages": ASKED} | fields
        return (client or self.client()).messages.create(
            **fields, extra_headers={"x-standin-answer": answer})

    def stream(self, answer="good", **fields):
        fields = {"model": "claude-sonnet-4-6", "max_tokens": 8000, "messages": ASKED} | fields
        return self.client().messages.stream(
            **fields, extra_headers={"x-standin-answer": answer})

    def test_create(self):
        message = strictly(self.create())
        self.assertEqual("end_turn", message.stop_reason)
        self.assertIn('METRIC = "accuracy"', message.content[0].text)
        self.assertGreater(message.usage.output_tokens, 500)
        self.assertTrue(message._request_id.startswith("req_standin_"))

    def test_stream_says_the_same_as_create(self):
        whole = self.create("thinking")
        with self.stream("thinking") as stream:
            events = [event.type for event in stream]
            streamed = strictly(stream.get_final_message())
        self.assertEqual("message_start", events[0])
        self.assertEqual("message_stop", events[-1])
        self.assertEqual(whole.content[0].thinking, streamed.content[0].thinking)
        self.assertEqual(whole.content[1].text, streamed.content[1].text)
        self.assertEqual(["thinking", "text"], [block.type for block in streamed.content])
        self.assertEqual(whole.usage.output_tokens, streamed.usage.output_tokens)

    def test_raw_events_are_of_their_types(self):
        for answer in ("thinking", "refusal", "empty", "truncated", "pings"):
            with self.subTest(answer):
                events = [strictly(event) for event in self.create(answer, stream=True)]
                self.assertEqual("message_stop", events[-1].type)

    def test_a_reply_of_the_wrong_shape_would_be_noticed(self):
        with self.assertRaises(ValueError):
            strictly(self.create("no_usage"))

    def test_asynchronous_client(self):
        async def ask():
            url = self.standin.address["anthropic_base_url"]
            async with (
                anthropic.AsyncAnthropic(api_key=KEY, base_url=url) as client,
                client.messages.stream(model="claude-opus-4-7", max_tokens=8000,
                                       messages=ASKED) as stream,
            ):
                return await stream.get_final_message()

        self.assertEqual("end_turn", asyncio.run(ask()).stop_reason)

    def test_stop_reasons(self):
        expected = {"truncated": "max_tokens", "refusal": "refusal", "empty": "end_turn",
                    "context_full": "model_context_window_exceeded"}
        for answer, reason in expected.items():
            with self.subTest(answer):
                self.assertEqual(reason, strictly(self.create(answer)).stop_reason)
                with self.stream(answer) as stream:
                    self.assertEqual(reason, stream.get_final_message().stop_reason)
        self.assertEqual([], self.create("refusal").content)
        self.assertIn("help", self.create("refusal").stop_details.explanation)

    def test_the_limit_of_tokens_and_stop_sequences_hold(self):
        message = self.create(max_tokens=50)
        self.assertEqual(("max_tokens", 50), (message.stop_reason, message.usage.output_tokens))
        message = self.create(stop_sequences=["```"])
        self.assertEqual(("stop_sequence", "```"), (message.stop_reason, message.stop_sequence))
        self.assertNotIn("```", message.content[0].text)

    def test_tool_calls(self):
        tool = {"name": "judge", "input_schema": {
            "type": "object", "properties": {"is_bug": {"type": "boolean"}}}}
        fields = {"tools": [tool], "tool_choice": {"type": "tool", "name": "judge"}}
        message = strictly(self.create(**fields))
        self.assertEqual("tool_use", message.stop_reason)
        self.assertEqual({"is_bug": False}, message.content[0].input)
        with self.stream(**fields) as stream:
            self.assertEqual({"is_bug": False}, stream.get_final_message().content[0].input)

    def test_models(self):
        client = self.client()
        listed = [strictly(model).id for model in client.models.list()]
        self.assertIn("claude-opus-4-7", listed)
        self.assertNotIn("gpt-5", listed)
        self.assertEqual("claude-opus-4-7", client.models.retrieve("claude-opus-4-7").id)
        with self.assertRaises(anthropic.NotFoundError):
            client.models.retrieve("claude-none")

    def test_count_tokens_is_what_a_call_uses(self):
        counted = self.client().messages.count_tokens(model="claude-opus-4-7", messages=ASKED)
        self.assertEqual(self.create().usage.input_tokens, counted.input_tokens)

    def test_prompt_cache(self):
        system = [{"type": "text", "text": LONG, "cache_control": {"type": "ephemeral"}}]
        first = self.create(system=system).usage
        again = self.create(system=system, messages=[{"role": "user", "content": "other"}]).usage
        self.assertGreater(first.cache_creation_input_tokens, 1024)
        self.assertEqual(0, first.cache_read_input_tokens)
        self.assertEqual(first.cache_creation_input_tokens, again.cache_read_input_tokens)
        self.assertEqual(0, again.cache_creation_input_tokens)
        unmarked = self.create(system=LONG).usage
        self.assertEqual((0, 0), (unmarked.cache_creation_input_tokens,
                                  unmarked.cache_read_input_tokens))

    def test_errors_become_their_exceptions(self):
        for answer, (exception, status, kind) in ERRORS.items():
            for stream in (False, True):
                with self.subTest(answer, stream=stream), self.assertRaises(exception) as caught:
                    self.create(answer, stream=stream)
                self.assertEqual(status, caught.exception.status_code)
                self.assertEqual(kind, caught.exception.body["error"]["type"])
                self.assertTrue(caught.exception.request_id.startswith("req_standin_"))

    def test_a_wrong_key_is_refused(self):
        with self.assertRaises(anthropic.AuthenticationError):
            self.create(client=self.client(api_key="sk-ant-real"))
        with self.assertRaises(anthropic.AuthenticationError):
            self.client(api_key="sk-ant-real").models.list()
        bearer = self.client(api_key=None, auth_token=KEY)
        self.assertEqual("end_turn", self.create(client=bearer).stop_reason)

    def test_an_unknown_model_is_not_found(self):
        with self.assertRaises(anthropic.NotFoundError) as caught:
            self.create(model="claude-none")
        self.assertIn("model: claude-none", str(caught.exception))

    def test_retries_wait_as_long_as_they_are_told(self):
        for answer, seconds in (("rate_limited", 1.0), ("rate_limited_ms", 0.3)):
            with self.subTest(answer):
                self.standin.control("DELETE", "requests")
                message = self.create(f"{answer},good", self.client(max_retries=2))
                self.assertEqual("end_turn", message.stop_reason)
                waits = seconds_between(self.standin.calls())
                self.assertEqual(1, len(waits))
                self.assertGreaterEqual(waits[0], seconds - 0.01)
                self.assertLess(waits[0], seconds + 2)

    def test_retries_of_529_and_of_a_dropped_connection(self):
        for answer in ("529,good", "dropped,good"):
            with self.subTest(answer):
                message = self.create(answer, self.client(max_retries=1))
                self.assertEqual("end_turn", message.stop_reason)

    def test_no_retry_where_the_server_says_so(self):
        with self.assertRaises(anthropic.InternalServerError):
            self.create("no_retry", self.client(max_retries=2))
        self.assertEqual(1, len(self.standin.calls()))

    def test_an_error_inside_a_stream(self):
        said = []
        with self.assertRaises(anthropic.APIStatusError) as caught, \
                self.stream("stream_error") as stream:
            said.extend(stream.text_stream)
        self.assertTrue(said)
        self.assertEqual("overloaded_error", caught.exception.body["error"]["type"])

    def test_a_torn_stream_is_an_error_and_a_short_one_has_no_end(self):
        with self.assertRaises(Exception) as caught, self.stream("cut") as stream:
            stream.until_done()
        self.assertIn("incomplete", str(caught.exception))
        events = [event.type for event in self.create("ends_early", stream=True)]
        self.assertNotIn("message_stop", events)

    def test_a_stream_that_hangs_and_a_late_first_byte_time_out(self):
        client = self.client(timeout=0.5)
        began = time.monotonic()
        with self.assertRaises(anthropic.APITimeoutError):
            self.create("slow_first_byte", client)
        with self.assertRaises(Exception) as caught:
            list(self.create("hangs", client, stream=True))
        self.assertIn("timed out", str(caught.exception).lower())
        self.assertLess(time.monotonic() - began, 5)


if __name__ == "__main__":
    unittest.main()
