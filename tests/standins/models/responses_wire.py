"""OpenAI Responses: a turn as one JSON object or as server-sent events.

Source: facts/llm-api.md, section 2; the names of the events between "created" and the last
one are those of the official client's types.
"""

import json

from standins.models import errors
from standins.models.turn import pieces_of

# stop: (status, reason of incomplete_details)
ENDS = {"end": ("completed", None), "refusal": ("completed", None),
        "stop_sequence": ("completed", None), "pause": ("completed", None),
        "length": ("incomplete", "max_output_tokens"),
        "context": ("incomplete", "max_output_tokens"),
        "filter": ("incomplete", "content_filter"), "unknown": ("queued", None)}


def part_of(turn, text):
    if turn.stop == "refusal":
        return {"type": "refusal", "refusal": text}
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def items(turn, status):
    """Output items of the whole response; tool calls last."""
    made = []
    if turn.thinking:
        made.append({"type": "reasoning", "id": f"rs_standin_{turn.number:06}", "summary": []})
    if turn.text:
        made.append({"type": "message", "id": f"msg_standin_{turn.number:06}", "role": "assistant",
                     "status": "incomplete" if status == "incomplete" else "completed",
                     "content": [part_of(turn, turn.text)]})
    if turn.tool:
        made.append({"type": "function_call", "id": f"fc_standin_{turn.number:06}",
                     "call_id": f"call_standin_{turn.number:06}", "name": turn.tool["name"],
                     "arguments": turn.tool["arguments"], "status": "completed"})
    return made


def usage_of(turn):
    usage = turn.usage
    plain = {"input_tokens": usage["input"], "output_tokens": usage["output"],
             "total_tokens": usage["input"] + usage["output"]}
    if usage["cached"] is None:  # a server that knows no cache
        return plain
    return plain | {
        "input_tokens_details": {"cached_tokens": usage["cached"], "cache_write_tokens": 0},
        "output_tokens_details": {"reasoning_tokens": usage["reasoning"]}}


def response(turn, status, output, error=None):
    reason = ENDS[turn.stop][1] if status == "incomplete" else None
    ended = status in ("completed", "incomplete", "failed", "queued")
    return {"id": f"resp_standin_{turn.number:06}", "object": "response",
            "created_at": turn.created, "status": status, "error": error,
            "incomplete_details": {"reason": reason} if reason else None, "instructions": None,
            "metadata": {}, "model": turn.model, "output": output, "parallel_tool_calls": True,
            "previous_response_id": None, "temperature": 1.0, "text": {"format": {"type": "text"}},
            "tool_choice": "auto", "tools": [], "top_p": 1.0, "truncation": "disabled",
            "usage": usage_of(turn) if ended and turn.shows_usage else None}


def whole(turn):
    status = ENDS[turn.stop][0]
    return response(turn, status, items(turn, status))


def frame(event):
    data = json.dumps(event, ensure_ascii=False)
    return f"event: {event['type']}\ndata: {data}\n\n".encode("utf-8", "replace")


def error_frame(kind, request_id, frames_before):
    _, body = errors.openai_error(errors.Refused(kind))
    error = body["error"]
    return frame({"type": "error", "code": error["code"] or error["type"],
                  "message": error["message"], "param": None, "sequence_number": frames_before})


def failed_frame(turn, frames_before):
    error = {"code": "server_error", "message": "The model failed to produce an answer."}
    return frame({"type": "response.failed", "response": response(turn, "failed", [], error),
                  "sequence_number": frames_before})


def events(turn):
    started = response(turn, "in_progress", [])
    yield {"type": "response.created", "response": started}
    yield {"type": "response.in_progress", "response": started}
    status = ENDS[turn.stop][0]
    for index, item in enumerate(items(turn, status)):
        opened = {"message": item | {"content": [], "status": "in_progress"},
                  "function_call": item | {"arguments": "", "status": "in_progress"}}
        yield {"type": "response.output_item.added", "output_index": index,
               "item": opened.get(item["type"], item)}
        place = {"item_id": item["id"], "output_index": index}
        if item["type"] == "message":
            yield from message_events(turn, place)
        if item["type"] == "function_call":
            yield from call_events(turn, place)
        yield {"type": "response.output_item.done", "output_index": index, "item": item}
    yield {"type": f"response.{status}", "response": whole(turn)}


def message_events(turn, place):
    place = place | {"content_index": 0}
    kind, field = (("refusal", "refusal") if turn.stop == "refusal" else ("output_text", "text"))
    extra = {} if kind == "refusal" else {"logprobs": []}
    yield {"type": "response.content_part.added", **place, "part": part_of(turn, "")}
    for piece in turn.pieces():
        yield {"type": f"response.{kind}.delta", **place, "delta": piece, **extra}
    yield {"type": f"response.{kind}.done", **place, field: turn.text, **extra}
    yield {"type": "response.content_part.done", **place, "part": part_of(turn, turn.text)}


def call_events(turn, place):
    for piece in pieces_of(turn.tool["arguments"], turn.answer.chunk_characters):
        yield {"type": "response.function_call_arguments.delta", **place, "delta": piece}
    yield {"type": "response.function_call_arguments.done", **place, "name": turn.tool["name"],
           "arguments": turn.tool["arguments"]}


def frames(turn):
    for number, event in enumerate(events(turn)):
        yield frame(event | {"sequence_number": number})
        if turn.answer.pings:
            yield b": still working\n\n"
