"""``tightship image``: list the well-known images, or print what is known about some."""

from __future__ import annotations

import os

from tightship.cli.arguments import Parser
from tightship.cli.console import Output, UsageError, print_error
from tightship.engine.disk.files import Files
from tightship.engine.disk.regular import RefusedError, open_named
from tightship.engine.disk.root import real_path
from tightship.images.index import FILES
from tightship.images.lookup import known_name, load, shared_file
from tightship.report.terminal import Paint, brief, styled_markdown
from tightship.text import Source
from tightship.values.image import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship.images.facts import Fact, ImageFamily
    from tightship.images.own_facts import OwnFacts
    from tightship.images.toml_file import Measurement
    from tightship.report.json import Json

_ABOUT = """\
Prints the known facts about an image: its user, its ports, the capabilities and
the writable paths that it needs, each fact with its source.
Without a name it lists the images. Facts of your own, in tightship-facts.toml or in
the files that the configuration names, come first.

With --from, it prints what an archive of an image shows: its user, its ports,
what its entrypoint does, and the programs in it that gain privileges. Nothing
of it is unpacked or started.
"""

_EPILOG = """\
examples:
  tightship image
  tightship image postgres
  tightship image ghcr.io/linuxserver/sonarr:latest
  docker save acme/shop:2 -o shop.tar && tightship image --from shop.tar
  tightship image --from shop.tar --output-format toml > shop.toml
  tightship image --validate shop.toml

exit codes:
  0  printed, or the file is valid
  2  an image is unknown, or the file or the archive is invalid
"""

_MOST_NAMED = 6


def run(arguments: list[str]) -> int:
    """Print the pages of the named images, or the list of all; return the exit code."""
    given, output = parser().read(arguments, "names"), Output()
    if "validate" in given:
        return _validate(given["validate"], output)
    form = given.get("output_format", "text")
    if "from" in given:
        families = _archived(given["from"], given["names"])
    elif form == "toml":
        raise UsageError("--output-format toml writes what an archive shows: add --from FILE")
    else:
        families = [*_known(dict.fromkeys(given["names"]))]
    if form == "json":
        is_full = bool(families)
        text = _json(families or [(name, load(name)) for name in sorted(FILES)], full=is_full)
    elif form == "toml":
        from tightship.images.toml_file import as_toml

        text = "\n".join(as_toml(family) for _, family in families)
    elif families:
        from tightship.images.page import page

        paint = Paint(on=output.is_colored(given.get("color", "auto")))
        pages = (page(family, name) for name, family in families)
        text = "\n".join(styled_markdown(text, paint) for text in pages)
    else:
        text = _list()
    output.close(text)
    return 0


def _archived(path: str, names: Sequence[str]) -> list[tuple[str, ImageFamily]]:
    """Return the names and the facts of the images of an archive, or of some of them.

    Raises:
        UsageError: if it cannot be read, or has no image of a name.

    """
    from tightship.frontends.image_archive.archive import Archive, ArchiveError
    from tightship.frontends.image_archive.file_system import FileSystem
    from tightship.isolation.archived_image import archived_family

    try:
        with open_named(path) as file:
            archive = Archive(file)
            images = [*archive.images()]
            wanted = [one for one in images if not names or not {*names}.isdisjoint(one.names)]
            if not wanted:
                known = ", ".join(f"`{brief(name)}`" for one in images for name in one.names)
                raise UsageError(f"`{brief(path)}` has no such image; it has {known or 'none'}")
            return [
                (name, archived_family(one, FileSystem(archive, one)))
                for one in wanted
                for name in (one.names[:1] or (one.digest,))
            ]
    except RefusedError as error:
        raise UsageError(brief(error.about(path).message)) from None
    except ArchiveError as error:
        raise UsageError(
            f"`{brief(path)}` cannot be read as an image: {brief(str(error))}"
        ) from None


