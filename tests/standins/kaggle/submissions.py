"""Uploads and submissions: from the first call of three until the score is there."""

import dataclasses
import datetime
import io
import secrets
import threading
import zipfile

from standins.kaggle import errors, scoring
from standins.kaggle.errors import Refused

UPLOAD_BYTES_MAX = 256 * 1024 * 1024
FIRST_REF = 56_073_536


@dataclasses.dataclass
class Upload:
    """A resumable session of the upload host."""

    token: str
    upload_id: str
    slug: str
    user: str
    file_name: str
    length: int  # as announced by the first call
    began: datetime.datetime
    received: bytearray = dataclasses.field(default_factory=bytearray)
    is_complete: bool = False


@dataclasses.dataclass
class Submission:
    ref: int
    slug: str
    user: object
    date: datetime.datetime
    description: str
    file_name: str
    raw: bytes
    settings: object  # the competition's when it was submitted
    looks: int = 0  # how often somebody saw it pending
    score: scoring.Score | None = None  # once it was scored
    has_ended: bool = False


class Submissions:
    """Thread-safe."""

    def __init__(self, scorer=None):
        """`scorer`: a score.py to run instead of the built-in rules."""
        self.lock = threading.RLock()
        self._scorer = scorer
        self._uploads = {}  # token: Upload
        self._all = []

    def start_upload(self, slug, user, file_name, length, now):
        upload = Upload(f"standin-upload-{secrets.token_hex(12)}", secrets.token_urlsafe(24), slug,
                        user.name, file_name, length, now)
        with self.lock:
            self._uploads[upload.token] = upload
        return upload

    def upload_by_id(self, upload_id):
        with self.lock:
            return next((upload for upload in self._uploads.values()
                         if upload.upload_id == upload_id), None)

    def commit(self, competition, user, token, description, now):
        """The third call. Refused when the bytes are not there or the rules do not allow it."""
        with self.lock:
            upload = self._uploads.get(token)
            if upload is None or upload.slug != competition.slug or upload.user != user.name:
                raise Refused(400, "Submission file token is not valid")
            if not upload.is_complete:
                raise Refused(400, "Submission file was not uploaded")
            if len(upload.received) != upload.length:
                raise Refused(400, f"Submission file has {len(upload.received)} bytes, "
                                   f"{upload.length} were announced")
            self._check_allowance(competition, user, now)
            submission = Submission(FIRST_REF + len(self._all), competition.slug, user, now,
                                    description, upload.file_name, bytes(upload.received),
                                    competition.settings)
            self._all.append(submission)
            return submission

    def _check_allowance(self, competition, user, now):
        today, total, left = self.allowance(competition, user, now)
        if left > 0:
            return
        if today >= competition.fact("maxDailySubmissions", 0):
            midnight = (now + datetime.timedelta(days=1)).replace(hour=0, minute=0, second=0)
            hours = (midnight - now).total_seconds() / 3600
            raise Refused(400, errors.allowance_used(today, hours))
        raise Refused(400, f"Submission not allowed: Your team has used all {total} Submissions.")

    def allowance(self, competition, user, now):
        """(used today, used in all, left now); days are UTC's, and errors do not count."""
        with self.lock:
            counted = [one for one in self.of(competition, user)
                       if self.status(one, competition, now) != "ERROR"]
            today = sum(1 for one in counted if one.date.date() == now.date())
            left = competition.fact("maxDailySubmissions", 0) - today
            total_max = competition.settings.max_total_submissions
            if total_max is not None:
                left = min(left, total_max - len(counted))
            return today, len(counted), max(left, 0)

    def of(self, competition, user=None):
        """The competition's submissions, newest first; of all users without one."""
        with self.lock:
            return [one for one in reversed(self._all) if one.slug == competition.slug
                    and (user is None or one.user.name == user.name)]

    def by_ref(self, ref):
        with self.lock:
            return next((one for one in self._all if one.ref == ref), None)

    def tell(self):
        """For tests: every submission with what it holds."""
        with self.lock:
            return [{"ref": one.ref, "competition": one.slug, "user": one.user.name,
                     "description": one.description, "fileName": one.file_name,
                     "bytes": len(one.raw), "ended": one.has_ended} for one in self._all]

    def status(self, submission, competition, now):
        """PENDING, COMPLETE or ERROR at this time, without being a look at it."""
        with self.lock:
            settings = submission.settings
            wait = datetime.timedelta(seconds=settings.pending_seconds or 0)
            is_early = (submission.looks < (settings.pending_polls or 0)
                        or now < submission.date + wait)
            if is_early and not submission.has_ended:
                return "PENDING"
            if not submission.has_ended:
                submission.score = self._score(submission, competition)
                submission.has_ended = True
            return "ERROR" if submission.score.error else "COMPLETE"

    def look(self, submission, competition, now):
        """The status as somebody sees it: so many looks find it pending."""
        with self.lock:
            status = self.status(submission, competition, now)
            submission.looks += 1
            return status

    def _score(self, submission, competition):
        settings = submission.settings
        if settings.error:
            return scoring.Score(error=settings.error)
        raw = unpacked(submission.raw)
        if competition.answers is None:
            sample = sample_of(competition)
            score = scoring.by_sample(sample, raw) if sample else scoring.Score()
        elif self._scorer:
            score = scoring.by_command(self._scorer, competition.answers, raw)
        else:
            score = scoring.by_rules(competition.answers, raw)
        if settings.score and not score.error:
            return scoring.Score(float(settings.score), float(settings.score))
        return score

    def view(self, submission, competition, now, status):
        """The wire's Submission. The private score shows once the deadline has passed."""
        score = submission.score or scoring.Score()
        is_told = status == "ERROR" and not competition.settings.errors_hidden
        is_shown = status == "COMPLETE" and not competition.settings.scores_hidden
        is_over = now > competition.fact("deadline")
        return {"ref": submission.ref, "totalBytes": len(submission.raw),
                "date": submission.date, "description": submission.description,
                "errorDescription": score.error if is_told else None,
                "fileName": submission.file_name, "status": status,
                "publicScore": written(score.public) if is_shown else "",
                "privateScore": written(score.private) if is_shown and is_over else "",
                "submittedBy": submission.user.name, "submittedByRef": submission.user.name,
                "teamName": submission.user.name,
                "url": f"https://www.kaggle.com/submissions/{submission.ref}/{submission.ref}.raw"}

    def leaderboard(self, competition, now, is_private=False):
        """The wire's rows, best first: those of the settings and each user's best public score."""
        is_minimized = competition.settings.is_minimized
        if is_minimized is None and competition.answers:
            is_minimized = scoring.is_minimized(competition.answers)
        sign = 1 if is_minimized else -1
        rows = [{"teamId": number, "teamName": row["teamName"],
                 "score": row.get("privateScore", row["score"]) if is_private else row["score"],
                 "submissionDate": competition.fact("enabledDate")}
                for number, row in enumerate(competition.settings.leaderboard, start=1)]
        best = {}
        with self.lock:
            for one in self.of(competition):
                is_complete = self.status(one, competition, now) == "COMPLETE"
                if is_complete and one.score.public is not None:
                    kept = best.get(one.user.name)
                    if kept is None or sign * one.score.public <= sign * kept.score.public:
                        best[one.user.name] = one
        rows += [{"teamId": one.user.team_id, "teamName": one.user.name,
                  "submissionDate": one.date,
                  "score": written(one.score.private if is_private else one.score.public)}
                 for one in best.values()]
        return sorted(rows, key=lambda row: sign * float(row["score"]))


def written(score):
    """As Kaggle writes a score: text with five decimals; nothing when there is none."""
    return "" if score is None else f"{score:.5f}"


def unpacked(raw):
    """The only member of a zip, or the bytes as they are."""
    if not raw.startswith(b"PK\3\4"):
        return raw
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = archive.infolist()
            if len(members) == 1 and members[0].file_size <= UPLOAD_BYTES_MAX:
                return archive.read(members[0])
    except zipfile.BadZipFile:
        pass
    return raw


def sample_of(competition):
    """The sample submission's bytes, or None when no file is one."""
    named = competition.document.get("sampleSubmission")
    for file in competition.files:
        plain = file.name.lower().replace("_", "")
        if file.name == named or (named is None and plain == "samplesubmission.csv"):
            return file.content.whole()
    return None
