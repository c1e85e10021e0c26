"""What an object store looks at before it does anything, and moto does not: that there is a
signature at all, its age by the store's clock, its region, the hash of the body, and addresses that
carry their signature. A request that passes goes on to moto, which checks the signature of the
headers by botocore's signer; one that came with its signature in the address is checked here by the
same signer, and then signed anew for moto."""

import datetime
import hashlib
import io
import re
import socket
import threading
from urllib.parse import parse_qsl, quote

from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

TIME_FORMAT = "%Y%m%dT%H%M%SZ"
SKEW_MAX = datetime.timedelta(minutes=15)
# As long as what takes its place.
INITIATED = re.compile(rb"<Initiated>[^<]{24}<")


class Refused(Exception):
    def __init__(self, status, code, more=""):
        super().__init__(code)
        self.status, self.code, self.more = status, code, more

    def body(self):
        return (f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{self.code}</Code>'
                f"<Message>{self.code}</Message>{self.more}</Error>").encode()


class Checks:
    """A WSGI application around another. `clock_ahead`: seconds that the store's clock is ahead of
    the machine's. `faults`: what the next requests are answered instead, one each: a status and a
    code, or None to cut the connection. `busy_every`: each n-th request is answered SlowDown.
    `uploads_age`: seconds since the open multipart uploads were begun; moto tells always the same
    day."""

    def __init__(self, moto, access_key, secret_key, region):
        self.moto = moto
        self.credentials = Credentials(access_key, secret_key)
        self.region = region
        self.clock_ahead = 0
        self.faults = []
        self.busy_every = 0
        self.uploads_age = 0
        self.requests = 0
        # moto answers 500 when an object is written twice at the same time.
        self.one_at_a_time = threading.Lock()

    def __call__(self, environ, start_response):
        self.requests += 1
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        try:
            self.fail_as_told(environ)
            self.check(environ, body)
        except Refused as refused:
            answer = b"" if environ["REQUEST_METHOD"] == "HEAD" else refused.body()
            start_response(f"{refused.status} {refused.code}", [
                ("Content-Type", "application/xml"), ("Content-Length", str(len(answer)))])
            return [answer]
        with self.one_at_a_time:
            answer = self.moto(environ, start_response)
        if environ["REQUEST_METHOD"] != "GET" or "uploads" not in environ["QUERY_STRING"]:
            return answer
        return [INITIATED.sub(self.begun(), piece) for piece in answer]

    def begun(self):
        time = self.now() - datetime.timedelta(seconds=self.uploads_age)
        return time.strftime("<Initiated>%Y-%m-%dT%H:%M:%S.000Z<").encode()

    def fail_as_told(self, environ):
        if self.faults:
            fault = self.faults.pop(0)
            if fault is None:
                environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
                raise ConnectionAbortedError
            raise Refused(*fault)
        if self.busy_every and self.requests % self.busy_every == 0:
            raise Refused(503, "SlowDown")

    def check(self, environ, body):
        query = dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True))
        if "X-Amz-Signature" in query:
            self.check_address(environ, query)
        elif "HTTP_AUTHORIZATION" in environ:
            self.check_headers(environ, body)
        else:
            raise Refused(403, "AccessDenied")

    def now(self):
        ahead = datetime.timedelta(seconds=self.clock_ahead)
        return datetime.datetime.now(datetime.timezone.utc) + ahead

    def check_scope(self, credential, time):
        access_key, date, region, service, end = credential.split("/")
        if access_key != self.credentials.access_key:
            raise Refused(403, "InvalidAccessKeyId")
        if region != self.region:
            raise Refused(400, "AuthorizationHeaderMalformed", f"<Region>{self.region}</Region>")
        if (date, service, end) != (time[:8], "s3", "aws4_request"):
            raise Refused(400, "AuthorizationHeaderMalformed")

    def check_headers(self, environ, body):
        time = environ.get("HTTP_X_AMZ_DATE", "")
        _, _, fields = environ["HTTP_AUTHORIZATION"].partition(" ")
        signed = dict(field.strip().split("=", 1) for field in fields.split(","))
        self.check_scope(signed["Credential"], time)
        if abs(self.now() - moment(time)) > SKEW_MAX:
            raise Refused(403, "RequestTimeTooSkewed")
        sha256 = environ.get("HTTP_X_AMZ_CONTENT_SHA256", "")
        for name in ("host", "x-amz-date", "x-amz-content-sha256"):
            if name not in signed["SignedHeaders"].split(";"):
                raise Refused(403, "AccessDenied")
        if not sha256.startswith("STREAMING-") and sha256 != hashlib.sha256(body).hexdigest():
            raise Refused(400, "XAmzContentSHA256Mismatch")

    def check_address(self, environ, query):
        signature = query.pop("X-Amz-Signature")
        time = query["X-Amz-Date"]
        self.check_scope(query["X-Amz-Credential"], time)
        begin, lifetime = moment(time), int(query["X-Amz-Expires"])
        age = (self.now() - begin).total_seconds()
        if not 0 < lifetime <= 7 * 86400 or not -SKEW_MAX.total_seconds() <= age <= lifetime:
            raise Refused(403, "AccessDenied")
        if signature != self.signature_of_address(environ, query, time):
            raise Refused(403, "SignatureDoesNotMatch")
        kept = {name: value for name, value in query.items() if not name.startswith("X-Amz-")}
        self.sign_for_moto(environ, kept)

    def signature_of_address(self, environ, query, time):
        signer = S3SigV4QueryAuth(self.credentials, "s3", self.region)
        request = AWSRequest(environ["REQUEST_METHOD"], url_of(environ, query),
                             headers={"Host": environ["HTTP_HOST"]})
        request.context["timestamp"] = time
        to_sign = signer.string_to_sign(request, signer.canonical_request(request))
        return signer.signature(to_sign, request)

    def sign_for_moto(self, environ, query):
        environ["QUERY_STRING"] = text_of(query)
        environ["REQUEST_URI"] = environ["RAW_URI"] = path_of(environ) + "?" + text_of(query)
        request = AWSRequest(environ["REQUEST_METHOD"], url_of(environ, query),
                             headers={"Host": environ["HTTP_HOST"]})
        S3SigV4Auth(self.credentials, "s3", self.region).add_auth(request)
        for name, value in request.headers.items():
            environ["HTTP_" + name.upper().replace("-", "_")] = value


def moment(time):
    try:
        parsed = datetime.datetime.strptime(time, TIME_FORMAT)
    except ValueError:
        raise Refused(403, "AccessDenied") from None
    return parsed.replace(tzinfo=datetime.timezone.utc)


def path_of(environ):
    """As it was sent, percent-encoded."""
    return environ["REQUEST_URI"].partition("?")[0]


def text_of(query):
    return "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}"
                    for name, value in query.items())


def url_of(environ, query):
    return f"http://{environ['HTTP_HOST']}{path_of(environ)}?{text_of(query)}"
