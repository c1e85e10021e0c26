"""The script: which answer a call gets. Rules are tried in order; each has its own sequence."""

import dataclasses
import fnmatch
import json
import threading

from standins.models.answers import Answer
from standins.models.catalogue import named
from standins.models.errors import KINDS
from standins.models.limits import Limits
from standins.models.models import model_table

DEFAULT_KEYS = ["sk-standin*"]
FIELDS = {"keys", "answers", "rules", "per", "then", "limits", "models"}
RULE_FIELDS = {"when", "answers", "per", "then"}
WHEN_FIELDS = {"api", "model", "stream", "prompt_contains", "prompt_lacks", "key"}
STOPS = {"end", "length", "refusal", "filter", "context", "pause", "unknown"}


@dataclasses.dataclass(frozen=True)
class Call:
    """What a rule can look at."""

    api: str  # messages, chat, responses
    model: str
    stream: bool
    prompt: str  # the whole prompt as text
    key: str


def read_answer(spec):
    """A name, or an object: {"answer": name, field: value, ...}; ValueError when malformed."""
    if isinstance(spec, str):
        return named(spec)
    if not isinstance(spec, dict):
        raise ValueError(f"an answer is a name or an object, not {spec!r}")
    fields = {key: value for key, value in spec.items() if key != "answer"}
    base = named(spec["answer"]) if "answer" in spec else Answer()
    answer = base.changed(fields)
    for kind in (answer.error, answer.stream_error):
        if kind and kind not in KINDS:
            raise ValueError(f"no error is called {kind!r}; there are: {', '.join(sorted(KINDS))}")
    if answer.stop not in STOPS:
        raise ValueError(f"stop is one of {', '.join(sorted(STOPS))}")
    return answer


class Rule:
    """A condition and the sequence of answers for what meets it."""

    def __init__(self, document):
        check_fields(document, RULE_FIELDS, "a rule")
        self.when = document.get("when", {})
        check_fields(self.when, WHEN_FIELDS, "when")
        specs = document.get("answers", ["good"])
        specs = specs if isinstance(specs, list) else [specs]
        self.answers = [read_answer(spec) for spec in specs]
        if not self.answers:
            raise ValueError("answers is empty")
        self.per = document.get("per", "all")
        if self.per not in ("all", "prompt", "model", "key"):
            raise ValueError("per is one of all, prompt, model, key")
        self.then = document.get("then", "last")
        if self.then not in ("last", "cycle"):
            raise ValueError("then is one of last, cycle")
        self._asked = {}  # value of `per`: how often; guarded by the script's lock

    def meets(self, call):
        when = self.when
        return (("api" not in when or when["api"] == call.api)
                and ("model" not in when or fnmatch.fnmatchcase(call.model, when["model"]))
                and ("stream" not in when or when["stream"] == call.stream)
                and ("key" not in when or fnmatch.fnmatchcase(call.key, when["key"]))
                and ("prompt_contains" not in when or when["prompt_contains"] in call.prompt)
                and ("prompt_lacks" not in when or when["prompt_lacks"] not in call.prompt))

    def next(self, call):
        group = "" if self.per == "all" else getattr(call, self.per)
        turn = self._asked.get(group, 0)
        self._asked[group] = turn + 1
        last = len(self.answers) - 1
        return self.answers[turn % (last + 1) if self.then == "cycle" else min(turn, last)]


def check_fields(document, known, what):
    if not isinstance(document, dict):
        raise ValueError(f"{what} is an object")
    unknown = sorted(set(document) - known)
    if unknown:
        raise ValueError(f"{what} has unknown fields: {', '.join(unknown)}")


class Script:
    """A script with its counters; a new one starts every sequence anew. Thread-safe."""

    def __init__(self, document):
        """ValueError or TypeError when the document is malformed."""
        check_fields(document, FIELDS, "the script")
        self.document = document
        self.keys = document.get("keys", DEFAULT_KEYS)
        self.rules = [Rule(rule) for rule in document.get("rules", [])]
        self.rules.append(Rule({key: document[key] for key in ("answers", "per", "then")
                                if key in document}))
        self.models = model_table(document.get("models"))
        limits = document.get("limits")
        self.limits = Limits() if limits is None else Limits(**limits, enforced=True)
        self._lock = threading.Lock()
        self._asides = {}  # sequences named by a header or a model's name

    def accepts_key(self, key):
        """Whether a key is good; with the key "*" none is needed."""
        if "*" in self.keys:
            return True
        return bool(key) and any(fnmatch.fnmatchcase(key, known) for known in self.keys)

    def answer_for(self, call, header="", names=()):
        """The header x-standin-answer goes before names in the model's name, then come rules.

        ValueError when the header or the names are malformed.
        """
        with self._lock:
            if header or names:
                return self._aside(call, header, names).next(call)
            rule = next(rule for rule in self.rules if rule.meets(call))
            return rule.next(call)

    def _aside(self, call, header, names):
        spoken = header or f"{call.model}+{'+'.join(names)}"
        if spoken not in self._asides:
            specs = list(names)
            if header:
                specs = (json.loads(header) if header.lstrip()[:1] in ("{", "[")
                         else [name.strip() for name in header.split(",")])
            self._asides[spoken] = Rule({"answers": specs})
        return self._asides[spoken]
