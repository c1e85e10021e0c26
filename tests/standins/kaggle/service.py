"""The methods of Kaggle's API by name, and those about the caller's account.

Each takes a Context and answers with Values, a Redirect or Bytes, or raises Refused. Both dialects
call the same methods: what differs between them is in routes.py and messages.py.
"""

from standins.kaggle import downloading, reading, submitting, users
from standins.kaggle.context import Values
from standins.kaggle.errors import Refused


def introspect_token(context):
    """A token that is none is answered with nothing, which means that it is not active."""
    user = users.by_token(context.standin.users, context.text("token"))
    return Values("Token", {"active": True, "username": user.name, "userId": user.id,
                            "clientId": "standin", "scope": "resources.all"} if user else {})


def generate_access_token(context):
    user = users.by_refresh_token(context.standin.users, context.text("refreshToken"))
    if user is None or not user.tokens:
        raise Refused(401)
    token = user.tokens[0].replace("*", "-refreshed")
    return Values("NewToken", {"token": token, "expiresIn": 43_200, "userName": user.name,
                               "userId": user.id})


def hello(context):
    return Values("Hello", {"userName": context.user.name})


METHODS = {
    "ListCompetitions": reading.list_competitions,
    "GetCompetition": reading.get_competition,
    "ListCompetitionPages": reading.list_pages,
    "ListDataFiles": reading.list_data_files,
    "ListDataTreeFiles": reading.list_data_tree,
    "GetCompetitionDataFilesSummary": reading.summarize_data,
    "DownloadDataFiles": downloading.download_all,
    "DownloadDataFile": downloading.download_one,
    "GetLeaderboard": reading.get_leaderboard,
    "DownloadLeaderboard": reading.download_leaderboard,
    "GetSubmissionLimits": submitting.get_limits,
    "StartSubmissionUpload": submitting.start_upload,
    "CreateSubmission": submitting.create_submission,
    "ListSubmissions": submitting.list_submissions,
    "GetSubmission": submitting.get_submission,
    "DownloadSubmission": submitting.download_submission,
    "IntrospectToken": introspect_token,
    "GenerateAccessToken": generate_access_token,
    "Hello": hello,
}
NEEDS_NO_USER = {"IntrospectToken", "GenerateAccessToken"}
