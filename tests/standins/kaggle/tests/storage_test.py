"""The download host: signatures, stray headers, ranges, hashes, and upload sessions."""

import base64
import email.utils
import hashlib
import unittest
import urllib.parse

from standins.kaggle.content import Memory
from standins.kaggle.tests.support import BEARER, StandInCase

ODD = 7_654_321


class Downloads(StandInCase):
    def setUp(self):
        super().setUp()
        self.address = self.standin.location("DownloadDataFile", fileName="train.csv")
        self.whole = self.data("train.csv")

    def get(self, address=None, method="GET", **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.standin.request(method, address or self.address, headers=headers)

    def code(self, *arguments, **headers):
        """(status, the code in the XML) of a refusal."""
        status, said, raw = self.get(*arguments, **headers)
        self.assertTrue(said["Content-Type"].startswith("application/xml"))
        return status, raw.decode().split("<Code>")[1].split("</Code>")[0]

    def test_it_is_another_host(self):
        self.assertNotEqual(urllib.parse.urlsplit(self.address).netloc,
                            urllib.parse.urlsplit(self.standin.url).netloc)
        self.assertTrue(urllib.parse.urlsplit(self.address).path.endswith("/train.csv"))
        self.assertTrue(urllib.parse.urlsplit(self.standin.location()).path.endswith(".zip"))

    def test_what_an_answer_says(self):
        status, headers, raw = self.get()
        self.assertEqual((status, raw), (200, self.whole))
        self.assertEqual(int(headers["Content-Length"]), len(raw))
        self.assertEqual(headers["Accept-Ranges"], "bytes")
        self.assertTrue(email.utils.parsedate_to_datetime(headers["Last-Modified"]))
        md5 = base64.b64encode(hashlib.md5(raw, usedforsecurity=False).digest()).decode()
        self.assertRegex(headers["x-goog-hash"], r"^crc32c=[A-Za-z0-9+/]{6}==,md5=")
        self.assertTrue(headers["x-goog-hash"].endswith(f"md5={md5}"))

    def test_crc32c_is_castagnolis(self):
        self.assertEqual(Memory(b"123456789").crc32c(), 0xE3069283)

    def test_stray_headers_break_the_signature(self):
        for headers in (BEARER, {"Cookie": "a=b"}, {"Content-Type": "application/json"},
                        {"X-Kaggle-RequestId": "1"}):
            self.assertEqual(self.code(**{name.replace("-", "_"): value
                                          for name, value in headers.items()}),
                             (403, "SignatureDoesNotMatch"))
        self.assertEqual(self.standin.counts()["leaks"], 2)

    def test_only_get_is_signed(self):
        self.assertEqual(self.code(None, "POST"), (403, "SignatureDoesNotMatch"))
        self.assertEqual(self.get(None, "HEAD")[0], 403)

    def test_a_changed_address_is_refused(self):
        self.assertEqual(self.code(self.address.replace("train.csv", "test.csv")),
                         (403, "SignatureDoesNotMatch"))
        self.assertEqual(self.code(self.address.replace("Expires=600", "Expires=9999")),
                         (403, "SignatureDoesNotMatch"))
        self.assertEqual(self.code(self.address.split("?")[0]), (403, "AccessDenied"))

    def test_an_address_expires(self):
        self.standin.advance(580)
        self.assertEqual(self.get()[0], 200)
        self.standin.advance(21)
        self.assertEqual(self.code(), (400, "ExpiredToken"))

    def test_an_address_that_has_expired_at_once(self):
        self.standin.fault("expired_signature", times=1)
        address = self.standin.location()
        self.assertEqual(self.code(address), (400, "ExpiredToken"))
        self.assertEqual(self.get(self.standin.location())[0], 200)

    def test_an_address_for_one_use(self):
        self.standin.scenario(signature_uses=1)
        address = self.standin.location("DownloadDataFile", fileName="train.csv")
        self.assertEqual(self.get(address)[0], 200)
        self.assertEqual(self.code(address), (403, "AccessDenied"))

    def test_an_address_of_an_earlier_scenario_is_404(self):
        self.standin.scenario()
        self.assertEqual(self.code(), (404, "NoSuchKey"))

    def test_ranges(self):
        size = len(self.whole)
        for asked, first, last in ((f"bytes={size - 5}-", size - 5, size - 1),
                                   ("bytes=10-19", 10, 19), ("bytes=-7", size - 7, size - 1),
                                   ("bytes=0-999999", 0, size - 1)):
            status, headers, raw = self.get(Range=asked)
            self.assertEqual((status, raw), (206, self.whole[first:last + 1]))
            self.assertEqual(headers["Content-Range"], f"bytes {first}-{last}/{size}")

    def test_a_range_beyond_the_end_is_416(self):
        status, headers, _ = self.get(Range=f"bytes={len(self.whole)}-")
        self.assertEqual((status, headers["Content-Range"]), (416, f"bytes */{len(self.whole)}"))

    def test_what_is_no_single_range_is_ignored(self):
        for asked in ("bytes=1-2,4-5", "lines=1-2", "bytes=-"):
            self.assertEqual(self.get(Range=asked)[0], 200)

    def test_if_range(self):
        _, headers, _ = self.get()
        for value, status in ((headers["ETag"], 206), (headers["Last-Modified"], 206),
                              ('"other"', 200), ("Thu, 01 Jan 1970 00:00:00 GMT", 200)):
            self.assertEqual(self.get(Range="bytes=5-", If_Range=value)[0], status)

    def test_the_size_can_stay_unsaid(self):
        self.standin.change("plain-tables", lengths=False, hashes=False)
        status, headers, raw = self.get()
        self.assertEqual((status, raw), (200, self.whole))
        self.assertNotIn("Content-Length", headers)
        self.assertNotIn("x-goog-hash", headers)

    def test_every_range_of_the_archive_fits(self):
        self.standin.change("big", synthetic=[{"name": "a.bin", "bytes": 70_000_000},
                                              {"name": "b.bin", "bytes": ODD, "seed": 2}])
        address = self.standin.location(competitionName="big")
        status, headers, raw = self.get(address, Range="bytes=69999000-77000000")
        self.assertEqual(status, 206)
        parts = b"".join(self.get(address, Range=f"bytes={first}-{last}")[2] for first, last in (
            (69_999_000, 70_000_100), (70_000_101, 70_000_101), (70_000_102, 77_000_000)))
        self.assertEqual(parts, raw)


class Uploads(StandInCase):
    def setUp(self):
        super().setUp()
        self.upload = self.standin.rpc("StartSubmissionUpload", competitionName="plain-tables",
                                       fileName="a.csv", contentLength=20)[1]

    def put(self, body=b"", content_range=None, **headers):
        if content_range:
            headers["Content-Range"] = content_range
        status, said, _ = self.standin.request("PUT", self.upload["createUrl"], body, headers)
        return status, said.get("Range")

    def test_in_one_piece(self):
        self.assertEqual(self.put(b"x" * 20)[0], 200)
        self.assertEqual(self.put(content_range="bytes */20")[0], 200)

    def test_in_several_pieces(self):
        self.assertEqual(self.put(content_range="bytes */20"), (308, None))
        self.assertEqual(self.put(b"a" * 8, "bytes 0-7/20"), (308, "bytes=0-7"))
        self.assertEqual(self.put(content_range="bytes */20"), (308, "bytes=0-7"))
        self.assertEqual(self.put(b"b" * 12, "bytes 8-19/20")[0], 200)

    def test_a_gap_is_told_where_to_go_on(self):
        self.put(b"a" * 8, "bytes 0-7/20")
        self.assertEqual(self.put(b"c" * 5, "bytes 15-19/20"), (308, "bytes=0-7"))

    def test_a_piece_may_come_again(self):
        self.put(b"a" * 8, "bytes 0-7/20")
        self.assertEqual(self.put(b"b" * 15, "bytes 5-19/20")[0], 200)

    def test_bad_ranges_are_refused(self):
        for content_range in ("bytes 0-7", "nonsense", "bytes 0-3/20"):
            self.assertEqual(self.put(b"a" * 8, content_range)[0], 400)

    def test_no_credential_may_come_along(self):
        self.assertEqual(self.put(b"x" * 20, **BEARER)[0], 403)
        self.assertEqual(self.put(b"x" * 20, Cookie="a=b")[0], 403)
        self.assertEqual(self.standin.counts()["leaks"], 2)

    def test_unknown_sessions_and_other_verbs(self):
        address = self.upload["createUrl"]
        self.assertEqual(self.standin.request("PUT", address + "x", b"x")[0], 404)
        self.assertEqual(self.standin.request("GET", address)[0], 405)

    def test_a_session_can_be_lost(self):
        self.standin.fault("not_found", on={"route": "storage.upload*"})
        self.assertEqual(self.put(b"x" * 20)[0], 404)
        self.assertEqual(self.put(content_range="bytes */20")[0], 404)

    def test_what_came_before_a_cut_stays(self):
        self.standin.fault("cut_upload", times=1, at=0.25)
        self.assertEqual(self.put(b"abcdefghijklmnopqrst")[0], 0)
        self.assertEqual(self.put(content_range="bytes */20"), (308, "bytes=0-4"))
        self.assertEqual(self.put(b"fghijklmnopqrst", "bytes 5-19/20")[0], 200)

    def test_the_identifier_is_not_in_the_record(self):
        self.put(b"x" * 20)
        secret = self.upload["createUrl"].split("upload_id=")[1]
        self.assertNotIn(secret, str(self.standin.requests()))


if __name__ == "__main__":
    unittest.main()
