"""Sentences that formats share: counts, the configuration, what was not checked."""

from __future__ import annotations

from tightship.findings import FixEffect
from tightship.report.report import seen_from
from tightship.report.terminal import brief, brief_name, visible_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from tightship.engine.plan.effect import SettingsEffect
    from tightship.engine.plan.scope import RootedGap, SkippedFile
    from tightship.engine.verdict import JudgedFinding
    from tightship.findings import Fix
    from tightship.model.project import ProvidedUse
    from tightship.report.report import ProvidedParts, Summary
    from tightship.text import Span


MOST_LISTED = 5
_MOST = 3

_MOST_GAPS = 3
_LONGEST_NAME = 60

_OPTIONS = {
    FixEffect.KEEPS: "--fix",
    FixEffect.TIGHTENS: "--fix --all-fixes",
    FixEffect.CHANGES: "--fix --all-fixes",
}


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: ``1 file``, ``2 files``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def severities_text(summary: Summary, new: str = "") -> str:
    """Return the counts of findings by severity: ``1 error, 2 infos``."""
    counts = summary.by_severity.items()
    return ", ".join(counted(count, f"{new}{one.word}") for one, count in counts if count)


def effect_of(fix: Fix) -> str:
    """Return what a fix does, and how it is known to work: ``tightens; ran on an engine``."""
    proof = fix.proof
    return f"{fix.effect.words}; {proof}" if proof else fix.effect.words


def fix_label(fix: Fix) -> str:
    """Return what comes before the title of a fix."""
    return f"fix ({effect_of(fix)})"


def proofs_of(fixes: Iterable[Fix]) -> str:
    """Return how fixes without titles are known to work, each proof once, or nothing."""
    proofs = dict.fromkeys(filter(None, (fix.proof for fix in fixes)))
    return f"proof: {', '.join(proofs)}" if proofs else ""


def risks_joined(risks: Iterable[str]) -> Iterator[str]:
    """Yield risks, each once; services with the same condition are in one of them.

    A risk of a service is its title with a condition: ``service `web`, if it …``.
    """
    services: dict[str, dict[str, None]] = {}
    noun = "service"
    for risk in risks:
        title, comma, condition = risk.partition(", if ")
        first, _, service = title.partition(" ")
        is_service = comma and first in ("service", "container")
        noun = first if is_service else noun
        key, name = (condition, service) if is_service else (risk, "")
        services.setdefault(key, {})[name] = None
    for key, found in services.items():
        names = [name for name in found if name]
        if not names:
            if key:
                yield key
        elif len(names) == 1:
            yield f"{noun} {names[0]}, if {key}"
        elif len(names) > MOST_LISTED:
            yield f"any of {listed(names)}, if {key}"
        else:
            yield f"{noun} {', '.join(names[:-1])} or {names[-1]}, if {key}"


def fixes_counted(number: int, effect: FixEffect, noun: str = "", nouns: str = "") -> str:
    """Return how many fixes do something: ``2 tighten``, ``1 fix keeps behaviour``."""
    verb, _, what = effect.words.partition(" ")
    words = (nouns, verb.removesuffix("s"), what) if number != 1 else (noun, verb, what)
    return " ".join((str(number), *filter(None, words)))


def fixes_text(fixes: Mapping[FixEffect, int], *, infos: bool, harden: tuple[int, str]) -> str:
    """Return how many fixes there are, with the options that apply them.

    With ``infos``, some of them need ``-v``. Those in ``harden`` have a command of their own.
    """
    by_option: dict[str, list[str]] = {}
    for effect, number in fixes.items():
        if number:
            by_option.setdefault(_OPTIONS[effect], []).append(fixes_counted(number, effect))
    groups = [
        f"{' and '.join(words)} (`{option}{' -v' * (infos and option != '--fix')}`)"
        for option, words in by_option.items()
    ]
    options = ["`--fix`"] if groups else []
    number, command = harden
    if number:
        groups.insert(0, f"{number} harden{'s' * (number == 1)} (`{command}`)")
        options.insert(0, "`--write`")
    instead = " or ".join(options)
    return f"Fixes: {', '.join(groups)}; `--diff` in place of {instead} shows the changes."


def listed(names: Sequence[str]) -> str:
    """Return the first of some names, and how many more there are."""
    shown = ", ".join(brief_name(name, _LONGEST_NAME) for name in names[:MOST_LISTED])
    more = len(names) - MOST_LISTED
    return f"{shown} and {counted(more, 'other')}" if more > 0 else shown


