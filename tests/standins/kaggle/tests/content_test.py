"""Contents that are made while they are served: bytes, ranges, hashes, archives."""

import concurrent.futures
import hashlib
import io
import random
import struct
import tarfile
import tempfile
import unittest
import zipfile
import zlib

from standins.kaggle import archive
from standins.kaggle.content import BLOCK_BYTES, KNOWN_HASHES, Joined, Memory, Synthetic
from standins.kaggle.tests.support import StandInCase

TEN_GB = 10_000_000_000


class Contents(unittest.TestCase):
    def test_any_part_of_a_synthetic_file_is_the_same(self):
        content = Synthetic(3 * BLOCK_BYTES + 777, 9)
        whole = content.whole()
        self.assertEqual(len(whole), content.size)
        chance = random.Random(1)
        for _ in range(40):
            start = chance.randrange(content.size)
            end = chance.randrange(start, content.size + 1)
            self.assertEqual(b"".join(content.pieces(start, end)), whole[start:end])
        for start in (0, 16, 17, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 5):
            self.assertEqual(b"".join(content.pieces(start, start + 30)), whole[start:start + 30])

    def test_blocks_and_seeds_differ(self):
        whole = Synthetic(2 * BLOCK_BYTES).whole()
        self.assertNotEqual(whole[:BLOCK_BYTES], whole[BLOCK_BYTES:])
        self.assertNotEqual(Synthetic(1000, 1).whole(), Synthetic(1000, 2).whole())

    def test_hashes(self):
        content = Synthetic(BLOCK_BYTES + 5)
        self.assertEqual(content.md5(),
                         hashlib.md5(content.whole(), usedforsecurity=False).digest())
        self.assertEqual(content.crc32(), zlib.crc32(content.whole()))

    def test_many_may_ask_for_a_hash_at_once(self):
        content = Synthetic(30 * BLOCK_BYTES)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            made = set(pool.map(lambda _: content.md5(), range(8)))
        self.assertEqual(len(made), 1)

    def test_known_hashes_are_taken_at_their_word(self):
        """Those of ten gigabytes would take half a minute to be made again."""
        for (size, seed), (md5, crc) in KNOWN_HASHES.items():
            content = Synthetic(size, seed)
            self.assertEqual((content.md5().hex(), content.crc32()), (md5, crc))

    def test_joined(self):
        parts = [Memory(b"abc"), Memory(b""), Synthetic(50), Memory(b"xyz")]
        whole = b"".join(part.whole() for part in parts)
        joined = Joined(parts)
        self.assertEqual(joined.whole(), whole)
        for start in range(len(whole)):
            self.assertEqual(b"".join(joined.pieces(start, start + 6)), whole[start:start + 6])


class Archives(unittest.TestCase):
    FILES = (("train/tést.csv", Memory(b"a,b\n" * 100)), ("big.bin", Synthetic(3_000_000)),
             ("empty", Memory(b"")))

    def read(self, raw):
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            self.assertIsNone(packed.testzip())
            return {name: packed.read(name) for name in packed.namelist()}

    def test_a_zip_that_is_stored_and_one_that_is_packed_hold_the_same(self):
        wanted = {name: content.whole() for name, content in self.FILES}
        with tempfile.TemporaryDirectory() as scratch:
            packed = archive.zip_of(self.FILES, scratch)
            self.assertEqual(self.read(packed.whole()), wanted)
        self.assertEqual(self.read(archive.stored_zip(self.FILES).whole()), wanted)

    def test_a_tar(self):
        with tempfile.TemporaryDirectory() as scratch:
            raw = archive.tar_gz_of(self.FILES, scratch).whole()
        with tarfile.open(fileobj=io.BytesIO(raw)) as packed:
            self.assertEqual(packed.extractfile("big.bin").read(), self.FILES[1][1].whole())

    def test_large_archives_are_not_packed(self):
        content = archive.zip_of([("big.bin", Synthetic(70_000_000))], "/nowhere")
        self.assertEqual(b"".join(content.pieces(0, 4)), b"PK\3\4")

    def test_the_end_of_a_huge_zip_is_readable(self):
        """The end is read by zipfile, which is told where it stands in the whole."""
        content = archive.stored_zip([("train.bin", Synthetic(TEN_GB)), ("a", Memory(b"x"))])

        class Far(io.RawIOBase):
            at = 0

            def seekable(self):
                return True

            def seek(self, offset, whence=0):
                self.at = offset + {0: 0, 1: self.at, 2: content.size}[whence]
                return self.at

            def tell(self):
                return self.at

            def read(self, length=-1):
                end = content.size if length < 0 else self.at + length
                raw = b"".join(content.pieces(self.at, end))
                self.at += len(raw)
                return raw

        with zipfile.ZipFile(Far()) as packed:
            self.assertEqual(packed.getinfo("train.bin").file_size, TEN_GB)
            self.assertEqual(packed.getinfo("train.bin").CRC, KNOWN_HASHES[(TEN_GB, 1)][1])
            self.assertEqual(packed.read("a"), b"x")


