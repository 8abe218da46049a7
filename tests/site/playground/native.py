"""Answers requests to the playground's worker with the Tightship of this Python.

Reads a list of requests from its standard input and writes a list of answers, as JSON. It
is a program of its own, in which nothing of the tests is replaced.
"""

from __future__ import annotations

import json
import runpy
import sys

from tests.site.playground.browsing import SOURCES

if __name__ == "__main__":
    answer = runpy.run_path(str(SOURCES / "src" / "check.py"))["answer"]
    print(json.dumps([json.loads(answer(json.dumps(one))) for one in json.load(sys.stdin)]))
