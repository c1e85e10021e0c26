"""What OpenAI's chat completions and Responses refuse with a 400, in their words.

Source: facts/llm-api.md, sections 2 and 4; words that the
facts do not quote are from memory.
Models of the vendor "compatible" take everything: Ollama, vLLM and llama.cpp ignore what they do
not know.
"""

import json

from standins.models.errors import Refused

CHAT_FIELDS = {
    "model", "messages", "max_completion_tokens", "max_tokens", "temperature", "top_p", "n", "stop",
    "seed", "reasoning_effort", "verbosity", "tools", "tool_choice", "prompt_cache_key",
    "service_tier", "store", "stream", "stream_options", "response_format", "metadata", "user",
    "frequency_penalty", "presence_penalty", "logprobs", "top_logprobs", "logit_bias",
    "parallel_tool_calls", "safety_identifier", "prediction", "modalities", "web_search_options",
    "prompt_cache_retention", "prompt_cache_options",
}
RESPONSES_FIELDS = {
    "model", "input", "instructions", "max_output_tokens", "reasoning", "text", "tools",
    "tool_choice", "previous_response_id", "store", "stream", "stream_options", "temperature",
    "top_p", "truncation", "metadata", "user", "include", "parallel_tool_calls", "background",
    "prompt_cache_key", "service_tier", "safety_identifier", "max_tool_calls", "top_logprobs",
    "prompt_cache_retention", "prompt_cache_options", "conversation", "prompt",
}
MOVED = {"max_tokens": "max_output_tokens", "max_completion_tokens": "max_output_tokens",
         "response_format": "text.format", "reasoning_effort": "reasoning.effort",
         "messages": "input"}
INTEGERS = ("max_tokens", "max_completion_tokens", "max_output_tokens", "n", "seed")
NUMBERS = ("temperature", "top_p", "frequency_penalty", "presence_penalty")
OUTPUT_TOKENS_MIN = 16  # of the Responses endpoint


def refuse(message, param, code=None):
    raise Refused("invalid_request", message, param, code)


def check_chat(request, model):
    if not isinstance(request.get("messages"), list):
        refuse("Missing required parameter: 'messages'.", "messages", "missing_required_parameter")
    if model.vendor == "compatible":
        return
    if not request["messages"]:
        refuse("Invalid 'messages': empty array. Expected an array with minimum length 1, but got "
               "an empty array instead.", "messages", "empty_array")
    for field in request:
        if field not in CHAT_FIELDS:
            refuse(f"Unknown parameter: '{field}'.", field, "unknown_parameter")
    check_numbers(request)
    check_reasoning(request, model)
    if "max_tokens" in request and "max_completion_tokens" in request:
        refuse("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not "
               "supported.", "max_tokens", "invalid_parameter_combination")
    if "reasoning_effort" in request and not model.is_reasoning:
        refuse("Unrecognized request argument supplied: reasoning_effort", None)
    if request.get("stream_options") is not None and not request.get("stream"):
        refuse("The 'stream_options' parameter is only allowed when 'stream' is enabled.",
               "stream_options")
    limit = request.get("max_completion_tokens", request.get("max_tokens"))
    check_limit(limit, "max_tokens", model)
    check_format(request.get("response_format") or {}, request["messages"], "response_format")


def check_reasoning(request, model):
    """One at a time, in this order: mending one reveals the next."""
    if not model.is_reasoning:
        return
    if "max_tokens" in request:
        refuse("Unsupported parameter: 'max_tokens' is not supported with this model. Use "
               "'max_completion_tokens' instead.", "max_tokens", "unsupported_parameter")
    for field in ("temperature", "top_p"):
        if request.get(field, 1) != 1:
            refuse(f"Unsupported value: '{field}' does not support {request[field]} with this "
                   "model. Only the default (1) value is supported.", field, "unsupported_value")
    if model.refuses_stop and "stop" in request:
        refuse("Unsupported parameter: 'stop' is not supported with this model.", "stop",
               "unsupported_parameter")


def check_responses(request, model):
    if "input" not in request:
        refuse("Missing required parameter: 'input'.", "input", "missing_required_parameter")
    if model.vendor == "compatible":
        return
    for field in request:
        if field in MOVED:
            refuse(f"Unsupported parameter: '{field}'. In the Responses API, this parameter has "
                   f"moved to '{MOVED[field]}'. Try again with the new parameter.", field,
                   "unsupported_parameter")
        if field not in RESPONSES_FIELDS:
            refuse(f"Unknown parameter: '{field}'.", field, "unknown_parameter")
    check_numbers(request)
    for field in ("temperature", "top_p"):
        if model.is_reasoning and field in request:
            refuse(f"Unsupported parameter: '{field}' is not supported with this model.", field,
                   "unsupported_parameter")
    limit = request.get("max_output_tokens")
    if limit is not None and limit < OUTPUT_TOKENS_MIN:
        refuse(f"Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, "
               f"but got {limit} instead.", "max_output_tokens", "integer_below_min_value")
    check_limit(limit, "max_output_tokens", model)
    check_format((request.get("text") or {}).get("format") or {}, request["input"], "text.format")


def check_numbers(request):
    for field in (*INTEGERS, *NUMBERS):
        if field not in request:
            continue
        value, whole = request[field], field in INTEGERS
        expected = "an integer" if whole else "a number"
        right = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
        if value is None and field == "max_output_tokens":
            continue  # the Responses endpoint takes null here
        if not right:
            got = "null" if value is None else type(value).__name__
            refuse(f"Invalid type for '{field}': expected {expected}, but got {got} instead.",
                   field, "invalid_type")
    temperature = request.get("temperature", 1)
    if temperature > 2:
        refuse(f"Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but "
               f"got {temperature} instead.", "temperature", "decimal_above_max_value")
    if temperature < 0:
        refuse(f"Invalid 'temperature': decimal below minimum value. Expected a value >= 0, but "
               f"got {temperature} instead.", "temperature", "decimal_below_min_value")


def check_limit(limit, field, model):
    if limit is not None and limit > model.output_tokens_max:
        refuse(f"{field} is too large: {limit}. This model supports at most "
               f"{model.output_tokens_max} completion tokens, whereas you provided {limit}.",
               field, "invalid_value")


def check_format(wanted, prompt, field):
    """`wanted` is chat's {"json_schema": {...}} or the flatter object of Responses."""
    if wanted.get("type") == "json_object" and "json" not in json.dumps(prompt).lower():
        refuse(f"'messages' must contain the word 'json' in some form, to use '{field}' of type "
               "'json_object'.", "messages")
    if wanted.get("type") != "json_schema":
        return
    described = wanted.get("json_schema", wanted)
    if not described.get("name"):
        refuse(f"Missing required parameter: '{field}.name'.", f"{field}.name",
               "missing_required_parameter")
    if described.get("strict"):
        check_strict(described.get("schema") or {}, described["name"], field)


def check_strict(schema, name, field, path=()):
    where = f"Invalid schema for response_format '{name}': In context={path}, "
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            refuse(where + "'additionalProperties' is required to be supplied and to be false.",
                   field, None)
        missing = set(schema.get("properties", {})) - set(schema.get("required", []))
        if missing:
            refuse(where + "'required' is required to be supplied and to be an array including "
                   f"every key in properties. Missing '{sorted(missing)[0]}'.", field, None)
    for key, inner in schema.get("properties", {}).items():
        check_strict(inner, name, field, (*path, "properties", key))
    if isinstance(schema.get("items"), dict):
        check_strict(schema["items"], name, field, (*path, "items"))
