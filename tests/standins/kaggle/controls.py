"""What tests ask and say while the stand-in runs, under /_standin/ of the API's address."""

import json
import re
import urllib.parse

from standins.kaggle.clock import iso, read_time
from standins.kaggle.content import Memory
from standins.kaggle.sender import Reply

PREFIX = "/_standin/"
HASHED_BYTES_MAX = 1024 * 1024 * 1024
ONE_COMPETITION = re.compile(r"competitions/([^/]+)")


def answer(standin, verb, path, raw):
    """The Reply to a control; 400 with a sentence when it is malformed."""
    what, _, query = path.removeprefix(PREFIX).partition("?")
    asked = dict(urllib.parse.parse_qsl(query))
    try:
        document = json.loads(raw) if raw else None
        result = CONTROLS.get((verb, what))
        found = ONE_COMPETITION.fullmatch(what)
        if result:
            said = result(standin, document, asked)
        elif found and verb == "POST":
            standin.change(urllib.parse.unquote(found.group(1)), document)
            said = {"accepted": True}
        elif found and verb == "GET":
            said = files(standin, urllib.parse.unquote(found.group(1)))
        else:
            return written(404, {"error": f"no such control: {verb} {what}"})
    except (ValueError, TypeError, KeyError) as wrong:
        return written(400, {"error": str(wrong)})
    return written(200, said)


def written(status, document):
    return Reply(status, {"Content-Type": "application/json"},
                 Memory(json.dumps(document, default=str).encode()))


def requests(standin, _, asked):
    after = asked.get("after", "0")
    return {"requests": standin.record.requests(int(after), asked.get("route", ""))}


def clear_requests(standin, *_):
    standin.record.clear()
    return {"cleared": True}


def set_faults(standin, document, _):
    standin.faults.set(document if isinstance(document, list) else [document])
    return {"accepted": True}


def clear_faults(standin, *_):
    standin.faults.set([])
    return {"cleared": True}


def set_scenario(standin, document, _):
    standin.set_scenario(document or {})
    return {"accepted": True}


def set_clock(standin, document, _):
    if "now" in document:
        standin.clock.set(read_time(document["now"]))
    standin.clock.advance(float(document.get("advance_seconds", 0)))
    return {"now": iso(standin.clock.now())}


def competitions(standin, *_):
    return {"competitions": [
        {"slug": one.slug, "title": one.title, "access": one.settings.access,
         "files": len(one.files), "bytes": sum(file.content.size for file in one.files),
         "has_answers": one.answers is not None} for one in standin.competitions.values()]}


def files(standin, slug):
    """The files with their hashes; of those too large only when they are known."""
    listed = []
    for file in standin.competitions[slug].files:
        content = file.content
        known = content.size <= HASHED_BYTES_MAX or content.knows_md5
        listed.append({"name": file.name, "bytes": content.size,
                       "md5": content.md5().hex() if known else None})
    return {"slug": slug, "files": listed}


CONTROLS = {
    ("GET", "health"): lambda *_: {"ok": True},
    ("GET", "addresses"): lambda standin, *_: standin.addresses,
    ("GET", "requests"): requests,
    ("DELETE", "requests"): clear_requests,
    ("GET", "counts"): lambda standin, *_: standin.record.counts(),
    ("GET", "faults"): lambda standin, *_: {"faults": standin.faults.tell()},
    ("POST", "faults"): set_faults,
    ("DELETE", "faults"): clear_faults,
    ("GET", "scenario"): lambda standin, *_: standin.document,
    ("POST", "scenario"): set_scenario,
    ("POST", "clock"): set_clock,
    ("GET", "competitions"): competitions,
    ("GET", "submissions"): lambda standin, *_: {"submissions": standin.submissions.tell()},
}
