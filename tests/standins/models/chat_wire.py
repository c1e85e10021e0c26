"""OpenAI chat completions: a turn as one JSON object or as a stream of chunks.

Source: facts/llm-api.md, sections 2 and 3.
"""

import json

from standins.models import errors
from standins.models.turn import pieces_of

FINISH_REASONS = {"end": "stop", "length": "length", "refusal": "stop", "filter": "content_filter",
                  "context": "length", "pause": "stop", "stop_sequence": "stop",
                  "unknown": ""}  # some gateways leave it empty


def finish_reason(turn):
    return "tool_calls" if turn.tool and turn.stop == "end" else FINISH_REASONS[turn.stop]


def usage_of(turn):
    usage = turn.usage
    plain = {"prompt_tokens": usage["input"], "completion_tokens": usage["output"],
             "total_tokens": usage["input"] + usage["output"]}
    if usage["cached"] is None:  # a server that knows no cache
        return plain
    return plain | {
        "prompt_tokens_details": {"cached_tokens": usage["cached"], "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": usage["reasoning"], "audio_tokens": 0,
                                      "accepted_prediction_tokens": 0,
                                      "rejected_prediction_tokens": 0}}


def tool_calls(turn):
    return [{"id": f"call_standin_{turn.number:06}", "type": "function",
             "function": {"name": turn.tool["name"], "arguments": turn.tool["arguments"]}}]


def head(turn, kind):
    return {"id": f"chatcmpl-standin-{turn.number:06}", "object": kind, "created": turn.created,
            "model": turn.model, "system_fingerprint": "fp_standin", "service_tier": "default"}


def whole(turn):
    refused = turn.stop == "refusal"
    said = {"role": "assistant", "content": None if refused else turn.text,
            "refusal": turn.text if refused else None, "annotations": []}
    if turn.thinking and turn.shows_thinking:
        said["reasoning_content"] = turn.thinking
    if turn.tool:
        said["tool_calls"] = tool_calls(turn)
    body = head(turn, "chat.completion")
    body["choices"] = [{"index": 0, "message": said, "logprobs": None,
                        "finish_reason": finish_reason(turn)}]
    if turn.shows_usage:
        body["usage"] = usage_of(turn)
    return body


def frame(data):
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n".encode("utf-8", "replace")


def error_frame(kind, request_id, frames_before):
    _, body = errors.openai_error(errors.Refused(kind))
    return frame(body)


def deltas(turn):
    first = {"role": "assistant", "content": "", "refusal": None}
    if turn.text is None or turn.stop == "refusal":
        first["content"] = None
    yield first
    if turn.thinking and turn.shows_thinking:
        for piece in pieces_of(turn.thinking, turn.answer.chunk_characters):
            yield {"reasoning_content": piece}
    field = "refusal" if turn.stop == "refusal" else "content"
    for piece in turn.pieces():
        yield {field: piece}
    if turn.tool:
        call = tool_calls(turn)[0]
        yield {"tool_calls": [{"index": 0} | call | {"function": call["function"]
                                                     | {"arguments": ""}}]}
        for piece in pieces_of(turn.tool["arguments"], turn.answer.chunk_characters):
            yield {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}


def frames(turn):
    base = head(turn, "chat.completion.chunk")
    if turn.shows_usage:
        base["usage"] = None
    for delta in deltas(turn):
        yield frame(base | {"choices": [{"index": 0, "delta": delta, "logprobs": None,
                                         "finish_reason": None}]})
        if turn.answer.pings:
            yield b": still working\n\n"
    yield frame(base | {"choices": [{"index": 0, "delta": {}, "logprobs": None,
                                     "finish_reason": finish_reason(turn)}]})
    if turn.shows_usage:
        yield frame(base | {"choices": [], "usage": usage_of(turn)})
    yield b"data: [DONE]\n\n"


def model_object(model):
    made = {"id": model.id, "object": "model", "created": 1767225600, "owned_by": "stand-in"}
    if model.vendor == "compatible":
        made |= {"owned_by": "vllm", "max_model_len": model.context_tokens_max}
    return made


def model_list(models):
    return {"object": "list", "data": [model_object(model) for model in models]}
