"""The competitions that are served: read from folders, or made of synthetic files; their states."""

import dataclasses
import datetime
import json
import re
import zlib
from pathlib import Path

from standins.kaggle.clock import read_time
from standins.kaggle.content import Content, File, Synthetic
from standins.kaggle.messages import MESSAGES

ADDRESS = "https://www.kaggle.com/competitions/"
MADE = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
FACT_KINDS = {field.name: field.kind for field in MESSAGES["Competition"]}


@dataclasses.dataclass(frozen=True)
class DataFile:
    name: str  # with folders: train/1.png
    content: Content
    modified: datetime.datetime


@dataclasses.dataclass
class Settings:
    """How a competition behaves; a scenario or a test changes it at any time."""

    access: str = "entered"  # entered, not_entered, rules_not_accepted, private
    facts: dict = dataclasses.field(default_factory=dict)  # fields of the wire's Competition
    pages: str = "markdown"  # markdown, html
    page_types: bool = True  # whether a page says its mimeType
    extra_pages: list = dataclasses.field(default_factory=list)  # objects of the wire's Page
    single_files: str = "plain"  # plain, zipped
    archive: str = "zip"  # zip, tar.gz
    download: str = "redirect"  # redirect, direct: with the bytes in the API's own answer
    hashes: bool = True  # x-goog-hash
    lengths: bool = True  # Content-Length; chunked without
    leaderboard: list = dataclasses.field(default_factory=list)  # {"teamName", "score"}, and
    # "privateScore" where that is another
    is_minimized: bool | None = None  # lower scores are better; None: as the answers' metric
    leaderboard_download: str = "direct"  # direct, redirect
    scores_hidden: bool = False  # complete without a score
    score: str = ""  # the public score of every valid file, instead of one from answers
    error: str = ""  # every submission ends in ERROR with this text
    errors_hidden: bool = False  # ERROR says nothing, as for some time in 2023
    pending_polls: int | None = None  # looks at a submission before it ends; None: the scenario's
    pending_seconds: float | None = None
    max_total_submissions: int | None = None
    no_team_error: bool = False  # the list of submissions is refused before the first one
    synthetic: list = dataclasses.field(default_factory=list)  # {"name", "bytes", "seed"}
    folder: str = ""  # where its files are; only for a competition that a scenario adds

    def changed(self, document):
        """A copy with the fields of `document`; ValueError when malformed. `facts` are merged."""
        known = {field.name for field in dataclasses.fields(self)}
        if not isinstance(document, dict) or set(document) - known:
            raise ValueError(f"a competition has only: {', '.join(sorted(known))}")
        if "facts" in document:
            document = document | {"facts": self.facts | document["facts"]}
        settings = dataclasses.replace(self, **document)
        settings.check()
        return settings

    def check(self):
        for name, values in CHOICES.items():
            if getattr(self, name) not in values:
                raise ValueError(f"{name} is one of {', '.join(values)}")
        for name, value in self.facts.items():
            if name not in FACT_KINDS:
                raise ValueError(f"a competition has no fact {name!r}")
            if FACT_KINDS[name].startswith("time") and value is not None:
                read_time(value)


CHOICES = {"access": ("entered", "not_entered", "rules_not_accepted", "private"),
           "pages": ("markdown", "html"), "single_files": ("plain", "zipped"),
           "archive": ("zip", "tar.gz"), "download": ("redirect", "direct"),
           "leaderboard_download": ("direct", "redirect")}


class Competition:
    def __init__(self, slug, folder, settings, answers=None):
        """`answers`: a folder with answers/, or None. ValueError when something is malformed."""
        if not SLUG.fullmatch(slug):
            raise ValueError(f"{slug!r} is no competition's name")
        self.slug, self.folder, self.settings, self.answers = slug, folder, settings, answers
        self.document = read_document(folder)
        self.files = [*files_of(folder), *synthetic_files(settings)]
        self.files.sort(key=lambda file: file.name)

    @property
    def is_entered(self):
        return self.settings.access == "entered"

    @property
    def title(self):
        return self.facts()["title"]

    def fact(self, name, default=None):
        value = self.facts().get(name)
        return default if value is None else value

    def facts(self):
        """The wire's Competition, without what depends on teams and submissions."""
        said = self.document
        deadline = read_time(said.get("deadline", "2030-12-31T23:59:00Z"))
        facts = {
            "id": zlib.crc32(self.slug.encode()) % 100_000, "ref": ADDRESS + self.slug,
            "title": said.get("title", self.slug.replace("-", " ").title()),
            "url": ADDRESS + self.slug, "description": said.get("description", ""),
            "organizationName": "Kaggle", "organizationRef": "kaggle", "hostName": "Kaggle",
            "category": said.get("category", "Community"), "reward": said.get("reward", "Kudos"),
            "tags": [{"ref": tag, "name": tag, "fullPath": f"subject > {tag}"}
                     for tag in said.get("tags", [])],
            "deadline": deadline, "enabledDate": MADE, "dateCreated": MADE,
            "maxDailySubmissions": said.get("maxDailySubmissions", 5), "maxTeamSize": 5,
            "evaluationMetric": said.get("evaluationMetric"),
            "userHasEntered": self.is_entered,
            "thumbnailImageUrl": "https://storage.googleapis.com/kaggle-competitions/thumb.png"}
        for name, value in self.settings.facts.items():
            is_time = FACT_KINDS[name].startswith("time") and value is not None
            facts[name] = read_time(value) if is_time else value
        return facts

    def file(self, name):
        return next((file for file in self.files if file.name == name), None)

    def change(self, document):
        """New settings; synthetic files are made again."""
        settings = self.settings.changed(document)
        if "synthetic" in document:
            kept = [file for file in self.files if not isinstance(file.content, Synthetic)]
            self.files = sorted([*kept, *synthetic_files(settings)], key=lambda file: file.name)
        self.settings = settings


def read_document(folder):
    if folder and (folder / "competition.json").exists():
        return json.loads((folder / "competition.json").read_text("utf-8"))
    return {}


def files_of(folder):
    """What is in `data/`; of a folder without one, everything."""
    if not folder:
        return []
    base = folder / "data" if (folder / "data").is_dir() else folder
    return [DataFile(path.relative_to(base).as_posix(), File(path),
                     datetime.datetime.fromtimestamp(int(path.stat().st_mtime), datetime.UTC))
            for path in base.rglob("*") if path.is_file()]


def synthetic_files(settings):
    return [DataFile(file["name"], Synthetic(file["bytes"], file.get("seed", 1)), MADE)
            for file in settings.synthetic]


def read_competitions(folders, answers, documents):
    """{slug: Competition} of all folders in `folders`, and those that the scenario adds.

    `answers`: folders to look for <slug>/answers in, after the competition's own folder.
    """
    found = {}
    for base in folders:
        for folder in sorted(Path(base).iterdir()):
            if folder.is_dir() and SLUG.fullmatch(folder.name):
                found[folder.name] = folder
    for slug, document in documents.items():
        if slug not in found:
            found[slug] = Path(document["folder"]) if document.get("folder") else None
    competitions = {}
    for slug, folder in found.items():
        candidates = [folder, *(Path(base) / slug for base in answers)]
        answered = next((place for place in candidates
                         if place and (place / "answers" / "solution.csv").exists()), None)
        competitions[slug] = Competition(slug, folder, Settings().changed(documents.get(slug, {})),
                                         answered)
    return competitions
