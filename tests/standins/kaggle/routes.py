"""Which method of the API a request means, in either dialect, and the fields that it sends."""

import dataclasses
import email
import email.policy
import json
import re
import urllib.parse

from standins.kaggle.errors import Refused

RPC_SERVICES = {
    "competitions.CompetitionApiService": {
        "ListCompetitions", "GetCompetition", "ListCompetitionPages", "ListDataFiles",
        "ListDataTreeFiles", "GetCompetitionDataFilesSummary", "DownloadDataFiles",
        "DownloadDataFile", "GetLeaderboard", "DownloadLeaderboard", "GetSubmissionLimits",
        "StartSubmissionUpload", "CreateSubmission", "ListSubmissions", "GetSubmission",
        "DownloadSubmission"},
    "security.OAuthService": {"IntrospectToken"},
    "users.AccountService": {"GenerateAccessToken"},
    "api.v1.DiagnosticsService": {"Hello"},
}
RPC_PATH = re.compile(r"(?:/api)?/v1/([A-Za-z0-9.]+Service)/([A-Za-z]+)")

REST_ROUTES = [(verb, re.compile("/api/v1/" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + "/?"),
                method) for verb, path, method in (
    ("GET", "hello", "Hello"),
    ("GET", "competitions/list", "ListCompetitions"),
    ("GET", "competitions/get/{competitionName}", "GetCompetition"),
    ("GET", "competitions/{competitionName}/pages", "ListCompetitionPages"),
    ("GET", "competitions/data/list/{competitionName}", "ListDataFiles"),
    ("GET", "competitions/{competitionName}/data-tree/list", "ListDataTreeFiles"),
    ("GET", "competitions/data/summary/{competitionName}", "GetCompetitionDataFilesSummary"),
    ("GET", "competitions/data/download-all/{competitionName}", "DownloadDataFiles"),
    ("GET", "competitions/data/download/{competitionName}/{fileName}", "DownloadDataFile"),
    ("GET", "competitions/{competitionName}/leaderboard/view", "GetLeaderboard"),
    ("GET", "competitions/{competitionName}/leaderboard/download", "DownloadLeaderboard"),
    ("GET", "competitions/{competitionName}/submissions/limits", "GetSubmissionLimits"),
    ("POST", "competitions/submission-url", "StartSubmissionUpload"),
    # of clients up to 1.6
    ("POST", "competitions/{competitionName}/submissions/url/{contentLength}/"
             "{lastModifiedEpochSeconds}", "StartSubmissionUpload"),
    ("POST", "competitions/submissions/submit/{competitionName}", "CreateSubmission"),
    ("GET", "competitions/submissions/list/{competitionName}", "ListSubmissions"),
    ("POST", "competitions/submissions/get/{ref}", "GetSubmission"),
    ("GET", "competitions/submissions/download/{submissionId}", "DownloadSubmission"),
    ("POST", "oauth2/introspect", "IntrospectToken"),
    ("POST", "access-tokens/generate", "GenerateAccessToken"),
)]


# REST takes a name in any case: client 1.7 sends pagesize and pagetoken.
REST_NAMES = {name.lower(): name for name in (
    "competitionName", "pageName", "pageSize", "pageToken", "sortBy", "fileName", "contentLength",
    "lastModifiedEpochSeconds", "blobFileTokens", "submissionDescription", "overridePublic",
    "submissionId", "refreshToken")}


@dataclasses.dataclass(frozen=True)
class Route:
    dialect: str  # rpc, rest
    method: str  # a name of service.METHODS; empty when there is none
    fields: dict  # from the path


def find_route(verb, path):
    """The Route of a request's path, without its query."""
    rpc = RPC_PATH.fullmatch(path)
    if rpc:
        service, method = rpc.groups()
        known = verb == "POST" and method in RPC_SERVICES.get(service, ())
        return Route("rpc", method if known else "", {})
    for wanted, pattern, method in REST_ROUTES:
        found = pattern.fullmatch(path)
        if found and wanted == verb:
            fields = {name: urllib.parse.unquote(value) for name, value in
                      found.groupdict().items()}
            return Route("rest", method, fields)
    return Route("rest" if path.startswith("/api/v1/") else "rpc", "", {})


def fields_of(route, query, headers, body):
    """What the request says, as {name: value}; Refused(400) when it cannot be read."""
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if route.dialect == "rpc":
        if kind != "application/json":
            raise Refused(400, "Content-Type must be application/json")
        return read_json(body)
    said = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
    if body:
        if kind == "application/json":
            said |= read_json(body)
        elif kind == "multipart/form-data":
            said |= read_form(headers["Content-Type"], body)
        elif kind == "application/x-www-form-urlencoded":
            said |= dict(urllib.parse.parse_qsl(body.decode("utf-8", "replace")))
    named = {REST_NAMES.get(name.lower(), name): value for name, value in said.items()}
    return named | route.fields


def read_json(body):
    try:
        document = json.loads(body)
    except ValueError:
        raise Refused(400, "The request's body is no JSON") from None
    if not isinstance(document, dict):
        raise Refused(400, "The request's body is no object")
    return document


def read_form(content_type, body):
    """The text fields of a multipart form."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    parts = email.message_from_bytes(head + body, policy=email.policy.HTTP)
    if not parts.is_multipart():
        raise Refused(400, "The request's form cannot be read")
    return {part.get_param("name", header="Content-Disposition"):
            part.get_payload(decode=True).decode("utf-8", "replace").rstrip("\r\n")
            for part in parts.iter_parts()}
