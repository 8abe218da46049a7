"""The capabilities that an entrypoint needs for what it does before it switches user."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.isolation.patches import fix, title

from tightship.rules.compose.capabilities.default_capabilities_kept import default_capabilities_kept
from tightship.rules.compose.filesystem.writable_root_filesystem import writable_root_filesystem
from tightship.rules.compose.mandatory_access.privilege_escalation_allowed import (
    privilege_escalation_allowed,
)

if TYPE_CHECKING:
    from tests.conftest import Judge

BUILT = 'FROM debian:13\nRUN useradd app\nCOPY run.sh /\nENTRYPOINT {}\nCMD ["/srv/app"]\n'
SCRIPT = BUILT.format('["/run.sh"]')
LAST = 'exec gosu app "$@"\n'
SWITCH = {"SETGID", "SETUID"}
FILES = {*SWITCH, "DAC_OVERRIDE"}
OWNERS = {*FILES, "CHOWN", "FOWNER"}


def needed(judge: Judge, dockerfile: str, script: str = "", body: str = "") -> set[str] | None:
    """Return the capabilities that the fix keeps."""
    made = fix(judge, dockerfile, f"#!/bin/sh\n{script}", body)
    if made is None:
        return None
    written = " ".join(edit.text for edit in made.edits).replace("[", " ").replace("]", " ")
    return {word for word in written.replace(",", " ").split() if word.isupper()} - {"ALL"}


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        # Whose files they are is not known, and a script is a file itself.
        ("", FILES),
        ("echo a >/home/app/b\n", FILES),
        ("export A=$(cat /run/secrets/a)\n", FILES),
        ("sed -n p /etc/a\n", FILES),
        ("sed -i s/a/b/ /srv/conf\n", OWNERS),
        ("find /data ! -user app -exec chown app {} +\n", OWNERS),
        ("find /data -name '*.pid' -delete\n", {*FILES, "FOWNER"}),
        ("rm -f /data/pid\n", {*FILES, "FOWNER"}),
        ("chroot /srv ls\n", {*FILES, "SYS_CHROOT"}),
        ("find /data -exec sh -c 'a' \\;\n", None),
        ('find /data -exec "$A" {} +\n', None),
        ("chmod 755 /data\n", {*FILES, "FOWNER"}),
        ("chmod g+s /data\n", {*FILES, "FOWNER", "FSETID"}),
        ("chmod 2775 /data\n", {*FILES, "FOWNER", "FSETID"}),
        ("chmod $A /data\n", {*FILES, "FOWNER", "FSETID"}),
        ("usermod -u $PUID app\n", {*OWNERS, "AUDIT_WRITE"}),
        ("tar -C /srv -xf /a.tar\n", OWNERS),
        # The shell stays as root, and signals another user's process.
        ("trap 'kill $!' TERM\n", {*FILES, "KILL"}),
        # What another user runs asks for nothing.
        ('gosu app sh -c "python manage.py migrate"\n', FILES),
        ('su app -c "python manage.py migrate"\n', {*FILES, "AUDIT_WRITE", "KILL"}),
        ("python manage.py migrate\n", None),
        # Functions and inner scripts are their commands.
        ('log() { echo "$1"; }\nlog a\nsh -c "chown app /data"\n', OWNERS),
        ("log() { python a.py; }\nlog a\n", None),
        ('sh -c "$A"\n', None),
        (". /usr/lib/unread\n", None),
        ("sh /usr/lib/unread\n", None),
    ],
)
def test_steps_of_root_need_what_they_touch(
    judge: Judge, steps: str, expected: set[str] | None
) -> None:
    assert needed(judge, SCRIPT, steps + LAST) == expected


@pytest.mark.parametrize(
    ("entrypoint", "body", "expected"),
    [
        ('["gosu", "app"]', "", SWITCH),
        # They stay the first process, as root.
        ('["tini", "--", "gosu", "app"]', "", {*SWITCH, "KILL"}),
        ('["/usr/bin/dumb-init", "--", "/run.sh"]', "", {*FILES, "KILL"}),
        ('["/run.sh"]', "init: true", {*FILES, "KILL"}),
        ('["/run.sh"]', "init: false", FILES),
        ('["/run.sh"]', "init: '${INIT}'", {*FILES, "KILL"}),
        ('["setpriv", "--reuid=app", "--bounding-set=-all"]', "", {*SWITCH, "SETPCAP"}),
        ('["setpriv", "--reuid=app", "--clear-groups"]', "", SWITCH),
        ('["runuser", "-u", "app", "--"]', "", {*SWITCH, "AUDIT_WRITE", "KILL"}),
    ],
)
def test_what_stays_as_root_signals_another_user(
    judge: Judge, entrypoint: str, body: str, expected: set[str]
) -> None:
    assert needed(judge, BUILT.format(entrypoint), LAST, body) == expected


def test_a_script_that_is_sourced_is_read(judge: Judge) -> None:
    files = {
        "compose.yaml": "services: {s: {build: .}}\n",
        "Dockerfile": SCRIPT.replace("COPY run.sh /\n", "COPY run.sh /\nCOPY env /lib/env.sh\n"),
        "run.sh": f"#!/bin/sh\n. /lib/env.sh\n{LAST}",
    }
    for text, known in (("export A=b\n", True), ("python a.py\n", False)):
        [one] = judge({**files, "env": text}, [default_capabilities_kept])
        assert (one.finding.fix is not None) is known


@pytest.mark.parametrize(
    ("image", "kept"), [("redis:8", True), ("postgres:18", True), ("nginx:1.29", False)]
)
def test_init_signals_the_user_of_a_known_image(judge: Judge, image: str, kept: bool) -> None:
    for init in ("true", "false"):
        text = f"services: {{s: {{image: '{image}', init: {init}}}}}\n"
        [one] = judge({"compose.yaml": text}, [default_capabilities_kept])
        made = one.finding.fix
        assert made is not None
        written = " ".join(edit.text for edit in made.edits)
        assert ("KILL" in written) is (kept and init == "true")


def test_root_becomes_another_without_new_privileges(judge: Judge) -> None:
    script = '#!/bin/sh\nexec su app -c "/srv/app"\n'
    assert title(judge, SCRIPT, script, rule=privilege_escalation_allowed)
    other = f"{SCRIPT}USER app\n"
    assert title(judge, other, script, rule=privilege_escalation_allowed) is None


HOOK = "post_start: [{{command: chown -R app /data{}}}]"


@pytest.mark.parametrize(
    ("user", "body", "known"),
    [
        ("app", HOOK.format(", user: root"), False),
        ("app", HOOK.format(", user: '${WHO}'"), False),
        ("app", HOOK.format(""), True),
        ("root", HOOK.format(", user: app"), True),
        ("root", HOOK.format(""), False),
        ("app", "develop: {watch: [{path: ., action: sync, target: /srv}]}", True),
    ],
)
def test_a_hook_of_root_may_need_any_capability(
    judge: Judge, user: str, body: str, known: bool
) -> None:
    dockerfile = f"{SCRIPT}USER {user}\n"
    assert (title(judge, dockerfile, LAST, body) is not None) is known


@pytest.mark.parametrize(
    ("action", "known"), [("sync", False), ("sync+restart", False), ("rebuild", True)]
)
def test_files_that_compose_copies_need_a_writable_root(
    judge: Judge, action: str, known: bool
) -> None:
    body = f"develop: {{watch: [{{path: ., action: {action}, target: /srv}}]}}"
    dockerfile = 'FROM python:3.13\nUSER nobody\nCMD ["a"]\n'
    assert (title(judge, dockerfile, "", body, writable_root_filesystem) is not None) is known
