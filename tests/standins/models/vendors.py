"""What differs between the endpoints, in one table: rules, reader, wire format, headers, errors."""

import dataclasses
import types
from collections.abc import Callable

from standins.models import (
    anthropic_rules,
    anthropic_wire,
    chat_wire,
    openai_rules,
    responses_wire,
    tokens,
    wanted,
)


@dataclasses.dataclass(frozen=True)
class Endpoint:
    api: str  # messages, chat, responses
    path: str  # how a path ends, so that any base URL in front of it will do
    vendor: str  # anthropic, openai
    check: Callable
    read: Callable
    wire: types.ModuleType


ENDPOINTS = (
    Endpoint("messages", "/messages", "anthropic", anthropic_rules.check, wanted.read_messages,
             anthropic_wire),
    Endpoint("chat", "/chat/completions", "openai", openai_rules.check_chat, wanted.read_chat,
             chat_wire),
    Endpoint("responses", "/responses", "openai", openai_rules.check_responses,
             wanted.read_responses, responses_wire),
)


def endpoint_of(path):
    return next((endpoint for endpoint in ENDPOINTS if path.endswith(endpoint.path)), None)


def key_of(headers):
    """The key of a request, wherever the vendor's clients put it."""
    bearer = headers.get("Authorization", "")
    return headers.get("x-api-key") or bearer.removeprefix("Bearer ").strip()


def own_headers(vendor, request_id, limits, limit_state):
    """Headers of every reply of a vendor; `limit_state` is what Limits.take returned."""
    if vendor == "anthropic":
        return {"request-id": request_id, "anthropic-organization-id": "org-standin"} | (
            limits.anthropic_headers(*limit_state[1:]) if limit_state else {})
    return {"x-request-id": request_id, "openai-processing-ms": "1",
            "openai-version": "2020-10-01", "openai-organization": "org-standin"} | (
        limits.openai_headers(*limit_state[1:]) if limit_state else {})


def retry_headers(answer):
    headers = {}
    if answer.retry_after is not None:
        headers["retry-after"] = str(answer.retry_after)
    if answer.retry_after_ms is not None:
        headers["retry-after-ms"] = str(answer.retry_after_ms)
    if answer.should_retry is not None:
        headers["x-should-retry"] = "true" if answer.should_retry else "false"
    return headers


def cache_use(endpoint, body, model_name, prompt, cache):
    """(cached, written, other) tokens of a prompt."""
    if endpoint.vendor == "anthropic":
        return cache.anthropic(model_name, tokens.anthropic_segments(body))
    cached = cache.openai(model_name, prompt)
    return cached, 0, tokens.count(prompt) - cached
