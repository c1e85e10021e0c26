"""What the stand-in can say: an `Answer` is data, catalogue.py gives the useful ones a name.

Nothing here knows a wire format; anthropic_wire, chat_wire and responses_wire turn an answer into
the bytes of their vendor.
"""

import dataclasses
import re


@dataclasses.dataclass(frozen=True)
class Answer:
    """One answer, good or bad. Every field can be overridden in a script (see README.md)."""

    name: str = "custom"
    # What is said. {{prompt}} becomes the last user message, {{metric}} the metric it names.
    text: str | None = ""  # None: a null content (chat), no block at all (the others)
    thinking: str = ""  # shown before the text where the vendor shows it, always counted
    tool: dict | None = None  # {"name": ..., "arguments": {...} or a text that is not JSON}
    stop: str = "end"  # end, length, refusal, filter, context, pause, unknown
    usage: dict | None = None  # overrides fields of the vendor's usage; {} leaves usage out
    # An error instead of an answer: a kind of errors.py.
    error: str = ""
    status: int = 0  # another HTTP status than the kind's
    retry_after: float | str | None = None  # seconds, or any text such as a date
    retry_after_ms: int | None = None
    should_retry: bool | None = None  # the header x-should-retry
    # How the bytes come. Fractions are of the bytes (stream_error: of the pieces) of the answer.
    first_byte_seconds: float = 0
    bytes_per_second: float = 0  # 0: as fast as it goes
    chunk_characters: int = 24  # characters in one delta of a stream
    write_bytes: int = 0  # > 0: writes of this size, through characters and data lines
    pings: bool = False  # a ping or comment between all deltas
    cut_at: float | None = None  # the connection is torn there
    end_at: float | None = None  # a stream ends there, politely but without its last events
    hang_at: float | None = None  # nothing comes after it, the connection stays
    stream_error: str = ""  # a kind of errors.py, inside the 200 stream
    stream_error_at: float = 0.5
    endless: bool = False  # the text again and again until the client leaves

    def changed(self, fields):
        """With fields of a script's object in place; ValueError for a field that is not known."""
        known = {field.name for field in dataclasses.fields(self)} - {"name"}
        unknown = sorted(set(fields) - known)
        if unknown:
            raise ValueError(f"unknown fields of an answer: {', '.join(unknown)}")
        return dataclasses.replace(self, **fields)


# What a prompt calls a metric, longest names first, and the key that a candidate reports.
METRICS = (
    (r"root mean squared log|rmsle", "rmsle"),
    (r"root mean squared error|\brmse", "rmse"),
    (r"mean absolute error|\bmae\b", "mae"),
    (r"quadratic weighted kappa|\bqwk", "qwk"),
    (r"area under|\bauc\b", "auc"),
    (r"log ?loss|cross.entropy", "logloss"),
    (r"accuracy", "accuracy"),
)


def metric_in(prompt):
    """The key of the metric that a prompt asks for: looked for first in lines that begin with
    "metric", then in lines that say it, then anywhere."""
    lines = prompt.lower().split("\n")
    named = [line for line in lines if line.startswith("metric")]
    said = [line for line in lines if "metric" in line]
    for text in ("\n".join(named), "\n".join(said), prompt.lower()):
        for pattern, key in METRICS:
            if re.search(pattern, text):
                return key
    return ""


def filled(text, prompt):
    return text.replace("{{metric}}", metric_in(prompt)).replace("{{prompt}}", prompt)

