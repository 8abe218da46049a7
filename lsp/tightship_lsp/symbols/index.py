"""The symbols of a project: each name, with its declarations and uses in all files."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship_lsp.symbols.members import Member, Members
    from tightship_lsp.symbols.outline import Occurrence

    # The kind of a symbol, what it belongs to, and its name: two symbols of one kind may
    # have the same name in different homes.
    Key = tuple[str, str, str]

_NOT_OF_CONTAINERS = ("variable", "profile")


class Placed(Record):
    """An occurrence in a file of a project."""

    path: str
    occurrence: Occurrence

    @property
    def place(self) -> tuple[str, int, int]:
        """Return what tells places apart."""
        span = self.occurrence.span
        return self.path, span.start, span.end


class SymbolIndex:
    """The symbols of one project.

    ``members`` are its files, and ``symbols`` has the occurrences of each symbol in their
    order.
    """

    def __init__(self, members: Members) -> None:
        self.members = members
        self.symbols: dict[Key, list[Placed]] = {}
        self._by_path: dict[str, list[tuple[Key, Occurrence]]] = {}
        self._by_start: dict[tuple[str, int], list[Key]] = {}
        # The arguments that Compose passes, which all ARG of the name in a file get.
        self._passed = {
            (home, one.name)
            for member in members.by_path.values()
            for one in member.outline.occurrences
            if one.kind == "argument" and one.scope == "build"
            if (home := self._home(member, one)) is not None
        }
        self._granted: dict[tuple[str, str], str] = {}
        self._declared = {
            key
            for member in members.by_path.values()
            for key, one in self._keys(member)
            if one.is_declaration
        }
        self._granted = dict(self._grants())
        for member in members.by_path.values():
            found = self._by_path[member.path] = []
            for key, one in self._keys(member):
                own = self._settled(key, one, member)
                if own is not None:
                    found.append((own, one))
                    self._by_start.setdefault((member.path, one.span.start), []).append(own)
                    self.symbols.setdefault(own, []).append(Placed(member.path, one))

    def at(self, path: str, offset: int) -> list[tuple[Key, Occurrence]]:
        """Return the symbols at an offset of a file, and how they occur there."""
        return [
            (key, one)
            for key, one in self._by_path.get(path, ())
            if one.span.start <= offset <= one.span.end and self._is_shown(key, one)
        ]

    def starting(self, path: str, start: int) -> list[Key]:
        """Return the symbols of which a name starts at an offset of a file."""
        return self._by_start.get((path, start), [])

    def _is_shown(self, key: Key, one: Occurrence) -> bool:
        """Return whether a name is worth showing: a stage without one is if it is used."""
        is_unnamed = key[0] == "stage" and one.is_declaration and not one.is_exact
        return not is_unnamed or len(self.symbols[key]) > 1

    def occurrences(self, key: Key) -> list[Placed]:
        """Return all places of a symbol."""
        return self.symbols.get(key, [])

    def declarations(self, key: Key) -> list[Placed]:
        """Return the places that declare a symbol."""
        return [one for one in self.occurrences(key) if one.occurrence.is_declaration]

    def meaning(self, key: Key, one: Occurrence, path: str) -> list[Placed]:
        """Return the declarations that an occurrence means."""
        if one.target is not None:
            return [Placed(path, one.target)]
        return self.declarations(key)

    def names(self, kind: str, path: str, service: str = "") -> dict[str, list[Placed]]:
        """Return the declared names of a kind that are in scope, with their declarations.

        Args:
            kind: of the names.
            path: the file in which they are in scope.
            service: the one that builds the Dockerfile with the stages, arguments or contexts
                that are wanted. Without it, they are those of the file itself.

        """
        member = self.members.by_path.get(path)
        homes = {""} if member is None else {"", self.members.home(member), path}
        if service and member is not None:
            homes = {self.members.build_home(member, service) or "?"}
        found: dict[str, list[Placed]] = {}
        for key in self.symbols:
            if key[0] == kind and any(_is_in(key[1], home) for home in homes):
                declared = self.declarations(key)
                if declared:
                    found.setdefault(key[2], []).extend(declared)
        return found

    def granted(self, home: str) -> list[str]:
        """Return the secrets that the builds of a Dockerfile get, by its path."""
        return [name for where, name in self._granted if where == home]

    def _grants(self) -> Iterator[tuple[tuple[str, str], str]]:
        """Yield the secrets that builds get, each with what it belongs to."""
        for member in self.members.by_path.values():
            for one in member.outline.occurrences:
                if one.kind == "secret" and one.scope == "project" and one.near:
                    home = self.members.build_home(member, one.near)
                    own = "secret", self.members.home(member), one.name
                    settled = self._settled(own, one, member)
                    if home is not None and settled is not None:
                        yield (home, one.name), settled[1]

    def _keys(self, member: Member) -> Iterator[tuple[Key, Occurrence]]:
        """Yield the names in a file, each with the symbol that it would be by its scope."""
        for one in member.outline.occurrences:
            if member.role == "env_file" and one.is_declaration:
                continue  # of a variable of containers, which Compose does not replace
            home = self._home(member, one)
            if home is not None:
                yield (one.kind, home, self._name(home, one)), one

    def _home(self, member: Member, one: Occurrence) -> str | None:
        if one.scope in ("file", "inline"):
            base = member.path if one.scope == "file" else f"{member.path}\0{one.service}"
            if one.kind == "secret":
                return self._granted.get((base, one.name))
            if not one.near or (one.kind == "argument" and (base, one.name) in self._passed):
                return base
            return f"{base}\0{one.near}"
        if one.scope == "build":
            return self.members.build_home(member, one.near)
        if one.kind in _NOT_OF_CONTAINERS:
            return ""
        if one.scope == "extends":
            path = self.members.path(member.directory, one.near)
            other = self.members.by_path.get(path) if path is not None else None
            return None if other is None else self.members.home(other)
        return self.members.home(member)

    def _name(self, home: str, one: Occurrence) -> str:
        """Return the name of a symbol; a stage may be named by its number."""
        if one.kind == "stage" and one.scope == "build" and one.name.isdigit():
            file = self.members.by_path.get(home)
            stages = [
                other.name
                for other in (file.outline.occurrences if file else ())
                if other.kind == "stage" and other.is_declaration
            ]
            if one.name not in stages and int(one.name) < len(stages):
                return stages[int(one.name)]
        return one.name

    def _settled(self, key: Key, one: Occurrence, member: Member) -> Key | None:
        """Return the symbol of a name, by what is declared; none if it is no symbol's."""
        if one.scope == "build" and one.kind == "argument" and key not in self._declared:
            return None
        if key[1] == member.path and one.scope == "project" and key not in self._declared:
            # A file that is only extended from names what the project has.
            key = key[0], "", key[2]
        is_real = not one.is_tentative or (
            key in self._declared and self._is_sure(key, one, member)
        )
        return key if is_real else None

    def _is_sure(self, key: Key, one: Occurrence, member: Member) -> bool:
        """Return whether a part of a text is surely the name that it could be."""
        if one.kind == "service":
            return is_host(self.members, key[1], one, member)
        if one.kind == "secret":  # the file is there by that name
            home = self.members.home(member)
            return one.name in self.members.listed(home, one.service, "secrets")
        return True


