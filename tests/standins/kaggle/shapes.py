"""Writes competitions of many shapes, each with answers, for tests: no two look alike.

    python3 -m standins.kaggle.shapes FOLDER [NAME ...]

All hold the same small task in another dress: 60 training rows, 30 test rows, target `label` (0 or
1) by column `x`. What a name means stands in SHAPES. The same call writes the same bytes.
"""

import argparse
import csv
import gzip
import io
import json
import math
import random
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

from standins.kaggle import parquet, sevenzip

TRAIN_ROWS, TEST_ROWS = 60, 30
BOMB_BYTES = 256 * 1024 * 1024
HEADER = ["id", "x", "y", "city", "label"]
CITIES = ["Oslo", "Malmö", "Turku"]
SAMPLE = "sample_submission.csv"


def rows():
    """(training rows, test rows with their label)."""
    chance = random.Random(7)
    made = []
    for number in range(TRAIN_ROWS + TEST_ROWS):
        x, y = round(chance.uniform(-3, 3), 3), round(chance.gauss(0, 1), 3)
        made.append([number + 1, x, y, chance.choice(CITIES), int(x > 0)])
    return made[:TRAIN_ROWS], made[TRAIN_ROWS:]


def table(header, lines, separator=",", encoding="utf-8"):
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows([header, *lines])
    return text.getvalue().encode(encoding)


TRAIN, TEST = rows()
TRAIN_CSV = table(HEADER, TRAIN)
TEST_CSV = table(HEADER[:-1], [row[:-1] for row in TEST])
SAMPLE_CSV = table(["id", "label"], [[row[0], 0] for row in TEST])
TABLES = {"train.csv": TRAIN_CSV, "test.csv": TEST_CSV, SAMPLE: SAMPLE_CSV}


def zipped(files):
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data,
                             zipfile.ZIP_DEFLATED)
    return raw.getvalue()


def tarred(files, links=()):
    """A .tar.gz; `links` are (name, target) of symbolic links."""
    raw = io.BytesIO()
    with gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as packed, \
            tarfile.open(fileobj=packed, mode="w") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        for name, target in links:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, target
            archive.addfile(member)
    return raw.getvalue()


