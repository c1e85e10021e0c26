"""Kaggle's official client submits: three calls, resumed uploads, scores, limits, refusals."""

import unittest
import unittest.mock

from standins.kaggle.tests.support import KEY, ClientCase, client

SLUG = "plain-tables"


class Submitting(ClientCase):
    @property
    def result(self):
        from kaggle.api.kaggle_api_extended import ResumableUploadResult
        return ResumableUploadResult

    def submit(self, wrong=0, message="first try", slug=SLUG):
        return self.api.competition_submit(str(self.answers(wrong)), message, slug, quiet=True)

    def submissions(self, slug=SLUG):
        return self.api.competition_submissions(slug)

    def upload(self):
        """(path, address) of an upload that has begun."""
        from kagglesdk.competitions.types.competition_api_service import (
            ApiStartSubmissionUploadRequest,
        )
        path = self.answers()
        request = ApiStartSubmissionUploadRequest()
        request.competition_name, request.file_name = SLUG, path.name
        request.content_length = path.stat().st_size
        sdk = self.api.build_kaggle_client().competitions.competition_api_client
        return path, sdk.start_submission_upload(request).create_url

    def refused(self, slug=SLUG):
        status, document = self.refusal(self.submit, slug=slug)
        return status, document["error"]["message"]

    def test_three_calls_and_a_score(self):
        answer = self.submit(wrong=3)
        self.assertEqual(answer.message, "Successfully submitted to Plain tables")
        self.assertEqual([(one["route"], one["status"]) for one in self.standin.requests()], [
            ("StartSubmissionUpload", 200), ("storage.upload", 200), ("CreateSubmission", 200)])
        (one,) = self.submissions()
        self.assertEqual((one.ref, one.description, one.file_name, int(one.total_bytes)),
                         (answer.ref, "first try", "submission.csv",
                          (self.folder / "submission.csv").stat().st_size))
        self.assertEqual((one.status.name, one.public_score, one.private_score),
                         ("COMPLETE", "0.93333", ""))

    def test_the_private_score_shows_after_the_deadline(self):
        self.submit(wrong=3)
        self.standin.change(SLUG, facts={"deadline": "2020-01-01T00:00:00Z"})
        self.assertEqual(self.submissions()[0].private_score, "0.86667")

    def test_neither_cookie_nor_key_goes_with_the_upload(self):
        self.submit()
        (one,) = self.standin.requests("storage.upload")
        self.assertFalse({"authorization", "cookie"} & set(one["headers"]))
        self.assertEqual(self.standin.counts()["leaks"], 0)

    def test_pending_for_some_looks(self):
        self.standin.scenario(pending_polls=2)
        self.submit()
        seen = [self.submissions()[0] for _ in range(4)]
        self.assertEqual([one.status.name for one in seen],
                         ["PENDING", "PENDING", "COMPLETE", "COMPLETE"])
        self.assertEqual([one.public_score for one in seen[1:3]], ["", "1.00000"])

    def test_pending_for_some_time(self):
        self.standin.scenario(pending_seconds=3600)
        self.submit()
        self.assertEqual(self.submissions()[0].status.name, "PENDING")
        self.standin.advance(3600)
        self.assertEqual(self.submissions()[0].status.name, "COMPLETE")

    def test_a_file_with_a_row_too_few_ends_in_an_error(self):
        path = self.answers()
        path.write_text("\n".join(path.read_text().splitlines()[:-1]))
        self.api.competition_submit(str(path), "short", SLUG, quiet=True)
        (one,) = self.submissions()
        self.assertEqual((one.status.name, one.error_description, one.public_score),
                         ("ERROR", "Evaluation Exception: Submission must have 30 rows", ""))

    def test_a_file_without_the_column_ends_in_an_error(self):
        path = self.answers()
        path.write_text(path.read_text().replace("label", "target"))
        self.api.competition_submit(str(path), "wrong", SLUG, quiet=True)
        self.assertEqual(self.submissions()[0].error_description,
                         "ERROR: Required column 'label' could not be found")

    def test_without_answers_the_sample_decides(self):
        """The bundled catalogue has none: a file of the right form is complete, without a score."""
        path = self.folder / "submission.csv"
        sample = self.standin.request("GET", self.standin.location(
            "DownloadDataFile", competitionName="titanic", fileName="sample_submission.csv"))[2]
        path.write_bytes(sample)
        self.api.competition_submit(str(path), "same", "titanic", quiet=True)
        path.write_bytes(b"PassengerId,Survived\n1,0\n")
        self.api.competition_submit(str(path), "other", "titanic", quiet=True)
        late, early = self.submissions("titanic")
        self.assertEqual((early.status.name, early.public_score), ("COMPLETE", ""))
        self.assertEqual((late.status.name, late.error_description),
                         ("ERROR", "Evaluation Exception: Submission must have 419 rows"))

    def test_outcomes_as_a_test_wants_them(self):
        for settings, status, score in (({"score": "0.5"}, "COMPLETE", "0.50000"),
                                        ({"scores_hidden": True}, "COMPLETE", ""),
                                        ({"error": "Evaluation Exception: no"}, "ERROR", "")):
            self.standin.scenario(competitions={SLUG: settings})
            self.submit()
            (one,) = self.submissions()
            self.assertEqual((one.status.name, one.public_score), (status, score))
            self.assertEqual(one.error_description, settings.get("error", ""))
        self.standin.change(SLUG, errors_hidden=True)
        self.assertEqual(self.submissions()[0].error_description, "")

    def test_the_daily_limit_in_kaggles_words(self):
        self.standin.control("POST", "clock", {"now": "2027-05-05T19:48:00Z"})
        self.standin.change(SLUG, facts={"maxDailySubmissions": 2})
        self.submit()
        self.submit()
        self.assertEqual(self.refused(), (400, (
            "Submission not allowed: Your team has used its daily Submission allowance (2) today, "
            "please try again tomorrow UTC (4.2 hours from now).")))
        self.standin.control("POST", "clock", {"now": "2027-05-06T00:00:01Z"})
        self.submit()

    def test_errors_do_not_use_the_allowance(self):
        self.standin.change(SLUG, facts={"maxDailySubmissions": 1}, error="no")
        self.submit()
        self.standin.change(SLUG, error="")
        self.submit()
        self.assertEqual(self.refused()[0], 400)

    def test_limits_can_be_asked_for(self):
        self.standin.change(SLUG, facts={"maxDailySubmissions": 3}, max_total_submissions=2)
        self.submit()
        limits = self.api.competition_get_submission_limits(SLUG)
        self.assertEqual((limits.num_today, limits.num_total, limits.num_allowed_now,
                          limits.limited_by_total), (1, 1, 1, True))

    def test_rules_must_be_accepted(self):
        self.standin.change(SLUG, access="rules_not_accepted")
        self.assertEqual(self.refused(), (
            403, "You must accept the rules for this competition to perform this action."))
        self.standin.change(SLUG, access="not_entered")
        self.assertEqual(self.refused(), (403, "Permission 'competitions.participate' was denied"))

    def test_closed_and_code_only_competitions_take_no_file(self):
        for facts in ({"deadline": "2020-01-01T00:00:00Z"}, {"submissionsDisabled": True},
                      {"isKernelsSubmissionsOnly": True}):
            self.standin.scenario(competitions={SLUG: {"facts": facts}})
            self.assertEqual(self.refused()[0], 400)
            self.assertEqual(self.standin.control("GET", "submissions")["submissions"], [])

    def test_who_has_no_team_has_no_list(self):
        self.assertEqual(self.submissions(), [])
        self.standin.change(SLUG, no_team_error=True)
        status, document = self.refusal(self.submissions)
        self.assertEqual((status, document["error"]["message"]),
                         (400, "You do not have a Team in this Competition."))
        self.submit()
        self.assertEqual(len(self.submissions()), 1)

    def test_the_list_is_newest_first_in_pages(self):
        self.standin.change(SLUG, facts={"maxDailySubmissions": 50})
        for number in range(5):
            self.submit(message=f"number {number}")
        first = self.api.competition_submissions(SLUG, page_size=3)
        rest = self.api.competition_submissions(SLUG, page_size=3, page_number=2)
        self.assertEqual([one.description for one in first + rest],
                         [f"number {number}" for number in (4, 3, 2, 1, 0)])

    def test_one_submission_by_its_number(self):
        from kagglesdk.competitions.types import competition_api_service as types
        sdk = self.api.build_kaggle_client().competitions.competition_api_client
        answer = self.submit()
        request = types.ApiGetSubmissionRequest()
        request.ref = answer.ref
        self.assertEqual(sdk.get_submission(request).public_score, "1.00000")
        request = types.ApiDownloadSubmissionRequest()
        request.submission_id = answer.ref
        self.assertEqual(sdk.download_submission(request).content,
                         (self.folder / "submission.csv").read_bytes())

    def test_the_own_best_stands_on_the_leaderboard(self):
        self.standin.change(SLUG, leaderboard=[{"teamName": "A", "score": "0.99"},
                                               {"teamName": "B", "score": "0.5"}])
        self.submit(wrong=30)
        self.submit(wrong=3)
        self.assertEqual([(row.team_name, row.score)
                          for row in self.api.competition_leaderboard_view(SLUG)],
                         [("A", "0.99"), ("standin", "0.93333"), ("B", "0.5")])
        self.assertEqual(self.standin.rpc("GetCompetition", competitionName=SLUG)[1]["userRank"], 2)

    def test_users_see_their_own_submissions_only(self):
        self.standin.scenario(users=[{"name": "standin", "tokens": ["KGAT_standin*"]},
                                     {"name": "other", "keys": [KEY]}])
        self.submit()
        other = client(self.standin, KAGGLE_USERNAME="other", KAGGLE_KEY=KEY)
        self.assertEqual(other.competition_submissions(SLUG), [])

    def test_an_upload_that_was_cut_is_resumed(self):
        path, address = self.upload()
        size = path.stat().st_size
        self.standin.fault("cut_upload", times=1, at=0.4, status=503)
        self.assertEqual(self.api.upload_complete(str(path), address, True), self.result.INCOMPLETE)
        self.assertEqual(self.api.upload_complete(str(path), address, True, resume=True),
                         self.result.COMPLETE)
        self.assertEqual([(one["route"], one["status"], one["content_range"])
                          for one in self.standin.requests()[1:]], [
            ("storage.upload", 503, ""),
            ("storage.upload_status", 308, f"bytes */{size}"),
            ("storage.upload", 200, f"bytes {int(size * 0.4)}-{size - 1}/{size}")])

    def test_an_upload_of_which_nothing_came_begins_anew(self):
        path, address = self.upload()
        self.standin.fault("unavailable", on={"route": "storage.upload"}, times=1)
        self.assertEqual(self.api.upload_complete(str(path), address, True), self.result.INCOMPLETE)
        self.assertEqual(self.api.upload_complete(str(path), address, True, resume=True),
                         self.result.COMPLETE)

    def test_an_upload_that_is_complete_says_so(self):
        path, address = self.upload()
        self.api.upload_complete(str(path), address, True)
        self.assertEqual(self.api.upload_complete(str(path), address, True, resume=True),
                         self.result.COMPLETE)
        self.assertEqual(len(self.standin.requests("storage.upload")), 1)

    def test_an_upload_session_expires(self):
        path, address = self.upload()
        self.standin.advance(8 * 24 * 3600)
        self.assertEqual(self.api.upload_complete(str(path), address, True, resume=True),
                         self.result.FAILED)

    def test_a_cut_connection_is_tried_again_by_the_client_itself(self):
        self.standin.fault("cut_upload", times=1, at=0.5)
        self.assertEqual(self.submit().message, "Successfully submitted to Plain tables")
        self.assertEqual([one["outcome"] for one in self.standin.requests("storage.upload")],
                         ["cut", "complete"])
        self.assertEqual(self.submissions()[0].public_score, "1.00000")

    def test_a_lost_reply_has_submitted_all_the_same(self):
        import requests
        self.standin.fault("lost_reply", on={"route": "CreateSubmission"}, times=1)
        with self.assertRaises(requests.exceptions.ConnectionError):
            self.submit(message="unique-17")
        self.assertEqual([one.description for one in self.submissions()], ["unique-17"])

    def test_a_refused_commit_has_not_submitted(self):
        self.standin.fault("server_error", on={"route": "CreateSubmission"}, times=1)
        self.assertEqual(self.refusal(self.submit)[0], 500)
        self.assertEqual(self.submissions(), [])


if __name__ == "__main__":
    unittest.main()
