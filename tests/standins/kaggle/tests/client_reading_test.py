"""Kaggle's official client reads competitions: signing in, lists, facts, pages, leaderboards."""

import json
import os
import unittest
import unittest.mock
import zipfile
from pathlib import Path

from standins.kaggle.tests.support import KEY, TOKEN, ClientCase, client

OAUTH_FILE = {"refresh_token": "standin-refresh-1", "access_token": "",
              "access_token_expiration": "", "username": "standin", "scopes": []}


class SigningIn(ClientCase):
    def listed_with(self, api):
        """How the client signs its calls, once it is signed in."""
        self.standin.control("DELETE", "requests")
        self.assertTrue(api.competitions_list().competitions)
        return [one["authorization"] for one in self.standin.requests("ListCompetitions")]

    def home(self, name, text):
        path = Path(os.environ["HOME"]) / ".kaggle" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o600)
        self.addCleanup(path.unlink, missing_ok=True)
        return path

    def test_by_a_token(self):
        api = client(self.standin, KAGGLE_API_TOKEN=TOKEN)
        self.assertEqual(api.config_values["username"], "standin")
        self.assertEqual(self.listed_with(api), ["bearer"])

    def test_by_a_file_with_a_token(self):
        path = self.folder / "token"
        path.write_text(TOKEN + "\n")
        self.assertEqual(self.listed_with(client(self.standin, KAGGLE_API_TOKEN=str(path))),
                         ["bearer"])

    def test_by_the_access_token_file(self):
        self.home("access_token", TOKEN + "\n")
        self.assertEqual(self.listed_with(client(self.standin)), ["bearer"])

    def test_by_user_and_key(self):
        api = client(self.standin, KAGGLE_USERNAME="standin", KAGGLE_KEY=KEY)
        self.assertEqual(self.listed_with(api), ["basic"])

    def test_by_kaggle_json(self):
        path = self.folder / "kaggle.json"
        path.write_text(json.dumps({"username": "standin", "key": KEY}))
        path.chmod(0o600)
        from kaggle.api.kaggle_api_extended import KaggleApi
        with unittest.mock.patch.object(KaggleApi, "config", str(path)):
            self.assertEqual(self.listed_with(client(self.standin)), ["basic"])

    def test_by_the_oauth_file(self):
        self.home("credentials.json", json.dumps(OAUTH_FILE))
        api = client(self.standin)
        self.assertEqual(api.config_values["username"], "standin")
        self.assertEqual(self.listed_with(api), ["bearer"])

    def test_an_unknown_token_is_no_sign_in(self):
        with self.assertRaises(SystemExit):
            client(self.standin, KAGGLE_API_TOKEN="KGAT_other")

    def test_a_wrong_key_is_401(self):
        api = client(self.standin, KAGGLE_USERNAME="standin", KAGGLE_KEY="other")
        status, document = self.refusal(api.competitions_list)
        self.assertEqual((status, document["error"]["status"]), (401, "UNAUTHENTICATED"))

    def test_the_session_cookie_never_comes_back_from_it(self):
        self.api.competitions_list()
        self.api.competitions_list()
        for one in self.standin.requests("ListCompetitions"):
            self.assertNotIn("cookie", one["headers"])

    def test_an_outdated_client_is_told(self):
        api = client(self.standin, KAGGLE_API_TOKEN=TOKEN)
        self.standin.scenario(api_version="99.0.0")
        api.competitions_list()
        self.assertIn("outdated `kaggle` version", self.printed.getvalue())


