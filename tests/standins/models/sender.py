"""Writes an answer to a socket as its script wants it: at once, slowly, in bits, torn, or never."""

import select
import socket
import time

HANG_SECONDS_MAX = 900  # a client that never leaves is left
PACE_SECONDS = 0.05  # between two writes of a slow answer


class ClientLeft(Exception):
    """The other side closed the connection."""


class Sender:
    """For one answer on one connection of http.server; counts what went out."""

    def __init__(self, handler, answer):
        self._handler, self._answer = handler, answer
        self.bytes_sent = 0

    def send(self, status, headers, pieces, length=None):
        """Returns the outcome. `pieces` is any iterable of bytes; chunked without a length."""
        answer = self._answer
        try:
            self._wait(answer.first_byte_seconds)
            if answer.cut_at == 0:
                return self._tear()
            self._head(status, headers, length)
            for piece in self._paced(self._limited(pieces)):
                self._write(piece, chunked=length is None)
            return self._finish(chunked=length is None)
        except (ClientLeft, OSError):
            self._handler.close_connection = True
            return "client_left"

    def _head(self, status, headers, length):
        handler = self._handler
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        if length is None:
            handler.send_header("Transfer-Encoding", "chunked")
        else:
            handler.send_header("Content-Length", str(length))
        handler.end_headers()

    def _limited(self, pieces):
        """The part of the answer that is sent. An endless answer is never held as a whole."""
        answer = self._answer
        fractions = [at for at in (answer.cut_at, answer.end_at, answer.hang_at) if at is not None]
        if not fractions or answer.endless:
            return pieces
        pieces = list(pieces)
        left = int(sum(map(len, pieces)) * min(fractions))
        kept = []
        for piece in pieces:
            if len(piece) > left:
                if answer.end_at is None:  # a polite end is between two events
                    kept.append(piece[:left])
                break
            kept.append(piece)
            left -= len(piece)
        return kept

    def _paced(self, pieces):
        size = self._answer.write_bytes
        if size:
            whole = b"".join(pieces)
            pieces = (whole[start:start + size] for start in range(0, len(whole), size))
        rate = self._answer.bytes_per_second
        if not rate:
            yield from pieces
            return
        size = max(int(rate * PACE_SECONDS), 1)
        for piece in pieces:
            for start in range(0, len(piece), size):
                part = piece[start:start + size]
                yield part
                self._wait(len(part) / rate)

    def _write(self, piece, chunked):
        if not piece:
            return  # an empty chunk would be the end
        data = b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece
        self._handler.wfile.write(data)
        self.bytes_sent += len(piece)

    def _finish(self, chunked):
        answer = self._answer
        if answer.hang_at is not None:
            self._wait(HANG_SECONDS_MAX)
            return self._tear()
        if answer.cut_at is not None:
            return self._tear()
        if chunked:
            self._handler.wfile.write(b"0\r\n\r\n")
        if answer.end_at is not None:
            return "ended_early"
        return "complete"

    def _tear(self):
        """Closes without the end of the body: what was sent arrives, the rest is missing."""
        self._handler.close_connection = True
        self._handler.connection.shutdown(socket.SHUT_RDWR)
        return "cut"

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
