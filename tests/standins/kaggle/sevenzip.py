"""Writes .7z archives without compression (method Copy), by 7-Zip's 7zFormat.txt."""

import struct
import zlib

SIGNATURE = b"7z\xbc\xaf\x27\x1c\0\4"
END, HEADER, STREAMS, FILES, PACK, UNPACK, SUBSTREAMS = 0, 1, 4, 5, 6, 7, 8
SIZE, CRC, FOLDER, CODERS_SIZE, NUM_UNPACK, NAMES = 9, 10, 11, 12, 13, 17
ALL_DEFINED = b"\1"


def number(value):
    """7z's own form: as many leading ones in the first byte as bytes follow."""
    for extra in range(8):
        if value < 1 << (7 * (extra + 1)):
            low = value & ((1 << 8 * extra) - 1)
            first = (0xFF00 >> extra) & 0xFF | value >> 8 * extra
            return bytes([first]) + low.to_bytes(extra, "little")
    return b"\xff" + value.to_bytes(8, "little")


def archive(files):
    """{name: bytes} as an archive of one uncompressed folder; no file may be empty."""
    packed = b"".join(files.values())
    crcs = b"".join(struct.pack("<I", zlib.crc32(data)) for data in files.values())
    sizes = [len(data) for data in files.values()]
    pack = (bytes([PACK]) + number(0) + number(1) + bytes([SIZE]) + number(len(packed))
            + bytes([END]))
    coder = bytes([1, 1, 0])  # one coder; its id has one byte; 0 is Copy
    unpack = (bytes([UNPACK, FOLDER]) + number(1) + b"\0" + coder + bytes([CODERS_SIZE])
              + number(len(packed)) + bytes([END]))
    streams = (bytes([SUBSTREAMS, NUM_UNPACK]) + number(len(files))
               + (bytes([SIZE]) + b"".join(map(number, sizes[:-1])) if len(files) > 1 else b"")
               + bytes([CRC]) + ALL_DEFINED + crcs + bytes([END]))
    names = b"\0" + b"".join(name.encode("utf-16-le") + b"\0\0" for name in files)
    entries = (bytes([FILES]) + number(len(files)) + bytes([NAMES]) + number(len(names)) + names
               + bytes([END]))
    header = (bytes([HEADER, STREAMS]) + pack + unpack + streams + bytes([END]) + entries
              + bytes([END]))
    start = struct.pack("<QQI", len(packed), len(header), zlib.crc32(header))
    return SIGNATURE + struct.pack("<I", zlib.crc32(start)) + start + packed + header
