"""Writes the Parquet files beside it, which the tests read, as pyarrow writes them.

    python3 make.py        # with pyarrow; the files are committed, so that tests need none of it

The rows of all tables are the same; every file is written in another way.
"""

import datetime
import decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

FOLDER = Path(__file__).parent
ROWS = 300


def gaps(values, every):
    return [None if number % every == 0 else value for number, value in enumerate(values)]


def main():
    numbers = range(ROWS)
    day = datetime.date(1969, 12, 30)
    moment = datetime.datetime(2024, 2, 29, 23, 59, 30)
    one_second, one_day = datetime.timedelta(seconds=1), datetime.timedelta(days=1)
    columns = {
        "id": pa.array(numbers, pa.int64()),
        "small": pa.array(gaps([number % 7 - 3 for number in numbers], 5), pa.int32()),
        "unsigned": pa.array([2**64 - 1 - number for number in numbers], pa.uint64()),
        "real": pa.array(gaps([number / 8 for number in numbers], 7), pa.float64()),
        "single": pa.array([number / 10 for number in numbers], pa.float32()),
        "flag": pa.array(gaps([number % 3 == 0 for number in numbers], 11), pa.bool_()),
        "word": pa.array(gaps([f"wörd, {number % 4}" for number in numbers], 6), pa.string()),
        "text": pa.array([f"text number {number}" for number in numbers], pa.string()),
        "day": pa.array([day + number * one_day for number in numbers], pa.date32()),
        "second": pa.array([moment + number * one_second for number in numbers],
                           pa.timestamp("ms")),
        "micro": pa.array([moment + number * one_second / 4 for number in numbers],
                          pa.timestamp("us")),
        "price": pa.array([decimal.Decimal(number - 9).scaleb(-2) for number in numbers],
                          pa.decimal128(12, 2)),
    }
    table = pa.table(columns)
    pq.write_table(table, FOLDER / "snappy.parquet", compression="snappy", row_group_size=120,
                   data_page_size=512)
    pq.write_table(table, FOLDER / "gzip_plain.parquet", compression="gzip", use_dictionary=False)
    pq.write_table(table, FOLDER / "zstd_version_2.parquet", compression="zstd",
                   data_page_version="2.0", use_dictionary=False, column_encoding={
                       "id": "DELTA_BINARY_PACKED", "small": "DELTA_BINARY_PACKED",
                       "real": "BYTE_STREAM_SPLIT", "single": "BYTE_STREAM_SPLIT", "flag": "RLE",
                       "word": "DELTA_BYTE_ARRAY", "text": "DELTA_LENGTH_BYTE_ARRAY"})
    pq.write_table(table, FOLDER / "int96.parquet", compression="none",
                   use_deprecated_int96_timestamps=True)
    pq.write_table(table.select(["id"]), FOLDER / "brotli.parquet", compression="brotli")
    pq.write_table(table.select(["id"]).slice(0, 2), FOLDER / "tiny.parquet", compression="none")
    nested = pa.table({
        "id": pa.array([1, 2], pa.int64()),
        "marks": pa.array([[1, 2], []], pa.list_(pa.int64())),
        "place": pa.array([{"x": 1, "y": 2}, None]),
        "picture": pa.array([b"\x00\xff", b"plain"], pa.binary()),
    })
    pq.write_table(nested, FOLDER / "nested.parquet")


if __name__ == "__main__":
    main()
