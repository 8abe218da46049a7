"""A project judged again after an edit: what is kept of the last judgement, and that it is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.lsp.test_again_machine import COMMON, SETTINGS, everything, filled, min_

from tightship_lsp.judging import again
from tightship_lsp.session import Session
from tightship_lsp.uri import uri_of

if TYPE_CHECKING:
    from pathlib import Path

    from tightship.isolation.container import Container

SECTIONS = """\
networks: {front: {}, back: {internal: true}}
volumes: {data: {}, other: {external: true}, host: {driver_opts: {type: none, o: bind, device: /}}}
secrets: {key: {file: ./key.txt}}
configs: {settings: {content: 'password = hunter2'}}
"""


SETS = ('["compose.yaml"]', '["compose.yaml", "other.yaml"]')
# What others may ask about.
OF_OTHERS = ("network_mode", "pid", "ipc", "volumes", "ports", "command", "privileged", "configs")


def is_of_project(setting: str) -> bool:
    """Return whether a setting has a meaning by other parts of the project."""
    return setting.startswith(("volumes", "image", "configs", "secrets", "networks", "<<", "env"))


class Typing:
    """A session in which a project is typed; it counts the containers that rules see."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.uri = uri_of(str(folder / "compose.yaml"))
        self.version = 0
        self.seen: list[str] = []
        run = again.Again._run

        def counted(one: again.Again, container: Container) -> object:
            self.seen.append(container.name)
            return run(one, container)

        monkeypatch.setattr(again.Again, "_run", counted)
        self.session = self.new()

    def new(self) -> Session:
        session = Session()
        session.watched = True
        session.add_folders([uri_of(str(self.folder))])
        return session

    def type(self, text: str) -> list[str]:
        """Judge a text; return the services whose rules ran. All is as in a new session."""
        self.version += 1
        if self.version == 1:
            self.session.put(self.uri, "dockercompose", 1, text)
        else:
            self.session.change(self.uri, self.version, [(None, text)], min_)
        self.seen.clear()
        self.session.report(self.uri)
        seen = [*self.seen]
        fresh = self.new()
        fresh.put(self.uri, "dockercompose", self.version, text)
        assert everything(self.session, self.uri) == everything(fresh, self.uri)
        return seen


@pytest.fixture
def typing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typing:
    return Typing(tmp_path.resolve(), monkeypatch)


def project(web: str, db: str, last: str = "    image: redis:7.4\n") -> str:
    head = f"{COMMON[0]}\nservices:\n  web:\n    image: nginx:1.27\n{web}\n  db:\n"
    return f"{head}    image: postgres:15\n{db}\n  cache:\n{last}{SECTIONS}"


@pytest.mark.parametrize("asks", [one for one in SETTINGS if "$" in one or is_of_project(one)])
def test_a_service_is_judged_by_what_another_one_is_now(typing: Typing, asks: str) -> None:
    (typing.folder / "app.env").write_text("API_TOKEN=9f86d081884c7d65\n", "utf-8")
    (typing.folder / "profile.json").write_text("{}", "utf-8")
    typing.type(project(filled(asks, "db"), "    tty: true"))
    for setting in SETTINGS:
        if setting.startswith(OF_OTHERS):
            typing.type(project(filled(asks, "db"), filled(setting, "cache")))


def test_only_the_service_that_is_typed_is_judged(typing: Typing) -> None:
    text = project("    user: root", "    privileged: true")
    assert typing.type(text) == ["web", "db", "cache"]
    assert typing.type(text.replace("1.27", "1.27.1")) == ["web"]
    text = text.replace("1.27", "1.27.1")
    text = text.replace("privileged: true", "privileged: false")
    assert typing.type(text) == ["db"]
    text = text.replace("7.4\n", "7.4  # a cache\n    init: true\n")
    assert typing.type(text) == ["cache"]
    assert typing.type(text.replace("  web:\n", "  web:\n    # the front\n")) == ["web"]
    assert typing.type(text.replace("1.27", "1.2").replace("7.4", "7.2")) == ["web", "db", "cache"]


def test_what_asks_about_the_typed_service_is_judged(typing: Typing) -> None:
    text = project("    network_mode: service:db", "    pid: service:cache")
    typing.type(text)
    assert typing.type(text.replace("postgres:15", "postgres:16")) == ["web", "db"]
    # `web` has asked `db`, and `db` has asked `cache`.
    assert typing.type(text.replace("postgres:15", "postgres:16").replace("7.4", "7.2")) == [
        "web",
        "db",
        "cache",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("  db:", "  database:", id="the name of a service"),
        pytest.param("image: postgres", "extends: web #", id="a base"),
        pytest.param("user: root", "labels: &l {a: b}", id="an alias"),
        pytest.param("x-common:", "include: [other.yaml]\nx-common:", id="more files"),
        pytest.param("user: root", "build: .", id="a built image"),
        pytest.param("x-common:", "name: shop\nx-common:", id="the name of the project"),
        pytest.param("name: shop", "name: other", id="another name of the project"),
        pytest.param("secrets:", "---\nsecrets:", id="more documents"),
    ],
)
def test_other_changes_have_all_services_judged(typing: Typing, old: str, new: str) -> None:
    text = project("    user: root", "    privileged: true")
    text = text if new.startswith("name: shop") else f"name: shop\n{text}"
    typing.type(text)
    assert old in text
    seen = typing.type(text.replace(old, new, 1))
    assert seen in ([], ["web", "db", "cache"], ["web", "database", "cache"])


