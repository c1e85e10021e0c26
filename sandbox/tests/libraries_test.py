"""Trains one small model with every library of the image, with two threads each.

Run inside the sandbox under its seccomp profile; exits with an error when a library is missing or
a system call that it needs is refused.
"""

import multiprocessing
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import catboost
import lightgbm
import numpy as np
import pandas as pd
import xgboost
from joblib import Parallel, delayed
from PIL import Image
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.svm import SVC

RNG = np.random.default_rng(0)
X = RNG.normal(size=(2000, 12))
Y = (X[:, 0] * X[:, 1] + X[:, 2] > 0).astype(int)


def check(name, accuracy, least=0.6):
    print(f"{name}: accuracy {accuracy:.3f}")
    if not accuracy > least:
        sys.exit(f"{name} learned nothing")


def square(value):
    return value * value


def check_models():
    models = {
        "lightgbm": lightgbm.LGBMClassifier(n_estimators=50, n_jobs=2, verbose=-1),
        "catboost": catboost.CatBoostClassifier(
            iterations=50, thread_count=2, verbose=False, allow_writing_files=False
        ),
        "xgboost": xgboost.XGBClassifier(n_estimators=50, n_jobs=2),
        "forest": RandomForestClassifier(n_estimators=50, n_jobs=2),
        "extra trees": ExtraTreesClassifier(n_estimators=50, n_jobs=2),
        "svm": SVC(),
        "logistic regression": LogisticRegression(),
    }
    for name, model in models.items():
        model.fit(X[:1500], Y[:1500])
        check(name, np.mean(model.predict(X[1500:]).ravel().astype(int) == Y[1500:]))
    check("folds in parallel", cross_val_score(SVC(), X, Y, cv=4, n_jobs=2).mean())


def check_system():
    assert list(ThreadPoolExecutor(2).map(square, range(4))) == [0, 1, 4, 9]
    assert Parallel(n_jobs=2)(delayed(square)(i) for i in range(4)) == [0, 1, 4, 9]
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.map(square, range(4)) == [0, 1, 4, 9]
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.map(square, range(4)) == [0, 1, 4, 9]
    assert subprocess.run(["/bin/echo", "hi"], capture_output=True).stdout == b"hi\n"
    pd.DataFrame({"a": [1]}).to_csv("/kaggle/working/submission.csv", index=False)
    Image.fromarray(np.zeros((4, 4), np.uint8)).save("/kaggle/working/picture.png")


if __name__ == "__main__":
    check_models()
    check_system()
    print("libraries: ok")
