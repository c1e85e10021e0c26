"""The API's side of a request: from its bytes to the Reply, in the caller's dialect."""

import dataclasses
import email.utils
import json
import secrets
import time

from standins.kaggle import service, users
from standins.kaggle.content import Memory
from standins.kaggle.context import Bytes, Context, Redirect
from standins.kaggle.errors import Refused, error_body, rest_json
from standins.kaggle.faults import NO_FAULT, ODD_ANSWERS, REFUSALS, Call
from standins.kaggle.messages import write
from standins.kaggle.routes import fields_of, find_route
from standins.kaggle.sender import Reply

HTML = b"<!DOCTYPE html><html><head><title>Kaggle</title></head><body>Sign in</body></html>\n"
BODIES = {"html": ("text/html; charset=utf-8", HTML), "empty": ("application/json", b""),
          "not_json": ("application/json", b'{"competitions": [{"ref"'),
          "endless": ("application/json", b"")}
NOT_FOUND_IN_200 = (404, "NotFound")


@dataclasses.dataclass
class Asked:
    """A request as far as it can be understood without its caller."""

    route: object
    call: Call
    fields: dict
    wrong: Refused | None = None  # why it cannot be understood


def read_request(verb, path, query, headers, body):
    route = find_route(verb, path)
    fields, wrong = route.fields, None
    try:
        fields = fields_of(route, query, headers, body)
    except Refused as refused:
        wrong = refused
    call = Call("api", route.method, verb, str(fields.get("competitionName", "")), route.dialect)
    return Asked(route, call, fields, wrong)


def answer(standin, asked, headers, fault=NO_FAULT):
    """The Reply. With a fault that replaces the answer the call has no effect."""
    dialect = asked.route.dialect
    reply = faulty(fault, dialect)
    if reply is None:
        try:
            reply = reply_of(called(standin, asked, headers, fault), dialect, standin, fault)
        except Refused as refused:
            body = error_body(dialect, refused.status, refused.message)
            reply = Reply(refused.status, {"Content-Type": "application/json", **refused.headers},
                          Memory(body))
    reply.headers |= own_headers(standin)
    return reply


def called(standin, asked, headers, fault):
    """What the method answers: Values, a Redirect or Bytes. Raises Refused."""
    user = None
    if asked.route.method not in service.NEEDS_NO_USER:
        user = users.caller(standin.users, headers, standin.scenario.cookies_break)
        standin.limits.take(user.name, asked.route.method, standin.clock.now())
    if not asked.route.method:
        raise Refused(404)
    if asked.wrong:
        raise asked.wrong
    context = Context(standin, user, asked.route.dialect, asked.fields, fault)
    return service.METHODS[asked.route.method](context)


def reply_of(result, dialect, standin, fault):
    if isinstance(result, Redirect):
        location = result.location
        if fault.fault == "foreign_redirect":
            location = fault.to or standin.addresses["foreign_url"] + "/archive.zip"
        return Reply(302, {"Location": location})
    if isinstance(result, Bytes):
        return Reply(200, {"Content-Type": "application/zip" if result.name.endswith(".zip")
                           else "application/octet-stream",
                           "Content-Disposition": f'attachment; filename="{result.name}"',
                           "Last-Modified": email.utils.format_datetime(result.modified,
                                                                        usegmt=True)},
                     result.content)
    document = write(dialect, result.message, result.fields)
    body = rest_json(document) if dialect == "rest" else json.dumps(document).encode()
    return Reply(200, {"Content-Type": "application/json; charset=utf-8"}, Memory(body))


def own_headers(standin):
    """A session cookie that must not come back, and what Kaggle says of itself."""
    return {"Set-Cookie": [f"ka_sessionid={secrets.token_hex(16)}; path=/; HttpOnly",
                           "GCLB=standin; path=/; HttpOnly"],
            "X-Kaggle-ApiVersion": standin.scenario.api_version,
            "X-Kaggle-RequestId": secrets.token_hex(16),
            "X-Kaggle-MillisecondsElapsed": "7"}


def faulty(fault, dialect):
    """The Reply that a fault gives in place of the answer, or None."""
    if fault.fault in ODD_ANSWERS:
        if fault.fault == "error_in_200":
            status, message = fault.status or NOT_FOUND_IN_200[0], fault.message
            body = rest_json({"code": status, "message": message or NOT_FOUND_IN_200[1]})
            return Reply(200, {"Content-Type": "application/json"}, Memory(body))
        kind, body = BODIES[fault.fault]
        return Reply(200, {"Content-Type": kind}, Memory(body))
    if fault.fault not in REFUSALS:
        return None
    status = fault.status or REFUSALS[fault.fault]
    return Reply(status, {"Content-Type": "application/json", **retry_headers(fault)},
                 Memory(error_body(dialect, status, fault.message)))


def retry_headers(fault):
    """Retry-After as the fault wants it: seconds, a date, or none."""
    after = fault.retry_after
    if after is None and fault.fault == "rate_limited":
        after = 1
    if after is None or fault.no_retry_after:
        return {}
    if after == "date":
        return {"Retry-After": email.utils.formatdate(time.time() + fault.seconds, usegmt=True)}
    return {"Retry-After": f"{after:g}" if isinstance(after, float) else str(after)}
