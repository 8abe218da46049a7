"""The page of a family of images: every fact, with its conditions and its source."""

from __future__ import annotations

from tightship.images import facts
from tightship.images.conditions import replaced, unless
from tightship.text import alternatives

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.images.facts import Fact, ImageFamily, Source
    from tightship.images.toml_file import Measurement

_HEADINGS = {
    "user": "USER of the image",
    "accounts": "Account that does the work",
    "steps_down": "Switch from root to another account",
    "ports": "Ports",
    "volumes": "VOLUMEs, which stay writable",
    "writes": "Other paths that it writes to",
    "contents": "Files and folders of the image that it needs",
    "capabilities": "Capabilities that it needs with `cap_drop: [ALL]`",
    "read_only": "Read-only root file system",
    "new_privileges": "`no-new-privileges:true`",
    "other_user": "`user:` in Compose",
    "memory": "Memory to start and to answer",
    "heap": "Settings for its memory size",
    "open_ports": "Ports that ask for no login",
    "grants": "Privileges that its documentation asks for",
}
_UNLESS_REPLACED = unless(replaced("")).text.removesuffix("``")
_NOTHING = {
    "accounts": "It stays the user that it starts as.",
    "steps_down": "It does not switch to another account.",
    "ports": "It listens on no ports.",
    "volumes": "It declares no volumes.",
    "writes": "It writes to no other path.",
    "capabilities": "It needs no capabilities.",
    "heap": "It has no such settings.",
    "open_ports": "No such port is known.",
    "grants": "Its documentation asks for no privileges.",
}


def page(family: ImageFamily, name: str) -> str:
    """Return the page of a family as Markdown, for the image that was asked for."""
    numbers = dict[str, int]()
    sections = [
        f"# {name}\n",
        f"{family.summary}. The facts hold for {family.holds_for}.\n",
        *([f"{family.about.strip()}\n"] if family.about else []),
        *_sections(family, numbers),
        *_measurement(family.measured),
        "## Sources\n",
        "".join(f"{number}. {source}\n" for source, number in numbers.items()),
    ]
    return "\n".join(sections)


def described(fact: Fact) -> str:
    """Return a fact as a phrase in Markdown, without its conditions and its source."""
    if isinstance(fact, facts.User):
        return f"`{fact.name}`"
    if isinstance(fact, facts.Account):
        return f"`{fact.name}`, {fact.uid}:{fact.gid}"
    if isinstance(fact, facts.StepDown):
        return f"by {fact.by}"
    if isinstance(fact, (facts.Port, facts.OpenPort)):
        return _port(fact)
    if isinstance(fact, facts.Volume):
        return f"`{fact.path}`"
    if isinstance(fact, facts.Write):
        return _write(fact)
    if isinstance(fact, facts.Content):
        return f"`{fact.path}`: {fact.why}"
    if isinstance(fact, facts.Capability):
        return f"`{fact.name}`: {fact.why}{_moment(fact)}"
    if isinstance(fact, facts.Memory):
        return _memory(fact)
    if isinstance(fact, facts.Heap):
        return _heap(fact)
    if isinstance(fact, facts.DocumentedPrivilege):
        instead = f"; {fact.instead}" if fact.instead else ""
        return f"`{fact.key}: {fact.value}`: {fact.why}{instead}"
    return _whether(fact)


def _port(fact: facts.Port | facts.OpenPort) -> str:
    if isinstance(fact, facts.OpenPort):
        return f"{fact.port}: {fact.what}"
    protocol = "" if fact.protocol == "tcp" else f"/{fact.protocol}"
    return f"{fact.number}{protocol}: {fact.speaks}"


def _memory(fact: facts.Memory) -> str:
    processes = f", {fact.processes} processes" if fact.processes else ""
    grows = "; it grows with the data" if fact.grows else ""
    bound = f", up to what {fact.bound} allows" if fact.bound else ""
    enough = fact.limit or fact.busy or "several times as much"
    load = f"; {enough} is enough for {fact.load}" if fact.load else ""
    return f"{fact.floor or 'unknown'}{processes}{load}{grows}{bound}"


