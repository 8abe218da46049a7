"""``tightship image``: list the well-known images, or print what is known about some."""

from __future__ import annotations

from tightship.cli.arguments import Parser
from tightship.cli.console import Output, UsageError
from tightship.images.index import FILES
from tightship.images.lookup import known_name, load
from tightship.report.terminal import Paint, styled_markdown
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
"""


def run(arguments: list[str]) -> int:
    """Print the pages of the named images, or the list of all; return the exit code."""
    given, output = parser().read(arguments, "names"), Output()
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
    name = known_name(parse(reference))
    if name in FILES:
        return name
    from tightship.values.edit_distance import closest

    near = closest(name, FILES)
    hint = f"did you mean `{near}`?" if near else "`tightship image` lists all"
    raise UsageError(f"unknown image `{reference}`; {hint}")


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
    made.add_text_or_json("text (Markdown)")
    made.add_color()
    return made
