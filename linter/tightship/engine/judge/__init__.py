"""From the subjects of a project to its findings, each cause once."""
