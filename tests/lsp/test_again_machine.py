"""What is kept of the last judgement never shows: all is as if a server had just started."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from lsprotocol import types
from lsprotocol.converters import get_converter

from tightship_lsp.diagnostics.client_diagnostics import ClientDiagnostics
from tightship_lsp.diagnostics.convert import DiagnosticCapabilities
from tightship_lsp.session import Session
from tightship_lsp.uri import uri_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.engine.verdict import JudgedFinding
    from tightship.findings import Fix
    from tightship.text import Span

NAMES = ("db", "web", "app", "cache")

# A setting of a service, where `$` stands for another one.
SETTINGS = (
    "image: nginx:1.27",
    "image: postgres:15",
    "image: redis:7.4",
    "image: registry.example.org/app:${TAG:-1}",
    "image: built:2",
    "image: docker:27-dind",
    "build: .",
    "pull_policy: never",
    "privileged: true",
    "read_only: true",
    "user: root",
    "user: ${WHO:-1000}",
    "network_mode: service:$",
    "network_mode: host",
    "pid: service:$",
    "pid: host",
    "ipc: shareable",
    "ipc: service:$",
    "volumes_from: [$]",
    "volumes: [data:/data]",
    "volumes: [data:/var/lib/postgresql/data, ./compose.yaml:/etc/nginx/nginx.conf]",
    "volumes: ['/var/run/docker.sock:/var/run/docker.sock']",
    "volumes: [host:/host, other:/tmp]",
    "tmpfs: [/run, /tmp]",
    "ports: ['80:80']",
    "ports: ['127.0.0.1:8080:80']",
    "command: dockerd -H tcp://0.0.0.0:2375",
    "command: redis-server --requirepass hunter2",
    "environment: {DB_PASSWORD: hunter2, URL: 'postgres://a:b4gt@$:5432/x'}",
    "environment: [TOKEN=9f86d081884c7d65, DOCKER_HOST=tcp://$:2375]",
    "env_file: app.env",
    "env_file: missing.env",
    "depends_on: [$]",
    "links: [$]",
    "networks: [front, back]",
    "networks: {back: {ipv4_address: 10.0.0.5}}",
    "cap_drop: [ALL]",
    "cap_add: [SYS_ADMIN]",
    "security_opt: [no-new-privileges:true]",
    "security_opt: ['seccomp=unconfined']",
    "security_opt: ['seccomp=profile.json']",
    "mem_limit: 512m",
    "pids_limit: -1",
    "container_name: one",
    "secrets: [key]",
    "configs: [settings]",
    "profiles: [debug]",
    "<<: *common",
    "<<: *common",
    "restart: always",
    "healthcheck: {disable: true}",
    "# tightship: ignore[privileged-container] it has to be",
    "# tightship: ignore[default-capabilities-kept]",
    "unknown: 1",
    "devices: [/dev/mem]",
    "",
)
# After these, nothing is kept, or what was kept before is not used.
ODD = (
    "extends: $",
    "provider: {type: model}",
    "<<: *own",
    "labels: &own {a: b}",
    "open: '",
    "broken",
    "'\"😀'",
    "image: [nginx]",
    "build: {dockerfile_inline: FROM alpine}",
)
SECTIONS = (
    "networks: {front: {}, back: {internal: true}}",
    "networks: {front: {}, back: {internal: false}}",
    "volumes: {data: {}, other: {external: true}}",
    "volumes: {data: {}, host: {driver_opts: {type: none, o: bind, device: /}}}",
    "secrets: {key: {file: ./key.txt}}",
    "secrets: {key: {environment: KEY}}",
    "configs: {settings: {content: 'password = hunter2'}}",
    "configs: {settings: {file: ./compose.yaml}}",
    "x-more: &more {privileged: true}",
    "name: shop",
    "# tightship: ignore-file[root-user]",
)
COMMON = (
    "x-common: &common {cap_add: [NET_ADMIN], restart: always}",
    "x-common: &common {privileged: true}",
    "x-common: {}",
)
FILES = {
    ".env": ("", "TAG=1.2\n", "WHO=0\nTAG=x\n"),
    "app.env": ("", "API_TOKEN=9f86d081884c7d65\n", "A=${B}\n"),
    "profile.json": ("{}", '{"defaultAction": "SCMP_ACT_ALLOW"}'),
    "Dockerfile": ("FROM alpine:3.20\nUSER root\n", "FROM nginx:1.27\nUSER 1000\n"),
    "compose.override.yaml": ("services: {web: {privileged: true}}\n",),
}
CONVERTER = get_converter()
CAN = DiagnosticCapabilities(
    types.ClientCapabilities(
        text_document=types.TextDocumentClientCapabilities(
            publish_diagnostics=types.PublishDiagnosticsClientCapabilities(
                related_information=True,
                tag_support=types.ClientDiagnosticsTagOptions([*types.DiagnosticTag]),
            )
        )
    )
)


def everything(session: Session, uri: str) -> dict[str, Any]:
    """Return all that is known of a document by its findings, as plain values."""
    report = session.report(uri)
    assert report is not None
    sent = ClientDiagnostics(report, "utf-16", CAN).diagnostics
    return {
        "sent": CONVERTER.unstructure(sent),
        "verdicts": [
            {
                "findings": plain(one.findings),
                "accepted": plain(one.accepted),
                "gaps": [(place(gap.span), gap.reason) for gap in one.gaps],
                "secrets": [*map(place, one.secrets)],
                "provided": [(use.provider, use.names) for use in one.provided],
                "services": one.services,
            }
            for project in report.projects
            for one in project.verdicts
        ],
    }


def plain(findings: Iterable[JudgedFinding]) -> list[object]:
    return [
        (
            *(one.rule.name, one.severity, one.fingerprint, one.key_path, one.services, one.cause),
            *(one.subject.kind, one.subject.name, accepted(one), one.advice),
            *(place(one.span), one.finding.message, one.finding.strict, one.finding.known_as),
            [(place(more.span), more.message, more.role) for more in one.finding.because],
            [*map(place, one.finding.secrets)],
            fix_of(one.finding.fix),
            plain(one.absorbed),
        )
        for one in findings
    ]


def accepted(one: JudgedFinding) -> object:
    by = one.accepted
    return by and (by.by, by.reason, by.place and place(by.place))


def place(span: Span) -> tuple[str, int, int, str]:
    return span.source.name, span.start, span.end, span.text


def fix_of(fix: Fix | None) -> object:
    if fix is None:
        return None
    edits = [(place(edit.span), edit.text) for edit in fix.edits]
    return fix.title, fix.effect, fix.may_break, fix.proof, edits


def filled(setting: str, other: str) -> str:
    return "    " + (setting if "${" in setting else setting.replace("$", other))


class Typed(RuleBasedStateMachine):
    """A project that somebody types, in a session that goes on, and in new ones."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp()).resolve()
        self.uri = uri_of(str(self.folder / "compose.yaml"))
        self.version = 1
        self.session = self.new()

    def new(self) -> Session:
        session = Session(self.fail)
        session.watched = True
        session.add_folders([uri_of(str(self.folder))])
        return session

    def fail(self, message: str) -> None:
        raise AssertionError(message)

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @initialize(
        common=st.sampled_from(COMMON),
        services=st.lists(
            st.lists(st.tuples(st.sampled_from(SETTINGS), st.sampled_from(NAMES)), max_size=6),
            min_size=2,
            max_size=4,
        ),
        sections=st.lists(st.sampled_from(SECTIONS), max_size=4, unique_by=lambda s: s[:6]),
        names=st.lists(st.sampled_from([*FILES][:4]), unique=True),
    )
    def begin(
        self,
        common: str,
        services: list[list[tuple[str, str]]],
        sections: list[str],
        names: list[str],
    ) -> None:
        self.lines = [common, "services:"]
        for name, given in zip(NAMES, services, strict=False):
            self.lines.append(f"  {name}:")
            keys = {setting.partition(":")[0]: (setting, other) for setting, other in given}
            for setting, other in keys.values():
                self.lines.append(filled(setting, other))
        self.lines += sections
        for name in names:
            (self.folder / name).write_text(FILES[name][-1], "utf-8")
        (self.folder / "compose.yaml").write_text(self.text, "utf-8")
        self.session.put(self.uri, "dockercompose", self.version, self.text)

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in self.lines)

    def edited(self) -> None:
        self.version += 1
        self.session.change(self.uri, self.version, [(None, self.text)], min_)

    @rule(at=st.integers(0, 40), setting=st.sampled_from(SETTINGS), other=st.sampled_from(NAMES))
    def put(self, at: int, setting: str, other: str) -> None:
        """Add a setting to a service, or put it in the place of the one that is there."""
        names = [n for n, line in enumerate(self.lines) if line[:4].strip() and line[:2] == "  "]
        start = names[at % len(names)] if names else 1
        key = setting.partition(":")[0]
        end = next(
            (n for n in range(start + 1, len(self.lines)) if self.lines[n][:4].strip()), start
        )
        known = [n for n in range(start + 1, end) if self.lines[n].strip().startswith(key)]
        at = known[0] if known else end
        self.lines[at : at + len(known[:1])] = [filled(setting, other)]
        self.edited()

    @rule(at=st.integers(2, 40), odd=st.sampled_from(ODD), other=st.sampled_from(NAMES))
    def break_and_mend(self, at: int, odd: str, other: str) -> None:
        """Add something that changes what can be known; mend it after it was judged."""
        at = 2 + at % (len(self.lines) - 1)
        self.lines.insert(at, filled(odd, other))
        self.edited()
        self.is_as_new()
        del self.lines[at]
        self.edited()

    @rule(at=st.integers(2, 40), column=st.integers(0, 30), new=st.sampled_from("x1 #é😀"))
    def type(self, at: int, column: int, new: str) -> None:
        """Type a character in a line, behind the key."""
        at %= len(self.lines)
        line = self.lines[at]
        least = line.find(": ") + 2 or len(line)
        column = least + column % (len(line) - least + 1)
        self.lines[at] = line[:column] + new + line[column:]
        self.edited()

    @rule(at=st.integers(1, 40))
    def delete(self, at: int) -> None:
        at %= len(self.lines)
        if at and self.lines[at].startswith("    "):
            del self.lines[at]
            self.edited()

    @rule(at=st.integers(2, 40))
    def delete_any(self, at: int) -> None:
        at %= len(self.lines)
        if len(self.lines) > 6 and at:
            del self.lines[at]
            self.edited()

    @rule(common=st.sampled_from(COMMON))
    def change_anchor(self, common: str) -> None:
        self.lines[0] = common
        self.edited()

    @rule(section=st.sampled_from(SECTIONS))
    def change_section(self, section: str) -> None:
        """Add a section, or change the one that is there."""
        key = section.partition(":")[0]
        self.lines = [line for line in self.lines if not line.startswith(key)]
        self.lines.append(section)
        self.edited()

    @rule(name=st.sampled_from([*FILES]), data=st.data(), gone=st.booleans())
    def change_on_disk(self, name: str, data: st.DataObject, gone: bool) -> None:
        path = self.folder / name
        if gone:
            path.unlink(missing_ok=True)
        else:
            path.write_text(data.draw(st.sampled_from(FILES[name])), "utf-8")
        self.session.touch([uri_of(str(path))])

    @invariant()
    def is_as_new(self) -> None:
        if not hasattr(self, "lines"):
            return
        fresh = self.new()
        fresh.put(self.uri, "dockercompose", self.version, self.text)
        assert everything(self.session, self.uri) == everything(fresh, self.uri)


def min_(line: str, units: int) -> int:
    return min(len(line), units)


TestTyped = Typed.TestCase
TestTyped.settings = settings(max_examples=settings().max_examples // 6, stateful_step_count=20)