def _sections(family: ImageFamily, numbers: dict[str, int]) -> Iterator[str]:
    for aspect, heading in _HEADINGS.items():
        found: tuple[Fact, ...] | None = getattr(family, aspect)
        if found is None:
            continue
        lines = [f"- {_line(fact, numbers)}\n" for fact in found]
        yield f"## {heading}\n"
        yield "".join(lines) or f"{_NOTHING.get(aspect, 'Nothing.')}\n"


def _measurement(measured: Measurement | None) -> Iterator[str]:
    """Yield what was exercised in the run that facts are from, and what was not."""
    for heading, found in (
        ("How far the settings were exercised", [*measured.words] if measured is not None else ()),
        ("What was exercised", measured.exercised if measured is not None else ()),
        ("Kept, not exercised", measured.kept if measured is not None else ()),
    ):
        if found:
            yield f"## {heading}\n"
            yield "".join(f"- {one}\n" for one in found)


def _line(fact: Fact, numbers: dict[str, int]) -> str:
    source: Source = fact.source
    by = f", by {source.place}" if source.place else ""
    number = numbers.setdefault(f"{source.grade}: {source.where}{by}", len(numbers) + 1)
    when = _conditions([condition.text for condition in fact.when])
    return f"{described(fact)}{when}{_closing(fact)} [{number}]"


def _closing(fact: Fact) -> str:
    """Return the settings that change a fact, after the conditions under which it holds."""
    if not isinstance(fact, facts.OpenPort) or not fact.closed_by:
        return ""
    return f"; closed by {alternatives(fact.closed_by)}"


def _conditions(texts: list[str]) -> str:
    """Return conditions as the end of a sentence; the exceptions come last, as one list."""
    paths, others = list[str](), list[str]()
    for text in texts:
        if text.startswith(_UNLESS_REPLACED):
            paths.append(text.removeprefix(_UNLESS_REPLACED).strip("`"))
        elif text.startswith("unless "):
            others.append(text.removeprefix("unless "))
    needed = " and ".join(text for text in texts if not text.startswith("unless "))
    if paths:
        mounted = _UNLESS_REPLACED.removeprefix("unless ")
        others.insert(0, mounted + alternatives(paths))
    exceptions = ", and unless ".join(others)
    return (f", {needed}" if needed else "") + (f", unless {exceptions}" if exceptions else "")


def _whether(fact: Fact) -> str:
    if isinstance(fact, facts.ReadOnly):
        verdict, why = "works" if fact.works else "does not work", fact.why
    elif isinstance(fact, facts.NewPrivileges):
        verdict, why = "does not work" if fact.needed else "works", fact.why
    elif isinstance(fact, facts.OtherUser):
        verdict, why = "works" if fact.works else "does not work", fact.needs
        if fact.users:
            verdict += f" with {', '.join(f'`{user}`' for user in fact.users)}"
    else:
        raise TypeError(type(fact).__name__)
    return f"{verdict}{f': {why}' if why else ''}"


def _write(fact: facts.Write) -> str:
    options = f" with {', '.join(f'`{o}`' for o in fact.options)}" if fact.options else ""
    place = {
        "run": f"a `tmpfs`{options}",
        "log": f"a `tmpfs`{options} or a volume",
        "data": "a volume",
    }[fact.kind]
    need = ", optional" if fact.optional else ""
    return f"`{fact.path}`: {fact.why} ({place}{need})"


def _heap(fact: facts.Heap) -> str:
    flag = f" (`{fact.flag}`)" if fact.flag and fact.variable else ""
    default = f", by default {fact.default}" if fact.default else ""
    name = fact.variable or fact.flag
    return f"`{name}`{flag}{default}; the memory limit has to be {fact.times:g} times this size"


def _moment(fact: facts.Capability) -> str:
    return {
        "start": "",
        "restart": " (needed on a restart)",
        "operation": " (needed in some set-ups, or while it runs)",
    }[fact.at]
