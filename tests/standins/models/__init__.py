"""A stand-in for language-model vendors; see README.md."""
