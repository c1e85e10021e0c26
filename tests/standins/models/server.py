"""The HTTP side: routes, bodies, and the controls under /_standin/."""

import http.server
import json
import socket
import sys
import urllib.parse

from standins.models.answers import Answer
from standins.models.catalogue import CATALOGUE
from standins.models.errors import Refused, error_reply
from standins.models.record import masked
from standins.models.sender import Sender
from standins.models.standin import Plan
from standins.models.vendors import ENDPOINTS, endpoint_of, key_of, own_headers

BODY_BYTES_MAX = 32 * 1024 * 1024  # Anthropic's; a larger one is refused at the edge, as HTML
IDLE_SECONDS_MAX = 600
PLAIN = Answer(name="plain")


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address, standin):
        self.standin = standin
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, Handler)

    def handle_error(self, request, client_address):
        """A client that leaves is nothing to report; anything else is."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "model-standin"
    timeout = IDLE_SECONDS_MAX
    disable_nagle_algorithm = True  # else small writes wait 40 ms for the other side

    def log_message(self, *arguments):
        """Silent: the record tells more."""

    def do_POST(self):
        raw = self._body()
        if raw is None:
            return
        path = urllib.parse.urlsplit(self.path).path
        if path == "/_standin/script":
            self._set_script(raw)
            return
        endpoint = endpoint_of(path.removesuffix("/count_tokens"))
        if endpoint is None or (path.endswith("/count_tokens") and endpoint.api != "messages"):
            self._not_found(f"no such address: POST {path}")
            return
        record = self.server.standin.record
        entry = record.begin(endpoint.api, path, masked(self.headers.items()), readable(raw))
        outcome, sender = "failed", None
        try:
            plan = self.server.standin.plan(endpoint, entry, self.headers, raw)
            sender = Sender(self, plan.answer or PLAIN)
            outcome = self._write(sender, plan)
        finally:
            record.end(entry, outcome, sender.bytes_sent if sender else 0)

    def do_GET(self):
        path, _, query = self.path.partition("?")
        if path.startswith("/_standin/"):
            self._control(path.removeprefix("/_standin/"), urllib.parse.parse_qs(query))
        elif "/models" in path:
            self._models(path.partition("/models")[2].strip("/"))
        else:
            self._not_found(f"no such address: GET {path}")

    def do_DELETE(self):
        if self.path != "/_standin/requests":
            self._not_found(f"no such address: DELETE {self.path}")
            return
        self.server.standin.record.clear()
        self._json(200, {"cleared": True})

    def _body(self):
        """The request's body; None when it was refused (and answered)."""
        if self.headers.get("Transfer-Encoding"):
            self.close_connection = True
            self._json(411, {"error": {"message": "a Content-Length is required"}})
            return None
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit():
            self.close_connection = True
            self._json(400, {"error": {"message": "the Content-Length is no number"}})
            return None
        if int(length) > BODY_BYTES_MAX:
            self.close_connection = True  # the rest of the body is not read
            self._write_error("anthropic", Refused("too_large"), "")
            return None
        return self.rfile.read(int(length))

    def _write(self, sender, plan):
        if plan.pieces is None:
            return sender.send(plan.status, plan.headers, [plan.body], len(plan.body))
        return sender.send(plan.status, plan.headers, plan.pieces)

    def _json(self, status, document):
        headers = {"Content-Type": "application/json"}
        body = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
        self._write(Sender(self, PLAIN), Plan(status, headers, body))

    def _write_error(self, vendor, refused, request_id):
        reply = error_reply(vendor, refused, request_id)
        headers = own_headers(vendor, request_id, None, None)
        self._write(Sender(self, PLAIN),
                    Plan(reply.status, headers | {"Content-Type": reply.content_type}, reply.body))

    def _not_found(self, message):
        vendor = "anthropic" if self.headers.get("anthropic-version") else "openai"
        self._write_error(vendor, Refused("not_found", message), "req_standin_none")

    def _models(self, name):
        """Both vendors serve /v1/models; Anthropic's clients say who they are by a header."""
        vendor = "anthropic" if self.headers.get("anthropic-version") else "openai"
        script = self.server.standin.script
        if not script.accepts_key(key_of(self.headers)):
            self._write_error(vendor, Refused("authentication"), "req_standin_none")
            return
        wire = next(endpoint.wire for endpoint in ENDPOINTS if endpoint.vendor == vendor)
        models = [m for m in script.models.values() if m.vendor in (vendor, "compatible")]
        if name:
            models = [model for model in models if model.id == urllib.parse.unquote(name)]
            if not models:
                self._not_found(f"model: {name}" if vendor == "anthropic" else
                                f"The model '{name}' does not exist")
                return
        headers = own_headers(vendor, "req_standin_none", script.limits, None)
        document = wire.model_object(models[0]) if name else wire.model_list(models)
        self._write(Sender(self, PLAIN), Plan(200, headers | {"Content-Type": "application/json"},
                                              json.dumps(document).encode()))

    def _set_script(self, raw):
        try:
            self.server.standin.set_script(json.loads(raw))
        except (ValueError, TypeError) as wrong:
            self._json(400, {"error": {"message": str(wrong)}})
            return
        self._json(200, {"accepted": True})

    def _control(self, what, query):
        standin = self.server.standin
        if what == "requests":
            after = query.get("after", ["0"])[0]
            calls = standin.record.calls(int(after) if after.isdigit() else 0)
            self._json(200, {"requests": calls})
        elif what == "counts":
            self._json(200, standin.record.counts())
        elif what == "script":
            self._json(200, standin.script.document)
        elif what == "answers":
            self._json(200, {"answers": sorted(CATALOGUE)})
        elif what == "health":
            self._json(200, {"ok": True})
        else:
            self._not_found(f"no such control: {what}")


def readable(raw):
    """A request's body for the record: as JSON if it is that."""
    try:
        return json.loads(raw)
    except ValueError:
        return raw.decode("utf-8", "replace")