class Crowds(StandInCase):
    def test_many_downloads_at_once(self):
        self.standin.change("big", synthetic=[{"name": "a.bin", "bytes": 5_000_000}])
        wanted = Synthetic(5_000_000).whole()

        def download(_):
            address = self.standin.location("DownloadDataFile", competitionName="big",
                                            fileName="a.bin")
            return self.standin.request("GET", address)[2] == wanted

        with concurrent.futures.ThreadPoolExecutor(25) as pool:
            self.assertEqual(list(pool.map(download, range(50))), [True] * 50)
        self.assertGreater(self.standin.counts()["in_flight_max"], 1)


class Huge(StandInCase):
    def setUp(self):
        super().setUp()
        self.standin.change("huge", synthetic=[{"name": "train.bin", "bytes": TEN_GB}])

    def test_ten_gigabytes_in_ranges_without_a_disk(self):
        address = self.standin.location("DownloadDataFile", competitionName="huge",
                                        fileName="train.bin")
        content = Synthetic(TEN_GB)
        for first in (0, 4_294_967_290, TEN_GB - 100_000):
            status, headers, raw = self.standin.request("GET", address, headers={
                "Range": f"bytes={first}-{first + 99_999}"})
            self.assertEqual((status, headers["Content-Range"]),
                             (206, f"bytes {first}-{first + 99_999}/{TEN_GB}"))
            self.assertEqual(raw, b"".join(content.pieces(first, first + 100_000)))
        self.assertIn("md5=", headers["x-goog-hash"])

    def test_its_archive_is_at_hand_at_once(self):
        address = self.standin.location(competitionName="huge")
        status, headers, raw = self.standin.request("GET", address, headers={"Range": "bytes=-22"})
        self.assertEqual((status, raw[:4]), (206, b"PK\5\6"))
        self.assertGreater(int(headers["Content-Range"].split("/")[1]), TEN_GB)
        _, _, raw = self.standin.request("GET", address, headers={"Range": "bytes=0-29"})
        self.assertEqual(struct.unpack("<4s", raw[:4]), (b"PK\3\4",))

    def test_memory_stays_flat_while_much_is_sent(self):
        self.standin.change("large", synthetic=[{"name": "a.bin", "bytes": 400_000_000}])
        address = self.standin.location("DownloadDataFile", competitionName="large",
                                        fileName="a.bin")
        self.standin.request("GET", address, headers={"Range": "bytes=0-10000000"})
        before = self.standin.peak_bytes()
        for first in range(0, 400_000_000, 50_000_000):
            _, _, raw = self.standin.request("GET", address, headers={
                "Range": f"bytes={first}-{first + 49_999_999}"})
            self.assertEqual(len(raw), 50_000_000)
        self.assertLess(self.standin.peak_bytes() - before, 16 * 1024 * 1024)


if __name__ == "__main__":
    unittest.main()
