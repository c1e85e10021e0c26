"""The bytes on the wire, where the vendors' clients hide them: headers, frames, torn answers."""

import http.client
import json
import re
import socket
import time
import unittest

from standins.models.tests.support import (
    ANTHROPIC_HEADERS,
    KEY,
    MODELS,
    PATHS,
    StandInCase,
)

APIS = tuple(PATHS)
RFC_3339 = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


def frames(raw):
    """[(event or None, data as text)] of a whole stream."""
    found = []
    for block in raw.decode().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n")
                     if line and not line.startswith(":"))
        if lines:
            found.append((lines.get("event"), lines["data"]))
    return found


def text_of(api, raw):
    """The text of a stream, read without a vendor's client."""
    said = []
    for event, data in frames(raw):
        if data == "[DONE]":
            continue
        data = json.loads(data)
        if api == "messages" and event == "content_block_delta":
            said.append(data["delta"].get("text", ""))
        if api == "chat" and data["choices"]:
            said.append(data["choices"][0]["delta"].get("content") or "")
        if api == "responses" and event == "response.output_text.delta":
            said.append(data["delta"])
    return "".join(said)


class Wire(StandInCase):
    def test_anthropic_headers(self):
        _, headers, _ = self.standin.ask("messages")
        self.assertRegex(headers["request-id"], r"^req_standin_\d{6}$")
        for what in ("requests", "tokens", "input-tokens", "output-tokens"):
            prefix = f"anthropic-ratelimit-{what}"
            self.assertTrue(headers[f"{prefix}-limit"].isdigit())
            self.assertTrue(headers[f"{prefix}-remaining"].isdigit())
            self.assertRegex(headers[f"{prefix}-reset"], RFC_3339)

    def test_openai_headers(self):
        for api in ("chat", "responses"):
            _, headers, _ = self.standin.ask(api)
            self.assertIn("x-request-id", headers)
            for what in ("requests", "tokens"):
                self.assertTrue(headers[f"x-ratelimit-limit-{what}"].isdigit())
                self.assertTrue(headers[f"x-ratelimit-remaining-{what}"].isdigit())
                self.assertRegex(headers[f"x-ratelimit-reset-{what}"], r"^(\d+m)?\d+(ms|s)$")

    def test_streams_are_server_sent_events(self):
        for api in APIS:
            _, headers, raw = self.standin.ask(api, "pings", stream=True)
            self.assertTrue(headers["Content-Type"].startswith("text/event-stream"))
            for event, data in frames(raw):
                if api == "chat":
                    self.assertIsNone(event)
                else:
                    self.assertEqual(event, json.loads(data)["type"])
            self.assertEqual(api == "chat", raw.endswith(b"data: [DONE]\n\n"))
            self.assertIn("```python", text_of(api, raw))
        self.assertIn(b"event: ping", self.standin.ask("messages", stream=True)[2])

    def test_bytes_come_split_inside_characters_and_lines(self):
        for api in APIS:
            whole = text_of(api, self.standin.ask(api, "split_bytes", stream=True)[2])
            self.assertIn("Grüße, 你好, 🐍", whole)
        pieces = self.raw_pieces("chat", "split_bytes")
        self.assertTrue(any(not is_utf8(piece) for piece in pieces))

    def raw_pieces(self, api, answer):
        """The chunks of a chunked reply, as they were written."""
        body = json.dumps({"model": MODELS[api], "stream": True,
                           "messages": [{"role": "user", "content": "x"}]}).encode()
        address = ("127.0.0.1", self.standin.address["port"])
        with socket.create_connection(address, timeout=10) as connection:
            connection.sendall(
                f"POST {PATHS[api]} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\n"
                f"x-standin-answer: {answer}\r\nContent-Length: {len(body)}\r\n\r\n".encode())
            connection.sendall(body)
            file, pieces = connection.makefile("rb"), []
            while file.readline() != b"\r\n":
                pass
            while size := int(file.readline(), 16):
                pieces.append(file.read(size))
                file.readline()
            return pieces

    def test_a_torn_answer_arrives_in_half(self):
        for api in APIS:
            for stream in (False, True):
                whole = self.standin.ask(api, stream=stream)[2]
                half = self.standin.ask(api, "cut", stream=stream)[2]
                whole, half = (re.sub(rb"standin_\d+|standin-\d+|17\d{8}", b"id", raw)
                               for raw in (whole, half))
                self.assertTrue(whole.startswith(half))
                self.assertAlmostEqual(0.5, len(half) / len(whole), delta=0.01)
                self.assertEqual("cut", self.standin.calls()[-1]["outcome"])

    def test_a_slow_answer_takes_its_time(self):
        answer = json.dumps({"answer": "no_code", "bytes_per_second": 2000})
        began = time.monotonic()
        raw = self.standin.ask("chat", answer, stream=True)[2]
        self.assertGreaterEqual(time.monotonic() - began, len(raw) / 2000 * 0.8)

    def test_an_endless_answer_ends_when_the_client_leaves(self):
        for api in APIS:
            for stream in (False, True):
                self.read_some(api, stream, 4000)
        deadline = time.monotonic() + 10
        while self.standin.control("GET", "counts")["in_flight"]:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)
        self.assertEqual({"client_left"}, {call["outcome"] for call in self.standin.calls()})

    def read_some(self, api, stream, size):
        said = [{"role": "user", "content": "x"}]
        body = {"model": MODELS[api] + "+endless", "stream": stream}
        body |= {"input": said} if api == "responses" else {"messages": said}
        body |= {"max_tokens": 100} if api == "messages" else {}
        connection = http.client.HTTPConnection("127.0.0.1", self.standin.address["port"])
        connection.request("POST", PATHS[api], json.dumps(body),
                           ANTHROPIC_HEADERS | {"authorization": f"Bearer {KEY}"})
        self.assertEqual(size, len(connection.getresponse().read(size)))
        connection.sock.close()
        connection.close()

    def test_an_error_inside_a_stream_comes_under_status_200(self):
        for api in APIS:
            status, _, raw = self.standin.ask(api, "stream_error", stream=True)
            event, data = frames(raw)[-1]
            self.assertEqual((200, None if api == "chat" else "error"), (status, event))
            self.assertIn("overloaded", data)

    def test_errors_that_are_not_the_vendors_json(self):
        status, headers, raw = self.standin.ask("messages", "413")
        self.assertEqual((413, "text/html"), (status, headers["Content-Type"]))
        self.assertIn(b"<html>", raw)
        self.assertEqual(502, self.standin.ask("chat", "html_error")[0])
        body = json.loads(self.standin.ask("chat", "flat_error")[2])
        self.assertEqual(("error", 40303), (body["object"], body["code"]))
        body = json.loads(self.standin.ask("chat", "integer_code")[2])
        self.assertEqual(400, body["error"]["code"])

    def test_a_body_larger_than_32_megabytes_is_refused(self):
        address = ("127.0.0.1", self.standin.address["port"])
        with socket.create_connection(address, timeout=10) as connection:
            connection.sendall(b"POST /v1/messages HTTP/1.1\r\nHost: x\r\n"
                               b"Content-Length: 33554433\r\n\r\n")
            self.assertTrue(connection.recv(100).startswith(b"HTTP/1.1 413 "))

    def test_wrong_and_missing_usage(self):
        told = json.loads(self.standin.ask("messages", "wrong_usage")[2])["usage"]
        self.assertEqual((0, 999_999_999), (told["input_tokens"], told["output_tokens"]))
        for api in APIS:
            self.assertFalse(json.loads(self.standin.ask(api, "no_usage")[2]).get("usage"))
        told = json.loads(self.standin.ask("messages", "no_cache_fields")[2])["usage"]
        self.assertEqual({"input_tokens", "output_tokens"}, set(told))

    def test_reasoning_of_compatible_servers(self):
        body = json.loads(self.standin.ask("chat", "thinking", model="local-large")[2])
        self.assertIn("train.csv", body["choices"][0]["message"]["reasoning_content"])
        body = json.loads(self.standin.ask("chat", "unknown_stop", model="local-large")[2])
        self.assertEqual("", body["choices"][0]["finish_reason"])

    def test_any_base_address_will_do(self):
        for base in ("/v1beta/openai", "/api/v1", ""):
            status, _, _ = self.standin.request(
                "POST", f"{base}/chat/completions",
                {"model": "gpt-4o", "messages": [{"role": "user", "content": "x"}]},
                {"authorization": f"Bearer {KEY}"})
            self.assertEqual(200, status)
        self.assertEqual(404, self.standin.request("POST", "/v1/embeddings", {})[0])

    def test_a_body_that_is_no_request_is_refused(self):
        for body in (b"{", b"[]", b'{"model": 5}', b"\xff"):
            for api in APIS:
                headers = ANTHROPIC_HEADERS | {"authorization": f"Bearer {KEY}"}
                status, _, raw = self.standin.request("POST", PATHS[api], body, headers)
                self.assertEqual(400, status)
                self.assertEqual("invalid_request_error", json.loads(raw)["error"]["type"])

    def test_it_listens_on_loopback_only(self):
        self.assertTrue(re.match(r"http://127\.0\.0\.1:\d+$", self.standin.address["url"]))


def is_utf8(piece):
    try:
        piece.decode()
    except UnicodeDecodeError:
        return False
    return True


if __name__ == "__main__":
    unittest.main()
