"""The texts of a service in which a secret would be in plain sight, each with its name."""

from __future__ import annotations

from tightship.findings import Related
from tightship.isolation.command import CommandWord, commands_in, flags
from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.model.project import Project
from tightship.model.reading import Step
from tightship.model.value import MappingValue, ScalarValue, SequenceValue
from tightship.text import Span
from tightship.values.secret import known_token, looks_like_secret, secret_inside, url_credentials
from tightship.values.secret_text import given_password, header_secret, takes_password

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.model.container_settings import ContainerSettings
    from tightship.model.setting import EnvFile
    from tightship.model.value import Value

_PAIRS = (
    (("environment",), "environment variable"),
    (("build", "args"), "build argument"),
    (("labels",), "label"),
    (("build", "labels"), "label of the image"),
    (("deploy", "labels"), "label"),
    (("annotations",), "annotation"),
    (("logging", "options"), "log option"),
    (("provider", "options"), "provider option"),
    (("build", "additional_contexts"), "additional context"),
)
# Lists of texts such as `type=s3,secret_access_key=…`.
_LISTED = ((("build", "cache_from"), "build cache"), (("build", "cache_to"), "build cache"))
_COMMANDS = (
    (("entrypoint",), "entrypoint"),
    (("command",), "command"),
    (("healthcheck", "test"), "health check"),
)
_HOOKS = ("pre_start", "post_start", "pre_stop", "develop")
# A line of a configuration file: ``name = value``, ``name: value``, ``"name": "value"``,
# ``section['name'] = "value"``.
_LINE = regex(
    r"""(?<![\w.-])["']?([\w.-]{1,200})["']?\]?[ \t]{0,40}(?:=>|[:=])[ \t]{0,40}"""
    r"""(?:"([^"\n]*)"|'([^'\n]*)'|([^\s,;}]+))"""
)
# A value that is nothing but a variable with a default.
_DEFAULT = regex(r"\$\{(\w+):?-([^${}]+)\}")
_COMMENT = ("#", ";", "//")
_LONGEST_LINE = 4_000
# The largest private keys are shorter.
_LONGEST_TEXT = 8_000


class NamedText(Record):
    """A text with a name: a variable, a label, a flag with its value.

    ``what`` describes it in words; ``text`` is its value, with ``${NAME}`` for a variable
    without one, and ``raw`` as it is written. ``span`` is its place, and ``because`` holds
    the place that names the file, if it is in another one.
    """

    what: str
    name: str
    text: str
    span: Span
    provenance: tuple[Step, ...] = ()
    because: tuple[Related, ...] = ()
    raw: str = ""

    @property
    def secret(self) -> str | None:
        """Return the part of the text that is surely a secret by name and value."""
        if not looks_like_secret(self.name, self.text):
            return self._inside
        token = known_token(self.text)
        return self.text[token.start : token.end] if token else self.text

    @property
    def _inside(self) -> str | None:
        """Return a secret with a name of its own in the text."""
        if self.url_password is not None:
            return None
        found = secret_inside(self.text)
        return self.text[found[0] : found[1]] if found else None

    @property
    def url_password(self) -> str | None:
        """Return the password in a URL or a connection string, if one is there."""
        found = url_credentials(self.text)
        return self.text[found[0] : found[1]] if found else None


def named_texts(owner: ContainerSettings | Project) -> Iterator[NamedText]:
    """Yield the named texts of a service, and of the build of its image.

    Those of a project are in the definitions of its volumes and secrets. Of files of
    variables, those in the repository count, ``.env`` included, whose values are shown
    where they are. Texts that are too long for a secret do not count.
    """
    project = owner if isinstance(owner, Project) else owner.project
    texts = _of_project(owner) if isinstance(owner, Project) else _of_service(owner)
    for found in texts:
        if len(found.text) > _LONGEST_TEXT:
            continue
        steps = [step for step in found.provenance if step.kind == "variable"]
        if not steps:
            yield found
            continue
        if all(project.for_commit(step.span.source.name) for step in steps):
            yield _in_file(found, steps)
        default = _DEFAULT.fullmatch(found.raw)
        if default is not None:
            # A machine without such a file gets this.
            step = Step("default", default[1], found.span)
            yield NamedText(found.what, found.name, default[2], found.span, provenance=(step,))


def _in_file(found: NamedText, steps: list[Step]) -> NamedText:
    """Return a text at the place of the variable that it comes from."""
    used = Related(found.span, "the variable is used here", role="receiver")
    return NamedText(
        found.what,
        found.name,
        found.text,
        steps[0].span,
        provenance=found.provenance,
        because=(used, *found.because),
    )


def _of_service(service: ContainerSettings) -> Iterator[NamedText]:
    for path, what in _PAIRS:
        written = service.value(*path)
        if written is not None:
            yield from _pairs(written, what)
    if any(service.value(key) is not None for key in _HOOKS):
        yield from _of_hooks(service)
    for file in service.env_files:
        if file.shared:
            yield from _variables(file)
    yield from _of_lists(service)
    context = service.value("build", "context") or service.value("build")
    if isinstance(context, ScalarValue):
        yield _of("build context", "", context.text, context)
    if service.value("configs") is None:
        return
    for name in service.project.new_configs.get(service.name, ()):
        content = service.project.text("configs", name, "content")
        if content is not None:
            yield from _lines(content, f"config `{name}`")


