"""The official client of OpenAI against the stand-in: chat completions, models, retries."""

import asyncio
import unittest

import openai

from standins.models.tests.support import KEY, StandInCase, seconds_between, strictly

ASKED = [{"role": "user", "content": "Evaluation metric: accuracy. Write the program."}]
LONG = "A long description of the data. " * 300  # more than 1024 tokens

# answer: (exception, HTTP status, error.code)
ERRORS = {
    "400": (openai.BadRequestError, 400, None),
    "context_too_long": (openai.BadRequestError, 400, "context_length_exceeded"),
    "401": (openai.AuthenticationError, 401, "invalid_api_key"),
    "403": (openai.PermissionDeniedError, 403, "unsupported_country_region_territory"),
    "404": (openai.NotFoundError, 404, "model_not_found"),
    "conflict": (openai.ConflictError, 409, None),
    "429": (openai.RateLimitError, 429, "rate_limit_exceeded"),
    "quota": (openai.RateLimitError, 429, "insufficient_quota"),
    "500": (openai.InternalServerError, 500, None),
    "503": (openai.InternalServerError, 503, None),
    "overloaded": (openai.InternalServerError, 503, "server_is_overloaded"),
    "integer_code": (openai.BadRequestError, 400, "400"),
}
PLAN_SCHEMA = {"type": "object", "properties": {"plan": {"type": "string"}}, "required": ["plan"],
               "additionalProperties": False}


