"""The scenario: how the stand-in behaves. A JSON file, or the name of one in scenarios/."""

import dataclasses
import json
from pathlib import Path

from standins.kaggle.faults import read_fault
from standins.kaggle.users import DEFAULT_USERS, read_users

FOLDER = Path(__file__).parent / "scenarios"


@dataclasses.dataclass
class Scenario:
    users: list = dataclasses.field(default_factory=lambda: DEFAULT_USERS)
    competitions: dict = dataclasses.field(default_factory=dict)  # slug: Settings' fields
    faults: list = dataclasses.field(default_factory=list)  # see faults.py
    # "all" and "downloads": [requests, seconds]; each refused with 429 beyond
    rate_limits: dict = dataclasses.field(default_factory=dict)
    pending_polls: int = 0  # looks at a submission that find it pending
    pending_seconds: float = 0
    cookies_break: bool = True  # a session cookie that comes back is answered with 401
    unknown_competition: int = 404  # or 403, as REST answered until 2024
    signature_seconds: int = 600
    signature_uses: int | None = None  # downloads for each signed address; None: any number
    upload_seconds: int = 7 * 24 * 3600  # how long an upload session lives
    api_version: str = "2.2.4"  # X-Kaggle-ApiVersion

    def __post_init__(self):
        read_users(self.users)
        for fault in self.faults:
            read_fault(fault)
        if self.unknown_competition not in (403, 404):
            raise ValueError("unknown_competition is 403 or 404")
        for name, limit in self.rate_limits.items():
            if name not in ("all", "downloads") or len(limit) != 2:
                raise ValueError('rate_limits has "all" and "downloads": [requests, seconds]')


def read_scenario(document):
    """ValueError or TypeError when malformed."""
    if not isinstance(document, dict):
        raise ValueError("a scenario is an object")
    return Scenario(**document)


def load_scenario(name):
    """The document of a file, or of a name in scenarios/; {} for nothing."""
    if not name:
        return {}
    path = Path(name)
    if not path.exists():
        path = FOLDER / f"{name}.json"
    if not path.exists():
        known = ", ".join(sorted(path.stem for path in FOLDER.glob("*.json")))
        raise ValueError(f"no scenario file is called {name!r}; there are: {known}")
    return json.loads(path.read_text("utf-8"))
