"""Scores a submission against a folder of answers by the rules of its score.py, in Kaggle's words.

A port without libraries: the stand-in also runs where there is neither pandas nor scikit-learn.
`by_command` runs a real score.py instead.
"""

import csv
import dataclasses
import io
import json
import math
import subprocess
import sys
import tempfile

from standins.kaggle import metrics
from standins.kaggle.metrics import Invalid

SCORER_SECONDS_MAX = 120
BLANKS = {"", "nan", "na", "null", "none"}


@dataclasses.dataclass(frozen=True)
class Score:
    """Scores of the public and private rows; `error` when the file is not valid."""

    public: float | None = None
    private: float | None = None
    error: str = ""


def read_table(raw):
    """(header, rows of strings). Strict: every row has as many fields as the header."""
    try:
        text = raw.decode("utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except UnicodeDecodeError:
        raise Invalid("the file is not UTF-8 text") from None
    except csv.Error as wrong:
        raise Invalid(f"cannot be parsed as csv: {wrong}") from None
    if len(rows) < 2:
        raise Invalid("the file has no rows")
    header = rows[0]
    if len(set(header)) != len(header):
        raise Invalid("a column name appears twice in the header")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise Invalid(f"row {number} has {len(row)} field(s), the header has {len(header)}")
    return header, rows[1:]


def label(value):
    """1, 1.0 and ' 1' are one label; so are True and true."""
    text = value.strip()
    if text.lower() in ("true", "false"):
        return text.capitalize()
    try:
        number = float(text)
        return str(int(number)) if number == int(number) else text
    except (ValueError, OverflowError):
        return text


def some(values):
    values = list(values)
    return ", ".join(values[:5]) + (f", … ({len(values)} in all)" if len(values) > 5 else "")


def aligned(table, row_id, columns, ids):
    """The submission's `columns` in the order of `ids`: a list of rows."""
    header, rows = table
    missing = [name for name in [row_id, *columns] if name not in header]
    extra = [name for name in header if name not in [row_id, *columns]]
    if missing:
        raise Invalid("\n".join(f"ERROR: Required column '{name}' could not be found"
                                for name in missing))
    if extra:
        raise Invalid(f"unexpected column(s): {some(extra)}")
    as_id = label if all(v.lstrip("-").isdigit() for v in ids) else str
    at_id, at = header.index(row_id), [header.index(name) for name in columns]
    found = {}
    for row in rows:
        name = as_id(row[at_id])
        if name in found:
            raise Invalid(f"{row_id} repeats: {name}")
        found[name] = [row[i] for i in at]
    wanted = [as_id(value) for value in ids]
    if len(rows) != len(wanted):
        raise Invalid(f"Submission must have {len(wanted)} rows")
    unknown = [name for name in wanted if name not in found]
    if unknown:
        raise Invalid(f"{row_id} not found: {some(unknown)}")
    return [found[name] for name in wanted]


def numbers_of(rows, columns):
    for row in rows:
        for name, value in zip(columns, row, strict=True):
            try:
                if math.isfinite(float(value)):
                    continue
            except ValueError:
                pass
            raise Invalid(f"column {name} must hold finite numbers; found {value!r}")
    return [[float(value) for value in row] for row in rows]


def refuse_blanks(rows, columns, truth):
    """A missing value is one unless the truth has it too."""
    known = {value.strip().lower() for row in truth for value in row}
    for row in rows:
        for name, value in zip(columns, row, strict=True):
            if value.strip().lower() in BLANKS - known:
                raise Invalid(f"missing value(s) in column {name}")


def prepared(scoring, columns, rows, truth):
    """(truth, guess, metric): lists of equal length, and what compares parts of them."""
    key = scoring["key"]
    if key in metrics.LABEL:
        wanted, given = [label(row[0]) for row in truth], [label(row[0]) for row in rows]
        if not set(wanted) & set(given):
            raise Invalid(f"no value of column {columns[0]} is a known label")
        if key == "f1":
            positive = label(str(scoring["positive"]))
            return wanted, given, lambda t, g: metrics.f1_of(positive, t, g)
        return wanted, given, metrics.LABEL[key]
    if key == "map3":
        given = [row[0].split() for row in rows]
        if any(len(names) > 3 for names in given):
            raise Invalid("at most 3 labels per row, separated by spaces")
        return [row[0] for row in truth], given, lambda t, g: metrics.mean(
            1 / (1 + names.index(name)) if name in names else 0.0
            for name, names in zip(t, g, strict=True))
    numbers = numbers_of(rows, columns)
    if key == "multiclass_logloss":
        return [row[0] for row in truth], picked(columns, truth, numbers), lambda _, g: (
            -metrics.mean(math.log(metrics.clip(share)) for share in g))
    wanted = [[float(value) for value in row] for row in truth]
    if key in metrics.MULTI:
        return wanted, numbers, metrics.MULTI[key]
    given = [row[0] for row in numbers]
    if key == "qwk" and any(value != round(value) for value in given):
        raise Invalid(f"column {columns[0]} must hold whole numbers")
    return [row[0] for row in wanted], given, metrics.NUMERIC[key]


def picked(columns, truth, numbers):
    """The share of the true class in each row, after the row is made to add up to one."""
    shares = []
    for row, (name,) in zip(numbers, truth, strict=True):
        if min(row) < 0 or max(row) > 1:
            raise Invalid("probabilities must lie between 0 and 1")
        if sum(row) <= 0:
            raise Invalid("the probabilities of a row add up to 0")
        shares.append(row[columns.index(name)] / sum(row))
    return shares


def score_rows(folder, raw):
    """The Score of a file's bytes by `folder`/answers; raises Invalid."""
    scoring = json.loads((folder / "answers" / "scoring.json").read_text("utf-8"))
    header, solution = read_table((folder / "answers" / "solution.csv").read_bytes())
    many = scoring["key"] == "multiclass_logloss"
    columns = [str(name) for name in scoring["classes"]] if many else scoring["targets"]
    truth_at = [header.index(name)
                for name in ([scoring["truth"]] if many else scoring["targets"])]
    truth = [[row[i] for i in truth_at] for row in solution]
    row_id = header.index(scoring["rowId"])
    rows = aligned(read_table(raw), scoring["rowId"], columns, [row[row_id] for row in solution])
    refuse_blanks(rows, columns, truth)
    wanted, given, metric = prepared(scoring, columns, rows, truth)
    usage = header.index("Usage")

    def part(is_public):
        kept = [i for i, row in enumerate(solution) if (row[usage] == "Public") == is_public]
        return metric([wanted[i] for i in kept], [given[i] for i in kept])

    metric(wanted, given)  # what is wrong anywhere is wrong in the whole file
    return Score(part(True), part(False))


def by_rules(folder, raw):
    """The Score of a file's bytes; an invalid one has an `error` as Kaggle words it."""
    try:
        return score_rows(folder, raw)
    except Invalid as wrong:
        return Score(error=worded(str(wrong)))


def by_command(script, folder, raw):
    """The same from a score.py that is run as a program with FOLDER and a file."""
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(raw)
        file.flush()
        done = subprocess.run([sys.executable, str(script), str(folder), file.name],
                              capture_output=True, timeout=SCORER_SECONDS_MAX, check=False)
    result = json.loads(done.stdout)
    if not result["valid"]:
        return Score(error=worded(result["error"]))
    return Score(result["score_public"], result["score_private"])


def by_sample(sample, raw):
    """Without answers a file is only held against the sample: no score, perhaps an error."""
    try:
        header, rows = read_table(sample)
        aligned(read_table(raw), header[0], header[1:], [row[0] for row in rows])
    except Invalid as wrong:
        return Score(error=worded(str(wrong)))
    return Score()


def worded(error):
    return error if error.startswith("ERROR: ") else f"Evaluation Exception: {error}"


def is_minimized(folder):
    """Whether a lower score is the better one."""
    scoring = json.loads((folder / "answers" / "scoring.json").read_text("utf-8"))
    return scoring["key"] in metrics.MINIMIZED
