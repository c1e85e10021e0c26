"""What Anthropic's Messages endpoint refuses with a 400, in its words.

Source: facts/llm-api.md, sections 1 and 4; words that the
facts do not quote are from memory.
"""

from standins.models.errors import Refused

FIELDS = {
    "model", "max_tokens", "messages", "system", "stop_sequences", "metadata", "service_tier",
    "temperature", "top_p", "top_k", "thinking", "output_config", "tools", "tool_choice",
    "cache_control", "stream", "container", "context_management", "mcp_servers", "inference_geo",
}
SAMPLING = ("temperature", "top_p", "top_k")
CACHE_MARKS_MAX = 4
THINKING_TOKENS_MIN = 1024
EFFORTS = ("low", "medium", "high", "xhigh", "max")


def refuse(message):
    raise Refused("invalid_request", message)


def check(request, model, counting=False):
    """Raises Refused for the first thing that is wrong; `counting`: for count_tokens."""
    for field in request:
        if field not in FIELDS:
            refuse(f"{field}: Extra inputs are not permitted")
    check_messages(request, model)
    if not counting:
        check_max_tokens(request, model)
    check_thinking(request, model)
    check_sampling(request, model)
    check_marks(request)
    effort = (request.get("output_config") or {}).get("effort")
    if effort is not None and effort not in EFFORTS:
        refuse("output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'")


def check_messages(request, model):
    messages = request.get("messages")
    if messages is None:
        refuse("messages: Field required")
    if not isinstance(messages, list) or not all(isinstance(item, dict) for item in messages):
        refuse("messages: Input should be a valid list")
    if not messages:
        refuse("messages: at least one message is required")
    for index, message in enumerate(messages):
        role = message.get("role")
        if role == "system":
            refuse('messages: Unexpected role "system". The Messages API accepts a top-level '
                   "`system` parameter, not \"system\" as an input message role.")
        if role not in ("user", "assistant"):
            refuse(f"messages.{index}.role: Input should be 'user' or 'assistant'")
        if not isinstance(message.get("content"), (str, list)):
            refuse(f"messages.{index}.content: Field required")
    if messages[0]["role"] != "user":
        refuse('messages: first message must use the "user" role')
    if model.refuses_prefill and messages[-1]["role"] == "assistant":
        refuse("This model does not support assistant message prefill. The conversation must end "
               "with a user message.")


def check_max_tokens(request, model):
    tokens = request.get("max_tokens")
    if tokens is None:
        refuse("max_tokens: Field required")
    if not isinstance(tokens, int) or isinstance(tokens, bool):
        refuse("max_tokens: Input should be a valid integer")
    if tokens < 1:
        refuse("max_tokens: Input should be greater than or equal to 1")
    if tokens > model.output_tokens_max:
        refuse(f"max_tokens: {tokens} > {model.output_tokens_max}, which is the maximum allowed "
               f"number of output tokens for {model.id}")


def check_thinking(request, model):
    thinking = request.get("thinking") or {}
    if thinking.get("type") != "enabled":
        return
    if model.refuses_enabled_thinking:
        refuse('"thinking.type.enabled" is not supported for this model. Use '
               '"thinking.type.adaptive" and "output_config.effort" to control thinking behavior.')
    budget = thinking.get("budget_tokens")
    if not isinstance(budget, int) or budget < THINKING_TOKENS_MIN:
        refuse("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")
    if budget >= request.get("max_tokens", budget + 1):
        refuse("`max_tokens` must be greater than `thinking.budget_tokens`.")


def check_sampling(request, model):
    for field in SAMPLING:
        if field in request and model.refuses_sampling:
            refuse(f"`{field}` is deprecated for this model.")
    if "temperature" not in request:
        return
    temperature = request["temperature"]
    if not isinstance(temperature, (int, float)) or isinstance(temperature, bool):
        refuse("temperature: Input should be a valid number")
    if not 0 <= temperature <= 1:
        refuse("temperature: range: 0..1")
    thinks = (request.get("thinking") or {}).get("type") in ("enabled", "adaptive")
    if thinks and temperature != 1:
        refuse("`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.")


def marks_in(value):
    if isinstance(value, list):
        return sum(marks_in(item) for item in value)
    if isinstance(value, dict):
        return ("cache_control" in value) + sum(
            marks_in(item) for key, item in value.items()
            if key in ("tools", "system", "messages", "content"))
    return 0


def check_marks(request):
    marks = marks_in(request)
    if marks > CACHE_MARKS_MAX:
        refuse(f"A maximum of 4 blocks with cache_control may be provided. Found {marks}.")
