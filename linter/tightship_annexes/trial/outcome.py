"""What a trial showed: as a table with details, as plain data, and as facts about services."""

from __future__ import annotations

from datetime import UTC

from tightship.engine.harden.measures import MEASURES
from tightship.images import facts
from tightship.images.own_facts import text_digest
from tightship.images.toml_file import SETTINGS, Measurement
from tightship.report.terminal import brief, columns
from tightship.report.wording import counted, listed
from tightship_annexes.trial.exercise import WORDS
from tightship_annexes.trial.limits import limits_of, size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tightship.engine.harden.plan import HardeningPlan, ServicePlan
    from tightship.isolation.container import Container
    from tightship.report.json import Json
    from tightship.report.terminal import Paint
    from tightship_annexes.trial.copy import Note
    from tightship_annexes.trial.exercise import Word
    from tightship_annexes.trial.guess import Plain
    from tightship_annexes.trial.hardening import Mechanism
    from tightship_annexes.trial.proving import Tried
    from tightship_annexes.trial.run import Run

    Grades = Mapping[str, tuple[str, str]]


_ASPECTS: Mapping[Mechanism, str] = {
    "capabilities": "capabilities",
    "root file system": "read_only",
    "setuid programs": "new_privileges",
    "limits": "memory",
}
_SAYS: Mapping[Word, str] = {
    "starts": "starts; its real use was not seen",
    "answers": "starts and answers; its real use was not seen",
    "used": "is used, but not with all of these settings",
}
_EXERCISES = "`--use`, `--probe`, or a health check that writes"
_COLUMNS = ("service", "grade", "starts", "result")


def as_text(found: Sequence[Tried], left_out: Sequence[Note], grades: Grades, paint: Paint) -> str:
    """Return a table, and then what was found about each service.

    Args:
        found: the services that were tried.
        left_out: those that were not started, and why.
        grades: the grades of services as they are, and with what would be written.
        paint: for a terminal.

    """
    rows: list[tuple[str, ...]] = [_COLUMNS]
    for one in found:
        grade = " to ".join(dict.fromkeys(grades.get(one.service, ("-",))))
        rows.append((one.service, grade, str(one.starts), brief(_result(one), 200)))
    rows += [(one.service, "-", "0", brief(f"not started: {one.text}", 200)) for one in left_out]
    widths = [max(columns(row[at]) for row in rows) for at in range(len(_COLUMNS) - 1)]
    lines = list[str]()
    for row in rows:
        cells = (f"{cell:{width}}" for cell, width in zip(row, widths, strict=False))
        line = "  ".join((*cells, row[-1]))
        lines.append(paint("bold", line) if row is _COLUMNS else line)
    for one in found:
        details = [*_details(one)]
        lines += ["", paint("bold", one.service), *details] if details else []
    return "\n".join(lines) + "\n"


def _result(one: Tried) -> str:
    if not one.words:
        return f"nothing was found: {one.why}"
    by_word = {
        word: [SETTINGS[aspect] for aspect in _with_word(one, word)] for word in reversed(WORDS)
    }
    return "; ".join(f"{word}: {listed(found)}" for word, found in by_word.items() if found)


def _with_word(one: Tried, word: Word) -> tuple[str, ...]:
    return tuple(_ASPECTS[mechanism] for mechanism, own in one.words.items() if own == word)


def _details(one: Tried) -> Iterator[str]:
    hardening = one.hardening
    if "capabilities" in hardening.mechanisms:
        yield f"  capabilities: {', '.join(sorted(hardening.capabilities or ())) or 'none'}"
    for name, why in one.needed.items():
        yield f"    {brief(f'{name}: {why}', 150)}"
    if hardening.memory is not None and one.plain is not None:
        yield f"  memory: {size(hardening.memory)}: {limits_of(one.plain).why}"
    if hardening.paths:
        yield f"  writable: {brief(', '.join(hardening.paths), 200)}"
    for title, texts in (
        ("exercised", [done.text for done in one.exercised]),
        ("not exercised", one.unseen),
        ("kept, not exercised", one.kept),
        ("as it was", [f"{what}: {why}" for what, why in one.left.items()]),
    ):
        for text in texts:
            yield f"  {title}: {brief(text, 200)}"


def summary(found: Sequence[Tried], facts: str) -> str:
    """Return sentences about the services; ``facts`` names the file that was written."""
    text = ""
    if facts:
        text = f"{facts} has what was measured: review it, and commit it with the project.\n"
    text += f"Proved for {sum(o.is_proved for o in found)} of {counted(len(found), 'service')}.\n"
    for word, says in _SAYS.items():
        names = [o.service for o in found if o.word == word and not o.is_proved]
        text += f"{listed(names)}: {says}: {_EXERCISES}.\n" if names else ""
    return text


def as_data(found: Sequence[Tried], left_out: Sequence[Note], grades: Grades) -> list[Json]:
    """Return the services as plain data for JSON."""
    tried: list[Json] = []
    for one in found:
        before, after = grades.get(one.service, (None, None))
        data: Json = {
            "name": one.service,
            "before": before,
            "after": after,
            "starts": one.starts,
            "words": {str(mechanism): word for mechanism, word in one.words.items()},
            "proved": [mechanism for mechanism, word in one.words.items() if word == "used"],
            "reason": one.why or None,
            "needed": {**one.needed},
            "left": {**one.left},
            "exercised": [done.text for done in one.exercised],
            "not_exercised": [*one.unseen],
            "kept": [*one.kept],
        }
        tried.append(data)
    unstarted: list[Json] = [{"name": one.service, "reason": one.text} for one in left_out]
    return [*tried, *unstarted]


