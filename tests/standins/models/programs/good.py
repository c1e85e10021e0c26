"""Predicts the sample submission's answer column with one small model, checked in 5 folds."""

import json
import os
from pathlib import Path

# Before scikit-learn loads: threads that outnumber the granted processors only spin.
os.environ.setdefault("OMP_NUM_THREADS", os.environ.get("PODIUM_CPUS") or "1")

import numpy as np
import pandas as pd
from sklearn import metrics
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

INPUT = Path(os.environ.get("PODIUM_INPUT", "/kaggle/input"))
SUBMISSION = Path("/kaggle/working/submission.csv")
METRIC = ""
MODEL = "linear"
FOLDS = 5
ROWS_MAX = 20_000
MINIMIZED = {"rmse", "rmsle", "mae", "logloss"}

CLASSIFIERS = {
    "linear": lambda: LogisticRegression(max_iter=500),
    "forest": lambda: RandomForestClassifier(100, min_samples_leaf=3, random_state=1, n_jobs=2),
    "boosting": lambda: HistGradientBoostingClassifier(max_iter=60, random_state=1),
    "constant": lambda: DummyClassifier(),
}
REGRESSORS = {
    "linear": lambda: Ridge(),
    "forest": lambda: RandomForestRegressor(100, min_samples_leaf=3, random_state=1, n_jobs=2),
    "boosting": lambda: HistGradientBoostingRegressor(max_iter=60, random_state=1),
    "constant": lambda: DummyRegressor(),
}


def read_tables():
    """The sample submission, the training table, and the test table if there is one."""
    files = sorted(p for p in INPUT.rglob("*") if ".csv" in p.name.lower())
    sample = next(p for p in files if "sample" in p.name.lower())
    train = next(p for p in files if "train" in p.name.lower())
    test = [p for p in files if p != sample and any(w in p.name.lower() for w in ("test", "eval"))]
    return pd.read_csv(sample), pd.read_csv(train), pd.read_csv(test[0]) if test else None


def guess_metric(sample, target):
    if METRIC:
        return METRIC
    if not pd.api.types.is_numeric_dtype(target) or target.nunique() <= 20:
        return "auc" if pd.api.types.is_float_dtype(sample.iloc[:, 1]) else "accuracy"
    return "rmse"


def features(train, test, left_out):
    """The columns that both tables have, without the ids and the answer."""
    shared = [c for c in train.columns if c in test.columns and c not in left_out]
    numbers = [c for c in shared if pd.api.types.is_numeric_dtype(train[c])]
    words = [c for c in shared if c not in numbers and train[c].nunique() < 200]
    keep = numbers + words
    return train[keep], test[keep]


def pipeline(model):
    numbers = make_pipeline(SimpleImputer(keep_empty_features=True), StandardScaler())
    words = OneHotEncoder(handle_unknown="ignore", max_categories=20, sparse_output=False)
    return make_pipeline(
        make_column_transformer(
            (numbers, make_column_selector(dtype_include=np.number)),
            (words, make_column_selector(dtype_exclude=np.number)),
        ),
        model,
    )


class Problem:
    """What the metric asks for: a number, a class, a chance or a grade."""

    def __init__(self, metric, target):
        self.metric = metric
        self.is_number = metric in ("rmse", "rmsle", "mae", "qwk")
        self.is_chance = metric in ("auc", "logloss")
        self.low, self.high = (target.min(), target.max()) if self.is_number else (None, None)

    def fit(self, x, y):
        if not self.is_number:
            return pipeline(CLASSIFIERS[MODEL]()).fit(x, y)
        return pipeline(REGRESSORS[MODEL]()).fit(x, np.log1p(y) if self.metric == "rmsle" else y)

    def answers(self, model, x):
        if self.is_chance:
            return model.predict_proba(x)[:, 1]
        values = model.predict(x)
        if self.metric == "rmsle":
            values = np.expm1(values)
        if self.metric == "qwk":
            values = np.rint(values).astype(int)
        return np.clip(values, self.low, self.high) if self.is_number else values

    def score(self, truth, answers):
        functions = {
            "rmse": metrics.root_mean_squared_error,
            "rmsle": metrics.root_mean_squared_log_error,
            "mae": metrics.mean_absolute_error,
            "qwk": lambda t, a: metrics.cohen_kappa_score(t, a, weights="quadratic"),
            "auc": metrics.roc_auc_score,
            "logloss": metrics.log_loss,
            "accuracy": metrics.accuracy_score,
        }
        return float(functions[self.metric](truth, answers))


def main():
    sample, train, test = read_tables()
    row_id, answer = sample.columns[0], sample.columns[1]
    if test is None:  # nothing but ids is known of the rows to predict
        test = sample[[row_id]].assign(nothing=0)
        train = train.assign(nothing=0)
    if answer not in train.columns:
        answer = next(c for c in reversed(train.columns) if c not in test.columns)
    train = train[train[answer].notna()]
    train = train.sample(min(len(train), ROWS_MAX), random_state=1).reset_index(drop=True)
    x, x_test = features(train, test, {row_id, answer})
    y = train[answer].to_numpy()
    problem = Problem(guess_metric(sample, train[answer]), y)

    values = []
    for rows, held_out in KFold(FOLDS, shuffle=True, random_state=1).split(x):
        model = problem.fit(x.iloc[rows], y[rows])
        values.append(problem.score(y[held_out], problem.answers(model, x.iloc[held_out])))
        print(f"fold {len(values)}: {values[-1]:.5f}", flush=True)

    predictions = problem.answers(problem.fit(x, y), x_test)
    by_id = pd.Series(predictions, index=test[row_id])
    submission = sample.copy()
    submission[sample.columns[1]] = by_id.loc[sample[row_id]].to_numpy()
    submission.to_csv(SUBMISSION, index=False)
    line = {
        "metric": problem.metric,
        "value": round(float(np.mean(values)), 6),
        "direction": "minimize" if problem.metric in MINIMIZED else "maximize",
        "folds": FOLDS,
        "spread": round(float(np.std(values)), 6),
    }
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
