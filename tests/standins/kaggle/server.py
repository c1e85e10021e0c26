"""The listeners: the API with the controls, the download host, and a host that is foreign."""

import http.server
import socket
import sys
import urllib.parse

from standins.kaggle import api, controls, storage
from standins.kaggle.content import Memory
from standins.kaggle.errors import storage_error
from standins.kaggle.faults import NO_FAULT, REFUSALS, Call
from standins.kaggle.sender import Reply, Sender
from standins.kaggle.submissions import UPLOAD_BYTES_MAX
from standins.kaggle.users import authorization_kind

API_BODY_BYTES_MAX = 4 * 1024 * 1024
IDLE_SECONDS_MAX = 600
READ_BYTES = 64 * 1024


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address, handler, standin):
        self.standin = standin
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, handler)

    def handle_error(self, request, client_address):
        """A client that leaves is nothing to report; anything else is."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Torn(Exception):
    """The body of a request ended early, or was to be cut by a fault."""


class BaseHandler(http.server.BaseHTTPRequestHandler):
    """One request: recorded, given its fault, answered by the subclass, written."""

    protocol_version = "HTTP/1.1"
    server_version = "kaggle-standin"
    timeout = IDLE_SECONDS_MAX
    disable_nagle_algorithm = True  # else small writes wait 40 ms for the other side
    listener = ""

    def log_message(self, *arguments):
        """Silent: the record tells more."""

    def do_GET(self):
        self._serve()

    do_POST = do_PUT = do_HEAD = do_DELETE = do_PATCH = do_GET

    def _serve(self):
        self.standin = self.server.standin
        self.path_only, _, self.query = self.path.partition("?")
        record = self.standin.record
        self.entry = record.begin(self.listener, self.command, self.path, self.headers,
                                  authorization_kind(self.headers))
        outcome, sender = "failed", Sender(self)
        self.body = self.body_pieces()
        if self.command == "HEAD":
            self.close_connection = True  # its answers have a body all the same
        try:
            reply, fault = self.reply()
            sender = Sender(self, fault)
            record.fill(self.entry, fault=fault.fault, status=reply.status)
            outcome = sender.send(reply)
        except Torn:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            outcome = "cut"
        finally:
            record.fill(self.entry, bytes_sent=sender.bytes_sent)
            record.end(self.entry, outcome)

    def reply(self):
        """(the Reply, the fault that its writing has)."""
        raise NotImplementedError

    def take_fault(self, call):
        self.standin.record.fill(self.entry, route=call.route, competition=call.competition,
                                 dialect=call.dialect)
        return self.standin.faults.take(call)

    def body_pieces(self):
        """The body as it comes, chunked or with a length; Torn when it ends early."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            yield from self._chunks()
            return
        left = self.body_length() or 0
        while left:
            yield (piece := self._read(min(left, READ_BYTES)))
            left -= len(piece)

    def drain(self):
        """Reads what is left of the body: a close before would take the answer along."""
        for _ in self.body:
            pass

    def body_length(self):
        """As announced; None when chunked."""
        if "Transfer-Encoding" in self.headers:
            return None
        length = self.headers.get("Content-Length", "0")
        return int(length) if length.isdigit() else 0

    def _chunks(self):
        while size := int(self.rfile.readline(1024).partition(b";")[0] or b"0", 16):
            while size:
                yield (piece := self._read(min(size, READ_BYTES)))
                size -= len(piece)
            self.rfile.readline(1024)
        while self.rfile.readline(1024).strip():
            pass  # trailers

    def _read(self, length):
        piece = self.rfile.read1(length)
        if not piece:
            raise Torn
        self.entry["bytes_received"] += len(piece)
        return piece


class ApiHandler(BaseHandler):
    listener = "api"

    def _serve(self):
        if self.path.startswith(controls.PREFIX):
            raw = self.rfile.read(int(self.headers.get("Content-Length", "0") or 0))
            Sender(self).send(controls.answer(self.server.standin, self.command, self.path, raw))
            return
        super()._serve()

    def reply(self):
        body = bytearray()
        for piece in self.body:
            body += piece
            if len(body) > API_BODY_BYTES_MAX:
                self.close_connection = True
                return Reply(413, {}), NO_FAULT
        asked = api.read_request(self.command, self.path_only, self.query, self.headers,
                                 bytes(body))
        fault = self.take_fault(asked.call)
        if fault.fault in ("dropped", "hangs"):
            return Reply(0, {}), fault
        return api.answer(self.standin, asked, self.headers, fault), fault


