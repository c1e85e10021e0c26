"""The state that all listeners share: competitions, users, submissions, faults, clock, record."""

import tempfile
import threading

from standins.kaggle import archive
from standins.kaggle.clock import Clock
from standins.kaggle.competitions import SLUG, Settings, read_competitions
from standins.kaggle.content import Memory
from standins.kaggle.errors import GET_DENIED, Refused
from standins.kaggle.faults import Faults
from standins.kaggle.limits import Limits
from standins.kaggle.record import Record
from standins.kaggle.scenario import read_scenario
from standins.kaggle.storage import BUCKET, Signer
from standins.kaggle.submissions import Submissions
from standins.kaggle.users import read_users

INHERITED = ("pending_polls", "pending_seconds")  # a competition's that the scenario's stand for


class StandIn:
    """Thread-safe. `addresses` is filled in by who starts the listeners."""

    def __init__(self, folders, answers=(), scorer=None, document=None):
        self.record, self.clock, self.signer = Record(), Clock(), Signer()
        self.addresses = {}
        self._folders, self._answers, self._scorer = folders, answers, scorer
        self._scratch = tempfile.TemporaryDirectory(prefix="kaggle-standin-")
        self._lock = threading.RLock()
        self.faults = Faults()
        self.set_scenario(document or {})

    def close(self):
        self._scratch.cleanup()

    def set_scenario(self, document):
        """Begins anew: competitions, submissions, faults, limits. ValueError when malformed."""
        scenario = read_scenario(document)
        competitions = read_competitions(self._folders, self._answers, scenario.competitions)
        users = read_users(scenario.users)
        faults = Faults(scenario.faults)
        with self._lock:
            self.document, self.scenario, self.users = document, scenario, users
            self.competitions = competitions
            self.submissions = Submissions(self._scorer)
            self.faults, self.limits = faults, Limits(scenario.rate_limits)
            self._archives, self._made = {}, {}
            for competition in competitions.values():
                self._inherit(competition)

    def change(self, slug, document):
        """Changes a competition's settings, or adds one. ValueError when malformed."""
        with self._lock:
            competition = self.competitions.get(slug)
            if competition is None:
                found = read_competitions((), self._answers, {slug: document})
                competition = self.competitions[slug] = found[slug]
            else:
                competition.change(document)
            self._inherit(competition)
            for key in [key for key in self._archives if key[0] == slug]:
                del self._archives[key]

    def _inherit(self, competition):
        for name in INHERITED:
            if getattr(competition.settings, name) is None:
                setattr(competition.settings, name, getattr(self.scenario, name))

    def competition(self, slug):
        """Refused when there is none by this name, or it is not for the caller's eyes."""
        competition = self.competitions.get(slug)
        if not SLUG.fullmatch(slug) or (competition and competition.settings.access == "private"):
            raise Refused(403, GET_DENIED)
        if competition is None:
            denied = self.scenario.unknown_competition == 403
            raise Refused(self.scenario.unknown_competition, GET_DENIED if denied else "")
        return competition

    def archive(self, competition):
        """(name, content) of the download of all files; made once."""
        kind = competition.settings.archive
        make = archive.tar_gz_of if kind == "tar.gz" else archive.zip_of
        files = [(file.name, file.content) for file in competition.files]
        return f"archive.{kind}", self._archived((competition.slug, kind), files, make)

    def single(self, competition, file):
        """(name, content) of the download of one file: zipped when the settings say so."""
        base = file.name.rsplit("/", 1)[-1]
        if competition.settings.single_files == "plain":
            return base, file.content
        files = [(base, file.content)]
        return base + ".zip", self._archived((competition.slug, file.name), files, archive.zip_of)

    def _archived(self, key, files, make):
        with self._lock:
            if key not in self._archives:
                self._archives[key] = make(files, self._scratch.name)
            return self._archives[key]

    def offer(self, slug, name, content, modified, is_expired=False):
        """The signed address of a content on the download host."""
        path = f"{BUCKET}{slug}/{name}"
        with self._lock:
            self._made[path] = (content, modified)
        seconds = self.scenario.signature_seconds
        signed = self.signer.sign(path, self.clock.now(), -1 if is_expired else seconds)
        return self.addresses["storage_url"] + signed

    def offer_bytes(self, slug, name, raw):
        return self.offer(slug, name, Memory(raw), self.clock.now())

    def offered(self, path):
        """(content, modified) of an address's path, or None."""
        with self._lock:
            return self._made.get(path)

    def settings_of(self, slug):
        competition = self.competitions.get(slug)
        return competition.settings if competition else Settings()
