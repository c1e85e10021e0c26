"""The vendors' rate limits: a window of requests and tokens per key, and the headers that tell."""

import datetime
import threading
import time


def go_duration(seconds):
    """As OpenAI writes it: 120ms, 1s, 6m0s."""
    if seconds < 1:
        return f"{round(seconds * 1000)}ms"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"


class Limits:
    """Counts per key in fixed windows. Refuses only when a script names limits. Thread-safe."""

    def __init__(self, requests=4000, tokens=4_000_000, window_seconds=60, enforced=False):
        if min(requests, tokens, window_seconds) <= 0:
            raise ValueError("limits are above 0")
        self.requests, self.tokens = requests, tokens
        self.window_seconds, self.enforced = window_seconds, enforced
        self._lock = threading.Lock()
        self._windows = {}

    def take(self, key, tokens):
        """(seconds to wait or None, requests left, tokens left, seconds until all is back)."""
        with self._lock:
            now = time.monotonic()
            started, requests_used, tokens_used = self._windows.get(key, (now, 0, 0))
            if now - started >= self.window_seconds:
                started, requests_used, tokens_used = now, 0, 0
            reset = started + self.window_seconds - now
            full = requests_used + 1 > self.requests or tokens_used + tokens > self.tokens
            # One request larger than a whole window passes when it is the first of its window.
            if full and self.enforced and requests_used > 0:
                self._windows[key] = (started, requests_used, tokens_used)
                return (reset, max(self.requests - requests_used, 0),
                        max(self.tokens - tokens_used, 0), reset)
            self._windows[key] = (started, requests_used + 1, tokens_used + tokens)
            return (None, max(self.requests - requests_used - 1, 0),
                    max(self.tokens - tokens_used - tokens, 0), reset)

    def anthropic_headers(self, requests_left, tokens_left, reset):
        at = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=reset)
        when = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        headers = {}
        for what, limit, left in (("requests", self.requests, requests_left),
                                  ("tokens", self.tokens, tokens_left),
                                  ("input-tokens", self.tokens, tokens_left),
                                  ("output-tokens", self.tokens, tokens_left)):
            prefix = f"anthropic-ratelimit-{what}"
            headers |= {f"{prefix}-limit": str(limit), f"{prefix}-remaining": str(left),
                        f"{prefix}-reset": when}
        return headers

    def openai_headers(self, requests_left, tokens_left, reset):
        headers = {}
        for what, limit, left in (("requests", self.requests, requests_left),
                                  ("tokens", self.tokens, tokens_left)):
            headers |= {f"x-ratelimit-limit-{what}": str(limit),
                        f"x-ratelimit-remaining-{what}": str(left),
                        f"x-ratelimit-reset-{what}": go_duration(reset)}
        return headers
