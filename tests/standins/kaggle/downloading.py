"""The methods that hand data files over: a redirect to a signed address, or the bytes."""

from standins.kaggle.context import Bytes, Redirect, must_take_part
from standins.kaggle.errors import RULES_DOWNLOAD, Refused


def download_all(context):
    competition = context.competition()
    must_take_part(competition, RULES_DOWNLOAD)
    if not competition.files:
        raise Refused(404)
    name, content = context.standin.archive(competition)
    modified = max(file.modified for file in competition.files)
    return handed_over(context, competition, f"bundle/{name}", content, modified)


def download_one(context):
    competition = context.competition()
    must_take_part(competition, RULES_DOWNLOAD)
    file = competition.file(context.text("fileName"))
    if file is None:
        raise Refused(404)
    name, content = context.standin.single(competition, file)
    folder = file.name.rsplit("/", 1)[0] + "/" if "/" in file.name else ""
    return handed_over(context, competition, f"files/{folder}{name}", content, file.modified)


def handed_over(context, competition, path, content, modified):
    if competition.settings.download == "direct":
        return Bytes(path.rsplit("/", 1)[-1], content, modified)
    is_expired = context.fault.fault == "expired_signature"
    return Redirect(context.standin.offer(competition.slug, path, content, modified, is_expired))
