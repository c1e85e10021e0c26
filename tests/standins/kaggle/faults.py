"""Faults that are switched on and off while the stand-in runs, and which call gets which."""

import dataclasses
import fnmatch
import random
import threading

# Faults that answer in place of Kaggle: the call has no effect.
REFUSALS = {"rate_limited": 429, "server_error": 500, "bad_gateway": 502, "unavailable": 503,
            "unauthorized": 401, "not_found": 404, "refused": 400}
ODD_ANSWERS = ("error_in_200", "html", "empty", "not_json", "endless")
NO_ANSWERS = ("dropped", "hangs")
# Faults of an answer that Kaggle gave: the call has its effect.
TRANSPORT = ("lost_reply", "cut", "slow", "slow_first_byte", "no_length", "wrong_length")
DOWNLOADS = ("wrong_hash", "corrupt", "truncated", "ignore_range", "no_hash")
REDIRECTS = ("foreign_redirect", "expired_signature")
UPLOADS = ("cut_upload",)
KINDS = (*REFUSALS, *ODD_ANSWERS, *NO_ANSWERS, *TRANSPORT, *DOWNLOADS, *REDIRECTS, *UPLOADS)
# The routes that a kind can befall; the others befall all.
BEFALLS = ({kind: {"storage.download"} for kind in DOWNLOADS}
           | {kind: {"storage.upload"} for kind in UPLOADS}
           | {kind: {"DownloadDataFiles", "DownloadDataFile", "DownloadLeaderboard",
                     "DownloadSubmission"} for kind in REDIRECTS})
ON_FIELDS = {"route", "listener", "competition", "dialect", "method"}


@dataclasses.dataclass(frozen=True)
class Fault:
    """One fault. What a call must be to have it stands in `on`, as patterns with *."""

    fault: str
    on: dict = dataclasses.field(default_factory=dict)
    times: int | None = None  # how often at most; None: without end
    skip: int = 0  # so many calls pass first
    share: float = 1.0  # of the calls, by chance with a fixed seed
    seed: int = 1
    status: int | None = None  # refused: the code; cut_upload: answer so instead of closing
    message: str = ""  # of a refusal
    retry_after: float | str | None = None  # seconds, or "date"; rate_limited has 1 otherwise
    no_retry_after: bool = False
    at: float = 0.5  # cut, truncated, cut_upload: after this share of the bytes
    seconds: float = 1.0  # slow_first_byte, hangs
    bytes_per_second: int = 65536  # slow
    to: str = ""  # foreign_redirect: the Location; else an address of the foreign listener

    def meets(self, call):
        if call.route not in BEFALLS.get(self.fault, {call.route}):
            return False
        return all(fnmatch.fnmatchcase(str(getattr(call, name)), pattern)
                   for name, pattern in self.on.items())


@dataclasses.dataclass(frozen=True)
class Call:
    """What a fault can look at."""

    listener: str  # api, storage, foreign
    route: str  # GetCompetition, storage.download, storage.upload, storage.upload_status, ...
    method: str = ""
    competition: str = ""
    dialect: str = ""  # rpc, rest


NO_FAULT = Fault("")


class Faults:
    """The faults in their order; a call has the first that meets it. Thread-safe."""

    def __init__(self, documents=()):
        """ValueError or TypeError when malformed."""
        self._lock = threading.Lock()
        self.set(documents)

    def set(self, documents):
        faults = [read_fault(document) for document in documents]
        with self._lock:
            self._faults = [[fault, 0, 0] for fault in faults]  # fault, calls met, times had

    def take(self, call):
        """The fault of this call; NO_FAULT when it has none."""
        with self._lock:
            for entry in self._faults:
                fault, met, had = entry
                if not fault.meets(call):
                    continue
                entry[1] += 1
                spent = fault.times is not None and had >= fault.times
                if met < fault.skip or spent or not by_chance(fault, met):
                    continue
                entry[2] += 1
                return fault
        return NO_FAULT

    def tell(self):
        with self._lock:
            return [dataclasses.asdict(fault) | {"calls_met": met, "times_had": had}
                    for fault, met, had in self._faults]


def by_chance(fault, number):
    return fault.share >= 1 or random.Random(f"{fault.seed}:{number}").random() < fault.share


def read_fault(document):
    """A name, or an object with the fields of Fault."""
    if isinstance(document, str):
        document = {"fault": document}
    fault = Fault(**document)
    if fault.fault not in KINDS:
        raise ValueError(f"no fault is called {fault.fault!r}; there are: {', '.join(KINDS)}")
    if not isinstance(fault.on, dict) or set(fault.on) - ON_FIELDS:
        raise ValueError(f"on has only: {', '.join(sorted(ON_FIELDS))}")
    return fault