def png(shade):
    """A grey picture of 8 by 8."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(
            ">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    lines = (b"\0" + bytes([shade]) * 8) * 8
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines))
            + chunk(b"IEND", b""))


def pictures(folder, lines):
    return {f"{folder}/{row[0]}.png": png(200 if row[4] else 40) for row in lines}


def wav(tone):
    """A quarter of a second of a tone in hertz, 8,000 samples a second of 16 bits."""
    samples = [int(9000 * math.sin(2 * math.pi * tone * at / 8000)) for at in range(2000)]
    raw = struct.pack(f"<{len(samples)}h", *samples)
    head = struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    return (b"RIFF" + struct.pack("<I", 36 + len(raw)) + b"WAVEfmt " + head
            + b"data" + struct.pack("<I", len(raw)) + raw)


def sounds(folder, lines):
    return {f"{folder}/{row[0]}.wav": wav((1500 if row[4] else 300) + row[0]) for row in lines}


def cut(data, parts):
    """The data in so many pieces."""
    step = -(-len(data) // parts)
    return [data[at:at + step] for at in range(0, len(data), step)]


def columns(lines, header):
    return {name: [row[at] for row in lines] for at, name in enumerate(header)}


def as_json(lines, header):
    return [dict(zip(header, row, strict=True)) for row in lines]


def bomb():
    """A zip whose only file is 256 MiB of zeros: a thousand times its own size."""
    raw, entry = io.BytesIO(), zipfile.ZipInfo("train.csv", (2026, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(raw, "w") as archive, archive.open(entry, "w") as member:
        for _ in range(BOMB_BYTES // (1024 * 1024)):
            member.write(bytes(1024 * 1024))
    return raw.getvalue()


def one_city(at):
    return table(["city", "people"], [[name, 1000 * (at + number)]
                                      for number, name in enumerate(CITIES)])


SHAPES = {  # name: what the folder data/ holds; made only when asked for
    "plain-tables": lambda: TABLES,
    "other-names": lambda: {"training_set_final.csv": TRAIN_CSV, "evaluation.csv": TEST_CSV,
                            "answer_format.csv": SAMPLE_CSV},
    "several-archives": lambda: {"train.zip": zipped({"train.csv": TRAIN_CSV}),
                                 "test.zip": zipped({"test.csv": TEST_CSV}),
                                 f"{SAMPLE}.zip": zipped({SAMPLE: SAMPLE_CSV})},
    "nested-zips": lambda: {"everything.zip": zipped({"inner/data.zip": zipped(
        {"deep/train.csv": TRAIN_CSV, "deep/test.csv": TEST_CSV}), SAMPLE: SAMPLE_CSV})},
    "gzip-files": lambda: {"train.csv.gz": gzip.compress(TRAIN_CSV, mtime=0),
                           "test.csv.gz": gzip.compress(TEST_CSV, mtime=0), SAMPLE: SAMPLE_CSV},
    "tar-archives": lambda: {"data.tar.gz": tarred({"./train.csv": TRAIN_CSV,
                                                    "./test.csv": TEST_CSV}), SAMPLE: SAMPLE_CSV},
    "seven-zips": lambda: {"train.csv.7z": sevenzip.archive({"train.csv": TRAIN_CSV}),
                           "test.csv.7z": sevenzip.archive({"test.csv": TEST_CSV}),
                           SAMPLE: SAMPLE_CSV},
    "parquet-files": lambda: {"train.parquet": parquet.table(columns(TRAIN, HEADER)),
                              "test.parquet": parquet.table(columns(TEST, HEADER[:-1])),
                              SAMPLE: SAMPLE_CSV},
    "json-files": lambda: {
        "train.json": json.dumps(as_json(TRAIN, HEADER)).encode(),
        "test.jsonl": "".join(json.dumps(row) + "\n"
                              for row in as_json([r[:-1] for r in TEST], HEADER[:-1])).encode(),
        SAMPLE: SAMPLE_CSV},
    "picture-folders": lambda: pictures("train", TRAIN) | pictures("test", TEST) | {
        "train_labels.csv": table(["id", "label"], [[row[0], row[4]] for row in TRAIN]),
        SAMPLE: SAMPLE_CSV},
    "class-folders": lambda: {
        f"train/{row[4]}/{row[0]}.png": png(200 if row[4] else 40) for row in TRAIN
    } | pictures("test", TEST) | {SAMPLE: SAMPLE_CSV},
    "sound-folders": lambda: sounds("train", TRAIN) | sounds("test", TEST) | {
        "train.csv": table(["id", "label"], [[row[0], row[4]] for row in TRAIN]),
        SAMPLE: SAMPLE_CSV},
    "rows-in-parts": lambda: {
        f"train_{part + 1}.csv": table(HEADER, TRAIN[20 * part:20 * part + 20])
        for part in range(3)} | {"test.csv": TEST_CSV, SAMPLE: SAMPLE_CSV},
    "cut-archives": lambda: {
        f"train.zip.{part + 1:03}": piece
        for part, piece in enumerate(cut(zipped({"train.csv": TRAIN_CSV}), 3))} | {
            "test.csv": TEST_CSV, SAMPLE: SAMPLE_CSV},
    "halves-to-join": lambda: {
        "train.csv": table(["id", "y", "label"], [[row[0], row[2], row[4]] for row in TRAIN]),
        "test.csv": table(["id", "y"], [[row[0], row[2]] for row in TEST]),
        "train_more.csv": table(["id", "x"], [row[:2] for row in TRAIN]),
        "test_more.csv": table(["id", "x"], [row[:2] for row in TEST]), SAMPLE: SAMPLE_CSV},
    "features-by-id": lambda: {
        "train_labels.csv": table(["id", "label"], [[row[0], row[4]] for row in TRAIN]),
        "features.csv": table(["id", "x", "y"], [row[:3] for row in TRAIN + TEST]),
        SAMPLE: SAMPLE_CSV},
    "tables-to-join": lambda: TABLES | {"cities.csv": one_city(1), "cities_2025.csv": one_city(2)},
    "no-test-file": lambda: {"train.csv": TRAIN_CSV, SAMPLE: SAMPLE_CSV},
    "no-sample": lambda: {"train.csv": TRAIN_CSV, "test.csv": TEST_CSV},
    "nothing-to-answer": lambda: {"rows.csv": TRAIN_CSV, "more.csv": TEST_CSV},
    "several-samples": lambda: TABLES | {
        "sample_submission_stage_1.csv": table(["id", "label"], [[row[0], 0] for row in TEST[:9]]),
        "sampleSubmission2.csv": SAMPLE_CSV},
    "other-order": lambda: TABLES | {SAMPLE: table(["id", "label"],
                                                   [[row[0], 0] for row in reversed(TEST)])},
    "odd-names": lambda: {"Train Data (final) #1.csv": TRAIN_CSV, "sub dir/tést+set 100%.csv":
                          TEST_CSV, "sub dir/deeper/README": b"Nothing here.\n",
                          SAMPLE: SAMPLE_CSV},
    "odd-encodings": lambda: {"train.csv": table(HEADER, TRAIN, ";", "latin-1"),
                              "test.csv": table(HEADER[:-1], [row[:-1] for row in TEST], ";",
                                                "utf-8-sig"), SAMPLE: SAMPLE_CSV},
    "paths-outside": lambda: {"train.zip": zipped({"../../outside.csv": TRAIN_CSV,
                                                   "/tmp/absolute.csv": TRAIN_CSV}),
                              "test.csv": TEST_CSV, SAMPLE: SAMPLE_CSV},
    "links": lambda: {"train.tar.gz": tarred({"train.csv": TRAIN_CSV},
                                             [("passwords", "/etc/passwd"), ("up", "..")]),
                      "test.csv": TEST_CSV, SAMPLE: SAMPLE_CSV},
    "zip-bomb": lambda: {"train.zip": bomb(), "test.csv": TEST_CSV, SAMPLE: SAMPLE_CSV},
    "torn-archive": lambda: {"train.zip": zipped({"train.csv": TRAIN_CSV})[:-40],
                             "test.csv": TEST_CSV, SAMPLE: SAMPLE_CSV},
}
UNNAMED_SAMPLE = {"other-names": "answer_format.csv", "several-archives": None, "no-sample": None,
                  "nothing-to-answer": None, "nested-zips": SAMPLE}


def write_shape(folder, name):
    """Writes FOLDER/NAME; KeyError for an unknown name."""
    base, files = folder / name, SHAPES[name]()
    for path, data in files.items():
        target = base / "data" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    document = {"slug": name, "title": name.replace("-", " ").capitalize(),
                "description": "Which rows are positive?", "category": "Playground",
                "reward": "Knowledge", "tags": ["binary classification"],
                "evaluationMetric": "Categorization Accuracy", "deadline": "2030-12-31T23:59:00Z",
                "maxDailySubmissions": 5, "rowIdColumn": "id", "targets": ["label"],
                "sampleSubmission": UNNAMED_SAMPLE.get(name, SAMPLE)}
    (base / "competition.json").write_text(json.dumps(document, indent=1), "utf-8")
    for page, text in PAGES.items():
        (base / page).write_text(text, "utf-8")
    (base / "answers").mkdir(exist_ok=True)
    (base / "answers" / "scoring.json").write_text(json.dumps(
        {"key": "accuracy", "metric": "Categorization Accuracy", "rowId": "id",
         "targets": ["label"]}), "utf-8")
    (base / "answers" / "solution.csv").write_bytes(table(
        ["id", "label", "Usage"],
        [[row[0], row[4], "Public" if number % 2 else "Private"]
         for number, row in enumerate(TEST)]))


PAGES = {
    "description.md": "# Positive rows\n\nTell which rows are **positive**.\n",
    "evaluation.md": "# Evaluation\n\nJudged by **accuracy**.\n\n```\nid,label\n61,0\n```\n",
    "data_description.md": "# Dataset Description\n\n| Column | Meaning |\n|---|---|\n"
                           "| x | what counts |\n| label | 1 = positive & true |\n",
}


def main():
    parser = argparse.ArgumentParser(description="Writes competitions of many shapes.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME",
                        help=f"all by default: {', '.join(SHAPES)}")
    options = parser.parse_args()
    unknown = sorted(set(options.names) - set(SHAPES))
    if unknown:
        parser.error(f"no shape is called {', '.join(unknown)}")
    for name in options.names or SHAPES:
        write_shape(options.folder, name)


if __name__ == "__main__":
    main()
