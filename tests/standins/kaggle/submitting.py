"""The methods of submitting: the first and the third of its three calls, and what became of it."""

from standins.kaggle.context import Redirect, Values, must_take_part, paged
from standins.kaggle.errors import NO_TEAM, RULES_ACTION, Refused
from standins.kaggle.storage import UPLOAD_PATH

ENUMS = {"group": ("SUBMISSION_GROUP_", "ALL SUCCESSFUL SELECTED"),
         "sortBy": ("SUBMISSION_SORT_BY_", "DATE NAME PRIVATE_SCORE PUBLIC_SCORE")}


def start_upload(context):
    competition = context.competition()
    must_take_part(competition, RULES_ACTION)
    length = context.number("contentLength")
    if length <= 0:
        raise Refused(400, "contentLength must be above 0")
    if not context.text("fileName"):
        raise Refused(400, "fileName is required")
    upload = context.standin.submissions.start_upload(
        competition.slug, context.user, context.text("fileName"), length, context.now)
    address = (f"{context.standin.addresses['storage_url']}{UPLOAD_PATH}"
               f"?uploadType=resumable&upload_id={upload.upload_id}")
    return Values("Upload", {"token": upload.token, "createUrl": address})


def create_submission(context):
    competition = context.competition()
    must_take_part(competition, RULES_ACTION)
    if competition.fact("isKernelsSubmissionsOnly", False):
        raise Refused(400, "Submission not allowed: This competition only accepts Submissions "
                           "from Notebooks.")
    if context.now > competition.fact("deadline") or competition.fact("submissionsDisabled", False):
        raise Refused(400, "Submission not allowed: This competition is closed to Submissions.")
    submission = context.standin.submissions.commit(
        competition, context.user, context.text("blobFileTokens"),
        context.text("submissionDescription"), context.now)
    return Values("Submitted", {"message": f"Successfully submitted to {competition.title}",
                                "ref": submission.ref})


def list_submissions(context):
    competition = context.competition()
    order = context.enum("sortBy", ENUMS)
    group = context.enum("group", ENUMS)
    submissions, now = context.standin.submissions, context.now
    mine = submissions.of(competition, context.user)
    if not competition.is_entered or (competition.settings.no_team_error and not mine):
        raise Refused(400, NO_TEAM)
    seen = [submissions.view(one, competition, now, submissions.look(one, competition, now))
            for one in mine]
    if group == "SUCCESSFUL":
        seen = [one for one in seen if one["status"] == "COMPLETE"]
    if group == "SELECTED":
        seen = []
    key = {"NAME": "fileName", "PUBLIC_SCORE": "publicScore",
           "PRIVATE_SCORE": "privateScore"}.get(order)
    if key:
        seen.sort(key=lambda one: one[key])
    page, token = paged(context, seen)
    return Values("Submissions", {"submissions": page, "nextPageToken": token})


def own_submission(context, ref):
    """(the caller's submission, its competition); Refused when it is none."""
    submission = context.standin.submissions.by_ref(ref)
    if submission is None or submission.user.name != context.user.name:
        raise Refused(404)
    return submission, context.standin.competitions[submission.slug]


def get_submission(context):
    submission, competition = own_submission(context, context.number("ref"))
    submissions, now = context.standin.submissions, context.now
    status = submissions.look(submission, competition, now)
    return Values("Submission", submissions.view(submission, competition, now, status))


def download_submission(context):
    submission, _ = own_submission(context, context.number("submissionId"))
    path = f"submissions/{submission.ref}/{submission.file_name}"
    return Redirect(context.standin.offer_bytes(submission.slug, path, submission.raw))


def get_limits(context):
    competition = context.competition()
    today, total, left = context.standin.submissions.allowance(competition, context.user,
                                                               context.now)
    daily = competition.fact("maxDailySubmissions", 0) - today
    return Values("Limits", {"numToday": today, "numTotal": total, "numAllowedNow": left,
                             "limitedByTotal": left < daily})