class StorageHandler(BaseHandler):
    listener = "storage"

    def reply(self):
        if self.path_only == storage.UPLOAD_PATH:
            return self._upload()
        quoted = self.path_only
        slug = quoted.removeprefix(storage.BUCKET).split("/")[0]
        fault = self.take_fault(Call("storage", "storage.download", self.command, slug))
        self.drain()
        reply = refused_by(fault)
        if fault.fault in ("dropped", "hangs"):
            return Reply(0, {}), fault
        if reply is None and self.command != "GET":
            reply = storage.refused(403, "SignatureDoesNotMatch", "The request was signed for GET.")
        if reply is None:
            query = dict(urllib.parse.parse_qsl(self.query))
            reply = self.standin.signer.refusal(quoted, query, self.headers,
                                                self.standin.clock.now(),
                                                self.standin.scenario.signature_uses)
        if reply is None:
            reply = self._download(quoted, slug, fault)
        return reply, fault

    def _download(self, quoted, slug, fault):
        offered = self.standin.offered(urllib.parse.unquote(quoted))
        if offered is None:  # a new scenario has forgotten it
            return storage.refused(404, "NoSuchKey", "The specified key does not exist.")
        return storage.download(*offered, quoted, self.headers, self.standin.settings_of(slug),
                                fault)

    def _upload(self):
        query = dict(urllib.parse.parse_qsl(self.query))
        upload = self.standin.submissions.upload_by_id(query.get("upload_id", ""))
        is_status = self.headers.get("Content-Range", "").startswith("bytes */")
        route = "storage.upload_status" if is_status else "storage.upload"
        fault = self.take_fault(Call("storage", route, self.command, upload.slug if upload else ""))
        if fault.fault in ("dropped", "hangs"):
            self.close_connection = True
            return Reply(0, {}), fault
        reply = refused_by(fault)
        if reply is None and self.command != "PUT":
            reply = storage.refused(405, "MethodNotAllowed", "The session takes PUT.")
        if reply is None and (upload is None or self._has_expired(upload)):
            reply = storage.refused(404, "NoSuchUpload", "The upload session was not found.")
        if reply is None:
            place = storage.upload_place(upload, self.headers, self.body_length())
            reply = place if isinstance(place, Reply) else self._receive(upload, *place, fault)
        self.drain()
        return reply, fault

    def _has_expired(self, upload):
        age = (self.standin.clock.now() - upload.began).total_seconds()
        return age > self.standin.scenario.upload_seconds

    def _receive(self, upload, start, total, fault):
        """Takes the body; what came before a cut stays."""
        cut_at = None
        if fault.fault == "cut_upload":
            cut_at = int((total if total is not None else upload.length) * fault.at)
        del upload.received[start:]
        for piece in self.body:
            upload.received += piece
            if cut_at is not None and len(upload.received) >= cut_at:
                del upload.received[cut_at:]
                if fault.status:
                    return storage.refused(fault.status, "ServiceUnavailable", "Try again.")
                raise Torn
            if len(upload.received) > UPLOAD_BYTES_MAX:
                return storage.refused(413, "EntityTooLarge", "The upload is too large.")
        upload.is_complete = total is None or len(upload.received) >= total
        return storage.upload_status(upload)


class ForeignHandler(BaseHandler):
    """A host that nobody should ever be sent to: it only counts who comes."""

    listener = "foreign"

    def reply(self):
        fault = self.take_fault(Call("foreign", "foreign", self.command))
        return Reply(200, {"Content-Type": "application/zip"},
                     Memory(b"PK\5\6" + bytes(18))), fault


def refused_by(fault):
    """The download host's Reply of a fault that replaces the answer, or None."""
    if fault.fault in REFUSALS:
        status = fault.status or REFUSALS[fault.fault]
        return Reply(status, {"Content-Type": "application/xml; charset=UTF-8",
                              **api.retry_headers(fault)},
                     Memory(storage_error(fault.fault, fault.message or "Refused.")))
    if fault.fault in api.BODIES:
        kind, body = api.BODIES[fault.fault]
        return Reply(200, {"Content-Type": kind}, Memory(body))
    return None
