"""What was asked and what it cost, for tests to assert on. Thread-safe."""

import collections
import threading
import time

CALLS_KEPT_MAX = 10_000
SECRET_HEADERS = ("authorization", "x-api-key")


def masked(headers):
    """Header names in lower case; of a key only its end: somebody may send a real one."""
    return {name.lower(): "***" + value[-4:] if name.lower() in SECRET_HEADERS else value
            for name, value in headers}


class Record:
    """Calls in order; `changed` is notified when one begins or ends."""

    def __init__(self):
        self.changed = threading.Condition()
        self._calls = collections.deque(maxlen=CALLS_KEPT_MAX)
        self._number = 0
        self._in_flight = self._in_flight_max = 0
        self._began = time.monotonic()

    def now(self):
        return round(time.monotonic() - self._began, 4)

    def begin(self, api, path, headers, body):
        """A new entry; the caller fills in what it decides and ends it with `end`."""
        with self.changed:
            self._number += 1
            entry = {"number": self._number, "at_seconds": self.now(), "api": api, "path": path,
                     "headers": headers, "body": body, "model": "", "stream": False,
                     "answer": "", "status": 0, "usage": None, "bytes_sent": 0,
                     "outcome": "in flight", "ended_seconds": None}
            self._calls.append(entry)
            self._in_flight += 1
            self._in_flight_max = max(self._in_flight_max, self._in_flight)
            self.changed.notify_all()
            return entry

    def fill(self, entry, **fields):
        with self.changed:
            entry.update(fields)

    def end(self, entry, outcome, bytes_sent):
        """outcome: complete, client_left, cut, ended_early."""
        with self.changed:
            entry.update(outcome=outcome, bytes_sent=bytes_sent, ended_seconds=self.now())
            self._in_flight -= 1
            self.changed.notify_all()

    def calls(self, after=0):
        with self.changed:
            return [dict(call) for call in self._calls if call["number"] > after]

    def clear(self):
        with self.changed:
            self._calls.clear()
            self._in_flight_max = self._in_flight

    def counts(self):
        """Calls by api, model, answer and status; tokens of those that were answered."""
        with self.changed:
            calls = list(self._calls)
            totals = {"calls": len(calls), "in_flight": self._in_flight,
                      "in_flight_max": self._in_flight_max,
                      "input_tokens": 0, "output_tokens": 0, "cached_tokens": 0}
            for what in ("api", "model", "answer", "status", "outcome"):
                counted = collections.Counter(str(call[what]) for call in calls)
                totals[f"by_{what}"] = dict(counted)
            for call in calls:
                for name in ("input", "output", "cached"):
                    totals[f"{name}_tokens"] += (call["usage"] or {}).get(name) or 0
            return totals
