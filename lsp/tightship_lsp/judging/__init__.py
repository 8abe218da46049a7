"""From open documents to verdicts, which are cached as long as they are valid."""
