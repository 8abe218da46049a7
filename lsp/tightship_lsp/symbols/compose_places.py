"""The places of a Compose file that hold names, as a table.

A path has the keys that lead to a place: ``*`` is any key, ``[]`` any item of a list, and
``{}`` at the end means the keys there, not their values. A form is the part of a text that
is the name: its first group.
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record, regex

if TYPE_CHECKING:
    from typing import Any

    from tightship_lsp.symbols.outline import Kind, LinkKind, Scope

WHOLE = regex(r"(?s)(.+)")
HEAD = regex(r"([^:]+)")
_NAMESPACE = regex(r"service:(.+)")
_FROM = regex(r"(?!container:)([^:]+)")
_ASSIGNED = regex(r"([^=]+)")
_BARE = regex(r"([^=]+)\Z")
_ASSIGNED_SERVICE = regex(r"[^=]+=service:(.+)")
# One letter is a drive of Windows; `.`, `/` and `~` begin a path of the host.
_MOUNTED = regex(r"([A-Za-z0-9][A-Za-z0-9_.-]+):.+")
_URL = r"(?:[A-Za-z][A-Za-z0-9+.-]*:)+//(?:[^@/\s]*@)?([A-Za-z0-9][A-Za-z0-9_.-]*)(?=[:/?#]|\Z)"
_HOST = regex(_URL)
_SECRET_FILE = regex(r"/run/secrets/([A-Za-z0-9._-]+)")
_ASSIGNED_HOST = regex("[^=]+=" + _URL)


class NamePlace(Record):
    """A place that holds a name.

    ``when`` is a key next to it with the value that it must have; none, if that is empty. A use
    that is ``tentative`` counts only if the name is declared, and one that ``may_be_bare`` may
    lack a value. ``next_to_file`` tells that it is a name in the file that the key ``file`` next
    to it names, if there is one. A build gets what is ``granted`` by that name. The form may be
    ``anywhere`` in the text, and more than once.
    """

    kind: Kind
    path: str
    form: Any = WHOLE
    declares: bool = False
    scope: Scope = "project"
    when: tuple[str, str] | None = None
    tentative: bool = False
    may_be_bare: bool = False
    next_to_file: bool = False
    granted: bool = False
    anywhere: bool = False


class LinkPlace(Record):
    """A place that names a file, or an image."""

    kind: LinkKind
    path: str


def _table(kind: Kind, *rows: str | tuple[str, Any], **facts: Any) -> list[NamePlace]:
    pairs = [(row, WHOLE) if isinstance(row, str) else row for row in rows]
    return [NamePlace(kind, path, form, **facts) for path, form in pairs]


NAMES: list[NamePlace] = [
    *_table("service", "services.{}", declares=True),
    *_table(
        "service",
        "services.*.depends_on.[]",
        "services.*.depends_on.{}",
        ("services.*.links.[]", HEAD),
        ("services.*.network_mode", _NAMESPACE),
        ("services.*.ipc", _NAMESPACE),
        ("services.*.pid", _NAMESPACE),
        ("services.*.volumes_from.[]", _FROM),
        ("services.*.build.additional_contexts.*", _NAMESPACE),
        ("services.*.build.additional_contexts.[]", _ASSIGNED_SERVICE),
        "services.*.extends",
    ),
    *_table("service", "services.*.extends.service", next_to_file=True),
    *_table(
        "service",
        ("services.*.environment.*", _HOST),
        ("services.*.environment.[]", _ASSIGNED_HOST),
        tentative=True,
    ),
    *_table("network", "networks.{}", declares=True),
    *_table("network", "services.*.networks.[]", "services.*.networks.{}"),
    *_table("volume", "volumes.{}", declares=True),
    *_table("volume", ("services.*.volumes.[]", _MOUNTED)),
    *_table("volume", "services.*.volumes.[].source", when=("type", "volume")),
    *_table("secret", "secrets.{}", declares=True),
    *_table("secret", "services.*.build.secrets.[]", granted=True),
    *_table("secret", "services.*.build.secrets.[].source", granted=True, when=("target", "")),
    *_table(
        "secret",
        "services.*.secrets.[]",
        "services.*.secrets.[].source",
        "services.*.build.secrets.[].source",
    ),
    *_table(
        "secret",
        *(
            (f"services.*.{path}", _SECRET_FILE)
            for key in ("environment", "command", "entrypoint", "healthcheck.test")
            for path in (key, f"{key}.*", f"{key}.[]")
        ),
        tentative=True,
        anywhere=True,
    ),
    *_table("config", "configs.{}", declares=True),
    *_table(
        "config",
        "services.*.configs.[]",
        "services.*.configs.[].source",
        "services.*.credential_spec.config",
    ),
    *_table("model", "models.{}", declares=True),
    *_table("model", "services.*.models.[]", "services.*.models.{}"),
    # Nothing declares a profile: a service that has it makes it.
    *_table("profile", "services.*.profiles.[]", declares=True),
    *_table("stage", "services.*.build.target", scope="build"),
    *_table("argument", "services.*.build.args.{}", scope="build"),
    *_table("argument", ("services.*.build.args.[]", _ASSIGNED), scope="build", may_be_bare=True),
    *_table(
        "context",
        "services.*.build.additional_contexts.{}",
        ("services.*.build.additional_contexts.[]", _ASSIGNED),
        scope="build",
        declares=True,
    ),
    # Names without a value, which take that of the variable.
    *_table(
        "variable",
        ("services.*.environment.[]", _BARE),
        ("services.*.build.args.[]", _BARE),
        may_be_bare=True,
    ),
    *_table("variable", "secrets.*.environment", "configs.*.environment"),
]

LINKS = [
    LinkPlace("include", "include.[]"),
    LinkPlace("include", "include.[].path"),
    LinkPlace("include", "include.[].path.[]"),
    LinkPlace("env_file", "include.[].env_file"),
    LinkPlace("env_file", "include.[].env_file.[]"),
    LinkPlace("env_file", "services.*.env_file"),
    LinkPlace("env_file", "services.*.env_file.[]"),
    LinkPlace("env_file", "services.*.env_file.[].path"),
    LinkPlace("env_file", "services.*.label_file"),
    LinkPlace("env_file", "services.*.label_file.[]"),
    LinkPlace("extends", "services.*.extends.file"),
    LinkPlace("context", "services.*.build"),
    LinkPlace("context", "services.*.build.context"),
    LinkPlace("dockerfile", "services.*.build.dockerfile"),
    LinkPlace("file", "secrets.*.file"),
    LinkPlace("file", "configs.*.file"),
    LinkPlace("image", "services.*.image"),
]

FACTS = {
    "services.*.build": "context",
    "services.*.build.context": "context",
    "services.*.build.dockerfile": "dockerfile",
    "services.*.build.dockerfile_inline": "inline",
    "services.*.extends": "extends",
    "services.*.extends.service": "extends",
    "services.*.extends.file": "extends_file",
    "services.*.network_mode": "network_mode",
    "services.*.image": "image",
    "services.*.provider.type": "provider",
}
"""Settings of a service that decide what names in it mean."""

LISTS = {
    "services.*.secrets.[]": "secrets",
    "services.*.extra_hosts.{}": "hosts",
    "services.*.extra_hosts.[]": "hosts",
    "services.*.links.[]": "links",
    "services.*.networks.[]": "networks",
    "services.*.networks.{}": "networks",
    "services.*.networks.*.aliases.[]": "aliases",
    "services.*.container_name": "aliases",
}
"""What decides which names a service finds, and by which names others find it; its secrets."""


class Branch:
    """The places below one step of a path."""

    __slots__ = ("at_keys", "at_values", "steps")

    def __init__(self) -> None:
        self.steps: dict[str, Branch] = {}
        self.at_keys: list[NamePlace | LinkPlace | str] = []
        self.at_values: list[NamePlace | LinkPlace | str] = []

    def add(self, path: str, place: NamePlace | LinkPlace | str) -> None:
        """Add a place."""
        *steps, last = path.split(".")
        branch = self
        for step in steps if last == "{}" else (*steps, last):
            branch = branch.steps.setdefault(step, Branch())
        (branch.at_keys if last == "{}" else branch.at_values).append(place)


def places() -> Branch:
    """Return all places, as a tree of the steps that lead to them."""
    root = Branch()
    for name in NAMES:
        root.add(name.path, name)
    for link in LINKS:
        root.add(link.path, link)
    for path, fact in FACTS.items():
        root.add(path, fact)
    for path, fact in LISTS.items():
        root.add(path, fact)
    return root
