"""Writes an answer to a socket as a fault wants it: at once, slowly, torn, or never."""

import dataclasses
import select
import socket
import time

from standins.kaggle.content import Content, Memory
from standins.kaggle.faults import NO_FAULT

HANG_SECONDS_MAX = 900  # a client that never leaves is left
PACE_SECONDS = 0.02  # between two writes of a slow answer
LENGTH_TOO_MUCH = 1000  # what wrong_length promises beyond the body


@dataclasses.dataclass
class Reply:
    """What is to be written: the bytes [start, end) of `content`."""

    status: int
    headers: dict
    content: Content = dataclasses.field(default_factory=lambda: Memory(b""))
    start: int = 0
    end: int | None = None
    is_chunked: bool = False

    @property
    def length(self):
        return (self.content.size if self.end is None else self.end) - self.start


class ClientLeft(Exception):
    """The other side closed the connection."""


class Sender:
    """For one answer on one connection of http.server; counts what went out."""

    def __init__(self, handler, fault=NO_FAULT):
        self._handler, self._fault = handler, fault
        self.bytes_sent = 0

    def send(self, reply):
        """Returns the outcome: complete, cut, dropped, client_left."""
        fault = self._fault
        try:
            if fault.fault in ("slow_first_byte", "hangs"):
                self._wait(fault.seconds if fault.fault == "slow_first_byte"
                           else HANG_SECONDS_MAX)
            if fault.fault in ("dropped", "lost_reply", "hangs"):
                self.tear()
                return "dropped"
            is_chunked = reply.is_chunked or fault.fault in ("no_length", "endless")
            self._head(reply, is_chunked)
            sent = self._body(reply, is_chunked)
            if sent < reply.length or fault.fault in ("wrong_length", "endless"):
                self.tear()
                return "cut"
            if is_chunked:
                self._handler.wfile.write(b"0\r\n\r\n")
            return "complete"
        except (ClientLeft, OSError):
            self._handler.close_connection = True
            return "client_left"

    def tear(self):
        """Closes without the end of the body: what was sent arrives, the rest is missing."""
        self._handler.close_connection = True
        self._handler.wfile.flush()
        self._handler.connection.shutdown(socket.SHUT_RDWR)

    def _head(self, reply, is_chunked):
        handler = self._handler
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            for line in value if isinstance(value, list) else [value]:
                handler.send_header(name, line)
        if is_chunked:
            handler.send_header("Transfer-Encoding", "chunked")
        else:
            too_much = LENGTH_TOO_MUCH if self._fault.fault == "wrong_length" else 0
            handler.send_header("Content-Length", str(reply.length + too_much))
        handler.end_headers()

    def _body(self, reply, is_chunked):
        """Writes the body, or the part that a fault leaves of it; returns its bytes."""
        if self._fault.fault == "endless":
            while True:
                self._write(b" " * 4096, True)
        limit = int(reply.length * self._fault.at) if self._fault.fault == "cut" else reply.length
        for piece in self._paced(reply.content.pieces(reply.start, reply.start + limit)):
            self._write(piece, is_chunked)
        return self.bytes_sent

    def _paced(self, pieces):
        if self._fault.fault != "slow":
            yield from pieces
            return
        rate = self._fault.bytes_per_second
        size = max(int(rate * PACE_SECONDS), 1)
        for piece in pieces:
            for start in range(0, len(piece), size):
                part = piece[start:start + size]
                yield part
                self._wait(len(part) / rate)

    def _write(self, piece, is_chunked):
        data = b"%x\r\n%s\r\n" % (len(piece), piece) if is_chunked else piece
        self._handler.wfile.write(data)
        self.bytes_sent += len(piece)

    def _wait(self, seconds):
        """Sleeps, but notices a client that leaves."""
        until = time.monotonic() + seconds
        connection = self._handler.connection
        while (left := until - time.monotonic()) > 0:
            readable, _, _ = select.select([connection], [], [], left)
            if readable and not connection.recv(1, socket.MSG_PEEK):
                raise ClientLeft
            if readable:  # a pipelined request; it has to wait
                time.sleep(min(left, PACE_SECONDS))