def _is_in(home: str, other: str) -> bool:
    """Return whether a home is another one, or a part of it."""
    return home == other or (bool(other) and home.startswith(f"{other}\0"))


_NO_NAMES = ("bridge", "host", "none", "container:")
_OF_SERVICE = "service:"
_DEFAULT = frozenset(("default",))


def is_host(members: Members, home: str, one: Occurrence, member: Member) -> bool:
    """Return whether a name in a file, such as that of a URL, is surely the service of that name.

    A service may have its own names for hosts, and another service may have the name as an
    alias. Without a network in common, the name leads nowhere.
    """
    user, user_home = one.service, members.home(member)
    if one.name in _own_names(members, user_home, user, one.name):
        return False
    mode, _ = members.settings(user_home, user).get("network_mode", ("", ""))
    if mode.startswith(_NO_NAMES) or "$" in mode:
        return False
    if mode.startswith(_OF_SERVICE):
        user = mode.removeprefix(_OF_SERVICE)
    if members.settings(home, one.name).get("network_mode", ("", ""))[0]:
        return False
    if not _networks(members, user_home, user) & _networks(members, home, one.name):
        return False
    return not _is_alias(members, one.name)


def _own_names(members: Members, home: str, service: str, name: str) -> set[str]:
    """Return the names to which a service gives addresses, or other services than the named one."""
    hosts = members.listed(home, service, "hosts")
    found = {host.partition(":")[0].partition("=")[0] for host in hosts}
    for link in members.listed(home, service, "links"):
        target, _, alias = link.partition(":")
        if alias and target != name:
            found.add(alias)
    return found


def _networks(members: Members, home: str, service: str) -> frozenset[str]:
    return frozenset(members.listed(home, service, "networks")) or _DEFAULT


def _is_alias(members: Members, name: str) -> bool:
    """Return whether another service has a name as an alias, or as that of its container."""
    return any(
        name in facts.lists.get("aliases", ())
        for member in members.by_path.values()
        for service, facts in member.outline.services.items()
        if service != name
    )
