"""The competitions of many shapes are what they say, and the same each time."""

import hashlib
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

from standins.kaggle import parquet, sevenzip, shapes

TESTS_FOLDER = Path(__file__).resolve().parents[3]
# Of files that libarchive 3.7 and pyarrow read when this was written.
SEVEN_ZIP_SHA256 = "60cd2884179fad393dcc36ad774424eeb90e8c315e4ab029222aaccd8a082104"
PARQUET_SHA256 = "55645e35e8258de69e340fd7b226ae07b4c324ed871f48a779eb78862d2c7679"


class Shapes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="kaggle-shapes-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        for name in shapes.SHAPES:
            shapes.write_shape(cls.folder, name)

    def test_the_same_bytes_each_time(self):
        with tempfile.TemporaryDirectory() as again:
            for name in set(shapes.SHAPES) - {"zip-bomb"}:
                shapes.write_shape(Path(again), name)
                for path in sorted((self.folder / name).rglob("*")):
                    if path.is_file():
                        other = Path(again) / path.relative_to(self.folder)
                        self.assertEqual(path.read_bytes(), other.read_bytes())

    def test_the_tool_writes_what_is_asked_for(self):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "standins.kaggle.shapes", folder]
            subprocess.run([*command, "no-sample"], cwd=TESTS_FOLDER, check=True)
            self.assertEqual([path.name for path in Path(folder).iterdir()], ["no-sample"])
            done = subprocess.run([*command, "unheard"], cwd=TESTS_FOLDER, capture_output=True,
                                  check=False)
            self.assertEqual(done.returncode, 2)

    def test_hostile_archives_are_what_they_say(self):
        with zipfile.ZipFile(self.folder / "zip-bomb" / "data" / "train.zip") as packed:
            (member,) = packed.infolist()
            self.assertGreater(member.file_size, 500 * member.compress_size)
        with zipfile.ZipFile(self.folder / "paths-outside" / "data" / "train.zip") as packed:
            self.assertEqual(packed.namelist()[0], "../../outside.csv")
        with self.assertRaises(zipfile.BadZipFile):
            zipfile.ZipFile(self.folder / "torn-archive" / "data" / "train.zip")

    def test_seven_zip_and_parquet_are_those_that_others_could_read(self):
        raw = sevenzip.archive({"a.csv": b"a" * 300, "dir/ü.csv": b"hello"})
        self.assertEqual(hashlib.sha256(raw).hexdigest(), SEVEN_ZIP_SHA256)
        raw = parquet.table(shapes.columns(shapes.TRAIN, shapes.HEADER))
        self.assertEqual(hashlib.sha256(raw).hexdigest(), PARQUET_SHA256)


if __name__ == "__main__":
    unittest.main()
