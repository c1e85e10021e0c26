"""Predicts one of two classes.

The model is the function fit_predict;
validated in 5 folds.
The last line of the output is the score on rows that no model has seen.
"""

import json
import os
import re
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedKFold

# The competition: its files, and its columns by the part they play.
COMPETITION = "towns"
INPUT = Path(os.environ.get("PODIUM_INPUT", "/kaggle/input/" + COMPETITION))
SUBMISSION = Path("/kaggle/working/submission.csv")
METRIC = "accuracy"
DIRECTION = "maximize"
TRAIN_FILE = "train.csv"
TEST_FILE = "test.csv"
SAMPLE_FILE = "sample_submission.csv"
ID = "Id"
SAMPLE_ID = "Id"
TEXT_CELLS = ["Id", "Town"]
TARGET = "Left"
ANSWER = "Left"
NUMBERS = ["Age"]
CATEGORIES = ["Town"]
ONE_HOT_VALUES_MAX = 30

# The work: as many threads and as much time as the run was granted. Some time is kept back for the
# slowest model to finish and for the file to be written.
FOLDS = 5
SEEDS = [1]
CPUS = int(os.environ.get("PODIUM_CPUS") or os.cpu_count() or 1)
SECONDS = min(900, 0.7 * float(os.environ.get("PODIUM_WALL_SECONDS") or 600))
STARTED = time.monotonic()


def log(message):
    print(f"[{time.monotonic() - STARTED:6.1f} s] {message}", flush=True)


def seconds_left():
    return SECONDS - (time.monotonic() - STARTED)


def read_table(name, delimiter=","):
    """A file as a table. Codes, labels, dates and words stay text, as they are written."""
    return pd.read_csv(
        INPUT / name,
        sep=delimiter,
        dtype={column: "str" for column in TEXT_CELLS},
        encoding="utf-8-sig",
        encoding_errors="replace",
        low_memory=False,
    )


def read_sample():
    """The sample submission: the final authority on columns, rows and their order."""
    return pd.read_csv(
        INPUT / SAMPLE_FILE,
        sep=",",
        dtype="str",
        keep_default_na=False,
        encoding="utf-8-sig",
    )


def load(name, delimiter):
    table = read_table(name, delimiter)
    return table


def make_features(table):
    """Turns each row into numbers, categories and texts; looks at no other row and at no target."""
    columns = {}
    for column in NUMBERS:
        columns[column] = pd.to_numeric(table[column], errors="coerce").astype("float64")
    for column in CATEGORIES:
        columns[column] = table[column].str.strip()
    return pd.DataFrame(columns, index=table.index)


def prepare(train, test):
    """Features of both tables at once, so that a category has the same code in both."""
    features = pd.concat([make_features(train), make_features(test)], ignore_index=True)
    for column in features.select_dtypes("str").columns:
        values = features[column].value_counts()
        if len(values) > ONE_HOT_VALUES_MAX:  # how common a value is says something of its own
            features[f"{column} count"] = features[column].map(values).astype("float64")
        features[column] = features[column].astype("category")
    features.columns = plain_names(features.columns)
    log(f"{len(train)} training rows, {len(test)} test rows, {features.shape[1]} features")
    return features.iloc[: len(train)], features.iloc[len(train) :].reset_index(drop=True)


def plain_names(columns):
    """The columns' own names as far as all libraries take them: no blanks, marks and repetitions.

    A name that the folds give to columns of their own gets an underscore.
    """
    names = []
    for column in columns:
        name = re.sub(r"[^0-9A-Za-z_\u0080-\U0010ffff]+", "_", column)
        while name in names or re.fullmatch(r"(mean|effect)\d+", name):
            name += "_"
        names.append(name)
    return names


def as_numbers(table):
    """The table for libraries that take nothing but numbers: categories as codes, gaps as -1."""
    codes = {column: table[column].cat.codes for column in table.select_dtypes("category")}
    return table.assign(**codes).select_dtypes("number").fillna(-1)


def blank(rows, y):
    return np.zeros(rows)


def outputs(model, rows):
    return model.predict_proba(rows)[:, 1]


def model_function():
    """The model, in a room of its own: its names and those of the program do not meet."""

    from sklearn.dummy import DummyClassifier


    def fit_predict(train_x, train_y, test_x):
        model = DummyClassifier().fit(train_x, train_y)
        return outputs(model, test_x)

    return fit_predict