def joined(words: Sequence[str]) -> str:
    """Return words as a sentence has them: ``a, b and c``."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def few(names: Sequence[str]) -> str:
    """Return at most three names, or two and how many more there are: ``a, b and 3 more``."""
    return joined(names if len(names) <= _MOST else [*names[:2], f"{len(names) - 2} more"])


def names_counted(names: Iterable[str]) -> str:
    """Return names, each once, with their counts: ``a (2), b``."""
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return ", ".join(f"{name} ({count})" if count > 1 else name for name, count in counts.items())


def absorbed_text(findings: Iterable[JudgedFinding], place: Callable[[Span], str]) -> str:
    """Return which findings others make irrelevant, and where: their rules may have more."""
    places: dict[str, dict[str, None]] = {}
    # The summary counts gaps.
    for one in (one for judged in findings for one in judged.absorbed if not one.is_gap):
        places.setdefault(one.rule.name, {})[place(one.span)] = None
    shown = (f"{name} at {listed([*found])}" for name, found in places.items())
    return f"made irrelevant by this: {'; '.join(shown)}" if places else ""


def earlier_text(summary: Summary) -> str:
    """Return a sentence about the findings that were there before a change."""
    from tightship.report.terminal import brief

    one = summary.earlier == 1
    return (
        f"{counted(summary.earlier, 'finding')} that {'was' if one else 'were'} already in"
        f" `{brief(summary.changed_since)}` {'is' if one else 'are'} not shown; `tightship"
        f" check` without `--changed-since` shows {'it' if one else 'them'}."
    )


def policy_lines(summary: Summary) -> Iterator[str]:
    """Yield a line for each policy of a run, with its version and digest."""
    from tightship.report.terminal import visible  # few runs have one

    yield from (f"Checked by policy {visible(one.summary)}." for one in summary.policies)


def configuration_lines(summary: Summary, here: str) -> Iterator[str]:
    """Yield a line for each fact about the settings of a run; none without settings."""
    if summary.hidden:
        count = counted(len(summary.hidden), "finding")
        what = "it is" if len(summary.hidden) == 1 else "they are"
        where = _listed(one.place for one in summary.hidden)
        yield f"This change hides {count} ({where}): {what} reported anyway."
    elif summary.added_settings:
        where = _listed(summary.added_settings)
        yield f"This change edits the configuration ({where}), and hides no finding."
    effects = summary.effects
    yield from (f"{_effect(one, here)}." for one in effects[:_MOST])
    if len(effects) > _MOST:
        more = counted(len(effects) - _MOST, "other configuration file")
        yield f"{more} apply to other folders."


def _effect(one: SettingsEffect, here: str) -> str:
    name = visible_path(seen_from(here, one.root, one.name) if one.root else one.name)
    counts = (
        (one.rules_off, "rule off", "rules off"),
        (one.excluded, "path excluded", "paths excluded"),
        (one.exceptions, "exception", "exceptions"),
        (one.severities, "severity set", "severities set"),
    )
    parts = [counted(number, *words) for number, *words in counts if number]
    return f"{', '.join(parts)} by {name}" if parts else f"Configured by {name}"


def _listed(places: Iterable[Span]) -> str:
    """Return places as paths and lines: the first ones, and how many more there are."""
    every = [*dict.fromkeys(f"{visible_path(one.source.name)}:{one.line}" for one in places)]
    shown = ", ".join(every[:_MOST])
    more = len(every) - _MOST
    return f"{shown} and {counted(more, 'other place')}" if more > 0 else shown


def lowered_text(summary: Summary) -> str:
    """Return a sentence about the findings that are infos by the purpose of their file."""
    number, reasons = summary.scope.lowered["purpose"], summary.scope.reasons
    first = sorted(reasons, key=lambda one: -reasons[one])[:_MOST]
    shown = [brief(f"{one} ({reasons[one]})" if len(reasons) > 1 else one, 120) for one in first]
    if len(reasons) > len(shown):
        shown.append(counted(len(reasons) - len(shown), "other reason"))
    are = "is" if number == 1 else "are"
    return f"{number} of these infos {are} more severe in a product: {'; '.join(shown)}."


def hints_text(summary: Summary) -> str:
    """Return a sentence about the files of which only the owner knows what they are for."""
    known = {"test": "tests", "example": "demonstration", "development": "development"}
    found = {*summary.scope.hints.values()}
    purposes = [word for purpose, word in known.items() if purpose in found]
    purposes += ["builds"] * (not found <= known.keys())
    files = counted(len(summary.scope.hints), "file")
    return f"{files} may be for {' or '.join(purposes)}: `tightship init` asks you once."


def provided_lines(summary: Summary) -> Iterator[str]:
    """Yield a sentence for each provider of parts that files lack."""
    for one in summary.provided:
        yield provided_text(one, f" in {counted(one.projects, 'project')}")


def provided_text(use: ProvidedUse | ProvidedParts, where: str = "") -> str:
    """Return a sentence on what a provider adds to files."""
    does = [f"provides {_some(use.names)}"] if use.names else []
    if use.keys:
        does.append(f"reads {_some(use.keys)}")
    evidence = f" (evidence: {use.evidence})" if use.evidence else ""
    return f"{use.provider} {', and '.join(does)}{where}{evidence}."


_SHARED = {
    "undefined-reference": "`{name}` is defined in none of {projects}",
    "incomplete-definition": "`{name}` is incomplete in {projects}",
    "unknown-key": "`{name}` is an unknown key in {projects}",
}


def shared_sentence(judged: JudgedFinding, projects: int) -> str:
    """Return the message for a name that several projects lack; empty for another cause."""
    shared = _SHARED.get(judged.rule.name)
    if shared is None or not judged.finding.cause:
        return ""
    kind, name = judged.finding.cause
    text = shared.format(name=brief(name, _LONGEST_NAME), projects=counted(projects, "project"))
    return f"{text}; if something else provides it, set `provided.{kind}`"


def _some(names: Sequence[str]) -> str:
    """Return the first names, and how many more there are."""
    shown = [f"`{brief(name, _LONGEST_NAME)}`" for name in names[:_MOST]]
    more = len(names) - len(shown)
    return joined(shown if not more else [*shown, f"{more} more"])


def gap_lines(gaps: Sequence[RootedGap], here: str, *, is_whole: bool) -> Iterator[str]:
    """Yield a line for each part that could not be checked, unless ``is_whole`` the first.

    ``here`` is the folder from which the reader sees paths.
    """
    shown = gaps if is_whole else gaps[:_MOST_GAPS]
    for root, gap in shown:
        place = visible_path(seen_from(here, root, gap.span.source.name))
        if gap.span.source.text:  # a missing file has no lines
            place += f":{gap.span.line}"
        yield f"{place} was not checked: {brief(gap.reason)}"
    left = len(gaps) - len(shown)
    if left:
        yield f"{counted(left, 'more part')} could not be checked; `-v` lists them."


def skipped_lines(
    skipped: Sequence[SkippedFile],
    here: str,
    *,
    is_whole: bool,
    builds: bool = False,
    lister: str = "-v",
) -> Iterator[str]:
    """Yield a line for each file that was seen and not judged, or one for all of them.

    A file that only builds images counts there with ``builds``; ``lister`` shows each of them.
    """
    if is_whole:
        for one in skipped:
            yield f"{left_place(one, here)} was not checked: {brief(one.message)}"
        return
    doing = [one for one in skipped if one.does == "starts" or (one.does and builds)]
    others = [one for one in skipped if not one.does]
    parts = list[str]()
    if doing:
        names = f" and {counted(len(doing) - 1, 'other file')}" if doing[1:] else ""
        s, them = ("", "them") if doing[1:] else ("s", "it")
        does = [f"start{s} containers"] if any(one.does == "starts" for one in doing) else []
        does += [f"build{s} images"] if any(one.does == "builds" for one in doing) else []
        hints = {_what_reads(one) for one in doing}
        hint = f"; {hints.pop().format(them)}" if len(hints) == 1 else ""
        parts.append(f"`{left_place(doing[0], here)}`{names} {' or '.join(does)}{hint}")
    if others:
        vendored = sum(one.reason == "vendored" for one in others)
        more = counted(len(others), "more file" if doing else "file")
        more += f" ({vendored} with code of other people)" if vendored else ""
        were = "was" if len(others) == 1 else "were"
        parts.append(f"{more} {were} not read" if doing else more)
    if parts:
        listed = "it" if len(skipped) == 1 else "them"
        yield f"Not read: {'. '.join(parts)}. `{lister}` lists {listed}."


def _what_reads(one: SkippedFile) -> str:
    """Return what has a file read, as a template for the word for it."""
    if one.reason == "not-asked-for":
        return "`front-ends` in tightship.toml reads {}"
    is_elsewhere = one.by not in ("", one.path)
    return "name {0} to check {0}" if is_elsewhere else "no search and no front end reads {}"


def left_place(one: SkippedFile, here: str) -> str:
    """Return the path of a file as the reader sees it, with the line if one is known."""
    place = visible_path(seen_from(here, one.root, one.name))
    return f"{place}:{one.line}" if one.line else place
