"""What Kaggle refuses, in its words, and the two shapes in which it says so."""

import json

RPC_STATUS = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED",
              404: "NOT_FOUND", 409: "ALREADY_EXISTS", 429: "RESOURCE_EXHAUSTED",
              500: "INTERNAL", 502: "UNAVAILABLE", 503: "UNAVAILABLE"}
# What each dialect says when there is nothing particular to say.
PLAIN = {401: ("Unauthorized", "Unauthenticated"), 404: ("NotFound", "Not found"),
         429: ("TooManyRequests", "Too many requests"), 500: ("Internal error", "Internal error"),
         502: ("Bad Gateway", "Bad gateway"), 503: ("ServiceUnavailable", "Service unavailable")}

RULES_DOWNLOAD = ("You must accept this competition's rules before you'll be able to download "
                  "files.")
RULES_ACTION = "You must accept the rules for this competition to perform this action."
PARTICIPATE = "Permission 'competitions.participate' was denied"
GET_DENIED = "Permission 'competitions.get' was denied"
NO_TEAM = "You do not have a Team in this Competition."


class Refused(Exception):
    """An answer other than success. Without a message the dialect's plain one is said."""

    def __init__(self, status, message="", headers=None):
        super().__init__(message)
        self.status, self.message, self.headers = status, message, headers or {}


def error_body(dialect, status, message=""):
    """The JSON body of an error in the dialect `rpc` or `rest`, as bytes."""
    rest, rpc = PLAIN.get(status, ("Error", "Error"))
    if dialect == "rest":
        return rest_json({"code": status, "message": message or rest})
    return json.dumps({"error": {"code": status, "message": message or rpc,
                                 "status": RPC_STATUS.get(status, "UNKNOWN")}}).encode()


def rest_json(document):
    """REST answers write an apostrophe as an escape."""
    return json.dumps(document).replace("'", "\\u0027").encode()


def allowance_used(limit, hours):
    return (f"Submission not allowed: Your team has used its daily Submission allowance ({limit}) "
            f"today, please try again tomorrow UTC ({hours:.1f} hours from now).")


def storage_error(code, message):
    """The XML in which the download host refuses, as bytes."""
    return (f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{code}</Code>"
            f"<Message>{message}</Message></Error>").encode()
