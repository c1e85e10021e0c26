"""A stand-in for Kaggle. See README.md."""
