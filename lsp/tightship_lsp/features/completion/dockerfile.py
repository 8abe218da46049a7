"""Completion in Dockerfiles: instructions, flags, stages, variables, users and paths."""

from __future__ import annotations

import os
from functools import cache
from itertools import chain

from tightship.lazy import lazy_property, regex
from tightship.lazy.modules import facts
from tightship.syntax.dockerfile.check import FLAGS
from tightship.syntax.dockerfile.read import read
from tightship.text import Source
from tightship_lsp.features.completion import paths
from tightship_lsp.features.completion.dockerfile_cursor import Place, place
from tightship_lsp.features.completion.images import images
from tightship_lsp.features.completion.item import Item, matching
from tightship_lsp.features.completion.variables import CLOSED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from tightship.syntax.dockerfile.nodes import Instruction
    from tightship_lsp.features.queries import View

    Words = Mapping[str, Any]

_VARIABLE = regex(r"\$(\{?)(\w*)\Z")
_USERS = regex(r"\b(?:useradd|adduser)\b([^\n;&|]*)")
_NAME = regex(r"[a-z_][a-z0-9_-]*\Z")
_REPEATED = ("mount", "exclude", "device")
_SWITCHES = ("link", "parents", "keep-git-dir", "unpack")
_ON_TOP = ("FROM", "ARG")
_NO_TRIGGER = ("FROM", "ONBUILD", "MAINTAINER")
_PROTOCOLS = ("tcp", "udp")
_USUAL_USERS = ("nobody", "root")


@cache
def instructions() -> Words:
    """Return what is known of each instruction."""
    return facts("instructions")


@cache
def listed(name: str) -> Words:
    """Return the words of a closed list, with what each means."""
    found: Words = facts("instruction_words")[name]
    return found


def completions(
    text: str, at: int, view: View, service: str = ""
) -> tuple[tuple[int, int], list[Item]] | None:
    """Return the place of what is written at an offset, and the items for it.

    ``service`` is the one in which the Dockerfile is written, if that is in a Compose file.
    """
    found = place(text, at)
    choices = _Choices(text, found, view, service)
    items = matching(
        choices.items(), lambda one: text[found.start if one.start is None else one.start : at]
    )
    return ((found.start, found.end), items) if items else None


