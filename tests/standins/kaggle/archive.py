"""The archive that a download of all files answers with."""

import io
import struct
import tarfile
import tempfile
import zipfile
from pathlib import Path

from standins.kaggle.content import File, Joined, Memory

# A zip is packed on disk when its files are no larger than this; larger ones are stored unpacked
# and made while they are sent, so that nothing is held anywhere.
PACKED_BYTES_MAX = 64 * 1024 * 1024
DOS_DATE = (2026 - 1980) << 9 | 1 << 5 | 1  # every member is of 2026-01-01
FLAG_UTF8 = 0x800
ZIP64_VERSION = 45


def zip_of(files, scratch):
    """A zip of [(name, content)] as content; deterministic. `scratch`: a folder for packed ones."""
    if sum(content.size for _, content in files) > PACKED_BYTES_MAX:
        return stored_zip(files)
    with tempfile.NamedTemporaryFile(dir=scratch, suffix=".zip", delete=False) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, content in files:
                member = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
                member.compress_type = zipfile.ZIP_DEFLATED
                member.external_attr = 0o644 << 16
                archive.writestr(member, content.whole())
    return File(Path(file.name))


def tar_gz_of(files, scratch):
    """The same as .tar.gz, always on disk."""
    with tempfile.NamedTemporaryFile(dir=scratch, suffix=".tar.gz", delete=False) as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as archive:
            for name, content in files:
                member = tarfile.TarInfo(name)
                member.size = content.size
                archive.addfile(member, io.BytesIO(content.whole()))
    return File(Path(file.name))


def stored_zip(files):
    """A zip without compression, put together while it is read; with zip64 throughout."""
    parts, directory, at = [], [], 0
    for name, content in files:
        raw = name.encode()
        crc, size = content.crc32(), content.size
        sizes = struct.pack("<HHQQ", 1, 16, size, size)
        head = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", ZIP64_VERSION, FLAG_UTF8, 0, 0, DOS_DATE,
                           crc, 0xFFFFFFFF, 0xFFFFFFFF, len(raw), len(sizes)) + raw + sizes
        extra = struct.pack("<HHQQQ", 1, 24, size, size, at)
        directory.append(struct.pack(
            "<4sHHHHHHIIIHHHHHII", b"PK\1\2", ZIP64_VERSION, ZIP64_VERSION, FLAG_UTF8, 0, 0,
            DOS_DATE, crc, 0xFFFFFFFF, 0xFFFFFFFF, len(raw), len(extra), 0, 0, 0,
            0o644 << 16, 0xFFFFFFFF) + raw + extra)
        parts += [Memory(head), content]
        at += len(head) + size
    entries = b"".join(directory)
    count = len(files)
    end = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, ZIP64_VERSION, ZIP64_VERSION, 0, 0, count,
                      count, len(entries), at)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, at + len(entries), 1)
    tail = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return Joined([*parts, Memory(entries + end + locator + tail)])
