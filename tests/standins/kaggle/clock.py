"""The stand-in's time: the real one plus what a test has added."""

import datetime
import threading


class Clock:
    """Thread-safe. Deadlines, days, signatures, upload sessions and waits all follow it."""

    def __init__(self):
        self._lock = threading.Lock()
        self._ahead = datetime.timedelta()

    def now(self):
        """An aware time in UTC."""
        with self._lock:
            return datetime.datetime.now(datetime.UTC) + self._ahead

    def advance(self, seconds):
        with self._lock:
            self._ahead += datetime.timedelta(seconds=seconds)

    def set(self, when):
        with self._lock:
            self._ahead = when - datetime.datetime.now(datetime.UTC)


def read_time(text):
    """An ISO time, UTC when it names no zone; ValueError when malformed."""
    when = datetime.datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=datetime.UTC)


def iso(when, digits=0):
    """As the wire has it: Z, and so many digits of a second's fraction (at most nine)."""
    text = when.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S")
    if digits:
        text += "." + f"{when.microsecond:06}000"[:digits]
    return text + "Z"
