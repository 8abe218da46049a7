"""A rule as a page: for ``tightship rule``, for hovers and for the web."""

from __future__ import annotations

from tightship.rules.kit import Bad, Good

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.config.keys import Key
    from tightship.rules.kit import Rule


def page(rule: Rule) -> str:
    """Render a rule as Markdown."""
    return "\n".join(_lines(rule)) + "\n"


def _lines(rule: Rule) -> Iterator[str]:
    yield f"# {rule.name}"
    yield ""
    note = f" ({rule.severity_note})" if rule.severity_note else ""
    yield f"Severity: {rule.severity.word}{note}  "
    yield f"Theme: {rule.theme.replace('_', ' ')}  "
    yield f"Set: {'strict' if rule.strict else 'default'}  "
    yield f"Fix: {rule.fix.value if rule.fix else 'by hand'}"
    yield ""
    yield rule.doc
    yield ""
    if rule.options:
        yield from _options(rule)
    yield "## Examples"
    for example in rule.examples:
        yield ""
        yield f"{_verdict(rule, example)} {example.why}".rstrip()
        yield from _files(rule, example.files)
        if isinstance(example, Bad) and example.fixed is not None:
            yield ""
            yield "After the fix:"
            yield from _files(rule, example.fixed)
    yield ""
    yield "## References"
    yield ""
    yield from (f"- CIS Docker Benchmark 1.6, {number}" for number in rule.cis)
    yield from (
        f"- OWASP Docker Security Cheat Sheet, rule {number.removeprefix('R')}"
        for number in rule.owasp
    )
    yield from (f"- CWE-{number}" for number in rule.cwe)
    yield from (f"- {reference}" for reference in rule.references)
    if rule.absorbs or rule.absorbs_here:
        absorbed = (f"`{name}`" for name in (*rule.absorbs, *rule.absorbs_here))
        yield ""
        yield f"Where it fires, it speaks for {', '.join(absorbed)} too."
    if rule.aliases:
        yield ""
        yield f"Known elsewhere as {', '.join(f'`{a}`' for a in rule.aliases)}."


def _options(rule: Rule) -> Iterator[str]:
    yield "## Options"
    yield ""
    yield "```toml"
    yield f"[rules.{rule.name}]"
    yield from (f"{option.name} = {option.example}" for option in rule.options)
    yield "```"
    yield ""
    for option in rule.options:
        yield f"- `{option.name}`: {option.sentences}{_default(option)}"
    yield ""


def _default(option: Key) -> str:
    if option.default is None:
        return " Until it is set, the rule finds nothing."
    from tightship.config.toml_value import toml_value

    return f" By default: `{toml_value(option.default)}`."


def _verdict(rule: Rule, example: Good | Bad) -> str:
    if isinstance(example, Good):
        return "Not found."
    if example.severity not in (None, rule.severity):
        return f"Found, as {example.severity.word}."
    return "Found."


def _files(rule: Rule, files: str | dict[str, str]) -> Iterator[str]:
    for path, text in files.items() if isinstance(files, dict) else [("", files)]:
        yield ""
        if path:
            yield f"`{path}`:"
            yield ""
        language = (
            "toml"
            if path.endswith(".toml")
            else "dockerfile"
            if "Dockerfile" in path or (not path and rule.language == "dockerfile")
            else "yaml"
        )
        yield f"```{language}"
        yield marked(text)[0].rstrip()
        yield "```"


def marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Split an example into plain text and the spans that «marks» surround."""
    from textwrap import dedent

    pieces, length, starts, spans = list[str](), 0, list[int](), list[tuple[int, int]]()
    for char in dedent(text).lstrip("\n"):
        if char == "«":
            starts.append(length)
        elif char == "»":
            spans.append((starts.pop(), length))
        else:
            pieces.append(char)
            length += 1
    return "".join(pieces), sorted(spans)