def as_written(found: Sequence[Tried], plan: HardeningPlan | None) -> list[Tried]:
    """Return what was found, as far as a plan has it: what is kept out of the files is left."""
    services = {one.name: one for one in plan.services} if plan is not None else {}
    return [_as_written(one, services.get(one.service)) for one in found]


def _as_written(one: Tried, plan: ServicePlan | None) -> Tried:
    if plan is None:
        return one
    has = {MEASURES[patch.rule].mechanism for patch in plan.patches}
    out: dict[Mechanism, str] = {}
    for left in plan.left:
        measure = MEASURES.get(left.judged.rule.name)
        for mechanism in one.hardening.mechanisms:
            if measure and mechanism == measure.mechanism and mechanism not in has:
                out[mechanism] = left.why or "the files keep it as it is"
    rest = one.hardening.without(out)
    why = one.why or ("" if rest.mechanisms else "; ".join(out.values()))
    return one.replaced(hardening=rest, left={**one.left, **dict[str, str](out.items())}, why=why)


_LOG = ("/var/log",)
_KEPT = "kept, not exercised"
_WRITES = "it was written in the plain run"
_MEGABYTE = 1 << 20


def families(
    found: Sequence[Tried], run: Run, containers: Mapping[str, Container]
) -> dict[str, facts.ImageFamily]:
    """Return the facts about the services of which something is proved.

    Args:
        found: what trials showed.
        run: the run in which they did.
        containers: what the files say of the services.

    """
    from datetime import datetime

    day = datetime.now(UTC).date().isoformat()
    return {
        one.service: _family(one, one.plain, _measured(one, run, day, containers.get(one.service)))
        for one in found
        if one.plain is not None and one.hardening.mechanisms
    }


def _measured(one: Tried, run: Run, day: str, container: Container | None) -> Measurement:
    image = run.copy.images[one.service]
    service = run.copy.config["services"][one.service]
    stage = container.stage if container is not None else None
    # Programs get secrets in their words, too; facts are to be committed.
    words = run.engine.masks.everywhere({
        key: None if service.get(key) is None else tuple(map(_plain, service[key]))
        for key in ("entrypoint", "command")
    })  # fmt: skip
    return Measurement(
        container.text("image").value or image.name if container is not None else image.name,
        day,
        image.id,
        run.engine.name,
        (*(_phrase(done.text) for done in one.exercised),),
        (*map(_phrase, one.kept),),
        service.get("user"),
        words["entrypoint"],
        words["command"],
        None if stage is None else text_digest(stage.build.source.text),
        _with_word(one, "used"),
        _with_word(one, "answers"),
    )


def _plain(word: str) -> str:
    """Return a word of a resolved configuration, in which `$` is written twice, for a file."""
    shown = (sign if sign.isprintable() or sign == "\n" else " " for sign in word)
    return "".join(shown).replace("$$", "$")


def _family(one: Tried, plain: Plain, measured: Measurement) -> facts.ImageFamily:
    source, proved = measured.source, {*one.hardening.mechanisms}
    known: dict[str, object] = {}
    if "capabilities" in proved:
        known["capabilities"] = tuple(
            facts.Capability(source, (), name, _why(one, name), "operation" if kept else "start")
            for name in sorted(one.hardening.capabilities or ())
            for kept in (any(text.startswith(f"{name}:") for text in one.kept),)
        )
    if "root file system" in proved:
        known["writes"] = (*_writes(one, source),)
        volumes = plain.about["Config"].get("Volumes") or ()
        known["volumes"] = tuple(facts.Volume(source, (), path) for path in sorted(volumes))
        known["read_only"] = (facts.ReadOnly(source, (), works=True),)
    elif why := one.left.get("root file system"):
        known["read_only"] = (facts.ReadOnly(source, (), works=False, why=_phrase(why)),)
    if "setuid programs" in proved:
        known["new_privileges"] = (facts.NewPrivileges(source, (), needed=False),)
    elif why := one.left.get("setuid programs"):
        known["new_privileges"] = (facts.NewPrivileges(source, (), True, _phrase(why)),)
    if (most := one.hardening.memory) and plain.usage.memory:
        floor = f"{max(1, -(-plain.usage.memory // _MEGABYTE))}m"
        seen, why = plain.usage.processes, limits_of(plain).why
        known["memory"] = (facts.Memory(source, (), floor, seen, why, limit=size(most)),)
    return facts.ImageFamily(
        (),
        f"the service `{one.service}`",
        measured.image,
        service=one.service,
        measured=measured,
        **known,
    )


def _why(one: Tried, name: str) -> str:
    kept = next((text for text in one.kept if text.startswith(f"{name}:")), None)
    if kept is not None:
        return _phrase(f"{_KEPT}{kept[len(name) :]}")
    return _phrase(one.needed.get(name) or "it was not left out")


def _writes(one: Tried, source: facts.Source) -> Iterator[facts.Write]:
    for item in one.hardening.scratch:
        path, _, options = item.partition(":")
        kind: facts.Kind = "log" if path.startswith(_LOG) else "run"
        own = tuple(option for option in options.split(",") if option)
        yield facts.Write(source, (), path, _why_written(one, path), kind, own)
    for path in one.hardening.data:
        yield facts.Write(source, (), path, _why_written(one, path), "data")


def _why_written(one: Tried, path: str) -> str:
    kept = any(text.startswith(f"`{path}`") for text in one.kept)
    return f"{_KEPT}: it is there to be filled" if kept else _WRITES


def _phrase(text: str) -> str:
    """Return a text as a phrase: on one line, short, and without a full stop."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return line[:160].rstrip(". ")