class Reading(ClientCase):
    SHAPES = ("plain-tables", "picture-folders")

    def competition(self, slug):
        found = self.api.competitions_list(search=slug).competitions
        return next(one for one in found if one.ref.endswith("/" + slug))

    def sdk(self):
        return self.api.build_kaggle_client().competitions.competition_api_client

    def get(self, slug):
        from kagglesdk.competitions.types.competition_api_service import ApiGetCompetitionRequest
        request = ApiGetCompetitionRequest()
        request.competition_name = slug
        return self.sdk().get_competition(request)

    def test_facts_of_a_competition(self):
        one = self.get("titanic")
        self.assertEqual(one.ref, "https://www.kaggle.com/competitions/titanic")
        self.assertEqual(one.title, "Titanic Passengers - Who Survived?")
        self.assertEqual(one.evaluation_metric, "Categorization Accuracy")
        self.assertEqual(one.deadline.isoformat(), "2030-12-31T23:59:00")
        self.assertEqual(one.max_daily_submissions, 5)
        self.assertTrue(one.user_has_entered)
        self.assertFalse(one.is_kernels_submissions_only)
        self.assertEqual([tag.name for tag in one.tags], ["binary classification", "tabular"])

    def test_facts_are_as_a_test_wants_them(self):
        self.standin.change("titanic", access="rules_not_accepted", facts={
            "isKernelsSubmissionsOnly": True, "deadline": "2020-01-01T00:00:00Z",
            "evaluationMetric": None, "reward": "$1,000", "submissionsDisabled": True})
        one = self.get("titanic")
        self.assertFalse(one.user_has_entered)
        self.assertTrue(one.is_kernels_submissions_only)
        self.assertTrue(one.submissions_disabled)
        self.assertEqual((one.deadline.year, one.evaluation_metric, one.reward),
                         (2020, "", "$1,000"))

    def test_a_search_has_near_names_before_the_exact_one(self):
        self.standin.change("titanic-extended", facts={"title": "Titanic, extended"})
        found = [one.ref.rsplit("/", 1)[-1]
                 for one in self.api.competitions_list(search="titanic").competitions]
        self.assertEqual(found, ["titanic-extended", "titanic"])
        self.assertEqual(self.api.competitions_list(search="zzz").competitions, [])

    def test_lists_by_group_category_and_order(self):
        self.standin.change("titanic", access="not_entered",
                            facts={"deadline": "2020-01-01T00:00:00Z"})
        entered = self.api.competitions_list(group="entered").competitions
        self.assertNotIn("titanic", [one.ref.rsplit("/", 1)[-1] for one in entered])
        found = self.api.competitions_list(category="playground").competitions
        self.assertEqual({one.category for one in found}, {"Playground"})
        earliest = self.api.competitions_list(sort_by="earliestDeadline").competitions
        self.assertEqual(earliest[0].ref.rsplit("/", 1)[-1], "titanic")

    def test_the_list_comes_in_pages(self):
        first = self.api.competitions_list(page_size=4)
        self.assertEqual(len(first.competitions), 4)
        rest = self.api.competitions_list(page_size=4, page_token=first.next_page_token)
        self.assertEqual(len(rest.competitions), 3)
        self.assertEqual(rest.next_page_token, "")
        self.assertEqual(len({one.ref for one in first.competitions + rest.competitions}), 7)
        self.assertEqual([one.ref for one in self.api.competitions_list(
            page=2, page_size=4).competitions], [one.ref for one in rest.competitions])

    def test_files_come_in_pages_with_folders_in_their_names(self):
        token, names = None, []
        for _ in range(5):
            answer = self.api.competition_list_files("picture-folders", token, 20)
            names += [file.name for file in answer.files]
            token = answer.next_page_token
        self.assertFalse(token)
        self.assertEqual(len(names), 92)
        self.assertIn("train/1.png", names)

    def test_a_file_has_its_size_and_date(self):
        file = next(file for file in self.api.competition_list_files("titanic").files
                    if file.name == "test.csv")
        self.assertEqual(int(file.total_bytes), 17874)
        self.assertGreater(file.creation_date.year, 2025)

    def test_files_are_listed_before_the_rules_are_accepted(self):
        self.standin.change("titanic", access="rules_not_accepted")
        self.assertEqual(len(self.api.competition_list_files("titanic").files), 3)

    def test_the_tree_and_the_summary_of_the_data(self):
        from kagglesdk.competitions.types import competition_api_service as types
        request = types.ApiListDataTreeFilesRequest()
        request.competition_name = "picture-folders"
        tree = self.sdk().list_data_tree_files(request)
        self.assertEqual([(one.name, one.total_files) for one in tree.directories],
                         [("test", 30), ("train", 60)])
        self.assertEqual([one.name for one in tree.files],
                         ["sample_submission.csv", "train_labels.csv"])
        request = types.ApiGetCompetitionDataFilesSummaryRequest()
        request.competition_name = "picture-folders"
        summary = self.sdk().get_competition_data_files_summary(request).file_summary_info
        self.assertEqual(summary.total_file_count, 92)
        self.assertEqual({one.extension: one.file_count for one in summary.file_types},
                         {".csv": 2, ".png": 90})

    def test_pages_in_markdown(self):
        pages = {page.name: page for page in self.api.competition_list_pages("plain-tables")}
        self.assertEqual(sorted(pages), ["Description", "Evaluation", "data-description", "rules"])
        self.assertIn("**positive**", pages["Description"].content)
        self.assertEqual(pages["Description"].mime_type, "text/markdown")

    def test_pages_in_html(self):
        self.standin.change("plain-tables", pages="html", page_types=False)
        pages = {page.name: page for page in self.api.competition_list_pages("plain-tables")}
        self.assertIn("<p>Tell which rows are <strong>positive</strong>.</p>",
                      pages["Description"].content)
        self.assertIn("<pre><code>id,label\n61,0</code></pre>", pages["Evaluation"].content)
        self.assertIn("<tr><td>label</td><td>1 = positive &amp; true</td></tr>",
                      pages["data-description"].content)
        self.assertEqual(pages["Description"].mime_type, "")

    def test_one_page_and_pages_of_a_test(self):
        self.standin.change("titanic", extra_pages=[
            {"name": "Timeline", "content": "ends \u202e soon", "mimeType": "text/html"},
            {"name": "draft", "content": "secret", "isPublished": False}])
        self.assertEqual([page.content for page in self.api.competition_list_pages(
            "titanic", page_name="Timeline")], ["ends \u202e soon"])
        names = [page.name for page in self.api.competition_list_pages("titanic")]
        self.assertIn("Timeline", names)
        self.assertNotIn("draft", names)

    def test_the_leaderboard_in_pages(self):
        rows = [{"teamName": f"Team {number}", "score": f"0.{number:03}"}
                for number in range(100, 130)]
        self.standin.change("titanic", leaderboard=rows)
        first = self.api.competition_leaderboard_view("titanic", page_size=20)
        self.assertEqual((first[0].team_name, first[0].score), ("Team 129", "0.129"))
        token = self.printed.getvalue().rsplit(" = ", 1)[1].strip()
        rest = self.api.competition_leaderboard_view("titanic", page_size=20, page_token=token)
        self.assertEqual(len(rest), 10)
        self.assertEqual(self.get("titanic").team_count, 30)

    def test_the_leaderboard_of_an_ended_competition_is_the_private_one(self):
        self.standin.change("titanic", leaderboard=[
            {"teamName": "A", "score": "0.9", "privateScore": "0.1"},
            {"teamName": "B", "score": "0.8", "privateScore": "0.2"},
            {"teamName": "C", "score": "0.05"}])
        public = [("A", "0.9"), ("B", "0.8"), ("C", "0.05")]
        self.assertEqual(self.board(), public)
        self.standin.change("titanic", facts={"deadline": "2020-01-01T00:00:00Z"})
        self.assertEqual(self.board(), [("B", "0.2"), ("A", "0.1"), ("C", "0.05")])
        self.assertEqual(self.board(override_public=True), public)

    def board(self, override_public=False):
        from kagglesdk.competitions.types import competition_api_service as types
        request = types.ApiGetLeaderboardRequest()
        request.competition_name = "titanic"
        request.override_public = override_public
        sdk = self.api.build_kaggle_client().competitions.competition_api_client
        return [(row.team_name, row.score) for row in sdk.get_leaderboard(request).submissions]

    def test_the_leaderboard_as_a_file(self):
        rows = [{"teamName": "A, B", "score": "0.2"}, {"teamName": "C", "score": "0.1"}]
        for how in ("direct", "redirect"):
            self.standin.change("titanic", leaderboard=rows, is_minimized=True,
                                leaderboard_download=how)
            self.api.competition_leaderboard_download("titanic", str(self.folder))
            with zipfile.ZipFile(self.folder / "titanic.zip") as archive:
                (name,) = archive.namelist()
                lines = archive.read(name).decode().splitlines()
            self.assertRegex(name, r"^titanic-publicleaderboard-[\dT:-]+\.csv$")
            self.assertTrue(lines[1].startswith("1,2,C,"))
            self.assertIn('"A, B"', lines[2])

    def test_what_there_is_not_is_404(self):
        status, document = self.refusal(self.api.competition_list_files, "no-such-thing")
        self.assertEqual((status, document["error"]["status"]), (404, "NOT_FOUND"))
        self.standin.scenario(unknown_competition=403)
        status, document = self.refusal(self.api.competition_list_files, "no-such-thing")
        self.assertEqual((status, document["error"]["message"]),
                         (403, "Permission 'competitions.get' was denied"))

    def test_a_private_competition_is_403_and_in_no_list(self):
        self.standin.change("titanic", access="private")
        self.assertEqual(self.refusal(self.get, "titanic")[0], 403)
        self.assertEqual(self.api.competitions_list(search="titanic").competitions, [])

    def test_an_address_in_place_of_a_name_is_403(self):
        self.assertEqual(self.refusal(self.api.competition_list_files,
                                      "https://www.kaggle.com/competitions/titanic")[0], 403)

    def test_the_sdk_alone_uses_the_other_path(self):
        """With KAGGLE_API_ENVIRONMENT=TEST it puts /api before /v1."""
        from kagglesdk import KaggleClient, kaggle_env
        from kagglesdk.competitions.types.competition_api_service import ApiListCompetitionsRequest
        with unittest.mock.patch.dict(os.environ, KAGGLE_API_ENVIRONMENT="TEST",
                                      KAGGLE_API_TOKEN=TOKEN), \
                unittest.mock.patch.dict(kaggle_env._env_to_endpoint,
                                         {kaggle_env.KaggleEnv.TEST: self.standin.url}), \
                KaggleClient() as sdk:
            found = sdk.competitions.competition_api_client.list_competitions(
                ApiListCompetitionsRequest())
        self.assertEqual(len(found.competitions), 7)
        self.assertTrue(self.standin.requests()[-1]["path"].startswith("/api/v1/competitions."))


if __name__ == "__main__":
    unittest.main()
