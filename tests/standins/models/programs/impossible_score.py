"""Copies the sample and reports an accuracy that cannot be."""

import json
import os
from pathlib import Path

import pandas as pd

INPUT = Path(os.environ.get("PODIUM_INPUT", "/kaggle/input"))
sample = pd.read_csv(INPUT / "sample_submission.csv")
sample.to_csv("/kaggle/working/submission.csv", index=False)
print(json.dumps({"metric": "accuracy", "value": 1.7, "direction": "maximize", "folds": 5}))
