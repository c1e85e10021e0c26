"""Reads what the three request formats say in different places: prompt, limits, tools, schemas."""

import dataclasses

from standins.models.tokens import anthropic_segments, rendered


@dataclasses.dataclass(frozen=True)
class Wanted:
    """A request, whichever endpoint it came to."""

    prompt: str  # all of it
    last_user_text: str
    output_tokens_max: int | None
    stop_sequences: tuple[str, ...]
    forced_tool: dict | None  # {"name", "schema"}
    schema: dict | None  # what a JSON answer must look like; {} for any object
    with_usage: bool  # chat streams tell usage only when asked


def last_user(turns):
    for turn in reversed(turns):
        if isinstance(turn, dict) and turn.get("role") == "user":
            return rendered(turn.get("content"))
    return ""


def forced(choice, tools):
    """The tool that must be called; `tools` are (name, schema)."""
    choice = {"type": choice} if isinstance(choice, str) else choice or {}
    name = choice.get("name") or choice.get("function", {}).get("name")
    if not name and choice.get("type") not in ("any", "required"):
        return None
    return next(({"name": tool, "schema": schema or {}} for tool, schema in tools
                 if not name or tool == name), None)


def schema_of(wanted):
    """Of a response_format, text.format or output_config.format."""
    wanted = wanted or {}
    if wanted.get("type") == "json_object":
        return {}
    if wanted.get("type") == "json_schema":
        return wanted.get("json_schema", wanted).get("schema") or {}
    return None


def read_messages(body):
    tools = [(tool.get("name"), tool.get("input_schema")) for tool in body.get("tools") or []]
    return Wanted(
        prompt="\n".join(text for text, _ in anthropic_segments(body)),
        last_user_text=last_user(body.get("messages") or []),
        output_tokens_max=body.get("max_tokens"),
        stop_sequences=tuple(body.get("stop_sequences") or ()),
        forced_tool=forced(body.get("tool_choice"), tools),
        schema=schema_of((body.get("output_config") or {}).get("format")),
        with_usage=True,
    )


def read_chat(body):
    functions = [tool.get("function", {}) for tool in body.get("tools") or []]
    tools = [(function.get("name"), function.get("parameters")) for function in functions]
    stop = body.get("stop") or ()
    return Wanted(
        prompt="\n".join(rendered(item) for item in [body.get("tools") or "", *body["messages"]]),
        last_user_text=last_user(body["messages"]),
        output_tokens_max=body.get("max_completion_tokens", body.get("max_tokens")),
        stop_sequences=(stop,) if isinstance(stop, str) else tuple(stop),
        forced_tool=forced(body.get("tool_choice"), tools),
        schema=schema_of(body.get("response_format")),
        with_usage=not body.get("stream")
        or bool((body.get("stream_options") or {}).get("include_usage")),
    )


def read_responses(body):
    items = body["input"] if isinstance(body["input"], list) else [
        {"role": "user", "content": body["input"]}]
    tools = [(tool.get("name"), tool.get("parameters")) for tool in body.get("tools") or []]
    return Wanted(
        prompt="\n".join(rendered(item) for item in [body.get("instructions") or "", *items]),
        last_user_text=last_user(items),
        output_tokens_max=body.get("max_output_tokens"),
        stop_sequences=(),
        forced_tool=forced(body.get("tool_choice"), tools),
        schema=schema_of((body.get("text") or {}).get("format")),
        with_usage=True,
    )


def sample(schema):
    """The smallest value that a JSON schema lets through, for schemas as agents write them."""
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    for choice in ("anyOf", "oneOf"):
        if schema.get(choice):
            return sample(schema[choice][0])
    kind = schema.get("type", "object" if "properties" in schema else "string")
    if isinstance(kind, list):
        kind = kind[0]
    if kind == "object":
        return {key: sample(inner) for key, inner in schema.get("properties", {}).items()}
    if kind == "array":
        return [sample(schema.get("items", {}))] * schema.get("minItems", 0)
    return {"string": "stand-in", "integer": schema.get("minimum", 0),
            "number": schema.get("minimum", 0), "boolean": False, "null": None}[kind]
