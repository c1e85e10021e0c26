"""Kaggle's official client downloads data: whole, again after a fault, never where it must not."""

import unittest
import zipfile

from standins.kaggle.content import Synthetic
from standins.kaggle.tests.support import TOKEN, ClientCase, client

BIG = 3_000_000
CHUNK = 1024 * 1024  # what the client writes at once


class Downloading(ClientCase):
    SHAPES = ("plain-tables", "odd-names", "picture-folders")

    def download(self, slug="plain-tables", name=None):
        """The file that the client left, as a path."""
        if name is None:
            self.api.competition_download_files(slug, str(self.folder), quiet=True)
        else:
            self.api.competition_download_file(slug, name, str(self.folder), quiet=True)
        (path,) = self.folder.iterdir()
        return path

    def routes(self):
        return [(one["route"], one["status"]) for one in self.standin.requests()]

    def big(self):
        self.standin.change("big-file", synthetic=[{"name": "train.bin", "bytes": BIG, "seed": 3}])
        return Synthetic(BIG, 3).whole()

    def test_one_file(self):
        path = self.download(name="train.csv")
        self.assertEqual((path.name, path.read_bytes()), ("train.csv", self.data("train.csv")))
        self.assertEqual(self.routes(), [("DownloadDataFile", 302), ("storage.download", 200)])

    def test_everything_as_a_zip(self):
        path = self.download()
        self.assertEqual(path.name, "plain-tables.zip")
        with zipfile.ZipFile(path) as archive:
            self.assertIsNone(archive.testzip())
            self.assertEqual(archive.read("test.csv"), self.data("test.csv"))

    def test_everything_as_a_tar(self):
        self.standin.change("plain-tables", archive="tar.gz")
        self.assertEqual(self.download().name, "plain-tables.gz")

    def test_a_single_file_can_come_zipped(self):
        self.standin.change("plain-tables", single_files="zipped")
        path = self.download(name="train.csv")
        self.assertEqual(path.name, "train.csv.zip")
        with zipfile.ZipFile(path) as archive:
            self.assertEqual(archive.read("train.csv"), self.data("train.csv"))

    def test_names_with_folders_blanks_and_signs(self):
        path = self.download("odd-names", "sub dir/tést+set 100%.csv")
        self.assertEqual(path.read_bytes(), self.data("sub dir/tést+set 100%.csv", "odd-names"))
        path.unlink()
        path = self.download("odd-names", "Train Data (final) #1.csv")
        self.assertEqual(path.read_bytes(), self.data("Train Data (final) #1.csv", "odd-names"))

    def test_no_credential_and_no_cookie_reaches_the_download_host(self):
        self.download()
        (one,) = self.standin.requests("storage.download")
        self.assertFalse({"authorization", "cookie", "content-type"} & set(one["headers"]))
        self.assertTrue(one["host"].startswith("localhost:"))
        self.assertEqual(self.standin.counts()["leaks"], 0)

    def test_a_basic_key_does_not_either(self):
        client(self.standin, KAGGLE_USERNAME="standin", KAGGLE_KEY="standin-key"
               ).competition_download_files("plain-tables", str(self.folder))
        self.assertEqual(self.standin.counts()["leaks"], 0)

    def test_bytes_can_come_without_a_redirect(self):
        self.standin.change("plain-tables", download="direct")
        self.assertEqual(self.download(name="train.csv").read_bytes(), self.data("train.csv"))
        self.assertEqual(self.routes(), [("DownloadDataFile", 200)])

    def test_a_cut_body_is_resumed_where_it_ended(self):
        whole = self.big()
        self.standin.fault("cut", on={"route": "storage.download"}, times=1, at=0.5)
        self.assertEqual(self.download("big-file", "train.bin").read_bytes(), whole)
        first, second = self.standin.requests("storage.download")
        self.assertEqual((first["outcome"], first["bytes_sent"]), ("cut", BIG // 2))
        kept = BIG // 2 // CHUNK * CHUNK  # the client drops what does not fill a chunk
        self.assertEqual((second["status"], second["range"], second["bytes_sent"]),
                         (206, f"bytes={kept}-", BIG - kept))
        self.assertIn("if-range", second["headers"])
        self.assertEqual(len(self.waits), 1)

    def test_a_download_that_was_given_up_goes_on_at_the_next_call(self):
        """By the ETag, although the address is another one."""
        import requests
        whole = self.big()
        self.standin.control("POST", "faults", [
            {"fault": "cut", "on": {"route": "storage.download"}, "times": 1, "at": 0.9},
            {"fault": "dropped", "on": {"route": "storage.download"}, "times": 5}])
        with self.assertRaises(requests.exceptions.ConnectionError):
            self.download("big-file", "train.bin")
        self.api.competition_download_file("big-file", "train.bin", str(self.folder), quiet=True)
        self.assertEqual((self.folder / "train.bin").read_bytes(), whole)
        last = self.standin.requests("storage.download")[-1]
        self.assertEqual((last["status"], last["range"]), (206, f"bytes={2 * CHUNK}-"))

    def test_an_answer_without_any_byte_is_tried_again(self):
        whole = self.big()
        self.standin.fault("cut", on={"route": "storage.download"}, times=2, at=0)
        self.assertEqual(self.download("big-file", "train.bin").read_bytes(), whole)
        self.assertEqual(len(self.standin.requests("storage.download")), 3)

    def test_a_range_that_is_ignored_begins_anew(self):
        whole = self.big()
        self.standin.control("POST", "faults", [
            {"fault": "cut", "on": {"route": "storage.download"}, "times": 1},
            {"fault": "ignore_range", "on": {"route": "storage.download"}}])
        self.assertEqual(self.download("big-file", "train.bin").read_bytes(), whole)
        self.assertEqual(self.standin.requests("storage.download")[1]["status"], 200)

    def test_without_a_length_it_comes_in_chunks(self):
        self.standin.change("plain-tables", lengths=False)
        self.assertEqual(self.download(name="train.csv").read_bytes(), self.data("train.csv"))

    def test_a_length_that_is_wrong_is_noticed(self):
        """First it looks like a cut; then the range tells that there is no more."""
        self.standin.fault("wrong_length", on={"route": "storage.download"}, times=1)
        with self.assertRaisesRegex(ValueError, "does not match expected size"):
            self.download(name="train.csv")
        self.assertEqual([one["status"] for one in self.standin.requests("storage.download")],
                         [200, 206])

    def test_rules_must_be_accepted_before_a_download(self):
        self.standin.change("plain-tables", access="rules_not_accepted")
        status, document = self.refusal(self.download)
        self.assertEqual((status, document["error"]["message"]), (
            403, "You must accept this competition's rules before you'll be able to download "
                 "files."))

    def test_who_has_not_entered_may_not_download(self):
        self.standin.change("plain-tables", access="not_entered")
        status, document = self.refusal(self.download, name="train.csv")
        self.assertEqual((status, document["error"]["message"]),
                         (403, "Permission 'competitions.participate' was denied"))

    def test_an_unknown_file_is_404(self):
        self.assertEqual(self.refusal(self.download, name="other.csv")[0], 404)

    def test_many_downloads_are_rate_limited(self):
        self.standin.scenario(rate_limits={"downloads": [2, 1800]})
        self.download(name="train.csv")
        self.api.competition_download_file("plain-tables", "test.csv", str(self.folder))
        import requests
        with self.assertRaises(requests.exceptions.HTTPError) as caught:
            self.api.competition_download_file("plain-tables", "test.csv", str(self.folder))
        response = caught.exception.response
        self.assertEqual(response.status_code, 429)
        self.assertGreater(self.api._get_retry_after_delay(response), 1700)
        self.assertTrue(self.api.competitions_list().competitions)
        self.standin.advance(1800)
        self.api.competition_download_file("plain-tables", "test.csv", str(self.folder), force=True)

    def test_its_own_retries_wait_as_long_as_retry_after_says(self):
        for after, least, most in (("date", 30, 61), (7, 7, 7), (None, 0, 0.9)):
            self.waits.clear()
            self.standin.fault("rate_limited", on={"route": "ListDataFiles"}, times=1, seconds=60,
                               retry_after=after, no_retry_after=after is None)
            self.api.with_retry(self.api.competition_list_files)("plain-tables")
            (wait,) = self.waits
            self.assertTrue(least <= wait <= most, (after, wait))

    def test_it_takes_a_html_page_for_the_file(self):
        """A client has to look at what came; this one even takes its name from the address."""
        self.standin.fault("html", on={"route": "DownloadDataFiles"})
        self.api.competition_download_files("plain-tables", str(self.folder))
        path = self.folder / "plain-tables.CompetitionApiService" / "DownloadDataFiles"
        self.assertIn(b"<html>", path.read_bytes())

    def test_it_follows_a_redirect_to_anywhere(self):
        """Which is counted, and without a credential in this client's case."""
        self.standin.fault("foreign_redirect", on={"route": "DownloadDataFiles"})
        self.download()
        (one,) = self.standin.requests("foreign")
        self.assertEqual(self.standin.counts()["by_listener"], {"api": 1, "foreign": 1})
        self.assertNotIn("authorization", one["headers"])

    def test_what_is_there_and_not_older_stays(self):
        path = self.download(name="train.csv")
        other = b"x" * path.stat().st_size
        path.write_bytes(other)
        self.assertEqual(self.download(name="train.csv").read_bytes(), other)

    def test_a_new_sign_in_keeps_the_token_out_of_the_record(self):
        client(self.standin, KAGGLE_API_TOKEN=TOKEN)
        self.download()
        for text in (str(self.standin.requests()), str(self.standin.counts())):
            self.assertNotIn(TOKEN, text)
            self.assertNotRegex(text, r"Signature=[0-9a-f]")


if __name__ == "__main__":
    unittest.main()
