"""Predicts one of two classes.

Models: a linear model, LightGBM and extra trees, blended;
validated in 5 folds.
The last line of the output is the score on rows that no model has seen.
"""

import json
import os
import time
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pandas as pd
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, SplineTransformer

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
BLEND_ROUNDS = 25

# The work: as many threads and as much time as the run was granted. Some time is kept back for the
# slowest model to finish and for the file to be written.
FOLDS = 5
SEEDS = [1]
CPUS = int(os.environ.get("PODIUM_CPUS") or os.cpu_count() or 1)
SECONDS = min(80, 0.7 * float(os.environ.get("PODIUM_WALL_SECONDS") or 600))
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
    features.columns = [f"x{i}" for i in range(features.shape[1])]  # names that all libraries take
    log(f"{len(train)} training rows, {len(test)} test rows, {features.shape[1]} features")
    return features.iloc[: len(train)], features.iloc[len(train) :].reset_index(drop=True)


def score(truth, answer):
    return float(np.mean(truth == answer))


def answer(prediction):
    """The likelier of the two classes."""
    return (prediction > 0.5).astype(int)


def loss(truth, prediction):
    """What the blend makes small: the log loss, for the metric jumps with single rows."""
    p = np.clip(prediction, 1e-6, 1 - 1e-6)
    return float(-np.mean(truth * np.log(p) + (1 - truth) * np.log(1 - p)))


def make_folds(y):
    """The same folds for every model, each with its share of every class."""
    return list(StratifiedKFold(FOLDS, shuffle=True, random_state=SEEDS[0]).split(y, y))


def blank(rows, y):
    return np.zeros(rows)


def outputs(model, rows):
    return model.predict_proba(rows)[:, 1]


def tree_view(x):
    return x


def linear_view():
    """Numbers on a common scale and bent by splines, gaps marked, a column for each category."""
    numbers = make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
        SplineTransformer(n_knots=5, degree=3),
    )
    categories = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=5)
    return make_column_transformer(
        (numbers, make_column_selector(dtype_include=np.number)),
        (categories, make_column_selector(dtype_include="category")),
        sparse_threshold=0,
    )


def fit_linear(x, y, stop_on, seed):
    """Logistic regression: what adds up, adds up here."""
    model = make_pipeline(linear_view(), LogisticRegression(C=0.3, max_iter=2000))
    model.fit(x, y)
    return lambda rows: outputs(model, rows)


def stop_in_time(progress):
    if seconds_left() < 0:
        raise lgb.callback.EarlyStopException(progress.iteration, progress.evaluation_result_list)


def fit_lightgbm(x, y, stop_on, seed):
    """Boosted trees that take categories and gaps as they are; grown while held-out rows gain."""
    model = lgb.LGBMClassifier(
        objective="binary",
        n_estimators=3000,
        learning_rate=0.03,
        num_leaves=15,
        min_child_samples=20,
        subsample=0.8,
        subsample_freq=1,
        colsample_bytree=0.5,
        reg_lambda=2.0,
        cat_smooth=20,
        n_jobs=CPUS,
        random_state=seed,
        verbose=-1,
    )
    model.fit(
        tree_view(x),
        y,
        eval_X=tree_view(stop_on[0]),
        eval_y=stop_on[1],
        callbacks=[lgb.early_stopping(60, verbose=False), stop_in_time],
    )
    return lambda rows: outputs(model, tree_view(rows))


def fit_extra_trees(x, y, stop_on, seed):
    """Many random trees: blunter than boosted ones, but they err elsewhere."""

    def view(rows):
        rows = tree_view(rows)
        return rows.assign(**{c: rows[c].cat.codes for c in rows.select_dtypes("category")})

    model = ExtraTreesClassifier(
        n_estimators=300,
        criterion="entropy",
        min_samples_leaf=3,
        max_features=0.5,
        n_jobs=CPUS,
        random_state=seed,
    )
    model.fit(view(x), y)
    return lambda rows: outputs(model, view(rows))


MODELS = {
    "linear": fit_linear,
    "lightgbm": fit_lightgbm,
    "extra_trees": fit_extra_trees,
}


def cross_validate(name, fit, x, y, x_test, folds, must_finish):
    """Predictions for rows that the model has not seen; for the test the mean of all folds' models.

    The first fold tells how long the others will take. What would not be done in time is left out:
    None; or, when the model must finish, the other folds, for this and all later models.
    """
    unseen, test = blank(len(x), y), blank(len(x_test), y)
    for number, (rows, held_out) in enumerate(folds, start=1):
        started = time.monotonic()
        tables = [x.iloc[rows], x.iloc[held_out], x_test]
        x_rows, x_held_out, x_new = tables
        for seed in SEEDS:
            predict = fit(x_rows, y[rows], (x_held_out, y[held_out]), seed)
            unseen[held_out] += predict(x_held_out) / len(SEEDS)
            test += predict(x_new) / len(SEEDS)
        needed = (time.monotonic() - started) * (len(folds) - number)
        if needed > max(seconds_left(), 0):
            log(f"{name}: {needed:.0f} s more would be too long")
            if not must_finish:
                return None
            del folds[number:]
    return unseen, test / len(folds)


def blend_weights(predictions, truth):
    """Greedy selection with replacement: each round adds the model that helps the mean most.

    The weights are those of the best round; the same rows chose them, so there are few rounds.
    """
    counts, total = np.zeros(len(predictions)), np.zeros_like(predictions[0])
    best_loss, best_counts = np.inf, counts
    for chosen in range(1, BLEND_ROUNDS + 1):
        losses = [loss(truth, (total + prediction) / chosen) for prediction in predictions]
        pick = int(np.argmin(losses))
        total = total + predictions[pick]
        counts = counts + np.eye(len(predictions))[pick]
        if losses[pick] < best_loss:
            best_loss, best_counts = losses[pick], counts
    return best_counts / best_counts.sum()


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
    members = []
    for name, fit in MODELS.items():
        if members and seconds_left() < 0:
            log("no time is left for further models")
            break
        member = cross_validate(name, fit, x, y, x_test, folds, must_finish=not members)
        if member is None:
            continue
        members.append(member)
        fold_of_row = numbers_of_folds(folds, len(target))
        scored = fold_of_row >= 0
        truth = target[scored]
        log(f"{name}: loss {loss(truth, member[0][scored]):.5f}")
        unseen = [member[0][scored] for member in members]
        weights = blend_weights(unseen, truth)
        blended = sum(w * p for w, p in zip(weights, unseen, strict=True))
        blended_test = sum(w * m[1] for w, m in zip(weights, members, strict=True))
        write_submission(sample, test, labels[answer(blended_test)])
        log(f"blend: loss {loss(truth, blended):.5f}, weights {np.round(weights, 2).tolist()}")
    report(truth, answer(blended), fold_of_row[scored])


if __name__ == "__main__":
    main()
