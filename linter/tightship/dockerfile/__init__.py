"""What a build makes of a Dockerfile: stages, variables, and what each stage ends up with."""
