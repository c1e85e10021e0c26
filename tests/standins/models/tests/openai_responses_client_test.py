"""The official client of OpenAI against the stand-in: the Responses endpoint."""

import unittest

import openai

from standins.models.tests.support import KEY, StandInCase, strictly

ASKED = "Evaluation metric: accuracy. Write the program."


class OpenAIResponsesClient(StandInCase):
    def setUp(self):
        super().setUp()
        self.client = openai.OpenAI(base_url=self.standin.address["openai_base_url"], api_key=KEY,
                                    max_retries=0)
        self.addCleanup(self.client.close)

    def create(self, answer="good", **fields):
        return self.client.responses.create(
            **({"model": "gpt-5", "input": ASKED} | fields),
            extra_headers={"x-standin-answer": answer})

    def events(self, answer="good", **fields):
        return [strictly(event) for event in self.create(answer, stream=True, **fields)]

    def test_create(self):
        response = strictly(self.create())
        self.assertEqual("completed", response.status)
        self.assertIn('METRIC = "accuracy"', response.output_text)
        self.assertGreater(response.usage.output_tokens, 500)

    def test_input_may_be_items(self):
        items = [{"role": "user", "content": [{"type": "input_text", "text": "metric: RMSE"}]}]
        response = self.create(input=items, instructions="Be short.")
        self.assertIn('METRIC = "rmse"', response.output_text)

    def test_stream_says_the_same_as_create(self):
        whole, events = self.create(), self.events()
        text = "".join(event.delta for event in events
                       if event.type == "response.output_text.delta")
        self.assertEqual(whole.output_text, text)
        self.assertEqual("response.created", events[0].type)
        self.assertEqual("response.completed", events[-1].type)
        self.assertEqual(whole.output_text, events[-1].response.output_text)
        self.assertEqual(list(range(len(events))), [event.sequence_number for event in events])

    def test_stream_helper_of_the_client(self):
        with self.client.responses.stream(model="gpt-5", input=ASKED) as stream:
            stream.until_done()
            response = stream.get_final_response()
        self.assertIn("```python", response.output_text)

    def test_reasoning_comes_first(self):
        response = strictly(self.create("thinking"))
        self.assertEqual(["reasoning", "message"], [item.type for item in response.output])
        self.assertGreater(response.usage.output_tokens_details.reasoning_tokens, 5)
        self.assertEqual("response.completed", self.events("thinking")[-1].type)

    def test_incomplete_answers_say_why(self):
        for answer, reason in (("truncated", "max_output_tokens"), ("filtered", "content_filter")):
            with self.subTest(answer):
                response = strictly(self.create(answer))
                self.assertEqual("incomplete", response.status)
                self.assertEqual(reason, response.incomplete_details.reason)
                self.assertEqual("response.incomplete", self.events(answer)[-1].type)
        self.assertEqual("incomplete", self.create(max_output_tokens=50).status)

    def test_refusal(self):
        part = strictly(self.create("refusal")).output[0].content[0]
        self.assertEqual("refusal", part.type)
        types = [event.type for event in self.events("refusal")]
        self.assertIn("response.refusal.delta", types)
        self.assertIn("response.refusal.done", types)

    def test_an_empty_answer_has_no_output(self):
        self.assertEqual([], self.create("empty").output)

    def test_tool_calls(self):
        tool = {"type": "function", "name": "judge", "strict": False, "parameters": {
            "type": "object", "properties": {"is_bug": {"type": "boolean"}}}}
        fields = {"tools": [tool], "tool_choice": {"type": "function", "name": "judge"}}
        call = strictly(self.create(**fields)).output[0]
        self.assertEqual(("judge", '{"is_bug": false}'), (call.name, call.arguments))
        done = [event for event in self.events(**fields)
                if event.type == "response.function_call_arguments.done"]
        self.assertEqual('{"is_bug": false}', done[0].arguments)

    def test_structured_output(self):
        schema = {"type": "object", "properties": {"plan": {"type": "string"}},
                  "required": ["plan"], "additionalProperties": False}
        wanted = {"format": {"type": "json_schema", "name": "plan", "strict": True,
                             "schema": schema}}
        self.assertEqual('{"plan": "stand-in"}', self.create(text=wanted).output_text)

    def test_an_error_and_a_failure_inside_a_stream(self):
        last = self.events("stream_error")[-1]
        self.assertEqual(("error", "server_is_overloaded"), (last.type, last.code))
        last = self.events("stream_failed")[-1]
        self.assertEqual(("response.failed", "failed"), (last.type, last.response.status))
        self.assertEqual("server_error", last.response.error.code)

    def test_errors_become_their_exceptions(self):
        expected = {"401": openai.AuthenticationError, "404": openai.NotFoundError,
                    "429": openai.RateLimitError, "500": openai.InternalServerError,
                    "context_too_long": openai.BadRequestError}
        for answer, exception in expected.items():
            with self.subTest(answer), self.assertRaises(exception):
                self.create(answer)

    def test_a_stream_that_ends_early_has_no_end(self):
        types = [event.type for event in self.events("ends_early")]
        self.assertNotIn("response.completed", types)


if __name__ == "__main__":
    unittest.main()
