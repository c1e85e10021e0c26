"""Ends with a KeyError: the column's name is wrong."""

import os
from pathlib import Path

import pandas as pd

INPUT = Path(os.environ.get("PODIUM_INPUT", "/kaggle/input"))
sample = pd.read_csv(INPUT / "sample_submission.csv")
print(sample["no_such_column"].mean())
sample.to_csv("/kaggle/working/submission.csv", index=False)
