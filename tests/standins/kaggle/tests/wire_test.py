"""The bytes on the wire: what differs between the dialects, and what every answer has."""

import base64
import json
import unittest
import urllib.parse

from standins.kaggle.messages import write
from standins.kaggle.tests.support import BEARER, JSON, SERVICE, TOKEN, StandInCase

SLUG = "plain-tables"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Dialects(StandInCase):
    def test_rpc_leaves_defaults_out_and_rest_has_all_with_twins(self):
        self.standin.change(SLUG, facts={"maxDailySubmissions": 0, "evaluationMetric": None},
                            access="not_entered")
        _, rpc = self.standin.rpc("GetCompetition", competitionName=SLUG)
        _, rest = self.standin.rest(f"competitions/get/{SLUG}")
        for name in ("userHasEntered", "maxDailySubmissions", "evaluationMetric", "teamCount"):
            self.assertNotIn(name, rpc)
        self.assertEqual((rest["userHasEntered"], rest["maxDailySubmissions"]), (False, 0))
        self.assertEqual((rest["evaluationMetric"], rest["evaluationMetricNullable"],
                          rest["hasEvaluationMetric"]), ("", None, False))
        self.assertEqual((rest["titleNullable"], rest["hasTitle"]), ("Plain tables", True))

    def test_an_empty_list_is_an_empty_object_or_list(self):
        self.assertEqual(self.standin.rpc("ListSubmissions", competitionName=SLUG), (200, {}))
        self.assertEqual(self.standin.rest(f"competitions/submissions/list/{SLUG}"), (200, []))

    def test_large_numbers_are_strings_in_rpc_only(self):
        _, rpc = self.standin.rpc("ListDataFiles", competitionName="titanic")
        _, rest = self.standin.rest("competitions/data/list/titanic")
        self.assertEqual([file["totalBytes"] for file in rpc["files"]], ["2848", "17874", "38890"])
        self.assertEqual([file["totalBytes"] for file in rest["files"]], [2848, 17874, 38890])

    def test_lists(self):
        for method, path, name in (("ListCompetitions", "competitions/list", "competitions"),
                                   ("ListDataFiles", f"competitions/data/list/{SLUG}", "files"),
                                   ("GetLeaderboard", f"competitions/{SLUG}/leaderboard/view",
                                    "submissions"),
                                   ("ListCompetitionPages", f"competitions/{SLUG}/pages", "pages")):
            self.standin.change(SLUG, leaderboard=[{"teamName": "A", "score": "1"}])
            _, rpc = self.standin.rpc(method, competitionName=SLUG)
            _, rest = self.standin.rest(path)
            rest = rest if name == "competitions" else rest[name]
            self.assertEqual(len(rpc[name]), len(rest))
            self.assertTrue(rest)

    def test_enums_as_they_are_sent(self):
        """RPC has full names in capitals, REST short ones; REST also takes the full ones."""
        def slugs(found):
            return [one["ref"].rsplit("/", 1)[-1] for one in found]

        self.standin.change("titanic", facts={"deadline": "2020-01-01T00:00:00Z"})
        _, rpc = self.standin.rpc("ListCompetitions",
                                  sortBy="COMPETITION_SORT_BY_EARLIEST_DEADLINE")
        self.assertEqual(slugs(rpc["competitions"])[0], "titanic")
        for value in ("earliestDeadline", "COMPETITION_SORT_BY_EARLIEST_DEADLINE"):
            _, rest = self.standin.rest(f"competitions/list?sortBy={value}")
            self.assertEqual(slugs(rest)[0], "titanic")
        for group, category in (("inClass", "all"), ("entered", "gettingStarted")):
            status, _ = self.standin.rest(f"competitions/list?group={group}&category={category}")
            self.assertEqual(status, 200)
        self.assertEqual(self.standin.rpc("ListCompetitions", sortBy="earliestDeadline")[0], 400)
        self.assertEqual(self.standin.rest("competitions/list?sortBy=unheardOf")[0], 400)

    def test_enums_as_they_are_received(self):
        values = {"status": "CANCEL_ACKNOWLEDGED"}
        self.assertEqual(write("rpc", "Submission", values)["status"], "CANCEL_ACKNOWLEDGED")
        self.assertEqual(write("rest", "Submission", values)["status"], "cancelAcknowledged")
        self.assertNotIn("status", write("rpc", "Submission", {"status": "PENDING"}))
        self.assertEqual(write("rest", "Submission", {"status": "PENDING"})["status"], "pending")

    def test_dates_have_no_or_seven_digits(self):
        _, one = self.standin.rpc("GetCompetition", competitionName=SLUG)
        self.assertRegex(one["deadline"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertRegex(one["dateCreated"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$")

    def test_both_shapes_of_errors(self):
        self.assertEqual(self.standin.rpc("GetCompetition", competitionName="none"), (404, {
            "error": {"code": 404, "message": "Not found", "status": "NOT_FOUND"}}))
        self.assertEqual(self.standin.rest("competitions/get/none"),
                         (404, {"code": 404, "message": "NotFound"}))

    def test_rest_writes_an_apostrophe_as_an_escape(self):
        self.standin.change(SLUG, access="rules_not_accepted")
        raw = self.standin.request("GET", f"/api/v1/competitions/data/download-all/{SLUG}",
                                   headers=BEARER)[2]
        self.assertIn(b"this competition\\u0027s rules", raw)

    def test_snake_case_names_nothing(self):
        status, document = self.standin.rpc("GetCompetition", competition_name=SLUG)
        self.assertEqual((status, document["error"]["message"]),
                         (403, "Permission 'competitions.get' was denied"))

    def test_rpc_is_post_with_json_on_both_paths(self):
        body = json.dumps({"competitionName": SLUG})
        for prefix in ("", "/api"):
            for verb, kind, status in (("POST", JSON, 200), ("POST", FORM, 400), ("GET", JSON, 404),
                                       ("PUT", JSON, 404)):
                self.assertEqual(self.standin.request(
                    verb, f"{prefix}{SERVICE}GetCompetition", body, BEARER | kind)[0], status)
        for wrong in ("", "[]", "{"):
            self.assertEqual(self.standin.request("POST", SERVICE + "GetCompetition", wrong,
                                                  BEARER | JSON)[0], 400)

    def test_unknown_methods_and_paths_are_404(self):
        self.assertEqual(self.standin.rpc("DeleteEverything")[0], 404)
        self.assertEqual(self.standin.rest("competitions/nothing/here/is")[0], 404)

    def test_every_answer_says_who_and_sets_a_cookie(self):
        for address in ("/api/v1/competitions/list", "/api/v1/competitions/get/none"):
            _, headers, _ = self.standin.request("GET", address, headers=BEARER)
            self.assertEqual(headers["X-Kaggle-ApiVersion"], "2.2.4")
            self.assertRegex(headers["X-Kaggle-RequestId"], "^[0-9a-f]{32}$")
            self.assertIn("X-Kaggle-MillisecondsElapsed", headers)
            self.assertRegex(headers["Set-Cookie"], "^ka_sessionid=[0-9a-f]+; path=/")

    def test_the_cookie_breaks_authentication_when_it_comes_back(self):
        cookie = {"Cookie": "GCLB=x; ka_sessionid=1"}
        self.assertEqual(self.standin.rpc("ListCompetitions", headers=cookie)[0], 401)
        self.assertEqual(self.standin.rest("competitions/list", headers=cookie),
                         (401, {"code": 401, "message": "Unauthorized"}))
        self.standin.scenario(cookies_break=False)
        self.assertEqual(self.standin.rest("competitions/list", headers=cookie)[0], 200)

    def test_without_a_known_credential_is_401(self):
        pasted = base64.b64encode(f"standin:{TOKEN}".encode()).decode()  # a token is no key
        for value in ("", "Bearer", "Bearer KGAT_other", "Basic !", f"Basic {pasted}", "Digest x"):
            self.assertEqual(self.standin.rest("competitions/list",
                                               headers={"Authorization": value})[0], 401)

    def test_who_am_i(self):
        self.assertEqual(self.standin.rest("hello")[1]["userName"], "standin")
        introspect = "/v1/security.OAuthService/IntrospectToken"
        _, _, raw = self.standin.request("POST", introspect, '{"token": "KGAT_standin-2"}', JSON)
        self.assertEqual((json.loads(raw)["active"], json.loads(raw)["username"]),
                         (True, "standin"))
        _, _, raw = self.standin.request("POST", introspect, '{"token": "KGAT_other"}', JSON)
        self.assertEqual(raw, b"{}")

    def test_pages_by_token_and_their_largest_size(self):
        self.standin.change("many", synthetic=[{"name": f"{number:03}.csv", "bytes": 1}
                                               for number in range(205)])
        _, first = self.standin.rpc("ListDataFiles", competitionName="many", pageSize=1000)
        self.assertEqual(len(first["files"]), 200)
        _, rest = self.standin.rpc("ListDataFiles", competitionName="many", pageSize=200,
                                   pageToken=first["nextPageToken"])
        self.assertEqual(len(rest["files"]), 5)
        self.assertNotIn("nextPageToken", rest)
        self.assertEqual(len(self.standin.rpc("ListDataFiles", competitionName="many")[1]["files"]),
                         20)
        self.assertEqual(self.standin.rpc("ListDataFiles", competitionName="many",
                                          pageToken="other")[0], 400)

    def test_the_way_of_clients_up_to_1_6(self):
        body = urllib.parse.urlencode({"fileName": "a.csv"})
        status, upload = self.standin.rest(f"competitions/{SLUG}/submissions/url/9/1760000000",
                                           "POST", body, FORM)
        self.assertEqual(status, 200)
        self.assertEqual(self.standin.request("PUT", upload["createUrl"], b"id,label\n")[0], 200)
        body = urllib.parse.urlencode({"blobFileTokens": upload["token"],
                                       "submissionDescription": "old"})
        status, answer = self.standin.rest(f"competitions/submissions/submit/{SLUG}", "POST", body,
                                           FORM)
        self.assertEqual((status, answer["message"]),
                         (200, "Successfully submitted to Plain tables"))

    def test_what_cannot_be_committed(self):
        _, upload = self.standin.rpc("StartSubmissionUpload", competitionName=SLUG,
                                     fileName="a.csv", contentLength=10)
        for token in ("", "other", upload["token"]):
            self.assertEqual(self.standin.rpc("CreateSubmission", competitionName=SLUG,
                                              blobFileTokens=token)[0], 400)
        self.standin.request("PUT", upload["createUrl"], b"too short")
        status, document = self.standin.rpc("CreateSubmission", competitionName=SLUG,
                                            blobFileTokens=upload["token"])
        self.assertEqual((status, document["error"]["message"]),
                         (400, "Submission file has 9 bytes, 10 were announced"))

    def test_numbers_may_be_strings_when_sent(self):
        self.assertEqual(self.standin.rpc("StartSubmissionUpload", competitionName=SLUG,
                                          fileName="a.csv", contentLength="10")[0], 200)
        for length in ("ten", 0, None):
            self.assertEqual(self.standin.rpc("StartSubmissionUpload", competitionName=SLUG,
                                              fileName="a.csv", contentLength=length)[0], 400)


if __name__ == "__main__":
    unittest.main()
