"""Writes small .parquet files: required columns, one row group, plain and uncompressed.

By parquet-format's parquet.thrift, in Thrift's compact protocol.
"""

import struct

INT64, DOUBLE, BYTE_ARRAY = 2, 5, 6  # physical types
UTF8 = 0  # converted type
PLAIN, RLE = 0, 3  # encodings
I32, I64, BINARY, LIST, STRUCT = 5, 6, 8, 9, 12  # compact protocol
MAGIC = b"PAR1"


def varint(value):
    raw = bytearray()
    while value > 0x7F:
        raw.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(raw) + bytes([value])


def zigzag(value):
    return varint(value << 1 if value >= 0 else (-value << 1) - 1)


def struct_of(fields):
    """{field id: (type, encoded value)} as a struct; ids ascending and close together."""
    raw, last = bytearray(), 0
    for identity, (kind, value) in fields.items():
        raw += bytes([(identity - last) << 4 | kind]) + value
        last = identity
    return bytes(raw) + b"\0"


def integer(value):
    return I32, zigzag(value)


def long(value):
    return I64, zigzag(value)


def text(value):
    raw = value.encode()
    return BINARY, varint(len(raw)) + raw


def inner(fields):
    return STRUCT, struct_of(fields)


def many(kind, items):
    """A list of at most 14 items, which is all that is needed here."""
    return LIST, bytes([len(items) << 4 | kind]) + b"".join(items)


def encoded(values):
    """(physical type, the values in the encoding PLAIN)."""
    if all(isinstance(value, int) for value in values):
        return INT64, struct.pack(f"<{len(values)}q", *values)
    if all(isinstance(value, (int, float)) for value in values):
        return DOUBLE, struct.pack(f"<{len(values)}d", *values)
    raw = [str(value).encode() for value in values]
    return BYTE_ARRAY, b"".join(struct.pack("<I", len(one)) + one for one in raw)


def table(columns):
    """{name: values} as a file; int, float and str, no gaps."""
    file, chunks = bytearray(MAGIC), []
    schema = [struct_of({4: text("schema"), 5: integer(len(columns))})]
    rows = len(next(iter(columns.values())))
    for name, values in columns.items():
        kind, data = encoded(values)
        described = {1: integer(kind), 3: integer(0), 4: text(name)}
        schema.append(struct_of(described | ({6: integer(UTF8)} if kind == BYTE_ARRAY else {})))
        page = struct_of({1: integer(0), 2: integer(len(data)), 3: integer(len(data)),
                          5: inner({1: integer(rows), 2: integer(PLAIN), 3: integer(RLE),
                                    4: integer(RLE)})})
        at, size = len(file), len(page) + len(data)
        file += page + data
        path = many(BINARY, [text(name)[1]])
        meta = {1: integer(kind), 2: many(I32, [zigzag(PLAIN)]), 3: path, 4: integer(0),
                5: long(rows), 6: long(size), 7: long(size), 9: long(at)}
        chunks.append(struct_of({2: long(at), 3: inner(meta)}))
    group = struct_of({1: many(STRUCT, chunks), 2: long(len(file) - 4), 3: long(rows)})
    footer = struct_of({1: integer(1), 2: many(STRUCT, schema), 3: long(rows),
                        4: many(STRUCT, [group]), 6: text("kaggle stand-in")})
    return bytes(file) + footer + struct.pack("<I", len(footer)) + MAGIC