def _known(references: Iterable[str]) -> Iterator[tuple[str, ImageFamily]]:
    """Yield what the facts of the user's own say about some images, and what Tightship does."""
    own = _own_facts()
    seen = set[str]()
    for reference in references:
        image = parse(reference)
        found = own.about(known_name(image)) if own is not None else []
        for one in found:
            yield f"{one.family.service or image.familiar} ({one.place})", one.family
        if found and known_name(image) not in FILES:
            continue
        name = _find(reference)
        if name not in seen:
            seen.add(name)
            yield name, load(name)


def _own_facts() -> OwnFacts | None:
    """Return the facts of the user's own for this folder.

    Raises:
        UsageError: if they are wrong.

    """
    from tightship.cli.options import ConfigurationOptions
    from tightship.config.key import ConfigError
    from tightship.engine.disk.root import project_root

    here = real_path(os.curdir)
    try:
        root = project_root(os.path.join(here, "compose.yaml"))
        return ConfigurationOptions({}).configs().facts(here, Files(root))
    except ConfigError as error:
        raise UsageError(brief(str(error.problems[0]))) from None


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
    from tightship.images.format import read

    source = Files(os.path.dirname(real_path(path))).read(os.path.basename(path))
    if not isinstance(source, Source):
        raise UsageError(source.message)
    problems, found = read(source, shared_file)
    for problem in problems:
        line, column = source.point(problem.span.start)
        print_error(f"{brief(path)}:{line + 1}:{column + 1}: {brief(problem.message)}")
    if problems:
        return 2
    names = sorted(f"`{name}`" for _, family in found for name in family.names)
    names += [f"the service `{one.service}`" for _, one in found if one.service]
    output.close(f"{path} is valid; it is about {', '.join(names)}\n")
    return 0


def _list() -> str:
    width = max(map(len, FILES), default=0)
    lines = [f"{name:{width}}  {load(name).summary}" for name in sorted(FILES)]
    lines += ["", "`tightship image NAME` prints the facts about one image."]
    return "".join(f"{line}\n" for line in lines)


def _json(families: Sequence[tuple[str, ImageFamily]], *, full: bool) -> str:
    from tightship.report.json import SCHEMA, encoder

    encode = encoder()
    rows = [encode(_row(name, family, full=full)) for name, family in families]
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
        "service": family.service or None,
        "measured": _measurement(family.measured),
    }
    if full:
        for aspect in ASPECTS:
            found = getattr(family, aspect)
            row[aspect] = None if found is None else list(_facts(found))
    return row


def _measurement(measured: Measurement | None) -> Json:
    if measured is None:
        return None
    from tightship.images.facts import fields

    return {key: getattr(measured, key) for key in fields(type(measured))}


def _facts(facts: Sequence[Fact]) -> Iterator[dict[str, Json]]:
    from tightship.images.facts import fields

    for fact in facts:
        own = {name: getattr(fact, name) for name in sorted(fields(type(fact)))}
        yield {
            **own,
            "when": [condition.text for condition in fact.when],
            "grade": fact.source.grade,
            "source": fact.source.where,
            "file": fact.source.place or None,
        }


def parser() -> Parser:
    """Return the parser of the command line."""
    made = Parser("image", "[NAME ...] [options]", _ABOUT, _EPILOG)
    made.add_argument(
        "names", nargs="*", metavar="NAME", help="images, with or without registry and tag"
    )
    group = made.add_mutually_exclusive_group()
    group.add_argument(
        "--validate", metavar="FILE", help="check a file of facts, instead of printing some"
    )
    group.add_argument(
        "--from",
        metavar="FILE",
        help="print the facts that an archive shows: one of `docker save`, or an OCI layout",
    )
    made.add_argument(
        "--output-format",
        choices=("text", "json", "toml"),
        metavar="FORMAT",
        help="text (Markdown), json, or toml with --from: a file of facts (default: text)",
    )
    made.add_color()
    return made
