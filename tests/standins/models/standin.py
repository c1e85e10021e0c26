"""Decides what a call gets. Holds the script, the record and the prompt cache; thread-safe."""

import dataclasses
import json
import math

from standins.models import tokens
from standins.models.errors import Refused, error_reply
from standins.models.record import Record
from standins.models.script import Call, Script
from standins.models.turn import make_turn
from standins.models.vendors import cache_use, key_of, own_headers, retry_headers


@dataclasses.dataclass
class Plan:
    """What is to be written: `pieces` of a stream, or a whole body."""

    status: int
    headers: dict
    body: bytes | None
    pieces: object = None
    answer: object = None


class StandIn:
    def __init__(self, document):
        self.record = Record()
        self._cache = tokens.PromptCache()
        self.script = Script(document)

    def set_script(self, document):
        """Replaces the script; calls that have begun keep their answers."""
        self.script = Script(document)

    def plan(self, endpoint, entry, headers, raw):
        """The answer to a POST, its entry in the record filled in."""
        script = self.script
        request_id = f"req_standin_{entry['number']:06}"
        limit_state = answer = None
        try:
            body = read_body(raw)
            names = check_caller(endpoint, script, headers, body)
            model = find_model(endpoint, script, names[0])
            self.record.fill(entry, model=body["model"], stream=body.get("stream") is True)
            counting = entry["path"].endswith("/count_tokens")
            if counting:
                return self._counted(endpoint, body, model, request_id, script)
            endpoint.check(body, model)
            wanted = endpoint.read(body)
            check_context(endpoint, tokens.count(wanted.prompt), model)
            limit_state = script.limits.take(key_of(headers), tokens.count(wanted.prompt))
            if limit_state[0] is not None:
                raise Refused("rate_limit")
            call = Call(endpoint.api, names[0], body.get("stream") is True, wanted.prompt,
                        key_of(headers))
            answer = chosen(script, call, headers.get("x-standin-answer", ""), names[1:])
            if answer.error:
                raise Refused(answer.error)
        except (AttributeError, KeyError, TypeError) as wrong:  # a shape that no rule looked at
            refused = Refused("invalid_request", f"the request is malformed: {wrong}")
            return self._refusal(endpoint, entry, refused, answer, request_id, script, limit_state)
        except Refused as refused:
            return self._refusal(endpoint, entry, refused, answer, request_id, script, limit_state)
        turn = make_turn(entry["number"], body["model"], answer, wanted, model,
                         cache_use(endpoint, body, model.id, wanted.prompt, self._cache))
        self.record.fill(entry, answer=answer.name, status=200, usage=turn.usage)
        sent = own_headers(endpoint.vendor, request_id, script.limits, limit_state)
        if not call.stream:
            return whole_plan(endpoint, turn, sent)
        sent |= {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}
        return Plan(200, sent, None, stream_of(endpoint, turn, request_id), answer)

    def _counted(self, endpoint, body, model, request_id, script):
        endpoint.check(body, model, counting=True)
        count = tokens.count(endpoint.read(body).prompt)
        return Plan(200, json_headers(own_headers(endpoint.vendor, request_id, script.limits,
                                                  None)),
                    json.dumps({"input_tokens": count}).encode())

    def _refusal(self, endpoint, entry, refused, answer, request_id, script, limit_state):
        reply = error_reply(endpoint.vendor, refused, request_id, answer.status if answer else 0)
        headers = own_headers(endpoint.vendor, request_id, script.limits, limit_state)
        if answer:
            headers |= retry_headers(answer)
        elif limit_state and limit_state[0] is not None:
            headers["retry-after"] = str(max(math.ceil(limit_state[0]), 1))
        self.record.fill(entry, status=reply.status,
                         answer=answer.name if answer else f"refused: {refused.kind}")
        return Plan(reply.status, headers | {"Content-Type": reply.content_type}, reply.body,
                    answer=answer)


def json_headers(headers):
    return headers | {"Content-Type": "application/json"}


def read_body(raw):
    try:
        body = json.loads(raw)
    except ValueError:
        raise Refused("invalid_request", "The request body is not valid JSON") from None
    if not isinstance(body, dict):
        raise Refused("invalid_request", "The request body is not an object")
    return body


def check_caller(endpoint, script, headers, body):
    """Key, version and model's name; returns the name and the answers named in it (a+b+c)."""
    if not script.accepts_key(key_of(headers)):
        raise Refused("authentication")
    if endpoint.vendor == "anthropic" and not headers.get("anthropic-version"):
        raise Refused("invalid_request", "anthropic-version: header is required")
    if not isinstance(body.get("model"), str) or not body["model"]:
        if endpoint.vendor == "anthropic":
            raise Refused("invalid_request", "model: Field required")
        raise Refused("invalid_request", "you must provide a model parameter", "model")
    return body["model"].split("+")


def find_model(endpoint, script, name):
    model = script.models.get(name)
    if model is not None and model.vendor in (endpoint.vendor, "compatible"):
        return model
    if endpoint.vendor == "anthropic":
        raise Refused("not_found", f"model: {name}")
    raise Refused("not_found", f"The model `{name}` does not exist or you do not have access to "
                  "it.")


def check_context(endpoint, count, model):
    if count <= model.context_tokens_max:
        return
    most = model.context_tokens_max
    if endpoint.vendor == "anthropic":
        raise Refused("context_length", f"prompt is too long: {count} tokens > {most} maximum")
    raise Refused("context_length", f"This model's maximum context length is {most} tokens. "
                  f"However, your messages resulted in {count} tokens. Please reduce the length "
                  "of the messages.", "messages")


def chosen(script, call, header, names):
    try:
        return script.answer_for(call, header, tuple(names))
    except ValueError as wrong:
        raise Refused("invalid_request", f"stand-in: {wrong}") from None


def whole_plan(endpoint, turn, headers):
    if turn.answer.endless:  # spaces before the JSON: a reply that never gets to its point
        blanks = (b" " * len(piece) for piece in turn.pieces())
        return Plan(200, json_headers(headers), None, blanks, turn.answer)
    body = json.dumps(endpoint.wire.whole(turn), ensure_ascii=False).encode("utf-8", "replace")
    return Plan(200, json_headers(headers), body, answer=turn.answer)


def stream_of(endpoint, turn, request_id):
    frames = endpoint.wire.frames(turn)
    if not turn.answer.stream_error:
        return frames
    frames = list(frames)
    kept = frames[: int(len(frames) * turn.answer.stream_error_at)]
    kind, wire = turn.answer.stream_error, endpoint.wire
    if kind == "server_error" and hasattr(wire, "failed_frame"):
        return [*kept, wire.failed_frame(turn, len(kept))]
    return [*kept, wire.error_frame(kind, request_id, len(kept))]
