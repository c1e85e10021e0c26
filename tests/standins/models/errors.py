"""Errors in the form of each vendor: a kind becomes status, headers and body.

Source: facts/llm-api.md, sections 1 (errors), 2 (errors) and 3 (compatible servers).
"""

import dataclasses
import json


class Refused(Exception):
    """A request that gets an error: `kind` of the tables below, with its own words if it has."""

    def __init__(self, kind, message="", param=None, code=None):
        super().__init__(message or kind)
        self.kind, self.message, self.param, self.code = kind, message, param, code


@dataclasses.dataclass(frozen=True)
class ErrorReply:
    status: int
    body: bytes
    content_type: str = "application/json"


HTML = b"<html>\r\n<head><title>%s</title></head>\r\n<body><h1>%s</h1></body>\r\n</html>\r\n"
HTML_KINDS = {
    "too_large": (413, b"413 Request Entity Too Large"),
    "html": (502, b"502 Bad Gateway"),
}

# kind: (status, error.type, message)
ANTHROPIC = {
    "invalid_request": (400, "invalid_request_error", "The request is not valid."),
    "context_length": (400, "invalid_request_error",
                       "prompt is too long: 204801 tokens > 200000 maximum"),
    "authentication": (401, "authentication_error", "invalid x-api-key"),
    "billing": (402, "billing_error", "There is an issue with your billing."),
    "quota": (400, "invalid_request_error",
              "Your credit balance is too low to access the Anthropic API. Please go to Plans & "
              "Billing to upgrade or purchase credits."),
    "permission": (403, "permission_error",
                   "Your API key does not have permission to use the specified resource."),
    "not_found": (404, "not_found_error", "Not found"),
    "conflict": (409, "conflict_error", "The request conflicts with another one."),
    "rate_limit": (429, "rate_limit_error",
                   "This request would exceed your organization's rate limit."),
    "server_error": (500, "api_error", "Internal server error"),
    "unavailable": (503, "api_error", "Service unavailable"),
    "timeout": (504, "timeout_error", "Request timed out."),
    "overloaded": (529, "overloaded_error", "Overloaded"),
}

# kind: (status, error.type, error.code, message)
OPENAI = {
    "invalid_request": (400, "invalid_request_error", None, "The request is not valid."),
    "context_length": (400, "invalid_request_error", "context_length_exceeded",
                       "This model's maximum context length is 128000 tokens. However, your "
                       "messages resulted in 131072 tokens. Please reduce the length of the "
                       "messages."),
    "authentication": (401, "invalid_request_error", "invalid_api_key",
                       "Incorrect API key provided. You can find your API key at "
                       "https://platform.openai.com/account/api-keys."),
    "billing": (429, "insufficient_quota", "insufficient_quota",
                "You exceeded your current quota, please check your plan and billing details."),
    "quota": (429, "insufficient_quota", "insufficient_quota",
              "You exceeded your current quota, please check your plan and billing details."),
    "permission": (403, "invalid_request_error", "unsupported_country_region_territory",
                   "Country, region, or territory not supported"),
    "not_found": (404, "invalid_request_error", "model_not_found",
                  "The model does not exist or you do not have access to it."),
    "conflict": (409, "invalid_request_error", None, "The request conflicts with another one."),
    "rate_limit": (429, "requests", "rate_limit_exceeded", "Rate limit reached for requests."),
    "server_error": (500, "server_error", None,
                     "The server had an error while processing your request. Sorry about that!"),
    "unavailable": (503, "server_error", None, "The engine is currently unavailable."),
    "timeout": (504, "server_error", None, "Request timed out."),
    "overloaded": (503, "server_error", "server_is_overloaded",
                   "The server is currently overloaded with other requests."),
}

KINDS = set(ANTHROPIC) | set(HTML_KINDS) | {"integer_code", "flat"}


def anthropic_error(refused, request_id):
    """(status, the error object of body and stream)."""
    kind = {"integer_code": "invalid_request", "flat": "invalid_request"}.get(
        refused.kind, refused.kind)
    status, name, message = ANTHROPIC[kind]
    return status, {"type": "error",
                    "error": {"type": name, "message": refused.message or message},
                    "request_id": request_id}


def openai_error(refused):
    """(status, the error object of body and stream)."""
    if refused.kind == "integer_code":  # vLLM
        return 400, {"error": {"message": "max_tokens is too large", "type": "BadRequestError",
                               "param": "max_tokens", "code": 400}}
    if refused.kind == "flat":  # older vLLM
        return 400, {"object": "error", "message": "max_tokens is too large",
                     "type": "BadRequestError", "param": None, "code": 40303}
    status, name, code, message = OPENAI[refused.kind]
    return status, {"error": {"message": refused.message or message, "type": name,
                              "param": refused.param, "code": refused.code or code}}


def error_reply(vendor, refused, request_id, status=0):
    """The whole reply of an error; `status` replaces the kind's own."""
    if refused.kind in HTML_KINDS:  # comes from the edge, before anything that speaks JSON
        own, title = HTML_KINDS[refused.kind]
        return ErrorReply(status or own, HTML % (title, title), "text/html")
    own, body = (anthropic_error(refused, request_id) if vendor == "anthropic"
                 else openai_error(refused))
    return ErrorReply(status or own, json.dumps(body).encode())