fit_predict = model_function()


def score(truth, answer):
    return float(np.mean(truth == answer))


def answer(prediction):
    """The likelier of the two classes."""
    return (prediction > 0.5).astype(int)


def make_folds(y):
    """The same folds for every model, each with its share of every class."""
    return list(StratifiedKFold(FOLDS, shuffle=True, random_state=SEEDS[0]).split(y, y))


def predictions(y, tables, width):
    """What fit_predict learns from the first table and predicts for the others, checked.

    It gets the others as one table, so that it need not learn twice. `width`: the shape of one
    row's answer, () for a number.
    """
    x, *others = tables
    new = pd.concat(others, ignore_index=True)
    predicted = np.asarray(fit_predict(x.reset_index(drop=True), y.copy(), new), dtype="float64")
    if predicted.ndim == 2 and not width and predicted.shape[1] <= 2:
        predicted = predicted[:, -1]
    if predicted.shape != (len(new), *width):
        raise ValueError(f"fit_predict must return {(len(new), *width)}, not {predicted.shape}")
    if not np.isfinite(predicted).all():
        raise ValueError("fit_predict must return finite numbers: there are gaps or infinities")
    if predicted.min() < -1e-6 or predicted.max() > 1 + 1e-6:
        raise ValueError("fit_predict must return probabilities, from 0 to 1")
    predicted = np.clip(predicted, 0, 1)
    return np.split(predicted, np.cumsum([len(table) for table in others])[:-1])


def cross_validate(x, y, x_test, folds):
    """Predictions for rows that the function has not seen; for the test the mean over the folds.

    Each fold tells how long the next one will take; those that would not be done in time are left
    out.
    """
    unseen, test = blank(len(x), y), blank(len(x_test), y)
    for number, (rows, held_out) in enumerate(folds, start=1):
        started = time.monotonic()
        tables = [x.iloc[rows], x.iloc[held_out], x_test]
        unseen[held_out], new = predictions(y[rows], tables, unseen.shape[1:])
        test += new
        needed = time.monotonic() - started
        log(f"fold {number} of {len(folds)} took {needed:.1f} s")
        if needed > seconds_left() and number < len(folds):
            log(f"{len(folds) - number} more folds would be too long")
            del folds[number:]
    return unseen, test / len(folds)


def report(truth, answers, fold_of_row):
    """The last line: what the answers score on rows that no model has seen."""
    numbers = np.unique(fold_of_row)
    values = [score(truth[fold_of_row == n], answers[fold_of_row == n]) for n in numbers]
    line = {
        "metric": METRIC,
        "value": round(score(truth, answers), 6),
        "direction": DIRECTION,
        "folds": len(numbers),
        "spread": round(float(np.std(values)), 6),
    }
    print(json.dumps(line), flush=True)


def write_submission(sample, test, values):
    """Exactly the sample's columns and rows; moved into place, so that it is never half written."""
    submission = sample.copy()
    answers = pd.Series(values, index=test[ID])
    answers = answers[~answers.index.duplicated()]
    submission[ANSWER] = answers.loc[sample[SAMPLE_ID]].to_numpy()
    draft = SUBMISSION.with_suffix(".part")
    submission.to_csv(draft, index=False)
    os.replace(draft, SUBMISSION)


def numbers_of_folds(folds, rows):
    """In which fold each row is held out; -1 for rows that every model learns from."""
    numbers = np.full(rows, -1)
    for number, (_, held_out) in enumerate(folds):
        numbers[held_out] = number
    return numbers


def main():
    sample = read_sample()
    train, test = load(TRAIN_FILE, ","), load(TEST_FILE, ",")
    train = train[train[TARGET].notna()].reset_index(drop=True)
    labels, target = np.unique(train[TARGET].astype("int64"), return_inverse=True)
    y = target
    x, x_test = prepare(train, test)
    folds = make_folds(y)
    unseen, blended_test = cross_validate(x, y, x_test, folds)
    fold_of_row = numbers_of_folds(folds, len(target))
    scored = fold_of_row >= 0
    truth, blended = target[scored], unseen[scored]
    write_submission(sample, test, labels[answer(blended_test)])
    report(truth, answer(blended), fold_of_row[scored])


if __name__ == "__main__":
    main()
