"""One call's answer, ready to be written in a wire format: what is said, why it ends, its usage."""

import dataclasses
import itertools
import json
import time

from standins.models import tokens
from standins.models.answers import filled
from standins.models.wanted import sample

ENDLESS_PAUSE_SECONDS = 0.002  # between two pieces: endless, but not a burning processor


@dataclasses.dataclass
class Turn:
    number: int
    model: str  # as it was asked for
    answer: object
    text: str | None
    thinking: str
    tool: dict | None  # {"name", "arguments": text}
    stop: str  # as in Answer, or stop_sequence
    stop_sequence: str | None
    usage: dict  # input (all of it), cached, written, output, reasoning: as the wire tells it
    shows_usage: bool
    shows_thinking: bool
    created: int

    def pieces(self):
        """The text as the deltas of a stream."""
        if not self.answer.endless:
            return pieces_of(self.text or "", self.answer.chunk_characters)
        return endless_pieces(self.text)


def pieces_of(text, size):
    return [text[start:start + size] for start in range(0, len(text), size)]


def endless_pieces(text):
    for piece in itertools.repeat(text):
        time.sleep(ENDLESS_PAUSE_SECONDS)
        yield piece


def is_plain_good(answer):
    return answer.name == "good" and answer.tool is None


def said(answer, wanted):
    """(text, tool) of an answer. The good answer gives what a request forces: a tool call, JSON."""
    text, tool = answer.text, answer.tool
    if text is not None:
        text = filled(text, wanted.last_user_text)
    if is_plain_good(answer) and wanted.forced_tool:
        tool = {"name": wanted.forced_tool["name"],
                "arguments": sample(wanted.forced_tool["schema"])}
        text = None
    elif is_plain_good(answer) and wanted.schema is not None:
        text = json.dumps(sample(wanted.schema or {"properties": {"answer": {}}}))
    if tool and not isinstance(tool["arguments"], str):
        tool = tool | {"arguments": json.dumps(tool["arguments"])}
    return text, tool


def shortened(text, stop, answer, wanted, model):
    """What stop sequences and the limit of output tokens leave: (text, stop, stop_sequence)."""
    if text is None or answer.endless:
        return text, stop, None
    found = [(text.find(mark), mark) for mark in wanted.stop_sequences if mark and mark in text]
    sequence = None
    if found:
        at, sequence = min(found)
        text, stop = text[:at], "stop_sequence"
    limit = min(wanted.output_tokens_max or model.output_tokens_max, model.output_tokens_max)
    left = max(limit - tokens.count(answer.thinking), 0)
    if tokens.count(text) > left:
        text, stop, sequence = tokens.cut_to(text, left), "length", None
    return text, stop, sequence


def make_turn(number, asked_model, answer, wanted, model, cache_use):
    """`cache_use`: (cached, written, other) tokens of the prompt."""
    text, tool = said(answer, wanted)
    text, stop, sequence = shortened(text, answer.stop, answer, wanted, model)
    cached, written, other = cache_use
    reasoning = tokens.count(answer.thinking)
    output = tokens.count(text or "") + tokens.count(tool["arguments"] if tool else "")
    usage = {"input": cached + written + other, "cached": cached, "written": written,
             "output": output + reasoning, "reasoning": reasoning}
    if answer.usage:
        usage |= answer.usage
        # A claim about the prompt alone is a claim about all of it.
        if "input" in answer.usage and "cached" not in answer.usage:
            usage |= {"cached": 0, "written": 0}
    return Turn(number, asked_model, answer, text, answer.thinking, tool, stop, sequence, usage,
                shows_usage=answer.usage != {} and wanted.with_usage,
                shows_thinking=model.vendor != "openai", created=int(time.time()))