class OpenAIChatClient(StandInCase):
    def client(self, **options):
        options = {"api_key": KEY, "max_retries": 0} | options
        client = openai.OpenAI(base_url=self.standin.address["openai_base_url"], **options)
        self.addCleanup(client.close)
        return client

    def create(self, answer="good", client=None, **fields):
        fields = {"model": "gpt-5", "messages": ASKED} | fields
        return (client or self.client()).chat.completions.create(
            **fields, extra_headers={"x-standin-answer": answer})

    def streamed(self, answer="good", **fields):
        """(text, finish reason, usage, chunks) of a stream."""
        fields = {"stream": True, "stream_options": {"include_usage": True}} | fields
        chunks = [strictly(chunk) for chunk in self.create(answer, **fields)]
        choices = [chunk.choices[0] for chunk in chunks if chunk.choices]
        text = "".join(choice.delta.content or "" for choice in choices)
        return text, choices[-1].finish_reason, chunks[-1].usage, chunks

    def test_create(self):
        completion = strictly(self.create())
        self.assertEqual("stop", completion.choices[0].finish_reason)
        self.assertIn('METRIC = "accuracy"', completion.choices[0].message.content)
        usage = completion.usage
        self.assertEqual(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens)
        self.assertTrue(completion._request_id.startswith("req_standin_"))

    def test_stream_says_the_same_as_create(self):
        whole = self.create()
        text, finish, usage, chunks = self.streamed()
        self.assertEqual(whole.choices[0].message.content, text)
        self.assertEqual("stop", finish)
        self.assertEqual(whole.usage.completion_tokens, usage.completion_tokens)
        self.assertEqual("assistant", chunks[0].choices[0].delta.role)
        self.assertEqual([], chunks[-1].choices)

    def test_stream_tells_no_usage_unasked(self):
        chunks = list(self.create(stream=True))
        self.assertTrue(all(chunk.usage is None for chunk in chunks))
        self.assertEqual("stop", chunks[-1].choices[0].finish_reason)

    def test_stream_helper_of_the_client(self):
        with self.client().chat.completions.stream(model="gpt-5", messages=ASKED) as stream:
            stream.until_done()
            completion = stream.get_final_completion()
        self.assertIn("```python", completion.choices[0].message.content)

    def test_asynchronous_client(self):
        async def ask():
            url = self.standin.address["openai_base_url"]
            async with openai.AsyncOpenAI(api_key=KEY, base_url=url) as client:
                return await client.chat.completions.create(model="gpt-5", messages=ASKED)

        self.assertEqual("stop", asyncio.run(ask()).choices[0].finish_reason)

    def test_finish_reasons(self):
        expected = {"truncated": "length", "filtered": "content_filter", "empty": "stop"}
        for answer, reason in expected.items():
            with self.subTest(answer):
                self.assertEqual(reason, strictly(self.create(answer)).choices[0].finish_reason)
                self.assertEqual(reason, self.streamed(answer)[1])

    def test_refusal_and_null_content(self):
        message = strictly(self.create("refusal")).choices[0].message
        self.assertIsNone(message.content)
        self.assertIn("help", message.refusal)
        _, finish, _, chunks = self.streamed("refusal")
        self.assertEqual("stop", finish)
        self.assertIn("help", "".join(chunk.choices[0].delta.refusal or ""
                                      for chunk in chunks if chunk.choices))
        self.assertIsNone(self.create("null_content").choices[0].message.content)

    def test_a_budget_spent_on_thinking_leaves_an_empty_text(self):
        completion = self.create("budget_thought_away")
        self.assertEqual(("", "length"), (completion.choices[0].message.content,
                                          completion.choices[0].finish_reason))
        self.assertGreater(completion.usage.completion_tokens_details.reasoning_tokens, 100)

    def test_the_limit_of_tokens_and_stop_hold(self):
        completion = self.create(max_completion_tokens=50)
        self.assertEqual("length", completion.choices[0].finish_reason)
        self.assertEqual(50, completion.usage.completion_tokens)
        completion = self.create(stop="```")
        self.assertNotIn("```", completion.choices[0].message.content)

    def test_tool_calls(self):
        tool = {"type": "function", "function": {"name": "judge", "parameters": {
            "type": "object", "properties": {"is_bug": {"type": "boolean"}}}}}
        fields = {"tools": [tool], "tool_choice": "required"}
        choice = strictly(self.create(**fields)).choices[0]
        self.assertEqual("tool_calls", choice.finish_reason)
        self.assertEqual('{"is_bug": false}', choice.message.tool_calls[0].function.arguments)
        _, finish, _, chunks = self.streamed(**fields)
        pieces = [call.function.arguments for chunk in chunks if chunk.choices
                  for call in chunk.choices[0].delta.tool_calls or []]
        self.assertEqual(("tool_calls", '{"is_bug": false}'), (finish, "".join(pieces)))

    def test_structured_output(self):
        wanted = {"type": "json_schema",
                  "json_schema": {"name": "plan", "strict": True, "schema": PLAN_SCHEMA}}
        completion = self.create(response_format=wanted)
        self.assertEqual('{"plan": "stand-in"}', completion.choices[0].message.content)

    def test_models(self):
        client = self.client()
        listed = [strictly(model).id for model in client.models.list()]
        self.assertIn("gpt-5", listed)
        self.assertNotIn("claude-opus-4-7", listed)
        self.assertEqual(8192, client.models.retrieve("local-small").max_model_len)
        with self.assertRaises(openai.NotFoundError):
            client.models.retrieve("gpt-none")

    def test_prompt_cache_needs_no_mark(self):
        messages = [{"role": "system", "content": LONG}, *ASKED]
        first = self.create(messages=messages).usage.prompt_tokens_details.cached_tokens
        again = self.create(messages=messages).usage.prompt_tokens_details.cached_tokens
        self.assertEqual((0, 0), (first, again % 128))
        self.assertGreaterEqual(again, 1024)

    def test_errors_become_their_exceptions(self):
        for answer, (exception, status, code) in ERRORS.items():
            for stream in (False, True):
                with self.subTest(answer, stream=stream), self.assertRaises(exception) as caught:
                    self.create(answer, stream=stream)
                self.assertEqual(status, caught.exception.status_code)
                told = caught.exception.code
                self.assertEqual(code, None if told is None else str(told))
                self.assertTrue(caught.exception.request_id.startswith("req_standin_"))

    def test_a_wrong_key_is_refused(self):
        with self.assertRaises(openai.AuthenticationError) as caught:
            self.create(client=self.client(api_key="sk-real"))
        self.assertEqual("invalid_api_key", caught.exception.code)

    def test_no_key_is_needed_when_the_script_says_so(self):
        self.standin.script(keys=["*"])
        self.assertTrue(self.create(client=self.client(api_key="ollama")).choices)

    def test_an_unknown_model_is_not_found(self):
        with self.assertRaises(openai.NotFoundError) as caught:
            self.create(model="gpt-none")
        self.assertEqual("model_not_found", caught.exception.code)

    def test_retries_wait_as_long_as_they_are_told(self):
        for answer, seconds in (("rate_limited", 1.0), ("rate_limited_ms", 0.3)):
            with self.subTest(answer):
                self.standin.control("DELETE", "requests")
                self.assertTrue(self.create(f"{answer},good", self.client(max_retries=2)).choices)
                waits = seconds_between(self.standin.calls())
                self.assertEqual(1, len(waits))
                self.assertGreaterEqual(waits[0], seconds - 0.01)
                self.assertLess(waits[0], seconds + 2)

    def test_retries_of_overload_and_of_a_dropped_connection(self):
        for answer in ("529,good", "dropped,good"):
            with self.subTest(answer):
                self.assertTrue(self.create(answer, self.client(max_retries=1)).choices)

    def test_no_retry_where_the_server_says_so_or_asks_for_too_long_a_wait(self):
        for answer in ("no_retry", "rate_limited_long"):
            with self.subTest(answer), self.assertRaises(openai.APIStatusError):
                self.standin.control("DELETE", "requests")
                self.create(answer, self.client(max_retries=2))
            self.assertEqual(1, len(self.standin.calls()))

    def test_an_error_inside_a_stream(self):
        said = []
        with self.assertRaises(openai.APIError) as caught:
            for chunk in self.create("stream_error", stream=True):
                said.append(chunk)
        self.assertTrue(said)
        self.assertEqual("server_is_overloaded", caught.exception.code)

    def test_a_torn_stream_is_an_error_and_a_short_one_has_no_end(self):
        with self.assertRaises(Exception) as caught:
            list(self.create("cut", stream=True))
        cause = caught.exception.__cause__ or caught.exception  # newer clients wrap it
        self.assertIn("incomplete", str(cause))
        reasons = [chunk.choices[0].finish_reason
                   for chunk in self.create("ends_early", stream=True)]
        self.assertEqual({None}, set(reasons))

    def test_a_late_first_byte_times_out(self):
        with self.assertRaises(openai.APITimeoutError):
            self.create("slow_first_byte", self.client(timeout=0.5))


if __name__ == "__main__":
    unittest.main()