class _Choices:
    """Makes the items for one place."""

    def __init__(self, text: str, place: Place, view: View, service: str) -> None:
        self._text = text
        self._place = place
        self._view = view
        self._service = service
        self._typed = text[place.start : place.at]

    @property
    def _home(self) -> str:
        """Return what the names in the Dockerfile belong to."""
        path = self._view.path
        return f"{path}\0{self._service}" if self._service else path

    def items(self) -> Iterator[Item]:
        """Yield what may be written at the place."""
        place, typed = self._place, self._typed
        if place.comment is not None:
            return self._directives(place.comment)
        variable = _VARIABLE.search(typed)
        if variable is not None and (place.keyword or place.in_heredoc):
            return self._variables(place.start + variable.start(2), has_brace=bool(variable[1]))
        if place.in_heredoc:
            return iter(())
        if not place.keyword:
            return self._keywords()
        if typed.startswith("-") and not place.words:
            return self._flags()
        sources = _ARGUMENTS.get(place.keyword, ())
        return chain.from_iterable(source(self) for source in sources)

    @lazy_property
    def _before(self) -> list[Instruction]:
        """Return the instructions before the one at the place."""
        source = Source("Dockerfile", self._text[: self._place.begin])
        return read(source).instructions

    # Instructions and flags.

    def _keywords(self) -> Iterator[Item]:
        is_top = not any(one.name == "FROM" for one in self._before)
        lower = bool(self._typed) and self._typed.islower()
        for name, one in instructions().items():
            if self._place.is_trigger and name in _NO_TRIGGER:
                continue
            if is_top and name not in _ON_TOP and not self._place.is_trigger and self._typed == "":
                continue
            word = name.lower() if lower else name
            snippet = one["snippet"]
            rank = 1 if is_top and name in _ON_TOP else 9 if name == "MAINTAINER" else 4
            yield Item(
                word,
                "keyword",
                about=one["about"],
                text=f"{word} ",
                snippet=word + snippet[len(name) :] if self._at_end else "",
                rank=rank,
            )

    @property
    def _at_end(self) -> bool:
        """Return whether nothing follows on the line."""
        rest = self._text[self._place.end :].partition("\n")[0]
        return not rest.strip()

    def _flags(self) -> Iterator[Item]:
        place = self._place
        known = FLAGS.get(place.keyword, {})
        name, equals, _ = self._typed.removeprefix("--").partition("=")
        if equals and self._typed.startswith("--"):
            start = place.start + len(name) + 3
            if name == "mount":
                yield from self._mounts(start)
            else:
                yield from self._flag_values(name, start)
            return
        given = {flag for flag, _ in place.flags}
        about = instructions().get(place.keyword, {}).get("flags", {})
        for flag in known:
            if flag not in given or flag in _REPEATED:
                text = f"--{flag}" if flag in _SWITCHES else f"--{flag}="
                yield Item(f"--{flag}", "keyword", about=about.get(flag, ""), text=text)

    def _flag_values(self, name: str, start: int) -> Iterator[Item]:
        if name == "from":
            yield from self._stages(start)
            yield from self._contexts(start)
        elif name == "platform":
            for one, about in listed("platforms").items():
                yield Item(one, "value", about=about, start=start)
        elif name in ("network", "security"):
            for one, about in listed(name).items():
                yield Item(one, "value", about=about, start=start)
        elif name in ("link", "parents", "keep-git-dir", "unpack"):
            yield from (Item(one, "value", start=start) for one in ("true", "false"))
        elif name == "chown":
            for user in self._users():
                yield Item(f"{user}:{user}", "value", start=start)

    def _mounts(self, start: int) -> Iterator[Item]:
        """Yield the options of a mount, and their values."""
        written = self._text[start : self._place.at]
        done, _, current = written.rpartition(",")
        start += len(written) - len(current)
        options = {
            name: value for name, _, value in (one.partition("=") for one in done.split(","))
        }
        key, equals, _ = current.partition("=")
        kind = options.get("type", "bind")
        if not equals:
            known = listed("mount_options").get(kind, {})
            if "type" not in options:
                yield Item(
                    "type",
                    "keyword",
                    about="The kind of mount; `bind` by default.",
                    text="type=",
                    start=start,
                    rank=1,
                )
            for name, about in known.items():
                if name not in options:
                    text = name if name in ("rw", "ro", "required") else f"{name}="
                    yield Item(name, "keyword", about=about, text=text, start=start)
            return
        yield from self._mount_values(kind, key, start + len(key) + 1)

    def _mount_values(self, kind: str, key: str, start: int) -> Iterator[Item]:
        """Yield the values of an option of a mount."""
        if key in ("type", "sharing"):
            for one, about in listed("mounts" if key == "type" else key).items():
                yield Item(one, "value", about=about, start=start)
        elif kind == "secret" and key in ("id", "source", "src"):
            for project in self._view.projects:
                for name in project.index.granted(self._home):
                    yield Item(name, "name", "secret of the build", start=start)
        elif key == "from":
            yield from self._stages(start)
            yield from self._contexts(start)

    # Names.

    def _stages(self, start: int | None = None) -> Iterator[Item]:
        """Yield the stages before this one."""
        stages = [one for one in self._before if one.name == "FROM"]
        own = stages[-1] if self._place.keyword != "FROM" and stages else None
        for one in stages:
            words = [word.value for word in one.arguments]
            if one is not own and len(words) == 3 and words[1].upper() == "AS":
                yield Item(words[2], "stage", f"FROM {words[0]}", start=start, rank=1)

    def _contexts(self, start: int) -> Iterator[Item]:
        """Yield the named contexts of the services that build this file."""
        for project in self._view.projects:
            for name in project.index.names("context", self._view.path, self._service):
                yield Item(name, "name", "named context", start=start, rank=2)

    def _bases(self) -> Iterator[Item]:
        """Yield what a stage may start from, its `AS`."""
        words = self._place.words
        if len(words) == 1:
            yield Item("AS", "keyword", about="Names the stage.", text="AS ")
        elif not words:
            yield from self._stages()
            yield Item("scratch", "image", about="An empty image.", rank=4)
            yield from images(self._typed, self._place.start)

    def _variables(self, start: int, *, has_brace: bool) -> Iterator[Item]:
        """Yield the variables that are in scope."""
        is_closed = CLOSED.match(self._text, self._place.at) is not None
        ending = "}" if has_brace and not is_closed else ""
        for name, (value, about) in self._in_scope().items():
            yield Item(name, "variable", value, about, text=name + ending, start=start)

    def _in_scope(self) -> dict[str, tuple[str, str]]:
        """Return the variables in scope: ARGs before the first stage count in FROM alone."""
        everywhere: dict[str, tuple[str, str]] = {}
        here: dict[str, tuple[str, str]] = {}
        kept: dict[str, dict[str, tuple[str, str]]] = {}
        is_top = True
        name = ""
        for one in self._before:
            if one.name == "FROM":
                is_top = False
                if name:
                    kept[name] = here
                words = [word.value for word in one.arguments]
                here = dict(kept.get(words[0].lower(), {})) if words else {}
                name = words[2].lower() if len(words) == 3 else ""
            for pair in one.pairs if one.name in ("ARG", "ENV") else ():
                value = pair.value.value if pair.value is not None else ""
                known = everywhere.get(pair.name.value, ("", ""))[0]
                shown = f"`{one.name} {pair.name.value}{'=' + value if pair.value else ''}`"
                (everywhere if is_top else here)[pair.name.value] = value or known, shown
        if self._place.keyword == "FROM":
            platforms = {k: ("", v) for k, v in listed("platform_arguments").items()}
            return everywhere | platforms
        proxies = {k: ("", v) for k, v in listed("proxy_arguments").items()}
        return here | {
            k: v for k, v in proxies.items() if k not in here and self._typed[1:].strip("{")
        }

    def _arguments(self) -> Iterator[Item]:
        """Yield the ARGs that are declared above, and those that BuildKit sets."""
        if "=" in self._typed:
            return
        given = {pair.name.value for one in self._before if one.name == "ARG" for pair in one.pairs}
        is_top = not any(one.name == "FROM" for one in self._before)
        for one in self._before:
            if one.name == "FROM":
                break
            for pair in one.pairs if one.name == "ARG" else ():
                yield Item(pair.name.value, "variable", "declared above", rank=1)
        for name, about in listed("platform_arguments").items():
            if name not in given and not is_top:
                yield Item(name, "variable", "set by BuildKit", about)

    def _environment(self) -> Iterator[Item]:
        """Yield the ARGs of the stage, which an ENV may keep."""
        if "=" not in self._typed:
            for name, (_, about) in self._in_scope().items():
                if about.startswith("`ARG"):
                    yield Item(name, "variable", "ARG", about, text=f"{name}=")

    def _users(self) -> list[str]:
        """Return the users that the stage makes, and those of its base image."""
        found: dict[str, None] = {}
        for one in reversed(self._before):
            if one.name == "USER" and one.arguments:
                found[one.arguments[0].value] = None
            if one.name == "RUN":
                for made in _USERS.finditer(one.body.text):
                    names = [word for word in made[1].split() if _NAME.match(word)]
                    if names:
                        found[names[-1]] = None
            if one.name == "FROM":
                found.update(dict.fromkeys(_accounts(one)))
                break
        return [*found, *(user for user in _USUAL_USERS if user not in found)]

    def _user_items(self) -> Iterator[Item]:
        for rank, user in enumerate(self._users()):
            yield Item(user, "value", rank=rank)

    def _folders_before(self) -> Iterator[Item]:
        for one in reversed(self._before):
            if one.name == "WORKDIR" and one.arguments:
                yield Item(one.arguments[0].value, "folder", "WORKDIR above")

    def _ports(self) -> Iterator[Item]:
        number, slash, _ = self._typed.partition("/")
        if slash:
            start = self._place.start + len(number) + 1
            yield from (Item(one, "value", start=start) for one in _PROTOCOLS)

    def _words(self, name: str) -> Iterator[Item]:
        if not self._place.words:
            for word, about in listed(name).items():
                yield Item(word, "value", about=about)

    def _labels(self) -> Iterator[Item]:
        if "=" not in self._typed:
            for word, about in listed("labels").items():
                yield Item(word, "value", about=about, text=f"{word}=")

    # Files.

    def _files(self) -> Iterator[Item]:
        """Yield the files of the build context; with `--from`, they are elsewhere."""
        if any(name == "from" for name, _ in self._place.flags):
            return
        from tightship_lsp.judging.files import files_for

        path = self._view.document.path
        if path is None:
            return
        root = files_for(path, self._view.now).root
        for folder in self._build_contexts(path):
            yield from paths.paths(root, folder, self._typed, self._place.start)

    def _build_contexts(self, path: str) -> list[str]:
        """Return the folders that this file is built in: its own, if no service builds it."""
        found: dict[str, None] = {}
        for project in self._view.projects:
            members = project.members
            for member in members.by_path.values():
                for service in member.outline.services:
                    if members.build_home(member, service) == self._home:
                        context = members.context(member, service)
                        if context is not None:
                            found[context] = None
        return list(found) or [os.path.dirname(path)]

    # Directives.

    def _directives(self, comment: str) -> Iterator[Item]:
        """Yield parser directives, which only comments at the top can be."""
        above = self._text[: self._text.rfind("\n", 0, self._place.at) + 1]
        if any(line.strip()[:1] != "#" for line in above.splitlines()):
            return
        name, equals, value = comment.partition("=")
        start = self._place.at - len((value if equals else comment).lstrip())
        if equals:
            lists = {"escape": "escapes", "syntax": "frontends"}
            known = lists.get(name.strip())
            for word, about in listed(known).items() if known is not None else ():
                yield Item(word, "value", about=about, start=start)
            return
        for word, about in listed("directives").items():
            if f"{word}=" not in above.replace(" ", ""):
                yield Item(word, "keyword", about=about, text=f"{word}=", start=start)


def _accounts(stage: Instruction) -> Iterator[str]:
    """Yield the accounts of the image that a stage starts from."""
    from tightship.images.lookup import find
    from tightship.values.image import parse

    written = stage.arguments[0].value if stage.arguments else ""
    family = find(parse(written)) if written and "$" not in written else None
    for one in (family.accounts or ()) if family is not None else ():
        if one.name:
            yield one.name


_ARGUMENTS: Mapping[str, tuple[Callable[[_Choices], Iterator[Item]], ...]] = {
    "FROM": (_Choices._bases,),
    "COPY": (_Choices._files,),
    "ADD": (_Choices._files,),
    "ARG": (_Choices._arguments,),
    "ENV": (_Choices._environment,),
    "LABEL": (_Choices._labels,),
    "USER": (_Choices._user_items,),
    "WORKDIR": (_Choices._folders_before,),
    "EXPOSE": (_Choices._ports,),
    "STOPSIGNAL": (lambda one: one._words("signals"),),
    "HEALTHCHECK": (lambda one: one._words("healthcheck"),),
}
"""What yields the arguments of each instruction."""
