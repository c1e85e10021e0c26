"""The models that the stand-in has, and what each one refuses.

Source: facts/llm-api.md, section 4. The names are like the vendors', the limits are ours
where the facts name none. A script can add models.
"""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Model:
    id: str
    vendor: str  # anthropic, openai, compatible (takes everything, knows no rule)
    context_tokens_max: int = 200_000
    output_tokens_max: int = 64_000
    # Anthropic
    refuses_sampling: bool = False  # temperature, top_p, top_k (Opus 4.7 and later)
    refuses_prefill: bool = False  # the list must end with a user turn (4.6 and later)
    refuses_enabled_thinking: bool = False  # only adaptive thinking (4.7 and later)
    # OpenAI
    is_reasoning: bool = False  # no max_tokens, no temperature but 1
    refuses_stop: bool = False  # o-series


def opus(name):
    return Model(name, "anthropic", refuses_sampling=True, refuses_prefill=True,
                 refuses_enabled_thinking=True, output_tokens_max=128_000)


BUILT_IN = (
    opus("claude-opus-4-8"),
    opus("claude-opus-4-7"),
    Model("claude-sonnet-4-6", "anthropic", refuses_prefill=True),
    Model("claude-sonnet-4-5", "anthropic"),
    Model("claude-haiku-4-5", "anthropic"),
    Model("gpt-5", "openai", 400_000, 128_000, is_reasoning=True),
    Model("gpt-5-mini", "openai", 400_000, 128_000, is_reasoning=True),
    Model("o3", "openai", 200_000, 100_000, is_reasoning=True, refuses_stop=True),
    Model("gpt-4o", "openai", 128_000, 16_384),
    Model("gpt-4o-mini", "openai", 128_000, 16_384),
    Model("local-large", "compatible", 131_072, 131_072),
    Model("local-small", "compatible", 8_192, 8_192),
)


def model_table(extra):
    """Name to model; `extra` is the script's {name: {field: value}}; TypeError when malformed."""
    table = {model.id: model for model in BUILT_IN}
    for name, fields in (extra or {}).items():
        table[name] = Model(**({"vendor": "compatible"} | fields | {"id": name}))
    return table