def _of_lists(service: ContainerSettings) -> Iterator[NamedText]:
    """Yield the texts of lists, then the arguments of commands."""
    for path, what in _LISTED:
        for item in service.items(*path):
            if isinstance(item, ScalarValue):
                yield from _lines(item, what)
                yield _of(what, "", item.text, item)
    yield from _of_commands(service)


def _of_commands(service: ContainerSettings) -> Iterator[NamedText]:
    for path, what in _COMMANDS:
        written = service.value(*path)
        program = _program_of(service) if path == ("command",) else ""
        for command in commands_in(written) if written is not None else ():
            yield from _arguments(command, what, program)


def _of_project(project: Project) -> Iterator[NamedText]:
    for name in project.names("volumes"):
        table = project.table("volumes", name)
        what = f"volume `{name}`"
        for key in ("driver_opts", "labels"):
            written = table.get(key) if table is not None else None
            if written is not None:
                yield from _pairs(written, what)
        options = project.text("volumes", name, "driver_opts", "o")
        if options is not None:
            yield from _lines(options, what)
    for name in project.names("secrets"):
        content = project.text("secrets", name, "content")
        if content is not None:
            yield _of(f"secret `{name}`", "secret", content.text, content)


def _of_hooks(service: ContainerSettings) -> Iterator[NamedText]:
    from tightship.model.items import hooks

    for hook in hooks(service):
        variables = hook.table.get("environment")
        if variables is not None:
            yield from _pairs(variables, f"`{hook.kind}` variable")
        for command in commands_in(hook.table.get("command")):
            yield from _arguments(command, f"`{hook.kind}` command")


def _of(what: str, name: str, text: str, leaf: ScalarValue) -> NamedText:
    raw = leaf.node.value
    raw = raw.partition("=")[2] if raw.startswith(f"{name}=") else raw
    return NamedText(what, name, text, leaf.span, provenance=leaf.provenance, raw=raw)


def _pairs(written: Value, what: str) -> Iterator[NamedText]:
    if isinstance(written, MappingValue):
        for name, entry in written.entries.items():
            if isinstance(entry.value, ScalarValue):
                yield from _pair(f"{what} `{name}`", name, entry.value.text, entry.value)
    elif isinstance(written, SequenceValue):
        for item in written.items:
            if isinstance(item, ScalarValue) and "=" in item.text:
                name, _, text = item.text.partition("=")
                yield from _pair(f"{what} `{name}`", name, text, item)


def _pair(what: str, name: str, text: str, leaf: ScalarValue) -> Iterator[NamedText]:
    yield _of(what, name, text, leaf)
    if "\n" in text:  # a whole configuration file
        yield from _lines(leaf, what)


def _variables(file: EnvFile) -> Iterator[NamedText]:
    because = (Related(file.asked, "the file is named here", role="receiver"),)
    for entry in file.entries:
        what, text = f"environment variable `{entry.key}`", entry.value or ""
        yield NamedText(what, entry.key, text, file.place(entry), because=because)


def _program_of(service: ContainerSettings) -> str:
    """Return the program of an entrypoint that takes a password, or an empty text."""
    words = next(commands_in(service.value("entrypoint")), list[CommandWord]())
    names = (word.text.rpartition("/")[2] for word in words)
    return next(filter(takes_password, names), "")


def _arguments(command: list[CommandWord], what: str, program: str = "") -> Iterator[NamedText]:
    for flag in flags(command):
        name = flag.name.lstrip("-")
        if flag.value is not None and name != flag.name:
            yield NamedText(
                what, name, flag.value, flag.source.whole, provenance=flag.source.provenance
            )
    for before, word in zip([None, *command], command, strict=False):
        name, equals, text = word.text.partition("=")
        if " " in word.text or name.startswith("-"):
            pass  # perhaps a script, whose words are their own command, or a flag
        elif equals and name.isidentifier():
            yield _of(what, name, text, word.leaf)
        else:
            yield _of(what, "", word.text, word.leaf)
        last = word.text.rpartition("/")[2]
        if takes_password(last):
            program = last
        password = given_password(program, before.text if before else "", word.text)
        secret = header_secret(word.text) or password
        if secret:
            yield _of(what, "password", secret, word.leaf)


def _lines(content: ScalarValue, what: str) -> Iterator[NamedText]:
    whole = content.span
    at = whole.start
    for line in content.text.split("\n"):
        # Lines come in their order, so that looking for all is one pass.
        start = whole.source.text.find(line, at, whole.end) if at >= 0 else -1
        place = Span(whole.source, start, start + len(line)) if start >= 0 else whole
        at = place.end if start >= 0 else -1
        if len(line) > _LONGEST_LINE or line.lstrip().startswith(_COMMENT):
            continue
        for found in _LINE.finditer(line):
            text = found[2] or found[3] or found[4] or ""
            yield NamedText(what, found[1], text, place, provenance=content.provenance)
