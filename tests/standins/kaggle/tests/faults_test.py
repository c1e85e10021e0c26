"""Every fault that a test can switch on, whom it befalls, and what the record says of it."""

import hashlib
import http.client
import json
import time
import unittest

from standins.kaggle.faults import KINDS
from standins.kaggle.scenario import FOLDER
from standins.kaggle.tests.support import BEARER, SERVICE, StandInCase

SLUG = "plain-tables"
LIST = "/api/v1/competitions/list"


class Faults(StandInCase):
    def get(self, address=LIST):
        return self.standin.request("GET", address, headers=BEARER)

    def download(self, **headers):
        address = self.standin.location("DownloadDataFile", fileName="train.csv")
        return self.standin.request("GET", address, headers=headers)

    def outcomes(self, route):
        return [one["outcome"] for one in self.standin.requests(route)]

    def test_rate_limits_with_and_without_a_hint(self):
        for fields, hint in (({}, "1"), ({"retry_after": 30}, "30"), ({"retry_after": 0.5}, "0.5"),
                             ({"no_retry_after": True}, None)):
            self.standin.fault("rate_limited", **fields)
            status, headers, raw = self.get()
            self.assertEqual((status, headers["Retry-After"]), (429, hint))
            self.assertEqual(json.loads(raw), {"code": 429, "message": "TooManyRequests"})
        self.standin.fault("rate_limited", retry_after="date", seconds=90)
        self.assertRegex(self.get()[1]["Retry-After"], r"^\w{3}, \d\d \w{3} \d{4} .* GMT$")
        self.assertEqual(self.standin.rpc("ListCompetitions")[1]["error"]["status"],
                         "RESOURCE_EXHAUSTED")

    def test_errors_by_name_and_by_number(self):
        for fault, status in (("server_error", 500), ("bad_gateway", 502), ("unavailable", 503),
                              ("unauthorized", 401), ("not_found", 404)):
            self.standin.fault(fault)
            self.assertEqual(self.get()[0], status)
            self.assertEqual(self.standin.rpc("ListCompetitions")[1]["error"]["code"], status)
        self.standin.fault("refused", status=403, message="Phone verification is required")
        self.assertEqual(json.loads(self.get()[2]),
                         {"code": 403, "message": "Phone verification is required"})

    def test_a_burst_ends_and_may_begin_later(self):
        self.standin.fault("server_error", skip=1, times=3)
        self.assertEqual([self.get()[0] for _ in range(6)], [200, 500, 500, 500, 200, 200])

    def test_a_share_fails_and_always_the_same(self):
        for share in (0.05, 0.2, 0.5):
            seen = []
            for _ in range(2):
                self.standin.fault("unavailable", share=share, seed=4)
                seen.append([self.get()[0] for _ in range(60)])
            self.assertEqual(seen[0], seen[1])
            self.assertAlmostEqual(seen[0].count(503) / 60, share, delta=0.15)
            self.assertIn(503, seen[0])
        self.standin.fault("unavailable", share=0.5, seed=5)
        self.assertNotEqual([self.get()[0] for _ in range(60)], seen[0])

    def test_whom_a_fault_befalls(self):
        self.standin.fault("server_error", on={"route": "ListData*", "competition": SLUG,
                                               "dialect": "rest", "method": "GET"})
        self.assertEqual(self.get(f"/api/v1/competitions/data/list/{SLUG}")[0], 500)
        self.assertEqual(self.get("/api/v1/competitions/data/list/titanic")[0], 200)
        self.assertEqual(self.get()[0], 200)
        self.assertEqual(self.standin.rpc("ListDataFiles", competitionName=SLUG)[0], 200)
        self.assertEqual(self.standin.control("GET", "faults")["faults"][0]["times_had"], 1)

    def test_several_faults_at_once_in_their_order(self):
        self.standin.control("POST", "faults", ["unavailable", {"fault": "server_error"}])
        self.assertEqual(self.get()[0], 503)
        self.standin.control("DELETE", "faults")
        self.assertEqual(self.get()[0], 200)

    def test_odd_answers_with_200(self):
        self.standin.fault("html")
        status, headers, raw = self.get()
        self.assertEqual((status, headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        self.assertIn(b"Sign in", raw)
        self.standin.fault("empty")
        self.assertEqual(self.get()[::2], (200, b""))
        self.standin.fault("not_json")
        with self.assertRaises(ValueError):
            json.loads(self.get()[2])
        self.standin.fault("error_in_200", status=401, message="bad")
        self.assertEqual(self.get()[::2], (200, b'{"code": 401, "message": "bad"}'))

    def test_html_instead_of_an_archive_from_the_download_host(self):
        self.standin.fault("html", on={"route": "storage.download"})
        status, headers, raw = self.download()
        self.assertEqual((status, headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        self.assertIn(b"<html>", raw)

    def test_the_download_host_refuses_in_xml(self):
        self.standin.fault("rate_limited", on={"listener": "storage"}, retry_after=9)
        status, headers, raw = self.download()
        self.assertEqual((status, headers["Retry-After"]), (429, "9"))
        self.assertTrue(raw.startswith(b"<?xml"))

    def test_an_endless_answer_ends_when_the_client_leaves(self):
        self.standin.fault("endless", on={"listener": "api"})
        connection = http.client.HTTPConnection("127.0.0.1", self.standin.address["port"])
        connection.request("GET", LIST, headers=BEARER)
        self.assertEqual(connection.getresponse().read(100_000), b" " * 100_000)
        connection.close()
        self.assertEqual(self.outcomes("ListCompetitions"), ["client_left"])

    def test_an_answer_that_never_comes(self):
        self.standin.fault("hangs", on={"listener": "api"})
        connection = http.client.HTTPConnection("127.0.0.1", self.standin.address["port"],
                                                timeout=0.2)
        connection.request("GET", LIST, headers=BEARER)
        until = time.monotonic() + 10
        while not self.standin.counts()["in_flight"] and time.monotonic() < until:
            pass
        with self.assertRaises(TimeoutError):
            connection.getresponse()
        connection.close()
        self.assertEqual(self.outcomes("ListCompetitions"), ["client_left"])

    def test_no_byte_at_all(self):
        for listener, call in (("api", self.get), ("storage", self.download)):
            self.standin.fault("dropped", on={"listener": listener})
            self.assertEqual(call()[0], 0)
        self.assertEqual(self.outcomes("storage.download"), ["dropped"])

    def test_a_dropped_commit_has_no_effect_and_a_lost_reply_has(self):
        for fault, submitted in (("dropped", 0), ("server_error", 0), ("lost_reply", 1)):
            upload = self.standin.rpc("StartSubmissionUpload", competitionName=SLUG,
                                      fileName="a.csv", contentLength=3)[1]
            self.standin.request("PUT", upload["createUrl"], b"abc")
            self.standin.fault(fault, on={"route": "CreateSubmission"}, times=1)
            body = json.dumps({"competitionName": SLUG, "blobFileTokens": upload["token"]})
            status, _, _ = self.standin.request("POST", SERVICE + "CreateSubmission", body, BEARER
                                                | {"Content-Type": "application/json"})
            self.assertNotEqual(status, 200)
            self.assertEqual(len(self.standin.control("GET", "submissions")["submissions"]),
                             submitted)

    def test_a_body_cut_in_the_middle(self):
        self.standin.fault("cut", at=0.25, on={"route": "storage.download"})
        status, headers, raw = self.download()
        whole = self.data("train.csv")
        self.assertEqual((status, int(headers["Content-Length"])), (200, len(whole)))
        self.assertEqual(raw, whole[:len(whole) // 4])
        self.assertEqual(self.outcomes("storage.download"), ["cut"])

    def test_a_cut_answer_of_the_api(self):
        self.standin.fault("cut", at=0.5)
        with self.assertRaises(ValueError):
            json.loads(self.get()[2])

    def test_slow_bytes_and_a_slow_first_byte(self):
        size = len(self.data("train.csv"))
        for fault, fields in (("slow", {"bytes_per_second": size * 4}),
                              ("slow_first_byte", {"seconds": 0.25})):
            self.standin.fault(fault, on={"route": "storage.download"}, **fields)
            began = time.monotonic()
            self.assertEqual(len(self.download()[2]), size)
            self.assertGreater(time.monotonic() - began, 0.2)

    def test_a_wrong_hash_and_wrong_bytes(self):
        whole = self.data("train.csv")
        right = self.download()[1]["x-goog-hash"].split("md5=")[1]
        self.standin.fault("wrong_hash")
        _, headers, raw = self.download()
        self.assertEqual(raw, whole)
        self.assertNotEqual(headers["x-goog-hash"].split("md5=")[1], right)
        self.standin.fault("corrupt")
        _, headers, raw = self.download()
        self.assertEqual((len(raw), headers["x-goog-hash"].split("md5=")[1]), (len(whole), right))
        self.assertEqual(sum(a != b for a, b in zip(raw, whole, strict=True)), 1)
        self.standin.fault("no_hash")
        self.assertNotIn("x-goog-hash", self.download()[1])

    def test_wrong_lengths(self):
        whole = self.data("train.csv")
        self.standin.fault("truncated", at=0.5)
        _, headers, raw = self.download()
        self.assertEqual((int(headers["Content-Length"]), raw),
                         (len(whole) // 2, whole[:len(whole) // 2]))
        self.standin.fault("wrong_length", on={"listener": "storage"})
        _, headers, raw = self.download()
        self.assertEqual((int(headers["Content-Length"]), raw), (len(whole) + 1000, whole))
        self.standin.fault("no_length", on={"listener": "storage"})
        _, headers, raw = self.download()
        self.assertEqual((headers["Content-Length"], raw), (None, whole))

    def test_ranges_that_are_ignored(self):
        self.standin.fault("ignore_range")
        self.assertEqual(self.download(Range="bytes=5-")[0], 200)

    def test_a_redirect_to_a_foreign_host(self):
        self.standin.fault("foreign_redirect")
        location = self.standin.location()
        self.assertTrue(location.startswith(self.standin.address["foreign_url"]))
        self.standin.request("GET", location, headers={"Cookie": "a=b"})
        (one,) = self.standin.requests("foreign")
        self.assertEqual(one["headers"], ["accept-encoding", "cookie", "host"])
        self.assertEqual(self.standin.counts()["leaks"], 1)
        self.standin.fault("foreign_redirect", to="file:///etc/passwd")
        self.assertEqual(self.standin.location(), "file:///etc/passwd")

    def test_unknown_faults_and_fields_are_refused(self):
        for wrong in ([{"fault": "unheard_of"}], [{"fault": "html", "what": 1}],
                      [{"fault": "html", "on": {"where": "x"}}], [5]):
            status, _, raw = self.standin.request("POST", "/_standin/faults", json.dumps(wrong))
            self.assertEqual(status, 400)
            self.assertTrue(json.loads(raw)["error"])

    def test_every_fault_is_tried_here(self):
        with open(__file__, encoding="utf-8") as file:
            tried = file.read()
        with open(__file__.replace("faults_test", "storage_test"), encoding="utf-8") as file:
            tried += file.read()
        self.assertEqual([kind for kind in KINDS if f'"{kind}"' not in tried], [])


class Controls(StandInCase):
    def test_requests_are_recorded_without_credentials(self):
        self.standin.rpc("ListDataFiles", competitionName=SLUG)
        (one,) = self.standin.requests()
        self.assertEqual({name: one[name] for name in (
            "method", "listener", "path", "route", "dialect", "competition", "status",
            "authorization", "outcome", "fault")}, {
            "method": "POST", "listener": "api", "path": SERVICE + "ListDataFiles",
            "route": "ListDataFiles", "dialect": "rpc", "competition": SLUG, "status": 200,
            "authorization": "bearer", "outcome": "complete", "fault": ""})
        self.assertIn("authorization", one["headers"])
        self.assertNotIn("KGAT_standin", json.dumps(one))

    def test_requests_after_a_number_and_of_a_route(self):
        for _ in range(3):
            self.standin.rpc("ListCompetitions")
        self.standin.rpc("GetCompetition", competitionName=SLUG)
        first = self.standin.requests()[0]["number"]
        after = self.standin.control("GET", f"requests?after={first}")["requests"]
        self.assertEqual(len(after), 3)
        self.assertEqual(len(self.standin.requests("GetCompetition")), 1)

    def test_counts(self):
        self.standin.rpc("ListCompetitions")
        self.standin.rest("competitions/get/none")
        counts = self.standin.counts()
        self.assertEqual((counts["requests"], counts["in_flight"], counts["leaks"]), (2, 0, 0))
        self.assertEqual(counts["by_route"], {"ListCompetitions": 1, "GetCompetition": 1})
        self.assertEqual(counts["by_status"], {"200": 1, "404": 1})
        self.assertEqual(counts["by_dialect"], {"rpc": 1, "rest": 1})
        self.assertGreater(counts["bytes_sent"]["ListCompetitions"], 1000)

    def test_a_person_accepts_the_rules(self):
        self.standin.change(SLUG, access="rules_not_accepted")
        self.assertEqual(self.standin.rpc("DownloadDataFiles", competitionName=SLUG)[0], 403)
        self.standin.change(SLUG, access="entered")
        self.assertTrue(self.standin.location())

    def test_files_with_their_hashes(self):
        files = self.standin.control("GET", f"competitions/{SLUG}")["files"]
        self.assertEqual({file["name"]: file["md5"] for file in files}["train.csv"],
                         hashlib.md5(self.data("train.csv"), usedforsecurity=False).hexdigest())

    def test_a_new_scenario_begins_anew(self):
        self.standin.change(SLUG, access="not_entered")
        self.standin.change("added", synthetic=[{"name": "a", "bytes": 1}])
        self.standin.scenario(competitions={"other": {"synthetic": [{"name": "b", "bytes": 2}]}})
        slugs = {one["slug"]: one for one in self.standin.control("GET",
                                                                  "competitions")["competitions"]}
        self.assertNotIn("added", slugs)
        self.assertEqual((slugs["other"]["bytes"], slugs[SLUG]["access"]), (2, "entered"))
        self.assertEqual((slugs[SLUG]["has_answers"], slugs["titanic"]["has_answers"]),
                         (True, False))

    def test_malformed_controls_are_refused_and_change_nothing(self):
        for what, document in (("scenario", {"what": 1}), ("scenario", {"unknown_competition": 1}),
                               ("scenario", {"competitions": {SLUG: {"access": "perhaps"}}}),
                               ("scenario", {"rate_limits": {"x": [1, 2]}}),
                               (f"competitions/{SLUG}", {"facts": {"unheard": 1}}),
                               (f"competitions/{SLUG}", {"facts": {"deadline": "soon"}}),
                               ("competitions/bad%20name", {}), ("clock", {"now": "later"})):
            status, _, raw = self.standin.request("POST", f"/_standin/{what}",
                                                  json.dumps(document))
            self.assertEqual((status, list(json.loads(raw))), (400, ["error"]))
        self.assertEqual(self.standin.request("GET", "/_standin/unheard")[0], 404)
        self.assertTrue(self.standin.rpc("GetCompetition", competitionName=SLUG)[1][
            "userHasEntered"])

    def test_the_scenarios_of_the_folder_are_sound(self):
        for path in sorted(FOLDER.glob("*.json")):
            self.standin.scenario(**json.loads(path.read_text("utf-8")))

    def test_closed_doors(self):
        self.standin.scenario(**json.loads((FOLDER / "closed_doors.json").read_text("utf-8")))
        for slug, status in (("rules-first", 403), ("not-joined", 403), ("hidden-away", 403)):
            self.assertEqual(self.standin.rpc("DownloadDataFiles", competitionName=slug)[0], status)
        for slug, name in (("code-only", "isKernelsSubmissionsOnly"), ("long-over", "deadline")):
            self.assertIn(name, self.standin.rpc("GetCompetition", competitionName=slug)[1])


if __name__ == "__main__":
    unittest.main()
