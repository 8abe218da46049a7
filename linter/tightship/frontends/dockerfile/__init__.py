"""The result of a build: stages, variables, steps, and the settings of each stage."""
