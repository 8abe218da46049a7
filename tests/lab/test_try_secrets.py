"""No value of a project leaves a trial: neither on the terminal nor in the facts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.lab.trying import BUSYBOX, Stage

if TYPE_CHECKING:
    from pathlib import Path

    from tests.lab.engine import Engine

VALUES = {
    "ENV": "env-hunter2-77", "SHELL": "shell-hunter2-77", "FILE": "file-hunter2-77",
    "DOTENV": "dot-hunter2-77", "WORD": "word-hunter2-77",
}  # fmt: skip
PROJECT = f"""
name: shop
services:
  web:
    image: {BUSYBOX}
    environment: {{DB_PASSWORD: {VALUES["ENV"]}, URL: "postgres://app:${{OF_SHELL}}@db/app"}}
    env_file: [web.env]
    secrets: [token]
    command:
      - sh
      - -exc
      - |
        env; cat /run/secrets/token; env | base64; env | base64 -w 8
        touch "/data/$$DB_PASSWORD" "/$$DB_PASSWORD" || exit 3
        chown 1 "/data/$$DB_PASSWORD" || exit 4
        exec httpd -f -p 80
      - ${{OF_DOTENV}}
      - --password={VALUES["WORD"]}
    ports: ["80"]
    volumes: ["/data"]
  broken:
    image: {BUSYBOX}
    environment: {{DB_PASSWORD: {VALUES["ENV"]}}}
    command: sh -exc 'env; cat "/$$DB_PASSWORD"'
secrets: {{token: {{file: data/token}}}}
"""


def test_no_value_leaves_a_trial(running: Engine, tmp_path: Path) -> None:
    with Stage(running, tmp_path, PROJECT) as stage:
        (stage.project / "web.env").write_text(f"TOKEN={VALUES['FILE']}\n")
        (stage.project / ".env").write_text(f"OF_DOTENV={VALUES['DOTENV']}\n")
        (stage.project / "data" / "token").write_text(f"{VALUES['FILE']}\n")
        words = (
            "--yes",
            "--probe",
            f"wget -q -O - http://me:{VALUES['WORD']}@localhost:$PORT_WEB_80",
        )
        said = ""
        for more in ((), ("--output-format", "json")):
            done = stage.run(*words, *more, OF_SHELL=VALUES["SHELL"])
            said += done.stdout + done.stderr
        facts = (stage.project / "tightship-facts.toml").read_text()
        assert "it ends with code 1: " in said
        assert "CHOWN" in facts
        assert not re.findall(r".*hunter.*", said + facts)
