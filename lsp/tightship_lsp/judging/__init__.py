"""From what is open to verdicts, which are kept as long as they hold."""
