"""Every request, for tests to assert on: what came, never a credential's value. Thread-safe."""

import collections
import re
import threading
import time

REQUESTS_KEPT_MAX = 10_000
SECRET_QUERY = re.compile(r"((?:X-Goog-Signature|upload_id|token)=)[^&]*", re.IGNORECASE)
STRAY_HEADERS = {"authorization", "cookie"}  # what must never reach another host than the API's
COUNTED = ("listener", "route", "status", "outcome", "fault", "dialect", "authorization")


class Record:
    """Requests in order, and how many of each kind there were."""

    def __init__(self):
        self._lock = threading.Lock()
        self._requests = collections.deque(maxlen=REQUESTS_KEPT_MAX)
        self._number = self._in_flight = self._in_flight_max = 0
        self._began = time.monotonic()

    def begin(self, listener, method, path, headers, authorization):
        """A new entry; the caller fills in what it decides and ends it with `end`."""
        with self._lock:
            self._number += 1
            entry = {"number": self._number, "at_seconds": self._now(), "listener": listener,
                     "method": method, "path": SECRET_QUERY.sub(r"\1***", path),
                     "host": headers.get("Host", ""),
                     "headers": sorted(name.lower() for name in headers),
                     "authorization": authorization, "range": headers.get("Range", ""),
                     "content_range": headers.get("Content-Range", ""),
                     "route": "", "dialect": "", "competition": "", "status": 0, "fault": "",
                     "bytes_received": 0, "bytes_sent": 0, "outcome": "in flight",
                     "ended_seconds": None}
            self._requests.append(entry)
            self._in_flight += 1
            self._in_flight_max = max(self._in_flight_max, self._in_flight)
            return entry

    def fill(self, entry, **fields):
        with self._lock:
            entry.update(fields)

    def end(self, entry, outcome):
        """outcome: complete, client_left, cut, dropped, failed."""
        with self._lock:
            entry.update(outcome=outcome, ended_seconds=self._now())
            self._in_flight -= 1

    def requests(self, after=0, route=""):
        with self._lock:
            return [dict(entry) for entry in self._requests
                    if entry["number"] > after and (not route or entry["route"] == route)]

    def clear(self):
        with self._lock:
            self._requests.clear()
            self._in_flight_max = self._in_flight

    def counts(self):
        """Requests by kind, bytes by route, and how often a credential left the API's host."""
        with self._lock:
            entries = list(self._requests)
            counts = {"requests": len(entries), "in_flight": self._in_flight,
                      "in_flight_max": self._in_flight_max,
                      "leaks": sum(1 for entry in entries if entry["listener"] != "api"
                                   and STRAY_HEADERS & set(entry["headers"]))}
            for what in COUNTED:
                counts[f"by_{what}"] = dict(collections.Counter(
                    str(entry[what]) for entry in entries if entry[what]))
            for what in ("bytes_sent", "bytes_received"):
                counts[what] = collections.Counter()
                for entry in entries:
                    counts[what][entry["route"]] += entry[what]
            return counts

    def _now(self):
        return round(time.monotonic() - self._began, 4)