def test_a_comment_between_services_belongs_to_the_one_above(typing: Typing) -> None:
    text = project("    user: root", "    privileged: true")
    typing.type(text)
    assert typing.type(text.replace("  web:", "# more\n  web:")) == []
    assert typing.type("# more\n" + text.replace("  web:", "# more\n  web:")) == []
    text = "# more\n" + text.replace("  web:", "# more\n  web:")
    assert typing.type(text.replace("  db:", "  # more\n  db:")) == ["web"]


def test_what_uses_a_changed_section_is_judged(typing: Typing) -> None:
    text = project("    pid: service:db", "    <<: *common", "    networks: [front, back]\n")
    typing.type(text)
    # `db` has a part of it, and `web` has asked `db`.
    assert typing.type(text.replace("NET_ADMIN", "SYS_ADMIN")) == ["web", "db"]
    text = text.replace("NET_ADMIN", "SYS_ADMIN")
    # `web` and `db` are in the network that the section may define as `default`.
    changed = text.replace("internal: true", "internal: false")
    assert typing.type(changed) == ["web", "db", "cache"]
    typing.type(text)
    assert typing.type(text.replace("hunter2", "hunter3")) == []


def test_a_directive_changes_the_tags_of_all_services(typing: Typing) -> None:
    text = project("    cap_add: !reset [SYS_ADMIN]", "    user: root")
    typing.type(text)
    typing.type(f"%TAG ! !other-\n---\n{text}")


def test_a_file_that_only_a_rule_reads_counts_as_long_as_its_service_is_known(
    typing: Typing,
) -> None:
    text = project("    security_opt: ['seccomp=profile.json']", "    user: root")
    path = typing.folder / "profile.json"
    path.write_text("{}", "utf-8")
    typing.type(text)
    for tag in ("7.2", "7.0"):
        assert typing.type(text.replace("7.4", tag)) == ["cache"]
    path.write_text('{"defaultAction": "SCMP_ACT_ALLOW"}', "utf-8")
    typing.session.touch([uri_of(str(path))])
    assert typing.type(text.replace("7.4", "6.2")) == ["web", "db", "cache"]


def test_a_service_with_the_project_as_its_variables_is_judged(typing: Typing) -> None:
    text = project("    env_file: compose.yaml", "    labels:\n      API_TOKEN: abc")
    typing.type(text)
    assert typing.type(text.replace("abc", "9f86d081884c7d65")) == ["web", "db"]


def test_a_text_without_a_file_is_judged_in_the_same_way(typing: Typing) -> None:
    typing.uri = "untitled:compose"
    text = project("    user: root", "    privileged: true")
    assert typing.type(text) == ["web", "db", "cache"]
    assert typing.type(text.replace("user: root", "user: www")) == ["web"]


def test_several_invocations_of_a_file_share_nothing(typing: Typing) -> None:
    (typing.folder / "other.yaml").write_text("services: {web: {user: '0'}}\n", "utf-8")
    settings = (f"[[project]]\nfiles = {files}\n" for files in (SETS[0], SETS[1]))
    (typing.folder / "tightship.toml").write_text("".join(settings), "utf-8")
    text = project("    user: www", "    privileged: true")
    typing.type(text)
    typing.type(text.replace("postgres:15", "postgres:16"))


def test_what_was_known_before_a_broken_text_is_known_after_it(typing: Typing) -> None:
    text = project("    user: root", "    privileged: true")
    typing.type(text)
    assert typing.type(text.replace("user: root", "user: root\n    broke")) == []
    assert typing.type(text.replace("user: root", "user: root\n    tty: true")) == ["web"]


@pytest.mark.parametrize("name", ["app.env", ".env", "compose.override.yaml"])
def test_other_files_have_all_services_judged(typing: Typing, name: str) -> None:
    text = project("    env_file: app.env", "    user: ${WHO:-1000}")
    (typing.folder / "app.env").write_text("", "utf-8")
    typing.type(text)
    path = typing.folder / name
    before = (
        "services: {web: {user: root}}\n"
        if name.endswith("yaml")
        else "WHO=0\nTOKEN=9f86d081884c7\n"
    )
    path.write_text(before, "utf-8")
    typing.session.touch([uri_of(str(path))])
    seen = typing.type(text.replace("7.4", "7.2"))
    assert seen == ([] if name.endswith("yaml") else ["web", "db", "cache"])


def test_a_broken_text_hides_no_change_of_another_file(typing: Typing) -> None:
    text = project("    env_file: app.env", "    user: root")
    path = typing.folder / "app.env"
    path.write_text("", "utf-8")
    typing.type(text)
    typing.type(text.replace("    user: root", "    broken"))
    path.write_text("TOKEN=9f86d081884c7d65\n", "utf-8")
    typing.session.touch([uri_of(str(path))])
    assert typing.type(text.replace("7.4", "7.2")) == ["web", "db", "cache"]


def test_a_service_whose_file_is_the_project_itself_is_judged(typing: Typing) -> None:
    text = project("    volumes: ['./compose.yaml:/etc/nginx/nginx.conf']", "    user: root")
    typing.type(text)
    assert typing.type(text.replace("user: root", "user: www")) == ["web", "db"]
