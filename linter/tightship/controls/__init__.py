"""Controls of standards: what the files of projects prove of them, and what they do not."""
