"""Bytes that can be served from any offset: of memory, a file, nothing at all, or joined."""

import hashlib
import threading
import zlib

PIECE_BYTES = 256 * 1024
BLOCK_BYTES = 1024 * 1024

# (bytes, seed): (MD5, CRC-32) of synthetic files whose hashes take too long to be made at the first
# request. Content.md5() and Content.crc32() made them.
KNOWN_HASHES = {
    (10**9, 1): ("c0140e4b301d429db0c131cc0184992f", 2667577456),
    (2**30, 1): ("70d3c16d1271ed67d5da2da97080b810", 2917461454),
    (10**10, 1): ("12ce6a1050f04599f9bf2832ee500b3c", 3775933222),
    (10 * 2**30, 1): ("a5deca4d984bdb36d7386576461d6079", 3004051699),
}


def crc32c_table():
    table = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
        table.append(crc)
    return table


CRC32C_TABLE = crc32c_table()


class Content:
    """`size` bytes; a subclass gives `_read` or `pieces`. Hashes are made once, when asked for.

    Thread-safe: many downloads may ask for the same hash at once.
    """

    def __init__(self, size):
        self.size = size
        self._hashing = threading.Lock()
        self._md5 = self._crc32 = self._crc32c = None

    def _read(self, start, length):
        raise NotImplementedError

    def pieces(self, start=0, end=None):
        """The bytes [start, end) in pieces of bounded size."""
        end = self.size if end is None else min(end, self.size)
        while start < end:
            piece = self._read(start, min(PIECE_BYTES, end - start))
            if not piece:
                return  # the file became shorter meanwhile
            yield piece
            start += len(piece)

    @property
    def knows_md5(self):
        return self._md5 is not None

    def md5(self):
        """The digest as bytes."""
        with self._hashing:
            if self._md5 is None:
                made = hashlib.md5(usedforsecurity=False)
                for piece in self.pieces():
                    made.update(piece)
                self._md5 = made.digest()
            return self._md5

    def crc32(self):
        with self._hashing:
            if self._crc32 is None:
                crc = 0
                for piece in self.pieces():
                    crc = zlib.crc32(piece, crc)
                self._crc32 = crc
            return self._crc32

    def crc32c(self):
        """Castagnoli's; slow, so only for small contents."""
        with self._hashing:
            if self._crc32c is None:
                crc = 0xFFFFFFFF
                for piece in self.pieces():
                    for byte in piece:
                        crc = CRC32C_TABLE[(crc ^ byte) & 255] ^ crc >> 8
                self._crc32c = crc ^ 0xFFFFFFFF
            return self._crc32c

    def whole(self):
        return b"".join(self.pieces())


class Memory(Content):
    def __init__(self, data):
        super().__init__(len(data))
        self._data = data

    def _read(self, start, length):
        return self._data[start:start + length]


class File(Content):
    """A file of the disk; its size is taken once."""

    def __init__(self, path):
        super().__init__(path.stat().st_size)
        self.path = path

    def _read(self, start, length):
        with open(self.path, "rb") as file:
            file.seek(start)
            return file.read(length)

    def pieces(self, start=0, end=None):
        end = self.size if end is None else min(end, self.size)
        with open(self.path, "rb") as file:
            file.seek(start)
            while start < end:
                piece = file.read(min(PIECE_BYTES, end - start))
                if not piece:
                    return
                yield piece
                start += len(piece)


class Synthetic(Content):
    """`size` bytes that exist nowhere: blocks of 1 MiB that all differ, made from the seed.

    A block is its number in 16 hexadecimal digits and a newline, then bytes that look random and
    are the same in every block; so a piece in a wrong place is noticed.
    """

    def __init__(self, size, seed=1):
        super().__init__(size)
        filler = hashlib.shake_128(f"synthetic {seed}".encode()).digest(64 * 1024)
        self._filler = (filler * (BLOCK_BYTES // len(filler)))[17:]
        if (size, seed) in KNOWN_HASHES:
            md5, self._crc32 = KNOWN_HASHES[(size, seed)]
            self._md5 = bytes.fromhex(md5)

    def _read(self, start, length):
        number, inside = divmod(start, BLOCK_BYTES)
        length = min(length, BLOCK_BYTES - inside)
        head = b"%016x\n" % number
        if inside >= len(head):
            offset = inside - len(head)
            return self._filler[offset:offset + length]
        return (head + self._filler[:length])[inside:inside + length]


class Part(Content):
    """The bytes [start, end) of another content."""

    def __init__(self, content, start, end):
        super().__init__(max(end - start, 0))
        self._content, self._start = content, start

    def pieces(self, start=0, end=None):
        end = self.size if end is None else min(end, self.size)
        yield from self._content.pieces(self._start + start, self._start + end)


class Joined(Content):
    """Several contents, one after the other."""

    def __init__(self, parts):
        super().__init__(sum(part.size for part in parts))
        self._parts = [part for part in parts if part.size]

    def pieces(self, start=0, end=None):
        end = self.size if end is None else min(end, self.size)
        at = 0
        for part in self._parts:
            if at + part.size > start and at < end:
                yield from part.pieces(max(start - at, 0), end - at)
            at += part.size
