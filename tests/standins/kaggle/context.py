"""One call of the API: who asks, how, for what; and the three kinds of answer to it."""

import dataclasses

from standins.kaggle.errors import GET_DENIED, PARTICIPATE, Refused
from standins.kaggle.messages import upper_snake

PAGE_SIZE, PAGE_SIZE_MAX = 20, 200


@dataclasses.dataclass
class Context:
    """One call: who, how, what. `user` is None where none is needed."""

    standin: object
    user: object
    dialect: str
    request: dict
    fault: object

    def text(self, name, default=""):
        value = self.request.get(name)
        return default if value is None else str(value)

    def number(self, name, default=0):
        """Accepts numbers as text; Refused(400) for anything else."""
        value = self.request.get(name)
        try:
            return default if value in (None, "") else int(value)
        except (TypeError, ValueError):
            raise Refused(400, f"{name} is no number") from None

    def flag(self, name):
        """A query has it as text."""
        return self.text(name).lower() == "true"

    def enum(self, name, enums):
        """The value without its prefix. RPC takes full names only, REST short ones too."""
        prefix, values = enums[name]
        said = self.text(name)
        if not said:
            return ""
        full = upper_snake(said)
        short = full.removeprefix(prefix)
        if short not in values.split() or (self.dialect == "rpc" and said != prefix + short):
            raise Refused(400, f"{name}: unknown value {said}")
        return short

    def competition(self):
        """The competition that is named; snake_case keys name none, which is said as a 403."""
        name = self.text("competitionName")
        if not name:
            raise Refused(403, GET_DENIED)
        return self.standin.competition(name)

    @property
    def now(self):
        return self.standin.clock.now()


@dataclasses.dataclass
class Values:
    """An answer of a message's fields."""

    message: str
    fields: dict


@dataclasses.dataclass
class Redirect:
    """A 302 to `location`, which was signed for the caller."""

    location: str


@dataclasses.dataclass
class Bytes:
    """An answer that is a file."""

    name: str
    content: object
    modified: object


def paged(context, items, page_size=PAGE_SIZE):
    """(the asked page of the items, the next page's token): by token, else by number."""
    size = min(max(context.number("pageSize", page_size), 1), PAGE_SIZE_MAX)
    token = context.text("pageToken")
    start = (max(context.number("page", 1), 1) - 1) * size
    if token:
        if not token.startswith("standin-page-") or not token[13:].isdigit():
            raise Refused(400, "pageToken is not valid")
        start = int(token[13:])
    end = start + size
    return items[start:end], f"standin-page-{end}" if end < len(items) else ""


def must_take_part(competition, rules):
    """Refused when the caller has not joined, or not accepted the rules."""
    if competition.settings.access == "not_entered":
        raise Refused(403, PARTICIPATE)
    if competition.settings.access == "rules_not_accepted":
        raise Refused(403, rules)
