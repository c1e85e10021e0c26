"""The messages of the wire: their fields, and how each dialect writes them."""

import dataclasses
import re

from standins.kaggle.clock import iso

FRACTION_DIGITS = {"time": 0, "time7": 7}  # whole seconds, or .NET's seven digits
DEFAULTS = {"int": 0, "int64": 0, "str": "", "bool": False}


@dataclasses.dataclass(frozen=True)
class Field:
    name: str
    kind: str  # int, int64, str, bool, time, time7, enum, or a message's name
    optional: bool  # has the twins xNullable and hasX in REST
    many: bool


def message(text):
    """Fields from words like `title:str?` (optional) and `tags:Category*` (many)."""
    fields = []
    for word in text.split():
        name, kind = word.split(":")
        fields.append(Field(name, kind.rstrip("?*"), kind.endswith("?"), kind.endswith("*")))
    return fields


MESSAGES = {name: message(text) for name, text in {
    "Category": """ref:str name:str? description:str? fullPath:str? competitionCount:int
        datasetCount:int scriptCount:int totalCount:int""",
    "Competition": """id:int ref:str title:str? url:str? description:str? organizationName:str?
        organizationRef:str? category:str? reward:str? tags:Category* deadline:time
        kernelCount:int teamCount:int userHasEntered:bool userRank:int? mergerDeadline:time
        newEntrantDeadline:time enabledDate:time maxDailySubmissions:int maxTeamSize:int?
        evaluationMetric:str? awardsPoints:bool isKernelsSubmissionsOnly:bool
        submissionsDisabled:bool thumbnailImageUrl:str? hostName:str dateCreated:time7""",
    "Competitions": "competitions:Competition* nextPageToken:str",
    "Page": "name:str content:str isPublished:bool? postTitle:str? mimeType:str?",
    "Pages": "pages:Page*",
    "DataFile": "ref:str name:str? description:str? totalBytes:int64 url:str? creationDate:time7",
    "DataFiles": "files:DataFile* nextPageToken:str? childrenFetchTimeMs:int",
    "Directory": """name:str? relativeUrl:str? totalDirectories:int totalFiles:int
        totalChildren:int""",
    "TreeFile": "name:str? creationDate:time7 totalBytes:int64 relativeUrl:str? description:str?",
    "Tree": """directories:Directory* files:TreeFile* totalChildren:int totalDirectories:int
        totalFiles:int nextPageToken:str""",
    "FileType": "extension:str fileCount:int totalSize:int64",
    "FileSummary": "totalFileCount:int fileTypes:FileType*",
    "ColumnType": "columnType:str? columnCount:int",
    "ColumnSummary": "totalColumnCount:int columnTypes:ColumnType*",
    "Summary": "fileSummaryInfo:FileSummary columnSummaryInfo:ColumnSummary",
    "LeaderboardRow": "teamId:int teamName:str? submissionDate:time7 score:str?",
    "Leaderboard": "submissions:LeaderboardRow* nextPageToken:str",
    "Limits": "numToday:int numTotal:int numAllowedNow:int limitedByTotal:bool",
    "Upload": "token:str createUrl:str",
    "Submitted": "message:str ref:int",
    "Submission": """ref:int totalBytes:int64? date:time7 description:str? errorDescription:str?
        fileName:str? publicScore:str? privateScore:str? status:enum submittedBy:str?
        submittedByRef:str? teamName:str? url:str?""",
    "Submissions": "submissions:Submission* nextPageToken:str",
    "Token": "active:bool clientId:str username:str userId:int? scope:str exp:int?",
    "NewToken": "token:str expiresIn:int userName:str userId:int",
    "Hello": "userName:str",
}.items()}

# Lists that REST answers as a bare array.
BARE_LISTS = {"Competitions": "competitions", "Submissions": "submissions"}
ENUM_DEFAULT = "PENDING"  # of the only enum that is sent


def write(dialect, name, values):
    """The message `name` with the values, ready for JSON, in the dialect `rpc` or `rest`."""
    if dialect == "rpc":
        return write_rpc(name, values)
    if name in BARE_LISTS:
        name_of_list = BARE_LISTS[name]
        kind = MESSAGES[name][0].kind
        return [write_rest(kind, item) for item in values[name_of_list]]
    return write_rest(name, values)


def write_rpc(name, values):
    """Default values are left out; 64-bit numbers are strings."""
    written = {}
    for field in MESSAGES[name]:
        value = values.get(field.name)
        if value is None or value == default_of(field):
            continue
        if field.many:
            written[field.name] = [write_rpc(field.kind, item) for item in value]
        elif field.kind in MESSAGES:
            written[field.name] = write_rpc(field.kind, value)
        else:
            written[field.name] = str(value) if field.kind == "int64" else plain(field, value)
    return written


def write_rest(name, values):
    """Everything is there, and each optional field has its twins."""
    written = {}
    for field in MESSAGES[name]:
        value = values.get(field.name)
        if field.many:
            written[field.name] = [write_rest(field.kind, item) for item in value or []]
            continue
        if field.kind in MESSAGES:
            written[field.name] = write_rest(field.kind, value) if value else None
            continue
        if field.kind == "enum":
            value = lower_camel(value)
        said = plain(field, value) if value is not None else None
        written[field.name] = DEFAULTS.get(field.kind) if said is None else said
        if field.optional:
            written[field.name + "Nullable"] = said
            written["has" + field.name[0].upper() + field.name[1:]] = said is not None
    return written


def default_of(field):
    if field.many:
        return []
    return ENUM_DEFAULT if field.kind == "enum" else DEFAULTS.get(field.kind)


def plain(field, value):
    digits = FRACTION_DIGITS.get(field.kind)
    return value if digits is None else iso(value, digits)


def lower_camel(name):
    """CANCEL_ACKNOWLEDGED as cancelAcknowledged."""
    first, *others = name.lower().split("_")
    return first + "".join(word.capitalize() for word in others)


def upper_snake(name):
    """latestDeadline as LATEST_DEADLINE; what is in capitals stays."""
    return name if name.isupper() else re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()
