"""Stands in for GitHub's `gh`: comments are in a file, and every call is in a log.

It knows `gh api` as the action uses it; ``FAKE`` names its folder. A file `refuse` there
makes it refuse to write, as GitHub does for a token that may only read.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ["FAKE"])
STORE = FOLDER / "comments.json"
ME = "github-actions[bot]"


def main() -> int:
    """Answer one call."""
    words = sys.argv[1:]
    assert words[0] == "api"
    assert os.environ["GH_TOKEN"]
    given: dict[str, str] = {}
    paths: list[str] = []
    at = 1
    while at < len(words):
        if words[at] in ("--jq", "--method", "-F"):
            given[words[at]] = words[at + 1]
            at += 1
        elif not words[at].startswith("-"):
            paths.append(words[at])
        at += 1
    [path] = paths
    method = given.get("--method", "GET")
    with (FOLDER / "log").open("a", encoding="utf-8") as log:
        log.write(f"{method} {path}\n")
    if path == "user":
        return 1  # the token of a job is that of no user
    if method != "GET" and (FOLDER / "refuse").exists():
        print("gh: Resource not accessible by integration (HTTP 403)", file=sys.stderr)
        return 1
    return _answer(path, method, given)


def _answer(path: str, method: str, given: dict[str, str]) -> int:
    comments: list[dict[str, Any]] = json.loads(STORE.read_text("utf-8")) if STORE.exists() else []
    if method == "GET" and path.endswith("/comments"):
        # What the expression of the action selects.
        assert "startswith(env.MARKER)" in given["--jq"]
        assert "env.ME" in given["--jq"]
        mark, me = os.environ["MARKER"], os.environ["ME"]
        for one in comments:
            if one["user"]["login"] == me and one["body"].startswith(mark):
                print(one["id"])
        return 0
    if method == "GET":
        assert given["--jq"] == ".body"
        [found] = [one for one in comments if str(one["id"]) == path.rpartition("/")[2]]
        print(found["body"])
        return 0
    body = Path(given["-F"].removeprefix("body=@")).read_text("utf-8").rstrip("\n")
    if method == "POST":
        comments.append({"id": 1, "user": {"login": ME}, "body": body})
    else:
        [found] = [one for one in comments if str(one["id"]) == path.rpartition("/")[2]]
        found["body"] = body
    STORE.write_text(json.dumps(comments), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
