"""Counts tokens and plays the prompt caches. Deterministic: four bytes of UTF-8 are a token."""

import hashlib
import json
import threading

CACHE_TOKENS_MIN = 1024  # shorter prefixes are silently not cached
OPENAI_CACHE_STEP = 128  # OpenAI caches prefixes in steps of so many tokens
CACHE_ENTRIES_MAX = 100_000


def count(text):
    return (len(text.encode("utf-8", "replace")) + 3) // 4


def cut_to(text, tokens):
    """The beginning of a text that is at most so many tokens, never half a character."""
    return text.encode("utf-8", "replace")[: tokens * 4].decode("utf-8", "ignore")


def rendered(value):
    """A part of a prompt as text, without the cache marks, which are not part of it."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(rendered(item) for item in value)
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            return value["text"]
        if "content" in value:
            return f"<{value.get('role', '')}>" + rendered(value["content"])
        kept = {key: item for key, item in value.items() if key != "cache_control"}
        return json.dumps(kept, sort_keys=True)
    return "" if value is None else str(value)


def anthropic_segments(request):
    """The prompt in the vendor's order (tools, system, messages): [(text, is marked)]."""
    segments = []

    def add(block, prefix=""):
        marked = isinstance(block, dict) and "cache_control" in block
        segments.append((prefix + rendered(block), marked))

    for tool in request.get("tools") or []:
        add(tool)
    system = request.get("system") or []
    for block in [system] if isinstance(system, str) else system:
        add(block)
    for message in request.get("messages") or []:
        content = message.get("content") or ""
        for block in [content] if isinstance(content, str) else content:
            add(block, f"<{message.get('role')}>")
    if "cache_control" in request and segments:
        segments[-1] = (segments[-1][0], True)
    return segments


class PromptCache:
    """Which prefixes were seen. Nothing expires while the stand-in runs. Thread-safe."""

    def __init__(self):
        self._lock = threading.Lock()
        self._seen = set()

    def _remember(self, keys):
        if len(self._seen) > CACHE_ENTRIES_MAX:
            self._seen.clear()
        self._seen.update(keys)

    def anthropic(self, model, segments):
        """(tokens read, tokens written, other tokens) of a prompt with marks."""
        digest, tokens, read, last_mark, written = hashlib.sha256(model.encode()), 0, 0, 0, []
        with self._lock:
            for text, marked in segments:
                digest.update(text.encode("utf-8", "replace") + b"\0")
                tokens += count(text)
                key = digest.hexdigest()
                if tokens < CACHE_TOKENS_MIN:
                    continue
                if key in self._seen and any(mark for _, mark in segments):
                    read = tokens
                if marked:
                    last_mark = tokens
                    written.append(key)
            self._remember(written)
        return read, max(last_mark - read, 0), tokens - max(last_mark, read)

    def openai(self, model, prompt):
        """Cached tokens of a prompt; every prompt is remembered without being asked to."""
        data, digest, cached, keys = prompt.encode("utf-8", "replace"), None, 0, []
        step = OPENAI_CACHE_STEP * 4
        digest = hashlib.sha256(b"openai" + model.encode())
        with self._lock:
            for end in range(step, len(data) + 1, step):
                digest.update(data[end - step:end])
                keys.append(digest.hexdigest())
                if keys[-1] in self._seen and end // 4 >= CACHE_TOKENS_MIN:
                    cached = end // 4
            self._remember(keys)
        return cached
