"""The methods that tell about competitions: facts, pages, lists of files, leaderboards."""

import csv
import io
import zipfile

from standins.kaggle.content import Memory
from standins.kaggle.context import Bytes, Redirect, Values, paged
from standins.kaggle.pages import pages_of

ENUMS = {"group": ("COMPETITION_LIST_TAB_", "GENERAL ENTERED COMMUNITY HOSTED UNLAUNCHED "
                   "UNLAUNCHED_COMMUNITY EVERYTHING IN_CLASS"),
         "category": ("HOST_SEGMENT_", "UNSPECIFIED FEATURED RESEARCH RECRUITMENT GETTING_STARTED "
                      "MASTERS PLAYGROUND COMMUNITY ANALYTICS ALL"),
         "sortBy": ("COMPETITION_SORT_BY_", "GROUPED BEST PRIZE EARLIEST_DEADLINE LATEST_DEADLINE "
                    "NUMBER_OF_TEAMS RELEVANCE RECENTLY_CREATED")}


def list_competitions(context):
    group, category = context.enum("group", ENUMS), context.enum("category", ENUMS)
    order = context.enum("sortBy", ENUMS)
    found = [one for one in context.standin.competitions.values()
             if one.settings.access != "private"]
    if group == "ENTERED":
        found = [one for one in found if one.is_entered]
    if category not in ("", "ALL", "UNSPECIFIED"):
        found = [one for one in found
                 if one.fact("category", "").upper().replace(" ", "_") == category]
    if order in ("EARLIEST_DEADLINE", "LATEST_DEADLINE"):
        found.sort(key=lambda one: one.fact("deadline"), reverse=order == "LATEST_DEADLINE")
    found = searched(found, context.text("search"))
    page, token = paged(context, [described(context, one) for one in found])
    return Values("Competitions", {"competitions": page, "nextPageToken": token})


def searched(competitions, search):
    """Those that share a word's beginning with the search; near names before the exact one."""
    words = search.lower().replace("-", " ").split()
    if not words:
        return competitions
    found = [one for one in competitions if any(
        word in f"{one.slug} {one.title} {one.fact('description', '')}".lower() for word in words)]
    return sorted(found, key=lambda one: one.slug == search.lower())


def described(context, competition):
    """The competition with what depends on teams: how many, and the caller's rank."""
    rows = context.standin.submissions.leaderboard(competition, context.now)
    rank = next((number for number, row in enumerate(rows, start=1)
                 if row["teamId"] == context.user.team_id), None)
    return {"teamCount": len(rows), "userRank": rank} | competition.facts()


def get_competition(context):
    return Values("Competition", described(context, context.competition()))


def list_pages(context):
    wanted = context.text("pageName")
    pages = [page for page in pages_of(context.competition())
             if page["isPublished"] and (not wanted or page["name"] == wanted)]
    return Values("Pages", {"pages": pages})


def list_data_files(context):
    competition = context.competition()
    files, token = paged(context, competition.files)
    listed = [{"ref": file.name, "name": file.name, "totalBytes": file.content.size,
               "url": f"{competition.fact('url')}/data?select={file.name}",
               "creationDate": file.modified} for file in files]
    return Values("DataFiles", {"files": listed, "nextPageToken": token or None,
                                "childrenFetchTimeMs": 1})


def list_data_tree(context):
    """The folders and files directly under `path`."""
    competition, path = context.competition(), context.text("path").strip("/")
    prefix = path + "/" if path else ""
    below = [file for file in competition.files if file.name.startswith(prefix)]
    folders = sorted({file.name[len(prefix):].split("/")[0] for file in below
                      if "/" in file.name[len(prefix):]})
    here = [file for file in below if "/" not in file.name[len(prefix):]]
    files, token = paged(context, here)
    directories = []
    for name in folders:
        inside = [file.name[len(prefix) + len(name) + 1:] for file in below
                  if file.name.startswith(f"{prefix}{name}/")]
        deeper = {file.split("/")[0] for file in inside if "/" in file}
        direct = sum(1 for file in inside if "/" not in file)
        directories.append({"name": name, "relativeUrl": prefix + name, "totalFiles": direct,
                            "totalDirectories": len(deeper),
                            "totalChildren": direct + len(deeper)})
    listed = [{"name": file.name[len(prefix):], "relativeUrl": file.name,
               "totalBytes": file.content.size, "creationDate": file.modified} for file in files]
    return Values("Tree", {"directories": directories, "files": listed, "nextPageToken": token,
                           "totalDirectories": len(directories), "totalFiles": len(here),
                           "totalChildren": len(directories) + len(here)})


def summarize_data(context):
    """Kinds of files by extension, and how many columns the plain tables have."""
    kinds, columns = {}, 0
    for file in context.competition().files:
        extension = "." + file.name.rsplit(".", 1)[-1] if "." in file.name else ""
        count, size = kinds.get(extension, (0, 0))
        kinds[extension] = count + 1, size + file.content.size
        if extension == ".csv":
            head = next(file.content.pieces(0, 65536), b"").split(b"\n")[0]
            columns += len(next(csv.reader([head.decode("utf-8", "replace")]), []))
    types = [{"extension": name, "fileCount": count, "totalSize": size}
             for name, (count, size) in sorted(kinds.items())]
    total = sum(kind["fileCount"] for kind in types)
    return Values("Summary", {"fileSummaryInfo": {"totalFileCount": total, "fileTypes": types},
                              "columnSummaryInfo": {"totalColumnCount": columns}})


def get_leaderboard(context):
    """The private board once it is public, which is when the deadline has passed."""
    competition = context.competition()
    is_over = context.now > competition.fact("deadline")
    board = context.standin.submissions.leaderboard(
        competition, context.now, is_private=is_over and not context.flag("overridePublic"))
    rows, token = paged(context, board)
    return Values("Leaderboard", {"submissions": rows, "nextPageToken": token})


def download_leaderboard(context):
    competition = context.competition()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["Rank", "TeamId", "TeamName", "LastSubmissionDate", "Score"])
    rows = context.standin.submissions.leaderboard(competition, context.now)
    for rank, row in enumerate(rows, start=1):
        writer.writerow([rank, row["teamId"], row["teamName"],
                         row["submissionDate"].strftime("%Y-%m-%d %H:%M:%S"), row["score"]])
    packed = io.BytesIO()
    time = context.now.strftime("%Y-%m-%dT%H:%M:%S")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{competition.slug}-publicleaderboard-{time}.csv", text.getvalue())
    name, raw = f"{competition.slug}-publicleaderboard.zip", packed.getvalue()
    if competition.settings.leaderboard_download == "redirect":
        return Redirect(context.standin.offer_bytes(competition.slug, f"leaderboard/{name}", raw))
    return Bytes(name, Memory(raw), context.now)
