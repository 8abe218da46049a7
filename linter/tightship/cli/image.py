"""``tightship image``: list the well-known images, or print what is known about some."""

from __future__ import annotations

import os

from tightship.cli.arguments import Parser
from tightship.cli.console import Output, UsageError, print_error
from tightship.engine.disk.files import Files
from tightship.engine.disk.root import real_path
from tightship.images.index import FILES
from tightship.images.lookup import known_name, load, open_file
from tightship.report.terminal import Paint, brief, styled_markdown
from tightship.text import Source
from tightship.values.image import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.images.facts import Fact, ImageFamily
    from tightship.report.json import Json

_ABOUT = """\
Prints the known facts about an image: its user, its ports, the capabilities and
the writable paths that it needs, each fact with its source.
Without a name it lists the images.
"""

_EPILOG = """\
examples:
  tightship image
  tightship image postgres
  tightship image ghcr.io/linuxserver/sonarr:latest
  tightship image --validate facts.toml

exit codes:
  0  printed, or the file is valid
  2  an image is unknown, or the file is invalid
"""

_MOST_NAMED = 6


def run(arguments: list[str]) -> int:
    """Print the pages of the named images, or the list of all; return the exit code."""
    given, output = parser().read(arguments, "names"), Output()
    if "validate" in given:
        return _validate(given["validate"], output)
    names = list(dict.fromkeys(_find(name) for name in given["names"]))
    if given.get("output_format") == "json":
        text = _json(names or sorted(FILES), full=bool(names))
    elif names:
        from tightship.images.page import page

        paint = Paint(on=output.is_colored(given.get("color", "auto")))
        pages = (page(load(name), name) for name in names)
        text = "\n".join(styled_markdown(text, paint) for text in pages)
    else:
        text = _list()
    output.write(text)
    output.close()
    return 0


def _find(reference: str) -> str:
    """Return the name of an image: as people write it, its last part, or that of its file."""
    name = known_name(parse(reference))
    if name in FILES:
        return name
    short = name.rpartition("/")[2]
    same = {load(one).names: one for one in reversed(FILES) if one.rpartition("/")[2] == short}
    file = short.replace("-", "_")
    same = same or {load(one).names: one for one in reversed(FILES) if FILES[one] == file}
    if len(same) > 1:
        several = ", ".join(f"`{one}`" for one in sorted(same.values())[:_MOST_NAMED])
        if len(same) > _MOST_NAMED:
            several += f" and {len(same) - _MOST_NAMED} more"
        raise UsageError(f"`{reference}` may be one of several images: {several}")
    if same and "/" not in name:
        return same.popitem()[1]
    from tightship.values.matching import closest

    near = next(iter(same.values()), None) or closest(name, FILES)
    hint = f"did you mean `{near}`?" if near else "`tightship image` lists all"
    raise UsageError(f"unknown image `{reference}`; {hint}")


def _validate(path: str, output: Output) -> int:
    """Check a file of facts, and print its problems; return the exit code."""
    from tightship.images.format import problems
    from tightship.images.reader import names_in
    from tightship.syntax import toml

    source = Files(os.path.dirname(real_path(path))).read(os.path.basename(path))
    if not isinstance(source, Source):
        raise UsageError(source.message)
    found = problems(source, open_file)
    for problem in found:
        line, column = source.point(problem.span.start)
        print_error(f"{brief(path)}:{line + 1}:{column + 1}: {brief(problem.message)}")
    if found:
        return 2
    names = sorted(names_in(toml.read(source).data))
    output.write(f"{path} is valid; it is about {', '.join(f'`{name}`' for name in names)}\n")
    output.close()
    return 0


def _list() -> str:
    width = max(map(len, FILES), default=0)
    lines = [f"{name:{width}}  {load(name).summary}" for name in sorted(FILES)]
    lines += ["", "`tightship image NAME` prints the facts about one image."]
    return "".join(f"{line}\n" for line in lines)


def _json(names: Sequence[str], *, full: bool) -> str:
    from tightship.report.json import SCHEMA, encoder

    encode = encoder()
    rows = [encode(_row(name, load(name), full=full)) for name in names]
    found = ",\n".join(rows)
    return f'{{"schema": {SCHEMA}, "images": [\n{found}\n]}}\n'


def _row(name: str, family: ImageFamily, *, full: bool) -> dict[str, Json]:
    from tightship.images.facts import ASPECTS

    row: dict[str, Json] = {
        "name": name,
        "names": list(family.names),
        "summary": family.summary,
        "holds_for": family.holds_for,
        "programs": None if family.programs is None else list(family.programs),
    }
    if full:
        for aspect in ASPECTS:
            found = getattr(family, aspect)
            row[aspect] = None if found is None else list(_facts(found))
    return row


def _facts(facts: Sequence[Fact]) -> Iterator[dict[str, Json]]:
    from tightship.images.facts import fields

    for fact in facts:
        own = {name: getattr(fact, name) for name in sorted(fields(type(fact)))}
        yield {
            **own,
            "when": [condition.text for condition in fact.when],
            "grade": fact.source.grade,
            "source": fact.source.where,
        }


def parser() -> Parser:
    """Return the parser of the command line."""
    made = Parser("image", "[NAME ...] [options]", _ABOUT, _EPILOG)
    made.add_argument(
        "names", nargs="*", metavar="NAME", help="images, with or without registry and tag"
    )
    made.add_argument(
        "--validate", metavar="FILE", help="check a file of facts, instead of printing some"
    )
    made.add_text_or_json("text (Markdown)")
    made.add_color()
    return made
