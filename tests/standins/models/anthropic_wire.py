"""Anthropic Messages: a turn as one JSON object or as server-sent events.

Source: facts/llm-api.md, section 1. Every function is pure but for the clock in the turn.
"""

import json

from standins.models import errors
from standins.models.turn import pieces_of

STOP_REASONS = {"end": "end_turn", "length": "max_tokens", "refusal": "refusal",
                "filter": "refusal", "context": "model_context_window_exceeded",
                "pause": "pause_turn", "stop_sequence": "stop_sequence", "unknown": "new_reason"}
SIGNATURE = "c3RhbmQtaW4="


def stop_reason(turn):
    return "tool_use" if turn.tool and turn.stop == "end" else STOP_REASONS[turn.stop]


def stop_details(turn):
    if stop_reason(turn) != "refusal":
        return None
    return {"type": "refusal", "category": None, "explanation": turn.text}


def input_usage(turn):
    usage = turn.usage
    if usage["cached"] is None:  # a gateway that knows no cache
        return {"input_tokens": usage["input"]}
    return {"input_tokens": usage["input"] - usage["cached"] - usage["written"],
            "cache_creation_input_tokens": usage["written"],
            "cache_read_input_tokens": usage["cached"],
            "cache_creation": {"ephemeral_5m_input_tokens": usage["written"],
                               "ephemeral_1h_input_tokens": 0},
            "service_tier": "standard"}


def blocks(turn):
    """Content blocks of the whole message; empty where there is nothing to say."""
    made = []
    if turn.thinking:
        made.append({"type": "thinking", "thinking": turn.thinking, "signature": SIGNATURE})
    if turn.text and turn.stop != "refusal":
        made.append({"type": "text", "text": turn.text})
    if turn.tool:
        made.append({"type": "tool_use", "id": f"toolu_standin_{turn.number:06}",
                     "name": turn.tool["name"], "input": turn.tool["arguments"]})
    return made


def message(turn, content, stopped, output_tokens):
    body = {"id": f"msg_standin_{turn.number:06}", "type": "message", "role": "assistant",
            "model": turn.model, "content": content, "stop_reason": None, "stop_sequence": None,
            "stop_details": None}
    if stopped:
        body |= {"stop_reason": stop_reason(turn), "stop_sequence": turn.stop_sequence,
                 "stop_details": stop_details(turn)}
    if turn.shows_usage:
        body["usage"] = input_usage(turn) | {"output_tokens": output_tokens}
    return body


def whole(turn):
    content = [block | {"input": parsed(block["input"])} if "input" in block else block
               for block in blocks(turn)]
    return message(turn, content, True, turn.usage["output"])


def parsed(arguments):
    try:
        return json.loads(arguments)
    except ValueError:
        return {"not_json": arguments}


def frame(event):
    data = json.dumps(event, ensure_ascii=False)
    return f"event: {event['type']}\ndata: {data}\n\n".encode("utf-8", "replace")


def error_frame(kind, request_id, frames_before):
    _, body = errors.anthropic_error(errors.Refused(kind), request_id)
    return frame({"type": "error", "error": body["error"]})


def deltas_of(block, turn):
    """(the block as it starts, its deltas)."""
    size = turn.answer.chunk_characters
    if block["type"] == "thinking":
        start = block | {"thinking": "", "signature": ""}
        return start, [*({"type": "thinking_delta", "thinking": piece}
                         for piece in pieces_of(block["thinking"], size)),
                       {"type": "signature_delta", "signature": SIGNATURE}]
    if block["type"] == "tool_use":
        return block | {"input": {}}, ({"type": "input_json_delta", "partial_json": piece}
                                       for piece in ["", *pieces_of(block["input"], size)])
    return block | {"text": ""}, ({"type": "text_delta", "text": piece}
                                  for piece in turn.pieces())


def frames(turn):
    yield frame({"type": "message_start", "message": message(turn, [], False, 1)})
    for index, block in enumerate(blocks(turn)):
        start, deltas = deltas_of(block, turn)
        yield frame({"type": "content_block_start", "index": index, "content_block": start})
        if index == 0:
            yield frame({"type": "ping"})
        for delta in deltas:
            yield frame({"type": "content_block_delta", "index": index, "delta": delta})
            if turn.answer.pings:
                yield frame({"type": "ping"})
        yield frame({"type": "content_block_stop", "index": index})
    last = {"type": "message_delta",
            "delta": {"stop_reason": stop_reason(turn), "stop_sequence": turn.stop_sequence,
                      "stop_details": stop_details(turn)}}
    if turn.shows_usage:
        last["usage"] = {key: value for key, value in input_usage(turn).items()
                         if key.endswith("input_tokens")} | {"output_tokens": turn.usage["output"]}
    yield frame(last)
    yield frame({"type": "message_stop"})


def model_object(model):
    return {"type": "model", "id": model.id, "display_name": model.id.replace("-", " ").title(),
            "created_at": "2026-01-01T00:00:00Z", "max_input_tokens": model.context_tokens_max,
            "max_tokens": model.output_tokens_max, "lifecycle": "active"}


def model_list(models):
    data = [model_object(model) for model in models]
    return {"data": data, "has_more": False, "first_id": data[0]["id"] if data else None,
            "last_id": data[-1]["id"] if data else None}
