"""Rate limits: so many requests of one user in a window; the rest is refused with Retry-After."""

import math
import threading

from standins.kaggle.errors import Refused

DOWNLOAD_ROUTES = {"DownloadDataFiles", "DownloadDataFile"}


class Limits:
    """Fixed windows by the stand-in's clock. Thread-safe."""

    def __init__(self, limits):
        self._limits = limits
        self._lock = threading.Lock()
        self._windows = {}  # (limit's name, user): (begin, requests)

    def take(self, user, route, now):
        """Refused(429) when a limit is reached; downloads have one of their own besides."""
        names = ["all"] + (["downloads"] if route in DOWNLOAD_ROUTES else [])
        with self._lock:
            for name in names:
                if name in self._limits:
                    self._take(name, user, now)

    def _take(self, name, user, now):
        requests_max, seconds = self._limits[name]
        began, requests = self._windows.get((name, user), (now, 0))
        if (now - began).total_seconds() >= seconds:
            began, requests = now, 0
        if requests >= requests_max:
            left = seconds - (now - began).total_seconds()
            raise Refused(429, headers={"Retry-After": str(math.ceil(left))})
        self._windows[name, user] = began, requests + 1
