"""Prints what the API answers about a folder; run by the Python of an installation."""

from __future__ import annotations

import dataclasses
import json
import sys

import tightship

[folder, compose, dockerfile] = sys.argv[1:]
options = tightship.Options(select=("strict",))
for result in (
    tightship.check(folder),
    tightship.check(folder, options=options),
    tightship.check_text(compose, f"{folder}/compose.yaml"),
    tightship.check_text(dockerfile, f"{folder}/app/Dockerfile"),
    tightship.check_texts({"compose.yaml": compose, "app/Dockerfile": dockerfile}),
):
    print(json.dumps(dataclasses.asdict(result), default=str, indent=1))
print(json.dumps(tightship.facts(folder), indent=1))
